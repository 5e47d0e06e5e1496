//! The real hub program and a real cloud: enrolled, kept in step, commanded; cut off, and in step again.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use dwellers::gates::Gate;
use dwellers::journal::{Entry, Kind};
use dwellers::people::{self, Community as Village, Person, PlaceKind};
use dwellers::{Actor, Context, Denied};
use dwellers_cloud::communities::{Communities, Community};
use dwellers_cloud::config::{self, Config, Http};
use dwellers_cloud::downlink::{Downlink, NotSent, Picture, Wish};
use dwellers_cloud::serve::Serving;
use dwellers_hub::reads::{Read, Strength};
use dwellers_link::device::PublicKey;
use dwellers_link::wire::Stage;
use dwellers_replica::{Query, RecordId, Writes};
use tokio::sync::{mpsc, watch};

use super::place::{PATIENCE, Place, until};

use dwellers_cloud::clock::{entropy, now, random};

/// A cloud that serves on a thread of its own.
pub(super) struct Cloud {
    pub(super) at: String,
    pub(super) communities: Arc<Communities>,
    pub(super) community: Arc<Community>,
    downlink: Downlink,
    stop: watch::Sender<bool>,
    served: Option<JoinHandle<()>>,
}

impl Cloud {
    /// In the folder, at this address (`127.0.0.1:0` for any).
    pub(super) fn start(place: &Place, listen: &str) -> Cloud {
        let communities = Arc::new(Communities::in_folder(&place.path("cloud"), now(), entropy).unwrap());
        let community = match communities.registry().find("Сосновка") {
            Ok(listing) => communities.open(listing.id, now()).unwrap(),
            Err(_) => communities.create("Сосновка", now(), entropy).unwrap(),
        };
        let (stop, shutdown) = watch::channel(false);
        let http = Http { listen: listen.parse().unwrap(), ..Http::default() };
        let cloud = config::Cloud { data: place.path("cloud") };
        let backup = config::Backup { on: false, ..config::Backup::default() };
        let config =
            Config { cloud, http, blobs: config::Blobs::default(), backup, mail: None, telegram: None };
        let all = communities.clone();
        let (tell, told) = std::sync::mpsc::channel();
        let served = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.unwrap().block_on(async {
                let serving = Serving::bind(&config, all, shutdown).await.unwrap();
                tell.send((serving.at().to_string(), serving.downlink())).unwrap();
                serving.run().await;
            });
        });
        let (at, downlink) = told.recv_timeout(PATIENCE).unwrap();
        Cloud { at, communities, community, downlink, stop, served: Some(served) }
    }

    pub(super) fn write<T>(&self, rule: impl FnOnce(&mut Context<'_>) -> Result<(T, Writes), Denied>) -> T {
        let store = &self.community.store;
        let judged = store
            .view(|view| rule(&mut Context { view, now: now(), entropy: &mut entropy }))
            .unwrap()
            .unwrap();
        store.commit(now(), judged.1).unwrap();
        judged.0
    }

    /// Founds the community.
    pub(super) fn found(&self) {
        let village = Village {
            name: "Сосновка".into(),
            time_zone: "Europe/Moscow".into(),
            language: "ru".into(),
            currency: "RUB".into(),
            country: "RU".into(),
        };
        self.write(|ctx| people::found(ctx, &Actor::Operator, &village).map(|writes| ((), writes)));
    }

    /// A resident of a house of their own.
    pub(super) fn resident(&self, name: &str, label: &str) -> RecordId {
        let operator = Actor::Operator;
        let house = self.write(|ctx| people::add_house(ctx, &operator, label, ""));
        let person = Person { name: name.into(), phone: String::new(), language: "ru".into() };
        let person = self.write(|ctx| people::add_person(ctx, &operator, &person));
        self.write(|ctx| people::settle(ctx, &operator, person, house, PlaceKind::Owner));
        person
    }

    /// The kinds of the journal's entries, as the cloud has them.
    fn journal(&self) -> Vec<Kind> {
        let page = self
            .community
            .store
            .view(|view| view.of::<Entry>().find(&Query::on("number").limit(Query::MAX_LIMIT)))
            .unwrap()
            .unwrap();
        page.entries.iter().filter_map(|entry| entry.value.kind.known().copied()).collect()
    }

    /// The gate, once its hub has told of it.
    pub(super) fn gate(&self) -> Option<RecordId> {
        let page = self.community.store.view(|view| view.of::<Gate>().find(&Query::on("key"))).unwrap();
        page.unwrap().entries.first().map(|gate| gate.id)
    }

    fn ask(&self, key: PublicKey, person: RecordId) -> Result<mpsc::Receiver<Stage>, NotSent> {
        let (id, gate) = (RecordId::new(now().ms, entropy()), self.gate().unwrap());
        let wish = Wish { id, gate, lane: "in".to_owned(), person };
        self.downlink.command(self.community.id, key, wish)
    }

    /// A picture of the journal.
    fn picture(&self, hash: [u8; 32]) -> Picture {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(self.downlink.picture(&self.community, hash)).unwrap()
    }

    /// As [`Cloud::ask`], as soon as the hub takes a command; all that is told of it.
    fn command(&self, key: PublicKey, person: RecordId) -> Vec<Stage> {
        let mut told = None;
        until(
            || {
                told = self.ask(key, person).ok();
                told.is_some()
            },
            || "the hub takes no command".to_owned(),
        );
        let (mut told, mut stages) = (told.unwrap(), Vec::new());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            while let Some(stage) = tokio::time::timeout(PATIENCE, told.recv()).await.unwrap() {
                stages.push(stage);
            }
        });
        stages
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(served) = self.served.take() {
            let _ = served.join();
        }
    }
}

pub(super) struct Barrier(Child);

impl Barrier {
    pub(super) fn start(place: &Place) -> Barrier {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dwellers-barrier"));
        command.arg("--socket").arg(place.path("barrier.sock")).stdout(Stdio::null()).stderr(Stdio::null());
        Barrier(command.spawn().unwrap())
    }
}

impl Drop for Barrier {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A read with its picture, as cameras offer it; the picture.
fn read_plate(place: &Place) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(1);
    let pixels: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(240 * 120 * 3).collect();
    let encoded = |quality| {
        let mut picture = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut picture, quality);
        encoder.encode(&pixels, 240, 120, jpeg_encoder::ColorType::Rgb).unwrap();
        picture
    };
    // Of two parts.
    let picture = (1..100).rev().map(encoded).find(|picture| picture.len() <= 30_000).unwrap();
    assert!(picture.len() > 17_000, "{}", picture.len());
    let mut read = Read::of("main", "in", "A123BC77", Strength::Strong);
    read.crop = Some(picture.clone());
    let mut line = UnixStream::connect(place.path("run/reads.sock")).unwrap();
    line.write_all(format!("{}\n", serde_json::to_string(&read).unwrap()).as_bytes()).unwrap();
    let mut answer = String::new();
    BufReader::new(line).read_line(&mut answer).unwrap();
    assert!(answer.contains("accepted"), "{answer}");
    picture
}

/// Whether the hub has this house, and has learned all else from its cloud: until then its gates ask the guard.
pub(super) fn knows_house(place: &Place, label: &str) -> bool {
    // As a copy of the store tells it: the hub has the store itself.
    let copy = place.path("copy-of-hub.db");
    let _ = std::fs::remove_file(&copy);
    let taken = place.hub(&["backup", copy.to_str().unwrap()]);
    assert_eq!(taken.code, Some(0), "{taken:?}");
    let sqlite = dwellers_replica::Sqlite::open(&copy, dwellers_replica::Options::default()).unwrap();
    let replica = dwellers_replica::Replica::open(sqlite, dwellers_hub::store::schema()).unwrap();
    let page = replica.view(|view| view.of::<people::House>().find(&Query::on("key").limit(100))).unwrap();
    let is_learning = replica.view(dwellers_hub::uplink::is_learning).unwrap().unwrap();
    !is_learning && page.unwrap().entries.iter().any(|house| house.value.label == label)
}

#[test]
fn a_hub_is_enrolled_kept_in_step_and_commanded() {
    let place = Place::new();
    let _barrier = Barrier::start(&place);
    let cloud = Cloud::start(&place, "127.0.0.1:0");
    cloud.found();
    let anna = cloud.resident("Анна", "12");
    let hub = place.run();
    let address = format!("http://{}", cloud.at);

    let wrong = place.hub(&["enroll", &address, "0000-0000"]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("this code is not right"), "{wrong:?}");
    let id = cloud.community.id;
    let code =
        cloud.communities.invite_hub(id, "Въезд", false, random(), entropy, now()).unwrap().to_string();
    let enrolled = place.hub(&["enroll", &address, &code]);
    assert_eq!(enrolled.code, Some(0), "{enrolled:?}");
    let key = PublicKey::parse(&cloud.community.devices().unwrap()[0].value.key).unwrap();
    assert!(enrolled.out.contains("«Въезд»") && enrolled.out.contains(&key.fingerprint()), "{enrolled:?}");

    // Its journal is on the cloud, the cloud's houses are in the gatehouse.
    until(|| cloud.gate().is_some() && cloud.journal().contains(&Kind::Started), || "no journal".to_owned());
    until(|| knows_house(&place, "12"), || "no house".to_owned());

    // A resident opens from afar; what was seen comes back.
    let stages = cloud.command(key, anna);
    assert_eq!(stages, [Stage::Commanded, Stage::SeenOpen]);
    let stranger = RecordId::new(1, 1);
    let stages = cloud.command(key, stranger);
    assert!(matches!(&stages[..], [Stage::Refused(why)] if !why.is_empty()), "{stages:?}");
    until(|| cloud.journal().contains(&Kind::SeenOpen), || format!("{:?}", cloud.journal()));

    // A car comes; its picture follows the entry by itself.
    let picture = read_plate(&place);
    let hash = blake3::hash(&picture).into();
    until(|| cloud.picture(hash) == Picture::Here(picture.clone()), || "no picture".to_owned());

    // The cloud is away: the hub runs on, a wish is refused at once; when it is back, nothing is missing.
    let at = cloud.at.clone();
    drop(cloud);
    assert_eq!(place.hub(&["status"]).code, Some(0));
    let cloud = Cloud::start(&place, &at);
    assert_eq!(cloud.community.id, id);
    assert_eq!(cloud.ask(key, anna).map(drop), Err(NotSent::Away));
    cloud.resident("Галина", "14");
    until(|| cloud.downlink.is_here(id, key), || "it does not come back".to_owned());
    until(|| knows_house(&place, "14"), || "no house".to_owned());

    // Revoked: it is sent away and does not come back in.
    cloud.community.revoke_hub("Въезд", entropy, now()).unwrap();
    until(|| !cloud.downlink.is_here(id, key), || "it stays".to_owned());
    until(
        || {
            let status = place.hub(&["status"]);
            status.out.contains("NOT CONNECTED") && status.out.contains("revoked")
        },
        || "it does not know that it was revoked".to_owned(),
    );
    let code =
        cloud.communities.invite_hub(id, "Въезд", false, random(), entropy, now()).unwrap().to_string();
    let again = place.hub(&["enroll", &address, &code]);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.err.contains("empty data folder"), "a thief has the key: {again:?}");
    assert_eq!(hub.stop(), Some(0));
}

#[test]
fn addresses_that_are_none_are_told_so() {
    let place = Place::new();
    let _hub = place.run();
    for (address, why) in [
        ("cloud.example", "an address as"),
        ("https://cloud.example/and/more", "an address as"),
        ("http://cloud.example", "HTTPS only"),
        ("ftp://cloud.example", "an address as"),
        ("https://a@b", "an address as"),
        ("http://127.0.0.1:1", "127.0.0.1:1"),
    ] {
        let told = place.hub(&["enroll", address, "0000-0000"]);
        assert_eq!(told.code, Some(1), "{told:?}");
        assert!(told.err.contains(why), "{address}: {told:?}");
    }
}
