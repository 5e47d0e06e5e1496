//! Who sees which entry.

use dwellers::journal::{Entry, Sight, may_see, shown};
use dwellers::people;
use dwellers_replica::{Entry as Read, RecordId, Stamp};

use crate::village::{NOW_MS, Resident, Village};

#[test]
fn each_sees_what_is_theirs() {
    let mut village = Village::new();
    let [twelve, fourteen, _] = village.houses;
    village.cloud.pass_time(1_000);
    let now = village.cloud.now;
    let at = |ms, value: &Entry| {
        let (id, stamp, value) = (RecordId::new(ms, 1), Stamp::default(), value.clone());
        Read { id, stamp, arrival: 1, value }
    };
    let seen_at = |village: &Village, who: Resident, ms, entry: &Entry| {
        let held = village.cloud.view(|view| people::held(view, now, who.person)).unwrap();
        may_see(&at(ms, entry), who.person, &held)
    };
    let sees = |village: &Village, who: Resident, entry: &Entry| seen_at(village, who, NOW_MS + 1_000, entry);
    // A gatehouse whose clock stands in the past writes of today all the same.
    let of = |house| Entry { house, at_ms: 0, ..Entry::default() };
    let (mine, theirs, nobodys) = (of(Some(twelve)), of(Some(fourteen)), of(None));
    let (anna, boris, nina, timur) = (village.anna, village.boris, village.nina, village.timur);
    for who in [anna, boris] {
        assert_eq!(sees(&village, who, &mine), Some(Sight::Own));
        assert_eq!(sees(&village, who, &theirs), None);
        assert_eq!(sees(&village, who, &nobodys), None);
    }
    assert_eq!(sees(&village, timur, &theirs), Some(Sight::Own));
    // Who works in a house sees what they opened themselves.
    assert_eq!(sees(&village, nina, &mine), None);
    let own = Entry { person: Some(nina.person), ..mine.clone() };
    assert_eq!(sees(&village, nina, &own), Some(Sight::Own));
    // Who keeps the gate sees all of it.
    for who in [village.olga, village.pyotr] {
        for entry in [&mine, &theirs, &nobodys] {
            assert_eq!(sees(&village, who, entry), Some(Sight::Whole));
        }
    }
    // What was before they came is none of theirs, but for what they did.
    let before_ms = anna.grant.made_ms() - 1;
    assert_eq!(seen_at(&village, anna, before_ms, &mine), None);
    let own = Entry { person: Some(anna.person), ..mine.clone() };
    assert_eq!(seen_at(&village, anna, before_ms, &own), Some(Sight::Own));
    // Who is nobody any more sees nothing, not even that.
    assert_eq!(may_see(&at(NOW_MS + 1_000, &own), anna.person, &[]), None);
    let noted = Entry { note: "подозрительный".into(), ..mine };
    assert_eq!(shown(&noted, Sight::Own).note, "");
    assert_eq!(shown(&noted, Sight::Whole), noted);
}
