//! The pages of a host, as they were built: which file answers a path, in which encoding, and what a browser may do with it.
//!
//! A host gives its [`Page`]s and a way to get a [`File`]; the bytes of embedded files are never copied. Variants that were
//! compressed beforehand lie beside their file (`x.br`, `x.gz`) and are chosen by what the browser takes.
//!
//! Invariants: a path leaves the folder by no spelling, for only names of plain letters are looked up; what a name with a
//! hash says stands for ever, everything else is asked for anew each time; no script, style, picture or connection of
//! another host; nobody frames a page but those whom it names.
//!
//! What must never be here: a page; who may see what is in it (that is asked of the API).

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use warp::reply::Response;

/// The folder of files whose names change with what is in them.
const HASHED: &str = "assets/";
/// First parts of paths that are no pages in either host.
const NO_PAGES: &[&str] = &["api", "link", "metrics", "pair"];
/// Styles are set by elements that scripts add: Mantine knows no other way. They can load nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
                      worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors ";
/// Who frames what is no page.
const NOBODY: &str = "'none'";
/// A camera for the photographs of those who apply, keys to sign in with, and nothing else that a browser would ask for.
const PERMISSIONS: &str = "camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), \
                           accelerometer=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
                           idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
                           serial=(), usb=(), xr-spatial-tracking=()";
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// A file of the folder.
#[derive(Clone, Debug)]
pub struct File {
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
    /// A hash of that.
    pub hash: [u8; 32],
}

/// A file by its path from the folder, with `/`.
pub type Find = fn(&str) -> Option<File>;

/// A page: one file for all paths from one on.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// From which path on, without an end: `/admin` is for `/admin/…`, too, and the empty one for all.
    pub under: &'static str,
    /// The file.
    pub file: &'static str,
    /// Who may frame it, as `frame-ancestors` names them.
    pub framed_by: &'static str,
}

/// Why a request gets no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such file, or the path is for something else.
    Missing,
    /// Pages are only looked at ([`METHODS`]).
    Method,
}

/// What can be done with a page.
pub const METHODS: &str = "GET, HEAD";

/// The pages of a host.
#[derive(Clone, Debug)]
pub struct Pages {
    find: Find,
    pages: &'static [Page],
    unbuilt: String,
}

impl Pages {
    /// These pages, the first whose path fits; `unbuilt` is shown in the place of each where none was built.
    pub fn new(find: Find, pages: &'static [Page], unbuilt: String) -> Pages {
        let pages = Pages { find, pages, unbuilt };
        if pages.pages.iter().any(|page| !pages.has(page)) {
            tracing::warn!("the pages are not built: `cargo xtask web` builds them");
        }
        pages
    }

    /// The answer to a request for a page or a file.
    ///
    /// # Errors
    /// There is none, or not by this method.
    pub fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<Response, Refused> {
        if !may_be(path) {
            return Err(Refused::Missing);
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Err(Refused::Method);
        }
        let name = path.trim_start_matches('/');
        let has_ending = name.rsplit('/').next().is_some_and(|last| last.contains('.'));
        if has_ending || name.starts_with(HASHED) {
            return self.file(name, headers).ok_or(Refused::Missing);
        }
        let under = |page: &&Page| path.strip_prefix(page.under).is_some_and(is_end);
        let page = self.pages.iter().find(under).ok_or(Refused::Missing)?;
        Ok(self.file(page.file, headers).unwrap_or_else(|| self.unbuilt(page)))
    }

    fn has(&self, page: &Page) -> bool {
        (self.find)(page.file).is_some()
    }

    /// A file in the encoding that the browser likes best.
    fn file(&self, name: &str, headers: &HeaderMap) -> Option<Response> {
        if !name.split('/').all(is_plain) {
            return None;
        }
        let kind = kind(name)?;
        let (file, encoding) = self.encoded(name, headers)?;
        let tag = tag(&file);
        let unchanged = is_known(headers, &tag);
        let mut response = match file.bytes {
            _ if unchanged => Response::new(Bytes::new().into()),
            Cow::Borrowed(bytes) => Response::new(Bytes::from_static(bytes).into()),
            Cow::Owned(bytes) => Response::new(bytes.into()),
        };
        let known = response.headers_mut();
        let kept = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
        known.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        known.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        known.insert(header::ETAG, HeaderValue::from_str(&tag).expect("a tag is made of hexadecimal digits"));
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            known.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            if let Some(encoding) = encoding {
                known.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
        }
        let page = self.pages.iter().find(|page| page.file == name);
        protect(&mut response, page.map_or(NOBODY, |page| page.framed_by));
        Some(response)
    }

    /// Of a file and its variants the one that weighs most with the browser, of equal ones the smaller; and its encoding.
    fn encoded(&self, name: &str, headers: &HeaderMap) -> Option<(File, Option<&'static str>)> {
        let plain = (self.find)(name)?;
        let weights = Weights::of(headers);
        // The last of equal ones is taken.
        let mut variants = vec![("gzip", ".gz"), ("br", ".br")];
        variants.retain(|(encoding, _)| weights.of_encoding(encoding) > 0.0);
        variants.sort_by(|a, b| weights.of_encoding(a.0).total_cmp(&weights.of_encoding(b.0)));
        let identity = weights.of_encoding("identity");
        while let Some((encoding, ending)) = variants.pop() {
            if weights.of_encoding(encoding) < identity {
                break;
            }
            if let Some(variant) = (self.find)(&format!("{name}{ending}")) {
                return Some((variant, Some(encoding)));
            }
        }
        Some((plain, None))
    }

    /// What is said in the place of a page.
    fn unbuilt(&self, page: &Page) -> Response {
        let mut response = Response::new(self.unbuilt.clone().into());
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        let known = response.headers_mut();
        known.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        known.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        protect(&mut response, page.framed_by);
        response
    }
}

/// Whether a path may be a page's, or that of a file of one: whoever calls, they may have it.
pub fn may_be(path: &str) -> bool {
    let name = path.strip_prefix('/');
    name.is_some_and(|name| !NO_PAGES.contains(&name.split('/').next().unwrap_or_default()))
}

/// Whether a page's path ends here: `/admin` is not the beginning of `/administer`.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}

/// A part of a path that is a name in a folder, and hides nothing.
fn is_plain(part: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain)
}

/// The media type of what is a file by itself; a compressed variant is none.
fn kind(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "br" | "gz" => return None,
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "wasm" => "application/wasm",
        "mp3" => "audio/mpeg",
        _ => "application/octet-stream",
    })
}

/// A strong tag: bytes that differ, an encoding's too, have another.
fn tag(file: &File) -> String {
    let digits: String = file.hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// Whether the browser has just this (RFC 9110, 13.1.2: also by a weak tag).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// What encodings a browser takes, and how gladly (RFC 9110, 12.5.3).
struct Weights<'a>(Vec<(&'a str, f32)>);

impl<'a> Weights<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
        let weights = lines.flat_map(|line| line.split(',')).filter_map(|one| {
            let (encoding, weight) = one.split_once(';').unwrap_or((one, "q=1"));
            let weight = weight.trim().strip_prefix("q=")?.parse().ok()?;
            Some((encoding.trim(), weight))
        });
        Weights(weights.collect())
    }

    fn of_encoding(&self, encoding: &str) -> f32 {
        let named = |name: &str| self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        match named(encoding).or_else(|| named("*")) {
            // What nobody mentions is as good as what somebody wants least, and always there.
            None if encoding == "identity" => f32::MIN_POSITIVE,
            None => 0.0,
            Some((_, weight)) => *weight,
        }
    }
}

/// What a browser must hold a page to.
fn protect(response: &mut Response, framed_by: &str) {
    let policy = HeaderValue::from_str(&format!("{POLICY}{framed_by}"));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        policy.expect("pages name those who frame them in plain letters"),
    );
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(PERMISSIONS_POLICY, HeaderValue::from_static(PERMISSIONS));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
}
