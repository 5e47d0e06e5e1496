//! The replicated store that a settlement's hub and cloud share.
pub mod builtin;
pub mod delta;
#[cfg(feature = "sim")]
pub mod fault;
mod key;
mod replica;
mod row;
mod schema;
mod shared;
mod stamp;
mod store;
pub mod sync { pub const PROTOCOL: u16 = 1; }

pub use replica::*;
pub use schema::{Index, Kind, Open, Record, Role, Schema, Shape, Spec, Writers};
pub use shared::Shared;
pub use stamp::*;
pub use store::{Bucket, Direction, Hash, Mark, Memory, Store, StoreError};
pub use store::{Options, Sqlite, SqliteReader};
