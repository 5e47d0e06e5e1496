//! The gatehouse: a hub that decides and opens, with no cloud in the world.
//!
//! | module | what it holds |
//! |---|---|
//! | [`barrier`] | a barrier with its controller, simulated |
//! | [`engine`] | the pure state machine of a gate |
//! | `sim` (a feature) | the simulator of a gate: engine, barrier and store in a hostile world |
//!
//! What must never be here: a need for the network to decide; a second owner of a gate's state; a rule in a driver.

pub mod barrier;
pub mod engine;
#[cfg(feature = "sim")]
pub mod fault;
#[cfg(not(feature = "sim"))]
mod fault;
#[cfg(feature = "sim")]
pub mod sim;
