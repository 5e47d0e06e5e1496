//! Pictures of hubs' journals: which are named, which are here, and who has the others.
//!
//! The journal names its pictures by hash. What arrives here, from whichever hub and in whichever way (a chunk, a repair,
//! a disk that was restored and tells everything anew), arrives in the order of this store's own transactions: so one number,
//! up to where they were looked through, says what is still to be looked at, and nothing is looked at twice.
//!
//! Invariants: a picture is asked of the device whose stamp its entry bears, of no other; what is not there, or is not let
//! in, is remembered and not asked for again.
//!
//! What must never be here: bytes of a picture; a socket.

use std::collections::BTreeMap;

use dwellers::journal;
use dwellers_link::blobs::{hex, parse};
use dwellers_link::device::PublicKey;
use dwellers_link::wire::BlobHash;
use dwellers_replica::builtin::Registration;
use dwellers_replica::delta::Chunk;
use dwellers_replica::{
    CommitError, Entry, Index, Mark, Now, Open, Query, Record, RecordId, Refusal, ReplicaId, Schema, Spec,
    Vector, Writes,
};
use serde::{Deserialize, Serialize};

use crate::blobs::{self, Blob, BlobError};
use crate::communities::Community;

/// Fields that are looked through at once.
const FIELDS: usize = 1_700;
/// Pictures of one commit.
const AT_ONCE: usize = 50;
/// Where nothing was found, so many transactions may be looked through anew after a restart.
const UNSAVED: u64 = 1_000;

/// A picture that the journal names. Its id is the beginning of its hash. Local.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Crop {
    /// In hex.
    pub hash: String,
    /// The key of the device that has it.
    pub key: String,
    /// The entry that names it.
    pub entry: RecordId,
    /// What is known of it.
    pub fate: Open<Fate>,
}

/// What is known of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is to be asked for.
    #[default]
    Wanted,
    /// It is here. Who has it besides stays known: objects may be lost.
    Here,
    /// The hub does not have it any more.
    Gone,
    /// What came was not let in.
    Refused,
}

impl Record for Crop {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "next", on: &["key", "fate", "entry"] }], ..Spec::local("crops") };
}

/// Up to which of this store's transactions the journal was looked through; one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Looked {
    /// The transaction.
    pub arrival: u64,
}

impl Record for Looked {
    const SPEC: Spec = Spec::local("crops_looked");
}

impl Looked {
    const ID: RecordId = RecordId::new(0, 1);
}

/// How far a look has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Up to this transaction.
    pub arrival: u64,
    /// There is more.
    pub more: bool,
    /// Something was found that is not here.
    pub found: bool,
}

/// Looks through what arrived after a transaction; after what was saved, where none is given. Blocks.
///
/// # Errors
/// The records do not take it; another look will.
pub fn look(community: &Community, after: Option<u64>, now: Now) -> Result<Seen, BlobError> {
    let store = &community.store;
    let saved = store.view(|view| view.of::<Looked>().get(Looked::ID))??;
    let saved_at = saved.as_ref().map_or(0, |saved| saved.value.arrival);
    let after = after.unwrap_or(saved_at);
    let chunk = store.since(Mark::default(), after, &Vector::new(), FIELDS)?;
    let lacking = lacking(community, &chunk)?;
    let seen = Seen { arrival: chunk.mark.arrival, more: chunk.to.is_none(), found: !lacking.is_empty() };
    for crops in lacking.chunks(AT_ONCE) {
        let mut writes = Writes::new();
        for (hash, crop) in crops {
            writes.create(blobs::id(hash), crop);
        }
        match store.commit(now, writes) {
            // Another connection found it at the same time, and perhaps not the others: looked at again.
            Err(CommitError::Refused(Refusal::Exists { .. })) => {
                return Ok(Seen { arrival: after, more: true, found: true });
            }
            done => drop(done?),
        }
    }
    // After what was found: a crash in between finds it again.
    if !lacking.is_empty() || seen.more || seen.arrival.abs_diff(saved_at) >= UNSAVED {
        let mut writes = Writes::new();
        match &saved {
            Some(saved) => writes.update(saved, |looked| looked.arrival = seen.arrival),
            None => writes.create(Looked::ID, &Looked { arrival: seen.arrival }),
        };
        match store.commit(now, writes) {
            // Another connection looks, too: what it has saved is as good.
            Err(CommitError::Refused(Refusal::Exists { .. } | Refusal::Changed { .. })) => {}
            done => drop(done?),
        }
    }
    Ok(seen)
}

/// The oldest that a device is to be asked for. Blocks.
///
/// # Errors
/// The records do not read.
pub fn next(community: &Community, key: PublicKey) -> Result<Option<BlobHash>, BlobError> {
    let (key, wanted) = (key.text(), serde_json::to_value(Fate::Wanted).unwrap_or_default());
    let page = community.store.view(|view| {
        view.of::<Crop>().find(&Query::on("next").equal(key.as_str()).equal(wanted).limit(1))
    })??;
    Ok(page.entries.first().and_then(|crop| parse(&crop.value.hash)))
}

/// What is known of a picture. Blocks.
///
/// # Errors
/// The records do not read.
pub fn find(community: &Community, hash: &BlobHash) -> Result<Option<Entry<Crop>>, BlobError> {
    let found = community.store.view(|view| view.of::<Crop>().get(blobs::id(hash)))??;
    Ok(found.filter(|crop| crop.value.hash == hex(hash)))
}

/// Remembers what became of one. Blocks.
///
/// # Errors
/// The records do not take it.
pub fn settle(community: &Community, hash: &BlobHash, fate: Fate, now: Now) -> Result<(), BlobError> {
    let Some(crop) = find(community, hash)? else { return Ok(()) };
    let mut writes = Writes::new();
    writes.update(&crop, |crop| crop.fate = Open::Known(fate));
    community.store.commit(now, writes)?;
    Ok(())
}

/// Some of the pictures of entries made before a moment that are here, or are to be asked for. Blocks.
///
/// # Errors
/// The records do not read.
pub fn older(community: &Community, before_ms: u64, most: usize) -> Result<Vec<BlobHash>, BlobError> {
    let found = entries_before(community, &[Fate::Wanted, Fate::Here], before_ms, most)?;
    Ok(found.into_iter().filter_map(|crop| parse(&crop.value.hash)).collect())
}

/// Forgets some of what became of pictures of entries made before a moment; whether there is more. Blocks.
///
/// # Errors
/// The records do not take it.
pub fn forget(community: &Community, before_ms: u64, most: usize) -> Result<bool, BlobError> {
    let found = entries_before(community, &[Fate::Gone, Fate::Refused], before_ms, most)?;
    if found.is_empty() {
        return Ok(false);
    }
    let mut writes = Writes::new();
    for crop in &found {
        writes.remove::<Crop>(crop.id);
    }
    // Local records bear no time.
    community.store.commit(Now { ms: 0, trusted: false }, writes)?;
    Ok(true)
}

fn entries_before(
    community: &Community,
    fates: &[Fate],
    before_ms: u64,
    most: usize,
) -> Result<Vec<Entry<Crop>>, BlobError> {
    community.store.view(|view| {
        let devices = view.of::<Registration>().find(&Query::on("key").limit(Query::MAX_LIMIT))?;
        let mut keys: Vec<String> = devices.entries.into_iter().map(|device| device.value.key).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut found = Vec::new();
        // An id begins with its time, and its text sorts as it does.
        let first = RecordId::new(before_ms, 0).to_string();
        for (key, fate) in keys.iter().flat_map(|key| fates.iter().map(move |fate| (key, fate))) {
            let fate = serde_json::to_value(fate).unwrap_or_default();
            let query = Query::on("next").equal(key.as_str()).equal(fate).below(first.as_str());
            found.extend(view.of::<Crop>().find(&query.limit(most))?.entries);
        }
        found.truncate(most);
        Ok(found)
    })?
}

/// Makes the records of this module known.
pub(super) fn declare(schema: Schema) -> Schema {
    schema.with::<Crop>().with::<Looked>()
}

/// The pictures that entries of a chunk name for the first time.
fn lacking(community: &Community, chunk: &Chunk) -> Result<Vec<(BlobHash, Crop)>, BlobError> {
    let is_journal = |shape: u16| {
        chunk.shapes.get(usize::from(shape)).is_some_and(|shape| shape.name == journal::Entry::SPEC.name)
    };
    let mut named: BTreeMap<BlobHash, (RecordId, ReplicaId)> = BTreeMap::new();
    for change in chunk.groups.iter().flatten().filter(|change| is_journal(change.shape)) {
        let crop = change.fields.iter().find(|(name, _)| name == "crop");
        let hash = crop.and_then(|(_, value)| serde_json::from_str::<String>(value).ok());
        if let Some(hash) = hash.as_deref().and_then(parse) {
            named.entry(hash).or_insert((change.record, change.stamp.replica));
        }
    }
    community.store.view(|view| {
        let mut lacking = Vec::new();
        for (hash, (entry, replica)) in named {
            let id = blobs::id(&hash);
            let is_known = view.of::<Blob>().get(id)?.is_some() || view.of::<Crop>().get(id)?.is_some();
            let device = view.of::<Registration>().get(replica)?;
            if let Some(device) = device.filter(|_| !is_known) {
                let crop = Crop { hash: hex(&hash), key: device.value.key, entry, ..Crop::default() };
                lacking.push((hash, crop));
            }
        }
        Ok(lacking)
    })?
}
