//! Sizes and places: what lies where when a picture is made smaller, and back.

use dwellers_hub::sight::Quad;
use dwellers_hub::sight::Region;
use dwellers_hub::sight::plane::{Fit, Fitter, Plane, Pyramid};
use dwellers_hub::sight::quad::Homography;
use proptest::prelude::*;

fn whole(width: usize, height: usize) -> Region {
    Region { x: 0, y: 0, width: width as u32, height: height as u32 }
}

fn fit(plane: Plane<'_>, region: Region, fit: Fit) -> Vec<Vec<f32>> {
    let mut rows = Vec::new();
    Fitter::default().fit(plane, region, fit, |y, row| {
        assert_eq!(y, rows.len());
        rows.push(row.to_vec());
    });
    rows
}

#[test]
fn by_hand() {
    let pixels = [0, 255, 255, 255, 0, 0, 255, 255, 51, 51, 51, 51, 51, 51, 51, 51];
    let plane = Plane { width: 4, height: 4, pixels: &pixels };
    let fitted = Fit::new(whole(4, 4), 2, 2);
    assert_eq!((fitted.width, fitted.height, fitted.scale), (2, 2, 0.5));
    let rows = fit(plane, whole(4, 4), fitted);
    let expected = [0.25, 1.0, 0.2, 0.2];
    assert!(rows.concat().iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{rows:?}");
    // A third: each pixel covers one and a third.
    let fitted = Fit::new(whole(4, 4), 3, 3);
    let rows = fit(plane, whole(4, 4), fitted);
    let first = (0.0 + 255.0 / 3.0 + 0.0 / 3.0 + 0.0 / 9.0) / (16.0 / 9.0) / 255.0;
    assert!((rows[0][0] - first).abs() < 1e-5, "{rows:?}");
    // A part of it, enlarged: centres keep what they have.
    let part = Region { x: 1, y: 0, width: 2, height: 2 };
    let rows = fit(plane, part, Fit::new(part, 6, 6));
    assert_eq!([rows[1][1], rows[1][4], rows[4][1], rows[4][4]], [1.0, 1.0, 0.0, 1.0]);
    assert_eq!([rows[0][0], rows[5][5]], [1.0, 1.0], "edges repeat");
}

#[test]
fn a_picture_of_its_own_size_is_itself() {
    let pixels: Vec<u8> = (0..12 * 8).map(|at| (at * 7 % 256) as u8).collect();
    let plane = Plane { width: 12, height: 8, pixels: &pixels };
    let rows = fit(plane, whole(12, 8), Fit::new(whole(12, 8), 12, 8)).concat();
    assert!(rows.iter().zip(&pixels).all(|(a, b)| (a * 255.0 - f32::from(*b)).abs() < 1e-3));
}

#[test]
fn halves_are_means_of_four() {
    let pixels: Vec<u8> = (0..5 * 5).map(|at| at * 10).collect();
    let plane = Plane { width: 5, height: 5, pixels: &pixels };
    let mut pyramid = Pyramid::default();
    let (level, scale) = pyramid.level(plane, 1.4);
    assert_eq!((level.width, scale), (5, 1.0));
    let (level, scale) = pyramid.level(plane, 1.5);
    assert_eq!((level.width, level.height, scale), (2, 2, 2.0));
    assert_eq!(level.pixels, [30, 50, 130, 150]);
    // Too small to be halved again, however far the steps are.
    assert_eq!(pyramid.level(plane, 100.0).1, 2.0);
    // Another picture: nothing of the one before.
    pyramid.begin();
    let other = Plane { width: 4, height: 4, pixels: &[9; 16] };
    assert_eq!(pyramid.level(other, 2.0).0.pixels, [9; 4]);
}

#[test]
fn sampling_is_bilinear_between_centres_and_repeats_edges() {
    // Brightness is 20 x.
    let pixels: Vec<u8> = (0..4).flat_map(|_| [10, 30, 50, 70, 90, 110]).collect();
    let plane = Plane { width: 6, height: 4, pixels: &pixels };
    let quad = Quad([[1.0, 1.0], [5.0, 1.0], [5.0, 3.0], [1.0, 3.0]]);
    let map = Homography::of(&quad).unwrap().of_rectangle([8.0, 2.0], [0.0, 0.0], [1.0, 1.0]);
    let mut target = [0; 16];
    plane.sample(&map, 8, &mut target);
    assert_eq!(target[..8], [25, 35, 45, 55, 65, 75, 85, 95]);
    let outside = Quad([[-8.0, -8.0], [-4.0, -8.0], [-4.0, -6.0], [-8.0, -6.0]]);
    let map = Homography::of(&outside).unwrap().of_rectangle([8.0, 2.0], [0.0, 0.0], [1.0, 1.0]);
    plane.sample(&map, 8, &mut target);
    assert_eq!(target, [10; 16]);
}

proptest! {
    #[test]
    fn there_and_back(x in 0_u32..500, y in 0_u32..500, width in 1_u32..6000, height in 1_u32..6000,
        place in (0.0_f32..1.0, 0.0_f32..1.0)) {
        let region = Region { x, y, width, height };
        let fit = Fit::new(region, 384, 288);
        prop_assert!(fit.width <= 384 && fit.height <= 288 && fit.width > 0 && fit.height > 0);
        // One side is filled, to a pixel.
        prop_assert!(fit.width >= 383 || fit.height >= 287, "{fit:?}");
        let there = [place.0 * width as f32 * fit.scale, place.1 * height as f32 * fit.scale];
        let back = fit.out(there);
        let (dx, dy) = (back[0] - x as f32 - place.0 * width as f32, back[1] - y as f32 - place.1 * height as f32);
        prop_assert!(dx.abs() < 0.01 && dy.abs() < 0.01, "{dx} {dy}");
    }

    #[test]
    fn what_is_even_stays_even(width in 1_usize..90, height in 1_usize..90, value: u8, to in (1_usize..60, 1_usize..60)) {
        let pixels = vec![value; width * height];
        let plane = Plane { width, height, pixels: &pixels };
        for row in fit(plane, whole(width, height), Fit::new(whole(width, height), to.0, to.1)) {
            for seen in row {
                prop_assert!((seen - f32::from(value) / 255.0).abs() < 2e-3, "{seen}");
            }
        }
    }

    #[test]
    fn a_slope_stays_where_it_is(width in 8_usize..200, to in 4_usize..8) {
        // Brightness grows along x; made smaller, each pixel has that of its own middle.
        let pixels: Vec<u8> = (0..width).map(|x| x as u8).collect();
        let plane = Plane { width, height: 1, pixels: &pixels };
        let fitted = Fit::new(whole(width, 1), to, 1);
        let rows = fit(plane, whole(width, 1), fitted);
        for (i, seen) in rows[0].iter().enumerate() {
            let middle = fitted.out([i as f32 + 0.5, 0.0])[0];
            // A pixel cut in two has one brightness all the same: an eighth at either end.
            prop_assert!((seen * 255.0 - (middle - 0.5)).abs() < 0.25, "{seen} at {middle}");
        }
    }
}
