//! Texts as Telegram formats them: its HTML taken apart into a plain text and its entities.
//!
//! Invariants: what Telegram would not take is refused with Telegram's words; offsets count UTF-16 units.
//! What must never be here: the other modes. The bot speaks HTML, and a test that needs another adds it here.

use serde_json::{Value, json};

/// The plain text and the entities of a text in Telegram's HTML.
pub(crate) fn html(source: &str) -> Result<(String, Vec<Value>), String> {
    Parser { source, at: 0, text: String::new(), units: 0, open: Vec::new(), entities: Vec::new() }.run()
}

/// The length by which Telegram's limits count.
pub(crate) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    text: String,
    units: usize,
    open: Vec<Tag>,
    entities: Vec<Value>,
}

struct Tag {
    name: String,
    offset: usize,
    attributes: Vec<(String, String)>,
}

impl Parser<'_> {
    fn run(mut self) -> Result<(String, Vec<Value>), String> {
        while let Some(c) = self.source[self.at..].chars().next() {
            match c {
                '<' if self.source[self.at..].starts_with("</") => self.end_tag()?,
                '<' => self.start_tag()?,
                '&' => {
                    let (c, length) = entity(&self.source[self.at..]).unwrap_or(('&', 1));
                    self.push(c);
                    self.at += length;
                }
                c => {
                    self.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        if let Some(tag) = self.open.last() {
            return Err(format!("Can't find end tag corresponding to start tag \"{}\"", tag.name));
        }
        let trimmed = self.text.trim_end().to_owned();
        let length = units(&trimmed);
        let mut entities = Vec::new();
        for mut entity in self.entities {
            let offset = entity["offset"].as_u64().unwrap_or_default();
            let end = (offset + entity["length"].as_u64().unwrap_or_default()).min(length as u64);
            if end > offset {
                entity["length"] = Value::from(end - offset);
                entities.push(entity);
            }
        }
        entities
            .sort_by_key(|entity| (entity["offset"].as_u64(), std::cmp::Reverse(entity["length"].as_u64())));
        Ok((trimmed, entities))
    }

    fn push(&mut self, c: char) {
        self.text.push(c);
        self.units += c.len_utf16();
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let began = self.at;
        let unclosed = || format!("Unclosed start tag at byte offset {began}");
        let inside = &self.source[began + 1..];
        let length = closing(inside).ok_or_else(unclosed)?;
        let inside = &inside[..length];
        let name_end = inside.find(|c: char| c.is_whitespace()).unwrap_or(inside.len());
        let name = inside[..name_end].to_ascii_lowercase();
        let attributes = attributes(&inside[name_end..])
            .ok_or_else(|| format!("Unexpected attribute in the tag \"{name}\" at byte offset {began}"))?;
        let unsupported = || format!("Unsupported start tag \"{name}\" at byte offset {began}");
        match name.as_str() {
            "b" | "strong" | "i" | "em" | "u" | "ins" | "s" | "strike" | "del" | "tg-spoiler" | "a"
            | "code" | "pre" | "blockquote" | "tg-emoji" => {}
            "span" if attributes.iter().any(|(key, value)| key == "class" && value == "tg-spoiler") => {}
            "span" => {
                return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {began}"));
            }
            _ => return Err(unsupported()),
        }
        self.at = began + 1 + length + 1;
        self.open.push(Tag { name, offset: self.units, attributes });
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let began = self.at;
        let inside = &self.source[began + 2..];
        let length = inside.find('>').ok_or_else(|| format!("Unclosed end tag at byte offset {began}"))?;
        let name = inside[..length].trim().to_ascii_lowercase();
        let tag = self.open.pop().ok_or_else(|| format!("Unexpected end tag at byte offset {began}"))?;
        if !name.is_empty() && name != tag.name {
            return Err(format!(
                "Unmatched end tag at byte offset {began}, expected \"</{}>\", found \"</{name}>\"",
                tag.name
            ));
        }
        self.at = began + 2 + length + 1;
        if self.units > tag.offset {
            let inner = self.text.encode_utf16().skip(tag.offset).collect::<Vec<_>>();
            self.entities.extend(tag.entity(self.units - tag.offset, &String::from_utf16_lossy(&inner)));
        }
        Ok(())
    }
}

impl Tag {
    /// The entity that the tag makes; none for a link without an address and for the tag within `pre` that names a
    /// language.
    fn entity(&self, length: usize, inner: &str) -> Option<Value> {
        let attribute =
            |name: &str| self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let kind = match self.name.as_str() {
            "b" | "strong" => "bold",
            "i" | "em" => "italic",
            "u" | "ins" => "underline",
            "s" | "strike" | "del" => "strikethrough",
            "tg-spoiler" | "span" => "spoiler",
            "code" => "code",
            "pre" => "pre",
            "blockquote" if attribute("expandable").is_some() => "expandable_blockquote",
            "blockquote" => "blockquote",
            "tg-emoji" => "custom_emoji",
            _ => "text_link",
        };
        let mut entity = json!({"type": kind, "offset": self.offset, "length": length});
        match kind {
            "text_link" => {
                let url = attribute("href").unwrap_or(inner);
                url::Url::parse(url).ok()?;
                entity["url"] = Value::from(url);
            }
            "custom_emoji" => entity["custom_emoji_id"] = Value::from(attribute("emoji-id")?),
            _ => {}
        }
        Some(entity)
    }
}

/// Where a tag closes, not counting `>` within quotes.
fn closing(inside: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in inside.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

fn attributes(mut rest: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest == "/" {
            return Some(found);
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            found.push((name, String::new()));
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote)?,
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        let mut plain = String::new();
        let mut at = 0;
        while let Some(c) = value[at..].chars().next() {
            let (c, length) = entity(&value[at..]).unwrap_or((c, c.len_utf8()));
            plain.push(c);
            at += length;
        }
        found.push((name, plain));
        rest = after;
    }
}

/// `&lt;`, `&#33;`, `&#x21;` and their kin at the start: the character, and how many bytes it took.
fn entity(rest: &str) -> Option<(char, usize)> {
    let inside = rest.strip_prefix('&')?;
    let end = inside.char_indices().take(10).find(|(_, c)| *c == ';')?.0;
    let name = &inside[..end];
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, end + 2))
}

#[test]
fn tags_become_entities_counted_in_utf16() {
    let (text, entities) =
        html("🚕 <b>Такси <i>А1</i></b> &lt;да&gt; <a href=\"https://a.ru/?a=1&amp;b=2\">x</a>\n").unwrap();
    assert_eq!(text, "🚕 Такси А1 <да> x");
    assert_eq!(entities[0], json!({"type": "bold", "offset": 3, "length": 8}));
    assert_eq!(entities[1], json!({"type": "italic", "offset": 9, "length": 2}));
    assert_eq!(
        entities[2],
        json!({"type": "text_link", "offset": 17, "length": 1, "url": "https://a.ru/?a=1&b=2"})
    );
    assert_eq!(html("a & b &unknown; &#33;").unwrap().0, "a & b &unknown; !");
}

#[test]
fn what_does_not_nest_is_refused() {
    for (bad, why) in [
        ("<b>x", "Can't find end tag corresponding to start tag \"b\""),
        ("<b><i>x</b></i>", "Unmatched end tag at byte offset 7, expected \"</i>\", found \"</b>\""),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<p>x</p>", "Unsupported start tag \"p\" at byte offset 0"),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
    ] {
        assert_eq!(html(bad).unwrap_err(), why, "{bad}");
    }
}
