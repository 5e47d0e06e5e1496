//! Numbers about the hub's work, in the text form of Prometheus (OpenMetrics).
//!
//! Invariants: labels have few values (gates of the configuration, verdicts, reasons): never a plate, a person or
//! anything that a client says.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dwellers::access::{Decision, Strength};
use dwellers::journal::Kind;
use dwellers_listener::{Count, Counters};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use serde::Serialize;

use crate::clock::Trust;

/// The hub's metrics. Clones are the same numbers; counting waits for nobody.
#[derive(Clone, Debug)]
pub struct Metrics {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    registry: Mutex<Registry>,
    decisions: Family<Decided, Counter>,
    decide_seconds: Histogram,
    commit_seconds: Histogram,
    journal: Family<Told, Counter>,
    drivers: Family<AtGate, Gauge>,
    sign_ins: Family<SignIn, Counter>,
    frames: Family<AtCamera, Counter>,
    damaged: Family<AtCamera, Counter>,
    look_seconds: Family<AtCamera, Histogram, fn() -> Histogram>,
    in_view: Family<AtCamera, Gauge>,
    reads: Family<Seen, Counter>,
    uptime_seconds: Gauge,
    store_bytes: Gauge,
    time_trusted: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Decided {
    gate: String,
    verdict: String,
    reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Told {
    kind: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AtGate {
    gate: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SignIn {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AtCamera {
    camera: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Seen {
    camera: String,
    strength: String,
}

/// What is read when somebody asks, rather than counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// For how long the hub has run.
    pub uptime: Duration,
    /// Bytes of the store, its log included.
    pub store_bytes: u64,
    /// Who vouches for the clock.
    pub trust: Trust,
}

impl Metrics {
    /// All at nothing.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("dwellers");
        // From 50 µs to 1.6 s, and from 0.5 ms to 16 s.
        let decide_seconds = Histogram::new(exponential_buckets(0.000_05, 2.0, 16));
        let commit_seconds = Histogram::new(exponential_buckets(0.000_5, 2.0, 16));
        let (decisions, journal, drivers) = (Family::default(), Family::default(), Family::default());
        let (sign_ins, uptime_seconds, store_bytes, time_trusted) =
            (Family::default(), Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("decisions", "Decisions by gate, verdict and reason", Family::clone(&decisions));
        let help = "Reading what bears on a request, and judging it";
        registry.register_with_unit("decide", help, Unit::Seconds, decide_seconds.clone());
        let help = "Durable commits, their fsync included";
        registry.register_with_unit("commit", help, Unit::Seconds, commit_seconds.clone());
        registry.register("journal_entries", "Entries of the journal by kind", Family::clone(&journal));
        let help = "Whether the driver of a gate is there";
        registry.register("driver_connected", help, Family::clone(&drivers));
        registry.register("sign_ins", "Guards who tried to sign in", Family::clone(&sign_ins));
        let (frames, damaged, in_view, reads) =
            (Family::default(), Family::default(), Family::default(), Family::default());
        // From 1 ms to 4 s.
        let buckets: fn() -> Histogram = || Histogram::new(exponential_buckets(0.001, 2.0, 13));
        let look_seconds = Family::new_with_constructor(buckets);
        registry.register("camera_frames", "Frames that came", Family::clone(&frames));
        registry.register("camera_damaged_frames", "Frames that are no picture", Family::clone(&damaged));
        let help = "Looks for plates in a frame, its decoding included";
        registry.register_with_unit("look", help, Unit::Seconds, Family::clone(&look_seconds));
        registry.register("cars_in_view", "Plates that are followed", Family::clone(&in_view));
        registry.register("reads", "Plates that were read, by how good that is", Family::clone(&reads));
        let help = "Since the process started";
        registry.register_with_unit("uptime", help, Unit::Seconds, uptime_seconds.clone());
        registry.register_with_unit("store", "The store and its log", Unit::Bytes, store_bytes.clone());
        registry.register("time_trusted", "Whether anything vouches for the clock", time_trusted.clone());
        let registry = Mutex::new(registry);
        let inner = Inner {
            registry,
            decisions,
            decide_seconds,
            commit_seconds,
            journal,
            drivers,
            sign_ins,
            frames,
            damaged,
            look_seconds,
            in_view,
            reads,
            uptime_seconds,
            store_bytes,
            time_trusted,
        };
        Metrics { inner: Arc::new(inner) }
    }

    /// Something was decided at a gate (its key), and the relay was told after so long.
    pub fn decided(&self, gate: &str, decision: &Decision, took: Duration) {
        let (verdict, reason) = (word(&decision.verdict), word(&decision.reason));
        self.inner.decisions.get_or_create(&Decided { gate: gate.to_owned(), verdict, reason }).inc();
        self.inner.decide_seconds.observe(took.as_secs_f64());
    }

    /// Something was committed, durably.
    pub fn committed(&self, took: Duration) {
        self.inner.commit_seconds.observe(took.as_secs_f64());
    }

    /// An entry stands in the journal.
    pub fn journalled(&self, kind: Kind) {
        self.inner.journal.get_or_create(&Told { kind: word(&kind) }).inc();
    }

    /// The driver of a gate (its key) is there, or gone.
    pub fn driver(&self, gate: &str, connected: bool) {
        self.inner.drivers.get_or_create(&AtGate { gate: gate.to_owned() }).set(connected.into());
    }

    /// A guard tried to sign in.
    pub fn sign_in(&self, succeeded: bool) {
        let result = if succeeded { "ok" } else { "refused" };
        self.inner.sign_ins.get_or_create(&SignIn { result }).inc();
    }

    /// A frame came from a camera (its key).
    pub fn frame(&self, camera: &str) {
        self.inner.frames.get_or_create(&AtCamera { camera: camera.to_owned() }).inc();
    }

    /// A frame of a camera is no picture.
    pub fn damaged(&self, camera: &str) {
        self.inner.damaged.get_or_create(&AtCamera { camera: camera.to_owned() }).inc();
    }

    /// A frame of a camera was looked at for so long, and then so many cars are followed there.
    pub fn looked(&self, camera: &str, took: Duration, in_view: usize) {
        let at = AtCamera { camera: camera.to_owned() };
        self.inner.look_seconds.get_or_create(&at).observe(took.as_secs_f64());
        self.inner.in_view.get_or_create(&at).set(i64::try_from(in_view).unwrap_or(i64::MAX));
    }

    /// A plate was read at a camera, and its gate was told.
    pub fn read(&self, camera: &str, strength: Strength) {
        self.inner.reads.get_or_create(&Seen { camera: camera.to_owned(), strength: word(&strength) }).inc();
    }

    /// Adds what a listener counts, under this name.
    pub fn watch_listener(&self, name: &'static str, counters: Arc<Counters>) {
        let mut registry = self.inner.registry.lock().unwrap_or_else(PoisonError::into_inner);
        registry.register_collector(Box::new(Listener { name, counters }));
    }

    /// Everything as text: `application/openmetrics-text; version=1.0.0; charset=utf-8`.
    ///
    /// # Errors
    /// Never in practice: a `String` takes all that is written to it.
    pub fn text(&self, reading: Reading) -> Result<String, fmt::Error> {
        let gauge = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.inner.uptime_seconds.set(gauge(reading.uptime.as_secs()));
        self.inner.store_bytes.set(gauge(reading.store_bytes));
        self.inner.time_trusted.set(i64::from(reading.trust != Trust::Nothing));
        let mut text = String::new();
        let registry = self.inner.registry.lock().unwrap_or_else(PoisonError::into_inner);
        prometheus_client::encoding::text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics::new()
    }
}

/// What a listener counts, as one family.
#[derive(Debug)]
struct Listener {
    name: &'static str,
    counters: Arc<Counters>,
}

impl Collector for Listener {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let name = format!("listener_{}_connections", self.name);
        let help = "What became of connections";
        let mut family = encoder.encode_descriptor(&name, help, None, MetricType::Counter)?;
        for count in Count::ALL {
            let value = ConstCounter::new(self.counters.get(*count));
            value.encode(family.encode_family(&[("what", count.name())])?)?;
        }
        let name = format!("listener_{}_open", self.name);
        let open = ConstGauge::new(i64::try_from(self.counters.open()).unwrap_or(i64::MAX));
        let help = "Connections that are open now";
        open.encode(encoder.encode_descriptor(&name, help, None, open.metric_type())?)
    }
}

/// A value of one of our enums as it stands in records: a word.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "other".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use dwellers::access::{Reason, Verdict};

    use super::*;

    #[test]
    fn the_text_tells_what_was_counted() {
        let metrics = Metrics::new();
        let decision = Decision {
            verdict: Verdict::Open,
            reason: Reason::FreeExit,
            plate: "A123BC77".into(),
            ..Decision::default()
        };
        metrics.decided("main", &decision, Duration::from_millis(2));
        metrics.decided("main", &decision, Duration::from_millis(3));
        metrics.committed(Duration::from_millis(4));
        metrics.journalled(Kind::SeenOpen);
        metrics.driver("main", true);
        metrics.sign_in(false);
        metrics.frame("in");
        metrics.looked("in", Duration::from_millis(20), 2);
        metrics.read("in", Strength::Refused);
        metrics.watch_listener("kiosk", Arc::default());
        let reading = Reading { uptime: Duration::from_secs(61), store_bytes: 4096, trust: Trust::Ntp };
        let text = metrics.text(reading).unwrap();
        for line in [
            "dwellers_decisions_total{gate=\"main\",verdict=\"open\",reason=\"free_exit\"} 2",
            "dwellers_decide_seconds_count 2",
            "dwellers_decide_seconds_bucket{le=\"0.0032\"} 2",
            "dwellers_commit_seconds_sum 0.004",
            "dwellers_journal_entries_total{kind=\"seen_open\"} 1",
            "dwellers_driver_connected{gate=\"main\"} 1",
            "dwellers_sign_ins_total{result=\"refused\"} 1",
            "dwellers_camera_frames_total{camera=\"in\"} 1",
            "dwellers_look_seconds_count{camera=\"in\"} 1",
            "dwellers_cars_in_view{camera=\"in\"} 2",
            "dwellers_reads_total{camera=\"in\",strength=\"refused\"} 1",
            "dwellers_uptime_seconds 61",
            "dwellers_store_bytes 4096",
            "dwellers_time_trusted 1",
            "dwellers_listener_kiosk_connections_total{what=\"accepted\"} 0",
            "dwellers_listener_kiosk_open 0",
            "# EOF",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n\n{text}");
        }
        assert!(!text.contains("A123BC77"));
    }
}
