//! A server in a process of its own, for what its clients must not share with it: the number of open files.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use dwellers_listener::{Count, Limits, Listener, Security};
use tokio::net::TcpListener;
use warp::Filter;

use crate::client::Client;
use crate::house::patient;

/// Says to the test below that it is a child, and with how many connections.
const CONNECTIONS: &str = "LISTENER_TEST_CONNECTIONS";

pub(crate) struct Served {
    pub(crate) addr: SocketAddr,
    child: Child,
    stdin: Option<ChildStdin>,
    /// Kept, because a child that cannot print fails.
    stdout: BufReader<ChildStdout>,
}

impl Served {
    /// Starts it with so many open files allowed, and so many connections.
    pub(crate) fn start(open_files: usize, connections: usize) -> Self {
        let mut child = Command::new("sh")
            .args(["-c", &format!("ulimit -n {open_files} && exec \"$0\" \"$@\"")])
            .arg(env::current_exe().unwrap())
            .args(["--exact", "child::serves_if_it_is_one", "--nocapture", "--test-threads=1"])
            .env(CONNECTIONS, connections.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let addr = stdout
            .by_ref()
            .lines()
            .map(Result::unwrap)
            .find_map(|line| Some(line.split_once("listens on ")?.1.parse().unwrap()))
            .expect("the child says where it listens");
        Served { addr, child, stdin, stdout }
    }

    /// Asks for one of its counts over a connection that stands.
    pub(crate) async fn count(client: &mut Client<tokio::net::TcpStream>, count: Count) -> u64 {
        let answer = client.get(&format!("/count/{}", count.name())).await;
        String::from_utf8(answer.body).unwrap().parse().unwrap()
    }

    /// It must have lasted until here.
    pub(crate) fn stop(mut self) {
        assert!(self.child.try_wait().unwrap().is_none(), "the child ended by itself");
        self.stdin = None;
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success(), "{rest}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Ends it if the test failed. One that ended already is no failure.
        self.stdin = None;
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The child itself: it serves until its standard input ends. In an ordinary run there is nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn serves_if_it_is_one() {
    let Ok(connections) = env::var(CONNECTIONS) else { return };
    let connections = connections.parse().unwrap();
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = socket.local_addr().unwrap();
    let limits = Limits { max_connections: connections, drain_timeout_ms: 0, ..patient() };
    let listener = Listener::new(socket, Security::Plain, limits);
    let counters = listener.counters();
    let routes = warp::path!("count" / String).map(move |name: String| {
        let count = Count::ALL.iter().find(|count| count.name() == name).unwrap();
        counters.get(*count).to_string()
    });
    let parent_left = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()).unwrap());
    println!("\nlistens on {addr}");
    let _ = listener.serve(routes, async { drop(parent_left.await) }).await;
}
