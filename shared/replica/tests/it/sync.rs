//! Two sessions that speak to each other: what they refuse, what they repeat, what they mend.

use std::collections::VecDeque;

use dwellers_replica::sync::{Endpoint, Event, Frame, MAX_FRAME_BYTES, Message, PROTOCOL, Session};
use dwellers_replica::{Alarm, Hello, Memory, Options, Replica, Role, Shared, Sqlite, Vector};

use crate::collections::{Item, Remark, schema};
use crate::lab::{CLOUD, FROM_CLOUD, START_MS, at, cloud, hub, hub_id, id, key_of, write};

/// Lets both ends speak until neither has anything to say; each end's events.
pub fn talk(a: (&mut Session, &mut impl Endpoint), b: (&mut Session, &mut impl Endpoint)) -> [Vec<Event>; 2] {
    let mut events = [Vec::new(), Vec::new()];
    let mut mail: VecDeque<(usize, Frame)> = VecDeque::new();
    let post = |to: usize,
                output: dwellers_replica::sync::Output,
                mail: &mut VecDeque<_>,
                events: &mut [Vec<_>; 2]| {
        // What travels is bytes.
        let frames = output.frames.iter().map(|frame| Frame::decode(&frame.encode()).unwrap());
        mail.extend(frames.map(|frame| (to, frame)));
        events[1 - to].extend(output.events);
    };
    post(1, a.0.tick(a.1, 0).unwrap(), &mut mail, &mut events);
    post(0, b.0.tick(b.1, 0).unwrap(), &mut mail, &mut events);
    for _ in 0..10_000 {
        let Some((to, frame)) = mail.pop_front() else { return events };
        let output = match to {
            0 => a.0.receive(frame, a.1, at(1_000), 1).unwrap(),
            _ => b.0.receive(frame, b.1, at(1_000), 1).unwrap(),
        };
        post(1 - to, output, &mut mail, &mut events);
    }
    panic!("they do not come to an end");
}

#[test]
fn a_hub_on_disk_and_its_cloud_come_to_hold_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path().join("hub.db"), Options::default()).unwrap();
    let mut hub = hub(store, 0);
    let mut cloud = cloud(Memory::new());
    for n in 0..300 {
        write(&mut cloud, at(n), |w| {
            w.create(id(n), &Item { label: format!("item {n}"), ..Item::default() })
        });
        write(&mut hub, at(n), |w| w.create(id(1_000 + n), &Remark::default()));
    }
    let mut hub = Shared::start(hub).unwrap();
    let (mut at_hub, mut at_cloud) = (Session::new("cloud"), Session::new(key_of(0)).with_chunk_fields(50));
    let [of_hub, of_cloud] = talk((&mut at_hub, &mut hub), (&mut at_cloud, &mut cloud));
    assert_eq!(hub.digests().unwrap(), cloud.digests().unwrap());
    for (events, arrival) in [(of_hub, hub.standing().unwrap()), (of_cloud, cloud.standing().unwrap())] {
        let shared = events.iter().filter_map(|event| match event {
            Event::Shared(arrival) => Some(*arrival),
            Event::Changed(_) | Event::Ready => None,
            other => panic!("{other:?}"),
        });
        assert!(shared.max().is_some_and(|shared| shared <= arrival.mark.arrival));
    }
    assert_eq!(hub.look(|replica| replica.recomputed_digests()).unwrap().unwrap(), cloud.digests().unwrap());
}

#[test]
fn who_may_not_speak_is_told_why() {
    let hello = Hello { protocol: PROTOCOL, replica: hub_id(0), role: Role::Hub, lineage: Vec::new() };
    let table = [
        (
            "another protocol",
            Hello { protocol: PROTOCOL + 1, ..hello.clone() },
            "protocol 2 is not spoken here",
        ),
        ("a stranger", Hello { replica: id(77), ..hello.clone() }, "is not registered here"),
        ("another device", Hello { replica: hub_id(1), ..hello.clone() }, "is registered as another device"),
        ("another cloud", Hello { role: Role::Cloud, ..hello }, "does not speak to its like"),
    ];
    for (what, hello, expected) in table {
        let (mut cloud, mut session) = (cloud(Memory::new()), Session::new(key_of(0)));
        let before = cloud.digests().unwrap();
        let frame = Frame { number: 1, message: Message::Hello(hello) };
        let output = session.receive(frame, &mut cloud, at(0), 0).unwrap();
        let last_word = output.frames.iter().find_map(|frame| match &frame.message {
            Message::Bye(why) => Some(why.clone()),
            _ => None,
        });
        assert!(last_word.is_some_and(|why| why.contains(expected)), "{what}: {:?}", output.frames);
        assert!(session.is_closed() && cloud.digests().unwrap() == before, "{what}");
        assert!(session.tick(&mut cloud, 60_000).unwrap().frames.is_empty(), "{what}: it goes on talking");
    }
}

#[test]
fn what_is_no_frame_is_not_decoded() {
    let frame = Frame { number: 7, message: Message::Bye("enough".into()) };
    let bytes = frame.encode();
    assert_eq!(Frame::decode(&bytes), Some(frame));
    assert_eq!(Frame::decode(&bytes[..bytes.len() - 1]), None, "cut");
    assert_eq!(Frame::decode(&[&bytes[..], &[0]].concat()), None, "with a tail");
    assert_eq!(Frame::decode(&vec![0; MAX_FRAME_BYTES + 1]), None, "too long");
    assert_eq!(Frame::decode(&[0xff; 64]), None, "noise");
}

#[test]
fn a_lost_message_is_sent_again_and_a_repeated_one_is_taken_once() {
    let (mut cloud, mut hub) = (cloud(Memory::new()), hub(Memory::new(), 0));
    let (mut at_hub, mut at_cloud) = (Session::new("cloud"), Session::new(key_of(0)));
    talk((&mut at_hub, &mut hub), (&mut at_cloud, &mut cloud));
    write(&mut hub, at(5), |w| w.create(id(5), &Remark::default()));
    let lost = at_hub.changed(&mut hub, 10).unwrap().frames;
    assert!(matches!(&lost[..], [Frame { message: Message::Chunk(_), .. }]));
    assert!(at_hub.tick(&mut hub, 4_000).unwrap().frames.is_empty(), "not yet");
    let again = at_hub.tick(&mut hub, 6_000).unwrap().frames;
    assert!(matches!(&again[..], [Frame { message: Message::Chunk(_), .. }]));
    let once = at_cloud.receive(again[0].clone(), &mut cloud, at(5), 6_000).unwrap();
    assert!(once.events.iter().any(|event| matches!(event, Event::Changed(_))));
    let third = at_hub.tick(&mut hub, 12_000).unwrap().frames;
    let twice = at_cloud.receive(third[0].clone(), &mut cloud, at(5), 12_000).unwrap();
    assert!(twice.events.is_empty(), "taken once");
    assert!(matches!(&twice.frames[..], [Frame { message: Message::Ack(..), .. }]), "but acknowledged");
    assert!(
        at_cloud.receive(lost[0].clone(), &mut cloud, at(5), 12_000).unwrap().frames.is_empty(),
        "too late"
    );
}

#[test]
fn unequal_copies_raise_an_alarm_and_are_mended() {
    let (mut cloud, mut hub) = (cloud(Memory::new()), hub(Memory::new(), 0));
    write(&mut cloud, at(5), |w| {
        w.create(id(5), &Item { label: "lost on the way".into(), ..Item::default() })
    });
    // What cannot be: the hub is told that it has everything, and has nothing.
    let mut chunk = cloud.since(Default::default(), 0, &Vector::new(), 1_000).unwrap();
    chunk.groups.clear();
    hub.merge(FROM_CLOUD, at(6), &chunk).unwrap();
    assert_ne!(hub.digests().unwrap(), cloud.digests().unwrap());
    let (mut at_hub, mut at_cloud) = (Session::new("cloud"), Session::new(key_of(0)));
    let [events, _] = talk((&mut at_hub, &mut hub), (&mut at_cloud, &mut cloud));
    let of = |collection: &str| {
        let differs = |event: &Event| matches!(event, Event::Alarm(Alarm::DigestsDiffer { bucket }) if bucket.collection == collection);
        events.iter().any(differs)
    };
    assert!(of("items") && of("replicas"), "{events:?}");
    assert_eq!(hub.digests().unwrap(), cloud.digests().unwrap());
}

#[test]
fn a_restored_disk_takes_a_new_id_and_loses_nothing() {
    let (mut cloud, mut hub) = (cloud(Memory::new()), hub(Memory::new(), 0));
    write(&mut hub, at(1), |w| w.create(id(1), &Remark::default()));
    talk((&mut Session::new("cloud"), &mut hub), (&mut Session::new(key_of(0)), &mut cloud));
    let backup = hub.store().crashed();
    write(&mut hub, at(2), |w| w.create(id(2), &Remark::default()));
    talk((&mut Session::new("cloud"), &mut hub), (&mut Session::new(key_of(0)), &mut cloud));
    // The old disk comes back, is written to under the same id, and only then meets its peer.
    let mut hub = Replica::open(backup, schema()).unwrap();
    write(&mut hub, at(3), |w| w.create(id(3), &Remark::default()));
    let [events, _] =
        talk((&mut Session::new("cloud"), &mut hub), (&mut Session::new(key_of(0)), &mut cloud));
    let common = events.iter().find_map(|event| match event {
        Event::Forked { common } => Some(*common),
        _ => None,
    });
    let renewed = dwellers_replica::RecordId::new(START_MS, 4711);
    hub.renew(renewed, Some(common.unwrap()), "", at(4)).unwrap();
    let [events, _] =
        talk((&mut Session::new("cloud"), &mut hub), (&mut Session::new(key_of(0)), &mut cloud));
    assert!(
        events.iter().all(|event| matches!(event, Event::Changed(_) | Event::Shared(_) | Event::Ready)),
        "{events:?}"
    );
    for n in 1..=3 {
        for view in [
            hub.view(|view| view.of::<Remark>().get(id(n))),
            cloud.view(|view| view.of::<Remark>().get(id(n))),
        ] {
            assert!(view.unwrap().unwrap().is_some(), "remark {n}");
        }
    }
    assert_eq!(hub.digests().unwrap(), cloud.digests().unwrap());
    assert_eq!(hub.standing().unwrap().lineage, [(hub_id(0), common.unwrap())]);
    assert_ne!(hub.standing().unwrap().replica, CLOUD);
}
