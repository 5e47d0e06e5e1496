//! What known plates look like, as help for the reader.
//!
//! Where a free reading has no shape that is known of any country whose plate it may be, or a rare one, the likeliest
//! text that has a common one is taken instead, if it is nearly as likely. The shapes are those of [`dwellers::plate`]. A
//! plate that looks foreign is never led to a Russian shape: only countries that its looks speak for have a say, and
//! for one that looks like none of them the shapes of countries that are not known by name.
//!
//! What must never be here: a shape; which cars are known.

use dwellers::plate::{self, Country, Format, Plate};

use super::ctc::{Hypothesis, Rule, Steps};
use super::sighting::Alphabet;

/// How sure the looks must be of a country for its shapes to count: of three that look alike each may still have a say.
const LEAST_ORIGIN: f32 = 0.25;
/// Beginnings at a time, of which more than in a free search lead nowhere.
const WIDTH: usize = 24;
/// How much less likely, in ln P, a kind of plate is than the common ones of its country: a fifth, where it is rare and
/// could be taken for a car's by a single character, as `0123АВ77` on a motorcycle for `О123АВ77`; or where no country
/// has the shape, as far as is known here.
const RARE: f32 = 1.6;
/// Shapes so loose that many a misreading has them: they count where the looks speak for their country, and not for
/// plates of no country.
const LOOSE: [Country; 3] = [Country::Germany, Country::Finland, Country::Latvia];

/// The shapes of all countries.
pub struct Grammar {
    countries: Vec<(Country, Shapes)>,
}

/// The shapes of a country, one a bit: which of them have a symbol at a place, and which have so many places. For
/// [`Country::Other`] those of all but Russia, whose plates look Russian.
struct Shapes {
    all: u64,
    places: Vec<Vec<u64>>,
    lengths: Vec<u64>,
}

impl Rule for &Shapes {
    type State = u64;

    fn begin(&self) -> u64 {
        self.all
    }

    fn step(&self, state: u64, place: usize, symbol: u8) -> Option<u64> {
        let at_place = self.places.get(place)?.get(usize::from(symbol))?;
        let left = state & at_place;
        (left != 0).then_some(left)
    }
}

impl Shapes {
    fn of(country: Country, alphabet: &Alphabet) -> Shapes {
        let has = |of: Country| match country {
            Country::Other => of != Country::Russia && !LOOSE.contains(&of),
            named => of == named,
        };
        let patterns: Vec<_> = plate::patterns().filter(|pattern| has(pattern.country)).collect();
        // Germany, whose plates vary most in length, has 48.
        assert!(patterns.len() <= 64, "each shape has a bit");
        let longest = patterns.iter().map(|pattern| pattern.places.len()).max().unwrap_or(0);
        let mut places = vec![vec![0; alphabet.0.len() + 1]; longest];
        let mut lengths = vec![0; longest + 1];
        for (bit, pattern) in patterns.iter().enumerate() {
            for (place, symbols) in pattern.places.iter().zip(&mut places) {
                for (symbol, _) in alphabet.0.iter().enumerate().filter(|(_, c)| place.allows(**c)) {
                    symbols[symbol + 1] |= 1 << bit;
                }
            }
            lengths[pattern.places.len()] |= 1 << bit;
        }
        Shapes { all: u64::MAX >> (64 - patterns.len().max(1)), places, lengths }
    }

    fn fit(&self, text: &[u8]) -> bool {
        let state = text
            .iter()
            .enumerate()
            .try_fold(self.all, |state, (place, symbol)| (&self).step(state, place, *symbol));
        state.is_some_and(|left| self.lengths.get(text.len()).is_some_and(|ends| left & ends != 0))
    }
}

/// Its kind, where a text has a shape that is known of a country; of [`Country::Other`], where it may be any plate.
pub fn format(text: &str, country: Country) -> Option<Format> {
    let plate = Plate::read(text, country).ok()?;
    let is_generic = plate.format() == Format::Generic;
    (country == Country::Other || (plate.country() == country && !is_generic)).then(|| plate.format())
}

impl Grammar {
    /// Of these countries.
    pub fn new(alphabet: &Alphabet, countries: impl IntoIterator<Item = Country>) -> Grammar {
        let shapes = |country| (country, Shapes::of(country, alphabet));
        Grammar { countries: countries.into_iter().map(shapes).collect() }
    }

    /// What to take instead of a free reading: a text whose shape makes up for what it is less likely by itself.
    /// Nothing where there is none, or where the reading has a common shape already.
    pub fn instead(
        &self,
        free: &Hypothesis,
        steps: Steps<'_>,
        alphabet: &Alphabet,
        origins: &[(Country, f32)],
        within: f32,
    ) -> Option<Hypothesis> {
        let may_be = |country: Country| origins.iter().any(|(of, p)| *of == country && *p >= LEAST_ORIGIN);
        let known = || self.countries.iter().filter(|(country, _)| may_be(*country));
        let lack = |found: &Hypothesis| {
            let text = alphabet.text(&found.text);
            let lacks = known().map(|(country, shapes)| rarity(&text, found, *country, shapes));
            lacks.fold(f32::INFINITY, f32::min).min(within)
        };
        let own = lack(free);
        if own <= 0.0 {
            return None;
        }
        let weighed = known()
            .flat_map(|(_, shapes)| steps.best(&shapes, WIDTH, WIDTH))
            .map(|found| (found.ln_p - lack(&found), found))
            .filter(|(weight, _)| *weight >= free.ln_p - own);
        let (_, best) = weighed.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
        (best.text != free.text && lack(&best) < own).then_some(best)
    }
}

/// How much less likely a text is than the common ones of its country, in ln P; infinitely, where no shape is known.
fn rarity(text: &str, found: &Hypothesis, country: Country, shapes: &Shapes) -> f32 {
    match format(text, country) {
        None => f32::INFINITY,
        Some(_) if country == Country::Other => {
            if shapes.fit(&found.text) {
                0.0
            } else {
                RARE
            }
        }
        Some(Format::Car | Format::National | Format::Generic) => 0.0,
        Some(_) => RARE,
    }
}
