//! Cards and remotes that a community had before Dwellers, and goes on using: standing grants by number.
//! One is removed by [`crate::rights::revoke`].
//!
//! Invariant: a number stands once in a community.

use dwellers_replica::{Index, Query, Record, RecordId, Role as Side, Spec, Writers, Writes};
use serde::{Deserialize, Serialize};

use crate::access::RULES;
use crate::command::{Actor, Context, Denied, all, filled, line};
use crate::people::{House, Permission, residents};
use crate::rights::{self, Life};

const MAX_NUMBER: usize = 40;
const MAX_TITLE: usize = 80;

/// A card, key fob or remote of a house.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// As its reader gives it: upper-case hexadecimal or digits.
    pub number: String,
    /// What is written on it, or whose it is.
    pub title: String,
    /// Whose house.
    pub house: RecordId,
    /// Whose.
    pub person: Option<RecordId>,
    /// The place it was issued under.
    pub under: Option<RecordId>,
    /// The version of the rules that judging it needs ([`crate::access::RULES`]).
    pub rules: u32,
    /// The how manyth record of this number, from 1: two that are added at once cannot both be.
    pub nth: u32,
}

impl Record for Card {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        personal: &["number", "title"],
        indexes: &[Index { name: "number", on: &["number", "nth"] }, Index { name: "house", on: &["house"] }],
        ..Spec::fact("cards")
    };
}

/// The form in which a number is kept, whatever its reader puts between the digits.
pub fn number_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}

/// Enters a card of a house. With a person it stands under their place there and ends with it; without, it stands until
/// an administrator or an owner removes it.
///
/// # Errors
/// Where the actor may not, there is no such house, the person has no place there, the number makes no sense or is
/// somebody's.
pub fn add(
    ctx: &mut Context<'_>,
    actor: &Actor,
    house: RecordId,
    person: Option<RecordId>,
    number: &str,
    title: &str,
) -> Result<(RecordId, Writes), Denied> {
    ctx.require(actor, Permission::ManageCards)?;
    ctx.view.of::<House>().get(house)?.ok_or(Denied::NotFound("house"))?;
    let (number, title) =
        (number_of(&filled("number", number, MAX_NUMBER)?), line("title", title, MAX_TITLE)?);
    if number.len() < 4 || !number.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Denied::invalid("number", "not-a-card"));
    }
    let under = match person {
        None => None,
        Some(person) => {
            let places = residents(ctx.view, ctx.now, house, Permission::OpenGates)?;
            let own = places.iter().find(|(_, resident)| *resident == person);
            Some(own.ok_or(Denied::NotFound("person"))?.0.grant)
        }
    };
    let mut nth = 1;
    for other in all::<Card>(ctx.view, &Query::on("number").equal(number.as_str()))? {
        if rights::life(ctx.view, other.id)? == Life::Alive {
            return Err(Denied::Exists("card"));
        }
        nth = nth.max(other.value.nth + 1);
    }
    let key = [number.clone().into(), nth.into()];
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    writes
        .create(id, &Card { number, title, house, person, under, rules: RULES, nth })
        .absent::<Card>("number", key);
    Ok((id, writes))
}
