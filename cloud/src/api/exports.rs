//! Everything that a community knows, as CSV: a collection a file.
//!
//! Invariants: a file is written page by page, so that a year of a journal takes no more memory than a day; whoever reads
//! slowly holds no thread, and not for ever; no cell is a formula to whoever opens it in a spreadsheet; what a house wants untold of its visitors stays untold.

mod rows;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dwellers::people::Permission;
use dwellers::texts::Language;
use dwellers::words::Words;
use dwellers_replica::{Cursor, Now, RecordId};
use http::{HeaderValue, header};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use warp::Reply;

use self::rows::What;
use super::Api;
use super::call::{Call, Member};
use super::problem::Problem;
use super::table::{Answer, Table};
use super::turns::Turn;
use crate::communities::Community;

/// Pages that are written ahead of who reads.
const AHEAD: usize = 2;
/// How long one waits for whoever reads to take a page.
const PATIENCE: Duration = Duration::from_secs(60);
/// What tells programs that read tables which alphabet it is.
const BOM: &str = "\u{feff}";

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_download, _, _>(&[Permission::ManageCommunity], download);
}

/// Everything of one kind, as CSV (RFC 4180, UTF-8)
///
/// `what` is `houses.csv`, `people.csv` (a line for each place or role of each), `vehicles.csv`, `cards.csv`, `passes.csv`,
/// `journal.csv`, `questions.csv`, `applications.csv`, `bans.csv` or `audit.csv`. What a spreadsheet would take for a formula
/// has an apostrophe before it. Between the cells stands a comma; in Russian a semicolon, as spreadsheets there expect it. Two
/// at a time.
#[utoipa::path(get, path = "/api/v1/communities/{community}/exports/{what}", tag = "exports",
    operation_id = "exports.download", params(("community" = RecordId, Path), ("what" = String, Path)),
    responses((status = 200, body = String, content_type = "text/csv", description = "The table")))]
async fn download(call: Call, member: Member) -> Answer {
    let what = What::of(call.word("what")).ok_or(dwellers::Denied::NotFound("export"))?;
    let turn = call.api.0.downloads.take(member.signed.account)?;
    // Written down before anything is shown.
    member
        .read(&call, |look| {
            look.concerns_everybody();
            Ok(())
        })
        .await?;
    let (tell, told) = mpsc::channel(AHEAD);
    let writer = Writer {
        api: call.api.clone(),
        community: member.community.clone(),
        language: call.language,
        now: call.now(),
        _turn: turn,
    };
    tokio::spawn(async move { Arc::new(writer).write(what, tell).await });
    let mut response = warp::reply::stream(ReceiverStream::new(told)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", what.name()));
    headers.extend(name.map(|name| (header::CONTENT_DISPOSITION, name)));
    Ok(response)
}

struct Writer {
    api: Api,
    community: Arc<Community>,
    language: Language,
    now: Now,
    _turn: Turn,
}

impl Writer {
    /// Writes all of it, as fast as it is read; where somebody stops reading, it stops.
    async fn write(self: Arc<Self>, what: What, tell: mpsc::Sender<io::Result<Bytes>>) {
        let mut titles = BOM.as_bytes().to_vec();
        titles.extend(self.lines(&[what.titles().iter().map(|title| (*title).to_owned()).collect()]));
        let (mut page, mut after, mut is_last) = (titles, None, false);
        loop {
            if !page.is_empty() && tell.send_timeout(Ok(page.into()), PATIENCE).await.is_err() {
                return;
            }
            if is_last {
                return;
            }
            let (writer, from) = (self.clone(), after.take());
            match self.api.blocking(move || writer.page(what, from)).await.flatten() {
                Ok((next, cursor)) => (page, is_last, after) = (next, cursor.is_none(), cursor),
                Err(why) => {
                    tracing::error!(community = %self.community.id, ?why, "an export breaks off");
                    // Whoever reads must not take it for whole.
                    let broken = Err(io::Error::other("the store fails"));
                    return drop(tell.send_timeout(broken, PATIENCE).await);
                }
            }
        }
    }

    fn page(&self, what: What, after: Option<Cursor>) -> Result<(Vec<u8>, Option<Cursor>), Problem> {
        self.community.store.view(|view| {
            let words = Words::new(view, self.api.texts(self.language), self.now)?;
            let (rows, next) = what.page(&words, after)?;
            Ok((self.lines(&rows), next))
        })?
    }

    fn lines(&self, rows: &[Vec<String>]) -> Vec<u8> {
        lines(rows, if self.language == Language::Ru { b';' } else { b',' })
    }
}

/// Rows as lines of CSV.
fn lines(rows: &[Vec<String>], between: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new();
    let writer = writer.terminator(csv::Terminator::CRLF).delimiter(between);
    let mut writer = writer.from_writer(Vec::new());
    for row in rows {
        // Into memory it does not fail, and all rows of a table are of one length.
        drop(writer.write_record(row.iter().map(|cell| defused(cell))));
    }
    writer.into_inner().unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula, also where one divides the lines at other signs than they were written
/// with. A telephone is none.
fn defused(cell: &str) -> String {
    let is_phone =
        |rest: &str| (7..=15).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit());
    if cell.strip_prefix('+').is_some_and(is_phone) {
        return cell.to_owned();
    }
    let (mut written, mut begins) = (String::with_capacity(cell.len()), true);
    for part in cell.split_inclusive([';', ',', '\t', '\r', '\n', '"']) {
        let is_formula = part.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
        if is_formula || (begins && part.starts_with(['\t', '\r', '\n'])) {
            written.push('\'');
        }
        written.push_str(part);
        begins = false;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            (" =1+1", "' =1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
            ("\tx", "'\tx"),
            ("x;=1+1", "x;'=1+1"),
            ("x, @y", "x,' @y"),
            ("x\t-1", "x\t'-1"),
            ("x\";=1", "x\";'=1"),
            ("+1+cmd", "'+1+cmd"),
            ("+79160000012", "+79160000012"),
            ("+7", "'+7"),
            ("Анна", "Анна"),
            ("", ""),
            ("12-1", "12-1"),
        ] {
            assert_eq!(defused(cell), expected);
        }
        let row = [vec!["a;\"b\"".to_owned(), "c,d\ne".to_owned()]];
        let written = lines(&row, b';');
        assert_eq!(String::from_utf8(written).unwrap(), "\"a;\"\"b\"\"\";\"c,d\ne\"\r\n");
        let written = lines(&row, b',');
        assert_eq!(String::from_utf8(written).unwrap(), "\"a;\"\"b\"\"\",\"c,d\ne\"\r\n");
    }
}
