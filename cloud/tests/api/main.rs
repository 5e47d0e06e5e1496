//! The cloud's API, as people's browsers and other programs meet it: over real HTTP.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod account;
mod alarms;
mod applications;
mod audit;
mod bans;
mod chats;
mod community;
mod consents;
mod description;
mod door;
mod events;
mod exports;
mod gates;
mod grants;
mod households;
mod houses;
mod hub;
mod hubs;
mod imports;
mod journal;
mod letters;
mod matrix;
mod messengers;
mod mini_app;
mod notifications;
mod operator;
mod pages;
mod passes;
mod passkeys;
mod people;
mod post_office;
mod privacy;
mod questions;
mod recovery;
mod retention;
mod roles;
mod schemathesis;
mod second_factor;
mod sign_in;
mod stream;
mod town;
mod vehicles;
mod visit;
