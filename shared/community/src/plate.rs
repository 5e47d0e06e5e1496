//! Number plates.
