//! Schemas: what a newer program writes survives an older one, which edits the rest of the record, byte for byte.

use dwellers_replica::delta::{Change, Repair};
use dwellers_replica::{Kind, Memory, Open, Query, Record, RecordId, Replica, Shape, Writers};
use proptest::prelude::*;

use super::config;
use crate::collections::{Item, Remark, older, schema};
use crate::lab::*;

/// JSON as some other program prints it: numbers with more digits than ours hold, keys in odd orders, spaces.
fn values() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|b| b.to_string()),
        "-?[1-9][0-9]{0,40}",
        "-?[1-9][0-9]{0,5}\\.[0-9]{1,30}",
        "[1-9]\\.[0-9]{1,3}[eE][+-]?[0-9]{1,2}",
        Just("-0.0".to_owned()),
        "\"[a-zA-Zа-яё ]{0,8}\"",
        Just(r#""\u0041\/\ud83d\ude97\n""#.to_owned()),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let name = prop_oneof![Just("b"), Just("a"), Just("zz"), Just("Ё"), Just("")];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec((name, inner), 0..4).prop_map(|fields| {
                let fields: Vec<_> =
                    fields.iter().map(|(name, value)| format!("\"{name}\" :{value}")).collect();
                format!("{{ {} }}", fields.join(","))
            }),
        ]
    })
}

fn unheard_of() -> Shape {
    Shape {
        name: "unheard_of".into(),
        kind: Kind::Profile,
        writers: Writers::Any,
        lasting: false,
        bulk: false,
    }
}

/// A frame of a program that is newer than all of ours.
fn newer(shape: Shape, record: RecordId, sequence: u64, fields: &[(&str, &str)]) -> Repair {
    let mut repair = frame(&Item::SPEC, record, stamp(5, hub_id(3), sequence), fields);
    repair.shape = shape;
    repair
}

/// The bytes that a replica holds of a field.
fn bytes(replica: &mut Replica<Memory>, collection: &str, field: &str) -> Option<String> {
    fields(replica).remove(&(collection.to_owned(), id(1), field.to_owned())).map(|(_, value)| value)
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn what_is_unknown_survives_an_older_program(
        extra in values(), unknown in values(), fact in values(), color in "[a-z]{6,9}", label in "[a-z]{1,5}",
    ) {
        let color = format!("\"{color}\"");
        let frames = [
            newer(shape(&Item::SPEC), id(1), 1, &[
                ("label", "\"first\""), ("color", &color), ("extra", &extra), ("odd \"name\"", &unknown), ("count", "7"),
            ]),
            newer(shape(&Remark::SPEC), id(1), 2, &[("text", "\"t\""), ("extra", &fact)]),
            newer(unheard_of(), id(1), 3, &[("anything", &unknown), ("extra", &extra)]),
        ];
        let mut old_cloud = cloud_with(Memory::new(), older::schema());
        for frame in &frames {
            old_cloud.repair(from_hub(3), at(6), frame).unwrap();
        }
        // It reads what it knows, and what it writes is that alone.
        let item = get::<older::Item, Memory>(&old_cloud, id(1)).unwrap();
        prop_assert_eq!((&*item.value.label, item.value.color.known().is_none()), ("first", true));
        write(&mut old_cloud, at(7), |w| w.update(&item, |item| item.label = label.clone()));
        let label_stamp = get::<older::Item, Memory>(&old_cloud, id(1)).unwrap().stamp;
        let held = fields(&mut old_cloud);
        assert!(held.iter().all(|((of, _, name), (stamp, _))| {
            of != "items" || (name == "label" && label != "first") == (*stamp == label_stamp)
        }));
        // An edit of the enum to what it knows is an edit; setting it to what it was is none.
        let item = get::<older::Item, Memory>(&old_cloud, id(1)).unwrap();
        let kept = item.value.color.clone();
        write(&mut old_cloud, at(8), |w| w.update(&item, |item| item.color = kept));

        // Back to a newer one: by a catch-up, and by an update of the program on the same disk.
        let mut new = hub(Memory::new(), 0);
        catch_up(&mut old_cloud, &mut new, at(9));
        let mut updated = Replica::open(old_cloud.store().crashed(), schema()).unwrap();
        // And from there through one more old one.
        let mut old_again = Replica::open(new.store().crashed(), older::schema()).unwrap();
        for replica in [&mut old_cloud, &mut new, &mut updated, &mut old_again] {
            let table = [
                ("items", "color", &color), ("items", "extra", &extra), ("items", "odd \"name\"", &unknown),
                ("remarks", "extra", &fact), ("unheard_of", "anything", &unknown), ("unheard_of", "extra", &extra),
            ];
            for (collection, field, value) in table {
                assert_eq!(bytes(replica, collection, field).as_ref(), Some(value), "{collection}.{field}");
            }
            assert_digest_true(replica);
        }
        let item = get::<Item, Memory>(&new, id(1)).unwrap().value;
        prop_assert_eq!((item.label, item.count), (label, 7));
        prop_assert!(matches!(item.color, Open::Unknown(_)));
        prop_assert_eq!(searched::<Remark, Memory>(&updated, "t"), [id(1)]);
        prop_assert_eq!(ids::<Item, Memory>(&updated, &Query::on("color").equal(serde_json::from_str::<String>(&color).unwrap())), [id(1)]);
    }

    /// An older program destroys what a newer one calls personal.
    #[test]
    fn an_older_program_erases_what_it_does_not_know(phone in values(), first: bool) {
        let mut new = cloud(Memory::new());
        let mut old = hub_with(Memory::new(), 0, older::schema());
        catch_up(&mut new, &mut old, at(1));
        let record = newer(shape(&Item::SPEC), id(1), 1, &[("label", "\"x\""), ("phone", &phone), ("owner", "\"o\"")]);
        if first {
            old.repair(FROM_CLOUD, at(6), &record).unwrap();
        }
        write(&mut new, at(7), |w| w.erase::<Item>(id(50), id(1)));
        catch_up(&mut new, &mut old, at(8));
        old.repair(FROM_CLOUD, at(9), &record).unwrap();
        prop_assert_eq!((bytes(&mut old, "items", "phone"), bytes(&mut old, "items", "owner")), (None, None));
        prop_assert!(bytes(&mut old, "items", "label").is_some());
        assert_digest_true(&mut old);
    }
}

/// A value of an enum that grew, through each step by hand: read, kept, edited around, and known again.
#[test]
fn a_value_of_a_newer_enum() {
    let (mut new, mut old) = (hub(Memory::new(), 0), cloud_with(Memory::new(), older::schema()));
    let blue = Item { color: Open::Known(crate::collections::Color::Blue), ..Item::default() };
    create(&mut new, at(1), id(1), &blue);
    create(&mut new, at(2), id(2), &crate::collections::Reading { value: 5 });
    catch_up(&mut new, &mut old, at(3));
    update::<_, older::Item>(&mut old, at(4), id(1), |item| item.label = "edited".into());
    catch_up(&mut old, &mut new, at(5));
    assert_eq!(get::<Item, _>(&new, id(1)).unwrap().value, Item { label: "edited".into(), ..blue });
    assert_same(&mut old, &mut new);
    // What an old cloud must not write it cannot be made to write by a frame either.
    let forged = Change {
        record: id(3),
        stamp: stamp(6, CLOUD, 999),
        shape: 0,
        fields: vec![("value".into(), "1".into())],
    };
    let forged = Repair { shape: shape(&crate::collections::Reading::SPEC), changes: vec![forged] };
    assert!(new.repair(FROM_CLOUD, at(7), &forged).is_err());
}
