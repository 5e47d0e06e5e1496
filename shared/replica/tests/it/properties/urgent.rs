//! What is urgent: after that part alone a new replica holds every record that is not bulk as the sender does,
//! whatever was written, erased or forgotten, before or meanwhile, and wherever the line was cut.

use dwellers_replica::{Memory, Record, Replica};
use proptest::prelude::*;

use super::config;
use crate::collections::{Decree, Item, Remark};
use crate::lab::*;
use crate::line::Line;

#[derive(Clone, Debug)]
enum Deed {
    Item(u64),
    ItemOfTheOther(u64),
    Remarks(u64),
    RemarkOfTheOther(u64),
    Decree,
    EraseItem(u64),
    EraseRemark(u64),
    Forget(u64),
}

/// What happens between two lives of the line, and after how many frames it is cut.
#[derive(Clone, Debug)]
struct Life {
    deeds: Vec<Deed>,
    frames: usize,
    chunk_fields: usize,
}

fn deeds(most: usize) -> impl Strategy<Value = Vec<Deed>> {
    let n = 1..12_u64;
    let deed = prop_oneof![
        4 => n.clone().prop_map(Deed::Item),
        2 => n.clone().prop_map(Deed::ItemOfTheOther),
        4 => n.clone().prop_map(Deed::Remarks),
        2 => n.clone().prop_map(Deed::RemarkOfTheOther),
        1 => Just(Deed::Decree),
        1 => n.clone().prop_map(Deed::EraseItem),
        1 => n.clone().prop_map(Deed::EraseRemark),
        1 => n.prop_map(Deed::Forget),
    ];
    prop::collection::vec(deed, 0..most)
}

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let life = (deeds(10), 0..30_usize, 1..60_usize).prop_map(|(deeds, frames, chunk_fields)| Life {
        deeds,
        frames,
        chunk_fields,
    });
    prop::collection::vec(life, 1..5)
}

struct World {
    cloud: Replica<Memory>,
    other: Replica<Memory>,
    new: Replica<Memory>,
    written: u64,
}

impl World {
    fn play(&mut self, deed: &Deed) {
        self.written += 1;
        let (n, now) = (self.written, at(self.written));
        match *deed {
            Deed::Item(record) => change(&mut self.cloud, record, n),
            Deed::ItemOfTheOther(record) => {
                change(&mut self.other, record, n);
                talk(&mut self.other, &mut self.cloud, now);
            }
            Deed::Remarks(count) => {
                for m in 0..count {
                    let remark = Remark { text: format!("remark {n}"), weight: 1, ..Remark::default() };
                    // Refused below the horizon.
                    let _ = try_write(&mut self.cloud, now, |w| w.create(id(100 + 20 * n + m), &remark));
                }
            }
            Deed::RemarkOfTheOther(m) => {
                let remark = Remark { text: format!("remark {n}"), weight: 2, ..Remark::default() };
                let _ = try_write(&mut self.other, now, |w| w.create(id(100 + 20 * n + m), &remark));
                talk(&mut self.other, &mut self.cloud, now);
            }
            Deed::Decree => {
                create(&mut self.cloud, now, id(n), &Decree { text: format!("decree {n}") });
            }
            Deed::EraseItem(record) => {
                write(&mut self.cloud, now, |w| w.erase::<Item>(id(5_000 + n), id(record)));
            }
            Deed::EraseRemark(m) => {
                write(&mut self.cloud, now, |w| w.erase::<Remark>(id(5_000 + n), id(100 + 20 * (n / 2) + m)));
            }
            Deed::Forget(before) => {
                write(&mut self.cloud, now, |w| {
                    w.forget::<Remark>(id(5_000 + n), START_MS + 100 + 10 * before)
                });
            }
        }
    }
}

fn change(at_replica: &mut Replica<Memory>, record: u64, n: u64) {
    let mut writes = dwellers_replica::Writes::new();
    match get::<Item, _>(at_replica, id(record)) {
        Some(entry) => writes.update(&entry, |item| item.count = n as i64),
        None => writes.create(id(record), &Item { label: format!("item {n}"), ..Item::default() }),
    };
    // An item that was erased in part cannot be written anew.
    let _ = at_replica.commit(at(n), &writes);
}

fn urgent(of: &mut Replica<Memory>) -> Fields {
    let mut held = fields(of);
    held.retain(|(collection, ..), _| collection != Remark::SPEC.name);
    held
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn what_is_not_bulk_is_all_there_when_it_is_ready(before in deeds(40), lives in lives()) {
        let (cloud, other, new) = (cloud(Memory::new()), hub(Memory::new(), 1), hub(Memory::new(), 0));
        let mut world = World { cloud, other, new, written: 0 };
        talk(&mut world.other, &mut world.cloud, at(0));
        before.iter().for_each(|deed| world.play(deed));
        for life in &lives {
            let mut line = Line::new(0, life.chunk_fields);
            for _ in 0..life.frames {
                line.step(&mut world.new, &mut world.cloud);
            }
            life.deeds.iter().for_each(|deed| world.play(deed));
        }
        let mut line = Line::new(0, lives[0].chunk_fields);
        prop_assert!(line.until_ready(&mut world.new, &mut world.cloud));
        prop_assert_eq!(urgent(&mut world.new), urgent(&mut world.cloud));
        line.until_silent(&mut world.new, &mut world.cloud);
        assert_same(&mut world.cloud, &mut world.new);
        prop_assert_eq!(world.cloud.standing().unwrap().vector, world.new.standing().unwrap().vector);
    }
}
