//! What it means that Telegram does not do something.
//!
//! Invariants: no word of it has the token; what may have been done is never said to be undone.
//!
//! What must never be here: what is done about it.

use std::error::Error;
use std::fmt::Write as _;

use teloxide::{ApiError, RequestError};

use crate::bot::talk::Undone;

/// When to come again, where Telegram does not say.
const AGAIN_MS: u64 = 5_000;

/// Why Telegram did not do something.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It hears too much, and wants so many milliseconds of quiet.
    TooMuch(u64),
    /// It is so already.
    Already,
    /// It is another message than it was thought to be: it has a picture, or none.
    Otherwise,
    /// All else.
    Undone(Undone),
}

impl From<Undone> for Failure {
    fn from(undone: Undone) -> Failure {
        Failure::Undone(undone)
    }
}

/// What an error means for something that may be `repeatable`: whoever does it twice has done it once.
pub(super) fn failure(error: &RequestError, repeatable: bool) -> Failure {
    let not_now = || Undone::NotNow { why: words(error), after_ms: AGAIN_MS };
    match error {
        RequestError::RetryAfter(seconds) => Failure::TooMuch(u64::from(seconds.seconds()) * 1_000),
        RequestError::MigrateToChatId(to) => Undone::Moved(to.0).into(),
        RequestError::Api(error) => refused(error),
        // The connection never came about: nothing was said.
        RequestError::Network(why) if repeatable || why.is_connect() => not_now().into(),
        RequestError::Network(why) if why.is_builder() => Undone::Never(words(error)).into(),
        RequestError::Network(_) => Undone::Unknown(words(error)).into(),
        // A page of somebody in between: Telegram itself has not heard of it.
        RequestError::InvalidJson { .. } => not_now().into(),
        RequestError::Io(_) => Undone::Never(words(error)).into(),
    }
}

/// The words of Telegram are all that it says: there is no number for each reason.
fn refused(error: &ApiError) -> Failure {
    let said = said(error);
    let words = said.to_lowercase();
    let has = |any: &[&str]| any.iter().any(|some| words.contains(some));
    if has(&["message is not modified", "user_already_participant"]) {
        return Failure::Already;
    }
    if has(&["there is no text in the message to edit", "there is no caption in the message to edit"]) {
        return Failure::Otherwise;
    }
    if has(BLOCKED) {
        return Undone::Blocked.into();
    }
    if has(MISSING) {
        return Undone::Missing(said).into();
    }
    if has(NOT_ALLOWED) || words.starts_with("forbidden") {
        return Undone::NotAllowed(said).into();
    }
    if has(NOT_NOW) || matches!(error, ApiError::InvalidToken) {
        return Undone::NotNow { why: said, after_ms: AGAIN_MS }.into();
    }
    Undone::Never(said).into()
}

const BLOCKED: &[&str] = &[
    "bot was blocked by the user",
    "user is deactivated",
    "bot can't initiate conversation with a user",
    "bot can't send messages to bots",
    "bot can't send messages to the user",
];
const MISSING: &[&str] = &[
    "chat not found",
    "user not found",
    "member not found",
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message can't be deleted",
    "message_id_invalid",
    "query is too old",
    "query id is invalid",
    "query_id_invalid",
    "invite_hash",
    "hide_requester_missing",
    "group is deactivated",
    "group chat was deleted",
    "group chat was deactivated",
    "bot was kicked",
    "bot is not a member",
    "peer_id_invalid",
    "user_id_invalid",
    "participant_id_invalid",
    "user_not_participant",
    "wrong file",
    "wrong remote file",
    "invalid file id",
    "temporarily unavailable",
];
const NOT_ALLOWED: &[&str] = &[
    "not enough rights",
    "need administrator rights",
    "administrator rights",
    "chat_admin_required",
    "chat_write_forbidden",
    "have no rights",
    "can't remove chat owner",
    "user is an administrator of the chat",
    "user_admin_invalid",
    "can't restrict self",
    "is available only for supergroup",
    "is available for supergroup",
];
const NOT_NOW: &[&str] = &[
    "bad gateway",
    "internal server error",
    "gateway timeout",
    "service unavailable",
    "conflict",
    "restart",
];

/// What Telegram says in an error.
fn said(error: &ApiError) -> String {
    match error {
        ApiError::Unknown(said) => said.clone(),
        known => known.to_string(),
    }
}

/// An error in words. What reqwest says of itself names the address, and the token is in that: what is behind it is told alone.
pub(super) fn words(error: &RequestError) -> String {
    match error {
        RequestError::Api(error) => said(error),
        RequestError::Network(why) => network(why.as_ref(), why.is_timeout()),
        RequestError::InvalidJson { source, .. } => format!("an answer that is none of Telegram's: {source}"),
        RequestError::RetryAfter(seconds) => format!("it wants {} s of quiet", seconds.seconds()),
        RequestError::MigrateToChatId(to) => format!("the group is {to} now"),
        RequestError::Io(why) => why.to_string(),
    }
}

/// A failure of the network in words, from behind what names the address.
pub(super) fn network(why: &dyn Error, is_timeout: bool) -> String {
    let mut said = String::from(if is_timeout { "no answer in time" } else { "not reached" });
    let mut next = why.source();
    while let Some(why) = next {
        // A String takes everything.
        let _ = write!(said, ": {why}");
        next = why.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use teloxide::types::{ChatId, Seconds};

    use super::*;

    fn meaning(said: &str) -> Failure {
        let error: ApiError = serde_json::from_value(serde_json::json!(said)).unwrap();
        failure(&RequestError::Api(error), false)
    }

    #[test]
    fn what_telegram_says_has_a_meaning() {
        for blocked in [
            "Forbidden: bot was blocked by the user",
            "Forbidden: user is deactivated",
            "Forbidden: bot can't initiate conversation with a user",
        ] {
            assert_eq!(meaning(blocked), Undone::Blocked.into());
        }
        for missing in [
            "Bad Request: chat not found",
            "Bad Request: message to edit not found",
            "Bad Request: message can't be edited",
            "Bad Request: MESSAGE_ID_INVALID",
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
            "Forbidden: bot was kicked from the supergroup chat",
            "Forbidden: bot is not a member of the group chat",
            "Forbidden: the group chat was deleted",
            "Bad Request: group chat was deactivated",
            "Bad Request: INVITE_HASH_EXPIRED",
            "Bad Request: HIDE_REQUESTER_MISSING",
        ] {
            assert_eq!(meaning(missing), Undone::Missing(missing.to_owned()).into());
        }
        for not_allowed in [
            "Bad Request: not enough rights to manage chat invite link",
            "Bad Request: CHAT_ADMIN_REQUIRED",
            "Forbidden: something new",
        ] {
            assert_eq!(meaning(not_allowed), Undone::NotAllowed(not_allowed.to_owned()).into());
        }
        assert!(matches!(meaning("Bad Gateway"), Failure::Undone(Undone::NotNow { .. })));
        assert!(matches!(meaning("Unauthorized"), Failure::Undone(Undone::NotNow { .. })));
        let too_long = "Bad Request: message is too long";
        assert_eq!(meaning(too_long), Undone::Never(too_long.to_owned()).into());
        let same = "Bad Request: message is not modified: specified new message content and reply markup are exactly the \
                    same as a current content and reply markup of the message";
        assert_eq!(meaning(same), Failure::Already);
        assert_eq!(meaning("Bad Request: there is no text in the message to edit"), Failure::Otherwise);
        let wait = RequestError::RetryAfter(Seconds::from_seconds(7));
        assert_eq!(failure(&wait, false), Failure::TooMuch(7_000));
        assert_eq!(failure(&RequestError::MigrateToChatId(ChatId(-5)), false), Undone::Moved(-5).into());
    }
}
