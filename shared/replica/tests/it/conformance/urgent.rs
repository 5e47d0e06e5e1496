//! What cannot wait goes ahead of a long history, and promises nothing.

use dwellers_replica::delta::{MAX_CHUNK_FIELDS, Walk};
use dwellers_replica::sync::Message;
use dwellers_replica::{Illegal, MergeError, Record, Replica, Store};

use crate::collections::{Item, Remark};
use crate::lab::*;
use crate::line::Line;

/// A cloud with remarks, which can wait, around and between a few items, which cannot.
fn busy<S: Store>(store: S) -> Replica<S> {
    let mut cloud = cloud(store);
    for n in 1..=60 {
        create(
            &mut cloud,
            at(n),
            id(n),
            &Remark { text: format!("remark {n}"), weight: 1, ..Remark::default() },
        );
        if n % 10 == 0 {
            create(&mut cloud, at(n), id(n), &Item { label: format!("item {n}"), ..Item::default() });
        }
    }
    cloud
}

/// What is held of the collections that are not bulk.
fn urgent<S: Store>(of: &mut Replica<S>) -> Fields {
    let mut held = fields(of);
    held.retain(|(collection, ..), _| collection != Remark::SPEC.name);
    held
}

/// A new hub has everything that it needs long before the rest, and then the rest.
pub fn urgent_first<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (busy(make()), hub(make(), 0));
    let mut line = Line::new(0, 20);
    assert!(line.until_ready(&mut hub, &mut cloud));
    assert_eq!(urgent(&mut hub), urgent(&mut cloud));
    assert!(fields(&mut hub).len() < fields(&mut cloud).len() / 2, "the remarks come later");
    assert_eq!(hub.standing().unwrap().vector.get(&CLOUD), 0, "nothing is promised yet");
    line.until_silent(&mut hub, &mut cloud);
    assert_same(&mut cloud, &mut hub);
    assert_eq!(cloud.standing().unwrap().vector, hub.standing().unwrap().vector);
}

/// What is written while a long history is on its way does not wait for the end of it.
pub fn urgent_overtakes<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (busy(make()), hub(make(), 0));
    let mut line = Line::new(0, 20);
    assert!(line.until_ready(&mut hub, &mut cloud));
    create(&mut cloud, at(100), id(100), &Item { label: "a pass of today".into(), ..Item::default() });
    let mut chunks = 0;
    while get::<Item, S>(&hub, id(100)).is_none() {
        let step = line.step(&mut hub, &mut cloud).expect("it comes");
        chunks += usize::from(matches!(step.taken, (0, Message::Chunk(_))));
    }
    assert!(chunks <= 2, "{chunks} chunks");
    assert!(fields(&mut hub).len() < fields(&mut cloud).len() / 2, "the remarks come later");
}

/// A line that is cut again and again gets on: no chunk goes twice that was acknowledged, and none is passed over.
pub fn urgent_after_cuts<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (busy(make()), hub(make(), 0));
    let mut seen = Vec::new();
    for _ in 0..500 {
        // Both say hello and where they are; then one chunk comes.
        let mut line = Line::new(0, 20);
        let chunk = loop {
            match line.step(&mut hub, &mut cloud).map(|step| step.taken) {
                Some((0, Message::Chunk(chunk))) => break chunk,
                Some(_) => {}
                None => panic!("silence"),
            }
        };
        let whole = chunk.to.is_some();
        seen.push((chunk.walk, chunk.base, chunk.mark));
        if whole {
            break;
        }
    }
    for walk in [Walk::Urgent, Walk::Whole] {
        let of: Vec<_> = seen.iter().filter(|(of, ..)| *of == walk).collect();
        assert!(of.len() > 2 && of.windows(2).all(|pair| pair[0].2.arrival <= pair[1].1.arrival), "{of:?}");
    }
    assert!(seen.iter().is_sorted_by_key(|(walk, ..)| *walk == Walk::Whole), "urgent first: {seen:?}");
    assert_same(&mut cloud, &mut hub);
}

/// An urgent chunk is taken once, where it follows, from a sender that knows what is remembered of it; and it never
/// brings a vector.
pub fn urgent_chunks_in_their_order<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (busy(make()), hub(make(), 0));
    let none = hub.standing().unwrap().vector;
    let first = cloud.urgent(Default::default(), 0, &none, 20).unwrap();
    let second = cloud.urgent(first.mark, first.mark.arrival, &none, MAX_CHUNK_FIELDS).unwrap();
    assert!(first.mark != first.head && second.mark == second.head && second.to.is_none());

    let gap = hub.merge(FROM_CLOUD, at(1), &second);
    assert!(matches!(gap, Err(MergeError::Gap { .. })), "{gap:?}");
    hub.merge(FROM_CLOUD, at(1), &first).unwrap();
    let again = hub.merge(FROM_CLOUD, at(1), &first).unwrap();
    assert_eq!((again.mark, again.changed.len()), (first.mark, 0), "it was taken before");
    let known = hub.resumption(CLOUD).unwrap();
    assert_eq!((known.cursor, known.urgent), (Default::default(), first.mark));

    // Somebody else has brought more meanwhile: two disks speak as one.
    let mut elsewhere = second.clone();
    elsewhere.latest = Some(first.mark);
    let gap = hub.merge(FROM_CLOUD, at(1), &elsewhere);
    assert!(matches!(gap, Err(MergeError::Gap { .. })), "{gap:?}");
    let vector = cloud.standing().unwrap().vector;
    let promising = dwellers_replica::delta::Chunk { to: Some(vector), ..second.clone() };
    let refused = hub.merge(FROM_CLOUD, at(1), &promising);
    assert!(matches!(refused, Err(MergeError::Illegal(Illegal::Malformed(_)))), "{refused:?}");

    hub.merge(FROM_CLOUD, at(1), &second).unwrap();
    assert_eq!(urgent(&mut hub), urgent(&mut cloud));
    let standing = hub.standing().unwrap();
    assert_eq!(standing.vector.get(&CLOUD), 0);
    assert_digest_true(&mut hub);
}

/// Who was heard of what is urgent has more to say, whatever a stolen hub claims of it.
pub fn urgency_is_no_word_for_the_rest<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut one, mut stolen) = (cloud(make()), hub(make(), 0), hub(make(), 1));
    create(&mut one, at(1), id(1), &Remark { weight: 1, ..Remark::default() });
    create(&mut one, at(2), id(2), &Item::default());
    create(&mut stolen, at(3), id(3), &Item::default());
    let none = dwellers_replica::Vector::new();
    let urgent = one.urgent(Default::default(), 0, &none, MAX_CHUNK_FIELDS).unwrap();
    cloud.merge(from_hub(0), at(4), &urgent).unwrap();
    assert!(get::<Item, S>(&cloud, id(2)).is_some() && get::<Remark, S>(&cloud, id(1)).is_none());

    let mut lie = next_chunk(&mut stolen, &mut cloud);
    let to = lie.to.as_mut().expect("all in one chunk");
    crdts::CmRDT::apply(to, crdts::Dot::new(hub_id(0), 2));
    cloud.merge(from_hub(1), at(5), &lie).unwrap();
    assert_eq!(cloud.standing().unwrap().vector.get(&hub_id(0)), 0, "the remark is still to come");
    catch_up(&mut one, &mut cloud, at(6));
    assert!(get::<Remark, S>(&cloud, id(1)).is_some());
    assert_digest_true(&mut cloud);
}
