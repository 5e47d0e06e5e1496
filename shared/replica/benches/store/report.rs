//! The figures, as a table for people and as JSON for programs.

use serde_json::{Value, json};

/// A budget of the design.
#[derive(Clone, Copy)]
pub enum Goal {
    /// The store's figure is at most so many times plain SQLite's.
    RatioAtMost(f64),
    /// The store's figure is at least this.
    AtLeast(f64),
}

struct Line {
    what: String,
    unit: &'static str,
    store: f64,
    plain: Option<f64>,
    goal: Option<Goal>,
}

/// What was measured so far.
pub struct Report {
    lines: Vec<Line>,
}

impl Line {
    fn ratio(&self) -> Option<f64> {
        self.plain.map(|plain| self.store / plain)
    }

    fn is_met(&self) -> Option<bool> {
        self.goal.map(|goal| match goal {
            Goal::RatioAtMost(most) => self.ratio().is_some_and(|ratio| ratio <= most),
            Goal::AtLeast(least) => self.store >= least,
        })
    }

    fn goal(&self) -> String {
        let verdict = if self.is_met() == Some(true) { "met" } else { "MISSED" };
        match self.goal {
            None => String::new(),
            Some(Goal::RatioAtMost(most)) => format!("≤ {most} × plain: {verdict}"),
            Some(Goal::AtLeast(least)) => format!("≥ {least} {}: {verdict}", self.unit),
        }
    }

    /// `of` is the line before that stands by itself; one that begins with an ellipsis goes on from it.
    fn json(&self, of: &str) -> Value {
        let what = match self.what.strip_prefix('…') {
            Some(more) => format!("{of}:{more}"),
            None => self.what.clone(),
        };
        json!({
            "what": what, "unit": self.unit, "store": self.store, "plain": self.plain,
            "ratio": self.ratio(), "budget": self.goal.map(|_| self.goal()), "met": self.is_met(),
        })
    }
}

impl Report {
    pub fn new() -> Self {
        Report { lines: Vec::new() }
    }

    /// A figure of the store's and one of plain SQLite's.
    pub fn pair(&mut self, what: &str, unit: &'static str, [store, plain]: [f64; 2], goal: Option<Goal>) {
        self.add(Line { what: what.to_owned(), unit, store, plain: Some(plain), goal });
    }

    /// A figure that plain SQLite has nothing beside.
    pub fn own(&mut self, what: &str, unit: &'static str, store: f64, goal: Option<Goal>) {
        self.add(Line { what: what.to_owned(), unit, store, plain: None, goal });
    }

    fn add(&mut self, line: Line) {
        // It takes minutes: a sign of life.
        eprintln!("{}: {}", line.what, figure(line.store));
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
        println!("\n{:<72}{:>12}{:>12}{:>8}      budget", "what", "store", "plain", "ratio");
        for line in &self.lines {
            let [plain, ratio] =
                [line.plain, line.ratio()].map(|value| value.map_or_else(String::new, figure));
            let what = format!("{}{}{}", line.what, if line.unit.is_empty() { "" } else { ", " }, line.unit);
            println!("{what:<72}{:>12}{plain:>12}{ratio:>8}      {}", figure(line.store), line.goal());
        }
    }
}

fn figure(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
