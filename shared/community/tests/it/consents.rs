//! Consents: what gatehouses keep of them for the cloud, and what stays in it.

use dwellers::consents::{self, Channel, Consent, ConsentText, Origin, Withdrawal};
use dwellers_replica::{RecordId, Writes};

use crate::village::{Village, said};

#[test]
fn a_gatehouse_keeps_what_was_said_and_no_address() {
    let mut village = Village::new();
    let (olga, anna) = (village.olga.acts(), village.anna);
    let text = village.cloud.run(|ctx| {
        let (id, _, writes) = consents::publish(ctx, &olga, "Согласен", "I agree")?;
        Ok((id, writes))
    });
    let give =
        |ctx: &mut dwellers::Context<'_>| consents::give(ctx, &anna.acts(), anna.person, text, Channel::Web);
    let given = village.cloud.run(give);
    let mut writes = Writes::new();
    writes.create(given, &Origin { address: "203.0.113.7".to_owned() });
    village.cloud.commit(&writes).unwrap();
    let withdrawn =
        village.cloud.run(|ctx| consents::withdraw(ctx, &anna.acts(), anna.person, Channel::Telegram));
    village.talk();
    // The hub's program does not know these collections; it has them all the same, for a cloud that was restored.
    village.hub.view(|view| {
        assert_eq!(view.of::<ConsentText>().get(text).unwrap().unwrap().value.ru, "Согласен");
        assert_eq!(view.of::<Consent>().get(given).unwrap().unwrap().value.person, Some(anna.person));
        assert_eq!(view.of::<Withdrawal>().get(withdrawn[0]).unwrap().unwrap().value.consent, given);
        assert!(view.of::<Origin>().get(given).unwrap().is_none());
    });
}

#[test]
fn two_versions_at_once_cannot_both_be_the_next() {
    let mut village = Village::new();
    let (olga, anna) = (village.olga.acts(), village.anna.acts());
    let publish = |ctx: &mut dwellers::Context<'_>| consents::publish(ctx, &olga, "Да", "Yes");
    let (one, other) = (village.cloud.judge(publish).unwrap(), village.cloud.judge(publish).unwrap());
    village.cloud.commit(&one.2).unwrap();
    assert!(village.cloud.commit(&other.2).is_err());
    let by_anna = village.cloud.judge(|ctx| consents::publish(ctx, &anna, "Да", "Yes"));
    assert_eq!(said(by_anna), "this actor may not do that");
}

#[test]
fn nobody_agrees_for_another_but_on_paper() {
    let mut village = Village::new();
    let (olga, anna, boris) = (village.olga.acts(), village.anna, village.boris);
    let none = village
        .cloud
        .judge(|ctx| consents::give(ctx, &anna.acts(), anna.person, RecordId::new(1, 1), Channel::Web));
    assert_eq!(said(none), "there is no such consent");
    let text = village.cloud.run(|ctx| {
        let (id, _, writes) = consents::publish(ctx, &olga, "Согласен", "I agree")?;
        Ok((id, writes))
    });
    let no = "this actor may not do that";
    for (actor, person, channel, expected) in [
        (anna.acts(), anna.person, Channel::Telegram, "done"),
        (anna.acts(), anna.person, Channel::Paper, no),
        (anna.acts(), boris.person, Channel::Web, no),
        (anna.acts(), boris.person, Channel::Paper, no),
        (olga.clone(), boris.person, Channel::Web, no),
        (olga.clone(), boris.person, Channel::Paper, "done"),
        (olga.clone(), text, Channel::Paper, "there is no such person"),
    ] {
        let given = village.cloud.judge(|ctx| consents::give(ctx, &actor, person, text, channel));
        assert_eq!(said(given), expected, "{actor:?} {channel:?}");
    }
}
