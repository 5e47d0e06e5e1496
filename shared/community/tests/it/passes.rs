//! Passes: issuing, hours, whom a guard sees.

mod hours;
mod past;

use dwellers::access::{self, Credential, Reason, Strength, Verdict};
use dwellers::passes::{self, Ended, Holds, Pass, Request, Terms, Use, Weekly};
use dwellers::people::{self, PlaceKind};
use dwellers::{Actor, Context, gates, rights};
use dwellers_replica::builtin::Registration;
use dwellers_replica::{RecordId, Refusal, Role as Side, Writes};

use crate::village::{
    DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS, Node, Village, another_hub, configured, configured_at, gate_of,
    guest, hub_of, pass, said, semyon,
};

fn get(node: &Node, id: RecordId) -> Pass {
    node.view(|view| view.of::<Pass>().get(id)).unwrap().unwrap().value
}

fn weekdays(days: &[u8], from_minute: u16, until_minute: u16) -> Weekly {
    Weekly { days: days.to_vec(), from_minute, until_minute }
}

#[test]
fn who_issues_for_which_house() {
    let mut village = Village::new();
    let Village { olga, pyotr, anna, boris, nina, timur, houses: [twelve, fourteen, empty], .. } = village;
    let mut check = |who: &Actor, house: RecordId, expected: &str| {
        let issued = village.cloud.judge(|ctx| passes::issue(ctx, who, &pass(house, guest())));
        assert_eq!(said(issued), expected, "{who:?}");
    };
    check(&anna.acts(), twelve, "done");
    check(&boris.acts(), twelve, "done");
    check(&timur.acts(), fourteen, "done");
    check(&nina.acts(), twelve, "this actor may not do that");
    check(&anna.acts(), fourteen, "there is no such house");
    check(&anna.acts(), empty, "there is no such house");
    check(&olga.acts(), twelve, "there is no such house");
    check(&pyotr.acts(), twelve, "there is no such house");
    check(&semyon(), twelve, "this actor may not do that");
    check(&Actor::Operator, twelve, "this actor may not do that");
}

#[test]
fn kinds_have_their_times_and_entries() {
    let mut village = Village::new();
    let (anna, hub, house) = (village.anna, village.hub_id(), village.houses[0]);
    let mut check = |terms: Terms, until_ms: u64, entries: Option<u32>| {
        let id = village.cloud.run(|ctx| passes::issue(ctx, &anna.acts(), &pass(house, terms.clone()))).0;
        let pass = get(&village.cloud, id);
        assert_eq!((pass.validity.until_ms, pass.entries), (until_ms, entries), "{terms:?}");
        assert_eq!(pass.decider, entries.map(|_| hub), "the only hub counts, where anything is counted");
        assert_eq!((pass.person, pass.under), (Some(anna.person), Some(anna.grant)));
        assert_eq!((pass.guard.as_str(), pass.rules), ("", dwellers::access::RULES));
    };
    check(Terms::Taxi { minutes: None }, NOW_MS + HOUR_MS, Some(1));
    check(Terms::Courier { minutes: None }, NOW_MS + 2 * HOUR_MS, Some(1));
    check(Terms::Taxi { minutes: Some(15) }, NOW_MS + 15 * MINUTE_MS, Some(1));
    check(guest(), NOW_MS + 2 * HOUR_MS, Some(1));
    let (from_ms, until_ms) = (NOW_MS + DAY_MS, NOW_MS + 2 * DAY_MS);
    check(Terms::Event { from_ms, until_ms, entries: 40 }, until_ms, Some(40));
    let weekly = weekdays(&[5, 1, 5], 480, 1080);
    check(Terms::Recurring { from_ms, until_ms, weekly }, until_ms, None);
}

#[test]
fn times_that_make_no_sense_are_refused() {
    let mut village = Village::new();
    let (anna, house) = (village.anna.acts(), village.houses[0]);
    let mut check = |terms: Terms, expected: &str| {
        let issued = village.cloud.judge(|ctx| passes::issue(ctx, &anna, &pass(house, terms.clone())));
        assert_eq!(said(issued), expected, "{terms:?}");
    };
    let guest = |from_ms: u64, until_ms: u64| Terms::Guest { from_ms, until_ms };
    check(guest(NOW_MS + 5, NOW_MS + 5), "window: ends-before-it-begins");
    check(guest(NOW_MS + 5, NOW_MS + 4), "window: ends-before-it-begins");
    check(guest(NOW_MS - 5, NOW_MS), "window: in-the-past");
    check(guest(NOW_MS - 5, NOW_MS + 1), "done");
    check(guest(NOW_MS, NOW_MS + 31 * DAY_MS), "done");
    check(guest(NOW_MS, NOW_MS + 31 * DAY_MS + 1), "window: too-long");
    check(guest(NOW_MS + 360 * DAY_MS, NOW_MS + 361 * DAY_MS), "done");
    check(guest(NOW_MS + 366 * DAY_MS, NOW_MS + 367 * DAY_MS), "window: too-far-ahead");
    check(guest(0, u64::MAX), "window: too-long");

    let always = weekdays(&[1, 2, 3, 4, 5, 6, 7], 0, 0);
    let recurring = |days: u64, weekly: Weekly| Terms::Recurring {
        from_ms: NOW_MS,
        until_ms: NOW_MS + days * DAY_MS,
        weekly,
    };
    check(recurring(366, always.clone()), "done");
    check(recurring(367, always), "window: too-far-ahead");
    check(recurring(9, weekdays(&[], 0, 0)), "days: not-weekdays");
    check(recurring(9, weekdays(&[0], 0, 0)), "days: not-weekdays");
    check(recurring(9, weekdays(&[1, 8], 0, 0)), "days: not-weekdays");
    check(recurring(9, weekdays(&[1], 1440, 60)), "hours: not-a-time-of-day");
    check(recurring(9, weekdays(&[1], 60, 1440)), "hours: not-a-time-of-day");

    for (minutes, expected) in [(4, "minutes: out-of-range"), (5, "done"), (1441, "minutes: out-of-range")] {
        check(Terms::Taxi { minutes: Some(minutes) }, expected);
    }
    for (entries, expected) in [(0, "entries: out-of-range"), (500, "done"), (501, "entries: out-of-range")] {
        check(Terms::Event { from_ms: NOW_MS, until_ms: NOW_MS + DAY_MS, entries }, expected);
    }
    village.cloud.now.trusted = false;
    let issued = village.cloud.judge(|ctx| passes::issue(ctx, &anna, &pass(house, guest(0, NOW_MS + 1))));
    assert_eq!(said(issued), "window: time-not-trusted");
}

#[test]
fn a_pass_names_its_visitor_somehow() {
    let mut village = Village::new();
    let (anna, house) = (village.anna.acts(), village.houses[0]);
    let blank = Request { name: String::new(), ..pass(house, guest()) };
    let mut check = |request: Request, expected: &str| {
        assert_eq!(said(village.cloud.judge(|ctx| passes::issue(ctx, &anna, &request))), expected);
    };
    check(blank.clone(), "plate: plate-name-or-code");
    check(Request { note: "С собакой".into(), ..blank.clone() }, "plate: plate-name-or-code");
    check(Request { plate: "а123вс77".into(), ..blank.clone() }, "done");
    check(Request { code: true, ..blank.clone() }, "done");
    check(Request { plate: "белая машина".into(), ..blank.clone() }, "plate: not-a-plate");
    check(Request { name: "я".repeat(81), ..blank.clone() }, "name: too-long");
    check(Request { note: "я".repeat(501), ..pass(house, guest()) }, "note: too-long");
    let plate = Request { plate: " а 123 вс 77 ".into(), ..blank };
    let id = village.cloud.run(|ctx| passes::issue(ctx, &anna, &plate)).0;
    assert_eq!(get(&village.cloud, id).plate, "A123BC77");
}

#[test]
fn a_code_is_six_digits_that_no_other_pass_has() {
    let mut village = Village::new();
    let (anna, house) = (village.anna.acts(), village.houses[0]);
    let with_code = Request { code: true, ..pass(house, guest()) };
    let code = village.cloud.run(|ctx| passes::issue(ctx, &anna, &with_code)).1;
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code:?}");
    // Chance offers the same code again, and then once more.
    let draws = |village: &mut Village, offers: Vec<u128>| {
        let mut offers = offers.into_iter();
        let now = village.cloud.now;
        let mut id = 1 << 70;
        let mut entropy = || offers.next().unwrap_or_else(|| (id += 1, id).1);
        village
            .cloud
            .view(|view| passes::issue(&mut Context { view, now, entropy: &mut entropy }, &anna, &with_code))
    };
    let same: u128 = code.parse().unwrap();
    let issued = draws(&mut village, vec![same, same + 3_000_000, 1_234_567]).unwrap();
    assert_eq!(issued.code, "234567");
    let other = draws(&mut village, vec![1_234_567, 42]).unwrap();
    assert_eq!(other.code, "234567", "nothing is committed yet");
    village.cloud.commit(&issued.writes).unwrap();
    assert!(matches!(village.cloud.commit(&other.writes), Err(Refusal::Taken { .. })), "at once");
    let never = draws(&mut village, vec![same; 64]);
    assert_eq!(said(never), "this code is there already", "chance that is broken is found out");
}

#[test]
fn a_hub_in_the_place_of_a_dead_one_counts_on() {
    let mut village = Village::new();
    let (anna, dead, house) = (village.anna.acts(), village.hub_id(), village.houses[0]);
    let request = Request { plate: "А123ВС77".into(), ..pass(house, guest()) };
    village.cloud.run(|ctx| passes::issue(ctx, &anna, &request));
    // It comes with a registration that says in whose place; the administrator has not revoked the old one yet.
    let id = RecordId::new(NOW_MS, 2);
    let succeeds = Some(dead);
    let registration = Registration { role: Some(Side::Hub), key: "new".into(), succeeds };
    let now = village.cloud.now;
    village.cloud.replica.register(id, &registration, now).unwrap();
    let mut new = hub_of(&mut village.cloud, id, 2);
    let gate = configured_at(&mut new);
    let comes = |new: &Node| {
        let credential = Credential::Plate { plate: "A123BC77".into(), strength: Strength::Strong };
        let request = access::Request { gate, lane: "in".into(), credential };
        let facts = new.view(|view| access::gather(view, &gate_of(view, request.gate), &request)).unwrap();
        let decision = access::decide(&request, &facts, new.now);
        (decision.verdict, decision.reason)
    };
    assert_eq!(comes(&new), (Verdict::Ask, Reason::DecidedElsewhere), "the other may still open on it");
    village.cloud.replica.retire(RecordId::new(NOW_MS, 3), dead, now).unwrap();
    new.catch_up(&mut village.cloud);
    assert_eq!(comes(&new), (Verdict::Open, Reason::Pass));
    // New passes are counted by the new one: the dead one's gates are none any more.
    village.cloud.catch_up(&mut new);
    let issued = village.cloud.run(|ctx| passes::issue(ctx, &anna, &request)).0;
    assert_eq!(get(&village.cloud, issued).decider, Some(id));
}

#[test]
fn one_hub_counts() {
    let mut village = Village::new();
    let (anna, first, house) = (village.anna.acts(), village.hub_id(), village.houses[0]);
    let decider = |village: &mut Village, decider: Option<RecordId>, terms: Terms| {
        let request = Request { decider, ..pass(house, terms) };
        let issued = village.cloud.attempt(|ctx| passes::issue(ctx, &anna, &request));
        issued.map(|(id, _)| get(&village.cloud, id).decider)
    };
    let mut second = another_hub(&mut village.cloud, 2);
    let second_id = second.replica.standing().unwrap().replica;
    assert_eq!(said(decider(&mut village, Some(second_id), guest())), "there is no such hub", "no gates");
    second.run(|ctx| gates::upsert(ctx, &[], &configured()));
    village.cloud.catch_up(&mut second);
    assert_eq!(said(decider(&mut village, None, guest())), "decider: which-gatehouse");
    for hub in [first, second_id] {
        assert_eq!(decider(&mut village, Some(hub), guest()).unwrap(), Some(hub));
    }
    let (from_ms, until_ms, weekly) = (NOW_MS, NOW_MS + DAY_MS, weekdays(&[1], 0, 0));
    let recurring = Terms::Recurring { from_ms, until_ms, weekly };
    assert_eq!(decider(&mut village, Some(first), recurring).unwrap(), None, "nothing to count");
}

#[test]
fn a_house_has_not_too_many_living_passes() {
    let mut village = Village::new();
    let (anna, house) = (village.anna.acts(), village.houses[0]);
    let taxi = pass(house, Terms::Taxi { minutes: Some(30) });
    let mut last = None;
    for _ in 0..passes::MAX_LIVING_OF_A_HOUSE {
        last = Some(village.cloud.run(|ctx| passes::issue(ctx, &anna, &taxi)).0);
    }
    let issue = |ctx: &mut Context<'_>| passes::issue(ctx, &anna, &taxi);
    assert_eq!(said(village.cloud.judge(issue)), "house: too-many");
    village.cloud.run(|ctx| rights::revoke(ctx, &anna, last.unwrap(), ""));
    assert_eq!(said(village.cloud.judge(issue)), "done", "one was cancelled");
    village.cloud.run(issue);
    assert_eq!(said(village.cloud.judge(issue)), "house: too-many");
    village.cloud.pass_time(30 * MINUTE_MS);
    assert_eq!(said(village.cloud.judge(issue)), "done", "their time is over");
}

#[test]
fn a_guard_issues_on_a_houses_telephone_call() {
    let mut village = Village::new();
    village.talk();
    let Village { olga, pyotr, anna, galina, timur, houses: [twelve, fourteen, empty], .. } = village;
    let issue = |village: &mut Village, who: &Actor, house: RecordId| {
        let request = pass(house, Terms::Courier { minutes: None });
        village.hub.attempt(|ctx| passes::issue_for_house(ctx, who, &request)).map(|(id, _)| id)
    };
    for nobody in [anna.acts(), olga.acts(), Actor::Operator] {
        assert_eq!(said(issue(&mut village, &nobody, twelve)), "this actor may not do that");
    }
    assert_eq!(said(issue(&mut village, &semyon(), empty)), "house: nobody-there");
    village.cloud.run(|ctx| people::settle(ctx, &olga.acts(), timur.person, empty, PlaceKind::Family));
    village.talk();
    let relative = issue(&mut village, &semyon(), empty);
    assert_eq!(said(relative), "house: nobody-there", "a house speaks by its owner or tenant");
    assert_eq!(said(issue(&mut village, &semyon(), RecordId::new(1, 1))), "there is no such house");

    let id = issue(&mut village, &semyon(), twelve).unwrap();
    let issued = get(&village.hub, id);
    assert_eq!((issued.person, issued.under), (Some(anna.person), Some(anna.grant)));
    assert_eq!(issued.guard, "Семён");
    let by_pyotr = issue(&mut village, &pyotr.acts(), fourteen).unwrap();
    assert_eq!(get(&village.hub, by_pyotr).guard, "Пётр");
    assert_eq!(get(&village.hub, by_pyotr).person, Some(galina.person), "the owner before the tenant");

    village.talk();
    let mine = village.cloud.judge(|ctx| rights::revoke(ctx, &anna.acts(), id, "Не звонили"));
    assert_eq!(said(mine), "done", "the house sees and cancels it");

    // Once the owner is banned or gone, nobody speaks for a house by what stood under them.
    let whom = rights::Whom::Person(galina.person);
    village.cloud.run(|ctx| rights::ban(ctx, &olga.acts(), &whom, "Долг", None));
    village.talk();
    assert_eq!(said(issue(&mut village, &semyon(), fourteen)), "house: nobody-there");
    village.cloud.run(|ctx| people::settle(ctx, &olga.acts(), timur.person, fourteen, PlaceKind::Owner));
    village.talk();
    let id = issue(&mut village, &semyon(), fourteen).unwrap();
    assert_eq!(get(&village.hub, id).person, Some(timur.person));
}

#[test]
fn whom_the_houses_expect() {
    let mut village = Village::new();
    let Village { anna, galina, houses: [twelve, fourteen, _], .. } = village;
    let mut issue = |whose: Actor, house: RecordId, name: &str, plate: &str, terms: Terms| {
        let request = Request { plate: plate.into(), name: name.into(), ..pass(house, terms) };
        village.cloud.run(|ctx| passes::issue(ctx, &whose, &request)).0
    };
    let window = |from: u64, until: u64| Terms::Guest { from_ms: NOW_MS + from, until_ms: NOW_MS + until };
    let hours = |days: &[u8], from: u16, until: u16| Terms::Recurring {
        from_ms: NOW_MS - DAY_MS,
        until_ms: NOW_MS + 20 * DAY_MS,
        weekly: weekdays(days, from * 60, until * 60),
    };
    issue(anna.acts(), twelve, "Фёдор", "а123вс77", window(0, HOUR_MS));
    issue(anna.acts(), twelve, "Вечерний", "", window(13 * HOUR_MS, 20 * HOUR_MS));
    issue(anna.acts(), twelve, "Завтрашний", "", window(15 * HOUR_MS, 20 * HOUR_MS));
    issue(galina.acts(), fourteen, "Садовник", "", hours(&[1, 2], 17, 19));
    issue(galina.acts(), fourteen, "Няня вторника", "", hours(&[2], 9, 19));
    issue(galina.acts(), fourteen, "Ночной сторож", "", hours(&[7], 22, 11));
    let cancelled = issue(galina.acts(), fourteen, "Отменённый", "", window(0, HOUR_MS));
    let used = issue(galina.acts(), fourteen, "Вошедший", "", window(0, HOUR_MS));
    village.cloud.run(|ctx| rights::revoke(ctx, &galina.acts(), cancelled, ""));
    village.talk();
    let mut writes = Writes::new();
    let entry = RecordId::new(NOW_MS, 3);
    writes.create(RecordId::new(NOW_MS, 2), &Use { pass: used, ordinal: 1, entry });
    village.hub.commit(&writes).unwrap();

    let search = |village: &Village, text: &str| -> Vec<String> {
        let now = village.hub.now;
        let found = village.hub.view(|view| passes::expected(view, now, &semyon(), text)).unwrap();
        found.into_iter().map(|expected| expected.pass.value.name).collect()
    };
    assert_eq!(search(&village, ""), ["Фёдор", "Ночной сторож", "Садовник", "Вечерний"]);
    assert_eq!(search(&village, "123ВС"), ["Фёдор"]);
    assert_eq!(search(&village, "123bc"), ["Фёдор"]);
    assert_eq!(search(&village, "федор"), ["Фёдор"]);
    assert_eq!(search(&village, "14"), ["Ночной сторож", "Садовник"]);
    assert_eq!(search(&village, "сад"), ["Садовник"]);
    assert_eq!(search(&village, "99"), Vec::<String>::new());
    village.hub.pass_time(13 * HOUR_MS);
    assert_eq!(search(&village, ""), ["Вечерний", "Завтрашний"], "it is eleven, and soon tomorrow");

    let now = village.hub.now;
    for nobody in [anna.acts(), Actor::Operator] {
        let found = village.hub.view(|view| passes::expected(view, now, &nobody, ""));
        assert_eq!(said(found), "this actor may not do that");
    }
}

#[test]
fn what_became_of_a_pass() {
    let mut village = Village::new();
    let (anna, house) = (village.anna, village.houses[0]);
    let terms = Terms::Event { from_ms: NOW_MS, until_ms: NOW_MS + HOUR_MS, entries: 2 };
    let id = village.cloud.run(|ctx| passes::issue(ctx, &anna.acts(), &pass(house, terms))).0;
    village.talk();
    let check = |village: &mut Village, used: u32, holds: Holds, ended: Option<Ended>| {
        let now_ms = village.hub.now.ms;
        let state = village.hub.view(|view| passes::state(view, now_ms, id)).unwrap();
        assert_eq!((state.used, state.holds, state.ended), (used, holds, ended));
    };
    let enter = |village: &mut Village, ordinal: u32| {
        let (mut writes, key) = (Writes::new(), [id.to_string().into(), ordinal.into()]);
        let entry = RecordId::new(NOW_MS, 1);
        let using = Use { pass: id, ordinal, entry };
        writes.create(RecordId::new(NOW_MS, 50 + u128::from(ordinal)), &using).absent::<Use>("pass", key);
        village.hub.commit(&writes).unwrap();
    };
    check(&mut village, 0, Holds::Now, None);
    enter(&mut village, 1);
    check(&mut village, 1, Holds::Now, None);
    enter(&mut village, 2);
    check(&mut village, 2, Holds::Now, Some(Ended::UsedUp));
    village.hub.pass_time(HOUR_MS);
    check(&mut village, 2, Holds::Over, Some(Ended::UsedUp));
    village.cloud.run(|ctx| rights::revoke(ctx, &anna.acts(), id, ""));
    village.talk();
    check(&mut village, 2, Holds::Over, Some(Ended::Revoked));
    let nothing = village.hub.view(|view| passes::state(view, NOW_MS, RecordId::new(1, 1)));
    assert_eq!(said(nothing), "there is no such pass");
}

#[test]
fn a_pass_does_not_outrun_the_end_of_its_place() {
    let mut village = Village::new();
    let (anna, boris, house) = (village.anna.acts(), village.boris, village.houses[0]);
    let issued = village.cloud.judge(|ctx| passes::issue(ctx, &boris.acts(), &pass(house, guest()))).unwrap();
    village.cloud.run(|ctx| rights::revoke(ctx, &anna, boris.grant, ""));
    assert!(matches!(village.cloud.commit(&issued.writes), Err(Refusal::Taken { .. })));
}
