//! The book of a hub: whole after whatever happened to it, and caught where somebody changed it.

mod seeing;

use dwellers::access::{Reason, Verdict};
use dwellers::gates::Direction;
use dwellers::journal::{self, Book, Checked, Entry, Fault, Kind};
use dwellers_replica::{Memory, Now, Open, RecordId, Replica, Role, Writes};
use proptest::prelude::*;

const NOW: Now = Now { ms: 1_750_000_000_000, trusted: true };
const HUB: RecordId = id(1);

const fn id(n: u64) -> RecordId {
    RecordId::new(NOW.ms + n, n as u128)
}

fn hub() -> Replica<Memory> {
    Replica::create(Memory::new(), dwellers::schema(), HUB, Role::Hub, "", NOW).unwrap()
}

/// The n-th entry, as an engine would hand it over.
fn entry(n: u64) -> Entry {
    Entry {
        kind: Open::Known(if n.is_multiple_of(3) { Kind::Passed } else { Kind::Decided }),
        verdict: Some(Open::Known(Verdict::Open)),
        reason: Some(Open::Known(Reason::Vehicle)),
        plate: format!("A{n:03}BC77"),
        house: Some(id(n % 7)),
        note: if n.is_multiple_of(5) {
            "сказал, что к соседям".into()
        } else {
            String::new()
        },
        ..Entry::default()
    }
}

/// Writes entries one by one; `spoil` may change each after it was sealed.
fn written(count: u64, mut spoil: impl FnMut(u64, &mut Entry)) -> Replica<Memory> {
    let mut hub = hub();
    let mut book = hub.view(|view| Book::open(view).unwrap()).unwrap();
    for n in 1..=count {
        let mut entry = entry(n);
        book.write(&mut entry, NOW, u128::from(n) * 7919);
        spoil(n, &mut entry);
        hub.commit(NOW, Writes::new().create(id(1000 + n), &entry)).unwrap();
    }
    hub
}

fn check(hub: &Replica<Memory>) -> Checked {
    hub.view(|view| journal::check(view, HUB).unwrap()).unwrap()
}

#[test]
fn a_whole_book_is_whole() {
    assert_eq!(check(&hub()), Checked::default());
    let whole = check(&written(2500, |_, _| {}));
    assert_eq!(whole, Checked { entries: 2500, forgotten: 0, faults: vec![] });
}

#[test]
fn a_book_is_gone_on_with_after_a_restart() {
    let mut hub = written(5, |_, _| {});
    let mut book = hub.view(|view| Book::open(view).unwrap()).unwrap();
    assert_eq!(book.number(), 5);
    let mut sixth = entry(6);
    book.write(&mut sixth, NOW, 1);
    assert_eq!((sixth.number, sixth.hub), (6, HUB));
    hub.commit(NOW, Writes::new().create(id(2000), &sixth)).unwrap();
    assert_eq!(check(&hub).faults, []);
}

#[test]
fn whatever_is_changed_shows() {
    type Spoil = fn(&mut Entry);
    let table: [(&str, Spoil, Fault); 7] = [
        ("the plate", |entry| entry.plate = "B777BB77".into(), Fault::Changed(4)),
        ("the time", |entry| entry.at_ms += 1, Fault::Changed(4)),
        ("the verdict", |entry| entry.verdict = Some(Open::Known(Verdict::Refuse)), Fault::Changed(4)),
        ("the note", |entry| entry.note = "ничего не было".into(), Fault::Changed(4)),
        ("the salt", |entry| entry.salt = "00".into(), Fault::Changed(4)),
        ("the commitment", |entry| entry.commitment = "00".into(), Fault::Changed(4)),
        ("the link", |entry| entry.link = "00".into(), Fault::Broken(4)),
    ];
    for (what, spoil, fault) in table {
        let hub = written(6, |n, entry| {
            if n == 4 {
                spoil(entry);
            }
        });
        assert!(check(&hub).faults.contains(&fault), "{what}: {:?}", check(&hub).faults);
    }
}

#[test]
fn an_entry_that_was_left_out_or_put_in_shows() {
    let gap = written(6, |n, entry| {
        if n >= 4 {
            entry.number += 1;
        }
    });
    assert!(check(&gap).faults.contains(&Fault::Missing(4)));
    let twice = written(6, |n, entry| {
        if n >= 4 {
            entry.number -= 1;
        }
    });
    assert!(check(&twice).faults.contains(&Fault::Twice(3)));
    // Somebody writes the whole rest anew, with commitments and links of their own: it does not follow.
    let mut other = hub().view(|view| Book::open(view).unwrap()).unwrap();
    let forged = written(6, |n, sealed| {
        let mut anew = entry(n);
        anew.plate = "X000XX99".into();
        other.write(&mut anew, NOW, 5);
        if n >= 4 {
            *sealed = anew;
        }
    });
    assert_eq!(check(&forged).faults, [Fault::Broken(4)]);
}

#[test]
fn what_was_forgotten_is_proved_all_the_same() {
    let mut cloud = Replica::create(Memory::new(), dwellers::schema(), id(0), Role::Cloud, "", NOW).unwrap();
    let mut hub = written(20, |_, _| {});
    hub.introduce(id(0), Role::Cloud, NOW).unwrap();
    for n in [3, 7, 20] {
        cloud.commit(NOW, Writes::new().erase::<Entry>(id(5000 + n), id(1000 + n))).unwrap();
    }
    for chunk in chunks(&mut cloud) {
        let source = dwellers_replica::Source { replica: id(0), role: Role::Cloud };
        hub.merge(source, NOW, &chunk).unwrap();
    }
    let seventh = hub.view(|view| view.of::<Entry>().get(id(1007)).unwrap()).unwrap().unwrap().value;
    assert_eq!((seventh.plate.as_str(), seventh.salt.as_str(), seventh.number), ("", "", 7));
    assert_eq!(check(&hub), Checked { entries: 20, forgotten: 3, faults: vec![] });
}

/// All that a replica holds, for a peer that knows nothing.
fn chunks(of: &mut Replica<Memory>) -> Vec<dwellers_replica::delta::Chunk> {
    let mut chunks: Vec<dwellers_replica::delta::Chunk> = Vec::new();
    loop {
        let base = chunks.last().map(|chunk| chunk.mark).unwrap_or_default();
        let chunk = of.since(base, base.arrival, &Default::default(), 500).unwrap();
        let done = chunk.to.is_some();
        chunks.push(chunk);
        if done {
            return chunks;
        }
    }
}

#[test]
fn what_the_last_run_left_unfinished() {
    let decided = |verdict| Entry { verdict: Some(Open::Known(verdict)), ..Entry::default() };
    let of = |kind, about: Option<u64>| Entry {
        kind: Open::Known(kind),
        about: about.map(id),
        ..Entry::default()
    };
    let told = [
        (1, of(Kind::Started, None)),
        (2, decided(Verdict::Open)),
        (3, of(Kind::Started, None)),
        (4, decided(Verdict::Open)),
        (5, decided(Verdict::Ask)),
        (6, of(Kind::Commanded, Some(4))),
        (7, decided(Verdict::Open)),
        // Read again: belongs to the opening, and is no outcome of it.
        (8, Entry { about: Some(id(7)), ..Entry::default() }),
        (9, of(Kind::Closing, None)),
        (10, of(Kind::Closing, None)),
        (11, of(Kind::Abandoned, Some(9))),
        (12, of(Kind::HoldBegan, None)),
    ];
    let mut hub = hub();
    let mut book = hub.view(|view| Book::open(view).unwrap()).unwrap();
    for (n, mut entry) in told {
        book.write(&mut entry, NOW, 1);
        hub.commit(NOW, Writes::new().create(id(n), &entry)).unwrap();
    }
    let intents = hub.view(|view| journal::intents(view, HUB, 1000).unwrap()).unwrap();
    let found: Vec<_> = intents
        .iter()
        .map(|intent| (intent.entry.id, intent.outcomes.as_slice(), intent.interrupted))
        .collect();
    let expected: [(_, &[Kind], _); 5] = [
        (id(2), &[], false),
        (id(4), &[Kind::Commanded], false),
        (id(7), &[], true),
        (id(9), &[Kind::Abandoned], false),
        (id(10), &[], true),
    ];
    assert_eq!(found, expected);
}

#[test]
fn who_is_inside() {
    let passed = |plate: &str, direction| Entry {
        kind: Open::Known(Kind::Passed),
        plate: plate.into(),
        direction: Some(direction),
        ..Entry::default()
    };
    let (entry, exit) = (Direction::Entry, Direction::Exit);
    let passages = [
        ("IN", entry),
        ("OUT", entry),
        ("", entry),
        ("OUT", exit),
        ("GHOST", exit),
        ("TWICE", entry),
        ("TWICE", exit),
        ("TWICE", entry),
    ];
    let mut hub = hub();
    let mut book = hub.view(|view| Book::open(view).unwrap()).unwrap();
    for (n, (plate, direction)) in passages.into_iter().enumerate() {
        let mut entry = passed(plate, direction);
        book.write(&mut entry, NOW, 1);
        hub.commit(NOW, Writes::new().create(id(n as u64), &entry)).unwrap();
    }
    let inside = hub.view(|view| journal::inside(view, 0, 1000).unwrap()).unwrap();
    let found: Vec<_> =
        inside.iter().map(|inside| (inside.passage.value.plate.as_str(), inside.unmatched_exit)).collect();
    assert_eq!(found, [("TWICE", false), ("GHOST", true), ("IN", false)]);
    let late = hub.view(|view| journal::inside(view, NOW.ms + 5, 1000).unwrap()).unwrap();
    assert_eq!(late.len(), 1, "only passages since then count");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_bit_counts(count in 2_u64..12, at in 1_u64..12, field in 0_usize..6, salt in 1_u64..u64::MAX) {
        let at = 1 + at % count;
        let hub = written(count, |n, entry| {
            if n == at {
                match field {
                    0 => entry.plate.push('X'),
                    1 => entry.at_ms ^= salt,
                    2 => entry.house = Some(id(900 + salt % 50)),
                    3 => entry.trusted = !entry.trusted,
                    4 => entry.guard = salt.to_string(),
                    _ => entry.about = Some(id(salt % 1000)),
                }
            }
        });
        prop_assert_eq!(check(&hub).faults, [Fault::Changed(at)]);
    }
}
