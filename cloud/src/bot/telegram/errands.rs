//! Takes out what the bot says, as fast as Telegram takes it.
//!
//! ```text
//! line ─ urgent ─┐
//!                ├─> those whose chat may be spoken to now ─> Telegram ─> what came of it
//!      ─ other ──┘
//! ```
//!
//! Invariants: what somebody waits for goes before what is told to many; in one chat everything is said in the order in which it
//! came; what nobody waits for any more, or waited too long, is not said; an errand is always told what came of it.
//!
//! What must never be here: what is said; how it is said.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use teloxide::Bot as Api;
use teloxide::types::UserId;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::sleep;
use tracing::warn;

use super::failing::Failure;
use super::pace::{Counted, Limits, Pace};
use super::saying::{counted, is_answer, put};
use crate::bot::line::{Errand, Errands};
use crate::bot::talk::{Done, Undone};
use crate::clock::Monotonic;

/// After so long nobody looks at the button that was pressed.
const ANSWERS_MS: u64 = 30_000;
/// A turn of a dialogue waits so long for a word of it, and is taken again later.
const URGENT_MS: u64 = 40_000;
/// What has time, as long as the line waits, with room for the sending.
const OTHER_MS: u64 = 80_000;
/// What is under way at the end has so long.
const LAST: Duration = Duration::from_secs(10);

/// An errand, and since when it is here.
struct Waiting {
    errand: Errand,
    since: u64,
}

impl Waiting {
    /// Until when it is of use.
    fn until(&self) -> u64 {
        let most = match &self.errand {
            errand if is_answer(&errand.output) => ANSWERS_MS,
            errand if errand.urgent => URGENT_MS,
            _ => OTHER_MS,
        };
        self.since + most
    }

    /// Until when its chat is to be left alone.
    fn quiet_until(&self, pace: &Pace) -> u64 {
        counted(&self.errand.output).chat().map_or(0, |chat| pace.quiet_until(chat))
    }
}

/// What is to be said, and how fast it goes.
struct Desk {
    urgent: VecDeque<Waiting>,
    other: VecDeque<Waiting>,
    pace: Pace,
    /// What is being said, and since when.
    under_way: HashMap<Id, (Counted, u64)>,
}

impl Desk {
    fn new(pace: Pace) -> Desk {
        let (urgent, other, under_way) = Default::default();
        Desk { urgent, other, pace, under_way }
    }

    fn add(&mut self, errand: Errand, now: u64) {
        let queue = if errand.urgent { &mut self.urgent } else { &mut self.other };
        queue.push_back(Waiting { errand, since: now });
    }

    /// It goes first when Telegram hears again.
    fn put_back(&mut self, waiting: Waiting) {
        let queue = if waiting.errand.urgent { &mut self.urgent } else { &mut self.other };
        queue.push_front(waiting);
    }

    /// It is under way no more.
    fn arrived(&mut self, id: Id, now: u64) {
        if let Some((counted, since)) = self.under_way.remove(&id) {
            self.pace.answered(counted, since, now);
        }
    }

    /// Drops what is of no use any more.
    fn drop_stale(&mut self, now: u64) {
        let pace = &self.pace;
        for queue in [&mut self.urgent, &mut self.other] {
            queue.retain(|waiting| !waiting.errand.done.is_closed());
            let all = std::mem::take(queue).into_iter();
            let (stale, good): (VecDeque<_>, _) = all.partition(|waiting| {
                // Whoever asks for it has no need to wait in vain.
                waiting.until() <= now.max(waiting.quiet_until(pace))
            });
            *queue = good;
            for waiting in stale {
                let after_ms = pace.open_from(now).max(waiting.quiet_until(pace)) - now;
                let why = "it waited too long".to_owned();
                tell(waiting.errand, Err(Undone::NotNow { why, after_ms }));
            }
        }
    }

    /// What may be said now; or else when something may, at the earliest.
    fn next(&mut self, now: u64) -> Result<Waiting, Option<u64>> {
        let mut earliest = None::<u64>;
        let busy: Vec<i64> = self.under_way.values().filter_map(|(counted, _)| counted.chat()).collect();
        for queue in [&mut self.urgent, &mut self.other] {
            let (mut passed, mut goes) = (Vec::new(), None);
            for (place, waiting) in queue.iter().enumerate() {
                let counted = counted(&waiting.errand.output);
                // Behind another of its chat.
                if counted.chat().is_some_and(|chat| busy.contains(&chat) || passed.contains(&chat)) {
                    continue;
                }
                let from = self.pace.of(counted, now);
                if from <= now {
                    goes = Some((place, counted));
                    break;
                }
                passed.extend(counted.chat());
                let next = from.min(waiting.until());
                earliest = Some(earliest.map_or(next, |earliest| earliest.min(next)));
            }
            if let Some((place, counted)) = goes
                && let Some(waiting) = queue.remove(place)
            {
                self.pace.sent(counted, now);
                return Ok(waiting);
            }
        }
        Err(earliest)
    }
}

fn tell(errand: Errand, outcome: Result<Done, Undone>) {
    // Whoever waited may be gone.
    let _ = errand.done.send(outcome);
}

/// Takes errands until it is told to end, once it is known who the bot is.
pub(super) async fn run(
    api: Api,
    limits: Limits,
    mut me: watch::Receiver<Option<UserId>>,
    errands: Errands,
    mut shutdown: watch::Receiver<bool>,
) {
    let Errands { mut urgent, mut other } = errands;
    let clock = Monotonic::start();
    let (mut desk, mut sending) = (Desk::new(Pace::after_another(limits, clock.ms())), JoinSet::new());
    loop {
        let now = clock.ms();
        desk.drop_stale(now);
        let known = *me.borrow_and_update();
        let next = match known {
            None => desk.urgent.iter().chain(&desk.other).map(Waiting::until).min(),
            Some(me) => loop {
                match desk.next(now) {
                    Ok(waiting) => {
                        let (api, counted) = (api.clone(), counted(&waiting.errand.output));
                        let task = sending.spawn(async move {
                            let outcome = put(&api, me, &waiting.errand.output).await;
                            (waiting, outcome)
                        });
                        desk.under_way.insert(task.id(), (counted, now));
                    }
                    Err(next) => break next,
                }
            },
        };
        let wait = next.map(|next| Duration::from_millis(next.saturating_sub(now).max(1)));
        tokio::select! {
            biased;
            Some(sent) = sending.join_next_with_id() => settle(&mut desk, sent, clock.ms()),
            Some(errand) = urgent.recv() => desk.add(errand, clock.ms()),
            Some(errand) = other.recv() => desk.add(errand, clock.ms()),
            // Nobody asks any more who the bot is: nothing can be said.
            known = me.changed(), if known.is_none() => if known.is_err() { break },
            () = sleep(wait.unwrap_or(Duration::MAX)), if wait.is_some() => {}
            _ = shutdown.wait_for(|ends| *ends) => break,
        }
    }
    let rest = async {
        while let Some(sent) = sending.join_next_with_id().await {
            settle(&mut desk, sent, clock.ms());
        }
    };
    let _ = tokio::time::timeout(LAST, rest).await;
    for waiting in desk.urgent.into_iter().chain(desk.other) {
        let why = "it ends before that is said".to_owned();
        tell(waiting.errand, Err(Undone::NotNow { why, after_ms: 0 }));
    }
}

/// An errand that was sent, and what Telegram says of it.
type Sent = (Waiting, Result<Done, Failure>);

/// Tells what came of an errand; or puts it back, where Telegram hears too much.
fn settle(desk: &mut Desk, sent: Result<(Id, Sent), JoinError>, now: u64) {
    let (id, (waiting, outcome)) = match sent {
        Ok(sent) => sent,
        Err(why) => {
            desk.arrived(why.id(), now);
            warn!("what was said to Telegram broke off: {why}");
            return;
        }
    };
    desk.arrived(id, now);
    let outcome = match outcome {
        Ok(done) => Ok(done),
        Err(Failure::TooMuch(ms)) => {
            warn!("Telegram hears too much and wants {ms} ms of quiet");
            desk.pace.refused(counted(&waiting.errand.output), now + ms);
            if now + ms < waiting.until() {
                return desk.put_back(waiting);
            }
            Err(Undone::NotNow { why: "Telegram hears too much".to_owned(), after_ms: ms })
        }
        Err(Failure::Already) => Ok(Done::Done),
        Err(Failure::Otherwise) => Err(Undone::Missing("it is another message".to_owned())),
        Err(Failure::Undone(why)) => Err(why),
    };
    tell(waiting.errand, outcome);
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;
    use crate::bot::talk::{Output, Screen};

    type Outcome = oneshot::Receiver<Result<Done, Undone>>;

    fn say(desk: &mut Desk, chat: i64, text: &str, urgent: bool, now: u64) -> Outcome {
        let (done, outcome) = oneshot::channel();
        desk.add(Errand { output: Output::Say { chat, screen: Screen::text(text) }, urgent, done }, now);
        outcome
    }

    fn said(waiting: &Waiting) -> &str {
        match &waiting.errand.output {
            Output::Say { screen, .. } => &screen.text,
            other => panic!("{other:?}"),
        }
    }

    /// What goes out at this moment, in order.
    fn out(desk: &mut Desk, now: u64) -> Vec<String> {
        let out = std::iter::from_fn(|| {
            let waiting = desk.next(now).ok()?;
            // It is answered at once.
            desk.pace.answered(counted(&waiting.errand.output), now, now);
            Some(waiting)
        });
        out.map(|waiting| said(&waiting).to_owned()).collect()
    }

    #[test]
    fn who_waits_goes_first_and_a_chat_hears_all_in_order() {
        let mut desk = Desk::new(Pace::new(Limits::TELEGRAM));
        let told: Vec<_> = (1..=40).map(|chat| say(&mut desk, chat, "новость", false, 0)).collect();
        let asked: Vec<_> = (1..=5).map(|n| say(&mut desk, 7, &format!("ответ {n}"), true, 0)).collect();
        let first = out(&mut desk, 0);
        assert_eq!(first[..3], ["ответ 1", "ответ 2", "ответ 3"]);
        assert_eq!(first.len(), 30);
        let (more, answers) = (out(&mut desk, 1_100), |out: &[String]| {
            out.iter().filter(|said| said.starts_with("ответ")).count()
        });
        assert_eq!((more[0].as_str(), answers(&more)), ("ответ 4", 1));
        assert_eq!(answers(&out(&mut desk, 2_200)), 1);
        drop((told, asked));
    }

    #[test]
    fn what_is_of_no_use_any_more_is_not_said() {
        let mut desk = Desk::new(Pace::new(Limits::TELEGRAM));
        drop(say(&mut desk, 1, "никому", true, 0));
        let mut late = say(&mut desk, 2, "поздно", true, 0);
        let mut has_time = say(&mut desk, 3, "успеет", false, 0);
        desk.pace.wait_until(60_000);
        assert_eq!(desk.next(0).map(|waiting| said(&waiting).to_owned()), Err(Some(40_000)));
        desk.drop_stale(40_000);
        let why = "it waited too long".to_owned();
        assert_eq!(late.try_recv().unwrap(), Err(Undone::NotNow { why, after_ms: 20_000 }));
        assert!(has_time.try_recv().is_err());
        assert_eq!(out(&mut desk, 60_000), ["успеет"]);
    }

    #[test]
    fn a_group_that_is_to_be_left_alone_keeps_nobody_else_waiting() {
        let mut desk = Desk::new(Pace::new(Limits::TELEGRAM));
        let (done, mut deed) = oneshot::channel();
        desk.add(Errand { output: Output::IsIn { chat: -7, user: 1 }, urgent: false, done }, 0);
        let private = say(&mut desk, 1, "новость", false, 0);
        desk.pace.refused(Counted::Deed(-7), 300_000);
        desk.drop_stale(10);
        let why = "it waited too long".to_owned();
        assert_eq!(deed.try_recv().unwrap(), Err(Undone::NotNow { why, after_ms: 299_990 }));
        assert_eq!(out(&mut desk, 10), ["новость"]);
        drop(private);
    }

    #[test]
    fn what_telegram_hears_too_much_of_is_said_again() {
        let mut desk = Desk::new(Pace::new(Limits::TELEGRAM));
        let outcomes = [say(&mut desk, 1, "раз", true, 0), say(&mut desk, 1, "два", true, 0)];
        let waiting = desk.next(0).unwrap_or_else(|_| panic!("nothing goes"));
        let id = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(async { tokio::spawn(async {}).id() });
        settle(&mut desk, Ok((id, (waiting, Err(Failure::TooMuch(5_000))))), 10);
        assert_eq!(out(&mut desk, 5_000), [""; 0]);
        assert_eq!(out(&mut desk, 5_010), ["раз", "два"]);
        drop(outcomes);
    }
}
