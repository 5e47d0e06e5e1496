//! Plain SQLite: one table of documents, its indexes, and prepared statements.

use std::marker::PhantomData;
use std::ops::Range;
use std::path::Path;

use dwellers_replica::Direction;
use rusqlite::{Connection, params};

use crate::samples::{Note, Sample, Visit, id};

/// A table of the same documents, with the settings of the store.
pub struct Plain<T> {
    connection: Connection,
    insert: String,
    update: String,
    get: String,
    record: PhantomData<T>,
}

impl<T: Sample> Plain<T> {
    pub fn open(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.pragma_update(None, "synchronous", "FULL").unwrap();
        connection.pragma_update(None, "secure_delete", true).unwrap();
        connection.pragma_update(None, "cache_size", -(8 << 10)).unwrap();
        connection.set_prepared_statement_cache_capacity(64);
        let table = T::SPEC.name;
        let mut sql = format!("CREATE TABLE {table} (id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID;");
        for index in T::SPEC.indexes {
            let fields: String = index.on.iter().map(|field| format!("doc->>'{field}', ")).collect();
            sql += &format!("CREATE INDEX {table}_{} ON {table} ({fields} id);", index.name);
        }
        if !T::SPEC.search.is_empty() {
            sql += "CREATE TABLE texts (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
                    CREATE VIRTUAL TABLE trigrams USING fts5 (
                        text, content = '', tokenize = 'trigram case_sensitive 1'
                    );";
        }
        connection.execute_batch(&sql).unwrap();
        Plain {
            connection,
            insert: format!("INSERT INTO {table} (id, doc) VALUES (?1, ?2)"),
            update: format!("UPDATE {table} SET doc = ?2 WHERE id = ?1"),
            get: format!("SELECT doc FROM {table} WHERE id = ?1"),
            record: PhantomData,
        }
    }

    /// Inserts records in one transaction.
    pub fn insert(&mut self, records: Range<u64>) {
        self.execute("BEGIN IMMEDIATE");
        {
            let mut insert = self.connection.prepare_cached(&self.insert).unwrap();
            for n in records {
                let value = T::sample(n);
                let id = id(n).to_string();
                insert.execute(params![id, serde_json::to_string(&value).unwrap()]).unwrap();
                if let Some(text) = value.text() {
                    let add = |sql, value: &str| {
                        self.connection
                            .prepare_cached(sql)
                            .unwrap()
                            .execute(params![n as i64, value])
                            .unwrap()
                    };
                    add("INSERT INTO texts (number, id) VALUES (?1, ?2)", &id);
                    add("INSERT INTO trigrams (rowid, text) VALUES (?1, ?2)", text);
                }
            }
        }
        self.execute("COMMIT");
    }

    /// Changes records in one transaction.
    pub fn change(&mut self, records: Range<u64>) {
        self.execute("BEGIN IMMEDIATE");
        for n in records {
            let mut value = self.get(n);
            value.change();
            let mut update = self.connection.prepare_cached(&self.update).unwrap();
            update.execute(params![id(n).to_string(), serde_json::to_string(&value).unwrap()]).unwrap();
        }
        self.execute("COMMIT");
    }

    pub fn get(&self, n: u64) -> T {
        let mut get = self.connection.prepare_cached(&self.get).unwrap();
        get.query_row([id(n).to_string()], |row| Ok(parse(row.get_ref(0)?.as_str()?))).unwrap()
    }

    pub fn document_bytes(&self) -> f64 {
        let sql = format!("SELECT total(length(CAST(doc AS BLOB))) FROM {}", T::SPEC.name);
        self.connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    }

    fn execute(&self, sql: &str) {
        self.connection.prepare_cached(sql).unwrap().execute([]).unwrap();
    }

    fn list(&self, sql: &str, params: impl rusqlite::Params) -> Vec<T> {
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        let found = statement.query_map(params, |row| Ok(parse(row.get_ref(0)?.as_str()?))).unwrap();
        found.map(Result::unwrap).collect()
    }
}

impl Plain<Visit> {
    /// Visits of the same gate from this weight on, or below it.
    pub fn find(&self, from: &Visit, direction: Direction, limit: usize) -> Vec<Visit> {
        let sql = match direction {
            Direction::Ascending => {
                "SELECT doc FROM visits WHERE doc->>'gate' = ?1 AND doc->>'weight' >= ?2
                 ORDER BY doc->>'weight', id LIMIT ?3"
            }
            Direction::Descending => {
                "SELECT doc FROM visits WHERE doc->>'gate' = ?1 AND doc->>'weight' < ?2
                 ORDER BY doc->>'weight' DESC, id DESC LIMIT ?3"
            }
        };
        self.list(sql, params![from.gate, from.weight as i64, limit as i64])
    }
}

impl Plain<Note> {
    /// The newest notes with this fragment. Numbers rise with ids, and in their order the index reads fastest.
    pub fn search(&self, fragment: &str, limit: usize) -> Vec<Note> {
        let sql = "SELECT doc FROM trigrams JOIN texts ON number = trigrams.rowid JOIN notes USING (id)
                   WHERE trigrams MATCH ?1 ORDER BY trigrams.rowid DESC LIMIT ?2";
        self.list(sql, params![format!("\"{fragment}\""), limit as i64])
    }
}

fn parse<T: Sample>(doc: &str) -> T {
    serde_json::from_str(doc).unwrap()
}
