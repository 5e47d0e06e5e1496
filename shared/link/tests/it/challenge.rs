//! No command moves anything late, twice or unasked: forged, replayed, held back, mixed up, across restarts.

use dwellers_link::challenge::{Challenge, Challenges, EVERY_MS, FRESH_MS, Refusal};
use proptest::prelude::*;

fn challenge(n: u64) -> Challenge {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&n.to_le_bytes());
    Challenge(bytes)
}

#[test]
fn fresh_once_and_no_longer_than_it_lasts() {
    let mut challenges = Challenges::default();
    assert!(challenges.is_due(0));
    challenges.hand_out(challenge(1), 0);
    assert!(!challenges.is_due(EVERY_MS - 1) && challenges.is_due(EVERY_MS));
    challenges.hand_out(challenge(2), EVERY_MS);
    assert_eq!(challenges.spend(challenge(3), EVERY_MS), Err(Refusal::Stale), "never handed out");
    assert_eq!(challenges.spend(challenge(1), FRESH_MS), Ok(()), "at its last moment");
    assert!(challenges.is_due(FRESH_MS), "the next command must not wait");
    assert_eq!(challenges.spend(challenge(1), FRESH_MS), Err(Refusal::Stale), "spent");
    assert_eq!(challenges.spend(challenge(2), EVERY_MS + FRESH_MS + 1), Err(Refusal::Stale), "too late");
}

#[test]
fn a_flood_keeps_no_more_than_it_must_and_the_newest_stay() {
    let mut challenges = Challenges::default();
    (0..10_000).for_each(|n| challenges.hand_out(challenge(n), 5));
    assert_eq!(challenges.spend(challenge(0), 5), Err(Refusal::Stale));
    assert_eq!(challenges.spend(challenge(9_999), 5), Ok(()));
}

/// What a network and an attacker may do with commands.
#[derive(Clone, Debug)]
enum Step {
    /// Time passes.
    Wait(u64),
    /// The hub hands out a challenge.
    HandOut,
    /// A command arrives with the challenge of so many before.
    Command(usize),
    /// One arrives with bytes that somebody made up.
    Forged(u64),
    /// The hub restarts, or the connection does.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..12_000_u64).prop_map(Step::Wait),
        Just(Step::HandOut),
        (0..8_usize).prop_map(Step::Command),
        any::<u64>().prop_map(Step::Forged),
        Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..200)
}

proptest! {
    /// Against the plainest of models: when each was handed out, on which connection, and whether it was spent.
    #[test]
    fn what_is_taken_is_fresh_and_taken_once(steps in steps()) {
        let (mut challenges, mut at_ms, mut connection) = (Challenges::default(), 0, 0);
        let mut handed: Vec<(Challenge, u64, u32, bool)> = Vec::new();
        for step in steps {
            match step {
                Step::Wait(ms) => at_ms += ms,
                Step::HandOut => {
                    // Odd numbers: what is forged is even.
                    let new = challenge(handed.len() as u64 * 2 + 1);
                    challenges.hand_out(new, at_ms);
                    handed.push((new, at_ms, connection, false));
                }
                Step::Command(back) => {
                    let Some(at) = handed.len().checked_sub(back + 1) else { continue };
                    let (one, handed_ms, on, spent) = handed[at];
                    let good = !spent && on == connection && at_ms - handed_ms <= FRESH_MS;
                    prop_assert_eq!(challenges.spend(one, at_ms).is_ok(), good);
                    handed[at].3 |= good;
                }
                Step::Forged(bits) => {
                    prop_assert_eq!(challenges.spend(challenge(bits & !1), at_ms), Err(Refusal::Stale));
                }
                Step::Restart => {
                    challenges = Challenges::default();
                    connection += 1;
                }
            }
        }
    }
}

/// A million commands that are forged, replayed or late, across a thousand restarts: none is taken.
#[test]
fn a_million_bad_commands_are_all_refused() {
    let mut random = fastrand::Rng::with_seed(7);
    let mut at_ms = 0;
    let mut used: Vec<Challenge> = Vec::new();
    for _ in 0..1_000 {
        let mut challenges = Challenges::default();
        let drawn = challenge(random.u64(..));
        challenges.hand_out(drawn, at_ms);
        challenges.spend(drawn, at_ms + random.u64(..=FRESH_MS)).unwrap();
        used.push(drawn);
        let late = challenge(random.u64(..));
        challenges.hand_out(late, at_ms);
        for _ in 0..1_000 {
            at_ms += random.u64(..4);
            // What is forged or was used is refused at once, too; the one just used above all.
            let soon = at_ms + random.u64(..=FRESH_MS);
            let (bad, when) = match random.u8(..4) {
                0 => (challenge(random.u64(..)), soon),
                1 => (used[random.usize(..used.len())], soon),
                2 => (drawn, soon),
                _ => (late, at_ms + FRESH_MS + 1),
            };
            assert_eq!(challenges.spend(bad, when), Err(Refusal::Stale));
        }
    }
}
