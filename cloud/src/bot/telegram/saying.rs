//! Does in Telegram what the bot wants done.
//!
//! What must never be here: when; how often.

use futures_util::TryStreamExt;
use teloxide::net::Download;
use teloxide::payloads::{
    AnswerCallbackQuerySetters, AnswerInlineQuerySetters, CreateChatInviteLinkSetters,
    EditMessageCaptionSetters, EditMessageMediaSetters, EditMessageTextInlineSetters, EditMessageTextSetters,
    SendMessageSetters, SendPhotoSetters, UnbanChatMemberSetters,
};
use teloxide::requests::{HasPayload, Requester};
use teloxide::types::{
    CallbackQueryId, ChatId, FileId, InlineKeyboardMarkup, InlineQueryId, InputFile, InputMedia,
    InputMediaPhoto, Message, MessageId, UserId,
};
use teloxide::{Bot as Api, RequestError};

use super::failing::{Failure, failure, network};
use super::hearing::rights;
use super::pace::Counted;
use super::wording::{ANSWER, CAPTION, LINK_NAME, TEXT, cut, keys, markup, no_preview, offers};
use crate::bot::talk::{At, Done, Output, Rights, Screen, Undone};
use crate::pictures;

/// What a bot may fetch is no larger; pictures may be less.
const MAX_FETCHED: usize = if pictures::MAX_BYTES < 20 << 20 { pictures::MAX_BYTES } else { 20 << 20 };
/// Answers to what is typed are made for whoever types it, at that moment.
const NOT_KEPT: u32 = 0;

/// As what Telegram counts something, and in which chat.
pub(super) fn counted(output: &Output) -> Counted {
    match output {
        Output::Say { chat, .. } | Output::Edit { at: At { chat, .. }, .. } => Counted::Message(*chat),
        // In a chat that the bot does not know: they are counted together.
        Output::EditOffered { .. } => Counted::Message(0),
        Output::Invite { chat, .. }
        | Output::Uninvite { chat, .. }
        | Output::Admit { chat, .. }
        | Output::Remove { chat, .. }
        | Output::IsIn { chat, .. }
        | Output::Standing(chat)
        | Output::Leave(chat) => Counted::Deed(*chat),
        Output::Delete(_) | Output::Answer { .. } | Output::Offer { .. } | Output::Fetch(_) => {
            Counted::Nowhere
        }
    }
}

/// Whether somebody looks at a circle that turns until this is done.
pub(super) fn is_answer(output: &Output) -> bool {
    matches!(output, Output::Answer { .. } | Output::Offer { .. })
}

/// Whether whoever does it twice has done it once.
fn is_repeatable(output: &Output) -> bool {
    !matches!(output, Output::Say { .. } | Output::Invite { .. })
}

/// Does it. `me` is the bot's own number.
pub(super) async fn put(api: &Api, me: UserId, output: &Output) -> Result<Done, Failure> {
    let done = match output {
        Output::Say { chat, screen } => return say(api, *chat, screen).await,
        Output::Edit { at, screen } => edit(api, *at, screen).await,
        Output::Fetch(file) => return fetch(api, file).await,
        Output::Standing(chat) => return standing(api, ChatId(*chat), me).await,
        Output::IsIn { chat, user } => return is_in(api, ChatId(*chat), id(*user)).await,
        Output::Invite { chat, name, until_ms, asks } => {
            return invite(api, *chat, name, *until_ms, *asks).await;
        }
        Output::Remove { chat, user } => return remove(api, ChatId(*chat), id(*user)).await,
        Output::Delete(At { chat, message }) => {
            tried(api.delete_message(ChatId(*chat), number(*message)?).await)
        }
        Output::Answer { query, text, alert } => {
            let answer = api.answer_callback_query(CallbackQueryId(query.clone())).show_alert(*alert);
            let text = cut(text, ANSWER);
            tried(if text.is_empty() { answer.await } else { answer.text(text).await })
        }
        Output::Offer { query, offers: some } => {
            let answer = api.answer_inline_query(InlineQueryId(query.clone()), offers(some));
            tried(answer.cache_time(NOT_KEPT).is_personal(true).await)
        }
        Output::EditOffered { message, screen } => {
            let edit = api.edit_message_text_inline(message, cut(&screen.text, TEXT));
            tried(match keys(screen, 0) {
                Some(keys) => edit.reply_markup(keys).await,
                None => edit.await,
            })
        }
        Output::Uninvite { chat, link } => tried(api.revoke_chat_invite_link(ChatId(*chat), link).await),
        Output::Admit { chat, user, yes: true } => {
            tried(api.approve_chat_join_request(ChatId(*chat), id(*user)).await)
        }
        Output::Admit { chat, user, yes: false } => {
            tried(api.decline_chat_join_request(ChatId(*chat), id(*user)).await)
        }
        Output::Leave(chat) => tried(api.leave_chat(ChatId(*chat)).await),
    };
    match done.map_err(|why| failure(&why, is_repeatable(output))) {
        Ok(()) | Err(Failure::Already) => Ok(Done::Done),
        Err(why) => Err(why),
    }
}

fn tried<T>(tried: Result<T, RequestError>) -> Result<(), RequestError> {
    tried.map(drop)
}

fn id(user: i64) -> UserId {
    UserId(user.unsigned_abs())
}

fn number(message: i64) -> Result<MessageId, Undone> {
    i32::try_from(message).map(MessageId).map_err(|_| Undone::Missing(format!("message {message}")))
}

fn picture(jpeg: &[u8]) -> InputFile {
    InputFile::memory(jpeg.to_vec()).file_name("picture.jpg")
}

async fn say(api: &Api, chat: i64, screen: &Screen) -> Result<Done, Failure> {
    let under = markup(screen, chat);
    let said = match &screen.picture {
        Some(jpeg) => {
            let mut photo = api.send_photo(ChatId(chat), picture(jpeg)).disable_notification(screen.silent);
            photo.payload_mut().caption =
                Some(cut(&screen.text, CAPTION)).filter(|caption| !caption.is_empty());
            photo.payload_mut().reply_markup = under;
            photo.await
        }
        None => {
            let message = api.send_message(ChatId(chat), cut(&screen.text, TEXT));
            let mut message = message.disable_notification(screen.silent).link_preview_options(no_preview());
            message.payload_mut().reply_markup = under;
            message.await
        }
    };
    let Message { id, chat, .. } = said.map_err(|why| failure(&why, false))?;
    Ok(Done::Said(At { chat: chat.id.0, message: i64::from(id.0) }))
}

/// A message without a picture has a text, one with a picture has a caption: which one it is, Telegram says.
async fn edit(api: &Api, at: At, screen: &Screen) -> Result<(), RequestError> {
    let Ok(message) = number(at.message) else {
        return Err(RequestError::Api(teloxide::ApiError::MessageToEditNotFound));
    };
    let (chat, keys) = (ChatId(at.chat), keys(screen, at.chat));
    if let Some(jpeg) = &screen.picture {
        let media = InputMediaPhoto::new(picture(jpeg)).caption(cut(&screen.text, CAPTION));
        let edit = api.edit_message_media(chat, message, InputMedia::Photo(media));
        return tried(match keys {
            Some(keys) => edit.reply_markup(keys).await,
            None => edit.await,
        });
    }
    match edit_text(api, chat, message, screen, keys.clone()).await {
        Err(why) if failure(&why, true) == Failure::Otherwise => {
            let edit = api.edit_message_caption(chat, message).caption(cut(&screen.text, CAPTION));
            tried(match keys {
                Some(keys) => edit.reply_markup(keys).await,
                None => edit.await,
            })
        }
        edited => edited,
    }
}

async fn edit_text(
    api: &Api,
    chat: ChatId,
    message: MessageId,
    screen: &Screen,
    keys: Option<InlineKeyboardMarkup>,
) -> Result<(), RequestError> {
    let edit =
        api.edit_message_text(chat, message, cut(&screen.text, TEXT)).link_preview_options(no_preview());
    tried(match keys {
        Some(keys) => edit.reply_markup(keys).await,
        None => edit.await,
    })
}

/// The bytes of a file. Telegram says how large it is, and is not believed.
async fn fetch(api: &Api, file: &str) -> Result<Done, Failure> {
    let too_large = || Undone::Never(format!("the file is larger than {} MiB", MAX_FETCHED >> 20));
    let file = match api.get_file(FileId(file.to_owned())).await.map_err(|why| failure(&why, true)) {
        Ok(file) => file,
        Err(Failure::Undone(Undone::Never(why))) if why.contains("too big") => return Err(too_large().into()),
        Err(Failure::Undone(Undone::Never(why))) => return Err(Undone::Missing(why).into()),
        Err(why) => return Err(why),
    };
    if file.meta.size < u32::MAX && usize::try_from(file.meta.size).is_ok_and(|size| size > MAX_FETCHED) {
        return Err(too_large().into());
    }
    let mut bytes = Vec::new();
    let mut coming = api.download_file_stream(&file.path);
    loop {
        match coming.try_next().await {
            Ok(None) => return Ok(Done::File(bytes)),
            Ok(Some(some)) if bytes.len() + some.len() > MAX_FETCHED => return Err(too_large().into()),
            Ok(Some(some)) => bytes.extend_from_slice(&some),
            Err(why) if why.status().is_some_and(|status| status.is_client_error()) => {
                return Err(Undone::Missing("the file".to_owned()).into());
            }
            Err(why) => {
                let why = network(&why, why.is_timeout());
                return Err(Undone::NotNow { why, after_ms: 0 }.into());
            }
        }
    }
}

async fn standing(api: &Api, chat: ChatId, me: UserId) -> Result<Done, Failure> {
    match api.get_chat_member(chat, me).await.map_err(|why| failure(&why, true)) {
        Ok(member) => Ok(Done::Standing(rights(&member.kind))),
        // Telegram has not even heard of it there: it may do nothing.
        Err(Failure::Undone(Undone::Missing(why))) if is_nobody(&why) => {
            Ok(Done::Standing(Rights::default()))
        }
        Err(why) => Err(why),
    }
}

async fn is_in(api: &Api, chat: ChatId, user: UserId) -> Result<Done, Failure> {
    match api.get_chat_member(chat, user).await.map_err(|why| failure(&why, true)) {
        Ok(member) => Ok(Done::Is(member.kind.is_present())),
        // Telegram has not even heard of them there.
        Err(Failure::Undone(Undone::Missing(why) | Undone::Never(why))) if is_nobody(&why) => {
            Ok(Done::Is(false))
        }
        Err(why) => Err(why),
    }
}

/// What Telegram says of users of whom it has not heard.
const NOBODY: &[&str] = &[
    "user not found",
    "member not found",
    "participant_id_invalid",
    "user_not_participant",
    "user_id_invalid",
    "invalid user_id",
];

fn is_nobody(why: &str) -> bool {
    let why = why.to_lowercase();
    NOBODY.iter().any(|nobody| why.contains(nobody))
}

async fn invite(api: &Api, chat: i64, name: &str, until_ms: u64, asks: bool) -> Result<Done, Failure> {
    let name: String = name.chars().take(LINK_NAME).collect();
    let mut link = api.create_chat_invite_link(ChatId(chat)).name(name);
    let until = i64::try_from(until_ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    link.payload_mut().expire_date = until.and_then(|until| until.to_string().parse().ok());
    // Who has to be let in is not counted, and who is counted has not to be let in: Telegram takes one of the two.
    let made = if asks { link.creates_join_request(true).await } else { link.member_limit(1).await };
    let made = made.map_err(|why| failure(&why, false))?;
    Ok(Done::Link(made.invite_link))
}

/// Out, and free to come back: in a supergroup who is put out is banned until that is taken back.
async fn remove(api: &Api, chat: ChatId, user: UserId) -> Result<Done, Failure> {
    api.ban_chat_member(chat, user).await.map_err(|why| failure(&why, true))?;
    match api.unban_chat_member(chat, user).only_if_banned(true).await.map_err(|why| failure(&why, true)) {
        // A plain group knows no bans.
        Ok(_) | Err(Failure::Undone(Undone::NotAllowed(_) | Undone::Never(_))) => Ok(Done::Done),
        Err(why) => Err(why),
    }
}
