//! Tables of routes: which row a request is for, and its body, bounded.
//!
//! warp serves; its own chains of alternatives are not used for matching, because they let a route be forgotten by a
//! check, and answer 405 without the methods that there are.
//!
//! What must never be here: what a route does, or who may call it.

use bytes::Buf;
use http::{HeaderMap, Method, header};
use tokio_stream::{Stream, StreamExt};

/// What a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'a, R> {
    /// This row; and what stands in the places of its pattern's `{…}`, by their names.
    Row(R, Vec<(&'a str, &'a str)>),
    /// Nothing by this method; by these there is (RFC 9110, 15.5.6).
    Allow(String),
    /// Nothing at all.
    Nothing,
}

/// Finds the row of a method and path among rows of method and pattern, the first that fits. A pattern that names a path in
/// full is for it before one that leaves a place open, as OpenAPI has it. `HEAD` is `GET`, whose body the server leaves out.
pub fn find<'a, R>(
    rows: impl Iterator<Item = (&'a Method, &'a str, R)>,
    method: &Method,
    path: &'a str,
) -> Found<'a, R> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    let mut fitting = Vec::new();
    for (known, pattern, row) in rows {
        fitting.extend(matched(pattern, path).map(|parameters| (known, parameters, row)));
    }
    let open = fitting.iter().map(|(_, parameters, _)| parameters.len()).min().unwrap_or_default();
    let mut others: Vec<&str> = Vec::new();
    for (known, parameters, row) in fitting.into_iter().filter(|(_, filled, _)| filled.len() == open) {
        if known == method {
            return Found::Row(row, parameters);
        }
        if !others.contains(&known.as_str()) {
            others.push(known.as_str());
        }
    }
    if others.is_empty() { Found::Nothing } else { Found::Allow(others.join(", ")) }
}

/// Whether a path fits a pattern, and what stands in the places of its `{…}`.
fn matched<'a>(pattern: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut parameters = Vec::new();
    let (mut expected, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (expected.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(pattern), Some(given)) if pattern == given => {}
            (Some(pattern), Some(given)) if !given.is_empty() => {
                let name = pattern.strip_prefix('{').and_then(|name| name.strip_suffix('}'))?;
                parameters.push((name, given));
            }
            _ => return None,
        }
    }
}

/// Why a body is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It is larger than this route takes.
    #[error("the body is larger than is taken here")]
    TooLarge,
    /// It broke off.
    #[error("the body broke off")]
    Broken,
    /// It is of another kind than this route takes.
    #[error("the body is of a kind that is not taken here")]
    Kind,
}

/// A body of at most so many bytes and of one of these media types. A body of `application/json` cannot be sent by a form
/// of a foreign page; what takes others must look at their origin.
///
/// # Errors
/// It is larger, of another kind, or broke off.
pub async fn read(
    headers: &HeaderMap,
    body: impl Stream<Item = Result<impl Buf, warp::Error>> + Send,
    max_bytes: usize,
    kinds: &[&str],
) -> Result<Vec<u8>, Unread> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if length.is_some_and(|length| length > max_bytes) {
        return Err(Unread::TooLarge);
    }
    let mut body = std::pin::pin!(body);
    let mut bytes = Vec::new();
    while let Some(part) = body.next().await {
        let mut part = part.map_err(|_| Unread::Broken)?;
        if bytes.len() + part.remaining() > max_bytes {
            return Err(Unread::TooLarge);
        }
        while part.has_remaining() {
            let chunk = part.chunk();
            bytes.extend_from_slice(chunk);
            let length = chunk.len();
            part.advance(length);
        }
    }
    let kind = text(header::CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !bytes.is_empty() && !kinds.iter().any(|taken| kind.eq_ignore_ascii_case(taken)) {
        return Err(Unread::Kind);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_method_and_path() {
        let rows = [
            (Method::GET, "/a/{one}"),
            (Method::POST, "/a/{one}"),
            (Method::GET, "/a/{one}/b/{two}"),
            (Method::GET, "/a/fixed/b/{two}"),
            (Method::POST, "/a/new"),
        ];
        let all = || rows.iter().enumerate().map(|(n, (method, pattern))| (method, *pattern, n));
        let check = |method: Method, path: &'static str, expected: Found<'_, usize>| {
            assert_eq!(find(all(), &method, path), expected, "{method} {path}");
        };
        check(Method::GET, "/a/x", Found::Row(0, vec![("one", "x")]));
        check(Method::HEAD, "/a/x", Found::Row(0, vec![("one", "x")]));
        check(Method::POST, "/a/x", Found::Row(1, vec![("one", "x")]));
        check(Method::GET, "/a/x/b/y", Found::Row(2, vec![("one", "x"), ("two", "y")]));
        check(Method::DELETE, "/a/x", Found::Allow("GET, POST".to_owned()));
        // What is named in full is no `{one}`, whichever comes first.
        check(Method::GET, "/a/fixed/b/y", Found::Row(3, vec![("two", "y")]));
        check(Method::POST, "/a/new", Found::Row(4, vec![]));
        check(Method::GET, "/a/new", Found::Allow("POST".to_owned()));
        for nothing in ["/a", "/a/", "/a/x/", "/a/x/b", "/a/x/c/y", "/", ""] {
            check(Method::GET, nothing, Found::Nothing);
        }
    }
}
