//! The gatehouse.
