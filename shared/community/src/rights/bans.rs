//! Bans: who or what is not let in, whatever grants there are.

use dwellers_replica::{Entry, Now, Query, ReadError, RecordId, View};

use crate::access::Banned;
use crate::command::naming;
use crate::rights::{Ban, Lifting};

/// The bans of a person that were not lifted. Whether one has ended is for those to say who know the time.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn bans_on_person(view: View<'_>, person: RecordId) -> Result<Vec<Banned>, ReadError> {
    standing(view, naming(view, "person", person)?)
}

/// The bans of a plate, given folded, that were not lifted.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn bans_on_plate(view: View<'_>, plate: &str) -> Result<Vec<Banned>, ReadError> {
    if plate.is_empty() {
        return Ok(Vec::new());
    }
    standing(view, crate::command::all(view, &Query::on("plate").equal(plate))?)
}

/// Whether a ban of the person is in force. Without trusted time no ban has ended.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn is_banned(view: View<'_>, now: Now, person: RecordId) -> Result<bool, ReadError> {
    let over = |ban: &Banned| now.trusted && ban.until_ms.is_some_and(|until_ms| until_ms <= now.ms);
    Ok(!bans_on_person(view, person)?.iter().all(over))
}

fn standing(view: View<'_>, bans: Vec<Entry<Ban>>) -> Result<Vec<Banned>, ReadError> {
    let mut standing = Vec::new();
    for ban in bans {
        let lifted = Query::on("ban").equal(ban.id.to_string()).limit(1);
        if view.of::<Lifting>().find(&lifted)?.entries.is_empty() {
            standing.push(Banned { until_ms: ban.value.until_ms });
        }
    }
    Ok(standing)
}
