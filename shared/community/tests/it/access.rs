//! The one decision, as a table of cases and as properties over all facts there can be.

mod stories;

use dwellers::access::{
    Banned, Claim, ClaimKind, Credential, Decision, Facts, RULES, Reason, Request, Strength, Verdict, decide,
};
use dwellers::gates::{Direction, Lane};
use dwellers::passes::{Validity, Weekly};
use dwellers_replica::{Now, RecordId};
use jiff::tz::TimeZone;
use proptest::prelude::*;

/// Wednesday, 2025-06-18, 12:00 in Moscow.
const NOON: u64 = 1_750_237_200_000;
const HOUR: u64 = 3_600_000;
const NOW: Now = Now { ms: NOON, trusted: true };
const HUB: RecordId = RecordId::new(1, 1);
const OTHER_HUB: RecordId = RecordId::new(1, 2);
const PLATE: &str = "A123BC77";

fn lane(direction: Direction) -> Lane {
    Lane { key: "lane".into(), direction, free: false, anti_passback: false }
}

fn facts(claims: Vec<Claim>) -> Facts {
    Facts {
        hub: HUB,
        lane: Some(lane(Direction::Entry)),
        zone: Some(TimeZone::get("Europe/Moscow").unwrap()),
        bans: Vec::new(),
        claims,
        inside: false,
        unreadable: false,
    }
}

fn claim(kind: ClaimKind) -> Claim {
    Claim {
        grant: RecordId::new(5, 5),
        kind,
        alive: true,
        bans: Vec::new(),
        house: Some(RecordId::new(6, 6)),
        person: Some(RecordId::new(7, 7)),
        plate: PLATE.into(),
        name: String::new(),
        validity: None,
        entries: None,
        used: 0,
        decider: None,
        rules: RULES,
    }
}

/// From an hour ago to an hour ahead, one entry, counted here.
fn one_time() -> Claim {
    let validity = Validity { from_ms: NOON - HOUR, until_ms: NOON + HOUR, weekly: None };
    let claim = claim(ClaimKind::Pass);
    Claim {
        grant: RecordId::new(8, 8),
        validity: Some(validity),
        entries: Some(1),
        decider: Some(HUB),
        ..claim
    }
}

fn request(credential: Credential) -> Request {
    Request { gate: RecordId::new(2, 2), lane: "lane".into(), credential }
}

fn plate(strength: Strength) -> Request {
    request(Credential::Plate { plate: PLATE.into(), strength })
}

fn outcome(request: &Request, facts: &Facts, now: Now) -> (Verdict, Reason) {
    let decision = decide(request, facts, now);
    (decision.verdict, decision.reason)
}

#[test]
fn rights_on_the_way_in() {
    let ban = |until_ms| Banned { until_ms };
    let during = |from_ms, until_ms| Some(Validity { from_ms, until_ms, weekly: None });
    let hours = |days: &[u8], from_minute, until_minute| {
        let weekly = Some(Weekly { days: days.to_vec(), from_minute, until_minute });
        Some(Validity { from_ms: NOON - HOUR, until_ms: NOON + HOUR, weekly })
    };
    let car = || claim(ClaimKind::Vehicle);
    let table = [
        ("nobody knows it", vec![], Verdict::Ask, Reason::Unknown),
        ("a resident's car", vec![car()], Verdict::Open, Reason::Vehicle),
        ("a pass", vec![one_time()], Verdict::Open, Reason::Pass),
        ("a revoked car", vec![Claim { alive: false, ..car() }], Verdict::Refuse, Reason::Revoked),
        (
            "its owner is banned",
            vec![Claim { bans: vec![ban(None)], ..car() }],
            Verdict::Refuse,
            Reason::Banned,
        ),
        (
            "its owner is banned for another hour",
            vec![Claim { bans: vec![ban(Some(NOON + HOUR))], ..car() }],
            Verdict::Refuse,
            Reason::Banned,
        ),
        (
            "the owner's ban has ended",
            vec![Claim { bans: vec![ban(Some(NOON))], ..car() }],
            Verdict::Open,
            Reason::Vehicle,
        ),
        ("newer rules", vec![Claim { rules: RULES + 1, ..car() }], Verdict::Ask, Reason::NewerRules),
        (
            "newer rules do not lift a ban",
            vec![Claim { rules: RULES + 1, bans: vec![ban(None)], ..car() }],
            Verdict::Refuse,
            Reason::Banned,
        ),
        ("used up", vec![Claim { used: 1, ..one_time() }], Verdict::Refuse, Reason::UsedUp),
        (
            "of three entries the third",
            vec![Claim { entries: Some(3), used: 2, ..one_time() }],
            Verdict::Open,
            Reason::Pass,
        ),
        (
            "no entries at all",
            vec![Claim { entries: Some(0), ..one_time() }],
            Verdict::Refuse,
            Reason::UsedUp,
        ),
        (
            "counted by another hub",
            vec![Claim { decider: Some(OTHER_HUB), ..one_time() }],
            Verdict::Ask,
            Reason::DecidedElsewhere,
        ),
        (
            "not counted, named by another hub",
            vec![Claim { decider: Some(OTHER_HUB), entries: None, ..one_time() }],
            Verdict::Open,
            Reason::Pass,
        ),
        (
            "an hour early",
            vec![Claim { validity: during(NOON + HOUR, NOON + 2 * HOUR), ..one_time() }],
            Verdict::Refuse,
            Reason::NotYet,
        ),
        (
            "at its first moment",
            vec![Claim { validity: during(NOON, NOON + HOUR), ..one_time() }],
            Verdict::Open,
            Reason::Pass,
        ),
        (
            "at its end",
            vec![Claim { validity: during(NOON - HOUR, NOON), ..one_time() }],
            Verdict::Refuse,
            Reason::Expired,
        ),
        (
            "within its hours",
            vec![Claim { validity: hours(&[3], 11 * 60, 13 * 60), ..one_time() }],
            Verdict::Open,
            Reason::Pass,
        ),
        (
            "on another day",
            vec![Claim { validity: hours(&[1, 2, 4], 11 * 60, 13 * 60), ..one_time() }],
            Verdict::Refuse,
            Reason::OutsideHours,
        ),
        (
            "at another hour",
            vec![Claim { validity: hours(&[3], 13 * 60, 14 * 60), ..one_time() }],
            Verdict::Refuse,
            Reason::OutsideHours,
        ),
        ("a car beside a pass uses no pass", vec![one_time(), car()], Verdict::Open, Reason::Vehicle),
        (
            "a living pass beside a revoked car",
            vec![Claim { alive: false, ..car() }, one_time()],
            Verdict::Open,
            Reason::Pass,
        ),
        (
            "of two refusals the one the guard must know",
            vec![Claim { alive: false, ..car() }, Claim { bans: vec![ban(None)], ..one_time() }],
            Verdict::Refuse,
            Reason::Banned,
        ),
    ];
    for (what, claims, verdict, reason) in table {
        assert_eq!(outcome(&plate(Strength::Strong), &facts(claims), NOW), (verdict, reason), "{what}");
    }
}

#[test]
fn what_else_bears_on_it() {
    let car = || vec![claim(ClaimKind::Vehicle)];
    let inside = |claims| Facts { inside: true, ..facts(claims) };
    let exit = |free| Some(Lane { free, ..lane(Direction::Exit) });
    let strict = Some(Lane { anti_passback: true, ..lane(Direction::Entry) });
    let banned = vec![Banned { until_ms: None }];
    let bans = || vec![Banned { until_ms: None }];
    let untrusted = Now { trusted: false, ..NOW };
    let strong = || plate(Strength::Strong);
    let weak = || plate(Strength::Middling);
    let presence = || request(Credential::Presence);
    let used = || Claim { used: 1, ..one_time() };
    let old = || Claim { validity: Some(Validity { from_ms: 0, until_ms: 1, weekly: None }), ..one_time() };
    let said = || request(Credential::Answer { house: RecordId::new(6, 6), plate: PLATE.into() });
    let table = [
        ("a weak reading of a known car", weak(), facts(car()), NOW, Verdict::Ask, Reason::WeakReading),
        ("a weak reading of nobody", weak(), facts(vec![]), NOW, Verdict::Ask, Reason::Unknown),
        (
            "the plate is banned",
            strong(),
            Facts { bans: bans(), ..facts(car()) },
            NOW,
            Verdict::Refuse,
            Reason::Banned,
        ),
        (
            "a ban that has ended binds while the clock is not trusted",
            strong(),
            Facts { bans: vec![Banned { until_ms: Some(1) }], ..facts(car()) },
            untrusted,
            Verdict::Refuse,
            Reason::Banned,
        ),
        ("no clock, a car", strong(), facts(car()), untrusted, Verdict::Open, Reason::Vehicle),
        (
            "no clock, a pass",
            strong(),
            facts(vec![one_time()]),
            untrusted,
            Verdict::Ask,
            Reason::TimeNotTrusted,
        ),
        (
            "no clock, a pass that is used up",
            strong(),
            facts(vec![used()]),
            untrusted,
            Verdict::Refuse,
            Reason::UsedUp,
        ),
        (
            "no time zone",
            strong(),
            Facts { zone: None, ..facts(vec![one_time()]) },
            NOW,
            Verdict::Ask,
            Reason::TimeNotTrusted,
        ),
        (
            "something does not read",
            strong(),
            Facts { unreadable: true, ..facts(car()) },
            NOW,
            Verdict::Ask,
            Reason::NotJudged,
        ),
        (
            "a ban beside something that does not read",
            strong(),
            Facts { unreadable: true, bans: banned, ..facts(car()) },
            NOW,
            Verdict::Refuse,
            Reason::Banned,
        ),
        (
            "inside already",
            strong(),
            Facts { lane: strict.clone(), ..inside(car()) },
            NOW,
            Verdict::Ask,
            Reason::Inside,
        ),
        (
            "outside",
            strong(),
            Facts { lane: strict.clone(), ..facts(car()) },
            NOW,
            Verdict::Open,
            Reason::Vehicle,
        ),
        (
            "inside, in a lane that does not mind",
            strong(),
            inside(car()),
            NOW,
            Verdict::Open,
            Reason::Vehicle,
        ),
        (
            "out on a car's own right",
            strong(),
            Facts { lane: exit(false), ..facts(car()) },
            NOW,
            Verdict::Open,
            Reason::Vehicle,
        ),
        (
            "out after a used pass",
            strong(),
            Facts { lane: exit(false), ..inside(vec![used()]) },
            NOW,
            Verdict::Open,
            Reason::Leaving,
        ),
        (
            "out after the pass has ended",
            strong(),
            Facts { lane: exit(false), ..inside(vec![old()]) },
            NOW,
            Verdict::Open,
            Reason::Leaving,
        ),
        (
            "out, and never seen coming in",
            strong(),
            Facts { lane: exit(false), ..facts(vec![old()]) },
            NOW,
            Verdict::Refuse,
            Reason::Expired,
        ),
        (
            "out, read badly",
            weak(),
            Facts { lane: exit(false), ..inside(car()) },
            NOW,
            Verdict::Ask,
            Reason::WeakReading,
        ),
        (
            "out, unknown",
            strong(),
            Facts { lane: exit(false), ..facts(vec![]) },
            NOW,
            Verdict::Ask,
            Reason::Unknown,
        ),
        (
            "out, banned",
            strong(),
            Facts { lane: exit(true), bans: bans(), ..inside(car()) },
            NOW,
            Verdict::Ask,
            Reason::BannedLeaving,
        ),
        (
            "a free exit, unknown",
            weak(),
            Facts { lane: exit(true), ..facts(vec![]) },
            NOW,
            Verdict::Open,
            Reason::FreeExit,
        ),
        (
            "a free exit, only the loop",
            presence(),
            Facts { lane: exit(true), ..facts(vec![]) },
            NOW,
            Verdict::Open,
            Reason::FreeExit,
        ),
        ("the loop of an entry", presence(), facts(vec![]), NOW, Verdict::Ask, Reason::Unknown),
        (
            "the loop of an exit that is not free",
            presence(),
            Facts { lane: exit(false), ..facts(vec![]) },
            NOW,
            Verdict::Ask,
            Reason::Unknown,
        ),
        (
            "a button, no right",
            request(Credential::Button(HUB)),
            facts(vec![]),
            NOW,
            Verdict::Refuse,
            Reason::NoRight,
        ),
        (
            "a button",
            request(Credential::Button(HUB)),
            facts(vec![claim(ClaimKind::Person)]),
            NOW,
            Verdict::Open,
            Reason::Button,
        ),
        (
            "a code",
            request(Credential::Code("123456".into())),
            facts(vec![one_time()]),
            NOW,
            Verdict::Open,
            Reason::Pass,
        ),
        (
            "an unknown code",
            request(Credential::Code("1".into())),
            facts(vec![]),
            NOW,
            Verdict::Ask,
            Reason::Unknown,
        ),
        (
            "a card",
            request(Credential::Card("AF".into())),
            facts(vec![claim(ClaimKind::Card)]),
            NOW,
            Verdict::Open,
            Reason::Card,
        ),
        ("the house allows", said(), facts(vec![]), NOW, Verdict::Open, Reason::Allowed),
        (
            "the house allows whom a ban names",
            said(),
            Facts { bans: bans(), ..facts(vec![]) },
            NOW,
            Verdict::Refuse,
            Reason::Banned,
        ),
        (
            "the guard",
            request(Credential::Guard),
            Facts { unreadable: true, bans: bans(), ..facts(vec![]) },
            NOW,
            Verdict::Open,
            Reason::Guard,
        ),
    ];
    for (what, request, facts, now, verdict, reason) in table {
        assert_eq!(outcome(&request, &facts, now), (verdict, reason), "{what}");
    }
}

#[test]
fn an_opening_says_what_it_uses() {
    let uses = |claims, way| {
        let lane = Some(lane(way));
        decide(&plate(Strength::Strong), &Facts { lane, ..facts(claims) }, NOW)
    };
    let second = Claim { entries: Some(3), used: 1, ..one_time() };
    let in_again = uses(vec![second.clone()], Direction::Entry);
    assert_eq!(in_again.uses, Some((second.grant, 2)));
    assert_eq!((in_again.house, in_again.plate.as_str()), (second.house, PLATE));
    assert_eq!(uses(vec![second], Direction::Exit).uses, None, "going out uses nothing");
    assert_eq!(
        uses(vec![Claim { used: 1, ..one_time() }], Direction::Entry).uses,
        None,
        "nor does a refusal"
    );
    let resident = uses(vec![one_time(), claim(ClaimKind::Vehicle)], Direction::Entry);
    assert_eq!(resident.uses, None, "a resident's own car uses up no pass");
    let endless = Claim { entries: None, grant: RecordId::new(3, 3), ..one_time() };
    assert_eq!(uses(vec![one_time(), endless], Direction::Entry).uses, None, "nor does a recurring guest");
}

#[test]
fn between_houses_the_one_that_was_first_has_the_car_and_the_visitor() {
    let of = |house: u128, made_ms, claim: Claim| Claim {
        house: Some(RecordId::new(6, house)),
        grant: RecordId::new(made_ms, house),
        ..claim
    };
    let car = |house, made_ms| of(house, made_ms, claim(ClaimKind::Vehicle));
    let pass = |house, made_ms| of(house, made_ms, one_time());
    let endless = |house, made_ms| of(house, made_ms, Claim { entries: None, ..one_time() });
    let ended = |claim| Claim { alive: false, ..claim };
    let table = [
        ("a car that a neighbour enters, too", vec![car(1, 10), car(2, 20)], (1, 10)),
        ("a visitor's, entered as a car", vec![pass(1, 10), car(2, 20)], (1, 10)),
        ("a visitor whom a neighbour expects always", vec![pass(1, 10), endless(2, 20)], (1, 10)),
        ("a car for which a neighbour has a pass", vec![car(1, 10), pass(2, 20)], (1, 10)),
        ("one's own pass beside one's own car", vec![pass(1, 10), car(2, 15), car(1, 20)], (1, 20)),
        ("the older of two passes of a house", vec![pass(1, 10), pass(1, 20)], (1, 10)),
        ("what has ended keeps nothing", vec![ended(car(1, 10)), car(2, 20)], (2, 20)),
        ("of what refuses the newest", vec![ended(car(1, 10)), ended(car(2, 20))], (2, 20)),
    ];
    for (what, claims, (house, made_ms)) in table {
        let decision = decide(&plate(Strength::Strong), &facts(claims), NOW);
        let expected = (Some(RecordId::new(6, house)), Some(RecordId::new(made_ms, house)));
        assert_eq!((decision.house, decision.grant), expected, "{what}");
    }
}

fn any_now() -> impl Strategy<Value = Now> {
    (NOON - 3 * HOUR..NOON + 3 * HOUR, any::<bool>()).prop_map(|(ms, trusted)| Now { ms, trusted })
}

fn any_bans() -> impl Strategy<Value = Vec<Banned>> {
    let ban = prop::option::of(NOON - 2 * HOUR..NOON + 2 * HOUR).prop_map(|until_ms| Banned { until_ms });
    prop::collection::vec(ban, 0..2)
}

fn any_claim() -> impl Strategy<Value = Claim> {
    let validity = (NOON - 2 * HOUR..NOON + HOUR, 0..3 * HOUR).prop_map(|(from_ms, long)| Validity {
        from_ms,
        until_ms: from_ms + long,
        weekly: None,
    });
    let kinds =
        prop::sample::select(vec![ClaimKind::Vehicle, ClaimKind::Card, ClaimKind::Person, ClaimKind::Pass]);
    let counted = prop::option::of(0_u32..3);
    let decider = prop::sample::select(vec![None, Some(HUB), Some(OTHER_HUB)]);
    let rest = (any_bans(), prop::option::of(validity), counted, 0_u32..4, decider, 0..RULES + 2);
    (0_u64..4, kinds, any::<bool>(), rest).prop_map(
        |(grant, kind, alive, (bans, validity, entries, used, decider, rules))| {
            let grant = RecordId::new(grant, 9);
            Claim { grant, alive, bans, validity, entries, used, decider, rules, ..claim(kind) }
        },
    )
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let way = prop::sample::select(vec![Direction::Entry, Direction::Exit]);
    let lane = (way, any::<bool>(), any::<bool>()).prop_map(|(direction, free, anti_passback)| Lane {
        key: "lane".into(),
        direction,
        free,
        anti_passback,
    });
    let claims = prop::collection::vec(any_claim(), 0..4);
    let unreadable = prop::sample::select(vec![false, false, false, true]);
    (lane, any_bans(), claims, any::<bool>(), unreadable).prop_map(
        |(lane, bans, claims, inside, unreadable)| Facts {
            lane: Some(lane),
            bans,
            inside,
            unreadable,
            ..facts(claims)
        },
    )
}

fn any_request() -> impl Strategy<Value = Request> {
    prop::sample::select(vec![
        plate(Strength::Strong),
        plate(Strength::Middling),
        plate(Strength::Refused),
        request(Credential::Presence),
        request(Credential::Code("123456".into())),
        request(Credential::Card("AF".into())),
        request(Credential::Button(HUB)),
        request(Credential::Pass(RecordId::new(8, 8))),
        request(Credential::Answer { house: RecordId::new(6, 6), plate: PLATE.into() }),
    ])
}

/// Whether a claim opens the way in by itself: said again, plainly, and not as the code says it.
fn is_good(claim: &Claim, now: Now) -> bool {
    let over = |ban: &Banned| now.trusted && ban.until_ms.is_some_and(|until| until <= now.ms);
    let timely =
        claim.validity.as_ref().is_none_or(|v| now.trusted && v.from_ms <= now.ms && now.ms < v.until_ms);
    let left = claim.entries.is_none_or(|entries| claim.used < entries && claim.decider != Some(OTHER_HUB));
    claim.alive && claim.bans.iter().all(over) && claim.rules <= RULES && timely && left
}

fn opens(decision: &Decision) -> bool {
    decision.verdict == Verdict::Open
}

#[test]
fn a_reading_is_strong_only_where_no_other_known_car_is_near() {
    use Strength::{Middling, Refused, Strong};
    let check = |strength: Strength, probability, other, expected| {
        assert_eq!(strength.beside(probability, other), expected, "{strength:?} {probability} {other}");
    };
    check(Strong, 0.99, 0.0, Strong);
    check(Strong, 0.99, 0.004, Strong);
    check(Strong, 0.99, 0.006, Middling);
    check(Strong, 0.0, 0.0, Strong);
    check(Strong, f32::NAN, 0.0, Middling);
    check(Strong, 0.99, f32::NAN, Middling);
    check(Middling, 1.0, 0.0, Middling);
    check(Refused, 1.0, 0.0, Refused);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn nothing_revoked_banned_ended_or_used_up_opens(request in any_request(), facts in any_facts(), now in any_now()) {
        let decision = decide(&request, &facts, now);
        if !opens(&decision) {
            prop_assert_eq!(decision.uses, None, "only an opening uses a pass");
            return Ok(());
        }
        let over = |ban: &Banned| now.trusted && ban.until_ms.is_some_and(|until| until <= now.ms);
        prop_assert!(facts.bans.iter().all(over), "a ban on the plate");
        prop_assert!(!facts.unreadable);
        let lane = facts.lane.clone().unwrap();
        match decision.reason {
            Reason::FreeExit => prop_assert!(lane.free && lane.direction == Direction::Exit),
            Reason::Leaving => prop_assert!(facts.inside && lane.direction == Direction::Exit),
            Reason::Allowed => {
                let answered = matches!(request.credential, Credential::Answer { .. });
                prop_assert!(answered);
            }
            _ => {
                let rests_on = facts.claims.iter().filter(|claim| Some(claim.grant) == decision.grant);
                let out = |claim: &Claim| Claim { entries: None, ..claim.clone() };
                let good = rests_on.clone().any(|claim| match lane.direction {
                    Direction::Entry => is_good(claim, now),
                    Direction::Exit => is_good(&out(claim), now),
                });
                prop_assert!(good, "{decision:?} rests on {:?}", rests_on.collect::<Vec<_>>());
                prop_assert!(lane.direction == Direction::Exit || !(lane.anti_passback && facts.inside));
            }
        }
        if let Credential::Plate { strength: Strength::Middling, .. } = request.credential {
            prop_assert_eq!(decision.reason, Reason::FreeExit, "no opening on a plate that is nearly right");
        }
        let too_poor = matches!(request.credential, Credential::Plate { strength: Strength::Refused, .. });
        prop_assert!(!too_poor, "a reading that is only written down opened");
        if let Some((pass, ordinal)) = decision.uses {
            let used = facts.claims.iter().find(|claim| {
                claim.grant == pass && claim.used + 1 == ordinal && claim.entries.is_some_and(|most| ordinal <= most)
            });
            prop_assert!(used.is_some(), "an ordinal that is free and within the count");
        }
    }

    #[test]
    fn a_good_right_opens(facts in any_facts(), now in any_now()) {
        let facts = Facts { bans: Vec::new(), unreadable: false, lane: Some(lane(Direction::Entry)), ..facts };
        let decision = decide(&plate(Strength::Strong), &facts, now);
        prop_assert_eq!(opens(&decision), facts.claims.iter().any(|claim| is_good(claim, now)), "{:?}", decision);
    }

    #[test]
    fn taking_rights_away_opens_nothing(
        request in any_request(), facts in any_facts(), now in any_now(), at in any::<prop::sample::Index>(), how in 0..4,
    ) {
        let before = decide(&request, &facts, now);
        let mut less = facts;
        // On the way out, revoking cannot matter to who is inside; a ban asks the guard.
        match (how, less.claims.len()) {
            (0, _) => less.bans.push(Banned { until_ms: None }),
            (_, 0) => {}
            (1, len) => less.claims[at.index(len)].alive = false,
            (2, len) => less.claims[at.index(len)].bans.push(Banned { until_ms: None }),
            (_, len) => { less.claims[at.index(len)].entries = Some(0); }
        }
        let after = decide(&request, &less, now);
        prop_assert!(opens(&before) || !opens(&after), "{before:?} became {after:?}");
    }

    #[test]
    fn the_order_in_which_rights_are_found_does_not_matter(
        request in any_request(), facts in any_facts(), now in any_now(), turn in 0_usize..4,
    ) {
        let mut turned = facts.clone();
        let by = turn.min(turned.claims.len());
        turned.claims.rotate_left(by);
        let (one, other) = (decide(&request, &facts, now), decide(&request, &turned, now));
        prop_assert_eq!((one.verdict, one.reason), (other.verdict, other.reason));
    }
}
