//! The clock: whatever the host's clock says and whoever's stamps arrive, a replica's own stamps rise.

use dwellers_replica::{Illegal, Memory, MergeError, Now, Record, Replica, Stamp, Time};
use proptest::prelude::*;

use super::config;
use crate::collections::{Item, schema};
use crate::lab::*;

#[derive(Clone, Debug)]
enum Step {
    Commit(Now),
    Adopt(Time),
    Restart,
}

fn moments() -> impl Strategy<Value = u64> {
    const YEAR_MS: u64 = 365 * 24 * 3_600_000;
    let ceiling = Time::CEILING.ms();
    prop_oneof![
        4 => START_MS..START_MS + 100,
        2 => START_MS - 5 * YEAR_MS..START_MS + 5 * YEAR_MS,
        1 => Just(0),
        1 => ceiling - 2 * YEAR_MS..ceiling + YEAR_MS,
        1 => Just((1 << 48) - 1),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let now = (prop_oneof![9 => moments(), 1 => Just(u64::MAX)], any::<bool>());
    let counter = prop_oneof![Just(0), Just(u64::from(u16::MAX))];
    let last = Just(Time::from_bits(Time::CEILING.to_bits() - 1));
    let adopted =
        (moments(), counter).prop_map(|(ms, counter)| Time::from_bits(Time::from_ms(ms).to_bits() + counter));
    let step = prop_oneof![
        60 => now.prop_map(|(ms, trusted)| Step::Commit(Now { ms, trusted })),
        20 => adopted.prop_map(Step::Adopt),
        1 => last.prop_map(Step::Adopt),
        10 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn stamps_rise_and_stay_below_the_ceiling(steps in steps()) {
        let mut cloud = cloud(Memory::new());
        let mut latest = cloud.standing().unwrap().time;
        let mut sequences = 0;
        for (n, step) in (1..).zip(steps) {
            match step {
                Step::Commit(now) => match try_write(&mut cloud, now, |w| w.create(id(n), &Item::default())) {
                    Ok(committed) => {
                        let Stamp { time, sequence, .. } = committed.stamp;
                        prop_assert!(time > latest && sequence > sequences && time < Time::CEILING);
                        // A clock without trust only counts.
                        prop_assert!(now.trusted || time.to_bits() == latest.to_bits() + 1);
                        prop_assert!(time.ms() <= now.ms.max(latest.ms() + 1), "no further than the clock");
                        (latest, sequences) = (time, sequence);
                    }
                    Err(refusal) => prop_assert!(false, "there is room to count on: {refusal}"),
                },
                Step::Adopt(time) => {
                    let frame = frame(&Item::SPEC, id(n), Stamp { time, ..stamp(0, hub_id(0), n) }, &[("count", "1")]);
                    let result = cloud.repair(from_hub(0), at(0), &frame);
                    if time < Time::adopted(at(0)) {
                        result.unwrap();
                        latest = latest.max(time);
                    } else {
                        prop_assert!(matches!(result, Err(MergeError::Illegal(Illegal::AboveCeiling))));
                    }
                }
                Step::Restart => cloud = Replica::open(cloud.into_store().crashed(), schema()).unwrap(),
            }
            prop_assert_eq!(cloud.standing().unwrap().time, latest);
        }
        let held = fields(&mut cloud);
        prop_assert!(held.values().all(|(stamp, _)| stamp.time < Time::CEILING));
    }
}
