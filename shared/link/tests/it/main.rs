//! The link's own machines: keys, codes, challenges, bytes.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod blobs;
mod challenge;
mod device;
mod enrolment;
mod fuzz;
mod slow;
mod wire;
