//! Chains, revocations, bans: at the commands, and whatever order things happen in.

mod orders;

use std::collections::BTreeSet;

use dwellers::people::{Place, PlaceKind};
use dwellers::rights::{self, Consequences, Life, Whom};
use dwellers::{Actor, Context, passes, vehicles};
use dwellers_replica::builtin::Erasure;
use dwellers_replica::{Open, Record, RecordId, Refusal, Spec, Writes};
use serde::{Deserialize, Serialize};

use crate::village::{HOUR_MS, NOW_MS, Node, Resident, Village, guest, pass, said, semyon};

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
    check("a member of the family", boris.grant, &["olga", "anna", "boris"]);
    check("staff", nina.grant, &["olga", "anna", "nina"]);
    check("a tenant", timur.grant, &["olga", "galina", "timur"]);
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

#[test]
fn a_stolen_hub_cannot_make_a_revocation_forgotten() {
    let mut village = Village::new();
    let (olga, boris) = (village.olga.acts(), village.boris);
    village.cloud.run(|ctx| rights::revoke(ctx, &olga, boris.grant, ""));
    village.talk();
    let query = dwellers_replica::Query::on("grant").equal(boris.grant.to_string());
    let found = village.hub.view(|view| view.of::<rights::Revocation>().find(&query)).unwrap();
    let (mut forget, mut erase) = (Writes::new(), Writes::new());
    forget.forget::<rights::Revocation>(RecordId::new(NOW_MS, 1), NOW_MS + HOUR_MS);
    let (collection, fields) = ("revocations".into(), vec!["grant".into()]);
    let erasure = Erasure { collection, record: found.entries[0].id, fields };
    erase.create(RecordId::new(NOW_MS, 2), &erasure);
    for writes in [forget, erase] {
        assert!(matches!(village.hub.commit(&writes), Err(Refusal::NotAWriter(_))));
    }
}

/// A revocation as a program with a bug, or a stolen hub, might write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Mangled {
    grant: RecordId,
    at_ms: String,
}

impl Record for Mangled {
    const SPEC: Spec = <rights::Revocation as Record>::SPEC;
}

/// A pass of the same origin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct MangledPass {
    house: RecordId,
    name: u64,
    validity: passes::Validity,
}

impl Record for MangledPass {
    const SPEC: Spec = <passes::Pass as Record>::SPEC;
}

#[test]
fn a_revocation_that_does_not_read_revokes() {
    let mut village = Village::new();
    let anna = village.anna;
    let niva = car(&mut village, anna, 0, "А123ВС77");
    assert_eq!(life(&village.cloud, niva), Life::Alive);
    let mangled = Mangled { grant: niva, at_ms: "вчера".into() };
    village.cloud.commit(Writes::new().create(RecordId::new(NOW_MS, 9), &mangled)).unwrap();
    assert_eq!(life(&village.cloud, niva), Life::Revoked);
}

#[test]
fn a_pass_that_does_not_read_hides_no_others() {
    let mut village = Village::new();
    let (house, anna) = (village.houses[0], village.anna.acts());
    village.talk();
    village.cloud.run(|ctx| passes::issue(ctx, &anna, &pass(house, guest())));
    let validity = passes::Validity { from_ms: NOW_MS, until_ms: NOW_MS + HOUR_MS, weekly: None };
    let mangled = MangledPass { house, name: 7, validity };
    village.hub.commit(Writes::new().create(RecordId::new(NOW_MS, 9), &mangled)).unwrap();
    village.talk();
    let now = village.hub.now;
    let expected = village.hub.view(|view| passes::expected(view, now, &semyon(), "")).unwrap();
    assert_eq!(expected.iter().map(|found| found.pass.value.name.as_str()).collect::<Vec<_>>(), ["Гость"]);
}
