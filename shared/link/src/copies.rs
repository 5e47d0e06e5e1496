//! Where the newest backup of a community is to be had. Hubs keep copies: a cloud whose machine is gone for good is made anew
//! out of what lies in a gatehouse, with the key that its operator kept.
//!
//! One record, which the cloud alone writes; the backup itself is a blob, and encrypted: who takes a hub's disk learns nothing
//! from it. The key's public half is not in the record: who knew it could make a backup that opens.
//!
//! What must never be here: a file.

use data_encoding::HEXLOWER;
use dwellers_replica::{Entry, ReadError, Record, RecordId, Role, Schema, Spec, View, Writers, Writes};
use serde::{Deserialize, Serialize};

use crate::wire::BlobHash;

/// The newest backup of the community.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Backup {
    /// One value, for its parts are of one backup.
    pub newest: Newest,
}

/// Which it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Newest {
    /// The hash of its blob, 64 hex digits.
    pub hash: String,
    /// How long it is.
    pub bytes: u64,
    /// When it was made, in milliseconds since 1970.
    pub made_ms: u64,
}

impl Record for Backup {
    const SPEC: Spec = Spec { writers: Writers::Only(Role::Cloud), ..Spec::profile("backups") };
}

impl Backup {
    const ID: RecordId = RecordId::new(0, 1);

    fn of(view: View<'_>) -> Result<Option<Entry<Backup>>, ReadError> {
        view.of::<Backup>().get(Backup::ID)
    }
}

impl Newest {
    /// A backup whose blob has this hash.
    pub fn new(hash: &BlobHash, bytes: u64, made_ms: u64) -> Newest {
        Newest { hash: HEXLOWER.encode(hash), bytes, made_ms }
    }

    /// The hash of its blob, where it is one.
    pub fn hash(&self) -> Option<BlobHash> {
        HEXLOWER.decode(self.hash.as_bytes()).ok()?.try_into().ok()
    }
}

/// Makes the record known.
pub fn declare(schema: Schema) -> Schema {
    schema.with::<Backup>()
}

/// The newest backup, where there is one.
///
/// # Errors
/// The record does not read.
pub fn newest(view: View<'_>) -> Result<Option<Newest>, ReadError> {
    Ok(Backup::of(view)?.map(|backup| backup.value.newest))
}

/// Says that there is a newer one.
///
/// # Errors
/// The record does not read.
pub fn announce(view: View<'_>, newest: Newest) -> Result<Writes, ReadError> {
    let mut writes = Writes::new();
    match Backup::of(view)? {
        Some(before) => writes.update(&before, |backup| backup.newest = newest),
        None => writes.create(Backup::ID, &Backup { newest }),
    };
    Ok(writes)
}
