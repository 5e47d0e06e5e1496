//! The menu, and what is said where nothing else is meant.

use crate::hall::Hall;

#[test]
fn a_resident_is_greeted_with_what_they_may_do() {
    let hall = Hall::open();
    let anna = hall.resident("Анна", "12");
    anna.starts("");
    anna.hears("Здравствуйте, Анна! Посёлок: Сосновка");
    assert_eq!(anna.keyboard(), ["🚗 Пропуск", "🔓 Открыть", "📋 Мои пропуска", "⚙️ Настройки"]);
    anna.says("/nonsense");
    anna.hears("Такой команды нет");
    anna.sends_voice();
    anna.hears("Голосовые");
    anna.edits("что-то другое");
    anna.hears("вы исправили");
    let boss = hall.administrator("Борис");
    boss.says("/menu");
    boss.hears("Борис");
    assert!(boss.keyboard().contains(&"📨 Заявки".to_owned()), "{:?}", boss.keyboard());
}

#[test]
fn a_stranger_is_told_how_to_join_in_their_language() {
    let hall = Hall::open();
    let ivan = hall.stranger("Ivan", "en-US");
    ivan.starts("");
    assert_eq!(ivan.hears("Hello! This is the settlement's bot").labels(), ["Join"]);
}

#[test]
fn a_button_of_another_age_is_answered() {
    let hall = Hall::open();
    let anna = hall.resident("Анна", "12");
    anna.starts("");
    let at = anna.hears("Здравствуйте").at;
    anna.presses_at(at, &dwellers_cloud::bot::talk::Press::verb("xyz"));
    assert_eq!(anna.answer(), "Эта кнопка устарела. /menu покажет новые.");
}

#[test]
fn what_was_heard_before_a_crash_is_dealt_with_after_it() {
    let mut hall = Hall::open();
    let from = {
        let anna = hall.resident("Анна", "12");
        anna.from.clone()
    };
    hall.restart();
    let anna = hall.again(from);
    anna.says("/menu");
    anna.hears("Здравствуйте, Анна");
}
