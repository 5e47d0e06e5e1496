//! What is told of the cars in view, and when: a lane under watch, without threads and clocks.

use std::sync::Arc;

use dwellers_hub::camera::{Told, Watch};
use dwellers_hub::config::Config;
use dwellers_hub::engine::Tick;
use dwellers_hub::reads::{Heading, Read, Strength};
use dwellers_hub::sight::Picture;
use proptest::prelude::*;

use crate::sightings::{A, Glimpse, drives_up, glimpse, widths};

/// A lane, and what was told of it.
struct Stage {
    watch: Watch<u64>,
    now: u64,
    picture: Picture,
    /// A gate that has no room.
    busy: bool,
}

impl Stage {
    fn new() -> Self {
        let text = r#"
            [[gate]]
            key = "main"
            name = "Въезд"
            fails = "closed"
            driver = { kind = "sim", socket = "main.sock" }
            lane = [{ key = "in", direction = "entry" }]
            [[camera]]
            key = "in"
            name = "Въезд"
            gate = "main"
            lane = "in"
            source = { kind = "files", path = "x" }
        "#;
        let config = Config::parse("hub.toml", text).unwrap();
        // Whatever is looked at in it is sharp.
        let stripes = (0..1280 * 720).map(|at| if at % 8 < 4 { 40 } else { 200 }).collect();
        let picture = Picture::of_gray(1280, 720, stripes).unwrap();
        Stage { watch: Watch::new(config.cameras[0].clone()), now: 0, picture, busy: false }
    }

    /// A look, a tenth of a second after the last; what is told by it.
    fn look(&mut self, seen: &[Glimpse]) -> Vec<Read> {
        self.now += 100;
        let now = Tick(self.now);
        let sightings = seen.iter().map(Glimpse::sighting).collect();
        let mut told = self.watch.saw(sightings, &self.picture, &Arc::new(self.now), now);
        told.extend(self.watch.due(now));
        self.tell(told)
    }

    fn tell(&mut self, told: Vec<Told<u64>>) -> Vec<Read> {
        if self.busy {
            return Vec::new();
        }
        for told in &told {
            self.watch.told(told, Tick(self.now));
        }
        told.iter()
            .map(|told| self.watch.read(told, None, told.best.as_ref().map_or(0, |(at, _)| **at)))
            .collect()
    }

    fn looks(&mut self, looks: &[Glimpse]) -> Vec<Read> {
        looks.iter().flat_map(|glimpse| self.look(std::slice::from_ref(glimpse))).collect()
    }

    /// The lane is empty for a while.
    fn empties(&mut self) -> Vec<Read> {
        (0..12).flat_map(|_| self.look(&[])).collect()
    }
}

fn told(reads: &[Read]) -> Vec<(&str, Strength)> {
    reads.iter().map(|read| (read.plate.as_str(), read.strength)).collect()
}

#[test]
fn a_car_is_told_of_once_as_soon_as_it_is_surely_read() {
    let mut stage = Stage::new();
    let reads = stage.looks(&drives_up(A, 24));
    assert_eq!(told(&reads), [(A, Strength::Strong)]);
    assert_eq!((reads[0].gate.as_str(), reads[0].lane.as_str()), ("main", "in"));
    assert_eq!((reads[0].heading, &reads[0].instead_of), (Heading::Approaching, &None));
    assert!(reads[0].confidence > 0.97);
    assert!((500..2_000).contains(&reads[0].taken_ms.unwrap()), "{:?}", reads[0].taken_ms);
    assert_eq!(
        told(&stage.looks(&vec![glimpse(A, [580.0, 500.0], 160.0); 100])),
        [],
        "it stands at the gate"
    );
    assert_eq!(told(&stage.empties()), []);
    assert_eq!(told(&stage.looks(&drives_up(A, 24))), [(A, Strength::Strong)], "it came again");
}

#[test]
fn a_gate_that_is_busy_is_told_later() {
    let mut stage = Stage::new();
    stage.busy = true;
    assert_eq!(told(&stage.looks(&drives_up(A, 24))), []);
    stage.busy = false;
    assert_eq!(told(&stage.looks(&[glimpse(A, [580.0, 500.0], 160.0)])), [(A, Strength::Strong)]);
    assert_eq!(told(&stage.empties()), []);
}

#[test]
fn a_doubtful_car_is_one_tap_when_it_stands() {
    let mut stage = Stage::new();
    let doubtful: Vec<Glimpse> =
        drives_up(A, 16).into_iter().map(|glimpse| glimpse.sure(0.6).or("A123BO77")).collect();
    assert_eq!(told(&stage.looks(&doubtful)), [], "it may become better");
    let stands = vec![doubtful.last().unwrap().clone(); 40];
    let reads = stage.looks(&stands);
    assert_eq!(told(&reads), [(A, Strength::Middling)], "once");
    assert_eq!(reads[0].alternatives[0].0, "A123BO77");
    assert_eq!(told(&stage.empties()), []);
}

#[test]
fn a_car_that_goes_on_is_told_of_at_its_end_or_after_a_while() {
    let mut stage = Stage::new();
    let doubtful =
        |looks| drives_up(A, looks).into_iter().map(|glimpse| glimpse.sure(0.6)).collect::<Vec<_>>();
    assert_eq!(told(&stage.looks(&doubtful(14))), []);
    assert_eq!(told(&stage.empties()), [(A, Strength::Middling)], "at its end");
    assert_eq!(told(&stage.looks(&doubtful(80))), [(A, Strength::Middling)], "after a while");
}

#[test]
fn what_becomes_strong_takes_the_place_of_what_was_told() {
    let mut stage = Stage::new();
    // It stands far off and is taken for another; then it comes.
    let far = vec![glimpse("A128BC77", [500.0, 250.0], 60.0).sure(0.6); 30];
    assert_eq!(told(&stage.looks(&far)), [("A128BC77", Strength::Middling)]);
    let reads = stage.looks(&drives_up(A, 24));
    assert_eq!(told(&reads), [(A, Strength::Strong)]);
    assert_eq!(reads[0].instead_of.as_deref(), Some("A128BC77"));
}

#[test]
fn what_always_stands_there_is_told_of_once() {
    let mut stage = Stage::new();
    let parked = glimpse("M808MM77", [200.0, 600.0], 90.0);
    let mut reads = Vec::new();
    for hour in 0..20 {
        // At night, it is not seen for a while.
        reads.extend(stage.looks(&vec![parked.clone().sure(if hour % 3 == 0 { 0.3 } else { 0.9 }); 40]));
        reads.extend(stage.empties());
    }
    assert_eq!(told(&reads).len(), 1, "{:?}", told(&reads));
    // Another car in that place is another.
    let other = vec![glimpse("E777KX99", [200.0, 600.0], 90.0); 40];
    assert_eq!(told(&stage.looks(&other)), [("E777KX99", Strength::Middling)]);
}

#[test]
fn a_badge_that_glitters_does_not_flood_the_journal() {
    let mut stage = Stage::new();
    let (mut reads, texts) = (Vec::new(), ["TAXI24", "8800555", "CAFE1", "OPEN24"]);
    for at in 0..400_usize {
        let glitters = glimpse(texts[at % 4], [100.0 + 3.0 * at as f32 % 900.0, 100.0], 60.0).sure(0.2);
        reads.extend(stage.look(std::slice::from_ref(&glitters)));
        reads.extend(stage.look(&[glitters]));
        reads.extend(stage.empties());
    }
    assert!(reads.iter().all(|read| read.strength == Strength::Refused), "{:?}", told(&reads));
    assert!((1..=12).contains(&reads.len()), "{} in ten minutes", reads.len());
}

#[test]
fn a_car_that_drives_away_is_only_written_down() {
    let mut stage = Stage::new();
    let mut away = drives_up(A, 24);
    away.reverse();
    assert_eq!(told(&stage.looks(&away)), []);
    let reads = stage.empties();
    assert_eq!(told(&reads), [(A, Strength::Refused)]);
    assert_eq!(reads[0].heading, Heading::Leaving);
}

#[test]
fn a_glimpse_is_nothing() {
    let mut stage = Stage::new();
    assert_eq!(told(&stage.looks(&[glimpse(A, [500.0, 300.0], 60.0).sure(0.3)])), []);
    assert_eq!(told(&stage.empties()), []);
}

#[test]
fn two_cars_in_view_are_told_of_each() {
    let mut stage = Stage::new();
    let second = |glimpse: &Glimpse| {
        let [x, y] = glimpse.centre;
        Glimpse { text: "E777KX99".into(), centre: [x - 400.0, y], ..glimpse.clone() }
    };
    let reads: Vec<Read> =
        drives_up(A, 24).iter().flat_map(|glimpse| stage.look(&[glimpse.clone(), second(glimpse)])).collect();
    let mut told = told(&reads);
    told.sort_by_key(|(plate, _)| plate.to_owned());
    assert_eq!(told, [(A, Strength::Strong), ("E777KX99", Strength::Strong)]);
}

#[test]
fn a_car_that_follows_closely_is_told_of_too() {
    let mut stage = Stage::new();
    assert_eq!(told(&stage.looks(&drives_up(A, 24))), [(A, Strength::Strong)]);
    // The first drives in, and from one look to the next the second stands in its place: a plate of the same region.
    let follows = |look: i32| {
        glimpse("A183BX77", [560.0 + look as f32, 420.0 + 4.0 * look as f32], 110.0 * 1.04_f32.powi(look))
    };
    let follows: Vec<Glimpse> = (0..20).map(follows).collect();
    let mut reads = stage.looks(&follows);
    reads.extend(stage.empties());
    assert_eq!(told(&reads), [("A183BX77", Strength::Strong)]);
    assert_eq!(reads[0].instead_of, None, "it is another car");
}

#[test]
fn the_picture_is_of_a_look_that_read_the_plate() {
    let mut stage = Stage::new();
    stage.busy = true;
    let mut looks = drives_up(A, 24);
    for look in &mut looks[14..] {
        look.text.clear();
    }
    stage.looks(&looks);
    stage.busy = false;
    let reads = stage.looks(&[Glimpse { text: String::new(), ..looks[23].clone() }]);
    assert_eq!(told(&reads), [(A, Strength::Strong)]);
    assert_eq!(reads[0].taken_ms, Some(1_400), "the widest of those that read it");
}

#[test]
fn a_doubtful_reading_that_becomes_a_sure_other_is_told_again() {
    let mut stage = Stage::new();
    let doubtful = vec![glimpse("A128BO77", [500.0, 300.0], 80.0).sure(0.55); 20];
    assert_eq!(told(&stage.looks(&doubtful)), [("A128BO77", Strength::Middling)]);
    // The light turns; it stands where it stood.
    let sure = |at: usize| glimpse(A, [500.0 + at as f32, 300.0], 80.0 + at as f32);
    let reads = stage.looks(&(0..20).map(sure).collect::<Vec<_>>());
    assert_eq!(told(&reads), [(A, Strength::Middling)]);
    assert_eq!(reads[0].instead_of.as_deref(), Some("A128BO77"));
}

#[test]
fn a_car_whose_plate_cannot_be_read_is_a_tap() {
    let unread = |looks| drives_up("", looks);
    let mut stage = Stage::new();
    // It comes and stands.
    let mut looks = unread(16);
    looks.extend(vec![looks[15].clone(); 30]);
    let reads = stage.looks(&looks);
    assert_eq!(told(&reads), [("", Strength::Middling)]);
    assert!(reads[0].is_unread() && reads[0].taken_ms.is_some());
    // Somebody wipes it.
    let wiped = stage.looks(&vec![glimpse(A, looks[15].centre, 160.0); 10]);
    assert_eq!((told(&wiped), wiped[0].instead_of.as_deref()), (vec![(A, Strength::Middling)], Some("")));
    assert_eq!(told(&stage.empties()), []);
    // It stands there from the first.
    let mut stage = Stage::new();
    let stands = glimpse("", [500.0, 300.0], 120.0);
    assert_eq!(told(&stage.looks(&vec![stands.clone(); 45])), []);
    assert_eq!(told(&stage.looks(&vec![stands.clone(); 200])), [("", Strength::Middling)], "once");
    assert_eq!(told(&stage.empties()), []);
    assert_eq!(told(&stage.looks(&vec![stands; 100])), [], "as before");
    // Something on a car that can be read looks like a plate, too.
    let mut stage = Stage::new();
    let mut looks = drives_up(A, 16);
    looks.extend(vec![looks[15].clone(); 80]);
    let grille = |car: &Glimpse| {
        let [x, y] = car.centre;
        Glimpse { text: String::new(), centre: [x, y - car.width], ..car.clone() }
    };
    let reads: Vec<Read> = looks.iter().flat_map(|car| stage.look(&[car.clone(), grille(car)])).collect();
    assert_eq!(told(&reads), [(A, Strength::Strong)]);
}

#[test]
fn who_goes_before_there_is_a_tap_left_is_written_down() {
    let mut stage = Stage::new();
    let mut reads = Vec::new();
    let cars =
        ["A000AA77", "B111BB99", "C222CC50", "E333EE78", "H444HH16", "K555KK23", "M666MM61", "O777OO02"];
    for text in cars {
        reads.extend(stage.looks(&vec![glimpse(text, [500.0, 300.0], 90.0); 4]));
        reads.extend(stage.empties());
    }
    let of = |strength| reads.iter().filter(|read| read.strength == strength).count();
    assert_eq!((of(Strength::Middling), of(Strength::Refused)), (7, 1), "{:?}", told(&reads));
}

#[test]
fn another_car_that_is_surely_read_is_no_known_one_in_its_place() {
    let mut stage = Stage::new();
    let stands = |text: &str, confidence| vec![glimpse(text, [200.0, 600.0], 90.0).sure(confidence); 40];
    assert_eq!(told(&stage.looks(&stands("M808MM77", 0.9))).len(), 1);
    stage.empties();
    assert_eq!(told(&stage.looks(&stands("M808MX77", 0.6))), [], "it may be the same, read worse");
    stage.empties();
    let reads = stage.looks(&stands("M808MX77", 0.95));
    assert_eq!(told(&reads), [("M808MX77", Strength::Middling)]);
}

fn any_drive() -> impl Strategy<Value = Vec<Glimpse>> {
    // From 1.5 to 4 seconds; from 55 to 80 pixels to 150 to 220, braking.
    (16_usize..40, 55.0_f32..80.0, 150.0_f32..220.0, prop::collection::vec(-0.02_f32..0.02, 40)).prop_map(
        |(looks, from, to, trembles)| {
            let way = |look: usize| look as f32 / (looks - 1) as f32;
            let width = |look: usize| {
                let braking = 1.0 - (1.0 - way(look)).powf(1.3);
                from * (to / from).powf(braking) * (1.0 + trembles[look])
            };
            (0..looks)
                .map(|look| glimpse(A, [500.0 + 80.0 * way(look), 250.0 + 250.0 * way(look)], width(look)))
                .collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whoever_drives_up_is_told_of_once(drive in any_drive()) {
        let mut stage = Stage::new();
        let stands = vec![drive.last().unwrap().clone(); 20];
        let mut reads = stage.looks(&drive);
        reads.extend(stage.looks(&stands));
        reads.extend(stage.empties());
        prop_assert_eq!(told(&reads), [(A, Strength::Strong)]);
    }

    #[test]
    fn what_a_hand_waves_never_opens_at_any_moment(
        half in 2_usize..=8, from in 60.0_f32..140.0, by in 1.1_f32..2.6, starts in 0_usize..16,
        hidden in any::<bool>(), smooth in any::<bool>(), trembles in prop::collection::vec(-0.02_f32..0.02, 60),
    ) {
        // Half a wave takes so many looks. With `hidden`, it is turned away while it goes back.
        let mut stage = Stage::new();
        for (at, tremble) in trembles.iter().enumerate() {
            let phase = (at + starts) % (2 * half);
            let near = if phase <= half { phase } else { 2 * half - phase } as f32 / half as f32;
            let near = if smooth { (1.0 - (near * std::f32::consts::PI).cos()) / 2.0 } else { near };
            let width = from * by.powf(near) * (1.0 + tremble);
            let seen = if hidden && phase > half { Vec::new() } else { widths(A, [width]) };
            let reads = stage.look(&seen);
            prop_assert!(reads.iter().all(|read| read.strength != Strength::Strong), "at {}: {:?}", at, reads);
        }
    }
}
