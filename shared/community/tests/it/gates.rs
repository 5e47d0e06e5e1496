//! Gates follow a hub's configuration.

use dwellers::Actor;
use dwellers::gates::{self, Buttons, Gate};
use dwellers_replica::builtin::Registration;
use dwellers_replica::{Now, Open, Refusal, Replica, Role as Side};

use crate::village::{NOW_MS, Village, configured, hub_of, said};

#[test]
fn only_what_differs_is_written() {
    let mut village = Village::new();
    let upsert = |village: &mut Village, gates: &[Gate]| {
        let writes = village.hub.judge(|ctx| gates::upsert(ctx, &[], gates)).unwrap();
        village.hub.commit(&writes).unwrap();
        writes.field_count()
    };
    let mut gates = configured();
    assert_eq!(upsert(&mut village, &gates), 0);
    gates[0].name = "Северный въезд".into();
    assert_eq!(upsert(&mut village, &gates), 1);
    gates.remove(1);
    assert_eq!(upsert(&mut village, &gates), 0);
    village.talk();
    let list = village.cloud.view(gates::list).unwrap();
    let names: Vec<_> = list.iter().map(|gate| gate.value.name.as_str()).collect();
    assert_eq!(names, ["Северный въезд", "Калитка"], "what is no longer configured stays for the journal");
    assert_eq!(list[0].id, village.barrier);
}

#[test]
fn a_configuration_that_makes_no_sense_is_refused() {
    let mut village = Village::new();
    let mut check = |change: fn(&mut Vec<Gate>), expected: &str| {
        let mut gates = configured();
        change(&mut gates);
        assert_eq!(said(village.hub.judge(|ctx| gates::upsert(ctx, &[], &gates))), expected);
    };
    check(|gates| gates[1].key = "main".into(), "this gate is there already");
    check(|gates| gates[0].key.clear(), "key: empty");
    check(|gates| gates[0].name.clear(), "name: empty");
    check(|gates| gates[0].lanes[1].key = "in".into(), "lanes: taken");
    check(|gates| gates[0].lanes = vec![Default::default(); 9], "lanes: too-many");
    check(|gates| *gates = vec![gates[0].clone(); 33], "gates: too-many");
}

#[test]
fn nobody_but_a_hub_writes_gates() {
    let mut village = Village::new();
    let writes = village.cloud.judge(|ctx| gates::upsert(ctx, &[], &configured())).unwrap();
    assert_eq!(village.cloud.commit(&writes), Err(Refusal::NotAWriter("gates")));
}

#[test]
fn a_restored_hub_takes_its_gates_over() {
    let mut village = Village::new();
    let old = village.hub_id();
    // A device that took a new id: the cloud has registered it as its old one's successor.
    let id = dwellers_replica::RecordId::new(NOW_MS, 2);
    let registration = Registration { role: Some(Side::Hub), key: "key 1".into(), succeeds: Some(old) };
    let now = village.cloud.now;
    village.cloud.replica.register(id, &registration, now).unwrap();
    let mut restored = hub_of(&mut village.cloud, id, 2);
    let before = [old];
    restored.run(|ctx| gates::upsert(ctx, &before, &configured()));
    village.cloud.catch_up(&mut restored);
    let list = village.cloud.view(gates::list).unwrap();
    assert_eq!(list.iter().map(|gate| gate.id).collect::<Vec<_>>(), [village.barrier, village.wicket]);
    let new = restored.replica.standing().unwrap().replica;
    assert!(list.iter().all(|gate| gate.value.hub == new));
    let again = restored.judge(|ctx| gates::upsert(ctx, &before, &configured())).unwrap();
    assert_eq!(again.field_count(), 0);
}

#[test]
fn a_hub_has_its_gates_before_it_has_met_its_cloud() {
    let now = Now { ms: NOW_MS, trusted: false };
    let id = dwellers_replica::RecordId::new(NOW_MS, 9);
    let store = dwellers_replica::Memory::new();
    let mut hub = Replica::create(store, dwellers::schema(), id, Side::Hub, "", now).unwrap();
    let mut number = 0;
    let mut entropy = || {
        number += 1;
        number
    };
    let writes = hub
        .view(|view| {
            let mut ctx = dwellers::Context { view, now, entropy: &mut entropy };
            gates::upsert(&mut ctx, &[], &configured())
        })
        .unwrap()
        .unwrap();
    hub.commit(now, &writes).unwrap();
    assert_eq!(hub.view(gates::hubs).unwrap().unwrap().into_iter().collect::<Vec<_>>(), [id]);
}

#[test]
fn a_button_is_pressed_by_those_whom_the_gate_is_for() {
    let mut village = Village::new();
    let mut gates = configured();
    gates[1].buttons = Open::Known(Buttons::Staff);
    village.hub.run(|ctx| gates::upsert(ctx, &[], &gates));
    village.talk();
    let (barrier, wicket, now) = (village.barrier, village.wicket, village.cloud.now);
    let press = |who: &Actor, gate, lane: Option<&str>| {
        let pressed = village.cloud.view(|view| gates::pressed(view, now, who, gate, lane));
        pressed.map_or_else(|denied| denied.to_string(), |(_, lane)| lane)
    };
    let (anna, nina, pyotr) = (village.anna.acts(), village.nina.acts(), village.pyotr.acts());
    assert_eq!(press(&anna, barrier, None), "in", "the first lane, where none is named");
    assert_eq!(press(&nina, barrier, Some("out")), "out");
    assert_eq!(press(&anna, barrier, Some("roof")), "there is no such lane");
    assert_eq!(press(&anna, wicket, None), "this actor may not do that");
    assert_eq!(press(&pyotr, wicket, None), "");
    assert_eq!(press(&Actor::Operator, barrier, None), "this actor may not do that");
    assert_eq!(press(&anna, village.houses[0], None), "there is no such gate");
}
