//! Words that people use of visitors, days and hours, in both languages; in small letters, `е` for `ё`.
//!
//! What must never be here: what is made of them.

use dwellers::passes::Kind;

/// What a visit is for.
pub(super) fn kind(word: &str) -> Option<Kind> {
    Some(match word {
        "такси" | "taxi" | "cab" | "uber" | "убер" => Kind::Taxi,
        "курьер" | "курьера" | "курьеру" | "доставка" | "доставку" | "courier" | "delivery" => {
            Kind::Courier
        }
        "гость" | "гостя" | "гостья" | "гостью" | "гости" | "гостей" | "guest" | "guests" | "visitor"
        | "visitors" => Kind::Guest,
        "постоянный" | "постоянного" | "постоянная" | "постоянную" | "recurring" | "permanent" => {
            Kind::Recurring
        }
        "мероприятие" | "праздник" | "вечеринка" | "вечеринку" | "event" | "party" => {
            Kind::Event
        }
        _ => return None,
    })
}

/// Whether it says that they come again and again.
pub(super) fn is_again(word: &str) -> bool {
    is_each(word) || matches!(word, "ежедневно" | "daily")
}

/// What stands before a day of the week that comes again.
pub(super) fn is_each(word: &str) -> bool {
    matches!(word, "по" | "каждый" | "каждую" | "каждое" | "каждые" | "every" | "each")
}

/// Several days of the week at once.
pub(super) fn days(word: &str) -> Option<Vec<u8>> {
    Some(match word {
        "будням" | "рабочим" | "будни" | "weekdays" | "weekday" => (1..=5).collect(),
        "выходным" | "выходные" | "weekends" | "weekend" => vec![6, 7],
        "ежедневно" | "daily" | "день" | "day" => (1..=7).collect(),
        _ => return None,
    })
}

/// Whether such a word means it only behind `каждый`.
pub(super) fn needs_each(word: &str) -> bool {
    matches!(word, "день" | "day" | "выходные" | "weekend")
}

/// A day of the week, and whether it is one that comes again.
pub(super) fn weekday(word: &str) -> Option<(u8, bool)> {
    const DAYS: [&[&str]; 7] = [
        &["понедельник", "понедельника", "пн", "monday", "mon", "понедельникам", "mondays"],
        &["вторник", "вторника", "вт", "tuesday", "tue", "вторникам", "tuesdays"],
        &["среда", "среду", "среды", "ср", "wednesday", "wed", "средам", "wednesdays"],
        &["четверг", "четверга", "чт", "thursday", "thu", "четвергам", "thursdays"],
        &["пятница", "пятницу", "пятницы", "пт", "friday", "fri", "пятницам", "fridays"],
        &["суббота", "субботу", "субботы", "сб", "saturday", "sat", "субботам", "saturdays"],
        &["воскресенье", "воскресенья", "вс", "sunday", "sun", "воскресеньям", "sundays"],
    ];
    let day = (1..).zip(DAYS).find(|(_, names)| names.contains(&word))?.0;
    Some((day, word.ends_with("ам") || word.ends_with("ям") || word.ends_with("days")))
}

/// How many days ahead.
pub(super) fn ahead(word: &str) -> Option<i64> {
    match word {
        "сегодня" | "today" | "tonight" => Some(0),
        "завтра" | "tomorrow" => Some(1),
        "послезавтра" => Some(2),
        _ => None,
    }
}

/// A month, behind or before the number of a day.
pub(super) fn month(word: &str) -> Option<i8> {
    const MONTHS: [[&str; 4]; 12] = [
        ["января", "янв", "january", "jan"],
        ["февраля", "фев", "february", "feb"],
        ["марта", "мар", "march", "mar"],
        ["апреля", "апр", "april", "apr"],
        ["мая", "май", "may", "may"],
        ["июня", "июн", "june", "jun"],
        ["июля", "июл", "july", "jul"],
        ["августа", "авг", "august", "aug"],
        ["сентября", "сен", "september", "sep"],
        ["октября", "окт", "october", "oct"],
        ["ноября", "ноя", "november", "nov"],
        ["декабря", "дек", "december", "dec"],
    ];
    Some((1..).zip(MONTHS).find(|(_, names)| names.contains(&word))?.0)
}

/// The part of the day that an hour is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The hour is what it says.
    Any,
    /// Before noon.
    Morning,
    /// After noon.
    Evening,
}

impl Part {
    /// Minutes after midnight; nothing for an hour that this part of the day has not.
    pub(super) fn of(self, minute: u16) -> Option<u16> {
        const NOON: u16 = 12 * 60;
        match self {
            Part::Any => Some(minute),
            Part::Morning if (NOON..NOON + 60).contains(&minute) => Some(minute - NOON),
            Part::Morning => (minute < NOON).then_some(minute),
            Part::Evening if minute < NOON => Some(minute + NOON),
            Part::Evening => Some(minute),
        }
    }
}

/// What stands behind an hour.
pub(super) fn part_of_day(word: &str) -> Option<Part> {
    match word {
        "час" | "часа" | "часов" | "ч" | "o'clock" => Some(Part::Any),
        "утра" | "ночи" | "am" | "a.m" => Some(Part::Morning),
        "дня" | "вечера" | "pm" | "p.m" => Some(Part::Evening),
        _ => None,
    }
}

/// What stands before an end.
pub(super) fn is_until(word: &str) -> bool {
    matches!(word, "до" | "till" | "until" | "before" | "по")
}

/// What stands before a beginning.
pub(super) fn is_from(word: &str) -> bool {
    matches!(word, "с" | "со" | "после" | "from" | "after" | "since")
}

/// What stands before a day, or before the hour of an arrival.
pub(super) fn is_at(word: &str) -> bool {
    matches!(word, "в" | "во" | "к" | "ко" | "на" | "около" | "at" | "by" | "on" | "about" | "around")
}

/// What stands before a while that passes first.
pub(super) fn is_in(word: &str) -> bool {
    matches!(word, "через" | "in" | "within")
}

/// How long such a while is.
pub(super) fn is_while(word: &str) -> bool {
    ["мин", "час", "min", "hour"].iter().any(|stem| word.starts_with(stem))
}

/// Those who are counted.
pub(super) fn are_people(word: &str) -> bool {
    matches!(word, "человек" | "человека" | "чел" | "гостей" | "гостя" | "people" | "persons" | "guests")
}

/// A word that says nothing of the visitor.
pub(super) fn is_filler(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "пожалуйста",
        "прошу",
        "нужен",
        "нужна",
        "нужно",
        "пропустите",
        "пропустить",
        "пропуск",
        "пропуска",
        "для",
        "на",
        "номер",
        "номером",
        "госномер",
        "машина",
        "машину",
        "авто",
        "автомобиль",
        "к",
        "в",
        "о",
        "вам",
        "нам",
        "мне",
        "едет",
        "приедет",
        "приезжает",
        "подъедет",
        "водитель",
        "ваш",
        "и",
        "а",
        "please",
        "pass",
        "for",
        "the",
        "a",
        "is",
        "your",
        "driver",
        "plate",
        "number",
        "car",
        "my",
        "of",
        "and",
        "way",
        "to",
        "you",
        "on",
        "arriving",
        "will",
        "arrive",
    ];
    WORDS.contains(&word)
}

/// A colour of a car.
pub(super) fn is_colour(word: &str) -> bool {
    const STEMS: &[&str] = &[
        "бел",
        "черн",
        "сер",
        "серебрист",
        "красн",
        "син",
        "голуб",
        "зелен",
        "желт",
        "коричнев",
        "бежев",
        "оранжев",
    ];
    const ENDS: &[&str] = &["ый", "ая", "ое", "ий", "яя", "ой", "ую", "юю", "ого", "ом"];
    const ENGLISH: &[&str] = &[
        "white", "black", "grey", "gray", "silver", "red", "blue", "green", "yellow", "brown", "beige",
        "orange",
    ];
    let is_russian = STEMS.iter().any(|stem| word.strip_prefix(stem).is_some_and(|end| ENDS.contains(&end)));
    is_russian || ENGLISH.contains(&word)
}

/// A make of cars that are about, in either alphabet.
pub(super) fn is_make(word: &str) -> bool {
    const MAKES: &[&str] = &[
        "kia",
        "киа",
        "hyundai",
        "хендай",
        "хендэ",
        "skoda",
        "шкода",
        "renault",
        "рено",
        "toyota",
        "тойота",
        "volkswagen",
        "фольксваген",
        "vw",
        "lada",
        "лада",
        "ваз",
        "газ",
        "газель",
        "geely",
        "джили",
        "chery",
        "чери",
        "haval",
        "хавал",
        "хавейл",
        "exeed",
        "omoda",
        "mercedes",
        "мерседес",
        "bmw",
        "бмв",
        "audi",
        "ауди",
        "nissan",
        "ниссан",
        "ford",
        "форд",
        "mazda",
        "мазда",
        "lexus",
        "лексус",
        "volvo",
        "вольво",
        "opel",
        "опель",
        "peugeot",
        "пежо",
        "citroen",
        "ситроен",
        "mitsubishi",
        "мицубиси",
        "honda",
        "хонда",
        "subaru",
        "субару",
        "suzuki",
        "сузуки",
        "chevrolet",
        "шевроле",
        "jac",
        "changan",
        "чанган",
        "москвич",
        "уаз",
        "tesla",
        "тесла",
        "солярис",
        "поло",
        "рапид",
        "октавия",
        "логан",
        "рио",
        "камри",
    ];
    MAKES.contains(&word)
}
