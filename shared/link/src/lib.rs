//! The link between a hub and its cloud: what both sides say on it besides the store's own frames, and how they know
//! each other. State machines that own no socket, no clock and no chance: they are given messages, times and bytes drawn
//! at random, so that every fault of a network can be put to them.
//!
//! | module | what it holds |
//! |---|---|
//! | [`device`] | a hub's key, which never leaves it; what it signs; what people compare |
//! | [`enrolment`] | the code by which a key becomes a hub of a community |
//! | [`copies`] | where the community's newest backup is to be had |
//! | [`wire`] | the messages, and how they are written as bytes |
//! | [`handshake`] | the first words, by which each side knows the other |
//! | [`talk`] | the conversation after that: the store's session, signs of life, what else is said |
//! | [`blobs`] | how a blob comes from the side that has it, part by part |
//! | [`challenge`] | why a command from afar cannot come late, twice or unasked |
//!
//! Invariants: a command moves a relay only while the challenge that it answers is fresh on the hub's own monotonic clock,
//! and once; nothing here stores, queues or repeats one. What a peer sends is bounded before it is read.
//!
//! What must never be here: a socket; a clock; a record of community life; who may open what (the hub asks its own rules).

pub mod blobs;
pub mod challenge;
pub mod copies;
pub mod device;
pub mod enrolment;
pub mod handshake;
pub mod talk;
pub mod wire;
