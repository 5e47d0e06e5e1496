//! How many connections there may be, in all and of one peer.
//!
//! Invariant: a slot is taken before a byte is read and given back when the socket is dropped, whoever owns the
//! socket then; taking one never waits.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::counters::{Count, Counters};
use crate::limits::Limits;

/// The slots of one listener.
#[derive(Debug)]
pub(crate) struct Slots {
    taken: Mutex<Taken>,
    given_back: Notify,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_peer: HashMap<IpAddr, usize>,
}

/// One connection's place.
#[derive(Debug)]
pub(crate) struct Slot {
    slots: Arc<Slots>,
    peer: Option<IpAddr>,
}

impl Slots {
    pub(crate) fn new(counters: Arc<Counters>) -> Arc<Self> {
        Arc::new(Slots { taken: Mutex::default(), given_back: Notify::new(), counters })
    }

    /// A slot for a peer, or which count its refusal belongs to.
    pub(crate) fn take(self: &Arc<Self>, ip: IpAddr, limits: &Limits) -> Result<Slot, Count> {
        let peer = (!limits.uncounted_peers.contains(&ip)).then(|| network(ip));
        let mut taken = self.lock();
        if taken.all >= limits.max_connections {
            return Err(Count::RefusedFull);
        }
        if let Some(peer) = peer {
            let of_peer = taken.by_peer.entry(peer).or_default();
            if *of_peer >= limits.max_connections_per_peer {
                return Err(Count::RefusedPeer);
            }
            *of_peer += 1;
        }
        taken.all += 1;
        self.counters.set_open(taken.all);
        Ok(Slot { slots: Arc::clone(self), peer })
    }

    /// How many are taken.
    pub(crate) fn taken(&self) -> usize {
        self.lock().all
    }

    /// When none is taken.
    pub(crate) async fn empty(&self) {
        loop {
            let given_back = self.given_back.notified();
            if self.taken() == 0 {
                return;
            }
            given_back.await;
        }
    }

    /// A panic cannot leave the numbers half changed.
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.lock();
        taken.all -= 1;
        if let Some(peer) = self.peer
            && let Some(of_peer) = taken.by_peer.get_mut(&peer)
        {
            *of_peer -= 1;
            // Strangers must not be remembered for ever.
            if *of_peer == 0 {
                taken.by_peer.remove(&peer);
            }
        }
        self.slots.counters.set_open(taken.all);
        drop(taken);
        self.slots.given_back.notify_waiters();
    }
}

/// Who counts as one peer.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_of_a_provider_is_one_peer() {
        let check = |ip: &str, expected: &str| {
            assert_eq!(network(ip.parse().unwrap()), expected.parse::<IpAddr>().unwrap(), "{ip}");
        };
        check("203.0.113.9", "203.0.113.9");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
        check("2001:db8:1:3::1", "2001:db8:1:3::");
    }

    #[test]
    fn a_peer_that_left_is_forgotten() {
        let slots = Slots::new(Arc::default());
        let limits = Limits { max_connections: 3, max_connections_per_peer: 2, ..Limits::default() };
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|ip| ip.parse::<IpAddr>().unwrap());
        let held = [slots.take(one, &limits).unwrap(), slots.take(one, &limits).unwrap()];
        assert_eq!(slots.take(one, &limits).err(), Some(Count::RefusedPeer));
        let last = slots.take(other, &limits).unwrap();
        assert_eq!(slots.take(other, &limits).err(), Some(Count::RefusedFull));
        assert_eq!(slots.counters.open(), 3);
        drop((held, last));
        assert_eq!((slots.taken(), slots.lock().by_peer.len(), slots.counters.open()), (0, 0, 0));
    }
}
