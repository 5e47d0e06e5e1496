//! Joining a settlement by the bot, and coming in by a link.

use std::io::Cursor;

use dwellers::people::{PlaceKind, Role};
use dwellers::texts::Language;
use dwellers_cloud::accounts::Messenger;
use dwellers_cloud::api::inside::{From, Request};
use dwellers_cloud::bot::talk::Does;
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::invitations::{By, Invitation, To};
use dwellers_replica::RecordId;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use totp_rs::{Builder, Secret};

use crate::hall::{Hall, User};
use crate::town::{Browser, Village};

/// A hall whose village people may join, and its administrator's browser.
pub(crate) fn open() -> (Hall, Browser) {
    let hall = Hall::open();
    let olga = hall.village.officer("Ольга", Role::Administrator);
    let olga = hall.town.as_person(&hall.village, olga);
    publish(&olga, &hall.village, "Согласен на обработку данных");
    (hall, olga)
}

pub(crate) fn publish(administrator: &Browser, village: &Village, ru: &str) {
    let texts = village.path("/consents/texts");
    let after = administrator.get(&texts).ok()["versions"][0]["number"].as_u64().unwrap_or_default();
    let text = json!({ "after": after, "ru": ru, "en": "I agree to it" });
    administrator.post(&texts, &text).ok();
}

/// The code of a house.
pub(crate) fn code(administrator: &Browser, village: &Village, house: RecordId) -> String {
    let code = administrator.post(&village.path(&format!("/houses/{house}/code")), &json!({}));
    code.ok()["code"].as_str().unwrap().to_owned()
}

pub(crate) fn photo(colour: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(400, 300, Rgb([colour, 100, 100]));
    DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Goes through what is asked after the proof.
pub(crate) fn tells_who_they_are(user: &User<'_>) {
    user.hears("Как вас зовут");
    user.presses(&user.from.name.clone());
    user.hears("Телефон");
    user.says("Пропустить");
    user.hears("Кто вы в этом доме?");
    user.presses("Собственник");
    user.hears("Согласен на обработку");
    user.presses("Согласен, отправить");
}

#[test]
fn the_link_of_the_letter_leads_to_an_application_and_the_accepted_are_greeted() {
    let (hall, olga) = open();
    let code = code(&olga, &hall.village, hall.village.house("12"));
    let zoya = hall.stranger("Зоя", "ru");
    zoya.starts(&format!("c-{}-{code}", hall.village.community.id));
    assert_eq!(zoya.hears("Посёлок «Сосновка»").labels(), ["Зоя", "✖️ Отмена"]);
    zoya.presses("Зоя");
    zoya.hears("Вас зовут: Зоя");
    zoya.hears("Телефон");
    assert_eq!(zoya.keyboard(), ["📞 Дать мой номер", "Пропустить", "✖️ Отмена"]);
    zoya.shares_contact("79161234567");
    zoya.hears("Хорошо");
    assert!(zoya.keyboard().is_empty());
    let asked = zoya.hears("Кто вы в этом доме?");
    zoya.presses("Член семьи");
    let consent = zoya.hears("Согласен на обработку данных");
    assert_eq!(consent.at, asked.at, "a press shows its result where it was pressed");
    zoya.presses("Согласен, отправить");
    let sent = zoya.hears("дом 12, Член семьи");
    assert_eq!((sent.at, sent.labels()), (asked.at, vec!["Отозвать заявку".to_owned()]));
    // Whoever asks again is shown how it stands.
    zoya.starts("");
    zoya.hears("Заявка на рассмотрении");
    let waiting = olga.get(&hall.village.path("/applications")).ok();
    let application = &waiting["applications"][0];
    assert_eq!(
        (&application["name"], &application["phone"], &application["kind"], &application["proof"]),
        (&json!("Зоя"), &json!("+79161234567"), &json!("family"), &json!("code"))
    );
    let id = application["id"].as_str().unwrap();
    olga.post(&hall.village.path(&format!("/applications/{id}/acceptance")), &json!({})).ok();
    zoya.starts("");
    zoya.hears("Здравствуйте, Зоя!");
    assert!(zoya.keyboard().contains(&"🚗 Пропуск".to_owned()));
}

#[test]
fn a_photo_and_a_house_speak_for_somebody_and_what_is_wrong_is_said() {
    let (hall, olga) = open();
    hall.village.house("12");
    let zoya = hall.stranger("Зоя", "ru");
    zoya.starts("");
    zoya.hears("Это бот посёлка");
    zoya.presses("Присоединиться");
    zoya.hears("Чем подтвердите");
    zoya.presses("Фотография");
    zoya.hears("вид из вашего окна");
    zoya.says("вот");
    zoya.hears("Это не фотография");
    zoya.sends_voice();
    zoya.hears("Это не фотография");
    zoya.sends_photo(b"no picture at all");
    zoya.hears("⚠️");
    zoya.sends_photo(&vec![0; dwellers_cloud::pictures::MAX_BYTES + 1]);
    zoya.hears("слишком большая");
    zoya.sends_album(&[&photo(1), &photo(2)]);
    zoya.hears("Напишите ваш дом");
    zoya.says("99");
    zoya.hears("Такого дома нет");
    zoya.says("дом 12");
    zoya.hears("Как вас зовут");
    zoya.says("Зоя Петрова");
    zoya.hears("Телефон");
    zoya.says("не скажу");
    zoya.hears("Кто вы");
    zoya.says("кто угодно");
    zoya.hears("Нажмите одну из кнопок");
    zoya.says("собственник");
    zoya.hears("Согласен на обработку");
    zoya.says("да");
    zoya.hears("Нажмите одну из кнопок");
    zoya.presses("Согласен, отправить");
    // The number is wrong, and asked for again; the rest is not.
    zoya.hears("⚠️");
    zoya.says("+7 916 123-45-67");
    let sent = zoya.hears("Заявка на рассмотрении: дом 12, Собственник");
    let application = olga.get(&hall.village.path("/applications")).ok()["applications"][0].clone();
    assert_eq!((&application["name"], &application["has_photo"]), (&json!("Зоя Петрова"), &json!(true)));
    assert_eq!(sent.labels(), ["Отозвать заявку"]);
    // It is taken back, once they are sure.
    zoya.presses("Отозвать заявку");
    zoya.hears("Отозвать заявку?");
    zoya.presses("Оставить");
    zoya.hears("Заявка на рассмотрении");
    zoya.presses("Отозвать");
    zoya.hears("Отозвать заявку?");
    zoya.presses("Отозвать");
    assert_eq!(zoya.hears("Заявка отозвана").labels(), ["Подать новую заявку"]);
    let application = olga.get(&hall.village.path("/applications")).ok()["applications"][0].clone();
    assert_eq!(application["decision"]["withdrawn"], true);
    zoya.presses("Подать новую");
    zoya.hears("Чем подтвердите");
}

#[test]
fn who_is_refused_is_told_why_and_may_ask_again() {
    let (hall, olga) = open();
    let code = code(&olga, &hall.village, hall.village.house("12"));
    let zoya = hall.stranger("Зоя", "ru");
    zoya.starts(&format!("c-{}-{code}", hall.village.community.id));
    tells_who_they_are(&zoya);
    zoya.hears("Заявка на рассмотрении");
    let id = olga.get(&hall.village.path("/applications")).ok()["applications"][0]["id"].clone();
    let path = hall.village.path(&format!("/applications/{}/refusal", id.as_str().unwrap()));
    olga.post(&path, &json!({ "reason": "Не узнали" })).ok();
    zoya.starts("");
    let told = zoya.hears("Заявку отклонили");
    assert!(told.text().contains("Причина: Не узнали"), "{told:?}");
    zoya.presses("Подать новую");
    zoya.hears("Чем подтвердите");
    // What looks like a code is one, wherever it is asked for.
    zoya.says(&code);
    zoya.hears("Как вас зовут");
}

#[test]
fn a_wrong_code_is_asked_for_again_and_who_tries_many_is_stopped_alone() {
    let (hall, olga) = open();
    let right = code(&olga, &hall.village, hall.village.house("12"));
    let guesser = hall.stranger("Гость", "ru");
    guesser.starts("");
    guesser.starts(&format!("c-{}-ZZZZZZZ2", hall.village.community.id));
    tells_who_they_are(&guesser);
    guesser.hears("Напишите код дома");
    let mut tried = 1;
    let stopped = loop {
        guesser.says(&format!("ZZZZZZ{:02}", tried + 20));
        let shown = guesser.hears("⚠️");
        if !shown.text().contains("Напишите код дома") {
            break shown;
        }
        tried += 1;
        assert!(tried < 50, "nobody stops them");
    };
    assert_eq!(tried, 10);
    assert!(stopped.text().contains("Слишком много попыток"), "{stopped:?}");
    assert_eq!(stopped.labels(), ["📨 Отправить ещё раз", "✖️ Отмена"]);
    guesser.presses("Отправить ещё раз");
    assert!(guesser.answer().is_empty());
    // Nobody else waits for it.
    let zoya = hall.stranger("Зоя", "ru");
    zoya.starts(&format!("c-{}-{right}", hall.village.community.id));
    tells_who_they_are(&zoya);
    zoya.hears("Заявка на рассмотрении: дом 12");
}

#[test]
fn a_crash_between_all_steps_loses_nothing() {
    let (mut hall, olga) = open();
    hall.village.house("12");
    let from = hall.stranger("Зоя", "ru").from;
    let id = hall.village.community.id;
    hall.again(from.clone()).starts(&format!("c-{id}"));
    hall.again(from.clone()).hears("Чем подтвердите");
    hall.restart();
    hall.again(from.clone()).presses("Фотография");
    hall.again(from.clone()).hears("вид из вашего окна");
    hall.restart();
    hall.again(from.clone()).sends_photo(&photo(3));
    hall.again(from.clone()).hears("Напишите ваш дом");
    hall.restart();
    hall.again(from.clone()).says("12");
    hall.again(from.clone()).hears("Как вас зовут");
    hall.restart();
    hall.again(from.clone()).presses("Зоя");
    hall.again(from.clone()).hears("Телефон");
    hall.restart();
    hall.again(from.clone()).says("Пропустить");
    hall.again(from.clone()).hears("Кто вы в этом доме?");
    hall.restart();
    hall.again(from.clone()).presses("Арендатор");
    hall.again(from.clone()).hears("Согласен на обработку");
    hall.restart();
    hall.again(from.clone()).presses("Согласен, отправить");
    hall.again(from.clone()).hears("Заявка на рассмотрении: дом 12, Арендатор");
    hall.restart();
    hall.again(from.clone()).starts("");
    hall.again(from.clone()).hears("Заявка на рассмотрении");
    hall.again(from.clone()).presses("Отозвать");
    hall.again(from.clone()).hears("Отозвать заявку?");
    hall.restart();
    hall.again(from.clone()).presses("Отозвать");
    hall.again(from).hears("Заявка отозвана");
    let all = olga.get(&hall.village.path("/applications")).ok()["applications"].clone();
    assert_eq!(all.as_array().unwrap().len(), 1, "{all}");
}

#[test]
fn who_presses_twice_applies_once() {
    let (hall, olga) = open();
    let code = code(&olga, &hall.village, hall.village.house("12"));
    let zoya = hall.stranger("Зоя", "ru");
    zoya.starts(&format!("c-{}-{code}", hall.village.community.id));
    zoya.presses("Зоя");
    zoya.hears("Телефон");
    zoya.says("Пропустить");
    zoya.presses("Собственник");
    let consent = zoya.hears("Согласен на обработку");
    let Does::Press(press) = consent.screen.keys[0][0].does.clone() else {
        panic!("no press");
    };
    zoya.presses_at(consent.at, &press);
    zoya.presses_at(consent.at, &press);
    zoya.hears("Заявка на рассмотрении");
    zoya.starts("");
    zoya.hears("Заявка на рассмотрении");
    let all = olga.get(&hall.village.path("/applications")).ok()["applications"].clone();
    assert_eq!(all.as_array().unwrap().len(), 1, "{all}");
}

#[test]
fn it_is_left_at_any_step_and_an_edited_text_is_no_answer() {
    let (hall, olga) = open();
    let code = code(&olga, &hall.village, hall.village.house("12"));
    let zoya = hall.stranger("Зоя", "ru");
    let link = format!("c-{}-{code}", hall.village.community.id);
    zoya.starts(&link);
    zoya.hears("Как вас зовут");
    zoya.edits("Зоя П.");
    zoya.hears("вы исправили");
    zoya.presses("Отмена");
    zoya.hears("Это бот посёлка");
    zoya.starts(&link);
    zoya.hears("Как вас зовут");
    zoya.says("Зоя");
    zoya.hears("Телефон");
    zoya.says("✖️ Отмена");
    zoya.hears("ничего не отправляю");
    assert!(zoya.keyboard().is_empty());
    zoya.starts(&link);
    tells_who_they_are_not(&zoya);
    assert_eq!(olga.get(&hall.village.path("/applications")).ok()["applications"], json!([]));
}

fn tells_who_they_are_not(user: &User<'_>) {
    user.says("Зоя");
    user.hears("Телефон");
    user.says("Пропустить");
    user.presses("Собственник");
    user.hears("Согласен на обработку");
    user.presses("Не согласен");
    user.hears("Без согласия заявку не подать");
}

#[test]
fn another_text_of_the_consent_is_shown_and_asked_for() {
    let (hall, olga) = open();
    let code = code(&olga, &hall.village, hall.village.house("12"));
    let zoya = hall.stranger("Зоя", "ru");
    zoya.starts(&format!("c-{}-{code}", hall.village.community.id));
    zoya.says("Зоя");
    zoya.hears("Телефон");
    zoya.says("Пропустить");
    zoya.presses("Собственник");
    zoya.hears("Согласен на обработку");
    let long = format!("Новый текст. {}Конец.", "Много слов о данных. ".repeat(300));
    publish(&olga, &hall.village, &long);
    zoya.presses("Согласен, отправить");
    let first = zoya.hears("⚠️");
    assert!(first.text().contains("Новый текст") && first.labels().is_empty(), "{first:?}");
    // Read to the end.
    assert_eq!(zoya.hears("Конец.").labels(), ["✅ Согласен, отправить заявку", "Не согласен"]);
    zoya.presses("Согласен, отправить");
    zoya.hears("Заявка на рассмотрении");
}

#[test]
fn one_of_several_settlements_is_named_by_typing() {
    let (hall, olga) = open();
    hall.town.village("Берёзовка");
    hall.town.village("Берёзовка-2");
    let zoya = hall.stranger("Зоя", "ru");
    zoya.starts("");
    let greeting = zoya.hears("Здравствуйте").at;
    zoya.presses_at(greeting, &"join".parse().unwrap());
    zoya.hears("Как называется ваш посёлок?");
    zoya.says("Нигде");
    zoya.hears("Такого посёлка я не знаю");
    zoya.says("березовка");
    assert_eq!(zoya.hears("Какой из них").labels(), ["Берёзовка", "Берёзовка-2", "✖️ Отмена"]);
    zoya.presses("Берёзовка-2");
    zoya.hears("администратор ещё не открыл приём заявок");
    zoya.starts("");
    let greeting = zoya.hears("Здравствуйте").at;
    zoya.presses_at(greeting, &"join".parse().unwrap());
    zoya.hears("Как называется ваш посёлок?");
    zoya.says("сосновка");
    zoya.hears("Посёлок «Сосновка»");
    drop(olga);
}

#[test]
fn an_invitation_lets_in_once() {
    let (hall, olga) = open();
    let house = hall.village.house("12");
    let (anna, _) = hall.village.resident("Анна", house, PlaceKind::Owner);
    let link = olga.post(&hall.village.path(&format!("/people/{anna}/link")), &json!({ "anew": true })).ok();
    let token = link["token"].as_str().unwrap();
    let user = hall.stranger("Аня", "ru");
    user.starts(token);
    let asked = user.hears("Вас пригласили");
    user.presses("Войти");
    let arrived = user.hears("Теперь вы здесь: Анна, Сосновка");
    assert_eq!((arrived.at, arrived.labels().len()), (asked.at, 0));
    user.hears("Здравствуйте, Анна!");
    // It is used up.
    let other = hall.stranger("Чужой", "ru");
    other.starts(token);
    other.hears("Вас пригласили");
    other.presses("Войти");
    other.hears("уже использована");
}

#[test]
fn an_invitation_that_somebody_of_the_settlement_tries_is_not_used_up() {
    let (hall, olga) = open();
    let house = hall.village.house("12");
    let (peter, _) = hall.village.resident("Пётр", house, PlaceKind::Family);
    let link = olga.post(&hall.village.path(&format!("/people/{peter}/link")), &json!({ "anew": true })).ok();
    let token = link["token"].as_str().unwrap();
    let anna = hall.resident("Анна", "14");
    anna.starts(token);
    anna.hears("Вас пригласили");
    anna.presses("Войти");
    anna.hears("уже подключён к другой учётной записи");
    let user = hall.stranger("Петя", "ru");
    user.starts(token);
    user.hears("Вас пригласили");
    user.presses("Войти");
    user.hears("Здравствуйте, Пётр!");
}

#[test]
fn whoever_has_a_second_factor_comes_in_with_its_code() {
    let (hall, _olga) = open();
    let anna = hall.village.officer("Анна", Role::Guard);
    let browser = hall.town.as_person(&hall.village, anna);
    let path = "/api/v1/account/second-factor";
    let secret = browser.post(path, &json!({})).ok()["secret"].as_str().unwrap().to_owned();
    let totp = Builder::new().with_secret(Secret::try_from_base32(&secret).unwrap()).build().unwrap();
    let code = |steps: u64| totp.generate(now().ms / 1000 + 30 * steps).to_string();
    browser.put(path, &json!({ "code": code(0) })).ok();
    let (to, by) = (To::AccountOf(anna), By::Operator);
    let invitation = Invitation::new(hall.village.community.id, to, by, 60_000, now());
    let token = "0123456789abcdef".repeat(4);
    let registry = hall.town.communities.registry();
    registry.invite(token.as_bytes(), invitation, entropy, now()).unwrap();
    let user = hall.stranger("Аня", "ru");
    user.starts(&token);
    user.hears("Вас пригласили");
    user.presses("Войти");
    user.hears("Напишите код из приложения");
    user.says("000000");
    user.hears("Код не подходит");
    assert!(!user.sees_own("000000"), "a code is deleted");
    user.says(&code(1));
    user.hears("Здравствуйте, Анна!");
}

#[test]
fn the_key_of_a_request_from_a_messenger_is_good_for_its_user_alone() {
    let (hall, olga) = open();
    let code = code(&olga, &hall.village, hall.village.house("12"));
    let consent = olga.get(&hall.village.path("/consent")).ok()["id"].clone();
    let wish = json!({ "name": "Зоя", "language": "ru", "kind": "owner", "consent": consent, "code": code });
    let (bot, runtime) = (hall.town.bot.clone().unwrap(), Runtime::new().unwrap());
    let apply = |user: i64| {
        let from = From {
            messenger: Messenger::Telegram,
            user,
            name: "Зоя".to_owned(),
            handle: String::new(),
            language: Language::Ru,
        };
        let target = format!("/communities/{}/applications", hall.village.community.id);
        let request = Request::post(target, &wish).once("00000000telegram-1234-1".to_owned());
        let made: Value = runtime.block_on(bot.api().ask(&from, request)).unwrap();
        (made["id"].clone(), made["secret"].clone())
    };
    let first = apply(1);
    assert_eq!(apply(1), first, "who repeats it has the same answer");
    let other = apply(2);
    assert!(other.0 != first.0 && other.1 != first.1, "{first:?} {other:?}");
}

#[test]
fn a_link_of_the_site_connects_an_account_once_its_owner_says_so() {
    let (hall, _olga) = open();
    let house = hall.village.house("12");
    let (anna, _) = hall.village.resident("Анна", house, PlaceKind::Owner);
    hall.town.as_person(&hall.village, anna);
    let accounts = hall.town.communities.accounts();
    let account = accounts.membership_of(hall.village.community.id, anna).unwrap().unwrap().value.account;
    accounts.link_messenger(account, "5ec2e7", entropy, now()).unwrap();
    let user = hall.stranger("Аня", "ru");
    user.starts("k-5ec2e7");
    user.hears("Подключить этот мессенджер");
    assert!(accounts.messengers(account).unwrap().is_empty(), "not before they say so");
    user.presses("Да, это я");
    user.hears("Теперь вы здесь: Анна, Сосновка");
    user.hears("Здравствуйте, Анна!");
    assert_eq!(accounts.messengers(account).unwrap().len(), 1);
    let other = hall.stranger("Чужой", "ru");
    other.starts("k-5ec2e7");
    other.presses("Да, это я");
    other.hears("Эта ссылка уже использована");
    // Somebody here stays who they are.
    let petr = hall.resident("Пётр", "13");
    accounts.link_messenger(account, "another", entropy, now()).unwrap();
    petr.starts("k-another");
    petr.presses("Да, это я");
    petr.hears("уже подключён к другой учётной записи");
    petr.says("/menu");
    petr.hears("Здравствуйте, Пётр!");
}

#[test]
fn a_button_of_a_link_is_of_that_link_alone() {
    let (hall, _olga) = open();
    let accounts = hall.town.communities.accounts();
    let [own, foreign] = [("Анна", "12"), ("Злодей", "14")].map(|(name, house)| {
        let (person, _) = hall.village.resident(name, hall.village.house(house), PlaceKind::Owner);
        hall.town.as_person(&hall.village, person);
        accounts.membership_of(hall.village.community.id, person).unwrap().unwrap().value.account
    });
    accounts.link_messenger(own, "0e11", entropy, now()).unwrap();
    accounts.link_messenger(foreign, "f0e1", entropy, now()).unwrap();
    let user = hall.stranger("Аня", "ru");
    user.starts("k-0e11");
    let first = user.hears("Подключить этот мессенджер");
    let Does::Press(yes) = first.screen.keys[0][0].does.clone() else { panic!("{first:?}") };
    user.starts("k-f0e1");
    let second = user.hears("Подключить этот мессенджер");
    assert_ne!(first.at, second.at);
    // Back at the message of their own link: it is not somebody else's that is used.
    user.presses_at(first.at, &yes);
    assert_eq!(user.answer(), "Эта кнопка устарела. /menu покажет новые.");
    assert!(accounts.messengers(own).unwrap().is_empty());
    assert!(accounts.messengers(foreign).unwrap().is_empty());
}

#[test]
fn the_same_in_english() {
    let (hall, olga) = open();
    let code = code(&olga, &hall.village, hall.village.house("12"));
    let ivan = hall.stranger("Ivan", "en");
    ivan.starts(&format!("c-{}-{code}", hall.village.community.id));
    ivan.hears("What is your name?");
    ivan.presses("Ivan");
    ivan.hears("A telephone");
    ivan.says("Skip");
    ivan.hears("Who are you in this house?");
    ivan.presses("Tenant");
    ivan.hears("I agree to it");
    ivan.presses("I agree");
    ivan.hears("Your application is waiting: house 12");
}
