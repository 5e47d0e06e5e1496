//! What is wrong with a configuration, where, and what would be right.
//!
//! The reader of values (serde) knows where a value stands but not what it is called; the checks know what it is
//! called but not where. The tree of the parsed text knows both.

use std::fmt;
use std::ops::{Range, RangeInclusive};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::camera::Source;
use super::gate::Driver;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was named.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// Which key, and what would be right.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.what)
    }
}

/// A step on the way from the root of the file to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Key(&'a str),
    At(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Self {
        Step::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(at: usize) -> Self {
        Step::At(at)
    }
}

/// A parsed text, and what was found wrong with it.
pub(super) struct Checker<'t> {
    file: &'t str,
    text: &'t str,
    root: Spanned<DeTable<'t>>,
    problems: Vec<Problem>,
}

impl<'t> Checker<'t> {
    /// Fails where the text is no TOML.
    pub fn new(file: &'t str, text: &'t str) -> Result<Self, Vec<Problem>> {
        match DeTable::parse(text) {
            Ok(root) => Ok(Checker { file, text, root, problems: Vec::new() }),
            Err(error) => {
                let what = error.message().replace('\n', "; ");
                Err(vec![problem(file, text, error.span().unwrap_or_default(), what)])
            }
        }
    }

    /// The values as a type. Fails at the first that is not of it.
    pub fn read<T: DeserializeOwned>(&mut self) -> Result<T, Vec<Problem>> {
        self.check_kinds("gate", "driver", Driver::KINDS);
        self.check_kinds("camera", "source", Source::KINDS);
        if !self.problems.is_empty() {
            return Err(std::mem::take(&mut self.problems));
        }
        toml::from_str(self.text).map_err(|error| vec![self.explain(&error)])
    }

    /// Notes that the value at `place` is wrong.
    pub fn wrong(&mut self, place: &[Step<'_>], what: &str) {
        let (span, complete) = self.find(place);
        let said = if complete { self.quote(&span) } else { String::new() };
        let what = format!("{}{said}: {what}", self.name(place));
        let what = what.strip_prefix(": ").unwrap_or(&what).to_owned();
        self.problems.push(problem(self.file, self.text, span, what));
    }

    /// Notes where a number of milliseconds is out of its range.
    pub fn within(&mut self, place: &[Step<'_>], ms: u32, range: RangeInclusive<u32>, what: &str) {
        if !range.contains(&ms) {
            self.wrong(place, &format!("{what} {} to {} ms", range.start(), range.end()));
        }
    }

    /// Everything that was noted, in the order of the file.
    pub fn end(mut self) -> Result<(), Vec<Problem>> {
        self.problems.sort_by_key(|problem| (problem.line, problem.column));
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }

    /// What is read by its kind (a driver, a source): the reader could only say that nothing fits.
    fn check_kinds(&mut self, table: &'static str, part: &'static str, kinds: &[&str]) {
        let owners = self.root.get_ref().get(table).and_then(|owners| owners.get_ref().as_array());
        let found: Vec<_> =
            owners.into_iter().flatten().map(|owner| kind_of(owner.get_ref(), part)).collect();
        for (at, kind) in found.into_iter().enumerate() {
            let place = [Step::from(table), at.into(), part.into(), "kind".into()];
            match kind {
                Some(kind) if !kinds.contains(&kind.as_str()) => {
                    self.wrong(&place, &format!("no such {part}; there is {}", choice(kinds)));
                }
                _ => {}
            }
        }
    }

    /// What serde said, in our words.
    fn explain(&self, error: &toml::de::Error) -> Problem {
        let message = error.message();
        let span = error.span().unwrap_or_default();
        let mut place = self.place_of(&span);
        let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let unknown = message.starts_with("unknown field");
        let missing = message.starts_with("missing field");
        let (span, what) = if unknown && let [name, known @ ..] = quoted.as_slice() {
            if place.last() != Some(&Step::Key(name)) {
                place.push(Step::Key(name));
            }
            let named = self.key_span(&place).unwrap_or(span);
            (named, format!("{}: no such key; {}", self.name(&place), suggestion(name, known)))
        } else if missing && let [name] = quoted.as_slice() {
            place.push(Step::Key(name));
            (span, format!("{} is missing: {}", self.name(&place), meaning(&place)))
        } else if message.starts_with("unknown variant") && quoted.len() > 1 {
            // A variant with a value is a table of one key.
            let what = format!("it is {}", choice(&quoted[1..]))
                .replace("\"pulse_after_ms\"", "{ pulse_after_ms = … }");
            (span.clone(), format!("{}{}: {what}", self.name(&place), self.quote(&span)))
        } else {
            let what = message.rsplit_once("expected ").map_or(message, |(_, expected)| expected);
            let what = match what {
                "u32" | "u64" | "u16" | "usize" => "a whole number",
                "a boolean" => "true or false",
                "a string" | "path string" | "a path" => "a text in quotes",
                "invalid socket address syntax" => "an address and a port, such as 127.0.0.1:8480",
                other => other,
            };
            let what = format!("it is to be {what}");
            (span.clone(), format!("{}{}: {what}", self.name(&place), self.quote(&span)))
        };
        problem(self.file, self.text, span, what)
    }

    /// How people call a place: `kiosk.listen`, `gate "main": pulse_ms`.
    fn name(&self, place: &[Step<'_>]) -> String {
        let (mut owner, mut keys) = (String::new(), Vec::new());
        let mut at = 0;
        while let Some(step) = place.get(at) {
            match (step, place.get(at + 1)) {
                (Step::Key(table), Some(Step::At(number))) if self.is_table(&place[..at + 2]) => {
                    let key = [&place[..at + 2], &["key".into()]].concat();
                    let called = match self.value(&key).and_then(|value| value.get_ref().as_str()) {
                        Some(key) => format!("{table} \"{key}\""),
                        None => format!("{table} number {}", number + 1),
                    };
                    let comma = if owner.is_empty() { "" } else { ", " };
                    owner = format!("{owner}{comma}{called}");
                    at += 1;
                }
                (Step::Key(key), _) => keys.push(*key),
                (Step::At(_), _) => {}
            }
            at += 1;
        }
        match (owner.is_empty(), keys.is_empty()) {
            (true, _) => keys.join("."),
            (false, true) => owner,
            (false, false) => format!("{owner}: {}", keys.join(".")),
        }
    }

    fn is_table(&self, place: &[Step<'_>]) -> bool {
        self.value(place).is_some_and(|value| value.get_ref().is_table())
    }

    /// ` = VALUE`, where the value fits on a line.
    fn quote(&self, span: &Range<usize>) -> String {
        let value = self.text.get(span.clone()).unwrap_or_default();
        let fits = !value.is_empty() && !value.contains('\n') && value.len() <= 60 && !value.starts_with('[');
        if fits { format!(" = {value}") } else { String::new() }
    }

    fn value(&self, place: &[Step<'_>]) -> Option<&Spanned<DeValue<'t>>> {
        let (first, rest) = place.split_first()?;
        let Step::Key(first) = first else { return None };
        let first = self.root.get_ref().get(*first)?;
        rest.iter().try_fold(first, |value, step| match step {
            Step::Key(key) => value.get_ref().as_table()?.get(*key),
            Step::At(at) => value.get_ref().as_array()?.get(*at),
        })
    }

    /// Where the value stands, or the nearest that is there around it.
    fn find(&self, place: &[Step<'_>]) -> (Range<usize>, bool) {
        for length in (1..=place.len()).rev() {
            if let Some(value) = self.value(&place[..length]) {
                return (value.span(), length == place.len());
            }
        }
        (0..0, false)
    }

    fn key_span(&self, place: &[Step<'_>]) -> Option<Range<usize>> {
        let (Step::Key(name), around) = place.split_last()? else { return None };
        let table = match around {
            [] => self.root.get_ref(),
            around => self.value(around)?.get_ref().as_table()?,
        };
        table.keys().find(|key| key.get_ref() == name).map(Spanned::span)
    }

    /// The innermost place whose key or value stands around `span`.
    fn place_of(&self, span: &Range<usize>) -> Vec<Step<'_>> {
        let mut best = (usize::MAX, Vec::new());
        innermost(self.root.get_ref(), &mut Vec::new(), span, &mut best);
        best.1
    }
}

fn innermost<'a>(
    table: &'a DeTable<'_>,
    place: &mut Vec<Step<'a>>,
    span: &Range<usize>,
    best: &mut (usize, Vec<Step<'a>>),
) {
    for (key, value) in table {
        place.push(Step::Key(key.get_ref()));
        consider(&key.span(), place, span, best);
        inside(value, place, span, best);
        place.pop();
    }
}

fn inside<'a>(
    value: &'a Spanned<DeValue<'_>>,
    place: &mut Vec<Step<'a>>,
    span: &Range<usize>,
    best: &mut (usize, Vec<Step<'a>>),
) {
    consider(&value.span(), place, span, best);
    match value.get_ref() {
        DeValue::Table(table) => innermost(table, place, span, best),
        DeValue::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                place.push(Step::At(at));
                inside(value, place, span, best);
                place.pop();
            }
        }
        _ => {}
    }
}

fn consider<'a>(
    found: &Range<usize>,
    place: &[Step<'a>],
    span: &Range<usize>,
    best: &mut (usize, Vec<Step<'a>>),
) {
    if found.start <= span.start && span.end <= found.end && found.len() <= best.0 {
        *best = (found.len(), place.to_vec());
    }
}

fn kind_of(owner: &DeValue<'_>, part: &str) -> Option<String> {
    owner.as_table()?.get(part)?.get_ref().as_table()?.get("kind")?.get_ref().as_str().map(str::to_owned)
}

/// The known key that was meant, or all that there are.
fn suggestion(name: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min()
        .filter(|(distance, known)| *distance <= 2.max(known.len() / 3));
    match near {
        Some((_, known)) => format!("do you mean {known}?"),
        None => format!("there are {}", known.join(", ")),
    }
}

/// `"a", "b" or "c"`.
fn choice(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// What a key that has no default is for.
fn meaning(place: &[Step<'_>]) -> &'static str {
    match place {
        [.., Step::Key("tls"), Step::Key("cert")] => "the file of the certificate",
        [.., Step::Key("tls"), Step::Key("key")] => "the file of the certificate's private key",
        [.., Step::Key("key")] => "a short name for programs, such as \"main\"",
        [.., Step::Key("name")] => "what people call it, such as \"Главный въезд\"",
        [.., Step::Key("fails")] => "how it stands without power or program, \"open\" or \"closed\"",
        [.., Step::Key("direction")] => "\"entry\" or \"exit\"",
        [.., Step::Key("driver")] => {
            "what moves it, such as driver = { kind = \"sim\", socket = \"main.sock\" }"
        }
        [.., Step::Key("driver"), Step::Key("kind")] => "what moves it, such as \"sim\"",
        [.., Step::Key("source")] => {
            "where its frames come from, such as source = { kind = \"files\", path = \"stills\" }"
        }
        [.., Step::Key("source"), Step::Key("kind")] => "where its frames come from, such as \"files\"",
        [.., Step::Key("source"), Step::Key("path")] => "a folder of stills, or a file",
        [Step::Key("camera"), _, Step::Key("gate")] => "the key of the gate that it watches",
        [Step::Key("camera"), _, Step::Key("lane")] => "the key of the lane that it sees",
        [.., Step::Key("driver"), Step::Key("socket")] => "where the simulated barrier listens",
        _ => "it has no default",
    }
}

fn problem(file: &str, text: &str, span: Range<usize>, what: String) -> Problem {
    let before = &text[..span.start.min(text.len())];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let (line, column) = (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1);
    Problem { file: file.to_owned(), line, column, what }
}
