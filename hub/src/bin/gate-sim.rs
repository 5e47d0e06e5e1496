//! `gate-sim`: plays the stories of a gate from the command line.

use std::process::ExitCode;

use dwellers_hub::sim::{Options, play};
use dwellers_replica::sim::Simulator;

const HELP: &str = "\
Simulates a gate: the engine, a barrier and a store, in a world of cars, guards and faults, and checks after every
event that the gate keeps its promises. A seed decides everything: a failure is played again by it.

Usage: cargo xtask sim --only gate [--seeds N] [--start S] [--steps K] [--jobs J] [--trace]

  --seeds N    how many seeds to play (1000)
  --start S    the first seed (1)
  --steps K    random steps in a story (60)
  --jobs J     threads (one for each core)
  --trace      print each step; meant for one seed: --seeds 1 --start S --trace
";

fn main() -> ExitCode {
    let set = |options: &mut Options, name: &str, value| {
        options.steps = value;
        name == "steps"
    };
    Simulator { name: "gate", help: HELP, set, play }.main()
}
