//! Texts: all there, in both languages, with everything filled in.

mod files;

use std::str::FromStr;

use dwellers::access::{Reason, Verdict};
use dwellers::command::Denied;
use dwellers::passes::Weekly;
use dwellers::people::{PlaceKind, Role};
use dwellers::plate::NotAPlate;
use dwellers::texts::{Details, Language, Spoken, Texts, UnknownLanguage, Value};
use dwellers::{alarms, gates, journal, passes};
use dwellers_replica::{Open, StoreError};

/// What a key says in Russian and in English.
fn both(say: impl Fn(&Texts) -> String) -> [String; 2] {
    [Language::Ru, Language::En].map(|language| say(&Texts::new(language)))
}

fn check(say: impl Fn(&Texts) -> String, ru: &str, en: &str) {
    assert_eq!(both(say), [ru, en]);
}

fn all_are_said<T: Spoken>() {
    for language in [Language::Ru, Language::En] {
        let texts = Texts::new(language);
        let mut said: Vec<String> = T::ALL.iter().map(|what| texts.say(*what)).collect();
        for (text, what) in said.iter().zip(T::ALL) {
            assert_ne!(text, what.key(), "{language:?}");
            assert_eq!(text.contains(|c| matches!(c, 'а'..='я')), language == Language::Ru, "{text}");
        }
        said.sort();
        said.dedup();
        assert_eq!(said.len(), T::ALL.len(), "two of them are said alike");
    }
}

#[test]
fn every_value_has_a_text_of_its_own() {
    all_are_said::<Verdict>();
    all_are_said::<Reason>();
    all_are_said::<journal::Kind>();
    all_are_said::<passes::Kind>();
    all_are_said::<passes::Standing>();
    all_are_said::<PlaceKind>();
    all_are_said::<Role>();
    all_are_said::<gates::Kind>();
    all_are_said::<gates::Direction>();
    all_are_said::<gates::Buttons>();
    all_are_said::<alarms::Kind>();
}

/// What is in records and logs (`outside_hours`) is what a text is named by (`outside-hours`).
#[test]
fn keys_are_the_names_in_records() {
    fn check<T: Spoken + serde::Serialize>(prefix: &str) {
        for what in T::ALL {
            let name = serde_json::to_value(what).unwrap();
            let name = name.as_str().unwrap().replace('_', "-");
            assert_eq!(what.key(), format!("{prefix}-{name}"));
        }
    }
    check::<Verdict>("verdict");
    check::<Reason>("reason");
    check::<journal::Kind>("journal");
    check::<passes::Kind>("pass");
    check::<passes::Standing>("pass-state");
    check::<PlaceKind>("place");
    check::<Role>("role");
    check::<gates::Kind>("gate");
    check::<gates::Direction>("direction");
    check::<gates::Buttons>("buttons");
}

#[test]
fn what_a_newer_program_wrote_has_a_text_too() {
    let newer: Open<passes::Kind> = serde_json::from_str("\"helicopter\"").unwrap();
    check(
        |texts| texts.say_open(&newer),
        "Неизвестно: это записала более новая программа",
        "Unknown: a newer program wrote this",
    );
    check(|texts| texts.say_open(&Open::Known(passes::Kind::Taxi)), "Такси", "Taxi");
}

#[test]
fn a_reason_says_what_is_known() {
    let details = Details {
        house: "12/1",
        plate: "А 123 ВС 77",
        person: "Анна",
        guard: "Пётр",
        from: "1 мая, 9:00",
        until: "12 мая, 18:00",
        hours: "по будням, 9:00–18:00",
        entries: 2,
    };
    for (reason, plain, detailed) in [
        (Reason::Pass, "Есть пропуск", "Есть пропуск, дом 12/1"),
        (Reason::Unknown, "Нет в списках", "А 123 ВС 77 нет в списках"),
        (Reason::Button, "Житель открывает с телефона", "С телефона открывает Анна"),
        (Reason::Guard, "По решению охранника", "По решению охранника: Пётр"),
        (Reason::NotYet, "Пропуск ещё не начал действовать", "Пропуск начнёт действовать 1 мая, 9:00"),
        (Reason::Expired, "Пропуск закончился", "Пропуск закончился 12 мая, 18:00"),
        (Reason::Banned, "Пускать запрещено", "Пускать запрещено до 12 мая, 18:00"),
        (
            Reason::OutsideHours,
            "По этому пропуску пускают в другое время",
            "По этому пропуску пускают: по будням, 9:00–18:00",
        ),
        (Reason::UsedUp, "По этому пропуску уже проехали", "Пропуск был на 2 въезда, все уже использованы"),
        (Reason::Revoked, "Право на въезд отозвано", "Право на въезд отозвано"),
    ] {
        let texts = Texts::new(Language::Ru);
        assert_eq!(texts.reason(reason, &Details::default()), plain);
        assert_eq!(texts.reason(reason, &details), detailed);
    }
    for reason in Reason::ALL {
        for text in both(|texts| texts.reason(*reason, &details)) {
            assert!(!text.starts_with("reason-") && !text.contains(['{', '}', '$']), "{text}");
        }
    }
}

#[test]
fn numbers_choose_their_words() {
    for (count, ru, en) in [
        (0, "0 пропусков", "0 passes"),
        (1, "1 пропуск", "1 pass"),
        (2, "2 пропуска", "2 passes"),
        (4, "4 пропуска", "4 passes"),
        (5, "5 пропусков", "5 passes"),
        (11, "11 пропусков", "11 passes"),
        (12, "12 пропусков", "12 passes"),
        (21, "21 пропуск", "21 passes"),
        (22, "22 пропуска", "22 passes"),
        (111, "111 пропусков", "111 passes"),
        (1_000_001, "1000001 пропуск", "1000001 passes"),
    ] {
        check(|texts| texts.get("passes-count", &[("count", count.into())]), ru, en);
    }
    let left = |left: u32| move |texts: &Texts| texts.get("sign-in-refused", &[("left", left.into())]);
    check(left(0), "PIN не подходит", "Wrong PIN");
    check(left(1), "PIN не подходит, осталась 1 попытка", "Wrong PIN, 1 try left");
    check(left(3), "PIN не подходит, осталось 3 попытки", "Wrong PIN, 3 tries left");
    check(left(5), "PIN не подходит, осталось 5 попыток", "Wrong PIN, 5 tries left");
}

#[test]
fn refusals_are_said_to_people() {
    for (denied, ru, en) in [
        (Denied::NotAllowed, "На это у вас нет права", "You have no right to do this"),
        (Denied::NotFound("house"), "Такого дома нет", "There is no such house"),
        (Denied::NotFound("unicorn"), "Такой записи нет", "There is no such record"),
        (Denied::Exists("vehicle"), "Эта машина уже записана", "This car is registered already"),
        (Denied::Ended("pass"), "Этот пропуск уже закончился", "This pass has ended already"),
        (Denied::Invalid { field: "name", why: "too-long" }, "Имя: слишком длинно", "Name: too long"),
        (Denied::Invalid { field: "horn", why: "too-long" }, "Слишком длинно", "Too long"),
        (
            Denied::Invalid { field: "name", why: "blue" },
            "Имя: здесь что-то не так",
            "Name: something is not right here",
        ),
        (
            Denied::Store(StoreError::Full),
            "Не получилось, ничего не изменилось. Попробуйте ещё раз",
            "It did not work and nothing was changed. Please try again",
        ),
    ] {
        check(|texts| texts.denied(&denied), ru, en);
    }
}

#[test]
fn why_a_plate_is_none_has_a_text() {
    let flaws = [
        NotAPlate::Empty,
        NotAPlate::TooLong,
        NotAPlate::Character('<'),
        NotAPlate::Zero,
        NotAPlate::Region("00".to_owned()),
        NotAPlate::NoRegion,
        NotAPlate::Shape,
    ];
    for flaw in flaws {
        let other = both(|texts| texts.get("why-other", &[]));
        let key = format!("why-{}", flaw.why());
        for (text, other) in both(|texts| texts.get(&key, &[])).into_iter().zip(other) {
            assert!(text != key && text != other, "{flaw:?}: {text}");
        }
    }
}

#[test]
fn a_moment_is_said_in_the_zone_of_the_community() {
    const MAY: u64 = 1_778_598_000_000; // 2026-05-12T15:00:00Z
    const YEAR: u64 = 365 * 86_400_000;
    let at = |at, now, zone: &'static str| move |texts: &Texts| texts.moment(at, now, zone);
    check(at(MAY, MAY, "Europe/Moscow"), "12 мая, 18:00", "12 May, 18:00");
    check(at(MAY, MAY, "Asia/Kamchatka"), "13 мая, 3:00", "13 May, 3:00");
    check(at(MAY + YEAR, MAY, "Europe/Moscow"), "12 мая 2027 года, 18:00", "12 May 2027, 18:00");
    check(at(MAY, MAY, "Mars/Olympus"), "12 мая, 15:00", "12 May, 15:00");
    check(at(0, 0, "UTC"), "1 января, 0:00", "1 January, 0:00");
    check(at(u64::MAX, MAY, "UTC"), "", "");
    check(at(i64::MAX as u64, MAY, "UTC"), "", "");
    check(at(MAY, u64::MAX, "UTC"), "12 мая 2026 года, 15:00", "12 May 2026, 15:00");
}

#[test]
fn days_and_hours_are_said_shortly() {
    let check = |days: &[u8], from: u16, until: u16, ru: &str, en: &str| {
        let weekly = Weekly { days: days.to_vec(), from_minute: from, until_minute: until };
        check(|texts| texts.weekly(&weekly), ru, en);
    };
    check(&[1, 2, 3, 4, 5], 540, 1080, "по будням, 9:00–18:00", "on working days, 9:00–18:00");
    check(&[7, 6], 0, 1440, "по выходным", "at weekends");
    check(&[7, 6, 5, 4, 3, 2, 1, 1], 0, 0, "каждый день", "every day");
    check(&[3, 1], 545, 600, "пн, ср, 9:05–10:00", "Mon, Wed, 9:05–10:00");
    check(&[5], 1320, 360, "пт, с 22:00 до 6:00 следующего дня", "Fri, 22:00 to 6:00 on the next day");
    check(&[0, 9], 60, 120, "ни в какой день, 1:00–2:00", "on no day, 1:00–2:00");
}

#[test]
fn what_is_missing_is_its_key() {
    for key in ["no-such-text", "house.no-such-detail", "no-such-text.detail", "", ".", "-term", "{"] {
        check(|texts| texts.get(key, &[]), key, key);
        assert_eq!(both(|texts| texts.find(key).unwrap_or_default()), ["", ""]);
    }
    // What people write is never read as Fluent.
    let name = "{ $house } \u{2068}<b>";
    check(
        |texts| texts.get("house", &[("house", Value::from(name))]),
        &format!("Дом {name}"),
        &format!("House {name}"),
    );
}

#[test]
fn texts_are_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Texts>();
    let texts = Texts::new(Language::Ru);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(texts.get("passes-count", &[("count", 3.into())]), "3 пропуска"));
        }
    });
    assert_eq!(texts.language(), Language::Ru);
}

#[test]
fn languages_by_name() {
    for language in [Language::Ru, Language::En] {
        assert_eq!(Language::from_str(language.as_str()), Ok(language));
    }
    assert_eq!("de".parse::<Language>(), Err(UnknownLanguage("de".to_owned())));
}
