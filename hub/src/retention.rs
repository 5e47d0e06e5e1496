//! What this gatehouse keeps no longer than it may: its pictures. How long that is, administrators set in the cloud
//! ([`dwellers::retention`]); the journal goes when the cloud says so, in the store itself.
//!
//! Invariants: nothing is destroyed by a clock that nobody vouches for; a picture whose entry was erased goes, too.
//!
//! What must never be here: anything that the gates' loop waits for.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::Context as _;
use dwellers::Context;
use dwellers::journal::{self, Entry};
use dwellers::retention;
use dwellers_replica::{Direction, Now, Query, ReadError, Shared, View};

use crate::clock;
use crate::crops::{Age, Crops};
use crate::service::Service;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(6 * 3_600);
/// How long after the start it looks first: the gates have other work then.
const FIRST: Duration = Duration::from_secs(600);

/// Looks for as long as the hub runs.
pub async fn run(service: Service, crops: Crops) {
    tokio::time::sleep(FIRST).await;
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        let (store, crops, now) = (service.store.clone(), crops.clone(), service.clock.now());
        match tokio::task::spawn_blocking(move || look(&store, &crops, now)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(count)) => tracing::info!(count, "pictures were kept long enough, and are destroyed"),
            Ok(Err(error)) => tracing::error!("looking for what is kept too long: {error:#}"),
            Err(error) => tracing::error!(%error, "looking for what is kept too long"),
        }
    }
}

/// Destroys the pictures whose time is over, and those that no entry names any more; how many they were. Blocks.
///
/// # Errors
/// Where the store or the folder fails; another look goes on.
pub fn look(store: &Shared, crops: &Crops, now: Now) -> anyhow::Result<u64> {
    if !now.trusted {
        return Ok(0);
    }
    let named = store.view(|view| {
        let kept = retention::retention(view, now.ms)?;
        let since_ms = retention::before(now.ms, kept.pictures_days);
        Ok::<_, ReadError>(Age { since_ms, named: named(view, since_ms)?, now_ms: now.ms })
    });
    let count = crops.forget(named??).context("the pictures")?;
    let mut entropy = clock::entropy;
    let swept = |view: View<'_>| {
        let mut ctx = Context { view, now, entropy: &mut entropy };
        retention::swept(&mut ctx, [("pictures".to_owned(), count)].into())
    };
    if let Some(writes) = store.view(swept)?? {
        store.commit(now, writes)?;
    }
    Ok(count)
}

/// The pictures that entries since a moment name.
fn named(view: View<'_>, since_ms: u64) -> Result<HashSet<String>, ReadError> {
    let mut named = HashSet::new();
    for hub in journal::hubs(view)? {
        let mut after = None;
        loop {
            let book = Query::on("number").equal(hub.to_string()).direction(Direction::Descending);
            let page = view.of::<Entry>().find(&book.after(after).limit(Query::MAX_LIMIT))?;
            let is_done = page.entries.last().is_none_or(|last| last.id.made_ms() < since_ms);
            named.extend(
                page.entries.into_iter().map(|entry| entry.value.crop).filter(|crop| !crop.is_empty()),
            );
            after = page.next;
            if is_done || after.is_none() {
                break;
            }
        }
    }
    Ok(named)
}
