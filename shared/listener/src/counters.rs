//! What happened at a listener: numbers for the metrics, and a log that a flood cannot flood.
//!
//! Invariant: of one kind, one line at once and then at most one line for each [`REPORT_EVERY`], which says how
//! many there were; nothing counted is left untold.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// How often the log is told what it was spared.
pub(crate) const REPORT_EVERY: Duration = Duration::from_secs(10);

macro_rules! counts {
    ($($(#[doc = $doc:literal])+ $name:ident = $metric:literal,)+) => {
        /// What is counted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Count {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Count {
            /// All of them, in the order in which they are declared.
            pub const ALL: &[Count] = &[$(Count::$name),+];

            /// The name in metrics and in the log's field `what`.
            pub const fn name(self) -> &'static str {
                match self { $(Count::$name => $metric,)+ }
            }
        }
    };
}

counts! {
    /// Connections that got a slot.
    Accepted = "accepted",
    /// Connections turned away because all slots were taken.
    RefusedFull = "refused_full",
    /// Connections turned away because their peer had its share.
    RefusedPeer = "refused_peer",
    /// Failures to accept at all, such as too many open files.
    AcceptFailed = "accept_failed",
    /// TLS handshakes that were none: plain HTTP, an old protocol, no ALPN in common, a peer that left.
    HandshakeFailed = "handshake_failed",
    /// TLS handshakes that took too long.
    HandshakeTimeout = "handshake_timeout",
    /// Connections that never said a word. Browsers open such ahead of need.
    Silent = "silent",
    /// Heads of requests that took too long.
    HeadTimeout = "head_timeout",
    /// Heads of requests that were too large, or had too many headers.
    HeadTooLarge = "head_too_large",
    /// Bytes that are no HTTP/1.1.
    Malformed = "malformed",
    /// Bodies that were too large.
    BodyTooLarge = "body_too_large",
    /// Bodies that stalled or trickled.
    BodyTimeout = "body_timeout",
    /// Peers that stopped reading what they had asked for.
    WriteStalled = "write_stalled",
    /// Connections closed because no further request came. Nothing is wrong with that.
    IdleClosed = "idle_closed",
    /// Connections cut because a shutdown had waited long enough for them.
    Cut = "cut",
}

/// The counters of one listener, for the host to export. They only grow, except [`Counters::open`].
#[derive(Debug, Default)]
pub struct Counters {
    /// Which listener the log speaks of.
    at: String,
    tallies: [Tally; Count::ALL.len()],
    open: AtomicU64,
}

#[derive(Debug, Default)]
struct Tally {
    total: AtomicU64,
    /// How many of the total the log knows about.
    told: AtomicU64,
    /// Whether a line was written since the last report but one.
    hushed: AtomicBool,
}

impl Counters {
    pub(crate) fn new(at: String) -> Self {
        Counters { at, ..Counters::default() }
    }

    /// How often it happened since the listener was made.
    pub fn get(&self, count: Count) -> u64 {
        self.tally(count).total.load(Ordering::Relaxed)
    }

    /// Connections that occupy a slot now, upgraded ones included.
    pub fn open(&self) -> u64 {
        self.open.load(Ordering::Relaxed)
    }

    pub(crate) fn set_open(&self, open: usize) {
        self.open.store(open as u64, Ordering::Relaxed);
    }

    /// Counts what needs no word in the log.
    pub(crate) fn count(&self, count: Count) {
        self.tally(count).total.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a refusal and logs the first of its kind at once; [`Counters::report`] tells of the others.
    pub(crate) fn refuse(&self, count: Count, peer: SocketAddr, why: &str) {
        if self.count_aloud(count) {
            // The port of a stranger says nothing and would make every line differ.
            let (what, peer) = (count.name(), peer.ip());
            tracing::warn!(at = self.at, what, %peer, why, "a client was refused");
        }
    }

    /// As [`Counters::refuse`], for failures that no client is to blame for.
    pub(crate) fn fail(&self, count: Count, why: &str) {
        if self.count_aloud(count) {
            tracing::error!(at = self.at, what = count.name(), why, "the listener is in trouble");
        }
    }

    /// Whether the log should hear of this one.
    fn count_aloud(&self, count: Count) -> bool {
        let tally = self.tally(count);
        tally.total.fetch_add(1, Ordering::Relaxed);
        let aloud = !tally.hushed.swap(true, Ordering::Relaxed);
        if aloud {
            tally.told.fetch_add(1, Ordering::Relaxed);
        }
        aloud
    }

    /// Tells the log what it was spared since the last report.
    pub(crate) fn report(&self) {
        for &count in Count::ALL {
            let tally = self.tally(count);
            if !tally.hushed.load(Ordering::Relaxed) {
                continue;
            }
            let total = tally.total.load(Ordering::Relaxed);
            let more = total.saturating_sub(tally.told.swap(total, Ordering::Relaxed));
            if more > 0 {
                tracing::warn!(at = self.at, what = count.name(), more, total, "and it happened again");
            } else {
                tally.hushed.store(false, Ordering::Relaxed);
            }
        }
    }

    fn tally(&self, count: Count) -> &Tally {
        &self.tallies[count as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Log {
        fn take(&self) -> Vec<String> {
            let bytes = std::mem::take(&mut *self.0.lock().unwrap());
            String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
        }
    }

    #[test]
    fn a_flood_is_two_lines_and_then_one_a_report() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone());
        let _guard = tracing::subscriber::set_default(subscriber.finish());
        let counters = Counters::new("the gate".into());
        let flood = |times| {
            for port in 0..times {
                counters.refuse(Count::RefusedFull, ([192, 0, 2, 7], port).into(), "full");
            }
        };
        let check = |log: Vec<String>, expected: &[&str]| {
            assert_eq!(log.len(), expected.len(), "{log:#?}");
            for (line, expected) in log.iter().zip(expected) {
                assert!(line.contains(expected) && line.contains("the gate"), "{line}");
            }
        };
        flood(1000);
        check(log.take(), &["192.0.2.7"]);
        counters.report();
        check(log.take(), &["more=999 total=1000"]);
        flood(50);
        check(log.take(), &[]);
        counters.report();
        check(log.take(), &["more=50 total=1050"]);
        // Quiet for one report: the next is news again. Another kind always was.
        counters.report();
        counters.refuse(Count::Malformed, ([192, 0, 2, 8], 1).into(), "noise");
        flood(1);
        check(log.take(), &["192.0.2.8", "192.0.2.7"]);
        assert_eq!((counters.get(Count::RefusedFull), counters.get(Count::Malformed)), (1051, 1));
    }
}
