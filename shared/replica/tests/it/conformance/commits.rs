//! Local writes: refused for a reason or written whole, and durable.

use dwellers_replica::builtin::Registration;
use dwellers_replica::{
    Illegal, MAX_COMMIT_FIELDS, MAX_NAME_BYTES, MAX_VALUE_BYTES, MergeError, Now, OpenError, Query, Refusal,
    Replica, Role, Store, Time, Writes,
};
use serde_json::json;

use crate::collections::{Decree, Draft, Item, Reading, Redemption, Remark, Sheet, older, schema};
use crate::lab::*;

pub fn create_and_open<S: Store>(make: impl Fn() -> S) {
    assert!(
        matches!(Replica::open(make(), schema()), Err(OpenError::Empty)),
        "an empty store holds no replica"
    );
    let mut cloud = cloud(make());
    create(&mut cloud, at(1), id(1), &Item { label: "one".into(), ..Item::default() });
    let standing = cloud.standing().unwrap();
    assert_eq!((standing.replica, standing.role, standing.lineage.len()), (CLOUD, Role::Cloud, 0));
    assert_eq!(
        get::<Registration, S>(&cloud, CLOUD).unwrap().value.role,
        Some(Role::Cloud),
        "it knows itself"
    );

    let mut reopened = Replica::open(cloud.into_store(), schema()).unwrap();
    assert_eq!(reopened.standing().unwrap(), standing);
    assert_eq!(get::<Item, S>(&reopened, id(1)).unwrap().value.label, "one");
    assert_digest_true(&mut reopened);
    let again = Replica::create(reopened.into_store(), schema(), hub_id(0), Role::Hub, "", at(2));
    assert!(matches!(again, Err(OpenError::Occupied(CLOUD))), "a store is never taken over");
}

/// Each row of the table is refused with its reason, and leaves the store as it was.
pub fn refusals<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    create(&mut cloud, at(1), id(1), &Item { label: "one".into(), ..Item::default() });
    create(&mut cloud, at(1), id(2), &Remark { text: "a name".into(), ..Remark::default() });
    create(&mut cloud, at(1), id(3), &Redemption { ticket: "t".into() });
    create(&mut cloud, at(1), id(4), &Draft::default());
    let (item, remark) = (get::<Item, S>(&cloud, id(1)).unwrap(), get::<Remark, S>(&cloud, id(2)).unwrap());
    update::<_, Item>(&mut cloud, at(2), id(1), |item| item.count = 1);
    write(&mut cloud, at(2), |w| w.erase::<Item>(id(50), id(1)));
    write(&mut cloud, at(2), |w| w.forget::<Redemption>(id(51), START_MS + 10));
    let long = "x".repeat(MAX_VALUE_BYTES);
    let cells = |n: usize| Sheet { cells: (0..n).map(|n| (n.to_string(), 0)).collect() };
    let named = |name: String| Sheet { cells: [(name, 0)].into() };

    type Fill<'a> = Box<dyn Fn(&mut Writes) -> &mut Writes + 'a>;
    let table: Vec<(Fill<'_>, Refusal)> = vec![
        (Box::new(|w| w.create(id(1), &Item::default())), Refusal::Exists { collection: "items", id: id(1) }),
        (
            Box::new(|w| w.create(id(2), &Remark::default())),
            Refusal::Exists { collection: "remarks", id: id(2) },
        ),
        (
            Box::new(|w| w.create(id(4), &Draft::default())),
            Refusal::Exists { collection: "drafts", id: id(4) },
        ),
        (
            Box::new(|w| w.update(&remark, |r| r.weight = 7)),
            Refusal::Exists { collection: "remarks", id: id(2) },
        ),
        (Box::new(|w| w.unchanged(&item)), Refusal::Changed { collection: "items", id: id(1) }),
        (
            Box::new(|w| {
                let unknown = dwellers_replica::Entry { id: id(99), ..item.clone() };
                w.update(&unknown, |i| i.count = 1)
            }),
            Refusal::Changed { collection: "items", id: id(99) },
        ),
        (
            Box::new(|w| w.absent::<Item>("label", [json!("one")])),
            Refusal::Taken { collection: "items", index: "label", key: "[\"one\"]".into() },
        ),
        (
            Box::new(|w| w.update(&item, |i| i.owner = "again".into())),
            Refusal::Erased { collection: "items", id: id(1), field: "owner".into() },
        ),
        (
            Box::new(|w| w.create(id(9), &Redemption::default())),
            Refusal::BelowHorizon { collection: "redemptions", id: id(9) },
        ),
        (Box::new(|w| w.create(id(60), &Reading::default())), Refusal::NotAWriter("readings")),
        (Box::new(|w| w.create(id(60), &cells(MAX_COMMIT_FIELDS - 6))), Refusal::TooLarge(String::new())),
        (Box::new(|w| w.create(id(60), &Decree { text: long.clone() })), Refusal::TooLarge(String::new())),
        (
            Box::new(|w| w.create(id(60), &named("n".repeat(MAX_NAME_BYTES + 1)))),
            Refusal::TooLarge(String::new()),
        ),
        (
            Box::new(|w| w.absent::<Item>("no_such", [json!(1)])),
            Refusal::Invalid("items: no index no_such".into()),
        ),
        (
            Box::new(|w| w.forget::<Item>(id(60), 1)),
            Refusal::Invalid("only facts of the community that need not last have a horizon".into()),
        ),
        (
            Box::new(|w| w.forget::<Registration>(id(60), 1)),
            Refusal::Invalid("only facts of the community that need not last have a horizon".into()),
        ),
        (
            Box::new(|w| w.forget::<Decree>(id(60), 1)),
            Refusal::Invalid("only facts of the community that need not last have a horizon".into()),
        ),
        (
            Box::new(|w| w.erase::<Draft>(id(60), id(4))),
            Refusal::Invalid("only what is replicated is erased; what stays here is removed".into()),
        ),
        (
            Box::new(|w| w.erase::<Registration>(id(60), hub_id(0))),
            Refusal::Invalid("only what is replicated is erased; what stays here is removed".into()),
        ),
        (
            Box::new(|w| w.remove::<Item>(id(1))),
            Refusal::Invalid("items: only what stays here can be removed".into()),
        ),
    ];
    let (before, held) = (cloud.standing().unwrap(), fields(&mut cloud));
    for (fill, expected) in &table {
        let refused = try_write(&mut cloud, at(5), |writes| {
            // What is written beside the reason for the refusal is not written either.
            writes.create(id(70), &Item::default());
            fill(writes)
        });
        let reason = refused.map_err(|refusal| match refusal {
            Refusal::TooLarge(_) => Refusal::TooLarge(String::new()),
            other => other,
        });
        assert_eq!(reason.as_ref(), Err(expected), "{expected}");
    }
    assert_eq!((cloud.standing().unwrap(), fields(&mut cloud)), (before, held), "a refusal leaves no trace");

    let mut old = cloud_with(make(), older::schema());
    let unknown = try_write(&mut old, at(1), |w| w.create(id(1), &Redemption::default()));
    assert_eq!(unknown, Err(Refusal::Invalid("redemptions: not in the schema of this store".into())));
    let mut hub = hub(make(), 0);
    let reserved = try_write(&mut hub, at(1), |w| w.create(id(1), &Decree::default()));
    assert_eq!(reserved, Err(Refusal::NotAWriter("decrees")));
    let erased = try_write(&mut hub, at(1), |w| w.erase::<Item>(id(50), id(1)));
    assert_eq!(erased, Err(Refusal::NotAWriter("erasures")));
    let forgotten = try_write(&mut hub, at(1), |w| w.forget::<Remark>(id(51), 1));
    assert_eq!(forgotten, Err(Refusal::NotAWriter("horizons")));
    write(&mut hub, at(1), |w| w.create(id(2), &cells(MAX_COMMIT_FIELDS)));
}

/// A second answer to one question: the record was read, and changed before the commit.
pub fn a_guard_against_change<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    create(&mut cloud, at(1), id(1), &Item::default());
    let read = get::<Item, S>(&cloud, id(1)).unwrap();
    let answer = |cloud: &mut Replica<S>, count: i64| {
        try_write(cloud, at(2), |w| w.unchanged(&read).update(&read, |item| item.count = count))
    };
    assert!(answer(&mut cloud, 1).is_ok());
    assert_eq!(answer(&mut cloud, 2), Err(Refusal::Changed { collection: "items", id: id(1) }));
    assert_eq!(get::<Item, S>(&cloud, id(1)).unwrap().value.count, 1);

    create(&mut cloud, at(3), id(2), &Draft::default());
    let draft = get::<Draft, S>(&cloud, id(2)).unwrap();
    let rank = |cloud: &mut Replica<S>, rank: i64| {
        try_write(cloud, at(4), |w| w.unchanged(&draft).update(&draft, |d| d.rank = rank))
    };
    assert!(rank(&mut cloud, 1).is_ok());
    assert_eq!(rank(&mut cloud, 2), Err(Refusal::Changed { collection: "drafts", id: id(2) }));
}

/// A merge can change a record without raising its greatest stamp: the other replica wrote earlier.
pub fn a_late_change_of_another_field<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    create(&mut cloud, at(1), id(1), &Item::default());
    catch_up(&mut cloud, &mut hub, at(2));
    update::<S, Item>(&mut hub, at(1000), id(1), |item| item.count = 5);
    update::<S, Item>(&mut cloud, at(2000), id(1), |item| item.label = "later".into());
    let read = get::<Item, S>(&cloud, id(1)).unwrap();
    catch_up(&mut hub, &mut cloud, at(2001));
    assert_eq!(get::<Item, S>(&cloud, id(1)).unwrap().value.count, 5);
    let late = try_write(&mut cloud, at(3000), |w| w.unchanged(&read));
    assert_eq!(late, Err(Refusal::Changed { collection: "items", id: id(1) }), "the count is another one");
}

/// A second use of a ticket: no record may stand under the key.
pub fn a_guard_against_a_second_one<S: Store>(make: impl Fn() -> S) {
    let mut hub = hub(make(), 0);
    let redeem = |hub: &mut Replica<S>, n: u64, ticket: &str| {
        try_write(hub, at(n), |w| {
            w.absent::<Redemption>("ticket", [json!(ticket)])
                .create(id(n), &Redemption { ticket: ticket.into() })
        })
    };
    assert!(redeem(&mut hub, 1, "AB").is_ok());
    assert!(redeem(&mut hub, 2, "A").is_ok(), "a beginning of a text is another text");
    assert!(redeem(&mut hub, 3, "ABC").is_ok());
    assert!(redeem(&mut hub, 4, "").is_ok());
    for (n, ticket) in [(5, "AB"), (6, "A"), (7, "ABC"), (8, "")] {
        let taken =
            Refusal::Taken { collection: "redemptions", index: "ticket", key: json!([ticket]).to_string() };
        assert_eq!(redeem(&mut hub, n, ticket), Err(taken));
    }
    // A key may be the beginning of an index.
    create(&mut hub, at(9), id(9), &Remark { about: Some(id(1)), weight: 3, ..Remark::default() });
    let about = |hub: &mut Replica<S>, n| {
        try_write(hub, at(9), |w| w.absent::<Remark>("about", [json!(id(n).to_string())]))
    };
    assert!(matches!(about(&mut hub, 1), Err(Refusal::Taken { .. })));
    assert!(about(&mut hub, 2).is_ok());
}

/// Members of a batch see the ones before them; a refused one leaves the others.
pub fn batches<S: Store>(make: impl Fn() -> S) {
    let mut hub = hub(make(), 0);
    let redeem = |n: u64, ticket: &str| {
        let mut writes = Writes::new();
        writes.absent::<Redemption>("ticket", [json!(ticket)]);
        writes.create(id(n), &Redemption { ticket: ticket.into() });
        writes
    };
    let batch = [redeem(1, "a"), redeem(2, "a"), redeem(3, "b"), redeem(3, "c"), redeem(4, "d")];
    let results = hub.commit_batch(at(1), &batch).unwrap();
    hub.sync().unwrap();
    let taken = Refusal::Taken { collection: "redemptions", index: "ticket", key: "[\"a\"]".into() };
    let exists = Refusal::Exists { collection: "redemptions", id: id(3) };
    assert_eq!(results[1], Err(taken));
    assert_eq!(results[3], Err(exists));
    let stamps: Vec<_> = results.iter().flatten().map(|committed| committed.stamp).collect();
    assert_eq!(stamps.len(), 3);
    assert!(stamps.windows(2).all(|pair| pair[0] < pair[1] && pair[0].sequence == pair[1].sequence));
    assert_eq!(ids::<Redemption, S>(&hub, &Query::on("ticket")), [id(1), id(3), id(4)]);
    assert_digest_true(&mut hub);
    let after = create(&mut hub, at(1), id(5), &Redemption { ticket: "e".into() });
    assert!(after.sequence == stamps[0].sequence + 1 && after > stamps[2]);
    assert!(hub.commit_batch(at(2), &[]).unwrap().is_empty());
}

/// What is committed together must still fit into the chunks of a peer.
pub fn large_batches<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    let sheet = Sheet { cells: (0..450).map(|n| (n.to_string(), n)).collect() };
    let mut batch = vec![Writes::new(); 6];
    for (n, writes) in (0..).zip(&mut batch) {
        writes.create(id(n), &sheet);
    }
    let results = cloud.commit_batch(at(1), &batch).unwrap();
    assert!(results[0].is_ok());
    catch_up(&mut cloud, &mut hub, at(2));
    assert_same(&mut cloud, &mut hub);
}

pub fn local_records_stay<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    let before = cloud.standing().unwrap();
    create(&mut cloud, at(1), id(1), &Draft { text: "mine".into(), rank: 1 });
    let after = cloud.standing().unwrap();
    assert_eq!((before.mark, before.vector), (after.mark, after.vector), "it takes no place in the history");
    assert_eq!(get::<Draft, S>(&cloud, id(1)).unwrap().arrival, 0);
    assert_eq!(searched::<Draft, S>(&cloud, "MINE"), [id(1)]);
    create(&mut cloud, at(2), id(2), &Item::default());
    catch_up(&mut cloud, &mut hub, at(3));
    assert_eq!(get::<Draft, S>(&hub, id(1)), None);
    assert_same(&mut cloud, &mut hub);
    // What a replica keeps for itself it can also get rid of.
    let before = hub.standing().unwrap();
    create(&mut hub, at(4), id(1), &Draft { text: "the hub's".into(), rank: 1 });
    write(&mut hub, at(5), |w| w.remove::<Draft>(id(1)).remove::<Draft>(id(99)));
    assert_eq!((get::<Draft, S>(&hub, id(1)), ids::<Draft, S>(&hub, &Query::on("rank"))), (None, vec![]));
    assert_eq!(searched::<Draft, S>(&hub, "hub"), []);
    assert_eq!((before.mark, before.vector), (hub.standing().unwrap().mark, hub.standing().unwrap().vector));
    create(&mut hub, at(6), id(1), &Draft { text: "again".into(), rank: 1 });
    let again = get::<Draft, S>(&hub, id(1)).unwrap();
    write(&mut hub, at(7), |w| w.unchanged(&again).remove::<Draft>(id(1)));
    assert_same(&mut cloud, &mut hub);
}

/// A fact is stored without what reads the same when it is missing, and nobody can tell: not who reads it, not an
/// index, not a guard; nor can it be lost or written twice by it. A profile is stored whole.
pub fn a_fact_without_its_defaults<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    let blank = Remark::default();
    let spoken = Remark { text: "only words".into(), ..blank.clone() };
    let heavy = Remark { weight: 7, ..blank.clone() };
    for (n, remark) in [(1, &blank), (2, &spoken), (3, &heavy)] {
        create(&mut cloud, at(n), id(n), remark);
        assert_eq!(get::<Remark, S>(&cloud, id(n)).unwrap().value, *remark);
    }
    create(&mut cloud, at(4), id(4), &Item::default());
    let held = fields(&mut cloud);
    let names =
        |n: u64| held.keys().filter(|key| key.1 == id(n)).map(|key| key.2.as_str()).collect::<Vec<_>>();
    assert_eq!((names(1), names(2), names(3)), (vec!["about"], vec!["about", "text"], vec!["weight"]));
    assert_eq!(names(4).len(), 7, "any field of a profile can be written later");

    let none = Query::on("weight").equal(0);
    assert_eq!(ids::<Remark, S>(&cloud, &none), [id(1), id(2)]);
    assert_eq!(ids::<Remark, S>(&cloud, &Query::on("about").equal(json!(null)).equal(0)), [id(1), id(2)]);
    assert_eq!(ids::<Remark, S>(&cloud, &Query::on("about").equal(json!(null)).from(1)), [id(3)]);
    let taken =
        try_write(&mut cloud, at(5), |w| w.absent::<Remark>("weight", [json!(0)]).create(id(5), &heavy));
    assert!(matches!(taken, Err(Refusal::Taken { .. })), "{taken:?}");

    write(&mut cloud, at(6), |w| w.erase::<Remark>(id(60), id(2)));
    assert_eq!(get::<Remark, S>(&cloud, id(2)).unwrap().value, blank, "it is there, without its words");
    let again = try_write(&mut cloud, at(7), |w| w.create(id(2), &heavy));
    assert!(matches!(again, Err(Refusal::Exists { .. })), "{again:?}");
    let twice = frame(
        &<Remark as dwellers_replica::Record>::SPEC,
        id(2),
        stamp(900, hub_id(0), 1),
        &[("weight", "9")],
    );
    cloud.repair(from_hub(0), at(8), &twice).unwrap();
    assert_eq!(get::<Remark, S>(&cloud, id(2)).unwrap().value, blank);
    catch_up(&mut cloud, &mut hub, at(9));
    assert_eq!(ids::<Remark, S>(&hub, &none), [id(1), id(2)]);
    assert_same(&mut cloud, &mut hub);
}

/// Stamps rise whatever the clock does, and nobody drags them to the ceiling.
pub fn clocks<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    let first = create(&mut cloud, at(1_000_000), id(1), &Item::default());
    let back = create(&mut cloud, at(5), id(2), &Item::default());
    assert!(first < back);
    let replica = Replica::open(cloud.into_store(), schema()).unwrap();
    let mut cloud = replica;
    let reopened = create(&mut cloud, at(5), id(3), &Item::default());
    assert!(back < reopened, "nothing runs backwards across a restart");
    // As far ahead as a peer may be, with a clock that is trusted and without: there is room to count on.
    let mut bring = |now: Now, time: u64| {
        let far = dwellers_replica::Stamp { time: Time::from_bits(time), ..stamp(0, hub_id(0), 1) };
        let item = frame(&<Item as dwellers_replica::Record>::SPEC, id(4), far, &[("count", "1")]);
        cloud.repair(from_hub(0), now, &item).map(drop)
    };
    for now in [at(6), Now { trusted: false, ..at(6) }] {
        let most = Time::adopted(now);
        assert!(most < Time::CEILING);
        for above in [most.to_bits(), Time::CEILING.to_bits() - 1] {
            assert!(matches!(bring(now, above), Err(MergeError::Illegal(Illegal::AboveCeiling))));
        }
        bring(now, most.to_bits() - 1).unwrap();
    }
    let next = create(&mut cloud, at(7), id(5), &Item::default());
    assert!(next.time < Time::CEILING && next.time >= Time::adopted(Now { trusted: false, ..at(6) }));
}
