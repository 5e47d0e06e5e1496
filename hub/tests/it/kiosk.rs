//! The kiosk over real HTTP: a hub with its store, journal and engine, and a gate that remembers what it was told.

mod arrivals;
mod deeds;
mod description;
mod door;
mod events;
mod gates;
mod journal;
mod passes;
mod questions;
mod session;
