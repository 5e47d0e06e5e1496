//! Who wrote what, and in which order: replica ids, hybrid times, stamps, vectors and the clock.
//!
//! A stamp only *orders*. The time that people read or that a rule judges is a field of the record, with
//! whether it was trusted; nothing here may be used to decide whether a pass is still valid.
//!
//! Invariants: a clock never issues a time at or below one that it has issued or adopted, also across a
//! restart (the last time is stored with each transaction); no time at or above [`Time::CEILING`] is issued
//! or adopted.

use std::fmt;
use std::str::FromStr;

use crdts::VClock;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ulid::Ulid;

/// The name of a record: a ULID, whose first 48 bits are the milliseconds since 1970 of its making.
///
/// People and documents see the 26 characters of the ULID specification; binary formats carry 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(Ulid);

/// The name of a replica: the id of the record that registers it.
pub type ReplicaId = RecordId;

impl RecordId {
    /// The smallest id there is.
    pub const MIN: RecordId = RecordId(Ulid::nil());
    /// The greatest id there is.
    pub const MAX: RecordId = RecordId(Ulid::max());

    /// An id made at `ms` milliseconds since 1970 from 80 bits of `entropy` (the rest is ignored).
    pub const fn new(ms: u64, entropy: u128) -> Self {
        RecordId(Ulid::from_parts(ms, entropy))
    }

    /// Milliseconds since 1970 at which the id was made, by the clock of its maker.
    pub const fn made_ms(self) -> u64 {
        self.0.timestamp_ms()
    }

    /// The sixteen bytes of the id; their order is the order of ids.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_bytes()
    }

    /// The id of these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        RecordId(Ulid::from_bytes(bytes))
    }
}

impl Default for RecordId {
    fn default() -> Self {
        RecordId::MIN
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for RecordId {
    type Err = ulid::DecodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ulid::from_string(text).map(RecordId)
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(&self.0)
        } else {
            self.to_bytes().serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
        } else {
            Ok(RecordId::from_bytes(<[u8; 16]>::deserialize(deserializer)?))
        }
    }
}

/// A hybrid logical time: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16.
///
/// Kulkarni et al., "Logical Physical Clocks", 2014; one number, so that a full counter simply runs into
/// the milliseconds.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Time(u64);

impl Time {
    /// 2200-01-01T00:00:00Z. A frame with a stamp at or above it is refused, so that one mad clock cannot
    /// drag every replica into a future from which no stamp ever returns.
    pub const CEILING: Time = Time::from_ms(7_258_118_400_000);

    /// Above this no stamp of a peer is adopted: a lifetime ahead of a clock that is trusted; without one, the middle of
    /// the next century. What is below leaves room to count on for ever: nobody can drag a replica to the ceiling, where it
    /// could write nothing any more.
    pub fn adopted(now: Now) -> Time {
        const LIFETIME_MS: u64 = 70 * 365 * 24 * 3_600_000;
        let latest = Time::CEILING.ms() - 50 * 365 * 24 * 3_600_000;
        let ms = if now.trusted { now.ms.saturating_add(LIFETIME_MS).min(latest) } else { latest };
        Time::from_ms(ms)
    }

    /// The hybrid time that starts at these milliseconds since 1970.
    pub const fn from_ms(ms: u64) -> Self {
        Time(ms << 16)
    }

    /// Its physical part: milliseconds since 1970.
    pub const fn ms(self) -> u64 {
        self.0 >> 16
    }

    /// The time as one number, in the order of times.
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// The time of this number.
    pub const fn from_bits(bits: u64) -> Self {
        Time(bits)
    }

    /// The time that follows a reading of the wall clock, or `None` where the ceiling is reached.
    ///
    /// Without trust the physical part stands still and the counter runs on.
    #[must_use]
    pub fn next(self, now: Now) -> Option<Time> {
        let physical = if now.trusted && now.ms < BELIEVED_MS { Time::from_ms(now.ms) } else { Time(0) };
        let next = Time(self.0 + 1).max(physical);
        (next < Time::CEILING).then_some(next)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}", self.ms(), self.0 & 0xffff)
    }
}

/// A wall clock beyond this is not believed even where the host trusts it: the year below the ceiling is
/// kept for counting on.
const BELIEVED_MS: u64 = Time::CEILING.ms() - 365 * 24 * 3_600_000;

/// A reading of the host's wall clock, passed in with each call that needs one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970.
    pub ms: u64,
    /// Whether anything vouches for it: NTP since boot, a real-time clock, the guard's word.
    pub trusted: bool,
}

/// The marker of a write: unique in the world, because a replica uses a sequence once and a time once.
///
/// Order: time, then replica, then sequence.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// When, in hybrid time.
    pub time: Time,
    /// By whom.
    pub replica: ReplicaId,
    /// In which of its transactions, counted from 1.
    pub sequence: u64,
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.replica.to_string();
        write!(f, "{:?}@{}#{}", self.time, &id[id.len() - 6..], self.sequence)
    }
}

/// For each replica the last of its transactions that is covered: seen here, or superseded by what was seen.
pub type Vector = VClock<ReplicaId>;

/// Whether the write of this stamp, or one that supersedes it, is known to the owner of the vector.
pub fn covers(vector: &Vector, stamp: &Stamp) -> bool {
    vector.get(&stamp.replica) >= stamp.sequence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_runs_backwards() {
        let at = |ms, trusted| Now { ms, trusted };
        let noon = Time::from_ms(1_000_000);
        let table = [
            ("a later clock is followed", at(2_000_000, true), Time::from_ms(2_000_000)),
            ("an equal clock counts", at(1_000_000, true), Time(noon.0 + 1)),
            ("five years back counts", at(5, true), Time(noon.0 + 1)),
            ("an untrusted clock counts", at(2_000_000, false), Time(noon.0 + 1)),
            ("a clock near the ceiling is not believed", at(BELIEVED_MS, true), Time(noon.0 + 1)),
        ];
        for (what, now, expected) in table {
            assert_eq!(noon.next(now), Some(expected), "{what}");
        }
        assert_eq!(Time(Time::CEILING.0 - 1).next(at(0, false)), None, "nothing is issued at the ceiling");
    }

    #[test]
    fn ids_are_text_for_people_and_bytes_on_the_wire() {
        let id = RecordId::new(1_700_000_000_000, 7);
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<RecordId>(&format!("\"{id}\"")).unwrap(), id);
        let bytes = postcard::to_allocvec(&id).unwrap();
        assert_eq!(bytes, id.to_bytes());
        assert_eq!(postcard::from_bytes::<RecordId>(&bytes).unwrap(), id);
        assert!("not an id".parse::<RecordId>().is_err());
    }
}
