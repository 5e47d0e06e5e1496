//! The menu: the words that stand in the place of the keyboard, and what is said where nothing else is meant.
//!
//! What must never be here: what the words lead to.

use dwellers::people::Permission;

use super::dialogue::{Dialogue, Taking};
use super::joining;
use super::talk::{Input, Keyboard, Press, Screen};
use super::turn::{Turn, Turned};

/// `/start`, `/menu`, `/help`, `/cancel`; buttons of its verb cancel, those of a community begin there.
pub const DIALOGUE: Dialogue = Dialogue {
    name: "menu",
    words: &["bot-word-cancel"],
    commands: &["menu", "help", "cancel"],
    verbs: &["menu"],
    starts: |payload| payload.is_empty(),
    take,
    ..Dialogue::NONE
};

/// The words, row by row: those that lead somewhere for whoever it is.
pub(super) fn keyboard(turn: &Turn) -> Keyboard {
    let Some(person) = turn.person() else { return Keyboard::None };
    let word = |may: bool, key: &str| may.then(|| turn.text(key, &[]));
    let passes = person.may(Permission::IssuePass);
    let rows = [
        vec![
            word(passes, "bot-word-pass"),
            word(person.may(Permission::OpenGates) || person.may(Permission::OpenAnyGate), "bot-word-gates"),
        ],
        vec![
            word(passes, "bot-word-passes"),
            word(person.may(Permission::DecideApplications), "bot-word-applications"),
        ],
        vec![word(true, "bot-word-settings")],
    ];
    let rows = rows.into_iter().map(|row| row.into_iter().flatten().collect::<Vec<_>>());
    Keyboard::Words(rows.filter(|row| !row.is_empty()).collect())
}

fn take(turn: &mut Turn) -> Taking<'_> {
    Box::pin(async move { greet(turn).await })
}

async fn greet(turn: &mut Turn) -> Turned {
    turn.rest();
    let Some(person) = turn.person().cloned() else {
        return joining::welcome(turn).await;
    };
    if is_cancelled(turn) {
        let cancelled = turn.text("bot-cancelled", &[]);
        if turn.under().is_some() {
            // What was asked there is over; the keyboard may be that of what was asked.
            turn.show(Screen::text(cancelled.clone())).await?;
        }
        return turn.back_to_menu(cancelled).await;
    }
    let is_help = matches!(&turn.heard.what, Input::Command { name, .. } if name == "help");
    let key = match (is_help, person.may(Permission::IssuePass)) {
        (true, true) => "bot-help",
        (true, false) => "bot-help-here",
        (false, true) => "bot-welcome",
        (false, false) => "bot-welcome-here",
    };
    let words = [("name", person.name.as_str().into()), ("community", person.community_name.as_str().into())];
    let text = turn.text(key, &words);
    turn.back_to_menu(text).await
}

/// Whether they want no more of what was begun.
fn is_cancelled(turn: &Turn) -> bool {
    match &turn.heard.what {
        Input::Command { name, .. } => name == "cancel",
        Input::Text { text, .. } => turn.is_word("bot-word-cancel", text),
        Input::Press { .. } => turn.pressed() == Some(Press::verb("menu")),
        _ => false,
    }
}
