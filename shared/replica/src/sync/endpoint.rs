//! What a session asks of its replica: the door between the protocol and the rules.

use std::collections::BTreeMap;

use crate::delta::{Chunk, Repair};
use crate::replica::{AdmissionError, Hello, MergeError, Merged, Replica, Resumption, Source};
use crate::stamp::{Now, RecordId, ReplicaId, Vector};
use crate::store::{Bucket, Mark, Store, StoreError};

/// What a session asks of its replica. Everything it returns for sending is durable.
pub trait Endpoint {
    /// See [`Replica::hello`].
    fn hello(&mut self) -> Result<Hello, StoreError>;
    /// See [`Replica::admit`].
    fn admit(&mut self, hello: &Hello, key: &str, now: Now) -> Result<Source, AdmissionError>;
    /// See [`Replica::resumption`].
    fn resumption(&mut self, peer: ReplicaId) -> Result<Resumption, StoreError>;
    /// See [`Replica::resume`].
    fn resume(&mut self, peer: &Resumption) -> Result<Result<Mark, u64>, StoreError>;
    /// See [`Replica::since`].
    fn since(&mut self, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk, StoreError>;
    /// See [`Replica::urgent`].
    fn urgent(&mut self, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk, StoreError>;
    /// See [`Replica::merge`].
    fn merge(&mut self, source: Source, now: Now, chunk: Chunk) -> Result<Merged, MergeError>;
    /// See [`Replica::digests`].
    fn digests(&mut self) -> Result<BTreeMap<Bucket, u128>, StoreError>;
    /// See [`Replica::bucket`].
    fn bucket(
        &mut self,
        bucket: &Bucket,
        after: Option<RecordId>,
    ) -> Result<(Repair, Option<RecordId>), StoreError>;
    /// See [`Replica::repair`].
    fn repair(&mut self, source: Source, now: Now, repair: Repair) -> Result<Merged, MergeError>;
    /// What is remembered of the peer's history.
    fn known(&mut self, peer: ReplicaId) -> Result<Mark, StoreError> {
        Ok(self.resumption(peer)?.cursor)
    }
}

impl<S: Store> Endpoint for Replica<S> {
    fn hello(&mut self) -> Result<Hello, StoreError> {
        Replica::hello(self)
    }

    fn admit(&mut self, hello: &Hello, key: &str, now: Now) -> Result<Source, AdmissionError> {
        Replica::admit(self, hello, key, now)
    }

    fn resumption(&mut self, peer: ReplicaId) -> Result<Resumption, StoreError> {
        Replica::resumption(self, peer)
    }

    fn resume(&mut self, peer: &Resumption) -> Result<Result<Mark, u64>, StoreError> {
        Replica::resume(self, peer)
    }

    fn since(&mut self, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk, StoreError> {
        Replica::since(self, base, after, from, limit)
    }

    fn urgent(&mut self, base: Mark, after: u64, from: &Vector, limit: usize) -> Result<Chunk, StoreError> {
        Replica::urgent(self, base, after, from, limit)
    }

    fn merge(&mut self, source: Source, now: Now, chunk: Chunk) -> Result<Merged, MergeError> {
        Replica::merge(self, source, now, &chunk)
    }

    fn digests(&mut self) -> Result<BTreeMap<Bucket, u128>, StoreError> {
        self.read_to_send(|rows| rows.digests())
    }

    fn bucket(
        &mut self,
        bucket: &Bucket,
        after: Option<RecordId>,
    ) -> Result<(Repair, Option<RecordId>), StoreError> {
        Replica::bucket(self, bucket, after)
    }

    fn repair(&mut self, source: Source, now: Now, repair: Repair) -> Result<Merged, MergeError> {
        Replica::repair(self, source, now, &repair)
    }
}
