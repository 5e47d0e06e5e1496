//! The rules of community life, tested by the commands that web, bot and touchscreen call.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are no #[test] functions; what fails here fails the test"
)]

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail by panicking, too")]

mod access;
mod journal;
mod people;
mod plate;
mod village;
#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails it")]

mod plate;
mod texts;

#[test]
fn all_collections_can_be_declared() {
    let _ = dwellers::schema();
}
