//! The passes of a house, for those who may see them.

use dwellers::passes::{self, Standing, Terms, Which};
use dwellers::{Actor, people};
use dwellers_replica::RecordId;

use crate::village::{HOUR_MS, Resident, Village, guest, pass, said};

fn listed(village: &Village, who: Resident, house: RecordId, which: Which) -> Vec<RecordId> {
    let now = village.cloud.now;
    let page = village.cloud.view(|view| {
        let held = people::held(view, now, who.person).unwrap();
        passes::of_house(view, now, &held, house, which, None, 50)
    });
    page.unwrap().passes.into_iter().map(|(pass, _)| pass.id).collect()
}

#[test]
fn what_holds_and_what_is_past() {
    let mut village = Village::new();
    let Village { anna, nina, olga, pyotr, galina, houses: [twelve, ..], .. } = village;
    let issue = |village: &mut Village, terms: Terms| {
        let request = pass(twelve, terms);
        village.cloud.run(|ctx| passes::issue(ctx, &anna.acts(), &request)).0
    };
    let (short, long) = (issue(&mut village, Terms::Taxi { minutes: None }), issue(&mut village, guest()));
    let cancelled = issue(&mut village, guest());
    village.cloud.run(|ctx| passes::cancel(ctx, &anna.acts(), cancelled, ""));
    let all = |village: &Village, who: Resident| {
        [Which::Current, Which::Past].map(|which| listed(village, who, twelve, which))
    };
    let as_of_now = [vec![short, long], vec![cancelled]];
    for who in [anna, olga, pyotr] {
        assert_eq!(all(&village, who), as_of_now);
    }
    for who in [nina, galina] {
        assert_eq!(all(&village, who), [vec![], vec![]]);
    }
    village.cloud.pass_time(HOUR_MS);
    let mut past = all(&village, anna);
    past[1].sort();
    assert_eq!(past, [vec![long], vec![short, cancelled]]);
    let standing = |id| {
        let now_ms = village.cloud.now.ms;
        village.cloud.view(|view| passes::state(view, now_ms, id)).unwrap().standing()
    };
    let standings = [short, long, cancelled].map(standing);
    assert_eq!(standings, [Standing::Over, Standing::Holds, Standing::Revoked]);
}

#[test]
fn a_guard_issues_for_a_house_and_a_resident_for_their_own() {
    let mut village = Village::new();
    let Village { anna, olga, pyotr, nina, houses: [twelve, fourteen, _], .. } = village;
    let mut issue = |who: Actor, house| {
        said(village.cloud.judge(|ctx| passes::issue_for(ctx, &who, &pass(house, guest()))))
    };
    assert_eq!(issue(anna.acts(), twelve), "done");
    assert_eq!(issue(anna.acts(), fourteen), "there is no such house");
    assert_eq!(issue(pyotr.acts(), fourteen), "done");
    assert_eq!(issue(nina.acts(), twelve), "this actor may not do that");
    assert_eq!(issue(olga.acts(), twelve), "there is no such house");
}

#[test]
fn a_pass_is_cancelled_once_and_nothing_else_is() {
    let mut village = Village::new();
    let Village { anna, galina, pyotr, houses: [twelve, ..], .. } = village;
    let id = village.cloud.run(|ctx| passes::issue(ctx, &anna.acts(), &pass(twelve, guest()))).0;
    let mut cancel = |who: Resident, id| {
        said(village.cloud.attempt(|ctx| passes::cancel(ctx, &who.acts(), id, "не приедет")))
    };
    assert_eq!(cancel(galina, id), "there is no such pass");
    assert_eq!(cancel(anna, anna.grant), "there is no such pass");
    assert_eq!(cancel(pyotr, id), "done");
    assert_eq!(cancel(anna, id), "this pass has ended");
}

#[test]
fn a_house_remembers_whom_it_expected() {
    let mut village = Village::new();
    let Village { anna, houses: [twelve, ..], .. } = village;
    for name in ["Вера", "Пётр", "Вера"] {
        let request = passes::Request { name: name.into(), ..pass(twelve, guest()) };
        village.cloud.run(|ctx| passes::issue(ctx, &anna.acts(), &request));
        village.cloud.pass_time(1_000);
    }
    let remembered = |since_ms| {
        let visitors = village.cloud.view(|view| passes::visitors(view, twelve, since_ms)).unwrap();
        visitors.into_iter().map(|visitor| (visitor.name, visitor.passes)).collect::<Vec<_>>()
    };
    assert_eq!(remembered(0), [("Вера".to_owned(), 2), ("Пётр".to_owned(), 1)]);
    assert_eq!(remembered(village.cloud.now.ms), []);
}
