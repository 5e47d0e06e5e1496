//! Letters to houses on paper: a page a house, with its code as text and as a QR.
//!
//! The QR is `ADDRESS/join/COMMUNITY?code=CODE`: where the web app asks who somebody is. Where there is a bot, a second one opens
//! it in the messenger (`https://t.me/BOT?start=c-COMMUNITY-CODE`). The font is in the program, so that
//! a letter looks the same wherever it is made.
//!
//! What must never be here: where a code comes from; a sentence that is not in `shared/locales`.

use dwellers::texts::Texts;
use dwellers_replica::RecordId;
use krilla::Document;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use qrcode::{Color, EcLevel, QrCode};

/// Latin, Cyrillic and punctuation of Noto Sans; its licence lies beside it.
const REGULAR: &[u8] = include_bytes!("letters/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("letters/NotoSans-Bold.ttf");

/// A4, in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 57.0;
/// The side of the QR with the white around it.
const QR: f32 = 200.0;
/// The same of the one that opens the bot.
const BOT_QR: f32 = 112.0;
/// Modules of white around a QR (ISO/IEC 18004).
const QUIET: usize = 4;
/// The size of what is read in passing, and the distance of its lines.
const BODY: f32 = 12.0;
const LINE: f32 = 18.0;
/// What fits into a line of the body: letters are a little more than half as wide as high.
const ACROSS: usize = 66;
/// What fits beside the QR.
const BESIDE: usize = 34;

/// What fits beside the one of the bot.
const BESIDE_BOT: usize = 46;

/// A letter to a house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The house's label.
    pub house: String,
    /// Its code, as [`dwellers::people::issue_code`] returns it.
    pub code: String,
}

/// What all letters have in common.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    /// In their language.
    pub texts: &'a Texts,
    /// What the community is called.
    pub community: &'a str,
    /// Where people come: `https://…/join/COMMUNITY`.
    pub address: &'a str,
    /// What opens the bot, up to the code ([`bot_link`]); nothing where there is no bot.
    pub bot: Option<&'a str>,
}

/// Why there are no letters.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// The font is damaged.
    #[error("the font does not read")]
    Font,
    /// The link does not fit.
    #[error("the link is too long for a QR")]
    Qr,
    /// The writer of PDF fails.
    #[error("the letters do not become a PDF: {0}")]
    Pdf(String),
}

/// The page at which a code leads in by itself.
pub fn link(address: &str, code: &str) -> String {
    format!("{address}?code={code}")
}

/// What opens the bot and names a community, up to the code.
pub fn bot_link(bot: &str, community: RecordId) -> String {
    format!("https://t.me/{bot}?start=c-{community}-")
}

/// All letters as one PDF, a page each.
///
/// # Errors
/// A link does not fit into a QR, or the writer fails.
pub fn pdf(sender: Sender<'_>, letters: &[Letter]) -> Result<Vec<u8>, LetterError> {
    let font = |bytes: &'static [u8]| Font::new(bytes.into(), 0).ok_or(LetterError::Font);
    let (regular, bold) = (font(REGULAR)?, font(BOLD)?);
    let mut document = Document::new();
    let title = sender.texts.get("letter-title", &[("community", sender.community.into())]);
    document.set_metadata(Metadata::new().title(title.clone()));
    for letter in letters {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or(LetterError::Font)?;
        let mut page = document.start_page_with(settings);
        let mut pen = Pen { surface: page.surface(), regular: &regular, bold: &bold, y: 84.0 };
        pen.letter(sender, &title, letter)?;
    }
    document.finish().map_err(|why| LetterError::Pdf(format!("{why:?}")))
}

/// What writes on a page, downwards.
struct Pen<'a> {
    surface: Surface<'a>,
    regular: &'a Font,
    bold: &'a Font,
    y: f32,
}

impl Pen<'_> {
    fn letter(&mut self, sender: Sender<'_>, title: &str, letter: &Letter) -> Result<(), LetterError> {
        let Sender { texts, address, .. } = sender;
        let text = |key: &str| texts.get(key, &[]);
        self.headline(title, 22.0);
        self.y += 44.0;
        self.headline(&texts.get("letter-house", &[("house", letter.house.as_str().into())]), 34.0);
        self.y += 40.0;
        self.paragraph(&text("letter-greeting"));
        self.y += 6.0;
        self.paragraph(&text("letter-what"));
        self.y += 24.0;
        self.headline(&text("letter-how"), 14.0);
        self.y += 24.0;
        self.paragraph(&text("letter-step-scan"));
        self.paragraph(&texts.get("letter-step-type", &[("address", address.into())]));
        self.paragraph(&text("letter-step-wait"));
        self.y += 14.0;
        let top = self.y;
        self.qr(&link(address, &letter.code), QR)?;
        let beside = MARGIN + QR + 12.0;
        self.write(beside, top + 40.0, false, BODY, &text("letter-code"));
        // Two halves are read out and typed more easily; a dash makes no difference.
        let (first, second) = letter.code.split_at_checked(4).unwrap_or((&letter.code, ""));
        self.write(beside, top + 84.0, true, 38.0, &format!("{first}-{second}"));
        for (nth, line) in wrapped(&text("letter-family"), BESIDE).into_iter().enumerate() {
            self.write(beside, top + 116.0 + LINE * nth as f32, false, BODY, &line);
        }
        self.y = top + QR;
        if let Some(bot) = sender.bot {
            self.qr(&format!("{bot}{}", letter.code), BOT_QR)?;
            for (nth, line) in wrapped(&text("letter-bot"), BESIDE_BOT).into_iter().enumerate() {
                let beside = MARGIN + BOT_QR + 12.0;
                self.write(beside, self.y + 40.0 + LINE * nth as f32, false, BODY, &line);
            }
            self.y += BOT_QR;
        }
        self.y += 24.0;
        self.paragraph(&text("letter-secret"));
        Ok(())
    }

    /// A line that is set smaller where it is long.
    fn headline(&mut self, text: &str, size: f32) {
        let letters = text.chars().count().max(1) as f32;
        let fits = (WIDTH - 2.0 * MARGIN) / (letters * 0.64);
        self.write(MARGIN, self.y, true, size.min(fits), text);
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrapped(text, ACROSS) {
            self.write(MARGIN, self.y, false, BODY, &line);
            self.y += LINE;
        }
    }

    fn write(&mut self, x: f32, y: f32, is_bold: bool, size: f32, text: &str) {
        let font = if is_bold { self.bold } else { self.regular };
        let start = Point::from_xy(x, y);
        self.surface.draw_text(start, font.clone(), size, text, false, TextDirection::LeftToRight);
    }

    fn qr(&mut self, link: &str, side: f32) -> Result<(), LetterError> {
        let code = QrCode::with_error_correction_level(link, EcLevel::M).map_err(|_| LetterError::Qr)?;
        let (width, dark) = (code.width(), code.to_colors());
        let module = side / (width + 2 * QUIET) as f32;
        let mut squares = PathBuilder::new();
        for (row, colors) in dark.chunks(width).enumerate() {
            // Neighbours are one rectangle: between two, printers leave a hair.
            let mut column = 0;
            for run in colors.chunk_by(|a, b| a == b) {
                // The white around it stands in the margin.
                let (x, y) = (column as f32 * module, (row + QUIET) as f32 * module);
                let size = (run.len() as f32 * module, module);
                if run[0] == Color::Dark
                    && let Some(square) = Rect::from_xywh(MARGIN + x, self.y + y, size.0, size.1)
                {
                    squares.push_rect(square);
                }
                column += run.len();
            }
        }
        if let Some(squares) = squares.finish() {
            self.surface.set_fill(Some(Fill::default()));
            self.surface.draw_path(&squares);
        }
        Ok(())
    }
}

/// A text in lines of so many characters; a word that is longer is broken.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let mut letters = word.chars().peekable();
        while letters.peek().is_some() {
            let piece: String = letters.by_ref().take(most).collect();
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + piece.chars().count() <= most => {
                    line.push(' ');
                    line.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use dwellers::texts::Language;

    use super::*;

    fn letters(count: usize) -> Vec<Letter> {
        let letter =
            |nth: usize| Letter { house: format!("Лесная {nth}"), code: format!("AB{nth:06}") };
        (0..count).map(letter).collect()
    }

    fn made(language: Language, community: &str, letters: &[Letter]) -> Vec<u8> {
        let texts = Texts::new(language);
        let address = "https://dwellers.example/join/01KZM7Q3V5T8W9X2Y4A6B8C0D1";
        let bot = Some("https://t.me/sosnovka_bot?start=c-01KZM7Q3V5T8W9X2Y4A6B8C0D1-");
        pdf(Sender { texts: &texts, community, address, bot }, letters).unwrap()
    }

    fn pages(pdf: &[u8]) -> usize {
        let text = String::from_utf8_lossy(pdf);
        text.matches("/Type/Page/").count()
    }

    #[test]
    fn a_house_has_a_page_in_either_language() {
        for language in [Language::Ru, Language::En] {
            let pdf = made(language, "Сосновка", &letters(3));
            assert!(pdf.starts_with(b"%PDF-"));
            assert_eq!(pages(&pdf), 3);
        }
        let long = Letter { house: "ж".repeat(40), code: "ABCDEFGH".to_owned() };
        assert_eq!(pages(&made(Language::Ru, &"Ж".repeat(80), &[long])), 1);
    }

    #[test]
    fn where_there_is_a_bot_a_second_code_opens_it() {
        let texts = Texts::new(Language::Ru);
        let address = "https://dwellers.example/join/01KZM7Q3V5T8W9X2Y4A6B8C0D1";
        let link = bot_link("sosnovka_bot", RecordId::new(1, 1));
        assert_eq!(link, format!("https://t.me/sosnovka_bot?start=c-{}-", RecordId::new(1, 1)));
        let made = |bot| pdf(Sender { texts: &texts, community: "Сосновка", address, bot }, &letters(1));
        let (with, without) = (made(Some(link.as_str())).unwrap(), made(None).unwrap());
        assert!(with.len() > without.len() + 500, "{} {}", with.len(), without.len());
        assert_eq!(pages(&with), 1);
    }

    #[test]
    fn the_font_has_every_letter_of_the_letters() {
        let face = Font::new(REGULAR.into(), 0).unwrap();
        assert!(face.units_per_em() > 0.0);
        assert!(REGULAR.len() + BOLD.len() < 600_000);
    }

    #[test]
    fn lines_are_no_longer_than_they_may_be() {
        let text =
            "Наведите камеру телефона на https://dwellers.example/join/01KZM7Q3V5T8W9X2Y4A6B8C0D1 и ждите";
        let lines = wrapped(text, 20);
        assert!(lines.iter().all(|line| line.chars().count() <= 20), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert_eq!(wrapped("", 20), Vec::<String>::new());
    }

    /// To look at: with `LETTERS=FILE` in the environment it is written there.
    #[test]
    fn five_hundred_letters_are_made() {
        let pdf = made(Language::Ru, "СНТ «Сосновка-2»", &letters(500));
        if let Some(path) = std::env::var_os("LETTERS") {
            std::fs::write(path, &pdf).unwrap();
        }
        assert_eq!(pages(&pdf), 500);
    }
}
