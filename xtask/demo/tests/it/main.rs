//! The real programs, together: the story of a day, and a busy hour in which the hub is killed again and again.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod killed;
mod story;
