//! Rust text taken apart just far enough for the rules: code, string literals and comments, each with its line.
//!
//! Not a parser: it knows comments, strings, characters and braces, and where `#[cfg(test)]` items begin and end.

/// A Rust file without its `#[cfg(test)]` items, or with them.
pub(crate) struct Source {
    /// The file with comments and the insides of literals blanked out; lines are where they were.
    pub(crate) code: String,
    /// Every string literal with the line on which it begins, escapes as written.
    pub(crate) strings: Vec<(usize, String)>,
}

impl Source {
    /// Everything in the file.
    pub(crate) fn whole(text: &str) -> Self {
        let (code, literals) = take_apart(text);
        let strings = literals.into_iter().map(|(at, literal)| (line_of(&code, at), literal)).collect();
        Self { code, strings }
    }

    /// What ships: everything but the items under `#[cfg(test)]`.
    pub(crate) fn shipped(text: &str) -> Self {
        let (code, literals) = take_apart(text);
        let tests = test_items(&code);
        let ships = |at: usize| !tests.iter().any(|item| item.contains(&at));
        let strings = literals
            .into_iter()
            .filter(|(at, _)| ships(*at))
            .map(|(at, literal)| (line_of(&code, at), literal))
            .collect();
        let code = code.char_indices().map(|(at, c)| if c == '\n' || ships(at) { c } else { ' ' }).collect();
        Self { code, strings }
    }

    /// The lines on which `token` stands in code, not as the tail of a longer name.
    pub(crate) fn lines_with(&self, token: &str) -> Vec<usize> {
        self.code
            .match_indices(token)
            .filter(|(at, _)| !self.code[..*at].ends_with(is_name))
            .map(|(at, _)| line_of(&self.code, at))
            .collect()
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The code, with one ASCII space for every byte of comment or literal, and the literals with their offsets.
fn take_apart(text: &str) -> (String, Vec<(usize, String)>) {
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let after_name = code.ends_with(is_name);
        let (length, literal) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), None)
        } else if rest.starts_with("/*") {
            (block_comment(rest), None)
        } else if let Some((length, literal)) = raw_string(rest).filter(|_| !after_name) {
            (length, Some(literal))
        } else if c == '"' {
            let length = quoted(rest, '"');
            (length, Some(&rest[1..(length - 1).max(1)]))
        } else if let Some(length) = character(rest) {
            (length, None)
        } else {
            code.push(c);
            at += c.len_utf8();
            continue;
        };
        strings.extend(literal.map(|literal| (at, literal.to_owned())));
        code.extend(rest[..length].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        at += length;
    }
    (code, strings)
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    loop {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
        } else if let Some(c) = rest[at..].chars().next() {
            at += c.len_utf8();
        } else {
            return at;
        }
        if depth == 0 {
            return at;
        }
    }
}

/// `r"…"`, `br#"…"#` and their kin: the whole length and what is inside.
fn raw_string(rest: &str) -> Option<(usize, &str)> {
    let prefix = ["br", "cr", "r"].into_iter().find(|prefix| rest.starts_with(prefix))?.len();
    let hashes = rest[prefix..].bytes().take_while(|byte| *byte == b'#').count();
    let begin = prefix + hashes + 1;
    rest[prefix + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let inside = rest[begin..].find(&end).unwrap_or(rest.len() - begin);
    Some(((begin + inside + end.len()).min(rest.len()), &rest[begin..begin + inside]))
}

/// The length of a literal from its opening to its closing quote.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal; none for a lifetime or a label.
fn character(rest: &str) -> Option<usize> {
    let mut inside = rest.strip_prefix('\'')?.chars();
    match inside.next()? {
        '\\' => Some(quoted(rest, '\'')),
        c => (inside.next() == Some('\'')).then(|| c.len_utf8() + 2),
    }
}

/// The extents of the items under `#[cfg(test)]`, up to their closing brace or semicolon.
fn test_items(code: &str) -> Vec<std::ops::Range<usize>> {
    code.match_indices("#[cfg(test)]")
        .map(|(begin, attribute)| {
            let mut depth = 0;
            for (offset, byte) in code[begin + attribute.len()..].bytes().enumerate() {
                depth += i32::from(byte == b'{') - i32::from(byte == b'}');
                if depth == 0 && matches!(byte, b'}' | b';') {
                    return begin..begin + attribute.len() + offset + 1;
                }
            }
            begin..code.len()
        })
        .collect()
}

#[test]
fn code_strings_and_comments_are_told_apart() {
    let text = concat!(
        "//! one\n",
        "let a = \"two \\\" three\"; // four\n",
        "let b = br#\"fi\"ve\"#; /* six /* seven */\n eight */ let c = '\"';\n",
        "fn f<'a>(x: &'a str) -> char { '\\'' } // nine\n",
    );
    let source = Source::whole(text);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
    assert_eq!(words(&source.code), "let a = ; let b = ; let c = ; fn f<'a>(x: &'a str) -> char { }");
    assert_eq!(source.strings, [(2, "two \\\" three".to_owned()), (3, "fi\"ve".to_owned())]);
    assert_eq!(source.lines_with("char"), [5]);
    assert_eq!(source.lines_with("har"), []);
}

#[test]
fn what_is_for_tests_does_not_ship() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { c(\"}\") }\n}\nfn d() {}\n#[cfg(test)]\nmod e;\nfn g() {}\n";
    let source = Source::shipped(text);
    assert_eq!(source.code.split_whitespace().collect::<String>(), "fna(){}fnd(){}fng(){}");
    assert_eq!(source.lines_with("d("), [6]);
    assert!(source.strings.is_empty());
}
