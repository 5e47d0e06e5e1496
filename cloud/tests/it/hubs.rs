//! Enrolment: one use, ten minutes; a new device in the place of an old one; and what revoking means.

use std::sync::Arc;

use dwellers_cloud::communities::{Communities, Community};
use dwellers_cloud::hubs::{Device, HubError, Newcomer};
use dwellers_link::device::DeviceKey;
use dwellers_link::enrolment::{Code, LASTS_MS};
use dwellers_replica::builtin::{self, Registration};
use dwellers_replica::{AdmissionError, Hello, RecordId, ReplicaId, Role};

use super::{Place, at, entropy};

/// A cloud with one community.
struct Settlement {
    communities: Communities,
    community: Arc<Community>,
}

impl Settlement {
    fn found(place: &Place) -> Settlement {
        let communities = place.communities();
        let community = communities.create("Сосновка", at(0), entropy).unwrap();
        Settlement { communities, community }
    }

    fn invite(&self, label: &str, replace: bool, n: u8, ms: u64) -> Result<Code, HubError> {
        self.communities.invite_hub(self.community.id, label, replace, [n; 5], entropy, at(ms))
    }

    fn enrol(&self, code: &Code, n: u8, ms: u64) -> Result<Device, HubError> {
        let (key, replica) = (key(n).public(), replica(n.into()));
        let newcomer = Newcomer { key, replica, community: None };
        self.communities.enrol(code, &newcomer, entropy, at(ms)).map(|(id, device)| {
            assert_eq!(id, self.community.id);
            device
        })
    }

    /// Whether the store's sync speaks to a replica that comes with this key.
    fn admits(&self, n: u64, by: &DeviceKey) -> Result<(), AdmissionError> {
        let protocol = dwellers_replica::sync::PROTOCOL;
        let hello = Hello { protocol, replica: replica(n), role: Role::Hub, lineage: vec![] };
        let key = by.public().text();
        self.community.store.with(move |store| store.admit(&hello, &key, at(4)).map(drop)).unwrap()
    }

    fn retired(&self, n: u64) -> Option<u64> {
        self.community.store.view(|view| builtin::retired(view, replica(n))).unwrap().unwrap()
    }
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
    let settlement = Settlement::found(&place);
    let code = settlement.invite("  Въезд   с шоссе ", false, 1, 1).unwrap();
    let device = settlement.enrol(&code, 1, 2).unwrap();
    assert_eq!((device.label.as_str(), device.enrolled_ms), ("Въезд с шоссе", at(2).ms));
    assert_eq!(settlement.community.device(key(1).public()).unwrap().unwrap().value, device);
    let again = settlement.enrol(&code, 2, 3);
    assert!(matches!(again, Err(HubError::Code)), "{again:?}");
    // The device is one that the store's sync speaks to; another's key is not, nor a stranger.
    assert!(settlement.admits(1, &key(1)).is_ok());
    assert!(matches!(settlement.admits(1, &key(2)), Err(AdmissionError::Impostor(_))));
    assert!(matches!(settlement.admits(2, &key(2)), Err(AdmissionError::Stranger(_))));
}

#[test]
fn a_hub_that_did_not_hear_that_it_is_one_is_told_so_again() {
    let place = Place::new();
    let settlement = Settlement::found(&place);
    settlement.enrol(&settlement.invite("Въезд", false, 1, 1).unwrap(), 1, 2).unwrap();
    settlement.enrol(&settlement.invite("Пруд", false, 2, 3).unwrap(), 2, 4).unwrap();
    // It stays the device that it is, under the name that was wished for last; the code is used up.
    let code = settlement.invite("Лес", false, 3, 5).unwrap();
    let again = settlement.enrol(&code, 1, 6).unwrap();
    assert_eq!((again.label.as_str(), again.enrolled_ms), ("Лес", at(2).ms));
    assert_eq!(settlement.community.device(key(1).public()).unwrap().unwrap().value, again);
    let twice = settlement.enrol(&code, 3, 7);
    assert!(matches!(twice, Err(HubError::Code)), "{twice:?}");
    // In its own place as well: the code that was lost was perhaps of this kind.
    let code = settlement.invite("Лес", true, 4, 8).unwrap();
    assert_eq!(settlement.enrol(&code, 1, 9).unwrap().revoked_ms, 0);
    assert!(settlement.admits(1, &key(1)).is_ok());
    // In the place of another it is a mistake, and that other stays.
    let code = settlement.invite("Пруд", true, 5, 10).unwrap();
    let mistaken = settlement.enrol(&code, 1, 11);
    assert!(matches!(mistaken, Err(HubError::Known)), "{mistaken:?}");
    assert!(settlement.admits(2, &key(2)).is_ok());
    assert_eq!(settlement.community.devices().unwrap().len(), 2);
}

#[test]
fn a_copy_of_the_old_disk_costs_neither_the_code_nor_the_old_hub() {
    let place = Place::new();
    let settlement = Settlement::found(&place);
    settlement.enrol(&settlement.invite("Въезд", false, 1, 1).unwrap(), 1, 2).unwrap();
    let code = settlement.invite("Въезд", true, 2, 3).unwrap();
    // The same replica under a new key, and the same key with another replica.
    for (n, of) in [(2, 1), (1, 2)] {
        let newcomer = Newcomer { key: key(n).public(), replica: replica(of), community: None };
        let cloned = settlement.communities.enrol(&code, &newcomer, entropy, at(4));
        assert!(matches!(cloned, Err(HubError::Known)), "{cloned:?}");
        assert!(settlement.admits(1, &key(1)).is_ok(), "it serves still");
    }
    settlement.enrol(&code, 3, 5).unwrap();
    assert!(settlement.admits(1, &key(1)).is_err());
}

#[test]
fn who_takes_a_place_succeeds_the_last_name_of_the_one_before_whatever_its_clock_said() {
    let place = Place::new();
    let settlement = Settlement::found(&place);
    settlement.enrol(&settlement.invite("Въезд", false, 9, 1).unwrap(), 9, 2).unwrap();
    // Its disk was restored while its clock was behind.
    let protocol = dwellers_replica::sync::PROTOCOL;
    let hello = Hello { protocol, replica: replica(5), role: Role::Hub, lineage: vec![(replica(9), 0)] };
    let text = key(9).public().text();
    settlement
        .community
        .store
        .with(move |store| store.admit(&hello, &text, at(3)).map(drop))
        .unwrap()
        .unwrap();
    settlement.enrol(&settlement.invite("Въезд", true, 1, 4).unwrap(), 1, 5).unwrap();
    let registered = |view: dwellers_replica::View<'_>| view.of::<Registration>().get(replica(1));
    let registered = settlement.community.store.view(registered).unwrap().unwrap().unwrap();
    assert_eq!(registered.value.succeeds, Some(replica(5)));
}

#[test]
fn a_code_is_void_after_its_time_or_with_a_newer_one() {
    let place = Place::new();
    let settlement = Settlement::found(&place);
    let nobody_asked = settlement.enrol(&Code::draw([9; 5]), 1, 0);
    assert!(matches!(nobody_asked, Err(HubError::Code)), "{nobody_asked:?}");
    let late = settlement.invite("Въезд", false, 1, 0).unwrap();
    assert!(matches!(settlement.enrol(&late, 1, LASTS_MS), Err(HubError::Code)));
    let before = settlement.invite("Въезд", false, 3, 0).unwrap();
    let newer = settlement.invite("Выезд", false, 4, 1).unwrap();
    assert!(matches!(settlement.enrol(&before, 1, 2), Err(HubError::Code)));
    assert_eq!(settlement.enrol(&newer, 1, LASTS_MS).unwrap().label, "Выезд", "to its last moment");
    for label in ["", "   ", &"я".repeat(61)] {
        assert!(matches!(settlement.invite(label, false, 5, 3), Err(HubError::Label)), "{label}");
    }
}

#[test]
fn a_code_says_which_community_it_is_of() {
    let place = Place::new();
    let settlement = Settlement::found(&place);
    let other = settlement.communities.create("Берёзки", at(0), entropy).unwrap();
    let code = settlement.invite("Въезд", false, 1, 1).unwrap();
    let theirs = settlement.communities.invite_hub(other.id, "Въезд", false, [2; 5], entropy, at(1)).unwrap();
    // Both are good at once, each for its own.
    assert_eq!(settlement.enrol(&code, 1, 2).unwrap().label, "Въезд");
    // A hub of one community is not taken in by another; the code stays good for one that may.
    let come = |n: u8, community: Option<RecordId>| {
        let (key, replica) = (key(n).public(), replica(n.into()));
        settlement.communities.enrol(&theirs, &Newcomer { key, replica, community }, entropy, at(3))
    };
    let mixed = come(2, Some(settlement.community.id));
    assert!(matches!(mixed, Err(HubError::Other)), "{mixed:?}");
    assert_eq!(come(2, None).unwrap().0, other.id);
    assert_eq!(settlement.community.devices().unwrap().len(), 1);
    // One that is closed meanwhile takes nobody in.
    let closing = settlement.invite("Выезд", false, 3, 4).unwrap();
    settlement.communities.close("Сосновка", at(5)).unwrap();
    let closed = settlement.enrol(&closing, 4, 6);
    assert!(matches!(closed, Err(HubError::Code)), "{closed:?}");
}

#[test]
fn a_new_device_takes_the_place_of_one_that_is_dead() {
    let place = Place::new();
    let settlement = Settlement::found(&place);
    let code = settlement.invite("Въезд", false, 1, 1).unwrap();
    settlement.enrol(&code, 1, 2).unwrap();
    // Not by accident, and not of nobody.
    let taken = settlement.invite("Въезд", false, 2, 3);
    assert!(matches!(taken, Err(HubError::Taken(_))), "{taken:?}");
    let nobody = settlement.invite("Выезд", true, 2, 3);
    assert!(matches!(nobody, Err(HubError::Unknown(_))), "{nobody:?}");
    let code = settlement.invite("Въезд", true, 2, 3).unwrap();
    assert!(settlement.admits(1, &key(1)).is_ok(), "until the new one is there the old one serves");
    settlement.enrol(&code, 2, 4).unwrap();
    assert!(matches!(settlement.admits(1, &key(1)), Err(AdmissionError::Retired(_))));
    assert!(settlement.admits(2, &key(2)).is_ok());
    // And a third, after the second was stolen and revoked at once.
    settlement.community.revoke_hub("Въезд", entropy, at(5)).unwrap();
    let code = settlement.invite("Въезд", true, 3, 6).unwrap();
    settlement.enrol(&code, 3, 7).unwrap();
    let predecessors = |n| settlement.community.store.view(|view| builtin::predecessors(view, replica(n)));
    assert_eq!(predecessors(3).unwrap().unwrap(), [replica(2), replica(1)]);
    assert_eq!(predecessors(1).unwrap().unwrap(), []);
    let third = |view: dwellers_replica::View<'_>| view.of::<Registration>().get(replica(3));
    let third = settlement.community.store.view(third).unwrap().unwrap().unwrap();
    assert_eq!(third.value.succeeds, Some(replica(2)));
    let living = settlement.community.devices().unwrap();
    assert_eq!(living.iter().filter(|device| device.value.revoked_ms == 0).count(), 1);
}

#[test]
fn what_is_revoked_is_not_spoken_to_and_does_not_come_back() {
    let place = Place::new();
    let settlement = Settlement::found(&place);
    let code = settlement.invite("Въезд", false, 1, 1).unwrap();
    settlement.enrol(&code, 1, 2).unwrap();
    let community = &settlement.community;
    let unknown = community.revoke_hub("Выезд", entropy, at(3));
    assert!(matches!(unknown, Err(HubError::Unknown(_))), "{unknown:?}");
    assert_eq!(settlement.retired(1), None);
    // By its fingerprint, as people compare it.
    let revoked = community.revoke_hub(&key(1).public().fingerprint(), entropy, at(4)).unwrap();
    assert_eq!((revoked.label.as_str(), revoked.revoked_ms > 0), ("Въезд", false));
    assert!(community.devices().unwrap()[0].value.revoked_ms > 0);
    assert_eq!(settlement.retired(1), Some(0));
    let admitted = settlement.admits(1, &key(1));
    assert!(matches!(admitted, Err(AdmissionError::Retired(_))), "{admitted:?}");
    // Neither with a new code: a thief has the key.
    let code = settlement.invite("Въезд", false, 2, 6).unwrap();
    let again = settlement.enrol(&code, 1, 7);
    assert!(matches!(again, Err(HubError::Revoked)), "{again:?}");
    assert!(matches!(community.revoke_hub("Въезд", entropy, at(8)), Err(HubError::Unknown(_))));
}
