//! A process that is killed.
