//! Passes that there are: the list of them, one by itself, what became of it, its link and its code, its end.
//!
//! Invariants: what ends something for others (a link, a pass) is asked about first; a link is shown when it is made, and not
//! kept.
//!
//! What must never be here: what a visitor may see.

use dwellers_replica::RecordId;
use serde::Deserialize;

use super::draft::Home;
use super::qr;
use super::questions::short;
use crate::api::inside::Request;
use crate::bot::talk::{Does, Key, Press, Screen};
use crate::bot::turn::{Stop, Turn, Turned};

/// Passes of one page of the list.
const PAGE: usize = 5;
/// So many pages of the API's are read of a house, at most.
const PAGES: usize = 8;
/// So many entries are told of a pass.
const ENTRIES: usize = 5;

/// A pass, as the API shows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::bot) struct Pass {
    pub id: RecordId,
    kind: String,
    kind_text: String,
    house_label: String,
    plate_shown: String,
    name: String,
    code: String,
    note: String,
    validity: Validity,
    window_text: String,
    standing: String,
    standing_text: String,
    is_shared: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Validity {
    until_ms: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Shown {
    pass: Pass,
    history: Vec<Entry>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    at_ms: u64,
    gate_name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Passes {
    passes: Vec<Pass>,
    next: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Link {
    token: String,
}

/// A pass, as its visitor sees it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Visit {
    community_name: String,
    kind_text: String,
    window_text: String,
    code: String,
}

impl Pass {
    /// What it is for, with a picture.
    fn head(&self, turn: &Turn) -> String {
        let known = matches!(self.kind.as_str(), "guest" | "taxi" | "courier" | "recurring" | "event");
        if !known {
            return self.kind_text.clone();
        }
        turn.text(&format!("bot-pass-kind-{}", &self.kind[..1]), &[])
    }

    /// Whom it is for: the plate, the name, or the code.
    fn who(&self) -> String {
        let both =
            [self.plate_shown.as_str(), self.name.as_str()].into_iter().filter(|word| !word.is_empty());
        let both = both.collect::<Vec<_>>().join(", ");
        if both.is_empty() { self.code.clone() } else { both }
    }

    fn is_over(&self) -> bool {
        matches!(self.standing.as_str(), "used_up" | "over" | "revoked" | "orphaned")
    }
}

fn key(turn: &Turn, text: &str, verb: &str, community: RecordId, pass: RecordId) -> Key {
    Key::press(turn.text(text, &[]), Press::on(verb, community, pass))
}

/// Its lines, from the kind to the note.
fn lines(turn: &Turn, pass: &Pass) -> Vec<String> {
    let line = |key: &str, word: &str| {
        (!word.is_empty()).then(|| turn.text(&format!("bot-pass-line-{key}"), &[("word", word.into())]))
    };
    let house = if turn.homes().len() > 1 { pass.house_label.as_str() } else { "" };
    let house = if house.is_empty() {
        String::new()
    } else {
        turn.text("bot-pass-house", &[("house", house.into())])
    };
    let lines = [
        Some(pass.head(turn)),
        line("plate", &pass.plate_shown),
        line("name", &pass.name),
        line("house", &house),
        line("window", &pass.window_text),
        line("code", &pass.code),
        line("note", &pass.note),
    ];
    lines.into_iter().flatten().collect()
}

/// One pass, with what can be done about it.
pub(super) fn card(turn: &Turn, community: RecordId, pass: &Pass, head: Option<String>) -> Screen {
    let mut lines = lines(turn, pass);
    if let Some(head) = head {
        lines.insert(0, format!("{head}\n"));
    } else {
        lines.push(turn.text("bot-pass-line-standing", &[("word", pass.standing_text.as_str().into())]));
    }
    let screen = Screen::text(lines.join("\n"));
    let key = |text: &str, verb: &str| key(turn, text, verb, community, pass.id);
    let to_list = Key::press(turn.text("bot-pass-key-to-list", &[]), Press::verb("ps.l0"));
    if pass.is_over() {
        return screen.row([to_list]);
    }
    let code = (!pass.code.is_empty()).then(|| key("bot-pass-key-qr", "ps.q"));
    screen
        .row([key("bot-pass-key-share", "ps.s")].into_iter().chain(code))
        .row([key("bot-pass-key-cancel", "ps.c")])
        .row([to_list])
}

/// What a button of a card, or of the list, leads to.
pub(super) async fn pressed(turn: &mut Turn, press: &Press) -> Turned {
    let (_, asked) = press.parts();
    if let Some(page) = asked.strip_prefix('l') {
        let page = page.parse().unwrap_or(0);
        return list(turn, page).await;
    }
    let (Some(community), Some(pass)) = (press.community, press.record) else {
        return Err(Stop::Say("bot-old-button"));
    };
    turn.somebody_of(community)?;
    match asked {
        "o" => show(turn, community, pass).await,
        "s" => share(turn, community, pass).await,
        "n" => link(turn, community, pass).await,
        "w" => withdraw(turn, community, pass).await,
        "q" => picture(turn, community, pass).await,
        "c" => ask_to_cancel(turn, community, pass).await,
        "x" => cancel(turn, community, pass).await,
        _ => Err(Stop::Say("bot-old-button")),
    }
}

async fn of(turn: &mut Turn, community: RecordId, pass: RecordId) -> Result<Shown, Stop> {
    turn.ask(Request::get(format!("/communities/{community}/passes/{pass}"))).await
}

/// The passes that let somebody in, now or later, of all their houses: the first to end first.
pub(super) async fn list(turn: &mut Turn, page: usize) -> Turned {
    let homes = turn.homes();
    if homes.is_empty() {
        return Err(Stop::Say("bot-pass-nowhere"));
    }
    let mut all = Vec::new();
    for Home { community, house } in homes {
        let mut after = String::new();
        for _ in 0..PAGES {
            let path = format!("/communities/{community}/houses/{house}/passes?which=current{after}");
            let Passes { passes, next } = turn.ask(Request::get(path)).await?;
            all.extend(passes.into_iter().map(|pass| (community, pass)));
            let Some(next) = next else { break };
            after = format!("&after={next}");
        }
    }
    all.sort_by_key(|(_, pass)| (pass.validity.until_ms, pass.id));
    let begin = Key::press(turn.text("bot-pass-key-begin", &[]), Press::verb("pw.s"));
    if all.is_empty() {
        let text = turn.text("bot-pass-none", &[]);
        return turn.show(Screen::text(text).row([begin])).await.map(drop);
    }
    let pages = all.len().div_ceil(PAGE);
    let page = page.min(pages - 1);
    let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let passes = turn.text("passes-count", &[("count", count.into())]);
    let words = [
        ("passes", passes.into()),
        ("page", (page + 1).to_string().into()),
        ("pages", pages.to_string().into()),
    ];
    let mut screen =
        Screen::text(turn.text(if pages > 1 { "bot-pass-list-page" } else { "bot-pass-list" }, &words));
    for (community, pass) in all.iter().skip(page * PAGE).take(PAGE) {
        let label = short(&format!("{} · {}", pass.head(turn), pass.who()));
        screen = screen.row([Key::press(label, Press::on("ps.o", *community, pass.id))]);
    }
    let to = |label: &str, page: usize| Key::press(label, Press::verb(&format!("ps.l{page}")));
    let back = page.checked_sub(1).map(|page| to("◀️", page));
    let on = (page + 1 < pages).then(|| to("▶️", page + 1));
    let screen = screen.row(back.into_iter().chain(on)).row([begin]);
    turn.show(screen).await.map(drop)
}

async fn show(turn: &mut Turn, community: RecordId, pass: RecordId) -> Turned {
    let Shown { pass, history } = of(turn, community, pass).await?;
    let mut screen = card(turn, community, &pass, None);
    if !history.is_empty() {
        let wall = turn.wall(Home { community, ..Home::default() }).await?;
        let told = history.iter().take(ENTRIES).map(|entry| {
            let at = turn.texts().moment(entry.at_ms, turn.now.ms, &wall.name);
            let words = [("at", at.into()), ("gate", entry.gate_name.as_str().into())];
            format!("\n{}", turn.text("bot-pass-came", &words))
        });
        screen.text = format!("{}\n{}", screen.text, told.collect::<String>());
    }
    turn.show(screen).await.map(drop)
}

async fn share(turn: &mut Turn, community: RecordId, id: RecordId) -> Turned {
    let Shown { pass, .. } = of(turn, community, id).await?;
    if !pass.is_shared {
        return link(turn, community, id).await;
    }
    let key = |text: &str, verb: &str| key(turn, text, verb, community, id);
    let screen = Screen::text(turn.text("bot-pass-has-a-link", &[]))
        .row([key("bot-pass-key-new-link", "ps.n"), key("bot-pass-key-withdraw", "ps.w")])
        .row([key("bot-pass-key-to-card", "ps.o")]);
    turn.show(screen).await.map(drop)
}

async fn link(turn: &mut Turn, community: RecordId, id: RecordId) -> Turned {
    let (_, url) = new_link(turn, community, id).await?;
    let key = |text: &str, verb: &str| key(turn, text, verb, community, id);
    let send = Key { label: turn.text("bot-pass-key-send", &[]), does: Does::Share(url.clone()) };
    let screen = Screen::text(turn.text("bot-pass-link", &[("link", url.as_str().into())]))
        .row([send])
        .row([key("bot-pass-key-qr", "ps.q"), key("bot-pass-key-withdraw", "ps.w")])
        .row([key("bot-pass-key-to-card", "ps.o")]);
    turn.show(screen).await.map(drop)
}

/// A new link to a pass: its token, and where it leads.
pub(in crate::bot) async fn new_link(
    turn: &mut Turn,
    community: RecordId,
    pass: RecordId,
) -> Result<(String, String), Stop> {
    let request =
        Request::post(format!("/communities/{community}/passes/{pass}/link"), &serde_json::json!({}));
    let Link { token } = turn.ask(request).await?;
    let url = format!("{}/visits/{token}", turn.bot.address().trim_end_matches('/'));
    Ok((token, url))
}

/// What a visitor is sent of a pass: what whoever has the link may see.
pub(in crate::bot) async fn for_the_visitor(turn: &mut Turn, token: &str) -> Result<Screen, Stop> {
    let Visit { community_name, kind_text, window_text, code } =
        turn.ask(Request::get(format!("/visits/{token}"))).await?;
    let url = format!("{}/visits/{token}", turn.bot.address().trim_end_matches('/'));
    let words = [
        ("community", community_name.into()),
        ("kind", kind_text.into()),
        ("window", window_text.into()),
        ("link", url.as_str().into()),
    ];
    let mut text = turn.text("bot-pass-for-you", &words);
    if !code.is_empty() {
        text = format!("{text}\n{}", turn.text("bot-pass-line-code", &[("word", code.into())]));
    }
    Ok(Screen::text(text).row([Key::open(turn.text("bot-pass-key-open", &[]), url)]))
}

async fn withdraw(turn: &mut Turn, community: RecordId, id: RecordId) -> Turned {
    let path = format!("/communities/{community}/passes/{id}/link");
    let () = turn.ask(Request::delete(path)).await?;
    let Shown { pass, .. } = of(turn, community, id).await?;
    let head = turn.text("bot-pass-link-withdrawn", &[]);
    let screen = card(turn, community, &pass, Some(head));
    turn.show(screen).await.map(drop)
}

async fn picture(turn: &mut Turn, community: RecordId, id: RecordId) -> Turned {
    let Shown { pass, .. } = of(turn, community, id).await?;
    let drawn =
        Some(pass.code.as_str()).filter(|code| !code.is_empty() && !pass.is_over()).and_then(qr::jpeg);
    let Some(jpeg) = drawn else { return Err(Stop::Say("bot-pass-no-code")) };
    let words = [("code", pass.code.as_str().into()), ("window", pass.window_text.as_str().into())];
    let text = turn.text("bot-pass-qr", &words);
    turn.say(Screen::text(text).picture(Some(jpeg))).await.map(drop)
}

async fn ask_to_cancel(turn: &mut Turn, community: RecordId, id: RecordId) -> Turned {
    let Shown { pass, .. } = of(turn, community, id).await?;
    if pass.is_over() {
        return show(turn, community, id).await;
    }
    let lines = lines(turn, &pass).join("\n");
    let text = format!("{}\n\n{lines}", turn.text("bot-pass-cancel-it", &[]));
    let key = |text: &str, verb: &str| key(turn, text, verb, community, id);
    let screen =
        Screen::text(text).row([key("bot-pass-key-yes-cancel", "ps.x"), key("bot-pass-key-keep", "ps.o")]);
    turn.show(screen).await.map(drop)
}

async fn cancel(turn: &mut Turn, community: RecordId, id: RecordId) -> Turned {
    let path = format!("/communities/{community}/passes/{id}");
    let done: Result<(), Stop> = turn.ask(Request::delete(path)).await;
    match done {
        // Somebody else of the house did, or a second tap: it is shown as it stands.
        Err(Stop::Refused(refused)) if refused.code == "ended" => {}
        done => done?,
    }
    let Shown { pass, .. } = of(turn, community, id).await?;
    let head = turn.text("bot-pass-cancelled", &[]);
    let screen = card(turn, community, &pass, Some(head));
    turn.show(screen).await.map(drop)
}
