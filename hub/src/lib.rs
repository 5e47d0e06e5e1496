//! The gatehouse: a hub that decides and opens, with no cloud in the world.
//!
//! | module | what it holds |
//! |---|---|
//! | [`clock`], [`timekeeping`] | the edge where time and chance enter, and who vouches for the clock |
//! | [`config`] | the one file that describes this gatehouse |
//! | [`engine`] | the pure state machine of a gate |
//! | [`gatehouse`] | the one loop through which everything at the gates goes |
//! | [`scribe`] | the only writer of the journal |
//! | [`gate`] | drivers: what stands between the engine and the relays |
//! | [`barrier`] | a barrier with its controller, simulated |
//! | [`reads`], [`crops`] | the one door through which plate reads enter; their pictures |
//! | [`camera`] | frames, the one thread that looks at them, and what of it is offered to the gates |
//! | [`sight`] | plates in pictures, read by models of our own |
//! | [`uplink`] | the hub's end of the link to its cloud |
//! | [`kiosk`], `pages` | the guard's screen over HTTP, and the page that it shows |
//! | [`retention`] | what is kept no longer than it may be |
//! | [`guards`], [`screens`] | who may sit at the gatehouse's screen, and which screens there are |
//! | [`service`], [`run`] | the frame of the running hub, and the work of the gates in it |
//! | [`store`], [`backup`], [`doctor`] | the data folder, its copies, and what may be wrong with them |
//! | [`cli`], [`control`] | the command line, and how it speaks to the running hub |
//! | [`watchdog`], [`metrics`], [`logs`] | signs of life, numbers, words |
//! | `sim` (a feature) | the simulator of a gate: engine, barrier and store in a hostile world |
//!
//! What must never be here: a need for the network to decide; a second owner of a gate's state; a rule in a driver.

pub mod backup;
pub mod barrier;
pub mod camera;
pub mod cli;
pub mod clock;
pub mod config;
pub mod control;
pub mod crops;
pub mod doctor;
pub mod engine;
#[cfg(feature = "sim")]
pub mod fault;
#[cfg(not(feature = "sim"))]
mod fault;
pub mod gate;
pub mod gatehouse;
pub mod guards;
pub mod kiosk;
pub mod logs;
pub mod metrics;
mod pages;
pub mod reads;
pub mod retention;
pub mod run;
pub mod screens;
pub mod scribe;
pub mod service;
pub mod sight;
#[cfg(feature = "sim")]
pub mod sim;
pub mod store;
pub mod timekeeping;
pub mod uplink;
pub mod watchdog;
