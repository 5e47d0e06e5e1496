//! A group of Telegram, as a test sees it.
//!
//! Invariants: the handle goes with the group where it becomes a supergroup.

use std::sync::Arc;

use crate::double::Shared;
use crate::user::{User, hears, messages};
use crate::world::{Message, Rights, Status};

/// A group or supergroup. Clones are the same group.
#[derive(Clone)]
pub struct Chat {
    shared: Arc<Shared>,
    first: i64,
}

impl Chat {
    pub(crate) fn new(shared: Arc<Shared>, first: i64) -> Self {
        Self { shared, first }
    }

    /// The id that it had when it was made.
    #[must_use]
    pub fn first_id(&self) -> i64 {
        self.first
    }

    /// The id that it has now.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.shared.look(|world| world.now_called(self.first))
    }

    /// Somebody owns the group from now on. Who did before runs it still.
    pub fn owned_by(&self, user: &User) {
        let chat = self.id();
        self.shared.change(|world| world.give_away(chat, user.id()));
    }

    /// It takes no requests to join, and makes no links that ask for approval.
    pub fn takes_no_requests(&self) {
        let chat = self.id();
        self.shared.change(|world| world.chat_mut(chat).takes_no_requests = true);
    }

    /// Its owner deletes it. The bot is told nothing: it finds out by what it tries to do there.
    pub fn delete(&self) {
        let chat = self.id();
        self.shared.change(|world| world.delete_group(chat));
    }

    /// Somebody is in it from now on, without a link.
    pub fn has(&self, user: &User) {
        let chat = self.id();
        self.shared.change(|world| world.enter(chat, user.id(), user.id(), None));
    }

    /// Somebody puts the bot in, with these rights. Whoever does owns the group where nobody did.
    pub fn bot_added_by(&self, user: &User, rights: Rights) {
        let chat = self.id();
        self.shared.change(|world| {
            if !world.chat(chat).status(user.id()).is_present() {
                world.set_status(chat, user.id(), user.id(), Status::Owner, 0, None);
            }
            world.set_rights(chat, user.id(), rights);
        });
    }

    /// Changes what the bot may do.
    pub fn set_rights(&self, rights: Rights) {
        let chat = self.id();
        self.shared.change(|world| world.set_rights(chat, world.owner(chat), rights));
    }

    /// Puts the bot out.
    pub fn removes_bot(&self) {
        let chat = self.id();
        self.shared.change(|world| {
            let (owner, bot) = (world.owner(chat), world.bot.id);
            world.leave(chat, bot, owner, Status::Kicked, 0);
        });
    }

    /// Becomes a supergroup, with another id.
    pub fn migrate(&self) {
        let chat = self.id();
        self.shared.change(|world| world.migrate(chat));
    }

    /// Whether the bot is in it.
    #[must_use]
    pub fn has_bot(&self) -> bool {
        let id = self.id();
        self.shared.look(|world| world.chat(id).status(world.bot.id).is_present())
    }

    /// The ids of those who are in it, the bot among them.
    #[must_use]
    pub fn members(&self) -> Vec<i64> {
        let id = self.id();
        self.shared.look(|world| {
            let members = world.chat(id).members.iter();
            members.filter(|(_, member)| member.status.is_present()).map(|(id, _)| *id).collect()
        })
    }

    /// The ids of those whom the bot put out, in order.
    #[must_use]
    pub fn put_out(&self) -> Vec<i64> {
        let id = self.id();
        self.shared.look(|world| world.chat(id).put_out.clone())
    }

    /// The invite links that can still be used.
    #[must_use]
    pub fn links(&self) -> Vec<String> {
        let id = self.id();
        self.shared.look(|world| {
            let open = world.chat(id).links.iter().filter(|link| {
                !link.revoked
                    && link.expires.is_none_or(|at| at > world.now)
                    && link.places.is_none_or(|places| link.came.len() < places)
            });
            open.map(|link| link.link.clone()).collect()
        })
    }

    /// Whether a link was taken back, or leads nowhere any more: before its time was over, and whoever came by it.
    #[must_use]
    pub fn is_revoked(&self, link: &str) -> bool {
        self.shared.look(|world| {
            let mut links = world.chats.values().flat_map(|chat| &chat.links);
            links.any(|each| each.link == link && each.revoked)
        })
    }

    /// Those who wait to be let in.
    #[must_use]
    pub fn requests(&self) -> Vec<i64> {
        let id = self.id();
        self.shared.look(|world| world.chat(id).requests.keys().copied().collect())
    }

    /// All messages that are there now, as they are now; those that Telegram itself writes have no text.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        messages(&self.shared, self.id())
    }

    /// The pinned messages, the newest last.
    #[must_use]
    pub fn pinned(&self) -> Vec<i32> {
        let id = self.id();
        self.shared.look(|world| world.chat(id).pinned.clone())
    }

    /// Waits for a message of the bot, or an edit of one, that says this and was not heard before.
    ///
    /// # Panics
    /// Where there is none in time.
    pub async fn hears(&self, fragment: &str) -> Message {
        hears(&self.shared, self.id(), fragment).await
    }
}
