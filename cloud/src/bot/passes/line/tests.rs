//! Lines as people write them, and what is read out of them.

use super::*;

fn now() -> DateTime {
    // A Thursday.
    jiff::civil::date(2026, 11, 26).at(15, 0, 0, 0)
}

fn of(text: &str) -> Line {
    read(text, Country::Russia, now())
}

fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Some(jiff::civil::date(year, month, day))
}

#[test]
fn short_lines_are_read() {
    let taxi = Line { kind: Some(Kind::Taxi), ..Line::default() };
    for text in
        ["Такси А123ВС77", "такси а123вс77", "taxi A123BC77", "А 123 ВС 77 такси", "такси: a123bc 77 RUS"]
    {
        let line = of(text);
        assert_eq!((line.kind, line.plate.as_str()), (taxi.kind, "А 123 ВС 77"), "{text}");
        assert_eq!((line.name.as_str(), line.note.as_str()), ("", ""), "{text}");
        assert!(line.is_a_pass(), "{text}");
    }
    let line = of("такси");
    assert!(line.is_a_pass() && line.plate.is_empty() && line.kind == Some(Kind::Taxi));
    let line = of("гость Пётр");
    assert_eq!((line.kind, line.name.as_str(), line.day), (Some(Kind::Guest), "Пётр", None));
    assert_eq!(of("гость пётр").name, "пётр");
    let line = of("курьер Озон сегодня до 18");
    assert_eq!((line.kind, line.name.as_str()), (Some(Kind::Courier), "Озон"));
    assert_eq!((line.day, line.until, line.from), (day(2026, 11, 26), Some(18 * 60), None));
    let line = of("guest Peter tomorrow");
    assert_eq!((line.kind, line.name.as_str(), line.day), (Some(Kind::Guest), "Peter", day(2026, 11, 27)));
    let line = of("Пётр и Маша завтра к 12:00 а123вс 777");
    assert_eq!((line.kind, line.name.as_str(), line.plate.as_str()), (None, "Пётр и Маша", "А 123 ВС 777"));
    assert_eq!((line.day, line.at, line.note.as_str()), (day(2026, 11, 27), Some(12 * 60), ""));
    let line = of("праздник в субботу с 15 до 23, 30 человек");
    assert_eq!((line.kind, line.people), (Some(Kind::Event), Some(30)));
    assert_eq!((line.day, line.from, line.until), (day(2026, 11, 28), Some(900), Some(1380)));
    let line = of("гость Пётр с собакой");
    assert_eq!((line.name.as_str(), line.note.as_str()), ("Пётр", "с собакой"));
}

#[test]
fn messages_that_are_passed_on_are_read() {
    let line = of("К вам едет белый Kia Rio, А123ВС77, Иван");
    assert_eq!((line.kind, line.plate.as_str()), (Some(Kind::Taxi), "А 123 ВС 77"));
    assert_eq!((line.name.as_str(), line.note.as_str()), ("Иван", "белый Kia Rio"));
    let line = of("Your driver Ivan is on the way\nGrey Hyundai Solaris\nX777XX 199");
    assert_eq!((line.kind, line.plate.as_str()), (Some(Kind::Taxi), "Х 777 ХХ 199"));
    assert!(line.note.starts_with("Grey Hyundai Solaris"), "{line:?}");
    let line = of("Через 5 минут подъедет чёрная Шкода Октавия А123ВС77");
    assert_eq!(
        (line.plate.as_str(), line.note.as_str(), line.at),
        ("А 123 ВС 77", "чёрная Шкода Октавия", None)
    );
}

#[test]
fn days_and_hours_are_read() {
    let when = |text: &str| {
        let line = of(text);
        (line.day, line.from, line.until, line.at)
    };
    assert_eq!(when("гость завтра с 10 до 15"), (day(2026, 11, 27), Some(600), Some(900), None));
    assert_eq!(when("гость 12 марта"), (day(2027, 3, 12), None, None, None));
    assert_eq!(when("guest March 12"), (day(2027, 3, 12), None, None, None));
    assert_eq!(when("гость 1.12 в 8 вечера"), (day(2026, 12, 1), None, None, Some(1200)));
    assert_eq!(when("гость 05.01.2027 10:00-12:30"), (day(2027, 1, 5), Some(600), Some(750), None));
    assert_eq!(when("guest on Sunday at 6pm"), (day(2026, 11, 29), None, None, Some(1080)));
    assert_eq!(when("guest from 10 to 12 today"), (day(2026, 11, 26), Some(600), Some(720), None));
    assert_eq!(when("гость в четверг"), (day(2026, 11, 26), None, None, None));
    assert_eq!(of("гость до 31.12").last, day(2026, 12, 31));
    assert_eq!(of("гость 29 февраля").day, None);
    for (text, said) in [
        ("гость 31.02", "31.02"),
        ("гость в 25:00", "25:00"),
        ("гость 32 марта", "32"),
        ("гость до 18:75", "18:75"),
    ] {
        assert_eq!(of(text).impossible.as_deref(), Some(said), "{text}");
    }
}

#[test]
fn what_comes_again_is_read() {
    let line = of("няня Ольга по будням с 9 до 18");
    assert_eq!(
        (line.kind, line.days.len(), line.from, line.until),
        (Some(Kind::Recurring), 5, Some(540), Some(1080))
    );
    assert_eq!((line.name.as_str(), line.note.as_str()), ("Ольга", "няня"));
    assert_eq!(of("уборка каждый вторник").days, BTreeSet::from([2]));
    assert_eq!(of("уборка по пн, ср и пт").days, BTreeSet::from([1, 3, 5]));
    assert_eq!(of("cleaner every day").days.len(), 7);
    assert_eq!(of("постоянный Пётр").kind, Some(Kind::Recurring));
}

#[test]
fn what_is_not_certain_is_left_open() {
    // A zero for a letter is put right, and is to be confirmed.
    let line = of("такси А123В077");
    assert_eq!((line.plate.as_str(), line.perhaps.as_slice()), ("", ["А 123 ВО 77".to_owned()].as_slice()));
    // It may be a motorcycle's, or a car's whose letter is written as a zero.
    let both = ["О 123 ВС 77".to_owned(), "0123 ВС 77".to_owned()];
    let line = of("такси 0123ВС77");
    assert_eq!((line.plate.as_str(), line.perhaps.as_slice()), ("", both.as_slice()));
    let line = of("такси А123ВС77 или В456ОР99");
    assert_eq!((line.plate.as_str(), line.perhaps.len()), ("", 2));
    let line = of("такси А123ВС");
    assert_eq!((line.plate.as_str(), line.not_a_plate), ("", Some("plate-without-region")));
    assert_eq!(of("такси А123ВС00").not_a_plate, Some("no-such-region"));
    assert_eq!(of("А123ВС77").kind, None);
    assert_eq!(of("такси или курьер").kind, None);
}

#[test]
fn what_is_no_pass_is_none() {
    for text in [
        "привет",
        "Когда починят шлагбаум?",
        "спасибо, всё хорошо",
        "позвоните +7 912 345-67-89",
        "вчера у меня такси не пропустили, и водитель стоял на воротах целый час, разберитесь пожалуйста с охраной",
        "",
        "дом 12",
    ] {
        assert!(!of(text).is_a_pass(), "{text}: {:?}", of(text));
    }
}

/// Many lines of words that people use, and of letters and signs by chance.
fn lines() -> impl Iterator<Item = String> {
    const WORDS: &[&str] = &[
        "такси",
        "гость",
        "Пётр",
        "и",
        "до",
        "18",
        "завтра",
        "в",
        "А123ВС77",
        "а123вс",
        "777",
        "0123ВС77",
        "12.03",
        "31.02",
        "10:00-12:00",
        "через",
        "5",
        "минут",
        "по",
        "будням",
        "белый",
        "Kia",
        "Rio,",
        "с",
        "собакой",
        "—",
        "«",
        "12",
        "марта",
        "каждый",
        "день",
        "25:99",
        "🚕",
        "RUS",
        "X777XX199",
        "\u{308}",
        "ǅ",
        "ß",
        "۱۲",
        "9–18",
        ",,,",
        "to",
        "from",
    ];
    let mut chance = fastrand::Rng::with_seed(7);
    (0..4_000).map(move |_| {
        let count = chance.usize(0..12);
        let word = |chance: &mut fastrand::Rng| match chance.u8(0..5) {
            0 => std::iter::repeat_with(|| chance.char(..)).take(4).collect(),
            _ => WORDS[chance.usize(..WORDS.len())].to_owned(),
        };
        (0..count).map(|_| word(&mut chance)).collect::<Vec<_>>().join(if chance.bool() { " " } else { ", " })
    })
}

#[test]
fn no_plate_is_invented() {
    for text in lines() {
        let line = of(&text);
        if !line.plate.is_empty() {
            assert!(fold(&text).contains(&fold(&line.plate)), "{text}: {line:?}");
        }
        for minute in [line.at, line.from, line.until].into_iter().flatten() {
            assert!(minute <= DAY, "{text}");
        }
    }
}

#[test]
fn a_plate_is_found_however_it_is_written_and_wherever_it_stands() {
    let mut chance = fastrand::Rng::with_seed(11);
    let letters: Vec<char> = "АВЕКМНОРСТУХ".chars().collect();
    for _ in 0..2_000 {
        let mut letter = || letters[chance.usize(..letters.len())];
        let (a, b, c) = (letter(), letter(), letter());
        let (number, region) = (chance.u16(1..1000), [1, 50, 77, 99, 177, 799][chance.usize(..6)]);
        let mut plate = match chance.u8(0..4) {
            0 => format!("{a}{number:03}{b}{c}{region:02}"),
            1 => format!("{a} {number:03} {b}{c} {region:02}"),
            2 => format!("{a}{number:03}{b}{c} {region:02}"),
            _ => format!("{a}{number:03}{b}{c}-{region:02}"),
        };
        let key = fold(&plate);
        if chance.bool() {
            plate = plate.to_lowercase();
        }
        let text = match chance.u8(0..4) {
            0 => format!("такси {plate}"),
            1 => format!("{plate} гость Пётр"),
            2 => format!("К вам едет белый Kia Rio, {plate}, Иван"),
            _ => format!("guest ({plate})\ntomorrow"),
        };
        assert_eq!(fold(&of(&text).plate), key, "{text}: {:?}", of(&text));
    }
}
