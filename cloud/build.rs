//! The folder of the pages is there before the program is compiled, be it empty.
//!
//! What must never be here: the building of the pages (`cargo xtask web`).

const FOLDER: &str = "../shared/web/dist/cloud";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // What embeds it finds out here where it is: a folder that comes later would be outside of it for ever. Where it
    // cannot be made, the program says that there are no pages.
    let _ = std::fs::create_dir_all(FOLDER);
    // Others read the disk when they are asked.
    if std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none() {
        println!("cargo::rerun-if-changed={FOLDER}");
    }
}
