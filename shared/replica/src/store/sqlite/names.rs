//! The dictionaries: collections, indexes and replicas have numbers, so that no row repeats a name.
//!
//! Invariants: a number is given once and never again to another name, so that what was looked up stays
//! true; what a transaction added is forgotten where that transaction failed.

use std::cell::RefCell;
use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::Reason;
use crate::stamp::{RecordId, ReplicaId};
use crate::store::{Result, StoreError};

/// What a connection has looked up.
#[derive(Debug, Default)]
pub(super) struct Names {
    collections: RefCell<HashMap<String, i64>>,
    indexes: RefCell<HashMap<(i64, String), i64>>,
    numbers: RefCell<HashMap<ReplicaId, i64>>,
    replicas: RefCell<HashMap<i64, ReplicaId>>,
}

impl Names {
    /// Drops what was looked up.
    pub fn forget(&self) {
        self.collections.borrow_mut().clear();
        self.indexes.borrow_mut().clear();
        self.numbers.borrow_mut().clear();
        self.replicas.borrow_mut().clear();
    }

    pub fn collection(&self, at: &Connection, name: &str) -> Result<Option<i64>> {
        if let Some(number) = self.collections.borrow().get(name) {
            return Ok(Some(*number));
        }
        let mut find = at.prepare_cached("SELECT number FROM _collections WHERE name = ?1").reason()?;
        let found = find.query_row([name], |row| row.get(0)).optional().reason()?;
        if let Some(number) = found {
            self.collections.borrow_mut().insert(name.to_owned(), number);
        }
        Ok(found)
    }

    pub fn add_collection(&self, at: &Connection, name: &str) -> Result<i64> {
        if let Some(number) = self.collection(at, name)? {
            return Ok(number);
        }
        at.prepare_cached("INSERT INTO _collections (name) VALUES (?1)")
            .and_then(|mut add| add.execute([name]))
            .reason()?;
        let number = at.last_insert_rowid();
        self.collections.borrow_mut().insert(name.to_owned(), number);
        Ok(number)
    }

    pub fn index(&self, at: &Connection, collection: i64, name: &str) -> Result<Option<i64>> {
        let key = (collection, name.to_owned());
        if let Some(number) = self.indexes.borrow().get(&key) {
            return Ok(Some(*number));
        }
        let mut find =
            at.prepare_cached("SELECT number FROM _indexes WHERE collection = ?1 AND name = ?2").reason()?;
        let found = find.query_row(params![collection, name], |row| row.get(0)).optional().reason()?;
        if let Some(number) = found {
            self.indexes.borrow_mut().insert(key, number);
        }
        Ok(found)
    }

    pub fn add_index(&self, at: &Connection, collection: i64, name: &str) -> Result<i64> {
        if let Some(number) = self.index(at, collection, name)? {
            return Ok(number);
        }
        let mut add =
            at.prepare_cached("INSERT INTO _indexes (collection, name) VALUES (?1, ?2)").reason()?;
        add.execute(params![collection, name]).reason()?;
        let number = at.last_insert_rowid();
        self.indexes.borrow_mut().insert((collection, name.to_owned()), number);
        Ok(number)
    }

    /// The number of a replica, where it was ever needed.
    pub fn number(&self, at: &Connection, replica: ReplicaId) -> Result<Option<i64>> {
        if let Some(number) = self.numbers.borrow().get(&replica) {
            return Ok(Some(*number));
        }
        let mut find = at.prepare_cached("SELECT number FROM _replicas WHERE id = ?1").reason()?;
        let found = find.query_row([replica.to_bytes()], |row| row.get(0)).optional().reason()?;
        if let Some(number) = found {
            self.numbers.borrow_mut().insert(replica, number);
        }
        Ok(found)
    }

    pub fn add_number(&self, at: &Connection, replica: ReplicaId) -> Result<i64> {
        if let Some(number) = self.number(at, replica)? {
            return Ok(number);
        }
        let mut add = at.prepare_cached("INSERT INTO _replicas (id) VALUES (?1)").reason()?;
        add.execute([replica.to_bytes()]).reason()?;
        let number = at.last_insert_rowid();
        self.numbers.borrow_mut().insert(replica, number);
        Ok(number)
    }

    pub fn replica(&self, at: &Connection, number: i64) -> Result<ReplicaId> {
        if let Some(replica) = self.replicas.borrow().get(&number) {
            return Ok(*replica);
        }
        let mut find = at.prepare_cached("SELECT id FROM _replicas WHERE number = ?1").reason()?;
        let found = find.query_row([number], |row| row.get(0)).optional().reason()?;
        let id = found.ok_or_else(|| StoreError::Damaged(format!("a stamp names replica {number}")))?;
        let replica = RecordId::from_bytes(id);
        self.replicas.borrow_mut().insert(number, replica);
        Ok(replica)
    }
}
