//! Blobs lie under their hashes, whole, within their community and its room.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use dwellers_cloud::blobs::{BlobError, Blobs, Kind, Room};
use dwellers_cloud::communities::Community;
use dwellers_cloud::config;
use dwellers_link::blobs::hex;
use dwellers_link::wire::BlobHash;
use dwellers_replica::RecordId;
use tokio::net::TcpListener;
use warp::Filter;
use warp::http::{HeaderMap, Method, Response};
use warp::path::FullPath;

use super::{Place, at, entropy};

fn hash(bytes: &[u8]) -> BlobHash {
    *blake3::hash(bytes).as_bytes()
}

fn object(place: &Place, community: &Community, hash: &BlobHash) -> PathBuf {
    let hash = hex(hash);
    place.folder.path().join("data/blobs").join(community.id.to_string()).join(&hash[..2]).join(&hash)
}

fn taken(community: &Community) -> u64 {
    let room = community.store.view(|view| view.of::<Room>().get(RecordId::new(0, 1))).unwrap().unwrap();
    room.map_or(0, |room| room.value.bytes)
}

fn files(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[tokio::test]
async fn what_is_put_is_had_again_whole_and_in_parts_also_after_a_restart() {
    let place = Place::new();
    let (id, first, nothing) = {
        let communities = place.communities();
        let community = communities.create("Сосновка", at(0), entropy).unwrap();
        let blobs = communities.blobs();
        let first = blobs.put(&community, Kind::Crop, b"a picture".to_vec(), at(1)).await.unwrap();
        let nothing = blobs.put(&community, Kind::Crop, Vec::new(), at(1)).await.unwrap();
        assert_eq!(first, hash(b"a picture"));
        // Again, and as something else: nothing changes.
        for kind in [Kind::Crop, Kind::Backup] {
            assert_eq!(blobs.put(&community, kind, b"a picture".to_vec(), at(2)).await.unwrap(), first);
        }
        assert_eq!(taken(&community), 9);
        (community.id, first, nothing)
    };
    let communities = place.communities();
    let community = communities.open(id, at(3)).unwrap();
    let blobs = communities.blobs();
    let about = blobs.about(&community, &first).await.unwrap().unwrap();
    assert_eq!((about.bytes, about.kind.known(), about.made_ms), (9, Some(&Kind::Crop), at(1).ms));
    assert_eq!(blobs.get(&community, &first).await.unwrap().as_deref(), Some(&b"a picture"[..]));
    assert_eq!(blobs.get(&community, &nothing).await.unwrap().as_deref(), Some(&b""[..]));
    for (range, part) in [(0..1, "a"), (2..9, "picture"), (5..99, "ture"), (9..20, ""), (50..60, "")] {
        let found = blobs.get_range(&community, &first, range).await.unwrap().unwrap();
        assert_eq!(found, part.as_bytes());
    }
    assert_eq!(fs::read(object(&place, &community, &first)).unwrap(), b"a picture");
    // Removed, it is gone, and so is what it took.
    for _ in 0..2 {
        blobs.delete(&community, &first).await.unwrap();
        assert_eq!(blobs.get(&community, &first).await.unwrap(), None);
    }
    assert!(!object(&place, &community, &first).exists());
    assert_eq!(taken(&community), 0);
}

#[tokio::test]
async fn a_community_has_no_blob_of_another() {
    let place = Place::new();
    let communities = place.communities();
    let [one, other] = ["Сосновка", "Берёзки"].map(|name| communities.create(name, at(0), entropy).unwrap());
    let blobs = communities.blobs();
    let mine = blobs.put(&one, Kind::Backup, b"a backup".to_vec(), at(1)).await.unwrap();
    assert_eq!(blobs.get(&other, &mine).await.unwrap(), None);
    assert_eq!(blobs.get_range(&other, &mine, 0..4).await.unwrap(), None);
    assert_eq!(blobs.about(&other, &mine).await.unwrap(), None);
    assert!(
        !blobs.is_for_hubs(&other, &mine).await.unwrap() && blobs.is_for_hubs(&one, &mine).await.unwrap()
    );
    blobs.delete(&other, &mine).await.unwrap();
    assert!(blobs.get(&one, &mine).await.unwrap().is_some());
    // Both have the same: each has its own.
    blobs.put(&other, Kind::Picture, b"a backup".to_vec(), at(2)).await.unwrap();
    blobs.delete(&one, &mine).await.unwrap();
    assert!(blobs.get(&other, &mine).await.unwrap().is_some());
    assert!(!blobs.is_for_hubs(&other, &mine).await.unwrap(), "hubs have backups, not pictures");
}

#[tokio::test]
async fn a_community_that_is_full_takes_no_more_pictures_and_is_backed_up_all_the_same() {
    let place = Place::new();
    let communities = place.communities();
    let community = communities.create("Сосновка", at(0), entropy).unwrap();
    let folder = place.folder.path().join("little");
    let blobs = Blobs::in_folder(&folder, 100).unwrap();
    let first = blobs.put(&community, Kind::Picture, vec![1; 60], at(1)).await.unwrap();
    let refused = blobs.put(&community, Kind::Crop, vec![2; 41], at(1)).await;
    assert!(matches!(refused, Err(BlobError::Full { limit: 100 })), "{refused:?}");
    assert_eq!(blobs.get(&community, &hash(&[2; 41])).await.unwrap(), None);
    blobs.put(&community, Kind::Picture, vec![1; 60], at(1)).await.unwrap();
    blobs.put(&community, Kind::Backup, vec![3; 500], at(1)).await.unwrap();
    blobs.put(&community, Kind::Thumbnail, vec![4; 40], at(1)).await.unwrap();
    assert_eq!((taken(&community), files(&folder)), (100, 3));
    blobs.delete(&community, &first).await.unwrap();
    // Many at once: as many as there is room for, and nothing is left of the others.
    let work = (0..20).map(|n| blobs.put(&community, Kind::Crop, vec![100 + n; 25], at(2)));
    let done = futures_util::future::join_all(work).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 2);
    assert!(done.iter().all(|done| matches!(done, Ok(_) | Err(BlobError::Full { .. }))), "{done:?}");
    assert_eq!((taken(&community), files(&folder)), (90, 4));
}

#[tokio::test]
async fn a_long_file_goes_in_part_by_part() {
    let place = Place::new();
    let communities = place.communities();
    let community = communities.create("Сосновка", at(0), entropy).unwrap();
    let blobs = communities.blobs();
    let path = place.folder.path().join("backup");
    for length in [0, 1, 8 << 20, (17 << 20) + 5] {
        let bytes: Vec<u8> = (0..length).map(|n: usize| (n / 3 % 251) as u8).collect();
        fs::write(&path, &bytes).unwrap();
        let put = blobs.put_file(&community, Kind::Backup, &path, at(1)).await.unwrap();
        assert_eq!(put, hash(&bytes));
        assert!(blobs.get(&community, &put).await.unwrap() == Some(bytes), "{length}");
    }
    assert_eq!(files(&place.folder.path().join("data/blobs")), 4, "nothing unfinished is left");
    let missing = blobs.put_file(&community, Kind::Backup, &path.with_extension("not"), at(1)).await;
    assert!(matches!(missing, Err(BlobError::Io { .. })), "{missing:?}");
}

#[tokio::test]
async fn what_the_disk_lost_or_changed_is_told_and_mended_when_it_comes_again() {
    let place = Place::new();
    let communities = place.communities();
    let community = communities.create("Сосновка", at(0), entropy).unwrap();
    let blobs = communities.blobs();
    let put = async || blobs.put(&community, Kind::Crop, b"a picture".to_vec(), at(1)).await.unwrap();
    let hash = put().await;
    let path = object(&place, &community, &hash);
    let get = async || blobs.get(&community, &hash).await;
    fs::write(&path, b"a pictura").unwrap();
    assert!(matches!(get().await, Err(BlobError::Damaged(_))));
    fs::write(&path, b"a pic").unwrap();
    assert!(get().await.is_err());
    put().await;
    assert!(get().await.unwrap().is_some());
    fs::remove_file(&path).unwrap();
    assert!(matches!(get().await, Err(BlobError::Missing(_))));
    put().await;
    assert!(get().await.unwrap().is_some());
    assert_eq!(taken(&community), 9, "it takes its room once");
}

#[tokio::test]
async fn a_disk_that_takes_nothing_leaves_nothing() {
    let place = Place::new();
    let communities = place.communities();
    let community = communities.create("Сосновка", at(0), entropy).unwrap();
    // A file where the community's folder should be.
    let folder = place.folder.path().join("data/blobs");
    fs::write(folder.join(community.id.to_string()), b"").unwrap();
    let refused = communities.blobs().put(&community, Kind::Crop, vec![1; 9], at(1)).await;
    assert!(matches!(refused, Err(BlobError::Objects(_))), "{refused:?}");
    assert_eq!(
        (communities.blobs().get(&community, &hash(&[1; 9])).await.unwrap(), taken(&community)),
        (None, 0)
    );
}

#[test]
fn a_bucket_needs_its_keys_in_the_environment_and_no_plain_http_over_a_network() {
    let place = Place::new();
    let s3 = |endpoint: Option<&str>| config::Blobs {
        s3: Some(config::S3 {
            bucket: "dwellers".into(),
            endpoint: endpoint.map(str::to_owned),
            region: "eu-central-1".into(),
        }),
        ..config::Blobs::default()
    };
    let open = |config: &config::Blobs, has_keys: bool| {
        Blobs::open(config, place.folder.path(), |name| {
            (has_keys && name.starts_with("AWS_")).then(|| "secret".to_owned())
        })
    };
    let why = open(&s3(None), false).unwrap_err();
    assert!(why.to_string().contains("AWS_ACCESS_KEY_ID is not in the environment"), "{why}");
    for (endpoint, is_taken) in [
        (None, true),
        (Some("https://s3.example"), true),
        (Some("http://127.0.0.1:9000"), true),
        (Some("http://s3.example"), false),
        (Some("http://127.0.0.1.example"), false),
    ] {
        let opened = open(&s3(endpoint), true);
        assert_eq!(opened.is_ok(), is_taken, "{endpoint:?} {opened:?}");
        assert!(!format!("{opened:?}").contains("secret"));
    }
    open(&config::Blobs::default(), false).unwrap();
}

/// What a bucket holds, and what was begun in it.
type Bucket = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// What speaks as much of S3 as is used here: at most, and over loopback.
async fn bucket(holds: Bucket) -> SocketAddr {
    let answer = move |method: Method, path: FullPath, query: String, head: HeaderMap, body: Bytes| {
        let (mut holds, key) = (holds.lock().unwrap(), path.as_str().to_owned());
        let part = query.split('&').find_map(|pair| pair.strip_prefix("partNumber="));
        let is_upload = query.contains("uploadId=");
        let signed =
            head.get("authorization").is_some_and(|by| by.to_str().unwrap().contains("AWS4-HMAC-SHA256"));
        let answer = Response::builder()
            .header("etag", "\"e\"")
            .header("last-modified", "Wed, 21 Oct 2015 07:28:00 GMT");
        let xml = |name: &str, inner: &str| format!("<{name}>{inner}</{name}>").into_bytes();
        let (status, answer, body) = match method {
            _ if !signed => (403, answer, Vec::new()),
            Method::PUT => {
                let at = part.map_or(key.clone(), |part| format!("{key}#{part:0>5}"));
                holds.insert(at, body.to_vec());
                (200, answer, Vec::new())
            }
            Method::POST if is_upload => {
                let begun = format!("{key}#");
                let parts: Vec<_> = holds.extract_if(.., |at, _| at.starts_with(&begun)).collect();
                holds.insert(key, parts.into_iter().flat_map(|(_, part)| part).collect());
                (200, answer, xml("CompleteMultipartUploadResult", "<ETag>e</ETag>"))
            }
            Method::POST => (200, answer, xml("InitiateMultipartUploadResult", "<UploadId>7</UploadId>")),
            Method::DELETE => {
                holds.remove(&key);
                (204, answer, Vec::new())
            }
            _ => match (holds.get(&key), head.get("range").map(|range| range.to_str().unwrap())) {
                (None, _) => (404, answer, Vec::new()),
                (Some(object), None) => (200, answer, object.clone()),
                (Some(object), Some(range)) => {
                    let (from, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
                    let (from, last): (usize, usize) = (from.parse().unwrap(), last.parse().unwrap());
                    let last = last.min(object.len() - 1);
                    let range = format!("bytes {from}-{last}/{}", object.len());
                    (206, answer.header("content-range", range), object[from..=last].to_vec())
                }
            },
        };
        answer.status(status).header("content-length", body.len()).body(body).unwrap()
    };
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let all = warp::method()
        .and(warp::path::full())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(warp::body::bytes())
        .map(answer);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(warp::serve(all).incoming(listener).run());
    at
}

#[tokio::test]
async fn a_bucket_holds_the_same_as_a_folder() {
    let place = Place::new();
    let holds = Bucket::default();
    let endpoint = format!("http://{}", bucket(holds.clone()).await);
    let s3 =
        config::S3 { bucket: "dwellers".into(), endpoint: Some(endpoint), region: "eu-central-1".into() };
    let config = config::Blobs { s3: Some(s3), ..config::Blobs::default() };
    let blobs = Blobs::open(&config, place.folder.path(), |_| Some("secret".to_owned())).unwrap();
    let community = place.communities().create("Сосновка", at(0), entropy).unwrap();
    let small = blobs.put(&community, Kind::Crop, b"a picture".to_vec(), at(1)).await.unwrap();
    blobs.put(&community, Kind::Crop, b"a picture".to_vec(), at(1)).await.unwrap();
    let path = place.folder.path().join("backup");
    let long: Vec<u8> = (0..(17 << 20) + 5).map(|n: usize| (n / 3 % 251) as u8).collect();
    fs::write(&path, &long).unwrap();
    let large = blobs.put_file(&community, Kind::Backup, &path, at(1)).await.unwrap();
    assert_eq!(blobs.get(&community, &small).await.unwrap().as_deref(), Some(&b"a picture"[..]));
    assert!(blobs.get(&community, &large).await.unwrap().as_ref() == Some(&long));
    let range = blobs.get_range(&community, &large, (16 << 20)..(16 << 20) + 10).await.unwrap().unwrap();
    assert_eq!(range, long[16 << 20..][..10]);
    let keys: Vec<_> = holds.lock().unwrap().keys().cloned().collect();
    let prefix = format!("/dwellers/{}/", community.id);
    assert!(keys.len() == 2 && keys.iter().all(|key| key.starts_with(&prefix)), "{keys:?}");
    holds.lock().unwrap().retain(|_, object| object.len() > 9);
    assert!(matches!(blobs.get(&community, &small).await, Err(BlobError::Missing(_))));
    for hash in [small, large] {
        blobs.delete(&community, &hash).await.unwrap();
        assert_eq!(blobs.get(&community, &hash).await.unwrap(), None);
    }
    assert!(holds.lock().unwrap().is_empty());
}
