//! What somebody types to the bot in another chat: a pass for a visitor who reads that chat, issued where it is chosen.
//!
//! ```text
//! @bot такси А123ВС77 ─> answers to choose from ─ chosen ─> issued ─> that message shows the pass, by its public link
//! ```
//!
//! Invariants: nothing is issued, and no link made, before an answer is chosen; what stands in that chat is what whoever has the
//! link may see; where a messenger does not say that one was chosen, the message itself says so; what was chosen long ago issues nothing.
//!
//! What must never be here: how a line is read ([`super::passes::line`]).

use dwellers::passes::Kind;

use super::dialogue::{Dialogue, Taking};
use super::passes::cards::{for_the_visitor, new_link};
use super::passes::draft::{Draft, Home, Wall, Want};
use super::passes::line::{self, Line};
use super::passes::{card_of, issue, kind_of, letter};
use super::talk::{Input, Key, Offer, Output, Press, Screen};
use super::turn::{Stop, Turn, Turned};

/// So many answers are offered.
const OFFERS: usize = 10;
/// What a link that opens the bot from such a message has behind it.
const PAYLOAD: &str = "inline";
/// Behind this stands the secret of a link to a pass.
const VISITS: &str = "/visits/";
/// As long as such a secret is.
const TOKEN: usize = 43;
/// An answer is good for so many minutes after it was offered.
const GOOD_MINUTES: u64 = 10;
/// Five digits of minutes: they begin anew after two years.
const ROUND_MINUTES: u64 = 16_u64.pow(5);

/// `@bot …` in any chat.
pub const DIALOGUE: Dialogue =
    Dialogue { name: "inline", starts: |payload| payload == PAYLOAD, take, ..Dialogue::NONE };

fn take(turn: &mut Turn) -> Taking<'_> {
    Box::pin(async move {
        match turn.heard.what.clone() {
            Input::Typed { query, text } => {
                let offers = match offers(turn, &text).await {
                    Ok(offers) => offers,
                    // Somebody types on; there is no place to say why there is nothing.
                    Err(why) => {
                        tracing::debug!("nothing is offered: {why:?}");
                        Vec::new()
                    }
                };
                turn.bot.line().put(Output::Offer { query, offers }).await?;
                Ok(())
            }
            Input::Chosen { offer, message, text } => chosen(turn, &offer, message, &text).await,
            _ => not_told(turn).await,
        }
    })
}

async fn offers(turn: &mut Turn, text: &str) -> Result<Vec<Offer>, Stop> {
    if let Some(token) = token_of(text) {
        let screen = for_the_visitor(turn, token).await?;
        return Ok(vec![offer(turn, "pass", "bot-inline-send", &screen.text.clone(), screen)]);
    }
    let homes = turn.homes();
    if homes.is_empty() {
        let open = Key::open(turn.text("bot-inline-key-open", &[]), turn.bot.link(""));
        let screen = Screen::text(turn.text("bot-inline-invitation", &[])).row([open]);
        return Ok(vec![offer(turn, "open", "bot-inline-stranger", "", screen)]);
    }
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let choices = if homes.len() > 1 { turn.choices().await? } else { Vec::new() };
    let (mut offers, mut walls) = (Vec::new(), Vec::<(Home, Wall)>::new());
    for home in homes {
        let known = walls.iter().find(|(other, _)| other.community == home.community);
        let wall = match known {
            Some((_, wall)) => wall.clone(),
            None => turn.wall(home).await?,
        };
        walls.push((home, wall.clone()));
        let label =
            choices.iter().find(|choice| choice.home == home).map_or("", |choice| choice.label.as_str());
        let line = line::read(text, wall.home, wall.now());
        for (name, draft) in drafts(&line, home, &wall, minute(turn.now.ms)) {
            let Some(wanted) = draft.wanted(&wall) else { continue };
            let kind = turn.texts().say(draft.kind.unwrap_or_default()).to_lowercase();
            let what = said([&kind, &draft.plate, &draft.name], " ");
            let window = turn.window(&wanted, &wall);
            let about = said([label, &window], " · ");
            let open = Key::open(turn.text("bot-inline-key-not-told", &[]), turn.bot.link(PAYLOAD));
            let screen = Screen::text(turn.text("bot-inline-wait", &[])).row([open]);
            let title = turn.text("bot-inline-issue", &[("what", what.into())]);
            offers.push(Offer { name, title, about, screen });
        }
    }
    offers.truncate(OFFERS);
    Ok(offers)
}

/// Words with something between them, without those that say nothing.
fn said<const N: usize>(words: [&str; N], between: &str) -> String {
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(between)
}

fn offer(turn: &Turn, name: &str, title: &str, about: &str, screen: Screen) -> Offer {
    let title = turn.text(title, &[]);
    Offer { name: name.to_owned(), title, about: about.to_owned(), screen }
}

/// The secret of a link to a pass, where the text is one.
fn token_of(text: &str) -> Option<&str> {
    let (_, token) = text.trim().rsplit_once(VISITS)?;
    let is_one =
        token.len() == TOKEN && token.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_');
    is_one.then_some(token)
}

/// The minute of a round.
fn minute(now_ms: u64) -> u64 {
    now_ms / 60_000 % ROUND_MINUTES
}

/// Whether an answer that was offered in this minute is good still.
fn is_good(offered: &str, now_ms: u64) -> bool {
    let offered = u64::from_str_radix(offered, 16).ok().filter(|offered| *offered < ROUND_MINUTES);
    offered.is_some_and(|offered| (minute(now_ms) + ROUND_MINUTES - offered) % ROUND_MINUTES <= GOOD_MINUTES)
}

/// What may be meant by a line, each with the name of its answer: which kind, which day and which house, and the minute in which it
/// was offered. Where a line leaves open what a pass cannot be without, there is none.
fn drafts(line: &Line, home: Home, wall: &Wall, minute: u64) -> Vec<(String, Draft)> {
    if line.impossible.is_some() || line.not_a_plate.is_some() || !line.perhaps.is_empty() {
        return Vec::new();
    }
    let kinds = match (line.kind, line.is_a_pass()) {
        (Some(kind), _) => vec![kind],
        (None, true) => vec![Kind::Taxi, Kind::Guest, Kind::Courier],
        (None, false) => Vec::new(),
    };
    let mut drafts = Vec::new();
    for kind in kinds {
        for ahead in 0..=1 {
            let Some(draft) = draft(line, home, wall, kind, ahead) else { continue };
            if draft.want() == Want::Sure {
                let verb = format!("in.{}{ahead}{minute:05x}", letter(kind));
                let name = Press::on(&verb, home.community, home.house);
                drafts.push((name.to_string(), draft));
            }
        }
    }
    drafts
}

/// A line of a kind; a guest of whom no day is said is expected so many days ahead. Others have their day, and come once.
fn draft(line: &Line, home: Home, wall: &Wall, kind: Kind, ahead: i64) -> Option<Draft> {
    let mut draft = Draft { home: Some(home), ..Draft::default() };
    draft.learn(line.clone());
    draft.kind = Some(kind);
    let is_any_day = kind == Kind::Guest && line.day.is_none() && line.last.is_none();
    if is_any_day {
        draft.day = wall.today().checked_add(jiff::Span::new().days(ahead)).ok();
    } else if ahead > 0 {
        return None;
    }
    // A taxi or a courier of whom nothing is known has a code, which its link shows.
    draft.unknown = matches!(kind, Kind::Taxi | Kind::Courier);
    Some(draft)
}

async fn chosen(turn: &mut Turn, offer: &str, message: Option<String>, text: &str) -> Turned {
    // A link that was sent, or the way to the bot: all is said in the message.
    let Ok(press) = offer.parse::<Press>() else { return Ok(()) };
    let ("in", which) = press.parts() else { return Ok(()) };
    let issued = issue_chosen(turn, which, &press, text).await;
    match issued {
        Ok((home, pass, token)) => {
            let id = pass.id;
            if let Some(message) = message {
                let screen = for_the_visitor(turn, &token).await?;
                // That it stands there is not all: it can be cancelled here.
                if let Err(why) = turn.bot.line().put(Output::EditOffered { message, screen }).await {
                    tracing::warn!("a pass that was issued is not shown where it was chosen: {why}");
                }
            }
            tracing::debug!(%id, "issued from another chat");
            let head = turn.text("bot-inline-issued", &[]);
            let screen = card_of(turn, home.community, &pass, head);
            turn.say(screen).await.map(drop)
        }
        Err(why) => {
            if let Some(message) = message {
                let screen = Screen::text(turn.text("bot-inline-not-issued", &[]));
                let _ = turn.bot.line().put(Output::EditOffered { message, screen }).await;
            }
            Err(why)
        }
    }
}

async fn issue_chosen(
    turn: &mut Turn,
    which: &str,
    press: &Press,
    text: &str,
) -> Result<(Home, super::passes::cards::Pass, String), Stop> {
    let community = press.community.ok_or(Stop::Say("bot-old-button"))?;
    let house = press.record.ok_or(Stop::Say("bot-old-button"))?;
    turn.somebody_of(community)?;
    let home = Home { community, house };
    let wall = turn.wall(home).await?;
    let (which, offered) = which.split_at_checked(2).ok_or(Stop::Say("bot-old-button"))?;
    // A messenger, or we, were away: what was offered is of another time.
    if !is_good(offered, turn.now.ms) {
        return Err(Stop::Say("bot-inline-late"));
    }
    let (kind, ahead) = which.split_at_checked(1).ok_or(Stop::Say("bot-old-button"))?;
    let (kind, ahead) = (kind_of(kind).ok_or(Stop::Say("bot-old-button"))?, i64::from(ahead == "1"));
    let line = line::read(text, wall.home, wall.now());
    let draft = draft(&line, home, &wall, kind, ahead).ok_or(Stop::Say("bot-old-button"))?;
    let (home, pass) = issue(turn, &draft).await?;
    let (token, _) = new_link(turn, community, pass.id).await?;
    Ok((home, pass, token))
}

/// They opened the bot from a message that nobody has changed.
async fn not_told(turn: &mut Turn) -> Turned {
    let key = if turn.homes().is_empty() { "bot-inline-ask-the-sender" } else { "bot-inline-not-told" };
    let text = turn.text(key, &[]);
    turn.say(Screen::text(text)).await.map(drop)
}
