//! What the operator reads.

use std::fmt::Write;

use jiff::Timestamp;

use crate::control::{Answer, HubStatus};

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
        Answer::Done(words) | Answer::Refused(words) => writeln!(text, "{words}"),
    };
    text
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
