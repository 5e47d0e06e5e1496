//! The closed chat in a messenger.

use dwellers::people::{PlaceKind, Role};
use dwellers_cloud::accounts::{Messenger, MessengerUser};
use dwellers_cloud::bot::talk::Rights;
use dwellers_cloud::chats::{self, Chat, ChatUser, Offer};
use dwellers_cloud::clock::{entropy, now};
use dwellers_replica::{Open, Record, RecordId, Writes};
use serde_json::json;

use crate::town::{Browser, Town, Village};

fn write<T: Record>(village: &Village, id: RecordId, value: &T) {
    let mut writes = Writes::new();
    writes.create(id, value);
    village.community.store.commit(now(), writes).unwrap();
}

/// A group into which somebody let the bot.
fn offer(village: &Village, person: RecordId, rights: Rights) -> RecordId {
    let offer = Offer { chat: -7, title: "Свои".to_owned(), rights, person, at_ms: now().ms };
    let id = chats::named(&format!("offer of {person}"));
    write(village, id, &offer);
    id
}

fn administrator(town: &Town, village: &Village, name: &str) -> (Browser, RecordId) {
    let person = village.officer(name, Role::Administrator);
    (town.as_person(village, person), person)
}

#[test]
fn an_administrator_connects_the_group_that_they_let_the_bot_into_and_sees_how_it_stands() {
    let (town, village) = Town::founded();
    let (olga, person) = administrator(&town, &village, "Ольга");
    let (vera, _) = administrator(&town, &village, "Вера");
    let path = village.path("/chats");
    assert_eq!(olga.get(&path).ok(), json!({ "chats": [], "offers": [] }));
    let offer = offer(&village, person, Rights { administrator: true, invite: true, remove: false });
    assert_eq!(olga.get(&path).ok()["offers"][0]["title"], "Свои");
    // It is theirs alone.
    assert_eq!(vera.get(&path).ok()["offers"], json!([]));
    vera.post(&path, &json!({ "offer": offer })).is(404, "not-found");
    let connected = olga.post(&path, &json!({ "offer": offer }));
    assert_eq!(connected.status, 201);
    // Twice is once.
    assert_eq!(olga.post(&path, &json!({ "offer": offer })).ok()["id"], connected.ok()["id"]);
    let asks = ChatUser { user: 5, name: "Guest".to_owned(), asks: true, ..ChatUser::default() };
    let request = MessengerUser::id(Messenger::Telegram, 5);
    write(&village, request, &asks);
    let stranger = ChatUser { user: 6, handle: "who".to_owned(), inside: Some(true), ..ChatUser::default() };
    write(&village, MessengerUser::id(Messenger::Telegram, 6), &stranger);
    let shown = vera.get(&path).ok()["chats"][0].clone();
    assert_eq!((&shown["title"], &shown["is_inside"]), (&json!("Свои"), &json!(false)));
    let state = &shown["state"];
    assert_eq!(
        (&state["may_invite"], &state["may_remove"], &state["is_gone"]),
        (&json!(true), &json!(false), &json!(false))
    );
    assert_eq!((&state["strangers"][0]["name"], &state["let_in"]), (&json!("@who"), &json!(0)));
    assert_eq!(state["requests"], json!([{ "id": request, "name": "Guest" }]));
    let answer = village.path(&format!("/chats/requests/{request}/answer"));
    assert_eq!(vera.post(&answer, &json!({ "admit": true })).status, 202);
    // Who was first has decided.
    olga.post(&answer, &json!({ "admit": false })).is(409, "ended");
    // A resident sees that there is one, and nothing of the others.
    let (anna, _) = village.resident("Анна", village.house("1"), PlaceKind::Owner);
    let anna = town.as_person(&village, anna);
    assert_eq!(anna.get(&path).ok()["chats"][0]["state"], json!(null));
    anna.post(&path, &json!({ "offer": offer })).is(403, "not-allowed");
    let one = village.path(&format!("/chats/{}", shown["id"].as_str().unwrap()));
    anna.delete(&one).is(403, "not-allowed");
    olga.delete(&village.path(&format!("/chats/{request}"))).is(404, "not-found");
    assert_eq!(olga.delete(&one).status, 204);
    assert_eq!(olga.get(&path).ok()["chats"], json!([]));
}

#[test]
fn a_community_has_one_chat_and_an_old_offer_is_none() {
    let (town, village) = Town::founded();
    let (olga, person) = administrator(&town, &village, "Ольга");
    let (vera, second) = administrator(&town, &village, "Вера");
    let path = village.path("/chats");
    let old = Offer { chat: -8, person, at_ms: 1, ..Offer::default() };
    write(&village, chats::named("old"), &old);
    olga.post(&path, &json!({ "offer": chats::named("old") })).is(404, "not-found");
    let first = offer(&village, person, Rights::default());
    olga.post(&path, &json!({ "offer": first })).ok();
    let other = Offer { chat: -9, person: second, at_ms: now().ms, ..Offer::default() };
    write(&village, chats::named("other"), &other);
    vera.post(&path, &json!({ "offer": chats::named("other") })).is(409, "chat-connected");
}

#[test]
fn a_way_in_needs_a_messenger_and_a_bot_that_may() {
    let (town, village) = Town::founded();
    let chat = Chat { chat: -7, compared: true, ..Chat::default() };
    let id = Chat::id(Messenger::Telegram);
    write(&village, id, &chat);
    let (person, _) = village.resident("Анна", village.house("1"), PlaceKind::Owner);
    let anna = town.as_person(&village, person);
    let invite = village.path(&format!("/chats/{id}/invite"));
    anna.post(&invite, &json!({})).is(409, "no-messenger");
    let accounts = town.communities.accounts();
    let account = accounts.membership_of(village.community.id, person).unwrap().unwrap().value.account;
    let messenger = Open::Known(Messenger::Telegram);
    accounts
        .connect(MessengerUser { messenger, user: 5, account, ..MessengerUser::default() }, now())
        .unwrap();
    anna.post(&invite, &json!({})).is(409, "chat-not-able");
    anna.post(&village.path(&format!("/chats/{}/invite", RecordId::new(1, entropy()))), &json!({}))
        .is(404, "not-found");
    let known = village.community.store.view(chats::chat).unwrap().unwrap().unwrap();
    let mut writes = Writes::new();
    writes.update(&known, |chat| chat.rights = Rights { administrator: true, invite: true, remove: true });
    village.community.store.commit(now(), writes).unwrap();
    assert_eq!(anna.post(&invite, &json!({})).status, 202);
    let asked = village.community.store.view(|view| chats::chat_user(view, 5)).unwrap().unwrap().unwrap();
    assert!(asked.value.wants && asked.value.belongs && asked.value.waits);
}
