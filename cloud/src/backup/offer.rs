//! The newest backup, given to the community's hubs: its file goes among the blobs, its hash into a record that they see.
//!
//! What must never be here: how a blob is kept, or sent.

use std::path::Path;
use std::sync::Arc;

use dwellers_link::blobs;
use dwellers_link::copies::{self, Newest};
use dwellers_link::wire::BlobHash;
use dwellers_replica::{Now, RecordId};

use super::standing::Standing;
use super::{BackupError, Backups, fault};
use crate::communities::{Communities, Community};

impl Backups {
    /// Gives the newest scheduled backup of a community to its hubs, where they do not have it yet; `put` lays a file among
    /// the community's blobs and says under which hash. What comes back is the blob that nobody needs any more: that of
    /// the backup before the one before, which a hub may be fetching still.
    ///
    /// # Errors
    /// It is not given, and is to be given later; the one before is to be had still.
    pub fn offer(
        &self,
        communities: &Communities,
        id: RecordId,
        now: Now,
        put: impl FnOnce(&Arc<Community>, &Path) -> Result<BlobHash, String>,
    ) -> Result<Option<BlobHash>, BackupError> {
        let standing = self.standing(communities, id)?;
        if standing.last_ms == 0 || standing.offered == standing.file {
            return Ok(None);
        }
        let path = self.folder.join(id.to_string()).join(&standing.file);
        let bytes = path.metadata().map_err(|error| fault(&path, &error))?.len();
        let community = communities.open(id, now)?;
        let hash = put(&community, &path).map_err(BackupError::NotOffered)?;
        let newest = Newest::new(&hash, bytes, standing.last_ms);
        let (before, writes) = community.store.view(|view| {
            let before = copies::newest(view)?;
            Ok::<_, dwellers_replica::ReadError>((before, copies::announce(view, newest)?))
        })??;
        community.store.commit(now, writes)?;
        let before = before.and_then(|before| before.hash()).filter(|before| *before != hash);
        let mut gone = None;
        Standing::change(communities.registry(), id, now, |standing| {
            standing.offered.clone_from(&standing.file);
            if let Some(before) = before {
                gone = blobs::parse(&std::mem::replace(&mut standing.before, blobs::hex(&before)));
            }
        })?;
        Ok(gone.filter(|gone| *gone != hash && Some(*gone) != before))
    }
}
