//! Pages and their files over real HTTP, as browsers ask for them.

use std::borrow::Cow;

use dwellers_listener::pages::{self, File, Page, Pages, Refused};
use dwellers_listener::{Limits, Listener, Security};
use http::{HeaderMap, Method, StatusCode};
use tokio::net::TcpListener;
use warp::filters::path::FullPath;
use warp::reply::Response;
use warp::{Filter, Reply};

use crate::client::{Answer, Client, within};

const PAGES: &[Page] = &[
    Page { under: "/admin", file: "admin.html", framed_by: "'none'" },
    Page { under: "", file: "index.html", framed_by: "'self' https://friend.example" },
];

/// The folder: with every variant, with one, with none.
const FILES: &[(&str, &[u8])] = &[
    ("index.html", b"<title>resident</title>"),
    ("admin.html", b"<title>admin</title>"),
    ("sw.js", b"worker()"),
    ("sw.js.gz", b"(gzip of worker)"),
    ("manifest.webmanifest", b"{}"),
    ("icons/icon-192.png", b"PNG"),
    ("assets/app-1a2b.js", b"app()"),
    ("assets/app-1a2b.js.br", b"(br of app)"),
    ("assets/app-1a2b.js.gz", b"(gzip of app)"),
    ("assets/app-1a2b.css", b"a{}"),
    ("assets/noto-1a2b.woff2", b"wOF2"),
    (".stamp", b"a secret of the build"),
];

fn find(path: &str) -> Option<File> {
    let (_, bytes) = FILES.iter().find(|(name, _)| *name == path)?;
    let mut hash = [0; 32];
    for (at, byte) in bytes.iter().enumerate() {
        hash[at % 16] ^= byte.rotate_left(at as u32 / 16);
    }
    Some(File { bytes: Cow::Borrowed(*bytes), hash })
}

/// What a host does with its pages.
async fn served(pages: Pages) -> Client<tokio::net::TcpStream> {
    let routes = warp::method()
        .and(warp::path::full())
        .and(warp::header::headers_cloned())
        .map(move |method: Method, path: FullPath, headers: HeaderMap| -> Response {
            pages.answer(&method, path.as_str(), &headers).unwrap_or_else(|refused| match refused {
                Refused::Missing => StatusCode::NOT_FOUND.into_response(),
                Refused::Method => StatusCode::METHOD_NOT_ALLOWED.into_response(),
            })
        })
        .boxed();
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = socket.local_addr().unwrap();
    tokio::spawn(
        Listener::new(socket, Security::Plain, Limits::default()).serve(routes, std::future::pending()),
    );
    Client::connect(to).await
}

async fn built() -> Client<tokio::net::TcpStream> {
    served(Pages::new(find, PAGES, "not built".to_owned())).await
}

impl Client<tokio::net::TcpStream> {
    async fn ask(&mut self, method: &str, path: &str, headers: &str) -> Answer {
        self.send(format!("{method} {path} HTTP/1.1\r\nhost: test\r\n{headers}\r\n").as_bytes()).await;
        self.answer().await
    }
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

#[tokio::test]
async fn a_path_without_an_ending_is_a_page() {
    let mut client = built().await;
    for path in ["/", "/join/абв", "/visits/x", "/administer", "/index.html", "/apiary", "/?api=1"] {
        let answer = client.get(path).await;
        assert_eq!((answer.status, answer.text()), (200, "<title>resident</title>"), "{path}");
    }
    for path in ["/admin", "/admin/", "/admin/houses/12", "/admin.html"] {
        let answer = client.get(path).await;
        assert_eq!((answer.status, answer.text()), (200, "<title>admin</title>"), "{path}");
    }
}

#[tokio::test]
async fn files_have_their_types_and_missing_ones_are_missed() {
    let mut client = built().await;
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/assets/app-1a2b.css", "text/css; charset=utf-8"),
        ("/assets/noto-1a2b.woff2", "font/woff2"),
        ("/icons/icon-192.png", "image/png"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ] {
        let answer = client.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{path}");
    }
    for path in [
        "/favicon.ico",
        "/assets/app-0000.js",
        "/assets/app",
        "/assets/",
        // A variant is no file by itself.
        "/assets/app-1a2b.js.br",
        "/sw.js.gz",
    ] {
        assert_eq!(client.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn nothing_beside_the_folder_is_reached_by_any_spelling() {
    let mut client = built().await;
    for path in [
        "/.stamp",
        "/../Cargo.toml",
        "/assets/../.stamp",
        "/assets/../index.html",
        "/assets//app-1a2b.js",
        "//sw.js/x.js",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/..\\Cargo.toml",
        "/assets/%2e%2e/index.html",
        "/./index.html",
        "/C:/x.js",
        "/sw.js%00.html",
        "/..",
    ] {
        let answer = client.get(path).await;
        assert!(matches!(answer.status, 400 | 404), "{path}: {} {}", answer.status, answer.text());
    }
}

#[tokio::test]
async fn the_encoding_is_what_the_browser_likes_best() {
    let mut client = built().await;
    let app = "/assets/app-1a2b.js";
    let cases = [
        (app, "accept-encoding: gzip, deflate, br, zstd\r\n", Some("br"), "(br of app)"),
        (app, "accept-encoding: gzip\r\n", Some("gzip"), "(gzip of app)"),
        (app, "accept-encoding: br;q=0.2, gzip;q=0.9\r\n", Some("gzip"), "(gzip of app)"),
        (app, "accept-encoding: br;q=0, gzip;q=0\r\n", None, "app()"),
        (app, "accept-encoding: identity, br;q=0.5\r\n", None, "app()"),
        (app, "accept-encoding: *\r\n", Some("br"), "(br of app)"),
        (app, "accept-encoding: zstd\r\n", None, "app()"),
        (app, "accept-encoding: br;q=many\r\n", None, "app()"),
        (app, "accept-encoding: GZIP\r\n", Some("gzip"), "(gzip of app)"),
        (app, "", None, "app()"),
        ("/sw.js", "accept-encoding: br, gzip\r\n", Some("gzip"), "(gzip of worker)"),
        ("/", "accept-encoding: br, gzip\r\n", None, "<title>resident</title>"),
    ];
    for (path, accepted, encoding, body) in cases {
        let answer = client.ask("GET", path, accepted).await;
        let got = (answer.status, answer.header("content-encoding"), answer.text());
        assert_eq!(got, (200, encoding, body), "{path} {accepted}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"), "{path} {accepted}");
    }
}

#[tokio::test]
async fn what_has_a_hash_in_its_name_stands_for_ever_and_all_else_is_asked_for_anew() {
    let mut client = built().await;
    for path in ["/assets/app-1a2b.js", "/assets/app-1a2b.css"] {
        let answer = client.get(path).await;
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"), "{path}");
    }
    for path in ["/", "/admin", "/join/x", "/sw.js", "/manifest.webmanifest", "/icons/icon-192.png"] {
        assert_eq!(client.get(path).await.header("cache-control"), Some("no-cache"), "{path}");
    }
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let mut client = built().await;
    for (path, accepted) in
        [("/", ""), ("/admin/x", ""), ("/sw.js", "accept-encoding: gzip\r\n"), ("/assets/app-1a2b.js", "")]
    {
        let first = client.ask("GET", path, accepted).await;
        let tag = first.header("etag").unwrap().to_owned();
        assert!(tag.starts_with('"'), "a strong one: {tag}");
        for known in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
            let headers = format!("{accepted}if-none-match: {known}\r\n");
            let again = client.ask("GET", path, &headers).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{path} {known}");
            for name in ["etag", "cache-control", "vary", "content-security-policy"] {
                assert_eq!(again.header(name), first.header(name), "{path} {name}");
            }
            assert_eq!(again.header("content-type"), None);
        }
        let changed = client.ask("GET", path, &format!("{accepted}if-none-match: \"other\"\r\n")).await;
        assert_eq!((changed.status, &changed.body), (200, &first.body), "{path}");
    }
    // Bytes of another encoding are other bytes.
    let mut tag = async |accepted: &str| {
        let answer = client.ask("GET", "/assets/app-1a2b.js", accepted).await;
        answer.header("etag").unwrap().to_owned()
    };
    let tags = [tag("").await, tag("accept-encoding: br\r\n").await, tag("accept-encoding: gzip\r\n").await];
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body_and_nothing_else_is_done_to_a_page() {
    let mut client = built().await;
    for path in ["/", "/admin/x", "/assets/app-1a2b.js"] {
        let whole = client.ask("GET", path, "").await;
        client.send(format!("HEAD {path} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes()).await;
        let head = Answer { status: 0, head: client.head().await, body: Vec::new() };
        for name in ["content-length", "content-type", "etag", "cache-control", "content-security-policy"] {
            assert_eq!(head.header(name), whole.header(name), "{path} {name}");
        }
        // The next answer begins where this one ended: nothing of a body came.
        assert_eq!(client.get(path).await.status, 200);
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            assert_eq!(
                client.ask(method, path, "content-length: 0\r\n").await.status,
                405,
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn paths_of_the_interfaces_are_no_pages() {
    let mut client = built().await;
    for path in ["/api", "/api/", "/api/v1/nothing", "/api/x.js", "/link", "/link/x", "/metrics", "/pair/x"] {
        assert!(!pages::may_be(path));
        assert_eq!(client.get(path).await.status, 404, "{path}");
        assert_eq!(client.ask("POST", path, "content-length: 0\r\n").await.status, 404, "{path}");
    }
    assert!(pages::may_be("/") && pages::may_be("/apiary"));
}

#[tokio::test]
async fn a_browser_is_held_to_what_is_ours() {
    let mut client = built().await;
    for (path, framed_by) in [
        ("/", "frame-ancestors 'self' https://friend.example"),
        ("/join/x", "frame-ancestors 'self' https://friend.example"),
        ("/admin", "frame-ancestors 'none'"),
        ("/admin.html", "frame-ancestors 'none'"),
        ("/sw.js", "frame-ancestors 'none'"),
        ("/assets/app-1a2b.js", "frame-ancestors 'none'"),
    ] {
        let answer = client.get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        let rules: Vec<_> = policy.split("; ").collect();
        for rule in
            ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "form-action 'self'", framed_by]
        {
            assert!(rules.contains(&rule), "{path}: {rule} in {policy}");
        }
        assert!(!policy.contains("unsafe-eval") && policy.matches("unsafe-inline").count() == 1, "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        let permissions = answer.header("permissions-policy").unwrap();
        for rule in ["camera=(self)", "publickey-credentials-get=(self)", "microphone=()", "geolocation=()"] {
            assert!(permissions.split(", ").any(|known| known == rule), "{rule} in {permissions}");
        }
    }
}

#[tokio::test]
async fn pages_that_were_not_built_are_said_to_be_missing() {
    let unbuilt = "Страницы не собраны\nThe pages were not built: cargo xtask web\n";
    let mut client = served(Pages::new(|_| None, PAGES, unbuilt.to_owned())).await;
    for path in ["/", "/admin/x", "/join/x"] {
        let answer = client.get(path).await;
        assert_eq!((answer.status, answer.text()), (503, unbuilt), "{path}");
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.header("content-security-policy").is_some());
    }
    assert_eq!(client.get("/sw.js").await.status, 404);
    assert_eq!(client.get("/api/x").await.status, 404);
}

/// Where the bytes of a large file lie; nobody else reads them.
static LARGE: &[u8] = &[b'x'; 8 * 1024 * 1024];

#[tokio::test]
async fn embedded_bytes_are_not_copied() {
    let find =
        |path: &str| (path == "index.html").then_some(File { bytes: Cow::Borrowed(LARGE), hash: [7; 32] });
    let pages = Pages::new(find, &PAGES[1..], String::new());
    let answer = pages.answer(&Method::GET, "/", &HeaderMap::new()).unwrap();
    let body = within(body(answer)).await;
    assert_eq!((body.as_ptr(), body.len()), (LARGE.as_ptr(), LARGE.len()), "the very bytes");
}

/// The one piece of a body.
async fn body(answer: Response) -> bytes::Bytes {
    use hyper::body::Body;
    let mut body = std::pin::pin!(answer.into_body());
    let frame = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await.unwrap().unwrap();
    frame.into_data().unwrap_or_else(|_| panic!("it is data"))
}
