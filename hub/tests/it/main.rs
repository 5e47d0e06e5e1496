//! The hub from outside: its configuration, its command line, its gates, its rules.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail by panicking, too")]

mod backup;
mod barrier;
mod camera;
mod cli;
mod config;
mod copies;
mod crops;
mod engine;
mod fetches;
mod gate;
#[cfg(feature = "sim")]
mod gate_sim;
mod gatehouse;
mod guards;
mod harness;
mod hostile;
mod kiosk;
mod live;
mod place;
mod process;
mod reads;
mod settlement;
mod sight;
mod sightings;
mod station;
mod tracker;
mod uplink;
