//! Probabilities of texts, from those of characters at each step: connectionist temporal classification (A. Graves and
//! others, 2006). A text is read where each step says a character or nothing, and what repeats without nothing between
//! counts once.
//!
//! Symbols are numbers, 0 is nothing. Everything is in f64 and not in logarithms: at 48 steps the least likely path of
//! a reader that knows nothing, 37 symbols alike, has a probability of 10^-75.
//!
//! Pure, and free of plates: what a symbol stands for is [`super::sighting`]'s.

use std::collections::HashMap;

/// What a network says at each step: the probability of each symbol, which add up to one.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a> {
    p: &'a [f32],
    symbols: usize,
}

/// Symbols in order, and the natural logarithm of their probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Hypothesis {
    /// From 1 up.
    pub text: Vec<u8>,
    /// 0 or less.
    pub ln_p: f32,
}

/// Which symbols may follow.
pub trait Rule {
    /// What is known after a beginning.
    type State: Copy;

    /// Before the first symbol.
    fn begin(&self) -> Self::State;

    /// After one more symbol, which is the `place`-th from 0; nothing where it may not stand there.
    fn step(&self, state: Self::State, place: usize, symbol: u8) -> Option<Self::State>;
}

/// Everything may.
#[derive(Clone, Copy, Debug)]
pub struct Free;

impl Rule for Free {
    type State = ();

    fn begin(&self) {}

    fn step(&self, (): (), _place: usize, _symbol: u8) -> Option<()> {
        Some(())
    }
}

/// Below this a step's symbol begins no new text: with a beam of some tens it would not stay.
const LEAST: f32 = 1e-7;
/// Where a sum is kept away from the smallest number.
const SMALL: f64 = 1e-200;

impl<'a> Steps<'a> {
    /// Rows of `symbols` probabilities; what is left over at the end is not looked at. At most 255 symbols.
    pub fn new(p: &'a [f32], symbols: usize) -> Steps<'a> {
        Steps { p, symbols: symbols.clamp(1, 255) }
    }

    fn rows(self) -> std::slice::ChunksExact<'a, f32> {
        self.p.chunks_exact(self.symbols)
    }

    /// ln P(text), by the forward algorithm (Graves, section 4.1): the sum over all its alignments. Negative infinity
    /// where it has none: it is too long, or has a symbol that there is not.
    pub fn ln_p(self, text: &[u8]) -> f32 {
        if text.iter().any(|symbol| *symbol == 0 || usize::from(*symbol) >= self.symbols) {
            return f32::NEG_INFINITY;
        }
        // Nothing, and each symbol with nothing after it.
        let states: Vec<usize> =
            std::iter::once(0).chain(text.iter().flat_map(|symbol| [usize::from(*symbol), 0])).collect();
        let mut rows = self.rows();
        let Some(first) = rows.next() else {
            return if text.is_empty() { 0.0 } else { f32::NEG_INFINITY };
        };
        let mut alpha = vec![0.0_f64; states.len()];
        for (state, symbol) in states.iter().enumerate().take(2) {
            alpha[state] = f64::from(first[*symbol]);
        }
        let mut shrunk = 0.0;
        for row in rows {
            let mut most = 0.0_f64;
            for at in (0..states.len()).rev() {
                let symbol = states[at];
                let mut sum = alpha[at] + at.checked_sub(1).map_or(0.0, |before| alpha[before]);
                // Over the nothing between two symbols that differ.
                if symbol != 0 && at >= 2 && states[at - 2] != symbol {
                    sum += alpha[at - 2];
                }
                alpha[at] = sum * f64::from(row[symbol]);
                most = most.max(alpha[at]);
            }
            if most < SMALL {
                alpha.iter_mut().for_each(|value| *value /= SMALL);
                shrunk += SMALL.ln();
            }
        }
        let end = alpha.len() - 1;
        let sum = alpha[end] + end.checked_sub(1).map_or(0.0, |before| alpha[before]);
        (sum.ln() + shrunk) as f32
    }

    /// The highest probability of each symbol of a text, over the steps where its likeliest alignment has it; `None`
    /// where it has no alignment.
    pub fn tops(self, text: &[u8]) -> Option<Vec<f32>> {
        if text.iter().any(|symbol| *symbol == 0 || usize::from(*symbol) >= self.symbols) {
            return None;
        }
        let states: Vec<usize> =
            std::iter::once(0).chain(text.iter().flat_map(|symbol| [usize::from(*symbol), 0])).collect();
        let count = self.rows().len();
        let mut best = vec![f64::NEG_INFINITY; states.len()];
        // From which state each was reached, counted back.
        let mut from = vec![0_u8; states.len() * count];
        for (t, row) in self.rows().enumerate() {
            for at in (0..states.len()).rev() {
                let symbol = states[at];
                let reach =
                    |back: usize| at.checked_sub(back).map_or(f64::NEG_INFINITY, |before| best[before]);
                let over = if symbol != 0 && at >= 2 && states[at - 2] != symbol {
                    reach(2)
                } else {
                    f64::NEG_INFINITY
                };
                let choices = if t == 0 {
                    [if at < 2 { 0.0 } else { f64::NEG_INFINITY }, f64::NEG_INFINITY, f64::NEG_INFINITY]
                } else {
                    [best[at], reach(1), over]
                };
                // The last of what is alike: to stay.
                let chosen = (0..3).rev().max_by(|a, b| choices[*a].total_cmp(&choices[*b])).unwrap_or(0);
                from[t * states.len() + at] = chosen as u8;
                best[at] = choices[chosen] + f64::from(row[symbol]).ln();
            }
        }
        let end = states.len() - 1;
        let mut at = if end > 0 && best[end - 1] > best[end] { end - 1 } else { end };
        if best[at] == f64::NEG_INFINITY {
            return None;
        }
        let mut tops = vec![0.0_f32; text.len()];
        for (t, row) in self.rows().enumerate().rev() {
            if at % 2 == 1 {
                tops[at / 2] = tops[at / 2].max(row[states[at]]);
            }
            at = at.saturating_sub(usize::from(from[t * states.len() + at]));
        }
        Some(tops)
    }

    /// The likeliest texts that a rule lets through, the likeliest first, each with its true probability: by prefix
    /// beam search (A. Hannun, 2014) of `width` beginnings at a time. Whether a text may end where it does is not the
    /// rule's to say: ask for more and choose.
    pub fn best<R: Rule>(self, rule: &R, width: usize, most: usize) -> Vec<Hypothesis> {
        let mut search = Search::new(rule, width.max(1));
        for row in self.rows() {
            search.step(row);
        }
        let mut found: Vec<Hypothesis> = search
            .texts()
            .map(|text| {
                let ln_p = self.ln_p(&text);
                Hypothesis { text, ln_p }
            })
            .collect();
        found.sort_by(|a, b| b.ln_p.total_cmp(&a.ln_p));
        found.truncate(most);
        found
    }
}

/// Beginnings of texts, as a tree.
struct Search<'r, R: Rule> {
    rule: &'r R,
    width: usize,
    nodes: Vec<Node<R::State>>,
    children: HashMap<(u32, u8), u32>,
    beam: Vec<Beginning>,
    next: Vec<Beginning>,
    /// Where a node is in `next`, one more; of the step that is made.
    slots: Vec<u32>,
}

struct Node<S> {
    parent: u32,
    symbol: u8,
    length: u16,
    state: S,
}

/// The probability of all alignments of a beginning so far: those that end with nothing, and with its last symbol.
#[derive(Clone, Copy)]
struct Beginning {
    node: u32,
    nothing: f64,
    symbol: f64,
}

impl Beginning {
    fn p(&self) -> f64 {
        self.nothing + self.symbol
    }
}

impl<'r, R: Rule> Search<'r, R> {
    fn new(rule: &'r R, width: usize) -> Self {
        let root = Node { parent: 0, symbol: 0, length: 0, state: rule.begin() };
        Search {
            rule,
            width,
            nodes: vec![root],
            children: HashMap::new(),
            beam: vec![Beginning { node: 0, nothing: 1.0, symbol: 0.0 }],
            next: Vec::new(),
            slots: vec![0],
        }
    }

    fn step(&mut self, row: &[f32]) {
        for at in 0..self.beam.len() {
            let beginning = self.beam[at];
            let last = self.nodes[beginning.node as usize].symbol;
            let nothing = beginning.p() * f64::from(row[0]);
            let again = if last == 0 { 0.0 } else { beginning.symbol * f64::from(row[usize::from(last)]) };
            self.add(beginning.node, nothing, again);
            for (symbol, p) in row.iter().enumerate().skip(1).filter(|(_, p)| **p >= LEAST) {
                let symbol = symbol as u8;
                // The same symbol begins anew only after nothing.
                let before = if symbol == last { beginning.nothing } else { beginning.p() };
                if before > 0.0
                    && let Some(node) = self.child(beginning.node, symbol)
                {
                    self.add(node, 0.0, before * f64::from(*p));
                }
            }
        }
        for beginning in &self.next {
            self.slots[beginning.node as usize] = 0;
        }
        self.next.sort_by(|a, b| b.p().total_cmp(&a.p()).then(a.node.cmp(&b.node)));
        self.next.truncate(self.width);
        std::mem::swap(&mut self.beam, &mut self.next);
        self.next.clear();
        // Beginnings only compare with each other: their scale is free.
        let scale = self.beam.first().map_or(1.0, |first| if first.p() > 0.0 { first.p() } else { 1.0 });
        for beginning in &mut self.beam {
            beginning.nothing /= scale;
            beginning.symbol /= scale;
        }
    }

    fn child(&mut self, parent: u32, symbol: u8) -> Option<u32> {
        if let Some(node) = self.children.get(&(parent, symbol)) {
            return Some(*node);
        }
        let Node { length, state, .. } = self.nodes[parent as usize];
        let state = self.rule.step(state, usize::from(length), symbol)?;
        let node = u32::try_from(self.nodes.len()).ok()?;
        self.nodes.push(Node { parent, symbol, length: length.saturating_add(1), state });
        self.slots.push(0);
        self.children.insert((parent, symbol), node);
        Some(node)
    }

    fn add(&mut self, node: u32, nothing: f64, symbol: f64) {
        let slot = &mut self.slots[node as usize];
        if *slot == 0 {
            self.next.push(Beginning { node, nothing, symbol });
            *slot = self.next.len() as u32;
        } else {
            let beginning = &mut self.next[*slot as usize - 1];
            beginning.nothing += nothing;
            beginning.symbol += symbol;
        }
    }

    fn texts(&self) -> impl Iterator<Item = Vec<u8>> {
        self.beam.iter().map(|beginning| {
            let mut text = Vec::new();
            let mut node = beginning.node as usize;
            while node != 0 {
                text.push(self.nodes[node].symbol);
                node = self.nodes[node].parent as usize;
            }
            text.reverse();
            text
        })
    }
}
