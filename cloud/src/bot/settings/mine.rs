//! What is one's own: what was agreed to, the account in this messenger, the place in the settlement; and how they end.
//!
//! What must never be here: who may end what (the API says so).

use dwellers::texts::Value as Word;
use dwellers_replica::RecordId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{back, web};
use crate::api::inside::Request;
use crate::bot::talk::{Key, Keyboard, Press, Screen};
use crate::bot::turn::{Person, Stop, Turn, Turned};

/// What was agreed to.
pub(super) const CONSENTS: &str = "so";
/// The account is nobody here any more.
pub(super) const SIGN_OUT: &str = "sx";
/// A place in a house is given up.
pub(super) const LEAVE: &str = "sg";

/// A text that is longer is cut by messengers.
const LONGEST: usize = 3_500;

#[derive(Default, Deserialize)]
#[serde(default)]
struct MyConsents {
    consents: Vec<Given>,
    current: Option<Current>,
    asked: bool,
    if_withdrawn: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    number: u32,
    at_ms: u64,
    withdrawn_ms: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Current {
    id: RecordId,
    text: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Withdrawn {
    follows: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Community {
    time_zone: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Account {
    email_proved: bool,
    passkeys: usize,
}

/// What ends with a place.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Preview {
    house_label: String,
    places: u32,
    vehicles: u32,
    cards: u32,
    passes: u32,
}

pub(super) async fn consents(
    turn: &mut Turn,
    community: RecordId,
    argument: &str,
    text: Option<RecordId>,
) -> Turned {
    let path = format!("/communities/{community}/me/consents");
    match (argument, text) {
        ("a", Some(text)) => drop(turn.ask::<Value>(Request::post(&path, &json!({ "text": text }))).await?),
        ("x", _) => {
            let withdrawal = Request::post(format!("{path}/withdrawal"), &json!({}));
            let Withdrawn { follows } = turn.ask(withdrawal).await?;
            return turn.show(Screen::text(follows)).await.map(drop);
        }
        _ => {}
    }
    let mine: MyConsents = turn.ask(Request::get(path)).await?;
    let screen = match (argument, mine.current.as_ref()) {
        ("r", Some(current)) => {
            let agree = Press::on("so.a", community, current.id);
            let agree = Key::press(turn.text("bot-consents-agree", &[]), agree);
            match current.text.chars().count() > LONGEST {
                // Nobody agrees to what they could not read.
                true => {
                    let key = web(turn, "bot-consents-on-site", "/settings/consents");
                    Screen::text(turn.text("bot-consents-too-long", &[])).row([key])
                }
                false => Screen::text(current.text.as_str()).row([agree]),
            }
        }
        ("w", _) => {
            let sure = Key::press(turn.text("bot-consents-withdraw-sure", &[]), Press::of("so.x", community));
            Screen::text(mine.if_withdrawn).row([sure])
        }
        _ => all_consents(turn, community, &mine).await?,
    };
    let screen = screen.row([back(turn, community)]);
    turn.show(screen).await.map(drop)
}

async fn all_consents(turn: &mut Turn, community: RecordId, mine: &MyConsents) -> Result<Screen, Stop> {
    let Community { time_zone } = turn.ask(Request::get(format!("/communities/{community}"))).await?;
    let moment = |at_ms| turn.texts().moment(at_ms, turn.now.ms, &time_zone);
    let mut text =
        turn.text(if mine.consents.is_empty() { "bot-consents-none" } else { "bot-consents" }, &[]);
    for given in &mine.consents {
        let mut words = vec![("number", Word::Number(given.number)), ("at", moment(given.at_ms).into())];
        let line = match given.withdrawn_ms {
            Some(withdrawn_ms) => {
                words.push(("until", moment(withdrawn_ms).into()));
                turn.text("bot-consents-line.withdrawn", &words)
            }
            None => turn.text("bot-consents-line", &words),
        };
        text.push_str(&format!("\n{line}"));
    }
    let key = |key: &str, verb: &str| Key::press(turn.text(key, &[]), Press::of(verb, community));
    let read = (mine.asked && mine.current.is_some()).then(|| key("bot-consents-read", "so.r"));
    let stands = mine.consents.iter().any(|given| given.withdrawn_ms.is_none());
    let withdraw = stands.then(|| key("bot-consents-withdraw", "so.w"));
    let web = [("bot-consents-known", "/settings/export"), ("bot-consents-erase", "/settings/erase")]
        .map(|(key, path)| web(turn, key, path));
    Ok(Screen::text(text).row(read).row(withdraw).row(web))
}

pub(super) async fn sign_out(turn: &mut Turn, community: RecordId, argument: &str) -> Turned {
    if argument != "yes" {
        let Account { email_proved, passkeys } = turn.ask(Request::get("/account")).await?;
        let mut text = turn.text("bot-out", &[]);
        if !email_proved && passkeys == 0 {
            text.push_str(&format!("\n\n{}", turn.text("bot-out-last-way", &[])));
        }
        let yes = Key::press(turn.text("bot-out-yes", &[]), Press::of("sx.yes", community));
        let screen = Screen::text(text).row([yes, back(turn, community)]);
        return turn.show(screen).await.map(drop);
    }
    turn.ask::<Value>(Request::delete("/session")).await?;
    turn.rest();
    turn.conversation.community = None;
    // What the account was spoken to in was its own; they are spoken to in it all the same.
    turn.language.as_str().clone_into(&mut turn.conversation.language);
    let [out, how_back] = ["bot-out-done", "bot-out-how-back"].map(|key| turn.text(key, &[]));
    turn.show(Screen::text(out)).await?;
    turn.say(Screen::text(how_back).keyboard(Keyboard::None)).await.map(drop)
}

/// Of some places the API says that whoever has them may end them; of the others somebody else has to be asked.
pub(super) async fn leave(
    turn: &mut Turn,
    person: &Person,
    argument: &str,
    place: Option<RecordId>,
) -> Turned {
    let community = person.community;
    let path = |place: RecordId| format!("/communities/{community}/grants/{place}");
    match (argument, place) {
        ("go", Some(place)) => {
            let Preview { house_label, places, vehicles, cards, passes } =
                turn.ask(Request::get(path(place))).await?;
            let words = [
                ("house", Word::from(house_label.as_str())),
                ("places", Word::Number(places)),
                ("vehicles", Word::Number(vehicles)),
                ("cards", Word::Number(cards)),
                ("passes", Word::Number(passes)),
            ];
            let yes = Key::press(turn.text("bot-leave-yes", &[]), Press::on("sg.yes", community, place));
            let screen = Screen::text(turn.text("bot-leave-sure", &words)).row([yes, back(turn, community)]);
            turn.show(screen).await.map(drop)
        }
        ("yes", Some(place)) => {
            let revocation = Request::post(format!("{}/revocation", path(place)), &json!({}));
            match turn.ask::<Value>(revocation).await {
                Err(Stop::Refused(refused)) if refused.code == "ended" => {}
                ended => drop(ended?),
            }
            turn.recognise().await?;
            let text = turn.text("bot-leave-done", &[]);
            turn.show(Screen::text(text)).await?;
            let (text, keyboard) = (turn.text("bot-leave-menu", &[]), turn.menu());
            turn.say(Screen::text(text).keyboard(keyboard)).await.map(drop)
        }
        _ => {
            let mut keys = Vec::new();
            for held in person.held.iter().filter(|held| held.house.is_some()) {
                match turn.ask::<Preview>(Request::get(path(held.id))).await {
                    Ok(preview) => {
                        let words = [("house", Word::from(preview.house_label.as_str()))];
                        let press = Press::on("sg.go", community, held.id);
                        keys.push(Key::press(turn.text("bot-leave-house", &words), press));
                    }
                    Err(Stop::Refused(refused)) if matches!(refused.status, 403 | 404) => {}
                    Err(why) => return Err(why),
                }
            }
            let text = turn.text(if keys.is_empty() { "bot-leave-whom" } else { "bot-leave" }, &[]);
            let erase = web(turn, "bot-consents-erase", "/settings/erase");
            let screen = keys.into_iter().fold(Screen::text(text), |screen, key| screen.row([key]));
            let screen = screen.row([erase]).row([back(turn, community)]);
            turn.show(screen).await.map(drop)
        }
    }
}
