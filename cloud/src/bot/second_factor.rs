//! A code of the second factor, by a command: what was refused for want of one is pressed again after it.
//!
//! Invariants: what waits goes on waiting; the code is used up whether its message stays there or not.
//!
//! What must never be here: what asks for a code, and how long it is good.

use serde_json::json;

use super::dialogue::{Dialogue, Taking};
use super::gates;
use super::talk::Input;
use super::turn::{Turn, Turned};
use crate::api::inside::Request;

/// `/code`.
pub const DIALOGUE: Dialogue =
    Dialogue { name: "second-factor", commands: &["code"], interrupts: false, take, ..Dialogue::NONE };

fn take(turn: &mut Turn) -> Taking<'_> {
    Box::pin(async move { prove(turn).await })
}

async fn prove(turn: &mut Turn) -> Turned {
    let Input::Command { rest, .. } = turn.heard.what.clone() else { return Ok(()) };
    let code = rest.trim();
    if code.is_empty() {
        return turn.say_text("bot-code-how", &[]).await.map(drop);
    }
    let proof = Request::post("/account/second-factor/proof", &json!({ "code": code }));
    turn.ask::<()>(proof).await?;
    // A gate that waits for a code alone would take the next line for one.
    if turn.conversation.dialogue == gates::DIALOGUE.name {
        turn.rest();
    }
    turn.say_text("bot-code-right", &[]).await.map(drop)
}
