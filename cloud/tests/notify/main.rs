//! The outbox, as people, mail servers and push services meet it.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod gatehouse;
mod killed;
mod letters;
mod post;
#[allow(dead_code, reason = "the town is built with it")]
#[path = "../api/post_office.rs"]
mod post_office;
mod questions;
mod service;
mod smtp;
mod telling;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../api/town.rs"]
mod town;
