//! A settlement on your desk: «Сосновка», its gates and its hub as real programs, for `cargo xtask demo` and for tests
//! that need all of it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`scenes`] | cars that drive up, as stills, and the lanes they are played to |
//! | [`settlement`] | its houses, people, cars, passes |
//! | [`stage`] | the programs, each a process of its own |
//! | [`guard`] | the guard at the touchscreen, over HTTP |
//! | [`story`] | what `--check` plays |
//!
//! Not part of the product: seeded data and PINs that everybody knows.

pub mod guard;
pub mod scenes;
pub mod settlement;
pub mod stage;
pub mod story;
