//! Who is spoken to, whose writes count, and what becomes of a disk that was restored or copied.

use dwellers_replica::builtin::{Registration, Retirement};
use dwellers_replica::{
    AdmissionError, Hello, Illegal, Memory, MergeError, Record, RecordId, Replica, ReplicaId, Role, Store,
};

use crate::collections::{Decree, Item, Remark, schema};
use crate::lab::*;

fn hello(replica: ReplicaId, role: Role, succeeds: Option<ReplicaId>) -> Hello {
    Hello { protocol: 1, replica, role, lineage: succeeds.map(|id| (id, 0)).into_iter().collect() }
}

fn judged<S: Store>(replica: &mut Replica<S>, hello: &Hello, key: &str) -> &'static str {
    match replica.admit(hello, key, at(10)) {
        Ok(source) => {
            assert_eq!((source.replica, source.role), (hello.replica, hello.role));
            "admitted"
        }
        Err(AdmissionError::Stranger(_)) => "stranger",
        Err(AdmissionError::Retired(_)) => "retired",
        Err(AdmissionError::Impostor(_)) => "impostor",
        Err(AdmissionError::SameRole(_)) => "same role",
        Err(error) => panic!("{error}"),
    }
}

pub fn admissions<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    cloud.retire(id(1), hub_id(3), at(1)).unwrap();
    let (new, newer, unknown) =
        (RecordId::new(START_MS, 100), RecordId::new(START_MS, 101), RecordId::new(1, 1));
    let table = [
        ("a hub that is registered", hello(hub_id(0), Role::Hub, None), 0, "admitted"),
        ("with another's key", hello(hub_id(0), Role::Hub, None), 1, "impostor"),
        ("a hub that nobody registered", hello(unknown, Role::Hub, None), 0, "stranger"),
        ("one that succeeds nobody known", hello(new, Role::Hub, Some(unknown)), 0, "stranger"),
        ("one that succeeds another's device", hello(new, Role::Hub, Some(hub_id(1))), 0, "impostor"),
        ("one that succeeds the cloud", hello(new, Role::Hub, Some(CLOUD)), 0, "impostor"),
        ("the new id of a known device", hello(new, Role::Hub, Some(hub_id(0))), 0, "admitted"),
        ("the same once more", hello(new, Role::Hub, Some(hub_id(0))), 0, "admitted"),
        ("and its next one", hello(newer, Role::Hub, Some(new)), 0, "admitted"),
        ("which is not another's", hello(newer, Role::Hub, Some(new)), 1, "impostor"),
        ("a hub that was retired", hello(hub_id(3), Role::Hub, None), 3, "retired"),
        ("another cloud", hello(unknown, Role::Cloud, None), 0, "same role"),
    ];
    for (what, hello, key, expected) in table {
        assert_eq!(judged(&mut cloud, &hello, &key_of(key)), expected, "{what}");
    }
    let registration = get::<Registration, S>(&cloud, new).unwrap().value;
    assert_eq!((registration.role, registration.succeeds), (Some(Role::Hub), Some(hub_id(0))));

    let mut hub = hub(make(), 0);
    catch_up(&mut cloud, &mut hub, at(11));
    let another = RecordId::new(START_MS, 200);
    let table = [
        ("its cloud", hello(CLOUD, Role::Cloud, None), "admitted"),
        ("another hub", hello(hub_id(1), Role::Hub, None), "same role"),
        ("a hub that plays the cloud", hello(hub_id(1), Role::Cloud, None), "impostor"),
        ("a cloud that its host has authenticated", hello(another, Role::Cloud, Some(CLOUD)), "admitted"),
    ];
    for (what, hello, expected) in table {
        assert_eq!(judged(&mut hub, &hello, "the host has seen to it"), expected, "{what}");
    }
}

/// What a retired replica wrote until then stays; nothing later is taken from any hub.
pub fn retirements<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut thief) = (cloud(make()), hub(make(), 0));
    create(&mut thief, at(1), id(1), &Remark { weight: 1, ..Remark::default() });
    talk(&mut thief, &mut cloud, at(2));
    cloud.retire(id(50), hub_id(0), at(3)).unwrap();
    assert_eq!(
        get::<Retirement, S>(&cloud, id(50)).unwrap().value,
        Retirement { replica: hub_id(0), last: 1 }
    );
    create(&mut thief, at(4), id(2), &Remark::default());
    let before = (cloud.standing().unwrap(), fields(&mut cloud));
    let chunk = next_chunk(&mut thief, &mut cloud);
    for from in [from_hub(0), from_hub(1)] {
        let frame = frame(&Remark::SPEC, id(2), stamp(4, hub_id(0), 2), &[("weight", "2")]);
        let refused = cloud.repair(from, at(5), &frame);
        let expected = Illegal::Retired { replica: hub_id(0), last: 1, sequence: 2 };
        assert!(matches!(refused, Err(MergeError::Illegal(illegal)) if illegal == expected));
    }
    assert!(matches!(
        cloud.merge(from_hub(0), at(5), &chunk),
        Err(MergeError::Illegal(Illegal::Retired { .. }))
    ));
    assert_eq!(before, (cloud.standing().unwrap(), fields(&mut cloud)));
    assert_eq!(get::<Remark, S>(&cloud, id(1)).unwrap().value.weight, 1);
    // Of several retirements the most generous counts, in whichever order.
    let more = Retirement { replica: hub_id(0), last: 2 };
    create(&mut cloud, at(6), id(40), &more);
    cloud.merge(from_hub(0), at(7), &chunk).unwrap();
    assert!(get::<Remark, S>(&cloud, id(2)).is_some());
}

/// The device is revoked, not a name: it does not come back under the next one.
pub fn a_retired_device_stays_out<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    cloud.retire(id(1), hub_id(0), at(1)).unwrap();
    let next = hello(RecordId::new(START_MS, 100), Role::Hub, Some(hub_id(0)));
    assert_eq!(judged(&mut cloud, &next, &key_of(0)), "retired");
    assert_eq!(get::<Registration, S>(&cloud, next.replica), None);
}

/// A hub knows nobody but its cloud, and from it everybody, in whatever order the frame has them.
pub fn registrations_through_the_cloud<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut one, mut other) = (cloud(make()), hub(make(), 0), hub(make(), 1));
    create(&mut one, at(1), id(1), &Remark::default());
    talk(&mut one, &mut cloud, at(2));
    let stranger = frame(&Remark::SPEC, id(2), stamp(4, hub_id(0), 9), &[("weight", "2")]);
    let refused = other.repair(FROM_CLOUD, at(3), &stranger);
    assert!(matches!(refused, Err(MergeError::Illegal(Illegal::Stranger(who))) if who == hub_id(0)));
    let mut chunk = next_chunk(&mut cloud, &mut other);
    // The worst order: what a hub wrote stands before the record that registers it.
    let mut all = chunk.groups.concat();
    all.reverse();
    chunk.groups = vec![all];
    other.merge(FROM_CLOUD, at(4), &chunk).unwrap();
    assert_same(&mut cloud, &mut other);
    // From a hub the same would be refused: who is registered is the cloud's to say.
    let role = frame(&Registration::SPEC, id(9), stamp(9, hub_id(1), 1), &[("role", "\"cloud\"")]);
    let refused = cloud.repair(from_hub(1), at(5), &role);
    assert!(matches!(refused, Err(MergeError::Illegal(Illegal::NotAWriter { .. }))));
}

/// `restore`: a new id from the first moment; what the backup lacks comes from the hubs.
pub fn a_new_id_after_a_restore<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(Memory::new()), hub(make(), 0));
    create(&mut cloud, at(1), id(1), &Item::default());
    let backup = cloud.store().crashed();
    create(&mut cloud, at(2), id(2), &Decree { text: "after the backup".into() });
    talk(&mut hub, &mut cloud, at(3));

    let mut restored = Replica::open(backup, schema()).unwrap();
    let new = RecordId::new(START_MS, 500);
    restored.renew(new, None, "key of the cloud", at(4)).unwrap();
    let standing = restored.standing().unwrap();
    assert_eq!((standing.replica, standing.lineage.last().unwrap().0), (new, CLOUD));
    create(&mut restored, at(5), id(3), &Decree { text: "before it reconnects".into() });
    let hello = restored.hello().unwrap();
    hub.admit(&hello, "authenticated", at(6)).unwrap();
    talk(&mut restored, &mut hub, at(7));
    assert_eq!(get::<Decree, Memory>(&restored, id(2)).unwrap().value.text, "after the backup");
    assert_eq!(get::<Decree, S>(&hub, id(3)).unwrap().stamp.replica, new);
    assert_same(&mut restored, &mut hub);
}

/// Two copies of one disk, both written to: the second to come is found out, and nothing is lost.
pub fn a_copied_disk_issues_again<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(Memory::new(), 0));
    create(&mut hub, at(1), id(1), &Item { label: "common".into(), ..Item::default() });
    talk(&mut hub, &mut cloud, at(2));
    let mut copy = Replica::open(hub.store().crashed(), schema()).unwrap();
    create(&mut hub, at(3), id(2), &Remark { weight: 1, ..Remark::default() });
    create(&mut copy, at(3), id(3), &Remark { weight: 2, ..Remark::default() });
    update::<Memory, Item>(&mut copy, at(4), id(1), |item| item.count = 4);
    talk(&mut hub, &mut cloud, at(5));

    let remembered = cloud.resumption(hub_id(0)).unwrap();
    let common = copy.resume(&remembered).unwrap().expect_err("the cloud remembers another history");
    assert_eq!(common, 1);
    let (new, old) = (RecordId::new(START_MS, 500), copy.standing().unwrap());
    copy.renew(new, Some(common), "", at(6)).unwrap();
    assert_eq!(
        copy.standing().unwrap().vector.get(&hub_id(0)),
        1,
        "the other copy's later writes are wanted"
    );
    assert_eq!(copy.standing().unwrap().time, old.time, "with the times that the writes had");
    assert_digest_true(&mut copy);
    let source = cloud.admit(&copy.hello().unwrap(), &key_of(0), at(7)).unwrap();
    assert_eq!(source.replica, new);
    talk(&mut copy, &mut cloud, at(8));
    catch_up(&mut cloud, &mut hub, at(9));
    let written: Vec<_> = [1, 2, 3].map(id).into();
    for (replica, found) in [("cloud", items_and_remarks(&cloud)), ("copy", items_and_remarks(&copy))] {
        assert_eq!(found, written, "{replica}");
    }
    let stamp = get::<Item, Memory>(&hub, id(1)).unwrap().stamp;
    assert_eq!((stamp.replica, get::<Item, Memory>(&hub, id(1)).unwrap().value.count), (new, 4));
    assert_same(&mut cloud, &mut copy);
    assert_same(&mut cloud, &mut hub);
}

fn items_and_remarks<S: Store>(replica: &Replica<S>) -> Vec<RecordId> {
    let mut found = ids::<Item, S>(replica, &dwellers_replica::Query::on("label"));
    found.extend(ids::<Remark, S>(replica, &dwellers_replica::Query::on("weight")));
    found
}
