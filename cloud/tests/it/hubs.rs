//! Enrolment: one use, ten minutes, five tries; and what revoking means.

use std::sync::Arc;

use dwellers_cloud::communities::Community;
use dwellers_cloud::hubs::{Drawn, HubError};
use dwellers_link::device::DeviceKey;
use dwellers_link::enrolment::{Code, LASTS_MS, TRIES};
use dwellers_replica::builtin::Retirement;
use dwellers_replica::{AdmissionError, Hello, Query, ReplicaId, Role};

use super::{Place, at, entropy};

fn community(place: &Place) -> Arc<Community> {
    place.communities().create("Сосновка", at(0), entropy).unwrap()
}

fn drawn(n: u8) -> Drawn {
    Drawn { code: [n; 5], key: [n; 32] }
}

fn replica(n: u64) -> ReplicaId {
    ReplicaId::new(at(n).ms, u128::from(n))
}

fn key(n: u8) -> DeviceKey {
    DeviceKey::new([n; 32])
}

#[test]
fn a_code_makes_one_hub_and_no_second() {
    let place = Place::new();
    let community = community(&place);
    let code = community.invite_hub(" Въезд ", &drawn(1), at(1)).unwrap();
    let device = community.enrol(&code, key(1).public(), replica(1), entropy(), at(2)).unwrap();
    assert_eq!((device.label.as_str(), device.enrolled_ms), ("Въезд", at(2).ms));
    assert_eq!(community.device(key(1).public()).unwrap().unwrap().value, device);
    let again = community.enrol(&code, key(2).public(), replica(2), entropy(), at(3));
    assert!(matches!(again, Err(HubError::Code)), "{again:?}");
    // The device is one that the store's sync speaks to; another's key is not, nor a stranger.
    let hello = |id| Hello {
        protocol: dwellers_replica::sync::PROTOCOL,
        replica: id,
        role: Role::Hub,
        lineage: vec![],
    };
    let admitted = |id, by: &DeviceKey| {
        let (hello, key) = (hello(id), by.public().text());
        community.store.with(move |store| store.admit(&hello, &key, at(4)).map(drop)).unwrap()
    };
    assert!(admitted(replica(1), &key(1)).is_ok());
    assert!(matches!(admitted(replica(1), &key(2)), Err(AdmissionError::Impostor(_))));
    assert!(matches!(admitted(replica(2), &key(2)), Err(AdmissionError::Stranger(_))));
    // A key that is a hub's already needs no code.
    let code = community.invite_hub("Ещё", &drawn(2), at(5)).unwrap();
    let known = community.enrol(&code, key(1).public(), replica(3), entropy(), at(6));
    assert!(matches!(known, Err(HubError::Known)), "{known:?}");
}

#[test]
fn a_code_is_void_after_its_time_five_wrong_ones_or_a_newer_one() {
    let place = Place::new();
    let community = community(&place);
    let enrol = |code: &Code, ms| community.enrol(code, key(1).public(), replica(1), entropy(), at(ms));
    let nobody_asked = enrol(&Code::draw([9; 5]), 0);
    assert!(matches!(nobody_asked, Err(HubError::Code)), "{nobody_asked:?}");

    let late = community.invite_hub("Въезд", &drawn(1), at(0)).unwrap();
    assert!(matches!(enrol(&late, LASTS_MS), Err(HubError::Code)));

    let guessed = community.invite_hub("Въезд", &drawn(2), at(0)).unwrap();
    for n in 0..TRIES {
        let wrong = Code::draw([100 + n as u8; 5]);
        assert!(matches!(enrol(&wrong, 1), Err(HubError::Code)));
    }
    assert!(matches!(enrol(&guessed, 1), Err(HubError::Code)), "the right one comes too late");

    let before = community.invite_hub("Въезд", &drawn(3), at(0)).unwrap();
    let newer = community.invite_hub("Выезд", &drawn(4), at(1)).unwrap();
    assert!(matches!(enrol(&before, 2), Err(HubError::Code)));
    assert_eq!(enrol(&newer, LASTS_MS).unwrap().label, "Выезд", "to its last moment");
}

#[test]
fn what_is_revoked_is_not_spoken_to_and_does_not_come_back() {
    let place = Place::new();
    let community = community(&place);
    let code = community.invite_hub("Въезд", &drawn(1), at(1)).unwrap();
    community.enrol(&code, key(1).public(), replica(1), entropy(), at(2)).unwrap();
    let unknown = community.revoke_hub("Выезд", entropy, at(3));
    assert!(matches!(unknown, Err(HubError::Unknown(_))), "{unknown:?}");
    // By its fingerprint, as people compare it.
    let revoked = community.revoke_hub(&key(1).public().fingerprint(), entropy, at(4)).unwrap();
    assert_eq!((revoked.label.as_str(), revoked.revoked_ms > 0), ("Въезд", false));
    assert!(community.devices().unwrap()[0].value.revoked_ms > 0);
    let retired = community
        .store
        .view(|view| view.of::<Retirement>().find(&Query::on("replica").equal(replica(1).to_string())))
        .unwrap()
        .unwrap();
    assert_eq!(retired.entries.len(), 1);
    let hello = Hello {
        protocol: dwellers_replica::sync::PROTOCOL,
        replica: replica(1),
        role: Role::Hub,
        lineage: vec![],
    };
    let text = key(1).public().text();
    let admitted = community.store.with(move |store| store.admit(&hello, &text, at(5)).map(drop)).unwrap();
    assert!(matches!(admitted, Err(AdmissionError::Retired(_))), "{admitted:?}");
    // Neither with a new code: a thief has the key.
    let code = community.invite_hub("Въезд", &drawn(2), at(6)).unwrap();
    let again = community.enrol(&code, key(1).public(), replica(2), entropy(), at(7));
    assert!(matches!(again, Err(HubError::Known)), "{again:?}");
    assert!(matches!(community.revoke_hub("Въезд", entropy, at(8)), Err(HubError::Unknown(_))));
}
