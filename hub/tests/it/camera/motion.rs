//! Whether anything has changed in a lane.

use dwellers_hub::camera::motion::MotionGate;
use dwellers_hub::engine::Tick;
use dwellers_hub::sight::{Picture, Region};

const SIZE: (u32, u32) = (640, 360);
const ALL: Region = Region { x: 0, y: 0, width: SIZE.0, height: SIZE.1 };

/// A lane of some brightness, with noise, and a square in it.
fn lane(brightness: u8, noise: u8, square: Option<(u32, u32, u32)>) -> Picture {
    let mut chance = fastrand::Rng::with_seed(u64::from(brightness) + u64::from(noise));
    let mut gray: Vec<u8> = (0..SIZE.0 * SIZE.1).map(|_| brightness + chance.u8(0..=noise)).collect();
    if let Some((x, y, side)) = square {
        for row in y..y + side {
            for column in x..x + side {
                gray[(row * SIZE.0 + column) as usize] = 200;
            }
        }
    }
    Picture::of_gray(SIZE.0, SIZE.1, gray).unwrap()
}

#[test]
fn it_is_looked_where_something_changes_and_now_and_then() {
    let mut gate = MotionGate::default();
    let mut check = |ms: u64, picture: &Picture, expected: bool, what: &str| {
        assert_eq!(gate.asks(picture, ALL, Tick(ms)), expected, "{what}");
    };
    check(0, &lane(90, 0, None), true, "the first");
    check(100, &lane(90, 0, None), false, "the same");
    check(200, &lane(90, 12, None), false, "noise");
    check(300, &lane(120, 6, None), false, "the sun comes out");
    check(400, &lane(90, 0, Some((300, 200, 40))), true, "a car");
    check(500, &lane(90, 0, Some((300, 200, 40))), false, "it stands");
    check(600, &lane(90, 0, Some((330, 210, 40))), true, "it moves");
    check(700, &lane(90, 0, Some((330, 210, 40))), false, "it stands");
    check(2_599, &lane(90, 0, Some((330, 210, 40))), false, "for long");
    check(2_600, &lane(90, 0, Some((330, 210, 40))), true, "it is looked all the same");
}

#[test]
fn what_creeps_adds_up() {
    let mut gate = MotionGate::default();
    assert!(gate.asks(&lane(90, 0, Some((100, 100, 60))), ALL, Tick(0)));
    let crept = (1..40)
        .position(|step| gate.asks(&lane(90, 0, Some((100 + step, 100, 60))), ALL, Tick(u64::from(step))));
    assert!(crept.is_some(), "a car that creeps was never looked at");
}

#[test]
fn only_its_own_part_of_the_picture_counts() {
    let mut gate = MotionGate::default();
    let lower = Region { x: 0, y: 180, width: 640, height: 180 };
    assert!(gate.asks(&lane(90, 0, None), lower, Tick(0)));
    assert!(!gate.asks(&lane(90, 0, Some((300, 40, 100))), lower, Tick(100)), "a bus on the road");
    assert!(gate.asks(&lane(90, 0, Some((300, 200, 100))), lower, Tick(200)));
    // However small the part is.
    let tiny = Region { x: 630, y: 350, width: 1, height: 1 };
    assert!(MotionGate::default().asks(&lane(90, 0, None), tiny, Tick(0)));
}
