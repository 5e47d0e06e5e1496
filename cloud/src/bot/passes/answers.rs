//! How an answer to a question is taken: by a button or in words.
//!
//! Invariant: an answer that is not understood changes nothing; it is said what is expected, and the question stands.
//!
//! What must never be here: how a text is read; what is issued.

use dwellers::passes::Kind;
use dwellers::plate::Plate;
use dwellers_replica::RecordId;

use super::draft::{Draft, Home, Wall, Want};
use super::questions::{ask, kind_of};
use super::{Step, Visitor, line, trouble};
use crate::bot::talk::Press;
use crate::bot::turn::{Stop, Turn, Turned};

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
        ("u", _) => {
            draft.unknown = true;
            if step.want == Want::Plate {
                draft.plate.clear();
                draft.perhaps.clear();
            }
        }
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
            if step.want == Want::Change {
                step.before = Some(draft.clone());
            }
            let want = field_of(draft, field).ok_or(Stop::Say("bot-old-button"))?;
            return ask(turn, Step { want, ..step }, None).await;
        }
        ("b", _) => {
            if let Some(before) = step.before.take() {
                *draft = before;
            }
        }
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
