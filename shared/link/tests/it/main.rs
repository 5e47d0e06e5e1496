//! The link's own machines: keys, codes, challenges, bytes.

mod challenge;
mod device;
mod enrolment;
mod wire;
