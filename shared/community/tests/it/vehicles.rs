//! Cars and cards of houses.

use dwellers::people::{self, Role};
use dwellers::rights::{self, Life};
use dwellers::{Actor, Context, cards, vehicles};
use dwellers_replica::{RecordId, Refusal};

use crate::village::{Village, said, semyon};

#[test]
fn a_house_has_a_plate_once() {
    let mut village = Village::new();
    let Village { anna, boris, nina, galina, olga, houses: [twelve, fourteen, _], .. } = village;
    let mut check = |who: &dwellers::Actor, house, plate: &str, expected: &str| {
        let added = village.cloud.attempt(|ctx| vehicles::add(ctx, who, house, plate, "Белая Нива"));
        assert_eq!(said(added), expected, "{plate}");
    };
    check(&anna.acts(), twelve, "а 123 вс 77", "done");
    check(&boris.acts(), twelve, "A123BC 77", "this vehicle is there already");
    check(&galina.acts(), fourteen, "А123ВС77", "plate: of-another-house");
    check(&boris.acts(), twelve, "Нива", "plate: not-a-plate");
    check(&boris.acts(), twelve, "А000ВС77", "plate: plate-number-zero");
    check(&boris.acts(), fourteen, "А124ВС77", "there is no such house");
    check(&nina.acts(), twelve, "А124ВС77", "this actor may not do that");
    check(&olga.acts(), twelve, "А124ВС77", "there is no such house");
    check(&semyon(), twelve, "А124ВС77", "this actor may not do that");
}

#[test]
fn nobody_enters_a_neighbours_car_as_their_own() {
    let mut village = Village::new();
    let Village { anna, galina, olga, houses: [twelve, fourteen, _], .. } = village;
    let (anna, galina) = (anna.acts(), galina);
    let by_anna = |ctx: &mut Context<'_>| vehicles::add(ctx, &anna, twelve, "А123ВС77", "");
    let by_galina = |ctx: &mut Context<'_>| vehicles::add(ctx, &galina.acts(), fourteen, "A 123 BC 77", "");
    let (first, late) = (village.cloud.judge(by_anna).unwrap(), village.cloud.judge(by_galina).unwrap());
    village.cloud.commit(&first.1).unwrap();
    assert!(matches!(village.cloud.commit(&late.1), Err(Refusal::Taken { .. })), "at once");
    assert_eq!(said(village.cloud.judge(by_galina)), "plate: of-another-house");

    // An administrator may say that it is both houses'.
    let role =
        village.cloud.run(|ctx| people::grant_role(ctx, &olga.acts(), galina.person, Role::Administrator));
    assert_eq!(said(village.cloud.judge(by_galina)), "done");
    village.cloud.run(|ctx| rights::revoke(ctx, &olga.acts(), role, ""));
    assert_eq!(said(village.cloud.judge(by_galina)), "plate: of-another-house");
    // It was sold to a neighbour.
    village.cloud.run(|ctx| vehicles::remove(ctx, &anna, first.0));
    assert_eq!(said(village.cloud.judge(by_galina)), "done");
}

#[test]
fn a_car_that_was_removed_can_come_back_as_another_grant() {
    let mut village = Village::new();
    let (anna, house) = (village.anna.acts(), village.houses[0]);
    let add = |ctx: &mut Context<'_>| vehicles::add(ctx, &anna, house, "А123ВС77", "");
    let (one, other) = (village.cloud.judge(add).unwrap(), village.cloud.judge(add).unwrap());
    village.cloud.commit(&one.1).unwrap();
    assert!(matches!(village.cloud.commit(&other.1), Err(Refusal::Taken { .. })), "at once");

    village.cloud.run(|ctx| rights::revoke(ctx, &anna, one.0, "Продали"));
    let (again, other) = (village.cloud.judge(add).unwrap(), village.cloud.judge(add).unwrap());
    village.cloud.commit(&again.1).unwrap();
    assert!(matches!(village.cloud.commit(&other.1), Err(Refusal::Taken { .. })), "at once again");
    let life = |grant| village.cloud.view(|view| rights::life(view, grant)).unwrap();
    assert_eq!((life(one.0), life(again.0)), (Life::Revoked, Life::Alive));
}

#[test]
fn a_house_has_not_too_many_cars() {
    let mut village = Village::new();
    let (anna, house) = (village.anna.acts(), village.houses[0]);
    let mut last = None;
    for n in 1..=vehicles::MAX_OF_A_HOUSE {
        let plate = format!("А{n:03}ВС77");
        last = Some(village.cloud.run(|ctx| vehicles::add(ctx, &anna, house, &plate, "")));
    }
    let add = |ctx: &mut Context<'_>| vehicles::add(ctx, &anna, house, "М999ММ77", "");
    assert_eq!(said(village.cloud.judge(add)), "house: too-many");
    village.cloud.run(|ctx| rights::revoke(ctx, &anna, last.unwrap(), ""));
    assert_eq!(said(village.cloud.judge(add)), "done");
}

#[test]
fn a_number_is_one_card_of_the_community() {
    let mut village = Village::new();
    let Village { olga, anna, boris, galina, houses: [twelve, fourteen, _], .. } = village;
    let check = |village: &mut Village, house, person, number: &str, expected: &str| {
        let added = village.cloud.attempt(|ctx| cards::add(ctx, &olga.acts(), house, person, number, ""));
        assert_eq!(said(added), expected, "{number}");
    };
    check(&mut village, twelve, Some(boris.person), "00:1a:2b:3c", "done");
    check(&mut village, fourteen, None, "001A2B3C", "this card is there already");
    check(&mut village, twelve, Some(galina.person), "001A2B3D", "there is no such person");
    check(&mut village, twelve, None, "001", "number: not-a-card");
    check(&mut village, twelve, None, "карта 12345", "done");
    check(&mut village, twelve, None, "GHIJKL", "number: not-a-card");
    check(&mut village, twelve, None, "", "number: empty");
    let by_anna = village.cloud.judge(|ctx| cards::add(ctx, &anna.acts(), twelve, None, "0001", ""));
    assert_eq!(said(by_anna), "this actor may not do that");

    let add = |ctx: &mut Context<'_>| cards::add(ctx, &olga.acts(), twelve, None, "FFFF", "");
    let (one, other) = (village.cloud.judge(add).unwrap(), village.cloud.judge(add).unwrap());
    village.cloud.commit(&one.1).unwrap();
    assert!(matches!(village.cloud.commit(&other.1), Err(Refusal::Taken { .. })), "at once");

    village.cloud.run(|ctx| rights::revoke(ctx, &anna.acts(), boris.grant, "Переехал"));
    check(&mut village, fourteen, Some(galina.person), "001A2B3C", "done");
    check(&mut village, fourteen, None, "001A2B3C", "this card is there already");
}

#[test]
fn a_car_is_removed_for_good() {
    let mut village = Village::new();
    let (house, anna, galina) = (village.houses[0], village.anna.acts(), village.galina.acts());
    let car = village.cloud.run(|ctx| vehicles::add(ctx, &anna, house, "А 123 ВС 77", ""));
    let remove = |village: &mut Village, who: &Actor, car| {
        said(village.cloud.attempt(|ctx| vehicles::remove(ctx, who, car)))
    };
    let living = |village: &Village| -> Vec<RecordId> {
        village.cloud.view(|view| vehicles::of_house(view, house)).unwrap().iter().map(|car| car.id).collect()
    };
    assert_eq!(living(&village), [car]);
    assert_eq!(remove(&mut village, &galina, car), "there is no such vehicle");
    let place = village.anna.grant;
    assert_eq!(remove(&mut village, &anna, place), "there is no such vehicle", "it is no car");
    assert_eq!(remove(&mut village, &anna, car), "done");
    assert_eq!(remove(&mut village, &anna, car), "this vehicle has ended");
    assert!(living(&village).is_empty());
}
