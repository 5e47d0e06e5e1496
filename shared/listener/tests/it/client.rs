//! A client that writes bytes and reads them, with a bound on every wait.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

/// The bound: far beyond what anything here takes, on the slowest machine.
pub(crate) const BOUND: Duration = Duration::from_secs(30);

pub(crate) async fn within<T>(what: impl Future<Output = T>) -> T {
    timeout(BOUND, what).await.expect("it ends within the bound")
}

/// Polls until something is so.
pub(crate) async fn until(mut so: impl FnMut() -> bool, what: &str) {
    let polling = async {
        while !so() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(timeout(BOUND, polling).await.is_ok(), "not within the bound: {what}");
}

/// One HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Client<S>(pub(crate) S);

impl Client<TcpStream> {
    pub(crate) async fn connect(to: SocketAddr) -> Self {
        Client(within(TcpStream::connect(to)).await.unwrap())
    }

    /// From another address of the loopback network, and with a window of a few kilobytes.
    pub(crate) async fn connect_as(from: [u8; 4], to: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        socket.bind(SocketAddr::new(IpAddr::from(from), 0)).unwrap();
        Client(within(socket.connect(to)).await.unwrap())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        within(async {
            self.0.write_all(bytes).await.unwrap();
            self.0.flush().await.unwrap();
        })
        .await;
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes()).await;
        self.answer().await
    }

    /// The head of an answer, as it came.
    pub(crate) async fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let byte = within(self.0.read_u8()).await;
            head.push(
                byte.unwrap_or_else(|error| panic!("{error} after {:?}", String::from_utf8_lossy(&head))),
            );
        }
        String::from_utf8(head).unwrap()
    }

    /// An answer with the body whose length it states.
    pub(crate) async fn answer(&mut self) -> Answer {
        let head = self.head().await;
        let length = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        within(self.0.read_exact(&mut body)).await.unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body }
    }

    /// Reads until a text has come.
    pub(crate) async fn hear(&mut self, text: &str) {
        let mut heard = String::new();
        while !heard.contains(text) {
            let byte = within(self.0.read_u8()).await;
            heard.push(byte.unwrap_or_else(|error| panic!("{error} after {heard:?}")).into());
        }
    }

    /// Reads to the end, whether it is a goodbye or a reset.
    pub(crate) async fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        drop(within(self.0.read_to_end(&mut rest)).await);
        rest
    }

    /// The connection ends without a word.
    pub(crate) async fn is_hung_up_on(&mut self) {
        let rest = self.rest().await;
        assert!(rest.is_empty(), "{:?}", String::from_utf8_lossy(&rest));
    }
}
