//! The hub from outside: its configuration, its command line, its rules.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail by panicking, too")]

mod backup;
mod cli;
mod config;
mod guards;
mod place;
