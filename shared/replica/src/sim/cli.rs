//! The command line of a simulator: plays the stories of many seeds on all cores, and says how to play a failure again.

use std::fmt::Display;
use std::ops::Add;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::Failure;

/// Plays a seed with these options; each step is told.
pub type Play<O, T> = fn(u64, O, &mut dyn FnMut(&str)) -> Result<T, Failure>;

/// A simulator, as its command line needs to know it. `O` are its options, `T` is what a story comes to.
#[derive(Debug)]
pub struct Simulator<O, T> {
    /// What `cargo xtask sim --only` calls it.
    pub name: &'static str,
    /// What `--help` says: the usage, with `--seeds`, `--start`, `--jobs`, `--trace` and the options of its own.
    pub help: &'static str,
    /// Sets an option of its own by its long name; false where there is none of this name.
    pub set: fn(&mut O, &str, usize) -> bool,
    /// Plays the story of a seed and tells each step.
    pub play: Play<O, T>,
}

struct Args<O> {
    seeds: u64,
    start: u64,
    jobs: usize,
    trace: bool,
    options: O,
}

impl<O, T> Simulator<O, T>
where
    O: Copy + Default + Sync,
    T: Add<Output = T> + Copy + Default + Display + Send,
{
    /// Does what the command line says. The exit code is 1 where a story failed, 2 where it was not understood.
    pub fn main(&self) -> ExitCode {
        match self.parse() {
            Ok(Some(args)) => self.run(&args),
            Ok(None) => {
                print!("{}", self.help);
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("sim: {error}\n\n{}", self.help);
                ExitCode::from(2)
            }
        }
    }

    fn parse(&self) -> Result<Option<Args<O>>, lexopt::Error> {
        use lexopt::prelude::{Long, Short, ValueExt};
        let jobs = std::thread::available_parallelism().map_or(1, usize::from);
        let mut args = Args { seeds: 1000, start: 1, jobs, trace: false, options: O::default() };
        let mut parser = lexopt::Parser::from_env();
        while let Some(arg) = parser.next()? {
            match arg {
                Long("seeds") => args.seeds = parser.value()?.parse()?,
                Long("start") => args.start = parser.value()?.parse()?,
                Long("jobs") => args.jobs = parser.value()?.parse::<usize>()?.clamp(1, 64),
                Long("trace") => args.trace = true,
                Long("help") | Short('h') => return Ok(None),
                Long(own) => {
                    let own = own.to_owned();
                    let value = parser.value()?.parse::<usize>()?.max(1);
                    if !(self.set)(&mut args.options, &own, value) {
                        return Err(format!("there is no --{own}").into());
                    }
                }
                other => return Err(other.unexpected()),
            }
        }
        if args.trace {
            args.jobs = 1;
        }
        Ok(Some(args))
    }

    fn run(&self, args: &Args<O>) -> ExitCode {
        let began = Instant::now();
        let (next, failed) = (AtomicU64::new(0), AtomicU64::new(0));
        let total: Mutex<(u64, T)> = Mutex::default();
        std::thread::scope(|scope| {
            for _ in 0..args.jobs {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= args.seeds {
                            return;
                        }
                        match self.story(args, args.start.wrapping_add(number)) {
                            Ok(tally) => {
                                let mut total = total.lock().unwrap_or_else(PoisonError::into_inner);
                                *total = (total.0 + 1, total.1 + tally);
                            }
                            Err(failure) => {
                                failed.fetch_add(1, Ordering::Relaxed);
                                self.complain(&failure);
                            }
                        }
                    }
                });
            }
        });
        let (passed, tally) = total.into_inner().unwrap_or_else(PoisonError::into_inner);
        let failed = failed.into_inner();
        println!("{passed} passed, {failed} failed\nin {:.1} s: {tally}", began.elapsed().as_secs_f64());
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn story(&self, args: &Args<O>, seed: u64) -> Result<T, Failure> {
        let mut trace = |line: &str| {
            if args.trace {
                println!("{line}");
            }
        };
        (self.play)(seed, args.options, &mut trace)
    }

    fn complain(&self, failure: &Failure) {
        eprintln!("FAILED {failure}");
        let (name, seed) = (self.name, failure.seed);
        eprintln!("  again: cargo xtask sim --only {name} --seeds 1 --start {seed} --trace");
    }
}
