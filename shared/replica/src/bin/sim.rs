//! `sim`: plays the simulator's stories from the command line.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use dwellers_replica::sim::{Failure, Options, Tally, play};

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

struct Args {
    seeds: u64,
    start: u64,
    jobs: usize,
    trace: bool,
    options: Options,
}

fn main() -> ExitCode {
    match parse() {
        Ok(Some(args)) => run(&args),
        Ok(None) => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("sim: {error}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

fn parse() -> Result<Option<Args>, lexopt::Error> {
    use lexopt::prelude::{Long, Short, ValueExt};
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut args = Args { seeds: 1000, start: 1, jobs: cores, trace: false, options: Options::default() };
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("seeds") => args.seeds = parser.value()?.parse()?,
            Long("start") => args.start = parser.value()?.parse()?,
            Long("steps") => args.options.steps = parser.value()?.parse::<usize>()?.max(1),
            Long("rounds") => args.options.rounds = parser.value()?.parse::<usize>()?.max(1),
            Long("jobs") => args.jobs = parser.value()?.parse::<usize>()?.clamp(1, 64),
            Long("trace") => args.trace = true,
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    if args.trace {
        args.jobs = 1;
    }
    Ok(Some(args))
}

fn run(args: &Args) -> ExitCode {
    let began = Instant::now();
    let next = AtomicU64::new(0);
    let failures: Mutex<Vec<Failure>> = Mutex::new(Vec::new());
    let total: Mutex<(u64, Tally)> = Mutex::new((0, Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..args.jobs {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= args.seeds {
                        return;
                    }
                    let mut trace = |line: &str| {
                        if args.trace {
                            println!("{line}");
                        }
                    };
                    match play(args.start.wrapping_add(number), args.options, &mut trace) {
                        Ok(tally) => {
                            let mut total = total.lock().unwrap_or_else(PoisonError::into_inner);
                            *total = (total.0 + 1, total.1 + tally);
                        }
                        Err(failure) => {
                            eprintln!("FAILED {failure}");
                            eprintln!(
                                "  again: cargo xtask sim --only store --seeds 1 --start {} --trace",
                                failure.seed
                            );
                            failures.lock().unwrap_or_else(PoisonError::into_inner).push(failure);
                        }
                    }
                }
            });
        }
    });
    let failed = failures.into_inner().unwrap_or_else(PoisonError::into_inner).len();
    let (played, tally) = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    report(played, failed, &tally, began.elapsed());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(played: u64, failed: usize, tally: &Tally, took: Duration) {
    let Tally { writes, frames, crashes, disasters, forks, forgeries, repairs } = tally;
    println!(
        "{played} passed, {failed} failed\nin {:.1} s: {writes} fields written, {frames} frames, {crashes} crashes, \
         {disasters} disasters, {forks} new ids, {forgeries} forgeries refused, {repairs} buckets repaired",
        took.as_secs_f64()
    );
}
