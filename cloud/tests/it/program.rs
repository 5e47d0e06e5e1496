//! The program itself, `dwellers-cloud serve`, as a process of its own, so that its memory is nobody else's.

#![allow(dead_code, reason = "each program that includes it uses a part")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The running program; killed with its handle.
pub struct Program {
    child: Child,
    /// Where it is reached.
    pub at: SocketAddr,
}

impl Program {
    /// Serves the stores in `data` at an address of its own; its log goes beside them. Hubs sign for `authority`.
    pub fn start(data: &Path, authority: &str) -> Program {
        let beside = data.parent().unwrap();
        let (config, log) = (beside.join("serve.toml"), fs::File::create(beside.join("serve.log")).unwrap());
        let text = format!(
            "[cloud]\ndata = \"{}\"\n\n[http]\nlisten = \"127.0.0.1:0\"\nauthority = \"{authority}\"\n\n[backup]\non = false\n",
            data.display()
        );
        fs::write(&config, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_dwellers-cloud"));
        command.arg("--config").arg(&config).arg("serve").stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let at = line.trim().strip_prefix("listening at ").unwrap_or_else(|| panic!("it says {line:?}"));
        Program { at: at.parse().unwrap(), child }
    }

    /// Its memory now, and the most that it had: megabytes.
    pub fn memory(&self) -> (f64, f64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let megabytes = |line: &str| {
            let kb = status.lines().find_map(|found| found.strip_prefix(line)).unwrap();
            kb.trim().trim_end_matches("kB").trim().parse::<f64>().unwrap() / 1024.0
        };
        (megabytes("VmRSS:"), megabytes("VmHWM:"))
    }

    /// The processor's time that it took so far, in seconds.
    pub fn processor(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // After the name, which may hold anything.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        // In clock ticks, of which Linux shows a hundred a second.
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    }

    /// Threads and open files.
    pub fn holds(&self) -> (usize, usize) {
        let count =
            |of: &str| fs::read_dir(format!("/proc/{}/{of}", self.child.id())).map_or(0, Iterator::count);
        (count("task"), count("fd"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
