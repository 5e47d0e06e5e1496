//! Two stores agree: one history on both, one answer from both.

use std::fmt::Debug;

use dwellers_replica::{Cursor, Direction, Memory, Query, Record, Replica, Store, Writes};
use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};

use super::config;
use crate::collections::{Draft, Item, Remark, Sheet, Window, schema};
use crate::lab::*;

#[derive(Clone, Debug)]
enum Step {
    /// Commits in one batch.
    Commit(Vec<Deed>),
    /// The hub commits one of these.
    Elsewhere(Deed),
    /// A chunk of so many fields comes from the hub, and one goes there.
    Merge(usize),
    Find {
        index: usize,
        question: Question,
    },
    Search {
        fragment: String,
        limit: usize,
        collection: usize,
    },
    Reopen,
    /// Everything at once: digests, contents, standing.
    Compare,
}

#[derive(Clone, Debug)]
enum Deed {
    Item { record: u64, label: String, count: i64 },
    Remark { record: u64, text: String, weight: i64 },
    Draft { record: u64, text: String, rank: i64 },
    Sheet { record: u64, cells: u64 },
    EraseItem { record: u64 },
    EraseRemark { record: u64 },
    Forget { before: u64 },
}

/// A query of an index: its beginning, the bounds behind it, and in which steps the pages are walked.
#[derive(Clone, Debug)]
struct Question {
    equal: Option<Scalar>,
    from: Option<Scalar>,
    below: Option<Scalar>,
    descending: bool,
    limit: usize,
    turn: bool,
}

#[derive(Clone, Debug)]
enum Scalar {
    Text(String),
    Number(i64),
    Null,
}

impl From<Scalar> for serde_json::Value {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Text(text) => text.into(),
            Scalar::Number(number) => number.into(),
            Scalar::Null => serde_json::Value::Null,
        }
    }
}

/// Texts with all that a store could take for something else.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[abАё %_'\"*\\\\]{0,5}",
        1 => prop::sample::select(vec!["", "\0", "a\0b", "ab", "abc", "АБВ123", "а123вс", "İ", "🚗", "AND", "NEAR(", "a\nb"])
            .prop_map(str::to_owned),
    ]
}

fn numbers() -> impl Strategy<Value = i64> {
    prop_oneof![6 => -4..5_i64, 1 => Just(i64::MIN), 1 => Just(i64::MAX)]
}

fn deeds() -> impl Strategy<Value = Deed> {
    let record = 0..8_u64;
    prop_oneof![
        5 => (record.clone(), texts(), numbers()).prop_map(|(record, label, count)| Deed::Item { record, label, count }),
        5 => (record.clone(), texts(), numbers()).prop_map(|(record, text, weight)| Deed::Remark { record, text, weight }),
        2 => (record.clone(), texts(), numbers()).prop_map(|(record, text, rank)| Deed::Draft { record, text, rank }),
        1 => (record.clone(), 1..200_u64).prop_map(|(record, cells)| Deed::Sheet { record, cells }),
        1 => record.clone().prop_map(|record| Deed::EraseItem { record }),
        1 => record.clone().prop_map(|record| Deed::EraseRemark { record }),
        1 => record.prop_map(|before| Deed::Forget { before }),
    ]
}

fn questions() -> impl Strategy<Value = Question> {
    let scalar = || {
        prop::option::of(prop_oneof![
            3 => texts().prop_map(Scalar::Text),
            3 => numbers().prop_map(Scalar::Number),
            1 => Just(Scalar::Null),
        ])
    };
    let equal = prop_oneof![3 => Just(None), 1 => scalar(), 1 => Just(Some(Scalar::Text("red".into())))];
    (equal, scalar(), scalar(), any::<bool>(), 1..5_usize, any::<bool>()).prop_map(
        |(equal, from, below, descending, limit, turn)| Question {
            equal,
            from,
            below,
            descending,
            limit,
            turn,
        },
    )
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => prop::collection::vec(deeds(), 1..4).prop_map(Step::Commit),
        4 => deeds().prop_map(Step::Elsewhere),
        3 => (1..300_usize).prop_map(Step::Merge),
        5 => (0..8_usize, questions()).prop_map(|(index, question)| Step::Find { index, question }),
        4 => (texts(), 1..4_usize, 0..3_usize)
            .prop_map(|(fragment, limit, collection)| Step::Search { fragment, limit, collection }),
        1 => Just(Step::Reopen),
        2 => Just(Step::Compare),
    ];
    prop::collection::vec(step, 1..50)
}

fn writes<S: Store>(replica: &Replica<S>, deed: &Deed, unique: u64) -> Writes {
    let mut writes = Writes::new();
    match deed {
        Deed::Item { record, label, count } => match get::<Item, S>(replica, id(*record)) {
            Some(entry) => writes.unchanged(&entry).update(&entry, |item| {
                (item.label, item.count, item.window) =
                    (label.clone(), *count, Window { from: *count, to: i64::MAX });
            }),
            None => {
                let item =
                    Item { label: label.clone(), owner: label.clone(), count: *count, ..Item::default() };
                writes.create(id(*record), &item)
            }
        },
        Deed::Remark { record, text, weight } => writes.create(
            id(*record),
            &Remark { text: text.clone(), weight: *weight, about: Some(id(*record % 3)) },
        ),
        Deed::Draft { record, text, rank } => match get::<Draft, S>(replica, id(*record)) {
            Some(entry) => writes.update(&entry, |draft| (draft.text, draft.rank) = (text.clone(), *rank)),
            None => writes.create(id(*record), &Draft { text: text.clone(), rank: *rank }),
        },
        Deed::Sheet { record, cells } => {
            let filled = (0..*cells).map(|cell| (cell.to_string(), unique));
            match get::<Sheet, S>(replica, id(*record)) {
                Some(entry) => writes.update(&entry, |sheet| sheet.cells.extend(filled)),
                None => writes.create(id(*record), &Sheet { cells: filled.collect() }),
            }
        }
        Deed::EraseItem { record } => writes.erase::<Item>(id(unique), id(*record)),
        Deed::EraseRemark { record } => writes.erase::<Remark>(id(unique), id(*record)),
        Deed::Forget { before } => writes.forget::<Remark>(id(unique), START_MS + before),
    };
    writes
}

/// What one store says to a step, in words that can be compared.
fn answer<S: Store>(replica: &mut Replica<S>, hub: &mut Replica<Memory>, step: &Step, n: u64) -> String {
    let now = at(100 + n);
    match step {
        Step::Commit(deeds) => {
            let batch: Vec<_> = (0..)
                .zip(deeds)
                .map(|(place, deed)| writes(replica, deed, 10_000 + 10 * n + place))
                .collect();
            let results = replica.commit_batch(now, &batch).unwrap();
            replica.sync().unwrap();
            format!("{results:?}")
        }
        Step::Elsewhere(deed) => {
            let writes = writes(hub, deed, 10_000 + 10 * n);
            format!("{:?}", hub.commit_batch(at(150 + n), &[writes]).unwrap())
        }
        Step::Merge(limit) => {
            let chunk = small_chunk(hub, replica, *limit);
            let merged = replica.merge(from_hub(0), now, &chunk).unwrap();
            let back = small_chunk(replica, hub, *limit);
            let known = hub.merge(FROM_CLOUD, now, &back).unwrap();
            format!("{merged:?}\n{back:?}\n{known:?}")
        }
        Step::Find { index, question } => match index {
            0..=3 => pages::<Item, S>(replica, Item::SPEC.indexes[*index].name, question),
            4 | 5 => pages::<Remark, S>(replica, Remark::SPEC.indexes[index - 4].name, question),
            _ => pages::<Draft, S>(replica, "rank", question),
        },
        Step::Search { fragment, limit, collection } => match collection {
            0 => found::<Item, S>(replica, fragment, *limit),
            1 => found::<Remark, S>(replica, fragment, *limit),
            _ => found::<Draft, S>(replica, fragment, *limit),
        },
        Step::Reopen | Step::Compare => {
            assert_digest_true(replica);
            let records: Vec<_> = (0..8)
                .map(|n| {
                    let (item, remark) = (get::<Item, S>(replica, id(n)), get::<Remark, S>(replica, id(n)));
                    format!(
                        "{item:?} {remark:?} {:?} {:?}",
                        get::<Draft, S>(replica, id(n)),
                        get::<Sheet, S>(replica, id(n))
                    )
                })
                .collect();
            let (standing, digests) = (replica.standing().unwrap(), replica.digests().unwrap());
            format!("{standing:?}\n{digests:?}\n{:?}\n{records:?}", fields(replica))
        }
    }
}

/// Walks the pages of a query, and half-way perhaps back again from the same cursor.
fn pages<T: Record + Debug, S: Store>(replica: &Replica<S>, index: &str, question: &Question) -> String {
    let Question { equal, from, below, descending, limit, turn } = question.clone();
    let directions = [Direction::Ascending, Direction::Descending];
    let mut direction = directions[usize::from(descending)];
    let (mut said, mut after, mut turned): (_, Option<Cursor>, _) = (String::new(), None, false);
    for _ in 0..20 {
        let mut query = Query::on(index).limit(limit).direction(direction).after(after.take());
        if let Some(value) = &equal {
            query = query.equal(value.clone());
        }
        if let Some(value) = &from {
            query = query.from(value.clone());
        }
        if let Some(value) = &below {
            query = query.below(value.clone());
        }
        let page = replica.view(|view| view.of::<T>().find(&query)).unwrap().unwrap();
        said += &format!("{page:?}\n");
        match page.next {
            None => break,
            next => after = next,
        }
        if turn && !turned {
            direction = directions[usize::from(!descending)];
            turned = true;
        }
    }
    said
}

fn found<T: Record + Debug, S: Store>(replica: &Replica<S>, fragment: &str, limit: usize) -> String {
    let (mut said, mut after) = (String::new(), None);
    loop {
        let page = replica.view(|view| view.of::<T>().search(fragment, after, limit)).unwrap().unwrap();
        said += &format!("{page:?}\n");
        after = page.next;
        if after.is_none() {
            return said;
        }
    }
}

/// Plays random histories on both stores and compares every answer.
fn agree<A: Store, B: Store>(cases: u32, make_a: impl Fn() -> A, make_b: impl Fn() -> B) {
    let outcome = TestRunner::new(config(cases)).run(&steps(), |steps| {
        let (mut a, mut hub_a) = (cloud(make_a()), hub(Memory::new(), 0));
        let (mut b, mut hub_b) = (cloud(make_b()), hub(Memory::new(), 0));
        for (n, step) in (0..).zip(steps.iter().chain([&Step::Compare])) {
            if matches!(step, Step::Reopen) {
                a = Replica::open(a.into_store(), schema()).unwrap();
                b = Replica::open(b.into_store(), schema()).unwrap();
            }
            let (one, other) = (answer(&mut a, &mut hub_a, step, n), answer(&mut b, &mut hub_b, step, n));
            prop_assert_eq!(one, other, "step {}: {:?}", n, step);
        }
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, steps)) => panic!("{why}\nafter {steps:#?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

#[test]
fn memory_agrees_with_itself() {
    agree(200, Memory::new, Memory::new);
}

#[test]
fn sqlite_agrees_with_the_model() {
    agree(250, Memory::new, on_disk);
}
