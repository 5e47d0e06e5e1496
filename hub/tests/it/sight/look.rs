//! Whole looks, by models whose answers are known.

use dwellers::plate::Country;
use dwellers_hub::sight::{Effort, Picture, Quad, Region, Rows, Sight, Sighting};

use super::models::Models;

const BLACK: u8 = 0;
const GRAY: u8 = 128;
const WHITE: u8 = 255;

/// A picture on which plates are painted.
struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Canvas {
        Canvas { width, height, pixels: vec![GRAY; width * height] }
    }

    /// A plate of 96 × 24 times `unit` pixels around a place: `121`, black, white and black on gray, each stripe as wide as a cell.
    fn plate(mut self, [x, y]: [usize; 2], unit: usize) -> Canvas {
        let (width, height) = (8, 24);
        for (from, value) in [(-28, BLACK), (-4, WHITE), (20, BLACK)] {
            let left = x as isize + from * unit as isize;
            for y in y - height * unit / 2..y + height * unit / 2 {
                for x in left..left + width * unit as isize {
                    self.pixels[y * self.width + x as usize] = value;
                }
            }
        }
        self
    }

    fn picture(self) -> Picture {
        Picture::of_gray(self.width as u32, self.height as u32, self.pixels).unwrap()
    }
}

fn plate_at([x, y]: [f32; 2], unit: f32) -> Quad {
    let (w, h) = (48.0 * unit, 12.0 * unit);
    Quad([[x - w, y - h], [x + w, y - h], [x + w, y + h], [x - w, y + h]])
}

fn look(sight: &mut Sight, picture: &Picture, region: Option<Region>, effort: Effort) -> Vec<Sighting> {
    sight.look(picture, region, effort).unwrap()
}

#[track_caller]
fn check(seen: &[Sighting], places: &[Quad], tolerance: f32) {
    assert_eq!(seen.len(), places.len(), "{seen:?}");
    for place in places {
        let near = |sighting: &&Sighting| {
            let pairs = sighting.corners.0.iter().flatten().zip(place.0.iter().flatten());
            pairs.into_iter().all(|(a, b)| (a - b).abs() <= tolerance)
        };
        let found = seen.iter().find(near).unwrap_or_else(|| panic!("{place:?} is not among {seen:?}"));
        assert_eq!(found.reading.as_ref().map(|reading| reading.text.as_str()), Some("121"));
    }
}

#[test]
fn a_plate_is_where_it_is_and_says_what_it_says() {
    let mut sight = Models::new().sight();
    // At the detector's own size; half of it; the same seen through a wider shape; upright.
    for (width, height, unit) in [(384, 288, 1), (768, 576, 2), (896, 512, 2), (576, 768, 2), (1152, 864, 3)]
    {
        let centre = [20 * 8 * unit + 4 * unit, 10 * 8 * unit + 4 * unit];
        let picture = Canvas::new(width, height).plate(centre, unit).picture();
        let seen = look(&mut sight, &picture, None, Effort::Glance);
        check(&seen, &[plate_at(centre.map(|at| at as f32), unit as f32)], 0.01);
        let reading = seen[0].reading.as_ref().unwrap();
        assert_eq!((seen[0].rows, reading.country), (Rows::One, Country::Russia));
        assert!(seen[0].presence > 0.99 && reading.confidence > 0.5, "{seen:?}");
        assert!(reading.evidence.ln_p("121") > -0.1 && reading.evidence.ln_p("12") < -3.0, "{reading:?}");
        let [(best, ln_p), ..] = &reading.evidence.best(4)[..] else { panic!("nothing") };
        assert_eq!((best.as_str(), *ln_p), ("121", reading.evidence.ln_p("121")));
        assert!(reading.evidence.origin(Country::Russia) > 0.8, "{reading:?}");
    }
}

#[test]
fn several_plates_and_none_twice() {
    let mut sight = Models::new().sight();
    let places = [[84, 44], [244, 44], [84, 124], [300, 204]];
    let picture =
        places.iter().fold(Canvas::new(384, 288), |canvas, place| canvas.plate(*place, 1)).picture();
    let seen = look(&mut sight, &picture, None, Effort::Search);
    check(&seen, &places.map(|place| plate_at(place.map(|at| at as f32), 1.0)), 0.01);
    assert!(look(&mut sight, &Canvas::new(384, 288).picture(), None, Effort::Search).is_empty());
    // Nothing is left of a picture before.
    let again = look(&mut sight, &picture, None, Effort::Search);
    assert_eq!(again.len(), seen.len());
}

#[test]
fn a_doubtful_find_that_cannot_be_read_is_none() {
    let picture = Canvas::new(384, 288).plate([164, 84], 1).picture();
    let seen = |presence, confidence| {
        look(&mut Models::new().least(presence, confidence).sight(), &picture, None, Effort::Glance).len()
    };
    // Its presence is 0.99 and more, its confidence about 0.7.
    assert_eq!(seen(0.5, 1.0), 1, "surely a plate");
    assert_eq!(seen(1.1, 0.5), 1, "surely read");
    assert_eq!(seen(1.1, 1.0), 0);
}

#[test]
fn at_most_twelve() {
    let mut sight = Models::new().sight();
    let places = (0..3).flat_map(|x| (0..8).map(move |y| [52 + x * 112, 20 + y * 32]));
    let picture = places.fold(Canvas::new(384, 288), |canvas, place| canvas.plate(place, 1)).picture();
    assert_eq!(look(&mut sight, &picture, None, Effort::Search).len(), Sight::MOST);
}

#[test]
fn a_region_is_looked_at_alone_and_closer() {
    let mut sight = Models::new().sight();
    // Too small for the whole to show a white cell; at its own size in the region.
    let picture = Canvas::new(1536, 1152).plate([964, 724], 1).plate([204, 204], 1).picture();
    assert!(look(&mut sight, &picture, None, Effort::Glance).is_empty());
    let region = Region { x: 800, y: 600, width: 384, height: 288 };
    let seen = look(&mut sight, &picture, Some(region), Effort::Glance);
    check(&seen, &[plate_at([964.0, 724.0], 1.0)], 0.01);
    // What of it lies outside is left out; with nothing inside there is nothing.
    for (x, y, width) in [(1536, 0, 10), (0, 1152, 10), (0, 0, 0), (u32::MAX, u32::MAX, u32::MAX)] {
        let region = Region { x, y, width, height: 10 };
        assert!(look(&mut sight, &picture, Some(region), Effort::Search).is_empty());
    }
    let region = Region { x: 1500, y: 1100, width: u32::MAX, height: u32::MAX };
    assert!(look(&mut sight, &picture, Some(region), Effort::Search).is_empty());
}

#[test]
fn a_search_sees_what_a_glance_does_not() {
    let mut sight = Models::new().sight();
    // Shown whole at a third, the white stripe fills two thirds of a cell; a part of five ninths shows it 1.8 times as large.
    let small = Canvas::new(1152, 864).plate([204, 204], 2).picture();
    assert!(look(&mut sight, &small, None, Effort::Glance).is_empty());
    check(&look(&mut sight, &small, None, Effort::Search), &[plate_at([204.0, 204.0], 1.8)], 12.0);
}

#[test]
fn two_rows_are_read_one_after_the_other() {
    let mut sight = Models::new().two_rows().sight();
    // Above the middle `121`, below it `22`.
    let mut canvas = Canvas::new(384, 288).plate([196, 148], 1);
    for y in 148..160 {
        let row = &mut canvas.pixels[y * 384..(y + 1) * 384];
        row[168..176].fill(WHITE);
        row[216..224].fill(GRAY);
    }
    let seen = look(&mut sight, &canvas.picture(), None, Effort::Glance);
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(seen[0].rows, Rows::Two);
    assert_eq!(seen[0].reading.as_ref().map(|reading| reading.text.as_str()), Some("12122"));
}
