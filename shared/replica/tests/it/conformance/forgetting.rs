//! Forgetting: what is erased or behind a horizon is gone for ever, whatever comes and in whichever order.

use dwellers_replica::builtin::{Erasure, Horizon, Introduction, Registration, Retirement};
use dwellers_replica::{Query, Record, RecordId, Refusal, Replica, Role, Schema, Store};

use crate::collections::{Decree, Draft, Item, Remark, schema};
use crate::lab::*;

fn person() -> Item {
    Item { label: "house".into(), owner: "Anna".into(), phone: "+7 900".into(), ..Item::default() }
}

fn assert_erased<S: Store>(replica: &mut Replica<S>, record: RecordId) {
    let item = get::<Item, S>(replica, record).unwrap().value;
    assert_eq!((&*item.label, &*item.owner, &*item.phone), ("house", "", ""));
    assert_eq!(ids::<Item, S>(replica, &Query::on("owner").equal("Anna")), []);
    assert_eq!(searched::<Item, S>(replica, "anna"), []);
    assert!(
        fields(replica).keys().all(|(_, id, name)| *id != record || (name != "owner" && name != "phone"))
    );
    assert_digest_true(replica);
}

pub fn erasures<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut one, mut other) = (cloud(make()), hub(make(), 0), hub(make(), 1));
    create(&mut cloud, at(1), id(1), &person());
    let neighbour = Item { owner: "Boris".into(), ..person() };
    create(&mut cloud, at(1), id(2), &neighbour);
    catch_up(&mut cloud, &mut one, at(2));
    catch_up(&mut cloud, &mut other, at(2));
    write(&mut cloud, at(3), |w| w.erase::<Item>(id(50), id(1)));
    assert_erased(&mut cloud, id(1));
    // A later stamp of a replica that has not heard of it does not help.
    update::<S, Item>(&mut other, at(1000), id(1), |item| item.owner = "Anna Again".into());
    talk(&mut one, &mut cloud, at(1001));
    talk(&mut other, &mut cloud, at(1002));
    catch_up(&mut cloud, &mut one, at(1003));
    for replica in [&mut cloud, &mut one, &mut other] {
        assert_erased(replica, id(1));
        assert_eq!(get::<Item, S>(replica, id(2)).unwrap().value, neighbour, "the neighbour is as before");
    }
    let item = get::<Item, S>(&other, id(1)).unwrap();
    let again = try_write(&mut other, at(1004), |w| w.update(&item, |item| item.phone = "1".into()));
    assert_eq!(again, Err(Refusal::Erased { collection: "items", id: id(1), field: "phone".into() }));
    update::<S, Item>(&mut other, at(1005), id(1), |item| item.count = 1);
    talk(&mut other, &mut cloud, at(1006));
    catch_up(&mut cloud, &mut one, at(1007));
    assert_same(&mut cloud, &mut one);
    assert_same(&mut cloud, &mut other);

    // The bytes are gone from a fact too, and the rest of it stands.
    create(&mut cloud, at(1008), id(3), &Remark { text: "Anna".into(), weight: 4, about: None });
    write(&mut cloud, at(1009), |w| w.erase::<Remark>(id(51), id(3)));
    assert_eq!(get::<Remark, S>(&cloud, id(3)).unwrap().value, Remark { weight: 4, ..Remark::default() });
    assert_eq!(searched::<Remark, S>(&cloud, "anna"), []);
    let again = try_write(&mut cloud, at(1010), |w| w.create(id(3), &Remark::default()));
    assert_eq!(again, Err(Refusal::Exists { collection: "remarks", id: id(3) }));
}

pub fn erasures_before_the_record<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    write(&mut cloud, at(1), |w| w.erase::<Item>(id(50), id(1)));
    assert_eq!(get::<Item, S>(&cloud, id(1)), None, "an erasure makes no record");
    create(&mut hub, at(1000), id(1), &person());
    talk(&mut hub, &mut cloud, at(1001));
    for replica in [&mut cloud, &mut hub] {
        assert_erased(replica, id(1));
    }
    assert_same(&mut cloud, &mut hub);
    // In one commit with the record itself: erased from the beginning.
    write(&mut cloud, at(1002), |w| w.create(id(2), &person()).erase::<Item>(id(51), id(2)));
    assert_erased(&mut cloud, id(2));
}

/// The facts that a replica holds.
fn remarks<S: Store>(replica: &Replica<S>) -> Vec<RecordId> {
    let mut found = ids::<Remark, S>(replica, &Query::on("weight"));
    found.sort();
    found
}

pub fn horizons<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    for n in [1, 9, 10, 11] {
        create(&mut cloud, at(n), id(n), &Remark { text: format!("remark {n}"), ..Remark::default() });
    }
    create(&mut cloud, at(12), id(2), &Item::default());
    catch_up(&mut cloud, &mut hub, at(20));
    write(&mut cloud, at(30), |w| w.forget::<Remark>(id(50), START_MS + 10));
    assert_eq!(remarks(&cloud), [id(10), id(11)], "the moment itself is kept");
    assert_eq!(searched::<Remark, S>(&cloud, "remark 9"), []);
    assert!(get::<Item, S>(&cloud, id(2)).is_some(), "other collections are not concerned");
    assert_digest_true(&mut cloud);
    let old = try_write(&mut cloud, at(31), |w| w.create(id(9), &Remark::default()));
    assert_eq!(old, Err(Refusal::BelowHorizon { collection: "remarks", id: id(9) }));
    // A hub that has not heard of it goes on for a while.
    create(&mut hub, at(40), id(5), &Remark::default());
    talk(&mut hub, &mut cloud, at(50));
    assert_eq!(remarks(&cloud), [id(10), id(11)], "ignored on arrival");
    assert_eq!(remarks(&hub), [id(10), id(11)]);
    assert_same(&mut cloud, &mut hub);
    // A nearer one changes nothing, a further one does.
    write(&mut cloud, at(60), |w| w.forget::<Remark>(id(51), START_MS + 5));
    catch_up(&mut cloud, &mut hub, at(60));
    create(&mut hub, at(61), id(12), &Remark::default());
    let old = try_write(&mut hub, at(62), |w| w.create(id(7), &Remark::default()));
    assert_eq!(old, Err(Refusal::BelowHorizon { collection: "remarks", id: id(7) }), "the furthest wins");
    write(&mut cloud, at(63), |w| w.forget::<Remark>(id(52), START_MS + 11));
    talk(&mut hub, &mut cloud, at(70));
    assert_eq!(remarks(&cloud), [id(11), id(12)]);
    assert_same(&mut cloud, &mut hub);
    // What was erased behind a horizon is forgotten with it.
    write(&mut cloud, at(71), |w| w.erase::<Remark>(id(53), id(11)));
    write(&mut cloud, at(72), |w| w.forget::<Remark>(id(54), START_MS + 100));
    assert_eq!(remarks(&cloud), []);
    talk(&mut hub, &mut cloud, at(80));
    assert_same(&mut cloud, &mut hub);
}

pub fn horizons_before_the_record<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    for n in 1..5 {
        create(&mut hub, at(n), id(n), &Remark::default());
    }
    write(&mut cloud, at(30), |w| w.forget::<Remark>(id(50), START_MS + 3));
    catch_up(&mut hub, &mut cloud, at(31));
    assert_eq!(remarks(&cloud), [id(3), id(4)]);
    catch_up(&mut cloud, &mut hub, at(32));
    assert_same(&mut cloud, &mut hub);
    // In one commit: the horizon counts for what is written beside it.
    let both = try_write(&mut cloud, at(33), |w| {
        w.forget::<Remark>(id(51), START_MS + 50).create(id(40), &Remark::default())
    });
    assert!(both.is_ok());
    assert_eq!(remarks(&cloud), []);
}

/// A moment beyond all ids means all of them, before and after.
pub fn far_horizons<S: Store>(make: impl Fn() -> S) {
    for before_ms in [(1 << 48) - 1, 1 << 48, (1 << 48) + 5, u64::MAX] {
        let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
        create(&mut cloud, at(1), id(1), &Remark::default());
        create(&mut hub, at(1), id(2), &Remark::default());
        write(&mut cloud, at(2), |w| w.forget::<Remark>(id(50), before_ms));
        talk(&mut cloud, &mut hub, at(3));
        assert_eq!((remarks(&cloud), remarks(&hub)), (vec![], vec![]), "before {before_ms}");
        assert_same(&mut cloud, &mut hub);
    }
}

/// Facts that carry rights are out of the reach of horizons, also where a program has never heard of them and
/// where a cloud of another program set the horizon.
pub fn facts_that_last<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut new) = (cloud(make()), hub(make(), 0));
    let mut old = hub_with(make(), 1, Schema::new().with::<Remark>());
    let (decree, remark) = (Decree { text: "no entry".into() }, Remark::default());
    write(&mut cloud, at(1), |w| w.create(id(1), &decree).create(id(2), &remark));
    catch_up(&mut cloud, &mut new, at(2));
    catch_up(&mut cloud, &mut old, at(2));
    let horizon = |replica: &mut Replica<S>, n: u64, collection: &str| {
        let fields = [("collection", collection), ("before_ms", "99999999999999")];
        let frame = frame(&Horizon::SPEC, id(80 + n), stamp(5, CLOUD, 90 + n), &fields);
        replica.repair(FROM_CLOUD, at(3), &frame).unwrap();
    };
    for replica in [&mut new, &mut old] {
        horizon(replica, 1, "\"decrees\"");
        horizon(replica, 2, "\"remarks\"");
        let there = fields(replica);
        assert!(there.contains_key(&("decrees".into(), id(1), "text".into())), "{there:?}");
        assert!(!there.keys().any(|(collection, ..)| collection == "remarks"));
        // Nor is one ignored that comes later.
        let late = frame(&Decree::SPEC, id(3), stamp(6, CLOUD, 95), &[("text", "\"late\"")]);
        assert_eq!(replica.repair(FROM_CLOUD, at(4), &late).unwrap().changed.len(), 1);
        assert_digest_true(replica);
    }
    assert_eq!(get::<Decree, S>(&new, id(1)).unwrap().value, decree);
    assert_eq!(fields(&mut new), fields(&mut old));
    // The program that knows them learns of it.
    let updated = Replica::open(old.into_store(), schema()).unwrap();
    assert_eq!(get::<Decree, S>(&updated, id(1)).unwrap().value, decree);
}

/// Nothing makes a replica forget who the others are, whom they have retired, or what is erased; nor reaches
/// into what it keeps for itself.
pub fn the_store_forgets_nothing_of_itself<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut victim) = (cloud(make()), hub(make(), 1));
    create(&mut cloud, at(1), id(1), &person());
    cloud.retire(id(60), hub_id(3), at(1)).unwrap();
    write(&mut cloud, at(2), |w| w.erase::<Item>(id(50), id(1)));
    write(&mut cloud, at(2), |w| w.forget::<Remark>(id(51), START_MS + 10));
    create(&mut victim, at(1), id(2), &Draft { text: "secret".into(), rank: 1 });
    victim.introduce(RecordId::new(START_MS, 777), Role::Cloud, at(1)).unwrap();
    talk(&mut cloud, &mut victim, at(2));
    let targets = [
        (Registration::SPEC.name, hub_id(0), r#"["role","key"]"#),
        (Retirement::SPEC.name, id(60), r#"["replica","last"]"#),
        (Erasure::SPEC.name, id(50), r#"["collection","record","fields"]"#),
        (Horizon::SPEC.name, id(51), r#"["collection","before_ms"]"#),
        (Introduction::SPEC.name, RecordId::new(START_MS, 777), r#"["role"]"#),
        (Draft::SPEC.name, id(2), r#"["text"]"#),
    ];
    let held = fields(&mut victim);
    for (n, (collection, record, names)) in (0..).zip(targets) {
        let (collection, record) = (format!("\"{collection}\""), format!("\"{record}\""));
        let fields = [("collection", &*collection), ("record", &*record), ("fields", names)];
        let erasure = frame(&Erasure::SPEC, id(70 + n), stamp(5, CLOUD, 90 + n), &fields);
        let fields = [("collection", &*collection), ("before_ms", "99999999999999")];
        let horizon = frame(&Horizon::SPEC, id(80 + n), stamp(5, CLOUD, 90 + n), &fields);
        for attack in [erasure, horizon] {
            victim.repair(FROM_CLOUD, at(3), &attack).unwrap();
            let now = self::fields(&mut victim);
            let lost: Vec<_> = held.keys().filter(|key| !now.contains_key(*key)).collect();
            assert!(lost.is_empty(), "{lost:?} by {attack:?}");
            assert_eq!(get::<Draft, S>(&victim, id(2)).unwrap().value.text, "secret");
            let introduced = get::<Introduction, S>(&victim, RecordId::new(START_MS, 777)).unwrap();
            assert!(introduced.value.role.is_some());
        }
    }
    assert_digest_true(&mut victim);
    // Everything works as before.
    let (mut one, mut two) = (hub(make(), 0), hub(make(), 2));
    create(&mut two, at(4), id(5), &Remark::default());
    talk(&mut two, &mut cloud, at(5));
    talk(&mut one, &mut cloud, at(5));
    assert_eq!(remarks(&cloud), []);
    cloud.retire(id(61), hub_id(3), at(6)).unwrap();
    talk(&mut one, &mut cloud, at(7));
    assert_same(&mut one, &mut cloud);
}
