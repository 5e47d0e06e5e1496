//! What the operator reads.

use std::fmt::Write;

use jiff::Timestamp;

use crate::backup::own::RestoredOwn;
use crate::backup::restore::Restored;
use crate::control::{AccountsStatus, AlarmStatus, Answer, BackedUp, CommunityStatus, HubStatus, Status};
use crate::downlink::Connection;

pub(super) fn answer(answer: &Answer) -> String {
    let mut text = String::new();
    // Writing to memory cannot fail.
    let _ = match answer {
        Answer::Communities(all) => all.iter().try_for_each(|one| {
            let closed = if one.closed { "  closed" } else { "" };
            writeln!(text, "{}  {}{closed}", one.id, one.name)
        }),
        Answer::Key { community, secret } => {
            writeln!(text, "{}  {}\n\n{KEY}\n\n{secret}", community.id, community.name)
        }
        Answer::AccountsKey(secret) => writeln!(text, "accounts\n\n{KEY}\n\n{secret}"),
        Answer::Backups(all) => all.iter().try_for_each(|one| match one {
            BackedUp { name, made: Ok((path, bytes)) } => {
                writeln!(text, "{name}: {}, {bytes} bytes, read back", path.display())
            }
            BackedUp { name, made: Err(why) } => writeln!(text, "{name}: NO BACKUP: {why}"),
        }),
        Answer::Code { address, code, only_here } => {
            let warning = if *only_here { "only from this machine: set http.authority\n" } else { "" };
            write!(
                text,
                "good for ten minutes, once; at the gatehouse:\ndwellers-hub enroll {address} {code}\n{warning}"
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
    let Status { version, running, accounts, communities } = status;
    match running {
        Some((ms, hubs)) => {
            writeln!(text, "version {version}, runs for {} s, {hubs} hubs are connected", ms / 1_000)?;
        }
        None => writeln!(text, "version {version}, does not run; this is what its stores say")?,
    }
    let AccountsStatus { has_key, backed_up_ms, backup_failure } = accounts;
    match (has_key, backed_up_ms, backup_failure.as_str()) {
        (false, ..) => writeln!(text, "accounts  NO BACKUPS: `dwellers-cloud accounts new-key` begins them")?,
        (true, 0, "") => writeln!(text, "accounts  not backed up yet")?,
        (true, at, "") => writeln!(text, "accounts  backed up {}", time(*at))?,
        (true, _, why) => writeln!(text, "accounts  THE LAST BACKUP FAILED OR IS NOT THERE: {why}")?,
    }
    for community in communities {
        let CommunityStatus { listed, hubs, alarms, backed_up_ms, backup_is_gone, backup_failure, trouble } =
            community;
        let closed = if listed.closed { "  closed" } else { "" };
        writeln!(text, "{}  {}{closed}", listed.id, listed.name)?;
        if let Some(why) = trouble {
            writeln!(text, "  DOES NOT OPEN: {why}")?;
        }
        let backup = match backed_up_ms {
            0 => "never backed up".to_owned(),
            at => format!("backed up {}", time(*at)),
        };
        match backup_failure.as_str() {
            "" => writeln!(text, "  {backup}")?,
            why if *backup_is_gone => writeln!(text, "  THE LAST BACKUP IS NOT THERE: {why}")?,
            why => writeln!(text, "  {backup}; THE LAST ATTEMPT FAILED: {why}")?,
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

const KEY: &str = "\
The key of its backups from now on, shown this once and kept nowhere here. Without it no backup opens.
Write it down, or put it where what befalls this machine does not reach.";

/// What came out of a backup, and what its operator is to see to.
pub(super) fn restored(restored: &Restored, hubs: &[HubStatus]) -> String {
    let Restored { community, name, taken_ms, replica, aside } = restored;
    let mut text = format!("{community}  {name}: as it was at {}, now replica {replica}\n", time(*taken_ms));
    if let Some(aside) = aside {
        text += &format!("the store that was there: {}\n", aside.display());
    }
    text += "Its hubs bring what is newer by themselves. These are known; whoever was revoked later is to be revoked again\n\
             before the cloud serves, and whoever was enrolled later is enrolled again:\n";
    for one in hubs {
        text += &format!("{}\n", hub(one));
    }
    text
}

/// What came out of a backup of the cloud's own stores.
pub(super) fn restored_own(restored: &RestoredOwn) -> String {
    let RestoredOwn { taken_ms, aside, communities } = restored;
    let mut text = format!("accounts: as they were at {}; everybody signs in again\n", time(*taken_ms));
    for aside in aside {
        text += &format!("a store that was there: {}\n", aside.display());
    }
    text += "Links that waited to be opened are void. These communities are listed; each whose store is not there comes out of\n\
             a backup of its own:\n";
    for name in communities {
        text += &format!("{name}\n");
    }
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
