//! Every text that a person sees, in Russian and English.
//!
//! The texts stand in `shared/locales`, a file a slice in each language, and are part of the program. A text is
//! named by its key; [`Texts::get`] fills in what it needs. Values of the rules that have a text of their own are
//! [`Spoken`], and a new variant does not compile until it has a key. A text that is missing is said in English, or
//! as its key: a gate never stops for a word.
//!
//! What must never be here: a sentence put together in code (word order is the languages' own); a clock.

mod spoken;

use std::borrow::Cow;
use std::str::FromStr;

use dwellers_replica::Open;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use unic_langid::langid;

use crate::access::Reason;
use crate::command::Denied;
use crate::passes::Weekly;

pub use self::spoken::Spoken;

/// A language that people are spoken to in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Русский.
    #[default]
    Ru,
    /// English.
    En,
}

impl Language {
    /// As records and requests name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Language::Ru => "ru",
            Language::En => "en",
        }
    }
}

/// A language that there are no texts in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are no texts in {0:?}: languages are `ru` and `en`")]
pub struct UnknownLanguage(pub String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        match text {
            "ru" => Ok(Language::Ru),
            "en" => Ok(Language::En),
            _ => Err(UnknownLanguage(text.to_owned())),
        }
    }
}

/// What is filled into a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Words, as they stand.
    Text(Cow<'a, str>),
    /// A number, which may choose the form of other words: 1 пропуск, 2 пропуска.
    Number(u32),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Value::Number(number)
    }
}

/// What is known beside a reason, in ready words ([`Texts::moment`], [`crate::plate::shown`]); empty, or 0, where it
/// is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Details<'a> {
    /// The house's label.
    pub house: &'a str,
    /// The plate.
    pub plate: &'a str,
    /// The person's name.
    pub person: &'a str,
    /// The guard's name.
    pub guard: &'a str,
    /// When it begins.
    pub from: &'a str,
    /// When it ended or will.
    pub until: &'a str,
    /// Its days and hours ([`Texts::weekly`]).
    pub hours: &'a str,
    /// How many entries the pass had.
    pub entries: u32,
}

/// The texts of a language. Made once and shared: it reads all of them.
pub struct Texts {
    language: Language,
    /// Its own, then those to fall back on.
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl Texts {
    /// All texts of a language.
    pub fn new(language: Language) -> Texts {
        let bundles = match language {
            Language::En => vec![bundle(Language::En)],
            Language::Ru => vec![bundle(Language::Ru), bundle(Language::En)],
        };
        Texts { language, bundles }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A text by its key, or `key.detail` for one with more in it. What it needs is named above it in its file.
    pub fn get(&self, key: &str, args: &[(&str, Value<'_>)]) -> String {
        self.filled(key, args).unwrap_or_else(|| key.to_owned())
    }

    /// A text that needs nothing, where there is one by this key.
    pub fn find(&self, key: &str) -> Option<String> {
        self.filled(key, &[])
    }

    fn filled(&self, key: &str, args: &[(&str, Value<'_>)]) -> Option<String> {
        let (message, attribute) = key.split_once('.').map_or((key, None), |(m, a)| (m, Some(a)));
        let mut filled = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            filled.set(
                *name,
                match value {
                    Value::Text(text) => FluentValue::from(text.as_ref()),
                    Value::Number(number) => FluentValue::from(*number),
                },
            );
        }
        self.bundles.iter().find_map(|bundle| {
            let message = bundle.get_message(message)?;
            let pattern = match attribute {
                Some(attribute) => message.get_attribute(attribute)?.value(),
                None => message.value()?,
            };
            // An argument that is missing shows as its name; the tests fill every one.
            let mut faults = Vec::new();
            Some(bundle.format_pattern(pattern, Some(&filled), &mut faults).into_owned())
        })
    }

    /// The text of a value of the rules.
    pub fn say(&self, what: impl Spoken) -> String {
        self.get(what.key(), &[])
    }

    /// The text of a value that a newer program may have written.
    pub fn say_open<T: Spoken>(&self, what: &Open<T>) -> String {
        what.known().map_or_else(|| self.get("unknown", &[]), |known| self.say(*known))
    }

    /// Why, with the detail that makes it clearer where that is known: «Пропуск закончился 12 мая, 18:00».
    pub fn reason(&self, reason: Reason, details: &Details<'_>) -> String {
        let (name, value): (&str, Value<'_>) = match reason {
            Reason::Vehicle | Reason::Pass | Reason::Card | Reason::Allowed | Reason::Denied => {
                ("house", details.house.into())
            }
            Reason::Unknown | Reason::WeakReading | Reason::Inside | Reason::BannedLeaving => {
                ("plate", details.plate.into())
            }
            Reason::Button => ("person", details.person.into()),
            Reason::Guard => ("guard", details.guard.into()),
            Reason::NotYet => ("from", details.from.into()),
            Reason::Banned | Reason::Expired => ("until", details.until.into()),
            Reason::OutsideHours => ("hours", details.hours.into()),
            Reason::UsedUp => ("entries", details.entries.into()),
            Reason::FreeExit
            | Reason::Leaving
            | Reason::TimeNotTrusted
            | Reason::NewerRules
            | Reason::DecidedElsewhere
            | Reason::NotJudged
            | Reason::Revoked
            | Reason::NoRight => return self.say(reason),
        };
        if value == Value::from("") || value == Value::Number(0) {
            return self.say(reason);
        }
        self.get(&format!("{}.{name}", reason.key()), &[(name, value)])
    }

    /// Why a command was refused, for the person who gave it. What failed inside is for the log.
    pub fn denied(&self, denied: &Denied) -> String {
        let of = |kind: &str, what: &str| {
            self.find(&format!("{kind}-{what}")).unwrap_or_else(|| self.get(&format!("{kind}-other"), &[]))
        };
        match denied {
            Denied::NotAllowed => self.get("denied-not-allowed", &[]),
            Denied::NotFound(what) => of("not-found", what),
            Denied::Exists(what) => of("exists", what),
            Denied::Ended(what) => of("ended", what),
            Denied::Invalid { field, why } => {
                let why = of("why", why);
                match self.find(&format!("field-{field}")) {
                    Some(field) => {
                        self.get("denied-invalid", &[("field", field.into()), ("why", why.into())])
                    }
                    None => capitalised(&why),
                }
            }
            Denied::Read(_) | Denied::Store(_) => self.get("denied-failed", &[]),
        }
    }

    /// «12 мая, 18:00» in a time zone by its IANA name (UTC where there is no such), with the year where it is not
    /// that of `now_ms`. Milliseconds since 1970; empty where that is no time that a calendar has.
    pub fn moment(&self, at_ms: u64, now_ms: u64, time_zone: &str) -> String {
        let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
        let civil = |ms: u64| {
            let ms = i64::try_from(ms).ok()?;
            Timestamp::from_millisecond(ms).ok().map(|at| zone.to_datetime(at))
        };
        let Some(at) = civil(at_ms) else {
            return String::new();
        };
        let this_year = civil(now_ms).is_some_and(|now| now.year() == at.year());
        let month: u32 = at.month().unsigned_abs().into();
        self.get(
            if this_year { "moment" } else { "moment.year" },
            &[
                ("day", at.day().to_string().into()),
                ("month", month.into()),
                ("year", at.year().to_string().into()),
                ("time", format!("{}:{:02}", at.hour(), at.minute()).into()),
            ],
        )
    }

    /// «по будням, 9:00–18:00».
    pub fn weekly(&self, weekly: &Weekly) -> String {
        let mut days = weekly.days.clone();
        days.retain(|day| (1..=7).contains(day));
        days.sort_unstable();
        days.dedup();
        let days = match days.as_slice() {
            [] => self.get("days-none", &[]),
            [1, 2, 3, 4, 5, 6, 7] => self.get("days-all", &[]),
            [1, 2, 3, 4, 5] => self.get("days-working", &[]),
            [6, 7] => self.get("days-weekend", &[]),
            some => {
                some.iter().map(|day| self.get(&format!("weekday-{day}"), &[])).collect::<Vec<_>>().join(", ")
            }
        };
        let (from, until) = (weekly.from_minute, weekly.until_minute);
        let key = match (from, until) {
            (0, 0 | 1440) => "weekly.whole-day",
            _ if until <= from => "weekly.overnight",
            _ => "weekly",
        };
        let clock = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
        self.get(key, &[("days", days.into()), ("from", clock(from).into()), ("until", clock(until).into())])
    }
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// The files of each language. A new slice's texts are a line here.
macro_rules! files {
    ($language:literal) => {
        files!($language: "access", "accounts", "alarms", "audit", "bot/applications", "bot/chats", "bot/gates", "bot/inline", "bot/joining", "bot/menu", "bot/passes", "bot/questions", "bot/settings", "bot/told", "errors", "gates", "journal", "kiosk", "letters", "notify", "pages", "passes", "people", "privacy", "questions", "time")
    };
    ($language:literal: $($slice:literal),*) => {
        [$(include_str!(concat!("../../locales/", $language, "/", $slice, ".ftl"))),*]
    };
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let (id, files) = match language {
        Language::Ru => (langid!("ru"), files!("ru")),
        Language::En => (langid!("en"), files!("en")),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Marks around what is filled in are for texts of mixed direction; ours would show them in terminals.
    bundle.set_use_isolating(false);
    for file in files {
        let resource = FluentResource::try_new(file.to_owned()).expect("the tests read the same files");
        bundle.add_resource(resource).expect("the tests read the same files");
    }
    bundle
}
