//! Which dialogue takes what was said: the one whose button, command or word it is; else the one that waits for it; else the one
//! that understands it.
//!
//! What must never be here: what one dialogue is about.

use std::pin::Pin;

use dwellers::people::Permission;
use dwellers::texts::Language;
use serde_json::Value;

use super::memory::Conversation;
use super::talk::{At, Input, Keyboard, Screen};
use super::turn::{Stop, Turn, Turned};
use super::{applications, chats, gates, inline, joining, menu, passes, questions, second_factor, settings};

/// A dialogue waits so long for what they say next: a line of days later is meant for nothing that was asked then.
const WAITS_MS: u64 = 15 * 60_000;
/// Who joins looks for a letter, or goes home to take a photo.
const JOINS_MS: u64 = 24 * 3_600_000;

/// What a turn comes to.
pub type Taking<'a> = Pin<Box<dyn Future<Output = Turned> + Send + 'a>>;

/// A dialogue: what it is begun by, and what it does with what is said. A new one is a file, and a line in [`DIALOGUES`].
pub struct Dialogue {
    /// By which conversations name it; never changes.
    pub name: &'static str,
    /// Keys of the words of the menu that begin it.
    pub words: &'static [&'static str],
    /// Commands that begin it.
    pub commands: &'static [&'static str],
    /// Whether what waits is given up for one of them.
    pub interrupts: bool,
    /// Verbs of its buttons, as far as the dot.
    pub verbs: &'static [&'static str],
    /// Whether a link with this behind it leads here.
    pub starts: fn(&str) -> bool,
    /// Whether a text is meant for it that nobody waits for.
    pub understands: fn(&Turn, &str) -> bool,
    /// Takes a turn.
    pub take: for<'a> fn(&'a mut Turn) -> Taking<'a>,
}

impl Dialogue {
    /// One that nothing begins: a beginning for others.
    pub const NONE: Dialogue = Dialogue {
        name: "",
        words: &[],
        commands: &[],
        interrupts: true,
        verbs: &[],
        starts: |_| false,
        understands: |_, _| false,
        take: |_| Box::pin(async { Ok(()) }),
    };
}

/// All of them.
pub const DIALOGUES: &[Dialogue] = &[
    menu::DIALOGUE,
    joining::DIALOGUE,
    applications::DIALOGUE,
    passes::DIALOGUE,
    inline::DIALOGUE,
    gates::DIALOGUE,
    questions::DIALOGUE,
    chats::DIALOGUE,
    second_factor::DIALOGUE,
    settings::DIALOGUE,
];

fn find(is: impl Fn(&Dialogue) -> bool) -> Option<&'static Dialogue> {
    DIALOGUES.iter().find(|dialogue| is(dialogue))
}

/// Where the bot stands with somebody who says something at this moment: what it has waited for too long it waits for no more.
pub(super) fn lapsed(before: Conversation, now_ms: u64) -> Conversation {
    let waits_ms = if before.dialogue == joining::DIALOGUE.name { JOINS_MS } else { WAITS_MS };
    if now_ms.saturating_sub(before.at_ms) <= waits_ms {
        return before;
    }
    Conversation { dialogue: String::new(), step: Value::Null, ..before }
}

/// Takes a turn.
pub(super) async fn take(turn: &mut Turn) -> Turned {
    match &turn.heard.what {
        Input::Blocked => return turn.set_blocked(true).await,
        Input::Unblocked => return turn.set_blocked(false).await,
        Input::Typed { .. } | Input::Chosen { .. } => return of(turn, "inline").await,
        Input::Group { .. } => return of(turn, "chats").await,
        Input::Press { .. } => {
            let press = turn.pressed().ok_or(Stop::Say("bot-old-button"))?;
            let (verb, _) = press.parts();
            let dialogue =
                find(|dialogue| dialogue.verbs.contains(&verb)).ok_or(Stop::Say("bot-old-button"))?;
            return (dialogue.take)(turn).await;
        }
        Input::Start(payload) => {
            let dialogue = find(|dialogue| (dialogue.starts)(payload)).unwrap_or(&menu::DIALOGUE);
            turn.rest();
            return (dialogue.take)(turn).await;
        }
        Input::Command { name, .. } => {
            let dialogue = find(|dialogue| dialogue.commands.contains(&name.as_str()));
            let dialogue = dialogue.ok_or(Stop::Say("bot-unknown-command"))?;
            if dialogue.interrupts {
                turn.rest();
            }
            return (dialogue.take)(turn).await;
        }
        Input::Photo { album: Some(album), .. } if *album == turn.conversation.album => {
            // The others of an album: one of them was taken.
            return Ok(());
        }
        Input::Photo { album, .. } => turn.conversation.album = album.clone().unwrap_or_default(),
        _ => {}
    }
    // What stands under a picture is read where nobody waits for a picture.
    if let Input::Photo { caption, .. } = &turn.heard.what
        && turn.conversation.dialogue.is_empty()
        && find(|dialogue| (dialogue.understands)(turn, caption)).is_some()
    {
        let text = caption.clone();
        turn.heard.what = Input::Text { text, edited: false, at: At::default() };
    }
    if let Some(text) = turn.written()
        && let Some(dialogue) = find(|dialogue| dialogue.words.iter().any(|key| turn.is_word(key, text)))
    {
        turn.rest();
        return (dialogue.take)(turn).await;
    }
    let waits = turn.conversation.dialogue.clone();
    if let Some(dialogue) = find(|dialogue| !waits.is_empty() && dialogue.name == waits) {
        return (dialogue.take)(turn).await;
    }
    if let Some(text) = turn.written()
        && let Some(dialogue) = find(|dialogue| (dialogue.understands)(turn, text))
    {
        return (dialogue.take)(turn).await;
    }
    not_understood(turn).await
}

/// The dialogue of a name.
async fn of(turn: &mut Turn, name: &str) -> Turned {
    match find(|dialogue| dialogue.name == name) {
        Some(dialogue) => (dialogue.take)(turn).await,
        None => Ok(()),
    }
}

async fn not_understood(turn: &mut Turn) -> Turned {
    if turn.persons.is_empty()
        && let Some(joining) = find(|dialogue| dialogue.name == "joining")
    {
        return (joining.take)(turn).await;
    }
    let may_issue = turn.person().is_some_and(|person| person.may(Permission::IssuePass));
    let key = match &turn.heard.what {
        Input::Text { edited: true, .. } => "bot-edited",
        Input::Text { text, .. } if passes::is_a_pass(text) => "bot-pass-nowhere",
        Input::Photo { .. } => "bot-picture-of-what",
        Input::Other => "bot-cannot-hear",
        _ if may_issue => "bot-not-understood",
        _ => "bot-not-understood-here",
    };
    let (text, keyboard) = (turn.text(key, &[]), turn.menu());
    turn.say(Screen::text(text).keyboard(keyboard)).await.map(drop)
}

impl Turn {
    /// Whether a text is a word of the menu, in either language: an old keyboard may stand there still.
    pub fn is_word(&self, key: &str, text: &str) -> bool {
        let is = |language| self.bot.texts(language).get(key, &[]) == text.trim();
        is(Language::Ru) || is(Language::En)
    }

    async fn set_blocked(&mut self, blocked: bool) -> Turned {
        let (accounts, from, now) = (self.bot.accounts().clone(), self.heard.from.clone(), self.now);
        let set = move || {
            accounts.edit_messenger_user(from.messenger, from.user, |user| user.blocked = blocked, now)
        };
        match tokio::task::spawn_blocking(set).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(Stop::Broken(why.to_string())),
            Err(why) => Err(Stop::Broken(why.to_string())),
        }
    }

    /// Ends whatever waits, and says a text over the menu.
    ///
    /// # Errors
    /// The messenger does not take it.
    pub async fn back_to_menu(&mut self, text: String) -> Turned {
        self.rest();
        let keyboard: Keyboard = self.menu();
        self.say(Screen::text(text).keyboard(keyboard)).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_much_later_is_no_answer_any_more() {
        let waits = |dialogue: &str| Conversation {
            dialogue: dialogue.to_owned(),
            step: Value::Bool(true),
            language: "en".to_owned(),
            at_ms: 1_000,
            ..Conversation::default()
        };
        let rests = Conversation { dialogue: String::new(), step: Value::Null, ..waits("") };
        assert_eq!(lapsed(waits("applications"), 1_000 + WAITS_MS), waits("applications"));
        assert_eq!(lapsed(waits("applications"), 1_001 + WAITS_MS), rests);
        assert_eq!(lapsed(waits("joining"), 1_000 + JOINS_MS), waits("joining"));
        assert_eq!(lapsed(waits("joining"), 1_001 + JOINS_MS), rests);
        // Clocks of others may be behind.
        assert_eq!(lapsed(waits("gates"), 0), waits("gates"));
    }
}
