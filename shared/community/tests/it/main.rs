//! The rules of community life, tested by the commands that web, bot and touchscreen call.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are no #[test] functions; what fails here fails the test"
)]

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
