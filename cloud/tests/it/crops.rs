//! Pictures follow their journal entries over the link; what a hub may not have, it does not get.

use std::collections::HashMap;
use std::fs;
use std::io::Cursor;
use std::time::{Duration, Instant};

use dwellers::alarms;
use dwellers::journal::Entry;
use dwellers_cloud::blobs::Kind;
use dwellers_cloud::downlink::Picture;
use dwellers_link::blobs::{answer, hex, span};
use dwellers_link::talk::Event;
use dwellers_link::wire::{BlobHash, Message, Part, Want, encode};
use dwellers_replica::{RecordId, ReplicaId, Writes};
use futures_util::{SinkExt, StreamExt};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Frame;

use super::harness::{Cloud, Hub, Line, PATIENCE, has};
use super::{Place, at, entropy};

/// A hub with pictures.
struct Gatehouse {
    hub: Hub,
    pictures: HashMap<BlobHash, Vec<u8>>,
    number: u64,
    written: u64,
    /// What it was asked for.
    wants: Vec<Want>,
    /// So many answers are given before the line is cut.
    answers: usize,
    heard: Vec<Message>,
}

/// Noise, of about so many bytes.
fn picture(side: u32, seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let pixels = RgbImage::from_fn(side, side, |_, _| Rgb([random.u8(..), random.u8(..), random.u8(..)]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(pixels).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn hash(bytes: &[u8]) -> BlobHash {
    *blake3::hash(bytes).as_bytes()
}

impl Gatehouse {
    async fn new(place: &Place, cloud: &Cloud, name: &str, seed: u8) -> Gatehouse {
        let hub = Hub::new(place, &format!("{name}.db"), seed);
        assert_eq!(cloud.enrol(&hub, &cloud.code(name)).await.0, 201);
        let (pictures, wants, heard) = (HashMap::new(), Vec::new(), Vec::new());
        Gatehouse { hub, pictures, number: 0, written: 0, wants, answers: usize::MAX, heard }
    }

    /// Writes an entry that names a picture.
    fn journal(&mut self, hash: BlobHash) -> RecordId {
        (self.number, self.written) = (self.number + 1, self.written + 1);
        let (hub, number, crop) = (self.hub.replica, self.number, hex(&hash));
        // A millisecond of its own: in one their order is by chance.
        let id = RecordId::new(at(self.written).ms, entropy());
        let mut writes = Writes::new();
        writes.create(id, &Entry { hub, number, crop, ..Entry::default() });
        self.hub.store.commit(dwellers_cloud::clock::now(), writes).unwrap();
        id
    }

    /// The same with the picture.
    fn take(&mut self, picture: &[u8]) -> BlobHash {
        let hash = hash(picture);
        self.pictures.insert(hash, picture.to_vec());
        self.journal(hash);
        hash
    }

    async fn connect(&self, cloud: &Cloud) -> Line {
        self.hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap()
    }

    /// Keeps in step and answers until `done`, or until it has answered often enough.
    async fn follow(&mut self, line: &mut Line, done: impl AsyncFn(&Gatehouse) -> bool) {
        let begun = Instant::now();
        while !done(self).await {
            assert!(begun.elapsed() < PATIENCE, "it does not come to that; asked: {:?}", self.wants);
            let mut store = self.hub.store.clone();
            let (now, at_ms) = (dwellers_cloud::clock::now(), self.hub.at_ms());
            let step = match timeout(Duration::from_millis(50), line.socket.next()).await {
                Ok(Some(Ok(Frame::Binary(bytes)))) => line.talk.receive(&bytes, &mut store, now, at_ms),
                Ok(Some(Ok(_))) => continue,
                Ok(_) => panic!("the socket is gone"),
                Err(_) => line.talk.tick(&mut store, at_ms),
            };
            let mut said = step.unwrap();
            said.messages.extend(line.talk.changed(&mut store, at_ms).unwrap().messages);
            for event in said.events {
                match event {
                    Event::Said(Message::Want(want)) => {
                        self.wants.push(want);
                        if self.answers == 0 {
                            return;
                        }
                        self.answers -= 1;
                        said.messages.push(encode(&self.answer(&want)));
                    }
                    Event::Said(other) => self.heard.push(other),
                    Event::Over(why) => panic!("{why}"),
                    Event::Store(_) => {}
                }
            }
            for message in said.messages {
                line.socket.send(Frame::binary(message)).await.unwrap();
            }
        }
    }

    fn answer(&self, want: &Want) -> Message {
        answer(
            want,
            self.pictures.get(&want.hash).map(|picture| {
                let of = picture.len() as u64;
                let span = span(want, of);
                (of, picture[span.start as usize..span.end as usize].to_vec())
            }),
        )
    }

    fn asked(&self) -> Vec<(BlobHash, u64)> {
        self.wants.iter().map(|want| (want.hash, want.from)).collect()
    }
}

impl Cloud {
    async fn blob(&self, hash: BlobHash) -> Option<Vec<u8>> {
        self.communities.blobs().get(&self.community, &hash).await.unwrap()
    }

    /// What is raised, and in which words.
    fn alarms(&self) -> Vec<(alarms::Kind, String)> {
        let standing = self.community.store.view(alarms::standing).unwrap().unwrap();
        standing.into_iter().map(|alarm| (*alarm.value.kind.known().unwrap(), alarm.value.words)).collect()
    }

    async fn picture(&self, hash: BlobHash) -> Picture {
        self.downlink.picture(&self.community, hash).await.unwrap()
    }
}

#[tokio::test]
async fn pictures_follow_their_entries_oldest_first_and_once() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let mut gatehouse = Gatehouse::new(&place, &cloud, "Въезд", 1).await;
    // What it wrote before it ever connected.
    let taken: Vec<_> = (0..5).map(|n| picture(20 + n, u64::from(n))).collect();
    let mut hashes: Vec<_> = taken.iter().map(|picture| gatehouse.take(picture)).collect();
    gatehouse.take(&taken[0]);
    let gone = gatehouse.journal([9; 32]);
    let mut line = gatehouse.connect(&cloud).await;
    let asked_all = async |of: &Gatehouse| of.wants.len() >= 6 && has::<Entry>(&cloud.community.store, gone);
    gatehouse.follow(&mut line, asked_all).await;
    let last = hashes[4];
    gatehouse.follow(&mut line, async |_| cloud.blob(last).await.is_some()).await;
    // What it writes now.
    let later = picture(30, 30);
    hashes.push(gatehouse.take(&later));
    gatehouse.follow(&mut line, async |_| cloud.blob(hashes[5]).await.is_some()).await;
    let expected = [&hashes[..5], &[[9; 32]], &hashes[5..]].concat();
    assert_eq!(gatehouse.asked(), expected.into_iter().map(|hash| (hash, 0)).collect::<Vec<_>>());
    for (hash, picture) in hashes.iter().zip(taken.iter().chain([&later])) {
        assert_eq!(cloud.blob(*hash).await.as_ref(), Some(picture));
        assert_eq!(cloud.picture(*hash).await, Picture::Here(picture.clone()));
    }
    assert_eq!(cloud.picture([9; 32]).await, Picture::Gone);
    assert_eq!(cloud.picture([8; 32]).await, Picture::Gone, "nobody named it");

    // The cloud restarts, the hub's disk was restored and it goes on under a new id: nothing is asked for again, and what is
    // new is found.
    drop(line);
    cloud.end().await;
    let cloud = Cloud::start(&place).await;
    let now = dwellers_cloud::clock::now();
    let id = ReplicaId::new(now.ms, entropy());
    gatehouse.hub.store.with(move |replica| replica.renew(id, None, "", now)).unwrap().unwrap();
    (gatehouse.hub.replica, gatehouse.number) = (id, 0);
    gatehouse.wants.clear();
    let newest = gatehouse.take(&picture(31, 31));
    let mut line = gatehouse.connect(&cloud).await;
    gatehouse.follow(&mut line, async |_| cloud.blob(newest).await.is_some()).await;
    assert_eq!(gatehouse.asked(), [(newest, 0)]);

    // Objects are lost: who looks for one has it from the hub again.
    gatehouse.wants.clear();
    let lost = hashes[2];
    fs::remove_dir_all(place.folder.path().join("data/blobs").join(cloud.community.id.to_string())).unwrap();
    let follow = gatehouse.follow(&mut line, async |of| !of.wants.is_empty());
    let (seen, ()) = tokio::join!(cloud.picture(lost), follow);
    assert_eq!(seen, Picture::Here(taken[2].clone()));
    assert_eq!(gatehouse.asked(), [(lost, 0)]);
    cloud.end().await;
}

#[tokio::test]
async fn a_picture_whose_line_is_cut_goes_on_where_it_was() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let mut gatehouse = Gatehouse::new(&place, &cloud, "Въезд", 1).await;
    let large = picture(90, 1);
    assert!((16 << 10..30_000).contains(&large.len()));
    let hash = gatehouse.take(&large);
    gatehouse.answers = 1;
    let mut line = gatehouse.connect(&cloud).await;
    gatehouse.follow(&mut line, async |_| false).await;
    drop(line);
    gatehouse.answers = usize::MAX;
    let mut line = gatehouse.connect(&cloud).await;
    gatehouse.follow(&mut line, async |_| cloud.blob(hash).await.is_some()).await;
    assert_eq!(gatehouse.asked(), [(hash, 0), (hash, 16 << 10), (hash, 16 << 10)]);
    assert_eq!(cloud.blob(hash).await, Some(large));
    cloud.end().await;
}

#[tokio::test]
async fn what_is_not_the_picture_that_was_named_or_more_than_one_is_not_kept() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let mut gatehouse = Gatehouse::new(&place, &cloud, "Въезд", 1).await;
    let honest = picture(20, 1);
    let named = |gatehouse: &mut Gatehouse, name: BlobHash, bytes: Vec<u8>| {
        gatehouse.pictures.insert(name, bytes);
        gatehouse.journal(name);
        name
    };
    let with_more = [honest.as_slice(), b"and more"].concat();
    let refused = [
        named(&mut gatehouse, [1; 32], honest.clone()),
        named(&mut gatehouse, [2; 32], vec![0; 30_001]),
        named(&mut gatehouse, hash(b"no picture"), b"no picture".to_vec()),
        named(&mut gatehouse, hash(&with_more), with_more),
    ];
    let last = gatehouse.take(&honest);
    let mut line = gatehouse.connect(&cloud).await;
    gatehouse.follow(&mut line, async |_| cloud.blob(last).await.is_some()).await;
    for hash in refused {
        assert_eq!((cloud.blob(hash).await, cloud.picture(hash).await), (None, Picture::Gone));
    }
    let asked: Vec<_> = refused.into_iter().chain([last]).map(|hash| (hash, 0)).collect();
    assert_eq!(gatehouse.asked(), asked, "each once");
    assert!(cloud.alarms().iter().any(|(kind, _)| *kind == alarms::Kind::BlobRefused));
    // Nor after it came again.
    drop(line);
    let another = gatehouse.take(&picture(21, 21));
    let mut line = gatehouse.connect(&cloud).await;
    gatehouse.follow(&mut line, async |_| cloud.blob(another).await.is_some()).await;
    assert_eq!(gatehouse.asked()[asked.len()..], [(another, 0)]);
    cloud.end().await;
}

#[tokio::test]
async fn who_wants_to_see_a_picture_has_it_from_its_hub_at_once() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let mut gatehouse = Gatehouse::new(&place, &cloud, "Въезд", 1).await;
    let hashes: Vec<_> = (0..12).map(|n| gatehouse.take(&picture(16, n))).collect();
    let last = hashes[11];
    // Its entries are here, its pictures are not, and it is gone.
    gatehouse.answers = 0;
    let mut line = gatehouse.connect(&cloud).await;
    gatehouse.follow(&mut line, async |_| false).await;
    drop(line);
    let begun = Instant::now();
    while cloud.downlink.is_here(cloud.community.id, gatehouse.hub.key.public()) {
        assert!(begun.elapsed() < PATIENCE);
        tokio::task::yield_now().await;
    }
    assert_eq!(cloud.picture(last).await, Picture::Away);
    // It comes again: who waits has it.
    gatehouse.answers = usize::MAX;
    let mut line = gatehouse.connect(&cloud).await;
    let asking = async {
        let begun = Instant::now();
        loop {
            match cloud.picture(last).await {
                Picture::Here(picture) => return picture,
                other => assert_eq!(other, Picture::Away),
            }
            assert!(begun.elapsed() < PATIENCE);
            tokio::task::yield_now().await;
        }
    };
    let follow = gatehouse.follow(&mut line, async |_| cloud.blob(last).await.is_some());
    let (seen, ()) = tokio::join!(asking, follow);
    assert_eq!(seen, gatehouse.pictures[&last]);
    cloud.end().await;
}

#[tokio::test]
async fn a_hub_has_its_communitys_backups_and_nothing_else() {
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let mut gatehouse = Gatehouse::new(&place, &cloud, "Въезд", 1).await;
    let blobs = cloud.communities.blobs();
    let other = cloud.communities.create("Берёзки", at(0), entropy).unwrap();
    let bytes: Vec<u8> = (0..40_000_u32).map(|n| (n % 251) as u8).collect();
    let backup = blobs.put(&cloud.community, Kind::Backup, bytes.clone(), at(1)).await.unwrap();
    let picture = blobs.put(&cloud.community, Kind::Picture, b"a resident's".to_vec(), at(1)).await.unwrap();
    let foreign = blobs.put(&other, Kind::Backup, b"another's backup".to_vec(), at(1)).await.unwrap();
    let mut line = gatehouse.connect(&cloud).await;
    let mut whole = Vec::new();
    for (hash, from, is_had) in [
        (backup, 0, true),
        (backup, 16 << 10, true),
        (backup, 32 << 10, true),
        (backup, 40_000, true),
        (backup, u64::MAX, true),
        (picture, 0, false),
        (foreign, 0, false),
        ([7; 32], 0, false),
    ] {
        let want = Want { hash, from };
        gatehouse.hub.say(&mut line, &Message::Want(want)).await;
        let about = |message: &Message| matches!(message, Message::Part(_) | Message::Without(_));
        gatehouse.follow(&mut line, async |of| of.heard.iter().any(about)).await;
        match gatehouse.heard.drain(..).find(about).unwrap() {
            Message::Part(Part { hash: of_hash, from: begins, of, bytes: part }) => {
                assert!(is_had && of_hash == hash && of == 40_000 && begins == from.min(40_000));
                whole.extend(part);
            }
            other => assert!(!is_had && other == Message::Without(hash), "{other:?}"),
        }
    }
    assert!(whole == bytes);
    let raised = cloud.alarms();
    assert!(
        matches!(&raised[..], [(alarms::Kind::BlobRefused, words)] if words.contains("not its community's")),
        "{raised:?}"
    );
    // The conversation goes on.
    let entry = gatehouse.journal([7; 32]);
    gatehouse.follow(&mut line, async |_| has::<Entry>(&cloud.community.store, entry)).await;
    cloud.end().await;
}
