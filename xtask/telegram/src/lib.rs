//! A double of Telegram's Bot API: what api.telegram.org is to a bot, for tests and for the demo.
//!
//! A [`Double`] serves the Bot API over HTTP and keeps people, chats, messages, invite links and files as Telegram
//! does. A test plays the people ([`User`], [`Chat`]), a newcomer does so on the page at `/`. Every request of the bot
//! is read by another crate's types, held to Telegram's limits and, where its description is at hand, to that too.
//!
//! ```no_run
//! # async fn example() {
//! use dwellers_telegram::Double;
//!
//! let telegram = Double::start().await;
//! let anna = telegram.user("Анна", "ru");
//! anna.starts("");
//! // … a bot runs with telegram.url() and telegram.token() …
//! anna.hears("Здравствуйте").await;
//! anna.presses("Пропуск").await;
//! # }
//! ```
//!
//! Invariants: a request that Telegram would not take fails the test that made it, even where nobody looks: a
//! [`Double`] that is dropped with [violations](Double::violations) not taken panics. No wait is longer than
//! [`PATIENCE`].
//! What must never be here: anything of Dwellers. The bot knows Telegram; Telegram does not know the bot.

mod arguments;
mod chat;
mod decoding;
mod description;
mod double;
mod flood;
mod formatting;
mod limits;
mod methods;
mod people;
mod play;
mod server;
mod user;
mod webhook;
mod world;

pub use chat::Chat;
pub use double::{Double, Outage, PATIENCE, Violation};
pub use flood::Flood;
pub use people::Pressed;
pub use user::{Joining, User};
pub use world::{Answer, Button, Message, Rights};
