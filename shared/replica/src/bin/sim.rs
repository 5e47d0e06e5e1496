//! `sim`: plays the simulator's stories from the command line.

use std::process::ExitCode;

use dwellers_replica::sim::{Options, Simulator, play};

const HELP: &str = "\
Simulates a cloud and its hubs over a bad network, with crashes, mad clocks, restored and copied disks, and
checks that nothing is lost that was acknowledged. A seed decides everything: a failure is played again by it.

Usage: cargo xtask sim --only store [--seeds N] [--start S] [--steps K] [--rounds R] [--jobs J] [--trace]

  --seeds N    how many seeds to play (1000)
  --start S    the first seed (1)
  --steps K    random steps in a round (120)
  --rounds R   rounds, each healed and checked at its end (3)
  --jobs J     threads (one for each core)
  --trace      print each step; meant for one seed: --seeds 1 --start S --trace
";

fn main() -> ExitCode {
    let set = |options: &mut Options, name: &str, value| match name {
        "steps" => {
            options.steps = value;
            true
        }
        "rounds" => {
            options.rounds = value;
            true
        }
        _ => false,
    };
    Simulator { name: "store", help: HELP, set, play }.main()
}
