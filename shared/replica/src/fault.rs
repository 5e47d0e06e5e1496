//! Faults that the simulator's own test plants, each at the line where it would really be made.
//!
//! They exist only in builds with the feature `sim`. A thread plants one for the duration of a run; production
//! builds contain no trace of it.

use std::cell::{Cell, RefCell};

use crate::delta::Walk;
use crate::stamp::{Stamp, covers};
use crate::store::Head;

/// A mistake that the simulator must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A catch-up sends nothing newer than the moment it began, chunk by chunk.
    DeltaBoundedAbove,
    /// A catch-up ends with the vector that stood at its beginning.
    VectorFixedAtStart,
    /// What a crash can still take back is sent to the peer.
    SendBeforeFsync,
    /// Two writes of one time by different replicas count as the same.
    MarkerWithoutReplica,
    /// A replica that finds its disk restored goes on under the old id.
    KeepIdAfterRestore,
    /// A fact can be written again.
    FactTwice,
    /// A chunk of what is urgent counts as one of everything.
    UrgentForWhole,
    /// The whole walk does not wait for what is urgent.
    UrgentForgotten,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 8] = [
        Fault::DeltaBoundedAbove,
        Fault::VectorFixedAtStart,
        Fault::SendBeforeFsync,
        Fault::MarkerWithoutReplica,
        Fault::KeepIdAfterRestore,
        Fault::FactTwice,
        Fault::UrgentForWhole,
        Fault::UrgentForgotten,
    ];
}

thread_local! {
    static PLANTED: Cell<Option<Fault>> = const { Cell::new(None) };
    static WALK_BEGAN: RefCell<Option<Head>> = const { RefCell::new(None) };
}

/// Plants a fault (or none) in this thread.
pub fn plant(fault: Option<Fault>) {
    PLANTED.set(fault);
}

pub(crate) fn planted(fault: Fault) -> bool {
    PLANTED.get() == Some(fault)
}

/// Hands in where the walk to a peer began, before its next chunk is read.
pub(crate) fn enter_walk(began: Option<Head>) {
    WALK_BEGAN.set(began);
}

/// Takes back where the walk began, after its chunk was read.
pub(crate) fn leave_walk() -> Option<Head> {
    WALK_BEGAN.take()
}

/// The head that a walk with a planted fault takes for the present one.
pub(crate) fn as_of(head: Head) -> Head {
    let fixed = planted(Fault::VectorFixedAtStart);
    if !fixed && !planted(Fault::DeltaBoundedAbove) {
        return head;
    }
    let began = WALK_BEGAN.with_borrow_mut(|began| began.get_or_insert_with(|| head.clone()).clone());
    if fixed { began } else { Head { vector: began.vector, ..head } }
}

/// The walk whose place in the sender's history a chunk moves.
pub(crate) fn walk_for(walk: Walk) -> Walk {
    if planted(Fault::UrgentForWhole) { Walk::Whole } else { walk }
}

/// Whether a delta that is bounded above leaves this write out.
pub(crate) fn is_above(head: &Head, stamp: &Stamp) -> bool {
    planted(Fault::DeltaBoundedAbove) && !covers(&head.vector, stamp)
}
