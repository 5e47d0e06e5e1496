//! Those who ask to join, as administrators see and decide them in a messenger.

use std::sync::Barrier;
use std::thread;

use dwellers::people::{Application, PlaceKind, Proof};
use dwellers_cloud::bot::talk::Does;
use dwellers_link::blobs;
use dwellers_replica::RecordId;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::hall::{Hall, Shown, User};
use crate::joining::{open, photo, tells_who_they_are};
use crate::town::Browser;

/// Somebody asks to join a house with a photo.
pub(crate) fn asks<'a>(hall: &'a Hall, name: &str, house: &str, colour: u8) -> User<'a> {
    let user = hall.stranger(name, "ru");
    user.starts(&format!("c-{}", hall.village.community.id));
    user.hears("Чем подтвердите");
    user.sends_photo(&photo(colour));
    user.hears("Напишите ваш дом");
    user.says(house);
    tells_who_they_are(&user);
    user.hears("Заявка на рассмотрении");
    user
}

/// Presses a button of this message: what the outbox tells has such buttons, too.
fn presses_in(user: &User<'_>, shown: &Shown, label: &str) {
    let key = shown.screen.keys.iter().flatten().find(|key| key.label.contains(label));
    let Some(Does::Press(press)) = key.map(|key| key.does.clone()) else { panic!("{label}: {shown:?}") };
    user.presses_at(shown.at, &press);
}

fn latest(hall: &Hall, olga: &Browser) -> Value {
    olga.get(&hall.village.path("/applications")).ok()["applications"][0].clone()
}

/// Whether the blob of an application's photo is there.
fn has_blob(hall: &Hall, application: &Value) -> bool {
    let id: RecordId = application["id"].as_str().unwrap().parse().unwrap();
    let asked = hall.village.community.store.view(|view| view.of::<Application>().get(id));
    let Some(Proof::Photo(name)) = asked.unwrap().unwrap().unwrap().value.proof.known().cloned() else {
        panic!("no photo")
    };
    let (all, hash) = (hall.town.communities.blobs(), blobs::parse(&name).unwrap());
    Runtime::new().unwrap().block_on(all.get(&hall.village.community, &hash)).unwrap().is_some()
}

#[test]
fn who_waits_is_shown_with_the_photo_and_accepted_by_a_press() {
    let (hall, olga) = open();
    let house = hall.village.house("12");
    hall.village.resident("Анна", house, PlaceKind::Tenant);
    let boris = hall.administrator("Борис");
    boris.says("/applications");
    boris.hears("Новых заявок нет");
    let zoya = asks(&hall, "Зоя", "12", 7);
    assert!(has_blob(&hall, &latest(&hall, &olga)));
    boris.says("📨 Заявки");
    let card = boris.hears("📨 Заявка: Зоя");
    assert!(card.screen.picture.is_some());
    for part in ["Дом 12 · Собственник", "📷 Прислали фотографию", "Телефон не указан", "• Анна, арендатор"]
    {
        assert!(card.text().contains(part), "{part}: {card:?}");
    }
    assert_eq!(card.labels(), ["✅ Принять", "❌ Отклонить", "🏠 Другой дом"]);
    presses_in(&boris, &card, "Принять");
    let done = boris.hears("✅ Приняли вы");
    assert_eq!((done.at, done.labels().len()), (card.at, 0));
    assert_ne!(done.screen.picture, card.screen.picture, "nobody sees the photo any more");
    assert!(!has_blob(&hall, &latest(&hall, &olga)), "the photo is destroyed");
    zoya.starts("");
    zoya.hears("Здравствуйте, Зоя!");
}

#[test]
fn a_refusal_has_a_reason_of_the_usual_ones_or_in_own_words() {
    let (hall, olga) = open();
    hall.village.house("12");
    let boris = hall.administrator("Борис");
    let zoya = asks(&hall, "Зоя", "12", 8);
    boris.says("/applications");
    let card = boris.hears("📨 Заявка: Зоя");
    presses_in(&boris, &card, "Отклонить");
    assert_eq!(boris.hears("Человек увидит причину").labels().len(), 8);
    boris.presses("Назад");
    assert_eq!(boris.hears("📨 Заявка: Зоя").labels(), card.labels());
    presses_in(&boris, &card, "Отклонить");
    boris.hears("Человек увидит причину");
    boris.presses("Фото неразборчиво");
    let done = boris.hears("❌ Отклонили вы");
    assert_eq!((done.at, done.labels().len()), (card.at, 0));
    assert!(!has_blob(&hall, &latest(&hall, &olga)));
    zoya.starts("");
    let told = zoya.hears("Заявку отклонили");
    assert!(told.text().contains("Фотография неразборчива. Пришлите другую."), "{told:?}");
    let zoya = asks(&hall, "Зоя Вторая", "12", 9);
    boris.says("/applications");
    let card = boris.hears("📨 Заявка: Зоя Вторая");
    presses_in(&boris, &card, "Отклонить");
    boris.hears("Человек увидит причину");
    boris.presses("Своими словами");
    boris.hears("Напишите причину");
    boris.sends_voice();
    boris.hears("Напишите словами");
    boris.says(&"я".repeat(501));
    boris.hears("Причина");
    boris.says("Позвоните мне, пожалуйста");
    boris.hears("❌ Отклонено: Зоя Вторая");
    let done = boris.hears("❌ Отклонили вы");
    assert_eq!((done.at, done.labels().len()), (card.at, 0));
    zoya.starts("");
    assert!(zoya.hears("Заявку отклонили").text().contains("Позвоните мне, пожалуйста"));
}

#[test]
fn a_wrong_house_is_put_right_by_typing() {
    let (hall, olga) = open();
    for label in ["12", "14", "14а"] {
        hall.village.house(label);
    }
    let boris = hall.administrator("Борис");
    let zoya = asks(&hall, "Зоя", "12", 10);
    boris.says("/applications");
    let card = boris.hears("📨 Заявка: Зоя");
    boris.presses("Другой дом");
    boris.hears("Напишите, в каком доме");
    boris.says("99");
    boris.hears("Такого дома в посёлке нет");
    boris.says("14");
    let offered = boris.hears("В какой дом принять: Зоя?");
    assert_eq!(offered.labels(), ["✅ Принять: дом 14", "✅ Принять: дом 14а"]);
    boris.presses("Принять: дом 14а");
    assert_eq!(boris.hears("✅ Принято: Зоя").at, offered.at);
    assert_eq!(boris.hears("✅ Приняли вы").at, card.at);
    zoya.starts("");
    zoya.hears("Здравствуйте, Зоя!");
    let path = hall.village.path("/applications");
    assert!(olga.get(&path).ok()["applications"][0]["decision"]["accepted"].is_string());
    // The choice is over.
    boris.presses_at(offered.at, &"aps".parse().unwrap());
    assert_eq!(boris.answer(), "Эта кнопка устарела. /menu покажет новые.");
}

#[test]
fn houses_are_offered_for_one_and_for_nobody_else() {
    let (hall, olga) = open();
    for label in ["12", "14"] {
        hall.village.house(label);
    }
    let boris = hall.administrator("Борис");
    asks(&hall, "Зоя", "12", 16);
    boris.says("/applications");
    boris.hears("📨 Заявка: Зоя");
    boris.presses("Другой дом");
    boris.hears("Напишите, в каком доме");
    boris.says("14");
    let offered = boris.hears("В какой дом принять: Зоя?");
    asks(&hall, "Инна", "12", 17);
    boris.says("/applications");
    let card = boris.hears("📨 Заявка: Инна");
    presses_in(&boris, &card, "Другой дом");
    boris.hears("Напишите, в каком доме");
    boris.says("14");
    boris.hears("В какой дом принять: Инна?");
    presses_in(&boris, &offered, "Принять: дом 14");
    assert_eq!(boris.answer(), "Эта кнопка устарела. /menu покажет новые.");
    let all = olga.get(&hall.village.path("/applications")).ok();
    let all = all["applications"].as_array().unwrap();
    assert!(all.iter().all(|asking| asking["decision"].is_null()), "{all:?}");
}

#[test]
fn of_two_who_decide_at_once_one_does_and_the_other_is_told_who() {
    let (hall, olga) = open();
    hall.village.house("12");
    let (boris, vera) = (hall.administrator("Борис"), hall.administrator("Вера"));
    asks(&hall, "Зоя", "12", 11);
    let [for_boris, for_vera] = [&boris, &vera].map(|user| {
        user.says("/applications");
        user.hears("📨 Заявка: Зоя")
    });
    let both = Barrier::new(2);
    let press = |user: &User<'_>, card: &Shown| {
        both.wait();
        presses_in(user, card, "Принять");
        let shown = user.hears("📨 Заявка: Зоя");
        assert_eq!(shown.at, card.at);
        (shown.labels().len(), shown.text().to_owned())
    };
    let (one, other) = thread::scope(|scope| {
        let one = scope.spawn(|| press(&boris, &for_boris));
        let other = scope.spawn(|| press(&vera, &for_vera));
        (one.join().unwrap(), other.join().unwrap())
    });
    assert_eq!((one.0, other.0), (0, 0));
    let first = [&one, &other].into_iter().filter(|(_, text)| text.contains("✅ Приняли вы")).count();
    assert_eq!(first, 1, "{one:?} {other:?}");
    let (second, who) =
        if one.1.contains("Приняли вы") { (&other, "Борис") } else { (&one, "Вера") };
    assert!(second.1.contains(&format!("Заявку уже приняли: {who}")), "{second:?}");
    assert_eq!(
        olga.get(&hall.village.path("/applications")).ok()["applications"].as_array().unwrap().len(),
        1
    );
    let people = olga.get(&hall.village.path("/people")).ok();
    let zoyas = people["people"].as_array().unwrap().iter().filter(|person| person["name"] == "Зоя");
    assert_eq!(zoyas.count(), 1);
}

#[test]
fn what_was_decided_or_withdrawn_elsewhere_loses_its_buttons() {
    let (hall, olga) = open();
    hall.village.house("12");
    let boris = hall.administrator("Борис");
    let zoya = asks(&hall, "Зоя", "12", 12);
    boris.says("/applications");
    let card = boris.hears("📨 Заявка: Зоя");
    zoya.presses("Отозвать");
    zoya.hears("Отозвать заявку?");
    zoya.presses("Отозвать");
    zoya.hears("Заявка отозвана");
    presses_in(&boris, &card, "Отклонить");
    let shown = boris.hears("📨 Заявка: Зоя");
    assert!(shown.text().contains("Заявитель отозвал заявку: Зоя"), "{shown:?}");
    assert_eq!((shown.at, shown.labels().len()), (card.at, 0));
    assert!(boris.answer().contains("Заявитель отозвал"));
    asks(&hall, "Инна", "12", 13);
    boris.says("/applications");
    let card = boris.hears("📨 Заявка: Инна");
    let id = latest(&hall, &olga)["id"].as_str().unwrap().to_owned();
    olga.post(&hall.village.path(&format!("/applications/{id}/acceptance")), &json!({})).ok();
    presses_in(&boris, &card, "Принять");
    assert!(boris.answer().contains("Заявку уже приняли: Ольга"));
    let shown = boris.hears("📨 Заявка: Инна");
    assert!(shown.text().contains("Заявку уже приняли: Ольга") && shown.labels().is_empty(), "{shown:?}");
}

#[test]
fn a_crash_between_all_steps_loses_nothing() {
    let (mut hall, _olga) = open();
    hall.village.house("12");
    let boris = hall.administrator("Борис").from;
    let zoya = asks(&hall, "Зоя", "12", 14).from;
    hall.again(boris.clone()).says("/applications");
    let card = hall.again(boris.clone()).hears("📨 Заявка: Зоя");
    hall.restart();
    presses_in(&hall.again(boris.clone()), &card, "Отклонить");
    hall.again(boris.clone()).hears("Человек увидит причину");
    hall.restart();
    hall.again(boris.clone()).presses("Своими словами");
    hall.again(boris.clone()).hears("Напишите причину");
    hall.restart();
    hall.again(boris.clone()).says("Не узнали вас");
    hall.again(boris.clone()).hears("❌ Отклонили вы");
    hall.restart();
    hall.again(zoya.clone()).starts("");
    assert!(hall.again(zoya).hears("Заявку отклонили").text().contains("Не узнали вас"));
}

#[test]
fn many_are_shown_by_and_by() {
    let (hall, olga) = open();
    let house = hall.village.house("12");
    let code = crate::joining::code(&olga, &hall.village, house);
    let consent = olga.get(&hall.village.path("/consent")).ok()["id"].clone();
    for nth in 0..7 {
        let name = format!("Человек {nth}");
        let wish =
            json!({ "name": name, "language": "ru", "kind": "family", "consent": consent, "code": code });
        hall.town.stranger().post(&hall.village.path("/applications"), &wish).ok();
    }
    let boris = hall.administrator("Борис");
    boris.says("/applications");
    for nth in (2..7).rev() {
        boris.hears(&format!("📨 Заявка: Человек {nth}"));
    }
    let more = boris.hears("Это не все заявки");
    boris.presses("Показать ещё");
    boris.hears("📨 Заявка: Человек 1");
    boris.hears("📨 Заявка: Человек 0");
    assert!(boris.messages().iter().all(|shown| shown.at != more.at));
}

#[test]
fn nobody_else_sees_them() {
    let (hall, _olga) = open();
    hall.village.house("12");
    asks(&hall, "Зоя", "12", 15);
    let anna = hall.resident("Анна", "13");
    anna.says("/applications");
    anna.hears("нет права");
    let boris = hall.administrator("Борис");
    boris.says("/applications");
    let card = boris.hears("📨 Заявка: Зоя");
    presses_in(&anna, &card, "Принять");
    assert!(anna.answer().contains("нет права"));
}
