//! The gatehouse: a hub that decides and opens, with no cloud in the world.
//!
//! | module | what it holds |
//! |---|---|
//! | [`barrier`] | a barrier with its controller, simulated |
//! | [`engine`] | the pure state machine of a gate |
//! | [`gate`] | drivers: what stands between the engine and the relays |
//! | [`reads`] | the one door through which plate reads enter |
//! | [`socket`] | local sockets with bounded lines |
//!
//! What must never be here: a need for the network to decide; a second owner of a gate's state; a rule in a driver.

pub mod barrier;
pub mod engine;
pub mod gate;
pub mod reads;
pub mod socket;
