//! Passes that are issued from another chat.

use dwellers_cloud::bot::talk::{Does, Output, Screen};

use crate::hall::Hall;
use crate::passes::{gated, issued};

/// What that message says now.
fn shown(hall: &Hall, message: &str) -> Screen {
    let is = |output: &Output| matches!(output, Output::EditOffered { message: at, .. } if at == message);
    match hall.group_does(is) {
        Output::EditOffered { screen, .. } => screen,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pass_is_issued_where_it_is_chosen() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    let offers = anna.types("такси А123ВС77");
    assert_eq!(offers.len(), 1, "{offers:?}");
    assert_eq!(offers[0].title, "Выписать пропуск: такси А 123 ВС 77");
    assert!(offers[0].name.len() <= 64);
    assert!(issued(&hall).is_empty());
    anna.chooses(&offers[0].name, "такси А123ВС77", Some("there"));
    let screen = shown(&hall, "there");
    assert!(screen.text.contains("🎫 Вас ждут: Сосновка\nТакси."), "{screen:?}");
    // What stands there is what the link shows: no plate, no house.
    assert!(!screen.text.contains("123 ВС") && !screen.text.contains("12\n"), "{screen:?}");
    let Does::Open(url) = &screen.keys[0][0].does else { panic!("{screen:?}") };
    let path = format!("/api/v1/visits/{}", url.rsplit('/').next().unwrap());
    hall.town.stranger().get(&path).ok();
    // And in private with what can be done about it.
    let card = anna.hears("✅ Пропуск выписан и отправлен в чат");
    assert!(card.labels().contains(&"🗑 Отменить пропуск".to_owned()), "{card:?}");
    assert_eq!(issued(&hall).len(), 1);
}

#[test]
fn what_a_line_leaves_open_is_offered() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    let titles = |text: &str| anna.types(text).into_iter().map(|offer| offer.title).collect::<Vec<_>>();
    assert_eq!(titles(""), Vec::<String>::new());
    assert_eq!(titles("привет"), Vec::<String>::new());
    assert_eq!(titles("такси А123ВС"), Vec::<String>::new());
    assert_eq!(titles("гость Пётр 31.02"), Vec::<String>::new());
    assert_eq!(titles("гость Пётр").len(), 2);
    // Taxi, courier, and a guest of today or tomorrow.
    assert_eq!(titles("А123ВС77").len(), 4);
    let offers = anna.types("гость Пётр");
    anna.chooses(&offers[1].name, "гость Пётр", None);
    anna.hears("отправлен в чат");
    let pass = &issued(&hall)[0];
    assert!(pass.validity.from_ms > dwellers_cloud::clock::now().ms, "tomorrow: {pass:?}");
}

#[test]
fn a_stranger_is_offered_the_bot_and_chooses_nothing_else() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    let offer = anna.types("такси А123ВС77").remove(0);
    let ivan = hall.stranger("Иван", "ru");
    let offers = ivan.types("такси А123ВС77");
    assert_eq!((offers.len(), offers[0].title.as_str()), (1, "Открыть бота посёлка"));
    // Another's answer is nothing for them.
    ivan.chooses(&offer.name, "такси А123ВС77", Some("stolen"));
    assert_eq!(shown(&hall, "stolen").text, "Пропуск не выписан.");
    let peter = hall.resident("Пётр", "13");
    peter.chooses(&offer.name, "такси А123ВС77", Some("next door"));
    assert_eq!(shown(&hall, "next door").text, "Пропуск не выписан.");
    assert!(issued(&hall).is_empty());
    // Of nobody's pass anything is told for a link that is none.
    assert!(ivan.types("https://example.org/visits/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").is_empty());
}

#[test]
fn what_was_chosen_long_ago_issues_nothing() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    let offer = anna.types("такси А123ВС77").remove(0);
    // As it was called eleven minutes ago.
    let (verb, place) = offer.name.split_once(':').unwrap();
    let (which, offered) = verb.split_at(verb.len() - 5);
    let minute = u64::from_str_radix(offered, 16).unwrap();
    let old = format!("{which}{:05x}:{place}", minute.wrapping_sub(11) & 0xf_ffff);
    anna.chooses(&old, "такси А123ВС77", Some("late"));
    assert_eq!(shown(&hall, "late").text, "Пропуск не выписан.");
    anna.hears("прошло больше десяти минут");
    assert!(issued(&hall).is_empty());
}

#[test]
fn where_nobody_says_what_was_chosen_the_message_says_so() {
    let (hall, _hub) = gated();
    let anna = hall.resident("Анна", "12");
    let offer = anna.types("такси А123ВС77").remove(0);
    assert_eq!(offer.screen.text, "⏳ Выписываю пропуск…");
    let Does::Open(link) = &offer.screen.keys[0][0].does else { panic!("{offer:?}") };
    let payload = link.rsplit("start=").next().unwrap();
    anna.starts(payload);
    anna.hears("он не выписан");
    let visitor = hall.stranger("Ivan", "en");
    visitor.starts(payload);
    visitor.hears("Please ask whoever expects you");
    assert!(issued(&hall).is_empty());
}

#[test]
fn in_english_and_after_a_restart() {
    let (mut hall, _hub) = gated();
    let house = hall.village.house("7");
    let (person, _) = hall.village.resident("John", house, dwellers::people::PlaceKind::Owner);
    let from = hall.person("John", person, "en").from.clone();
    let offer = hall.again(from.clone()).types("taxi A123BC77").remove(0);
    assert_eq!(offer.title, "Issue a pass: taxi А 123 ВС 77");
    hall.restart();
    let john = hall.again(from);
    john.chooses(&offer.name, "taxi A123BC77", Some("there"));
    assert!(shown(&hall, "there").text.contains("You are expected: Сосновка"));
    john.hears("The pass is issued and sent to the chat");
}
