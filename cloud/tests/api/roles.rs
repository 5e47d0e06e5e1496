//! Roles.

use std::sync::Barrier;
use std::thread;

use dwellers::people::{PlaceKind, Role};
use serde_json::json;

use crate::town::Town;

#[test]
fn roles_are_given_and_taken_and_the_last_administrator_stays() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let (person, _) = village.resident("Иван", village.house("1"), PlaceKind::Owner);
    let ivan = town.as_person(&village, person);
    let roles = village.path("/roles");
    let grant = |role: &str| olga.post(&roles, &json!({ "person": person, "role": role }));
    ivan.post(&roles, &json!({ "person": person, "role": "administrator" })).is(403, "not-allowed");
    let guard = grant("guard").ok();
    assert_eq!((&guard["name"], &guard["by_name"]), (&json!("Иван"), &json!("Ольга")));
    grant("guard").is(409, "exists");
    grant("resident").is(422, "invalid");
    grant("king").is(422, "unexpected");
    olga.post(&roles, &json!({ "person": village.community.id, "role": "guard" })).is(404, "not-found");
    let listed = olga.get(&roles).ok()["roles"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let one = |role: &serde_json::Value| format!("{roles}/{}", role["id"].as_str().unwrap());
    let own = listed.as_array().unwrap().iter().find(|role| role["role"] == "administrator").unwrap();
    let refused = olga.delete(&one(own)).is(422, "invalid");
    assert_eq!(refused["detail"], "Role: this is the last administrator, appoint another one first");
    olga.delete(&one(&guard)).ok();
    assert_eq!(olga.delete(&one(&guard)).is(409, "ended")["detail"], "This role has been withdrawn already");
    assert_eq!(olga.get(&roles).ok()["roles"].as_array().unwrap().len(), 1);
    olga.delete(&format!("{roles}/{person}")).is(404, "not-found");
}

#[test]
fn the_last_two_administrators_do_not_leave_at_once() {
    let (town, village) = Town::founded();
    let both = [village.officer("Ольга", Role::Administrator), village.officer("Пётр", Role::Administrator)];
    let roles = village.path("/roles");
    let listed = town.as_person(&village, both[0]).get(&roles).ok()["roles"].clone();
    let leaving = both.map(|person| {
        let mut own = listed.as_array().unwrap().iter().filter(|role| role["person"] == person.to_string());
        (town.as_person(&village, person), own.next().unwrap()["id"].as_str().unwrap().to_owned())
    });
    let start = Barrier::new(2);
    let answers = thread::scope(|scope| {
        let threads = leaving.each_ref().map(|(browser, role)| {
            let (start, path) = (&start, format!("{roles}/{role}"));
            scope.spawn(move || {
                start.wait();
                browser.delete(&path).status
            })
        });
        threads.map(|thread| thread.join().unwrap())
    });
    let mut sorted = answers;
    sorted.sort_unstable();
    assert_eq!(sorted, [204, 422], "one leaves, the other stays");
}

#[test]
fn a_role_that_is_given_at_once_is_given_once() {
    let (town, village) = Town::founded();
    let olga = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let roles = village.path("/roles");
    let start = Barrier::new(8);
    for n in 0..5 {
        let person = village.person(&format!("Пётр {n}"));
        let body = json!({ "person": person, "role": "administrator" });
        let mut statuses = thread::scope(|scope| {
            let all: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        olga.post(&roles, &body).status
                    })
                })
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    }
}
