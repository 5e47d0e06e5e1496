//! What is told, where, and when not.
//!
//! What must never be here: who is told what (the outbox does that).

use dwellers::people::Permission;
use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};

use super::{NAME, Step, back};
use crate::api::inside::Request;
use crate::bot::talk::{Key, Press, Screen};
use crate::bot::turn::{Person, Stop, Turn, Turned};
use crate::notify::{Channel, Quiet};

/// Quiet hours.
pub(super) const QUIET: &str = "sq";
/// What is told.
pub(super) const KINDS: &str = "sk";
/// Where.
pub(super) const CHANNELS: &str = "sc";

/// What can be told; whether it is told to everybody, or to those who keep the community alone.
const TOLD: [(&str, bool); 5] =
    [("question", true), ("arrival", true), ("right", true), ("application", false), ("alarm", false)];
const FROM: [u16; 4] = [21 * 60, 22 * 60, 23 * 60, 0];
const UNTIL: [u16; 4] = [6 * 60, 7 * 60, 8 * 60, 9 * 60];
const NIGHT: Quiet = Quiet { from_minute: 22 * 60, until_minute: 8 * 60 };
const DAY: u16 = 24 * 60;

#[derive(Default, Deserialize)]
#[serde(default)]
struct HowIAmTold {
    settings: Wishes,
}

/// As the API has it; names that a newer one knows stay.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wishes {
    channels: Vec<String>,
    off: Vec<String>,
    pub quiet: Option<Quiet>,
}

pub(super) async fn wishes(turn: &mut Turn, community: RecordId) -> Result<Wishes, Stop> {
    let told = turn.ask::<HowIAmTold>(Request::get(path(community))).await?;
    Ok(told.settings)
}

fn path(community: RecordId) -> String {
    format!("/communities/{community}/notifications/settings")
}

/// Says how they want it, where that is another way than before.
async fn set(turn: &mut Turn, community: RecordId, before: &Wishes, after: Wishes) -> Result<Wishes, Stop> {
    if *before == after {
        return Ok(after);
    }
    let told = turn.ask::<HowIAmTold>(Request::put(path(community), &after)).await?;
    Ok(told.settings)
}

fn clock(minute: u16) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}

/// «22:00–8:00», or that there are none.
pub(super) fn hours(turn: &Turn, quiet: Option<Quiet>) -> String {
    match quiet {
        Some(Quiet { from_minute, until_minute }) => {
            format!("{}–{}", clock(from_minute), clock(until_minute))
        }
        None => turn.text("bot-quiet-none", &[]),
    }
}

pub(super) async fn quiet(turn: &mut Turn, community: RecordId, argument: &str) -> Turned {
    if argument == "w" {
        turn.wait(NAME, &Step::Quiet { community });
        let cancel = Key::press(turn.text("bot-word-cancel", &[]), Press::of(QUIET, community));
        let text = turn.text("bot-quiet-write", &[]);
        return turn.show(Screen::text(text).row([cancel])).await.map(drop);
    }
    let before = wishes(turn, community).await?;
    let known = before.quiet.unwrap_or(NIGHT);
    let minute = |digits: &str| digits.parse::<u16>().ok().filter(|minute| *minute < DAY);
    let quiet = match argument.split_at_checked(1) {
        Some(("f", from)) => minute(from).map(|from_minute| Quiet { from_minute, ..known }),
        Some(("u", until)) => minute(until).map(|until_minute| Quiet { until_minute, ..known }),
        _ if argument == "on" => Some(known),
        _ if argument == "off" => None,
        _ => before.quiet,
    };
    let after = set(turn, community, &before, Wishes { quiet, ..before.clone() }).await?;
    let screen = quiet_screen(turn, community, after.quiet);
    turn.show(screen).await.map(drop)
}

fn quiet_screen(turn: &Turn, community: RecordId, quiet: Option<Quiet>) -> Screen {
    let key = |label: String, argument: &str| {
        Key::press(label, Press::of(&format!("{QUIET}.{argument}"), community))
    };
    let on_off = match quiet {
        Some(_) => key(turn.text("bot-quiet-off", &[]), "off"),
        None => key(turn.text("bot-quiet-on", &[]), "on"),
    };
    let write = key(turn.text("bot-quiet-key-write", &[]), "w");
    let text = match quiet {
        Some(_) => turn.text("bot-quiet", &[("hours", hours(turn, quiet).into())]),
        None => turn.text("bot-quiet-never", &[]),
    };
    let mut screen = Screen::text(text);
    if let Some(Quiet { from_minute, until_minute }) = quiet {
        let choice = |word: &str, minute: u16, chosen: u16, argument: String| {
            let mark = if minute == chosen { "• " } else { "" };
            key(format!("{mark}{}", turn.text(word, &[("time", clock(minute).into())])), &argument)
        };
        let from = FROM.map(|minute| choice("bot-quiet-from", minute, from_minute, format!("f{minute}")));
        let until = UNTIL.map(|minute| choice("bot-quiet-until", minute, until_minute, format!("u{minute}")));
        screen = screen.row(from).row(until);
    }
    screen.row([on_off, write]).row([back(turn, community)])
}

/// Quiet hours that somebody wrote.
pub(super) async fn take_hours(turn: &mut Turn, community: RecordId) -> Turned {
    turn.somebody_of(community)?;
    let Some(quiet) = turn.written().and_then(read_hours) else {
        return turn.say_text("bot-quiet-not-hours", &[]).await.map(drop);
    };
    let before = wishes(turn, community).await?;
    let after = set(turn, community, &before, Wishes { quiet: Some(quiet), ..before.clone() }).await?;
    turn.rest();
    let screen = quiet_screen(turn, community, after.quiet);
    turn.show(screen).await.map(drop)
}

/// «22:00–8:00», «с 22 до 8», «22.30 - 7»: two times of day, whatever stands between them.
fn read_hours(text: &str) -> Option<Quiet> {
    let is_of_time = |c: char| c.is_ascii_digit() || c == ':' || c == '.';
    let times: Vec<&str> = text.split(|c| !is_of_time(c)).map(|time| time.trim_matches('.')).collect();
    let mut times = times.into_iter().filter(|time| !time.is_empty()).map(read_time);
    let (from_minute, until_minute) = (times.next()??, times.next()??);
    let is_all = times.next().is_none() && from_minute != until_minute;
    is_all.then_some(Quiet { from_minute, until_minute })
}

fn read_time(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "00"));
    let is_short = (1..=2).contains(&hour.len()) && minute.len() == 2;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (is_short && hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

pub(super) async fn kinds(turn: &mut Turn, person: &Person, argument: &str) -> Turned {
    let community = person.community;
    let before = wishes(turn, community).await?;
    let mut after = before.clone();
    if let Some((at, wanted)) = read_choice(argument, TOLD.len()) {
        after.off.retain(|kind| kind != TOLD[at].0);
        if !wanted {
            after.off.push(TOLD[at].0.to_owned());
        }
    }
    let after = set(turn, community, &before, after).await?;
    let keeps = person.may(Permission::DecideApplications);
    let mut screen = Screen::text(turn.text("bot-kinds", &[]));
    for (at, (kind, everybody)) in TOLD.into_iter().enumerate() {
        let is_off = after.off.iter().any(|off| off == kind);
        if !everybody && !keeps && !is_off {
            continue;
        }
        let (mark, sign) = if is_off { ("🔕", '+') } else { ("🔔", '-') };
        let label = format!("{mark} {}", turn.text(&format!("notify-{kind}"), &[]));
        screen = screen.row([Key::press(label, Press::of(&format!("{KINDS}.{at}{sign}"), community))]);
    }
    let screen = screen.row([back(turn, community)]);
    turn.show(screen).await.map(drop)
}

pub(super) async fn channels(turn: &mut Turn, community: RecordId, argument: &str) -> Turned {
    let all: Vec<String> = Channel::ALL.iter().filter_map(name).collect();
    let before = wishes(turn, community).await?;
    let mut after = before.clone();
    let is_used = |channels: &[String], at: usize| channels.contains(&all[at]);
    if let Some(at) =
        argument.strip_suffix('^').and_then(|at| at.parse().ok()).filter(|at: &usize| *at < all.len())
    {
        after.channels.retain(|channel| *channel != all[at]);
        after.channels.insert(0, all[at].clone());
    } else if let Some((at, wanted)) = read_choice(argument, all.len()) {
        match wanted {
            true if is_used(&after.channels, at) => {}
            true => after.channels.push(all[at].clone()),
            false => after.channels.retain(|channel| *channel != all[at]),
        }
    }
    let Wishes { channels, .. } = set(turn, community, &before, after).await?;
    let text = if channels.is_empty() { "bot-channels-none" } else { "bot-channels" };
    let mut screen = Screen::text(turn.text(text, &[]));
    let place = |at: &usize| channels.iter().position(|channel| *channel == all[*at]);
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|at| place(at).unwrap_or(usize::MAX));
    for at in order {
        let name = turn.text(&format!("channel-{}", all[at]), &[]);
        let key = |label: String, sign: char| {
            Key::press(label, Press::of(&format!("{CHANNELS}.{at}{sign}"), community))
        };
        screen = match place(&at) {
            None => screen.row([key(format!("▫️ {name}"), '+')]),
            Some(0) => screen.row([key(format!("1. ✅ {name}"), '-')]),
            Some(place) => {
                let first = turn.text("bot-channels-first", &[]);
                screen.row([key(format!("{}. ✅ {name}", place + 1), '-'), key(first, '^')])
            }
        };
    }
    let screen = screen.row([back(turn, community)]);
    turn.show(screen).await.map(drop)
}

/// As documents and texts name a channel.
fn name(channel: &Channel) -> Option<String> {
    serde_json::to_value(channel).ok()?.as_str().map(str::to_owned)
}

/// `3+`, `3-`: which one, and whether it is wanted.
fn read_choice(argument: &str, of: usize) -> Option<(usize, bool)> {
    let wanted = argument.ends_with('+');
    let at = argument.strip_suffix(['+', '-'])?.parse().ok().filter(|at| *at < of)?;
    Some((at, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        let quiet = |from_minute, until_minute| Some(Quiet { from_minute, until_minute });
        for (text, hours) in [
            ("22:00–8:00", quiet(1320, 480)),
            ("с 22 до 8", quiet(1320, 480)),
            ("22.30 - 07.15.", quiet(1350, 435)),
            ("from 0:00 to 6:05", quiet(0, 365)),
            ("22", None),
            ("22-22", None),
            ("24:00-8", None),
            ("22:60-8", None),
            ("22:5-8", None),
            ("1 2 3", None),
            ("такси А123ВС77", None),
            ("222-8", None),
            ("тишина", None),
        ] {
            assert_eq!(read_hours(text), hours, "{text}");
        }
    }
}
