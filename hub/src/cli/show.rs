//! Answers as lines for people.

use std::fmt::Write;

use jiff::Timestamp;

use crate::clock::Trust;
use crate::config::Config;
use crate::control::{Answer, Status};
use crate::uplink::LinkStatus;
use dwellers_link::enrolment::Enrolled;

pub(super) fn gates(config: &Config) -> String {
    let names: Vec<_> = config.gates.iter().map(|gate| format!("{} «{}»", gate.key, gate.name)).collect();
    names.join(", ")
}

/// UTC, since the settlement's time zone stands in the store, not here.
pub(super) fn time(ms: u64) -> String {
    let at = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.map_or_else(|| format!("{ms} ms"), |at| format!("{at:.0}"))
}

pub(super) fn status(status: &Status) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        // A `String` takes all that is written to it.
        let _ = writeln!(text, "{name:<10}{value}");
    };
    match &status.running {
        Some(running) => {
            let trouble =
                running.trouble.as_ref().map_or(String::new(), |trouble| format!(", BUT {trouble}"));
            line("hub", format!("runs for {} s{trouble}", running.uptime_ms / 1_000));
        }
        None => line("hub", "does not run; this is what its store says".to_owned()),
    }
    line("version", status.version.clone());
    line("replica", status.replica.to_string());
    let trust = match status.time_trust {
        Trust::Nothing => "nothing vouches for it: passes with days or hours ask the guard",
        Trust::Ntp => "set from the network",
        Trust::Rtc => "set from a real-time clock",
        Trust::Word => "somebody's word",
    };
    line("clock", format!("{}, {trust}", time(status.time_ms)));
    line("store", format!("{} transactions, {} kB", status.transactions, status.store_bytes / 1_000));
    line("guards", status.guards.to_string());
    line("screens", status.screens.to_string());
    if let Some(link) = status.running.as_ref().map(|running| &running.link) {
        line("cloud", cloud(link));
    }
    for gate in status.running.iter().flat_map(|running| &running.gates) {
        let driver = if gate.connected { "" } else { ", ITS DRIVER IS GONE" };
        let held = if gate.held { ", held open" } else { "" };
        line("gate", format!("{} «{}»: {}{held}{driver}", gate.key, gate.name, gate.position));
    }
    for camera in status.running.iter().flat_map(|running| &running.cameras) {
        let frame = camera.frame_ms_ago.map_or_else(
            || "no frame yet".to_owned(),
            |ms| format!("last frame {:.1} s ago", ms as f32 / 1_000.0),
        );
        let trouble = camera.trouble.as_ref().map_or(String::new(), |trouble| format!(", BUT {trouble}"));
        line("camera", format!("{} «{}»: {frame}{trouble}", camera.key, camera.name));
    }
    text
}

fn cloud(link: &LinkStatus) -> String {
    let LinkStatus { url, community, connected, shared, trouble, .. } = link;
    if url.is_empty() {
        return "none; `dwellers-hub enroll` makes this a hub of a community".to_owned();
    }
    let how = match (connected, shared, trouble) {
        (true, true, _) => "connected, and it has everything".to_owned(),
        (true, false, _) => "connected, and it does not have everything yet".to_owned(),
        (false, _, Some(why)) => format!("NOT CONNECTED: {why}"),
        (false, _, None) => "not connected yet".to_owned(),
    };
    format!("«{community}» at {url}: {how}")
}

pub(super) fn answer(answer: &Answer) -> String {
    let mut text = String::new();
    match answer {
        Answer::Guards(guards) => {
            for guard in guards {
                let pin = if guard.needs_pin { ", needs a new PIN" } else { "" };
                let failed =
                    if guard.failed > 0 { format!(", {} wrong PINs", guard.failed) } else { String::new() };
                let _ = writeln!(text, "{}{failed}{pin}", guard.guard.name);
            }
        }
        Answer::Screens(screens) => {
            for screen in screens {
                let _ = writeln!(text, "{}, paired {}", screen.name, time(screen.paired_ms));
            }
        }
        Answer::Invitation { link } => {
            let _ = writeln!(text, "Open this on the screen, once, within ten minutes:\n{link}");
        }
        Answer::Enrolled(enrolled) => {
            let Enrolled { name, label, fingerprint, .. } = enrolled;
            let _ = writeln!(text, "«{label}» is a hub of «{name}» now.");
            let _ = writeln!(text, "The cloud must show the same: {fingerprint}");
        }
        Answer::Status(about) => text = status(about),
        Answer::Copied(_) | Answer::Done | Answer::Refused(_) => {}
    }
    text
}
