//! Chats, who is in them with which rights, and the links and requests by which people get in.
//!
//! Invariants: a link's place is free again when whoever came by it leaves, as in Telegram; a link that asks for
//! approval has no number of places.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Message, Post, World};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Private,
    Group,
    Supergroup,
}

/// What the bot may do in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Whether it is an administrator at all; without that the others are nothing.
    pub administrator: bool,
    /// Make links and decide on requests to join.
    pub invite: bool,
    /// Remove and restrict people.
    pub restrict: bool,
    /// Delete messages of others.
    pub delete: bool,
    /// Pin messages.
    pub pin: bool,
}

impl Rights {
    /// An ordinary member.
    pub const MEMBER: Self =
        Self { administrator: false, invite: false, restrict: false, delete: false, pin: false };
    /// An administrator with all that a bot needs.
    pub const ALL: Self = Self { administrator: true, invite: true, restrict: true, delete: true, pin: true };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Owner,
    Administrator(Rights),
    Member,
    /// Present, and may write or not.
    Restricted {
        writes: bool,
    },
    Left,
    Kicked,
}

impl Status {
    pub(crate) fn is_present(self) -> bool {
        !matches!(self, Self::Left | Self::Kicked)
    }

    pub(crate) fn is_administrator(self) -> bool {
        matches!(self, Self::Owner | Self::Administrator(_))
    }
}

/// Somebody's place in a chat, also of those who are gone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) status: Status,
    /// Until when they are kept out or restricted; 0 is for ever.
    pub(crate) until: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct InviteLink {
    pub(crate) link: String,
    pub(crate) creator: i64,
    pub(crate) name: Option<String>,
    pub(crate) expires: Option<i64>,
    pub(crate) places: Option<usize>,
    pub(crate) asks: bool,
    pub(crate) revoked: bool,
    pub(crate) primary: bool,
    /// Who came by it and has not left.
    pub(crate) came: BTreeSet<i64>,
}

#[derive(Debug)]
pub(crate) struct Chat {
    pub(crate) id: i64,
    pub(crate) kind: Kind,
    pub(crate) title: String,
    pub(crate) members: BTreeMap<i64, Member>,
    pub(crate) posts: BTreeMap<i32, Post>,
    pub(crate) last: i32,
    pub(crate) pinned: Vec<i32>,
    pub(crate) links: Vec<InviteLink>,
    /// Who waits to be let in, and by which link; by none where they found it themselves.
    pub(crate) requests: BTreeMap<i64, Option<String>>,
    pub(crate) takes_no_requests: bool,
    pub(crate) deleted: bool,
    /// Whom the bot put out, in order.
    pub(crate) put_out: Vec<i64>,
    pub(crate) migrated_to: Option<i64>,
    /// The keyboard that replaces the letters, in a private chat.
    pub(crate) keyboard: Option<Value>,
    /// What the bot wrote, as it was each time, and whether somebody waited for it and got it.
    pub(crate) heard: Vec<(Message, bool)>,
    /// The last thing that the bot seemed to be doing.
    pub(crate) action: Option<String>,
}

impl Chat {
    pub(crate) fn new(id: i64, kind: Kind, title: &str) -> Self {
        Self {
            id,
            kind,
            title: title.to_owned(),
            members: BTreeMap::new(),
            posts: BTreeMap::new(),
            last: 0,
            pinned: Vec::new(),
            links: Vec::new(),
            requests: BTreeMap::new(),
            takes_no_requests: false,
            deleted: false,
            put_out: Vec::new(),
            migrated_to: None,
            keyboard: None,
            heard: Vec::new(),
            action: None,
        }
    }

    pub(crate) fn member(&self, id: i64) -> Option<Member> {
        self.members.get(&id).copied()
    }

    pub(crate) fn status(&self, id: i64) -> Status {
        self.member(id).map_or(Status::Left, |member| member.status)
    }

    /// What the bot may do here, be it as an administrator.
    pub(crate) fn rights(&self, id: i64) -> Rights {
        match self.status(id) {
            Status::Owner => Rights::ALL,
            Status::Administrator(rights) => rights,
            _ => Rights::MEMBER,
        }
    }
}

/// How somebody's attempt to get in ended.
pub(crate) enum Entered {
    Joined,
    Requested,
    Refused(&'static str),
}

impl World {
    /// `ChatMember`.
    pub(crate) fn member_json(&self, chat: i64, id: i64) -> Value {
        let member = self.chat(chat).member(id).unwrap_or(Member { status: Status::Left, until: 0 });
        let mut json = Map::new();
        json.insert("user".to_owned(), self.user_json(id));
        let mut set = |name: &str, value: Value| {
            json.insert(name.to_owned(), value);
        };
        match member.status {
            Status::Owner => {
                set("status", json!("creator"));
                set("is_anonymous", json!(false));
            }
            Status::Administrator(rights) => {
                set("status", json!("administrator"));
                set("can_manage_chat", json!(true));
                for (name, can) in [
                    ("can_invite_users", rights.invite),
                    ("can_restrict_members", rights.restrict),
                    ("can_delete_messages", rights.delete),
                    ("can_pin_messages", rights.pin),
                ] {
                    set(name, json!(can));
                }
                for name in [
                    "can_be_edited",
                    "is_anonymous",
                    "can_manage_video_chats",
                    "can_promote_members",
                    "can_change_info",
                    "can_post_stories",
                    "can_edit_stories",
                    "can_delete_stories",
                ] {
                    set(name, json!(false));
                }
            }
            Status::Member => set("status", json!("member")),
            Status::Restricted { writes } => {
                set("status", json!("restricted"));
                set("is_member", json!(true));
                set("until_date", json!(member.until));
                for name in PERMISSIONS {
                    set(name, json!(writes && name.starts_with("can_send")));
                }
            }
            Status::Left => set("status", json!("left")),
            Status::Kicked => {
                set("status", json!("kicked"));
                set("until_date", json!(member.until));
            }
        }
        Value::Object(json)
    }

    /// Changes somebody's place, and tells the bot what Telegram would: of itself always, of others where it is an
    /// administrator.
    pub(crate) fn set_status(
        &mut self,
        chat: i64,
        id: i64,
        by: i64,
        status: Status,
        until: i64,
        link: Option<&str>,
    ) {
        let old = self.member_json(chat, id);
        let was = self.chat(chat).status(id);
        self.chat_mut(chat).members.insert(id, Member { status, until });
        if !status.is_present() {
            for link in &mut self.chat_mut(chat).links {
                link.came.remove(&id);
            }
        }
        if was == status {
            return;
        }
        let mut update = json!({
            "chat": self.chat_json(chat),
            "from": self.user_json(by),
            "date": self.now,
            "old_chat_member": old,
            "new_chat_member": self.member_json(chat, id),
        });
        if let Some(link) = link {
            let asks = self.chat(chat).links.iter().any(|each| each.link == link && each.asks);
            update["invite_link"] = self.link_json(chat, link);
            if asks {
                update["via_join_request"] = Value::Bool(true);
            }
        }
        if id == self.bot.id {
            self.tell("my_chat_member", update);
        } else if self.chat(chat).status(self.bot.id).is_administrator() {
            self.tell("chat_member", update);
        }
    }

    /// A line that Telegram itself writes into a chat.
    pub(crate) fn service(&mut self, chat: i64, from: i64, name: &str, what: Value) {
        let mut body = Map::new();
        body.insert(name.to_owned(), what);
        let id = self.post(chat, Post::new(from, body));
        self.tell_message(chat, id);
    }

    /// `ChatInviteLink`.
    pub(crate) fn link_json(&self, chat: i64, link: &str) -> Value {
        let chat = self.chat(chat);
        let Some(found) = chat.links.iter().find(|each| each.link == link) else {
            return Value::Null;
        };
        // "If the link was created by another chat administrator, then the second part of the link will be replaced with
        // “…”."
        let shown = match found.creator == self.bot.id {
            true => found.link.clone(),
            false => found.link.chars().take(found.link.len() - 8).chain(['…']).collect(),
        };
        let mut json = json!({
            "invite_link": shown,
            "creator": self.user_json(found.creator),
            "creates_join_request": found.asks,
            "is_primary": found.primary,
            "is_revoked": found.revoked,
        });
        if let Some(name) = &found.name {
            json["name"] = Value::from(name.clone());
        }
        if let Some(expires) = found.expires {
            json["expire_date"] = Value::from(expires);
        }
        if let Some(places) = found.places {
            json["member_limit"] = Value::from(places);
        }
        let waiting = chat.requests.values().filter(|each| each.as_deref() == Some(link)).count();
        if waiting > 0 {
            json["pending_join_request_count"] = Value::from(waiting);
        }
        json
    }

    /// Somebody opens an invite link.
    pub(crate) fn open_link(&mut self, person: i64, link: &str) -> Entered {
        let found = self.chats.values().find_map(|chat| {
            chat.links.iter().find(|each| each.link == link).map(|link| (chat.id, link.clone()))
        });
        let Some((chat, found)) = found else {
            return Entered::Refused("INVITE_HASH_INVALID");
        };
        if let Some(why) = self.keeps_out(chat, person) {
            return Entered::Refused(why);
        } else if found.revoked || found.expires.is_some_and(|at| at <= self.now) {
            return Entered::Refused("INVITE_HASH_EXPIRED");
        } else if found.places.is_some_and(|places| found.came.len() >= places) {
            return Entered::Refused("USERS_TOO_MUCH");
        }
        if !found.asks {
            self.enter(chat, person, person, Some(link));
            return Entered::Joined;
        }
        self.request(chat, person, Some(link))
    }

    /// Somebody asks to be let into a group that they found without a link.
    pub(crate) fn ask_in(&mut self, person: i64, chat: i64) -> Entered {
        match self.keeps_out(chat, person) {
            Some(why) => Entered::Refused(why),
            None if self.chat(chat).takes_no_requests => Entered::Refused("CHANNEL_PRIVATE"),
            None => self.request(chat, person, None),
        }
    }

    /// Why somebody cannot come in, by whichever way.
    fn keeps_out(&self, chat: i64, person: i64) -> Option<&'static str> {
        let member = self.chat(chat).member(person)?;
        let kept_out = member.status == Status::Kicked && (member.until == 0 || member.until > self.now);
        match member.status.is_present() {
            true => Some("USER_ALREADY_PARTICIPANT"),
            false => kept_out.then_some("USER_BANNED_IN_CHANNEL"),
        }
    }

    fn request(&mut self, chat: i64, person: i64, link: Option<&str>) -> Entered {
        self.chat_mut(chat).requests.insert(person, link.map(str::to_owned));
        if self.chat(chat).rights(self.bot.id).invite {
            // Five minutes: `user_chat_id` of ChatJoinRequest.
            let until = self.now + 300;
            self.person_mut(person).writable_until = until;
            let mut request = json!({
                "chat": self.chat_json(chat),
                "from": self.user_json(person),
                "user_chat_id": person,
                "date": self.now,
            });
            if let Some(link) = link {
                request["invite_link"] = self.link_json(chat, link);
            }
            self.tell("chat_join_request", request);
        }
        Entered::Requested
    }

    /// Somebody is in now: by a link, or by another's hand.
    pub(crate) fn enter(&mut self, chat: i64, person: i64, by: i64, link: Option<&str>) {
        if let Some(link) = link
            && let Some(link) = self.chat_mut(chat).links.iter_mut().find(|each| each.link == link)
        {
            link.came.insert(person);
        }
        self.chat_mut(chat).requests.remove(&person);
        self.set_status(chat, person, by, Status::Member, 0, link);
        let new = json!([self.user_json(person)]);
        self.service(chat, person, "new_chat_members", new);
    }

    /// Somebody goes, or is made to.
    pub(crate) fn leave(&mut self, chat: i64, person: i64, by: i64, status: Status, until: i64) {
        let was = self.chat(chat).status(person).is_present();
        self.set_status(chat, person, by, status, until, None);
        if was {
            if by == self.bot.id && person != by {
                self.chat_mut(chat).put_out.push(person);
            }
            let left = self.user_json(person);
            self.service(chat, by, "left_chat_member", left);
        }
    }

    /// A group becomes a supergroup: another chat with the same people, and both say so.
    pub(crate) fn migrate(&mut self, old: i64) -> i64 {
        let title = self.chat(old).title.clone();
        let new = self.add_group(&title, Kind::Supergroup);
        self.chat_mut(new).members = self.chat(old).members.clone();
        self.chat_mut(old).migrated_to = Some(new);
        let owner = self.owner(new);
        self.service(old, owner, "migrate_to_chat_id", Value::from(new));
        self.service(new, owner, "migrate_from_chat_id", Value::from(old));
        // The old chat's links lead nowhere afterwards.
        for link in &mut self.chat_mut(old).links {
            link.revoked = true;
        }
        new
    }

    /// Somebody owns a group; who did before is one of its administrators.
    pub(crate) fn give_away(&mut self, chat: i64, to: i64) {
        let members = self.chat(chat).members.iter();
        let before = members.filter(|(id, member)| member.status == Status::Owner && **id != to);
        for id in before.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.set_status(chat, id, to, Status::Administrator(Rights::ALL), 0, None);
        }
        self.set_status(chat, to, to, Status::Owner, 0, None);
    }

    /// A group is no more: nobody is in it, and no link leads there.
    pub(crate) fn delete_group(&mut self, chat: i64) {
        let chat = self.chat_mut(chat);
        chat.deleted = true;
        chat.members.clear();
        chat.requests.clear();
        chat.links.iter_mut().for_each(|link| link.revoked = true);
    }

    /// Who made the group, or else the bot itself where nobody is in it.
    pub(crate) fn owner(&self, chat: i64) -> i64 {
        let members = &self.chat(chat).members;
        members
            .iter()
            .find(|(_, member)| member.status == Status::Owner)
            .or_else(|| members.iter().find(|(_, member)| member.status.is_present()))
            .map_or(self.bot.id, |(id, _)| *id)
    }
}

/// What a restricted member may or may not.
const PERMISSIONS: &[&str] = &[
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
];
