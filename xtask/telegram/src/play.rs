//! The page on which a newcomer plays a few people of Telegram, and the JSON behind it, which stories use too.
//!
//! `GET /` is the page, `GET /play/events` tells that something changed, `GET /play/state?user=ID` what there is for
//! one of the people, `POST /play/…` does what a person does: `users`, `users/ID/say`, `groups`, `groups/ID/rights` and
//! so on, each with an object of arguments, and answers `{"result": …}` or, with status 400, `{"error": …}`.
//!
//! Invariants: the page does nothing that `people` would not let a test do; an outage of the Bot API is none of the page.
//! What must never be here: the bot's token, and rules of Telegram.

mod state;

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::double::Shared;
use crate::people::Pressed;
use crate::server::{Body, json_reply, reply};
use crate::world::{Entered, Kind, Rights, Status, World};

pub(crate) use state::{commands, keyboard};

const PAGE: &str = include_str!("play/page.html");
const MAX_BODY_BYTES: usize = 60 << 20;

/// Answers whatever is not the Bot API.
pub(crate) async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let query: Vec<(String, String)> =
        request.uri().query().and_then(|query| serde_urlencoded::from_str(query).ok()).unwrap_or_default();
    let asked = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match (request.method().clone(), parts.as_slice()) {
        (Method::GET, [""]) => reply(StatusCode::OK, "text/html; charset=utf-8", PAGE),
        (Method::GET, ["play", "events"]) => events(&shared),
        (Method::GET, ["play", "state"]) => {
            let user = asked("user").and_then(|user| user.parse().ok());
            fresh(json_reply(StatusCode::OK, &shared.look(|world| state::of(world, user))))
        }
        (Method::GET, ["play", "file", id]) => {
            let file = shared.look(|world| world.files.get(id).map(|file| (file.kind(), file.bytes.clone())));
            file.map_or_else(nothing, |(kind, bytes)| reply(StatusCode::OK, kind, bytes))
        }
        (Method::POST, ["play", rest @ ..]) => {
            let rest: Vec<String> = rest.iter().map(|part| (*part).to_owned()).collect();
            let words: Value =
                query.iter().map(|(key, value)| (key.clone(), Value::from(value.clone()))).collect();
            let Ok(body) = Limited::new(request.into_body(), MAX_BODY_BYTES).collect().await else {
                return json_reply(StatusCode::PAYLOAD_TOO_LARGE, &json!({"error": "too much"}));
            };
            let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
            let given = Given { words, body: body.to_bytes() };
            match shared.change(|world| act(world, &rest, &given)) {
                Ok(result) => json_reply(StatusCode::OK, &json!({"result": result})),
                Err(error) => json_reply(StatusCode::BAD_REQUEST, &json!({"error": error})),
            }
        }
        _ => nothing(),
    }
}

fn nothing() -> Response<Body> {
    reply(StatusCode::NOT_FOUND, "text/plain", "Not Found")
}

fn fresh(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Server-sent events: a number whenever something changed; many changes at once are one.
fn events(shared: &Shared) -> Response<Body> {
    let changed = shared.changed.subscribe();
    let stream = futures_util::stream::unfold((changed, true), |(mut changed, first)| async move {
        if !first {
            changed.changed().await.ok()?;
        }
        let count = *changed.borrow_and_update();
        let frame = Frame::data(Bytes::from(format!("data: {count}\n\n")));
        Some((Ok::<_, Infallible>(frame), (changed, false)))
    });
    let mut response = fresh(Response::new(BodyExt::boxed(StreamBody::new(stream))));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response
}

/// What an act is told: the words of the address and, in the body, an object or a file.
struct Given {
    words: Value,
    body: Bytes,
}

impl Given {
    fn object(&self) -> Result<Value, String> {
        if self.body.is_empty() {
            return Ok(self.words.clone());
        }
        serde_json::from_slice(&self.body).map_err(|error| error.to_string())
    }
}

fn text<'a>(given: &'a Value, name: &str) -> Result<&'a str, String> {
    given[name].as_str().ok_or_else(|| format!("`{name}` is missing"))
}

type Done = Result<Value, String>;

fn act(world: &mut World, path: &[&str], given: &Given) -> Done {
    match path {
        ["users"] => {
            let given = given.object()?;
            let name = text(&given, "first_name")?.trim();
            if name.is_empty() {
                return Err("nobody has no name".to_owned());
            }
            let language = given["language_code"].as_str().unwrap_or("ru");
            Ok(Value::from(world.add_person(name, language)))
        }
        ["users", id, verb] => {
            let person = id.parse().ok().filter(|id| world.people.contains_key(id));
            person_does(world, person.ok_or("there is no such person")?, verb, given)
        }
        ["groups"] => {
            let given = given.object()?;
            let owner = given["owner"].as_i64().filter(|id| world.people.contains_key(id));
            let owner = owner.ok_or("a group needs an owner")?;
            let kind = if given["plain"] == true { Kind::Group } else { Kind::Supergroup };
            let chat = world.add_group(text(&given, "title")?, kind);
            world.set_status(chat, owner, owner, Status::Owner, 0, None);
            if given["bot"] != false {
                world.set_rights(chat, owner, rights(&given["rights"]));
            }
            Ok(Value::from(chat))
        }
        ["groups", id, verb] => {
            let chat = id.parse().ok().filter(|id| *id < 0 && world.chats.contains_key(id));
            let chat = world.now_called(chat.ok_or("there is no such group")?);
            let (owner, bot) = (world.owner(chat), world.bot.id);
            match *verb {
                "rights" => world.set_rights(chat, owner, rights(&given.object()?)),
                "remove_bot" => world.leave(chat, bot, owner, Status::Kicked, 0),
                "migrate" if world.chat(chat).kind == Kind::Group => {
                    return Ok(Value::from(world.migrate(chat)));
                }
                _ => return Err(format!("a group does not `{verb}`")),
            }
            Ok(Value::Null)
        }
        _ => Err(format!("there is no `{}`", path.join("/"))),
    }
}

fn rights(given: &Value) -> Rights {
    let can = |name: &str| given[name].as_bool().unwrap_or(true);
    Rights {
        administrator: can("administrator"),
        invite: can("invite"),
        restrict: can("restrict"),
        delete: can("delete"),
        pin: can("pin"),
    }
}

fn person_does(world: &mut World, person: i64, verb: &str, given: &Given) -> Done {
    // These two bring a file in the body.
    match verb {
        "photo" => {
            let caption = given.words["caption"].as_str().unwrap_or_default();
            return world.send_photo(person, given.body.clone(), None, caption).map(Value::from);
        }
        "file" => {
            let name = given.words["name"].as_str().unwrap_or("file.bin");
            return world.send_file(person, name, given.body.clone(), None).map(Value::from);
        }
        _ => {}
    }
    let given = given.object()?;
    let chat = match given["chat"].as_i64() {
        None => person,
        Some(chat) if chat == person || (chat < 0 && world.chats.contains_key(&chat)) => {
            world.now_called(chat)
        }
        Some(_) => return Err("there is no such chat".to_owned()),
    };
    let message = given["message"].as_i64().and_then(|id| i32::try_from(id).ok());
    match verb {
        "say" => match message {
            Some(_) => {
                let body = crate::world::entities_of_person(text(&given, "text")?);
                world.write(person, chat, body, message).map(Value::from)
            }
            None => world.say(person, chat, text(&given, "text")?).map(Value::from),
        },
        "edit" => world.edit_own(person, message, text(&given, "text")?).map(Value::from),
        "forward" => world.forward(person, text(&given, "text")?).map(Value::from),
        "voice" => world.send_voice(person).map(Value::from),
        "start" => world.start(person, given["payload"].as_str().unwrap_or_default()).map(Value::from),
        "contact" => {
            let own = world.person(person).phone.clone();
            world.share_contact(person, given["phone"].as_str().unwrap_or(&own)).map(Value::from)
        }
        "press" => {
            let label = text(&given, "label")?;
            match message {
                Some(message) if world.chat(chat).posts.contains_key(&message) => {
                    world.press_old(person, chat, message, label)
                }
                Some(_) => Err("there is no such message".to_owned()),
                None => world.press(person, chat, label),
            }
            .map(|pressed| pressed_json(&pressed))
        }
        "open" => {
            let address = text(&given, "url")?.to_owned();
            Ok(Value::from(world.mini_app(person, &address, false)))
        }
        "block" | "unblock" => {
            world.block(person, verb == "block");
            Ok(Value::Null)
        }
        "join" => match world.open_link(person, text(&given, "link")?) {
            Entered::Joined => Ok(json!("joined")),
            Entered::Requested => Ok(json!("requested")),
            Entered::Refused(why) => Err(why.to_owned()),
        },
        "leave" if chat != person && world.chat(chat).status(person).is_present() => {
            world.leave(chat, person, person, Status::Left, 0);
            Ok(Value::Null)
        }
        "inline" => Ok(Value::from(world.type_inline(person, text(&given, "words")?))),
        "choose" => world.choose_inline(person, text(&given, "result")?).map(Value::from),
        _ => Err(format!("nobody does `{verb}`")),
    }
}

fn pressed_json(pressed: &Pressed) -> Value {
    match pressed {
        Pressed::Told => json!({"told": true}),
        Pressed::Said => json!({"said": true}),
        Pressed::Opens(address) => json!({"opens": address}),
        Pressed::Types(words) => json!({"types": words}),
        Pressed::Copied(text) => json!({"copied": text}),
    }
}
