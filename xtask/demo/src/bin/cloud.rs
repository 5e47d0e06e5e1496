//! The cloud of the demo: `dwellers-demo-cloud CONFIG CONSOLE`, see [`dwellers_demo::cloud`].

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(config), Some(console)) = (args.next(), args.next()) else {
        eprintln!("dwellers-demo-cloud CONFIG CONSOLE");
        return ExitCode::from(2);
    };
    match dwellers_demo::cloud::run(&config, &console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::FAILURE
        }
    }
}
