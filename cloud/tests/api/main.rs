//! The cloud's API, as people's browsers and other programs meet it: over real HTTP.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod account;
mod applications;
mod community;
mod consents;
mod description;
mod door;
mod grants;
mod households;
mod houses;
mod matrix;
mod operator;
mod passkeys;
mod people;
mod post_office;
mod recovery;
mod roles;
mod schemathesis;
mod second_factor;
mod sign_in;
mod town;
