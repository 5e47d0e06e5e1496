//! The guard asks a house, the house answers.

use dwellers::questions::{self, Ask, State};
use dwellers::{Actor, Context, rights};
use dwellers_replica::{RecordId, Refusal};

use crate::village::{NOW_MS, Village, another_hub, said, semyon};

fn courier(village: &Village) -> Ask {
    let (house, gate) = (village.houses[0], village.barrier);
    let (plate, name) = ("а 123 вс 77".into(), "Курьер".into());
    Ask { house, gate, about: None, plate, name, timeout_ms: 60_000 }
}

#[test]
fn a_question_makes_sense_and_somebody_can_answer() {
    let mut village = Village::new();
    village.talk();
    let good = courier(&village);
    let check = |village: &mut Village, who: &Actor, ask: Ask, expected: &str| {
        assert_eq!(said(village.hub.judge(|ctx| questions::ask(ctx, who, &ask))), expected);
    };
    let [_, _, empty] = village.houses;
    let pyotr = village.pyotr.acts();
    check(&mut village, &semyon(), good.clone(), "done");
    check(&mut village, &pyotr, good.clone(), "done");
    for nobody in [village.olga.acts(), village.anna.acts(), Actor::Operator] {
        check(&mut village, &nobody, good.clone(), "this actor may not do that");
    }
    for (timeout_ms, expected) in [(10_000, "done"), (300_000, "done")] {
        check(&mut village, &semyon(), Ask { timeout_ms, ..good.clone() }, expected);
    }
    for timeout_ms in [0, 9_999, 300_001, u32::MAX] {
        check(&mut village, &semyon(), Ask { timeout_ms, ..good.clone() }, "timeout: out-of-range");
    }
    check(&mut village, &semyon(), Ask { house: empty, ..good.clone() }, "house: nobody-there");
    let nowhere = RecordId::new(1, 1);
    check(&mut village, &semyon(), Ask { house: nowhere, ..good.clone() }, "there is no such house");
    check(&mut village, &semyon(), Ask { gate: nowhere, ..good.clone() }, "there is no such gate");
    check(&mut village, &semyon(), Ask { plate: "А".repeat(17), ..good.clone() }, "plate: too-long");
    check(&mut village, &semyon(), Ask { name: "я".repeat(81), ..good.clone() }, "name: too-long");
    check(&mut village, &semyon(), Ask { plate: String::new(), name: String::new(), ..good.clone() }, "done");

    let mut other = another_hub(&mut village.cloud, 2);
    let elsewhere = other.judge(|ctx| questions::ask(ctx, &semyon(), &good));
    assert_eq!(said(elsewhere), "there is no such gate", "a gate of another hub");

    let asked = village.hub.run(|ctx| questions::ask(ctx, &semyon(), &good));
    let question = village.hub.view(|view| view.of::<questions::Question>().get(asked)).unwrap().unwrap();
    assert_eq!((question.value.plate.as_str(), question.value.guard.as_str()), ("A123BC77", "Семён"));
}

#[test]
fn who_answers() {
    let mut village = Village::new();
    village.talk();
    let ask = courier(&village);
    let asked = village.hub.run(|ctx| questions::ask(ctx, &semyon(), &ask));
    village.talk();
    let Village { olga, pyotr, anna, boris, nina, galina, .. } = village;
    let mut check = |who: &Actor, expected: &str| {
        assert_eq!(said(village.cloud.judge(|ctx| questions::answer(ctx, who, asked, true))), expected);
    };
    check(&anna.acts(), "done");
    check(&boris.acts(), "done");
    check(&nina.acts(), "this actor may not do that");
    check(&galina.acts(), "there is no such question");
    check(&olga.acts(), "there is no such question");
    check(&Actor::Operator, "this actor may not do that");
    check(&pyotr.acts(), "done");
    check(&semyon(), "done");
    let nothing = |ctx: &mut Context<'_>| questions::answer(ctx, &anna.acts(), RecordId::new(1, 1), true);
    assert_eq!(said(village.cloud.judge(nothing)), "there is no such question");
    village.cloud.run(|ctx| rights::revoke(ctx, &anna.acts(), boris.grant, ""));
    let gone = village.cloud.judge(|ctx| questions::answer(ctx, &boris.acts(), asked, true));
    assert_eq!(said(gone), "there is no such question");
}

#[test]
fn the_first_answer_counts() {
    let mut village = Village::new();
    village.talk();
    let ask = courier(&village);
    let asked = village.hub.run(|ctx| questions::ask(ctx, &semyon(), &ask));
    village.talk();
    let state = |village: &Village, now_ms: u64| {
        village.cloud.view(|view| questions::state(view, now_ms, asked)).unwrap()
    };
    let until_ms = NOW_MS + 60_000;
    assert_eq!(state(&village, until_ms - 1), State::Open { until_ms });
    assert_eq!(state(&village, until_ms), State::Unanswered);

    let (anna, boris) = (village.anna.acts(), village.boris.acts());
    let no = village.cloud.judge(|ctx| questions::answer(ctx, &anna, asked, false)).unwrap();
    let yes = village.cloud.judge(|ctx| questions::answer(ctx, &boris, asked, true)).unwrap();
    village.cloud.commit(&no.1).unwrap();
    assert!(matches!(village.cloud.commit(&yes.1), Err(Refusal::Taken { .. })), "at once");
    let late = village.cloud.judge(|ctx| questions::answer(ctx, &boris, asked, true));
    assert_eq!(said(late), "this question has ended");
    assert_eq!(state(&village, until_ms), State::Answered { answer: no.0, allow: false });

    // Meanwhile the guard had another member of the house on the telephone: both are facts.
    let phone = village.hub.run(|ctx| questions::answer(ctx, &semyon(), asked, true));
    village.talk();
    let at_hub = village.hub.view(|view| view.of::<questions::Answer>().get(phone)).unwrap().unwrap();
    assert_eq!((at_hub.value.person, at_hub.value.guard.as_str()), (None, "Семён"));
    let states = [&village.cloud, &village.hub]
        .map(|node| node.view(|view| questions::state(view, NOW_MS, asked)).unwrap());
    assert_eq!(states[0], states[1], "both screens show the same");
}

#[test]
fn who_is_told_when() {
    let mut village = Village::new();
    village.talk();
    let ask = courier(&village);
    let asked = village.hub.run(|ctx| questions::ask(ctx, &semyon(), &ask));
    let question =
        village.hub.view(|view| view.of::<questions::Question>().get(asked)).unwrap().unwrap().value;
    let (anna, boris) = (village.anna.person, village.boris.person);
    // Нина works there, and answers nothing.
    assert_eq!((&question.order[..], question.step_ms), (&[anna, boris][..], 20_000));
    for (after_ms, reached) in [(0, 1), (19_999, 1), (20_000, 2), (59_999, 2), (60_000, 0), (u64::MAX, 0)] {
        assert_eq!(question.reached(after_ms).len(), reached, "after {after_ms} ms");
    }
    // In a short one each has as long as the other.
    let short = Ask { timeout_ms: 10_000, ..courier(&village) };
    let asked = village.hub.run(|ctx| questions::ask(ctx, &semyon(), &short));
    let question =
        village.hub.view(|view| view.of::<questions::Question>().get(asked)).unwrap().unwrap().value;
    assert_eq!(
        (question.step_ms, question.reached(4_999).len(), question.reached(5_000).len()),
        (5_000, 1, 2)
    );
    // One that an older program wrote says nothing of whom.
    assert_eq!(questions::Question { timeout_ms: 60_000, ..Default::default() }.reached(0), []);
}

#[test]
fn what_a_house_was_asked_is_told_with_its_answer() {
    let mut village = Village::new();
    village.talk();
    let (ask, house, anna) = (courier(&village), village.houses[0], village.anna.acts());
    let first = village.hub.run(|ctx| questions::ask(ctx, &semyon(), &ask));
    village.hub.pass_time(1_000);
    let second = village.hub.run(|ctx| questions::ask(ctx, &semyon(), &ask));
    village.talk();
    village.cloud.pass_time(61_000);
    village.cloud.run(|ctx| questions::answer(ctx, &anna, first, true));
    let asked = |since_ms| village.cloud.view(|view| questions::of_house(view, house, since_ms)).unwrap();
    let all = asked(0);
    assert_eq!(all.iter().map(|asked| asked.question.id).collect::<Vec<_>>(), [second, first]);
    assert!(all[1].is_late() && !all[1].is_open(NOW_MS));
    assert!(!all[0].is_late() && all[0].is_open(NOW_MS + 60_999) && !all[0].is_open(NOW_MS + 61_000));
    assert_eq!(asked(NOW_MS + 1).len(), 1);
    assert!(village.cloud.view(|view| questions::of_house(view, village.houses[1], 0)).unwrap().is_empty());
}
