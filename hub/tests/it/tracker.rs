//! Looks at cars put together: what they say, where the car goes, and whether that is good enough to open.

use dwellers_hub::engine::Tick;
use dwellers_hub::reads::{Heading, Strength};
use dwellers_hub::sight::strength::{Sees, Terms};
use dwellers_hub::sight::tracker::{Hypothesis, MAX_TRACKS, Motion, Track, Tracker};
use proptest::prelude::*;

use crate::sightings::{A, Glimpse, drives_up, follow, glimpse};

const TERMS: Terms = Terms { confidence: 0.97, width: 70.0, sees: Sees::Front };

fn strength(track: &Track) -> Strength {
    TERMS.strength(&track.hypothesis().unwrap(), TERMS.heading(track.motion()))
}

fn p(hypothesis: &Hypothesis, text: &str) -> f32 {
    let other = hypothesis.alternatives.iter().find(|(other, _)| other == text);
    if hypothesis.text == text { hypothesis.confidence } else { other.map_or(0.0, |(_, p)| *p) }
}

#[test]
fn a_car_that_drives_up_is_read_and_opens() {
    let track = follow(&drives_up(A, 20));
    let hypothesis = track.hypothesis().unwrap();
    assert_eq!((hypothesis.text.as_str(), track.motion()), (A, Motion::Growing));
    assert!(hypothesis.confidence > 0.99, "{hypothesis:?}");
    assert!((1.8..=2.86).contains(&hypothesis.witnesses), "{hypothesis:?}");
    assert_eq!((hypothesis.agreeing, strength(&track)), (20, Strength::Strong));
    assert!(hypothesis.width > 150.0);
}

#[test]
fn a_single_look_is_as_sure_as_its_reading() {
    for confidence in [0.3, 0.6, 0.9, 0.97] {
        let hypothesis = follow(&[glimpse(A, [500.0, 300.0], 120.0).sure(confidence)]).hypothesis().unwrap();
        assert!((hypothesis.confidence - confidence).abs() < 0.02, "{confidence}: {hypothesis:?}");
        assert!(hypothesis.witnesses <= 1.0);
    }
}

#[test]
fn many_copies_of_a_wrong_frame_are_one_witness() {
    for copies in [2, 10, 40] {
        let frames = vec![glimpse("A123BC71", [500.0, 300.0], 150.0); copies];
        let track = follow(&frames);
        let hypothesis = track.hypothesis().unwrap();
        assert!(hypothesis.witnesses <= 1.0, "{copies}: {hypothesis:?}");
        assert!((hypothesis.confidence - 0.97).abs() < 0.02, "{copies}: {hypothesis:?}");
        assert_ne!(track.motion(), Motion::Growing);
        assert_ne!(strength(&track), Strength::Strong);
        // Not even where something makes it seem to come nearer.
        assert_ne!(TERMS.strength(&hypothesis, Heading::Approaching), Strength::Strong);
    }
}

#[test]
fn misreadings_in_turn_never_open() {
    let turns: Vec<Glimpse> = drives_up(A, 24)
        .into_iter()
        .enumerate()
        .map(|(at, glimpse)| {
            let texts = ["A123BC77", "A128BC77"];
            Glimpse { text: texts[at % 2].into(), ..glimpse }.or(texts[(at + 1) % 2])
        })
        .collect();
    for looks in 1..=turns.len() {
        let track = follow(&turns[..looks]);
        assert_ne!(strength(&track), Strength::Strong, "{looks}: {:?}", track.hypothesis());
    }
    let hypothesis = follow(&turns).hypothesis().unwrap();
    assert!(p(&hypothesis, "A123BC77") > 0.1 && p(&hypothesis, "A128BC77") > 0.1, "{hypothesis:?}");
}

#[test]
fn a_few_bad_looks_are_outvoted_and_do_not_open_for_the_wrong() {
    let mut looks = drives_up(A, 20);
    for at in [0, 1, 2, 7] {
        looks[at].text = "A123BG77".into();
        looks[at].confidence = 0.4;
    }
    let track = follow(&looks);
    assert_eq!(track.hypothesis().unwrap().text, A);
    assert_eq!(strength(&track), Strength::Strong);
}

#[test]
fn a_dirty_letter_stays_unsure() {
    let looks: Vec<Glimpse> =
        drives_up(A, 20).into_iter().map(|glimpse| glimpse.sure(0.6).or("A123BO77")).collect();
    let track = follow(&looks);
    let hypothesis = track.hypothesis().unwrap();
    assert_eq!(hypothesis.text, A);
    assert!(hypothesis.confidence < 0.97, "{hypothesis:?}");
    assert_eq!(hypothesis.alternatives[0].0, "A123BO77");
    assert_eq!(strength(&track), Strength::Middling);
}

#[test]
fn where_it_goes_follows_from_its_size() {
    let heading = |looks: &[Glimpse]| follow(looks).motion();
    let up = drives_up(A, 16);
    let mut away = up.clone();
    away.reverse();
    assert_eq!(heading(&up), Motion::Growing);
    assert_eq!(heading(&away), Motion::Shrinking);
    assert_eq!(heading(&up[..3]), Motion::Unclear, "too few looks");
    let stands = vec![glimpse(A, [500.0, 300.0], 140.0); 20];
    assert_eq!(heading(&stands), Motion::Standing);
    // It came, and stood for long.
    let mut came = up.clone();
    came.extend(vec![up.last().unwrap().clone(); 60]);
    assert_eq!(heading(&came), Motion::Growing);
    // A picture that is waved to and fro.
    let mut waved = up[..8].to_vec();
    waved.extend(up[..8].iter().rev().cloned());
    waved.extend(up[..8].iter().cloned());
    waved.extend(up[..8].iter().rev().cloned());
    assert_eq!(heading(&waved), Motion::Unclear);
    // One that is carried past.
    let past: Vec<Glimpse> = (0..20).map(|at| glimpse(A, [100.0 + 40.0 * at as f32, 300.0], 120.0)).collect();
    assert_eq!(heading(&past), Motion::Unclear);
    // Corners tremble.
    let trembles: Vec<Glimpse> = up
        .iter()
        .enumerate()
        .map(|(at, glimpse)| Glimpse { width: glimpse.width * [0.98, 1.02, 1.0][at % 3], ..glimpse.clone() })
        .collect();
    assert_eq!(heading(&trembles), Motion::Growing);
}

#[test]
fn a_rear_camera_sees_cars_go_to_its_gate() {
    let rear = Terms { sees: Sees::Rear, ..TERMS };
    let check = |terms: Terms, motion, expected| assert_eq!(terms.heading(motion), expected, "{terms:?}");
    check(TERMS, Motion::Growing, Heading::Approaching);
    check(TERMS, Motion::Shrinking, Heading::Leaving);
    check(rear, Motion::Growing, Heading::Leaving);
    check(rear, Motion::Shrinking, Heading::Approaching);
    check(rear, Motion::Standing, Heading::Unknown);
    check(TERMS, Motion::Unclear, Heading::Unknown);
}

#[test]
fn strength_is_what_all_conditions_say() {
    use Strength::{Middling, Refused, Strong};
    let good = Hypothesis {
        text: A.into(),
        confidence: 0.995,
        alternatives: vec![("A128BC77".into(), 0.004)],
        agreeing: 6,
        witnesses: 2.4,
        agreement: 1.0,
        width: 110.0,
    };
    let check = |what: &str, hypothesis: Hypothesis, heading, expected| {
        assert_eq!(TERMS.strength(&hypothesis, heading), expected, "{what}");
    };
    let comes = Heading::Approaching;
    check("all is well", good.clone(), comes, Strong);
    check("it stands", good.clone(), Heading::Unknown, Middling);
    check("it goes away", good.clone(), Heading::Leaving, Refused);
    check("not sure enough", Hypothesis { confidence: 0.96, ..good.clone() }, comes, Middling);
    check("two looks", Hypothesis { agreeing: 2, ..good.clone() }, comes, Middling);
    check("looks alike", Hypothesis { witnesses: 1.2, ..good.clone() }, comes, Middling);
    check("looks that disagree", Hypothesis { agreement: 0.7, ..good.clone() }, comes, Middling);
    check("narrow", Hypothesis { width: 60.0, ..good.clone() }, comes, Middling);
    check("too narrow", Hypothesis { width: 30.0, ..good.clone() }, comes, Refused);
    check("a part of a plate", Hypothesis { text: "A12".into(), ..good.clone() }, comes, Middling);
    let near = vec![("A128BC77".into(), 0.06)];
    check("another is near", Hypothesis { alternatives: near, ..good.clone() }, comes, Middling);
    let poor = Hypothesis { confidence: 0.2, agreement: 0.3, ..good.clone() };
    check("it comes and cannot be read", poor.clone(), comes, Middling);
    check("it stands and cannot be read", poor, Heading::Unknown, Refused);
    check("no number", Hypothesis { confidence: f32::NAN, ..good.clone() }, Heading::Unknown, Refused);
    check("no number", Hypothesis { witnesses: f32::NAN, ..good }, comes, Middling);
}

#[test]
fn a_plate_that_is_cut_off_is_no_witness() {
    let looks: Vec<Glimpse> =
        drives_up("A123BC7", 20).into_iter().map(|glimpse| Glimpse { cut: true, ..glimpse }).collect();
    let track = follow(&looks);
    assert!(track.hypothesis().unwrap().witnesses < 0.5);
    assert_ne!(strength(&track), Strength::Strong);
    // The whole plate, seen a few times before, stands against all of them.
    let mut both = drives_up(A, 10);
    both.extend(looks[10..].iter().cloned());
    assert_eq!(follow(&both).hypothesis().unwrap().text, A);
}

#[test]
fn two_cars_that_cross_stay_two() {
    let mut tracker = Tracker::default();
    for at in 0..30_u64 {
        let along = at as f32 / 29.0;
        let comes = glimpse(A, [300.0 + 400.0 * along, 300.0], 80.0 + 60.0 * along);
        let goes = glimpse("E777KX99", [700.0 - 400.0 * along, 310.0], 140.0 - 60.0 * along);
        let seen =
            if at % 2 == 0 { vec![comes.seen(), goes.seen()] } else { vec![goes.seen(), comes.seen()] };
        assert!(tracker.see(seen, Tick(at * 100)).is_empty());
    }
    let mut told: Vec<(String, Motion)> =
        tracker.tracks().map(|track| (track.hypothesis().unwrap().text, track.motion())).collect();
    told.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(told, [(A.to_owned(), Motion::Growing), ("E777KX99".to_owned(), Motion::Shrinking)]);
}

#[test]
fn another_plate_in_the_same_place_is_another_car() {
    let mut tracker = Tracker::default();
    for at in 0..10 {
        tracker.see(vec![glimpse(A, [500.0, 300.0], 120.0).seen()], Tick(at * 100));
    }
    tracker.see(vec![glimpse("E777KX99", [500.0, 300.0], 120.0).seen()], Tick(1_000));
    assert_eq!(tracker.tracks().count(), 2);
}

#[test]
fn a_track_survives_missed_looks_and_ends_with_its_car() {
    let mut tracker = Tracker::default();
    let looks = drives_up(A, 20);
    for (at, glimpse) in looks.iter().enumerate() {
        let seen = if at % 5 < 2 { Vec::new() } else { vec![glimpse.seen()] };
        assert!(tracker.see(seen, Tick(at as u64 * 100)).is_empty(), "it ended at {at}");
    }
    let tracks: Vec<_> = tracker.tracks().map(|track| (track.seen(), track.first())).collect();
    assert_eq!(tracks, [(12, Tick(200))]);
    assert!(tracker.see(Vec::new(), Tick(2_000)).is_empty());
    assert!(tracker.misses_any());
    assert!(tracker.see(Vec::new(), Tick(2_100)).is_empty());
    let ended = tracker.see(Vec::new(), Tick(2_800));
    assert_eq!(ended.len(), 1);
    assert_eq!(tracker.tracks().count(), 0);
    // The next car has a number of its own.
    tracker.see(vec![looks[0].seen()], Tick(3_000));
    assert_ne!(tracker.tracks().next().unwrap().id(), ended[0].id());
}

#[test]
fn what_stands_still_is_not_forgotten_while_nothing_changes() {
    let mut tracker = Tracker::default();
    tracker.see(vec![glimpse(A, [500.0, 300.0], 120.0).seen()], Tick(0));
    for at in 1..100 {
        tracker.stands(Tick(at * 1_000));
        assert!(tracker.unseen(Tick(at * 1_000)).is_empty());
    }
    assert_eq!(tracker.unseen(Tick(200_000)).len(), 1, "the camera is gone, and the car with it");
}

#[test]
fn no_more_is_followed_than_there_is_room_for() {
    let mut tracker = Tracker::default();
    let mut ended = 0;
    for at in 0..40_u64 {
        let far = 20.0 + 60.0 * at as f32;
        ended += tracker.see(vec![glimpse(A, [far, far], 20.0).seen()], Tick(at * 10)).len();
        assert!(tracker.tracks().count() <= MAX_TRACKS);
    }
    assert_eq!(ended, 40 - MAX_TRACKS);
}

fn any_glimpse() -> impl Strategy<Value = Glimpse> {
    let text = prop::sample::select(vec!["A123BC77", "A128BC77", "E777KX99", "T1", "M808MM177"]);
    let place = [0.0_f32..1280.0, 0.0_f32..720.0];
    (text, 0.0_f32..=1.0, place, 5.0_f32..400.0, 0.0_f32..=1.0, any::<bool>()).prop_map(
        |(text, confidence, centre, width, sharpness, cut)| {
            let seen = glimpse(text, centre, width).sure(confidence).or("A123BC71");
            Glimpse { sharpness, cut, ..seen }
        },
    )
}

/// What can be told of all tracks, in an order that does not depend on their numbers.
fn told(tracker: &Tracker) -> Vec<String> {
    let mut told: Vec<String> = tracker
        .tracks()
        .map(|track| {
            format!("{:?} {:?} {:?} {:?}", track.first(), track.motion(), track.quad(), track.hypothesis())
        })
        .collect();
    told.sort();
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_seen_stays_within_bounds(
        looks in prop::collection::vec(prop::collection::vec(any_glimpse(), 0..5), 1..40),
    ) {
        let mut tracker = Tracker::default();
        let mut turned = Tracker::default();
        let mut ids = std::collections::BTreeSet::new();
        for (at, look) in looks.iter().enumerate() {
            let now = Tick(at as u64 * 100);
            let ended = tracker.see(look.iter().map(Glimpse::seen).collect(), now);
            turned.see(look.iter().rev().map(Glimpse::seen).collect(), now);
            prop_assert!(ended.iter().all(|track| ids.remove(&track.id())), "a track ends once");
            ids.extend(tracker.tracks().map(Track::id));
            prop_assert_eq!(ids.len(), tracker.tracks().count());
            prop_assert!(tracker.tracks().count() <= MAX_TRACKS);
            prop_assert_eq!(told(&tracker), told(&turned), "the order within a look matters");
            for track in tracker.tracks() {
                let Some(hypothesis) = track.hypothesis() else { continue };
                let all: f32 = hypothesis.alternatives.iter().map(|(_, p)| p).sum::<f32>() + hypothesis.confidence;
                prop_assert!((0.0..=1.001).contains(&all), "{hypothesis:?}");
                prop_assert!(hypothesis.alternatives.iter().all(|(_, p)| *p <= hypothesis.confidence + 1e-4));
                prop_assert!((0.0..=1.001).contains(&hypothesis.agreement));
                prop_assert!((0.0..=2.86).contains(&hypothesis.witnesses));
            }
        }
    }

    #[test]
    fn looks_at_one_car_say_the_same_whoever_comes_first(
        order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        // What it says does not depend on the order of the looks; where it goes does.
        let looks: Vec<Glimpse> = (0..12)
            .map(|at| glimpse(["A123BC77", "A123BC77", "A128BC77"][at % 3], [500.0, 300.0], 100.0 + 2.0 * at as f32))
            .collect();
        let shuffled: Vec<Glimpse> = order.iter().map(|at| looks[*at].clone()).collect();
        let (one, other) = (follow(&looks).hypothesis().unwrap(), follow(&shuffled).hypothesis().unwrap());
        prop_assert_eq!(one.text, other.text);
        prop_assert!((one.confidence - other.confidence).abs() < 1e-3);
        prop_assert!((one.witnesses - other.witnesses).abs() < 1e-3);
    }
}
