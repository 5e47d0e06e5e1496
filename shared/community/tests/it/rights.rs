//! Chains, revocations, bans: at the commands, and whatever order things happen in.

use std::collections::BTreeSet;

use dwellers::people::{self, Invitee, Place, PlaceKind};
use dwellers::rights::{self, Consequences, Grant, Life, Whom};
use dwellers::{Actor, Context, passes, vehicles};
use dwellers_replica::{Open, RecordId, Refusal, Writes};
use proptest::prelude::*;

use crate::fixed;
use crate::village::{HOUR_MS, NOW_MS, Node, Resident, Village, guest, pass, person, said, semyon};

fn life(node: &Node, grant: RecordId) -> Life {
    node.view(|view| rights::life(view, grant)).unwrap()
}

fn car(village: &mut Village, whose: Resident, house: usize, plate: &str) -> RecordId {
    let house = village.houses[house];
    village.cloud.run(|ctx| vehicles::add(ctx, &whose.acts(), house, plate, ""))
}

#[test]
fn a_chain_lives_as_a_whole() {
    let mut village = Village::new();
    let (anna, boris) = (village.anna, village.boris);
    let niva = car(&mut village, boris, 0, "А123ВС77");
    assert_eq!(life(&village.cloud, niva), Life::Alive);
    let persons = village.cloud.view(|view| rights::chain_persons(view, niva)).unwrap();
    assert_eq!(persons, [boris.person, anna.person], "not the administrator who gave the root");

    let olga = village.olga.acts();
    village.cloud.run(|ctx| rights::revoke(ctx, &olga, anna.grant, "Продан"));
    for grant in [anna.grant, boris.grant, village.nina.grant, niva] {
        assert_eq!(life(&village.cloud, grant), Life::Revoked);
    }
    assert_eq!(life(&village.cloud, village.galina.grant), Life::Alive, "another house");
    let again = village.cloud.judge(|ctx| rights::revoke(ctx, &olga, niva, ""));
    assert_eq!(said(again), "this grant has ended");
    let anew =
        village.cloud.judge(|ctx| vehicles::add(ctx, &boris.acts(), village.houses[0], "А123ВС77", ""));
    assert_eq!(said(anew), "there is no such house", "who has no place there any more does not see it");
}

#[test]
fn what_does_not_reach_a_root_is_no_right() {
    let mut village = Village::new();
    let [twelve, fourteen, _] = village.houses;
    let (anna, olga) = (village.anna, village.olga);
    let place = |under: Option<RecordId>, kind: Open<PlaceKind>| Place {
        person: anna.person,
        house: twelve,
        kind,
        under,
        by: None,
    };
    let tenant = || Open::Known(PlaceKind::Tenant);
    let mut id = 100;
    let mut check = |what: &str, place: Place, expected: Life| {
        id += 1;
        let grant = RecordId::new(NOW_MS, id);
        let mut writes = Writes::new();
        writes.create(grant, &place);
        village.cloud.commit(&writes).unwrap();
        assert_eq!(life(&village.cloud, grant), expected, "{what}");
        grant
    };
    check("a root", place(None, tenant()), Life::Alive);
    check("under a place", place(Some(anna.grant), tenant()), Life::Alive);
    check("under nothing that is there", place(Some(RecordId::new(1, 1)), tenant()), Life::Orphaned);
    check("under a role", place(Some(olga.grant), tenant()), Life::Orphaned);
    let elsewhere = Place { house: fourteen, ..place(Some(anna.grant), tenant()) };
    check("under a place of another house", elsewhere, Life::Orphaned);
    let newer = || Open::Unknown("caretaker".into());
    let unknown = check("of a kind of a newer program", place(None, newer()), Life::Orphaned);
    check("under that", place(Some(unknown), tenant()), Life::Orphaned);
    let itself = RecordId::new(NOW_MS, 109);
    let mut writes = Writes::new();
    writes.create(itself, &place(Some(itself), tenant()));
    village.cloud.commit(&writes).unwrap();
    assert_eq!(life(&village.cloud, itself), Life::Orphaned, "a circle");

    let mut under = anna.grant;
    for depth in 2..=rights::MAX_DEPTH + 1 {
        let (grant, mut writes) = (RecordId::new(NOW_MS, 1_000 + depth as u128), Writes::new());
        writes.create(grant, &place(Some(under), tenant()));
        village.cloud.commit(&writes).unwrap();
        let expected = if depth <= rights::MAX_DEPTH { Life::Alive } else { Life::Orphaned };
        assert_eq!(life(&village.cloud, grant), expected, "link {depth}");
        under = grant;
    }
    assert_eq!(life(&village.cloud, RecordId::new(1, 2)), Life::Orphaned, "no grant at all");
}

#[test]
fn who_may_revoke_what() {
    let mut village = Village::new();
    let Village { olga, pyotr, anna, boris, nina, galina, timur, houses, .. } = village;
    let niva = car(&mut village, boris, 0, "А123ВС77");
    let visit = village.cloud.run(|ctx| passes::issue(ctx, &boris.acts(), &pass(houses[0], guest()))).0;
    let card =
        village.cloud.run(|ctx| dwellers::cards::add(ctx, &olga.acts(), houses[0], None, "00-1A 2B", "Дача"));
    let everybody: [(&str, Actor); 9] = [
        ("olga", olga.acts()),
        ("pyotr", pyotr.acts()),
        ("anna", anna.acts()),
        ("boris", boris.acts()),
        ("nina", nina.acts()),
        ("galina", galina.acts()),
        ("timur", timur.acts()),
        ("semyon", semyon()),
        ("operator", Actor::Operator),
    ];
    let mut check = |what: &str, grant: RecordId, expected: &[&str]| {
        let mut able = |actor: &Actor| {
            let preview = village.cloud.judge(|ctx| rights::preview(ctx, actor, grant)).is_ok();
            let revoke = village.cloud.judge(|ctx| rights::revoke(ctx, actor, grant, "")).is_ok();
            assert!(preview || !revoke, "{what}: who may revoke sees what goes along");
            revoke
        };
        let able: Vec<_> = everybody.iter().filter(|(_, actor)| able(actor)).map(|(name, _)| *name).collect();
        assert_eq!(able, expected, "{what}");
    };
    check("an owner's place", anna.grant, &["olga"]);
    check("a member of the family", boris.grant, &["olga", "anna"]);
    check("staff", nina.grant, &["olga", "anna"]);
    check("a tenant", timur.grant, &["olga", "galina"]);
    check("a car", niva, &["olga", "anna", "boris"]);
    check("a pass", visit, &["olga", "pyotr", "anna", "boris", "semyon"]);
    check("a card", card, &["olga", "anna"]);
    check("a guard's role", pyotr.grant, &["olga", "operator"]);
    check("the last administrator's role", olga.grant, &["operator"]);
    check("nothing", RecordId::new(1, 1), &[]);
}

#[test]
fn a_grant_is_revoked_once() {
    let mut village = Village::new();
    let (olga, anna, boris) = (village.olga.acts(), village.anna.acts(), village.boris);
    let by = |village: &mut Village, who: &Actor| {
        village.cloud.judge(|ctx| rights::revoke(ctx, who, boris.grant, "")).unwrap()
    };
    let (one, other) = (by(&mut village, &olga), by(&mut village, &anna));
    village.cloud.commit(&one).unwrap();
    assert!(matches!(village.cloud.commit(&other), Err(Refusal::Taken { .. })), "at once");
    let again = village.cloud.judge(|ctx| rights::revoke(ctx, &olga, boris.grant, ""));
    assert_eq!(said(again), "this grant has ended");
}

#[test]
fn strangers_are_not_told_what_there_is() {
    let mut village = Village::new();
    let galina = village.galina.acts();
    let mut revoke =
        |grant: RecordId| said(village.cloud.judge(|ctx| rights::revoke(ctx, &galina, grant, "")));
    assert_eq!(revoke(village.boris.grant), revoke(RecordId::new(1, 1)));
}

#[test]
fn a_revocation_says_what_it_takes_along() {
    let mut village = Village::new();
    let Village { olga, anna, boris, houses, .. } = village;
    car(&mut village, anna, 0, "А001ВС77");
    let of_boris = car(&mut village, boris, 0, "А002ВС77");
    car(&mut village, boris, 0, "А003ВС77");
    village.cloud.run(|ctx| passes::issue(ctx, &boris.acts(), &pass(houses[0], guest())));
    village
        .cloud
        .run(|ctx| dwellers::cards::add(ctx, &olga.acts(), houses[0], Some(boris.person), "001A2B", ""));
    let check = |village: &mut Village, grant: RecordId, expected: Consequences| {
        let preview = village.cloud.judge(|ctx| rights::preview(ctx, &olga.acts(), grant)).unwrap();
        assert_eq!(preview, expected);
    };
    check(&mut village, anna.grant, Consequences { places: 2, vehicles: 3, cards: 1, passes: 1 });
    check(&mut village, boris.grant, Consequences { places: 0, vehicles: 2, cards: 1, passes: 1 });
    check(&mut village, of_boris, Consequences::default());
    village.cloud.run(|ctx| rights::revoke(ctx, &boris.acts(), of_boris, ""));
    village.cloud.pass_time(3 * HOUR_MS);
    check(&mut village, boris.grant, Consequences { places: 0, vehicles: 1, cards: 1, passes: 0 });
}

#[test]
fn a_guard_cancels_a_pass_offline_and_by_name() {
    let mut village = Village::new();
    let (boris, house) = (village.boris.acts(), village.houses[0]);
    let visit = village.cloud.run(|ctx| passes::issue(ctx, &boris, &pass(house, guest()))).0;
    village.talk();
    village.hub.run(|ctx| rights::revoke(ctx, &semyon(), visit, "Позвонили"));
    village.cloud.run(|ctx| rights::revoke(ctx, &boris, visit, "Передумал"));
    village.talk();
    assert_eq!(life(&village.cloud, visit), Life::Revoked);
    let query = dwellers_replica::Query::on("grant").equal(visit.to_string());
    let found = village.cloud.view(|view| view.of::<rights::Revocation>().find(&query)).unwrap();
    let guards: BTreeSet<_> = found.entries.iter().map(|entry| entry.value.guard.as_str()).collect();
    assert_eq!(guards, BTreeSet::from(["", "Семён"]), "both are kept");
    let twice = village.hub.judge(|ctx| rights::revoke(ctx, &semyon(), visit, ""));
    assert_eq!(said(twice), "this grant has ended");
}

#[test]
fn bans_are_an_administrators_and_say_why() {
    let mut village = Village::new();
    let (olga, anna) = (village.olga.acts(), village.anna);
    let past = Some(village.cloud.now.ms);
    let ban = |village: &mut Village, who: &Actor, whom: Whom, reason: &str, until_ms: Option<u64>| {
        village.cloud.attempt(|ctx| rights::ban(ctx, who, &whom, reason, until_ms))
    };
    let whom = || Whom::Person(anna.person);
    let nobody = Whom::Person(RecordId::new(1, 1));
    let no = "this actor may not do that";
    for who in [anna.acts(), village.pyotr.acts(), semyon(), Actor::Operator] {
        assert_eq!(said(ban(&mut village, &who, whom(), "Хулиган", None)), no, "{who:?}");
    }
    assert_eq!(said(ban(&mut village, &olga, whom(), "", None)), "reason: empty");
    assert_eq!(said(ban(&mut village, &olga, whom(), "Хулиган", past)), "until: in-the-past");
    assert_eq!(said(ban(&mut village, &olga, nobody, "Хулиган", None)), "there is no such person");
    assert_eq!(said(ban(&mut village, &olga, Whom::Plate(" - ".into()), "?", None)), "plate: not-a-plate");

    let typed = Whom::Plate("а 123 вс 77".into());
    let id = ban(&mut village, &olga, typed, "Долго стоял поперёк", None).unwrap();
    let bans = |village: &Village, plate: &str| {
        village.cloud.view(|view| rights::bans_on_plate(view, plate)).unwrap().len()
    };
    assert_eq!((bans(&village, "A123BC77"), bans(&village, "A123BC78"), bans(&village, "")), (1, 0, 0));
    let lift = |ctx: &mut Context<'_>| rights::lift(ctx, &olga, id, "Извинился");
    let (one, other) = (village.cloud.judge(lift).unwrap(), village.cloud.judge(lift).unwrap());
    let by_anna = village.cloud.judge(|ctx| rights::lift(ctx, &anna.acts(), id, ""));
    assert_eq!(said(by_anna), no);
    village.cloud.commit(&one).unwrap();
    assert!(matches!(village.cloud.commit(&other), Err(Refusal::Taken { .. })));
    assert_eq!(said(village.cloud.judge(lift)), "this ban has ended");
    assert_eq!(bans(&village, "A123BC77"), 0);
    assert_eq!(village.cloud.view(rights::standing_bans).unwrap().len(), 0);
}

#[test]
fn a_ban_stands_until_each_is_lifted_and_the_hub_lifts_none() {
    let mut village = Village::new();
    let (olga, anna) = (village.olga.acts(), village.anna);
    let whom = Whom::Person(anna.person);
    let later = Some(NOW_MS + HOUR_MS);
    let short = village.cloud.run(|ctx| rights::ban(ctx, &olga, &whom, "Шум", later));
    village.cloud.run(|ctx| rights::ban(ctx, &olga, &whom, "Снова шум", None));
    village.cloud.run(|ctx| rights::lift(ctx, &olga, short, ""));
    village.talk();
    let ends = village.hub.view(|view| rights::bans_on_person(view, anna.person)).unwrap();
    assert_eq!(ends.iter().map(|ban| ban.until_ms).collect::<Vec<_>>(), [None]);
    let mut writes = Writes::new();
    writes.create(RecordId::new(NOW_MS, 5), &rights::Lifting::default());
    assert!(matches!(village.hub.commit(&writes), Err(Refusal::NotAWriter(_))));
}

/// Something that happens in a settlement. The numbers choose among what there is.
#[derive(Clone, Debug)]
enum Happening {
    Invite(usize),
    AddCar(usize),
    IssuePass(usize),
    Revoke(usize),
    RevokeAtTheHub(usize),
    Ban(usize),
    Lift(usize),
    Talk,
}

fn happening() -> impl Strategy<Value = Happening> {
    let some = 0..1_000_usize;
    prop_oneof![
        3 => some.clone().prop_map(Happening::Invite),
        3 => some.clone().prop_map(Happening::AddCar),
        3 => some.clone().prop_map(Happening::IssuePass),
        3 => some.clone().prop_map(Happening::Revoke),
        2 => some.clone().prop_map(Happening::RevokeAtTheHub),
        1 => some.clone().prop_map(Happening::Ban),
        1 => some.prop_map(Happening::Lift),
        2 => Just(Happening::Talk),
    ]
}

/// The village, with what the test itself knows of it: who stands under whom, what was revoked where.
struct Watched {
    village: Village,
    /// Grant, what it stands under, whose it is.
    grants: Vec<(RecordId, Option<RecordId>, RecordId)>,
    people: Vec<RecordId>,
    bans: Vec<RecordId>,
    revoked_in_cloud: BTreeSet<RecordId>,
    revoked_at_hub: BTreeSet<RecordId>,
}

impl Watched {
    fn new() -> Self {
        let village = Village::new();
        let Village { anna, boris, nina, galina, timur, .. } = village;
        let grants = vec![
            (anna.grant, None, anna.person),
            (boris.grant, Some(anna.grant), boris.person),
            (nina.grant, Some(anna.grant), nina.person),
            (galina.grant, None, galina.person),
            (timur.grant, Some(galina.grant), timur.person),
        ];
        let people = grants.iter().map(|(_, _, person)| *person).collect();
        let (bans, none) = (Vec::new(), BTreeSet::new());
        let mut watched =
            Watched { village, grants, people, bans, revoked_in_cloud: none.clone(), revoked_at_hub: none };
        watched.village.talk();
        watched
    }

    fn happen(&mut self, happening: &Happening) {
        let olga = self.village.olga.acts();
        let house = |watched: &Self, grant: RecordId| {
            let find = |view: dwellers_replica::View<'_>| rights::find(view, grant);
            watched.village.cloud.view(find).unwrap().and_then(|grant| grant.house()).unwrap()
        };
        let pick = |n: usize| self.grants[n % self.grants.len()];
        match *happening {
            Happening::Invite(n) => {
                let (grant, _, host) = pick(n);
                let (house, invitee) = (house(self, grant), Invitee::New(person("Гость", "")));
                let kind = [PlaceKind::Family, PlaceKind::Tenant, PlaceKind::Staff][n % 3];
                let host = Actor::Person(host);
                let invite = |ctx: &mut Context<'_>| people::invite(ctx, &host, house, &invitee, kind);
                if let Ok((person, place)) = self.village.cloud.attempt(invite) {
                    self.people.push(person);
                    self.remember(place, person);
                }
            }
            Happening::AddCar(n) => {
                let (grant, _, owner) = pick(n);
                let (house, plate) = (house(self, grant), format!("А{:03}ВС77", n % 999 + 1));
                let whose = Actor::Person(owner);
                let add = |ctx: &mut Context<'_>| vehicles::add(ctx, &whose, house, &plate, "");
                if let Ok(car) = self.village.cloud.attempt(add) {
                    self.remember(car, owner);
                }
            }
            Happening::IssuePass(n) => {
                let (grant, _, issuer) = pick(n);
                let (request, actor) = (pass(house(self, grant), guest()), Actor::Person(issuer));
                let issued = self.village.cloud.attempt(|ctx| passes::issue(ctx, &actor, &request));
                if let Ok((pass, _)) = issued {
                    self.remember(pass, issuer);
                }
            }
            Happening::Revoke(n) => {
                let grant = pick(n).0;
                if self.village.cloud.attempt(|ctx| rights::revoke(ctx, &olga, grant, "")).is_ok() {
                    self.revoked_in_cloud.insert(grant);
                }
            }
            Happening::RevokeAtTheHub(n) => {
                let grant = pick(n).0;
                if self.village.hub.attempt(|ctx| rights::revoke(ctx, &semyon(), grant, "")).is_ok() {
                    self.revoked_at_hub.insert(grant);
                }
            }
            Happening::Ban(n) => {
                let whom = Whom::Person(self.people[n % self.people.len()]);
                self.bans.push(self.village.cloud.run(|ctx| rights::ban(ctx, &olga, &whom, "Шум", None)));
            }
            Happening::Lift(n) if !self.bans.is_empty() => {
                let ban = self.bans[n % self.bans.len()];
                let _ = self.village.cloud.attempt(|ctx| rights::lift(ctx, &olga, ban, ""));
            }
            Happening::Lift(_) => {}
            Happening::Talk => {
                self.village.talk();
                let all = &self.revoked_in_cloud | &self.revoked_at_hub;
                (self.revoked_in_cloud, self.revoked_at_hub) = (all.clone(), all);
            }
        }
    }

    /// What it stands under is read once, when it is made: later the test knows by itself.
    fn remember(&mut self, grant: RecordId, person: RecordId) {
        let found = self.village.cloud.view(|view| rights::find(view, grant)).unwrap();
        let under = found.as_ref().and_then(Grant::under);
        assert!(under.is_some(), "whatever a resident issues stands under their place");
        self.grants.push((grant, under, person));
    }

    fn is_revoked(&self, grant: RecordId, revoked: &BTreeSet<RecordId>) -> bool {
        let under = self.grants.iter().find(|(id, ..)| *id == grant).and_then(|(_, under, _)| *under);
        revoked.contains(&grant) || under.is_some_and(|under| self.is_revoked(under, revoked))
    }

    fn check(&self) {
        let sides =
            [(&self.village.cloud, &self.revoked_in_cloud), (&self.village.hub, &self.revoked_at_hub)];
        for (node, revoked) in sides {
            for (grant, _, person) in &self.grants {
                let life = life(node, *grant);
                if self.is_revoked(*grant, revoked) {
                    assert_eq!(
                        life,
                        if node.view(|view| rights::find(view, *grant)).unwrap().is_some() {
                            Life::Revoked
                        } else {
                            // The hub has not heard of it yet.
                            Life::Orphaned
                        }
                    );
                }
                let banned = node.view(|view| rights::is_banned(view, node.now, *person)).unwrap();
                let held = node.view(|view| people::held(view, node.now, *person)).unwrap();
                assert!(!banned || held.is_empty(), "nobody banned may do anything");
                assert!(held.iter().all(|held| !self.is_revoked(held.grant, revoked)));
            }
        }
        // Nothing dies of itself either.
        for (grant, ..) in &self.grants {
            let revoked = self.is_revoked(*grant, &self.revoked_in_cloud);
            assert_eq!(life(&self.village.cloud, *grant) == Life::Alive, !revoked);
        }
    }
}

proptest! {
    #![proptest_config(fixed(64))]

    #[test]
    fn nothing_under_a_revoked_grant_lives_whatever_the_order(
        happenings in prop::collection::vec(happening(), 1..40),
    ) {
        let mut watched = Watched::new();
        for happening in &happenings {
            watched.happen(happening);
            watched.check();
        }
        watched.happen(&Happening::Talk);
        watched.check();
        let Village { cloud, hub, .. } = &watched.village;
        prop_assert_eq!(cloud.replica.digests().unwrap(), hub.replica.digests().unwrap());
    }
}
