//! The cloud's API, as people's browsers and other programs meet it: over real HTTP.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod account;
mod alarms;
mod applications;
mod bans;
mod community;
mod consents;
mod description;
mod door;
mod events;
mod gates;
mod grants;
mod households;
mod houses;
mod hub;
mod hubs;
mod journal;
mod matrix;
mod notifications;
mod operator;
mod passes;
mod passkeys;
mod people;
mod post_office;
mod questions;
mod recovery;
mod roles;
mod schemathesis;
mod second_factor;
mod audit;
mod exports;
mod imports;
mod letters;
mod privacy;
mod retention;
mod sign_in;
mod stream;
mod town;
mod vehicles;
mod visit;
