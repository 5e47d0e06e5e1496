//! Settings, in a messenger.

use dwellers::people::{self, Invitee, Person, PlaceKind, Role};
use dwellers::texts::{Language, Texts};
use dwellers::{Actor, rights};
use dwellers_cloud::accounts::Messenger;
use dwellers_cloud::bot::DIALOGUES;
use dwellers_cloud::bot::talk::{Does, Speaker};
use dwellers_cloud::clock::{entropy, now};
use dwellers_replica::RecordId;
use serde_json::{Value, json};

use crate::hall::{Hall, Shown};

/// An owner, as they are known in both worlds.
fn owner(hall: &Hall, name: &str, house: &str) -> (RecordId, Speaker) {
    let house = hall.village.house(house);
    let (person, _) = hall.village.resident(name, house, PlaceKind::Owner);
    (person, hall.person(name, person, "ru").from)
}

/// How they want to be told, as the web shows it.
fn told(hall: &Hall, person: RecordId) -> Value {
    let browser = hall.town.as_person(&hall.village, person);
    browser.get(&hall.village.path("/notifications/settings")).ok()["settings"].clone()
}

fn account(hall: &Hall, from: &Speaker) -> Option<RecordId> {
    let known = hall.town.communities.accounts().messenger_user(Messenger::Telegram, from.user).unwrap();
    known.map(|known| known.value.account)
}

/// Which page a button opens.
fn page(shown: &Shown, label: &str) -> String {
    let key = shown.screen.keys.iter().flatten().find(|key| key.label.contains(label));
    match key.map(|key| key.does.clone()) {
        Some(Does::Open(page) | Does::App(page)) => page,
        other => panic!("{label:?} is {other:?} in {:?}", shown.labels()),
    }
}

#[test]
fn every_command_says_what_it_is_for() {
    for language in [Language::Ru, Language::En] {
        let (texts, language) = (Texts::new(language), language.as_str());
        for name in DIALOGUES.iter().flat_map(|dialogue| dialogue.commands) {
            assert!(texts.find(&format!("bot-command-{name}")).is_some(), "/{name} in {language}");
        }
    }
}

#[test]
fn the_language_is_chosen_and_all_follows() {
    let mut hall = Hall::open();
    let (_, from) = owner(&hall, "Анна", "12");
    let at = {
        let anna = hall.again(from.clone());
        anna.says("⚙️ Настройки");
        let shown = anna.hears("⚙️ Настройки. Посёлок: Сосновка");
        assert!(page(&shown, "Открыть сайт").starts_with("http://127.0.0.1:"));
        anna.presses("Русский");
        assert_eq!(anna.hears("На каком языке").labels(), ["Русский", "English"]);
        shown.at
    };
    hall.restart();
    let anna = hall.again(from.clone());
    anna.presses("English");
    assert_eq!(anna.hears("⚙️ Settings. Settlement: Сосновка").at, at);
    anna.hears("All right, we speak English.");
    assert!(anna.keyboard().contains(&"⚙️ Settings".to_owned()), "{:?}", anna.keyboard());
    let known = hall.town.communities.accounts().get(account(&hall, &from).unwrap()).unwrap().unwrap();
    assert_eq!(known.value.language, "en");
    anna.says("/settings");
    anna.hears("⚙️ Settings. Settlement");
}

#[test]
fn a_stranger_chooses_a_language_too() {
    let hall = Hall::open();
    let igor = hall.stranger("Игорь", "ru");
    igor.says("/settings");
    igor.hears("На каком языке");
    igor.presses("English");
    igor.hears("All right, we speak English.");
    igor.starts("");
    igor.hears("Hello! This is the settlement's bot");
}

#[test]
fn quiet_hours_are_chosen_and_written() {
    let mut hall = Hall::open();
    let (person, from) = owner(&hall, "Анна", "12");
    let at = {
        let anna = hall.again(from.clone());
        anna.says("/settings");
        let shown = anna.hears("⚙️ Настройки");
        assert!(shown.labels().contains(&"🌙 22:00–8:00".to_owned()), "{:?}", shown.labels());
        anna.presses("22:00–8:00");
        let quiet = anna.hears("Тихие часы: 22:00–8:00");
        assert_eq!(
            (quiet.at, &quiet.labels()[1], &quiet.labels()[6]),
            (shown.at, &"• с 22:00".into(), &"• до 8:00".into())
        );
        anna.presses("с 23:00");
        anna.hears("Тихие часы: 23:00–8:00");
        anna.presses("до 9:00");
        anna.hears("Тихие часы: 23:00–9:00");
        assert_eq!(told(&hall, person)["quiet"], json!({ "from_minute": 1380, "until_minute": 540 }));
        anna.presses("Выключить");
        anna.hears("Тихих часов нет");
        assert_eq!(told(&hall, person)["quiet"], Value::Null);
        anna.presses("Другие часы");
        anna.hears("Напишите, с какого часа и до какого");
        quiet.at
    };
    hall.restart();
    let anna = hall.again(from);
    for nonsense in ["не знаю", "25:00-8:00", "22-22"] {
        anna.says(nonsense);
        anna.hears("Не понял часы");
    }
    anna.says("с 22:30 до 7");
    let set = anna.hears("Тихие часы: 22:30–7:00");
    assert_ne!(set.at, at, "it stands below what was written");
    assert_eq!(told(&hall, person)["quiet"], json!({ "from_minute": 1350, "until_minute": 420 }));
    // Nobody waits for hours any more: neither after them, nor after the way back.
    anna.says("22-8");
    anna.hears("Не понял вас");
    anna.presses("Другие часы");
    anna.hears("Напишите, с какого часа");
    anna.presses("Отмена");
    anna.hears("Тихие часы: 22:30–7:00");
    anna.says("21-8");
    anna.hears("Не понял вас");
    anna.presses("Назад");
    anna.hears("⚙️ Настройки");
}

#[test]
fn what_is_told_and_where_is_chosen() {
    let hall = Hall::open();
    let (person, from) = owner(&hall, "Анна", "12");
    let anna = hall.again(from);
    anna.says("/settings");
    anna.hears("⚙️ Настройки");
    anna.presses("О чём сообщать");
    let kinds = anna.hears("О чём вам сообщать?");
    assert_eq!(kinds.labels(), ["🔔 К вам приехали", "🔔 Ваши гости", "🔔 Ваши права", "‹ Назад"]);
    anna.presses("Ваши гости");
    anna.sees(&kinds, "🔕 Ваши гости");
    assert_eq!(told(&hall, person)["off"], json!(["arrival"]));
    // The same button that was pressed twice says the same.
    let off = kinds.screen.keys[1][0].does.clone();
    let Does::Press(off) = off else { panic!("{off:?}") };
    anna.presses_at(kinds.at, &off);
    anna.presses("Ваши права");
    anna.sees(&kinds, "🔕 Ваши права");
    assert_eq!(told(&hall, person)["off"], json!(["arrival", "right"]));
    anna.presses("🔕 Ваши гости");
    anna.sees(&kinds, "🔔 Ваши гости");
    assert_eq!(told(&hall, person)["off"], json!(["right"]));
    anna.presses("Назад");
    anna.hears("⚙️ Настройки");
    anna.presses("Куда сообщать");
    let channels = anna.hears("Куда вам сообщать?");
    let before: Vec<Value> = told(&hall, person)["channels"].as_array().unwrap().clone();
    // The last one comes first.
    let last = channels.screen.keys.iter().rev().find(|row| row.len() == 2).unwrap();
    let Does::Press(first) = last[1].does.clone() else { panic!("{last:?}") };
    anna.presses_at(channels.at, &first);
    anna.sees(&channels, "1. ✅ Электронная почта");
    let after = told(&hall, person)["channels"].clone();
    assert_eq!((after[0].clone(), after.as_array().unwrap().len()), (json!("email"), before.len()));
    for _ in 0..before.len() {
        anna.presses("1. ✅");
        anna.says("/nonsense");
        anna.hears("Такой команды нет");
    }
    anna.hears("⚠️ Всё выключено");
    assert_eq!(told(&hall, person)["channels"], json!([]));
    anna.presses("Электронная почта");
    anna.sees(&channels, "1. ✅ Электронная почта");
    // Whoever keeps the community hears of more.
    let boss = hall.village.officer("Борис", Role::Administrator);
    let boss = hall.person("Борис", boss, "ru");
    boss.says("/settings");
    boss.hears("⚙️ Настройки");
    boss.presses("О чём сообщать");
    assert!(boss.hears("О чём вам сообщать?").labels().contains(&"🔔 Заявки".to_owned()));
}

#[test]
fn who_belongs_to_several_says_which_is_meant() {
    let hall = Hall::open();
    let (_, from) = owner(&hall, "Анна", "12");
    let other = hall.town.village("Берёзовка");
    let guest = other.officer("Анна", Role::Administrator);
    let (accounts, known) = (hall.town.communities.accounts(), account(&hall, &from).unwrap());
    accounts.join(known, other.community.id, guest, entropy, now()).unwrap();
    let anna = hall.again(from);
    anna.says("/settings");
    let first = anna.hears("⚙️ Настройки. Посёлок: ");
    let other =
        if first.text().ends_with("Сосновка") { "Берёзовка" } else { "Сосновка" };
    anna.presses("Другой посёлок");
    assert_eq!(anna.hears("О каком посёлке").labels().len(), 2);
    anna.presses(other);
    anna.hears(&format!("⚙️ Настройки. Посёлок: {other}"));
    anna.hears(&format!("Теперь речь о посёлке «{other}»"));
    assert_eq!(anna.keyboard().contains(&"📨 Заявки".to_owned()), other == "Берёзовка");
    anna.says("/settings");
    anna.hears(&format!("⚙️ Настройки. Посёлок: {other}"));
}

#[test]
fn a_consent_is_given_and_taken_back() {
    let hall = Hall::open();
    let (person, from) = owner(&hall, "Анна", "12");
    let boss = hall.town.as_person(&hall.village, hall.village.officer("Борис", Role::Administrator));
    let text = json!({ "after": 0, "ru": "Согласен на обработку данных", "en": "I agree" });
    boss.post(&hall.village.path("/consents/texts"), &text).ok();
    let mine = || {
        let browser = hall.town.as_person(&hall.village, person);
        browser.get(&hall.village.path("/me/consents")).ok()
    };
    let anna = hall.again(from);
    anna.says("/settings");
    anna.hears("⚙️ Настройки");
    anna.presses("Мои данные");
    let none = anna.hears("Согласия на обработку данных вы здесь не давали");
    assert!(page(&none, "Что обо мне известно").ends_with("/settings/export"));
    assert!(page(&none, "Стереть").ends_with("/settings/erase"));
    anna.presses("Прочитать и согласиться");
    anna.hears("Согласен на обработку данных");
    anna.presses("Согласен");
    let given = anna.hears("• редакция 1, дано");
    assert_eq!(given.at, none.at);
    assert_eq!(mine()["consents"][0]["channel"], "telegram");
    anna.presses("Отозвать согласие");
    anna.hears("Если отозвать согласие");
    assert_eq!(mine()["consents"][0]["withdrawn_ms"], Value::Null);
    anna.presses("Да, отозвать");
    anna.hears("Согласие отозвано");
    assert!(mine()["consents"][0]["withdrawn_ms"].is_u64());
    // A version that is too long to be read here is not agreed to here.
    let text = json!({ "after": 1, "ru": "Слово ".repeat(1_000), "en": "word" });
    boss.post(&hall.village.path("/consents/texts"), &text).ok();
    anna.says("/settings");
    anna.hears("⚙️ Настройки");
    anna.presses("Мои данные");
    anna.hears("отозвано");
    anna.presses("Прочитать");
    let long = anna.hears("Прочитайте его на сайте");
    assert_eq!(long.labels(), ["🌍 Прочитать на сайте", "‹ Назад"]);
}

#[test]
fn whoever_signs_out_is_nobody_here_any_more() {
    let mut hall = Hall::open();
    let (person, from) = owner(&hall, "Анна", "12");
    {
        let anna = hall.again(from.clone());
        anna.says("/settings");
        anna.hears("⚙️ Настройки");
        anna.presses("Выйти из бота");
        let sure = anna.hears("Я перестану вас узнавать");
        assert!(sure.text().contains("Другого входа у вас нет"), "{}", sure.text());
        assert!(account(&hall, &from).is_some());
    }
    let known = account(&hall, &from).unwrap();
    hall.town.communities.accounts().set_email(known, "anna@example.org", true, now()).unwrap();
    hall.restart();
    let anna = hall.again(from.clone());
    anna.presses("Назад");
    anna.hears("⚙️ Настройки");
    anna.presses("Выйти из бота");
    assert!(!anna.hears("Я перестану вас узнавать").text().contains("Другого входа"));
    anna.presses("🚪 Выйти");
    anna.hears("🚪 Вы вышли.");
    anna.hears("нажмите /start");
    assert!(anna.keyboard().is_empty());
    assert_eq!(account(&hall, &from), None);
    anna.says("/open");
    anna.hears("Вы пока не в посёлке");
    // Their place is theirs still.
    hall.town.as_person(&hall.village, person).get(&hall.village.path("/gates")).ok();
}

#[test]
fn who_may_gives_a_place_up_and_others_are_told_whom_to_ask() {
    let mut hall = Hall::open();
    let house = hall.village.house("12");
    let (anna, _) = hall.village.resident("Анна", house, PlaceKind::Owner);
    let boris = Person { name: "Борис".to_owned(), language: "ru".to_owned(), ..Person::default() };
    let (boris, given) = hall.village.run(|ctx| {
        let boris = Invitee::New(boris.clone());
        let (person, place, writes) =
            people::invite(ctx, &Actor::Person(anna), house, &boris, PlaceKind::Family)?;
        Ok(((person, place), writes))
    });
    let owner = hall.person("Анна", anna, "ru");
    owner.says("/settings");
    owner.hears("⚙️ Настройки");
    owner.presses("Покинуть посёлок");
    let whom = owner.hears("Место в доме вам дал собственник или администратор");
    assert_eq!(whom.labels(), ["🗑 Стереть мои данные", "‹ Назад"]);
    let from = {
        let boris = hall.person("Boris", boris, "en");
        boris.says("/settings");
        boris.hears("⚙️ Settings");
        boris.presses("Leave the settlement");
        boris.hears("Which house do you leave?");
        boris.presses("Leave house 12");
        assert!(boris.hears("Leave house 12? It is for ever").text().contains("Passes: 0"));
        boris.from
    };
    hall.restart();
    let user = hall.again(from);
    user.presses("Yes, leave");
    user.hears("You are not of this house any more");
    user.hears("This is what you can do now");
    assert!(user.keyboard().is_empty());
    let life = hall.village.community.store.view(|view| rights::life(view, given)).unwrap().unwrap();
    assert_eq!(life, rights::Life::Revoked);
    user.says("/settings");
    user.hears("In which language");
}
