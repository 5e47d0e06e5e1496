//! A cloud that was taken over: it has the hub's trust and an address, and wants the relay to move. Commands that are made up,
//! repeated, of another connection or of before the hub's restart: the barrier counts no pulse.

use std::collections::HashSet;
use std::net::{SocketAddr, TcpListener as Bound};
use std::time::Duration;

use dwellers_hub::barrier::What;
use dwellers_hub::barrier::wire::{Reply, Request};
use dwellers_hub::engine::Relay;
use dwellers_link::challenge::{Challenge, FRESH_MS};
use dwellers_link::device::Nonce;
use dwellers_link::handshake;
use dwellers_link::wire::{Command, Message, Outcome, Stage, encode};
use dwellers_replica::RecordId;
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{WebSocketStream, accept_async};

use super::place::{PATIENCE, Place, until};
use super::uplink::{Barrier, Cloud};

use dwellers_cloud::clock::{entropy, now, random};

/// Bad commands on each connection.
const COMMANDS: usize = 2_000;
const RESTARTS: usize = 3;

/// How often the barrier was told to open.
fn pulses(place: &Place) -> usize {
    use std::io::{BufRead, BufReader, Write};
    let mut stream = std::os::unix::net::UnixStream::connect(place.path("barrier.sock")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    writeln!(stream, "{}", serde_json::to_string(&Request::History { after: 0 }).unwrap()).unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    let Reply::History { entries, .. } = serde_json::from_str(&answer).unwrap() else { panic!("{answer}") };
    entries.iter().filter(|entry| matches!(entry.what, What::Energised { relay: Relay::Open, .. })).count()
}

/// The hub's connection to a cloud that says what it likes.
struct Line {
    socket: WebSocketStream<TcpStream>,
    /// What the hub handed out here.
    challenges: Vec<Challenge>,
    refused: usize,
    stages: Vec<Stage>,
}

impl Line {
    /// With the hub that runs: one that ended meanwhile may have come before it, and waits in the queue as if it were there.
    async fn accept(listener: &TcpListener) -> Line {
        timeout(PATIENCE, async {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                if let Some(socket) = Line::greet(stream).await {
                    return Line { socket, challenges: Vec::new(), refused: 0, stages: Vec::new() };
                }
            }
        })
        .await
        .expect("the hub comes")
    }

    /// Who it is matters to nobody here; nothing where it is gone.
    async fn greet(stream: TcpStream) -> Option<WebSocketStream<TcpStream>> {
        let mut socket = accept_async(stream).await.ok()?;
        socket.send(Frame::binary(handshake::welcome(Nonce(random())))).await.ok()?;
        socket.next().await?.ok()?;
        socket.send(Frame::binary(handshake::answer(None))).await.ok()?;
        Some(socket)
    }

    /// Hears what the hub says until `done`, and answers that it is there.
    async fn hear(&mut self, done: impl Fn(&Line) -> bool) {
        let begun = Instant::now();
        while !done(self) {
            assert!(begun.elapsed() < PATIENCE, "it does not come to that: {} refused", self.refused);
            let Frame::Binary(bytes) = timeout(PATIENCE, self.socket.next()).await.unwrap().unwrap().unwrap()
            else {
                continue;
            };
            match Message::decode(&bytes).unwrap() {
                Message::Challenge(challenge) => self.challenges.push(challenge),
                Message::Outcome(Outcome { stage: Stage::Refused(_), .. }) => self.refused += 1,
                Message::Outcome(Outcome { stage, .. }) => self.stages.push(stage),
                _ => {}
            }
        }
    }

    async fn say(&mut self, command: &Command) {
        self.socket.send(Frame::binary(encode(&Message::Command(command.clone())))).await.unwrap();
    }
}

#[test]
fn a_cloud_that_was_taken_over_moves_no_relay_by_forgery_or_repetition() {
    let place = Place::new();
    let _barrier = Barrier::start(&place);
    let cloud = Cloud::start(&place, "127.0.0.1:0");
    cloud.found();
    let anna = cloud.resident("Анна", "12");
    let mut hub = place.run();
    let code = cloud.communities.invite_hub(cloud.community.id, "Въезд", false, random(), entropy, now());
    let address = format!("http://{}", cloud.at);
    let enrolled = place.hub(&["enroll", &address, &code.unwrap().to_string()]);
    assert_eq!(enrolled.code, Some(0), "{enrolled:?}");
    until(|| cloud.gate().is_some(), || "no gate".to_owned());
    // The hub knows Anna when a true command of hers is taken; that one pulse is the only one there may be.
    let gate = cloud.gate().unwrap();
    let at: SocketAddr = cloud.at.parse().unwrap();
    let known = |place: &Place| place.hub(&["status"]).code == Some(0);
    until(|| known(&place) && super::uplink::knows_house(&place, "12"), || "no house".to_owned());
    drop(cloud);

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bound = || {
        let listener = Bound::bind(at).unwrap();
        listener.set_nonblocking(true).unwrap();
        listener
    };
    let mut taken = None;
    until(
        || Bound::bind(at).map(|listener| taken = Some(listener)).is_ok(),
        || "the address is taken".to_owned(),
    );
    drop(taken);
    let listener = {
        let _guard = runtime.enter();
        TcpListener::from_std(bound()).unwrap()
    };
    let command = |challenge| Command {
        id: RecordId::new(now().ms, entropy()),
        challenge,
        gate,
        lane: "in".into(),
        person: anna,
    };
    let mut random = fastrand::Rng::with_seed(3);
    // Of connections that are over, of hubs that do not run any more.
    let mut old: Vec<Challenge> = Vec::new();
    let mut sent = 0;
    for restart in 0..=RESTARTS {
        runtime.block_on(async {
            let mut line = Line::accept(&listener).await;
            line.hear(|line| !line.challenges.is_empty()).await;
            let fresh: HashSet<Challenge> = line.challenges.iter().copied().collect();
            for n in 0..COMMANDS {
                let challenge = match random.u8(..3) {
                    0 if !old.is_empty() => old[random.usize(..old.len())],
                    // One bit beside a good one.
                    1 => {
                        let mut near = *random.choice(&line.challenges).unwrap();
                        near.0[random.usize(..16)] ^= 1 << random.u8(..8);
                        near
                    }
                    _ => Challenge(std::array::from_fn(|_| random.u8(..))),
                };
                if fresh.contains(&challenge) {
                    continue;
                }
                line.say(&command(challenge)).await;
                sent += 1;
                // A hub answers as many as it can tell of; it must not be outrun.
                if n % 16 == 15 {
                    let already = line.refused;
                    line.hear(|line| line.refused > already).await;
                }
            }
            assert!(line.refused > COMMANDS / 32 && line.stages.is_empty(), "{:?}", line.stages);
            old.extend(&line.challenges);
            if restart == RESTARTS {
                // One that was held back until its challenge is too old.
                let held = command(*line.challenges.last().unwrap());
                let until = Instant::now() + Duration::from_millis(FRESH_MS + 1_000);
                while Instant::now() < until {
                    let _ = timeout(Duration::from_millis(200), line.hear(|_| false)).await;
                }
                let already = line.refused;
                line.say(&held).await;
                line.hear(|line| line.refused > already).await;
                assert_eq!(pulses(&place), 0, "after {sent} bad commands");
                // And that it would have moved: a true one, fifty times.
                let true_one = command(*line.challenges.last().unwrap());
                for _ in 0..50 {
                    line.say(&true_one).await;
                }
                let already = line.refused;
                line.hear(|line| line.stages.contains(&Stage::SeenOpen) && line.refused > already).await;
            }
        });
        if restart < RESTARTS {
            assert_eq!(pulses(&place), 0, "after {sent} bad commands");
            assert_eq!(hub.stop(), Some(0));
            hub = place.run();
        }
    }
    assert_eq!(pulses(&place), 1, "the true one, once; {sent} were bad");
    assert_eq!(hub.stop(), Some(0));
}
