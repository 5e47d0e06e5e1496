//! What SQLite and the file system say, in the words of the store.

use std::io;

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::store::{Result, StoreError};

/// Turns a foreign result into the store's.
pub(super) trait Reason<T> {
    fn reason(self) -> Result<T>;
}

impl<T> Reason<T> for rusqlite::Result<T> {
    fn reason(self) -> Result<T> {
        self.map_err(|error| translated(&error))
    }
}

impl<T> Reason<T> for io::Result<T> {
    fn reason(self) -> Result<T> {
        self.map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly(error.to_string())
            }
            _ => StoreError::Io(error.to_string()),
        })
    }
}

fn translated(error: &rusqlite::Error) -> StoreError {
    let what = error.to_string();
    let Some(failure) = error.sqlite_error() else {
        return match error {
            // Rows that this program cannot have written.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => StoreError::Damaged(what),
            _ => StoreError::Io(what),
        };
    };
    match failure.code {
        ErrorCode::DiskFull => StoreError::Full,
        // Growing the log's index fails for want of room, and SQLite does not look at the reason.
        _ if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => StoreError::Full,
        ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            StoreError::ReadOnly(what)
        }
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Damaged(what),
        _ => StoreError::Io(what),
    }
}
