//! The bot, as people in a messenger meet it.

#[path = "../api/post_office.rs"]
#[expect(dead_code, reason = "the tests of the API use more of it")]
mod post_office;
#[path = "../api/town.rs"]
#[expect(dead_code, reason = "the tests of the API use more of it")]
mod town;

mod hall;
mod menu;
