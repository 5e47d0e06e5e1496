//! Tables that people bring: CSV as whatever program writes it, and XLSX.
//!
//! Invariants: what is read is bounded before memory is taken for it, also where a small file says that it is large.
//!
//! What must never be here: what a column means.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use dwellers::imports::DATE;
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1251};

/// The most bytes of a file.
pub const MAX_BYTES: usize = 5 << 20;
/// The most rows that hold something.
pub const MAX_ROWS: usize = 3_000;
/// The most columns; what stands to the right of them is not read.
const MAX_COLUMNS: usize = 60;
/// The most characters of a cell; there is no field that takes so many.
const MAX_CELL: usize = 1_000;
/// What a packed file may unpack to.
const MAX_UNPACKED: u64 = 64 << 20;
/// The most texts that a workbook may say that it shares: memory is taken for so many before the first is read.
const MAX_TEXTS: u64 = 200_000;
/// The most files in a packed one.
const MAX_PARTS: usize = 1_000;

/// Why a table is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is none of those that are read, or is damaged.
    #[error("this is no CSV or XLSX table")]
    NotATable,
    /// It is larger than tables may be.
    #[error("the table is too large")]
    TooLarge,
}

/// The rows of a table that hold something, with their lines, from 1.
pub type Rows = Vec<(u32, Vec<String>)>;

/// Reads a table.
///
/// # Errors
/// It is none, or too large.
pub fn read(bytes: &[u8]) -> Result<Rows, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") { workbook(bytes) } else { text(&decoded(bytes)?) }
}

/// The first sheet of a workbook.
fn workbook(bytes: &[u8]) -> Result<Rows, Unreadable> {
    unpacks_to_little(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotATable)?;
    let first = book.sheet_names().first().cloned().ok_or(Unreadable::NotATable)?;
    // Cell by cell: a sheet whose only cell is its last would be a table of gigabytes.
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| Unreadable::NotATable)?;
    let (mut rows, mut count): (Rows, usize) = (Vec::new(), 0);
    while let Some(cell) = cells.next_cell().map_err(|_| Unreadable::NotATable)? {
        let (row, column) = cell.get_position();
        if column as usize >= MAX_COLUMNS || matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        // One long text may stand in millions of cells.
        count += 1;
        if count > MAX_ROWS * MAX_COLUMNS {
            return Err(Unreadable::TooLarge);
        }
        let text = shown(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        let line = row.saturating_add(1);
        if rows.last().is_none_or(|(last, _)| *last != line) {
            if rows.len() == MAX_ROWS {
                return Err(Unreadable::TooLarge);
            }
            rows.push((line, Vec::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            let at = column as usize;
            if cells.len() <= at {
                cells.resize(at + 1, String::new());
            }
            cells[at] = text.into_owned();
        }
    }
    Ok(rows)
}

/// Whether a packed file stays within bounds, whatever it says of itself.
fn unpacks_to_little(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotATable)?;
    if archive.len() > MAX_PARTS {
        return Err(Unreadable::TooLarge);
    }
    let mut left = MAX_UNPACKED;
    for nth in 0..archive.len() {
        let part = archive.by_index(nth).map_err(|_| Unreadable::NotATable)?;
        let is_xml = part.name().map_err(|_| Unreadable::NotATable)?.to_ascii_lowercase().ends_with(".xml");
        let mut bytes = Vec::new();
        let read = part.take(left + 1).read_to_end(&mut bytes).map_err(|_| Unreadable::NotATable)?;
        left = left.checked_sub(read as u64).ok_or(Unreadable::TooLarge)?;
        if is_xml {
            promises_little(&bytes)?;
        }
    }
    Ok(())
}

/// Whether a part of a workbook says of no list that it is long: memory is taken for what it says.
fn promises_little(xml: &[u8]) -> Result<(), Unreadable> {
    const COUNT: &[u8] = b"uniqueCount";
    // No program writes these; an alphabet in which the word below is spelled otherwise would need them.
    if xml.iter().any(|byte| matches!(byte, 0 | 0x1b)) {
        return Err(Unreadable::NotATable);
    }
    let is_between = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'');
    let places = xml.windows(COUNT.len()).enumerate().filter(|(_, word)| *word == COUNT);
    for (at, _) in places {
        let number = xml[at + COUNT.len()..].iter().skip_while(is_between);
        let count = number
            .take_while(|byte| byte.is_ascii_digit())
            .fold(0_u64, |count, digit| count.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        if count > MAX_TEXTS {
            return Err(Unreadable::TooLarge);
        }
    }
    Ok(())
}

/// A cell as people read it, as much of it as is taken.
fn shown<'a>(value: &'a DataRef<'_>) -> Cow<'a, str> {
    let of_number = match value {
        DataRef::String(text) => return Cow::Borrowed(cut(text)),
        DataRef::SharedString(text) => return Cow::Borrowed(cut(text)),
        DataRef::Int(number) => number.to_string(),
        // A telephone is a number, too, to a program.
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e16 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => DATE.to_owned(),
        _ => String::new(),
    };
    Cow::Owned(of_number)
}

/// A text in whichever alphabet it was written: what is no UTF-8 is what Russian programs write.
fn decoded(bytes: &[u8]) -> Result<String, Unreadable> {
    let text = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE.decode(bytes).0.into_owned(),
        [0xfe, 0xff, ..] => UTF_16BE.decode(bytes).0.into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => WINDOWS_1251.decode(bytes).0.into_owned(),
        },
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    // What is no text has bytes that no text has.
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(is_odd) { Err(Unreadable::NotATable) } else { Ok(text.to_owned()) }
}

fn text(text: &str) -> Result<Rows, Unreadable> {
    // A word of Excel's to itself.
    let (named, rest, skipped) = match text.split_once('\n') {
        Some((first, rest)) if first.trim().to_lowercase().starts_with("sep=") => {
            (first.trim().as_bytes().get(4).copied(), rest, 1)
        }
        _ => (None, text, 0),
    };
    let delimiter = named.unwrap_or_else(|| delimiter(rest));
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(delimiter);
    let mut rows: Rows = Vec::new();
    for record in reader.from_reader(rest.as_bytes()).records() {
        let record = record.map_err(|_| Unreadable::NotATable)?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() == MAX_ROWS {
            return Err(Unreadable::TooLarge);
        }
        let line = record.position().map_or(0, |at| line(rest, at)) + skipped;
        let cells = record.iter().take(MAX_COLUMNS).map(bounded).collect();
        rows.push((u32::try_from(line).unwrap_or(u32::MAX), cells));
    }
    Ok(rows)
}

/// The line on which a record stands: what is told is where the one before has ended.
fn line(text: &str, at: &csv::Position) -> u64 {
    let behind = usize::try_from(at.byte()).ok().and_then(|byte| text.as_bytes().get(byte..));
    let breaks = behind.unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at.line() + breaks.filter(|byte| **byte == b'\n').count() as u64
}

/// What stands between the cells: of what may, the most frequent of the first lines, outside of quotes.
fn delimiter(text: &str) -> u8 {
    const LINES: usize = 10;
    let mut counts = [(b';', 0_usize), (b'\t', 0), (b',', 0)];
    let (mut is_quoted, mut lines) = (false, 0);
    for byte in text.bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => lines += 1,
            byte if !is_quoted => {
                counts.iter_mut().filter(|(one, _)| *one == byte).for_each(|(_, count)| *count += 1);
            }
            _ => {}
        }
        if lines == LINES {
            break;
        }
    }
    // Of as many, the first: a name may have a comma, seldom a semicolon.
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(byte, _)| *byte)
}

fn bounded(text: &str) -> String {
    cut(text).to_owned()
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(MAX_CELL).map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &[u8]) -> Vec<Vec<String>> {
        read(text).unwrap().into_iter().map(|(_, cells)| cells).collect()
    }

    #[test]
    fn whatever_program_wrote_it() {
        let expected = [["Дом", "Имя"], ["1", "Анна; Иван"]];
        let utf8 = "\u{feff}Дом;Имя\r\n1;\"Анна; Иван\"\r\n";
        assert_eq!(cells(utf8.as_bytes()), expected);
        assert_eq!(cells(&WINDOWS_1251.encode(&utf8[3..]).0), expected);
        assert_eq!(cells("sep=,\nДом,Имя\n1,Анна; Иван".as_bytes()), expected);
        let wide: Vec<u8> =
            "\u{feff}Дом\tИмя\n1\tАнна; Иван\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(cells(&wide), expected);
        // Lines are those of the file, also behind empty ones and within quotes.
        let rows = read("Дом,Имя\n\n1,\"a\nb\"\n2,c".as_bytes()).unwrap();
        assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 5]);
        let rows = read("sep=,\r\nДом,Имя\r\n\r\n1,b\r\n2,c\r\n".as_bytes()).unwrap();
        assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 4, 5]);
    }

    #[test]
    fn what_is_none_or_too_large_is_refused() {
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Err(Unreadable::NotATable));
        assert_eq!(read(b"PK\x03\x04 and nothing more"), Err(Unreadable::NotATable));
        assert_eq!(read(&[0xd0, 0xcf, 0x11, 0xe0, 0, 0]), Err(Unreadable::NotATable));
        assert_eq!(read(&vec![b'x'; MAX_BYTES + 1]), Err(Unreadable::TooLarge));
        let many = "1,2\n".repeat(MAX_ROWS + 1);
        assert_eq!(read(many.as_bytes()), Err(Unreadable::TooLarge));
        assert_eq!(read(b""), Ok(Vec::new()));
        let long = read(format!("{},x", "a".repeat(5_000)).as_bytes()).unwrap();
        assert_eq!(long[0].1[0].len(), MAX_CELL);
        let wide = read(",x".repeat(500).as_bytes()).unwrap();
        assert_eq!(wide[0].1.len(), MAX_COLUMNS);
    }
}
