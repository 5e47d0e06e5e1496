//! Those who ask to join, as an administrator sees them: who waits, and the decision.
//!
//! Invariants: a message about an application that was decided says so, and has neither buttons nor the photo; whoever comes
//! second is told who was first; who is accepted is whom the message names.
//!
//! What must never be here: who may decide; what a decision means.

mod card;

use dwellers::texts::Language;
use dwellers_replica::RecordId;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::form_urlencoded;

use self::card::Decision;
pub(crate) use self::card::{Asking, blank, card, decided};
use super::dialogue::{Dialogue, Taking};
use super::talk::{At, Input, Key, Output, Press, Screen, Undone};
use super::turn::{Stop, Turn, Turned};
use crate::api::inside::Request;

const NAME: &str = "applications";

/// `/applications`, and the buttons under each.
pub const DIALOGUE: Dialogue = Dialogue {
    name: NAME,
    words: &["bot-word-applications"],
    commands: &["applications"],
    verbs: &["ap", "apm", "apy", "apn", "apr", "apo", "aph", "aps"],
    take,
    ..Dialogue::NONE
};

/// So many are shown at once.
const SHOWN: usize = 5;
/// So many houses are offered to what is typed.
const OFFERED: usize = 8;
const REASONS: u8 = 6;

/// What it waits for.
#[derive(Clone, Serialize, Deserialize)]
struct Step {
    wants: Wants,
    community: RecordId,
    application: RecordId,
    /// The message in which it stands.
    at: Option<At>,
    /// The message that offers houses for it: what others offer is meant for others.
    #[serde(default)]
    offered: Option<At>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wants {
    /// Why it is refused.
    Reason,
    /// In which house they live.
    House,
}

#[derive(Deserialize)]
struct Page {
    applications: Vec<Asking>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Settlement {
    time_zone: String,
}

#[derive(Deserialize)]
struct Houses {
    houses: Vec<House>,
}

#[derive(Deserialize)]
struct House {
    id: RecordId,
    label: String,
}

fn take(turn: &mut Turn) -> Taking<'_> {
    Box::pin(async move {
        if let Some(press) = turn.pressed() {
            return pressed(turn, &press).await;
        }
        match turn.step::<Step>(NAME) {
            Some(step) => said(turn, step).await,
            None => {
                let community = turn.somebody()?.community;
                list(turn, community, None).await
            }
        }
    })
}

async fn pressed(turn: &mut Turn, press: &Press) -> Turned {
    let (Some(community), Some(record)) = (press.community, press.record) else {
        return Err(Stop::Say("bot-old-button"));
    };
    turn.somebody_of(community)?;
    let (verb, more) = press.parts();
    if verb != "aps" {
        // What is written from now on is not meant for another one.
        turn.rest();
    }
    match verb {
        "apm" => {
            if let Input::Press { under: Some(at), .. } = &turn.heard.what {
                turn.bot.line().put(Output::Delete(*at)).await.ok();
            }
            list(turn, community, Some(record)).await
        }
        "ap" => match waiting(turn, community, record).await? {
            Some(screen) => turn.show(screen).await.map(drop),
            None => Ok(()),
        },
        "apy" => accept(turn, community, record, None).await,
        "apn" => ask_why(turn, community, record).await,
        "apr" => {
            let reason = format!("bot-app-reason-{more}");
            refuse_usually(turn, community, record, &reason).await
        }
        "apo" => ask_in_words(turn, community, record, Wants::Reason).await,
        "aph" => ask_in_words(turn, community, record, Wants::House).await,
        _ => {
            let under = turn.under();
            let is_offered =
                |step: &Step| step.wants == Wants::House && under.is_some() && step.offered == under;
            let step = turn.step::<Step>(NAME).filter(is_offered);
            let step = step.ok_or(Stop::Say("bot-old-button"))?;
            accept(turn, community, step.application, Some((record, step.at))).await
        }
    }
}

/// Those that wait, the newest first, from one on.
async fn list(turn: &mut Turn, community: RecordId, after: Option<RecordId>) -> Turned {
    let mut waiting = Vec::new();
    let mut target = format!("/communities/{community}/applications");
    // One more says that there are more.
    while waiting.len() <= SHOWN {
        let page: Page = turn.ask(Request::get(target)).await?;
        let is_over = page.applications.iter().any(|asking| asking.decision.is_some());
        let here = page.applications.into_iter().filter(|asking| asking.decision.is_none());
        waiting.extend(here.filter(|asking| after.is_none_or(|after| asking.id < after)));
        match page.next {
            Some(next) if !is_over => {
                target = format!("/communities/{community}/applications?after={next}");
            }
            _ => break,
        }
    }
    if waiting.is_empty() {
        let text = turn.text("bot-app-none", &[]);
        return turn.back_to_menu(text).await;
    }
    let is_more = waiting.len() > SHOWN;
    waiting.truncate(SHOWN);
    let zone = zone(turn, community).await?;
    for asking in &waiting {
        let asking = details(turn, community, asking.id).await?;
        // It may be decided, and its photo gone, at this moment.
        let photo = format!("/communities/{community}/applications/{}/photo", asking.id);
        let photo = if asking.has_photo { turn.picture(photo).await.ok() } else { None };
        let screen = card(turn.texts(), community, &asking, &when(turn, asking.at_ms, &zone), photo);
        turn.say(screen).await?;
    }
    if let Some(last) = waiting.last().filter(|_| is_more) {
        let more = Key::press(turn.text("bot-app-more", &[]), Press::on("apm", community, last.id));
        let text = turn.text("bot-app-there-are-more", &[]);
        turn.say(Screen::text(text).row([more])).await?;
    }
    Ok(())
}

async fn details(turn: &mut Turn, community: RecordId, application: RecordId) -> Result<Asking, Stop> {
    turn.ask(Request::get(format!("/communities/{community}/applications/{application}"))).await
}

async fn zone(turn: &mut Turn, community: RecordId) -> Result<String, Stop> {
    let Settlement { time_zone } = turn.ask(Request::get(format!("/communities/{community}"))).await?;
    Ok(time_zone)
}

fn when(turn: &Turn, at_ms: u64, zone: &str) -> String {
    turn.texts().moment(at_ms, turn.now.ms, zone)
}

/// One as it is shown while it waits. Nothing: it was decided, and that is shown.
async fn waiting(
    turn: &mut Turn,
    community: RecordId,
    application: RecordId,
) -> Result<Option<Screen>, Stop> {
    let asking = details(turn, community, application).await?;
    let Some(decision) = asking.decision.clone() else {
        let zone = zone(turn, community).await?;
        let at = when(turn, asking.at_ms, &zone);
        return Ok(Some(card(turn.texts(), community, &asking, &at, None)));
    };
    let zone = zone(turn, community).await?;
    let key = match decision {
        Decision { withdrawn: true, .. } => "application-withdrawn-by",
        Decision { accepted: Some(_), .. } => "application-accepted-by",
        _ => "application-refused-by",
    };
    let name = if decision.withdrawn { &asking.name } else { &decision.by_name };
    let at = when(turn, decision.at_ms, &zone);
    let told = turn.text(key, &[("name", name.as_str().into()), ("when", at.into())]);
    let screen = decided(turn.texts(), &asking, &when(turn, asking.at_ms, &zone), &told);
    turn.rest();
    let under = turn.under();
    show_decided(turn, under, screen).await?;
    turn.alert(told).await?;
    Ok(None)
}

async fn accept(
    turn: &mut Turn,
    community: RecordId,
    application: RecordId,
    other: Option<(RecordId, Option<At>)>,
) -> Turned {
    let document = match other {
        Some((house, _)) => json!({ "house": house }),
        None => json!({}),
    };
    let target = format!("/communities/{community}/applications/{application}/acceptance");
    let asked = Request::post(target, &document);
    decide(turn, community, application, asked, "bot-app-accepted", other.and_then(|(_, at)| at)).await
}

async fn refuse(
    turn: &mut Turn,
    community: RecordId,
    application: RecordId,
    reason: &str,
    at: Option<At>,
) -> Turned {
    let target = format!("/communities/{community}/applications/{application}/refusal");
    let asked = Request::post(target, &json!({ "reason": reason }));
    decide(turn, community, application, asked, "bot-app-refused", at).await
}

/// For one of the usual reasons: it is told in the language of whoever asked.
async fn refuse_usually(turn: &mut Turn, community: RecordId, application: RecordId, key: &str) -> Turned {
    let asking = details(turn, community, application).await?;
    let language = asking.language.parse::<Language>().unwrap_or(turn.language);
    let reason = turn.bot.texts(language).get(key, &[]);
    refuse(turn, community, application, &reason, None).await
}

/// Decides, and says so in the message of the application: the one that was pressed, or `at`.
async fn decide(
    turn: &mut Turn,
    community: RecordId,
    application: RecordId,
    asked: Request,
    said: &'static str,
    at: Option<At>,
) -> Turned {
    let told = match turn.ask::<IgnoredAny>(asked).await {
        Ok(_) => turn.text(said, &[]),
        Err(Stop::Refused(refused)) if refused.code == "ended" => {
            // Whoever has forgotten the press hears it by the message.
            turn.alert(refused.detail.clone()).await.ok();
            format!("⚠️ {}", refused.detail)
        }
        Err(other) => return Err(other),
    };
    turn.rest();
    let asking = details(turn, community, application).await?;
    let zone = zone(turn, community).await?;
    let screen = decided(turn.texts(), &asking, &when(turn, asking.at_ms, &zone), &told);
    let name = [("name", asking.name.as_str().into())];
    match at {
        None => {
            let under = turn.under();
            show_decided(turn, under, screen).await
        }
        Some(at) => {
            // What was written, or chosen below it, is answered below it as well.
            let key = if said == "bot-app-accepted" { "bot-app-accepted-who" } else { "bot-app-refused-who" };
            let short = if told.starts_with('⚠') { told } else { turn.text(key, &name) };
            turn.show(Screen::text(short)).await?;
            match turn.edit(at, screen).await {
                Err(Stop::Undone(Undone::Missing(_) | Undone::Never(_))) => Ok(()),
                edited => edited,
            }
        }
    }
}

/// Shows that it was decided in the place of what stood there, the photo too; where that cannot be, in a new message.
async fn show_decided(turn: &mut Turn, at: Option<At>, screen: Screen) -> Turned {
    let anew = Screen { picture: None, ..screen.clone() };
    let Some(at) = at else { return turn.say(anew).await.map(drop) };
    match turn.edit(at, screen).await {
        Err(Stop::Undone(Undone::Missing(_) | Undone::Never(_))) => turn.say(anew).await.map(drop),
        edited => edited,
    }
}

/// Asks in the same message why it is refused.
async fn ask_why(turn: &mut Turn, community: RecordId, application: RecordId) -> Turned {
    let Some(mut screen) = waiting(turn, community, application).await? else { return Ok(()) };
    screen.text = format!("{}\n\n{}", screen.text, turn.text("bot-app-why", &[]));
    screen.keys.clear();
    let key =
        |verb: &str, label: &str| Key::press(turn.text(label, &[]), Press::on(verb, community, application));
    for nth in 1..=REASONS {
        screen = screen.row([key(&format!("apr.{nth}"), &format!("bot-app-reason-{nth}.short"))]);
    }
    screen = screen.row([key("apo", "bot-app-own-words")]).row([key("ap", "bot-app-back")]);
    turn.show(screen).await.map(drop)
}

/// Asks in the same message for what is to be written.
async fn ask_in_words(turn: &mut Turn, community: RecordId, application: RecordId, wants: Wants) -> Turned {
    let Some(mut screen) = waiting(turn, community, application).await? else { return Ok(()) };
    let question = match wants {
        Wants::Reason => "bot-app-write-why",
        Wants::House => "bot-app-write-house",
    };
    screen.text = format!("{}\n\n{}", screen.text, turn.text(question, &[]));
    let back = Key::press(turn.text("bot-app-back", &[]), Press::on("ap", community, application));
    screen.keys = vec![vec![back]];
    let at = turn.show(screen).await?;
    turn.wait(NAME, &Step { wants, community, application, at: Some(at), offered: None });
    Ok(())
}

async fn said(turn: &mut Turn, step: Step) -> Turned {
    let Step { wants, community, application, at, .. } = step.clone();
    let text = match &turn.heard.what {
        Input::Text { edited: true, .. } => return turn.say_text("bot-edited", &[]).await.map(drop),
        Input::Text { text, .. } => text.trim().to_owned(),
        _ => return turn.say_text("bot-app-in-words", &[]).await.map(drop),
    };
    match wants {
        // What is too long is said, and the next text is waited for.
        Wants::Reason => refuse(turn, community, application, &text, at).await,
        Wants::House => offer_houses(turn, step, &text).await,
    }
}

async fn offer_houses(turn: &mut Turn, step: Step, text: &str) -> Turned {
    let community = step.community;
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("search", text).finish();
    let Houses { mut houses } =
        turn.ask(Request::get(format!("/communities/{community}/houses?{query}"))).await?;
    if houses.is_empty() {
        return turn.say_text("bot-app-no-house", &[]).await.map(drop);
    }
    // The one that was meant, and then those that have it in them.
    let sought = dwellers::people::key_of_label(text);
    houses.sort_by_key(|house| dwellers::people::key_of_label(&house.label) != sought);
    let asking = details(turn, community, step.application).await?;
    let name = [("name", asking.name.as_str().into())];
    let mut screen = Screen::text(turn.text("bot-app-which-house", &name));
    for house in houses.into_iter().take(OFFERED) {
        let label = turn.text("bot-app-accept-into", &[("house", house.label.as_str().into())]);
        screen = screen.row([Key::press(label, Press::on("aps", community, house.id))]);
    }
    let offered = Some(turn.say(screen).await?);
    turn.wait(NAME, &Step { offered, ..step });
    Ok(())
}
