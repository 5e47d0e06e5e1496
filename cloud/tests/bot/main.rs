//! The bot, as people in a messenger meet it.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod applications;
mod chats;
mod gates;
mod hall;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../api/hub.rs"]
mod hub;
mod inline;
mod joining;
mod menu;
mod passes;
#[allow(dead_code, reason = "the town is built with it")]
#[path = "../api/post_office.rs"]
mod post_office;
mod questions;
mod settings;
mod told;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../api/town.rs"]
mod town;
mod wire;
mod words;
