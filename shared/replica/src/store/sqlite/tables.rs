//! The tables, their formats, and how the database is set up.
//!
//! Names of tables begin with an underscore, which no collection's name does: the plain nouns are the views
//! that people read. A new format is a new step at the end of [`STEPS`]; steps that were released never change.

use std::path::Path;

use rusqlite::types::ToSql;
use rusqlite::{Connection, TransactionBehavior};

use super::failure::Reason;
use super::file::APPLICATION;
use crate::schema::Declared;
use crate::store::{Result, StoreError};

pub(super) const BEGIN_READ: &str = "BEGIN DEFERRED";
pub(super) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
pub(super) const COMMIT: &str = "COMMIT";
pub(super) const ROLLBACK: &str = "ROLLBACK";

const PAGE_BYTES: u64 = 4096;
/// Pages of log after which it is folded into the file: rarely enough for a card's few random writes, soon
/// enough that recovery after a power cut reads a few megabytes.
const LOG_PAGES: i64 = 1000;
/// The log is cut to this when it is folded back: what one large catch-up made of it does not stay on the card,
/// and with it what was erased since.
const MAX_LOG_BYTES: i64 = LOG_PAGES * PAGE_BYTES as i64;
const CACHE_KIB: i64 = 8 << 10;

/// From each format to the next.
const STEPS: [&str; 1] = [FORMAT_1];

/// Ids are text where people look and sixteen bytes elsewhere; hashes and sums are sixteen bytes. The
/// numbers in a peer's marks are its own to choose, hence eight bytes each, high end first: SQLite has no
/// unsigned integers.
const FORMAT_1: &str = "
CREATE TABLE _meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE _collections (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, shape TEXT, declaration TEXT);
CREATE TABLE _indexes (
    number INTEGER PRIMARY KEY, collection INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (collection, name)
);
CREATE TABLE _replicas (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);

CREATE TABLE _records (
    collection INTEGER NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL, meta BLOB NOT NULL,
    PRIMARY KEY (collection, id)
) WITHOUT ROWID;
CREATE TABLE _entries (number INTEGER NOT NULL, key BLOB NOT NULL, PRIMARY KEY (number, key)) WITHOUT ROWID;

CREATE TABLE _arrivals (
    arrival INTEGER NOT NULL, collection INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY (arrival, collection, id)
) WITHOUT ROWID;
CREATE TABLE _chain (arrival INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, hash BLOB NOT NULL);
CREATE TABLE _marks (
    replica INTEGER NOT NULL, arrival BLOB NOT NULL, sequence BLOB NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (replica, arrival)
) WITHOUT ROWID;
CREATE TABLE _digests (
    collection INTEGER NOT NULL, month INTEGER NOT NULL, sum BLOB NOT NULL, PRIMARY KEY (collection, month)
) WITHOUT ROWID;

CREATE TABLE _texts (
    number INTEGER PRIMARY KEY, collection INTEGER NOT NULL, id BLOB NOT NULL, text TEXT NOT NULL,
    UNIQUE (collection, id)
);
-- Which trigrams a text has, and neither where nor how often: the text itself is looked into afterwards.
CREATE VIRTUAL TABLE _trigrams USING fts5 (
    text, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
);
-- What is erased leaves no trace in the index either.
INSERT INTO _trigrams (_trigrams, rank) VALUES ('secure-delete', 1);
";

/// Refuses a format that this program does not know.
pub(super) fn known(path: &Path, found: i64) -> Result<()> {
    let known = STEPS.len() as i64;
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    Ok(())
}

/// The same once more through SQLite, which also sees what is still in the log only.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<()> {
    known(path, format(connection)?)
}

/// Settings that change nothing in the file.
pub(super) fn guard(connection: &Connection) -> Result<()> {
    set(connection, "cell_size_check", true)?;
    set(connection, "trusted_schema", false)?;
    set(connection, "mmap_size", 0)?;
    set(connection, "temp_store", "MEMORY")
}

/// How the writer works.
pub(super) fn tune(connection: &Connection, max_bytes: Option<u64>) -> Result<()> {
    set(connection, "journal_mode", "WAL")?;
    wait_for_fsync(connection, true)?;
    set(connection, "secure_delete", true)?;
    set(connection, "wal_autocheckpoint", LOG_PAGES)?;
    set(connection, "journal_size_limit", MAX_LOG_BYTES)?;
    set(connection, "cache_size", -CACHE_KIB)?;
    if let Some(bytes) = max_bytes {
        set(connection, "max_page_count", i64::try_from(bytes / PAGE_BYTES).unwrap_or(i64::MAX))?;
    }
    Ok(())
}

/// Whether a commit waits for its fsync. It cannot be changed inside a transaction.
pub(super) fn wait_for_fsync(connection: &Connection, wait: bool) -> Result<()> {
    set(connection, "synchronous", if wait { "FULL" } else { "NORMAL" })
}

/// Makes an empty database a store. Until it is one, it is nobody's, and takes no precautions.
pub(super) fn found(connection: &mut Connection) -> Result<()> {
    set(connection, "page_size", PAGE_BYTES as i64)?;
    set(connection, "application_id", APPLICATION)?;
    migrate(connection)?;
    set(connection, "journal_mode", "WAL")
}

/// Takes the steps that the file has not taken, all or none of them.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let from = usize::try_from(format(connection)?).unwrap_or(0);
    if from >= STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).reason()?;
    for step in &STEPS[from..] {
        transaction.execute_batch(step).reason()?;
    }
    set(&transaction, "user_version", STEPS.len() as i64)?;
    transaction.commit().reason()
}

pub(super) fn verify(connection: &Connection) -> Result<()> {
    let finding: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).reason()?;
    if finding == "ok" { Ok(()) } else { Err(StoreError::Damaged(finding)) }
}

/// Writes all that a snapshot shows into a new database, and nothing else: no free page goes along.
pub(super) fn copy_into(connection: &Connection, path: &Path) -> Result<()> {
    let path = path.to_str().ok_or_else(|| StoreError::Io(format!("{}: not UTF-8", path.display())))?;
    connection.execute("VACUUM INTO ?1", [path]).reason()?;
    Ok(())
}

/// Makes the view of a collection anew: the record's id and a column for each field of its type, with its default
/// where the field is missing. Objects and arrays are JSON text in it; records of which only erasures are left are not in it.
pub(super) fn make_view(connection: &Connection, collection: i64, declared: &Declared) -> Result<()> {
    let view = quoted(declared.spec.name, '"');
    let mut columns = String::from("id");
    for (field, default) in &declared.defaults {
        let path = format!("$.{}", serde_json::Value::from(field.as_str()));
        // A value nested deeper than SQLite reads must not spoil the view for all other records.
        let (path, default) = (quoted(&path, '\''), quoted(default, '\''));
        let value = format!(
            "iif(json_valid(doc), iif(json_type(doc, {path}) IS NULL, {default} ->> '$', json_extract(doc, {path})), NULL)"
        );
        columns += &format!(", {value} AS {}", quoted(field, '"'));
    }
    let sql = format!(
        "DROP VIEW IF EXISTS {view};
         CREATE VIEW {view} AS SELECT {columns} FROM _records WHERE collection = {collection} AND doc <> '{{}}';"
    );
    connection.execute_batch(&sql).reason()
}

fn format(connection: &Connection) -> Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0)).reason()
}

fn set(connection: &Connection, name: &str, value: impl ToSql) -> Result<()> {
    connection.pragma_update(None, name, value).reason()
}

fn quoted(text: &str, mark: char) -> String {
    format!("{mark}{}{mark}", text.replace(mark, &format!("{mark}{mark}")))
}
