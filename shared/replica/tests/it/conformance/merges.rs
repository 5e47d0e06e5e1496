//! Merging: what is accepted, in which order, and what is refused with nothing written.

use dwellers_replica::builtin::{Erasure, Horizon, Registration, Retirement};
use dwellers_replica::delta::{Change, Chunk, MAX_CHUNK_FIELDS, Repair};
use dwellers_replica::{
    Alarm, Illegal, Kind, MAX_NAME_BYTES, MAX_VALUE_BYTES, MergeError, Now, Record, RecordId, Replica, Role,
    Shape, Source, Spec, Stamp, Store, Time, Writers,
};

use crate::collections::{Decree, Draft, Item, Owned, Reading, Remark, Sheet};
use crate::lab::*;

/// Both sides write everything that they may, and hold the same in the end.
pub fn acceptance<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut one, mut other) = (cloud(make()), hub(make(), 0), hub(make(), 1));
    create(&mut cloud, at(1), id(1), &Item { label: "cloud".into(), ..Item::default() });
    create(&mut cloud, at(1), id(2), &Decree { text: "decreed".into() });
    create(&mut one, at(1), id(3), &Reading { value: 7 });
    create(&mut other, at(1), id(4), &Remark { weight: 1, ..Remark::default() });
    // The same record from two sides: of the profile both fields stay, of the fact the earlier write.
    create(&mut one, at(500), id(5), &Item { label: "one".into(), ..Item::default() });
    create(&mut other, at(600), id(5), &Item { label: "other".into(), count: 3, ..Item::default() });
    create(&mut one, at(700), id(6), &Remark { weight: 700, ..Remark::default() });
    create(&mut other, at(650), id(6), &Remark { weight: 650, ..Remark::default() });
    talk(&mut one, &mut cloud, at(1000));
    let merged = catch_up(&mut other, &mut cloud, at(1001));
    let changed: Vec<_> = merged.changed.iter().map(|(name, id)| (&**name, *id)).collect();
    assert_eq!(changed, [("items", id(5)), ("remarks", id(4)), ("remarks", id(6))]);
    assert_eq!(merged.alarms, []);
    catch_up(&mut cloud, &mut other, at(1002));
    catch_up(&mut cloud, &mut one, at(1003));
    assert_eq!(get::<Remark, S>(&one, id(6)).unwrap().value.weight, 650);
    assert_eq!(get::<Item, S>(&one, id(5)).unwrap().value.label, "other");
    assert_eq!(get::<Reading, S>(&other, id(3)).unwrap().value.value, 7);
    assert_same(&mut cloud, &mut one);
    assert_same(&mut cloud, &mut other);
    let vectors = [&cloud, &one, &other].map(|replica| replica.standing().unwrap().vector);
    assert!(vectors[0] == vectors[1] && vectors[1] == vectors[2]);
    let again = catch_up(&mut cloud, &mut one, at(1004));
    assert!(again.changed.is_empty() && again.alarms.is_empty(), "there is nothing more to say");
}

fn refused<S: Store>(replica: &mut Replica<S>, from: dwellers_replica::Source, frame: &Repair) -> Illegal {
    let before = (replica.standing().unwrap(), fields(replica));
    let refused = match replica.repair(from, at(10), frame) {
        Err(MergeError::Illegal(illegal)) => illegal,
        other => panic!("{other:?} for {frame:?}"),
    };
    assert_eq!(before, (replica.standing().unwrap(), fields(replica)), "nothing is written: {refused}");
    refused
}

pub fn refusals_of_a_stamp<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    create(&mut cloud, at(1), id(1), &Item::default());
    let own = cloud.standing().unwrap().vector.get(&CLOUD);
    let stranger = RecordId::new(START_MS, 999);
    let at_ceiling = Stamp { time: Time::CEILING, ..stamp(0, hub_id(0), 1) };
    let (item, decree) = (Item::SPEC, Decree::SPEC);
    let not_a_writer =
        |collection: &str| Illegal::NotAWriter { replica: hub_id(0), collection: collection.into() };
    let table: Vec<(Spec, Stamp, Illegal)> = vec![
        (item, stamp(5, stranger, 1), Illegal::Stranger(stranger)),
        (item, stamp(5, CLOUD, own + 1), Illegal::NotMine(own + 1)),
        (item, at_ceiling, Illegal::AboveCeiling),
        (decree, stamp(5, hub_id(0), 1), not_a_writer("decrees")),
        (Registration::SPEC, stamp(5, hub_id(0), 1), not_a_writer("replicas")),
        (Retirement::SPEC, stamp(5, hub_id(0), 1), not_a_writer("retirements")),
        (Erasure::SPEC, stamp(5, hub_id(0), 1), not_a_writer("erasures")),
        (Horizon::SPEC, stamp(5, hub_id(0), 1), not_a_writer("horizons")),
    ];
    for (spec, stamp, expected) in &table {
        let frame = frame(spec, id(9), *stamp, &[("text", "1")]);
        assert_eq!(refused(&mut cloud, from_hub(0), &frame), *expected);
    }
    // The claim of a looser collection by the sender does not count.
    let mut looser = frame(&decree, id(9), stamp(5, hub_id(0), 1), &[("text", "1")]);
    looser.shape.writers = Writers::Any;
    assert_eq!(refused(&mut cloud, from_hub(0), &looser), not_a_writer("decrees"));
    // A hub's reading is a hub's also where the cloud brings it, and the cloud may write none.
    let mut hub = hub(make(), 1);
    catch_up(&mut cloud, &mut hub, at(2));
    let reading = frame(&Reading::SPEC, id(9), stamp(5, CLOUD, 99), &[("value", "1")]);
    let expected = Illegal::NotAWriter { replica: CLOUD, collection: "readings".into() };
    assert_eq!(refused(&mut hub, FROM_CLOUD, &reading), expected);
    let reading = frame(&Reading::SPEC, id(9), stamp(5, hub_id(0), 1), &[("value", "1")]);
    hub.repair(FROM_CLOUD, at(3), &reading).unwrap();
    assert_eq!(get::<Reading, S>(&hub, id(9)).unwrap().value.value, 1);

    let most = Time::adopted(at(4)).to_bits();
    let last = Stamp { time: Time::from_bits(most - 1), ..stamp(0, hub_id(0), 1) };
    let ahead = cloud.repair(from_hub(0), at(4), &frame(&item, id(9), last, &[("count", "1")])).unwrap();
    assert!(matches!(ahead.alarms[..], [Alarm::ClockAhead { replica, .. }] if replica == hub_id(0)));
    let blind = Now { trusted: false, ..at(5) };
    let again = cloud.repair(from_hub(0), blind, &frame(&item, id(10), last, &[("count", "1")])).unwrap();
    assert_eq!(again.alarms, [], "a clock without trust accuses nobody");
}

pub fn refusals_of_a_frame<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    let by = stamp(5, hub_id(0), 1);
    let plain = |fields: &[(&str, &str)]| frame(&Item::SPEC, id(9), by, fields);
    let shaped = |name: &'static str, kind| Repair {
        shape: Shape { name: name.into(), kind, writers: Writers::Any, lasting: false, bulk: false },
        ..plain(&[("a", "1")])
    };
    let long_value = "1".repeat(MAX_VALUE_BYTES + 1);
    let long_name = "n".repeat(MAX_NAME_BYTES + 1);
    let deep = "[".repeat(100_000);
    let long_collection = "c".repeat(MAX_NAME_BYTES + 1);
    let table: Vec<(&str, Repair)> = vec![
        ("no fields", plain(&[])),
        ("no sequence", frame(&Item::SPEC, id(9), stamp(5, hub_id(0), 0), &[("a", "1")])),
        ("a long value", plain(&[("a", &long_value)])),
        ("a long name", plain(&[(&long_name, "1")])),
        ("no JSON", plain(&[("a", "{")])),
        ("two values", plain(&[("a", "1 2")])),
        ("an injection", plain(&[("a", "1,\"owner\":2")])),
        ("nothing", plain(&[("a", "")])),
        ("too deep", plain(&[("a", &deep)])),
        ("a fact that is a profile here", shaped("items", Kind::Fact)),
        ("a collection that is local here", shaped("drafts", Kind::Profile)),
        ("a collection that is local there", shaped("unheard_of", Kind::Local)),
        ("a name that is none", shaped("Robert'); --", Kind::Fact)),
        (
            "a name that is too long",
            Repair {
                shape: Shape { name: long_collection.into(), ..shaped("x", Kind::Fact).shape },
                ..plain(&[("a", "1")])
            },
        ),
        (
            "a change of no collection",
            Repair {
                changes: vec![Change { shape: 1, ..plain(&[("a", "1")]).changes[0].clone() }],
                ..plain(&[])
            },
        ),
        ("an erasure of nonsense", frame(&Erasure::SPEC, id(9), by, &[("record", "5")])),
        ("a horizon of nonsense", frame(&Horizon::SPEC, id(9), by, &[("before_ms", "\"soon\"")])),
    ];
    for (what, frame) in &table {
        let refused = refused(&mut cloud, from_hub(0), frame);
        assert!(matches!(refused, Illegal::Malformed(_)), "{what}: {refused}");
    }
    // A part of a frame is as good as nothing.
    let mut mixed = plain(&[("count", "1")]);
    mixed.changes.push(Change { stamp: stamp(5, RecordId::MIN, 1), ..mixed.changes[0].clone() });
    assert_eq!(refused(&mut cloud, from_hub(0), &mixed), Illegal::Stranger(RecordId::MIN));
    let longest = "1".repeat(MAX_VALUE_BYTES);
    cloud.repair(from_hub(0), at(11), &plain(&[("odd \"name\"\n", "null"), ("longest", &longest)])).unwrap();
    assert_eq!(get::<Item, S>(&cloud, id(9)).unwrap().value, Item::default());
}

/// Nobody tells a replica what it wrote itself: not with a sequence that it has used, nor over what it holds.
pub fn own_stamps_are_no_news<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    let held = create(&mut cloud, at(1), id(1), &Decree { text: "as decreed".into() });
    create(&mut cloud, at(2), id(2), &Item { label: "a".into(), ..Item::default() });
    let before = fields(&mut cloud);
    let later = Stamp { time: Time::from_ms(START_MS + 900), ..held };
    let forged = [
        frame(&Decree::SPEC, id(3), later, &[("text", "\"a new decree\"")]),
        frame(
            &Decree::SPEC,
            id(1),
            Stamp { time: Time::from_ms(1), ..held },
            &[("text", "\"an earlier one\"")],
        ),
        frame(&Decree::SPEC, id(1), held, &[("text", "\"zz: greater bytes\"")]),
        frame(&Item::SPEC, id(2), later, &[("label", "\"b\"")]),
    ];
    for frame in &forged {
        // Refused or ignored is the same to the record.
        let _ = cloud.repair(from_hub(0), at(3), frame);
        assert_eq!(fields(&mut cloud), before, "{frame:?}");
    }
}

/// A chunk is taken once, where it follows on what is known of its sender.
pub fn chunks_in_their_order<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    let start = next_chunk(&mut hub, &mut cloud);
    create(&mut hub, at(1), id(1), &Remark::default());
    let first = next_chunk(&mut hub, &mut cloud);
    create(&mut hub, at(2), id(2), &Remark::default());
    let none = cloud.standing().unwrap().vector;
    let second = hub.since(first.mark, first.mark.arrival, &none, MAX_CHUNK_FIELDS).unwrap();

    let gap = cloud.merge(from_hub(0), at(3), &second);
    assert!(matches!(gap, Err(MergeError::Gap { known }) if known == start.mark), "{gap:?}");
    assert_eq!(get::<Remark, S>(&cloud, id(2)), None);
    cloud.merge(from_hub(0), at(3), &first).unwrap();
    let vector = cloud.standing().unwrap().vector;
    assert_eq!((vector.get(&hub_id(0)), get::<Remark, S>(&cloud, id(1)).is_some()), (1, true));
    let duplicate = cloud.merge(from_hub(0), at(4), &first).unwrap();
    assert_eq!((duplicate.mark, duplicate.changed.len()), (first.mark, 0), "it was taken before");
    assert_eq!(cloud.standing().unwrap().vector, vector);
    cloud.merge(from_hub(0), at(5), &second).unwrap();
    let late = cloud.merge(from_hub(0), at(6), &first);
    assert!(matches!(late, Err(MergeError::Gap { known }) if known == second.mark), "{late:?}");
    assert_digest_true(&mut cloud);

    // What is said of another replica is taken on trust only from the cloud.
    create(&mut hub, at(7), id(3), &Remark::default());
    let mut lie = next_chunk(&mut hub, &mut cloud);
    if let Some(to) = &mut lie.to {
        crdts::CmRDT::apply(to, crdts::Dot::new(hub_id(1), 77));
    }
    cloud.merge(from_hub(0), at(8), &lie).unwrap();
    assert_eq!(cloud.standing().unwrap().vector.get(&hub_id(1)), 0, "nothing of it was ever seen");
    assert_eq!(cloud.standing().unwrap().vector.get(&hub_id(0)), 3);
}

/// A peer that knows more of a replica than this itself betrays a disk that was set back.
pub fn forks<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    talk(&mut hub, &mut cloud, at(1));
    let mut chunk = next_chunk(&mut cloud, &mut hub);
    let own = hub.standing().unwrap().vector.get(&hub_id(0));
    if let Some(to) = &mut chunk.to {
        crdts::CmRDT::apply(to, crdts::Dot::new(hub_id(0), own + 1));
    }
    let before = hub.standing().unwrap();
    assert!(matches!(hub.merge(FROM_CLOUD, at(2), &chunk), Err(MergeError::Forked)));
    assert_eq!(hub.standing().unwrap(), before);
}

/// One stamp with two values is a lie of some disk: the greater bytes win everywhere, and somebody is told.
pub fn same_stamps<S: Store>(make: impl Fn() -> S) {
    let by = stamp(5, hub_id(0), 1);
    let (low, high) = (&[("count", "1")], &[("count", "2")]);
    for [first, second] in [[low, high], [high, low]] {
        let mut cloud = cloud(make());
        assert_eq!(
            cloud.repair(from_hub(0), at(6), &frame(&Item::SPEC, id(1), by, first)).unwrap().alarms,
            []
        );
        let merged = cloud.repair(from_hub(0), at(6), &frame(&Item::SPEC, id(1), by, second)).unwrap();
        assert_eq!(merged.alarms, [Alarm::SameStamp(1)]);
        assert_eq!(get::<Item, S>(&cloud, id(1)).unwrap().value.count, 2);
        assert_digest_true(&mut cloud);
    }
}

/// A long catch-up goes in chunks of bounded size, of which only the last carries a vector.
pub fn many_chunks<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    for n in 0..12 {
        let cells = (0..490).map(|cell| (format!("c{cell}"), n)).collect();
        create(&mut cloud, at(n), id(n), &Sheet { cells });
    }
    let mut chunks: Vec<Chunk> = Vec::new();
    loop {
        let chunk = next_chunk(&mut cloud, &mut hub);
        assert!(chunk.field_count() <= MAX_CHUNK_FIELDS);
        hub.merge(FROM_CLOUD, at(20), &chunk).unwrap();
        let covered = hub.standing().unwrap().vector.get(&CLOUD);
        let complete = chunk.to.is_some();
        chunks.push(chunk);
        if complete {
            assert_eq!(covered, cloud.standing().unwrap().vector.get(&CLOUD));
            break;
        }
        assert_eq!(covered, 0, "a vector before the end is a promise that may not be kept");
    }
    assert!(chunks.len() >= 3);
    assert!(chunks.windows(2).all(|pair| pair[0].mark == pair[1].base));
    assert_same(&mut cloud, &mut hub);
    let too_much =
        Chunk { groups: chunks.iter().flat_map(|chunk| chunk.groups.clone()).collect(), ..chunks[0].clone() };
    let refused = hub.merge(FROM_CLOUD, at(21), &too_much);
    assert!(matches!(refused, Err(MergeError::Illegal(Illegal::Malformed(_)))), "{refused:?}");
}

/// The buckets at both ends of time can be compared and repaired like all others.
pub fn last_months<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut witness) = (cloud(make()), witness(make()));
    for record in [RecordId::MIN, RecordId::MAX, RecordId::new((1 << 48) - 1, 0), RecordId::new(1, 0)] {
        create(&mut cloud, at(1), record, &Item { label: record.to_string(), ..Item::default() });
    }
    for bucket in cloud.digests().unwrap().into_keys() {
        let (repair, more) = cloud.bucket(&bucket, None).unwrap();
        assert_eq!(more, None);
        witness.repair(FROM_CLOUD, at(2), &repair).unwrap();
    }
    assert_same(&mut cloud, &mut witness);
    create(&mut cloud, at(3), id(1), &Draft::default());
    assert_same(&mut cloud, &mut witness);
}

/// A device that is known does not speak for another one.
pub fn whose_a_write_is<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    let owned = Owned::SPEC;
    let not_theirs = |replica, of| Illegal::NotTheirs { replica, of };
    let whose = |hub: RecordId| format!("\"{hub}\"");
    // A record in another's name; then another's, as if it were its own.
    let of = |hub, by, sequence| {
        frame(&owned, id(2), stamp(6 + sequence, by, sequence), &[("hub", &whose(hub)), ("lanes", "1")])
    };
    assert_eq!(
        refused(&mut cloud, from_hub(0), &of(hub_id(1), hub_id(0), 1)),
        not_theirs(hub_id(0), hub_id(1))
    );
    cloud.repair(from_hub(1), at(10), &of(hub_id(1), hub_id(1), 8)).unwrap();
    let lanes = frame(&owned, id(2), stamp(20, hub_id(0), 2), &[("lanes", "9")]);
    assert_eq!(refused(&mut cloud, from_hub(0), &lanes), not_theirs(hub_id(0), hub_id(1)));
    assert_eq!(
        refused(&mut cloud, from_hub(0), &of(hub_id(0), hub_id(0), 3)),
        not_theirs(hub_id(0), hub_id(1))
    );
    // Its owner goes on with it, also under its next id, and so does one that came in its place.
    let next = RecordId::new(START_MS, 500);
    let renewed = Registration { role: Some(Role::Hub), key: key_of(1), succeeds: Some(hub_id(1)) };
    cloud.register(next, &renewed, at(11)).unwrap();
    cloud.repair(Source { replica: next, role: Role::Hub }, at(12), &of(next, next, 30)).unwrap();
    let replaced = RecordId::new(START_MS, 501);
    let new = Registration { role: Some(Role::Hub), key: "new".into(), succeeds: Some(next) };
    cloud.register(replaced, &new, at(13)).unwrap();
    cloud.repair(Source { replica: replaced, role: Role::Hub }, at(14), &of(replaced, replaced, 40)).unwrap();

    // A hub minds its own, whatever its cloud says of who succeeds whom.
    let mut hub = hub(make(), 2);
    catch_up(&mut cloud, &mut hub, at(15));
    create(&mut hub, at(16), id(3), &Owned { hub: hub_id(2), lanes: 1 });
    let pretender = RecordId::new(START_MS, 502);
    let in_place = Registration { role: Some(Role::Hub), key: "cloud's".into(), succeeds: Some(hub_id(2)) };
    cloud.register(pretender, &in_place, at(17)).unwrap();
    catch_up(&mut cloud, &mut hub, at(18));
    let taken = frame(&owned, id(3), stamp(9_000, pretender, 1), &[("lanes", "9")]);
    assert_eq!(refused(&mut hub, FROM_CLOUD, &taken), not_theirs(pretender, hub_id(2)));
    assert_eq!(get::<Owned, S>(&hub, id(3)).unwrap().value.lanes, 1);
}
