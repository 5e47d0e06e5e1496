//! Every text in both languages: `shared/locales/ru` and `shared/locales/en` have the same files, and these the
//! same messages, terms and attributes. What a text says and whether its placeables fit is for other tests.

use std::collections::BTreeMap;

use crate::{File, Finding};

const LOCALES: &str = "shared/locales/";
const LANGUAGES: [&str; 2] = ["ru", "en"];

/// A key that one language has and the other lacks; found at the line where it is.
pub(crate) fn both_languages(files: &[File]) -> Vec<Finding> {
    let keys = LANGUAGES.map(|language| keys_of(files, language));
    let mut findings = Vec::new();
    for (here, there) in [(0, 1), (1, 0)] {
        for ((file, key), line) in &keys[here] {
            if !keys[there].contains_key(&(*file, key.clone())) {
                findings.push(Finding {
                    path: format!("{LOCALES}{}/{file}", LANGUAGES[here]),
                    line: *line,
                    what: format!(
                        "`{key}` is not in {LOCALES}{}/{file}; translate it there",
                        LANGUAGES[there]
                    ),
                });
            }
        }
    }
    findings
}

/// The keys of a language by file, each with its line.
fn keys_of<'a>(files: &'a [File], language: &str) -> BTreeMap<(&'a str, String), usize> {
    let folder = format!("{LOCALES}{language}/");
    files
        .iter()
        .filter_map(|file| {
            Some((file.path.strip_prefix(&folder).filter(|name| name.ends_with(".ftl"))?, &file.text))
        })
        .flat_map(|(name, text)| keys(text).into_iter().map(move |(key, line)| ((name, key), line)))
        .collect()
}

/// `message`, `-term` and `message.attribute`: by Fluent's grammar the first two begin a line, an attribute follows
/// spaces.
fn keys(text: &str) -> Vec<(String, usize)> {
    let mut keys = Vec::new();
    let mut message = "";
    for (at, line) in text.lines().enumerate() {
        let Some((left, _)) = line.split_once('=') else {
            continue;
        };
        let left = left.trim_end_matches(' ');
        if is_identifier(left.strip_prefix('-').unwrap_or(left)) {
            message = left;
            keys.push((message.to_owned(), at + 1));
        } else if let Some(attribute) = left.trim_start_matches(' ').strip_prefix('.')
            && is_identifier(attribute)
        {
            keys.push((format!("{message}.{attribute}"), at + 1));
        }
    }
    keys
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

#[cfg(test)]
fn check(ru: &str, en: &str) -> Vec<String> {
    let file =
        |language, text: &str| File { path: format!("{LOCALES}{language}/pass.ftl"), text: text.to_owned() };
    let mut findings = both_languages(&[file("ru", ru), file("en", en)]);
    findings.sort();
    findings
        .iter()
        .map(|finding| finding.to_string().split(" is not").next().expect("never empty").to_owned())
        .collect()
}

#[test]
fn a_key_is_in_both_languages() {
    let ru = "# a = comment\npass = Пропуск\n    .title = Ваш = пропуск\n-name = Посёлок\nmany =\n    { $n ->\n        [one] a = b\n       *[other] c\n    }\n";
    let en = "-name = Settlement\npass = Pass\n  .title = Your pass\nmany = Many\n";
    assert!(check(ru, en).is_empty(), "{:?}", check(ru, en));
}

#[test]
fn a_key_in_one_language_is_found_with_its_line() {
    assert_eq!(check("a = 1\nb = 2\n", "a = 1\n"), ["shared/locales/ru/pass.ftl:2: `b`"]);
    assert_eq!(check("a = 1\n", "a = 1\n  .title = x\n"), ["shared/locales/en/pass.ftl:2: `a.title`"]);
    assert_eq!(check("-a = 1\n", "a = 1\n").len(), 2);
}

#[test]
fn a_file_in_one_language_is_found_and_no_files_are_fine() {
    let only =
        File { path: "shared/locales/ru/gate.ftl".to_owned(), text: "open = Открыть\n".to_owned() };
    assert_eq!(both_languages(&[only]).len(), 1);
    assert!(both_languages(&[]).is_empty());
}
