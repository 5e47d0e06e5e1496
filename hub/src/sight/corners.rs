//! The second model: a closer look at a find, at the picture's full resolution. Where exactly its corners are, whether
//! it is a plate at all, and in how many rows it is written.

use serde::Deserialize;

use super::model::{Files, LoadError, LookError, Model};
use super::plane::{Plane, Pyramid};
use super::quad::{Homography, Quad};
use super::sighting::Rows;

const HEIGHT: usize = 64;
const WIDTH: usize = 128;

#[derive(Deserialize)]
struct Card {
    /// The least presence of a plate.
    threshold: f32,
    /// How many looks are taken, each from where the one before saw the plate.
    looks: u8,
}

/// What is at a find.
#[derive(Clone, Copy, Debug)]
pub struct Closer {
    /// In pixels of the picture.
    pub corners: Quad,
    /// How sure it is that this is a plate, 0 to 1.
    pub presence: f32,
    /// How its characters stand.
    pub rows: Rows,
}

/// The model, ready.
pub struct Corners {
    card: Card,
    model: Model,
    patch: Vec<u8>,
}

impl Corners {
    /// Builds it.
    ///
    /// # Errors
    /// It is no model, or differs from its card.
    pub fn load(files: &Files) -> Result<Corners, LoadError> {
        let card: Card = files.card()?;
        if !(1..=2).contains(&card.looks) {
            return Err(files.fault("its card: looks are 1 or 2"));
        }
        let input = [1, 1, HEIGHT, WIDTH];
        let model = files.build([0, 0], ("patch", &input), &[("corners", &[1, 8]), ("kind", &[1, 3])])?;
        Ok(Corners { card, model, patch: vec![0; HEIGHT * WIDTH] })
    }

    /// The plate at a find; nothing where it is none.
    ///
    /// # Errors
    /// The model fails.
    pub fn look(
        &mut self,
        plane: Plane<'_>,
        pyramid: &mut Pyramid,
        find: Quad,
    ) -> Result<Option<Closer>, LookError> {
        let mut closer = self.once(plane, pyramid, find)?;
        for _ in 1..self.card.looks {
            if closer.presence >= self.card.threshold {
                closer = self.once(plane, pyramid, closer.corners)?;
            }
        }
        Ok(Some(closer).filter(|closer| closer.presence >= self.card.threshold))
    }

    fn once(&mut self, plane: Plane<'_>, pyramid: &mut Pyramid, quad: Quad) -> Result<Closer, LookError> {
        let frame = Frame::around(&quad);
        let (level, scale) = pyramid.level(plane, frame.width / WIDTH as f32);
        let rectangle = [WIDTH as f32, HEIGHT as f32];
        if let Some(map) = Homography::of(&frame.corners()) {
            let map = map.of_rectangle(rectangle, [0.0, 0.0], [1.0, 1.0]).divided(scale);
            level.sample(&map, WIDTH, &mut self.patch);
        }
        let patch = &self.patch;
        let answers = self.model.run(|input| {
            input.iter_mut().zip(patch).for_each(|(value, pixel)| *value = f32::from(*pixel) / 255.0);
        })?;
        let (places, kind) = (answers.get(0)?, answers.get(1)?);
        let corner = |k: usize| frame.out([places[2 * k], places[2 * k + 1]]);
        let corners = Quad([corner(0), corner(1), corner(2), corner(3)]);
        let most = kind.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let [none, one, two] = [0, 1, 2].map(|k| (kind[k] - most).exp());
        Ok(Closer {
            // What the picture of no plate can be is not what was found: the find stays.
            corners: if corners.is_convex() { corners } else { quad },
            presence: (one + two) / (none + one + two),
            rows: if two > one { Rows::Two } else { Rows::One },
        })
    }
}

/// The patch around a find: along its rows, and large enough to hold it if it errs.
#[derive(Clone, Copy, Debug)]
struct Frame {
    centre: [f32; 2],
    axis: [f32; 2],
    width: f32,
}

impl Frame {
    fn around(quad: &Quad) -> Frame {
        let width = 2.0 * quad.width().max(1.5 * quad.height());
        Frame { centre: quad.centre(), axis: quad.axis(), width }
    }

    /// A place of the patch, -1 to 1 both ways, in the picture.
    fn out(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (along, across) = (x * self.width / 2.0, y * self.width / 4.0);
        let [cos, sin] = self.axis;
        [self.centre[0] + along * cos - across * sin, self.centre[1] + along * sin + across * cos]
    }

    fn corners(&self) -> Quad {
        Quad([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]).map(|place| self.out(place))
    }
}
