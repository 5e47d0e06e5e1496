//! Reading: ranges of indexes in either direction, page by page, and searches.

use dwellers_replica::{Cursor, Direction, Memory, Open, Query, ReadError, Record, RecordId, Replica, Store};
use serde_json::json;

use crate::collections::{Color, Draft, Item, Place, Remark, older, schema};
use crate::lab::*;

/// Walks all pages of a query.
fn pages<T: Record, S: Store>(replica: &Replica<S>, query: &Query<'_>, limit: usize) -> Vec<RecordId> {
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..1000 {
        let query = query.clone().limit(limit).after(after);
        let page = replica.view(|view| view.of::<T>().find(&query)).unwrap().unwrap();
        assert!(page.entries.len() <= limit);
        found.extend(page.entries.iter().map(|entry| entry.id));
        match page.next {
            // A cursor is text on its way through a URL.
            Some(cursor) => after = Some(cursor.to_string().parse::<Cursor>().unwrap()),
            None => return found,
        }
        assert_eq!(page.entries.len(), limit, "only the last page is short");
    }
    panic!("pages without end");
}

fn weighed<S: Store>(make: impl Fn() -> S, weights: &[i64]) -> Replica<S> {
    let mut cloud = cloud(make());
    for (n, &weight) in (0..).zip(weights) {
        create(&mut cloud, at(n), id(n), &Remark { weight, about: Some(id(n % 3)), ..Remark::default() });
    }
    cloud
}

pub fn pages_in_both_directions<S: Store>(make: impl Fn() -> S) {
    // Equal keys: the record's id orders them, and a page may end between them.
    let cloud = weighed(make, &[5, -3, 5, 5, 0, 5, i64::MAX, i64::MIN, 5, 1]);
    let ascending: Vec<_> = [7, 1, 4, 9, 0, 2, 3, 5, 8, 6].map(id).into();
    let descending: Vec<_> = ascending.iter().rev().copied().collect();
    for limit in 1..=11 {
        let query = Query::on("weight");
        assert_eq!(pages::<Remark, S>(&cloud, &query, limit), ascending, "by {limit}");
        assert_eq!(
            pages::<Remark, S>(&cloud, &query.direction(Direction::Descending), limit),
            descending,
            "by {limit}"
        );
    }
    let all = cloud.view(|view| view.of::<Remark>().find(&Query::on("weight").limit(10))).unwrap().unwrap();
    assert_eq!(all.next, None, "a full last page promises no more");
}

pub fn ranges<S: Store>(make: impl Fn() -> S) {
    let cloud = weighed(make, &[0, 1, 2, 3, 4, 5]);
    let on = || Query::on("weight");
    let table = [
        ("from is included, below is not", on().from(2).below(4), vec![2, 3]),
        ("no upper bound", on().from(4), vec![4, 5]),
        ("no lower bound", on().below(2), vec![0, 1]),
        ("nothing between", on().from(3).below(3), vec![]),
        ("a range upside down", on().from(4).below(2), vec![]),
        ("a number that is not there", on().from(-10).below(0), vec![]),
        ("another kind of value sorts elsewhere", on().from("0"), vec![]),
        ("equal", on().equal(3), vec![3]),
    ];
    for (what, query, expected) in table {
        let expected: Vec<_> = expected.into_iter().map(id).collect();
        for limit in [1, 2, 100] {
            assert_eq!(pages::<Remark, S>(&cloud, &query, limit), expected, "{what}");
            let mut backwards =
                pages::<Remark, S>(&cloud, &query.clone().direction(Direction::Descending), limit);
            backwards.reverse();
            assert_eq!(backwards, expected, "{what}, backwards");
        }
    }
}

pub fn composite_prefixes<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    let table = [(Color::Red, 1), (Color::Green, 2), (Color::Red, 3), (Color::Blue, 1), (Color::Red, 2)];
    for (n, (color, count)) in (0..).zip(table) {
        create(&mut cloud, at(n), id(n), &Item { color: Open::Known(color), count, ..Item::default() });
    }
    let found = |query: Query<'_>| ids::<Item, S>(&cloud, &query);
    assert_eq!(found(Query::on("color").equal("red")), [id(0), id(4), id(2)]);
    assert_eq!(found(Query::on("color").equal("red").from(2)), [id(4), id(2)]);
    assert_eq!(found(Query::on("color").equal("red").below(2)), [id(0)]);
    assert_eq!(found(Query::on("color").equal("red").equal(3)), [id(2)]);
    assert_eq!(found(Query::on("color")), [id(3), id(1), id(0), id(4), id(2)]);
    assert_eq!(found(Query::on("color").from("green").below("red")), [id(1)]);
    assert_eq!(found(Query::on("color").equal("re")), [], "a beginning of a text is another text");
    let last = Query::on("color").equal("red").direction(Direction::Descending).limit(1);
    assert_eq!(found(last), [id(2)]);
}

pub fn nested_paths<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    for (n, (row, number)) in (0..).zip([("B", 1), ("A", 2), ("A", 10), ("Б", 1), ("", 0)]) {
        let place = Place { row: row.into(), number };
        create(&mut cloud, at(n), id(n), &Item { place, ..Item::default() });
    }
    assert_eq!(ids::<Item, S>(&cloud, &Query::on("place")), [4, 1, 2, 0, 3].map(id));
    assert_eq!(ids::<Item, S>(&cloud, &Query::on("place").equal("A").from(3)), [id(2)]);
}

/// An entry of an index goes with the value that it was made of, whoever changes it.
pub fn entries_follow_changes<S: Store>(make: impl Fn() -> S) {
    let (mut cloud, mut hub) = (cloud(make()), hub(make(), 0));
    for n in 0..3 {
        create(&mut cloud, at(n), id(n), &Item { label: format!("label {n}"), ..Item::default() });
    }
    catch_up(&mut cloud, &mut hub, at(4));
    update::<S, Item>(&mut hub, at(5), id(0), |item| item.label = "label 9".into());
    catch_up(&mut hub, &mut cloud, at(6));
    assert_eq!(ids::<Item, S>(&cloud, &Query::on("label")), [1, 2, 0].map(id));
    assert_eq!(ids::<Item, S>(&cloud, &Query::on("label").equal("label 0")), []);
    assert_eq!(searched::<Item, S>(&cloud, "label 0"), []);
    assert_eq!(searched::<Item, S>(&cloud, "label 9"), [id(0)]);

    // A fact that is replaced by its earlier write takes its entries along.
    create(&mut hub, at(2000), id(7), &Remark { weight: 2, text: "second".into(), about: None });
    create(&mut cloud, at(1000), id(7), &Remark { weight: 1, text: "first".into(), about: None });
    talk(&mut hub, &mut cloud, at(3000));
    for replica in [&cloud, &hub] {
        assert_eq!(ids::<Remark, S>(replica, &Query::on("weight").equal(1)), [id(7)]);
        assert_eq!(ids::<Remark, S>(replica, &Query::on("weight").equal(2)), []);
        assert_eq!(searched::<Remark, S>(replica, "second"), []);
        assert_eq!(searched::<Remark, S>(replica, "first"), [id(7)]);
    }
    assert_same(&mut cloud, &mut hub);
}

pub fn searches<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    let texts = [
        "А123ВС77",
        "Ёлка 100%",
        "a_b",
        "abc",
        "о'Нил \"q\"",
        "",
        "* AND NOT",
        "x\\y",
        "Straße",
        "東京",
        "ab\0cd",
    ];
    for (n, text) in (0..).zip(texts) {
        create(&mut cloud, at(n), id(n), &Remark { text: text.into(), ..Remark::default() });
    }
    create(
        &mut cloud,
        at(50),
        id(50),
        &Item { label: "front".into(), owner: "door".into(), ..Item::default() },
    );
    let table: &[(&str, &[u64])] = &[
        ("123", &[0]),
        ("а123вс77", &[0]),
        ("А1", &[0]),
        ("а", &[1, 0]),
        ("елка", &[1]),
        ("ЁЛКА", &[1]),
        ("0%", &[1]),
        ("%", &[1]),
        ("a_b", &[2]),
        ("_", &[2]),
        ("b", &[10, 3, 2]),
        ("bc", &[3]),
        ("'", &[4]),
        ("\"q", &[4]),
        ("*", &[6]),
        ("and not", &[6]),
        ("\\", &[7]),
        ("straße", &[8]),
        ("京", &[9]),
        ("東京", &[9]),
        ("b\0c", &[10]),
        ("abcd", &[]),
        ("no such thing", &[]),
        // A record without any text is not found by nothing.
        ("", &[10, 9, 8, 7, 6, 4, 3, 2, 1, 0]),
    ];
    for (fragment, expected) in table {
        let expected: Vec<_> = expected.iter().copied().map(id).collect();
        assert_eq!(searched::<Remark, S>(&cloud, fragment), expected, "{fragment:?}");
        for limit in [1, 2] {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = cloud.view(|v| v.of::<Remark>().search(fragment, after, limit)).unwrap().unwrap();
                found.extend(page.entries.iter().map(|entry| entry.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(found, expected, "{fragment:?} by {limit}");
        }
    }
    assert_eq!(searched::<Item, S>(&cloud, "DOO"), [id(50)], "each of the searched fields");
    assert_eq!(searched::<Item, S>(&cloud, "frontdoor"), [], "and none across two");
}

/// Questions that nobody should ask have answers all the same.
pub fn odd_questions<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    for (n, record) in [RecordId::MIN, RecordId::MAX, id(1)].into_iter().enumerate() {
        create(
            &mut cloud,
            at(1),
            record,
            &Remark { weight: n as i64, text: "odd".into(), ..Remark::default() },
        );
    }
    let none = cloud.view(|view| view.of::<Remark>().find(&Query::on("no_such"))).unwrap();
    assert!(matches!(none, Err(ReadError::NoIndex { collection: "remarks", .. })));
    assert_eq!(ids::<Remark, S>(&cloud, &Query::on("weight").equal(1).equal(1).equal(1)), []);
    assert_eq!(
        searched::<Remark, S>(&cloud, "odd"),
        [id(1), RecordId::MIN],
        "cursors count down from the greatest id"
    );
    for (cursor, direction) in [("", Direction::Ascending), ("ff", Direction::Descending)] {
        let query = Query::on("weight").direction(direction).after(Some(cursor.parse().unwrap()));
        assert_eq!(ids::<Remark, S>(&cloud, &query).len(), 3, "a cursor outside of everything");
    }
    for (cursor, direction) in [("", Direction::Descending), ("ff", Direction::Ascending)] {
        let query = Query::on("weight").direction(direction).after(Some(cursor.parse().unwrap()));
        assert_eq!(ids::<Remark, S>(&cloud, &query), []);
        let query = query.from(1).below(2);
        assert_eq!(ids::<Remark, S>(&cloud, &query), [], "nor beyond the range");
    }
    let first = RecordId::MIN.to_bytes().map(|byte| format!("{byte:02x}")).concat();
    for cursor in [first.as_str(), "ff", ""] {
        let page = cloud
            .view(|v| v.of::<Remark>().search("odd", Some(cursor.parse().unwrap()), 5))
            .unwrap()
            .unwrap();
        assert!(page.entries.len() <= 2);
    }
    for bad in ["a", "zz", "é", "0x"] {
        assert!(bad.parse::<Cursor>().is_err(), "{bad}");
    }
    assert_eq!(get::<Remark, S>(&cloud, id(12345)), None);
    let all = cloud.view(|view| view.of::<Remark>().find(&Query::on("weight").limit(0))).unwrap().unwrap();
    assert_eq!(all.entries.len(), 1, "a page holds at least one");
    assert_digest_true(&mut cloud);
}

/// A newer program finds indexes and texts of what an older one has kept.
pub fn a_schema_that_grows<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(Memory::new());
    let mut old = hub_with(make(), 0, older::schema());
    for n in 0..5 {
        let item = Item { label: format!("label {n}"), count: 10 - n as i64, ..Item::default() };
        create(&mut cloud, at(n), id(n), &item);
        create(
            &mut cloud,
            at(n),
            id(n + 10),
            &Remark { weight: 5 - n as i64, text: "Grün".into(), about: None },
        );
    }
    catch_up(&mut cloud, &mut old, at(20));
    assert_eq!(ids::<older::Item, S>(&old, &Query::on("label")), [0, 1, 2, 3, 4].map(id));
    let mut new = Replica::open(old.into_store(), schema()).unwrap();
    assert_eq!(ids::<Item, S>(&new, &Query::on("label")), [0, 1, 2, 3, 4].map(id));
    assert_eq!(ids::<Item, S>(&new, &Query::on("color").equal("red").from(8)), [2, 1, 0].map(id));
    assert_eq!(ids::<Remark, S>(&new, &Query::on("weight")), [14, 13, 12, 11, 10].map(id));
    assert_eq!(searched::<Remark, S>(&new, "grün").len(), 5);
    assert_eq!(searched::<Item, S>(&new, "label 3"), [id(3)]);
    create(&mut new, at(30), id(30), &Draft { rank: 1, ..Draft::default() });
    assert_eq!(ids::<Draft, S>(&new, &Query::on("rank").equal(json!(1))), [id(30)]);
    assert_same(&mut cloud, &mut new);
    // And back: an older program does not lose what it does not know.
    let mut old = Replica::open(new.into_store(), older::schema()).unwrap();
    assert_eq!(ids::<older::Item, S>(&old, &Query::on("label")).len(), 5);
    assert_same(&mut cloud, &mut old);
}

pub fn a_view_names_ids<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    create(&mut cloud, at(5_000), id(1), &Remark::default());
    let made = |now| cloud.view(|view| view.new_id(now, 7)).unwrap().unwrap();
    assert_eq!(made(at(9_000)), RecordId::new(START_MS + 9_000, 7));
    assert_eq!(made(at(0)), RecordId::new(START_MS + 5_000, 7), "a clock that fell back makes nothing old");
    assert_eq!(cloud.new_id(at(0), 7).unwrap(), made(at(0)));
    assert_eq!(cloud.view(|view| view.replica()).unwrap(), Ok(CLOUD));
}

/// A hub that writes nonsense hides nothing but that.
pub fn an_unreadable_record<S: Store>(make: impl Fn() -> S) {
    let mut cloud = cloud(make());
    for n in 1..=3 {
        create(&mut cloud, at(n), id(n), &Item { label: "same".into(), ..Item::default() });
    }
    let nonsense = [("label", "\"same\""), ("count", "\"many\"")];
    let nonsense = frame(&Item::SPEC, id(2), stamp(9, hub_id(0), 1), &nonsense);
    cloud.repair(from_hub(0), at(10), &nonsense).unwrap();
    cloud
        .view(|view| {
            let items = view.of::<Item>();
            for limit in [1, 2, 10] {
                let (mut after, mut read, mut unreadable) = (None, Vec::new(), Vec::new());
                loop {
                    let page = items.find(&Query::on("label").limit(limit).after(after)).unwrap();
                    read.extend(page.entries.iter().map(|entry| entry.id));
                    unreadable.extend(page.unreadable);
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                assert_eq!(read, [id(1), id(3)], "by {limit}");
                assert!(matches!(&unreadable[..], [(which, why)] if *which == id(2) && why.contains("many")));
            }
            let found = items.search("same", None, 10).unwrap();
            assert_eq!((found.entries.len(), found.unreadable.len()), (2, 1));
            assert!(matches!(items.get(id(2)), Err(ReadError::Unreadable { collection: "items", .. })));
        })
        .unwrap();
}
