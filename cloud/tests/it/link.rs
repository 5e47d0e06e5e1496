//! The link over real sockets: hubs that are known come in and are kept in step; nobody else is spoken to.

use std::time::Instant;

use dwellers::journal::Entry;
use dwellers::people::House;
use dwellers_cloud::downlink::{NotSent, Wish};
use dwellers_link::challenge::Challenge;
use dwellers_link::handshake;
use dwellers_link::wire::{Message, Outcome, Refusal, Stage};
use dwellers_replica::{Query, RecordId, Shared};
use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message as Frame;

use super::harness::{Cloud, Hub, Line, PATIENCE, has, house, next, write};
use super::{Place, entropy};

#[tokio::test]
async fn a_hub_is_enrolled_connects_and_both_hold_the_same() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let hub = Hub::new(&place, "hub.db", 1);
    let (status, enrolled) = cloud.enrol(&hub, &cloud.code("Въезд")).await;
    assert_eq!((status, &enrolled["label"]), (201, &"Въезд".into()), "{enrolled}");
    assert_eq!(enrolled["fingerprint"], hub.key.public().fingerprint());

    let before = house(&cloud, "12");
    let mut socket = hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
    assert_eq!(hub.follow(&mut socket, || has::<House>(&hub.store, before)).await, None);
    assert!(cloud.downlink.is_here(cloud.community.id, hub.key.public()));
    // What either side writes now reaches the other without being asked for.
    let later = house(&cloud, "13");
    let entry = write(&hub.store, &Entry { hub: hub.replica, number: 1, ..Entry::default() });
    let both = || has::<House>(&hub.store, later) && has::<Entry>(&cloud.community.store, entry);
    assert_eq!(hub.follow(&mut socket, both).await, None);
    let same = || hub.store.digests().unwrap() == cloud.community.store.digests().unwrap();
    assert_eq!(hub.follow(&mut socket, same).await, None);

    // It comes again: the older connection ends, and nothing is missing.
    let mut again = hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
    let third = house(&cloud, "14");
    assert_eq!(hub.follow(&mut again, || has::<House>(&hub.store, third)).await, None);
    assert!(hub.follow(&mut socket, || false).await.is_some(), "the older one is over");
    assert_eq!(cloud.downlink.count(), 1);
    // The cloud goes down with a word, and comes back with all of it.
    let community = cloud.community.id;
    cloud.stop.send_replace(true);
    assert_eq!(hub.follow(&mut again, || false).await.as_deref(), Some("the cloud restarts"));
    cloud.end().await;
    let cloud = Cloud::start(&place).await;
    assert_eq!(cloud.community.id, community);
    let fourth = house(&cloud, "15");
    let mut socket = hub.connect(&cloud.at, &cloud.at, community).await.unwrap();
    assert_eq!(hub.follow(&mut socket, || has::<House>(&hub.store, fourth)).await, None);
    cloud.end().await;
}

#[tokio::test]
async fn a_wish_reaches_a_hub_that_is_there_and_takes_it_and_is_kept_for_none_that_is_not() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let hub = Hub::new(&place, "hub.db", 1);
    let (key, community) = (hub.key.public(), cloud.community.id);
    assert_eq!(cloud.enrol(&hub, &cloud.code("Въезд")).await.0, 201);
    let wish = |n: u128| Wish {
        id: RecordId::new(1, n),
        gate: RecordId::new(2, 2),
        lane: "in".to_owned(),
        person: RecordId::new(3, 3),
    };
    let ask = |n| cloud.downlink.command(community, key, wish(n));
    assert_eq!(ask(1).map(drop), Err(NotSent::Away));
    let mut line = hub.connect(&cloud.at, &cloud.at, community).await.unwrap();
    let known = house(&cloud, "12");
    assert_eq!(hub.follow(&mut line, || has::<House>(&hub.store, known)).await, None);
    assert_eq!(ask(2).map(drop), Err(NotSent::Busy), "it has handed out no challenge");

    let challenge = Challenge([7; 16]);
    hub.say(&mut line, &Message::Challenge(challenge)).await;
    let begun = Instant::now();
    let mut told = loop {
        match ask(3) {
            Ok(told) => break told,
            Err(why) => assert_eq!(why, NotSent::Busy),
        }
        assert!(begun.elapsed() < PATIENCE);
        tokio::task::yield_now().await;
    };
    assert_eq!(ask(4).map(drop), Err(NotSent::Busy), "a challenge is for one command");
    let command = hub.command(&mut line).await;
    let wished = wish(3);
    assert_eq!((command.id, command.challenge, command.gate), (wished.id, challenge, wished.gate));
    assert_eq!((command.lane, command.person), (wished.lane, wished.person));
    // What became of it comes back; what became of another's is nobody's.
    for (id, stage) in [(9, Stage::Failed), (3, Stage::Commanded), (3, Stage::SeenOpen), (3, Stage::Failed)] {
        hub.say(&mut line, &Message::Outcome(Outcome { command: wish(id).id, stage })).await;
    }
    for stage in [Some(Stage::Commanded), Some(Stage::SeenOpen), None] {
        assert_eq!(timeout(PATIENCE, told.recv()).await.unwrap(), stage);
    }
    // A hub that goes leaves the question open, and the next wish is not kept for it.
    hub.say(&mut line, &Message::Challenge(challenge)).await;
    let begun = Instant::now();
    let mut told = loop {
        if let Ok(told) = ask(5) {
            break told;
        }
        assert!(begun.elapsed() < PATIENCE);
        tokio::task::yield_now().await;
    };
    drop(line);
    assert_eq!(timeout(PATIENCE, told.recv()).await.unwrap(), None);
    let begun = Instant::now();
    while cloud.downlink.is_here(community, key) {
        assert!(begun.elapsed() < PATIENCE);
        tokio::task::yield_now().await;
    }
    assert_eq!(ask(6).map(drop), Err(NotSent::Away));
    let mut line = hub.connect(&cloud.at, &cloud.at, community).await.unwrap();
    let later = house(&cloud, "13");
    assert_eq!(hub.follow(&mut line, || has::<House>(&hub.store, later)).await, None);
    assert_eq!(ask(7).map(drop), Err(NotSent::Busy), "nor is a challenge of before");
    cloud.end().await;
}

/// Forwards connections to `to` and cuts each after so many bytes in all, half of the time in the middle of a message.
async fn cutting(to: String, most: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let mut random = fastrand::Rng::with_seed(5);
        while let Ok((near, _)) = listener.accept().await {
            let far = TcpStream::connect(&to).await.unwrap();
            let (mut down, mut up) = (random.u64(2_000..most), random.u64(2_000..most));
            tokio::spawn(async move {
                let (mut near, mut far) = (near, far);
                let (mut from_hub, mut from_cloud) = ([0; 1_024], [0; 1_024]);
                loop {
                    tokio::select! {
                        read = near.read(&mut from_hub) => {
                            let read = read.unwrap_or(0);
                            up = up.saturating_sub(read as u64);
                            if read == 0 || up == 0 || far.write_all(&from_hub[..read]).await.is_err() {
                                return;
                            }
                        }
                        read = far.read(&mut from_cloud) => {
                            let read = read.unwrap_or(0);
                            down = down.saturating_sub(read as u64);
                            if read == 0 || down == 0 || near.write_all(&from_cloud[..read]).await.is_err() {
                                return;
                            }
                        }
                    }
                }
            });
        }
    });
    at
}

#[tokio::test]
async fn a_link_that_is_cut_again_and_again_brings_everything_once() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let hub = Hub::new(&place, "hub.db", 1);
    assert_eq!(cloud.enrol(&hub, &cloud.code("Въезд")).await.0, 201);
    for n in 0..300 {
        house(&cloud, &n.to_string());
    }
    for number in 1..=300 {
        write(&hub.store, &Entry { hub: hub.replica, number, note: "я".repeat(60), ..Entry::default() });
    }
    let at = cutting(cloud.at.clone(), 60_000).await;
    let same = || hub.store.digests().unwrap() == cloud.community.store.digests().unwrap();
    let (mut cuts, begun) = (0, Instant::now());
    while !same() {
        assert!(begun.elapsed() < 3 * PATIENCE, "they do not come to the same");
        // Cut before it was known, or after.
        let connecting = timeout(PATIENCE, connect_async(format!("ws://{at}/link"))).await.unwrap();
        let Ok((socket, _)) = connecting else { continue };
        let Some(mut line) = hub.greet(socket, &cloud).await else { continue };
        // What is written meanwhile comes, too.
        house(&cloud, &format!("новый {cuts}"));
        cuts += u32::from(hub.follow(&mut line, same).await.is_some());
    }
    assert!(cuts >= 3, "it was cut {cuts} times");
    let page = |store: &Shared| {
        let query = Query::on("number").limit(Query::MAX_LIMIT);
        store.view(|view| view.of::<Entry>().find(&query).unwrap().entries.len()).unwrap()
    };
    assert_eq!((page(&hub.store), page(&cloud.community.store)), (300, 300));
    cloud.end().await;
}

#[tokio::test]
async fn nobody_else_is_spoken_to() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let (hub, stranger) = (Hub::new(&place, "hub.db", 1), Hub::new(&place, "stranger.db", 2));
    let (status, problem) = cloud.enrol(&hub, "0000-0000").await;
    assert_eq!((status, &problem["problem"]), (403, &"code".into()), "{problem}");
    let code = cloud.code("Въезд");
    assert_eq!(cloud.enrol(&hub, &code).await.0, 201);
    let (status, problem) = cloud.enrol(&stranger, &code).await;
    assert_eq!((status, &problem["problem"]), (403, &"code".into()), "once: {problem}");

    let id = cloud.community.id;
    let refused = |hub: Result<Line, Refusal>| hub.map(drop).unwrap_err();
    assert_eq!(refused(stranger.connect(&cloud.at, &cloud.at, id).await), Refusal::Unknown);
    let elsewhere = RecordId::new(1, 2);
    assert_eq!(refused(hub.connect(&cloud.at, &cloud.at, elsewhere).await), Refusal::Unknown, "no community");
    // Somebody in the middle passes on what the hub signed for them.
    assert_eq!(refused(hub.connect(&cloud.at, "false.example:443", id).await), Refusal::Unknown);
    // What is no handshake is answered shortly, and nothing is read into memory.
    for bytes in [b"hello".to_vec(), vec![0; 2_000], Vec::new()] {
        let (mut socket, _) = connect_async(format!("ws://{}/link", cloud.at)).await.unwrap();
        next(&mut socket).await.unwrap();
        socket.send(Frame::binary(bytes)).await.unwrap();
        let answer = next(&mut socket).await.unwrap();
        assert!(handshake::answered(&answer).is_err());
        assert_eq!(next(&mut socket).await, None, "and it is closed");
    }
    // A hub that was revoked; what it says while it is connected ends its conversation.
    let mut socket = hub.connect(&cloud.at, &cloud.at, id).await.unwrap();
    let known = house(&cloud, "12");
    assert_eq!(hub.follow(&mut socket, || has::<House>(&hub.store, known)).await, None);
    cloud.community.revoke_hub("Въезд", entropy, dwellers_cloud::clock::now()).unwrap();
    let told = hub.follow(&mut socket, || false).await;
    assert_eq!(told.as_deref(), Some("an administrator revoked this hub"));
    assert_eq!(refused(hub.connect(&cloud.at, &cloud.at, id).await), Refusal::Revoked);
    // A community that is closed is none.
    let other = Hub::new(&place, "other.db", 3);
    assert_eq!(cloud.enrol(&other, &cloud.code("Выезд")).await.0, 201);
    cloud.communities.close("Сосновка", dwellers_cloud::clock::now()).unwrap();
    assert_eq!(refused(other.connect(&cloud.at, &cloud.at, id).await), Refusal::Unknown);
    cloud.end().await;
}
