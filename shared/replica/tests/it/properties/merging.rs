//! Merging: the order, the grouping and the repetition of what arrives do not matter, and what is final stays so.

use std::collections::BTreeMap;

use dwellers_replica::{Memory, Query, Record, RecordId, Refusal, Replica, Stamp};
use proptest::prelude::*;

use super::config;
use super::history::*;
use super::reference::{Write, erased, expected, horizons};
use crate::collections::{Item, Remark};
use crate::lab::*;

fn fresh() -> Replica<Memory> {
    witness(Memory::new())
}

/// Reads through every index show what is held, once.
fn assert_indexed(replica: &mut Replica<Memory>) {
    let held = fields(replica);
    let sorted = |mut ids: Vec<RecordId>| {
        ids.sort();
        ids
    };
    for index in Item::SPEC.indexes {
        assert_eq!(
            sorted(ids::<Item, Memory>(replica, &Query::on(index.name))),
            visible(&held, "items"),
            "{}",
            index.name
        );
    }
    for index in Remark::SPEC.indexes {
        let found = sorted(ids::<Remark, Memory>(replica, &Query::on(index.name)));
        assert_eq!(found, visible(&held, "remarks"), "{}", index.name);
    }
}

proptest! {
    #![proptest_config(config(1000))]

    /// Commutative, associative, idempotent: replicas that have seen the same hold the same, and it is what the
    /// reference says.
    #[test]
    fn any_order_grouping_and_repetition_gives_the_same(deeds in deeds(), seed: u64) {
        let mut history = History::played(&deeds);
        history.reconcile();
        let mut honest: Vec<Replica<Memory>> = vec![fresh()];
        deliver_grouped(&mut honest[0], &history.writes, &mut Dice(seed));
        let truth = expected(&history.writes);
        for replica in history.replicas.iter_mut().chain(&mut honest) {
            prop_assert_eq!(&fields(replica), &truth);
            assert_digest_true(replica);
            assert_indexed(replica);
        }

        // The same with lies among it: all believe the same one.
        let mut writes = history.writes.clone();
        writes.extend(lies(&writes, &mut Dice(seed)));
        let truth = expected(&writes);
        let (mut one, mut other, mut third) = (fresh(), fresh(), fresh());
        for (replica, seed) in [(&mut one, seed), (&mut other, seed.wrapping_add(1))] {
            let mut dice = Dice(seed);
            let writes = disordered(&writes, &mut dice);
            deliver_grouped(replica, &writes, &mut dice);
            prop_assert_eq!(&fields(replica), &truth);
            assert_indexed(replica);
        }
        assert_same(&mut one, &mut other);
        // And who hears of it by a catch-up instead holds the same.
        catch_up(&mut one, &mut third, at(2_000_000));
        assert_same(&mut one, &mut third);
    }

    /// At every moment a replica holds what the reference makes of what has arrived by then.
    #[test]
    fn each_arrival_changes_what_it_must_and_nothing_else(deeds in deeds(), seed: u64) {
        let writes = disordered(&History::played(&deeds).writes, &mut Dice(seed));
        let mut replica = fresh();
        for arrived in 1..=writes.len() {
            deliver(&mut replica, &writes[arrived - 1]);
            prop_assert_eq!(fields(&mut replica), expected(&writes[..arrived]));
        }
        assert_digest_true(&mut replica);
        assert_indexed(&mut replica);
    }

    /// Once its earliest write is known, a fact is what it is; locally it is never written twice.
    #[test]
    fn facts_are_immutable(deeds in deeds(), seed: u64) {
        let history = History::played(&deeds);
        let earliest = earliest_remarks(&history.writes);
        let writes = disordered(&history.writes, &mut Dice(seed));
        let mut replica = fresh();
        let mut settled: BTreeMap<RecordId, i64> = BTreeMap::new();
        for write in &writes {
            deliver(&mut replica, write);
            for (record, first) in &earliest {
                let Some(held) = get::<Remark, Memory>(&replica, *record) else { continue };
                let again = try_write(&mut replica, at(3_000_000), |w| w.create(*record, &Remark::default()));
                prop_assert_eq!(again, Err(Refusal::Exists { collection: "remarks", id: *record }));
                let again = try_write(&mut replica, at(3_000_000), |w| w.update(&held, |remark| remark.weight += 1));
                prop_assert_eq!(again, Err(Refusal::Exists { collection: "remarks", id: *record }));
                // Of a fact that came in halves the weight may be the later one.
                let whole = fields(&mut replica).contains_key(&("remarks".into(), *record, "weight".into()));
                if held.stamp == *first && whole {
                    let value = *settled.entry(*record).or_insert(held.value.weight);
                    prop_assert_eq!(value, held.value.weight);
                } else {
                    prop_assert!(!settled.contains_key(record), "a settled fact is never another one");
                }
            }
        }
    }

    /// Two bounds in one register never cross, whoever moved which one meanwhile.
    #[test]
    fn a_joint_rule_is_never_broken(deeds in deeds(), seed: u64) {
        let mut history = History::new();
        for deed in &deeds {
            history.play(deed);
            history.replicas.iter().for_each(assert_rule);
        }
        let mut replica = fresh();
        // In halves, because nobody promises that a record arrives whole.
        for write in disordered(&history.writes, &mut Dice(seed)) {
            deliver(&mut replica, &write);
            assert_rule(&replica);
        }
    }

    /// What is erased or forgotten never comes back, whatever arrives later, or came before.
    #[test]
    fn erasures_and_horizons_win_for_ever(deeds in deeds(), seed: u64) {
        let writes = disordered(&History::played(&deeds).writes, &mut Dice(seed));
        let mut replica = fresh();
        for arrived in 1..=writes.len() {
            deliver(&mut replica, &writes[arrived - 1]);
            let held = fields(&mut replica);
            for (collection, record, field) in erased(&writes[..arrived]) {
                prop_assert!(!held.contains_key(&(collection.clone(), record, field.clone())));
                if let Some(item) = get::<Item, Memory>(&replica, record).filter(|_| collection == "items") {
                    prop_assert_eq!(&item.value.owner, "");
                    prop_assert!(!searched::<Item, Memory>(&replica, "o").contains(&record) || item.value.label.contains('o'));
                    let again = try_write(&mut replica, at(3_000_000), |w| w.update(&item, |item| item.owner = "o".into()));
                    prop_assert_eq!(again, Err(Refusal::Erased { collection: "items", id: record, field: "owner".into() }));
                }
            }
            let before = horizons(&writes[..arrived]).get("remarks").copied().unwrap_or_default();
            prop_assert!(visible(&held, "remarks").iter().all(|record| record.made_ms() >= before));
            if before > START_MS {
                let old = RecordId::new(before - 1, 99);
                let again = try_write(&mut replica, at(3_000_000), |w| w.create(old, &Remark::default()));
                prop_assert_eq!(again, Err(Refusal::BelowHorizon { collection: "remarks", id: old }));
            }
        }
    }
}

fn earliest_remarks(writes: &[Write]) -> BTreeMap<RecordId, Stamp> {
    let mut earliest = BTreeMap::new();
    for (_, change) in writes.iter().filter(|(shape, _)| shape.name == "remarks") {
        let first = earliest.entry(change.record).or_insert(change.stamp);
        *first = change.stamp.min(*first);
    }
    earliest
}

fn assert_rule(replica: &Replica<Memory>) {
    for item in ITEMS.filter_map(|n| get::<Item, Memory>(replica, id(n))) {
        assert!(item.value.window.from <= item.value.window.to, "{:?}", item.value.window);
    }
}
