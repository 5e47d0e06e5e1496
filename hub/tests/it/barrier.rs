//! The simulated barrier: what a controller promises, whatever a hub or the world does.

use dwellers_hub::barrier::{
    Barrier, By, Cause, Command, Fails, Input, Model, Output, Refused, What, Why, World,
};
use dwellers_hub::engine::{Position, Relay, Tick};
use dwellers_replica::RecordId;
use proptest::prelude::*;

const MODEL: Model = Model {
    opening_ms: 1_500,
    closing_ms: 1_000,
    closes_after_ms: None,
    max_pulse_ms: 2_000,
    max_lease_ms: 10_000,
    fails: Fails::Closed,
    minds_obstacles: false,
    sees_position: true,
    sees_loop: true,
    sees_beam: true,
};

fn id(number: u128) -> RecordId {
    RecordId::new(1, number)
}

fn pulse(relay: Relay, number: u128, ms: u32) -> Input {
    Input::Command(Command::Pulse { relay, id: id(number), ms })
}

fn open(number: u128) -> Input {
    pulse(Relay::Open, number, 500)
}

fn close(number: u128) -> Input {
    pulse(Relay::Close, number, 500)
}

fn hold(lease_ms: u32) -> Input {
    Input::Command(Command::Hold { lease_ms })
}

fn release(relay: Relay) -> Input {
    Input::Command(Command::Release { relay })
}

fn world(world: World) -> Input {
    Input::World(world)
}

fn car(tailgates: bool) -> Input {
    world(World::Car { tailgates, crossing_ms: 1_000 })
}

/// Plays the inputs, each at its time, and then on to `until`; all that a hub would be told, with the time.
fn play(barrier: &mut Barrier, inputs: &[(u64, Input)], until: u64) -> Vec<(u64, Output)> {
    let mut told = Vec::new();
    let run_to = |barrier: &mut Barrier, until: u64, told: &mut Vec<(u64, Output)>| {
        while let Some(at) = barrier.deadline().filter(|at| at.0 <= until) {
            told.extend(barrier.step(Input::Tick, at).into_iter().map(|output| (at.0, output)));
        }
    };
    for (at, input) in inputs {
        run_to(barrier, *at, &mut told);
        told.extend(barrier.step(*input, Tick(*at)).into_iter().map(|output| (*at, output)));
    }
    run_to(barrier, until, &mut told);
    barrier.step(Input::Tick, Tick(until));
    told
}

fn history(barrier: &Barrier) -> Vec<(u64, What)> {
    barrier.history().entries().map(|entry| (entry.at_ms, entry.what)).collect()
}

fn energised(relay: Relay, by: By, ms: u32) -> What {
    What::Energised { relay, by, ms }
}

fn released(relay: Relay, by: By, after_ms: u64, why: Why) -> What {
    What::Released { relay, by, after_ms, why }
}

#[test]
fn relays_keep_their_own_time() {
    let check = |what: &str, inputs: &[(u64, Input)], expected: &[(u64, What)]| {
        let mut barrier = Barrier::new(MODEL);
        play(&mut barrier, inputs, 60_000);
        assert_eq!(history(&barrier), expected, "{what}");
    };
    let (one, two) = (By::Pulse(id(1)), By::Pulse(id(2)));
    check(
        "a pulse ends by itself",
        &[(100, open(1))],
        &[(100, energised(Relay::Open, one, 500)), (600, released(Relay::Open, one, 500, Why::TimeOver))],
    );
    check(
        "a pulse that is too long is cut",
        &[(0, pulse(Relay::Close, 1, u32::MAX))],
        &[
            (0, energised(Relay::Close, one, 2_000)),
            (2_000, released(Relay::Close, one, 2_000, Why::TimeOver)),
        ],
    );
    check(
        "an id moves a relay once, also the other one, also much later",
        &[(0, open(1)), (100, open(1)), (200, close(1)), (50_000, open(1))],
        &[
            (0, energised(Relay::Open, one, 500)),
            (100, What::Repeated { relay: Relay::Open, id: id(1) }),
            (200, What::Repeated { relay: Relay::Close, id: id(1) }),
            (500, released(Relay::Open, one, 500, Why::TimeOver)),
            (50_000, What::Repeated { relay: Relay::Open, id: id(1) }),
        ],
    );
    check(
        "the later of open and close wins, and the first is off before",
        &[(0, close(1)), (200, open(2)), (300, close(3))],
        &[
            (0, energised(Relay::Close, one, 500)),
            (200, released(Relay::Close, one, 200, Why::Interlock)),
            (200, energised(Relay::Open, two, 500)),
            (300, released(Relay::Open, two, 100, Why::Interlock)),
            (300, energised(Relay::Close, By::Pulse(id(3)), 500)),
            (800, released(Relay::Close, By::Pulse(id(3)), 500, Why::TimeOver)),
        ],
    );
    check(
        "a later pulse takes the relay over",
        &[(0, open(1)), (300, open(2))],
        &[
            (0, energised(Relay::Open, one, 500)),
            (300, released(Relay::Open, one, 300, Why::Replaced)),
            (300, energised(Relay::Open, two, 500)),
            (800, released(Relay::Open, two, 500, Why::TimeOver)),
        ],
    );
    check(
        "a hold lasts as long as it is renewed, and then its lease; a pulse does not end it",
        &[(0, hold(3_000)), (2_000, hold(3_000)), (2_500, open(1)), (4_000, hold(u32::MAX))],
        &[
            (0, energised(Relay::Open, By::Hold, 3_000)),
            (2_500, What::Covered { id: id(1) }),
            (14_000, released(Relay::Open, By::Hold, 14_000, Why::TimeOver)),
        ],
    );
    check(
        "a hold is released, and takes over from a pulse",
        &[(0, open(1)), (100, hold(3_000)), (200, release(Relay::Close)), (900, release(Relay::Open))],
        &[
            (0, energised(Relay::Open, one, 500)),
            (100, released(Relay::Open, one, 100, Why::Replaced)),
            (100, energised(Relay::Open, By::Hold, 3_000)),
            (900, released(Relay::Open, By::Hold, 800, Why::Told)),
        ],
    );
    check(
        "a pulled cable stops commands, not timers",
        &[
            (0, open(1)),
            (100, world(World::Cable(false))),
            (200, close(2)),
            (300, release(Relay::Open)),
            (900, world(World::Cable(true))),
        ],
        &[(0, energised(Relay::Open, one, 500)), (500, released(Relay::Open, one, 500, Why::TimeOver))],
    );
    check(
        "without power every relay is off at once, and nothing comes back with it",
        &[
            (0, hold(9_000)),
            (100, world(World::Power(false))),
            (200, open(1)),
            (300, world(World::Power(true))),
        ],
        &[
            (0, energised(Relay::Open, By::Hold, 9_000)),
            (100, released(Relay::Open, By::Hold, 100, Why::PowerCut)),
        ],
    );
}

#[test]
fn pulses_are_acknowledged() {
    let check = |inputs: &[(u64, Input)], expected: &[(u64, u128, Option<Refused>)]| {
        let told = play(&mut Barrier::new(MODEL), inputs, 60_000);
        let acknowledged: Vec<_> = told
            .into_iter()
            .filter_map(|(at, output)| match output {
                Output::Acknowledged { id, refused } => Some((at, id, refused)),
                _ => None,
            })
            .collect();
        let expected: Vec<_> = expected.iter().map(|(at, number, why)| (*at, id(*number), *why)).collect();
        assert_eq!(acknowledged, expected, "{inputs:?}");
    };
    check(&[(5, open(1)), (6, open(1))], &[(5, 1, None), (6, 1, None)]);
    check(&[(5, pulse(Relay::Open, 1, 0))], &[(5, 1, Some(Refused::Empty))]);
    check(&[(5, hold(500)), (6, open(1))], &[(6, 1, None)]);
    check(&[(5, world(World::Cable(false))), (6, open(1)), (7, world(World::Cable(true)))], &[]);
    check(&[(5, world(World::Power(false))), (6, open(1)), (7, world(World::Power(true)))], &[]);
}

#[test]
fn the_arm_moves_in_its_time() {
    use Position::{Closed, Moving, Open};
    let check = |what: &str, model: Model, inputs: &[(u64, Input)], expected: &[(u64, Position)]| {
        let mut barrier = Barrier::new(model);
        assert_eq!(barrier.sensors().contains(&Output::Position(Closed)), model.sees_position, "{what}");
        let told = play(&mut barrier, inputs, 60_000);
        let seen: Vec<_> = told
            .into_iter()
            .filter_map(|(at, output)| match output {
                Output::Position(position) => Some((at, position)),
                _ => None,
            })
            .collect();
        assert_eq!(seen, expected, "{what}");
    };
    check(
        "there and back",
        MODEL,
        &[(0, open(1)), (5_000, close(2))],
        &[(0, Moving), (1_500, Open), (5_000, Moving), (6_000, Closed)],
    );
    check(
        "reversed half way: as long back as it came",
        MODEL,
        &[(0, open(1)), (600, close(2))],
        &[(0, Moving), (1_000, Closed)],
    );
    check(
        "by itself, after the relay is off",
        Model { closes_after_ms: Some(2_000), ..MODEL },
        &[(0, open(1)), (2_000, hold(3_000))],
        &[(0, Moving), (1_500, Open), (7_000, Moving), (8_000, Closed)],
    );
    check(
        "by itself, but not on a car",
        Model { closes_after_ms: Some(2_000), minds_obstacles: true, ..MODEL },
        &[(0, open(1)), (3_000, world(World::Loop(true))), (9_000, world(World::Loop(false)))],
        &[(0, Moving), (1_500, Open), (11_000, Moving), (12_000, Closed)],
    );
    check(
        "a controller that minds the beam turns round, and tries again",
        Model { closes_after_ms: Some(2_000), minds_obstacles: true, ..MODEL },
        &[
            (0, open(1)),
            (2_000, close(2)),
            (2_500, world(World::Beam(true))),
            (9_000, world(World::Beam(false))),
        ],
        &[(0, Moving), (1_500, Open), (2_000, Moving), (3_250, Open), (11_000, Moving), (12_000, Closed)],
    );
    check(
        "what stands before a closed barrier does not open it",
        Model { minds_obstacles: true, ..MODEL },
        &[(0, open(1)), (2_000, close(2)), (4_000, world(World::Loop(true)))],
        &[(0, Moving), (1_500, Open), (2_000, Moving), (3_000, Closed)],
    );
    check(
        "jammed before it leaves its end: nothing is seen",
        MODEL,
        &[(0, world(World::Jam(true))), (100, open(1))],
        &[],
    );
    check(
        "jammed on its way, and freed",
        MODEL,
        &[(0, open(1)), (500, world(World::Jam(true))), (9_000, world(World::Jam(false)))],
        &[(0, Moving), (10_000, Open)],
    );
    check(
        "without power it closes; with it, it waits to be told",
        MODEL,
        &[(0, open(1)), (2_000, world(World::Power(false))), (2_500, world(World::Power(true)))],
        &[(0, Moving), (1_500, Open), (2_500, Moving)],
    );
    check(
        "without power it opens, where it is built so",
        Model { fails: Fails::Open, ..MODEL },
        &[(0, world(World::Power(false))), (9_000, world(World::Power(true)))],
        &[(9_000, Open)],
    );
    check(
        "what moved while the cable was out is told when it is back",
        MODEL,
        &[(0, open(1)), (100, world(World::Cable(false))), (9_000, world(World::Cable(true)))],
        &[(0, Moving), (9_000, Open)],
    );
    check("without a sensor nothing is told", Model { sees_position: false, ..MODEL }, &[(0, open(1))], &[]);
}

#[test]
fn cars_go_when_they_may() {
    let check = |what: &str, inputs: &[(u64, Input)], expected: &[(u64, bool)]| {
        let mut barrier = Barrier::new(MODEL);
        play(&mut barrier, inputs, 60_000);
        let passed: Vec<_> = history(&barrier)
            .into_iter()
            .filter_map(|(at, what)| match what {
                What::Passed { tailgated } => Some((at, tailgated)),
                _ => None,
            })
            .collect();
        assert_eq!(passed, expected, "{what}");
        let state = barrier.state();
        assert_eq!(state.passed, expected.len() as u64, "{what}");
        assert_eq!(
            state.tailgated,
            expected.iter().filter(|(_, tailgated)| *tailgated).count() as u64,
            "{what}"
        );
    };
    check("nobody goes through a closed barrier", &[(0, car(true)), (0, car(false))], &[]);
    check("one opening, one car", &[(0, car(false)), (0, car(false)), (0, open(1))], &[(2_900, false)]);
    check(
        "one that follows",
        &[(0, car(false)), (0, car(true)), (0, open(1))],
        &[(2_900, false), (4_300, true)],
    );
    check(
        "while it is held everybody goes",
        &[(0, car(false)), (0, car(true)), (0, car(false)), (0, hold(9_000))],
        &[(2_900, false), (4_300, false), (5_700, false)],
    );
    check(
        "two openings, two cars",
        &[(0, car(false)), (0, car(false)), (0, open(1)), (3_500, open(2))],
        &[(2_900, false), (4_900, false)],
    );
    check(
        "an opening that nobody used is over when it is closed",
        &[(0, open(1)), (3_000, close(2)), (5_000, car(false)), (6_000, hold(10)), (6_100, close(3))],
        &[],
    );
    check(
        "who turns round does not go",
        &[(0, car(false)), (1_000, world(World::Leave)), (1_000, open(1))],
        &[],
    );
}

#[test]
fn the_loop_and_the_beam_follow_the_cars() {
    let told = play(&mut Barrier::new(MODEL), &[(0, Input::Tick), (10, car(false)), (10, open(1))], 60_000);
    let sensed: Vec<_> = told
        .into_iter()
        .filter(|(at, output)| *at > 0 && matches!(output, Output::Loop(_) | Output::Beam(_)))
        .collect();
    let expected = [
        (1_910, Output::Loop(true)),
        (1_910, Output::Beam(true)),
        (2_910, Output::Loop(false)),
        (2_910, Output::Beam(false)),
    ];
    assert_eq!(sensed, expected);
}

#[test]
fn a_hit_is_noticed_and_says_how_long_there_was_to_stop() {
    let check = |what: &str, model: Model, inputs: &[(u64, Input)], expected: &[(u64, What)]| {
        let mut barrier = Barrier::new(model);
        play(&mut barrier, inputs, 60_000);
        let hits: Vec<_> =
            history(&barrier).into_iter().filter(|(_, what)| matches!(what, What::Hit { .. })).collect();
        assert_eq!(hits, expected, "{what}");
        assert_eq!(barrier.state().hits, expected.len() as u64, "{what}");
    };
    let hit = |cause, occupied_ms| What::Hit { cause, occupied_ms };
    let occupied = world(World::Loop(true));
    check(
        "closed on what stands there",
        MODEL,
        &[(0, open(1)), (2_000, occupied), (3_000, close(2))],
        &[(3_750, hit(Cause::Commanded, 750))],
    );
    check(
        "something comes while it closes",
        MODEL,
        &[(0, open(1)), (3_000, close(2)), (3_700, world(World::Beam(true)))],
        &[(3_750, hit(Cause::Commanded, 50))],
    );
    check(
        "the hub turned it round in time",
        MODEL,
        &[(0, open(1)), (3_000, close(2)), (3_500, occupied), (3_550, open(3))],
        &[],
    );
    check(
        "something drives into an arm that is down already",
        MODEL,
        &[(0, open(1)), (3_000, close(2)), (3_900, occupied), (9_000, world(World::Beam(true)))],
        &[],
    );
    check(
        "a controller without eyes",
        Model { closes_after_ms: Some(1_000), ..MODEL },
        &[(0, open(1)), (2_000, occupied)],
        &[(3_250, hit(Cause::ByItself, 750))],
    );
    check(
        "a controller with eyes",
        Model { closes_after_ms: Some(1_000), minds_obstacles: true, ..MODEL },
        &[(0, open(1)), (2_000, occupied), (3_000, close(2))],
        &[],
    );
    check(
        "the power is cut",
        Model { minds_obstacles: true, ..MODEL },
        &[(0, open(1)), (2_000, occupied), (3_000, world(World::Power(false)))],
        &[(3_750, hit(Cause::PowerCut, 750))],
    );
}

#[test]
fn the_history_keeps_the_latest_and_counts_all() {
    let mut barrier = Barrier::new(MODEL);
    let pulses = 100_001;
    for number in 0..pulses {
        barrier.step(open(number), Tick(number as u64));
        barrier.step(release(Relay::Open), Tick(number as u64));
    }
    let history = barrier.history();
    assert_eq!(history.noted(), 2 * pulses as u64);
    assert_eq!(history.entries().len(), dwellers_hub::barrier::History::MAX_ENTRIES);
    assert_eq!(history.entries().next().map(|entry| entry.number), Some(3));
    let after = |number| history.after(number).map(|entry| entry.number).take(2).collect::<Vec<_>>();
    assert_eq!(after(0), [3, 4]);
    assert_eq!(after(100), [101, 102]);
    assert_eq!(after(history.noted() - 1), [history.noted()]);
    assert_eq!(after(history.noted()), [] as [u64; 0]);
    assert_eq!(after(u64::MAX), [] as [u64; 0]);
}

fn any_relay() -> impl Strategy<Value = Relay> {
    prop_oneof![Just(Relay::Open), Just(Relay::Close)]
}

fn any_input() -> impl Strategy<Value = Input> {
    prop_oneof![
        6 => (any_relay(), 0u128..12, 0u32..5_000).prop_map(|(relay, number, ms)| pulse(relay, number, ms)),
        2 => (0u32..20_000).prop_map(hold),
        1 => any_relay().prop_map(release),
        1 => any::<bool>().prop_map(|jammed| world(World::Jam(jammed))),
        1 => any::<bool>().prop_map(|plugged| world(World::Cable(plugged))),
        1 => any::<bool>().prop_map(|powered| world(World::Power(powered))),
        1 => any::<bool>().prop_map(|occupied| world(World::Loop(occupied))),
        1 => any::<bool>().prop_map(|broken| world(World::Beam(broken))),
        2 => (any::<bool>(), 0u32..4_000)
            .prop_map(|(tailgates, crossing_ms)| world(World::Car { tailgates, crossing_ms })),
        1 => Just(world(World::Leave)),
        1 => Just(Input::Tick),
    ]
}

fn any_model() -> impl Strategy<Value = Model> {
    (1u32..4_000, 1u32..4_000, proptest::option::of(0u32..5_000), any::<bool>(), any::<bool>()).prop_map(
        |(opening_ms, closing_ms, closes_after_ms, minds_obstacles, fails_open)| Model {
            opening_ms,
            closing_ms,
            closes_after_ms,
            minds_obstacles,
            fails: if fails_open { Fails::Open } else { Fails::Closed },
            ..MODEL
        },
    )
}

fn any_story() -> impl Strategy<Value = (Model, Vec<(u64, Input)>)> {
    (any_model(), proptest::collection::vec((0u64..3_000, any_input()), 1..60)).prop_map(|(model, steps)| {
        let mut at = 0;
        let story = steps
            .into_iter()
            .map(|(pause_ms, input)| {
                at += pause_ms;
                (at, input)
            })
            .collect();
        (model, story)
    })
}

proptest! {
    #[test]
    fn relays_are_safe_whatever_happens((model, story) in any_story()) {
        let mut barrier = Barrier::new(model);
        play(&mut barrier, &story, 1_000_000);
        let mut on: [Option<(u64, By, u32)>; 2] = [None, None];
        let mut pulsed = std::collections::HashSet::new();
        for (at, what) in history(&barrier) {
            match what {
                What::Energised { relay, by, ms } => {
                    prop_assert_eq!(on, [None, None], "one relay at a time");
                    if let By::Pulse(id) = by {
                        prop_assert!(pulsed.insert(id), "once for an id");
                        prop_assert!(ms <= model.max_pulse_ms);
                    }
                    prop_assert!(ms <= model.max_lease_ms);
                    on[relay as usize] = Some((at, by, ms));
                }
                What::Released { relay, by, after_ms, .. } => {
                    let (since, energised_by, ms) = on[relay as usize].take().expect("it was energised");
                    prop_assert_eq!((by, after_ms), (energised_by, at - since));
                    if matches!(by, By::Pulse(_)) {
                        prop_assert!(after_ms <= u64::from(ms), "longer than its pulse");
                    }
                }
                _ => {}
            }
        }
        prop_assert_eq!(on, [None, None], "everything is off in the end");
        prop_assert_eq!(barrier.state().open, None);
    }

    #[test]
    fn it_does_not_matter_how_often_it_is_looked_at((model, story) in any_story(), every in 1u64..400) {
        let (mut seldom, mut often) = (Barrier::new(model), Barrier::new(model));
        let mut looked = 0;
        for (at, input) in &story {
            while looked < *at {
                often.step(Input::Tick, Tick(looked));
                looked += every;
            }
            often.step(*input, Tick(*at));
            seldom.step(*input, Tick(*at));
            prop_assert_eq!(seldom.state(), often.state());
        }
        prop_assert_eq!(history(&seldom), history(&often));
    }

    #[test]
    fn the_hub_knows_the_sensors_while_it_is_linked((model, story) in any_story()) {
        let mut barrier = Barrier::new(model);
        let mut linked = true;
        let mut known = (Position::Unknown, false, false);
        let mut hear = |outputs: Vec<Output>, linked: &mut bool| {
            for output in outputs {
                match output {
                    Output::Linked(now) => *linked = now,
                    Output::Position(position) => known.0 = position,
                    Output::Loop(occupied) => known.1 = occupied,
                    Output::Beam(broken) => known.2 = broken,
                    Output::Acknowledged { .. } | Output::Fire(_) => {}
                }
            }
            known
        };
        hear(barrier.sensors(), &mut linked);
        for (at, input) in story {
            let outputs = barrier.step(input, Tick(at));
            let known = hear(outputs, &mut linked);
            let state = barrier.state();
            prop_assert_eq!(linked, barrier.is_linked());
            if linked {
                prop_assert_eq!(known, (state.position, state.on_loop, state.in_beam));
            }
        }
    }
}
