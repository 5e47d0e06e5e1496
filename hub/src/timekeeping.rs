//! Who vouches for the wall clock: the network, a real-time clock, or somebody's word.
//!
//! A Raspberry Pi has no clock battery and wakes in the past. It is asked again and again, because the network may
//! come hours after the boot. A word counts until the next boot, also for a hub that is restarted.
//!
//! What must never be here: a guess from the time itself, but for one that cannot be (before this program existed).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use dwellers_replica::Now;

use crate::clock::Trust;
use crate::config::TimeSource;

/// 2026-01-01T00:00:00Z: a clock before it is wrong, whoever vouches.
const EARLIEST_MS: u64 = 1_767_225_600_000;
/// How often the system's answer is waited for, and how long each time.
const PATIENCE: (u32, Duration) = (30, Duration::from_millis(100));

/// Finds out who vouches.
#[derive(Clone, Debug)]
pub struct Timekeeper {
    source: TimeSource,
    /// `/`; another folder in tests.
    root: PathBuf,
    word: PathBuf,
}

impl Timekeeper {
    /// For this source; words are kept in the `run` folder, which is empty after a boot.
    pub fn new(source: TimeSource, run: &Path) -> Self {
        Timekeeper::of(source, run, Path::new("/"))
    }

    /// The same with the system's files under `root`.
    pub fn of(source: TimeSource, run: &Path, root: &Path) -> Self {
        Timekeeper { source, root: root.to_owned(), word: run.join("time-word") }
    }

    /// Who vouches for the clock now. Blocks for some seconds at most, where the system is slow to answer.
    pub fn look(&self, now: Now) -> Trust {
        if now.ms < EARLIEST_MS {
            return Trust::Nothing;
        }
        if self.source != TimeSource::Guard && self.is_set_from_network() {
            Trust::Ntp
        } else if self.source == TimeSource::Rtc && self.is_set_from_battery() {
            Trust::Rtc
        } else if self.has_word() {
            Trust::Word
        } else {
            Trust::Nothing
        }
    }

    /// Somebody says that the clock is right.
    ///
    /// # Errors
    /// Where that cannot be kept; or the time cannot be right.
    pub fn give_word(&self, now: Now) -> io::Result<()> {
        if now.ms < EARLIEST_MS {
            let why = "the clock stands before 2026, it cannot be right: set it first (`date -s …`)";
            return Err(io::Error::other(why));
        }
        fs::write(&self.word, self.boot().unwrap_or_default())
    }

    fn has_word(&self) -> bool {
        // The run folder might outlive a boot; the word does not.
        fs::read_to_string(&self.word).is_ok_and(|word| Some(word) == self.boot())
    }

    fn boot(&self) -> Option<String> {
        fs::read_to_string(self.root.join("proc/sys/kernel/random/boot_id")).ok()
    }

    fn is_set_from_network(&self) -> bool {
        // systemd-timesyncd's mark; for chrony and ntpd, the kernel's own state as timedated reads it.
        self.root.join("run/systemd/timesync/synchronized").exists() || self.kernel_is_synchronised()
    }

    fn kernel_is_synchronised(&self) -> bool {
        if !self.root.join("run/systemd/system").exists() {
            return false;
        }
        let mut command = Command::new("timedatectl");
        command.args(["show", "--property=NTPSynchronized", "--value"]);
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        started.ok().and_then(answer).is_some_and(|answer| answer.trim() == "yes")
    }

    fn is_set_from_battery(&self) -> bool {
        let set = fs::read_to_string(self.root.join("sys/class/rtc/rtc0/hctosys"));
        set.is_ok_and(|set| set.trim() == "1")
    }
}

/// What a process says before the patience ends.
fn answer(mut child: Child) -> Option<String> {
    let (times, pause) = PATIENCE;
    for _ in 0..times {
        if child.try_wait().ok()?.is_some() {
            let output = child.wait_with_output().ok()?;
            return String::from_utf8(output.stdout).ok();
        }
        thread::sleep(pause);
    }
    child.kill().ok()?;
    child.wait().ok()?;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Now = Now { ms: 1_800_000_000_000, trusted: false };

    #[test]
    fn the_best_voucher_counts() {
        let root = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let look = |source| Timekeeper::of(source, root.path(), root.path()).look(NOW);
        let [ntp, rtc, guard] = [TimeSource::Ntp, TimeSource::Rtc, TimeSource::Guard];
        assert_eq!([ntp, rtc, guard].map(look), [Trust::Nothing; 3]);

        put("proc/sys/kernel/random/boot_id", "first boot");
        Timekeeper::of(guard, root.path(), root.path()).give_word(NOW).unwrap();
        assert_eq!([ntp, rtc, guard].map(look), [Trust::Word; 3]);

        put("sys/class/rtc/rtc0/hctosys", "1\n");
        assert_eq!([ntp, rtc, guard].map(look), [Trust::Word, Trust::Rtc, Trust::Word]);

        put("run/systemd/timesync/synchronized", "");
        assert_eq!([ntp, rtc, guard].map(look), [Trust::Ntp, Trust::Ntp, Trust::Word]);

        put("proc/sys/kernel/random/boot_id", "second boot");
        assert_eq!(look(guard), Trust::Nothing, "a word does not outlive a boot");
    }

    #[test]
    fn a_clock_in_the_past_is_trusted_by_nobody() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("run/systemd/timesync")).unwrap();
        fs::write(root.path().join("run/systemd/timesync/synchronized"), "").unwrap();
        let keeper = Timekeeper::of(TimeSource::Ntp, root.path(), root.path());
        let past = Now { ms: EARLIEST_MS - 1, trusted: false };
        assert_eq!(keeper.look(past), Trust::Nothing);
        assert!(keeper.give_word(past).is_err());
        assert_eq!(keeper.look(NOW), Trust::Ntp);
    }
}
