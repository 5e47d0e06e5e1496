//! The double as a bot meets it: over HTTP, by a plain client.

#![allow(clippy::unwrap_used, reason = "tests")]

mod bot;
mod chats;
mod failures;
mod messages;
mod people;
mod play;
mod updates;
mod violations;
