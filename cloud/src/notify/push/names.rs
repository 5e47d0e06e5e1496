//! The names of push services: whom they stand for, as long as that is a public machine.
//!
//! Anybody may name a service whose name servers never answer, and the system's resolver holds a thread for as long as it asks
//! them. So there are so many threads and no more, nobody waits long, and a name that led nowhere is not asked about for a
//! while.
//!
//! Invariant: a name stands for public machines alone.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::clock::Monotonic;

/// Names that are asked about at once.
const AT_ONCE: usize = 8;
/// How long somebody waits for a place, and then for the answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// So long a name that led nowhere is left alone.
const LEFT_MS: u64 = 60_000;
/// So many of those are known.
const MOST: usize = 1_000;

/// Asks who names are.
#[derive(Clone)]
pub(super) struct Names(Arc<Inner>);

struct Inner {
    places: Arc<Semaphore>,
    /// Names that led nowhere, and until when they are left alone.
    nowhere: Mutex<HashMap<String, u64>>,
    monotonic: Monotonic,
    patience: Duration,
    ask: fn(&str) -> io::Result<Vec<SocketAddr>>,
}

/// Why a name stands for nobody now.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Unknown {
    #[error("too many names are asked about at once")]
    Busy,
    #[error("the push service's name leads nowhere")]
    Nowhere,
}

/// It is no address of a public machine.
#[derive(Debug, thiserror::Error)]
#[error("the push service's name stands for no public machine")]
pub(super) struct NotPublic;

impl Names {
    /// By the system's resolver.
    pub fn new() -> Names {
        Names::by(PATIENCE, |name| Ok((name, 0).to_socket_addrs()?.collect()))
    }

    fn by(patience: Duration, ask: fn(&str) -> io::Result<Vec<SocketAddr>>) -> Names {
        let (places, nowhere) = (Arc::new(Semaphore::new(AT_ONCE)), Mutex::default());
        Names(Arc::new(Inner { places, nowhere, monotonic: Monotonic::start(), patience, ask }))
    }

    async fn find(&self, name: &str) -> Result<Vec<SocketAddr>, Unknown> {
        let Inner { places, nowhere, monotonic, patience, ask } = &*self.0;
        let known = || nowhere.lock().unwrap_or_else(PoisonError::into_inner);
        if known().get(name).is_some_and(|until_ms| monotonic.ms() < *until_ms) {
            return Err(Unknown::Nowhere);
        }
        let place = timeout(*patience, places.clone().acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(Unknown::Busy) };
        let (ask, asked) = (*ask, name.to_owned());
        let asking = spawn_blocking(move || {
            let found = ask(&asked);
            // It is held until the thread comes back, whoever waits for that still.
            drop(place);
            found
        });
        if let Ok(Ok(Ok(found))) = timeout(*patience, asking).await {
            return Ok(found);
        }
        let (now_ms, mut known) = (monotonic.ms(), known());
        if known.len() >= MOST {
            known.retain(|_, until_ms| now_ms < *until_ms);
        }
        if known.len() < MOST {
            known.insert(name.to_owned(), now_ms.saturating_add(LEFT_MS));
        }
        Err(Unknown::Nowhere)
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.clone();
        Box::pin(async move {
            let found = names.find(name.as_str()).await?;
            let public: Vec<SocketAddr> = found.into_iter().filter(|at| is_public(at.ip())).collect();
            if public.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the wide world, and of no network that this machine alone may see.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_four(four),
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => is_public_four(four),
            None => is_public_six(six),
        },
    }
}

fn is_public_four(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // This network; shared by a provider's customers; of the IETF; benchmarks; reserved.
        (0, ..) | (192, 0, 0) | (198, 18..=19, _) | (240.., ..) => true,
        (100, 64..=127, _) => true,
        // Relays of 6to4.
        (192, 88, 99) => true,
        _ => false,
    };
    !(special
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_six(address: Ipv6Addr) -> bool {
    // Of the global ones, those that carry an address of IPv4 or are for documents lead elsewhere.
    match address.segments() {
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Condvar;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn only_the_wide_world_is_public() {
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.1.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2001::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "1.1.1.1",
            "142.250.74.74",
            "100.128.0.1",
            "172.32.0.1",
            "2a00:1450:4001::1",
            "2606:4700::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    /// The test waits for all that it needs within so much.
    const BOUND: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn name_servers_that_do_not_answer_hold_a_few_threads_and_nobody_for_long() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        static SILENT: (Mutex<bool>, Condvar) = (Mutex::new(true), Condvar::new());
        fn silent(_: &str) -> io::Result<Vec<SocketAddr>> {
            ASKED.fetch_add(1, Ordering::SeqCst);
            drop(SILENT.1.wait_while(SILENT.0.lock().unwrap(), |silent| *silent).unwrap());
            Ok(vec![([1, 1, 1, 1], 0).into()])
        }
        let names = Names::by(Duration::from_millis(50), silent);
        let all: Vec<String> = (0..3 * AT_ONCE).map(|n| format!("{n}.push.example")).collect();
        let found = futures_util::future::join_all(all.iter().map(|name| names.find(name)));
        let found = timeout(BOUND, found).await.unwrap();
        assert!(found.iter().all(Result::is_err));
        assert_eq!(found.iter().filter(|one| **one == Err(Unknown::Busy)).count(), 2 * AT_ONCE);
        let begun = async {
            while ASKED.load(Ordering::SeqCst) < AT_ONCE {
                tokio::task::yield_now().await;
            }
        };
        timeout(BOUND, begun).await.unwrap();
        assert_eq!(ASKED.load(Ordering::SeqCst), AT_ONCE, "each has its thread, and no other");
        // One that led nowhere is left alone; others are asked about as soon as there is a place.
        *SILENT.0.lock().unwrap() = false;
        SILENT.1.notify_all();
        let others = async {
            let mut nth = 0;
            while names.find(&format!("{nth}.other.example")).await.is_err() {
                nth += 1;
            }
        };
        timeout(BOUND, others).await.unwrap();
        let asked = ASKED.load(Ordering::SeqCst);
        assert_eq!(names.find(&all[0]).await, Err(Unknown::Nowhere));
        assert_eq!(ASKED.load(Ordering::SeqCst), asked);
    }
}
