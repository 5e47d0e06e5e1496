//! `cargo xtask bench`: the store's lines of the budgets, optimised and with its default features only, as it ships.

use std::ffi::OsString;

use crate::Stop;
use crate::cargo::hand_over;

pub(crate) fn run(args: Vec<OsString>) -> Result<(), Stop> {
    let mut parser = lexopt::Parser::from_args(args.iter().cloned());
    while let Some(arg) = parser.next()? {
        match arg {
            lexopt::Arg::Long("json") => {}
            lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => {
                println!(
                    "cargo xtask bench [--json]\n\nMeasures the store beside plain SQLite doing the same work."
                );
                println!("--json prints one object for machines instead of a table for people.");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    hand_over(&["bench", "--quiet", "--locked", "--package", "dwellers-replica", "--bench", "store"], args)
}
