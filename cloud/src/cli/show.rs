//! What the operator reads.

use std::fmt::Write;

use jiff::Timestamp;

use crate::control::{AlarmStatus, Answer, CommunityStatus, HubStatus, Status};
use crate::downlink::Connection;

pub(super) fn answer(answer: &Answer) -> String {
    let mut text = String::new();
    // Writing to memory cannot fail.
    let _ = match answer {
        Answer::Communities(all) => all.iter().try_for_each(|one| {
            let closed = if one.closed { "  closed" } else { "" };
            writeln!(text, "{}  {}{closed}", one.id, one.name)
        }),
        Answer::Code { address, code } => {
            writeln!(
                text,
                "good for ten minutes, once; at the gatehouse:\ndwellers-hub enroll {address} {code}"
            )
        }
        Answer::Hubs(hubs) => hubs.iter().try_for_each(|one| writeln!(text, "{}", hub(one))),
        Answer::Invitation { link } => writeln!(text, "good for a week, once:\n{link}"),
        Answer::Status(about) => status(&mut text, about),
        Answer::Done(words) | Answer::Refused(words) => writeln!(text, "{words}"),
    };
    text
}

fn status(text: &mut String, status: &Status) -> std::fmt::Result {
    let Status { version, running, communities } = status;
    match running {
        Some((ms, hubs)) => {
            writeln!(text, "version {version}, runs for {} s, {hubs} hubs are connected", ms / 1_000)?;
        }
        None => writeln!(text, "version {version}, does not run; this is what its stores say")?,
    }
    for CommunityStatus { listed, hubs, alarms, trouble } in communities {
        let closed = if listed.closed { "  closed" } else { "" };
        writeln!(text, "{}  {}{closed}", listed.id, listed.name)?;
        if let Some(why) = trouble {
            writeln!(text, "  DOES NOT OPEN: {why}")?;
        }
        for hub in hubs {
            writeln!(text, "  hub «{}»: {}", hub.label, connection(hub))?;
        }
        for alarm in alarms {
            let AlarmStatus { id, text: what, name, words, at_ms } = alarm;
            let name = if name.is_empty() { String::new() } else { format!(" («{name}»)") };
            writeln!(text, "  ALARM {id}  {}  {what}{name}: {words}", time(*at_ms))?;
        }
    }
    Ok(())
}

fn connection(hub: &HubStatus) -> String {
    let Some(Connection { since_ms, software, clock, in_step }) = &hub.connection else {
        return match hub.seen_ms {
            0 => "not connected, and never was".to_owned(),
            at => format!("not connected since {}", time(at)),
        };
    };
    let step = if *in_step { "in step" } else { "behind" };
    let clock = match clock {
        Some((_, false)) => ", nothing vouches for its clock".to_owned(),
        Some((ahead_ms, true)) if ahead_ms.abs() >= 1_000 => {
            format!(", its clock is {:+.1} s off", *ahead_ms as f64 / 1_000.0)
        }
        _ => String::new(),
    };
    format!("connected since {} ({software}), {step}{clock}", time(*since_ms))
}

fn hub(hub: &HubStatus) -> String {
    let revoked = match hub.revoked_ms {
        0 => String::new(),
        at => format!("  revoked {}", time(at)),
    };
    format!("{}  enrolled {}{revoked}  {}", hub.fingerprint, time(hub.enrolled_ms), hub.label)
}

fn time(ms: u64) -> String {
    let at = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.map_or_else(String::new, |at| at.strftime("%F %H:%M UTC").to_string())
}
