//! Those who are not what they say: strangers, the revoked, copies of a disk, and hubs that write in another's name. Over
//! the real socket; each is refused, and an administrator hears of it.

use std::time::Instant;

use dwellers::alarms::{self, Kind};
use dwellers::journal::Entry;
use dwellers::people::House;

use dwellers_link::talk::Event;
use dwellers_link::wire::{Message, Refusal, encode};
use dwellers_replica::builtin::Registration;
use dwellers_replica::delta::Chunk;
use dwellers_replica::sync::{Event as Stored, Frame, Message as Sync};
use dwellers_replica::{Options, Record, RecordId, Replica, Role, Shape, Shared, Sqlite, Time};
use futures_util::SinkExt;
use tokio_tungstenite::tungstenite::Message as WebSocketFrame;

use super::harness::{Cloud, Hub, Line, PATIENCE, has, house, next, write};
use super::{Place, entropy};

/// The alarms that stand.
fn standing(cloud: &Cloud) -> Vec<Kind> {
    let found = cloud.community.store.view(alarms::standing).unwrap().unwrap();
    found.iter().filter_map(|alarm| alarm.value.kind.known().copied()).collect()
}

/// Waits for an alarm: it is written beside the conversation.
async fn alarmed(cloud: &Cloud, kind: Kind) {
    let begun = Instant::now();
    while !standing(cloud).contains(&kind) {
        assert!(begun.elapsed() < PATIENCE, "no {kind:?}, only {:?}", standing(cloud));
        tokio::task::yield_now().await;
    }
}

async fn gone(cloud: &Cloud, hub: &Hub) {
    let begun = Instant::now();
    while cloud.downlink.is_here(cloud.community.id, hub.key.public()) {
        assert!(begun.elapsed() < PATIENCE);
        tokio::task::yield_now().await;
    }
}

async fn enrolled(place: &Place, cloud: &Cloud, name: &str, seed: u8) -> Hub {
    let hub = Hub::new(place, &format!("{name}.db"), seed);
    assert_eq!(cloud.enrol(&hub, &cloud.code(name)).await.0, 201);
    hub
}

fn entry(hub: &Hub, number: u64) -> RecordId {
    write(&hub.store, &Entry { hub: hub.replica, number, ..Entry::default() })
}

#[tokio::test]
async fn a_strangers_key_and_one_that_was_revoked_are_refused_and_told_of() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let (at, id) = (cloud.at.clone(), cloud.community.id);
    let refused = |line: Result<Line, Refusal>| line.map(drop).unwrap_err();
    let stranger = Hub::new(&place, "stranger.db", 9);
    assert_eq!(refused(stranger.connect(&at, &at, id).await), Refusal::Unknown);
    alarmed(&cloud, Kind::Intruder).await;
    // The replica of a known hub under the key of another: the key is whom the cloud speaks to.
    let hub = enrolled(&place, &cloud, "one", 1).await;
    let mut other = enrolled(&place, &cloud, "two", 2).await;
    drop(std::mem::replace(&mut other.store, hub.store.clone()));
    let mut line = other.connect(&at, &at, id).await.unwrap();
    let why = other.follow(&mut line, || false).await.unwrap();
    assert!(why.contains("registered as another device"), "{why}");
    alarmed(&cloud, Kind::Forbidden).await;
    // Revoked: what it wrote after that is taken of nobody.
    let mut line = hub.connect(&at, &at, id).await.unwrap();
    let known = entry(&hub, 1);
    assert_eq!(hub.follow(&mut line, || has::<Entry>(&cloud.community.store, known)).await, None);
    cloud.community.revoke_hub("one", entropy, dwellers_cloud::clock::now()).unwrap();
    entry(&hub, 2);
    assert!(hub.follow(&mut line, || false).await.is_some());
    assert_eq!(refused(hub.connect(&at, &at, id).await), Refusal::Revoked);
    // The stranger's alarm does not hide it.
    let found = cloud.community.store.view(alarms::standing).unwrap().unwrap();
    let intruders = found.iter().filter(|alarm| alarm.value.kind.known() == Some(&Kind::Intruder));
    let subjects: Vec<_> = intruders.map(|alarm| alarm.value.subject.clone()).collect();
    assert_eq!(subjects, [hub.key.public().text(), String::new()]);
    gone(&cloud, &hub).await;
    cloud.end().await;
}

#[tokio::test]
async fn two_that_push_each_other_away_are_told_of() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let hub = enrolled(&place, &cloud, "one", 1).await;
    let mut lines = Vec::new();
    for _ in 0..7 {
        assert_eq!(standing(&cloud), []);
        lines.push(hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap());
        // Present, before the next one comes: this is a matter of counting.
        let known = house(&cloud, &lines.len().to_string());
        let line = lines.last_mut().unwrap();
        assert_eq!(hub.follow(line, || has::<House>(&hub.store, known)).await, None);
    }
    alarmed(&cloud, Kind::Intruder).await;
    let found = cloud.community.store.view(alarms::standing).unwrap().unwrap();
    assert_eq!(found[0].value.subject, hub.key.public().text());
    cloud.end().await;
}

/// A hub that changes what it sends before it sends it; what it is told in the end.
async fn forge(hub: &Hub, cloud: &Cloud, change: impl Fn(&mut Chunk)) -> String {
    let mut line = hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
    let mut store = hub.store.clone();
    let mut to_say = line.talk.tick(&mut store, hub.at_ms()).unwrap().messages;
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < PATIENCE, "it is not refused");
        for bytes in to_say {
            let mut message = Message::decode(&bytes).unwrap();
            if let Message::Store(Frame { message: Sync::Chunk(chunk), .. }) = &mut message {
                change(chunk);
            }
            line.socket.send(WebSocketFrame::binary(encode(&message))).await.unwrap();
        }
        let Some(heard) = next(&mut line.socket).await else { return "it is closed".to_owned() };
        let said = line.talk.receive(&heard, &mut store, dwellers_cloud::clock::now(), hub.at_ms()).unwrap();
        if let Some(Event::Over(why)) = said.events.iter().find(|event| matches!(event, Event::Over(_))) {
            return why.clone();
        }
        to_say = said.messages;
    }
}

#[tokio::test]
async fn what_a_hub_may_not_write_is_refused_whole_and_told_of() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let hub = enrolled(&place, &cloud, "one", 1).await;
    let other = enrolled(&place, &cloud, "two", 2).await;
    let known = entry(&hub, 1);
    let mut line = hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
    assert_eq!(hub.follow(&mut line, || has::<Entry>(&cloud.community.store, known)).await, None);
    drop(line);
    gone(&cloud, &hub).await;
    let forged = entry(&hub, 2);
    let own = hub.replica;
    let of_cloud = cloud.community.replica;
    let stranger = RecordId::new(7, 7);
    let stamped = |chunk: &mut Chunk, replica, sequence| {
        for change in chunk.groups.iter_mut().flatten().filter(|change| change.stamp.replica == own) {
            change.stamp.replica = replica;
            change.stamp.sequence = sequence;
        }
    };
    let named = |chunk: &mut Chunk, spec: dwellers_replica::Spec| {
        let shape = chunk.shapes.iter_mut().find(|shape| shape.name == Entry::SPEC.name);
        if let Some(Shape { name, kind, .. }) = shape {
            (*name, *kind) = (spec.name.into(), spec.kind);
        }
    };
    let in_the_name_of = |chunk: &mut Chunk, whose: RecordId| {
        let fields = chunk.groups.iter_mut().flatten().flat_map(|change| &mut change.fields);
        fields.filter(|(name, _)| name == "hub").for_each(|(_, value)| {
            *value = serde_json::json!(whose).to_string();
        });
    };
    let before = || {
        let mut digests = cloud.community.store.digests().unwrap();
        digests.retain(|bucket, _| !bucket.collection.starts_with("alarm"));
        digests
    };
    let held = before();
    type Forgery<'a> = (&'a str, Box<dyn Fn(&mut Chunk) + 'a>);
    let forgeries: Vec<Forgery<'_>> = vec![
        ("is not registered here", Box::new(|chunk| stamped(chunk, stranger, 1))),
        ("is not its own", Box::new(|chunk| stamped(chunk, of_cloud, 1 << 40))),
        // What the cloud alone writes: a house, and who is a hub.
        ("may not write houses", Box::new(|chunk| named(chunk, House::SPEC))),
        ("may not write replicas", Box::new(|chunk| named(chunk, Registration::SPEC))),
        (
            "lifetimes ahead",
            Box::new(|chunk| chunk.groups.iter_mut().flatten().for_each(|c| c.stamp.time = Time::CEILING)),
        ),
        ("may not write what is", Box::new(|chunk| in_the_name_of(chunk, other.replica))),
        ("without a sequence", Box::new(|chunk| stamped(chunk, own, 0))),
    ];
    for (why, forgery) in forgeries {
        let told = forge(&hub, &cloud, &forgery).await;
        assert!(told.contains(why), "{why}: {told}");
        gone(&cloud, &hub).await;
        assert_eq!(before(), held, "{why}: nothing of it is there");
        alarmed(&cloud, Kind::Forbidden).await;
    }
    // In good faith it is welcome as before.
    let mut line = hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
    assert_eq!(hub.follow(&mut line, || has::<Entry>(&cloud.community.store, forged)).await, None);
    cloud.end().await;
}

/// A hub may bring what another wrote: after the cloud and that other were lost, nobody else can. So a stamp in another
/// hub's name is taken as it comes, and the one whose name it is finds it out as soon as it connects.
#[tokio::test]
async fn a_stamp_in_another_hubs_name_is_found_out_by_that_one() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let (hub, other) = (enrolled(&place, &cloud, "one", 1).await, enrolled(&place, &cloud, "two", 2).await);
    let forged = entry(&hub, 1);
    let (own, victim) = (hub.replica, other.replica);
    let change = |chunk: &mut Chunk| {
        for change in chunk.groups.iter_mut().flatten().filter(|change| change.stamp.replica == own) {
            (change.stamp.replica, change.stamp.sequence) = (victim, 5);
            // An entry is its hub's: one that says otherwise is refused.
            let named = change.fields.iter_mut().filter(|(name, _)| name == "hub");
            named.for_each(|(_, value)| *value = serde_json::json!(victim).to_string());
        }
    };
    let forging = forge(&hub, &cloud, change);
    let seen = async {
        while !has::<Entry>(&cloud.community.store, forged) {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        why = forging => panic!("{why}"),
        () = seen => {}
    }
    let mut line = other.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
    let why = other.follow(&mut line, || false).await.unwrap();
    assert!(why.contains("restored or copied"), "{why}");
    cloud.end().await;
}

/// The copy of a disk: the same key, the same replica, and from then on two histories.
#[tokio::test]
async fn a_copied_disk_is_noticed_by_whichever_comes_second_and_nothing_is_lost() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let (at, id) = (cloud.at.clone(), cloud.community.id);
    let hub = enrolled(&place, &cloud, "one", 1).await;
    let common = entry(&hub, 1);
    let mut line = hub.connect(&at, &at, id).await.unwrap();
    let known = house(&cloud, "12");
    let both = || has::<House>(&hub.store, known) && has::<Entry>(&cloud.community.store, common);
    assert_eq!(hub.follow(&mut line, both).await, None);

    let path = place.folder.path().join("copy.db");
    hub.store.copy_to(&path).unwrap();
    let replica =
        Replica::open(Sqlite::open(&path, Options::default()).unwrap(), dwellers::schema()).unwrap();
    let mut copy = Hub::new(&place, "unused.db", 1);
    copy.replica = hub.replica;
    copy.store = Shared::start(replica).unwrap();
    // Each writes on as if it were the only one.
    let (of_hub, of_copy) = (entry(&hub, 2), entry(&copy, 2));
    assert_eq!(hub.follow(&mut line, || has::<Entry>(&cloud.community.store, of_hub)).await, None);
    let mut second = copy.connect(&at, &at, id).await.unwrap();
    let why = copy.follow(&mut second, || false).await.unwrap();
    assert!(why.contains("restored or copied"), "{why}");
    assert!(!has::<Entry>(&cloud.community.store, of_copy), "nothing before it took a name of its own");
    // The first was sent away by the second, which has its key, and is still the one that it was.
    assert!(hub.follow(&mut line, || false).await.is_some());
    let mut line = hub.connect(&at, &at, id).await.unwrap();
    let third = entry(&hub, 3);
    assert_eq!(hub.follow(&mut line, || has::<Entry>(&cloud.community.store, third)).await, None);
    drop(line);
    gone(&cloud, &hub).await;

    // As a hub does that is told so (`Forked`): a new name, from the last common point on.
    let Some(at_fork) = forked(&copy, &cloud).await else { panic!("it is not told so again") };
    let now = dwellers_cloud::clock::now();
    let renewed = RecordId::new(now.ms, entropy());
    copy.store.with(move |store| store.renew(renewed, Some(at_fork), "", now)).unwrap().unwrap();
    let mut second = copy.connect(&at, &at, id).await.unwrap();
    let all = || {
        [of_hub, of_copy, third].into_iter().all(|id| has::<Entry>(&cloud.community.store, id))
            && has::<Entry>(&copy.store, of_hub)
    };
    assert_eq!(copy.follow(&mut second, all).await, None);
    // The administrator hears of the new name, once: also where it was seen to and the hub comes again.
    let told = || {
        let found = cloud.community.store.view(alarms::standing).unwrap().unwrap();
        let of_name = |alarm: &&dwellers_replica::Entry<alarms::Alarm>| {
            alarm.value.kind.known() == Some(&Kind::DiskCopied) && alarm.value.subject == renewed.to_string()
        };
        found.iter().find(of_name).map(|alarm| alarm.id)
    };
    let alarm = told().expect("it is told of before anything is taken");
    let mut chance = entropy;
    let seen = cloud.community.store.view(|view| {
        // Two hours later it could be raised again.
        let now = dwellers_replica::Now { ms: now.ms + 7_200_000, trusted: true };
        let mut ctx = dwellers::Context { view, now, entropy: &mut chance };
        alarms::acknowledge(&mut ctx, &dwellers::Actor::Operator, alarm)
    });
    cloud.community.store.commit(dwellers_cloud::clock::now(), seen.unwrap().unwrap()).unwrap();
    let about = alarms::About { kind: Kind::DiskCopied, subject: &renewed.to_string(), name: "one" };
    let later = dwellers_replica::Now { ms: now.ms + 3 * 3_600_000, trusted: true };
    cloud.community.raise_once(about, "again", later);
    assert_eq!(told(), None);
    cloud.end().await;
}

/// The last common point, where a hub that connects is told of one.
async fn forked(hub: &Hub, cloud: &Cloud) -> Option<u64> {
    let mut line = hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
    let mut store = hub.store.clone();
    let mut said = line.talk.tick(&mut store, hub.at_ms()).unwrap();
    loop {
        for event in &said.events {
            if let Event::Store(Stored::Forked { common }) = event {
                return Some(*common);
            }
        }
        for message in said.messages {
            line.socket.send(WebSocketFrame::binary(message)).await.ok()?;
        }
        let heard = next(&mut line.socket).await?;
        said = line.talk.receive(&heard, &mut store, dwellers_cloud::clock::now(), hub.at_ms()).unwrap();
    }
}

/// A hub tells, when it comes, which names its disk bore before. It cannot take another's by that.
#[tokio::test]
async fn nobody_succeeds_whom_they_are_not() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let (hub, other) = (enrolled(&place, &cloud, "one", 1).await, enrolled(&place, &cloud, "two", 2).await);
    let mut line = other.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
    let theirs = entry(&other, 1);
    assert_eq!(other.follow(&mut line, || has::<Entry>(&cloud.community.store, theirs)).await, None);
    let covered = || cloud.community.store.standing().unwrap().vector.get(&other.replica);
    let before = covered();
    assert!(before > 0);
    for lineage in [vec![(other.replica, 0)], (0..10_000).map(|n| (RecordId::new(9, n), 0)).collect()] {
        let mut line = hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
        let mut store = hub.store.clone();
        for bytes in line.talk.tick(&mut store, hub.at_ms()).unwrap().messages {
            let mut message = Message::decode(&bytes).unwrap();
            if let Message::Store(Frame { message: Sync::Hello(hello), .. }) = &mut message {
                hello.lineage.clone_from(&lineage);
                assert_eq!(hello.role, Role::Hub);
            }
            line.socket.send(WebSocketFrame::binary(encode(&message))).await.unwrap();
        }
        let begun = Instant::now();
        let refused = loop {
            assert!(begun.elapsed() < PATIENCE);
            match next(&mut line.socket).await.map(|bytes| Message::decode(&bytes).unwrap()) {
                None => break true,
                Some(Message::Bye(_) | Message::Store(Frame { message: Sync::Bye(_), .. })) => break true,
                Some(Message::Store(Frame { message: Sync::Resume(_), .. })) => break false,
                Some(_) => {}
            }
        };
        assert!(refused, "{} names", lineage.len());
        assert_eq!(covered(), before, "what is known of the other is known");
        gone(&cloud, &hub).await;
    }
    cloud.end().await;
}
