//! Groups of the messenger: who is in them, who lets whom in, and what happens there while nobody looks.

use dwellers_telegram::{Chat, Joining, Outage, Rights};

use super::{Hall, User};

impl Hall {
    /// The cloud ends, something happens, and it begins anew.
    pub(crate) fn restart_after(&mut self, meanwhile: impl FnOnce(&Hall)) {
        self.end();
        meanwhile(self);
        self.town.begin();
        self.adapt();
    }

    /// The messenger is not reached, or is again.
    pub(crate) fn is_away(&self, away: bool) {
        match away {
            true => self.telegram.outage(Outage::Refuse),
            false => self.telegram.recover(),
        }
    }
}

impl User<'_> {
    /// Puts the bot into a group; whoever does owns it, where nobody did.
    pub(crate) fn adds_bot(&self, group: &Chat, rights: Rights) {
        group.bot_added_by(&self.own, rights);
    }

    /// Somebody's group, from now on.
    pub(crate) fn owns(&self, group: &Chat) {
        group.owned_by(&self.own);
    }

    /// Others bring them in.
    pub(crate) fn is_brought_into(&self, group: &Chat) {
        group.has(&self.own);
    }

    pub(crate) fn makes_link(&self, group: &Chat, asks: bool) -> String {
        self.own.makes_link(group, asks)
    }

    pub(crate) fn joins(&self, link: &str) -> Joining {
        self.own.joins(link)
    }

    /// Asks to be let into a group that they found without a link.
    pub(crate) fn asks(&self, group: &Chat) -> Joining {
        self.own.asks(group)
    }

    pub(crate) fn leaves(&self, group: &Chat) {
        self.own.leaves(group);
    }

    pub(crate) fn is_in(&self, group: &Chat) -> bool {
        self.own.is_in(group)
    }
}
