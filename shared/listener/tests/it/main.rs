//! The listener from outside: real sockets on loopback, and clients that do each thing a client should not.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are no #[test] functions; what fails here fails the test"
)]

mod bodies;
mod child;
mod client;
mod crowds;
mod endings;
mod heads;
mod house;
mod pages;
mod responses;
mod tls;
