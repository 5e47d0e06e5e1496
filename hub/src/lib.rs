//! The gatehouse: a hub that decides and opens, with no cloud in the world.
//!
//! | module | what it holds |
//! |---|---|
//! | [`clock`] | the edge where time and chance enter |
//! | [`config`] | the one file that describes this gatehouse |
//! | [`engine`] | the pure state machine of a gate |
//! | [`guards`], [`screens`] | who may sit at the gatehouse's screen, and which screens there are |
//! | [`store`] | the data folder, its store and its key |
//!
//! What must never be here: a need for the network to decide; a second owner of a gate's state; a rule in a driver.

pub mod backup;
pub mod cli;
pub mod clock;
pub mod config;
pub mod control;
pub mod doctor;
pub mod engine;
pub mod guards;
pub mod logs;
pub mod metrics;
pub mod screens;
pub mod service;
pub mod socket;
pub mod store;
pub mod timekeeping;
pub mod watchdog;
