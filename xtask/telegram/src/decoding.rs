//! Every request read by the types of another crate than the bot's, and written back to see what they did not know.
//!
//! Invariants: a method is served if and only if it stands in the table here.
//! What must never be here: limits, and what the description of the API says.

use frankenstein::methods as f;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A method that is served: as Telegram writes it, and what its arguments are read by.
pub(crate) struct Method {
    pub(crate) name: &'static str,
    read: fn(&Map<String, Value>) -> Vec<String>,
}

/// The served method of this name in any case.
pub(crate) fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name.eq_ignore_ascii_case(name))
}

impl Method {
    /// What the other crate has against these arguments.
    pub(crate) fn check(&self, arguments: &Map<String, Value>) -> Vec<String> {
        (self.read)(arguments)
    }
}

const METHODS: &[Method] = &[
    Method { name: "getMe", read: nothing },
    Method { name: "getWebhookInfo", read: nothing },
    Method { name: "getUpdates", read: read::<f::GetUpdatesParams> },
    Method { name: "setWebhook", read: read::<f::SetWebhookParams> },
    Method { name: "deleteWebhook", read: read::<f::DeleteWebhookParams> },
    Method { name: "sendMessage", read: read::<f::SendMessageParams> },
    Method { name: "sendPhoto", read: read::<f::SendPhotoParams> },
    Method { name: "sendDocument", read: read::<f::SendDocumentParams> },
    Method { name: "sendMediaGroup", read: read::<f::SendMediaGroupParams> },
    Method { name: "editMessageText", read: read::<f::EditMessageTextParams> },
    Method { name: "editMessageCaption", read: read::<f::EditMessageCaptionParams> },
    Method { name: "editMessageMedia", read: read::<f::EditMessageMediaParams> },
    Method { name: "editMessageReplyMarkup", read: read::<f::EditMessageReplyMarkupParams> },
    Method { name: "deleteMessage", read: read::<f::DeleteMessageParams> },
    Method { name: "deleteMessages", read: read::<f::DeleteMessagesParams> },
    Method { name: "answerCallbackQuery", read: read::<f::AnswerCallbackQueryParams> },
    Method { name: "answerInlineQuery", read: read::<f::AnswerInlineQueryParams> },
    Method { name: "sendChatAction", read: read::<f::SendChatActionParams> },
    Method { name: "getFile", read: read::<f::GetFileParams> },
    Method { name: "setMyCommands", read: read::<f::SetMyCommandsParams> },
    Method { name: "getMyCommands", read: read::<f::GetMyCommandsParams> },
    Method { name: "deleteMyCommands", read: read::<f::DeleteMyCommandsParams> },
    Method { name: "setChatMenuButton", read: read::<f::SetChatMenuButtonParams> },
    Method { name: "getChatMenuButton", read: read::<f::GetChatMenuButtonParams> },
    Method { name: "setMyDescription", read: read::<f::SetMyDescriptionParams> },
    Method { name: "getMyDescription", read: read::<f::GetMyDescriptionParams> },
    Method { name: "setMyShortDescription", read: read::<f::SetMyShortDescriptionParams> },
    Method { name: "getMyShortDescription", read: read::<f::GetMyShortDescriptionParams> },
    Method { name: "setMyName", read: read::<f::SetMyNameParams> },
    Method { name: "getMyName", read: read::<f::GetMyNameParams> },
    Method { name: "getChat", read: read::<f::GetChatParams> },
    Method { name: "getChatMember", read: read::<f::GetChatMemberParams> },
    Method { name: "getChatAdministrators", read: read::<f::GetChatAdministratorsParams> },
    Method { name: "getChatMemberCount", read: read::<f::GetChatMemberCountParams> },
    Method { name: "createChatInviteLink", read: read::<f::CreateChatInviteLinkParams> },
    Method { name: "editChatInviteLink", read: read::<f::EditChatInviteLinkParams> },
    Method { name: "revokeChatInviteLink", read: read::<f::RevokeChatInviteLinkParams> },
    Method { name: "exportChatInviteLink", read: read::<f::ExportChatInviteLinkParams> },
    Method { name: "approveChatJoinRequest", read: read::<f::ApproveChatJoinRequestParams> },
    Method { name: "declineChatJoinRequest", read: read::<f::DeclineChatJoinRequestParams> },
    Method { name: "banChatMember", read: read::<f::BanChatMemberParams> },
    Method { name: "unbanChatMember", read: read::<f::UnbanChatMemberParams> },
    Method { name: "restrictChatMember", read: read::<f::RestrictChatMemberParams> },
    Method { name: "leaveChat", read: read::<f::LeaveChatParams> },
    Method { name: "pinChatMessage", read: read::<f::PinChatMessageParams> },
    Method { name: "unpinChatMessage", read: read::<f::UnpinChatMessageParams> },
    Method { name: "savePreparedInlineMessage", read: read::<f::SavePreparedInlineMessageParams> },
    Method { name: "answerWebAppQuery", read: read::<f::AnswerWebAppQueryParams> },
];

fn nothing(arguments: &Map<String, Value>) -> Vec<String> {
    arguments.keys().map(|name| format!("`{name}`, where there are no arguments")).collect()
}

fn read<T: DeserializeOwned + Serialize>(arguments: &Map<String, Value>) -> Vec<String> {
    let given = Value::Object(arguments.clone());
    let read: T = match serde_json::from_value(given.clone()) {
        Ok(read) => read,
        Err(error) => return vec![format!("other types cannot read it: {error}")],
    };
    let mut lost = Vec::new();
    match serde_json::to_value(read) {
        Ok(written) => compare(&given, &written, "", &mut lost),
        Err(error) => lost.push(format!("other types cannot write it: {error}")),
    }
    lost
}

/// What was given and is not there any more once other types have read it.
fn compare(given: &Value, written: &Value, path: &str, lost: &mut Vec<String>) {
    match (given, written) {
        (Value::Object(given), Value::Object(written)) => {
            for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
                let path = format!("{path}.{name}");
                match written.get(name) {
                    Some(other) => compare(value, other, &path, lost),
                    None => {
                        lost.push(format!("`{}` is unknown to other types", path.trim_start_matches('.')));
                    }
                }
            }
        }
        (Value::Array(given), Value::Array(written)) if given.len() == written.len() => {
            for (at, (value, other)) in given.iter().zip(written).enumerate() {
                compare(value, other, &format!("{path}[{at}]"), lost);
            }
        }
        (Value::Number(given), Value::Number(written)) if given.as_f64() == written.as_f64() => {}
        _ if given == written => {}
        _ => lost.push(format!("`{}` reads as {written}, not {given}", path.trim_start_matches('.'))),
    }
}
