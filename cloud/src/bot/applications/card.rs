//! What an application looks like in a message, whoever sends it.
//!
//! What must never be here: who may see it.

use dwellers::texts::Texts;
use dwellers_replica::RecordId;
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};
use serde::Deserialize;

use super::super::talk::{Key, Press, Screen};

/// So many people of a house are named; the web shows all.
const NAMED: usize = 6;
/// The size of the picture that stands where a photo was, in pixels.
const BLANK: (u32, u32) = (160, 40);
const BLANK_GREY: u8 = 0xe0;

/// An application with what helps to decide, as the API answers it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asking {
    pub(crate) id: RecordId,
    pub(crate) name: String,
    /// May be empty.
    pub(crate) phone: String,
    pub(crate) language: String,
    pub(crate) house_label: String,
    pub(crate) kind: String,
    /// `code` or `photo`.
    pub(crate) proof: String,
    pub(crate) has_photo: bool,
    pub(crate) at_ms: u64,
    /// Who lives and works in that house.
    pub(crate) residents: Vec<Resident>,
    /// Nothing while it waits.
    pub(super) decision: Option<Decision>,
}

/// Somebody of the house.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Resident {
    pub(crate) name: String,
    pub(crate) kind: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Decision {
    pub(super) accepted: Option<RecordId>,
    pub(super) withdrawn: bool,
    pub(super) by_name: String,
    pub(super) at_ms: u64,
}

/// One that waits, with what is to be pressed. `at` is when it came, in words.
pub(crate) fn card(
    texts: &Texts,
    community: RecordId,
    asking: &Asking,
    at: &str,
    photo: Option<Vec<u8>>,
) -> Screen {
    let key =
        |verb: &str, label: &str| Key::press(texts.get(label, &[]), Press::on(verb, community, asking.id));
    Screen::text(described(texts, asking, at))
        .picture(photo)
        .row([key("apy", "bot-app-accept"), key("apn", "bot-app-refuse")])
        .row([key("aph", "bot-app-other-house")])
}

/// One that was decided: `told` says by whom, when and how. The photo is nobody's to see any more.
pub(crate) fn decided(texts: &Texts, asking: &Asking, at: &str, told: &str) -> Screen {
    let had_photo = asking.proof == "photo";
    let picture = if had_photo { blank() } else { None };
    Screen::text(format!("{}\n\n{told}", described(texts, asking, at))).picture(picture)
}

/// What takes the place of a photo: messages cannot be deleted after two days, and a picture in them can be changed.
pub(crate) fn blank() -> Option<Vec<u8>> {
    let (width, height) = BLANK;
    let mut bytes = Vec::new();
    let picture = GrayImage::from_pixel(width, height, Luma([BLANK_GREY]));
    JpegEncoder::new(&mut bytes).encode_image(&picture).ok()?;
    Some(bytes)
}

fn described(texts: &Texts, asking: &Asking, at: &str) -> String {
    let Asking { name, phone, house_label, kind, proof, residents, .. } = asking;
    let get = |key: &str| texts.get(key, &[]);
    let place = |kind: &str| get(&format!("place-{kind}"));
    let about = [
        ("name", name.as_str().into()),
        ("house", house_label.as_str().into()),
        ("kind", place(kind).into()),
        ("at", at.into()),
    ];
    let mut lines = vec![texts.get("bot-app-card", &about)];
    lines.push(get(if proof == "code" { "bot-app-by-code" } else { "bot-app-by-photo" }));
    lines.push(match phone.as_str() {
        "" => get("bot-app-no-phone"),
        phone => texts.get("bot-app-phone", &[("phone", phone.into())]),
    });
    lines.push(String::new());
    lines.push(get(if residents.is_empty() { "bot-app-nobody" } else { "bot-app-residents" }));
    for Resident { name, kind } in residents.iter().take(NAMED) {
        lines.push(format!("• {name}, {}", capacity(texts, kind).to_lowercase()));
    }
    if let Some(more) = residents.len().checked_sub(NAMED).filter(|more| *more > 0) {
        let count = u32::try_from(more).unwrap_or(u32::MAX);
        lines.push(texts.get("bot-app-more-residents", &[("count", count.into())]));
    }
    lines.join("\n")
}

/// What somebody is there; whoever has an office besides is named by it.
fn capacity(texts: &Texts, kind: &str) -> String {
    let key = match kind {
        "guard" | "administrator" => format!("role-{kind}"),
        kind => format!("place-{kind}"),
    };
    texts.get(&key, &[])
}
