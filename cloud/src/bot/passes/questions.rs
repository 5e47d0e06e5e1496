//! What is asked of a pass that is wanted, one question at a time, and how an answer is taken: by a button or in words.
//!
//! Invariant: an answer that is not understood changes nothing; it is said what is expected, and the question stands.
//!
//! What must never be here: how a text is read; what is issued.

use dwellers::passes::Kind;
use dwellers::plate::Plate;
use dwellers_replica::{RecordId, ReplicaId};
use serde::Deserialize;

use super::draft::{Draft, Home, Wall, Want};
use super::{Gatehouse, NAME, Step, Visitor, dropping, line, said, trouble};
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
    turn.show(screen).await?;
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
    Ok(if step.want == Want::Sure { screen } else { screen.row([dropping(turn)]) })
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

/// Takes what was pressed.
pub(super) async fn chosen(turn: &mut Turn, mut step: Step, asked: &str, press: &Press) -> Turned {
    let draft = &mut step.draft;
    let (what, value) = asked.split_at_checked(1).unwrap_or(("", ""));
    let number = value.parse::<u32>().ok();
    match (what, value) {
        ("h", _) => draft.home = home_of(turn, press.community, press.record),
        ("k", letter) => draft.kind = kind_of(letter),
        ("p", _) => {
            let plate = draft.perhaps.get(number.unwrap_or(0) as usize).cloned();
            (draft.plate, draft.perhaps) = (plate.unwrap_or_default(), Vec::new());
        }
        ("u", _) => draft.unknown = true,
        ("v", _) => {
            if let Some(Visitor { name, plate_shown }) =
                step.visitors.get(number.unwrap_or(0) as usize).cloned()
            {
                (draft.name, draft.plate) = (name, plate_shown);
            }
        }
        ("d", _) => {
            let home = draft.home.ok_or(Stop::Say("bot-old-button"))?;
            let day = ahead(&turn.wall(home).await?, number.unwrap_or(0));
            (draft.day, draft.last) = (day, None);
        }
        ("t", value) => {
            match (value, number.and_then(|day| u8::try_from(day).ok())) {
                ("w", _) => draft.days = (1..=5).collect(),
                ("a", _) => draft.days = (1..=7).collect(),
                (_, Some(day @ 1..=7)) => {
                    if !draft.days.remove(&day) {
                        draft.days.insert(day);
                    }
                }
                _ => return Err(Stop::Say("bot-old-button")),
            }
            return ask(turn, step, None).await;
        }
        ("T", _) if draft.days.is_empty() => return Err(Stop::Say("bot-pass-no-days")),
        ("T", _) => draft.days_are_chosen = true,
        ("o", "w") => (draft.from, draft.until) = (Some(9 * 60), Some(18 * 60)),
        ("o", _) => (draft.from, draft.until, draft.all_day) = (None, None, true),
        ("l", _) => {
            let home = draft.home.ok_or(Stop::Say("bot-old-button"))?;
            // The last of so many days is not one more.
            draft.last = ahead(&turn.wall(home).await?, number.unwrap_or(30).saturating_sub(1));
        }
        ("n", _) => draft.people = number,
        ("g", _) => draft.decider = step.gatehouses.get(number.unwrap_or(0) as usize).map(|known| known.hub),
        ("e", _) => return ask(turn, Step { want: Want::Change, ..step }, None).await,
        ("f", field) => {
            let want = field_of(draft, field).ok_or(Stop::Say("bot-old-button"))?;
            return ask(turn, Step { want, ..step }, None).await;
        }
        ("b", _) => {}
        _ => return Err(Stop::Say("bot-old-button")),
    }
    super::go_on(turn, step, None).await
}

fn home_of(turn: &Turn, community: Option<RecordId>, house: Option<RecordId>) -> Option<Home> {
    let home = Home { community: community?, house: house? };
    turn.homes().contains(&home).then_some(home)
}

fn ahead(wall: &Wall, days: u32) -> Option<jiff::civil::Date> {
    wall.today().checked_add(jiff::Span::new().days(i64::from(days))).ok()
}

/// What is asked to change something.
fn field_of(draft: &mut Draft, field: &str) -> Option<Want> {
    Some(match field {
        "k" => Want::Kind,
        "p" => Want::Plate,
        "n" => Want::Name,
        "m" => Want::Note,
        "h" => Want::House,
        "w" if draft.kind == Some(Kind::Recurring) => {
            (draft.from, draft.until, draft.last, draft.all_day) = (None, None, None, false);
            draft.days_are_chosen = false;
            Want::Days
        }
        "w" => Want::Day,
        _ => return None,
    })
}

/// Takes what was written.
pub(super) async fn answered(turn: &mut Turn, mut step: Step, text: &str) -> Turned {
    let wall = match (step.draft.home, turn.homes().first().copied()) {
        (Some(home), _) | (None, Some(home)) => turn.wall(home).await?,
        (None, None) => return Err(Stop::Say("bot-pass-nowhere")),
    };
    let text = text.trim();
    let line = line::read(text, wall.home, wall.now());
    let trouble = trouble(turn, &line);
    let draft = &mut step.draft;
    let wrong = match step.want {
        Want::House => {
            let choices = turn.choices().await?;
            let is = |label: &str| label.to_lowercase() == text.to_lowercase();
            draft.home = choices.iter().find(|choice| is(&choice.label)).map(|choice| choice.home);
            draft.home.is_none().then_some("bot-pass-press-one")
        }
        Want::Gatehouse => Some("bot-pass-press-one"),
        Want::Kind if line.kind.is_none() => Some("bot-pass-press-one"),
        Want::Plate | Want::Which => match (Plate::parse(text, wall.home), line.plate.is_empty()) {
            (Ok(plate), _) => {
                (draft.plate, draft.perhaps) = (plate.shown().to_owned(), Vec::new());
                None
            }
            (Err(_), false) => {
                draft.learn(line);
                None
            }
            (Err(why), true) if line.perhaps.is_empty() => {
                let why = turn.text(&format!("why-{}", why.why()), &[]);
                let told = turn.text("bot-pass-not-a-plate", &[("why", why.into())]);
                return ask(turn, step, Some(told)).await;
            }
            (Err(_), true) => {
                draft.learn(line);
                None
            }
        },
        Want::Name => {
            text.clone_into(&mut draft.name);
            None
        }
        Want::Note => {
            text.clone_into(&mut draft.note);
            None
        }
        _ if trouble.is_some() => return ask(turn, step, trouble).await,
        Want::Who => {
            let says_who = !line.name.is_empty() || !line.plate.is_empty() || !line.perhaps.is_empty();
            draft.learn(line);
            if !says_who {
                text.clone_into(&mut draft.name);
                draft.note.clear();
            }
            None
        }
        Want::Day if !line.says_when() => Some("bot-pass-no-day"),
        Want::Day => {
            // «до 18» alone is of the day that is known.
            (draft.day, draft.last) = (line.day.or(draft.day), line.last);
            draft.learn(line);
            None
        }
        Want::Days => {
            let each = line::read(&format!("по {text}"), wall.home, wall.now());
            let found = if line.days.is_empty() { each } else { line };
            let is_one = found.days.is_empty();
            if !is_one {
                draft.learn(found);
            }
            is_one.then_some("bot-pass-no-days")
        }
        Want::Hours => {
            let says = line.from.or(line.until).is_some();
            if says {
                draft.learn(line);
            }
            (!says).then_some("bot-pass-no-hours")
        }
        Want::Last => {
            let last = line.last.or(line.day);
            draft.last = last;
            last.is_none().then_some("bot-pass-no-last")
        }
        Want::People => {
            draft.people = line.people.or(text.parse().ok());
            draft.people.is_none().then_some("bot-pass-no-number")
        }
        Want::Kind => {
            draft.learn(line);
            None
        }
        Want::Change | Want::Sure => {
            let says = line.is_a_pass() || line.says_when() || line.kind.is_some() || !line.days.is_empty();
            if says {
                draft.learn(line);
            }
            (!says).then_some("bot-pass-press-or-change")
        }
    };
    match wrong {
        Some(key) => {
            let told = turn.text(key, &[]);
            ask(turn, step, Some(told)).await
        }
        None => super::go_on(turn, step, None).await,
    }
}
