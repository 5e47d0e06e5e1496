//! What a program knows of its records: each collection's kind, writers, indexes and personal fields.
//!
//! A [`Schema`] is built once at start, from the types that implement [`Record`]. It says nothing about the
//! records that are already stored: a replica keeps and forwards fields, enum values and whole collections
//! that its schema does not know, because its peer may run a newer program.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::builtin;

/// How the records of a collection are written and merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Written once, with one stamp for the whole record. A second write is refused, also at merge.
    Fact,
    /// Each top-level field is a last-writer-wins register of its own.
    Profile,
    /// Never replicated.
    Local,
}

/// What a replica is in its community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The relay that all hubs speak to.
    Cloud,
    /// A gatehouse. Hubs speak to the cloud only.
    Hub,
}

/// Which replicas may write a collection. Checked at commit against the own role, and at merge against the
/// role of the stamp's replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Writers {
    /// Cloud and hubs.
    Any,
    /// Replicas of this role.
    Only(Role),
}

impl Writers {
    /// Whether a replica of this role may write.
    pub fn admit(self, role: Role) -> bool {
        match self {
            Writers::Any => true,
            Writers::Only(only) => only == role,
        }
    }
}

/// A composite ordered index over fields of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Index {
    /// Its name, unique in the collection.
    pub name: &'static str,
    /// The fields, most significant first; `"window.from"` reaches into a field that is an object.
    pub on: &'static [&'static str],
}

/// The declaration of a collection. Start from [`Spec::fact`], [`Spec::profile`] or [`Spec::local`] and
/// override what differs: `Spec { personal: &["name"], ..Spec::profile("people") }`.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// A plural noun in `snake_case`: the same word in the store, its view and the wire.
    pub name: &'static str,
    /// How records merge.
    pub kind: Kind,
    /// Who may write.
    pub writers: Writers,
    /// The field that names the replica whose record it is: no other writes it, but one that came in its place.
    pub owner: Option<&'static str>,
    /// Whether its facts are out of the reach of horizons. Facts that carry rights, grants and revocations
    /// alike, must be: what was revoked would be alive again where only the revocation is dropped. A fact
    /// that does not last from the first day may be gone before it does.
    pub lasting: bool,
    /// Whether its history may reach a peer after everything else: a journal, of which a gate needs nothing in
    /// order to decide. What is not bulk goes first to a peer that is far behind.
    pub bulk: bool,
    /// Fields that an erasure destroys.
    pub personal: &'static [&'static str],
    /// The indexes that `find` can use.
    pub indexes: &'static [Index],
    /// Fields whose text `search` looks into.
    pub search: &'static [&'static str],
}

impl Spec {
    const fn new(name: &'static str, kind: Kind) -> Self {
        let writers = Writers::Any;
        Spec {
            name,
            kind,
            writers,
            owner: None,
            lasting: false,
            bulk: false,
            personal: &[],
            indexes: &[],
            search: &[],
        }
    }

    /// A collection of facts that any replica may write.
    pub const fn fact(name: &'static str) -> Self {
        Spec::new(name, Kind::Fact)
    }

    /// A collection of profiles that any replica may write.
    pub const fn profile(name: &'static str) -> Self {
        Spec::new(name, Kind::Profile)
    }

    /// A collection that stays on this replica.
    pub const fn local(name: &'static str) -> Self {
        Spec::new(name, Kind::Local)
    }

    pub(crate) fn shape(&self) -> Shape {
        let Spec { name, kind, writers, lasting, bulk, .. } = *self;
        Shape { name: name.into(), kind, writers, lasting, bulk }
    }

    pub(crate) fn index(&self, name: &str) -> Option<&'static Index> {
        self.indexes.iter().find(|index| index.name == name)
    }
}

/// What a replica must know of a collection to merge it and to send it on; it travels with the records, so that
/// an older program can keep a collection that it has never heard of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shape {
    /// The collection's name.
    pub name: Cow<'static, str>,
    /// How its records merge.
    pub kind: Kind,
    /// Who may write them.
    pub writers: Writers,
    /// Whether horizons leave them alone.
    pub lasting: bool,
    /// Whether they may reach a peer after everything else.
    pub bulk: bool,
}

/// A typed record of a collection.
///
/// The type carries `#[serde(default)]`: a missing field reads as its default, so that a newer program needs
/// no backfill. A fact is stored without the fields that hold their defaults, so a default means the same for ever:
/// another one for a field of a fact would change what was written. Fields that a rule binds together (`from` and `to` of a window) are one field that holds an
/// object. Enums that may grow are wrapped in [`Open`].
pub trait Record: Serialize + DeserializeOwned + Default + Clone {
    /// The collection's declaration.
    const SPEC: Spec;
}

/// A value that this program may not know: it is read, kept and written back unchanged.
///
/// ```
/// # use dwellers_replica::Open;
/// # use serde::{Deserialize, Serialize};
/// #[derive(Debug, PartialEq, Serialize, Deserialize)]
/// enum Kind { Taxi, Guest }
///
/// let known: Open<Kind> = serde_json::from_str("\"Taxi\"")?;
/// assert_eq!(known, Open::Known(Kind::Taxi));
/// let newer: Open<Kind> = serde_json::from_str("\"Courier\"")?;
/// assert_eq!(newer.known(), None);
/// assert_eq!(serde_json::to_string(&newer)?, "\"Courier\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Open<T> {
    /// A value of the type.
    Known(T),
    /// What a newer program wrote.
    Unknown(serde_json::Value),
}

impl<T> Open<T> {
    /// The value, where this program knows it.
    pub fn known(&self) -> Option<&T> {
        match self {
            Open::Known(value) => Some(value),
            Open::Unknown(_) => None,
        }
    }
}

impl<T: Default> Default for Open<T> {
    fn default() -> Self {
        Open::Known(T::default())
    }
}

impl<T: Serialize> Serialize for Open<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Open::Known(value) => value.serialize(serializer),
            Open::Unknown(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Open<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(match T::deserialize(&value) {
            Ok(known) => Open::Known(known),
            Err(_) => Open::Unknown(value),
        })
    }
}

/// One declared collection, with the fields that its type has today and the JSON of their defaults: what a field
/// that is missing reads as, to indexes, searches and views no less than to the program.
#[derive(Clone, Debug)]
pub struct Declared {
    pub spec: Spec,
    pub defaults: BTreeMap<String, Box<str>>,
}

impl Declared {
    /// What of a new record is stored. A fact goes without what reads the same when it is missing: it is written
    /// once, and of its many fields each kind of event has a few. One field that no erasure destroys stays, because
    /// a record without fields is none.
    pub fn stored<'f>(
        &self,
        fields: &'f BTreeMap<String, Box<str>>,
    ) -> impl Iterator<Item = (&'f str, &'f str)> {
        let fields = fields.iter().map(|(name, value)| (name.as_str(), &**value));
        let tells = |(name, value): (&str, &str)| self.defaults.get(name).is_none_or(|json| **json != *value);
        let lasts = |(name, _): &(&str, &str)| !self.spec.personal.contains(name);
        let leaves_out = self.spec.kind == Kind::Fact;
        let anchor = match fields.clone().any(|field| tells(field) && lasts(&field)) {
            true => None,
            false => fields.clone().find(lasts).or_else(|| fields.clone().next()),
        };
        fields.filter(move |field| !leaves_out || tells(*field) || anchor == Some(*field))
    }
}

/// All collections that a program knows, the store's own included.
#[derive(Clone)]
pub struct Schema {
    collections: BTreeMap<&'static str, Declared>,
}

impl Schema {
    /// The schema of a program that has only the store's own collections.
    pub fn new() -> Self {
        Schema { collections: BTreeMap::new() }
            .with::<builtin::Registration>()
            .with::<builtin::Retirement>()
            .with::<builtin::Introduction>()
            .with::<builtin::Erasure>()
            .with::<builtin::Horizon>()
    }

    /// The same with the records of `T`.
    ///
    /// # Panics
    /// Where the declaration cannot work: a name used twice or not in `snake_case`, an index or a personal
    /// field that `T` does not have, a `T` whose missing fields do not read as their defaults, or other
    /// records than facts that last. All of these are mistakes in the program, which its first test meets.
    #[must_use]
    pub fn with<T: Record>(mut self) -> Self {
        let spec = T::SPEC;
        let name = spec.name;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(!name.is_empty() && name.chars().all(plain), "collection {name:?}: not in snake_case");
        // Its view bears this name, beside the store's own tables.
        let taken = name.starts_with('_') || name.starts_with("sqlite_");
        assert!(!taken, "collection {name:?}: that name is the database's");
        assert!(!spec.lasting || spec.kind == Kind::Fact, "collection {name}: only facts can last");
        let defaults = match serde_json::to_value(T::default()) {
            Ok(serde_json::Value::Object(fields)) => fields
                .into_iter()
                .map(|(name, value)| (name, value.to_string().into()))
                .collect::<BTreeMap<_, _>>(),
            other => panic!("collection {name}: its record is not an object but {other:?}"),
        };
        if let Err(error) = serde_json::from_str::<T>("{}") {
            panic!("collection {name}: missing fields have no default: {error}");
        }
        let indexed = spec.indexes.iter().flat_map(|index| index.on);
        for path in indexed.chain(spec.personal).chain(spec.search) {
            let root = path.split('.').next().unwrap_or(path);
            assert!(defaults.contains_key(root), "collection {name}: no field {path:?}");
        }
        let twice = self.collections.insert(name, Declared { spec, defaults });
        assert!(twice.is_none(), "collection {name}: declared twice");
        self
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Declared> {
        self.collections.get(name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Declared> {
        self.collections.values()
    }
}

impl Default for Schema {
    fn default() -> Self {
        Schema::new()
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.collections.keys()).finish()
    }
}
