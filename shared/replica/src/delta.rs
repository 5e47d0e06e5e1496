//! What replicas send each other: fields with their stamps, in chunks of the sender's order of arrival.
//!
//! A delta is every field whose winning stamp the receiver's vector does not cover, *without upper bound*.
//! It travels in chunks that carry no vector, except the last: that one reached the head of the sender's
//! order of arrival as it was read, and carries the sender's vector of the same snapshot. Both halves matter.
//! A delta that stops at the moment it was begun leaves out a field that was overwritten meanwhile, together
//! with the value that overwrote it; a vector older than the fields it comes with promises what was dropped.
//!
//! A peer that is far behind is sent what is urgent first, by a walk of its own over the same order of arrival. That
//! walk is no part of the promise: whatever it brought or left out, the whole walk brings all of the delta.

use serde::{Deserialize, Serialize};

use crate::schema::Shape;
use crate::stamp::{RecordId, Stamp, Vector};
use crate::store::Mark;

/// The most fields in one chunk: what a receiver takes.
pub const MAX_CHUNK_FIELDS: usize = 2_000;
/// The most fields that a sender puts into a chunk of its own accord. The rest is room for the registrations
/// of the replicas that the fields were written by.
pub const FULL_CHUNK_FIELDS: usize = 1_700;
/// The most bytes of names and values in one chunk that has more than one transaction.
pub const MAX_CHUNK_BYTES: usize = 1 << 20;

/// A way through the sender's order of arrival. Each has a place of its own in the receiver's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Walk {
    /// Past everything. Its last chunk carries the vector.
    Whole,
    /// Past what is not bulk ([`crate::Spec::bulk`]), ahead of the whole walk, which brings all of it again. It
    /// promises nothing but itself, and never carries a vector.
    Urgent,
}

/// Part of a delta: what arrived at the sender after `base`, up to `mark`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    /// Which way it is part of.
    pub walk: Walk,
    /// Where in the sender's history it starts: the mark that the receiver remembers.
    pub base: Mark,
    /// The newest point of the sender's history that the receiver remembers, as a session knows. A receiver that
    /// remembers another has heard a copy of the sender's disk meanwhile.
    pub latest: Option<Mark>,
    /// The collections that the changes speak of.
    pub shapes: Vec<Shape>,
    /// One group for each of the sender's transactions, in their order.
    pub groups: Vec<Vec<Change>>,
    /// Where in the sender's history it ends.
    pub mark: Mark,
    /// The head of the sender's history as it was read. What was overwritten between `mark` and here is not
    /// in the chunk; a sender whose disk falls back behind this point cannot go on from `mark`, and the
    /// receiver remembers the point as evidence.
    pub head: Mark,
    /// The sender's vector, in the chunk of the whole walk that reaches the head.
    pub to: Option<Vector>,
}

/// Fields of one record that one write set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Which of the chunk's shapes is its collection.
    pub shape: u16,
    /// The record.
    pub record: RecordId,
    /// The write.
    pub stamp: Stamp,
    /// Names and values (JSON text).
    pub fields: Vec<(String, String)>,
}

impl Chunk {
    /// How many fields it carries.
    pub fn field_count(&self) -> usize {
        self.groups.iter().flatten().map(|change| change.fields.len()).sum()
    }
}

impl Change {
    /// The bytes of its names and values.
    pub(crate) fn weight(&self) -> usize {
        self.fields.iter().map(|(name, value)| name.len() + value.len()).sum()
    }
}

/// Fields of one unequal bucket of the digest, sent whatever the receiver's vector covers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repair {
    /// The collection's shape; the changes' `shape` is 0.
    pub shape: Shape,
    /// Whole records.
    pub changes: Vec<Change>,
}
