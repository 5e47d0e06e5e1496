//! ONNX Runtime, one thread, in a process of its own: `hub/training/ort_bench.py`.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// The process; it ends with its handle.
pub struct Beside {
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Beside {
    /// With a folder of packages under `target`, made where it is not there.
    pub fn start(models: &Path) -> Result<Beside, String> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("onnxruntime");
        let python = folder.join("bin/python");
        if !folder.join("ready").exists() {
            run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
            run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "onnxruntime", "numpy"]))?;
            std::fs::write(folder.join("ready"), "").map_err(|error| error.to_string())?;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("training/ort_bench.py");
        let mut command = Command::new(&python);
        command.arg(script).arg(models).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", python.display()))?;
        let (ask, answer) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut beside = Beside { child, ask, answer: BufReader::new(answer) };
        match beside.line().as_str() {
            "ready" => Ok(beside),
            other => Err(format!("its script says {other:?}")),
        }
    }

    /// One run of a model at a shape.
    pub fn run(&mut self, model: &str, shape: &[usize]) -> Duration {
        let shape = shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        writeln!(self.ask, "{model} {shape}").unwrap();
        Duration::from_secs_f64(self.line().parse().unwrap())
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answer.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?}: {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}
