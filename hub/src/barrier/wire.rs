//! What is said to the process `dwellers-barrier` and by it: a line of JSON each, at most 64 KiB.
//!
//! A connection that says `"hub"` first is the hub's, and replaces the one before. It is told the sensors, and a
//! beat every [`BEAT_MS`]; each of its commands names the latest beat that it heard. So a command that lay in a buffer
//! while one side hung is known to be late, and moves nothing. Every other connection is the world's: it makes things
//! happen, or asks.
//!
//! ```text
//! "hub"                                                              ▶ {"beat":7} {"told":{"position":"closed"}} …
//! {"do":{"beat":7,"command":{"pulse":{"relay":"open","id":"01…","ms":500}}}} ▶ {"told":{"acknowledged":{"id":"01…"}}}
//! {"world":{"car":{"tailgates":true}}}                               ▶ "done"
//! "state"                                                            ▶ {"state":{…}}
//! {"history":{"after":0}}                                            ▶ {"history":{"entries":[…],"noted":31}}
//! ```

use serde::{Deserialize, Serialize};

use super::{Command, Entry, Output, State, World};

/// How often a hub is told that the barrier is there.
pub const BEAT_MS: u64 = 200;
/// A command that names an older beat is late. A release is never late: it only makes things safer.
pub const LATE_AFTER_MS: u64 = 700;
/// The most entries of the history in one reply.
pub const MAX_ENTRIES: usize = 200;

/// A line to the barrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// This connection is the hub's.
    Hub,
    /// The hub's word.
    Do {
        /// The latest beat that it heard.
        beat: u64,
        /// What is to be done.
        command: Command,
    },
    /// Something happens.
    World(World),
    /// What can be seen?
    State,
    /// What happened, after the entry of this number?
    History {
        /// The last entry that is known already; 0 for none.
        #[serde(default)]
        after: u64,
    },
}

/// A line from the barrier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To the hub: it is there, and this is its beat of that number.
    Beat(u64),
    /// To the hub: what the barrier tells it.
    Told(Output),
    /// It happens.
    Done,
    /// What can be seen.
    State(State),
    /// What happened.
    History {
        /// At most [`MAX_ENTRIES`]; ask again after the last.
        entries: Vec<Entry>,
        /// The number of the latest entry.
        noted: u64,
    },
    /// The line was not understood, or is not for this connection.
    Error(String),
}

impl Reply {
    /// The reply as a line.
    pub fn line(&self) -> Vec<u8> {
        // Its maps have keys of text, and writing to memory cannot fail.
        let mut line = serde_json::to_vec(self).expect("a reply is JSON");
        line.push(b'\n');
        line
    }
}
