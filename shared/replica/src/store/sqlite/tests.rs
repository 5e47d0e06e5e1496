//! The store against the model, table by table: random transactions, some of which fail, and every read.

use std::borrow::Cow;
use std::fmt::{Debug, Write as _};

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::{Options, Sqlite};
use crate::delta::Walk;
use crate::row::{Field, Register, Row};
use crate::schema::{Declared, Index, Kind, Role, Shape, Spec, Writers};
use crate::stamp::{RecordId, Stamp, Time, Vector};
use crate::store::{Bucket, Direction, Head, Mark, Memory, Rows, Span, Store, StoreError, Table};

const COLLECTIONS: [&str; 3] = ["cars", "people", "pets"];
const INDEXES: [&str; 2] = ["by", "by_other"];
const IDS: [RecordId; 5] = [
    RecordId::MIN,
    RecordId::new(1_700_000_000_000, 0),
    RecordId::new(1_700_000_000_000, 1),
    RecordId::new((1 << 48) - 1, 0),
    RecordId::MAX,
];
const NUMBERS: [u64; 4] = [0, 1, 1 << 62, u64::MAX];
const ARRIVALS: [u64; 4] = [1, 2, 3, i64::MAX as u64];
const TEXTS: [&str; 5] = ["", "абв", "абвг\nгдабв", "a\0bcd \"x\" AND", "🚗🚙🚗🚙"];
const FRAGMENTS: [&str; 8] = ["", "б", "абв", "гд", "бвг\nг", "\0bc", "\"x\" a", "🚙🚗🚙"];
/// What must come back byte for byte, however a parser would write it.
const VALUES: [&str; 7] = [
    "null",
    "\"\"",
    "1.00000000000000000000010",
    "{\"b\": 1 ,\"a\":[ ]}",
    "\"\\u0041\\ud800\"",
    "1e999",
    "\"}\"",
];

#[derive(Clone, Debug)]
enum Change {
    Head(Head),
    Row(&'static str, RecordId, Row),
    Entry(&'static str, &'static str, Vec<u8>, bool),
    Text(&'static str, RecordId, Option<&'static str>),
    Arrival(u64, &'static str, RecordId, bool),
    Chain(Mark),
    Mark(RecordId, Mark),
    RemoveMark(RecordId, u64),
    Digest(Bucket, u128),
    Shape(Shape),
    Declare(&'static str, String),
}

fn any_id() -> impl Strategy<Value = RecordId> {
    select(&IDS)
}

fn any_collection() -> impl Strategy<Value = &'static str> {
    select(&COLLECTIONS)
}

fn any_stamp() -> impl Strategy<Value = Stamp> {
    let time = select(vec![
        Time::default(),
        Time::from_bits(1),
        Time::from_bits((1_700_000_000_000 << 16) | 0xffff),
        Time::CEILING,
    ]);
    (time, any_id(), select(&NUMBERS)).prop_map(|(time, replica, sequence)| Stamp { time, replica, sequence })
}

fn any_row() -> impl Strategy<Value = Row> {
    let name = select(vec!["name".to_owned(), "q\"\\\n".to_owned(), String::new(), "ё".to_owned()]);
    let field = (select(&VALUES), any_stamp(), select(&ARRIVALS))
        .prop_map(|(val, marker, arrival)| Field { register: Register { val: val.into(), marker }, arrival });
    (btree_map(name.clone(), field, 0..4), btree_set(name, 0..2))
        .prop_map(|(fields, erased)| Row { fields, erased })
}

fn any_key() -> impl Strategy<Value = Vec<u8>> {
    vec(select(&[0_u8, 1, 0x7f, 0xfe, 0xff]), 0..4)
}

fn any_mark(arrival: impl Strategy<Value = u64>) -> impl Strategy<Value = Mark> {
    (arrival, any::<u32>(), any::<[u8; 16]>()).prop_map(|(arrival, sequence, hash)| Mark {
        arrival,
        sequence: sequence.into(),
        hash,
    })
}

fn any_change() -> impl Strategy<Value = Change> {
    let head = (any_id(), any_stamp(), any_mark(select(&NUMBERS))).prop_map(|(replica, stamp, mark)| {
        let vector = Vector::from(crdts::Dot::new(stamp.replica, stamp.sequence));
        let (role, lineage, cursors) =
            (Role::Hub, vec![(replica, stamp.sequence)], [((replica, Walk::Urgent), mark)].into());
        let (seen, heard, forks) = (vector.clone(), vector.clone(), [(replica, stamp.sequence)].into());
        let head =
            Head { replica, role, lineage, mark, time: stamp.time, vector, seen, heard, forks, cursors };
        Change::Head(head)
    });
    let sums = select(&[1, u128::MAX, 1 << 127]);
    let buckets = (any_collection(), select(&[0, 1, u32::MAX]))
        .prop_map(|(collection, month)| Bucket { collection: collection.into(), month });
    let shapes = (
        any_collection(),
        select(&[Kind::Fact, Kind::Profile]),
        select(&[Writers::Any, Writers::Only(Role::Hub)]),
        any::<bool>(),
    );
    let shapes = shapes.prop_map(|(name, kind, writers, lasting)| {
        Change::Shape(Shape { name: name.into(), kind, writers, lasting, bulk: !lasting })
    });
    prop_oneof![
        head,
        (any_collection(), any_id(), any_row()).prop_map(|(c, id, row)| Change::Row(c, id, row)),
        (any_collection(), any_id(), any_row()).prop_map(|(c, id, row)| Change::Row(c, id, row)),
        (any_collection(), select(&INDEXES), any_key(), any::<bool>())
            .prop_map(|(c, index, key, put)| Change::Entry(c, index, key, put)),
        (any_collection(), any_id(), proptest::option::of(select(&TEXTS)))
            .prop_map(|(c, id, text)| Change::Text(c, id, text)),
        (select(&ARRIVALS), any_collection(), any_id(), any::<bool>())
            .prop_map(|(arrival, c, id, put)| Change::Arrival(arrival, c, id, put)),
        any_mark(select(&ARRIVALS)).prop_map(Change::Chain),
        (any_id(), any_mark(select(&NUMBERS))).prop_map(|(peer, mark)| Change::Mark(peer, mark)),
        (any_id(), select(&NUMBERS)).prop_map(|(peer, arrival)| Change::RemoveMark(peer, arrival)),
        (buckets, sums).prop_map(|(bucket, sum)| Change::Digest(bucket, sum)),
        shapes,
        (any_collection(), "[a-z]").prop_map(|(c, declaration)| Change::Declare(c, declaration)),
    ]
}

fn apply(rows: &mut dyn Table, change: &Change) -> Result<(), StoreError> {
    match change {
        Change::Head(head) => rows.set_head(head),
        Change::Row(collection, id, row) => rows.put_row(collection, *id, row),
        Change::Entry(collection, index, key, true) => rows.put_entry(collection, index, key),
        Change::Entry(collection, index, key, false) => rows.remove_entry(collection, index, key),
        Change::Text(collection, id, text) => rows.put_text(collection, *id, *text),
        Change::Arrival(arrival, collection, id, true) => rows.put_arrival(*arrival, collection, *id),
        Change::Arrival(arrival, collection, id, false) => rows.remove_arrival(*arrival, collection, *id),
        Change::Chain(mark) => rows.put_chain(mark),
        Change::Mark(peer, mark) => rows.put_mark(*peer, mark),
        Change::RemoveMark(peer, arrival) => rows.remove_mark(*peer, *arrival),
        Change::Digest(bucket, sum) => rows.add_digest(bucket, *sum),
        Change::Shape(shape) => rows.put_shape(shape),
        Change::Declare(collection, declaration) => {
            let indexes = &[Index { name: "by", on: &["name"] }];
            let spec = Spec { indexes, ..Spec::profile(collection) };
            let defaults = [("name", "\"\""), (declaration, "null"), ("q\"'\\", "\"q'\"")];
            let defaults = defaults.map(|(name, json)| (name.to_owned(), json.into())).into();
            rows.declare(&Declared { spec, defaults }, declaration)
        }
    }
}

/// Every answer that a store gives, as text.
fn told(rows: &dyn Rows) -> String {
    let mut text = String::new();
    let mut tell = |what: &dyn Debug| writeln!(text, "{what:?}").unwrap();
    tell(&rows.head().unwrap());
    tell(&(rows.digests().unwrap(), rows.shapes().unwrap()));
    let all_but = [&COLLECTIONS[..1], &COLLECTIONS[..], &["unheard_of"], &[]];
    for (after, without) in
        [0, 1, 2, i64::MAX as u64, u64::MAX - 1].into_iter().flat_map(|after| all_but.map(|w| (after, w)))
    {
        let without: Vec<_> = without.iter().map(|name| Cow::from(*name)).collect();
        tell(&rows.arrivals(after, &without, 7).unwrap());
        tell(&rows.arrivals(after, &without, usize::MAX).unwrap());
    }
    for number in ARRIVALS.into_iter().chain(NUMBERS) {
        tell(&rows.chain(number).unwrap());
    }
    for peer in IDS {
        tell(&rows.marks(peer).unwrap());
    }
    let bounds = [None, Some(vec![]), Some(vec![0]), Some(vec![1, 0xff]), Some(vec![0xff, 0xff])];
    for collection in COLLECTIONS.into_iter().chain(["unheard_of"]) {
        tell(&(rows.shape(collection).unwrap(), rows.declaration(collection).unwrap()));
        for first in IDS {
            tell(&rows.row(collection, first).unwrap());
            for limit in [1, usize::MAX] {
                tell(&rows.ids(collection, first, RecordId::MAX, limit).unwrap());
                tell(&rows.ids(collection, RecordId::MIN, first, limit).unwrap());
                for fragment in FRAGMENTS {
                    tell(&(fragment, rows.matches(collection, fragment, first, limit).unwrap()));
                }
            }
        }
        for index in INDEXES.into_iter().chain(["unheard_of"]) {
            for (low, high) in bounds.iter().flat_map(|low| bounds.iter().map(move |high| (low, high))) {
                // The rules never ask for less than nothing.
                if high.as_ref().is_some_and(|high| low.as_ref().is_some_and(|low| low > high)) {
                    continue;
                }
                for direction in [Direction::Ascending, Direction::Descending] {
                    let span = Span { low: low.clone(), high: high.clone(), direction };
                    tell(&rows.entries(collection, index, &span, usize::MAX).unwrap());
                    tell(&rows.entries(collection, index, &span, 2).unwrap());
                }
            }
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_store_and_the_model_agree(history in vec((vec(any_change(), 0..12), any::<bool>()), 1..10)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let (mut store, mut model) = (Sqlite::open(&path, Options::default()).unwrap(), Memory::new());
        let reader = store.reader().unwrap();
        for (changes, commits) in history {
            let run = |rows: &mut dyn Table| -> Result<String, StoreError> {
                for change in &changes {
                    apply(rows, change)?;
                }
                let inside = told(rows);
                if commits { Ok(inside) } else { Err(StoreError::Io("on purpose".into())) }
            };
            let (found, expected) = (store.write(run), model.write(run));
            prop_assert_eq!(found, expected);
            let expected = model.read(told).unwrap();
            prop_assert_eq!(&store.read(told).unwrap(), &expected);
            prop_assert_eq!(&reader.read(told).unwrap(), &expected);
        }
        store.verify().unwrap();
        drop((store, reader));
        let again = Sqlite::open(&path, Options::default()).unwrap();
        prop_assert_eq!(again.read(told).unwrap(), model.read(told).unwrap());
    }
}
