//! Faults that the simulator's own test plants in the engine, each at the line where it would really be made.
//!
//! They exist only in builds with the feature `sim`, where a thread plants one for the duration of a run. In every
//! other build `planted` is a constant `false` and leaves nothing behind.

/// A mistake that the simulator must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An opening does not wait for its entry to be durable.
    PulseBeforeDurable,
    /// An opening whose entry became durable too late is carried out all the same.
    PulseLate,
    /// What the driver did not acknowledge before it was lost is told again when it is back.
    #[cfg_attr(
        not(feature = "sim"),
        allow(dead_code, reason = "it needs more than a line where it is planted")
    )]
    PulseAgainOnReconnect,
    /// What an earlier run left without outcome is carried out when the driver is there.
    #[cfg_attr(
        not(feature = "sim"),
        allow(dead_code, reason = "it needs more than a line where it is planted")
    )]
    PulseInterrupted,
    /// A pulse lasts longer than it is set to.
    PulseTooLong,
    /// A relay is energised while the other one may be.
    NoInterlock,
    /// A hold does not end by itself.
    HoldWithoutLease,
    /// A hold is not renewed.
    HoldNotRenewed,
    /// It closes without looking whether something is under it.
    CloseBlindly,
    /// Loop and beam do not stop a closing barrier.
    NoReversal,
    /// That the driver did as told counts as seen.
    CommandedIsSeen,
    /// The same plate opens again.
    ForgetPlates,
    /// An opening that became durable is not looked at again before it is carried out.
    NoSecondLook,
    /// A car that nothing was opened for counts as passed.
    NobodyTailgates,
    /// The guard's word waits for the store.
    GuardWaitsForStore,
    /// The guard's end of a hold ends the fire alarm's as well.
    ReleaseBeatsFire,
}

#[cfg(feature = "sim")]
impl Fault {
    /// All of them.
    pub const ALL: [Fault; 16] = [
        Fault::PulseBeforeDurable,
        Fault::PulseLate,
        Fault::PulseAgainOnReconnect,
        Fault::PulseInterrupted,
        Fault::PulseTooLong,
        Fault::NoInterlock,
        Fault::HoldWithoutLease,
        Fault::HoldNotRenewed,
        Fault::CloseBlindly,
        Fault::NoReversal,
        Fault::CommandedIsSeen,
        Fault::ForgetPlates,
        Fault::NoSecondLook,
        Fault::NobodyTailgates,
        Fault::GuardWaitsForStore,
        Fault::ReleaseBeatsFire,
    ];
}

#[cfg(feature = "sim")]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Fault>> = const { std::cell::Cell::new(None) };
}

/// Plants a fault (or none) in this thread.
#[cfg(feature = "sim")]
pub fn plant(fault: Option<Fault>) {
    PLANTED.set(fault);
}

#[cfg(feature = "sim")]
pub(crate) fn planted(fault: Fault) -> bool {
    PLANTED.get() == Some(fault)
}

#[cfg(not(feature = "sim"))]
pub(crate) const fn planted(_: Fault) -> bool {
    false
}
