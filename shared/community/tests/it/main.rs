//! The rules of community life, tested by the commands that web, bot and touchscreen call.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod access;
mod journal;
mod people;
mod plate;
mod texts;
mod gates;
mod passes;
mod people;
mod plate;
mod questions;
mod rights;
mod vehicles;
mod village;

#[test]
fn all_collections_can_be_declared() {
    let _ = dwellers::schema();
}
