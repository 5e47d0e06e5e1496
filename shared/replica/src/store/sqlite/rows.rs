//! The store's reads and writes as statements, one for each. Nothing is decided here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Params, params};

use super::failure::Reason;
use super::names::Names;
use super::{codec, search, tables};
use crate::row::Row;
use crate::schema::{Declared, Shape};
use crate::stamp::{RecordId, ReplicaId};
use crate::store::{Bucket, Direction, Head, Mark, Result, Rows, Span, StoreError, Table};

/// The key of the head in the table of single values.
const HEAD: &str = "head";

/// The tables as a transaction sees them.
pub(super) struct Tables<'a> {
    pub connection: &'a Connection,
    pub names: &'a Names,
}

impl Tables<'_> {
    fn execute(&self, sql: &str, params: impl Params) -> Result<()> {
        self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(params)).reason()?;
        Ok(())
    }

    fn value<T: FromSql>(&self, sql: &str, params: impl Params) -> Result<Option<T>> {
        let mut statement = self.connection.prepare_cached(sql).reason()?;
        statement.query_row(params, |row| row.get(0)).optional().reason()
    }

    fn list<T>(
        &self,
        sql: &str,
        params: impl Params,
        each: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql).reason()?;
        let found = statement.query_map(params, each).reason()?;
        found.collect::<rusqlite::Result<_>>().reason()
    }

    fn collection(&self, name: &str) -> Result<Option<i64>> {
        self.names.collection(self.connection, name)
    }

    fn add_collection(&self, name: &str) -> Result<i64> {
        self.names.add_collection(self.connection, name)
    }
}

impl Rows for Tables<'_> {
    fn head(&self) -> Result<Option<Head>> {
        let held: Option<Vec<u8>> = self.value("SELECT value FROM _meta WHERE key = ?1", [HEAD])?;
        held.map(|bytes| postcard::from_bytes(&bytes).map_err(|error| damaged("the head", error))).transpose()
    }

    fn row(&self, collection: &str, id: RecordId) -> Result<Option<Row>> {
        let Some(collection) = self.collection(collection)? else { return Ok(None) };
        let sql = "SELECT doc, meta FROM _records WHERE collection = ?1 AND id = ?2";
        let mut statement = self.connection.prepare_cached(sql).reason()?;
        let mut rows = statement.query(params![collection, id.to_string()]).reason()?;
        let Some(row) = rows.next().reason()? else { return Ok(None) };
        let doc = row.get_ref(0).reason()?.as_str().map_err(|error| damaged("a record", error))?;
        let meta = row.get_ref(1).reason()?.as_blob().map_err(|error| damaged("a record", error))?;
        codec::decode(id, doc, meta, |number| self.names.replica(self.connection, number)).map(Some)
    }

    fn ids(&self, collection: &str, first: RecordId, last: RecordId, limit: usize) -> Result<Vec<RecordId>> {
        let Some(collection) = self.collection(collection)? else { return Ok(Vec::new()) };
        let sql =
            "SELECT id FROM _records WHERE collection = ?1 AND id BETWEEN ?2 AND ?3 ORDER BY id LIMIT ?4";
        let key = params![collection, first.to_string(), last.to_string(), at_most(limit)];
        let texts = self.list(sql, key, |row| row.get::<_, String>(0))?;
        texts.iter().map(|id| id.parse().map_err(|error| damaged("a record's id", error))).collect()
    }

    fn entries(&self, collection: &str, index: &str, span: &Span, limit: usize) -> Result<Vec<Vec<u8>>> {
        let Some(collection) = self.collection(collection)? else { return Ok(Vec::new()) };
        let Some(index) = self.names.index(self.connection, collection, index)? else {
            return Ok(Vec::new());
        };
        let low = span.low.as_deref().unwrap_or_default();
        // Four texts, because SQLite looks up a range only where both its ends are plain comparisons.
        let sql = match (&span.high, span.direction) {
            (Some(_), Direction::Ascending) => {
                "SELECT key FROM _entries WHERE number = ?1 AND key >= ?2 AND key < ?4 ORDER BY key LIMIT ?3"
            }
            (Some(_), Direction::Descending) => {
                "SELECT key FROM _entries WHERE number = ?1 AND key >= ?2 AND key < ?4 ORDER BY key DESC LIMIT ?3"
            }
            (None, Direction::Ascending) => {
                "SELECT key FROM _entries WHERE number = ?1 AND key >= ?2 ORDER BY key LIMIT ?3"
            }
            (None, Direction::Descending) => {
                "SELECT key FROM _entries WHERE number = ?1 AND key >= ?2 ORDER BY key DESC LIMIT ?3"
            }
        };
        let key = |row: &rusqlite::Row<'_>| row.get(0);
        match &span.high {
            Some(high) => self.list(sql, params![index, low, at_most(limit), high], key),
            None => self.list(sql, params![index, low, at_most(limit)], key),
        }
    }

    fn matches(
        &self,
        collection: &str,
        fragment: &str,
        before: RecordId,
        limit: usize,
    ) -> Result<Vec<RecordId>> {
        search::matches(self.connection, self.names, collection, fragment, before, limit)
    }

    fn arrivals(
        &self,
        after: u64,
        without: &[Cow<'static, str>],
        limit: usize,
    ) -> Result<Vec<(u64, Cow<'static, str>, RecordId)>> {
        // A peer's memory of our history may be nonsense.
        let Ok(after) = i64::try_from(after) else { return Ok(Vec::new()) };
        let without = without.iter().filter_map(|name| self.collection(name).transpose());
        let without = serde_json::Value::from(without.collect::<Result<Vec<_>>>()?).to_string();
        // As the model orders them within a transaction: by the collection's name.
        let sql = "SELECT arrival, name, id FROM _arrivals JOIN _collections ON number = collection
                   WHERE arrival > ?1 AND collection NOT IN (SELECT value FROM json_each(?2))
                   ORDER BY arrival, name, id LIMIT ?3";
        self.list(sql, params![after, without, at_most(limit)], |row| {
            let name: String = row.get(1)?;
            Ok((row.get::<_, i64>(0)? as u64, name.into(), RecordId::from_bytes(row.get(2)?)))
        })
    }

    fn chain(&self, arrival: u64) -> Result<Option<Mark>> {
        let Ok(key) = i64::try_from(arrival) else { return Ok(None) };
        let mut find = self
            .connection
            .prepare_cached("SELECT sequence, hash FROM _chain WHERE arrival = ?1")
            .reason()?;
        let mark = |row: &rusqlite::Row<'_>| {
            Ok(Mark { arrival, sequence: row.get::<_, i64>(0)? as u64, hash: row.get(1)? })
        };
        find.query_row([key], mark).optional().reason()
    }

    fn marks(&self, peer: ReplicaId) -> Result<Vec<Mark>> {
        let Some(peer) = self.names.number(self.connection, peer)? else { return Ok(Vec::new()) };
        let sql = "SELECT arrival, sequence, hash FROM _marks WHERE replica = ?1 ORDER BY arrival DESC";
        self.list(sql, [peer], |row| {
            let (arrival, sequence) = (u64::from_be_bytes(row.get(0)?), u64::from_be_bytes(row.get(1)?));
            Ok(Mark { arrival, sequence, hash: row.get(2)? })
        })
    }

    fn digests(&self) -> Result<BTreeMap<Bucket, u128>> {
        let sql = "SELECT name, month, sum FROM _digests JOIN _collections ON number = collection";
        let found = self.list(sql, [], |row| {
            let bucket = Bucket { collection: row.get::<_, String>(0)?.into(), month: row.get(1)? };
            Ok((bucket, u128::from_be_bytes(row.get(2)?)))
        })?;
        Ok(found.into_iter().collect())
    }

    fn shape(&self, collection: &str) -> Result<Option<Shape>> {
        let sql = "SELECT shape FROM _collections WHERE name = ?1 AND shape IS NOT NULL";
        self.value::<String>(sql, [collection])?.as_deref().map(shape_of).transpose()
    }

    fn shapes(&self) -> Result<Vec<Shape>> {
        let sql = "SELECT shape FROM _collections WHERE shape IS NOT NULL ORDER BY name";
        self.list(sql, [], |row| row.get::<_, String>(0))?.iter().map(|text| shape_of(text)).collect()
    }

    fn declaration(&self, collection: &str) -> Result<Option<String>> {
        let sql = "SELECT declaration FROM _collections WHERE name = ?1";
        Ok(self.value::<Option<String>>(sql, [collection])?.flatten())
    }
}

impl Table for Tables<'_> {
    fn set_head(&mut self, head: &Head) -> Result<()> {
        let bytes = postcard::to_allocvec(head).map_err(|error| StoreError::Io(error.to_string()))?;
        let sql =
            "INSERT INTO _meta (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value";
        self.execute(sql, params![HEAD, bytes])
    }

    fn put_row(&mut self, collection: &str, id: RecordId, row: &Row) -> Result<()> {
        let collection = self.add_collection(collection)?;
        let text = id.to_string();
        if row.fields.is_empty() && row.erased.is_empty() {
            let sql = "DELETE FROM _records WHERE collection = ?1 AND id = ?2";
            return self.execute(sql, params![collection, text]);
        }
        let meta = codec::encode(id, row, |replica| self.names.add_number(self.connection, replica))?;
        let sql = "INSERT INTO _records (collection, id, doc, meta) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO UPDATE SET doc = excluded.doc, meta = excluded.meta";
        self.execute(sql, params![collection, text, row.document(), meta])
    }

    fn put_entry(&mut self, collection: &str, index: &str, key: &[u8]) -> Result<()> {
        let collection = self.add_collection(collection)?;
        let index = self.names.add_index(self.connection, collection, index)?;
        self.execute("INSERT OR IGNORE INTO _entries (number, key) VALUES (?1, ?2)", params![index, key])
    }

    fn remove_entry(&mut self, collection: &str, index: &str, key: &[u8]) -> Result<()> {
        let Some(collection) = self.collection(collection)? else { return Ok(()) };
        let Some(index) = self.names.index(self.connection, collection, index)? else { return Ok(()) };
        self.execute("DELETE FROM _entries WHERE number = ?1 AND key = ?2", params![index, key])
    }

    fn put_text(&mut self, collection: &str, id: RecordId, text: Option<&str>) -> Result<()> {
        let collection = self.add_collection(collection)?;
        search::put(self.connection, collection, id, text)
    }

    fn put_arrival(&mut self, arrival: u64, collection: &str, id: RecordId) -> Result<()> {
        let collection = self.add_collection(collection)?;
        let sql = "INSERT OR IGNORE INTO _arrivals (arrival, collection, id) VALUES (?1, ?2, ?3)";
        self.execute(sql, params![number(arrival)?, collection, id.to_bytes()])
    }

    fn remove_arrival(&mut self, arrival: u64, collection: &str, id: RecordId) -> Result<()> {
        let Some(collection) = self.collection(collection)? else { return Ok(()) };
        let sql = "DELETE FROM _arrivals WHERE arrival = ?1 AND collection = ?2 AND id = ?3";
        self.execute(sql, params![number(arrival)?, collection, id.to_bytes()])
    }

    fn put_chain(&mut self, mark: &Mark) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO _chain (arrival, sequence, hash) VALUES (?1, ?2, ?3)";
        self.execute(sql, params![number(mark.arrival)?, number(mark.sequence)?, mark.hash])
    }

    fn put_mark(&mut self, peer: ReplicaId, mark: &Mark) -> Result<()> {
        let peer = self.names.add_number(self.connection, peer)?;
        let sql = "INSERT OR REPLACE INTO _marks (replica, arrival, sequence, hash) VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, params![peer, mark.arrival.to_be_bytes(), mark.sequence.to_be_bytes(), mark.hash])
    }

    fn remove_mark(&mut self, peer: ReplicaId, arrival: u64) -> Result<()> {
        let Some(peer) = self.names.number(self.connection, peer)? else { return Ok(()) };
        self.execute(
            "DELETE FROM _marks WHERE replica = ?1 AND arrival = ?2",
            params![peer, arrival.to_be_bytes()],
        )
    }

    fn add_digest(&mut self, bucket: &Bucket, sum: u128) -> Result<()> {
        let collection = self.add_collection(&bucket.collection)?;
        let sql = "SELECT sum FROM _digests WHERE collection = ?1 AND month = ?2";
        let held: Option<[u8; 16]> = self.value(sql, params![collection, bucket.month])?;
        let total = held.map_or(0, u128::from_be_bytes).wrapping_add(sum);
        if total == 0 {
            let sql = "DELETE FROM _digests WHERE collection = ?1 AND month = ?2";
            return self.execute(sql, params![collection, bucket.month]);
        }
        let sql = "INSERT OR REPLACE INTO _digests (collection, month, sum) VALUES (?1, ?2, ?3)";
        self.execute(sql, params![collection, bucket.month, total.to_be_bytes()])
    }

    fn put_shape(&mut self, shape: &Shape) -> Result<()> {
        let number = self.add_collection(&shape.name)?;
        let text = serde_json::to_string(shape).map_err(|error| StoreError::Io(error.to_string()))?;
        self.execute("UPDATE _collections SET shape = ?2 WHERE number = ?1", params![number, text])
    }

    fn declare(&mut self, declared: &Declared, declaration: &str) -> Result<()> {
        let number = self.add_collection(declared.spec.name)?;
        tables::make_view(self.connection, number, declared)?;
        let sql = "DELETE FROM _entries WHERE number IN (SELECT number FROM _indexes WHERE collection = ?1)";
        self.execute(sql, [number])?;
        search::clear(self.connection, number)?;
        let sql = "UPDATE _collections SET declaration = ?2 WHERE number = ?1";
        self.execute(sql, params![number, declaration])
    }
}

/// The numbers of our own history, which SQLite counts in 63 bits.
fn number(own: u64) -> Result<i64> {
    i64::try_from(own).map_err(|error| damaged("the order of arrival", error))
}

fn at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn shape_of(text: &str) -> Result<Shape> {
    serde_json::from_str(text).map_err(|error| damaged("a collection's shape", error))
}

fn damaged(what: &str, error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(format!("{what}: {error}"))
}
