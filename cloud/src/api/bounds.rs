//! How often somebody may ask: so that nothing is guessed, and nobody is slowed down by another.

use std::net::IpAddr;

use dwellers_replica::RecordId;

use crate::tries::{Pace, TooOften, Tries, network};

/// The bounds of one API.
pub(super) struct Bounds {
    /// Any calls of a session: a page asks for some twenty things at once, nobody for fifty a second.
    pub sessions: Tries<RecordId>,
    /// Any calls of an address without a session: many of one provider's customers may share it.
    pub strangers: Tries<IpAddr>,
    /// Passwords from an address.
    passwords: Tries<IpAddr>,
    /// Passwords for an account from a network: whoever tries elsewhere does not keep its owner out. Hashes of addresses, or accounts.
    accounts_from: Tries<([u8; 16], Option<IpAddr>)>,
    /// The same from wherever. Who is kept out of their account by so many has their passkey or a link.
    accounts: Tries<[u8; 16]>,
    /// Codes of a second factor for an account, from wherever. Of a million, three are right.
    pub codes: Tries<RecordId>,
    /// One-time links from an address. A secret of 128 bits is not guessed at any pace; this is for the disk.
    pub secrets: Tries<IpAddr>,
    /// Applications, and with them codes of houses, from an address.
    pub applications: Tries<IpAddr>,
    /// The same to a community, from wherever: its codes are short.
    pub house_codes: Tries<RecordId>,
    /// Looks whether there is a house of a label, from an address: who names theirs needs few.
    pub labels: Tries<IpAddr>,
    /// Photos of applications from an address.
    pub photos: Tries<IpAddr>,
    /// Challenges to passkeys, and answers, from an address. All there can be in five minutes have room.
    pub challenges: Tries<IpAddr>,
    /// Letters that an address asks for.
    pub letters: Tries<IpAddr>,
    /// Letters to a mailbox, whoever asks: hashes of addresses; and all letters.
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
            strangers: Tries::apart(Pace::new(200, 600), Pace::new(5_000, 60_000)),
            passwords: Tries::apart(Pace::new(20, 6), Pace::new(300, 300)),
            accounts_from: Tries::new(Pace::new(10, 1), Pace::new(3_000, 3_000)),
            accounts: Tries::new(Pace::new(50, 3), Pace::new(3_000, 3_000)),
            codes: Tries::new(Pace::new(5, 1), Pace::new(300, 300)),
            challenges: Tries::apart(Pace::new(40, 20), Pace::new(1_000, 1_000)),
            letters: Tries::apart(Pace::new(10, 1), Pace::new(200, 100)),
            mailboxes: Tries::new(Pace::new(3, 1), Pace::new(200, 100)),
            secrets: Tries::apart(Pace::new(10, 2), Pace::new(100, 100)),
            applications: Tries::apart(Pace::new(10, 2), Pace::new(100, 100)),
            house_codes: Tries::new(Pace::new(300, 300), Pace::new(30_000, 30_000)),
            labels: Tries::apart(Pace::new(20, 6), Pace::new(300, 300)),
            photos: Tries::apart(Pace::new(10, 1), Pace::new(100, 100)),
            visits: Tries::apart(Pace::new(60, 60), Pace::new(3_000, 12_000)),
            openings: Tries::new(Pace::new(6, 6), Pace::new(3_000, 30_000)),
            exports: Tries::new(Pace::new(3, 1), Pace::new(60, 60)),
            guards: Tries::new(Pace::new(60, 60), Pace::new(3_000, 30_000)),
        }
    }
}

impl Bounds {
    /// Whether another password for an account may be tried from an address.
    ///
    /// # Errors
    /// Not yet.
    pub fn password(&self, account: [u8; 16], address: Option<IpAddr>) -> Result<(), TooOften> {
        self.passwords.from(address)?;
        self.accounts_from.one(&(account, address.map(network)))?;
        self.accounts.one(&account)
    }
}
