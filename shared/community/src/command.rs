//! What every command has in common: who acts, what it is given, and why it is refused.

use dwellers_replica::{Entry, Now, Query, ReadError, Record, RecordId, StoreError, View};

/// What a command is given: one snapshot, the time, chance.
pub struct Context<'a> {
    /// The snapshot that it reads. What must not have changed when its writes are committed, it guards.
    pub view: View<'a>,
    /// The host's wall clock, and whether it is trusted.
    pub now: Now,
    /// 128 random bits a call.
    pub entropy: &'a mut dyn FnMut() -> u128,
}

/// Who acts. Rights are looked up in the snapshot, never carried along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person of the community, as the cloud knows them.
    Person(RecordId),
    /// A guard who signed in at a hub's touchscreen; guards of a hub are that hub's own.
    Guard {
        /// The guard's record on that hub.
        id: RecordId,
        /// The name that the journal shows.
        name: String,
    },
    /// Whoever commands the machine itself: founds the community, helps the last administrator.
    Operator,
}

/// Why a command is refused. Nothing is written. Each has a text for people: [`crate::texts`].
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// The actor may not do this.
    #[error("this actor may not do that")]
    NotAllowed,
    /// There is no such record (or it is none of the actor's business, which looks the same).
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A field does not make sense; the second word is the key of a text.
    #[error("{field}: {why}")]
    Invalid {
        /// The field of the request.
        field: &'static str,
        /// What is wrong with it, as a text key: `too-long`, `not-a-plate`, …
        why: &'static str,
    },
    /// It is there already.
    #[error("this {0} is there already")]
    Exists(&'static str),
    /// It has ended, was decided or revoked before.
    #[error("this {0} has ended")]
    Ended(&'static str),
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Context<'_> {
    /// An id for a new record.
    ///
    /// # Errors
    /// What the store says.
    pub fn new_id(&mut self) -> Result<RecordId, StoreError> {
        let entropy = (self.entropy)();
        self.view.new_id(self.now, entropy)
    }
}

impl Denied {
    pub(crate) fn invalid(field: &'static str, why: &'static str) -> Self {
        Denied::Invalid { field, why }
    }

    /// The same of a grant, for who knows what kind of grant it is.
    pub(crate) fn of(self, what: &'static str) -> Self {
        match self {
            Denied::NotFound("grant") => Denied::NotFound(what),
            Denied::Ended("grant") => Denied::Ended(what),
            other => other,
        }
    }
}

/// A line that a person typed, without the spaces around it: no longer than `max` characters, nothing unprintable.
pub(crate) fn line(field: &'static str, text: &str, max: usize) -> Result<String, Denied> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(Denied::invalid(field, "too-long"));
    }
    if text.chars().any(char::is_control) {
        return Err(Denied::invalid(field, "unprintable"));
    }
    Ok(text.to_owned())
}

/// The same, and there must be something in it.
pub(crate) fn filled(field: &'static str, text: &str, max: usize) -> Result<String, Denied> {
    match line(field, text, max)? {
        text if text.is_empty() => Err(Denied::invalid(field, "empty")),
        text => Ok(text),
    }
}

/// All records of a range of an index. One that does not read is an error: what decides by these must not take a ban
/// or a place for absent because of it.
pub(crate) fn all<T: Record>(view: View<'_>, query: &Query<'_>) -> Result<Vec<Entry<T>>, ReadError> {
    let (entries, unreadable) = pages(view, query)?;
    match unreadable.into_iter().next() {
        Some((id, why)) => Err(ReadError::Unreadable { collection: T::SPEC.name, id, why }),
        None => Ok(entries),
    }
}

/// The records of a range of an index that read: for lists that people look at, which one bad record must not empty.
pub(crate) fn readable<T: Record>(view: View<'_>, query: &Query<'_>) -> Result<Vec<Entry<T>>, ReadError> {
    Ok(pages(view, query)?.0)
}

/// What reads, and what does not.
type Pages<T> = (Vec<Entry<T>>, Vec<(RecordId, String)>);

fn pages<T: Record>(view: View<'_>, query: &Query<'_>) -> Result<Pages<T>, ReadError> {
    let (mut entries, mut unreadable, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = view.of::<T>().find(&query.clone().after(after).limit(Query::MAX_LIMIT))?;
        entries.extend(page.entries);
        unreadable.extend(page.unreadable);
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok((entries, unreadable)),
        }
    }
}

/// All records that name another one in the field of an index.
pub(crate) fn naming<T: Record>(
    view: View<'_>,
    index: &str,
    id: RecordId,
) -> Result<Vec<Entry<T>>, ReadError> {
    all(view, &Query::on(index).equal(id.to_string()))
}
