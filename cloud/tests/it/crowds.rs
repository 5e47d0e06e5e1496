//! Many at once: sockets that only sit there keep no hub out and take little; where there is no room, a hub is told to come back.

use std::sync::Arc;
use std::time::Instant;

use dwellers::people::House;
use dwellers_cloud::config::{self, Config, Http};
use dwellers_cloud::hubs::Newcomer;
use dwellers_cloud::serve::Serving;
use dwellers_link::wire::Refusal;
use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;

use super::harness::{Cloud, Hub, PATIENCE, has, house, next};
use super::program::Program;
use super::{Place, entropy};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_that_sit_there_keep_no_hub_out() {
    const IDLE: usize = 400;
    let place = Place::new();
    let cloud = Cloud::start(&place).await;
    let hub = Hub::new(&place, "hub.db", 1);
    assert_eq!(cloud.enrol(&hub, &cloud.code("Въезд")).await.0, 201);
    let idle = join_all((0..IDLE).map(|_| TcpStream::connect(&cloud.at))).await;
    let mut idle: Vec<TcpStream> = idle.into_iter().map(Result::unwrap).collect();
    let mut line = hub.connect(&cloud.at, &cloud.at, cloud.community.id).await.unwrap();
    let known = house(&cloud, "12");
    assert_eq!(hub.follow(&mut line, || has::<House>(&hub.store, known)).await, None);
    // They are sent away all the same, for saying nothing.
    let mut answer = [0; 64];
    let first = timeout(PATIENCE, idle[0].read(&mut answer)).await.unwrap();
    assert!(matches!(first, Ok(0) | Err(_)), "{first:?}");
    cloud.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_websocket_on_which_nothing_was_said_takes_little() {
    const SILENT: usize = 300;
    let place = Place::new();
    place.communities().create("Сосновка", dwellers_cloud::clock::now(), entropy).unwrap();
    let program = Program::start(&place.data(), "cloud.example:443");
    let url = format!("ws://{}/link", program.at);
    let connect = async |count: usize| {
        let connected = join_all((0..count).map(|_| connect_async(&url))).await;
        let mut sockets: Vec<_> = connected.into_iter().map(|connected| connected.unwrap().0).collect();
        for socket in &mut sockets {
            next(socket).await.expect("its first words");
        }
        sockets
    };
    // What the program takes to begin with is not a socket's.
    let _first = connect(50).await;
    let (before, _) = program.memory();
    let mut sockets = connect(SILENT).await;
    let each_kb = (program.memory().0 - before) * 1024.0 / SILENT as f64;
    assert!(each_kb < 64.0, "{each_kb:.0} kB each");
    // One that has much to say is not listened to.
    let mut socket = sockets.pop().unwrap();
    let much = tokio_tungstenite::tungstenite::Message::binary(vec![0; 1 << 20]);
    let _ = futures_util::SinkExt::send(&mut socket, much).await;
    while let Some(Ok(_)) = timeout(PATIENCE, socket.next()).await.unwrap() {}
    assert!(program.memory().0 - before < 64.0 / 1024.0 * SILENT as f64, "nothing of it was kept");
}

#[tokio::test]
async fn where_there_is_no_room_a_hub_is_told_to_come_back_and_not_that_it_is_unknown() {
    let place = Place::new();
    let communities = Arc::new(place.communities().with_room(1));
    let now = dwellers_cloud::clock::now();
    let id = communities.create("Сосновка", now, entropy).unwrap().id;
    let hub = Hub::new(&place, "hub.db", 1);
    let code = communities.invite_hub(id, "Въезд", false, [1; 5], entropy, now).unwrap();
    let newcomer = Newcomer { key: hub.key.public(), replica: hub.replica, community: None };
    communities.enrol(&code, &newcomer, entropy, now).unwrap();
    let other = communities.create("Дубрава", now, entropy).unwrap();
    let (stop, shutdown) = watch::channel(false);
    let http = Http { listen: "127.0.0.1:0".parse().unwrap(), ..Http::default() };
    let backup = config::Backup { on: false, ..config::Backup::default() };
    let cloud = config::Cloud { data: place.data() };
    let config = Config { cloud, http, backup, blobs: config::Blobs::default(), mail: None, telegram: None };
    let serving = Serving::bind(&config, communities.clone(), shutdown).await.unwrap();
    let at = serving.at().to_string();
    let served = tokio::spawn(serving.run());
    assert_eq!(hub.connect(&at, &at, id).await.map(drop), Err(Refusal::Busy));
    drop(other);
    // Whoever looks after communities at rest has one of them open for a moment.
    let begun = Instant::now();
    while let Err(why) = hub.connect(&at, &at, id).await.map(drop) {
        assert!(why == Refusal::Busy && begun.elapsed() < PATIENCE, "{why}");
    }
    stop.send_replace(true);
    timeout(PATIENCE, served).await.unwrap().unwrap();
}
