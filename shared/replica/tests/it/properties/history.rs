//! Histories: what a cloud and two hubs did, each with a clock of its own, to records that they share.

use dwellers_replica::builtin::{Erasure, Horizon};
use dwellers_replica::delta::{Change, MAX_CHUNK_FIELDS, Repair};
use dwellers_replica::{
    Entry, Kind, Mark, Memory, Now, Open, Record, RecordId, Refusal, Replica, Vector, Writes,
};
use proptest::prelude::*;

use super::reference::Write;
use crate::collections::{Color, Item, Place, Remark, Window};
use crate::lab::*;

/// What somebody does. Records are few, so that replicas meet at them.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Writes one field of an item (which is created first, where the replica knows none).
    Edit { who: usize, item: u64, edit: Edit },
    /// Writes a fact, unless there is one.
    Remark { who: usize, remark: u64, weight: i64 },
    /// The cloud erases what is personal of a record, also of one that is not there yet.
    Erase { record: u64, fact: bool },
    /// The cloud forgets remarks.
    Forget { before: u64 },
    /// A hub and the cloud talk, both ways or only to the cloud.
    Talk { hub: usize, both: bool },
}

#[derive(Clone, Debug)]
pub enum Edit {
    Label(i64),
    Owner(i64),
    Color(u8),
    Count(i64),
    Place(i64),
    From(i64),
    To(i64),
}

impl Edit {
    pub fn apply(&self, item: &mut Item) {
        match *self {
            Edit::Label(n) => item.label = format!("label {n}"),
            Edit::Owner(n) => item.owner = format!("owner {n}"),
            Edit::Color(n) => {
                item.color = Open::Known([Color::Red, Color::Green, Color::Blue][usize::from(n) % 3]);
            }
            Edit::Count(n) => item.count = n,
            Edit::Place(n) => item.place = Place { row: "row".into(), number: n },
            // Each of the two obeys the rule on what its replica knows.
            Edit::From(n) => item.window = Window { from: n.min(item.window.to), ..item.window },
            Edit::To(n) => item.window = Window { to: n.max(item.window.from), ..item.window },
        }
    }
}

/// Ids of items: 1 to 3.
pub const ITEMS: std::ops::Range<u64> = 1..4;
/// Ids of remarks: 1 to 7, made so many milliseconds after the beginning.
pub const REMARKS: std::ops::Range<u64> = 1..8;

fn edits() -> impl Strategy<Value = Edit> {
    let small = -3..4_i64;
    prop_oneof![
        small.clone().prop_map(Edit::Label),
        small.clone().prop_map(Edit::Owner),
        (0..3_u8).prop_map(Edit::Color),
        small.clone().prop_map(Edit::Count),
        small.clone().prop_map(Edit::Place),
        small.clone().prop_map(Edit::From),
        small.prop_map(Edit::To),
    ]
}

pub fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let who = 0..3_usize;
    let deed = prop_oneof![
        12 => (who.clone(), ITEMS, edits()).prop_map(|(who, item, edit)| Deed::Edit { who, item, edit }),
        8 => (who, REMARKS, 0..4_i64).prop_map(|(who, remark, weight)| Deed::Remark { who, remark, weight }),
        2 => (REMARKS, any::<bool>()).prop_map(|(record, fact)| Deed::Erase { record, fact }),
        1 => (0..6_u64).prop_map(|before| Deed::Forget { before }),
        5 => (1..3_usize, any::<bool>()).prop_map(|(hub, both)| Deed::Talk { hub, both }),
    ];
    prop::collection::vec(deed, 1..40)
}

/// A history as it unfolds: the replicas, and every write that any of them ever accepted.
pub struct History {
    pub replicas: Vec<Replica<Memory>>,
    pub writes: Vec<Write>,
    steps: u64,
}

impl History {
    pub fn new() -> Self {
        let mut cloud = cloud(Memory::new());
        let writes = written(&mut cloud, Mark::default());
        History { replicas: vec![cloud, hub(Memory::new(), 0), hub(Memory::new(), 1)], writes, steps: 0 }
    }

    pub fn played(deeds: &[Deed]) -> Self {
        let mut history = History::new();
        for deed in deeds {
            history.play(deed);
        }
        history
    }

    /// Clocks stand still for some steps, so that stamps of one time meet; one is ahead, and one is not trusted.
    fn now(&self, who: usize) -> Now {
        let ms = 10 + self.steps / 6;
        match who {
            0 => at(ms),
            1 => at(ms + 3),
            _ => Now { trusted: false, ..at(ms) },
        }
    }

    pub fn play(&mut self, deed: &Deed) {
        self.steps += 1;
        // Erasures and horizons have ids that nobody else uses.
        let unique = id(1000 + self.steps);
        let mut writes = Writes::new();
        match *deed {
            Deed::Talk { hub, both } => {
                let now = self.now(0);
                let [cloud, hubs @ ..] = &mut self.replicas[..] else { unreachable!("there are three") };
                catch_up(&mut hubs[hub - 1], cloud, now);
                if both {
                    catch_up(cloud, &mut hubs[hub - 1], now);
                }
            }
            Deed::Edit { who, item, ref edit } => {
                let known: Option<Entry<Item>> = get(&self.replicas[who], id(item));
                match known {
                    Some(entry) => writes.update(&entry, |item| edit.apply(item)),
                    None => {
                        let mut new = Item { owner: format!("first of {who}"), ..Item::default() };
                        edit.apply(&mut new);
                        writes.create(id(item), &new)
                    }
                };
                self.commit(who, &writes);
            }
            Deed::Remark { who, remark, weight } => {
                let text = format!("remark of {who}");
                writes.create(id(remark), &Remark { about: None, text, weight });
                self.commit(who, &writes);
            }
            Deed::Erase { record, fact: false } => {
                self.commit(0, writes.erase::<Item>(unique, id(record)));
            }
            Deed::Erase { record, fact: true } => {
                self.commit(0, writes.erase::<Remark>(unique, id(record)));
            }
            Deed::Forget { before } => {
                self.commit(0, writes.forget::<Remark>(unique, START_MS + before));
            }
        }
    }

    fn commit(&mut self, who: usize, writes: &Writes) {
        let now = self.now(who);
        let replica = &mut self.replicas[who];
        let before = replica.standing().unwrap().mark;
        let results = replica.commit_batch(now, std::slice::from_ref(writes)).unwrap();
        match &results[..] {
            [Ok(_)] => self.writes.extend(written(replica, before)),
            [Err(Refusal::Exists { .. } | Refusal::Erased { .. } | Refusal::BelowHorizon { .. })] => {}
            other => panic!("{other:?}"),
        }
    }

    /// Everybody tells everybody everything.
    pub fn reconcile(&mut self) {
        for _ in 0..2 {
            for hub in [1, 2] {
                self.play(&Deed::Talk { hub, both: true });
            }
        }
    }
}

/// What a replica took into its history after a mark, superseded or not.
fn written(replica: &mut Replica<Memory>, after: Mark) -> Vec<Write> {
    let chunk = replica.since(after, after.arrival, &Vector::new(), MAX_CHUNK_FIELDS).unwrap();
    let changes = chunk.groups.into_iter().flatten();
    changes
        .map(|change| (chunk.shapes[usize::from(change.shape)].clone(), Change { shape: 0, ..change }))
        .collect()
}

/// A cheap source of orders and groupings (splitmix64), so that a history shrinks without them.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// The same writes in another order, some of them twice, some in two halves.
pub fn disordered(writes: &[Write], dice: &mut Dice) -> Vec<Write> {
    let mut all = Vec::new();
    for (shape, change) in writes {
        let whole = (shape.clone(), change.clone());
        if dice.below(3) == 0 {
            all.push(whole.clone());
        }
        // What the store itself lives by is read as a whole.
        let own = [Erasure::SPEC.name, Horizon::SPEC.name, "replicas"].contains(&&*shape.name);
        if own || change.fields.len() < 2 || dice.below(2) == 0 {
            all.push(whole);
            continue;
        }
        let (head, tail) = change.fields.split_at(1 + dice.below(change.fields.len() - 1));
        // Of a fact that is erased a half without any other field would be as if it had never come.
        let lasts = |half: &[(String, String)]| half.iter().any(|(name, _)| name != "text");
        if shape.kind == Kind::Fact && !(lasts(head) && lasts(tail)) {
            all.push(whole);
            continue;
        }
        for half in [head, tail] {
            all.push((shape.clone(), Change { fields: half.to_vec(), ..change.clone() }));
        }
    }
    dice.shuffle(&mut all);
    all
}

/// Brings one write to a replica, from the cloud.
pub fn deliver(replica: &mut Replica<Memory>, (shape, change): &Write) {
    let repair = Repair { shape: shape.clone(), changes: vec![change.clone()] };
    replica.repair(FROM_CLOUD, at(1_000_000), &repair).unwrap();
}

/// Brings writes to a replica, in transactions of any size.
pub fn deliver_grouped(replica: &mut Replica<Memory>, writes: &[Write], dice: &mut Dice) {
    let mut rest = writes;
    while !rest.is_empty() {
        let (group, later) = rest.split_at((1 + dice.below(12)).min(rest.len()));
        rest = later;
        let mut shapes: Vec<_> = group.iter().map(|(shape, _)| shape).collect();
        shapes.dedup();
        for shape in shapes {
            let of_shape = group.iter().filter(|(of, _)| of == shape);
            let repair = Repair {
                shape: shape.clone(),
                changes: of_shape.map(|(_, change)| change.clone()).collect(),
            };
            replica.repair(FROM_CLOUD, at(1_000_000), &repair).unwrap();
        }
    }
}

/// Writes that a lying disk could send beside the true ones: the same stamp with another value.
pub fn lies(writes: &[Write], dice: &mut Dice) -> Vec<Write> {
    let replicated = writes.iter().filter(|(shape, _)| ["items", "remarks"].contains(&&*shape.name));
    let mut lies: Vec<Write> = replicated.filter(|_| dice.below(6) == 0).cloned().collect();
    for (shape, change) in &mut lies {
        assert_ne!(shape.kind, Kind::Local);
        for (name, value) in &mut change.fields {
            if name == "count" || name == "weight" {
                *value = format!("{}", dice.below(9));
            }
        }
    }
    lies
}

/// Ids of the records that a replica must show.
pub fn visible(fields: &Fields, collection: &str) -> Vec<RecordId> {
    let mut ids: Vec<_> = fields.keys().filter(|(of, ..)| of == collection).map(|(_, id, _)| *id).collect();
    ids.dedup();
    ids
}
