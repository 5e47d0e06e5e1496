//! Alarms: one for one cause, and an end to each.

use dwellers::alarms::{self, About, Alarm, Kind};
use dwellers::texts::Spoken;
use dwellers::{Actor, Context};
use dwellers_replica::{RecordId, Refusal};

use crate::village::{HOUR_MS, Node, Village, said};

fn about(kind: Kind) -> About<'static> {
    About { kind, subject: "01K", name: "Въезд" }
}

/// Whether it was raised.
fn raise(node: &mut Node, kind: Kind) -> bool {
    let writes = node.judge(|ctx| alarms::raise(ctx, about(kind), "nothing for 600 s")).unwrap();
    writes.is_some_and(|writes| node.commit(&writes).is_ok())
}

/// Whether one ended.
fn end(node: &mut Node, kind: Kind) -> bool {
    let writes = node.judge(|ctx| alarms::end(ctx, kind, "01K")).unwrap();
    writes.is_some_and(|writes| node.commit(&writes).is_ok())
}

fn standing(node: &Node) -> Vec<(RecordId, Alarm)> {
    node.view(alarms::standing).unwrap().into_iter().map(|alarm| (alarm.id, alarm.value)).collect()
}

#[test]
fn a_state_is_told_once_and_again_when_it_comes_back() {
    let Village { mut cloud, .. } = Village::new();
    assert!(!end(&mut cloud, Kind::HubSilent), "none stands");
    assert!(raise(&mut cloud, Kind::HubSilent));
    for _ in 0..3 {
        assert!(!raise(&mut cloud, Kind::HubSilent), "nobody is woken twice");
    }
    assert!(raise(&mut cloud, Kind::ClockOff), "another cause");
    let told: Vec<_> = standing(&cloud).into_iter().map(|(_, alarm)| (alarm.name, alarm.nth)).collect();
    assert_eq!(told, [("Въезд".to_owned(), 1), ("Въезд".to_owned(), 1)]);
    assert!(end(&mut cloud, Kind::HubSilent));
    assert!(!end(&mut cloud, Kind::HubSilent));
    assert_eq!(standing(&cloud).len(), 1);
    cloud.pass_time(HOUR_MS - 1);
    assert!(!raise(&mut cloud, Kind::HubSilent), "what comes and goes is told once an hour");
    cloud.pass_time(1);
    assert!(raise(&mut cloud, Kind::HubSilent));
    let [(_, newest), _] = &standing(&cloud)[..] else { panic!("two stand") };
    assert_eq!((newest.kind.known(), newest.nth), (Some(&Kind::HubSilent), 2));
}

#[test]
fn two_who_notice_it_at_once_raise_one() {
    let Village { mut cloud, .. } = Village::new();
    let noticed = |ctx: &mut Context<'_>| alarms::raise(ctx, about(Kind::HubSilent), "");
    let [one, other] = [cloud.judge(noticed).unwrap().unwrap(), cloud.judge(noticed).unwrap().unwrap()];
    cloud.commit(&one).unwrap();
    assert!(matches!(cloud.commit(&other), Err(Refusal::Taken { .. })));
    let ended = |ctx: &mut Context<'_>| alarms::end(ctx, Kind::HubSilent, "01K");
    let [one, other] = [cloud.judge(ended).unwrap().unwrap(), cloud.judge(ended).unwrap().unwrap()];
    cloud.commit(&one).unwrap();
    assert!(matches!(cloud.commit(&other), Err(Refusal::Taken { .. })));
}

#[test]
fn what_happened_stands_until_an_administrator_has_seen_it() {
    let mut village = Village::new();
    // A gatehouse writes none: it would end what tells of it.
    let by_hub = village.hub.judge(|ctx| alarms::raise(ctx, about(Kind::DiskCopied), "")).unwrap().unwrap();
    assert!(matches!(village.hub.commit(&by_hub), Err(Refusal::NotAWriter(_))));
    assert!(raise(&mut village.cloud, Kind::DiskCopied));
    assert!(raise(&mut village.cloud, Kind::HubSilent));
    let find = |kind: Kind| {
        let standing = standing(&village.cloud);
        standing.iter().find(|(_, alarm)| alarm.kind.known() == Some(&kind)).unwrap().0
    };
    let (copied, silent) = (find(Kind::DiskCopied), find(Kind::HubSilent));
    let (olga, anna) = (village.olga.acts(), village.anna.acts());
    let mut acknowledge = |who: &Actor, alarm: RecordId| {
        said(village.cloud.attempt(|ctx| alarms::acknowledge(ctx, who, alarm)))
    };
    assert_eq!(acknowledge(&anna, copied), "this actor may not do that");
    assert_eq!(acknowledge(&olga, RecordId::new(1, 1)), "there is no such alarm");
    assert_eq!(acknowledge(&olga, silent), "alarm: lasts");
    assert_eq!(acknowledge(&olga, copied), "done");
    assert_eq!(acknowledge(&olga, copied), "this alarm has ended");
    assert_eq!(standing(&village.cloud).len(), 1);
    village.talk();
    assert_eq!(standing(&village.hub).len(), 1, "the gatehouse knows that it was seen");
}

#[test]
fn states_and_happenings_are_told_apart() {
    let states = Kind::ALL.iter().filter(|kind| kind.is_state()).count();
    assert_eq!((states, Kind::ALL.len()), (4, 10));
}
