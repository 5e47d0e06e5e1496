//! The store on disk: SQLite with one writer, readers beside it, and every commit on the medium before it
//! returns.
//!
//! Invariants: a file that is not a store of this project, or one of a newer program, is left byte for byte
//! as it was; one process owns a store; a transaction that failed for whatever reason leaves the connection
//! usable and nothing behind; readers see whole transactions, in their order.
//!
//! What [`Store::write`] wrote is durable before anybody sees it (SQLite shows a transaction to others after
//! the fsync of its log). What [`Store::write_unsynced`] wrote is seen at once and durable with the next
//! fsync of the log, by whomever: a later write, or [`Store::sync`] of the writer or of any reader. A crash
//! leaves a beginning of the history, so that nothing durable rests on something that is not.
//!
//! Not here: what any of the rows mean.

mod codec;
mod copy;
mod failure;
mod file;
mod log;
mod names;
mod rows;
mod search;
mod tables;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

pub(crate) use self::copy::restore;
use self::failure::Reason;
use self::file::Lock;
pub use self::file::move_aside;
use self::log::Log;
use self::names::Names;
use self::rows::Tables;
use super::{Result, Rows, Store, StoreError, Table};

/// Statements of the store, with room for the variants of a search.
const STATEMENTS: usize = 64;
/// The longest wait for another connection of this process: a reader's recovery, or a person with `sqlite3`.
const BUSY: Duration = Duration::from_secs(5);

/// How a store is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The most that the database may grow to, its log apart; what would exceed it fails with
    /// [`StoreError::Full`].
    pub max_bytes: Option<u64>,
}

/// A store in a file, owned by this process. Dropping it gives it back.
#[derive(Debug)]
pub struct Sqlite {
    // Before the place with its lock: the last connection folds the log into the file as it closes.
    connection: Connection,
    names: Names,
    /// Whether the connection waits for the fsync of what it commits.
    waits: bool,
    place: Arc<Place>,
}

/// A read-only connection beside the writer.
///
/// As a [`Store`] it refuses to write. The store stays this process's own until its last reader is dropped.
#[derive(Debug)]
pub struct SqliteReader {
    connection: Connection,
    names: Names,
    place: Arc<Place>,
}

/// The file, and this process's claim to it.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    log: Log,
    #[expect(dead_code, reason = "held, not used: nobody else may own the store while it is open here")]
    lock: Lock,
}

impl Sqlite {
    /// Opens a store, or makes one where there is no file or an empty one. One of an older format is brought
    /// to this program's.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Foreign`] and [`StoreError::Newer`] leave the file as it was.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self> {
        let path = path.as_ref();
        // Before the lock, so that nothing appears beside a file that is none of our business.
        file::examine(path)?;
        let place = Arc::new(Place { path: path.to_owned(), log: Log::of(path), lock: Lock::take(path)? });
        if !file::examine(path)? {
            file::create(path)?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = connect(path, flags)?;
        // Until the format is known, closing must not touch the file either.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).reason()?;
        tables::check(&connection, path)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).reason()?;
        tables::tune(&connection, options.max_bytes)?;
        tables::migrate(&mut connection)?;
        Ok(Sqlite { connection, names: Names::default(), waits: true, place })
    }

    /// A connection that reads beside this one.
    ///
    /// # Errors
    /// What the disk says.
    pub fn reader(&self) -> Result<SqliteReader> {
        self.place.reader()
    }

    /// Where readers come from.
    pub(crate) fn place(&self) -> &Arc<Place> {
        &self.place
    }

    /// Whether everything that was written survives a crash.
    pub fn is_synced(&self) -> bool {
        self.place.log.is_synced()
    }

    /// Copies the store, as one snapshot of it, to a file that is not there yet. Reads and checks all of it.
    ///
    /// # Errors
    /// [`StoreError::Exists`], or what the disk says; there is no copy then.
    pub fn copy_to(&self, path: impl AsRef<Path>) -> Result<()> {
        self.place.copy_to(path.as_ref())
    }

    /// Checks the whole file. Reads all of it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first finding.
    pub fn verify(&self) -> Result<()> {
        tables::verify(&self.connection)
    }
}

impl Place {
    /// Returns when everything that any connection has shown survives a crash.
    pub(crate) fn sync(&self) -> Result<()> {
        self.log.flush()
    }

    pub(crate) fn copy_to(&self, path: &Path) -> Result<()> {
        copy::copy(self, path)
    }

    pub(crate) fn reader(self: &Arc<Self>) -> Result<SqliteReader> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = connect(&self.path, flags)?;
        Ok(SqliteReader { connection, names: Names::default(), place: Arc::clone(self) })
    }
}

impl Sqlite {
    fn transact<R, E: From<StoreError>>(
        &mut self,
        wait: bool,
        body: impl FnOnce(&mut dyn Table) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E> {
        self.place.log.check()?;
        if self.waits != wait {
            tables::wait_for_fsync(&self.connection, wait)?;
            self.waits = wait;
        }
        let mut open = Open::begin(&self.connection, tables::BEGIN_WRITE, Some(&self.names))?;
        let result = body(&mut Tables { connection: &self.connection, names: &self.names })?;
        open.commit().inspect_err(|error| {
            if matches!(error, StoreError::Io(_)) {
                self.place.log.failed();
            }
        })?;
        Ok(result)
    }
}

impl Store for Sqlite {
    fn read<R>(&self, body: impl FnOnce(&dyn Rows) -> R) -> Result<R> {
        snapshot(&self.connection, &self.names, body)
    }

    fn write<R, E: From<StoreError>>(
        &mut self,
        body: impl FnOnce(&mut dyn Table) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E> {
        self.transact(true, body)
    }

    fn write_unsynced<R, E: From<StoreError>>(
        &mut self,
        body: impl FnOnce(&mut dyn Table) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E> {
        let place = Arc::clone(&self.place);
        let _counted = place.log.begin();
        self.transact(false, body)
    }

    fn sync(&mut self) -> Result<()> {
        self.place.sync()
    }
}

impl SqliteReader {
    /// As [`Sqlite::is_synced`].
    pub fn is_synced(&self) -> bool {
        self.place.log.is_synced()
    }
}

impl Store for SqliteReader {
    fn read<R>(&self, body: impl FnOnce(&dyn Rows) -> R) -> Result<R> {
        snapshot(&self.connection, &self.names, body)
    }

    fn write<R, E: From<StoreError>>(
        &mut self,
        _body: impl FnOnce(&mut dyn Table) -> std::result::Result<R, E>,
    ) -> std::result::Result<R, E> {
        Err(StoreError::ReadOnly("this connection only reads".into()).into())
    }

    fn sync(&mut self) -> Result<()> {
        self.place.sync()
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags).reason()?;
    connection.busy_timeout(BUSY).reason()?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    tables::guard(&connection)?;
    Ok(connection)
}

fn snapshot<R>(connection: &Connection, names: &Names, body: impl FnOnce(&dyn Rows) -> R) -> Result<R> {
    let tables = Tables { connection, names };
    if !connection.is_autocommit() {
        // A read inside a read shares its snapshot.
        return Ok(body(&tables));
    }
    let mut open = Open::begin(connection, tables::BEGIN_READ, None)?;
    let result = body(&tables);
    open.commit()?;
    Ok(result)
}

/// An open transaction, which rolls back unless it was committed: on an error, and on a panic.
struct Open<'a> {
    connection: &'a Connection,
    /// Names that the transaction added to the dictionaries, and that go with it.
    names: Option<&'a Names>,
}

impl<'a> Open<'a> {
    fn begin(connection: &'a Connection, how: &str, names: Option<&'a Names>) -> Result<Self> {
        connection.prepare_cached(how).and_then(|mut begin| begin.execute([])).reason()?;
        Ok(Open { connection, names })
    }

    fn commit(&mut self) -> Result<()> {
        if self.connection.is_autocommit() {
            // SQLite itself rolls back after some errors, and somebody did not pass such a one on.
            return Err(StoreError::Io("the transaction was rolled back".into()));
        }
        self.connection.prepare_cached(tables::COMMIT).and_then(|mut commit| commit.execute([])).reason()?;
        self.names = None;
        Ok(())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if let Some(names) = self.names {
            names.forget();
        }
        if !self.connection.is_autocommit() {
            // Where even this fails, the next BEGIN says so.
            let _ = self.connection.execute_batch(tables::ROLLBACK);
        }
    }
}
