//! The driver of the simulated barrier against the real process, with every way to lose it.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel, sync_channel};

use dwellers_hub::barrier::{By, What, Why, World};
use dwellers_hub::engine::{Position, Relay};
use dwellers_hub::gate::sim::Sim;
use dwellers_hub::gate::{Driver, NotSent, Report};

use crate::process::{Barrier, PATIENCE, eventually, id};

struct Gate {
    driver: Sim,
    reports: Receiver<Report>,
}

impl Gate {
    fn at(socket: &Path) -> Self {
        let (sender, reports) = channel();
        let driver = Sim::start(socket, move |report| drop(sender.send(report))).unwrap();
        Gate { driver, reports }
    }

    fn connected(barrier: &Barrier) -> Self {
        let gate = Gate::at(&barrier.socket());
        gate.wait_for(&Report::Connected(true));
        gate
    }

    fn next(&self) -> Report {
        self.reports.recv_timeout(PATIENCE).unwrap()
    }

    /// Skips what comes before.
    fn wait_for(&self, report: &Report) {
        while self.next() != *report {}
    }

    fn pulse(&mut self, number: u128) -> Result<(), NotSent> {
        self.driver.pulse(Relay::Open, id(number), 100)
    }

    fn acknowledged(&self, number: u128) {
        self.wait_for(&Report::Acknowledged { id: id(number), result: Ok(()) });
    }
}

fn pulsed(barrier: &Barrier) -> Vec<u128> {
    barrier
        .happened()
        .into_iter()
        .filter_map(|what| match what {
            What::Energised { by: By::Pulse(id), .. } => {
                Some(u128::from_be_bytes(id.to_bytes()) & 0xffff_ffff)
            }
            _ => None,
        })
        .collect()
}

#[test]
fn it_moves_the_barrier_and_reports_what_is_seen() {
    let barrier = Barrier::start(&["--opening-ms", "50", "--closing-ms", "50"]);
    let mut gate = Gate::at(&barrier.socket());
    let greeting: Vec<Report> = (0..5).map(|_| gate.next()).collect();
    let expected = [
        Report::Connected(true),
        Report::Position(Position::Closed),
        Report::Loop(false),
        Report::Beam(false),
        Report::Fire(false),
    ];
    assert_eq!(greeting, expected);
    gate.pulse(1).unwrap();
    assert_eq!(gate.next(), Report::Acknowledged { id: id(1), result: Ok(()) });
    assert_eq!(gate.next(), Report::Position(Position::Moving));
    assert_eq!(gate.next(), Report::Position(Position::Open));
    gate.driver.pulse(Relay::Close, id(2), 0).unwrap();
    let Report::Acknowledged { result: Err(why), .. } = gate.next() else { panic!("it is refused") };
    assert!(why.contains("at least 1 ms"), "{why}");
    gate.driver.pulse(Relay::Close, id(3), 100).unwrap();
    gate.wait_for(&Report::Position(Position::Closed));
    gate.driver.hold(60_000).unwrap();
    gate.wait_for(&Report::Position(Position::Open));
    barrier.happen(World::Beam(true));
    gate.wait_for(&Report::Beam(true));
    barrier.happen(World::Fire(true));
    gate.wait_for(&Report::Fire(true));
    gate.driver.release(Relay::Open).unwrap();
    let last = eventually("it is released", || {
        barrier.happened().last().copied().filter(|what| matches!(what, What::Released { by: By::Hold, .. }))
    });
    assert!(matches!(last, What::Released { relay: Relay::Open, why: Why::Told, .. }), "{last:?}");
    assert_eq!(pulsed(&barrier), [1, 3]);
}

#[test]
fn a_killed_barrier_is_reported_and_found_again_and_nothing_is_repeated() {
    let mut barrier = Barrier::start(&[]);
    let mut gate = Gate::connected(&barrier);
    for round in 0..3 {
        gate.pulse(10 * round).unwrap();
        gate.acknowledged(10 * round);
        barrier.kill();
        gate.wait_for(&Report::Connected(false));
        assert_eq!(gate.pulse(10 * round + 1), Err(NotSent::NotConnected));
        assert_eq!(gate.driver.hold(1_000), Err(NotSent::NotConnected));
        assert_eq!(gate.driver.release(Relay::Open), Err(NotSent::NotConnected));
        barrier.restart();
        gate.wait_for(&Report::Connected(true));
        assert_eq!(gate.next(), Report::Position(Position::Closed));
        assert_eq!(barrier.happened(), [], "round {round}");
        gate.pulse(10 * round + 2).unwrap();
        gate.acknowledged(10 * round + 2);
        assert_eq!(pulsed(&barrier), [10 * round + 2]);
    }
}

#[test]
fn a_barrier_that_hangs_is_lost_and_what_was_sent_meanwhile_never_happens() {
    let barrier = Barrier::start(&[]);
    let mut gate = Gate::connected(&barrier);
    gate.pulse(1).unwrap();
    gate.acknowledged(1);
    barrier.signal("STOP");
    // On its way, for all that the driver knows.
    let _ = gate.pulse(2);
    let _ = gate.driver.hold(60_000);
    gate.wait_for(&Report::Connected(false));
    assert_eq!(gate.pulse(3), Err(NotSent::NotConnected));
    barrier.signal("CONT");
    gate.wait_for(&Report::Connected(true));
    gate.pulse(4).unwrap();
    gate.acknowledged(4);
    assert_eq!(pulsed(&barrier), [1, 4]);
    assert!(!barrier.happened().iter().any(|what| matches!(what, What::Energised { by: By::Hold, .. })));
}

#[test]
fn a_barrier_that_takes_nothing_more_is_refused_at_once() {
    let barrier = Barrier::start(&[]);
    let mut gate = Gate::connected(&barrier);
    barrier.signal("STOP");
    let refused = (0..100_000).find_map(|number| gate.pulse(number).err());
    barrier.signal("CONT");
    assert!(refused.is_some());
    gate.wait_for(&Report::Connected(false));
    gate.wait_for(&Report::Connected(true));
}

#[test]
fn a_pulled_cable_is_noticed_and_so_is_its_return() {
    let barrier = Barrier::start(&[]);
    let mut gate = Gate::connected(&barrier);
    barrier.happen(World::Cable(false));
    let _ = gate.pulse(1);
    gate.wait_for(&Report::Connected(false));
    barrier.happen(World::Loop(true));
    assert_eq!(gate.pulse(2), Err(NotSent::NotConnected));
    barrier.happen(World::Cable(true));
    gate.wait_for(&Report::Connected(true));
    assert_eq!(gate.next(), Report::Position(Position::Closed));
    assert_eq!(gate.next(), Report::Loop(true));
    gate.pulse(3).unwrap();
    gate.acknowledged(3);
    assert_eq!(pulsed(&barrier), [3]);
}

#[test]
fn a_barrier_that_comes_later_is_found() {
    let mut barrier = Barrier::start(&[]);
    barrier.kill();
    let mut gate = Gate::at(&barrier.socket());
    assert_eq!(gate.pulse(1), Err(NotSent::NotConnected));
    barrier.restart();
    gate.wait_for(&Report::Connected(true));
    assert_eq!(pulsed(&barrier), []);
}

#[test]
fn a_gate_loop_that_takes_no_reports_still_gets_its_calls_back() {
    let barrier = Barrier::start(&[]);
    let (sender, reports) = sync_channel(0);
    let mut driver = Sim::start(&barrier.socket(), move |report| drop(sender.send(report))).unwrap();
    assert_eq!(reports.recv_timeout(PATIENCE).unwrap(), Report::Connected(true));
    // The driver's thread waits for its next report to be taken; calls do not.
    let results: Vec<_> = (0..20_000).map(|number| driver.pulse(Relay::Open, id(number), 1)).collect();
    assert!(results[0].is_ok());
    assert!(results.iter().any(Result::is_err), "the barrier dropped a hub that does not read");
    drop(driver);
    while reports.recv_timeout(PATIENCE).is_ok() {}
}

#[test]
fn a_dropped_driver_lets_go_of_the_barrier() {
    let barrier = Barrier::start(&[]);
    let gate = Gate::connected(&barrier);
    let Gate { driver, reports } = gate;
    drop(driver);
    // Its thread ends: nobody is left who could report.
    while reports.recv_timeout(PATIENCE).is_ok() {}
    assert_eq!(reports.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected));
}
