//! What happened → who should know: pure, from the records of one community.
//!
//! Invariants: a cause names the record that it comes from, so that whoever looks twice finds the same message; nobody is told
//! what they did themselves; what does not read silences nothing but itself.
//!
//! What must never be here: on which channel; a write.

use std::collections::BTreeMap;

use dwellers::access::{Reason, Verdict as Judgement};
use dwellers::alarms::{Alarm, AlarmEnd};
use dwellers::gates::{Direction, Gate};
use dwellers::passes::Pass;
use dwellers::people::{
    self, Application, Community, House, Permission, Person, Place, PlaceKind, Role, RoleGrant, Verdict,
};
use dwellers::plate::{self, Country};
use dwellers::questions::{Answer, Question};
use dwellers::rights::{self, Grant, Revocation};
use dwellers::texts::Spoken;
use dwellers::{Actor, Context, journal};
use dwellers_replica::{Entry, Now, Open, Query, ReadError, Record, RecordId, View};

use super::message::{Holds, Kind, Message, Word};
use crate::applications::Ticket;

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// A record that arrived: its collection and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrived<'a> {
    pub collection: &'a str,
    pub id: RecordId,
}

/// Who should know of one of the records that arrived in a transaction. `together` is the whole transaction.
pub(super) fn who_should_know(
    view: View<'_>,
    now: Now,
    arrived: Arrived<'_>,
    together: &[Arrived<'_>],
) -> Result<Vec<Message>, ReadError> {
    // What makes no sense is nobody's news, and keeps nobody from other news.
    Ok(legible(Tell { view, now }.told(arrived, together))?.unwrap_or_default())
}

/// The reminders of applications that are due, and when the next one will be.
pub(super) fn reminders(view: View<'_>, now: Now) -> Result<(Vec<Message>, Option<u64>), ReadError> {
    let tell = Tell { view, now };
    let (mut messages, mut next) = (Vec::new(), None::<u64>);
    for open in legible(people::open_applications(view))?.unwrap_or_default() {
        let after = |hours: u8| open.value.at_ms.saturating_add(u64::from(hours) * HOUR_MS);
        let moments = people::REMINDER_HOURS.map(after);
        // Of those that were missed one is enough.
        if let Some(nth) = moments.iter().rposition(|moment| *moment <= now.ms) {
            let told = tell.application(open.id, &open.value, Some(nth + 1));
            messages.extend(legible(told)?.unwrap_or_default());
        }
        let later = moments.into_iter().find(|moment| *moment > now.ms);
        next = next.into_iter().chain(later).min();
    }
    Ok((messages, next))
}

/// How a message stands that is due, by what it was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is worth telling.
    Holds,
    /// Not before then.
    NotYet(u64),
    /// What it was about is over.
    Over,
    /// There is nothing to be said, and nothing to be remembered.
    Nothing,
}

/// Whether a message is still worth telling.
pub(super) fn standing(view: View<'_>, now: Now, message: &Message) -> Result<Standing, ReadError> {
    let over = |is_over: bool| if is_over { Standing::Over } else { Standing::Holds };
    // Who may no more is told no more.
    let actor = Actor::Person(message.person);
    let may = |permission| {
        Ok::<_, ReadError>(legible(people::may(view, now, &actor, permission))?.unwrap_or_default())
    };
    match message.holds.known() {
        None | Some(Holds::Always) => Ok(Standing::Holds),
        Some(Holds::InPlace) => {
            let before = message.replaces.map(|before| find::<Message>(view, before)).transpose()?.flatten();
            Ok(match before.is_some_and(|before| before.is_coming() || before.place().is_some()) {
                true => Standing::Holds,
                false => Standing::Nothing,
            })
        }
        Some(Holds::Unanswered(question)) => {
            let Some(asked) = find::<Question>(view, *question)? else { return Ok(Standing::Over) };
            if first_answer(view, *question)?.is_some() {
                return Ok(Standing::Over);
            }
            let answers = people::may_in(view, now, &actor, asked.house, Permission::AnswerQuestion);
            if !legible(answers)?.unwrap_or_default() {
                return Ok(Standing::Over);
            }
            let reached = asked.reached(now.ms.saturating_sub(asked.at_ms));
            Ok(match reached.contains(&message.person) {
                true => Standing::Holds,
                false => Standing::NotYet(turn_ms(&asked, message.person)),
            })
        }
        Some(Holds::Heard(question)) => {
            let Some(asked) = find::<Question>(view, *question)? else { return Ok(Standing::Nothing) };
            let answer = first_answer(view, *question)?;
            let in_time = answer.is_some_and(|answer| answer.at_ms < end_ms(&asked));
            Ok(match !in_time && heard(view, *question, message.person)? {
                true => Standing::Holds,
                false => Standing::Nothing,
            })
        }
        Some(Holds::Undecided(application)) => {
            let decided = legible(people::verdict(view, *application))?.flatten().is_some();
            Ok(over(decided || !may(Permission::DecideApplications)?))
        }
        Some(Holds::Standing(alarm)) => {
            let query = Query::on("alarm").equal(alarm.to_string()).limit(1);
            let has_ended = !view.of::<AlarmEnd>().find(&query)?.entries.is_empty();
            Ok(over(has_ended || !may(Permission::ManageCommunity)?))
        }
    }
}

/// When a person is reached by a question.
fn turn_ms(asked: &Question, person: RecordId) -> u64 {
    let turn = asked.order.iter().position(|one| *one == person).unwrap_or_default();
    let steps = u64::try_from(turn).unwrap_or_default();
    asked.at_ms.saturating_add(steps.saturating_mul(asked.step_ms.max(1).into()))
}

/// When no answer counts any more.
fn end_ms(asked: &Question) -> u64 {
    asked.at_ms.saturating_add(asked.timeout_ms.into())
}

fn asked_of(question: RecordId) -> String {
    format!("question {question}")
}

/// Whether somebody may have heard of a question.
fn heard(view: View<'_>, question: RecordId, person: RecordId) -> Result<bool, ReadError> {
    let told = find::<Message>(view, Message::id(&asked_of(question), person))?;
    Ok(told.is_some_and(|told| told.may_be_heard()))
}

fn first_answer(view: View<'_>, question: RecordId) -> Result<Option<Answer>, ReadError> {
    let query = Query::on("question").equal(question.to_string()).limit(1);
    Ok(view.of::<Answer>().find(&query)?.entries.into_iter().next().map(|answer| answer.value))
}

/// What was read, where it makes sense: a hub that writes nonsense silences nobody, that is as if it were not there.
fn legible<T>(read: Result<T, ReadError>) -> Result<Option<T>, ReadError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(ReadError::Unreadable { .. }) => Ok(None),
        Err(why) => Err(why),
    }
}

/// A record that is there and makes sense.
fn find<T: Record>(view: View<'_>, id: RecordId) -> Result<Option<T>, ReadError> {
    Ok(legible(view.of::<T>().get(id))?.flatten().map(|found| found.value))
}

struct Tell<'a> {
    view: View<'a>,
    now: Now,
}

type Told = Result<Vec<Message>, ReadError>;

impl Tell<'_> {
    /// Who should know of one of the records that arrived.
    fn told(&self, arrived: Arrived<'_>, together: &[Arrived<'_>]) -> Told {
        let (id, tell) = (arrived.id, self);
        let is = |spec: dwellers_replica::Spec| arrived.collection == spec.name;
        if is(Question::SPEC) {
            tell.of::<Question>(id, |asked| tell.question(id, &asked))
        } else if is(Answer::SPEC) {
            tell.of::<Answer>(id, |answer| tell.answer(&answer))
        } else if is(journal::Entry::SPEC) {
            tell.of::<journal::Entry>(id, |entry| tell.arrival(id, &entry))
        } else if is(Application::SPEC) {
            tell.of::<Application>(id, |application| tell.application(id, &application, None))
        } else if is(Verdict::SPEC) {
            tell.of::<Verdict>(id, |verdict| tell.verdict(&verdict))
        } else if is(Place::SPEC) {
            tell.of::<Place>(id, |place| tell.place(id, &place, together))
        } else if is(RoleGrant::SPEC) {
            tell.of::<RoleGrant>(id, |role| tell.role(id, &role))
        } else if is(Revocation::SPEC) {
            tell.of::<Revocation>(id, |revocation| tell.revocation(id, &revocation))
        } else if is(Alarm::SPEC) {
            tell.of::<Alarm>(id, |alarm| tell.alarm(id, &alarm))
        } else if is(AlarmEnd::SPEC) {
            tell.of::<AlarmEnd>(id, |end| tell.alarm_end(&end))
        } else {
            Ok(Vec::new())
        }
    }

    /// What is told of a record, where it is there.
    fn of<T: Record>(&self, id: RecordId, tell: impl FnOnce(T) -> Told) -> Told {
        find(self.view, id)?.map_or_else(|| Ok(Vec::new()), tell)
    }

    fn message(&self, kind: Kind, cause: String, text: &str, at_ms: u64, lasts_ms: u64) -> Message {
        Message {
            cause,
            kind: Open::Known(kind),
            text: text.to_owned(),
            made_ms: self.now.ms,
            due_ms: self.now.ms,
            until_ms: at_ms.saturating_add(lasts_ms),
            ..Message::default()
        }
    }

    fn question(&self, id: RecordId, asked: &Question) -> Told {
        let (plate, gate) = (self.plate(&asked.plate)?, self.gate(Some(asked.gate))?);
        let (text, end_ms) = (whom("told-question", &asked.name, &plate), end_ms(asked));
        let words = words([("name", &asked.name), ("plate", &plate), ("gate", &gate)]);
        let mut messages = Vec::new();
        for person in &asked.order {
            let due_ms = turn_ms(asked, *person).max(self.now.ms);
            let told = Message {
                person: *person,
                urgent: true,
                words: words.clone(),
                about: Some(id),
                holds: Open::Known(Holds::Unanswered(id)),
                link: format!("questions/{id}"),
                due_ms,
                ..self.message(Kind::Question, asked_of(id), &text, end_ms, 0)
            };
            let unanswered = Message {
                urgent: false,
                words: self::words([("gate", &gate)]),
                holds: Open::Known(Holds::Heard(id)),
                due_ms: end_ms.max(self.now.ms),
                ..self.message(
                    Kind::Question,
                    format!("question {id} unanswered"),
                    "told-unanswered",
                    end_ms,
                    HOUR_MS,
                )
            };
            let replaces = Some(Message::id(&told.cause, *person));
            messages.push(Message { person: *person, link: told.link.clone(), replaces, ..unanswered });
            messages.push(told);
        }
        Ok(messages)
    }

    /// The others who heard of the question hear the first answer, and who answered too late hears that.
    fn answer(&self, answer: &Answer) -> Told {
        let question = answer.question;
        let Some(asked) = find::<Question>(self.view, question)? else {
            return Ok(Vec::new());
        };
        let (by, link) = (self.person(answer.person)?, format!("questions/{question}"));
        if answer.at_ms >= end_ms(&asked) {
            let cause = format!("question {question} late");
            let late = self.message(Kind::Question, cause, "told-too-late", answer.at_ms, HOUR_MS);
            let replaces = |person| Some(Message::id(&asked_of(question), person));
            let told = answer.person.map(|person| Message {
                person,
                link,
                urgent: true,
                replaces: replaces(person),
                ..late
            });
            return Ok(told.into_iter().collect());
        }
        let text = match (answer.allow, by.is_empty()) {
            (true, false) => "told-allowed",
            (false, false) => "told-denied",
            (true, true) => "told-allowed-by-telephone",
            (false, true) => "told-denied-by-telephone",
        };
        let (gate, mut messages) = (self.gate(Some(asked.gate))?, Vec::new());
        for person in &asked.order {
            if !heard(self.view, question, *person)? {
                continue;
            }
            let cause = format!("question {question} answered");
            let told = Message {
                person: *person,
                words: words([("person", &by), ("gate", &gate)]),
                about: answer.person,
                replaces: Some(Message::id(&asked_of(question), *person)),
                link: link.clone(),
                ..self.message(Kind::Question, cause, text, answer.at_ms, 10 * MINUTE_MS)
            };
            messages.push(match Some(*person) == answer.person {
                false => Message { urgent: true, ..told },
                // Who answered knows it; what stands on their screen does not.
                true => {
                    let text = if answer.allow { "told-allowed-by-you" } else { "told-denied-by-you" };
                    Message { text: text.to_owned(), ..self.in_place(told, answer.at_ms) }
                }
            });
        }
        Ok(messages)
    }

    /// Whoever issued a pass hears who came on it, or why they were not let in.
    fn arrival(&self, id: RecordId, entry: &journal::Entry) -> Told {
        let (Some(journal::Kind::Decided), Some(grant)) = (entry.kind.known(), entry.grant) else {
            return Ok(Vec::new());
        };
        let enters = entry.direction.is_none_or(|direction| direction == Direction::Entry);
        let Some(pass) = find::<Pass>(self.view, grant)?.filter(|_| enters) else {
            return Ok(Vec::new());
        };
        let verdict = entry.verdict.as_ref().and_then(Open::known);
        let reason = entry.reason.as_ref().and_then(Open::known).copied();
        let name = if entry.name.is_empty() { &pass.name } else { &entry.name };
        let (plate, gate) = (self.plate(&entry.plate)?, self.gate(entry.gate)?);
        let mut told = words([("name", name), ("plate", &plate), ("gate", &gate)]);
        told.insert("at".to_owned(), Open::Known(Word::Moment(entry.at_ms)));
        let (cause, text) = match (verdict, reason) {
            (Some(Judgement::Open), _) => (format!("arrival {id}"), whom("told-arrived", name, &plate)),
            // Who is read again and again was refused once.
            (Some(Judgement::Refuse), Some(reason)) => {
                told.insert("reason".to_owned(), Open::Known(Word::Said(reason.key().to_owned())));
                let hour = entry.at_ms / HOUR_MS;
                (format!("refused {grant} {} {hour}", reason.key()), whom("told-refused", name, &plate))
            }
            _ => return Ok(Vec::new()),
        };
        // A guard who let somebody in on the telephone has heard it from the house.
        let Some(person) = pass.person.filter(|_| reason != Some(Reason::Guard)) else {
            return Ok(Vec::new());
        };
        let link = format!("passes/{grant}");
        let message = self.message(Kind::Arrival, cause, &text, entry.at_ms, 12 * HOUR_MS);
        Ok(vec![Message { person, words: told, about: Some(id), link, ..message }])
    }

    /// Administrators hear of an application; `reminder` is the how many-th.
    fn application(&self, id: RecordId, application: &Application, reminder: Option<usize>) -> Told {
        let (house, name) = (self.house(application.house)?, application.name.clone());
        let (cause, text, at_ms) = match reminder {
            None => (format!("application {id}"), "told-application", application.at_ms),
            Some(nth) => (format!("application {id} reminder {nth}"), "told-application-waits", self.now.ms),
        };
        let mut words = words([("name", &name), ("house", &house)]);
        if reminder.is_some() {
            words.insert("at".to_owned(), Open::Known(Word::Moment(application.at_ms)));
        }
        let lasts_ms = if reminder.is_some() { DAY_MS } else { 7 * DAY_MS };
        let message = Message {
            words,
            about: Some(id),
            holds: Open::Known(Holds::Undecided(id)),
            link: format!("applications/{id}"),
            ..self.message(Kind::Application, cause, text, at_ms, lasts_ms)
        };
        self.administrators(&message)
    }

    /// Administrators who were asked see on their screens who decided; who was let in, or refused, hears it.
    fn verdict(&self, verdict: &Verdict) -> Told {
        let application = find::<Application>(self.view, verdict.application)?;
        let text = match (verdict.withdrawn, verdict.accepted) {
            (true, _) => "told-application-withdrawn",
            (_, Some(_)) => "told-application-accepted",
            _ if verdict.reason.is_empty() => "told-application-refused",
            _ => "told-application-refused.reason",
        };
        let by = words([("person", &self.person(verdict.by)?), ("reason", &verdict.reason)]);
        let mut messages = self.ended(verdict.application, text, &by, verdict.at_ms)?;
        let Some(application) = application else { return Ok(messages) };
        let Some(person) = verdict.accepted else {
            messages.extend(self.refused(verdict, &application)?);
            return Ok(messages);
        };
        // Whoever decided may have put the house right.
        let place = verdict.place.map(|place| find::<Place>(self.view, place)).transpose()?.flatten();
        let house = self.house(place.map_or(application.house, |place| place.house))?;
        let cause = format!("application {} accepted", verdict.application);
        let message = self.message(Kind::Application, cause, "told-accepted", verdict.at_ms, 7 * DAY_MS);
        messages.push(Message { person, words: words([("house", &house)]), ..message });
        Ok(messages)
    }

    /// Whoever was refused hears why. They may be no person here: then it is told to their account, where they have one.
    fn refused(&self, verdict: &Verdict, application: &Application) -> Result<Option<Message>, ReadError> {
        let ticket = find::<Ticket>(self.view, verdict.application)?.filter(|_| !verdict.withdrawn);
        let Some(ticket) = ticket else { return Ok(None) };
        let Some(person) = ticket.person.or(ticket.account) else { return Ok(None) };
        let text = if verdict.reason.is_empty() { "told-not-accepted" } else { "told-not-accepted.reason" };
        let words = words([("house", &self.house(application.house)?), ("reason", &verdict.reason)]);
        let cause = format!("application {} refused", verdict.application);
        let message = self.message(Kind::Application, cause, text, verdict.at_ms, 7 * DAY_MS);
        let (to_account, about) = (ticket.person.is_none(), Some(verdict.application));
        Ok(Some(Message { person, to_account, words, about, ..message }))
    }

    /// What stands on screens about a record is over; these are the words that say so.
    fn ended(&self, about: RecordId, text: &str, words: &BTreeMap<String, Open<Word>>, at_ms: u64) -> Told {
        let told = Query::on("about").equal(about.to_string()).limit(Query::MAX_LIMIT);
        let told = self.view.of::<Message>().find(&told)?.entries.into_iter();
        let stands = told
            // What was told for good is not over.
            .filter(|told| !told.value.is_in_place() && told.value.holds != Open::Known(Holds::Always))
            .filter(|told| told.value.is_coming() || told.value.place().is_some());
        let ends = stands.filter_map(|Entry { id, value, .. }| {
            let cause = format!("{} ended", value.cause);
            let told = self.message(*value.kind.known()?, cause, text, at_ms, 0);
            let Message { person, link, .. } = value;
            let told = Message { person, link, words: words.clone(), replaces: Some(id), ..told };
            Some(self.in_place(Message { about: Some(about), ..told }, at_ms))
        });
        Ok(ends.collect())
    }

    /// What only ends what stands on a screen. It is worth that while the messenger is away for long.
    fn in_place(&self, told: Message, at_ms: u64) -> Message {
        Message { holds: Open::Known(Holds::InPlace), until_ms: at_ms.saturating_add(7 * DAY_MS), ..told }
    }

    fn place(&self, id: RecordId, place: &Place, together: &[Arrived<'_>]) -> Told {
        // Who was accepted just now has heard it with that.
        for arrived in together.iter().filter(|arrived| arrived.collection == Verdict::SPEC.name) {
            let verdict = find::<Verdict>(self.view, arrived.id)?;
            if verdict.is_some_and(|verdict| verdict.accepted == Some(place.person)) {
                return Ok(Vec::new());
            }
        }
        let Some(kind) = place.kind.known().filter(|_| place.by != Some(place.person)) else {
            return Ok(Vec::new());
        };
        let message =
            self.message(Kind::Right, format!("place {id}"), "told-place-given", id.made_ms(), 7 * DAY_MS);
        let words = self.place_words(place.house, *kind)?;
        Ok(vec![Message { person: place.person, words, ..message }])
    }

    fn role(&self, id: RecordId, grant: &RoleGrant) -> Told {
        let role = match grant.role.known() {
            Some(role @ (Role::Guard | Role::Administrator)) if grant.by != Some(grant.person) => role,
            _ => return Ok(Vec::new()),
        };
        let message =
            self.message(Kind::Right, format!("role {id}"), "told-role-given", id.made_ms(), 7 * DAY_MS);
        Ok(vec![Message { person: grant.person, words: role_words(*role), ..message }])
    }

    fn revocation(&self, id: RecordId, revocation: &Revocation) -> Told {
        let (text, person, mut told) = match rights::find(self.view, revocation.grant)? {
            Some(Grant::Place(place)) => match place.kind.known() {
                Some(kind) => ("told-place-taken", place.person, self.place_words(place.house, *kind)?),
                None => return Ok(Vec::new()),
            },
            Some(Grant::Role(grant)) => match grant.role.known() {
                Some(role) => ("told-role-taken", grant.person, role_words(*role)),
                None => return Ok(Vec::new()),
            },
            _ => return Ok(Vec::new()),
        };
        if revocation.by == Some(person) {
            return Ok(Vec::new());
        }
        let text = match revocation.reason.is_empty() {
            true => text.to_owned(),
            false => format!("{text}.reason"),
        };
        told.extend(words([("reason", &revocation.reason)]));
        let cause = format!("revocation {id}");
        let message = self.message(Kind::Right, cause, &text, revocation.at_ms, 7 * DAY_MS);
        Ok(vec![Message { person, words: told, ..message }])
    }

    fn alarm(&self, id: RecordId, alarm: &Alarm) -> Told {
        let Some(kind) = alarm.kind.known() else { return Ok(Vec::new()) };
        let text = if alarm.name.is_empty() { "told-alarm" } else { "told-alarm.name" };
        let mut told = words([("name", &alarm.name)]);
        told.insert("alarm".to_owned(), Open::Known(Word::Said(kind.key().to_owned())));
        told.insert("at".to_owned(), Open::Known(Word::Moment(alarm.at_ms)));
        let message = Message {
            words: told,
            about: Some(id),
            holds: Open::Known(Holds::Standing(id)),
            link: "alarms".to_owned(),
            ..self.message(Kind::Alarm, format!("alarm {id}"), text, alarm.at_ms, DAY_MS)
        };
        self.administrators(&message)
    }

    fn alarm_end(&self, end: &AlarmEnd) -> Told {
        let mut by = words([("person", &self.person(end.person)?)]);
        by.insert("at".to_owned(), Open::Known(Word::Moment(end.at_ms)));
        let text = if end.person.is_some() { "told-alarm-seen" } else { "told-alarm-over" };
        self.ended(end.alarm, text, &by, end.at_ms)
    }

    /// The same to each administrator.
    fn administrators(&self, message: &Message) -> Told {
        let mut no_chance = || 0;
        let ctx = Context { view: self.view, now: self.now, entropy: &mut no_chance };
        let administrators = match people::administrators(&ctx) {
            Ok(administrators) => administrators,
            Err(dwellers::Denied::Store(why)) => return Err(why.into()),
            Err(dwellers::Denied::Read(why)) => return Err(why),
            Err(_) => Vec::new(),
        };
        let mut persons: Vec<RecordId> = administrators.into_iter().map(|(person, _)| person).collect();
        persons.sort_unstable();
        persons.dedup();
        Ok(persons.into_iter().map(|person| Message { person, ..message.clone() }).collect())
    }

    fn place_words(
        &self,
        house: RecordId,
        kind: PlaceKind,
    ) -> Result<BTreeMap<String, Open<Word>>, ReadError> {
        let house = self.house(house)?;
        let mut told = words([("house", &house)]);
        told.insert("place".to_owned(), Open::Known(Word::Said(kind.key().to_owned())));
        Ok(told)
    }

    fn house(&self, id: RecordId) -> Result<String, ReadError> {
        Ok(find::<House>(self.view, id)?.map(|house| house.label).unwrap_or_default())
    }

    fn gate(&self, id: Option<RecordId>) -> Result<String, ReadError> {
        let Some(id) = id else { return Ok(String::new()) };
        Ok(find::<Gate>(self.view, id)?.map(|gate| gate.name).unwrap_or_default())
    }

    fn person(&self, id: Option<RecordId>) -> Result<String, ReadError> {
        let Some(id) = id else { return Ok(String::new()) };
        Ok(find::<Person>(self.view, id)?.map(|person| person.name).unwrap_or_default())
    }

    fn plate(&self, key: &str) -> Result<String, ReadError> {
        if key.is_empty() {
            return Ok(String::new());
        }
        let community = find::<Community>(self.view, Community::ID)?;
        let country = community.map(|community| community.country).unwrap_or_default();
        Ok(plate::shown(key, Country::from_code(&country)))
    }
}

/// The text that tells what is known of a visitor.
fn whom(text: &str, name: &str, plate: &str) -> String {
    match (name, plate) {
        ("", "") => text.to_owned(),
        ("", _) => format!("{text}.plate"),
        _ => format!("{text}.name"),
    }
}

fn words<const N: usize>(words: [(&str, &String); N]) -> BTreeMap<String, Open<Word>> {
    let filled = words.into_iter().filter(|(_, word)| !word.is_empty());
    filled.map(|(name, word)| (name.to_owned(), Open::Known(Word::Text(word.clone())))).collect()
}

fn role_words(role: Role) -> BTreeMap<String, Open<Word>> {
    [("role".to_owned(), Open::Known(Word::Said(role.key().to_owned())))].into()
}
