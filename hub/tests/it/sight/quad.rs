//! Four corners: geometry that is known by hand, homographies that are exact, overlaps.

use dwellers_hub::sight::Quad;
use dwellers_hub::sight::quad::{Homography, suppress};
use proptest::prelude::*;

const UPRIGHT: Quad = Quad([[10.0, 20.0], [110.0, 20.0], [110.0, 45.0], [10.0, 45.0]]);

/// As a camera sees a plate: turned, tilted, near and far.
fn seen() -> impl Strategy<Value = Quad> {
    let offset = || (-0.18_f32..0.18, -0.18_f32..0.18);
    let shape = (20.0_f32..400.0, 0.15_f32..0.9, -0.8_f32..0.8, 0.0_f32..900.0, 0.0_f32..700.0);
    (shape, [offset(), offset(), offset(), offset()]).prop_map(|((width, flat, angle, x, y), off)| {
        let unit = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]];
        Quad(std::array::from_fn(|at| {
            let ([ux, uy], (ox, oy)) = (unit[at], off[at]);
            let (px, py) = ((ux + ox) * width, (uy + oy) * width * flat);
            [x + px * angle.cos() - py * angle.sin(), y + px * angle.sin() + py * angle.cos()]
        }))
    })
}

#[test]
fn by_hand() {
    assert_eq!((UPRIGHT.centre(), UPRIGHT.width(), UPRIGHT.height()), ([60.0, 32.5], 100.0, 25.0));
    assert_eq!((UPRIGHT.axis(), UPRIGHT.hull()), ([1.0, 0.0], [10.0, 20.0, 110.0, 45.0]));
    let moved = UPRIGHT.map(|[x, y]| [x + 50.0, y]);
    assert!((UPRIGHT.overlap(&moved) - 1.0 / 3.0).abs() < 1e-6);
    assert!((UPRIGHT.overlap(&UPRIGHT) - 1.0).abs() < 1e-6);
    assert_eq!(UPRIGHT.overlap(&UPRIGHT.map(|[x, y]| [x + 100.0, y])), 0.0);
    let [a, b, c, d] = UPRIGHT.0;
    for bad in [[d, c, b, a], [a, c, b, d], [a, a, c, d], [a, b, [60.0, 20.0], d], [a, b, [f32::NAN, 1.0], d]]
    {
        assert!(!Quad(bad).is_convex(), "{bad:?}");
    }
    assert!(UPRIGHT.is_convex());
}

#[test]
fn a_corner_is_a_corner_also_upside_down() {
    let turned = Quad([[110.0, 45.0], [10.0, 45.0], [10.0, 20.0], [110.0, 20.0]]);
    assert!(turned.is_convex());
    assert_eq!(turned.axis(), [-1.0, 0.0]);
    assert_eq!(Homography::of(&turned).unwrap().apply([0.0, 0.0]), [110.0, 45.0]);
}

#[test]
fn what_overlaps_stays_once() {
    let at = |x: f32| UPRIGHT.map(|corner| [corner[0] + x, corner[1]]);
    // 30 of 100 beside: 70 in 130, more than 0.4; 60 beside: 40 in 160.
    let kept = suppress(vec![at(0.0), at(30.0), at(60.0), at(95.0), at(60.0)], 0.4, |quad| *quad);
    assert_eq!(kept, [at(0.0), at(60.0)]);
    let kept = suppress(vec![at(30.0), at(0.0), at(60.0)], 0.4, |quad| *quad);
    assert_eq!(kept, [at(30.0)]);
    assert_eq!(suppress(Vec::<Quad>::new(), 0.4, |quad| *quad), []);
}

#[test]
fn three_corners_in_line_have_no_homography_that_lies() {
    let [a, b, c, _] = UPRIGHT.0;
    for flat in [Quad([a, a, a, a]), Quad([a, b, c, [60.0, 32.5]]), Quad([[f32::NAN; 2]; 4])] {
        if let Some(map) = Homography::of(&flat) {
            let _ = map.apply([0.5, 0.5]);
        }
    }
}

proptest! {
    #[test]
    fn corners_go_to_corners(quad in seen().prop_filter("a camera sees such", Quad::is_convex)) {
        let map = Homography::of(&quad).unwrap();
        let unit = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        for (from, to) in unit.iter().zip(quad.0) {
            let [x, y] = map.apply(*from);
            prop_assert!((x - to[0]).abs() < 0.01 && (y - to[1]).abs() < 0.01, "{x} {y} for {to:?}");
        }
        // Lines stay lines: the diagonals cross where they do.
        let [x, y] = map.apply([0.5, 0.5]);
        let [a, b, c, d] = quad.0.map(|corner| corner.map(f64::from));
        let side = |p: [f64; 2], q: [f64; 2]| {
            let (x, y) = (f64::from(x), f64::from(y));
            ((q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0])) / (q[0] - p[0]).hypot(q[1] - p[1])
        };
        prop_assert!(side(a, c).abs() < 0.02 && side(b, d).abs() < 0.02);
        // A rectangle in place of the unit square, smaller by a scale.
        let map = map.of_rectangle([192.0, 40.0], [-0.04, -0.08], [1.04, 1.08]).divided(2.0);
        let [x, y] = map.apply([192.0 * 0.04 / 1.08, 40.0 * 0.08 / 1.16]);
        prop_assert!((x * 2.0 - quad.0[0][0]).abs() < 0.02 && (y * 2.0 - quad.0[0][1]).abs() < 0.02);
    }

    #[test]
    fn overlap_is_a_share_and_mutual(a in seen(), b in seen()) {
        let share = a.overlap(&b);
        prop_assert!((0.0..=1.0001).contains(&share));
        prop_assert!((share - b.overlap(&a)).abs() < 1e-5);
    }
}
