//! What became of an application, for whoever made it: how it stands, taking it back, asking again.
//!
//! Invariants: whoever was accepted is greeted as who they are, also where nobody told them.
//!
//! What must never be here: what a decision means; when an application may be taken back.

use dwellers_replica::RecordId;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::super::menu;
use super::super::talk::{Input, Key, Keyboard, Press, Screen};
use super::super::turn::{Stop, Turn, Turned};
use super::below;
use crate::api::inside::Request;

#[derive(Deserialize)]
struct Mine {
    applications: Vec<Application>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Application {
    id: RecordId,
    state: String,
    text: String,
    reason: String,
    kind: String,
    house_label: String,
}

/// What somebody is greeted with who is nobody anywhere.
pub(in super::super) async fn welcome(turn: &mut Turn) -> Turned {
    turn.rest();
    let is_cancelled = turn.written().is_some_and(|text| turn.is_word("bot-word-cancel", text));
    if is_cancelled || matches!(&turn.heard.what, Input::Command { name, .. } if name == "cancel") {
        // What stood in the place of their keyboard goes.
        let cancelled = turn.text("bot-join-cancelled", &[]);
        turn.say(Screen::text(cancelled).keyboard(Keyboard::None)).await?;
    }
    if let Some(community) = turn.conversation.community.filter(|_| turn.account.is_some())
        && latest(turn, community).await?.is_some()
    {
        return show(turn, community, None).await;
    }
    let text = turn.text("bot-welcome-stranger", &[]);
    let join = Key::press(turn.text("bot-key-join", &[]), Press::verb("join"));
    turn.show(Screen::text(text).row([join])).await.map(drop)
}

/// The application that they made last.
async fn latest(turn: &mut Turn, community: RecordId) -> Result<Option<Application>, Stop> {
    let mine = Request::get(format!("/communities/{community}/applications/mine"));
    match turn.ask::<Mine>(mine).await {
        Ok(mine) => Ok(mine.applications.into_iter().next()),
        // It is served no more.
        Err(Stop::Refused(refused)) if refused.status == 404 => Ok(None),
        Err(other) => Err(other),
    }
}

/// Whether one of theirs waits there.
pub(super) async fn waits(turn: &mut Turn, community: RecordId) -> Result<bool, Stop> {
    if turn.account.is_none() {
        return Ok(false);
    }
    Ok(latest(turn, community).await?.is_some_and(|application| application.state == "waiting"))
}

/// How the application that they made last stands. `before` is said above.
pub(super) async fn show(turn: &mut Turn, community: RecordId, before: Option<String>) -> Turned {
    turn.conversation.community = Some(community);
    let Some(application) = latest(turn, community).await? else {
        let text = below(before, turn.text("bot-welcome-stranger", &[]));
        let join = Key::press(turn.text("bot-key-join", &[]), Press::of("js", community));
        return turn.show(Screen::text(text).row([join])).await.map(drop);
    };
    let heading = match application.state.as_str() {
        "waiting" => "bot-join-waiting",
        "accepted" => "bot-join-accepted",
        "refused" => "bot-join-refused",
        _ => "bot-join-withdrawn",
    };
    let kind = turn.text(&format!("place-{}", application.kind), &[]);
    let words = [("house", application.house_label.as_str().into()), ("kind", kind.into())];
    let mut text = below(before, turn.text(heading, &words));
    if !application.reason.is_empty() {
        let reason = turn.text("bot-join-reason", &[("reason", application.reason.as_str().into())]);
        text = format!("{text}\n{reason}");
    }
    if application.state == "accepted" {
        // They have become somebody, at the latest when they looked.
        turn.recognise().await?;
        turn.show(Screen::text(text)).await?;
        return match turn.person() {
            Some(_) => (menu::DIALOGUE.take)(turn).await,
            None => turn.say_text("bot-join-accepted-elsewhere", &[]).await.map(drop),
        };
    }
    text = format!("{text}\n\n{}.", application.text);
    let key = match application.state.as_str() {
        "waiting" => {
            let withdraw = Press::on("jw", community, application.id);
            Key::press(turn.text("bot-join-withdraw", &[]), withdraw)
        }
        _ => Key::press(turn.text("bot-join-again", &[]), Press::of("js", community)),
    };
    turn.show(Screen::text(text).row([key])).await.map(drop)
}

/// They want it no more: they are asked once whether it is so.
pub(super) async fn withdraw(turn: &mut Turn, press: &Press) -> Turned {
    let (Some(community), Some(application)) = (press.community, press.record) else {
        return Err(Stop::Say("bot-old-button"));
    };
    match press.parts().1 {
        "yes" => {}
        "no" => return show(turn, community, None).await,
        _ => {
            let text = turn.text("bot-join-withdraw-sure", &[]);
            let yes = Press::on("jw.yes", community, application);
            let no = Press::on("jw.no", community, application);
            let keys = [
                Key::press(turn.text("bot-join-withdraw", &[]), yes),
                Key::press(turn.text("bot-join-keep", &[]), no),
            ];
            let screen = keys.into_iter().fold(Screen::text(text), |screen, key| screen.row([key]));
            return turn.show(screen).await.map(drop);
        }
    }
    let mine = format!("/communities/{community}/applications/mine/{application}");
    match turn.ask::<IgnoredAny>(Request::delete(mine)).await {
        Ok(_) => show(turn, community, None).await,
        // It was decided before, or withdrawn: it is shown how it stands.
        Err(Stop::Refused(refused)) if matches!(refused.status, 404 | 409 | 410) => {
            show(turn, community, None).await
        }
        Err(other) => Err(other),
    }
}
