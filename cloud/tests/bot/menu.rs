//! The menu, and what is said where nothing else is meant.

use dwellers_cloud::bot::talk::Press;

use crate::hall::Hall;
use crate::joining::{open, photo};

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
fn who_may_not_issue_passes_is_not_told_to() {
    let hall = Hall::open();
    let boris = hall.administrator("Борис");
    boris.starts("");
    assert!(!boris.hears("Здравствуйте, Борис!").text().contains("кого ждёте"));
    boris.says("/help");
    assert!(!boris.hears("Что я умею").text().contains("пропуск одной строкой"));
}

#[test]
fn what_is_cancelled_is_said_in_a_word() {
    let hall = Hall::open();
    let anna = hall.resident("Анна", "12");
    anna.says("/cancel");
    assert_eq!(anna.hears("Хорошо").text(), "Хорошо, отменил.");
    assert!(anna.keyboard().contains(&"🚗 Пропуск".to_owned()));
    anna.says("✖️ Отмена");
    anna.hears("Хорошо, отменил.");
    // A button that begins somewhere is no such word.
    let under = anna.messages()[0].at;
    anna.presses_at(under, &Press::of("menu", hall.village.community.id));
    anna.hears("Здравствуйте, Анна!");
}

#[test]
fn what_speaks_for_a_stranger_begins_a_wish_before_anybody_asks() {
    let (hall, _olga) = open();
    hall.village.house("12");
    let zoya = hall.stranger("Зоя", "ru");
    zoya.starts("");
    zoya.hears("Это бот посёлка");
    zoya.says("AB2C-D3EF");
    zoya.hears("Как вас зовут");
    let ivan = hall.stranger("Иван", "ru");
    ivan.starts("");
    ivan.hears("Это бот посёлка");
    ivan.sends_photo(&photo(30));
    ivan.hears("Напишите ваш дом");
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
    anna.presses_at(at, &Press::verb("xyz"));
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
