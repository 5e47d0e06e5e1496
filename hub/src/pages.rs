//! The guard's page (`shared/web`): in the program where it is released, from the disk where it is worked on.
//!
//! What must never be here: what the page holds; a rule of who may see what.

use dwellers::texts::Texts;
use dwellers_listener::pages::{File, Page, Pages};
use rust_embed::RustEmbed;

const PAGES: &[Page] = &[Page { under: "", file: "index.html", framed_by: "'none'" }];

#[derive(RustEmbed)]
#[folder = "../shared/web/dist/hub"]
#[allow_missing = true]
struct Files;

/// As it was built.
pub(crate) fn pages(russian: &Texts, english: &Texts) -> Pages {
    let unbuilt = [russian, english].map(|texts| texts.get("pages-not-built", &[]) + "\n");
    Pages::new(find, PAGES, unbuilt.join("\n"))
}

fn find(path: &str) -> Option<File> {
    let file = Files::get(path)?;
    Some(File { hash: file.metadata.sha256_hash(), bytes: file.data })
}
