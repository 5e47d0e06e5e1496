//! Probabilities of texts: against counting every path, and by what must hold of any.

use std::collections::BTreeMap;

use dwellers_hub::sight::ctc::{Free, Rule, Steps};
use proptest::prelude::*;

/// The text of a path: what repeats counts once, nothing not at all.
fn text(path: &[u8]) -> Vec<u8> {
    let mut text = path.to_vec();
    text.dedup();
    text.retain(|symbol| *symbol != 0);
    text
}

/// The probability of every text, by every path.
fn all(p: &[f32], symbols: usize) -> BTreeMap<Vec<u8>, f64> {
    let steps = p.len() / symbols;
    let mut texts = BTreeMap::new();
    for number in 0..symbols.pow(steps as u32) {
        let path: Vec<u8> = (0..steps).map(|t| (number / symbols.pow(t as u32) % symbols) as u8).collect();
        let of_path: f64 =
            path.iter().zip(p.chunks(symbols)).map(|(s, row)| f64::from(row[usize::from(*s)])).product();
        *texts.entry(text(&path)).or_insert(0.0) += of_path;
    }
    texts
}

fn rows(symbols: usize, steps: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f32>> {
    let row = prop::collection::vec(0.01_f32..1.0, symbols).prop_map(|row| {
        // Some are as good as sure, as those of a trained reader.
        let cubes: Vec<f32> = row.iter().map(|value| value.powi(6)).collect();
        let sum: f32 = cubes.iter().sum();
        cubes.iter().map(|value| value / sum).collect::<Vec<_>>()
    });
    prop::collection::vec(row, steps).prop_map(|rows| rows.concat())
}

fn close(a: f32, b: f64) -> bool {
    (f64::from(a) - b).abs() < 1e-3 || (a == f32::NEG_INFINITY && b == f64::NEG_INFINITY)
}

#[test]
fn by_hand() {
    // Two steps, nothing and one symbol: it is read from 01, 10 and 11.
    let p = [0.6, 0.4, 0.7, 0.3];
    let steps = Steps::new(&p, 2);
    for (text, expected) in [(&[][..], 0.42_f64), (&[1], 0.58)] {
        assert!(close(steps.ln_p(text), expected.ln()), "{text:?}");
    }
    for none in [&[1, 1][..], &[0], &[2], &[1, 1, 1], &[255]] {
        assert_eq!(steps.ln_p(none), f32::NEG_INFINITY, "{none:?}");
    }
    // Twice the same needs nothing between.
    let p = [0.1, 0.9, 0.8, 0.2, 0.3, 0.7];
    assert!(close(Steps::new(&p, 2).ln_p(&[1, 1]), (0.9 * 0.8 * 0.7_f64).ln()));
    assert_eq!(Steps::new(&p, 2).tops(&[1, 1]), Some(vec![0.9, 0.7]));
    assert_eq!(Steps::new(&p, 2).tops(&[1]), Some(vec![0.9]));
    assert_eq!(Steps::new(&p, 2).tops(&[1, 1, 1]), None);
    assert_eq!(Steps::new(&p, 2).tops(&[]), Some(vec![]));
    assert_eq!((Steps::new(&[], 2).ln_p(&[]), Steps::new(&[], 2).ln_p(&[1])), (0.0, f32::NEG_INFINITY));
    assert_eq!(Steps::new(&[], 2).best(&Free, 4, 4).len(), 1);
}

#[test]
fn the_least_likely_has_a_number_still() {
    let p = [1e-20_f32; 48 * 37];
    let ln_p = Steps::new(&p, 37).ln_p(&[1, 2, 3]);
    assert!(ln_p.is_finite() && ln_p < -2000.0, "{ln_p}");
    let texts = Steps::new(&[1.0 / 37.0; 48 * 37], 37).best(&Free, 16, 8);
    assert!(texts.iter().all(|found| found.ln_p.is_finite()), "{texts:?}");
}

/// No `2` right after a `1`, and at most three.
struct Short;

impl Rule for Short {
    type State = u8;

    fn begin(&self) -> u8 {
        0
    }

    fn step(&self, last: u8, place: usize, symbol: u8) -> Option<u8> {
        (place < 3 && !(last == 1 && symbol == 2)).then_some(symbol)
    }
}

proptest! {
    #[test]
    fn as_all_paths_have_it(p in rows(3, 1..7)) {
        let (steps, texts) = (Steps::new(&p, 3), all(&p, 3));
        for (text, expected) in &texts {
            prop_assert!(close(steps.ln_p(text), expected.ln()), "{text:?}: {} for {}", steps.ln_p(text), expected.ln());
        }
        let sum: f64 = texts.keys().map(|text| f64::from(steps.ln_p(text)).exp()).sum();
        prop_assert!((sum - 1.0).abs() < 1e-3, "{sum}");

        // A beam that holds all finds all, in order.
        let found = steps.best(&Free, 1000, 1000);
        prop_assert!(found.windows(2).all(|two| two[0].ln_p >= two[1].ln_p));
        for one in &found {
            prop_assert!(close(one.ln_p, texts[&one.text].ln()));
        }
        let likely = |p: &f64| *p > 1e-5;
        prop_assert_eq!(found.iter().filter(|one| likely(&f64::from(one.ln_p).exp())).count(),
            texts.values().filter(|p| likely(p)).count());

        // The best that a rule lets through is the best of those that it does.
        let allowed = |text: &[u8]| text.len() <= 3 && !text.windows(2).any(|two| two == [1, 2]);
        let ruled = steps.best(&Short, 1000, 1000);
        prop_assert!(ruled.iter().all(|one| allowed(&one.text)));
        let best = texts.iter().filter(|(text, _)| allowed(text)).map(|(_, p)| *p).fold(0.0, f64::max);
        prop_assert!(close(ruled[0].ln_p, best.ln()), "{ruled:?}, {best}");
    }

    #[test]
    fn a_narrow_beam_finds_the_best(p in rows(6, 4..20)) {
        let steps = Steps::new(&p, 6);
        let (narrow, wide) = (steps.best(&Free, 24, 4), steps.best(&Free, 150, 4));
        prop_assert!((narrow[0].ln_p - wide[0].ln_p).abs() < 1.5, "{narrow:?} {wide:?}");
        for one in &narrow {
            prop_assert_eq!(one.ln_p, steps.ln_p(&one.text));
            let tops = steps.tops(&one.text).unwrap();
            prop_assert!(tops.len() == one.text.len() && tops.iter().all(|p| (0.0..=1.0).contains(p)));
        }
        let sum: f64 = wide.iter().map(|one| f64::from(one.ln_p).exp()).sum();
        prop_assert!(sum <= 1.0 + 1e-4);
    }

    #[test]
    fn nothing_fails(p in prop::collection::vec(prop::num::f32::ANY, 0..80), symbols in 0_usize..6,
        text in prop::collection::vec(any::<u8>(), 0..6)) {
        let steps = Steps::new(&p, symbols);
        let _ = (steps.ln_p(&text), steps.tops(&text), steps.best(&Free, 4, 4));
    }
}
