//! Asking to join, and the decision.

use std::io::{Cursor, Write};
use std::net::TcpStream;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use dwellers::people::{self, Application, Becoming, Person, PlaceKind, Proof, Role};
use dwellers::{Actor, Context, audit, consents};
use dwellers_cloud::applications::{self, Photos, UNDECIDED_MS, UNUSED_MS};
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::pictures::Pictures;
use dwellers_link::blobs;
use dwellers_replica::{Now, Query, RecordId, Writes};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::consents::publish;
use crate::town::{Answer, Browser, Town, Village};

/// A village that one can join: its administrator, and the current consent.
struct Open {
    town: Town,
    village: Village,
    administrator: RecordId,
    olga: Browser,
    consent: String,
}

impl Open {
    fn new() -> Open {
        let (town, village) = Town::founded();
        let administrator = village.officer("Ольга", Role::Administrator);
        let olga = town.as_person(&village, administrator);
        let consent = publish(&olga, &village);
        Open { town, village, administrator, olga, consent }
    }

    fn path(&self, below: &str) -> String {
        self.village.path(&format!("/applications{below}"))
    }

    fn code(&self, house: RecordId) -> String {
        let code = self.olga.post(&self.village.path(&format!("/houses/{house}/code")), &json!({}));
        code.ok()["code"].as_str().unwrap().to_owned()
    }

    /// A wish to join with more, or something else, in it.
    fn wish(&self, more: &Value) -> Value {
        let mut wish = json!({
            "name": "Зоя", "phone": "+7 916 123-45-67", "language": "ru", "kind": "owner",
            "consent": self.consent,
        });
        wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        wish
    }

    fn apply(&self, browser: &Browser, more: &Value) -> Answer {
        browser.post(&self.path(""), &self.wish(more))
    }

    /// Applies with a photo of this colour for a house: the application's id and secret.
    fn with_photo(&self, house: &str, phone: &str, colour: u8) -> (String, String) {
        let token = self.send(&photo(colour)).ok()["token"].clone();
        let more = json!({ "photo": token, "house": house, "phone": phone });
        applied(&self.apply(&self.town.stranger(), &more))
    }

    fn send(&self, bytes: &[u8]) -> Answer {
        let kind = [("content-type", "image/png")];
        self.town.stranger().send("POST", &self.path("/photo"), &kind, bytes)
    }

    fn follow(&self, secret: &str) -> Value {
        self.town.stranger().get(&self.path(&format!("/mine/{secret}"))).ok()
    }

    fn accept(&self, id: &str) -> Answer {
        self.olga.post(&self.path(&format!("/{id}/acceptance")), &json!({}))
    }

    fn refuse(&self, id: &str) -> Answer {
        self.olga.post(&self.path(&format!("/{id}/refusal")), &json!({ "reason": "Не узнали" }))
    }

    /// Whether the blob of an application's photo is there.
    fn has_blob(&self, id: &str) -> bool {
        let (store, id) = (&self.village.community.store, id.parse().unwrap());
        let asked = store.view(|view| view.of::<Application>().get(id)).unwrap().unwrap().unwrap();
        let Some(Proof::Photo(name)) = asked.value.proof.known() else { panic!("no photo") };
        let hash = blobs::parse(name).unwrap();
        let (all, runtime) = (self.town.communities.blobs(), Runtime::new().unwrap());
        runtime.block_on(all.get(&self.village.community, &hash)).unwrap().is_some()
    }

    fn sweep(&self, ms: u64) -> usize {
        let blobs = self.town.communities.blobs().clone();
        let photos = Photos::new(Pictures::new(blobs.clone()), blobs);
        let now = Now { ms, trusted: true };
        Runtime::new().unwrap().block_on(photos.sweep(&self.village.community, now)).unwrap()
    }
}

fn applied(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.bytes));
    let document = answer.ok();
    let text = |name: &str| document[name].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

fn photo(colour: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(400, 300, Rgb([colour, 100, 100]));
    DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn who_knows_the_code_joins_and_signs_in_by_the_link() {
    let open = Open::new();
    let code = open.code(open.village.house("12"));
    let stranger = open.town.stranger();
    open.apply(&stranger, &json!({ "code": "ZZZZZZZZ" })).is(404, "not-found");
    open.apply(&stranger, &json!({})).is(422, "invalid");
    open.apply(&stranger, &json!({ "code": code, "photo": "x" })).is(422, "invalid");
    open.apply(&stranger, &json!({ "code": code, "phone": "12" })).is(422, "invalid");
    open.apply(&stranger, &json!({ "code": code, "kind": "king" })).is(422, "unexpected");
    let typed = format!("{}-{}", &code[..4].to_lowercase(), &code[4..]);
    let (id, secret) = applied(&open.apply(&stranger, &json!({ "code": typed })));
    open.apply(&stranger, &json!({ "code": code })).is(409, "exists");
    let waiting = open.follow(&secret);
    assert_eq!((&waiting["state"], &waiting["house_label"]), (&json!("waiting"), &json!("12")));
    // What the secret is good for, nothing else is: the id is in letters to administrators.
    let mine = |key: &str| open.path(&format!("/mine/{key}"));
    stranger.get(&mine(&id)).is(404, "not-found");
    stranger.get(&mine(&secret[1..])).is(404, "not-found");
    let link = format!("{}/link", mine(&secret));
    stranger.post(&link, &json!({})).is(404, "not-found");
    let person = open.accept(&id).ok()["person"].clone();
    let accepted = open.follow(&secret);
    assert_eq!((&accepted["state"], &accepted["may_sign_in"]), (&json!("accepted"), &json!(true)));
    let token = stranger.post(&link, &json!({})).ok()["token"].clone();
    let signed = stranger.post("/api/v1/session/link", &json!({ "token": token }));
    let account = &signed.ok()["account"];
    assert_eq!(account["persons"][0]["person"], person);
    assert_eq!(account["persons"][0]["held"][0]["capacity"], "owner");
    // Whoever finds the secret later does not sign in by it.
    assert_eq!(open.follow(&secret)["may_sign_in"], false);
    stranger.post(&link, &json!({})).is(409, "already-joined");
    // Nor when who signed in is that person no more.
    let anew = open.village.path(&format!("/people/{}/link", person.as_str().unwrap()));
    open.olga.post(&anew, &json!({ "anew": true })).ok();
    stranger.keep(&signed).get(&open.village.path("/me")).is(404, "not-found");
    assert_eq!(open.follow(&secret)["may_sign_in"], false);
    stranger.post(&link, &json!({})).is(409, "already-joined");
}

#[test]
fn whoever_was_accepted_signs_in_within_a_week_and_not_into_an_office() {
    let open = Open::new();
    let stranger = open.town.stranger();
    let code = open.code(open.village.house("12"));
    let link = |secret: &str| stranger.post(&open.path(&format!("/mine/{secret}/link")), &json!({}));
    let (id, secret) = applied(&open.apply(&stranger, &json!({ "code": code, "phone": "" })));
    let (actor, id) = (Actor::Person(open.administrator), id.parse().unwrap());
    // It was decided eight days ago.
    let view_and_write = |ms: u64| {
        let (now, mut entropy) = (Now { ms, trusted: true }, entropy);
        let judged = open.village.community.store.view(|view| {
            people::accept(&mut Context { view, now, entropy: &mut entropy }, &actor, id, Becoming::default())
        });
        open.village.community.store.commit(now, judged.unwrap().unwrap().1).unwrap();
    };
    view_and_write(now().ms - 8 * 24 * 3_600_000);
    assert_eq!(open.follow(&secret)["may_sign_in"], false);
    link(&secret).is(403, "link-ended");
    // Who keeps the gate by now is given a link by who made them a guard.
    let (id, secret) = applied(&open.apply(&stranger, &json!({ "code": code, "phone": "" })));
    let person = open.accept(&id).ok()["person"].as_str().unwrap().parse().unwrap();
    link(&secret).ok();
    open.village.run(|ctx| people::grant_role(ctx, &Actor::Operator, person, Role::Guard));
    link(&secret).is(403, "link-ended");
}

#[test]
fn what_was_agreed_to_with_an_application_is_the_persons() {
    let open = Open::new();
    let code = open.code(open.village.house("12"));
    let stranger = open.town.stranger();
    let (id, secret) = applied(&open.apply(&stranger, &json!({ "code": code })));
    open.accept(&id).ok();
    let link = open.path(&format!("/mine/{secret}/link"));
    let token = stranger.post(&link, &json!({})).ok()["token"].clone();
    let signed = stranger.post("/api/v1/session/link", &json!({ "token": token }));
    signed.ok();
    // What they agreed to is the person's.
    let zoya = stranger.keep(&signed);
    let consents = zoya.get(&open.village.path("/me/consents")).ok();
    assert_eq!((&consents["asked"], &consents["consents"][0]["number"]), (&json!(false), &json!(1)));
}

#[test]
fn nobody_joins_without_the_current_consent() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let path = village.path("/applications");
    let wish = |consent: &str| {
        let body =
            json!({ "name": "Зоя", "language": "ru", "kind": "owner", "consent": consent, "code": "x" });
        town.stranger().post(&path, &body)
    };
    wish(&village.community.id.to_string()).is(409, "not-open");
    let first = publish(&olga, &village);
    publish(&olga, &village);
    let house = village.path(&format!("/houses/{}/code", village.house("1")));
    let code = olga.post(&house, &json!({})).ok()["code"].clone();
    let body = json!({ "name": "Зоя", "language": "ru", "kind": "owner", "consent": first, "code": code });
    let problem = town.stranger().post(&path, &body).is(422, "invalid");
    assert_eq!((&problem["field"], &problem["why"]), (&json!("consent"), &json!("not-current")));
    let mut without = body.clone();
    without.as_object_mut().unwrap().remove("consent");
    town.stranger().post(&path, &without).is(422, "unexpected");
    let nowhere = "/api/v1/communities/01ARZ3NDEKTSV4RRFFQ69G5FAV/applications";
    town.stranger().post(nowhere, &body).is(404, "not-found");
}

#[test]
fn whoever_lost_the_answer_asks_again_and_has_the_same() {
    let open = Open::new();
    let code = open.code(open.village.house("12"));
    let apply = |key: &str, phone: &str| {
        let body = open.wish(&json!({ "code": code, "phone": phone }));
        open.town.stranger().ask("POST", &open.path(""), &[("idempotency-key", key)], Some(&body))
    };
    let (first, phone) = ("5f0c3a1b9d7e2468", "+7 916 123-45-67");
    assert_eq!(apply("short", phone).is(422, "invalid")["why"], "too-short");
    assert_eq!(apply(&"x".repeat(101), phone).is(422, "invalid")["why"], "too-long");
    let (id, secret) = applied(&apply(first, phone));
    assert_eq!(applied(&apply(first, phone)), (id.clone(), secret));
    // Another key, or another request, is another's.
    apply("another key by chance", phone).is(409, "exists");
    assert_ne!(applied(&apply(first, "+7 916 123-45-68")).0, id);
}

#[test]
fn a_house_is_there_or_not_and_they_are_not_counted_off() {
    let open = Open::new();
    open.village.house("12А");
    let ask = |label: &str, from: &str| {
        let path = open.path(&format!("/house?label={label}"));
        open.town.stranger().ask("GET", &path, &[("x-forwarded-for", from)], None)
    };
    let house = ask("%20%2012a%20", "198.51.100.7").ok();
    assert_eq!(house, json!({ "label": "12А" }), "as it stands on the gate, and nothing else");
    ask("12", "198.51.100.7").is(404, "not-found");
    ask("", "198.51.100.7").is(404, "not-found");
    let looked_at = (0..200).filter(|nth| ask(&nth.to_string(), "203.0.113.7").status == 404).count();
    assert_eq!(looked_at, 20);
    ask("12a", "203.0.113.7").is(429, "too-often");
    ask("12a", "198.51.100.7").ok();
}

#[test]
fn codes_are_not_guessed() {
    let open = Open::new();
    let code = open.code(open.village.house("12"));
    let mut looked_at = 0;
    for nth in 0..200 {
        let guess = json!({ "code": format!("{nth:08}"), "phone": "" });
        let from = [("x-forwarded-for", "203.0.113.7")];
        let answer = open.town.stranger().ask("POST", &open.path(""), &from, Some(&open.wish(&guess)));
        match answer.status {
            404 => looked_at += 1,
            429 => assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0),
            other => panic!("{other}"),
        }
    }
    assert!((10..=13).contains(&looked_at), "{looked_at} of 200 guesses were looked at");
    // The right one is not looked at either, from there; from elsewhere it is.
    let right = open.wish(&json!({ "code": code }));
    let from = |address| [("x-forwarded-for", address)];
    let apply = |address| open.town.stranger().ask("POST", &open.path(""), &from(address), Some(&right));
    apply("203.0.113.7").is(429, "too-often");
    apply("203.0.113.8").ok();
    // Secrets of applications and photos are bounded alike.
    let path = open.path(&format!("/mine/{}", "0".repeat(64)));
    let follow = || open.town.stranger().ask("GET", &path, &from("203.0.113.9"), None).status;
    let statuses: Vec<u16> = (0..30).map(|_| follow()).collect();
    assert_eq!((statuses[0], statuses[29]), (404, 429));
    let kind = [("content-type", "image/png"), ("x-forwarded-for", "203.0.113.10")];
    let send = || open.town.stranger().send("POST", &open.path("/photo"), &kind, b"no picture").status;
    let statuses: Vec<u16> = (0..30).map(|_| send()).collect();
    assert_eq!((statuses[0], statuses[29]), (422, 429));
}

#[test]
fn one_house_is_not_flooded_with_applications() {
    let open = Open::new();
    let code = open.code(open.village.house("12"));
    let apply = |nth: usize| {
        let from = format!("198.51.100.{nth}");
        let body = open.wish(&json!({ "code": code, "phone": "" }));
        open.town.stranger().ask("POST", &open.path(""), &[("x-forwarded-for", &from)], Some(&body))
    };
    for nth in 0..people::MAX_OPEN_APPLICATIONS {
        apply(nth).ok();
    }
    assert_eq!(apply(100).is(422, "invalid")["why"], "too-many");
}

#[test]
fn photos_do_not_close_a_house_to_its_own_code() {
    let open = Open::new();
    let house = open.village.house("12");
    let code = open.code(house);
    let person = Person { name: "Зоя".to_owned(), language: "ru".to_owned(), ..Person::default() };
    let applicant = people::Applicant { person, kind: PlaceKind::Owner };
    for _ in 0..people::MAX_OPEN_APPLICATIONS {
        open.village.run(|ctx| people::apply_with_photo(ctx, house, &"0".repeat(64), &applicant));
    }
    open.apply(&open.town.stranger(), &json!({ "code": code })).ok();
}

#[test]
fn what_a_stranger_sends_is_judged_before_it_is_read() {
    let open = Open::new();
    let send = |path: &str, from: &str| {
        let headers = [("content-type", "text/plain"), ("x-forwarded-for", from)];
        open.town.stranger().send("POST", path, &headers, b"no picture")
    };
    // Nothing is read for a community that there is not, nor from whoever sends too many.
    let nowhere = "/api/v1/communities/01ARZ3NDEKTSV4RRFFQ69G5FAV/applications/photo";
    send(nowhere, "203.0.113.1").is(404, "not-found");
    let photos = open.path("/photo");
    let statuses: Vec<u16> = (0..30).map(|_| send(&photos, "203.0.113.2").status).collect();
    assert_eq!((statuses[0], statuses[29]), (415, 429));
    // So many are read at a time, and others come when one has gone.
    let slow = |n: usize| {
        let mut socket = TcpStream::connect(open.town.at.strip_prefix("http://").unwrap()).unwrap();
        let host = open.town.at.strip_prefix("http://").unwrap();
        write!(
            socket,
            "POST {photos} HTTP/1.1\r\nHost: {host}\r\nContent-Type: image/png\r\n\
             X-Forwarded-For: 192.0.2.{n}\r\nContent-Length: 1000\r\n\r\n"
        )
        .unwrap();
        socket
    };
    let sockets: Vec<TcpStream> = (1..=8).map(slow).collect();
    let ends = Instant::now() + Duration::from_secs(20);
    let until = |status: u16, from: &str| {
        for n in 0.. {
            let answer = send(&photos, &format!("{from}.{n}.1"));
            if answer.status == status {
                return answer;
            }
            assert!(Instant::now() < ends, "{}", answer.status);
        }
        unreachable!()
    };
    until(503, "10.1").is(503, "busy");
    drop(sockets);
    until(415, "10.2").is(415, "unsupported-media-type");
}

#[test]
fn a_photo_speaks_for_one_application_and_goes_with_the_decision() {
    let open = Open::new();
    let house = open.village.house("Лесная 4");
    open.village.resident("Галина", house, PlaceKind::Owner);
    open.send(b"no picture").is(422, "invalid");
    let text = [("content-type", "text/plain")];
    open.town.stranger().send("POST", &open.path("/photo"), &text, b"x").is(415, "unsupported-media-type");
    let token = open.send(&photo(1)).ok()["token"].clone();
    let stranger = open.town.stranger();
    let apply = |house: &str| open.apply(&stranger, &json!({ "photo": token, "house": house }));
    // A house is named exactly, as people write it; a part of its label tells nothing.
    apply("Лесная").is(404, "not-found");
    apply("").is(404, "not-found");
    let (id, secret) = applied(&apply("лёсная4"));
    assert_eq!(apply("Лесная 4").is(422, "invalid")["why"], "send-again");
    // The administrator sees who it is, and who lives there.
    let one = open.path(&format!("/{id}"));
    let shown = open.olga.get(&one).ok();
    assert_eq!((&shown["name"], &shown["residents"][0]["name"]), (&json!("Зоя"), &json!("Галина")));
    assert_eq!((&shown["has_photo"], &shown["consent"]), (&json!(true), &json!(1)));
    for (query, side) in [("", 400), ("?small=true", 320)] {
        let picture = open.olga.get(&format!("{one}/photo{query}"));
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/jpeg"));
        assert_eq!(image::load_from_memory(&picture.bytes).unwrap().width(), side);
    }
    let (neighbour, _) = open.village.resident("Сосед", open.village.house("2"), PlaceKind::Owner);
    let neighbour = open.town.as_person(&open.village, neighbour);
    neighbour.get(&format!("{one}/photo")).is(403, "not-allowed");
    // That it was looked at is written down.
    let by = Query::on("by").equal(open.administrator.to_string());
    let deeds =
        open.village.community.store.view(|view| view.of::<audit::Deed>().find(&by)).unwrap().unwrap();
    let looked = |deed: &&audit::Deed| deed.action == "applications.photo" && deed.house == Some(house);
    assert_eq!(deeds.entries.iter().map(|deed| &deed.value).filter(looked).count(), 1);
    assert!(open.has_blob(&id));
    open.olga.post(&format!("{one}/refusal"), &json!({ "reason": " " })).is(422, "invalid");
    assert_eq!(open.refuse(&id).status, 204);
    assert!(!open.has_blob(&id), "it goes with the decision");
    open.olga.get(&format!("{one}/photo")).is(404, "not-found");
    let refused = open.follow(&secret);
    assert_eq!((&refused["state"], &refused["reason"]), (&json!("refused"), &json!("Не узнали")));
    assert!(refused["text"].as_str().unwrap().contains("apply again"), "{refused}");
    assert_eq!(open.sweep(now().ms), 0, "nothing is left for the sweep");
    // Also when it is accepted.
    let (id, _) = open.with_photo("Лесная 4", "", 2);
    open.accept(&id).ok();
    assert!(!open.has_blob(&id));
}

#[test]
fn what_a_crash_leaves_and_what_waits_too_long_is_swept() {
    let open = Open::new();
    open.village.house("1");
    let started = now().ms;
    // The cloud fell between the decision and the photo's end.
    let (decided, _) = open.with_photo("1", "+7 916 000-00-01", 1);
    let (actor, id) = (Actor::Person(open.administrator), decided.parse().unwrap());
    open.village.run(|ctx| Ok(((), people::refuse(ctx, &actor, id, "Не узнали")?)));
    assert!(open.has_blob(&decided));
    open.olga.get(&open.path(&format!("/{decided}/photo"))).is(404, "not-found");
    assert_eq!(open.sweep(now().ms), 1);
    assert!(!open.has_blob(&decided));
    // Undecided for a month: the photo goes, the application stays.
    let (waits, secret) = open.with_photo("1", "+7 916 000-00-02", 2);
    assert_eq!(open.sweep(started + UNDECIDED_MS - 60_000), 0);
    assert_eq!(open.sweep(now().ms + UNDECIDED_MS), 1);
    assert!(!open.has_blob(&waits));
    assert_eq!(open.follow(&secret)["state"], "waiting");
    assert_eq!(open.olga.get(&open.path(&format!("/{waits}"))).ok()["has_photo"], false);
    // Never used.
    let token = open.send(&photo(3)).ok()["token"].clone();
    assert_eq!(open.sweep(started + UNUSED_MS - 60_000), 0);
    assert_eq!(open.sweep(now().ms + UNUSED_MS), 1);
    let again = open.apply(&open.town.stranger(), &json!({ "photo": token, "house": "1" }));
    assert_eq!(again.is(422, "invalid")["why"], "send-again");
}

#[test]
fn the_same_photo_of_two_applications_goes_with_the_second() {
    let open = Open::new();
    open.village.house("1");
    let (one, _) = open.with_photo("1", "+7 916 000-00-01", 1);
    let (other, _) = open.with_photo("1", "+7 916 000-00-02", 1);
    open.refuse(&one).is_done();
    assert!(open.has_blob(&other));
    assert_eq!(open.olga.get(&open.path(&format!("/{other}/photo"))).status, 200);
    open.refuse(&other).is_done();
    assert!(!open.has_blob(&other));
}

impl Answer {
    fn is_done(&self) {
        assert_eq!(self.status, 204, "{self:?}");
    }
}

#[test]
fn a_photo_that_is_named_twice_at_once_speaks_once() {
    let open = Open::new();
    open.village.house("1");
    let token = open.send(&photo(1)).ok()["token"].clone();
    let start = Barrier::new(2);
    let apply = |phone: &str| {
        start.wait();
        open.apply(&open.town.stranger(), &json!({ "photo": token, "house": "1", "phone": phone })).status
    };
    let mut statuses = thread::scope(|scope| {
        let both = ["+7 916 000-00-01", "+7 916 000-00-02"].map(|phone| scope.spawn(|| apply(phone)));
        both.map(|one| one.join().unwrap())
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
}

#[test]
fn who_is_known_already_is_accepted_as_who_they_are() {
    let open = Open::new();
    let (known, _) = open.village.resident("Зоя Ильинична", open.village.house("14"), PlaceKind::Owner);
    let code = open.code(open.village.house("12"));
    let (id, secret) = applied(&open.apply(&open.town.stranger(), &json!({ "code": code })));
    // What they agreed to is there with the name that they gave.
    let consents = open.olga.get(&open.village.path("/consents")).ok()["consents"].clone();
    assert_eq!((&consents[0]["person_name"], &consents[0]["application"]), (&json!("Зоя"), &json!(id)));
    let accept = |person: RecordId| {
        open.olga.post(&open.path(&format!("/{id}/acceptance")), &json!({ "person": person }))
    };
    // Nobody becomes an administrator's other self.
    accept(open.village.officer("Пётр", Role::Administrator)).is(403, "not-allowed");
    accept(open.village.community.id).is(404, "not-found");
    // Nor the other self of somebody who signs in otherwise.
    let (taken, _) = open.village.resident("Галина", open.village.house("16"), PlaceKind::Owner);
    open.town.as_person(&open.village, taken);
    accept(taken).is(409, "person-taken");
    assert_eq!(accept(known).ok()["person"], known.to_string());
    assert_eq!(open.follow(&secret)["may_sign_in"], true);
    let consents = open.olga.get(&open.village.path(&format!("/consents?person={known}"))).ok();
    assert_eq!(consents["consents"].as_array().unwrap().len(), 1);
    assert_eq!(consents["consents"][0]["address"], "127.0.0.1");
    // It is kept with the person alone, and is forgotten with them; so is by what the application was followed.
    open.village.run(|ctx| {
        let mut writes = Writes::new();
        consents::forget(ctx.view, known, &mut writes)?;
        applications::forget(ctx.view, id.parse().unwrap(), &mut writes)?;
        Ok(((), writes))
    });
    let consents = open.olga.get(&open.village.path("/consents")).ok()["consents"].clone();
    let addresses: Vec<_> = consents.as_array().unwrap().iter().map(|one| &one["address"]).collect();
    assert!(addresses.len() == 2 && addresses.iter().all(|address| **address == ""), "{consents}");
    open.town.stranger().get(&open.path(&format!("/mine/{secret}"))).is(404, "not-found");
}

#[test]
fn two_who_decide_at_once_are_one_and_one_who_is_told() {
    for _ in 0..5 {
        let open = Open::new();
        let code = open.code(open.village.house("12"));
        let (id, secret) = applied(&open.apply(&open.town.stranger(), &json!({ "code": code })));
        let pyotr = open.village.officer("Пётр", Role::Administrator);
        let pyotr = open.town.as_person(&open.village, pyotr);
        let (accept, refuse) =
            (open.path(&format!("/{id}/acceptance")), open.path(&format!("/{id}/refusal")));
        let start = Barrier::new(2);
        let decide = |browser: &Browser, path: &str, body: &Value| {
            start.wait();
            browser.post(path, body)
        };
        let [accepted, refused] = thread::scope(|scope| {
            let one = scope.spawn(|| decide(&open.olga, &accept, &json!({})));
            let other = scope.spawn(|| decide(&pyotr, &refuse, &json!({ "reason": "Не узнали" })));
            [one.join().unwrap(), other.join().unwrap()]
        });
        let state = open.town.stranger().get(&open.path(&format!("/mine/{secret}"))).ok()["state"].clone();
        let (told, who, said) = match (accepted.status, refused.status) {
            (201, 409) => (refused, "Ольга", ("accepted", "accepted already")),
            (409, 204) => (accepted, "Пётр", ("refused", "refused already")),
            other => panic!("{other:?}"),
        };
        let detail = told.is(409, "ended")["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(who) && detail.contains(said.1), "{detail}");
        assert_eq!(state, said.0);
    }
}

#[test]
fn an_account_becomes_the_person_at_once() {
    let open = Open::new();
    let code = open.code(open.village.house("12"));
    let (browser, account) = open.town.nobody();
    let (id, _) = applied(&open.apply(&browser, &json!({ "code": code })));
    // Their session is enough to follow it; another's is not.
    let mine = browser.get(&open.path("/mine")).ok();
    assert_eq!(
        (&mine["applications"][0]["id"], &mine["applications"][0]["state"]),
        (&json!(id), &json!("waiting"))
    );
    browser.get(&open.path(&format!("/mine/{id}"))).ok();
    let (other, _) = open.town.nobody();
    other.get(&open.path(&format!("/mine/{id}"))).is(404, "not-found");
    assert_eq!(other.get(&open.path("/mine")).ok()["applications"], json!([]));
    open.town.stranger().get(&open.path("/mine")).is(401, "no-session");
    browser.get(&open.village.path("")).is(404, "not-found");
    let person = open.accept(&id).ok()["person"].clone();
    assert_eq!(browser.get(&open.village.path("/me")).ok()["id"], person);
    assert_eq!(browser.get(&open.path(&format!("/mine/{id}"))).ok()["may_sign_in"], false);
    let is = open.town.communities.accounts().person_in(account, open.village.community.id).unwrap();
    assert_eq!(json!(is), person);
    // Whoever is known already asks for another house, and stays who they are, whatever they type.
    let second = open.code(open.village.house("14"));
    let (id, _) = applied(&open.apply(&browser, &json!({ "code": second, "name": "Кто-то другой" })));
    let shown = open.olga.get(&open.path(&format!("/{id}"))).ok();
    assert_eq!((&shown["name"], &shown["person"]), (&json!("Зоя"), &person));
    assert_eq!(open.accept(&id).ok()["person"], person);
    let me = browser.get(&open.village.path("/me")).ok();
    assert_eq!((me["held"].as_array().unwrap().len(), &me["name"]), (2, &json!("Зоя")));
    // The place that they have already is not given twice.
    let (id, _) = applied(&open.apply(&browser, &json!({ "code": second })));
    assert_eq!(open.accept(&id).ok()["person"], person);
    assert_eq!(browser.get(&open.village.path("/me")).ok()["held"].as_array().unwrap().len(), 2);
}

#[test]
fn who_was_entered_with_the_place_is_accepted_into_it_and_signs_in() {
    let open = Open::new();
    let house = open.village.house("12");
    let (zoya, place) = open.village.resident("Зоя Ильинична", house, PlaceKind::Owner);
    let (galina, _) = open.village.resident("Галина", house, PlaceKind::Owner);
    let theirs = open.town.as_person(&open.village, galina);
    let code = open.code(house);
    let stranger = open.town.stranger();
    let (id, secret) = applied(&open.apply(&stranger, &json!({ "code": code })));
    let accept = |person: RecordId| {
        open.olga.post(&open.path(&format!("/{id}/acceptance")), &json!({ "person": person }))
    };
    // An account that somebody has is theirs, also where nothing new is given.
    accept(galina).is(409, "person-taken");
    assert_eq!(theirs.get(&open.village.path("/me")).ok()["id"], galina.to_string());
    assert_eq!(open.follow(&secret)["state"], "waiting");
    assert_eq!(accept(zoya).ok()["person"], zoya.to_string());
    accept(zoya).is(409, "ended");
    let followed = open.follow(&secret);
    assert_eq!((&followed["state"], &followed["may_sign_in"]), (&json!("accepted"), &json!(true)));
    let link = stranger.post(&open.path(&format!("/mine/{secret}/link")), &json!({})).ok();
    let signed = stranger.post("/api/v1/session/link", &json!({ "token": link["token"] }));
    let me = stranger.keep(&signed).get(&open.village.path("/me")).ok();
    assert_eq!((&me["id"], &me["name"]), (&json!(zoya), &json!("Зоя Ильинична")));
    let held = me["held"].as_array().unwrap();
    assert_eq!((held.len(), &held[0]["id"]), (1, &json!(place)));
    assert_eq!(theirs.get(&open.village.path("/me")).ok()["id"], galina.to_string());
}

#[test]
fn a_wrong_house_and_kind_are_put_right_with_the_acceptance() {
    let open = Open::new();
    let (claimed, right) = (open.village.house("16"), open.village.house("17"));
    let code = open.code(claimed);
    let apply = || applied(&open.apply(&open.town.stranger(), &json!({ "code": code, "phone": "" })));
    let accept = |id: &str, how: &Value| open.olga.post(&open.path(&format!("/{id}/acceptance")), how);
    let held = |accepted: &Answer| {
        let person = accepted.ok()["person"].as_str().unwrap().to_owned();
        let shown = open.olga.get(&open.village.path(&format!("/people/{person}"))).ok();
        let held = shown["held"].as_array().unwrap().clone();
        held.iter().map(|held| (held["house"].clone(), held["capacity"].clone())).collect::<Vec<_>>()
    };
    let (id, secret) = apply();
    accept(&id, &json!({ "house": open.village.community.id })).is(404, "not-found");
    accept(&id, &json!({ "kind": "king" })).is(422, "unexpected");
    assert_eq!(open.follow(&secret)["state"], "waiting", "nothing of it was done");
    let accepted = accept(&id, &json!({ "house": right, "kind": "tenant" }));
    assert_eq!(held(&accepted), [(json!(right), json!("tenant"))]);
    // They are told what they have, and not what they asked for.
    let followed = open.follow(&secret);
    assert_eq!((&followed["house_label"], &followed["kind"]), (&json!("17"), &json!("tenant")));
    let accepted = accept(&apply().0, &json!({ "house": right }));
    assert_eq!(held(&accepted), [(json!(right), json!("owner"))]);
    let accepted = accept(&apply().0, &json!({ "kind": "staff" }));
    assert_eq!(held(&accepted), [(json!(claimed), json!("staff"))]);
    // Of somebody who is known, too; and they have it already.
    let (known, _) = open.village.resident("Зоя Ильинична", right, PlaceKind::Family);
    let accepted = accept(&apply().0, &json!({ "person": known, "house": right, "kind": "family" }));
    assert_eq!(held(&accepted), [(json!(right), json!("family"))]);
}

#[test]
fn an_account_that_ended_meanwhile_is_nobody() {
    let open = Open::new();
    let code = open.code(open.village.house("12"));
    let (browser, _) = open.town.nobody();
    let (id, secret) = applied(&open.apply(&browser, &json!({ "code": code })));
    browser.delete("/api/v1/account").ok();
    open.accept(&id).ok();
    assert_eq!(open.follow(&secret)["may_sign_in"], true);
    open.town.stranger().post(&open.path(&format!("/mine/{secret}/link")), &json!({})).ok();
}

#[test]
fn two_applications_of_one_account_are_one_person() {
    let open = Open::new();
    let codes = [open.code(open.village.house("1")), open.code(open.village.house("2"))];
    let (browser, _) = open.town.nobody();
    let ids = codes.map(|code| applied(&open.apply(&browser, &json!({ "code": code }))).0);
    let persons = ids.map(|id| open.accept(&id).ok()["person"].clone());
    assert_eq!(persons[0], persons[1]);
    assert_eq!(browser.get(&open.village.path("/me")).ok()["held"].as_array().unwrap().len(), 2);
}

#[test]
fn an_acceptance_that_a_crash_cut_short_is_made_good() {
    let open = Open::new();
    let code = open.code(open.village.house("12"));
    let (browser, _) = open.town.nobody();
    let (id, _) = applied(&open.apply(&browser, &json!({ "code": code })));
    let (actor, asked) = (Actor::Person(open.administrator), id.parse().unwrap());
    open.village.run(|ctx| people::accept(ctx, &actor, asked, Becoming::default()));
    browser.get(&open.village.path("/me")).is(404, "not-found");
    assert_eq!(browser.get(&open.path("/mine")).ok()["applications"][0]["state"], "accepted");
    browser.get(&open.village.path("/me")).ok();
}

#[test]
fn an_application_is_withdrawn_by_whoever_made_it() {
    let open = Open::new();
    open.village.house("1");
    let (id, secret) = open.with_photo("1", "", 1);
    let stranger = open.town.stranger();
    let mine = |key: &str| open.path(&format!("/mine/{key}"));
    stranger.delete(&mine(&id)).is(404, "not-found");
    assert_eq!(stranger.delete(&mine(&secret)).status, 204);
    assert!(!open.has_blob(&id));
    stranger.delete(&mine(&secret)).is(409, "ended");
    assert_eq!(open.follow(&secret)["state"], "withdrawn");
    let told = open.accept(&id).is(409, "ended");
    assert!(told["detail"].as_str().unwrap().starts_with("The applicant has withdrawn it: Зоя"), "{told}");
    assert_eq!(open.olga.get(&open.path(&format!("/{id}"))).ok()["decision"]["withdrawn"], true);
}

#[test]
fn those_who_wait_come_first() {
    let open = Open::new();
    let code = open.code(open.village.house("12"));
    let mut ids = Vec::new();
    for nth in 0..12 {
        let from = format!("198.51.100.{nth}");
        let body = open.wish(&json!({ "code": code, "phone": "", "name": format!("Зоя {nth}") }));
        let from = [("x-forwarded-for", from.as_str())];
        let answer = open.town.stranger().ask("POST", &open.path(""), &from, Some(&body));
        ids.push(applied(&answer).0);
    }
    for id in &ids[3..9] {
        open.refuse(id).is_done();
    }
    let listed = open.olga.get(&open.path("")).ok();
    let order: Vec<&str> =
        listed["applications"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    let expected: Vec<&String> =
        [11, 10, 9, 2, 1, 0, 8, 7, 6, 5, 4, 3].iter().map(|nth| &ids[*nth]).collect();
    assert_eq!(order, expected);
    assert!(listed["next"].is_null());
    assert_eq!(listed["applications"][7]["decision"]["by_name"], "Ольга");
    for bad in ["x", "open-00", "waiting-zz"] {
        open.olga.get(&open.path(&format!("?after={bad}"))).is(422, "invalid");
    }
    let none = open.path(&format!("/{}", open.village.community.id));
    open.olga.get(&none).is(404, "not-found");
    open.olga.post(&format!("{none}/acceptance"), &json!({})).is(404, "not-found");
    let (person, _) = open.village.resident("Иван", open.village.house("1"), PlaceKind::Owner);
    let ivan = open.town.as_person(&open.village, person);
    ivan.get(&open.path("")).is(403, "not-allowed");
    ivan.post(&open.path(&format!("/{}/acceptance", ids[0])), &json!({})).is(403, "not-allowed");
    let foreign = open.town.village("Берёзовка");
    let oleg = open.town.as_person(&foreign, foreign.officer("Олег", Role::Administrator));
    oleg.get(&foreign.path(&format!("/applications/{}", ids[0]))).is(404, "not-found");
}

#[test]
fn many_applications_come_in_pages() {
    let open = Open::new();
    let house = open.village.house("12");
    let key =
        open.town.communities.registry().house_code_key(open.village.community.id, entropy, now()).unwrap();
    let code = open.code(house);
    let (actor, mut waiting) = (Actor::Person(open.administrator), 0);
    for nth in 0..130 {
        let person =
            people::Person { name: format!("Зоя {nth}"), language: "ru".to_owned(), ..Default::default() };
        let applicant = people::Applicant { person, kind: PlaceKind::Owner };
        let id = open.village.run(|ctx| people::apply_with_code(ctx, &key, &code, &applicant));
        if nth % 10 == 0 {
            waiting += 1;
        } else {
            open.village.run(|ctx| Ok(((), people::refuse(ctx, &actor, id, "Не узнали")?)));
        }
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = open.olga.get(&open.path(&after)).ok();
        seen.extend(page["applications"].as_array().unwrap().iter().map(|one| one["decision"].is_null()));
        match page["next"].as_str() {
            Some(next) => after = format!("?after={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 130);
    assert!(seen[..waiting].iter().all(|waits| *waits) && seen[waiting..].iter().all(|waits| !waits));
}
