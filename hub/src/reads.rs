//! Plate reads: the one door through which they enter, for cameras and for whoever plays one.
//!
//! A [`Read`] says what was seen, not what follows. [`Intake::offer`] checks its form, and hands it to the loop of its
//! gate by a bounded channel: at once, or not at all. [`socket`] offers the same door on a local socket.
//!
//! What must never be here: a decision; a plate in a log; a wait for whoever decides.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::mpsc::{SyncSender, TrySendError};

use serde::{Deserialize, Serialize};

pub use dwellers::access::Strength;

pub mod socket;

/// The most characters of a plate as it was read.
pub const MAX_PLATE_CHARS: usize = 20;
/// The most other readings.
pub const MAX_ALTERNATIVES: usize = 8;
/// The largest picture of a plate.
pub const MAX_CROP_BYTES: usize = 30_000;

/// A plate was read.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// The gate's key in the configuration.
    pub gate: String,
    /// The key of the lane in which it was seen.
    pub lane: String,
    /// As it was read; whoever decides folds it. Empty where a plate was seen and nothing could be read on it: then the
    /// confidence is 0, and the reading middling.
    pub plate: String,
    /// How sure the reader is, 0 to 1.
    pub confidence: f32,
    /// Whether it is good enough to open by itself. Whoever does not say so means that it is not.
    #[serde(default)]
    pub strength: Strength,
    /// What it may be instead, and how sure the reader is of that; the likeliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<(String, f32)>,
    /// Where the car goes.
    #[serde(default)]
    pub heading: Heading,
    /// What this very car was taken for in an earlier read, which this one replaces; empty where that could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// The plate's picture, a JPEG; in JSON as Base64.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "base64")]
    pub crop: Option<Vec<u8>>,
    /// When the picture was taken by the camera's clock: milliseconds since 1970. For people; it decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_ms: Option<u64>,
}

/// Where a car goes, as a camera sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heading {
    /// Towards the gate.
    Approaching,
    /// Away from it.
    Leaving,
    /// It stands, or was seen once.
    #[default]
    Unknown,
}

impl Read {
    /// Whether it says only that there is a plate, on which nothing could be read.
    pub fn is_unread(&self) -> bool {
        self.plate.is_empty() && self.confidence <= 0.0 && self.strength == Strength::Middling
    }

    /// Somebody looked, and is sure of what they saw.
    pub fn of(gate: &str, lane: &str, plate: &str, strength: Strength) -> Self {
        Read {
            gate: gate.to_owned(),
            lane: lane.to_owned(),
            plate: plate.to_owned(),
            confidence: 1.0,
            strength,
            alternatives: Vec::new(),
            heading: Heading::default(),
            instead_of: None,
            crop: None,
            taken_ms: None,
        }
    }
}

/// Without plate and picture: what is printed ends up in logs.
impl fmt::Debug for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Read")
            .field("gate", &self.gate)
            .field("lane", &self.lane)
            .field("confidence", &self.confidence)
            .field("strength", &self.strength)
            .field("heading", &self.heading)
            .finish_non_exhaustive()
    }
}

/// Why a read is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such gate.
    #[error("there is no such gate; the configuration has: {0}")]
    Gate(String),
    /// No such lane.
    #[error("the gate has no such lane; it has: {0}")]
    Lane(String),
    /// No plate.
    #[error(
        "a plate, also one that it may be or was taken for, has 1 to {MAX_PLATE_CHARS} printable characters"
    )]
    Plate,
    /// No confidence.
    #[error("a confidence, also of an alternative, is a number from 0 to 1")]
    Confidence,
    /// Too many alternatives.
    #[error("at most {MAX_ALTERNATIVES} alternatives; give the likeliest")]
    Alternatives,
    /// No picture.
    #[error("a crop is a JPEG of at most {MAX_CROP_BYTES} bytes; make it smaller, or leave it out")]
    Crop,
    /// The gate's loop has enough to do.
    #[error("the gate is busy; offer the next read of this car")]
    Busy,
    /// The gate's loop ended.
    #[error("the gate is stopping; offer it again when the hub runs")]
    Stopped,
}

/// The door: the gates that take reads.
#[derive(Default)]
pub struct Intake {
    gates: BTreeMap<String, Door>,
}

struct Door {
    lanes: BTreeSet<String>,
    deliver: Box<dyn Fn(Read) -> Result<(), Refused> + Send + Sync>,
}

impl Intake {
    /// A gate with its lanes, and what takes a read to its loop, at once or not at all.
    #[must_use]
    pub fn gate(
        mut self,
        key: impl Into<String>,
        lanes: impl IntoIterator<Item = impl Into<String>>,
        deliver: impl Fn(Read) -> Result<(), Refused> + Send + Sync + 'static,
    ) -> Self {
        let door = Door { lanes: lanes.into_iter().map(Into::into).collect(), deliver: Box::new(deliver) };
        self.gates.insert(key.into(), door);
        self
    }

    /// Takes a read, at once or not at all.
    ///
    /// # Errors
    /// Where its form is wrong, or its gate has no room; what would be right.
    pub fn offer(&self, read: Read) -> Result<(), Refused> {
        let Some(door) = self.gates.get(&read.gate) else {
            return Err(Refused::Gate(list(self.gates.keys())));
        };
        if !door.lanes.contains(&read.lane) {
            return Err(Refused::Lane(list(&door.lanes)));
        }
        check(&read)?;
        (door.deliver)(read)
    }
}

/// Puts a read into a channel, at once or not at all.
///
/// # Errors
/// Where it is full, or nobody takes anything out of it any more.
pub fn put(channel: &SyncSender<Read>, read: Read) -> Result<(), Refused> {
    channel.try_send(read).map_err(|error| match error {
        TrySendError::Full(_) => Refused::Busy,
        TrySendError::Disconnected(_) => Refused::Stopped,
    })
}

fn list<'a>(keys: impl IntoIterator<Item = &'a String>) -> String {
    keys.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn check(read: &Read) -> Result<(), Refused> {
    if read.alternatives.len() > MAX_ALTERNATIVES {
        return Err(Refused::Alternatives);
    }
    let alternatives = read.alternatives.iter().map(|(plate, confidence)| (plate, *confidence));
    let before = read.instead_of.iter().filter(|plate| !plate.is_empty()).map(|plate| (plate, 0.0));
    let read_as = (!read.is_unread()).then_some((&read.plate, read.confidence));
    for (plate, confidence) in alternatives.chain(before).chain(read_as) {
        let is_plate = !plate.trim().is_empty()
            && plate.chars().count() <= MAX_PLATE_CHARS
            && !plate.chars().any(char::is_control);
        if !is_plate {
            return Err(Refused::Plate);
        }
        if !(0.0..=1.0).contains(&confidence) {
            return Err(Refused::Confidence);
        }
    }
    // ITU-T T.81, table B.1: a JPEG begins with SOI, FF D8, and a marker, FF.
    let is_crop = |crop: &Vec<u8>| crop.len() <= MAX_CROP_BYTES && crop.starts_with(&[0xFF, 0xD8, 0xFF]);
    if read.crop.as_ref().is_some_and(|crop| !is_crop(crop)) {
        return Err(Refused::Crop);
    }
    Ok(())
}

/// Bytes as Base64 with padding (RFC 4648, section 4).
mod base64 {
    use ::base64::Engine;
    use ::base64::prelude::BASE64_STANDARD;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub(super) fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        bytes.as_ref().map(|bytes| BASE64_STANDARD.encode(bytes)).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| BASE64_STANDARD.decode(text)).transpose().map_err(de::Error::custom)
    }
}
