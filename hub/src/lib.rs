//! The gatehouse: a hub that decides and opens, with no cloud in the world.
//!
//! | module | what it holds |
//! |---|---|
//! | [`clock`] | the edge where time and chance enter |
//! | [`config`] | the one file that describes this gatehouse |
//! | [`engine`] | the pure state machine of a gate |
//! | [`barrier`] | a barrier with its controller, simulated |
//! | [`guards`], [`screens`] | who may sit at the gatehouse's screen, and which screens there are |
//! | [`store`] | the data folder, its store and its key |
//! | `sim` (a feature) | the simulator of a gate: engine, barrier and store in a hostile world |
//! | [`gate`] | drivers: what stands between the engine and the relays |
//! | [`reads`] | the one door through which plate reads enter |
//! | [`socket`] | local sockets with bounded lines |
//!
//! What must never be here: a need for the network to decide; a second owner of a gate's state; a rule in a driver.

pub mod barrier;
pub mod clock;
pub mod config;
pub mod engine;
#[cfg(feature = "sim")]
pub mod fault;
#[cfg(not(feature = "sim"))]
mod fault;
pub mod gate;
pub mod guards;
pub mod reads;
pub mod screens;
#[cfg(feature = "sim")]
pub mod sim;
pub mod socket;
pub mod store;
