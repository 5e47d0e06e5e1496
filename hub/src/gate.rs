//! Drivers: what stands between the engine and the relays of a gate.
//!
//! A driver is dumb: it energises, it says what the sensors see, and it knows no rule. Its calls come from the gate's
//! loop and return at once: a command is on its way when they return, or never will be. Nothing is queued, nothing
//! said again: what could not be sent is the engine's to know and a person's to judge. Pulses and leases are timed by
//! the device itself, and a pulse's id makes a device do it once.
//!
//! What must never be here: a wait for a device in a call; a command that outlives the connection it was given on; a
//! need for the network beyond the device's own wire.

use dwellers_replica::RecordId;

use crate::engine::{Position, Relay};

pub mod sim;

/// What drives the relays of one gate. Its [`Report`]s go to whoever was named when it was made.
pub trait Driver: Send {
    /// Energises a relay for `ms`, once for this id. The device's word follows as [`Report::Acknowledged`], where it
    /// comes at all.
    ///
    /// # Errors
    /// Where it was not sent; then it never is, and nothing more is reported of it.
    fn pulse(&mut self, relay: Relay, id: RecordId, ms: u32) -> Result<(), NotSent>;

    /// Keeps the opening relay energised for so long unless told again. Nothing is acknowledged: to hold is to say it
    /// again well within the lease.
    ///
    /// # Errors
    /// Where it was not sent.
    fn hold(&mut self, lease_ms: u32) -> Result<(), NotSent>;

    /// De-energises a relay now; ends a hold as well.
    ///
    /// # Errors
    /// Where it was not sent; the device's own timer still ends what is energised.
    fn release(&mut self, relay: Relay) -> Result<(), NotSent>;
}

/// Why a command was not sent. The text stands in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The device is not there.
    #[error("the gate is not connected; look at its power and its cable")]
    NotConnected,
    /// It is there and takes nothing any more.
    #[error("the gate does not take commands; its controller hangs")]
    Hangs,
}

/// What a driver says of its gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The device can be heard, or not any more. What the sensors see follows; until then it is unknown.
    Connected(bool),
    /// The device did the pulse, or says why it did not.
    Acknowledged {
        /// The pulse.
        id: RecordId,
        /// Nothing, or what the device says.
        result: Result<(), String>,
    },
    /// The position sensor.
    Position(Position),
    /// The loop is occupied or not.
    Loop(bool),
    /// The beam is broken or not.
    Beam(bool),
    /// The contact of the fire alarm on this device's inputs is on or off. It is meant for all gates.
    Fire(bool),
}
