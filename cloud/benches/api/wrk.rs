//! `wrk`, and what it says.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

/// How it asks.
pub struct Load<'a> {
    pub folder: &'a Path,
    pub seconds: u32,
    pub connections: u32,
}

/// What it measured.
pub struct Measured {
    pub a_second: f64,
    pub median_ms: f64,
    pub p99_ms: f64,
}

/// Asks for the bare page.
pub const HELLO: &str = "request = function() return wrk.format('GET', '/hello') end";

impl Load<'_> {
    /// Asks what a script of its language (Lua) says.
    ///
    /// # Panics
    /// It is not there, or not everything was answered well.
    pub fn run(&self, at: SocketAddr, script: &str) -> Measured {
        let path = self.folder.join("load.lua");
        fs::write(&path, script).unwrap();
        let mut command = Command::new("wrk");
        command.args(["--threads", "1", "--latency", "--timeout", "10s"]);
        command.args([
            "--connections",
            &self.connections.to_string(),
            "--duration",
            &self.seconds.to_string(),
        ]);
        let answer = command.arg("--script").arg(&path).arg(format!("http://{at}/")).output();
        let answer = answer.expect("wrk is not there: apt-get install wrk");
        let said = String::from_utf8_lossy(&answer.stdout).into_owned();
        assert!(answer.status.success() && !said.contains("Non-2xx"), "{said}");
        let after = |label: &str| {
            let line = said.lines().map(str::trim).find_map(|line| line.strip_prefix(label));
            line.unwrap_or_else(|| panic!("no {label}: {said}")).trim().to_owned()
        };
        Measured {
            a_second: after("Requests/sec:").parse().unwrap(),
            median_ms: milliseconds(&after("50%")),
            p99_ms: milliseconds(&after("99%")),
        }
    }
}

fn milliseconds(text: &str) -> f64 {
    for (unit, factor) in [("us", 1e-3), ("ms", 1.0), ("s", 1e3)] {
        if let Some(number) = text.strip_suffix(unit) {
            return number.parse::<f64>().unwrap() * factor;
        }
    }
    panic!("{text} is no time")
}
