//! The house rules as an ordinary test: what the compiler cannot hold, this does.
//!
//! A rule is a function from a file to its [`Finding`]s (the Fluent rule sees all files, since it compares them)
//! and has a test that it bites on a bad sample and lets a good one pass. All findings of all rules are printed
//! at once, as `path:line: what is wrong, and what to do instead`. Nothing here judges style: rustfmt and clippy do.

mod fluent;
mod places;
mod rules;
mod source;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file of the house: its path from the root, with `/`, and its text.
pub(crate) struct File {
    path: String,
    text: String,
}

/// A broken rule. Lines count from 1.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

#[test]
fn the_house_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root");
    let files = files(root);
    assert!(files.iter().any(|file| file.path == "xtask/tests/tidy/main.rs"), "the walk has lost its way");

    let mut findings: Vec<Finding> = files
        .iter()
        .flat_map(|file| rules::EACH_FILE.iter().flat_map(|rule| rule(&file.path, &file.text)))
        .chain(fluent::both_languages(&files))
        .collect();
    findings.sort();
    let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{} broken house rules:\n\n{}\n", lines.len(), lines.join("\n"));
}

/// All text files that git would commit; without git, those in the folders that it would not ignore.
fn files(root: &Path) -> Vec<File> {
    let paths = git_files(root).unwrap_or_else(|| {
        let mut found = Vec::new();
        walk(root, &mut found);
        found
    });
    paths
        .into_iter()
        .filter(|path| path.is_file())
        .filter_map(|path| {
            // What is not UTF-8 is a picture or a model, and no rule's business.
            let text = String::from_utf8(fs::read(&path).expect("a file of the house is readable")).ok()?;
            let path = path.strip_prefix(root).expect("found under the root").to_str()?.to_owned();
            Some(File { path, text })
        })
        .collect()
}

fn git_files(root: &Path) -> Option<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .ok()
        .filter(|output| output.status.success() && !output.stdout.is_empty())?;
    let names = String::from_utf8(output.stdout).ok()?;
    Some(names.split_terminator('\0').map(|name| root.join(name)).collect())
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the house is readable") {
        let entry = entry.expect("a folder of the house is readable");
        let kind = entry.file_type().expect("an entry has a type");
        let ignored = matches!(entry.file_name().to_str(), Some(".git" | "target" | "node_modules" | "dist"));
        if kind.is_dir() && !ignored {
            walk(&entry.path(), found);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
}
