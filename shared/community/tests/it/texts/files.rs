//! The files of the locales and the program agree: no text that is not embedded, no value that is not filled in, no
//! refusal in the rules without its words.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dwellers::texts::{Language, Texts, Value};

/// The texts of a language as they lie on disk: `key` and `key.attribute`, each with the names of what it needs. Those of the
/// pages alone lie in a folder of their own, and have tests of their own.
fn on_disk(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../locales").join(language.as_str());
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let paths = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    for path in paths.filter(|path| path.extension().is_some_and(|ending| ending == "ftl")) {
        let text = fs::read_to_string(path).unwrap();
        let (mut message, mut key) = (String::new(), String::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let head = line.split_once('=').map(|(head, _)| head.trim_end());
            match head {
                Some(head) if !head.starts_with(' ') => {
                    message = head.to_owned();
                    key.clone_from(&message);
                }
                Some(head) if head.trim_start().starts_with('.') => {
                    key = format!("{message}{}", head.trim_start());
                }
                _ => {}
            }
            let needs = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect::<String>()
            });
            if !key.is_empty() {
                texts.entry(key.clone()).or_default().extend(needs);
            }
        }
    }
    texts
}

/// Names of values that choose words by their number.
const NUMBERS: [&str; 6] = ["count", "left", "entries", "seconds", "month", "limit"];

#[test]
fn every_text_is_embedded_and_filled_in() {
    for language in [Language::Ru, Language::En] {
        let texts = Texts::new(language);
        let all = on_disk(language);
        assert!(all.len() > 200, "{} texts were found", all.len());
        for (key, needs) in &all {
            for number in [0, 1, 2, 5, 12, 21] {
                let mut args: Vec<(&str, Value<'_>)> = needs
                    .iter()
                    .map(|name| {
                        let is_number = NUMBERS.contains(&name.as_str());
                        (name.as_str(), if is_number { number.into() } else { "слово".into() })
                    })
                    .collect();
                // What one text takes from another.
                args.push(("month", number.into()));
                let said = texts.get(key, &args);
                assert_ne!(&said, key);
                assert!(!said.contains(['{', '}', '$', '\u{2068}', '\u{2069}']), "{key}: {said}");
                assert_eq!(said, said.trim(), "{key}");
                for (name, value) in args.iter().filter(|(name, _)| needs.contains(*name)) {
                    let shown = matches!(value, Value::Text(text) if said.contains(text.as_ref()));
                    assert!(shown || NUMBERS.contains(name), "{key} does not show ${name}: {said}");
                }
            }
        }
    }
}

#[test]
fn both_languages_need_the_same_values() {
    let (ru, en) = (on_disk(Language::Ru), on_disk(Language::En));
    for (key, needs) in &ru {
        assert_eq!(en.get(key), Some(needs), "{key}");
    }
    assert_eq!(ru.len(), en.len());
}

/// Every `Denied` that the rules speak of has words of its own: there is no other place where a forgotten one shows.
#[test]
fn every_refusal_in_the_rules_has_its_words() {
    let texts = on_disk(Language::Ru);
    let mut missing = BTreeSet::new();
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let source = fs::read_to_string(source).unwrap();
        for (call, prefix, at) in [
            ("NotFound(", "not-found", 0),
            ("Exists(", "exists", 0),
            ("Ended(", "ended", 0),
            ("invalid(", "field", 0),
            ("invalid(", "why", 1),
            ("why:", "why", 0),
        ] {
            for (start, _) in source.match_indices(call) {
                let arguments = source[start + call.len()..].split([')', '}']).next().unwrap_or_default();
                let argument = arguments.split(',').nth(at).unwrap_or_default().trim();
                // What is no literal is one where it comes from.
                let literal = argument.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                let key = literal.map(|literal| format!("{prefix}-{literal}"));
                missing.extend(key.filter(|key| !texts.contains_key(key)));
            }
        }
    }
    assert!(missing.is_empty(), "write these into errors.ftl, in both languages: {missing:?}");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}
