//! What those in office (administrators, guards) did through the cloud, and whose data they looked at: visible to whom it
//! concerns.
//!
//! It stays in the cloud: a gatehouse has its journal. A record is written with the deed, in one transaction; a look, once an
//! hour at most.
//!
//! What must never be here: what a resident does in their own house; a way to change or remove a deed.

use dwellers_replica::{Direction, Entry, Index, Now, Query, ReadError, Record, RecordId, Spec, View};
use serde::{Deserialize, Serialize};

/// Something that somebody in office did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deed {
    /// Who.
    pub by: RecordId,
    /// What, as the API names it: `houses.rename`. Its text's key is `deed-houses-rename`.
    pub action: String,
    /// Whether nothing was changed: they looked.
    pub looked: bool,
    /// Whom it concerns; `None`: the house, or nobody or everybody alike.
    pub person: Option<RecordId>,
    /// Which house it concerns.
    pub house: Option<RecordId>,
    /// The record, where there is one beside those.
    pub record: Option<RecordId>,
    /// Whether it concerns everybody: too many to name.
    pub everybody: bool,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Deed {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "time", on: &["at_ms"] },
            Index { name: "by", on: &["by", "at_ms"] },
            Index { name: "person", on: &["person", "at_ms"] },
            Index { name: "house", on: &["house", "at_ms"] },
            Index { name: "everybody", on: &["everybody", "at_ms"] },
        ],
        ..Spec::local("audit")
    };
}

/// Looks within such a time count as one.
const LOOK_MS: u64 = 3_600_000;

/// The id of a look: the same for the same look within an hour.
pub fn look_id(look: &Deed, now: Now) -> RecordId {
    let hour = now.ms / LOOK_MS;
    let words =
        format!("{} {} {:?} {:?} {:?} {hour}", look.by, look.action, look.person, look.house, look.record);
    let mut entropy = [0; 16];
    entropy.copy_from_slice(&blake3::hash(words.as_bytes()).as_bytes()[..16]);
    RecordId::new(hour * LOOK_MS, u128::from_be_bytes(entropy))
}

/// Where a page of deeds goes on: after this one, in the order of [`concerning`] and [`deeds`].
pub type After = (u64, RecordId);

/// Whose deeds are meant.
#[derive(Clone, Debug)]
pub struct Whose {
    /// What concerns this person.
    pub person: RecordId,
    /// What concerns these houses, each since they came there, in milliseconds since 1970.
    pub houses: Vec<(RecordId, u64)>,
    /// What concerns everybody.
    pub everybody: bool,
    /// What they did themselves.
    pub own: bool,
}

/// The deeds that concern somebody, the newest first.
///
/// # Errors
/// Where the store fails.
pub fn concerning(
    view: View<'_>,
    whose: &Whose,
    after: Option<After>,
    limit: usize,
) -> Result<Vec<Entry<Deed>>, ReadError> {
    let mut queries = vec![(Query::on("person").equal(whose.person.to_string()), None)];
    let of_house =
        |(house, since_ms): &(RecordId, u64)| (Query::on("house").equal(house.to_string()), Some(*since_ms));
    queries.extend(whose.houses.iter().map(of_house));
    if whose.everybody {
        queries.push((Query::on("everybody").equal(true), None));
    }
    if whose.own {
        queries.push((Query::on("by").equal(whose.person.to_string()), None));
    }
    let mut found = Vec::new();
    for (query, since_ms) in queries {
        found.extend(newest(view, query, since_ms, after, limit, |_| true)?);
    }
    found.sort_by_key(|deed| std::cmp::Reverse((deed.value.at_ms, deed.id)));
    found.dedup_by_key(|deed| deed.id);
    found.truncate(limit);
    Ok(found)
}

/// Which deeds an administrator wants to see; `None`: whatever it is.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// By whom.
    pub by: Option<RecordId>,
    /// About whom.
    pub person: Option<RecordId>,
    /// About which house.
    pub house: Option<RecordId>,
    /// What, as the API names it.
    pub action: Option<String>,
    /// Whether it was a look only.
    pub looked: Option<bool>,
    /// From then on, in milliseconds since 1970.
    pub from_ms: Option<u64>,
    /// Before then.
    pub until_ms: Option<u64>,
}

/// The deeds of a community, the newest first.
///
/// # Errors
/// Where the store fails.
pub fn deeds(
    view: View<'_>,
    which: &Which,
    after: Option<After>,
    limit: usize,
) -> Result<Vec<Entry<Deed>>, ReadError> {
    let Which { by, person, house, action, looked, from_ms, until_ms } = which;
    // By the narrowest of them; the others are looked at one by one.
    let query = match (person, house, by) {
        (Some(person), ..) => Query::on("person").equal(person.to_string()),
        (None, Some(house), _) => Query::on("house").equal(house.to_string()),
        (None, None, Some(by)) => Query::on("by").equal(by.to_string()),
        (None, None, None) => Query::on("time"),
    };
    let fits = |deed: &Deed| {
        by.is_none_or(|by| deed.by == by)
            && house.is_none_or(|house| deed.house == Some(house))
            && action.as_ref().is_none_or(|action| deed.action == *action)
            && looked.is_none_or(|looked| deed.looked == looked)
            && until_ms.is_none_or(|until_ms| deed.at_ms < until_ms)
    };
    newest(view, query, *from_ms, after, limit, fits)
}

/// The newest of an index that ends in the time, after a place, of those that fit.
fn newest(
    view: View<'_>,
    query: Query<'_>,
    from_ms: Option<u64>,
    after: Option<After>,
    limit: usize,
    fits: impl Fn(&Deed) -> bool,
) -> Result<Vec<Entry<Deed>>, ReadError> {
    let mut query = query.direction(Direction::Descending).limit(Query::MAX_LIMIT.min(limit + 1));
    if let Some(from_ms) = from_ms {
        query = query.from(from_ms);
    }
    if let Some((at_ms, _)) = after {
        query = query.below(at_ms.saturating_add(1));
    }
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let page = view.of::<Deed>().find(&query.clone().after(cursor))?;
        let behind = |deed: &Entry<Deed>| after.is_none_or(|after| (deed.value.at_ms, deed.id) < after);
        found.extend(page.entries.into_iter().filter(|deed| behind(deed) && fits(&deed.value)));
        cursor = page.next;
        if cursor.is_none() || found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
    }
}
