//! `cargo xtask web`: the pages (`shared/web`), built into `shared/web/dist`, from where the programs take them.
//!
//! What is up to date is left alone, without a word: packages while the lock file is the one that they were installed by,
//! pages while nothing has changed of what they are made of. Nobody needs Node on their machine for it, or to know npm.

use std::collections::hash_map::DefaultHasher;
use std::ffi::OsString;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::Stop;
use crate::cargo::{hand_over_to, root};
use crate::prerequisites::Node;

const HELP: &str = "cargo xtask web [--watch]

Builds the pages of residents, administrators and guards, where something has changed of what they are made of. A program
that is worked on (a debug build) shows them as they lie there; one for release has them within: build it afterwards.

  --watch   goes on building as files change, until Ctrl-C";

/// What pages are made of.
const SOURCES: &[&str] = &["shared/web", "shared/locales", "cloud/openapi.json", "hub/openapi.json"];
/// What lies among it and is none of it: what was installed, what was built, and what only looks at it.
const NO_SOURCES: &[&str] = &["node_modules", "dist", "stories"];

pub(crate) fn run(args: Vec<OsString>) -> Result<(), Stop> {
    let mut watch = false;
    let mut parser = lexopt::Parser::from_args(args);
    while let Some(arg) = parser.next()? {
        match arg {
            lexopt::Arg::Long("watch") => watch = true,
            lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => {
                println!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if !watch {
        return Ok(build()?);
    }
    let npm = installed()?;
    // Who knows how it stands when that ends.
    Stamp { file: built(), text: String::new() }.lift()?;
    hand_over_to(npm.command().args(["run", "watch"]))
}

/// Makes sure that the pages are built as they stand.
pub(crate) fn build() -> Result<()> {
    let npm = installed()?;
    let stamp = Stamp { file: built(), text: fingerprint(root(), SOURCES)? };
    // Who deletes a page wants it anew.
    let pages = ["cloud/index.html", "cloud/admin.html", "hub/index.html"]
        .map(|page| folder().join("dist").join(page));
    if stamp.stands() && pages.iter().all(|page| page.is_file()) {
        return Ok(());
    }
    println!("==> building the pages");
    stamp.lift()?;
    npm.run(&["run", "build"])?;
    stamp.set()
}

/// npm in the folder of the pages, with the packages that these need.
pub(crate) struct Npm(Node);

/// Makes sure of Node and of the packages.
pub(crate) fn installed() -> Result<Npm> {
    let npm = Npm(Node::find_or_install()?);
    // Packages with programs of their own are of the version of Node that they were installed by.
    let text = format!("{} {}", npm.0.version, fingerprint(&folder(), &["package-lock.json"])?);
    let stamp = Stamp { file: folder().join("node_modules/.installed"), text };
    if !stamp.stands() {
        println!("==> installing the packages of the pages");
        stamp.lift()?;
        npm.run(&["ci"])?;
        stamp.set()?;
    }
    Ok(npm)
}

impl Npm {
    /// A call of npm, ready for its arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = self.0.command("npm");
        command.current_dir(folder());
        // The browser is the system's; and npm has nothing to say that is not about the pages.
        command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        for quiet in ["audit", "fund", "update_notifier"] {
            command.env(format!("npm_config_{quiet}"), "false");
        }
        command
    }

    fn run(&self, args: &[&str]) -> Result<()> {
        let status = self.command().args(args).status().context("cannot run npm")?;
        if !status.success() {
            bail!("npm {} in {}: {status}", args.join(" "), folder().display());
        }
        Ok(())
    }
}

/// Where the pages are.
fn folder() -> PathBuf {
    root().join("shared/web")
}

/// The stamp of the pages.
fn built() -> PathBuf {
    folder().join("dist/.built")
}

/// A file that says from what something was made. It stands while that is the same.
struct Stamp {
    file: PathBuf,
    text: String,
}

impl Stamp {
    fn stands(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == self.text)
    }

    /// What is begun and not ended must not look done.
    fn lift(&self) -> Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).with_context(|| self.file.display().to_string())
            }
            _ => Ok(()),
        }
    }

    fn set(&self) -> Result<()> {
        fs::write(&self.file, &self.text).with_context(|| self.file.display().to_string())
    }
}

/// Names and contents of files and folders, as one number. That another release of Rust counts otherwise costs a build.
fn fingerprint(root: &Path, parts: &[&str]) -> Result<String> {
    let mut files = Vec::new();
    for part in parts {
        walk(&root.join(part), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(root).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file).with_context(|| file.display().to_string())?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files from here on; none where there is nothing.
fn walk(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| path.display().to_string())? {
            let name = entry.with_context(|| path.display().to_string())?.file_name();
            if !NO_SOURCES.iter().any(|other| name == *other) {
                walk(&path.join(name), files)?;
            }
        }
    }
    Ok(())
}

#[test]
fn a_fingerprint_changes_with_what_counts_and_with_nothing_else() {
    let folder =
        crate::cargo::target_folder().join("tmp").join(format!("fingerprint-{}", std::process::id()));
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    let taken = || fingerprint(&folder, &["web", "locales", "missing"]).expect("the folder is readable");
    write("web/src/a.ts", "a");
    write("locales/ru/a.ftl", "а");
    let first = taken();
    assert_eq!(taken(), first);
    for elsewhere in ["web/dist/a.js", "web/node_modules/a/a.js", "web/stories/a.ts", "other/a.ts"] {
        write(elsewhere, "b");
        assert_eq!(taken(), first, "{elsewhere}");
    }
    let mut seen = vec![first];
    for (path, text) in
        [("web/src/a.ts", "b"), ("web/src/b.ts", ""), ("locales/ru/a.ftl", "б"), ("missing", "c")]
    {
        write(path, text);
        let now = taken();
        assert!(!seen.contains(&now), "{path}");
        seen.push(now);
    }
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn a_stamp_stands_until_it_is_lifted_or_something_else_is_meant() {
    let folder = crate::cargo::target_folder().join("tmp");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let stamp = |text: &str| Stamp {
        file: folder.join(format!("stamp-{}", std::process::id())),
        text: text.to_owned(),
    };
    assert!(!stamp("one").stands());
    stamp("one").set().expect("it can be written");
    assert!(stamp("one").stands() && !stamp("two").stands());
    stamp("one").lift().expect("it can be removed");
    stamp("one").lift().expect("it is gone already");
    assert!(!stamp("one").stands());
}
