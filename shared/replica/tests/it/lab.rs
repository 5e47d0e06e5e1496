//! Replicas to experiment with: a cloud, hubs that it knows, and the ways in which records get from one to another.
//!
//! Nothing here draws chance or reads a clock: ids are numbered, time is counted from [`START_MS`].

use std::cell::Cell;
use std::collections::BTreeMap;

use dwellers_replica::builtin::Registration;
use dwellers_replica::delta::{Change, Chunk, MAX_CHUNK_FIELDS, Repair};
use dwellers_replica::{
    CommitError, Committed, Entry, Merged, Now, Options, Query, Record, RecordId, Refusal, Replica,
    ReplicaId, Role, Schema, Source, Spec, Sqlite, Stamp, Store, Time, Writes,
};
use tempfile::TempDir;

use crate::collections::schema;

/// The moment at which the tests' world begins: in November 2023.
pub const START_MS: u64 = 1_700_000_000_000;

/// A trusted clock, so many milliseconds after the beginning.
pub fn at(ms: u64) -> Now {
    Now { ms: START_MS + ms, trusted: true }
}

/// The n-th record, made n milliseconds after the beginning.
pub fn id(n: u64) -> RecordId {
    RecordId::new(START_MS + n, u128::from(n))
}

/// The cloud's id.
pub const CLOUD: ReplicaId = RecordId::new(START_MS - 1000, 0);

/// The id of a hub.
pub const fn hub_id(n: u64) -> ReplicaId {
    RecordId::new(START_MS - 900, n as u128)
}

/// How many hubs a cloud of the tests knows.
pub const HUBS: u64 = 4;

/// The device key of a hub.
pub fn key_of(hub: u64) -> String {
    format!("key of hub {hub}")
}

/// A cloud that has registered its hubs.
pub fn cloud<S: Store>(store: S) -> Replica<S> {
    cloud_with(store, schema())
}

/// A cloud of a certain program.
pub fn cloud_with<S: Store>(store: S, schema: Schema) -> Replica<S> {
    let mut cloud = Replica::create(store, schema, CLOUD, Role::Cloud, "key of the cloud", at(0)).unwrap();
    for n in 0..HUBS {
        let registration = Registration { role: Some(Role::Hub), key: key_of(n), succeeds: None };
        cloud.register(hub_id(n), &registration, at(0)).unwrap();
    }
    cloud
}

/// A hub that knows its cloud, and so far nothing else.
pub fn hub<S: Store>(store: S, n: u64) -> Replica<S> {
    hub_with(store, n, schema())
}

/// A hub of a certain program.
pub fn hub_with<S: Store>(store: S, n: u64, schema: Schema) -> Replica<S> {
    let mut hub = Replica::create(store, schema, hub_id(n), Role::Hub, "", at(0)).unwrap();
    hub.introduce(CLOUD, Role::Cloud, at(0)).unwrap();
    hub
}

/// A hub that was introduced to everybody, so that writes of any replica can reach it in any order.
pub fn witness<S: Store>(store: S) -> Replica<S> {
    let mut witness = hub(store, HUBS);
    for n in 0..HUBS {
        witness.introduce(hub_id(n), Role::Hub, at(0)).unwrap();
    }
    witness
}

/// An empty store on the disk, in a folder that goes with the test's thread.
pub fn on_disk() -> Sqlite {
    thread_local! {
        static FOLDER: (TempDir, Cell<u32>) = (tempfile::tempdir().unwrap(), Cell::new(0));
    }
    FOLDER.with(|(folder, count)| {
        count.set(count.get() + 1);
        Sqlite::open(folder.path().join(format!("{}.db", count.get())), Options::default()).unwrap()
    })
}

/// What a replica is to those who receive from it.
pub fn source<S: Store>(replica: &Replica<S>) -> Source {
    let standing = replica.standing().unwrap();
    Source { replica: standing.replica, role: standing.role }
}

/// The source of what the cloud sends.
pub const FROM_CLOUD: Source = Source { replica: CLOUD, role: Role::Cloud };

/// The source of what a hub sends.
pub const fn from_hub(n: u64) -> Source {
    Source { replica: hub_id(n), role: Role::Hub }
}

/// The next chunk that `to` lacks of what `from` holds.
pub fn next_chunk<A: Store, B: Store>(from: &mut Replica<A>, to: &mut Replica<B>) -> Chunk {
    small_chunk(from, to, MAX_CHUNK_FIELDS)
}

/// The same with fewer fields.
pub fn small_chunk<A: Store, B: Store>(from: &mut Replica<A>, to: &mut Replica<B>, limit: usize) -> Chunk {
    let resumption = to.resumption(from.standing().unwrap().replica).unwrap();
    let base = from.resume(&resumption).unwrap().expect("no disk was restored");
    from.since(base, base.arrival, &resumption.vector, limit).unwrap()
}

/// Brings everything that `from` holds to `to`.
pub fn catch_up<A: Store, B: Store>(from: &mut Replica<A>, to: &mut Replica<B>, now: Now) -> Merged {
    let source = source(from);
    let mut all = Merged::default();
    for _ in 0..10_000 {
        let chunk = next_chunk(from, to);
        let merged = to.merge(source, now, &chunk).unwrap();
        all.changed.extend(merged.changed);
        all.alarms.extend(merged.alarms);
        all.mark = merged.mark;
        if chunk.to.is_some() {
            return all;
        }
    }
    panic!("a catch-up that does not end");
}

/// Both ways.
pub fn talk<A: Store, B: Store>(one: &mut Replica<A>, other: &mut Replica<B>, now: Now) {
    catch_up(one, other, now);
    catch_up(other, one, now);
}

/// Commits one write, or says why not.
pub fn try_write<S: Store>(
    replica: &mut Replica<S>,
    now: Now,
    fill: impl FnOnce(&mut Writes) -> &mut Writes,
) -> Result<Committed, Refusal> {
    let mut writes = Writes::new();
    fill(&mut writes);
    match replica.commit(now, &writes) {
        Ok(committed) => Ok(committed),
        Err(CommitError::Refused(refusal)) => Err(refusal),
        Err(CommitError::Store(error)) => panic!("{error}"),
    }
}

/// Commits one write.
pub fn write<S: Store>(
    replica: &mut Replica<S>,
    now: Now,
    fill: impl FnOnce(&mut Writes) -> &mut Writes,
) -> Stamp {
    try_write(replica, now, fill).unwrap().stamp
}

/// Creates one record.
pub fn create<S: Store, T: Record>(replica: &mut Replica<S>, now: Now, id: RecordId, value: &T) -> Stamp {
    write(replica, now, |writes| writes.create(id, value))
}

/// Changes one record.
pub fn update<S: Store, T: Record>(
    replica: &mut Replica<S>,
    now: Now,
    id: RecordId,
    change: impl FnOnce(&mut T),
) -> Stamp {
    let entry = get::<T, S>(replica, id).expect("the record is there");
    write(replica, now, |writes| writes.update(&entry, change))
}

/// Reads one record.
pub fn get<T: Record, S: Store>(replica: &Replica<S>, id: RecordId) -> Option<Entry<T>> {
    replica.view(|view| view.of::<T>().get(id)).unwrap().unwrap()
}

/// The ids of one page.
pub fn ids<T: Record, S: Store>(replica: &Replica<S>, query: &Query<'_>) -> Vec<RecordId> {
    let page = replica.view(|view| view.of::<T>().find(query)).unwrap().unwrap();
    page.entries.iter().map(|entry| entry.id).collect()
}

/// The ids of records whose text contains the fragment.
pub fn searched<T: Record, S: Store>(replica: &Replica<S>, fragment: &str) -> Vec<RecordId> {
    let page = replica.view(|view| view.of::<T>().search(fragment, None, 1000)).unwrap().unwrap();
    page.entries.iter().map(|entry| entry.id).collect()
}

/// Everything replicated that a replica holds: the stamp and the bytes of each field.
pub type Fields = BTreeMap<(String, RecordId, String), (Stamp, String)>;

/// Reads all of it, through the door by which peers repair each other.
pub fn fields<S: Store>(replica: &mut Replica<S>) -> Fields {
    let mut all = Fields::new();
    for bucket in replica.digests().unwrap().into_keys() {
        let mut after = None;
        loop {
            let (repair, more) = replica.bucket(&bucket, after).unwrap();
            for change in repair.changes {
                for (name, value) in change.fields {
                    let key = (bucket.collection.to_string(), change.record, name);
                    let twice = all.insert(key, (change.stamp, value));
                    assert!(twice.is_none(), "a field is held once");
                }
            }
            match more {
                Some(_) => after = more,
                None => break,
            }
        }
    }
    all
}

/// The digest that is kept must be the digest of what is held.
pub fn assert_digest_true<S: Store>(replica: &mut Replica<S>) {
    assert_eq!(
        replica.digests().unwrap(),
        replica.recomputed_digests().unwrap(),
        "kept and recomputed digests"
    );
}

/// Two replicas hold the same.
pub fn assert_same<A: Store, B: Store>(one: &mut Replica<A>, other: &mut Replica<B>) {
    assert_eq!(fields(one), fields(other));
    assert_eq!(one.digests().unwrap(), other.digests().unwrap());
    assert_digest_true(one);
    assert_digest_true(other);
}

/// The shape of a collection as a sender of any program may state it.
pub fn shape(spec: &Spec) -> dwellers_replica::Shape {
    let Spec { name, kind, writers, lasting, bulk, .. } = *spec;
    dwellers_replica::Shape { name: name.into(), kind, writers, lasting, bulk }
}

/// A stamp made by hand.
pub fn stamp(ms: u64, replica: ReplicaId, sequence: u64) -> Stamp {
    Stamp { time: Time::from_ms(START_MS + ms), replica, sequence }
}

/// A frame with one change of one record, written by hand as any program might.
pub fn frame(spec: &Spec, record: RecordId, stamp: Stamp, fields: &[(&str, &str)]) -> Repair {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Repair { shape: shape(spec), changes: vec![Change { shape: 0, record, stamp, fields }] }
}
