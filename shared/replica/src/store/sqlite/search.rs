//! Fragments of texts, found exactly as the model finds them.
//!
//! A text contains a fragment where its bytes do; SQLite's `instr` decides that. The trigram index only
//! leaves out texts that cannot: it is asked where a look at the newest texts did not find enough, because a
//! common fragment is among the newest and a rare one is nowhere.

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::Reason;
use super::names::Names;
use crate::stamp::RecordId;
use crate::store::Result;

/// Texts that are looked into before the index is asked.
const NEWEST: i64 = 1000;
/// Trigrams of a fragment that the index is asked for. More would hardly leave out more.
const MAX_TRIGRAMS: usize = 32;

/// Puts, replaces or removes the text of a record.
pub(super) fn put(at: &Connection, collection: i64, id: RecordId, text: Option<&str>) -> Result<()> {
    let mut find =
        at.prepare_cached("SELECT number, text FROM _texts WHERE collection = ?1 AND id = ?2").reason()?;
    let key = params![collection, id.to_bytes()];
    let held: Option<(i64, String)> =
        find.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional().reason()?;
    if let Some((number, old)) = &held {
        let sql = "INSERT INTO _trigrams (_trigrams, rowid, text) VALUES ('delete', ?1, ?2)";
        at.prepare_cached(sql).and_then(|mut delete| delete.execute(params![number, old])).reason()?;
    }
    let number = match (&held, text) {
        (None, None) => return Ok(()),
        (Some((number, _)), None) => {
            let sql = "DELETE FROM _texts WHERE number = ?1";
            at.prepare_cached(sql).and_then(|mut delete| delete.execute([number])).reason()?;
            return Ok(());
        }
        (Some((number, _)), Some(text)) => {
            let sql = "UPDATE _texts SET text = ?2 WHERE number = ?1";
            at.prepare_cached(sql).and_then(|mut update| update.execute(params![number, text])).reason()?;
            *number
        }
        (None, Some(text)) => {
            let sql = "INSERT INTO _texts (collection, id, text) VALUES (?1, ?2, ?3)";
            let mut insert = at.prepare_cached(sql).reason()?;
            insert.execute(params![collection, id.to_bytes(), text]).reason()?;
            at.last_insert_rowid()
        }
    };
    let sql = "INSERT INTO _trigrams (rowid, text) VALUES (?1, ?2)";
    at.prepare_cached(sql).and_then(|mut insert| insert.execute(params![number, text])).reason()?;
    Ok(())
}

/// Removes all texts of a collection.
pub(super) fn clear(at: &Connection, collection: i64) -> Result<()> {
    let sql = "INSERT INTO _trigrams (_trigrams, rowid, text)
               SELECT 'delete', number, text FROM _texts WHERE collection = ?1";
    at.prepare_cached(sql).and_then(|mut delete| delete.execute([collection])).reason()?;
    let sql = "DELETE FROM _texts WHERE collection = ?1";
    at.prepare_cached(sql).and_then(|mut delete| delete.execute([collection])).reason()?;
    Ok(())
}

/// Records whose text contains the fragment, with ids below `before`, newest first.
pub(super) fn matches(
    at: &Connection,
    names: &Names,
    collection: &str,
    fragment: &str,
    before: RecordId,
    limit: usize,
) -> Result<Vec<RecordId>> {
    let Some(collection) = names.collection(at, collection)? else { return Ok(Vec::new()) };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let Some(trigrams) = trigrams(fragment) else {
        return scan(at, collection, fragment, before, limit);
    };
    // The id below which the newest texts end, where there are more.
    let sql = "SELECT id FROM _texts WHERE collection = ?1 AND id < ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3";
    let mut find = at.prepare_cached(sql).reason()?;
    let key = params![collection, before.to_bytes(), NEWEST];
    let end: Option<[u8; 16]> = find.query_row(key, |row| row.get(0)).optional().reason()?;
    let Some(end) = end else {
        return scan(at, collection, fragment, before, limit);
    };
    let sql = "SELECT id FROM _texts
               WHERE collection = ?1 AND id < ?2 AND id > ?3 AND instr(text, ?4) > 0 ORDER BY id DESC LIMIT ?5";
    let mut found = ids(at, sql, params![collection, before.to_bytes(), end, fragment, limit])?;
    let missing = limit - found.len() as i64;
    if missing > 0 {
        let sql = "SELECT id FROM _trigrams JOIN _texts ON number = _trigrams.rowid
                   WHERE _trigrams MATCH ?1 AND collection = ?2 AND id <= ?3 AND instr(_texts.text, ?4) > 0
                   ORDER BY id DESC LIMIT ?5";
        found.extend(ids(at, sql, params![trigrams, collection, end, fragment, missing])?);
    }
    Ok(found)
}

fn scan(
    at: &Connection,
    collection: i64,
    fragment: &str,
    before: RecordId,
    limit: i64,
) -> Result<Vec<RecordId>> {
    let sql = "SELECT id FROM _texts
               WHERE collection = ?1 AND id < ?2 AND instr(text, ?3) > 0 ORDER BY id DESC LIMIT ?4";
    ids(at, sql, params![collection, before.to_bytes(), fragment, limit])
}

fn ids(at: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<RecordId>> {
    let mut query = at.prepare_cached(sql).reason()?;
    let found = query.query_map(params, |row| row.get(0).map(RecordId::from_bytes)).reason()?;
    found.collect::<rusqlite::Result<_>>().reason()
}

/// What the index is asked: all the trigrams of a fragment, each quoted. `None` where it has none.
fn trigrams(fragment: &str) -> Option<String> {
    // The tokenizer skips these, in the texts too.
    let letters: Vec<char> = fragment.chars().filter(|c| *c != '\0').collect();
    let quoted =
        |trigram: &[char]| format!("\"{}\"", trigram.iter().collect::<String>().replace('"', "\"\""));
    let trigrams: Vec<_> = letters.windows(3).take(MAX_TRIGRAMS).map(quoted).collect();
    (!trigrams.is_empty()).then(|| trigrams.join(" AND "))
}
