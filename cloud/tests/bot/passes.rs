//! Passes: by a line, step by step, shared and cancelled.

use dwellers::passes::{MAX_LIVING_OF_A_HOUSE, Pass, Request, Terms, issue};
use dwellers::people::PlaceKind;
use dwellers::{Actor, gates};
use dwellers_cloud::bot::talk::Does;
use dwellers_replica::Query;

use crate::gates::{code, guarded};
use crate::hall::{Hall, Shown};
use crate::hub::{Hub, eventually};

/// A hall whose village has a gate.
pub(crate) fn gated() -> (Hall, Hub) {
    let hall = Hall::open();
    let hub = Hub::connected(&hall.town, &hall.village);
    (hall, hub)
}

/// The passes that there are.
pub(crate) fn issued(hall: &Hall) -> Vec<Pass> {
    let store = &hall.village.community.store;
    let found = store.view(|view| view.of::<Pass>().find(&Query::on("until"))).unwrap().unwrap();
    found.entries.into_iter().map(|pass| pass.value).collect()
}

fn shares(shown: &Shown) -> Option<String> {
    shown.screen.keys.iter().flatten().find_map(|key| match &key.does {
        Does::Share(text) => Some(text.clone()),
        _ => None,
    })
}

#[test]
fn a_taxi_with_a_plate_is_one_tap() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("Такси А123ВС77");
    let shown = anna.hears("Всё верно?");
    assert!(shown.text().contains("🚕 Такси\n🚗 А 123 ВС 77"), "{}", shown.text());
    assert_eq!(shown.labels(), ["✅ Выписать", "✏️ Изменить", "✖️ Отмена"]);
    assert!(issued(&hall).is_empty());
    anna.presses("Выписать");
    let card = anna.hears("✅ Пропуск выписан");
    // In the place of the question.
    assert_eq!(card.at, shown.at);
    assert_eq!(card.labels(), ["📤 Поделиться", "🗑 Отменить пропуск", "📋 Все пропуска"]);
    let passes = issued(&hall);
    assert_eq!(passes.len(), 1);
    assert_eq!((passes[0].plate.as_str(), passes[0].code.as_str()), ("A123BC77", ""));
}

#[test]
fn whoever_has_a_second_factor_issues_nothing_before_a_code() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    let secret = guarded(&hall, &anna.from);
    anna.says("Такси А123ВС77");
    anna.hears("Всё верно?");
    anna.presses("Выписать");
    anna.hears("/code 123456");
    assert!(issued(&hall).is_empty());
    anna.says("/code");
    anna.hears("в той же строке");
    anna.says("/code 000000");
    anna.hears("Код не подходит");
    anna.says(&format!("/code {}", code(&secret, 1)));
    anna.hears("Код подошёл");
    // What was begun waits.
    anna.presses("Выписать");
    anna.hears("✅ Пропуск выписан");
    assert_eq!(issued(&hall).len(), 1);
}

#[test]
fn a_double_tap_issues_once() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("гость Пётр завтра");
    let asked = anna.hears("Всё верно?");
    let press = asked.screen.keys[0][0].does.clone();
    let Does::Press(press) = press else { panic!("{press:?}") };
    anna.presses_at(asked.at, &press);
    anna.presses_at(asked.at, &press);
    anna.hears("Пропуск выписан");
    anna.says("/passes");
    anna.hears("У вас 1 пропуск.");
    anna.presses_at(asked.at, &press);
    assert_eq!(anna.answer(), "На этот вопрос вы уже ответили.");
    assert_eq!(anna.answer(), "На этот вопрос вы уже ответили.");
    assert_eq!(issued(&hall).len(), 1);
}

#[test]
fn what_is_missing_is_asked_step_by_step_and_survives_restarts() {
    let (mut hall, _hub) = gated();
    let from = hall.resident("Анна", "12").from.clone();
    hall.again(from.clone()).says("🚗 Пропуск");
    hall.again(from.clone()).hears("Кого вы ждёте?");
    hall.restart();
    hall.again(from.clone()).presses("Гость");
    hall.again(from.clone()).hears("Кого ждёте? Напишите имя");
    hall.restart();
    hall.again(from.clone()).says("Пётр");
    hall.again(from.clone()).hears("На какой день?");
    hall.restart();
    let anna = hall.again(from);
    // What is not understood is said, and the question stands.
    anna.says("когда-нибудь");
    anna.hears("Не понял, какой это день");
    anna.says("31.02");
    anna.hears("«31.02» — такой даты или такого времени нет");
    anna.sends_voice();
    anna.hears("Напишите ответ словами или нажмите кнопку");
    anna.says("завтра с 10 до 15");
    let shown = anna.hears("Всё верно?");
    assert!(shown.text().contains("👤 Гость\n🙂 Пётр\n🕑 С "), "{}", shown.text());
    assert!(shown.text().contains("10:00") && shown.text().contains("15:00"), "{}", shown.text());
    anna.presses("Изменить");
    anna.hears("Что изменить?");
    anna.presses("Номер");
    anna.hears("Какой номер у машины?");
    anna.says("А123ВС");
    anna.hears("Номер машины не читается: не хватает кода региона");
    anna.says("а123вс77");
    anna.hears("🚗 А 123 ВС 77");
    anna.presses("Изменить");
    anna.hears("Что изменить?");
    anna.presses("Для охраны");
    anna.hears("Что передать охране?");
    anna.says("С собакой");
    anna.hears("📝 С собакой");
    anna.presses("Выписать");
    let card = anna.hears("Пропуск выписан");
    assert!(card.text().contains("🔢 Код: "), "{}", card.text());
    let passes = issued(&hall);
    assert_eq!((passes.len(), passes[0].name.as_str(), passes[0].note.as_str()), (1, "Пётр", "С собакой"));
    assert_eq!(passes[0].validity.until_ms - passes[0].validity.from_ms, 5 * 3_600_000);
}

#[test]
fn a_press_that_came_late_issues_nothing() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("такси А123ВС77");
    let asked = anna.hears("Всё верно?");
    // The messenger was away, and waits for an answer no more.
    hall.presses_are_stale(true);
    anna.presses("Выписать");
    let again = anna.hears("Нажатие дошло слишком поздно");
    assert_eq!(again.at, asked.at);
    assert!(again.text().contains("Всё верно?"), "{}", again.text());
    assert!(issued(&hall).is_empty());
    hall.presses_are_stale(false);
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    assert_eq!(issued(&hall).len(), 1);
}

#[test]
fn a_change_is_left_and_a_plate_is_taken_away() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("гость Пётр А123ВС77 сегодня");
    anna.hears("Всё верно?");
    anna.presses("Изменить");
    anna.hears("Что изменить?");
    anna.presses("Имя");
    let asked = anna.hears("Как зовут гостя?");
    assert_eq!(asked.labels(), ["◀️ Назад", "✖️ Отмена"]);
    anna.presses("Назад");
    let shown = anna.hears("Всё верно?");
    assert!(shown.text().contains("🚗 А 123 ВС 77\n🙂 Пётр"), "{}", shown.text());
    anna.presses("Изменить");
    anna.hears("Что изменить?");
    anna.presses("Номер");
    anna.hears("Какой номер у машины?");
    anna.presses("Номера пока нет");
    let shown = anna.hears("Всё верно?");
    assert!(!shown.text().contains("🚗"), "{}", shown.text());
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    assert_eq!(issued(&hall)[0].plate, "");
}

#[test]
fn no_plate_is_an_answer_where_several_were_possible() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("такси 0123ВС77");
    anna.hears("Проверьте номер машины");
    anna.presses("Другой номер");
    anna.hears("Какой номер у машины?");
    anna.presses("Номера пока нет");
    anna.hears("Всё верно?");
}

#[test]
fn a_message_of_a_service_is_passed_on() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("К вам едет белый Kia Rio, А123ВС77, Иван");
    let shown = anna.hears("Всё верно?");
    for line in ["🚕 Такси", "🚗 А 123 ВС 77", "🙂 Иван", "📝 белый Kia Rio"] {
        assert!(shown.text().contains(line), "{line}: {}", shown.text());
    }
}

#[test]
fn a_plate_alone_and_a_plate_that_was_put_right_are_asked_about() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("А123ВС77");
    anna.hears("Кто приедет на А 123 ВС 77?");
    anna.presses("Такси");
    anna.hears("Всё верно?");
    anna.presses("Отмена");
    anna.hears("Хорошо, пропуск не выписан.");
    anna.says("такси 0123ВС77");
    let shown = anna.hears("Проверьте номер машины");
    assert_eq!(shown.labels()[..3], ["О 123 ВС 77", "0123 ВС 77", "Другой номер"]);
    anna.presses("О 123 ВС 77");
    anna.hears("🚗 О 123 ВС 77");
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    assert_eq!(issued(&hall)[0].plate, "O123BC77");
}

#[test]
fn an_edited_line_is_read_anew_until_it_is_issued() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("такси А123ВС77");
    anna.hears("А 123 ВС 77");
    anna.edits("такси А124ВС77");
    anna.hears("А 124 ВС 77");
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    anna.edits("такси А125ВС77");
    anna.hears("вы исправили сообщение");
    assert_eq!(issued(&hall).len(), 1);
    assert_eq!(issued(&hall)[0].plate, "A124BC77");
}

#[test]
fn one_who_comes_again_has_days_hours_and_an_end() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("/pass");
    anna.hears("Кого вы ждёте?");
    anna.presses("Постоянный");
    anna.hears("Кого ждёте?");
    anna.says("Ольга");
    let asked = anna.hears("В какие дни?");
    anna.presses("Готово");
    assert_eq!(anna.answer(), "Отметьте хотя бы один день, пожалуйста.");
    anna.presses("пн");
    anna.presses("чт");
    anna.presses("пн");
    anna.presses("пт");
    anna.presses("Готово");
    let hours = anna.hears("В какие часы?");
    // All of it in one message.
    assert_eq!(hours.at, asked.at);
    anna.says("никогда");
    anna.hears("Не понял, какие это часы");
    anna.says("9-18");
    anna.hears("До какого дня?");
    anna.presses("Месяц");
    let shown = anna.hears("Всё верно?");
    assert!(shown.text().contains("🕑 чт, пт, 9:00–18:00, до "), "{}", shown.text());
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    let weekly = issued(&hall)[0].validity.weekly.clone().unwrap();
    assert_eq!((weekly.days, weekly.from_minute, weekly.until_minute), (vec![4, 5], 540, 1080));
}

#[test]
fn an_event_has_a_number_of_entries() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("праздник завтра");
    anna.hears("Кого ждёте?");
    anna.presses("Не знаю");
    anna.hears("Сколько въездов");
    anna.says("много");
    anna.hears("Нужно число");
    anna.says("30");
    anna.hears("👥 Въездов: 30");
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    assert_eq!(issued(&hall)[0].entries, Some(30));
}

#[test]
fn who_was_expected_before_is_a_button() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("гость Пётр А123ВС77 сегодня");
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    anna.says("гость завтра");
    let shown = anna.hears("Кого ждёте?");
    assert_eq!(shown.labels()[0], "Пётр · А 123 ВС 77");
    anna.presses("Пётр");
    anna.hears("Всё верно?");
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    assert_eq!(issued(&hall).iter().filter(|pass| pass.plate == "A123BC77").count(), 2);
}

#[test]
fn one_with_several_houses_says_which() {
    let (hall, _hub) = gated();
    let (one, other) = (hall.village.house("2"), hall.village.house("10"));
    let person = hall.village.resident("Анна", one, PlaceKind::Owner).0;
    hall.village.run(|ctx| dwellers::people::settle(ctx, &Actor::Operator, person, other, PlaceKind::Owner));
    let anna = hall.person("Анна", person, "ru");
    anna.says("такси А123ВС77");
    let asked = anna.hears("Какой дом ждёт гостя?");
    assert_eq!(asked.labels().len(), 3);
    anna.says("седьмой");
    anna.hears("Не понял. Нажмите одну из кнопок");
    anna.presses("Дом 10");
    anna.hears("🏠 Дом 10");
    anna.presses("Выписать");
    anna.hears("🏠 Дом 10");
    assert_eq!(issued(&hall)[0].house, other);
}

#[test]
fn nobody_issues_without_a_house() {
    let (hall, _hub) = gated();
    let boss = hall.administrator("Борис");
    boss.says("/pass");
    boss.hears("Вы не можете выписывать пропуска");
    boss.says("/passes");
    boss.hears("Вы не можете выписывать пропуска");
    boss.says("такси А123ВС77");
    boss.hears("Вы не можете");
    boss.says("что вы умеете");
    boss.hears("Не понял вас. Выберите внизу");
}

#[test]
fn what_the_api_refuses_is_said_and_the_draft_stays() {
    // No gates: nobody counts entries.
    let hall = Hall::open();
    let anna = hall.resident("Анна", "12");
    anna.says("такси А123ВС77");
    anna.hears("Всё верно?");
    anna.presses("Выписать");
    // The draft again, below why.
    anna.hears("Всё верно?");
    assert!(issued(&hall).is_empty());
    let _hub = Hub::connected(&hall.town, &hall.village);
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    // The past is over, whoever asks for it.
    anna.says("гость Пётр 01.01.2020");
    anna.hears("Это время уже прошло.");
}

#[test]
fn a_house_has_no_more_passes_than_it_may() {
    let (hall, _hub) = gated();
    let house = hall.village.house("12");
    let (person, _) = hall.village.resident("Анна", house, PlaceKind::Owner);
    let anna = hall.person("Анна", person, "ru");
    for n in 0..MAX_LIVING_OF_A_HOUSE {
        let request = Request {
            house,
            terms: Terms::Taxi { minutes: None },
            plate: String::new(),
            name: format!("Такси {n}"),
            code: false,
            note: String::new(),
            decider: None,
        };
        let actor = Actor::Person(person);
        hall.village.run(|ctx| issue(ctx, &actor, &request).map(|issued| ((), issued.writes)));
    }
    anna.says("такси А123ВС77");
    anna.hears("Всё верно?");
    anna.presses("Выписать");
    anna.hears("слишком много");
    // It is still there, for when there is room again.
    anna.presses("Отмена");
    anna.hears("не выписан");
    anna.says("/passes");
    anna.hears("Страница 1 из 40.");
}

#[test]
fn where_there_are_several_gatehouses_it_is_asked_which() {
    let (hall, hub) = gated();
    let other = Hub::enrolled(&hall.town, &hall.village, "Второй въезд");
    other.connect();
    let store = &hall.village.community.store;
    eventually("both are known", || store.view(gates::hubs).unwrap().unwrap().len() == 2);
    let anna = hall.resident("Анна", "12");
    anna.says("такси А123ВС77");
    anna.hears("Всё верно?");
    anna.presses("Выписать");
    let asked = anna.hears("На каком въезде");
    assert_eq!(asked.labels().len(), 3, "{asked:?}");
    anna.says("на северном");
    let asked = anna.hears("Не понял. Нажмите одну из кнопок");
    let Does::Press(first) = asked.screen.keys[0][0].does.clone() else { panic!("{asked:?}") };
    anna.presses_at(asked.at, &first);
    anna.hears("Всё верно?");
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    let decider = issued(&hall)[0].decider.unwrap();
    assert!([hub.replica, other.replica].contains(&decider));
}

#[test]
fn passes_are_listed_opened_and_cancelled() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("📋 Мои пропуска");
    anna.hears("Вы никого не ждёте");
    for n in 1..=7 {
        anna.says(&format!("гость Пётр{n} сегодня"));
        anna.hears(&format!("Пётр{n}"));
        anna.presses("Выписать");
        anna.hears("Пропуск выписан");
    }
    anna.says("/passes");
    let list = anna.hears("У вас 7 пропусков. Страница 1 из 2.");
    assert_eq!(list.labels().len(), 7);
    anna.presses("▶️");
    let second = anna.hears("Страница 2 из 2.");
    assert_eq!((second.at, second.labels().len()), (list.at, 4));
    anna.presses("Пётр7");
    let card = anna.hears("• Действует");
    assert_eq!(card.at, list.at);
    anna.presses("Отменить пропуск");
    anna.hears("Отменить этот пропуск?");
    anna.presses("Оставить");
    anna.hears("• Действует");
    anna.presses("Отменить пропуск");
    let asked = anna.hears("Отменить этот пропуск?");
    let Does::Press(yes) = asked.screen.keys[0][0].does.clone() else { panic!("{asked:?}") };
    anna.presses_at(asked.at, &yes);
    anna.presses_at(asked.at, &yes);
    let gone = anna.hears("🗑 Пропуск отменён");
    assert_eq!(gone.labels(), ["📋 Все пропуска"]);
    anna.presses("Все пропуска");
    anna.hears("У вас 6 пропусков.");
}

#[test]
fn a_link_is_shared_withdrawn_and_a_code_is_a_picture() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("гость Пётр сегодня");
    anna.hears("Всё верно?");
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    anna.presses("QR-код");
    let picture = anna.hears("покажите его камере на въезде");
    assert!(picture.screen.picture.unwrap().starts_with(&[0xff, 0xd8]));
    anna.presses("Поделиться");
    let link = anna.hears("Ссылка для гостя");
    let url = shares(&link).unwrap();
    let path = format!("/api/v1/visits/{}", url.rsplit('/').next().unwrap());
    let visitor = hall.town.stranger();
    assert_eq!(visitor.get(&path).ok()["code"], issued(&hall)[0].code.as_str());
    // The visitor gets it in a chat of their own.
    let offers = anna.types(&url);
    assert_eq!(offers.len(), 1);
    assert!(offers[0].screen.text.contains(&url), "{offers:?}");
    // Another link is not made by the way.
    anna.presses("К пропуску");
    anna.hears("• Действует");
    anna.presses("Поделиться");
    anna.hears("Ссылка на этот пропуск уже есть");
    visitor.get(&path).ok();
    anna.presses("Новая ссылка");
    anna.hears("Ссылка для гостя");
    visitor.get(&path).is(404, "not-found");
    anna.presses("Отозвать");
    anna.hears("Ссылка больше не работает");
}

#[test]
fn somebody_elses_pass_is_not_shown() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("такси А123ВС77");
    anna.presses("Выписать");
    let card = anna.hears("Пропуск выписан");
    let Does::Press(share) = card.screen.keys[0][0].does.clone() else { panic!("{card:?}") };
    let ivan = hall.resident("Иван", "13");
    ivan.starts("");
    let at = ivan.hears("Здравствуйте").at;
    ivan.presses_at(at, &share);
    assert!(!ivan.answer().is_empty());
    assert!(ivan.messages().iter().all(|shown| !shown.text().contains("А 123 ВС 77")));
}

#[test]
fn a_taxi_of_tomorrow_is_a_guest_and_that_is_said() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    anna.says("такси А123ВС77 завтра к 6:00");
    let shown = anna.hears("Всё верно?");
    for line in ["👤 Гость", "🙂 Такси", "📝 к 6:00", "на другое время выписывают гостевой пропуск"]
    {
        assert!(shown.text().contains(line), "{line}: {}", shown.text());
    }
    anna.presses("Выписать");
    anna.hears("Пропуск выписан");
    assert_eq!(issued(&hall)[0].name, "Такси");
}

#[test]
fn a_story_in_english() {
    let (hall, _hub) = gated();
    let house = hall.village.house("7");
    let (person, _) = hall.village.resident("John", house, PlaceKind::Owner);
    let john = hall.person("John", person, "en");
    john.says("guest Peter");
    john.hears("Which day?");
    john.presses("Tomorrow");
    john.hears("Is this right?");
    john.presses("Issue");
    let card = john.hears("The pass is issued");
    assert!(card.text().contains("👤 Guest\n🙂 Peter"), "{}", card.text());
    john.presses("Share");
    john.hears("The link for your visitor");
    john.presses("To the pass");
    john.hears("• ");
    john.presses("Cancel the pass");
    john.hears("Cancel this pass?");
    john.presses("Yes, cancel it");
    john.hears("The pass is cancelled");
}
