//! The first model: where plates may be, in the whole of a picture made small.
//!
//! It is shown gray at a few fixed sizes, 4 × 4 pixels a place of 16 channels, and answers for each cell of 8 × 8 pixels
//! how likely a plate's centre lies in it, and where that plate's corners are.

use serde::Deserialize;

use super::model::{Answers, Files, LoadError, LookError, Model};
use super::picture::Region;
use super::plane::{Fit, Fitter, Plane};
use super::quad::{Quad, suppress};

/// The most that one run finds.
pub const MOST: usize = 12;
/// Of two finds whose hulls overlap by more (intersection over union), the likelier stays.
pub const OVERLAP: f32 = 0.4;
/// Pixels of the frame to a side of a place, and of a cell.
const PLACE: usize = 4;
const CELL: usize = 8;
/// What is beside the picture in its frame.
const BESIDE: f32 = 0.5;

#[derive(Deserialize)]
struct Card {
    /// The least likelihood of a find.
    threshold: f32,
    /// Height and width of the frames that it was trained for.
    shapes: Vec<[usize; 2]>,
}

/// Where a plate may be.
#[derive(Clone, Copy, Debug)]
pub struct Find {
    /// In pixels of the picture.
    pub corners: Quad,
    /// 0 to 1.
    pub likelihood: f32,
}

/// The model, ready at each shape that was needed so far.
pub struct Detector {
    files: Files,
    card: Card,
    /// One for each shape, from its first use.
    plans: Vec<Option<Model>>,
    fitter: Fitter,
}

impl Detector {
    /// Builds it at each shape, to check it.
    ///
    /// # Errors
    /// It is no model, or differs from its card.
    pub fn load(files: Files) -> Result<Detector, LoadError> {
        let card: Card = files.card()?;
        let steps = CELL * 4;
        if card.shapes.is_empty() || card.shapes.iter().flatten().any(|side| *side == 0 || side % steps != 0)
        {
            return Err(files.fault(format!("its card: shapes are [height, width] in multiples of {steps}")));
        }
        // To learn whether it fits its card; which shape the camera needs is not known yet, and each takes memory.
        for shape in &card.shapes {
            plan(&files, *shape)?;
        }
        let plans = card.shapes.iter().map(|_| None).collect();
        Ok(Detector { files, card, plans, fitter: Fitter::default() })
    }

    /// How the region fits best: in which of the shapes, and how large it is there.
    pub fn fit(&self, region: Region) -> (usize, Fit) {
        let fits =
            self.card.shapes.iter().map(|[height, width]| Fit::new(region, *width, *height)).enumerate();
        fits.max_by(|(a, first), (b, second)| first.scale.total_cmp(&second.scale).then(b.cmp(a)))
            .expect("a card has shapes")
    }

    /// Plates of a region that lies in the picture, the likeliest first; `shrunk` is how much smaller than it fits.
    ///
    /// # Errors
    /// The model fails.
    pub fn find(&mut self, plane: Plane<'_>, region: Region, shrunk: f32) -> Result<Vec<Find>, LookError> {
        let (at, fit) = self.fit(region);
        let [height, width] = self.card.shapes[at];
        let fit = Fit::scaled(region, fit.scale * shrunk, width, height);
        let (files, plans, fitter) = (&self.files, &mut self.plans, &mut self.fitter);
        if plans[at].is_none() {
            plans[at] = Some(plan(files, [height, width]).map_err(LookError::from)?);
        }
        let model = plans[at].as_mut().expect("made above");
        let answers = model.run(|input| show(fitter, plane, region, fit, [height, width], input))?;
        self.peaks(&answers, [height / CELL, width / CELL], fit)
    }

    /// Cells that are likelier than their eight neighbours and likely enough.
    fn peaks(
        &self,
        answers: &Answers,
        [rows, columns]: [usize; 2],
        fit: Fit,
    ) -> Result<Vec<Find>, LookError> {
        let output = answers.get(0)?;
        let cells = rows * columns;
        let logits = &output[..cells];
        let least = (self.card.threshold / (1.0 - self.card.threshold)).ln();
        let is_peak = |row: usize, column: usize| {
            let own = logits[row * columns + column];
            let near = |at: usize, most: usize| at.saturating_sub(1)..(at + 2).min(most);
            own >= least
                && near(row, rows).all(|j| near(column, columns).all(|i| logits[j * columns + i] <= own))
        };
        let mut finds: Vec<Find> = (0..cells)
            .map(|at| (at / columns, at % columns))
            .filter(|(row, column)| is_peak(*row, *column))
            .map(|(row, column)| {
                let at = row * columns + column;
                let place = |k: usize| output[(1 + k) * cells + at];
                let corner = |k: usize| {
                    let (x, y) = (place(2 * k) + column as f32 + 0.5, place(2 * k + 1) + row as f32 + 0.5);
                    fit.out([x * CELL as f32, y * CELL as f32])
                };
                let corners = Quad([corner(0), corner(1), corner(2), corner(3)]);
                Find { corners, likelihood: 1.0 / (1.0 + (-logits[at]).exp()) }
            })
            .filter(|find| find.corners.is_convex())
            .collect();
        finds.sort_by(|a, b| b.likelihood.total_cmp(&a.likelihood));
        let mut finds = suppress(finds, OVERLAP, |find| find.corners);
        finds.truncate(MOST);
        Ok(finds)
    }
}

fn plan(files: &Files, [height, width]: [usize; 2]) -> Result<Model, LoadError> {
    let input = [1, PLACE * PLACE, height / PLACE, width / PLACE];
    let output = [1, 9, height / CELL, width / CELL];
    files.build([height, width], ("frame", &input), &[("plates", &output)])
}

/// Writes the frame, 4 × 4 pixels to the channels of a place.
fn show(
    fitter: &mut Fitter,
    plane: Plane<'_>,
    region: Region,
    fit: Fit,
    [height, width]: [usize; 2],
    input: &mut [f32],
) {
    input.fill(BESIDE);
    let (places, across) = ((height / PLACE) * (width / PLACE), width / PLACE);
    fitter.fit(plane, region, fit, |y, row| {
        let begin = (y % PLACE) * PLACE * places + (y / PLACE) * across;
        for (dx, channel) in input[begin..].chunks_mut(places).take(PLACE).enumerate() {
            for (place, value) in channel.iter_mut().zip(row.iter().skip(dx).step_by(PLACE)) {
                *place = *value;
            }
        }
    });
}
