//! Who sees which entry.

use dwellers::journal::{Entry, Sight, may_see, shown};
use dwellers::people;

use crate::village::{NOW_MS, Resident, Village};

#[test]
fn each_sees_what_is_theirs() {
    let mut village = Village::new();
    let [twelve, fourteen, _] = village.houses;
    village.cloud.pass_time(1_000);
    let now = village.cloud.now;
    let sees = |village: &Village, who: Resident, entry: &Entry| {
        let held = village.cloud.view(|view| people::held(view, now, who.person)).unwrap();
        may_see(entry, who.person, &held)
    };
    let of = |house| Entry { house, at_ms: NOW_MS + 1_000, ..Entry::default() };
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
    let before = Entry { at_ms: anna.grant.made_ms() - 1, ..mine.clone() };
    assert_eq!(sees(&village, anna, &before), None);
    let own = Entry { person: Some(anna.person), ..before };
    assert_eq!(sees(&village, anna, &own), Some(Sight::Own));
    // Who is nobody any more sees nothing, not even that.
    assert_eq!(may_see(&own, anna.person, &[]), None);
    let noted = Entry { note: "подозрительный".into(), ..mine };
    assert_eq!(shown(&noted, Sight::Own).note, "");
    assert_eq!(shown(&noted, Sight::Whole), noted);
}
