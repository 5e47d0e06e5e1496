//! The rules that judge one file at a time.

use crate::Finding;
use crate::places::{is_edge, is_generated, is_product, is_store};
use crate::source::Source;

/// A rule for one file: its path and its text.
pub(crate) type Rule = fn(&str, &str) -> Vec<Finding>;

/// Every rule of this file.
pub(crate) const EACH_FILE: &[Rule] = &[
    sql_only_in_stores,
    time_and_chance_only_at_edges,
    files_within_reason,
    nothing_unfinished,
    modules_say_what_they_are_for,
    no_machine_paths,
    only_public_registries,
];

/// The most lines that a file of ours may have, tests included: about what a reader can keep in mind.
const MAX_LINES: usize = 800;

fn finding(path: &str, line: usize, what: impl Into<String>) -> Finding {
    Finding { path: path.to_owned(), line, what: what.into() }
}

/// A rule must not be tripped by the samples of its own test.
fn is_tidy_itself(path: &str) -> bool {
    path.starts_with("xtask/tests/tidy/")
}

fn sql_only_in_stores(path: &str, text: &str) -> Vec<Finding> {
    if !is_product(path) || is_store(path) {
        return Vec::new();
    }
    Source::shipped(text)
        .strings
        .into_iter()
        .filter(|(_, literal)| is_sql(literal))
        .map(|(line, _)| finding(path, line, "SQL outside a store; give the Store trait what this needs"))
        .collect()
}

/// Whether a string literal holds SQL. Keywords count in upper case, as the house writes them, so that a message
/// such as "select a house" is none; a few pairs that no sentence has count in any case.
fn is_sql(literal: &str) -> bool {
    let words: Vec<&str> =
        literal.split(|c: char| c.is_whitespace() || c == '(').filter(|w| !w.is_empty()).collect();
    let upper = words.windows(2).any(|pair| match (pair[0], pair[1].trim_end_matches(';')) {
        ("SELECT" | "PRAGMA" | "SAVEPOINT", _) | ("INSERT" | "REPLACE", "INTO" | "OR") => true,
        ("CREATE" | "DROP" | "ALTER", what) => matches!(
            what,
            "TABLE" | "INDEX" | "UNIQUE" | "VIEW" | "TRIGGER" | "TEMP" | "TEMPORARY" | "VIRTUAL"
        ),
        ("DELETE", "FROM") | ("BEGIN", "IMMEDIATE" | "EXCLUSIVE" | "DEFERRED") => true,
        ("WITH", "RECURSIVE") | ("ATTACH", "DATABASE") | ("VACUUM", "INTO") => true,
        ("UPDATE", _) => words.contains(&"SET"),
        _ => false,
    });
    let lower = literal.to_lowercase();
    upper
        || ["select * from ", "select count(", "create table ", "insert or "]
            .iter()
            .any(|sql| lower.contains(sql))
}

/// Ways to the wall clock and to randomness.
const TIME_AND_CHANCE: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "OffsetDateTime::now",
    "Timestamp::now",
    "Zoned::now",
    "rand::",
    "use rand",
    "fastrand::",
    "thread_rng",
    "OsRng",
    "getrandom",
    "Uuid::new_v",
    "Ulid::new()",
    "Ulid::generate()",
    "Ulid::from_datetime(",
    "Ulid::with_source(",
    "ulid::Generator",
];

fn time_and_chance_only_at_edges(path: &str, text: &str) -> Vec<Finding> {
    if !is_product(path) || is_edge(path) {
        return Vec::new();
    }
    let source = Source::shipped(text);
    let mut findings: Vec<Finding> = TIME_AND_CHANCE
        .iter()
        .flat_map(|token| source.lines_with(token).into_iter().map(move |line| (token, line)))
        .map(|(token, line)| {
            finding(path, line, format!("`{token}` inside; take the time or the random value as an argument"))
        })
        .collect();
    // `use rand::Rng` is one offence, not two.
    findings.sort();
    findings.dedup_by_key(|finding| finding.line);
    findings
}

fn files_within_reason(path: &str, text: &str) -> Vec<Finding> {
    let ours = [".rs", ".ts", ".tsx"].iter().any(|ending| path.ends_with(ending)) && !is_generated(text);
    let lines = text.lines().count();
    if !ours || lines <= MAX_LINES {
        return Vec::new();
    }
    vec![finding(
        path,
        MAX_LINES + 1,
        format!("{lines} lines, of at most {MAX_LINES}; split it where its nouns part"),
    )]
}

fn nothing_unfinished(path: &str, text: &str) -> Vec<Finding> {
    if !path.ends_with(".rs") {
        return Vec::new();
    }
    let source = Source::whole(text);
    [
        ("todo!", "finish it or leave it out"),
        ("unimplemented!", "finish it or leave it out"),
        ("dbg!", "log it or leave it out"),
        ("#[ignore", "mend the test or delete it"),
    ]
    .into_iter()
    .flat_map(|(token, instead)| source.lines_with(token).into_iter().map(move |line| (line, token, instead)))
    .map(|(line, token, instead)| finding(path, line, format!("`{token}` in committed code; {instead}")))
    .collect()
}

fn modules_say_what_they_are_for(path: &str, text: &str) -> Vec<Finding> {
    let is_module =
        path.ends_with(".rs") && (is_product(path) || path.contains("/src/") || path.starts_with("src/"));
    if !is_module || is_generated(text) || text.trim_start().starts_with("//!") {
        return Vec::new();
    }
    vec![finding(
        path,
        1,
        "the module does not open with `//!`; say its purpose, its invariants and what is not here",
    )]
}

fn no_machine_paths(path: &str, text: &str) -> Vec<Finding> {
    if is_tidy_itself(path) {
        return Vec::new();
    }
    let stands_alone =
        |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || "_-./}*".contains(c));
    let is_there = |line: &str, part: &str| line.match_indices(part).any(|(at, _)| stands_alone(&line[..at]));
    text.lines()
        .enumerate()
        .flat_map(|(at, line)| {
            ["/home/", "/root/", "/Users/"]
                .into_iter()
                .filter(|part| is_there(line, part))
                .map(move |part| (at, part))
        })
        .map(|(at, part)| {
            finding(path, at + 1, format!("`{part}…` is a path of one machine; make it relative"))
        })
        .collect()
}

/// Lock files name the public registry of their kind, as its client writes it, and no mirror; nothing else names
/// any: where packages come from is each machine's own setting.
fn only_public_registries(path: &str, text: &str) -> Vec<Finding> {
    if is_tidy_itself(path) {
        return Vec::new();
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_foreign = |line: &str| match name {
        "Cargo.lock" => {
            line.starts_with("source = ")
                && !line.contains("\"registry+https://github.com/rust-lang/crates.io-index\"")
        }
        "package-lock.json" => {
            line.contains("\"resolved\": \"http") && !line.contains("\"https://registry.npmjs.org/")
        }
        _ => ["crates.io", "registry.npmjs.org", "registry.yarnpkg.com", "pypi.org", "deb.debian.org"]
            .iter()
            .any(|host| line.contains(host)),
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| is_foreign(line))
        .map(|(at, _)| {
            finding(path, at + 1, "names a package registry; leave that to the machine's own settings")
        })
        .collect()
}

/// The lines on which a rule bites.
#[cfg(test)]
fn lines(rule: Rule, path: &str, text: &str) -> Vec<usize> {
    rule(path, text).into_iter().map(|finding| finding.line).collect()
}

#[test]
fn sql_stays_in_the_stores() {
    let check = |path: &str, text: &str| lines(sql_only_in_stores, path, text);
    for sql in [
        "SELECT id FROM passes",
        "  INSERT INTO passes VALUES (?1)",
        "CREATE UNIQUE INDEX a ON b(c)",
        "PRAGMA user_version",
        "UPDATE passes SET plate = ?1",
        "DELETE FROM passes",
        "BEGIN IMMEDIATE;",
        "select * from passes",
    ] {
        assert_eq!(check("cloud/src/api/passes.rs", &format!("//! x\nf(\"{sql}\");\n")), [2], "{sql}");
        assert_eq!(check("cloud/src/api/passes.rs", &format!("f(r#\"\n{sql}\n\"#);\n")), [1], "{sql}");
        assert_eq!(check("cloud/src/api/passes.rs", &format!("// {sql}\n")), [], "{sql}");
        for home in
            ["shared/replica/src/store/sqlite.rs", "cloud/src/postgres/mod.rs", "cloud/tests/it/main.rs"]
        {
            assert_eq!(check(home, &format!("f(\"{sql}\");\n")), [], "{home}: {sql}");
        }
        assert_eq!(
            check("hub/src/a.rs", &format!("#[cfg(test)]\nmod tests {{ f(\"{sql}\"); }}\n")),
            [],
            "{sql}"
        );
        assert_eq!(check("README.md", &format!("\"{sql}\"\n")), [], "{sql}");
    }
    for sentence in
        ["select a house from the list", "create a table", "update the set", "PRAGMA", "DELETE /api/v1"]
    {
        assert_eq!(check("hub/src/kiosk.rs", &format!("f(\"{sentence}\");\n")), [], "{sentence}");
    }
}

#[test]
fn time_and_chance_come_from_the_edges() {
    let check = |path: &str, text: &str| lines(time_and_chance_only_at_edges, path, text);
    for token in TIME_AND_CHANCE {
        assert_eq!(
            check("shared/replica/src/clock.rs", &format!("//! x\nlet x = {token};\n")),
            [2],
            "{token}"
        );
        assert_eq!(check("hub/src/engine/mod.rs", &format!("let x = {token};\n")), [1], "{token}");
        for place in ["shared/replica/src/bin/sim.rs", "shared/replica/benches/store.rs", "xtask/src/test.rs"]
        {
            assert_eq!(check(place, &format!("let x = {token};\n")), [], "{place}: {token}");
        }
    }
    assert_eq!(check("shared/replica/src/a.rs", "use rand::Rng;\n"), [1]);
    assert_eq!(
        check("shared/replica/src/a.rs", "// Instant::now\nlet operand = grand::x(\"rand::\");\n"),
        []
    );
    assert_eq!(
        check("shared/replica/src/a.rs", "#[cfg(test)]\nmod tests { fn f() { Instant::now(); } }\n"),
        []
    );
}

#[test]
fn files_stay_readable() {
    let check = |path, count| lines(files_within_reason, path, &"x\n".repeat(count));
    assert_eq!(check("hub/src/a.rs", MAX_LINES + 1), [MAX_LINES + 1]);
    assert_eq!(check("hub/src/a.rs", MAX_LINES), []);
    assert_eq!(check("Cargo.lock", 5000), []);
    let generated = format!("// @generated by openapi-typescript\n{}", "x\n".repeat(5000));
    assert_eq!(lines(files_within_reason, "shared/web/src/api.ts", &generated), []);
}

#[test]
fn nothing_unfinished_is_committed() {
    let check = |text: &str| lines(nothing_unfinished, "hub/tests/it/main.rs", text);
    for bad in ["todo!()", "unimplemented!(\"x\")", "dbg!(x)", "#[ignore]", "#[ignore = \"slow\"]"] {
        assert_eq!(check(&format!("fn f() {{}}\n{bad}\n")), [2], "{bad}");
        assert_eq!(check(&format!("// {bad}\nlet s = r#\"{bad}\"#;\n")), [], "{bad}");
    }
}

#[test]
fn modules_open_with_their_purpose() {
    let check = |path: &str, text: &str| lines(modules_say_what_they_are_for, path, text);
    for path in
        ["shared/replica/src/lib.rs", "hub/src/gate/mod.rs", "cloud/src/api/passes.rs", "xtask/src/main.rs"]
    {
        assert_eq!(check(path, "use std::fmt;\n//! Late.\n"), [1], "{path}");
        assert_eq!(check(path, "// A comment is not it.\n"), [1], "{path}");
        assert_eq!(check(path, "//! What it is for.\n"), [], "{path}");
    }
    assert_eq!(check("shared/web/src/main.tsx", "import x\n"), []);
}

#[test]
fn no_path_of_one_machine() {
    let check = |text: &str| lines(no_machine_paths, "README.md", text);
    assert_eq!(check("x\nsee /home/notes\n"), [2]);
    assert_eq!(check("HOME=/root/x\n"), [1]);
    assert_eq!(check("src/home/a.rs and https://example.org/home/x\n"), []);
}

#[test]
fn no_registry_but_the_public_ones_in_lock_files() {
    let check = |path: &str, text: &str| lines(only_public_registries, path, text);
    assert_eq!(check(".cargo/config.toml", "[source.x]\nregistry = \"https://index.crates.io/\"\n"), [2]);
    let lock = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    assert_eq!(check("Cargo.lock", lock), []);
    assert_eq!(check("Cargo.lock", "source = \"registry+https://mirror.example/index\"\n"), [1]);
    let npm = |host: &str| format!("  \"resolved\": \"https://{host}/a/-/a-1.0.0.tgz\",\n");
    assert_eq!(check("shared/web/package-lock.json", &npm("registry.npmjs.org")), []);
    assert_eq!(check("shared/web/package-lock.json", &npm("mirror.example")), [1]);
}
