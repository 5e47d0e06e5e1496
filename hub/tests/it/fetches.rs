//! The hub's blobs over the link, against a cloud that is played: its pictures are answered for, and what it wants comes into
//! a file over as many connections as it takes, or not at all.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use dwellers_hub::clock::Clock;
use dwellers_hub::crops::{Crops, Limits};
use dwellers_hub::uplink::blobs::{Exchange, Fetcher, Fetches, Lost, Wanted, fetches};
use dwellers_link::blobs::{Failure, answer, hex, span};
use dwellers_link::wire::{BlobHash, MAX_PART_BYTES, Message, Part, Want};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::place::{PATIENCE, names};

/// A hub's folder, with what it wants.
struct Corner {
    folder: TempDir,
    fetcher: Fetcher,
    fetches: Fetches,
    crops: Crops,
}

impl Corner {
    fn new() -> Corner {
        let folder = tempfile::tempdir().unwrap();
        let (fetcher, fetches) = fetches();
        let crops = Crops::open(&folder.path().join("crops"), Limits::default()).unwrap();
        fs::create_dir(folder.path().join("copies")).unwrap();
        Corner { folder, fetcher, fetches, crops }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("copies/last.age")
    }

    fn want(&self, hash: BlobHash, limit_bytes: u64) -> JoinHandle<Result<(), Lost>> {
        let (fetcher, wanted) = (self.fetcher.clone(), Wanted { hash, limit_bytes, path: self.path() });
        tokio::spawn(async move { fetcher.fetch(wanted).await })
    }

    /// One connection: each want is answered by `cloud`, until it answers no more or the fetch has ended.
    async fn connection(
        &mut self,
        fetch: &JoinHandle<Result<(), Lost>>,
        mut cloud: impl FnMut(Want) -> Option<Message>,
    ) {
        let mut exchange = Exchange::new(self.crops.clone(), Clock::start(), &mut self.fetches);
        let played = timeout(PATIENCE, async {
            while !fetch.is_finished() {
                match timeout(Duration::from_millis(20), exchange.next()).await {
                    Ok(Message::Want(want)) => match cloud(want) {
                        Some(message) => exchange.take(message),
                        None => return,
                    },
                    Ok(other) => panic!("{other:?}"),
                    Err(_) => {}
                }
            }
        });
        played.await.expect("it ends");
    }

    fn copies(&self) -> Vec<String> {
        names(&self.folder.path().join("copies"))
    }
}

fn blob(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n * 31 % 251) as u8).collect()
}

fn hash(bytes: &[u8]) -> BlobHash {
    blake3::hash(bytes).into()
}

fn serve(blob: &[u8], want: &Want) -> Message {
    let of = blob.len() as u64;
    let span = span(want, of);
    answer(want, Some((of, blob[span.start as usize..span.end as usize].to_vec())))
}

#[tokio::test]
async fn a_blob_comes_over_as_many_connections_as_it_takes() {
    let mut corner = Corner::new();
    let blob = blob(5 * MAX_PART_BYTES + 7);
    fs::write(corner.path(), "the copy of before").unwrap();
    let fetch = corner.want(hash(&blob), 1 << 20);
    let mut asked = Vec::new();
    for _ in 0..2 {
        let mut parts = 0;
        corner
            .connection(&fetch, |want| {
                asked.push(want.from / MAX_PART_BYTES as u64);
                parts += 1;
                (parts <= 2).then(|| serve(&blob, &want))
            })
            .await;
    }
    assert_eq!(fs::read_to_string(corner.path()).unwrap(), "the copy of before");
    assert_eq!(corner.copies(), [format!("{}.part", hex(&hash(&blob))), "last.age".to_owned()]);
    // The hub restarts and asks anew: what came is still there.
    fetch.abort();
    let (fetcher, fetches) = fetches();
    (corner.fetcher, corner.fetches) = (fetcher, fetches);
    let fetch = corner.want(hash(&blob), 1 << 20);
    corner
        .connection(&fetch, |want| {
            asked.push(want.from / MAX_PART_BYTES as u64);
            Some(serve(&blob, &want))
        })
        .await;
    fetch.await.unwrap().unwrap();
    assert!(fs::read(corner.path()).unwrap() == blob);
    assert_eq!(corner.copies(), ["last.age"]);
    // A part that was asked for when the line was cut is asked for again, and no other.
    assert_eq!(asked, [0, 1, 2, 2, 3, 4, 4, 5]);
    // It is here: nothing is asked for.
    let fetch = corner.want(hash(&blob), 1 << 20);
    corner.connection(&fetch, |want| panic!("{want:?}")).await;
    fetch.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_is_false_too_long_or_not_there_leaves_nothing() {
    let mut corner = Corner::new();
    let blob = blob(2 * MAX_PART_BYTES);
    let lie = |n: u64| {
        let blob = blob.clone();
        move |want: Want| {
            let Message::Part(part) = serve(&blob, &want) else { unreachable!() };
            Some(match (n, want.from) {
                (0, 0) => Message::Part(Part { bytes: vec![7; part.bytes.len()], ..part }),
                (1, 0) => Message::Part(Part { of: u64::MAX, ..part }),
                (2, 1..) => Message::Part(Part { of: part.of + 1, ..part }),
                (3, _) => Message::Without(want.hash),
                _ => Message::Part(part),
            })
        }
    };
    let most = blob.len() as u64 + 1;
    for (n, why) in [
        (0, Failure::Wrong),
        (1, Failure::TooLong { of: u64::MAX, most }),
        (2, Failure::Lie),
        (3, Failure::Without),
    ] {
        let fetch = corner.want(hash(&blob), most);
        corner.connection(&fetch, lie(n)).await;
        let lost = fetch.await.unwrap().unwrap_err();
        assert!(matches!(lost, Lost::Failed(failure) if failure == why), "{n}: {lost}");
        assert!(!corner.path().exists());
        // What came of an honest one may still be of use.
        assert!(why == Failure::Without || corner.copies().is_empty(), "{n}: {:?}", corner.copies());
    }
    // And then from one that is honest.
    let fetch = corner.want(hash(&blob), most);
    corner.connection(&fetch, |want| Some(serve(&blob, &want))).await;
    fetch.await.unwrap().unwrap();
    assert!(fs::read(corner.path()).unwrap() == blob);
}

#[tokio::test]
async fn a_disk_that_does_not_take_it_is_told() {
    let mut corner = Corner::new();
    fs::remove_dir(corner.folder.path().join("copies")).unwrap();
    let fetch = corner.want(hash(b"x"), 10);
    corner.connection(&fetch, |want| panic!("{want:?}")).await;
    assert!(matches!(fetch.await.unwrap(), Err(Lost::Disk { .. })));
}

#[tokio::test]
async fn its_pictures_are_answered_for_part_by_part_and_nothing_else_is() {
    let mut corner = Corner::new();
    let picture = blob(MAX_PART_BYTES + 9);
    assert!(corner.crops.keep(picture.clone()));
    fs::write(corner.folder.path().join("crops/secret"), "x").unwrap();
    let mut exchange = Exchange::new(corner.crops.clone(), Clock::start(), &mut corner.fetches);
    for (hash, from, found) in [
        (hash(&picture), 0, true),
        (hash(&picture), MAX_PART_BYTES as u64, true),
        (hash(&picture), u64::MAX, true),
        ([0; 32], 0, false),
    ] {
        let want = Want { hash, from };
        exchange.take(Message::Want(want));
        let said = timeout(PATIENCE, exchange.next()).await.unwrap();
        assert_eq!(said, if found { serve(&picture, &want) } else { Message::Without(hash) });
    }
}
