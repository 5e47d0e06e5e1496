//! Whatever happens to a settlement, in whatever order, on cloud and hub: what opens in the end is what a plain
//! ledger of the same events says.

use std::collections::BTreeSet;

use dwellers::access::{self, Credential, Decision, Reason, Request, Strength, Verdict};
use dwellers::gates::{self, Direction, Gate, Lane};
use dwellers::journal::{Entry, Kind};
use dwellers::passes::{self, Terms, Use};
use dwellers::rights::{self, Whom};
use dwellers::{Context, plate, vehicles};
use dwellers_replica::{Open, RecordId, Refusal, Writes};
use proptest::prelude::*;

use crate::village::{HOUR_MS, MINUTE_MS, Resident, Village, gate_of, semyon};

const PLATES: [&str; 3] = ["А001АА77", "В002ВВ77", "С003СС77"];

#[derive(Clone, Debug)]
enum Event {
    Vehicle { who: usize, plate: usize },
    OneTime { who: usize, plate: usize, hours: u64 },
    Party { who: usize, plate: usize, entries: u32 },
    ForHouse { house: usize, plate: usize },
    Revoke { which: usize, by_guard: bool },
    RevokePlace { who: usize },
    BanPerson { who: usize, hours: Option<u64> },
    BanPlate { plate: usize, hours: Option<u64> },
    Lift { which: usize },
    Arrive { plate: usize },
    Wait { minutes: u64 },
    Talk,
}

fn any_event() -> impl Strategy<Value = Event> {
    let (who, plate) = (0..4_usize, 0..PLATES.len());
    let hours = prop::option::of(1..4_u64);
    prop_oneof![
        3 => (who.clone(), plate.clone()).prop_map(|(who, plate)| Event::Vehicle { who, plate }),
        3 => (who.clone(), plate.clone(), 1..4_u64)
            .prop_map(|(who, plate, hours)| Event::OneTime { who, plate, hours }),
        1 => (who.clone(), plate.clone(), 2..4_u32)
            .prop_map(|(who, plate, entries)| Event::Party { who, plate, entries }),
        2 => (0..2_usize, plate.clone()).prop_map(|(house, plate)| Event::ForHouse { house, plate }),
        3 => (0..20_usize, any::<bool>()).prop_map(|(which, by_guard)| Event::Revoke { which, by_guard }),
        1 => who.clone().prop_map(|who| Event::RevokePlace { who }),
        1 => (who, hours.clone()).prop_map(|(who, hours)| Event::BanPerson { who, hours }),
        1 => (plate.clone(), hours).prop_map(|(plate, hours)| Event::BanPlate { plate, hours }),
        1 => (0..4_usize).prop_map(|which| Event::Lift { which }),
        5 => plate.prop_map(|plate| Event::Arrive { plate }),
        2 => (10..120_u64).prop_map(|minutes| Event::Wait { minutes }),
        3 => Just(Event::Talk),
    ]
}

/// A grant as the ledger keeps it.
struct Granted {
    id: RecordId,
    plate: usize,
    /// The people in its chain, by their number, whose places it stands on.
    people: Vec<usize>,
    until_ms: Option<u64>,
    entries: Option<u32>,
    used: u32,
}

/// A plain ledger: what was granted, taken away, banned and used.
#[derive(Default)]
struct Ledger {
    granted: Vec<Granted>,
    revoked: BTreeSet<RecordId>,
    moved_out: BTreeSet<usize>,
    bans: Vec<(RecordId, Result<usize, usize>, Option<u64>)>,
}

impl Ledger {
    fn is_banned(&self, whom: Result<usize, usize>, now_ms: u64) -> bool {
        self.bans.iter().any(|(_, who, until_ms)| *who == whom && until_ms.is_none_or(|until| now_ms < until))
    }

    fn opens(&self, granted: &Granted, now_ms: u64) -> bool {
        !self.revoked.contains(&granted.id)
            && granted
                .people
                .iter()
                .all(|who| !self.moved_out.contains(who) && !self.is_banned(Ok(*who), now_ms))
            && granted.until_ms.is_none_or(|until_ms| now_ms < until_ms)
            && granted.entries.is_none_or(|entries| granted.used < entries)
    }

    fn lets_in(&self, plate: usize, now_ms: u64) -> bool {
        let mut granted = self.granted.iter().filter(|granted| granted.plate == plate);
        !self.is_banned(Err(plate), now_ms) && granted.any(|granted| self.opens(granted, now_ms))
    }
}

struct Story {
    village: Village,
    ledger: Ledger,
    arrivals: u128,
}

impl Story {
    /// Анна and her Борис, Галина and her tenant Тимур; and on whose places each one's stands.
    fn person(&self, who: usize) -> (Resident, RecordId, Vec<usize>) {
        let Village { anna, boris, galina, timur, houses, .. } = &self.village;
        match who {
            0 => (*anna, houses[0], vec![0]),
            1 => (*boris, houses[0], vec![1, 0]),
            2 => (*galina, houses[1], vec![2]),
            _ => (*timur, houses[1], vec![3, 2]),
        }
    }

    fn now_ms(&self) -> u64 {
        self.village.cloud.now.ms
    }

    /// A pass by the one who lives there, on the cloud; or by the guard, at the hub.
    fn issue(&mut self, who: Option<usize>, house: usize, plate: usize, terms: Terms) {
        let (hub, now_ms) = (self.village.hub_id(), self.now_ms());
        let (entries, until_ms) = match &terms {
            Terms::Guest { until_ms, .. } => (1, *until_ms),
            Terms::Event { until_ms, entries, .. } => (*entries, *until_ms),
            _ => (1, now_ms + HOUR_MS),
        };
        let request = |house| passes::Request {
            house,
            terms,
            plate: PLATES[plate].into(),
            name: String::new(),
            code: false,
            note: String::new(),
            decider: Some(hub),
        };
        let (issued, people) = match who {
            Some(who) => {
                let (person, house, people) = self.person(who);
                let request = request(house);
                (self.village.cloud.attempt(|ctx| passes::issue(ctx, &person.acts(), &request)), people)
            }
            None => {
                let request = request(self.village.houses[house]);
                let issued =
                    self.village.hub.attempt(|ctx| passes::issue_for_house(ctx, &semyon(), &request));
                // In the name of whoever may issue passes there, owners first: what the record says.
                let person = issued.as_ref().ok().map(|(id, _)| {
                    self.village
                        .hub
                        .view(|view| view.of::<passes::Pass>().get(*id))
                        .unwrap()
                        .unwrap()
                        .value
                        .person
                });
                let number = |who: &usize| Some(Some(self.person(*who).0.person)) == person;
                (issued, (0..4).find(number).map(|who| self.person(who).2).unwrap_or_default())
            }
        };
        if let Ok((id, _)) = issued {
            let (until_ms, entries) = (Some(until_ms), Some(entries));
            self.ledger.granted.push(Granted { id, plate, people, until_ms, entries, used: 0 });
        }
    }

    fn happen(&mut self, event: Event) {
        let now_ms = self.now_ms();
        let olga = self.village.olga.acts();
        match event {
            Event::Vehicle { who, plate } => {
                let (person, house, people) = self.person(who);
                let add =
                    |ctx: &mut Context<'_>| vehicles::add(ctx, &person.acts(), house, PLATES[plate], "Нива");
                if let Ok(id) = self.village.cloud.attempt(add) {
                    let (until_ms, entries) = (None, None);
                    self.ledger.granted.push(Granted { id, plate, people, until_ms, entries, used: 0 });
                }
            }
            Event::OneTime { who, plate, hours } => {
                let terms = Terms::Guest { from_ms: now_ms, until_ms: now_ms + hours * HOUR_MS };
                self.issue(Some(who), 0, plate, terms);
            }
            Event::Party { who, plate, entries } => {
                let terms = Terms::Event { from_ms: now_ms, until_ms: now_ms + 3 * HOUR_MS, entries };
                self.issue(Some(who), 0, plate, terms);
            }
            Event::ForHouse { house, plate } => {
                self.issue(None, house, plate, Terms::Taxi { minutes: None });
            }
            Event::Revoke { which, by_guard } => {
                let Some(granted) = self.ledger.granted.get(which) else { return };
                let id = granted.id;
                let done = match by_guard {
                    true => self.village.hub.attempt(|ctx| rights::revoke(ctx, &semyon(), id, "")),
                    false => self.village.cloud.attempt(|ctx| rights::revoke(ctx, &olga, id, "")),
                };
                if done.is_ok() {
                    self.ledger.revoked.insert(id);
                }
            }
            Event::RevokePlace { who } => {
                let place = self.person(who).0.grant;
                if self.village.cloud.attempt(|ctx| rights::revoke(ctx, &olga, place, "съехал")).is_ok()
                {
                    self.ledger.moved_out.insert(who);
                }
            }
            Event::BanPerson { who, hours } => {
                let until_ms = hours.map(|hours| now_ms + hours * HOUR_MS);
                let whom = Whom::Person(self.person(who).0.person);
                let ban = |ctx: &mut Context<'_>| rights::ban(ctx, &olga, &whom, "шумит", until_ms);
                if let Ok(id) = self.village.cloud.attempt(ban) {
                    self.ledger.bans.push((id, Ok(who), until_ms));
                }
            }
            Event::BanPlate { plate, hours } => {
                let until_ms = hours.map(|hours| now_ms + hours * HOUR_MS);
                let whom = Whom::Plate(PLATES[plate].into());
                let ban = |ctx: &mut Context<'_>| rights::ban(ctx, &olga, &whom, "свалил мусор", until_ms);
                if let Ok(id) = self.village.cloud.attempt(ban) {
                    self.ledger.bans.push((id, Err(plate), until_ms));
                }
            }
            Event::Lift { which } => {
                let Some((id, ..)) = self.ledger.bans.get(which).copied() else { return };
                if self.village.cloud.attempt(|ctx| rights::lift(ctx, &olga, id, "")).is_ok() {
                    let _ = self.ledger.bans.remove(which);
                }
            }
            Event::Arrive { plate } => self.arrive(plate),
            Event::Wait { minutes } => {
                self.village.cloud.pass_time(minutes * MINUTE_MS);
                self.village.hub.pass_time(minutes * MINUTE_MS);
            }
            Event::Talk => self.village.talk(),
        }
    }

    fn judge(&self, plate: usize) -> Decision {
        let plate = plate::fold(PLATES[plate]);
        let credential = Credential::Plate { plate, strength: Strength::Strong };
        let request = Request { gate: self.village.barrier, lane: "in".into(), credential };
        let hub = &self.village.hub;
        let facts = hub.view(|view| access::gather(view, &gate_of(view, request.gate), &request)).unwrap();
        access::decide(&request, &facts, hub.now)
    }

    /// A car comes, is judged by what the hub knows, and uses its pass.
    fn arrive(&mut self, plate: usize) {
        let decision = self.judge(plate);
        let Some((pass, ordinal)) = decision.uses.filter(|_| decision.verdict == Verdict::Open) else {
            return;
        };
        let entry = RecordId::new(self.now_ms(), u128::from(ordinal));
        self.arrivals += 1;
        let id = RecordId::new(self.now_ms(), self.arrivals);
        let mut writes = Writes::new();
        let key = [pass.to_string().into(), ordinal.into()];
        writes.create(id, &Use { pass, ordinal, entry }).absent::<Use>("pass", key.clone());
        self.village.hub.commit(&writes).unwrap();
        let granted = self.ledger.granted.iter_mut().find(|granted| granted.id == pass).unwrap();
        granted.used += 1;
        assert!(granted.used <= granted.entries.unwrap(), "used more often than granted");
        // A second car that was judged by the same facts is too late.
        let mut second = Writes::new();
        let twice = Use { pass, ordinal, entry };
        second.create(RecordId::new(1, self.arrivals), &twice).absent::<Use>("pass", key);
        assert!(matches!(self.village.hub.commit(&second), Err(Refusal::Taken { .. })));
    }
}

/// A lane that minds who is inside, in and out.
fn strict(village: &mut Village) -> RecordId {
    let lane = |key: &str, direction| Lane { key: key.into(), direction, free: false, anti_passback: true };
    let lanes = vec![lane("in", Direction::Entry), lane("out", Direction::Exit)];
    let gate =
        Gate { key: "strict".into(), name: "Строгий въезд".into(), lanes, ..Gate::default() };
    village.hub.run(|ctx| gates::upsert(ctx, &[], std::slice::from_ref(&gate)));
    let hub = village.hub_id();
    village.hub.view(|view| gates::find(view, hub, "strict")).unwrap().unwrap().id
}

#[test]
fn where_a_car_is_is_read_from_the_journal() {
    let mut village = Village::new();
    let (anna, house) = (village.anna.acts(), village.houses[0]);
    village.cloud.run(|ctx| vehicles::add(ctx, &anna, house, PLATES[0], "Нива"));
    village.talk();
    let gate = strict(&mut village);
    let mut nth = 0;
    let mut tell = |village: &mut Village, kind, direction, times: u64| {
        for _ in 0..times {
            nth += 1;
            let entry = Entry {
                kind: Open::Known(kind),
                plate: plate::fold(PLATES[0]),
                direction: Some(direction),
                number: nth,
                ..Entry::default()
            };
            let id = RecordId::new(village.hub.now.ms + nth, nth.into());
            village.hub.commit(Writes::new().create(id, &entry)).unwrap();
        }
    };
    let judge = |village: &Village, lane: &str| {
        let credential = Credential::Plate { plate: plate::fold(PLATES[0]), strength: Strength::Strong };
        let request = Request { gate, lane: lane.into(), credential };
        let facts =
            village.hub.view(|view| access::gather(view, &gate_of(view, request.gate), &request)).unwrap();
        let decision = access::decide(&request, &facts, village.hub.now);
        (decision.verdict, decision.reason)
    };
    assert_eq!(judge(&village, "in"), (Verdict::Open, Reason::Vehicle));
    tell(&mut village, Kind::Passed, Direction::Entry, 1);
    // Other entries about it do not hide its passage.
    tell(&mut village, Kind::Decided, Direction::Entry, 30);
    assert_eq!(judge(&village, "in"), (Verdict::Ask, Reason::Inside));
    assert_eq!(judge(&village, "out"), (Verdict::Open, Reason::Leaving));
    tell(&mut village, Kind::Passed, Direction::Exit, 1);
    tell(&mut village, Kind::Decided, Direction::Entry, 2);
    assert_eq!(judge(&village, "in"), (Verdict::Open, Reason::Vehicle));
    assert_eq!(judge(&village, "out"), (Verdict::Open, Reason::Vehicle), "on its own right, unseen");
    // Whether it passed is too long ago to tell: nobody is let in twice by that.
    tell(&mut village, Kind::Decided, Direction::Entry, 120);
    assert_eq!(judge(&village, "in"), (Verdict::Ask, Reason::NotJudged));
    assert_eq!(judge(&village, "out"), (Verdict::Open, Reason::Vehicle));
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn what_opens_is_what_the_ledger_says(events in prop::collection::vec(any_event(), 1..40)) {
        let mut story = Story { village: Village::new(), ledger: Ledger::default(), arrivals: 0 };
        for event in events {
            story.happen(event);
        }
        story.village.talk();
        story.village.talk();
        for (plate, shown) in PLATES.iter().enumerate() {
            let decision = story.judge(plate);
            let expected = story.ledger.lets_in(plate, story.now_ms());
            prop_assert_eq!(decision.verdict == Verdict::Open, expected, "{}: {:?}", shown, decision);
        }
    }
}
