//! The cloud's API, as people's browsers and other programs meet it: over real HTTP.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod account;
mod description;
mod door;
mod houses;
mod matrix;
mod notifications;
mod operator;
mod passkeys;
mod post_office;
mod recovery;
mod schemathesis;
mod second_factor;
mod sign_in;
mod town;
