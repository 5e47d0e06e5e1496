//! Many threads on one replica.
