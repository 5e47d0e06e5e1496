//! The figures, as a table for people and as JSON for programs.

use serde_json::{Value, json};

/// A budget of the design.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "each benchmark has goals of its own kinds")]
pub enum Goal {
    /// Our figure is at most so many times the one beside it.
    RatioAtMost(f64),
    /// Our figure is at least this.
    AtLeast(f64),
    /// Our figure is at most this.
    AtMost(f64),
}

struct Line {
    what: String,
    unit: &'static str,
    ours: f64,
    beside: Option<f64>,
    goal: Option<Goal>,
}

/// What was measured so far.
pub struct Report {
    columns: [&'static str; 2],
    lines: Vec<Line>,
}

impl Line {
    fn ratio(&self) -> Option<f64> {
        self.beside.map(|beside| self.ours / beside)
    }

    fn is_met(&self) -> Option<bool> {
        self.goal.map(|goal| match goal {
            Goal::RatioAtMost(most) => self.ratio().is_some_and(|ratio| ratio <= most),
            Goal::AtLeast(least) => self.ours >= least,
            Goal::AtMost(most) => self.ours <= most,
        })
    }

    fn goal(&self) -> String {
        let verdict = if self.is_met() == Some(true) { "met" } else { "MISSED" };
        match self.goal {
            None => String::new(),
            Some(Goal::RatioAtMost(most)) => format!("≤ {most} × beside: {verdict}"),
            Some(Goal::AtLeast(least)) => format!("≥ {least} {}: {verdict}", self.unit),
            Some(Goal::AtMost(most)) => format!("≤ {most} {}: {verdict}", self.unit),
        }
    }

    /// `of` is the line before that stands by itself; one that begins with an ellipsis goes on from it.
    fn json(&self, of: &str) -> Value {
        let what = match self.what.strip_prefix('…') {
            Some(more) => format!("{of}:{more}"),
            None => self.what.clone(),
        };
        json!({
            "what": what, "unit": self.unit, "ours": self.ours, "beside": self.beside,
            "ratio": self.ratio(), "budget": self.goal.map(|_| self.goal()), "met": self.is_met(),
        })
    }
}

impl Report {
    /// What is measured, and what stands beside it.
    pub fn new(ours: &'static str, beside: &'static str) -> Self {
        Report { columns: [ours, beside], lines: Vec::new() }
    }

    /// A figure of ours and the one beside it.
    pub fn pair(&mut self, what: &str, unit: &'static str, [ours, beside]: [f64; 2], goal: Option<Goal>) {
        self.add(Line { what: what.to_owned(), unit, ours, beside: Some(beside), goal });
    }

    /// A figure that nothing stands beside.
    pub fn own(&mut self, what: &str, unit: &'static str, ours: f64, goal: Option<Goal>) {
        self.add(Line { what: what.to_owned(), unit, ours, beside: None, goal });
    }

    fn add(&mut self, line: Line) {
        // It takes minutes: a sign of life.
        eprintln!("{}: {}", line.what, figure(line.ours));
        self.lines.push(line);
    }

    pub fn print(&self, json: bool) {
        if json {
            let mut of = "";
            let lines = self.lines.iter().map(|line| {
                if !line.what.starts_with('…') {
                    of = &line.what;
                }
                line.json(of)
            });
            let lines: Vec<_> = lines.collect();
            return println!("{}", json!({ "lines": lines }));
        }
        let [ours, beside] = self.columns;
        println!("\n{:<72}{ours:>12}{beside:>12}{:>8}      budget", "what", "ratio");
        for line in &self.lines {
            let [beside, ratio] =
                [line.beside, line.ratio()].map(|value| value.map_or_else(String::new, figure));
            let what = format!("{}{}{}", line.what, if line.unit.is_empty() { "" } else { ", " }, line.unit);
            println!("{what:<72}{:>12}{beside:>12}{ratio:>8}      {}", figure(line.ours), line.goal());
        }
    }
}

fn figure(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
