//! The pages of residents and administrators (`shared/web`): in the program where it is released, from the disk where it is
//! worked on.
//!
//! What must never be here: what a page holds; a rule of who may see what.

use dwellers::texts::Texts;
use dwellers_listener::pages::{File, Page, Pages};
use rust_embed::RustEmbed;

/// The first whose path fits. Residents also come through Telegram, which frames its Mini Apps.
const PAGES: &[Page] = &[
    Page { under: "/admin", file: "admin.html", framed_by: "'none'" },
    Page {
        under: "",
        file: "index.html",
        framed_by: "'self' https://web.telegram.org https://*.telegram.org",
    },
];

#[derive(RustEmbed)]
#[folder = "../shared/web/dist/cloud"]
#[allow_missing = true]
struct Files;

/// As they were built.
pub(crate) fn pages(russian: &Texts, english: &Texts) -> Pages {
    let unbuilt = [russian, english].map(|texts| texts.get("pages-not-built", &[]) + "\n");
    Pages::new(find, PAGES, unbuilt.join("\n"))
}

fn find(path: &str) -> Option<File> {
    let file = Files::get(path)?;
    Some(File { hash: file.metadata.sha256_hash(), bytes: file.data })
}
