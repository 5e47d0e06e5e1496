//! Guards: what may happen once on a replica happens once, however commits, batches, merges and restarts fall.

use std::collections::BTreeMap;

use dwellers_replica::{Memory, Query, Refusal, Replica, Writes};
use proptest::prelude::*;
use serde_json::json;

use super::config;
use crate::collections::{Item, Redemption, schema};
use crate::lab::*;

#[derive(Clone, Debug)]
enum Step {
    /// Redeems tickets, all in one batch.
    Redeem {
        who: usize,
        tickets: Vec<u8>,
    },
    /// Reads the item now, to answer it later.
    Read {
        who: usize,
    },
    /// Answers what was read.
    Answer {
        who: usize,
    },
    Talk {
        hub: usize,
    },
    Restart {
        who: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0..3_usize;
    let step = prop_oneof![
        4 => (who.clone(), prop::collection::vec(0..5_u8, 1..4)).prop_map(|(who, tickets)| Step::Redeem { who, tickets }),
        2 => who.clone().prop_map(|who| Step::Read { who }),
        3 => who.clone().prop_map(|who| Step::Answer { who }),
        2 => (1..3_usize).prop_map(|hub| Step::Talk { hub }),
        1 => who.prop_map(|who| Step::Restart { who }),
    ];
    prop::collection::vec(step, 1..40)
}

fn redemptions(replica: &Replica<Memory>, ticket: u8) -> usize {
    ids::<Redemption, Memory>(replica, &Query::on("ticket").equal(ticket.to_string())).len()
}

/// All that was known of a record when it was read: guards must notice a change of any of it.
fn item_fields(replica: &mut Replica<Memory>) -> Vec<(String, (dwellers_replica::Stamp, String))> {
    let of_item = fields(replica).into_iter().filter(|((collection, ..), _)| collection == "items");
    of_item.map(|((_, _, name), held)| (name, held)).collect()
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn a_ticket_is_redeemed_once_and_a_question_answered_as_read(steps in steps()) {
        let mut replicas = [cloud(Memory::new()), hub(Memory::new(), 0), hub(Memory::new(), 1)];
        create(&mut replicas[0], at(0), id(1), &Item::default());
        for hub in [1, 2] {
            let [cloud, hubs @ ..] = &mut replicas[..] else { unreachable!("there are three") };
            talk(&mut hubs[hub - 1], cloud, at(1));
        }
        let mut redeemed: BTreeMap<(usize, u8), usize> = BTreeMap::new();
        let mut read = vec![None; 3];
        for (step, n) in steps.into_iter().zip(1_u64..) {
            // Clocks of different speed: what the slow one writes is older than what it meets.
            let now = |who: usize| at(10 + n * (1 + who as u64 * 100));
            match step {
                Step::Redeem { who, tickets } => {
                    let mut seen: BTreeMap<u8, usize> =
                        tickets.iter().map(|&ticket| (ticket, redemptions(&replicas[who], ticket))).collect();
                    let batch: Vec<Writes> = (0..).zip(&tickets).map(|(place, ticket)| {
                        let mut writes = Writes::new();
                        let record = id(10_000 + n * 100 + place * 10 + who as u64);
                        writes.absent::<Redemption>("ticket", [json!(ticket.to_string())]);
                        writes.create(record, &Redemption { ticket: ticket.to_string() });
                        writes
                    }).collect();
                    let results = replicas[who].commit_batch(now(who), &batch).unwrap();
                    replicas[who].sync().unwrap();
                    for (ticket, result) in tickets.iter().zip(results) {
                        let known = seen.get_mut(ticket).unwrap();
                        prop_assert_eq!(result.is_ok(), *known == 0, "redeemed where nothing was known of it");
                        if result.is_ok() {
                            *known += 1;
                            *redeemed.entry((who, *ticket)).or_default() += 1;
                        }
                    }
                }
                Step::Read { who } => {
                    read[who] = get::<Item, Memory>(&replicas[who], id(1)).map(|entry| (entry, item_fields(&mut replicas[who])));
                }
                Step::Answer { who } => {
                    let Some((entry, known)) = &read[who] else { continue };
                    let same = *known == item_fields(&mut replicas[who]);
                    let result = try_write(&mut replicas[who], now(who), |writes| {
                        writes.unchanged(entry).update(entry, |item| {
                            // Each replica has fields of its own to write, so that stamps of one do not hide the other's.
                            match who {
                                0 => item.count = n as i64,
                                1 => item.label = n.to_string(),
                                _ => item.owner = n.to_string(),
                            }
                        })
                    });
                    prop_assert_eq!(result.is_ok(), same, "answered as it was read");
                    assert!(same || result == Err(Refusal::Changed { collection: "items", id: id(1) }));
                }
                Step::Talk { hub } => {
                    let [cloud, hubs @ ..] = &mut replicas[..] else { unreachable!("there are three") };
                    talk(&mut hubs[hub - 1], cloud, now(0));
                }
                Step::Restart { who } => {
                    let store = replicas[who].store().crashed();
                    replicas[who] = Replica::open(store, schema()).unwrap();
                }
            }
            prop_assert!(redeemed.values().all(|times| *times <= 1));
        }
    }
}
