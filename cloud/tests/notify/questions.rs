//! A guard's question: in turn, the first answer wins, the others hear it.

use dwellers::people::PlaceKind;
use dwellers::questions::{self, Question};
use dwellers::{Actor, questions::Answer};
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::notify::{Holds, Kind, Message, State};
use dwellers_cloud::retention;
use dwellers_replica::{Open, Record, RecordId, ReplicaId, Spec, Writes};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use crate::gatehouse::Gatehouse;
use crate::post::{Post, messages, until};
use crate::service;
use crate::smtp::Manner;

/// A question that was asked so long ago.
pub(crate) fn ask(
    post: &Post,
    gatehouse: &Gatehouse,
    house: RecordId,
    order: &[RecordId],
    timeout_ms: u32,
    step_ms: u32,
    ago_ms: u64,
) -> RecordId {
    let question = Question {
        hub: gatehouse.hub,
        house,
        gate: gatehouse.gate,
        name: "A courier".to_owned(),
        guard: "Pyotr".to_owned(),
        at_ms: now().ms - ago_ms,
        timeout_ms,
        step_ms,
        order: order.to_vec(),
        ..Question::default()
    };
    let id = gatehouse.write(&question);
    gatehouse.tell(&post.village);
    id
}

struct House {
    post: Post,
    gatehouse: Gatehouse,
    house: RecordId,
    people: Vec<RecordId>,
}

const ADDRESSES: [&str; 3] = ["anna@pines.example", "boris@pines.example", "vera@pines.example"];

impl House {
    fn new() -> House {
        let post = Post::start();
        let house = post.village.house("5");
        let kinds = [PlaceKind::Owner, PlaceKind::Family, PlaceKind::Family];
        let people: Vec<_> = ["Anna", "Boris", "Vera"]
            .into_iter()
            .zip(kinds)
            .zip(ADDRESSES)
            .map(|((name, kind), address)| post.resident(name, house, kind, address))
            .collect();
        for person in &people {
            post.until(*person, "told-place-given", State::Told);
        }
        let gatehouse = Gatehouse::new(post.folder.path());
        House { post, gatehouse, house, people }
    }

    fn ask(&self, timeout_ms: u32, step_ms: u32, ago_ms: u64) -> RecordId {
        ask(&self.post, &self.gatehouse, self.house, &self.people, timeout_ms, step_ms, ago_ms)
    }

    /// What somebody got, but for their place.
    fn got(&self, nth: usize) -> Vec<String> {
        let letters = self.post.smtp.to(ADDRESSES[nth]).into_iter().skip(1);
        letters.map(|letter| letter.text.lines().next().unwrap().to_owned()).collect()
    }
}

const ASKED: &str = "A courier is waiting at: Main gate. Let them in?";

#[test]
fn the_house_is_asked_in_turn_and_the_first_answer_wins() {
    let at = House::new();
    let question = at.ask(30_000, 2_000, 0);
    at.post.until(at.people[0], "told-question", State::Told);
    assert!(at.got(1).is_empty() && at.got(2).is_empty(), "each in turn");
    at.post.until(at.people[1], "told-question", State::Told);
    let second = at.post.messages(at.people[1], "told-question").remove(0).value;
    assert!(second.deliveries[0].at_ms >= second.due_ms, "not before their turn");
    assert_eq!(at.got(2), Vec::<String>::new());
    at.post.village.run(|ctx| questions::answer(ctx, &Actor::Person(at.people[1]), question, true));
    at.post.until(at.people[0], "told-allowed", State::Told);
    at.post.until(at.people[2], "told-question", State::Over);
    assert_eq!(at.got(0), [ASKED, "Boris has answered: let in. Gate: Main gate"]);
    assert_eq!(at.got(1), [ASKED]);
    assert_eq!(at.got(2), Vec::<String>::new());
}

#[test]
fn who_heard_of_a_question_that_nobody_answered_hears_that_too() {
    let at = House::new();
    at.ask(3_000, 1_000, 0);
    for person in &at.people {
        at.post.until(*person, "told-question", State::Told);
    }
    for person in &at.people {
        at.post.until(*person, "told-unanswered", State::Told);
    }
    let unanswered = "Nobody answered in time, the guard has decided. Gate: Main gate";
    for nth in 0..3 {
        assert_eq!(at.got(nth), [ASKED, unanswered]);
    }
}

#[test]
fn an_answer_that_comes_too_late_is_told_to_whoever_gave_it() {
    let at = House::new();
    let question = at.ask(1_000, 1_000, 0);
    at.post.until(at.people[0], "told-unanswered", State::Told);
    at.post.village.run(|ctx| questions::answer(ctx, &Actor::Person(at.people[0]), question, true));
    at.post.until(at.people[0], "told-too-late", State::Told);
    assert!(at.post.messages(at.people[1], "told-allowed").is_empty());
}

#[test]
fn a_question_whose_time_is_over_is_told_to_nobody() {
    let at = House::new();
    // The gatehouse had no network.
    at.ask(1_000, 500, 60_000);
    at.post.until(at.people[0], "told-question", State::Stale);
    until("what was never to be said leaves no trace", || {
        at.post.messages(at.people[0], "told-unanswered").is_empty()
    });
    assert!(at.got(0).is_empty());
}

#[test]
fn a_house_that_said_it_by_telephone_is_told_so() {
    let at = House::new();
    let question = at.ask(30_000, 20_000, 0);
    at.post.until(at.people[0], "told-question", State::Told);
    let answer =
        Answer { question, allow: false, guard: "Pyotr".to_owned(), at_ms: now().ms, ..Answer::default() };
    let mut writes = Writes::new();
    writes.create(RecordId::new(now().ms, entropy()), &answer);
    at.post.village.community.store.commit(now(), writes).unwrap();
    at.post.until(at.people[0], "told-denied-by-telephone", State::Told);
}

/// A question as a hub writes it that somebody took over.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Nonsense {
    hub: ReplicaId,
    house: RecordId,
    order: String,
}

impl Record for Nonsense {
    const SPEC: Spec = Question::SPEC;
}

#[test]
fn a_gatehouse_that_writes_nonsense_silences_nothing_but_that() {
    let at = House::new();
    let nonsense = Nonsense { hub: at.gatehouse.hub, house: at.house, order: "Anna".to_owned() };
    let question = at.gatehouse.write(&nonsense);
    at.gatehouse.write(&Answer { question, allow: true, at_ms: now().ms, ..Answer::default() });
    let told = |cause: &str, holds| Message {
        person: at.people[1],
        cause: cause.to_owned(),
        kind: Open::Known(Kind::Question),
        text: cause.to_owned(),
        made_ms: now().ms,
        due_ms: now().ms,
        until_ms: now().ms + 60_000,
        urgent: true,
        holds: Open::Known(holds),
        ..Message::default()
    };
    // And what was to be said of a question before it was made nonsense.
    let mut writes = Writes::new();
    for told in
        [told("told-question", Holds::Unanswered(question)), told("told-unanswered", Holds::Heard(question))]
    {
        writes.create(Message::id(&told.cause, told.person), &told);
    }
    at.gatehouse.tell(&at.post.village);
    at.post.village.community.store.commit(now(), writes).unwrap();
    at.post.until(at.people[1], "told-question", State::Over);
    until("there is nothing to be said", || at.post.messages(at.people[1], "told-unanswered").is_empty());
    // Others are asked and told as ever.
    at.ask(30_000, 20_000, 0);
    at.post.until(at.people[0], "told-question", State::Told);
}

#[test]
fn what_was_told_in_somebodys_words_goes_with_them() {
    let at = House::new();
    let question = at.ask(30_000, 20_000, 0);
    at.post.until(at.people[0], "told-question", State::Told);
    let boris = at.people[1];
    at.post.village.run(|ctx| questions::answer(ctx, &Actor::Person(boris), question, true));
    at.post.until(at.people[0], "told-allowed", State::Told);
    let erase = retention::erase(&at.post.communities, &at.post.village.community, boris, now());
    assert!(Runtime::new().unwrap().block_on(erase).unwrap() > 0);
    let told = messages(&at.post.village, at.people[0]);
    let told: Vec<_> = told.iter().map(|told| told.value.text.as_str()).collect();
    assert!(told.contains(&"told-place-given"), "{told:?}");
    assert!(!told.iter().any(|text| text.starts_with("told-allowed")), "who answered: {told:?}");
    assert!(!told.iter().any(|text| text.starts_with("told-question")), "who came: {told:?}");
}

/// A minute at the gate: tries follow each other quickly, and end.
#[test]
fn a_server_that_is_busy_is_asked_again_while_somebody_waits() {
    let at = House::new();
    at.post.smtp.manners(|address, nth| match address {
        // The first was their place.
        "anna@pines.example" if nth < 3 => Manner::Busy,
        "boris@pines.example" => Manner::BusyAfter,
        _ => Manner::Take,
    });
    at.ask(60_000, 100, 0);
    let told = at.post.until(at.people[0], "told-question", State::Told);
    assert_eq!(told.value.deliveries[0].tries, 3);
    let failed = at.post.until(at.people[1], "told-question", State::Failed);
    assert_eq!(failed.value.deliveries[0].tries, 4);
    assert_eq!(at.got(0), [ASKED]);
    assert!(at.got(1).is_empty());
}

/// A push service that fell silent may have taken it: a second one takes the place of the first.
#[test]
fn a_browser_shows_a_question_once_however_often_it_was_sent() {
    let at = House::new();
    at.post.service.manners(|_, nth| match nth {
        0 => service::Manner::Silent,
        _ => service::Manner::Answer(201),
    });
    at.post.browser(at.people[0]);
    let question = at.ask(60_000, 30_000, 0);
    let told = at.post.until(at.people[0], "told-question", State::Told);
    assert_eq!(told.value.deliveries.len(), 1);
    assert_eq!((at.post.service.got().len(), at.post.service.tags().len()), (2, 1));
    assert_eq!(at.post.service.got()[0].headers["urgency"], "high");
    // What is said of it later takes its place, too.
    at.post.village.run(|ctx| questions::answer(ctx, &Actor::Person(at.people[1]), question, false));
    at.post.until(at.people[0], "told-denied", State::Told);
    assert_eq!(at.post.service.tags().len(), 1);
    assert!(at.got(0).is_empty(), "no letter besides");
}
