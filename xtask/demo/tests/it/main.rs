//! The real programs, together: the story of a day, a busy hour in which the hub is killed again and again, and words that are
//! said to a demo that runs.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod killed;
mod story;
mod words;
