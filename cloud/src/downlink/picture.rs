//! A picture of a hub's journal, for somebody who wants to see it now.
//!
//! What must never be here: who may see it.

use std::sync::Arc;
use std::time::Duration;

use dwellers_link::device::PublicKey;
use dwellers_link::wire::BlobHash;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tracing::warn;

use super::crops::{self, Fate};
use super::{Downlink, blocking};
use crate::blobs::{BlobError, Kind};
use crate::clock;
use crate::communities::Community;

/// How long somebody waits for a picture that is still at its gatehouse.
const PICTURE: Duration = Duration::from_secs(10);

/// A picture of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Its bytes.
    Here(Vec<u8>),
    /// The hub has it, and cannot be asked or does not answer now; it comes by itself later.
    Away,
    /// There is none (any more).
    Gone,
}

impl Downlink {
    /// A picture of the journal: from here, or else from the hub that took it, where it is connected.
    ///
    /// # Errors
    /// The stores fail, or have lost it.
    pub async fn picture(&self, community: &Arc<Community>, hash: BlobHash) -> Result<Picture, BlobError> {
        let blobs = self.shared.communities.blobs();
        if let Some(blob) = blobs.about(community, &hash).await? {
            // A community's other blobs have doors of their own.
            if blob.kind.known() != Some(&Kind::Crop) {
                return Ok(Picture::Gone);
            }
            match blobs.get(community, &hash).await {
                Ok(found) => return Ok(found.map_or(Picture::Gone, Picture::Here)),
                Err(why @ (BlobError::Missing(_) | BlobError::Damaged(_))) => {
                    // A cloud that was restored has lost its objects; the hub may have this one still.
                    warn!(community = %community.id, "{why}");
                    blobs.delete(community, &hash).await?;
                    let records = community.clone();
                    let wanted = move || crops::settle(&records, &hash, Fate::Wanted, clock::now());
                    blocking(wanted).await.ok_or(BlobError::Failed)??;
                }
                Err(why) => return Err(why),
            }
        }
        let records = community.clone();
        let known = blocking(move || crops::find(&records, &hash)).await.ok_or(BlobError::Failed)??;
        let Some(crop) = known.filter(|crop| crop.value.fate.known() == Some(&Fate::Wanted)) else {
            return Ok(Picture::Gone);
        };
        let key = PublicKey::parse(&crop.value.key);
        let (tell, told) = oneshot::channel();
        if !key.is_some_and(|key| self.shared.present.ask(community.id, key, (hash, tell))) {
            return Ok(Picture::Away);
        }
        // It is told nothing: that there is nothing more to wait for is the answer.
        let _ = timeout(PICTURE, told).await;
        Ok(blobs.get(community, &hash).await?.map_or(Picture::Away, Picture::Here))
    }
}
