//! How often somebody may ask: so that nothing is guessed, and nobody is slowed down by another.

use std::net::IpAddr;

use dwellers_replica::RecordId;

use crate::tries::{Pace, Tries};

/// The bounds of one API.
pub(super) struct Bounds {
    /// Any calls of a session: a page asks for some twenty things at once, nobody for fifty a second.
    pub sessions: Tries<RecordId>,
    /// Any calls of an address without a session: many of one provider's customers may share it.
    pub strangers: Tries<IpAddr>,
    /// Passwords from an address.
    pub passwords: Tries<IpAddr>,
    /// Passwords for an account, from wherever: hashes of addresses, or accounts. Who is kept out of their account by somebody's tries
    /// has their passkey or a link.
    pub accounts: Tries<[u8; 16]>,
    /// Codes of a second factor for an account, from wherever. Of a million, three are right.
    pub codes: Tries<RecordId>,
    /// One-time links and house codes from an address.
    pub secrets: Tries<IpAddr>,
    /// Challenges to passkeys, and answers, from an address. All there can be in five minutes have room.
    pub challenges: Tries<IpAddr>,
    /// Letters that an address asks for.
    pub letters: Tries<IpAddr>,
    /// Letters to a mailbox, whoever asks: hashes of addresses.
    pub mailboxes: Tries<[u8; 16]>,
    /// Looks at what a visitor's link shows, from an address. A secret of 128 bits is not guessed at any pace; this is for the
    /// disk.
    pub visits: Tries<IpAddr>,
    /// Openings of a gate by a resident: nobody needs more, and a relay does not last for ever.
    pub openings: Tries<RecordId>,
    /// All that is known of somebody, taken along: it reads much.
    pub exports: Tries<RecordId>,
    /// Openings by somebody who keeps the gate.
    pub guards: Tries<RecordId>,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            sessions: Tries::new(Pace::new(500, 3_000), Pace::new(60_000, 600_000)),
            strangers: Tries::new(Pace::new(200, 600), Pace::new(5_000, 60_000)),
            passwords: Tries::new(Pace::new(20, 6), Pace::new(300, 300)),
            accounts: Tries::new(Pace::new(10, 1), Pace::new(3_000, 3_000)),
            codes: Tries::new(Pace::new(5, 1), Pace::new(300, 300)),
            challenges: Tries::new(Pace::new(40, 20), Pace::new(1_000, 1_000)),
            letters: Tries::new(Pace::new(10, 1), Pace::new(200, 100)),
            mailboxes: Tries::new(Pace::new(3, 1), Pace::new(3_000, 3_000)),
            secrets: Tries::new(Pace::new(10, 2), Pace::new(100, 100)),
            visits: Tries::new(Pace::new(60, 60), Pace::new(3_000, 12_000)),
            openings: Tries::new(Pace::new(6, 6), Pace::new(3_000, 30_000)),
            exports: Tries::new(Pace::new(3, 1), Pace::new(60, 60)),
            guards: Tries::new(Pace::new(60, 60), Pace::new(3_000, 30_000)),
        }
    }
}
