//! What a house wants written down of its visitors.

use dwellers::access::Reason;
use dwellers::journal::{Entry, Kind};
use dwellers::texts::{Language, Texts};
use dwellers::visitor_log::{self, VisitorLog, may_see};
use dwellers::words::Words;
use dwellers::{passes, privacy};
use dwellers_replica::{Open, RecordId};

use crate::privacy::{journal, let_in};
use crate::village::{HOUR_MS, Village, guest, pass, said};

struct Story {
    village: Village,
    visitor: RecordId,
    passed: RecordId,
    resident: RecordId,
}

fn story() -> Story {
    let mut village = Village::new();
    let (anna, house) = (village.anna, village.houses[0]);
    let (grant, _) = village.cloud.run(|ctx| passes::issue(ctx, &anna.acts(), &pass(house, guest())));
    village.talk();
    let came = Entry { name: "Пётр".into(), grant: Some(grant), ..let_in(Reason::Pass, house) };
    let visitor = journal(&mut village.hub, came);
    let kind = Open::Known(Kind::Passed);
    let after = Entry {
        kind,
        about: Some(visitor),
        plate: "A123BC77".into(),
        house: Some(house),
        ..Entry::default()
    };
    let passed = journal(&mut village.hub, after);
    let own = Entry { person: Some(anna.person), note: "сама".into(), ..let_in(Reason::Button, house) };
    let resident = journal(&mut village.hub, own);
    village.talk();
    Story { village, visitor, passed, resident }
}

fn line(village: &Village, id: RecordId, owned: &[RecordId]) -> (String, String, String) {
    let (texts, now) = (Texts::new(Language::Ru), village.cloud.now);
    village.cloud.view(|view| {
        let words = Words::new(view, &texts, now).unwrap().for_owner(owned.to_vec());
        let entry = view.of::<Entry>().get(id).unwrap().unwrap().value;
        let line = words.line(id, &entry).unwrap();
        (line.name, line.plate, line.text)
    })
}

#[test]
fn the_owner_chooses_and_nobody_else() {
    let Story { mut village, .. } = story();
    let house = village.houses[0];
    let (anna, boris, olga, galina) = (village.anna, village.boris, village.olga, village.galina);
    let mut choose = |who: &dwellers::Actor| {
        said(village.cloud.judge(|ctx| visitor_log::choose(ctx, who, house, VisitorLog::Nothing)))
    };
    assert_eq!(choose(&boris.acts()), "this actor may not do that");
    assert_eq!(choose(&olga.acts()), "there is no such house");
    assert_eq!(choose(&galina.acts()), "there is no such house");
    assert_eq!(choose(&anna.acts()), "done");
    for (choice, others, owners) in [
        (VisitorLog::Keep, true, true),
        (VisitorLog::OwnersOnly, false, true),
        (VisitorLog::Nothing, false, false),
    ] {
        assert_eq!((may_see(choice, false), may_see(choice, true)), (others, owners));
    }
}

#[test]
fn who_came_is_shown_as_the_house_wants_it() {
    let Story { mut village, visitor, passed, resident } = story();
    let (house, anna) = (village.houses[0], village.anna);
    assert_eq!(line(&village, visitor, &[]).0, "Пётр");
    let text = line(&village, visitor, &[]).2;
    assert!(text.contains("Пётр"), "{text}");
    village.cloud.run(|ctx| visitor_log::choose(ctx, &anna.acts(), house, VisitorLog::OwnersOnly));
    assert_eq!(line(&village, visitor, &[]).0, "");
    assert!(!line(&village, visitor, &[]).2.contains("Пётр"));
    assert_eq!(line(&village, passed, &[]).1, "", "what followed from it, too");
    assert_eq!(line(&village, visitor, &[house]).0, "Пётр");
    village.cloud.run(|ctx| visitor_log::choose(ctx, &anna.acts(), house, VisitorLog::Nothing));
    assert_eq!(line(&village, visitor, &[house]).0, "");
    // Who belongs there is no visitor.
    let is_visit = |id| {
        village.cloud.view(|view| {
            let entry = view.of::<Entry>().get(id).unwrap().unwrap().value;
            visitor_log::is_visit(view, &entry).unwrap()
        })
    };
    assert_eq!([visitor, passed, resident].map(is_visit), [true, true, false]);
}

#[test]
fn whoever_keeps_the_gate_knows_who_stands_before_it() {
    let Story { mut village, visitor, .. } = story();
    let (house, anna, texts) = (village.houses[0], village.anna, Texts::new(Language::Ru));
    village.cloud.run(|ctx| visitor_log::choose(ctx, &anna.acts(), house, VisitorLog::Nothing));
    let told = |village: &Village, ms: u64| {
        village.cloud.view(|view| {
            let entry = view.of::<Entry>().get(visitor).unwrap().unwrap().value;
            let now = dwellers_replica::Now { ms: entry.at_ms + ms, trusted: true };
            let words = Words::new(view, &texts, now).unwrap();
            let elsewhere = words.line(visitor, &entry).unwrap();
            assert_eq!((elsewhere.name.as_str(), elsewhere.grant), ("", None), "nor by which pass");
            words.at_the_gate().line(visitor, &entry).unwrap().name
        })
    };
    assert_eq!(told(&village, HOUR_MS - 1), "Пётр");
    assert_eq!(told(&village, HOUR_MS), "");
}

#[test]
fn a_pass_that_is_over_names_nobody_where_nothing_is_kept() {
    let mut village = Village::new();
    let (house, anna) = (village.houses[0], village.anna);
    let (running, _) = village.cloud.run(|ctx| passes::issue(ctx, &anna.acts(), &pass(house, guest())));
    let (back, _) = village.cloud.run(|ctx| passes::issue(ctx, &anna.acts(), &pass(house, guest())));
    village.cloud.run(|ctx| passes::cancel(ctx, &anna.acts(), back, ""));
    let until_ms = village.cloud.view(|view| view.of::<passes::Pass>().get(running)).unwrap().unwrap();
    let until_ms = until_ms.value.validity.until_ms;
    let due = |village: &Village, now_ms: u64| -> Vec<RecordId> {
        let doomed = village.cloud.view(|view| visitor_log::visits(view, house, 0, now_ms)).unwrap();
        doomed.iter().map(|doomed| doomed.id).collect()
    };
    assert_eq!(due(&village, village.cloud.now.ms), []);
    assert_eq!(due(&village, village.cloud.now.ms + HOUR_MS), [back]);
    let mut both = due(&village, until_ms + HOUR_MS);
    both.sort();
    assert_eq!(both, [running, back]);
    // Whoever may not know who came is told of no pass that has ended.
    village.cloud.run(|ctx| visitor_log::choose(ctx, &anna.acts(), house, VisitorLog::OwnersOnly));
    let (texts, now) = (Texts::new(Language::Ru), village.cloud.now);
    village.cloud.view(|view| {
        let pass = view.of::<passes::Pass>().get(running).unwrap().unwrap().value;
        let name = |words: &Words<'_>, ended| words.seen_pass(&pass, ended).unwrap().name.clone();
        let (office, owner) =
            (Words::new(view, &texts, now).unwrap(), Words::new(view, &texts, now).unwrap());
        assert_eq!((name(&office, false), name(&office, true)), (pass.name.clone(), String::new()));
        assert_eq!(name(&owner.for_owner(vec![house]), true), pass.name);
    });
    let doomed = village.cloud.view(|view| visitor_log::visits(view, house, 0, until_ms + HOUR_MS)).unwrap();
    village.cloud.run(|ctx| privacy::erase(ctx, &doomed));
    assert_eq!(due(&village, until_ms + HOUR_MS), []);
}

#[test]
fn what_nobody_may_see_is_erased_once_the_visitor_is_through() {
    let Story { mut village, visitor, passed, resident } = story();
    let house = village.houses[0];
    let due = |village: &Village, since_ms: u64, now_ms: u64| -> Vec<RecordId> {
        let doomed = village.cloud.view(|view| visitor_log::visits(view, house, since_ms, now_ms)).unwrap();
        doomed.iter().map(|doomed| doomed.id).collect()
    };
    let now_ms = village.cloud.now.ms;
    assert_eq!(due(&village, 0, now_ms + HOUR_MS / 2), []);
    assert_eq!(due(&village, 0, now_ms + 2 * HOUR_MS), [passed, visitor]);
    assert_eq!(due(&village, now_ms + HOUR_MS, now_ms + 2 * HOUR_MS), []);
    let doomed =
        village.cloud.view(|view| visitor_log::visits(view, house, 0, now_ms + 2 * HOUR_MS)).unwrap();
    village.cloud.run(|ctx| privacy::erase(ctx, &doomed));
    village.talk();
    let kept = |id| village.hub.view(|view| view.of::<Entry>().get(id)).unwrap().unwrap().value;
    assert_eq!((kept(visitor).name.as_str(), kept(passed).plate.as_str()), ("", ""));
    assert_eq!(kept(resident).person, Some(village.anna.person));
    assert_eq!(due(&village, 0, now_ms + 2 * HOUR_MS), [], "once");
}
