//! The rules of community life, a slice a noun: its types, its rules, its commands.
//!
//! A command takes a [`Context`] (a snapshot, the time, chance) and an [`Actor`], checks the actor's rights, and
//! returns the [`Writes`](dwellers_replica::Writes) that its caller commits: web, bot, touchscreen and engine cannot
//! differ. [`access`] decides who may enter.
//!
//! | module | what it holds |
//! |---|---|
//! | [`command`] | who acts, on what snapshot, and why a command is refused |
//! | [`people`] | the community, houses, persons, places, roles and their permissions, applications |
//! | [`rights`] | grants in chains, revocations, bans |
//! | [`vehicles`], [`cards`], [`passes`] | what lets a car or a person in |
//! | [`gates`], [`journal`], [`questions`] | what gates are, what they did, what a guard asks a house |
//! | [`alarms`] | what is wrong with the machines |
//! | [`consents`] | what people agreed to |
//! | [`audit`] | what those in office did, and whose data they looked at |
//! | [`privacy`] | all that is known of a person; how it is erased |
//! | [`imports`] | houses and people out of a table |
//! | [`retention`], [`visitor_log`] | how long what is kept; what a house wants kept of its visitors |
//! | [`plate`] | number plates: parsing, folding, showing |
//! | [`access`] | the one decision |
//! | [`texts`], [`words`] | every text a person sees, in Russian and English; and what records say in them |
//!
//! What must never be here: SQL, HTTP, Telegram, GPIO, MQTT; a clock or a source of randomness (both are passed in);
//! trust that a caller has checked rights.

pub mod access;
pub mod alarms;
pub mod audit;
pub mod cards;
pub mod command;
pub mod consents;
pub mod gates;
pub mod imports;
pub mod journal;
pub mod passes;
pub mod people;
pub mod plate;
pub mod privacy;
pub mod questions;
pub mod retention;
pub mod rights;
pub mod texts;
pub mod vehicles;
pub mod visitor_log;
pub mod words;

use dwellers_replica::Schema;

pub use command::{Actor, Context, Denied};

/// All collections of a community that its gatehouses have. A new slice's records are a line here.
pub fn schema() -> Schema {
    Schema::new()
        .with::<people::Community>()
        .with::<people::House>()
        .with::<people::HouseCode>()
        .with::<people::Person>()
        .with::<people::Place>()
        .with::<people::RoleGrant>()
        .with::<people::Application>()
        .with::<people::Verdict>()
        .with::<rights::Revocation>()
        .with::<rights::Ban>()
        .with::<rights::Lifting>()
        .with::<vehicles::Vehicle>()
        .with::<cards::Card>()
        .with::<passes::Pass>()
        .with::<passes::Use>()
        .with::<gates::Gate>()
        .with::<journal::Entry>()
        .with::<questions::Question>()
        .with::<questions::Answer>()
        .with::<alarms::Alarm>()
        .with::<alarms::AlarmEnd>()
        .with::<retention::Retention>()
        .with::<retention::Sweep>()
}

/// All collections of a community in the cloud: those of its gatehouses, and what only the cloud needs.
pub fn cloud_schema() -> Schema {
    schema()
        .with::<audit::Deed>()
        .with::<consents::ConsentText>()
        .with::<consents::Consent>()
        .with::<consents::Withdrawal>()
        .with::<consents::Origin>()
        .with::<passes::links::Link>()
        .with::<privacy::ErasureRequest>()
}
