//! Who is told, on which channel, and when.

use dwellers::access::{Reason, Verdict as Judgement};
use dwellers::alarms::{About, Kind as AlarmKind};
use dwellers::gates::Direction;
use dwellers::people::{self, Applicant, Application, Becoming, Person, PlaceKind, Role};
use dwellers::{Actor, journal, passes, rights};
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::notify::{Channel, Kind, Message, Quiet, Settings, Stage, State, Subscription, Word};
use dwellers_replica::{Open, Writes};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::gatehouse::Gatehouse;
use crate::post::{Post, messages, until, village};
use crate::service::Manner;
use crate::smtp;

const HERS: &str = "olga@pines.example";
const HOUR_MS: u64 = 3_600_000;

#[test]
fn a_browser_gets_what_it_alone_can_read() {
    let post = Post::start();
    let olga = post.village.person("Olga");
    post.reachable(&post.village, olga, HERS);
    post.browser(olga);
    post.browser(olga);
    post.give_role(olga, Role::Guard);
    let told = post.until(olga, "told-role-given", State::Told);
    let got = post.service.got();
    assert_eq!(got.iter().map(|got| got.browser).max(), Some(1), "both browsers");
    assert_eq!(got.len(), 2);
    let shown = &got[0].shown;
    assert_eq!(shown["title"], "Pines: Your rights");
    assert_eq!(shown["text"], "You have a new role: Guard");
    assert_eq!(shown["link"], format!("https://cloud.example/communities/{}", post.village.community.id));
    assert_eq!(shown["tag"], told.id.to_string());
    let header = |name: &str| got[0].headers[name].as_str();
    assert_eq!((header("topic"), header("urgency")), (told.id.to_string().as_str(), "normal"));
    assert_eq!(header("ttl"), (24 * 3_600).to_string());
    assert_eq!(post.smtp.count(), 0, "one channel is enough");
}

#[test]
fn a_browser_that_is_gone_is_forgotten_and_a_letter_comes_instead() {
    let post = Post::start();
    post.service.manners(|browser, _| Manner::Answer(if browser == 0 { 410 } else { 201 }));
    let olga = post.village.person("Olga");
    post.reachable(&post.village, olga, HERS);
    let gone = post.browser(olga);
    post.give_role(olga, Role::Guard);
    let told = post.until(olga, "told-role-given", State::Told);
    assert!(!post.has_browser(gone));
    let tried: Vec<_> = told.value.deliveries.iter().map(|one| (&one.channel, &one.stage)).collect();
    assert_eq!(
        tried,
        [
            (&Open::Known(Channel::Push), &Open::Known(Stage::Failed)),
            (&Open::Known(Channel::Email), &Open::Known(Stage::Sent))
        ]
    );
    assert_eq!(post.smtp.to(HERS).len(), 1);
    // A browser that is there is enough, and stays; another that is not there any more goes.
    let (there, gone) = (post.browser(olga), Post::browser(&post, olga));
    post.service.manners(|browser, _| Manner::Answer(if browser == 2 { 404 } else { 201 }));
    post.give_role(olga, Role::Administrator);
    post.until(olga, "told-role-given", State::Told);
    until("it is forgotten", || !post.has_browser(gone));
    assert!(post.has_browser(there));
    assert_eq!(post.smtp.to(HERS).len(), 1);
}

#[test]
fn a_browser_is_told_while_somebody_is_signed_in_there() {
    let post = Post::start();
    let olga = post.village.person("Olga");
    post.reachable(&post.village, olga, HERS);
    let (left, stays) = (post.browser(olga), post.browser(olga));
    let (accounts, store) = (post.communities.accounts(), &post.village.community.store);
    let membership = accounts.membership_of(post.village.community.id, olga).unwrap().unwrap();
    let of_left = store.view(|view| view.of::<Subscription>().get(left)).unwrap().unwrap().unwrap();
    accounts.end(membership.value.account, of_left.value.session, now()).unwrap();
    post.give_role(olga, Role::Guard);
    post.until(olga, "told-role-given", State::Told);
    let browsers: Vec<_> = post.service.got().iter().map(|got| got.browser).collect();
    assert_eq!(browsers, [1], "the other one alone");
    assert!(!post.has_browser(left) && post.has_browser(stays));
    // The account is nobody here any more.
    accounts.part(&membership, now()).unwrap();
    post.give_role(olga, Role::Administrator);
    until("it is forgotten", || !post.has_browser(stays));
    assert_eq!(post.service.got().len(), 1, "nobody is told");
}

#[test]
fn a_service_says_when_to_come_again_and_is_followed_nowhere() {
    let post = Post::start();
    let delivery_of = |manner: Manner| {
        post.service.manners(move |_, _| manner.clone());
        let person = post.village.person("Anna");
        post.wish(&post.village, person, &Settings { quiet: None, ..Settings::default() });
        post.browser(person);
        post.give_role(person, Role::Guard);
        let told = || post.messages(person, "told-role-given").first().cloned();
        until("it is tried", || {
            told().is_some_and(|told| {
                told.value.deliveries.iter().any(|one| one.stage != Open::Known(Stage::Sending))
            })
        });
        let told = told().unwrap().value;
        (told.deliveries[0].clone(), told.due_ms - told.deliveries[0].at_ms)
    };
    let (later, pause_ms) = delivery_of(Manner::Later(429, 120));
    assert_eq!((later.stage, pause_ms), (Open::Known(Stage::Queued), 120_000));
    let (broken, pause_ms) = delivery_of(Manner::Answer(503));
    assert_eq!((broken.stage, pause_ms), (Open::Known(Stage::Queued), 10_000));
    let (refused, _) = delivery_of(Manner::Answer(403));
    assert_eq!(refused.stage, Open::Known(Stage::Failed));
    let asked = post.service.asked();
    let (elsewhere, _) = delivery_of(Manner::Redirect("https://push.example.org/to/0".to_owned()));
    assert_eq!(elsewhere.stage, Open::Known(Stage::Failed));
    assert_eq!(post.service.asked(), asked + 1);
    let (silent, _) = delivery_of(Manner::Silent);
    assert!(silent.unsure && silent.stage == Open::Known(Stage::Queued), "{silent:?}");
}

/// With the resolver that serves: a name that stands for this machine is not asked.
#[test]
fn nobody_makes_the_cloud_speak_to_its_neighbours() {
    use dwellers_cloud::mail::Mailer;
    use dwellers_cloud::notify::Outbox;
    use dwellers_cloud::notify::push::Push;
    let post = Post::at_rest();
    let push = Push::in_folder(
        post.folder.path(),
        "https://cloud.example".to_owned(),
        dwellers_cloud::clock::random,
    );
    let outbox = Outbox::new(post.communities.clone(), None::<Mailer>, push.unwrap(), None, String::new());
    let person = post.village.person("Anna");
    post.wish(&post.village, person, &Settings { quiet: None, ..Settings::default() });
    let browser = post.browser(person);
    let store = &post.village.community.store;
    let known = store.view(|view| view.of::<Subscription>().get(browser)).unwrap().unwrap().unwrap();
    let mut writes = Writes::new();
    // This machine calls itself so, whatever its name servers say.
    writes.update(&known, |known| known.endpoint = "https://localhost.localdomain/1".to_owned());
    store.commit(now(), writes).unwrap();
    let resolves = std::net::ToSocketAddrs::to_socket_addrs(&("localhost.localdomain", 443)).is_ok();
    post.give_role(person, Role::Guard);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (stop, shutdown) = tokio::sync::watch::channel(false);
    let running = runtime.spawn(outbox.run(shutdown));
    until("it is tried", || {
        post.messages(person, "told-role-given").first().is_some_and(|told| {
            told.value.deliveries.iter().any(|one| one.stage != Open::Known(Stage::Sending))
        })
    });
    let tried = post.messages(person, "told-role-given").remove(0).value.deliveries;
    if resolves {
        assert_eq!(tried[0].stage, Open::Known(Stage::Failed), "{tried:?}");
        assert!(tried[0].why.contains("no public machine"), "{tried:?}");
    }
    stop.send_replace(true);
    runtime.block_on(running).unwrap();
}

#[test]
fn quiet_hours_keep_what_is_not_urgent_until_the_morning() {
    let post = Post::start();
    let olga = post.village.person("Olga");
    post.reachable(&post.village, olga, HERS);
    let zone = TimeZone::get("Europe/Moscow").unwrap();
    let local = zone.to_datetime(Timestamp::from_millisecond(now().ms.try_into().unwrap()).unwrap());
    let minute = u16::try_from(local.hour()).unwrap() * 60 + u16::try_from(local.minute()).unwrap();
    let quiet = Quiet { from_minute: (minute + 1_380) % 1_440, until_minute: (minute + 60) % 1_440 };
    post.wish(&post.village, olga, &Settings { quiet: Some(quiet), ..Settings::default() });
    post.give_role(olga, Role::Guard);
    until("it waits", || {
        post.messages(olga, "told-role-given").first().is_some_and(|one| one.value.due_ms > one.value.made_ms)
    });
    let waiting = post.messages(olga, "told-role-given").remove(0).value;
    let waits_ms = waiting.due_ms - waiting.made_ms;
    assert!((58 * 60_000..=60 * 60_000).contains(&waits_ms), "{waits_ms}");
    assert_eq!((waiting.state, post.smtp.count()), (Open::Known(State::Waiting), 0));
    // What is urgent goes through: crate::questions has the same settings otherwise.
    let house = post.village.house("1");
    post.village.run(|ctx| people::settle(ctx, &Actor::Operator, olga, house, PlaceKind::Owner));
    let gatehouse = Gatehouse::new(post.folder.path());
    crate::questions::ask(&post, &gatehouse, house, &[olga], 20_000, 1_000, 0);
    post.until(olga, "told-question", State::Told);
    assert_eq!(post.smtp.to(HERS).len(), 1);
}

#[test]
fn what_somebody_turned_off_is_not_even_written_down() {
    let post = Post::start();
    let olga = post.village.person("Olga");
    post.reachable(&post.village, olga, HERS);
    let off = vec![Open::Known(Kind::Right)];
    post.wish(&post.village, olga, &Settings { off, quiet: None, ..Settings::default() });
    post.give_role(olga, Role::Administrator);
    let about = About { kind: AlarmKind::NoRoom, subject: "", name: "" };
    post.village.community.raise(about, "full", now());
    post.until(olga, "told-alarm", State::Told);
    assert!(post.messages(olga, "told-role-given").is_empty());
    assert_eq!(post.smtp.to(HERS).len(), 1);
    assert!(post.smtp.to(HERS)[0].text.starts_with("There is no room left for photographs ("));
}

#[test]
fn administrators_hear_of_alarms_that_stand() {
    let mut post = Post::at_rest();
    let olga = post.administrator("Olga", HERS);
    let raise = |kind, name| post.village.community.raise(About { kind, subject: name, name }, "x", now());
    raise(AlarmKind::HubSilent, "North");
    raise(AlarmKind::ClockOff, "South");
    post.village.community.end_alarm(AlarmKind::ClockOff, "South", now());
    post.begin();
    until("both are through", || {
        let alarms = post.messages(olga, "told-alarm");
        alarms.len() == 2 && alarms.iter().all(|one| one.value.state != Open::Known(State::Waiting))
    });
    post.until(olga, "told-role", State::Told);
    until("it is told", || post.smtp.to(HERS).len() == 2);
    let states: Vec<_> = post.messages(olga, "told-alarm").into_iter().map(|one| one.value.state).collect();
    assert!(states.contains(&Open::Known(State::Over)), "{states:?}");
    let text = post.smtp.to(HERS).into_iter().map(|letter| letter.text).collect::<String>();
    assert!(text.contains("North: The gatehouse is not connected"), "{text}");
    assert!(!text.contains("South"), "{text}");
}

#[test]
fn rights_that_are_given_and_taken_are_told_once() {
    let mut post = Post::start();
    let olga = post.administrator("Olga", HERS);
    let house = post.village.house("12");
    let anna = post.village.person("Anna");
    post.reachable(&post.village, anna, "anna@pines.example");
    let place = post.village.run(|ctx| people::settle(ctx, &Actor::Operator, anna, house, PlaceKind::Owner));
    post.until(anna, "told-place-given", State::Told);
    post.village.revoke(olga, place);
    post.until(anna, "told-place-taken", State::Told);
    let role = post.give_role(anna, Role::Guard);
    post.until(anna, "told-role-given", State::Told);
    // Who gives something up knows it.
    post.village.run(|ctx| Ok(((), rights::revoke(ctx, &Actor::Person(olga), role, "")?)));
    post.until(anna, "told-role-taken", State::Told);
    let texts: Vec<_> = post
        .smtp
        .to("anna@pines.example")
        .iter()
        .map(|one| one.text.lines().next().unwrap().to_owned())
        .collect();
    assert_eq!(
        texts,
        [
            "You are now of house 12: Owner",
            "You are no longer of house 12: Owner. съехал",
            "You have a new role: Guard",
            "You no longer have the role: Guard"
        ]
    );
    // Whoever looks through everything anew finds all of it told.
    post.end();
    let store = &post.village.community.store;
    let count = post.smtp.count();
    store.with(|_| ()).unwrap();
    post.begin();
    post.give_role(anna, Role::Administrator);
    until("the next is told", || post.smtp.count() > count);
    assert_eq!(post.smtp.count(), count + 1);
}

#[test]
fn an_application_is_told_reminded_of_and_answered() {
    let post = Post::start();
    let olga = post.administrator("Olga", HERS);
    let house = post.village.house("7");
    // It was made yesterday, and nobody was there to tell.
    let (id, made_ms) = (dwellers_replica::RecordId::new(now().ms, entropy()), now().ms - 25 * HOUR_MS);
    let waiting =
        Application { name: "Oleg".to_owned(), house, at_ms: made_ms, nth: 1, ..Application::default() };
    let mut writes = Writes::new();
    writes.create(id, &waiting);
    post.village.community.store.commit(now(), writes).unwrap();
    post.until(olga, "told-application", State::Told);
    until("both are told", || post.messages(olga, "told-application").len() == 2);
    let reminder = post.until(olga, "told-application-waits", State::Told);
    assert!(reminder.value.cause.ends_with("reminder 1"), "{}", reminder.value.cause);
    // One that is made now is told at once, and its applicant hears the answer.
    let person = Person { name: "Vera".to_owned(), language: "en".to_owned(), ..Person::default() };
    let applicant = Applicant { person, kind: PlaceKind::Owner };
    let photo = "0".repeat(64);
    let application = post.village.run(|ctx| people::apply_with_photo(ctx, house, &photo, &applicant));
    until("it is told", || post.messages(olga, "told-application").len() == 3);
    let right = Becoming { house: Some(post.village.house("8")), ..Becoming::default() };
    let vera = post.village.run(|ctx| people::accept(ctx, &Actor::Person(olga), application, right));
    post.reachable(&post.village, vera, "vera@pines.example");
    until("they hear it", || !post.messages(vera, "told-accepted").is_empty());
    // Of the house that they have, which is not the one that they asked for.
    let told = &post.messages(vera, "told-accepted")[0].value;
    assert_eq!(told.words["house"], Open::Known(Word::Text("8".to_owned())));
    assert!(post.messages(vera, "told-place").is_empty(), "once for one thing");
    // Of what was decided nobody is reminded any more.
    post.village.run(|ctx| Ok(((), people::refuse(ctx, &Actor::Person(olga), id, "no")?)));
    assert_eq!(post.messages(olga, "told-application-waits").len(), 1);
}

#[test]
fn whoever_issued_a_pass_hears_who_came_on_it() {
    let post = Post::start();
    let house = post.village.house("3");
    let (anna, oleg) = ("anna@pines.example", "oleg@pines.example");
    let owner = post.resident("Anna", house, PlaceKind::Owner, anna);
    post.resident("Oleg", house, PlaceKind::Family, oleg);
    post.until(owner, "told-place-given", State::Told);
    let request = passes::Request {
        house,
        terms: passes::Terms::Courier { minutes: None },
        plate: String::new(),
        name: "Pizza".to_owned(),
        code: false,
        note: String::new(),
        decider: None,
    };
    let gatehouse = Gatehouse::new(post.folder.path());
    gatehouse.tell(&post.village);
    let request = passes::Request { decider: Some(gatehouse.hub), ..request };
    let issued = post.village.run(|ctx| {
        let issued = passes::issue(ctx, &Actor::Person(owner), &request)?;
        Ok((issued.id, issued.writes))
    });
    let arrival = |verdict, reason| journal::Entry {
        hub: gatehouse.hub,
        number: 1,
        at_ms: now().ms,
        gate: Some(gatehouse.gate),
        direction: Some(Direction::Entry),
        verdict: Some(Open::Known(verdict)),
        reason: Some(Open::Known(reason)),
        house: Some(house),
        grant: Some(issued),
        ..journal::Entry::default()
    };
    gatehouse.write(&arrival(Judgement::Open, Reason::Pass));
    gatehouse.tell(&post.village);
    post.until(owner, "told-arrived", State::Told);
    for _ in 0..3 {
        gatehouse.write(&arrival(Judgement::Refuse, Reason::UsedUp));
    }
    // Out of the gate it is nobody's news.
    gatehouse.write(&journal::Entry {
        direction: Some(Direction::Exit),
        ..arrival(Judgement::Open, Reason::Leaving)
    });
    gatehouse.tell(&post.village);
    post.until(owner, "told-refused", State::Told);
    let texts: Vec<_> = post.smtp.to(anna).into_iter().skip(1).map(|one| one.text).collect();
    assert!(texts[0].starts_with("Pizza has come: Main gate, "), "{texts:?}");
    assert!(texts[1].starts_with("Pizza was not let in: Main gate, "), "{texts:?}");
    assert!(texts[1].contains("This pass has been used"), "{texts:?}");
    assert_eq!(texts.len(), 2, "who is read again and again was refused once");
    assert_eq!(post.smtp.to(oleg).len(), 1, "it was not Oleg's pass");
}

#[test]
fn what_is_on_its_way_is_waited_for_at_the_end() {
    let mut post = Post::start();
    post.smtp.manners(|_, _| smtp::Manner::TakeAfter(std::time::Duration::from_millis(700)));
    let olga = post.administrator("Olga", HERS);
    until("it is on its way", || {
        post.messages(olga, "told-role")
            .first()
            .is_some_and(|one| one.value.state == Open::Known(State::Sending))
    });
    post.end();
    let told = post.messages(olga, "told-role").remove(0).value;
    assert_eq!((told.state, post.smtp.count()), (Open::Known(State::Told), 1));
}

/// One community with much to tell over a slow server does not keep another waiting, nor its own urgent news.
#[test]
fn nobody_waits_for_a_community_that_has_much_to_tell() {
    let mut post = Post::at_rest();
    post.smtp.manners(|_, _| smtp::Manner::TakeAfter(std::time::Duration::from_millis(100)));
    let olga = post.administrator("Olga", HERS);
    for nth in 0..200 {
        let subject = format!("hub {nth}");
        let about = About { kind: AlarmKind::Intruder, subject: &subject, name: &subject };
        post.village.community.raise(about, "x", now());
    }
    let other = village(&post.communities, "Birches");
    let anna = other.person("Anna");
    post.reachable(&other, anna, "anna@birches.example");
    post.begin();
    until("some are told", || post.smtp.count() >= 10);
    other.run(|ctx| people::grant_role(ctx, &Actor::Operator, anna, Role::Guard));
    until("the other's is told", || post.smtp.to("anna@birches.example").len() == 1);
    let before = post.smtp.count();
    assert!(before < 100, "{before} went first");
    assert_eq!(messages(&other, anna).len(), 1);
    until("all is told", || post.smtp.to(HERS).len() == 201);
    post.until(olga, "told-alarm", State::Told);
}

#[test]
fn a_community_at_rest_is_opened_when_something_of_it_is_due() {
    let mut post = Post::at_rest();
    let at_rest = village(&post.communities, "Birches");
    let (anna, address) = (at_rest.person("Anna"), "anna@birches.example");
    post.reachable(&at_rest, anna, address);
    let message = Message {
        cause: "test".to_owned(),
        person: anna,
        text: "told-too-late".to_owned(),
        made_ms: now().ms,
        due_ms: now().ms + 2_000,
        until_ms: u64::MAX,
        ..Message::default()
    };
    let mut writes = Writes::new();
    writes.create(Message::id("test", anna), &message);
    at_rest.community.store.commit(now(), writes).unwrap();
    let id = at_rest.community.id;
    drop(at_rest);
    let later = dwellers_replica::Now { ms: now().ms + dwellers_cloud::communities::IDLE_MS, trusted: true };
    post.communities.rest(later);
    assert!(post.communities.if_open(id).is_none());
    post.begin();
    until("it is told", || post.smtp.to(address).len() == 1);
    assert!(now().ms >= message.due_ms, "not before");
    // Nobody else needs it: it is closed again.
    until("it is at rest", || post.communities.if_open(id).is_none());
    let told = post.communities.open(id, now()).unwrap();
    let told = messages(&crate::town::Village { community: told }, anna).remove(0).value;
    assert_eq!(told.state, Open::Known(State::Told));
}
