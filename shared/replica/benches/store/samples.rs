//! The records that are measured: what a settlement might keep, in made-up but lifelike sizes.

use dwellers_replica::{Index, Now, Record, RecordId, Schema, Spec};
use serde::{Deserialize, Serialize};

/// A record of which any number can be made.
pub trait Sample: Record {
    /// Whether [`Sample::change`] changes it.
    const IS_CHANGED: bool = false;

    /// The n-th.
    fn sample(n: u64) -> Self;

    fn change(&mut self) {}

    /// The text that is searched.
    fn text(&self) -> Option<&str> {
        None
    }
}

pub fn schema() -> Schema {
    Schema::new().with::<Passage>().with::<Resident>().with::<Visit>().with::<Note>().with::<Entry>()
}

const START_MS: u64 = 1_750_000_000_000;

pub const fn id(n: u64) -> RecordId {
    RecordId::new(START_MS + n, mixed(n) as u128)
}

pub const fn now(n: u64) -> Now {
    Now { ms: START_MS + n, trusted: true }
}

/// A number that looks random.
pub fn scatter(n: u64) -> u64 {
    mixed(n)
}

/// <https://prng.di.unimi.it/splitmix64.c>
const fn mixed(n: u64) -> u64 {
    let n = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

fn plate(n: u64) -> String {
    const LETTERS: [char; 12] = ['А', 'В', 'Е', 'К', 'М', 'Н', 'О', 'Р', 'С', 'Т', 'У', 'Х'];
    let n = mixed(n);
    let letter = |at: u32| LETTERS[(n >> at) as usize % LETTERS.len()];
    format!("{}{:03}{}{}{}", letter(0), (n >> 16) % 1000, letter(4), letter(8), 1 + (n >> 32) % 199)
}

/// A fact of ten fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Passage {
    pub plate: String,
    pub gate: String,
    pub lane: u64,
    pub direction: String,
    pub grant: Option<RecordId>,
    pub decision: String,
    pub reason: String,
    pub confidence: u64,
    pub camera: String,
    pub weight: u64,
}

impl Record for Passage {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "plate", on: &["plate"] }, Index { name: "gate", on: &["gate", "weight"] }],
        ..Spec::fact("passages")
    };
}

impl Sample for Passage {
    fn sample(n: u64) -> Self {
        Passage {
            plate: plate(n),
            gate: format!("gate-{}", n % 4),
            lane: n % 2,
            direction: "in".to_owned(),
            grant: Some(id(mixed(n) % 100_000)),
            decision: "opened".to_owned(),
            reason: "a permanent pass of the house".to_owned(),
            confidence: 900 + n % 100,
            camera: format!("camera-{}", n % 8),
            weight: mixed(n) % 100_000,
        }
    }
}

/// A profile of ten fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Resident {
    pub name: String,
    pub house: String,
    pub flat: u64,
    pub phone: String,
    pub email: String,
    pub language: String,
    pub plates: Vec<String>,
    pub remark: String,
    pub active: bool,
    pub since: u64,
}

impl Record for Resident {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "name", on: &["name"] }, Index { name: "house", on: &["house", "flat"] }],
        ..Spec::profile("residents")
    };
}

impl Sample for Resident {
    const IS_CHANGED: bool = true;

    fn sample(n: u64) -> Self {
        Resident {
            name: format!("Житель {:06}", mixed(n) % 1_000_000),
            house: format!("Садовая, {}", mixed(n) % 300),
            flat: n % 90,
            phone: format!("+7900{:07}", mixed(n) % 10_000_000),
            email: format!("resident{n}@example.org"),
            language: "ru".to_owned(),
            plates: vec![plate(n), plate(n + 1)],
            remark: String::new(),
            active: true,
            since: START_MS + n,
        }
    }

    fn change(&mut self) {
        self.remark = "звонить заранее".to_owned();
    }
}

/// A small fact, for large stores.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Visit {
    pub plate: String,
    pub gate: String,
    pub weight: u64,
    pub at: u64,
}

impl Record for Visit {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "gate", on: &["gate", "weight"] }], ..Spec::fact("visits") };
}

impl Sample for Visit {
    fn sample(n: u64) -> Self {
        Visit { plate: plate(n), gate: format!("gate-{}", n % 20), weight: mixed(n) % 1_000_000, at: n }
    }
}

/// A fact with a text that is searched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    pub text: String,
}

impl Record for Note {
    const SPEC: Spec = Spec { search: &["text"], ..Spec::fact("notes") };
}

/// What a gate writes down: of its many fields each kind of entry has a few. Four make a visit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    pub hub: RecordId,
    pub number: u64,
    pub at_ms: u64,
    pub trusted: bool,
    pub kind: String,
    pub about: Option<RecordId>,
    pub gate: Option<RecordId>,
    pub lane: String,
    pub direction: Option<String>,
    pub verdict: Option<String>,
    pub reason: Option<String>,
    pub plate: String,
    pub name: String,
    pub house: Option<RecordId>,
    pub person: Option<RecordId>,
    pub grant: Option<RecordId>,
    pub guard: String,
    pub crop: String,
    pub note: String,
    pub salt: String,
    pub commitment: String,
    pub link: String,
}

impl Record for Entry {
    const SPEC: Spec = Spec {
        personal: &["plate", "name", "person", "crop", "note", "salt"],
        indexes: &[
            Index { name: "number", on: &["hub", "number"] },
            Index { name: "plate", on: &["plate"] },
            Index { name: "house", on: &["house"] },
            Index { name: "about", on: &["about"] },
            Index { name: "kind", on: &["kind"] },
        ],
        search: &["plate", "name"],
        bulk: true,
        ..Spec::fact("entries")
    };
}

impl Sample for Entry {
    fn sample(n: u64) -> Self {
        let hex = |of: u64, words: u64| {
            (0..words).map(|word| format!("{:016x}", mixed(of + word))).collect::<String>()
        };
        let first = n - n % 4;
        let every = Entry {
            hub: id(1 << 40),
            number: n,
            at_ms: START_MS + n,
            trusted: true,
            gate: Some(id(n % 4)),
            lane: "in".to_owned(),
            salt: hex(n, 2),
            commitment: hex(n + 7, 4),
            link: hex(n + 13, 4),
            ..Entry::default()
        };
        match n % 4 {
            0 => Entry {
                kind: "decided".to_owned(),
                direction: Some("in".to_owned()),
                verdict: Some("open".to_owned()),
                reason: Some("grant".to_owned()),
                plate: plate(first / 40),
                house: Some(id(mixed(n) % 500)),
                grant: Some(id(mixed(n) % 4_500)),
                crop: hex(n + 19, 4),
                ..every
            },
            1 => Entry { kind: "commanded".to_owned(), about: Some(id(first)), ..every },
            2 => Entry { kind: "seen_open".to_owned(), about: Some(id(first)), ..every },
            _ => Entry {
                kind: "passed".to_owned(),
                about: Some(id(first)),
                direction: Some("in".to_owned()),
                ..every
            },
        }
    }

    fn text(&self) -> Option<&str> {
        (!self.plate.is_empty()).then_some(&*self.plate)
    }
}

const WORDS: [&str; 8] = ["гость", "курьер", "такси", "мебель", "ремонт", "скорая", "почта", "уборка"];

impl Note {
    /// What few notes have.
    pub fn rare(n: u64) -> String {
        plate(n).to_lowercase()
    }

    /// What every eighth note has.
    pub fn common(n: u64) -> String {
        WORDS[n as usize % WORDS.len()].to_owned()
    }
}

impl Sample for Note {
    fn sample(n: u64) -> Self {
        let word = WORDS[mixed(n) as usize % WORDS.len()];
        Note {
            text: format!("{word} к дому {}, машина {}, до вечера", n % 97, Note::rare(n))
        }
    }

    fn text(&self) -> Option<&str> {
        Some(&self.text)
    }
}
