//! Files that Telegram keeps, and how big pictures are.
//!
//! Invariants: of each picture there is a small copy too, which is another file: a bot that takes the first of the
//! sizes instead of the largest shows in a test.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

/// A kept file. Its size may be told larger than it is, so that a test need not make twenty megabytes.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) bytes: Bytes,
    pub(crate) size: u64,
}

/// All files by id.
#[derive(Debug, Default)]
pub(crate) struct Files(BTreeMap<String, File>);

impl Files {
    pub(crate) fn keep(&mut self, folder: &str, name: &str, bytes: Bytes, size: Option<u64>) -> File {
        let number = self.0.len() + 1;
        let id = format!("AgACAgIAAxk{}{number}", super::random(24));
        let ending = name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
        let file = File {
            id: id.clone(),
            name: name.to_owned(),
            path: format!("{folder}/file_{number}.{ending}"),
            size: size.unwrap_or(bytes.len() as u64),
            bytes,
        };
        self.0.insert(id, file.clone());
        file
    }

    /// Keeps a picture and its small copy: an array of `PhotoSize`, the largest last.
    pub(crate) fn keep_photo(&mut self, bytes: Bytes, told: Option<u64>) -> Value {
        let (width, height) = size(&bytes).unwrap_or((1280, 960));
        let small = self.keep("photos", "small.jpg", Bytes::from_static(b"\xff\xd8\xffthe small copy"), None);
        let whole = self.keep("photos", "photo.jpg", bytes, told);
        json!([small.photo_size(90, 67), whole.photo_size(width, height)])
    }

    pub(crate) fn get(&self, id: &str) -> Option<&File> {
        self.0.get(id)
    }

    pub(crate) fn at(&self, path: &str) -> Option<&File> {
        self.0.values().find(|file| file.path == path)
    }
}

impl File {
    /// The id that two copies of a file would share.
    fn unique_id(&self) -> String {
        format!("AQAD{}", &self.id[self.id.len() - 12..])
    }

    fn photo_size(&self, width: u32, height: u32) -> Value {
        json!({
            "file_id": self.id, "file_unique_id": self.unique_id(), "file_size": self.size,
            "width": width, "height": height,
        })
    }

    /// `Document`.
    pub(crate) fn document(&self) -> Value {
        json!({
            "file_id": self.id, "file_unique_id": self.unique_id(), "file_size": self.size,
            "file_name": self.name, "mime_type": self.kind(),
        })
    }

    /// `Voice`.
    pub(crate) fn voice(&self, seconds: u32) -> Value {
        json!({
            "file_id": self.id, "file_unique_id": self.unique_id(), "file_size": self.size,
            "duration": seconds, "mime_type": "audio/ogg",
        })
    }

    /// `File`.
    pub(crate) fn json(&self) -> Value {
        json!({
            "file_id": self.id, "file_unique_id": self.unique_id(), "file_size": self.size,
            "file_path": self.path,
        })
    }

    /// The type by the name's ending.
    pub(crate) fn kind(&self) -> &'static str {
        match self.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => "image/jpeg",
            "png" => "image/png",
            "pdf" => "application/pdf",
            "mp4" => "video/mp4",
            "heic" => "image/heic",
            "svg" => "image/svg+xml",
            "txt" => "text/plain",
            "csv" => "text/csv",
            _ => "application/octet-stream",
        }
    }
}

/// Width and height of a PNG or JPEG, as its header says.
pub(crate) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.starts_with(b"\x89PNG") {
        let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        return Some((number(16)?, number(20)?));
    }
    bytes.strip_prefix(b"\xff\xd8")?;
    let mut at = 2;
    // Segment by segment to the frame header (SOF0 to SOF15, without the tables that lie between their numbers).
    loop {
        let [0xff, marker, high, low] = *bytes.get(at..at + 4)? else { return None };
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let [height_high, height_low, width_high, width_low] = *bytes.get(at + 5..at + 9)? else {
                return None;
            };
            let number = |high, low| u32::from(u16::from_be_bytes([high, low]));
            return Some((number(width_high, width_low), number(height_high, height_low)));
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
}
