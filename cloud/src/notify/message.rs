//! Messages and their deliveries: what somebody is to be told, and what became of it.
//!
//! A delivery is a small machine, one for each channel that was tried:
//!
//! ```text
//! (nothing) ──begin──> sending ──sent──> sent
//!                       │  ^ └──never, or tried too often──> failed: the next channel
//!                not now│  │begin
//!                       v  │
//!                      queued          sending ──nobody knows──> unknown
//! ```
//!
//! Invariants: a message has one id for its cause and person; `sending` is durable before a channel is asked; at most one
//! delivery of a message is `sent`; what nobody knows is asked again only where a second one changes nothing, and never of
//! another channel.
//!
//! What must never be here: a store, a socket, a clock.

use std::collections::BTreeMap;

use dwellers_replica::{Index, Open, Record, RecordId, Spec};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::bot::talk::At;

/// What a message is about, for those who want to hear of some things and not of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NotificationKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A guard asks the house.
    #[default]
    Question,
    /// Somebody came on a pass.
    Arrival,
    /// Somebody asks to join, or was answered.
    Application,
    /// A place or a role was given or taken.
    Right,
    /// Something is wrong with the machines.
    Alarm,
}

/// A way to tell people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = NotificationChannel)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// To the browsers in which they asked for it.
    #[default]
    Push,
    /// To their e-mail address, once it is proved.
    Email,
    /// To their chat with the bot in Telegram.
    Telegram,
}

impl Channel {
    /// All of them, in the order in which they are tried unless somebody wants another.
    pub const ALL: [Channel; 3] = [Channel::Telegram, Channel::Push, Channel::Email];

    /// Whether a second one takes the place of the first: a browser shows one notification of a tag. Mail servers may drop a
    /// second letter of one `Message-ID`, but none has to; in a messenger a second one is a second message.
    pub fn repeats_harmlessly(self) -> bool {
        self == Channel::Push
    }
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NotificationState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Something is to be done with it when it is due.
    #[default]
    Waiting,
    /// A channel is asked.
    Sending,
    /// A channel took it.
    Told,
    /// No channel took it.
    Failed,
    /// Nobody knows whether a channel took it.
    Unknown,
    /// The person has no channel.
    Unreachable,
    /// It was too late to be of use.
    Stale,
    /// What it was about was over before.
    Over,
}

/// A word that is filled into a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// As it stands.
    Text(String),
    /// A moment, in milliseconds since 1970.
    Moment(u64),
    /// The text of a key.
    Said(String),
}

impl Default for Word {
    fn default() -> Self {
        Word::Text(String::new())
    }
}

/// While what holds a message is worth telling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// Whatever happens.
    #[default]
    Always,
    /// While nobody has answered this question, once it has reached the person, and while they are of the house.
    Unanswered(RecordId),
    /// Where the person heard of this question, and nobody answered it in time.
    Heard(RecordId),
    /// While this application waits, and the person decides on such.
    Undecided(RecordId),
    /// While this alarm stands, and the person is an administrator.
    Standing(RecordId),
    /// Where the message that it replaces stands on a screen, and only there: it is no news, it ends what stands there.
    InPlace,
}

/// What somebody is to be told. Its id is of its cause and the person: [`Message::id`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// What caused it: unique for one person.
    pub cause: String,
    /// Who.
    pub person: RecordId,
    /// Whether that is an account, of somebody who is no person here: who asked to be one.
    pub to_account: bool,
    /// What it is about.
    pub kind: Open<Kind>,
    /// The key of the text.
    pub text: String,
    /// What is filled in. It is said in the person's language when it is sent.
    pub words: BTreeMap<String, Open<Word>>,
    /// The record whose personal words are among these: it is forgotten when they are erased.
    pub about: Option<RecordId>,
    /// The message in whose place it is shown, where that stands on a screen that can be changed.
    pub replaces: Option<RecordId>,
    /// Whether it wakes people up.
    pub urgent: bool,
    /// Where in the web app there is more: a path.
    pub link: String,
    /// When it is worth telling.
    pub holds: Open<Holds>,
    /// When it was made, in milliseconds since 1970.
    pub made_ms: u64,
    /// From then on it is of no use.
    pub until_ms: u64,
    /// Where it stands.
    pub state: Open<State>,
    /// When something is to be done with it next.
    pub due_ms: u64,
    /// What was tried, in order.
    pub deliveries: Vec<Delivery>,
    /// When the person has read it in the web app; 0: not yet.
    pub read_ms: u64,
}

impl Record for Message {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "next", on: &["state", "urgent", "due_ms"] },
            Index { name: "person", on: &["person", "made_ms"] },
            Index { name: "time", on: &["made_ms"] },
            Index { name: "about", on: &["about"] },
        ],
        ..Spec::local("messages")
    };
}

/// What became of a message on one channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delivery {
    /// Which.
    pub channel: Open<Channel>,
    /// Where it stands.
    pub stage: Open<Stage>,
    /// How often it was asked.
    pub tries: u32,
    /// Whether one of the tries may have been taken.
    pub unsure: bool,
    /// Whether it failed because the channel never had time, which it may have some day.
    pub away: bool,
    /// Where it stands in a messenger: it can be changed there.
    pub at: Option<At>,
    /// What the channel said last; empty where it took it.
    pub why: String,
    /// When it came to that, in milliseconds since 1970.
    pub at_ms: u64,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DeliveryStage)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It is to be tried again.
    #[default]
    Queued,
    /// The channel is asked.
    Sending,
    /// The channel took it.
    Sent,
    /// The channel did not take it, for good.
    Failed,
    /// Nobody knows whether it took it.
    Unknown,
}

/// What a channel says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It took it.
    Sent,
    /// It took it, and shows it there.
    Shown(At),
    /// What was to be changed is there no more: it is to be said anew.
    Gone,
    /// It never will.
    Never(String),
    /// It is told too much, whoever it is by, and takes it after so many milliseconds: that is no try.
    Full(u64),
    /// It did not, and may later; not before so many milliseconds have passed.
    NotNow(String, u64),
    /// Nobody knows.
    Unknown(String),
}

/// What is to be done with a message that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// This channel is to be asked.
    Ask(Channel),
    /// Nothing before then.
    Wait(u64),
    /// It has come to its end.
    End(State),
}

/// Who has no channel may have one in a moment: they are joining just now.
const JOINING_MS: u64 = 60_000;
/// Who has no other channel waits for one that is away for long: it is asked again after so long.
const AWAY_MS: u64 = 3_600_000;
/// The longest words of a channel that are kept.
const MAX_WHY: usize = 200;

impl Message {
    /// The id of what is said for a cause to a person.
    pub fn id(cause: &str, person: RecordId) -> RecordId {
        let hash = blake3::hash(format!("{person} {cause}").as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&hash.as_bytes()[..16]);
        RecordId::new(0, u128::from_be_bytes(half))
    }

    /// Whether the person may have heard it.
    pub fn may_be_heard(&self) -> bool {
        match self.state.known() {
            Some(State::Sending | State::Told | State::Unknown) => true,
            _ => self.deliveries.iter().any(|delivery| delivery.unsure),
        }
    }

    fn on_screen(&self) -> impl Iterator<Item = &Delivery> {
        self.deliveries.iter().filter(|delivery| delivery.channel.known() == Some(&Channel::Telegram))
    }

    /// Where it stands on a screen that can be changed.
    pub fn place(&self) -> Option<At> {
        self.on_screen().find(|delivery| delivery.stage == Open::Known(Stage::Sent))?.at
    }

    /// Whether it comes to stand on such a screen at this moment.
    pub fn is_coming(&self) -> bool {
        self.on_screen().any(|delivery| delivery.stage == Open::Known(Stage::Sending))
    }

    /// Whether it only ends what stands on a screen.
    pub fn is_in_place(&self) -> bool {
        self.holds == Open::Known(Holds::InPlace)
    }

    /// What is to be done with one that is due, for somebody who can be reached on these channels.
    pub fn next(&self, channels: &[Channel], now_ms: u64) -> Next {
        if now_ms >= self.until_ms {
            return Next::End(State::Stale);
        }
        if now_ms < self.due_ms {
            return Next::Wait(self.due_ms);
        }
        let unsure = self.deliveries.iter().find(|delivery| delivery.unsure);
        for channel in channels {
            let before = self.deliveries.iter().find(|before| before.channel.known() == Some(channel));
            match (unsure, before.and_then(|before| before.stage.known())) {
                (Some(unsure), _) if unsure.channel.known() != Some(channel) => {}
                (_, None | Some(Stage::Queued)) => return Next::Ask(*channel),
                _ => {}
            }
        }
        // Nobody waits for what is urgent, and what one may have taken is asked of no other.
        let waits = !self.urgent && unsure.is_none();
        let had_no_time = self.deliveries.iter().filter(|before| waits && before.away);
        let again = had_no_time.filter_map(|before| {
            let channel = before.channel.known().filter(|channel| channels.contains(channel))?;
            Some((before.at_ms.saturating_add(AWAY_MS), *channel))
        });
        match again.min_by_key(|(again_ms, _)| *again_ms) {
            Some((again_ms, _)) if again_ms >= self.until_ms => Next::End(State::Failed),
            Some((again_ms, channel)) if again_ms <= now_ms => Next::Ask(channel),
            Some((again_ms, _)) => Next::Wait(again_ms),
            None if !self.deliveries.is_empty() => Next::End(State::Failed),
            None if now_ms < self.made_ms.saturating_add(JOINING_MS) => {
                Next::Wait(self.made_ms.saturating_add(JOINING_MS))
            }
            None => Next::End(State::Unreachable),
        }
    }

    /// A channel is about to be asked: to change what stands there, or else to say something new.
    pub fn begin(&mut self, channel: Channel, place: Option<At>, now_ms: u64) {
        let known = self.deliveries.iter().position(|before| before.channel.known() == Some(&channel));
        let at = known.unwrap_or_else(|| {
            self.deliveries.push(Delivery { channel: Open::Known(channel), ..Delivery::default() });
            self.deliveries.len() - 1
        });
        let delivery = &mut self.deliveries[at];
        delivery.tries += 1;
        (delivery.at, delivery.away) = (place, false);
        (delivery.stage, delivery.at_ms) = (Open::Known(Stage::Sending), now_ms);
        self.state = Open::Known(State::Sending);
    }

    /// The channel that was asked has said something, or never will: then the program ended in between.
    pub fn settle(&mut self, outcome: Outcome, now_ms: u64) {
        let urgent = self.urgent;
        let asked = |delivery: &&mut Delivery| delivery.stage == Open::Known(Stage::Sending);
        let Some(delivery) = self.deliveries.iter_mut().find(asked) else { return };
        delivery.at_ms = now_ms;
        // What was changed once more is as it was.
        let repeats = delivery.at.is_some()
            || delivery.channel.known().is_some_and(|channel| channel.repeats_harmlessly());
        delivery.unsure |= matches!(outcome, Outcome::Unknown(_)) && delivery.at.is_none();
        delivery.away = matches!(outcome, Outcome::NotNow(..)) && !delivery.unsure;
        match outcome {
            Outcome::Full(_) => delivery.tries = delivery.tries.saturating_sub(1),
            Outcome::Shown(at) => delivery.at = Some(at),
            Outcome::Gone => (delivery.at, self.replaces) = (None, None),
            _ => {}
        }
        let is_last = delivery.tries >= tries(urgent);
        let (pause_ms, unsure) = (pause_ms(urgent, delivery.tries), delivery.unsure);
        let (stage, state, after_ms, why) = match outcome {
            Outcome::Sent | Outcome::Shown(_) => (Stage::Sent, State::Told, 0, String::new()),
            Outcome::Gone => (Stage::Queued, State::Waiting, 0, "it is there no more".to_owned()),
            Outcome::Full(after_ms) => {
                (Stage::Queued, State::Waiting, after_ms, "it is told too much".to_owned())
            }
            Outcome::NotNow(why, after_ms) if !is_last => {
                (Stage::Queued, State::Waiting, pause_ms.max(after_ms), why)
            }
            Outcome::Unknown(why) if !is_last && repeats => (Stage::Queued, State::Waiting, pause_ms, why),
            Outcome::Never(why) | Outcome::NotNow(why, _) | Outcome::Unknown(why) => match unsure {
                true => (Stage::Unknown, State::Unknown, 0, why),
                false => (Stage::Failed, State::Waiting, 0, why),
            },
        };
        delivery.stage = Open::Known(stage);
        delivery.why = why.chars().filter(|c| !c.is_control()).take(MAX_WHY).collect();
        self.due_ms = now_ms.saturating_add(after_ms);
        if stage == Stage::Queued && self.due_ms >= self.until_ms && delivery.unsure {
            delivery.stage = Open::Known(Stage::Unknown);
            self.state = Open::Known(State::Unknown);
        } else if stage == Stage::Queued && self.due_ms >= self.until_ms {
            // It comes too late here: another channel may be quicker.
            delivery.stage = Open::Known(Stage::Failed);
            (self.state, self.due_ms) = (Open::Known(State::Waiting), now_ms);
        } else {
            self.state = Open::Known(state);
        }
        if self.state != Open::Known(State::Waiting) {
            self.close(now_ms);
        }
    }

    /// It has come to its end.
    pub fn end(&mut self, state: State, now_ms: u64) {
        self.close(now_ms);
        let unsure = self.deliveries.iter().any(|delivery| delivery.unsure);
        self.state = Open::Known(if unsure { State::Unknown } else { state });
        self.due_ms = now_ms;
    }

    /// No channel is asked again.
    fn close(&mut self, now_ms: u64) {
        for delivery in &mut self.deliveries {
            if delivery.stage == Open::Known(Stage::Queued) {
                let stage = if delivery.unsure { Stage::Unknown } else { Stage::Failed };
                (delivery.stage, delivery.at_ms) = (Open::Known(stage), now_ms);
            }
        }
    }
}

/// How often a channel is asked. Nobody waits for hours at a gate.
fn tries(urgent: bool) -> u32 {
    if urgent { 4 } else { 6 }
}

/// How long to wait after so many tries: 1, 2, 4 s; or 10 s, 40 s, 3 min, 11 min, 43 min.
fn pause_ms(urgent: bool, tries: u32) -> u64 {
    let (first, times) = if urgent { (1_000_u64, 2_u64) } else { (10_000, 4) };
    first.saturating_mul(times.saturating_pow(tries.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(urgent: bool, until_ms: u64) -> Message {
        Message { urgent, until_ms, ..Message::default() }
    }

    /// What a walk saw: how often each channel took one, or may have.
    #[derive(Default)]
    struct Seen {
        sent: usize,
        maybe: Vec<Channel>,
    }

    /// Asks channels that answer as chance has it until there is nothing to be done any more.
    fn walk(chance: &mut fastrand::Rng) -> (Message, Seen) {
        let mut message = message(chance.bool(), chance.u64(1..200_000_000));
        let (mut now_ms, mut seen) = (0, Seen::default());
        for _ in 0..400 {
            let some: Vec<Channel> = Channel::ALL.into_iter().filter(|_| chance.u8(..) < 230).collect();
            match message.next(&some, now_ms) {
                Next::Wait(until_ms) => now_ms = until_ms,
                Next::End(state) => {
                    message.end(state, now_ms);
                    return (message, seen);
                }
                Next::Ask(channel) => {
                    assert_eq!(seen.sent, 0, "it was told already");
                    let other = seen.maybe.iter().any(|maybe| *maybe != channel);
                    assert!(!other && (seen.maybe.is_empty() || channel.repeats_harmlessly()), "{message:?}");
                    message.begin(channel, None, now_ms);
                    // What is durable is all that a restart knows.
                    message = serde_json::from_str(&serde_json::to_string(&message).unwrap()).unwrap();
                    now_ms += chance.u64(..60_000);
                    let outcome = match chance.u8(..8) {
                        0 => Outcome::Sent,
                        1 | 2 => Outcome::Never("gone".into()),
                        3 | 4 => Outcome::Unknown("the program ended".into()),
                        5 if chance.bool() => Outcome::Full(chance.u64(1..5_000_000)),
                        _ => Outcome::NotNow("busy".into(), chance.u64(..5_000_000)),
                    };
                    seen.sent += usize::from(outcome == Outcome::Sent);
                    if matches!(outcome, Outcome::Unknown(_)) {
                        seen.maybe.push(channel);
                    }
                    message.settle(outcome, now_ms);
                    if !matches!(message.state, Open::Known(State::Waiting)) {
                        return (message, seen);
                    }
                }
            }
        }
        panic!("it has no end: {message:?}");
    }

    #[test]
    fn whatever_channels_say_nothing_is_told_twice_and_all_comes_to_an_end() {
        let mut chance = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let (message, seen) = walk(&mut chance);
            let of = |stage| message.deliveries.iter().filter(|one| one.stage == Open::Known(stage)).count();
            assert!(seen.sent <= 1 && of(Stage::Sent) == seen.sent && of(Stage::Sending) == 0, "{message:?}");
            assert_eq!(of(Stage::Queued), 0, "{message:?}");
            let state = message.state.known().copied().unwrap();
            assert_eq!(state == State::Told, seen.sent == 1, "{message:?}");
            // What may have been taken is not said to have failed.
            assert_eq!(state == State::Unknown, seen.sent == 0 && !seen.maybe.is_empty(), "{message:?}");
            let often = |one: &Delivery| one.tries > 6 && (message.urgent || message.until_ms < AWAY_MS);
            assert!(!message.deliveries.iter().any(often), "{message:?}");
        }
    }

    #[test]
    fn a_channel_that_fails_gives_way_to_the_next() {
        let mut message = message(false, u64::MAX);
        let channels = [Channel::Push, Channel::Email];
        let mut now_ms = 0;
        let mut pauses = Vec::new();
        for _ in 0..6 {
            assert_eq!(message.next(&channels, now_ms), Next::Ask(Channel::Push));
            message.begin(Channel::Push, None, now_ms);
            message.settle(Outcome::NotNow("503".into(), 0), now_ms);
            pauses.push(message.due_ms - now_ms);
            now_ms = message.due_ms;
        }
        assert_eq!(pauses, [10_000, 40_000, 160_000, 640_000, 2_560_000, 0]);
        assert_eq!(message.next(&channels, now_ms), Next::Ask(Channel::Email));
        message.begin(Channel::Email, None, now_ms);
        message.settle(Outcome::Sent, now_ms);
        assert_eq!(message.state, Open::Known(State::Told));
        let stages: Vec<_> = message.deliveries.iter().map(|one| one.stage.known().copied()).collect();
        assert_eq!(stages, [Some(Stage::Failed), Some(Stage::Sent)]);
    }

    #[test]
    fn a_channel_says_when_to_come_again_and_whoever_hurries_goes_elsewhere() {
        let mut patient = message(false, 1_000_000);
        patient.begin(Channel::Push, None, 0);
        patient.settle(Outcome::NotNow("429".into(), 120_000), 0);
        assert_eq!(patient.next(&[Channel::Push, Channel::Email], 0), Next::Wait(120_000));
        let mut hurried = message(true, 60_000);
        hurried.begin(Channel::Push, None, 0);
        hurried.settle(Outcome::NotNow("429".into(), 120_000), 0);
        assert_eq!(hurried.next(&[Channel::Push, Channel::Email], 0), Next::Ask(Channel::Email));
    }

    #[test]
    fn who_has_no_other_channel_waits_for_one_that_is_away_until_it_is_of_no_use() {
        let mut message = message(false, 3 * AWAY_MS);
        let telegram = [Channel::Telegram];
        let mut now_ms = 0;
        while let Next::Ask(channel) = message.next(&telegram, now_ms) {
            message.begin(channel, None, now_ms);
            message.settle(Outcome::NotNow("away".into(), 0), now_ms);
            now_ms = message.due_ms;
        }
        assert_eq!(message.deliveries[0].tries, 6);
        let away = message.clone();
        // Another channel is quicker.
        assert_eq!(message.next(&Channel::ALL, now_ms), Next::Ask(Channel::Push));
        assert_eq!(message.next(&telegram, now_ms), Next::Wait(now_ms + AWAY_MS));
        now_ms += AWAY_MS;
        assert_eq!(message.next(&telegram, now_ms), Next::Ask(Channel::Telegram));
        message.begin(Channel::Telegram, None, now_ms);
        message.settle(Outcome::Shown(At::default()), now_ms);
        assert_eq!((message.state, message.deliveries.len()), (Open::Known(State::Told), 1));
        // It has said for good that it never will, or comes too late.
        let mut never = away.clone();
        never.begin(Channel::Telegram, None, now_ms);
        never.settle(Outcome::Never("blocked".into()), now_ms);
        assert_eq!(never.next(&telegram, now_ms), Next::End(State::Failed));
        let late = Message { until_ms: AWAY_MS, ..away };
        assert_eq!(late.next(&telegram, AWAY_MS - 1), Next::End(State::Failed));
    }

    #[test]
    fn what_stands_on_a_screen_is_changed_again_and_said_anew_where_it_is_gone() {
        let at = At { chat: 1, message: 2 };
        let mut first = message(false, u64::MAX);
        assert_eq!(first.place(), None);
        first.begin(Channel::Telegram, None, 0);
        assert!(first.is_coming() && first.place().is_none());
        first.settle(Outcome::Shown(at), 0);
        assert_eq!((first.place(), first.is_coming()), (Some(at), false));
        let replaces = Some(RecordId::new(0, 1));
        let mut change = Message { replaces, ..message(false, u64::MAX) };
        change.begin(Channel::Telegram, Some(at), 0);
        // Nobody knows whether it was changed: it is changed again, and that is all.
        change.settle(Outcome::Unknown("the program ended".into()), 0);
        assert_eq!((change.state.clone(), change.deliveries[0].unsure), (Open::Known(State::Waiting), false));
        change.begin(Channel::Telegram, Some(at), 10_000);
        change.settle(Outcome::Gone, 10_000);
        assert_eq!(
            (change.replaces, change.next(&[Channel::Telegram], 10_000)),
            (None, Next::Ask(Channel::Telegram))
        );
        change.begin(Channel::Telegram, None, 10_000);
        change.settle(Outcome::Unknown("silent".into()), 10_000);
        assert_eq!(change.state, Open::Known(State::Unknown), "a new one may have been taken");
    }

    #[test]
    fn who_has_no_channel_is_waited_for_a_minute() {
        let made = Message { made_ms: 5_000, ..message(false, u64::MAX) };
        assert_eq!(made.next(&[], 5_000), Next::Wait(65_000));
        assert_eq!(made.next(&[], 65_000), Next::End(State::Unreachable));
        assert_eq!(message(false, 10).next(&[Channel::Push, Channel::Email], 10), Next::End(State::Stale));
    }
}
