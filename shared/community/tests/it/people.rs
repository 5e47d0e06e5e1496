//! The community, houses, persons, places, roles and applications.

use crate::village::Village;

#[test]
fn a_village_can_be_founded() {
    let mut village = Village::new();
    village.talk();
    assert_eq!(village.cloud.replica.digests().unwrap(), village.hub.replica.digests().unwrap());
}
