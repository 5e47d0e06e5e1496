//! The gatehouse.
fn main() {}
