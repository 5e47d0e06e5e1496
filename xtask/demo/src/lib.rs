//! A settlement on your desk: «Сосновка», its gates and its hub as real programs, for `cargo xtask demo` and for tests
//! that need all of it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`scenes`] | cars that drive up, as stills, and the lanes they are played to |
//! | [`settlement`] | its houses, people, cars, passes |
//! | [`life`], [`drawing`] | what its people do on the cloud before anybody looks, and the pictures that they send |
//! | [`stage`] | the programs, each a process of its own |
//! | [`cloud`], [`mod@line`] | the cloud, and the line before it, which can be cut |
//! | [`guard`], [`browser`], [`phone`] | the guard at the touchscreen, people with a browser, and with Telegram |
//! | [`story`] | what `--check` plays |
//! | [`words`], [`talk`], [`welcome`] | what can be said to a demo that runs, how it is heard, and what it says first |
//!
//! Not part of the product: seeded data and PINs that everybody knows.

pub mod browser;
pub mod cloud;
pub mod drawing;
pub mod guard;
pub mod life;
pub mod line;
pub mod phone;
pub mod scenes;
pub mod settlement;
pub mod stage;
pub mod story;
pub mod talk;
pub mod welcome;
pub mod words;
