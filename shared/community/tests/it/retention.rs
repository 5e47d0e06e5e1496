//! How long what is kept.

use dwellers::access::Reason;
use dwellers::journal::{self, Entry};
use dwellers::passes::{self, Pass};
use dwellers::people::{self, Applicant, Application, PlaceKind};
use dwellers::privacy;
use dwellers::retention::{self, DAY_MS, Retention, Sweep};
use dwellers_replica::Query;

use crate::privacy::{journal, let_in};
use crate::village::{Node, Village, guest, pass, person, said};

fn entries(node: &Node) -> usize {
    node.view(|view| view.of::<Entry>().find(&Query::on("number").limit(1000))).unwrap().entries.len()
}

fn counts(node: &Node) -> Retention {
    node.view(|view| retention::retention(view, node.now.ms)).unwrap()
}

/// Forgets whatever is due; how many of which class.
fn forget_all(node: &mut Node) -> Vec<(String, u64)> {
    let mut all = Vec::new();
    loop {
        let kept = counts(node);
        let Some((counts, writes)) = node.judge(|ctx| retention::forget(ctx, &kept)).unwrap() else {
            return all;
        };
        node.commit(&writes).unwrap();
        all.extend(counts);
    }
}

#[test]
fn administrators_set_it_within_bounds_and_hubs_know_it() {
    let mut village = Village::new();
    let (olga, pyotr) = (village.olga, village.pyotr);
    let wanted = Retention { pictures_days: 7, journal_days: 90, ..Retention::default() };
    let denied = village.cloud.judge(|ctx| retention::set(ctx, &pyotr.acts(), &wanted));
    assert_eq!(said(denied), "this actor may not do that");
    for wrong in [
        Retention { pictures_days: 0, ..Retention::default() },
        Retention { pictures_days: 91, ..Retention::default() },
        Retention { pictures_days: 60, journal_days: 30, ..Retention::default() },
        Retention { journal_days: 1, ..Retention::default() },
        Retention { audit_days: 1, ..Retention::default() },
    ] {
        let denied = said(village.cloud.judge(|ctx| retention::set(ctx, &olga.acts(), &wrong)));
        assert!(denied.ends_with("_days: out-of-range"), "{denied}");
    }
    assert_eq!(counts(&village.hub), Retention::default());
    village.cloud.run(|ctx| retention::set(ctx, &olga.acts(), &wanted));
    village.talk();
    // What is shorter counts a week later; the longer at once.
    assert_eq!(counts(&village.hub), Retention::default());
    let longer = Retention { questions_days: 100, ..wanted.clone() };
    village.cloud.pass_time(DAY_MS);
    village.cloud.run(|ctx| retention::set(ctx, &olga.acts(), &longer));
    assert_eq!(counts(&village.cloud), Retention { questions_days: 100, ..Retention::default() });
    village.talk();
    village.hub.pass_time(8 * DAY_MS - 1);
    assert_eq!(counts(&village.hub).pictures_days, 30);
    village.hub.pass_time(1);
    assert_eq!(counts(&village.hub), longer);
    let again = Retention { pictures_days: 9, ..wanted };
    village.cloud.run(|ctx| retention::set(ctx, &olga.acts(), &again));
    village.cloud.pass_time(8 * DAY_MS);
    assert_eq!(counts(&village.cloud), again);
    // What somebody wrote past the bounds does not destroy what they protect, nor what is beside it.
    village.cloud.run(|ctx| {
        let before = ctx.view.of::<Retention>().get(Retention::ID)?.expect("it was set");
        let mut writes = dwellers_replica::Writes::new();
        writes.update(&before, |kept| kept.journal_days = 0);
        Ok(writes)
    });
    assert_eq!(counts(&village.cloud), Retention { journal_days: 30, ..again });
}

#[test]
fn the_journal_goes_everywhere_when_its_time_is_over() {
    let mut village = Village::new();
    let (anna, house) = (village.anna, village.houses[0]);
    village.cloud.run(|ctx| passes::issue(ctx, &anna.acts(), &pass(house, guest())));
    for _ in 0..3 {
        journal(&mut village.hub, let_in(Reason::Button, house));
    }
    village.hub.pass_time(100 * DAY_MS);
    journal(&mut village.hub, let_in(Reason::Button, house));
    village.talk();
    village.cloud.pass_time(365 * DAY_MS - 1);
    assert_eq!(forget_all(&mut village.cloud), []);
    village.cloud.pass_time(DAY_MS);
    // A gatehouse that has written nothing so late says nothing of its clock.
    assert_eq!(forget_all(&mut village.cloud), []);
    village.hub.pass_time(266 * DAY_MS);
    journal(&mut village.hub, let_in(Reason::Button, house));
    village.talk();
    assert_eq!(forget_all(&mut village.cloud), [("journal".to_owned(), 3)]);
    assert_eq!(forget_all(&mut village.cloud), [], "once");
    village.talk();
    assert_eq!((entries(&village.cloud), entries(&village.hub)), (2, 2));
    let hub = village.hub_id();
    assert_eq!(village.hub.view(|view| journal::check(view, hub)).unwrap().faults, []);
    // A pass stays until it is surely over.
    village.cloud.pass_time(40 * DAY_MS);
    village.hub.pass_time(40 * DAY_MS);
    journal(&mut village.hub, let_in(Reason::Button, house));
    village.talk();
    assert_eq!(forget_all(&mut village.cloud), [("passes".to_owned(), 1)]);
    assert!(
        village.cloud.view(|view| view.of::<Pass>().find(&Query::on("until"))).unwrap().entries.is_empty()
    );
}

#[test]
fn a_clock_that_is_years_ahead_takes_nothing_from_the_gatehouses() {
    let mut village = Village::new();
    let house = village.houses[0];
    journal(&mut village.hub, let_in(Reason::Button, house));
    village.talk();
    village.cloud.pass_time(4_000 * DAY_MS);
    assert_eq!(forget_all(&mut village.cloud), []);
    village.talk();
    journal(&mut village.hub, let_in(Reason::Button, house));
    assert_eq!(entries(&village.hub), 2);
}

#[test]
fn who_was_not_answered_is_refused_and_forgotten() {
    let mut village = Village::new();
    let (house, olga) = (village.houses[0], village.olga);
    let photo = "a".repeat(64);
    let applicant =
        |name: &str, phone: &str| Applicant { person: person(name, phone), kind: PlaceKind::Family };
    let waits = applicant("Вера", "+79160000099");
    let waiting = village.cloud.run(|ctx| people::apply_with_photo(ctx, house, &photo, &waits));
    let other = applicant("Глеб", "+79160000098");
    let decided = village.cloud.run(|ctx| people::apply_with_photo(ctx, house, &photo, &other));
    village.cloud.run(|ctx| people::refuse(ctx, &olga.acts(), decided, "не знаем"));
    let kept = Retention::default();
    let stale = |village: &Village| {
        let now_ms = village.cloud.now.ms;
        village.cloud.view(|view| retention::stale_applications(view, now_ms, &kept)).unwrap()
    };
    village.cloud.pass_time(30 * DAY_MS);
    assert_eq!(stale(&village), []);
    village.cloud.pass_time(1);
    let old = stale(&village);
    assert_eq!(old.len(), 2);
    assert!(old.iter().all(|old| old.blob == photo));
    let refused = village.cloud.judge(|ctx| retention::refuse_undecided(ctx, &old, "вышло время")).unwrap();
    village.cloud.commit(&refused.unwrap()).unwrap();
    village.cloud.run(|ctx| privacy::erase(ctx, &old));
    assert_eq!(village.cloud.view(people::open_applications).unwrap(), []);
    let verdict = village.cloud.view(|view| people::verdict(view, waiting)).unwrap().unwrap().value;
    assert_eq!((verdict.reason.as_str(), verdict.accepted), ("вышло время", None));
    let left = village.cloud.view(|view| view.of::<Application>().get(waiting)).unwrap().unwrap().value;
    assert_eq!((left.name.as_str(), left.phone.as_str(), left.house), ("", "", house));
    assert_eq!(stale(&village), []);
    let again = village.cloud.judge(|ctx| retention::refuse_undecided(ctx, &old, "вышло время")).unwrap();
    assert!(again.is_none(), "a decision is one");
}

#[test]
fn what_was_destroyed_is_written_down_by_whoever_did_it() {
    let mut village = Village::new();
    let destroyed = [("pictures".to_owned(), 3), ("journal".to_owned(), 0)];
    let swept = village.hub.judge(|ctx| retention::swept(ctx, destroyed.into())).unwrap().unwrap();
    village.hub.commit(&swept).unwrap();
    assert!(village.hub.judge(|ctx| retention::swept(ctx, [].into())).unwrap().is_none());
    village.talk();
    let sweeps = village.cloud.view(|view| view.of::<Sweep>().find(&Query::on("time"))).unwrap().entries;
    assert_eq!(sweeps.len(), 1);
    assert_eq!(sweeps[0].value.replica, village.hub_id());
    assert_eq!(sweeps[0].value.destroyed, [("pictures".to_owned(), 3)].into());
}
