//! Looking things up in the journals of all hubs, newest first.
//!
//! A page may have fewer entries than were asked for, or none, and still not be the last: a search looks at so many of
//! them and no more, and the next page goes on.

use std::collections::VecDeque;

use dwellers_replica::builtin::Registration;
use dwellers_replica::{Cursor, Direction, Entry as Read, Query, ReadError, RecordId, ReplicaId, Role, View};

use super::{Entry, Kind};
use crate::command::{Denied, all};
use crate::plate;

/// Entries that are looked at for one page.
const MOST_LOOKED_AT: usize = 5_000;
/// Entries of one hub that are read at once.
const AT_ONCE: usize = 200;

/// What is looked for; what is not said is not minded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// A part of a plate, in any alphabet; empty for none.
    pub plate: String,
    /// Whose house.
    pub house: Option<RecordId>,
    /// What it tells.
    pub kind: Option<Kind>,
    /// Included, in milliseconds since 1970.
    pub from_ms: Option<u64>,
    /// Excluded, in milliseconds since 1970.
    pub until_ms: Option<u64>,
}

/// A page.
#[derive(Debug, Default)]
pub struct Found {
    /// The entries.
    pub entries: Vec<Read<Entry>>,
    /// Where the next page begins; nothing on the last.
    pub next: Option<String>,
}

/// The entries that fit, of those that are `seen`; at most `limit`.
///
/// # Errors
/// Where `after` is none of these, a record does not read, or the store fails.
pub fn search(
    view: View<'_>,
    wanted: &Search,
    after: Option<&str>,
    limit: usize,
    seen: impl Fn(&Read<Entry>) -> bool,
) -> Result<Found, Denied> {
    let plate = plate::fold(&wanted.plate);
    let fits = |entry: &Read<Entry>| wanted.fits(&entry.value, &plate) && seen(entry);
    match (plate.as_str(), wanted.house) {
        ("", None) => everywhere(view, wanted, after, limit, fits),
        ("", Some(house)) => {
            let query = Query::on("house").equal(house.to_string()).direction(Direction::Descending);
            let page = |after, limit| view.of::<Entry>().find(&query.clone().after(after).limit(limit));
            through(page, wanted, after, limit, fits)
        }
        (fragment, _) => {
            let page = |after, limit| view.of::<Entry>().search(fragment, after, limit);
            through(page, wanted, after, limit, fits)
        }
    }
}

impl Search {
    fn fits(&self, entry: &Entry, plate: &str) -> bool {
        // The store's search looks at names, too.
        entry.plate.contains(plate)
            && self.house.is_none_or(|house| entry.house == Some(house))
            && self.kind.is_none_or(|kind| entry.kind.known() == Some(&kind))
            && self.from_ms.is_none_or(|from_ms| entry.at_ms >= from_ms)
            && self.until_ms.is_none_or(|until_ms| entry.at_ms < until_ms)
    }

    /// Whether nothing below this entry fits any more: the order is that of time.
    fn is_over(&self, last: &Read<Entry>) -> bool {
        self.from_ms.is_some_and(|from_ms| last.value.at_ms < from_ms)
    }
}

/// Goes through the pages of an index.
fn through(
    page: impl Fn(Option<Cursor>, usize) -> Result<dwellers_replica::Page<Entry>, ReadError>,
    wanted: &Search,
    after: Option<&str>,
    limit: usize,
    fits: impl Fn(&Read<Entry>) -> bool,
) -> Result<Found, Denied> {
    let after = after.map(str::parse::<Cursor>).transpose();
    let mut after = after.map_err(|_| Denied::invalid("after", "unknown"))?;
    let (mut entries, mut looked_at) = (Vec::new(), 0);
    loop {
        let found = page(after, limit - entries.len())?;
        looked_at += found.entries.len();
        let is_over = found.entries.last().is_some_and(|last| wanted.is_over(last));
        entries.extend(found.entries.into_iter().filter(|entry| fits(entry)));
        after = found.next.filter(|_| !is_over);
        if after.is_none() || entries.len() >= limit || looked_at >= MOST_LOOKED_AT {
            return Ok(Found { entries, next: after.map(|cursor| cursor.to_string()) });
        }
    }
}

/// Goes through the books of all hubs at once, the newest of them first, each in the order in which it was written. What
/// comes next of each are the numbers below the one that was told last.
fn everywhere(
    view: View<'_>,
    wanted: &Search,
    after: Option<&str>,
    limit: usize,
    fits: impl Fn(&Read<Entry>) -> bool,
) -> Result<Found, Denied> {
    let mut hubs = all::<Registration>(view, &Query::on("key"))?;
    hubs.retain(|hub| hub.value.role == Some(Role::Hub));
    let below = match after {
        Some(after) => parse(after, &hubs).ok_or(Denied::invalid("after", "unknown"))?,
        None => {
            let first = |hub: Read<Registration>| Ok((hub.id, first_at(view, hub.id, wanted.until_ms)?));
            hubs.into_iter().map(first).collect::<Result<Vec<_>, ReadError>>()?
        }
    };
    let open = |(hub, below)| Book { hub, below, ahead: VecDeque::new() }.filled(view);
    let mut books = below.into_iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let (mut entries, mut looked_at) = (Vec::new(), 0);
    while entries.len() < limit && looked_at < MOST_LOOKED_AT {
        books.retain(|book| !book.ahead.is_empty());
        let Some(newest) = books.iter().enumerate().max_by_key(|(_, book)| book.newest()) else { break };
        let book = newest.0;
        let Some(entry) = books[book].ahead.pop_front() else { break };
        looked_at += 1;
        if wanted.is_over(&entry) {
            books.remove(book);
            continue;
        }
        books[book].below = entry.value.number;
        if books[book].ahead.is_empty() {
            let read_on = books.remove(book).filled(view)?;
            books.push(read_on);
        }
        if fits(&entry) {
            entries.push(entry);
        }
    }
    books.retain(|book| !book.ahead.is_empty());
    let next = books.iter().map(|book| format!("{}.{}", book.hub, book.below)).collect::<Vec<_>>().join("-");
    Ok(Found { entries, next: Some(next).filter(|next| !next.is_empty()) })
}

/// The book of a hub, below a number.
struct Book {
    hub: ReplicaId,
    below: u64,
    /// What was read of it and not told, the newest first.
    ahead: VecDeque<Read<Entry>>,
}

impl Book {
    fn filled(mut self, view: View<'_>) -> Result<Book, ReadError> {
        let query = Query::on("number").equal(self.hub.to_string()).below(self.below);
        let query = query.direction(Direction::Descending).limit(AT_ONCE);
        self.ahead = view.of::<Entry>().find(&query)?.entries.into();
        Ok(self)
    }

    fn newest(&self) -> Option<(u64, RecordId)> {
        self.ahead.front().map(|entry| (entry.value.at_ms, entry.id))
    }
}

/// The number of the first entry of a book at or after a moment, by halving; without a moment, the one after the last. Where
/// the clock was set back in between it is about that; what does not fit is left out later.
fn first_at(view: View<'_>, hub: ReplicaId, at_ms: Option<u64>) -> Result<u64, ReadError> {
    let book = || Query::on("number").equal(hub.to_string());
    let last = view.of::<Entry>().find(&book().direction(Direction::Descending).limit(1))?.entries;
    let end = last.first().map_or(0, |last| last.value.number) + 1;
    let Some(at_ms) = at_ms else { return Ok(end) };
    let (mut low, mut high) = (1, end);
    while low < high {
        let middle = low + (high - low) / 2;
        match view.of::<Entry>().find(&book().from(middle).limit(1))?.entries.first() {
            Some(entry) if entry.value.at_ms < at_ms => low = entry.value.number.max(middle) + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// Where books go on: of hubs that there are, each once, so that nobody has more read than there is.
fn parse(text: &str, hubs: &[Read<Registration>]) -> Option<Vec<(ReplicaId, u64)>> {
    let mut books = Vec::new();
    for one in text.split('-') {
        let (hub, number) = one.split_once('.')?;
        let (hub, number) = (hub.parse().ok()?, number.parse().ok()?);
        let is_new = books.iter().all(|(known, _)| *known != hub);
        (is_new && hubs.iter().any(|known| known.id == hub)).then_some(())?;
        books.push((hub, number));
    }
    Some(books)
}
