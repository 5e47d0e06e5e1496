//! What a button that opens a gate says of itself.
//!
//! Invariants: it is good for half a minute from when it was shown, and never again.
//!
//! What must never be here: a clock.

use super::OPEN;

/// It is good for so long.
const CONFIRMED_S: u64 = 30;

/// What a button that opens says of itself: which of the gate's lanes, and when it was shown. It is all there is to know, so that
/// nothing that happens in between makes an old one new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Confirmation {
    /// The how manyth lane.
    pub lane: u32,
    /// When, in seconds of a round.
    pub shown_s: u64,
}

impl Confirmation {
    /// Six digits of seconds: they begin anew after seventy years.
    const ROUND_S: u64 = 36_u64.pow(6);
    pub const MAX_LANES: usize = 36;

    pub fn new(lane: u32, now_ms: u64) -> Confirmation {
        Confirmation { lane, shown_s: now_ms / 1000 % Confirmation::ROUND_S }
    }

    pub fn verb(self) -> String {
        let digit =
            |number: u64| char::from_digit(u32::try_from(number % 36).unwrap_or(0), 36).unwrap_or('0');
        let seconds = (0..6).rev().map(|place| digit(self.shown_s / 36_u64.pow(place)));
        format!("{OPEN}.{}{}", digit(u64::from(self.lane)), seconds.collect::<String>())
    }

    pub fn read(argument: &str) -> Option<Confirmation> {
        let (lane, seconds) = argument.split_at_checked(1).filter(|(_, seconds)| seconds.len() == 6)?;
        let [lane, shown_s] = [lane, seconds].map(|digits| u64::from_str_radix(digits, 36).ok());
        Some(Confirmation { lane: u32::try_from(lane?).ok()?, shown_s: shown_s? })
    }

    pub fn is_good(self, now_ms: u64) -> bool {
        let now_s = now_ms / 1000 % Confirmation::ROUND_S;
        (now_s + Confirmation::ROUND_S - self.shown_s) % Confirmation::ROUND_S <= CONFIRMED_S
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::talk::MAX_VERB;

    #[test]
    fn a_confirmation_is_short_and_comes_back() {
        let now_ms = 1_795_000_000_123;
        for (lane, at_ms) in [(0, 0), (35, now_ms), (7, Confirmation::ROUND_S * 1000 - 1)] {
            let confirmation = Confirmation::new(lane, at_ms);
            let verb = confirmation.verb();
            assert!(verb.len() <= MAX_VERB, "{verb}");
            assert_eq!(Confirmation::read(verb.strip_prefix("go.").unwrap()), Some(confirmation));
        }
        for nonsense in ["", "0", "0abcde", "0abcdefg", "0ab-def", "яabcdef"] {
            assert_eq!(Confirmation::read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_confirmation_is_good_for_half_a_minute() {
        let at_ms = Confirmation::ROUND_S * 1000 - 5_000;
        let confirmation = Confirmation::new(0, at_ms);
        for (after_ms, good) in [(0, true), (30_000, true), (31_000, false), (86_400_000, false)] {
            assert_eq!(confirmation.is_good(at_ms + after_ms), good, "{after_ms}");
        }
        // A clock that was set back makes no old one new.
        assert!(!confirmation.is_good(at_ms - 1_000));
    }
}
