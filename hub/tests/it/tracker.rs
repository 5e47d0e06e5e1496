//! Looks at cars put together: what they say, where the car goes, and whether that is good enough to open.

use dwellers_hub::engine::Tick;
use dwellers_hub::reads::{Heading, Strength};
use dwellers_hub::sight::strength::{Sees, Terms};
use dwellers_hub::sight::tracker::{Hypothesis, MAX_TRACKS, Motion, Track, Tracker};
use proptest::prelude::*;

use crate::sightings::{A, Glimpse, drives_up, follow, glimpse, widths};

const TERMS: Terms = Terms { confidence: 0.97, width: 70.0, sees: Sees::Front };

fn strength(track: &Track) -> Strength {
    TERMS.strength(&track.hypothesis().unwrap(), TERMS.heading(track.motion()), 0)
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
        assert_ne!(TERMS.strength(&hypothesis, Heading::Approaching, 0), Strength::Strong);
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
        motion: Motion::Growing,
        steady_ms: 900,
        beside: false,
    };
    let check = |what: &str, hypothesis: Hypothesis, heading, expected| {
        assert_eq!(TERMS.strength(&hypothesis, heading, 0), expected, "{what}");
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
    let moved = |motion| Hypothesis { motion, ..good.clone() };
    check("only what could not be read came nearer", moved(Motion::Standing), comes, Middling);
    check("what could not be read came, and it went", moved(Motion::Shrinking), comes, Middling);
    check("it went", moved(Motion::Shrinking), Heading::Unknown, Refused);
    check("a hand's push", Hypothesis { steady_ms: 400, ..good.clone() }, comes, Middling);
    check("a sticker", Hypothesis { beside: true, ..good.clone() }, comes, Middling);
    check("unread, it comes", Hypothesis::unread(110.0), comes, Middling);
    check("unread", Hypothesis::unread(110.0), Heading::Unknown, Refused);
    let poor = Hypothesis { confidence: 0.2, agreement: 0.3, ..good.clone() };
    check("it comes and cannot be read", poor.clone(), comes, Middling);
    check("it stands and cannot be read", poor.clone(), Heading::Unknown, Refused);
    assert_eq!(TERMS.strength(&poor, Heading::Unknown, 5_000), Middling, "for long");
    let one = Hypothesis { text: "A".into(), ..poor };
    assert_eq!(TERMS.strength(&one, Heading::Unknown, 5_000), Refused, "a badge");
    check("no number", Hypothesis { confidence: f32::NAN, ..good.clone() }, Heading::Unknown, Refused);
    check("no number", Hypothesis { witnesses: f32::NAN, ..good }, comes, Middling);
}

#[test]
fn a_car_that_drives_away_from_a_rear_camera_is_read_for_its_gate() {
    let rear = Terms { sees: Sees::Rear, ..TERMS };
    let mut away = drives_up(A, 20);
    away.reverse();
    let track = follow(&away);
    let strength = rear.strength(&track.hypothesis().unwrap(), rear.heading(track.motion()), 0);
    assert_eq!(strength, Strength::Strong);
}

#[test]
fn what_a_hand_pushes_nearer_is_no_car() {
    let pushed = [100.0, 110.0, 121.0, 133.0];
    let mut looks = widths(A, pushed);
    assert_eq!(follow(&looks).motion(), Motion::Growing);
    looks.extend(widths(A, [133.0; 30]));
    let mut held = widths(A, [100.0; 12]);
    held.extend(looks.iter().cloned());
    for looks in [looks, held] {
        for seen in 4..looks.len() {
            let track = follow(&looks[..seen]);
            assert_ne!(strength(&track), Strength::Strong, "{seen}: {:?}", track.hypothesis());
        }
    }
}

/// A car with its own plate, and a sticker at so many widths of it.
fn with_a_sticker(looks: &[Glimpse], sticker: &str, [along, up]: [f32; 2]) -> Vec<Vec<Glimpse>> {
    let beside = |glimpse: &Glimpse| {
        let ([x, y], width) = (glimpse.centre, glimpse.width);
        let centre = [x + along * width, y - up * width];
        vec![glimpse.clone(), Glimpse { text: sticker.into(), centre, ..glimpse.clone() }]
    };
    looks.iter().map(beside).collect()
}

fn strengths(looks: &[Vec<Glimpse>]) -> Vec<(String, Strength)> {
    let mut tracker = Tracker::default();
    for (at, look) in looks.iter().enumerate() {
        tracker.see(look.iter().map(Glimpse::seen).collect(), Tick(at as u64 * 100));
    }
    let said = |track: &Track| (track.hypothesis().unwrap().text, strength(track));
    let mut told: Vec<_> = tracker.tracks().map(said).collect();
    told.sort_by(|a, b| a.0.cmp(&b.0));
    told
}

#[test]
fn two_plates_on_one_car_open_for_neither() {
    use Strength::{Middling, Strong};
    let both = |a, b| vec![(A.to_owned(), a), ("E777KX99".to_owned(), b)];
    for place in [[1.6, 0.0], [0.0, 1.5], [-2.5, 1.0]] {
        let looks = with_a_sticker(&drives_up(A, 20), "E777KX99", place);
        assert_eq!(strengths(&looks), both(Middling, Middling), "{place:?}");
    }
    // The same plate found twice is one plate.
    let twice = with_a_sticker(&drives_up(A, 20), "A123BC7", [1.5, 0.0]);
    assert!(strengths(&twice).contains(&(A.to_owned(), Strong)));
    // A car behind: five and a half metres further from the camera than the first, which is 12 m away and comes to 5 m.
    let at = |metres: f32| {
        let width = 800.0 / metres;
        ([500.0, 60.0 + 4_600.0 / metres], width)
    };
    let one_behind_the_other: Vec<Vec<Glimpse>> = (0..24)
        .map(|look| {
            let metres = 12.0 - 7.0 * look as f32 / 23.0;
            let ((first, width), (second, narrower)) = (at(metres), at(metres + 5.5));
            vec![glimpse(A, first, width), glimpse("E777KX99", second, narrower)]
        })
        .collect();
    assert_eq!(strengths(&one_behind_the_other)[0], (A.to_owned(), Strong));
    // A parked car that it drives past.
    let parked: Vec<Vec<Glimpse>> = drives_up(A, 20)
        .into_iter()
        .map(|glimpse| vec![glimpse, self::glimpse("E777KX99", [720.0, 330.0], 90.0)])
        .collect();
    assert_eq!(strengths(&parked)[0], (A.to_owned(), Strong));
}

/// Where the track of the first look stands, and what its gate was told, another car follows.
fn after_it_was_told(looks: &[Glimpse], then: &[Glimpse]) -> Vec<(u64, String)> {
    let mut tracker = Tracker::default();
    let mut ended = Vec::new();
    for (at, glimpse) in looks.iter().chain(then).enumerate() {
        if at == looks.len() {
            let first = tracker.tracks().next().unwrap().id();
            tracker.settle(first, &looks[0].text);
        }
        ended.extend(tracker.see(vec![glimpse.seen()], Tick(at as u64 * 100)));
    }
    let said = |track: &Track| (track.id(), track.hypothesis().unwrap().text);
    ended.iter().chain(tracker.tracks()).map(said).collect()
}

#[test]
fn a_car_that_follows_closely_is_another() {
    let stands = widths(A, [150.0; 10]);
    let follows = widths("A183BX77", [140.0; 3]);
    let two = [(0, A.to_owned()), (1, "A183BX77".to_owned())];
    assert_eq!(after_it_was_told(&stands, &follows), two);
    // What cannot be read, or not surely, says nothing either way.
    let mut hidden = follows[..2].to_vec();
    hidden.extend([Glimpse { text: String::new(), ..follows[0].clone() }, follows[0].clone().sure(0.4)]);
    hidden.push(follows[0].clone());
    assert_eq!(after_it_was_told(&stands, &hidden), two);
    // Two looks in a row, and it is the first car again.
    let mut returns = follows[..2].to_vec();
    returns.extend(stands[..3].iter().cloned());
    returns.extend(follows[..2].iter().cloned());
    assert_eq!(after_it_was_told(&stands, &returns), [(0, A.to_owned())]);
    // The same car, read worse: a character lost at the edge, mistaken, or this and that.
    let one = |then: &[Glimpse]| assert_eq!(after_it_was_told(&stands, then).len(), 1, "{then:?}");
    one(&widths("A123B", [150.0; 6]));
    one(&widths("A128BC77", [150.0; 6]));
    one(&widths("A183BX77", [150.0; 6]).into_iter().map(|glimpse| glimpse.sure(0.7)).collect::<Vec<_>>());
    one(&widths("A183BX77", [150.0; 6])
        .into_iter()
        .map(|look| Glimpse { cut: true, ..look })
        .collect::<Vec<_>>());
    let turns = ["A183BX77", "A128BX77", "A183BO77"];
    let turns: Vec<Glimpse> = (0..9).flat_map(|at| widths(turns[at % 3], [150.0])).collect();
    one(&turns);
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
    fn what_could_not_be_read_opens_for_nobody_who_was(
        first in 3_usize..16, gone in 0_usize..4, then in 4_usize..24, standing in any::<bool>(), shown in 0_usize..3,
    ) {
        // A known car leaves, or stands; another, whose plate is covered, hides it and comes nearer from there.
        let mut looks = if standing { widths(A, vec![110.0; first]) } else {
            widths(A, (0..first).map(|look| 190.0 * 0.95_f32.powi(look as i32)))
        };
        let from = looks[first - 1].width;
        looks.truncate(first.saturating_sub(gone).max(3));
        let covered = widths("", (0..then).map(|look| from * 1.06_f32.powi(look as i32)));
        looks.extend(covered);
        // Now and then the known car's plate is seen again, further away.
        looks.extend(widths(A, vec![from; shown]));
        for seen in 4..=looks.len() {
            let mut tracker = Tracker::default();
            for (at, glimpse) in looks[..seen].iter().enumerate() {
                tracker.see(vec![glimpse.seen()], Tick(at as u64 * 100));
            }
            for track in tracker.tracks().filter(|track| track.hypothesis().is_some()) {
                prop_assert_ne!(strength(track), Strength::Strong, "{}: {:?}", seen, track.hypothesis());
            }
        }
    }

    #[test]
    fn a_car_that_follows_is_another_where_two_characters_differ(
        at in prop::sample::subsequence((0..8_usize).collect::<Vec<_>>(), 0..=8), lost in 0_usize..3,
        width in 120.0_f32..170.0, looks in 3_usize..10,
    ) {
        let mut text: Vec<char> = A.chars().collect();
        for place in &at {
            // What stands nowhere in the first plate.
            text[*place] = ['X', '8', '9', '0', 'H', 'K', '5', '6'][*place];
        }
        let differ = at.len() - at.iter().filter(|place| **place >= 8 - lost).count();
        let text: String = text[..8 - lost].iter().collect();
        let then = after_it_was_told(&widths(A, [150.0; 8]), &widths(&text, vec![width; looks]));
        let texts: Vec<&str> = then.iter().map(|(_, text)| text.as_str()).collect();
        if differ >= 2 {
            prop_assert_eq!(texts, [A, text.as_str()]);
        } else {
            prop_assert_eq!(texts.len(), 1);
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
