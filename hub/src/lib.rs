//! The gatehouse: a hub that decides and opens, with no cloud in the world.
//!
//! | module | what it holds |
//! |---|---|
//! | [`clock`] | the edge where time and chance enter |
//! | [`config`] | the one file that describes this gatehouse |
//! | [`engine`] | the pure state machine of a gate |
//! | [`gatehouse`] | the one loop through which everything at the gates goes |
//! | [`scribe`] | the only writer of the journal |
//! | [`gate`] | drivers: what stands between the engine and the relays |
//! | [`barrier`] | a barrier with its controller, simulated |
//! | [`reads`] | the one door through which plate reads enter |
//! | [`crops`] | pictures of plates, kept by their hash |
//! | [`guards`], [`screens`] | who may sit at the gatehouse's screen, and which screens there are |
//! | [`store`] | the data folder, its store and its key |
//! | [`metrics`] | numbers for Prometheus |
//! | [`socket`] | local sockets with bounded lines |
//! | `sim` (a feature) | the simulator of a gate: engine, barrier and store in a hostile world |
//!
//! What must never be here: a need for the network to decide; a second owner of a gate's state; a rule in a driver.

pub mod barrier;
pub mod clock;
pub mod config;
pub mod crops;
pub mod engine;
#[cfg(feature = "sim")]
pub mod fault;
#[cfg(not(feature = "sim"))]
mod fault;
pub mod gate;
pub mod gatehouse;
pub mod guards;
pub mod metrics;
pub mod reads;
pub mod screens;
pub mod scribe;
#[cfg(feature = "sim")]
pub mod sim;
pub mod socket;
pub mod store;
