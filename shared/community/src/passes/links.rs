//! Links to passes: what a visitor is sent, to see when they are expected and which code they show.
//!
//! It stays in the cloud. A pass has one at a time, which ends with it.
//!
//! What must never be here: a secret in the clear; what a visitor is shown.

use dwellers_replica::{Entry, Index, Now, Query, Record, RecordId, Spec, View, Writes};
use serde::{Deserialize, Serialize};

use super::{Pass, State, state};
use crate::command::{Actor, Context, Denied, naming};
use crate::people::{Permission, may};

/// So many of the oldest are looked at when one is made, so that they do not pile up.
const SOME: usize = 20;

/// A link.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// To which pass.
    pub pass: RecordId,
    /// The hash of its secret, in hex.
    pub hash: String,
    /// Whether it tells the house's label.
    pub shows_house: bool,
    /// Who gave it.
    pub by: RecordId,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Link {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "hash", on: &["hash"] }, Index { name: "pass", on: &["pass"] }],
        ..Spec::local("pass_links")
    };
}

/// Gives a pass a link with this secret of 128 random bits, in the place of the one before. Some that are over go along.
///
/// # Errors
/// Where the actor may not issue passes in its house, there is no such pass, or it has ended.
pub fn share(
    ctx: &mut Context<'_>,
    actor: &Actor,
    pass: RecordId,
    shows_house: bool,
    secret: &[u8; 16],
) -> Result<Writes, Denied> {
    let (by, state) = own(ctx, actor, pass)?;
    if state.ended.is_some() {
        return Err(Denied::Ended("pass"));
    }
    let mut writes = withdrawn(ctx, pass)?;
    for old in ctx.view.of::<Link>().find(&Query::on("pass").limit(SOME))?.entries {
        if is_over(ctx, old.value.pass)? {
            writes.unchanged(&old).remove::<Link>(old.id);
        }
    }
    let link = Link { pass, hash: hash(secret), shows_house, by, at_ms: ctx.now.ms };
    writes.create(ctx.new_id()?, &link);
    Ok(writes)
}

fn is_over(ctx: &Context<'_>, pass: RecordId) -> Result<bool, Denied> {
    match state(ctx.view, ctx.now.ms, pass) {
        Ok(state) => Ok(state.ended.is_some()),
        // It was forgotten.
        Err(Denied::NotFound(_)) => Ok(true),
        Err(denied) => Err(denied),
    }
}

/// Takes the link of a pass back; where it has none there is nothing to do.
///
/// # Errors
/// Where the actor may not issue passes in its house, or there is no such pass.
pub fn withdraw(ctx: &mut Context<'_>, actor: &Actor, pass: RecordId) -> Result<Writes, Denied> {
    own(ctx, actor, pass)?;
    withdrawn(ctx, pass)
}

/// The pass of a secret, while it lets somebody in, and its link.
///
/// # Errors
/// Where a record does not read, or the store fails.
#[allow(clippy::type_complexity, reason = "it is taken apart where it is asked for")]
pub fn find(
    view: View<'_>,
    now: Now,
    secret: &[u8; 16],
) -> Result<Option<(Entry<Pass>, State, Entry<Link>)>, Denied> {
    let query = Query::on("hash").equal(hash(secret)).limit(1);
    let Some(link) = view.of::<Link>().find(&query)?.entries.into_iter().next() else { return Ok(None) };
    let Some(pass) = view.of::<Pass>().get(link.value.pass)? else { return Ok(None) };
    let state = state(view, now.ms, pass.id)?;
    Ok(state.ended.is_none().then_some((pass, state, link)))
}

/// Whether a pass has a link.
///
/// # Errors
/// Where the store fails.
pub fn is_shared(view: View<'_>, pass: RecordId) -> Result<bool, Denied> {
    Ok(!naming::<Link>(view, "pass", pass)?.is_empty())
}

/// The actor, and how the pass stands, where it is their house's.
fn own(ctx: &Context<'_>, actor: &Actor, pass: RecordId) -> Result<(RecordId, State), Denied> {
    let found = ctx.view.of::<Pass>().get(pass)?.ok_or(Denied::NotFound("pass"))?;
    match ctx.place_for(actor, found.value.house, Permission::IssuePass) {
        Ok((person, _)) => Ok((person, state(ctx.view, ctx.now.ms, pass)?)),
        // Who keeps the gate sees it, and gives no links to it.
        Err(Denied::NotFound(_)) if may(ctx.view, ctx.now, actor, Permission::SeeExpected)? => {
            Err(Denied::NotAllowed)
        }
        Err(Denied::NotFound(_)) => Err(Denied::NotFound("pass")),
        Err(denied) => Err(denied),
    }
}

fn withdrawn(ctx: &Context<'_>, pass: RecordId) -> Result<Writes, Denied> {
    let mut writes = Writes::new();
    for link in naming::<Link>(ctx.view, "pass", pass)? {
        writes.unchanged(&link).remove::<Link>(link.id);
    }
    Ok(writes)
}

fn hash(secret: &[u8; 16]) -> String {
    blake3::hash(secret).to_hex().to_string()
}
