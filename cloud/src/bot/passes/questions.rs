//! What is asked of a pass that is wanted, one question at a time.
//!
//! What must never be here: how an answer is taken; what is issued.

use dwellers::passes::Kind;
use dwellers_replica::ReplicaId;
use serde::Deserialize;

use super::draft::{Draft, Home, Wall, Want};
use super::{Gatehouse, NAME, Step, Visitor, dropping, said};
use crate::api::inside::Request;
use crate::bot::talk::{Key, Press, Screen};
use crate::bot::turn::{Stop, Turn, Turned};

/// So many visitors are offered to choose from.
const VISITORS: usize = 6;
/// What a button says at most.
const LABEL: usize = 48;
const KINDS: [(&str, Kind); 5] =
    [("g", Kind::Guest), ("t", Kind::Taxi), ("c", Kind::Courier), ("r", Kind::Recurring), ("e", Kind::Event)];

/// The letter of a kind within a button.
pub(in crate::bot) fn letter(kind: Kind) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == kind).map_or("g", |(letter, _)| letter)
}

/// The kind of a letter.
pub(in crate::bot) fn kind_of(letter: &str) -> Option<Kind> {
    Some(KINDS.iter().find(|(known, _)| *known == letter)?.1)
}

/// A kind, with a picture of it.
pub(in crate::bot) fn kind_text(turn: &Turn, kind: Kind) -> String {
    turn.text(&format!("bot-pass-kind-{}", letter(kind)), &[])
}

/// Words that fit on a button.
pub(super) fn short(text: &str) -> String {
    if text.chars().count() <= LABEL {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LABEL - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Asks what the step wants, below what was wrong with the answer before.
pub(super) async fn ask(turn: &mut Turn, mut step: Step, trouble: Option<String>) -> Turned {
    let wall = match step.draft.home {
        Some(home) => turn.wall(home).await?,
        None => Wall::default(),
    };
    let mut trouble = trouble;
    if step.want == Want::Sure && step.draft.wanted(&wall).is_none() {
        trouble = Some(turn.text("bot-pass-time-is-over", &[]));
        step.want = Want::Day;
    }
    let mut screen = question(turn, &mut step, &wall).await?;
    if let Some(trouble) = trouble {
        screen.text = format!("{trouble}\n\n{}", screen.text);
    }
    step.screen = Some(turn.show(screen).await?);
    turn.wait(NAME, &step);
    Ok(())
}

fn key(turn: &Turn, text: &str, verb: &str) -> Key {
    Key::press(turn.text(text, &[]), Press::verb(verb))
}

async fn question(turn: &mut Turn, step: &mut Step, wall: &Wall) -> Result<Screen, Stop> {
    let ask = |turn: &Turn, key: &str| Screen::text(turn.text(key, &[]));
    let screen = match step.want {
        Want::House => {
            let mut screen = ask(turn, "bot-pass-ask-house");
            for choice in turn.choices().await? {
                let Home { community, house } = choice.home;
                screen = screen.row([Key::press(short(&choice.label), Press::on("pw.h", community, house))]);
            }
            screen
        }
        Want::Kind => {
            let key = |kind| Key::press(kind_text(turn, kind), Press::verb(&format!("pw.k{}", letter(kind))));
            let plate = step.draft.plate.as_str();
            let screen = match plate.is_empty() {
                true => ask(turn, "bot-pass-ask-kind"),
                false => Screen::text(turn.text("bot-pass-ask-kind-of", &[("plate", plate.into())])),
            };
            screen
                .row([key(Kind::Guest), key(Kind::Taxi)])
                .row([key(Kind::Courier), key(Kind::Recurring)])
                .row([key(Kind::Event)])
        }
        Want::Which => {
            let mut screen = ask(turn, "bot-pass-ask-which");
            for (n, plate) in step.draft.perhaps.iter().take(9).enumerate() {
                screen = screen.row([Key::press(plate.clone(), Press::verb(&format!("pw.p{n}")))]);
            }
            screen.row([key(turn, "bot-pass-key-other-plate", "pw.fp")])
        }
        Want::Plate => ask(turn, "bot-pass-ask-plate").row([key(turn, "bot-pass-key-no-plate", "pw.u")]),
        Want::Who => {
            let text = if step.draft.kind == Some(Kind::Courier) {
                "bot-pass-ask-whose"
            } else {
                "bot-pass-ask-who"
            };
            let mut screen = ask(turn, text);
            step.visitors = visitors(turn, &step.draft).await?;
            for (n, Visitor { name, plate_shown }) in step.visitors.iter().enumerate() {
                let both = [name.as_str(), plate_shown.as_str()].into_iter().filter(|word| !word.is_empty());
                let label = short(&both.collect::<Vec<_>>().join(" · "));
                screen = screen.row([Key::press(label, Press::verb(&format!("pw.v{n}")))]);
            }
            screen.row([key(turn, "bot-pass-key-not-known", "pw.u")])
        }
        Want::Name => ask(turn, "bot-pass-ask-name"),
        Want::Note => ask(turn, "bot-pass-ask-note"),
        Want::Day => ask(turn, "bot-pass-ask-day").row([
            key(turn, "bot-pass-key-today", "pw.d0"),
            key(turn, "bot-pass-key-tomorrow", "pw.d1"),
            key(turn, "bot-pass-key-after", "pw.d2"),
        ]),
        Want::Days => {
            let day = |day: u8| {
                let word = turn.text(&format!("weekday-{day}"), &[]);
                let mark = if step.draft.days.contains(&day) { "✅ " } else { "" };
                Key::press(format!("{mark}{word}"), Press::verb(&format!("pw.t{day}")))
            };
            ask(turn, "bot-pass-ask-days")
                .row((1..=4).map(day))
                .row((5..=7).map(day))
                .row([
                    key(turn, "bot-pass-key-working-days", "pw.tw"),
                    key(turn, "bot-pass-key-all-days", "pw.ta"),
                ])
                .row([key(turn, "bot-pass-key-done", "pw.T")])
        }
        Want::Hours => ask(turn, "bot-pass-ask-hours").row([
            key(turn, "bot-pass-key-working-hours", "pw.ow"),
            key(turn, "bot-pass-key-all-day", "pw.oa"),
        ]),
        Want::Last => ask(turn, "bot-pass-ask-last").row([
            key(turn, "bot-pass-key-month", "pw.l30"),
            key(turn, "bot-pass-key-quarter", "pw.l90"),
            key(turn, "bot-pass-key-year", "pw.l365"),
        ]),
        Want::People => {
            let number = |n: u32| Key::press(n.to_string(), Press::verb(&format!("pw.n{n}")));
            ask(turn, "bot-pass-ask-people").row([10, 20, 30, 50].map(number))
        }
        Want::Gatehouse => {
            let mut screen = ask(turn, "bot-pass-ask-gatehouse");
            for (n, Gatehouse { label, .. }) in step.gatehouses.iter().enumerate() {
                screen = screen.row([Key::press(short(label), Press::verb(&format!("pw.g{n}")))]);
            }
            screen
        }
        Want::Change => {
            let mut screen = ask(turn, "bot-pass-ask-change")
                .row([key(turn, "bot-pass-key-kind", "pw.fk"), key(turn, "bot-pass-key-plate", "pw.fp")])
                .row([key(turn, "bot-pass-key-name", "pw.fn"), key(turn, "bot-pass-key-when", "pw.fw")])
                .row([key(turn, "bot-pass-key-note", "pw.fm")]);
            if turn.homes().len() > 1 {
                screen = screen.row([key(turn, "bot-pass-key-house", "pw.fh")]);
            }
            screen.row([key(turn, "bot-pass-key-back", "pw.b")])
        }
        Want::Sure => {
            let issue = key(turn, "bot-pass-key-issue", "pw.i");
            Screen::text(as_it_stands(turn, &step.draft, wall).await?)
                .row([issue])
                .row([key(turn, "bot-pass-key-change", "pw.e"), dropping(turn)])
        }
    };
    if step.want == Want::Sure {
        return Ok(screen);
    }
    let back = step.before.is_some().then(|| key(turn, "bot-pass-key-back", "pw.b"));
    Ok(screen.row(back.into_iter().chain([dropping(turn)])))
}

/// A draft, before it is issued.
async fn as_it_stands(turn: &mut Turn, draft: &Draft, wall: &Wall) -> Result<String, Stop> {
    let wanted = draft.wanted(wall).ok_or(Stop::Say("bot-pass-time-is-over"))?;
    let (name, note) = said(turn, draft, &wanted);
    let homes = turn.homes();
    let label = match draft.home {
        Some(home) if homes.len() > 1 => {
            let choices = turn.choices().await?;
            choices.into_iter().find(|choice| choice.home == home).map_or(String::new(), |found| found.label)
        }
        _ => String::new(),
    };
    let line = |key: &str, word: &str| {
        (!word.is_empty()).then(|| turn.text(&format!("bot-pass-line-{key}"), &[("word", word.into())]))
    };
    let people = draft.people.filter(|_| wanted.kind == Kind::Event);
    let lines = [
        Some(turn.text("bot-pass-is-it-so", &[])),
        Some(String::new()),
        Some(kind_text(turn, wanted.kind)),
        line("plate", &draft.plate),
        line("name", &name),
        line("people", &people.map(|people| people.to_string()).unwrap_or_default()),
        line("house", &label),
        line("window", &turn.window(&wanted, wall)),
        line("note", &note),
        wanted.is_for_later.then(|| format!("\n{}", turn.text("bot-pass-for-later", &[]))),
    ];
    Ok(lines.into_iter().flatten().collect::<Vec<_>>().join("\n"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Visitors {
    visitors: Vec<Visitor>,
}

async fn visitors(turn: &mut Turn, draft: &Draft) -> Result<Vec<Visitor>, Stop> {
    let Some(Home { community, house }) = draft.home else { return Ok(Vec::new()) };
    let path = format!("/communities/{community}/houses/{house}/visitors");
    let Visitors { mut visitors } = turn.ask(Request::get(path)).await?;
    visitors.truncate(VISITORS);
    Ok(visitors)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Gates {
    gates: Vec<Gate>,
}

#[derive(Deserialize)]
struct Gate {
    hub: ReplicaId,
    name: String,
}

/// The gatehouses of a community, each called by its gates.
pub(super) async fn gatehouses(turn: &mut Turn, draft: &Draft) -> Result<Vec<Gatehouse>, Stop> {
    let Some(Home { community, .. }) = draft.home else { return Ok(Vec::new()) };
    let Gates { gates } = turn.ask(Request::get(format!("/communities/{community}/gates"))).await?;
    let mut found: Vec<Gatehouse> = Vec::new();
    for Gate { hub, name } in gates {
        match found.iter_mut().find(|known| known.hub == hub) {
            Some(known) => known.label = format!("{}, {name}", known.label),
            None => found.push(Gatehouse { hub, label: name }),
        }
    }
    Ok(found)
}
