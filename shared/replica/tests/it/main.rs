//! The replica over its real store: files, threads, crashes.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test where they fail")]

mod crash;
mod disk;
mod shared;
mod sqlite;
