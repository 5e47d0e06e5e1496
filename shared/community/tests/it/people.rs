//! The community, houses, persons, places, roles and applications.

use dwellers::people::{
    self, Applicant, Becoming, Capacity, Community, Invitee, Permission, PlaceKind, Role, held, may, may_in,
};
use dwellers::{Actor, Context, rights};
use dwellers_replica::{RecordId, Refusal};

use crate::village::{CODE_KEY, Node, Village, person, said, semyon};

const PHOTO: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[test]
fn a_community_is_founded_once_and_makes_sense() {
    let mut village = Village::new();
    let good = village.cloud.view(people::community).unwrap().value;
    let found = |ctx: &mut Context<'_>| people::found(ctx, &Actor::Operator, &good);
    assert_eq!(said(village.cloud.judge(found)), "this community is there already");

    let check = |village: &mut Village, change: fn(&mut Community), expected: &str| {
        let mut community = good.clone();
        change(&mut community);
        let olga = village.olga.acts();
        assert_eq!(said(village.cloud.judge(|ctx| people::update(ctx, &olga, &community))), expected);
    };
    check(&mut village, |c| c.time_zone = "Asia/Yekaterinburg".into(), "done");
    check(&mut village, |c| c.time_zone = "Europe/Sosnovka".into(), "time_zone: not-a-time-zone");
    check(&mut village, |c| c.time_zone.clear(), "time_zone: not-a-time-zone");
    check(&mut village, |c| c.language = "de".into(), "language: not-a-language");
    check(&mut village, |c| c.currency = "EUR".into(), "done");
    check(&mut village, |c| c.currency = "rub".into(), "currency: not-a-currency");
    check(&mut village, |c| c.country = "XX".into(), "country: not-a-country");
    check(&mut village, |c| c.country = "RU AF".into(), "country: not-a-country");
    check(&mut village, |c| c.name = "  ".into(), "name: empty");
    check(&mut village, |c| c.name = "я".repeat(81), "name: too-long");
    check(&mut village, |c| c.name = "Сос\nновка".into(), "name: unprintable");
}

#[test]
fn the_table_of_permissions() {
    use Permission as P;
    let everybody = Capacity::ALL;
    let check = |permission: P, expected: &[Capacity]| {
        let able: Vec<_> = everybody.into_iter().filter(|capacity| capacity.may(permission)).collect();
        assert_eq!(able, expected, "{permission:?}");
    };
    use Capacity::{Administrator, Family, Guard, Operator, Owner, Staff, Tenant};
    check(P::OpenGates, &[Owner, Family, Tenant, Staff, Guard, Administrator]);
    check(P::IssuePass, &[Owner, Family, Tenant]);
    check(P::AnswerQuestion, &[Owner, Family, Tenant]);
    check(P::AddVehicle, &[Owner, Family, Tenant]);
    check(P::Invite, &[Owner, Tenant]);
    check(P::RevokeInHouse, &[Owner]);
    check(P::ChooseVisitorLog, &[Owner]);
    check(P::OpenAnyGate, &[Guard, Administrator]);
    check(P::SeeExpected, &[Guard, Administrator]);
    check(P::IssueForHouse, &[Guard]);
    check(P::AskHouse, &[Guard]);
    check(P::TakeAnswer, &[Guard]);
    check(P::RevokePasses, &[Guard, Administrator]);
    check(P::ManageCommunity, &[Administrator, Operator]);
    check(P::ManageHouses, &[Administrator, Operator]);
    check(P::ManagePeople, &[Administrator, Operator]);
    check(P::ManageRoles, &[Administrator, Operator]);
    check(P::DecideApplications, &[Administrator]);
    check(P::Ban, &[Administrator]);
    check(P::ManageCards, &[Administrator]);
    check(P::RevokeAny, &[Administrator]);
}

#[test]
fn rights_come_from_living_grants_of_nobody_banned() {
    let mut village = Village::new();
    let Village { anna, boris, nina, olga, houses: [twelve, fourteen, _], .. } = village;
    let can = |village: &Village, who: &Actor, house: RecordId| {
        let now = village.cloud.now;
        village.cloud.view(|view| may_in(view, now, who, house, Permission::IssuePass)).unwrap()
    };
    assert!(can(&village, &anna.acts(), twelve) && can(&village, &boris.acts(), twelve));
    assert!(!can(&village, &anna.acts(), fourteen), "not in another's house");
    assert!(!can(&village, &nina.acts(), twelve), "staff issue no passes");
    assert!(!can(&village, &olga.acts(), twelve), "an administrator has no house by that");
    let anywhere = |village: &Village, who: &Actor, permission| {
        let now = village.cloud.now;
        village.cloud.view(|view| may(view, now, who, permission)).unwrap()
    };
    assert!(anywhere(&village, &nina.acts(), Permission::OpenGates));
    assert!(anywhere(&village, &semyon(), Permission::AskHouse));
    assert!(!anywhere(&village, &Actor::Operator, Permission::Ban));

    let whom = rights::Whom::Person(anna.person);
    let until = Some(village.cloud.now.ms + 1_000);
    village.cloud.run(|ctx| rights::ban(ctx, &olga.acts(), &whom, "Проверка", until));
    for banned in [anna, boris, nina] {
        let now = village.cloud.now;
        let held = village.cloud.view(|view| held(view, now, banned.person)).unwrap();
        assert_eq!(held, [], "a ban takes what stands under the banned along");
    }
    village.cloud.pass_time(1_000);
    assert!(can(&village, &boris.acts(), twelve), "the ban has ended");
    village.cloud.now.trusted = false;
    assert!(!can(&village, &boris.acts(), twelve), "nothing vouches for the time: it has not");
}

#[test]
fn labels_of_houses_are_unique_as_people_read_them() {
    let mut village = Village::new();
    let olga = village.olga.acts();
    let check = |village: &mut Village, label: &str, expected: &str| {
        let said = said(village.cloud.attempt(|ctx| people::add_house(ctx, &olga, label, "")));
        assert_eq!(said, expected, "{label:?}");
    };
    let taken = "this house is there already";
    check(&mut village, "16А", "done");
    check(&mut village, "16A", taken);
    check(&mut village, " 16 а", taken);
    check(&mut village, "16/1", "done");
    check(&mut village, "16-1", "done");
    check(&mut village, "лесная  4", taken);
    check(&mut village, "Лёсная 4", taken);
    check(&mut village, "Лесная 5", "done");
    check(&mut village, "", "label: empty");

    let [twelve, ..] = village.houses;
    let rename = |village: &mut Village, label: &str| {
        said(village.cloud.attempt(|ctx| people::rename_house(ctx, &olga, twelve, label, "Синие ворота")))
    };
    assert_eq!(rename(&mut village, "14"), taken);
    assert_eq!(rename(&mut village, "12 "), "done", "its own label is no other house's");
    assert_eq!(rename(&mut village, "12Б"), "done");
    check(&mut village, "12", "done");
    let anna = village.anna.acts();
    let denied = village.cloud.judge(|ctx| people::add_house(ctx, &anna, "99", ""));
    assert_eq!(said(denied), "this actor may not do that");
}

#[test]
fn two_administrators_at_once_cannot_make_one_house_twice() {
    let mut village = Village::new();
    let olga = village.olga.acts();
    let add = |cloud: &mut Node, label: &str| {
        cloud.judge(|ctx| people::add_house(ctx, &olga, label, "")).unwrap().1
    };
    let (one, other) = (add(&mut village.cloud, "20 А"), add(&mut village.cloud, "20a"));
    village.cloud.commit(&one).unwrap();
    assert!(matches!(village.cloud.commit(&other), Err(Refusal::Taken { .. })));
}

#[test]
fn persons_are_kept_in_order() {
    let mut village = Village::new();
    let (olga, anna) = (village.olga.acts(), village.anna);
    let phone = |village: &mut Village, typed: &str| {
        let added = village.cloud.attempt(|ctx| people::add_person(ctx, &olga, &person("Кто-то", typed)));
        added.map(|id| {
            let entry = village.cloud.view(|view| view.of::<people::Person>().get(id));
            entry.unwrap().unwrap().value.phone
        })
    };
    let table = [
        ("+7 (916) 123-45-67", "+79161234567"),
        ("8 916 123 45 67", "+79161234567"),
        ("+49 30 1234567", "+49301234567"),
        ("", ""),
    ];
    for (typed, expected) in table {
        assert_eq!(phone(&mut village, typed).unwrap(), expected, "{typed:?}");
    }
    for typed in ["9161234567", "+0123456789", "+7916abc4567", "+12", "+1234567890123456"] {
        assert_eq!(said(phone(&mut village, typed)), "phone: not-a-phone", "{typed:?}");
    }
    let mut edit = |actor: &Actor, id: RecordId| {
        said(village.cloud.attempt(|ctx| people::edit_person(ctx, actor, id, &person("Анна Петровна", ""))))
    };
    assert_eq!(edit(&anna.acts(), anna.person), "done");
    assert_eq!(edit(&anna.acts(), village.boris.person), "this actor may not do that");
    assert_eq!(edit(&olga, village.boris.person), "done");
    assert_eq!(edit(&olga, RecordId::new(1, 1)), "there is no such person");
}

#[test]
fn who_invites_whom() {
    let mut village = Village::new();
    let [twelve, fourteen, empty] = village.houses;
    let Village { anna, boris, nina, timur, olga, galina, .. } = village;
    let mut check = |who: &Actor, house: RecordId, kind: PlaceKind, expected: &str| {
        let invitee = Invitee::New(person("Гость", ""));
        let said = said(village.cloud.judge(|ctx| people::invite(ctx, who, house, &invitee, kind)));
        assert_eq!(said, expected, "{who:?} {kind:?}");
    };
    let (no, nowhere) = ("this actor may not do that", "there is no such house");
    for kind in [PlaceKind::Family, PlaceKind::Tenant, PlaceKind::Staff] {
        check(&anna.acts(), twelve, kind, "done");
        check(&timur.acts(), fourteen, kind, "done");
        check(&boris.acts(), twelve, kind, no);
        check(&nina.acts(), twelve, kind, no);
        check(&anna.acts(), fourteen, kind, nowhere);
        check(&olga.acts(), twelve, kind, nowhere);
        check(&semyon(), twelve, kind, no);
    }
    check(&anna.acts(), twelve, PlaceKind::Owner, no);

    // Nobody of another house is made one of this without being asked; whoever lives in it may be something else, too.
    let foreign = Invitee::Known(galina.person);
    let said_of =
        village.cloud.judge(|ctx| people::invite(ctx, &anna.acts(), twelve, &foreign, PlaceKind::Family));
    assert_eq!(said(said_of), "there is no such person");
    let known = Invitee::Known(nina.person);
    let again = |ctx: &mut Context<'_>| people::invite(ctx, &anna.acts(), twelve, &known, PlaceKind::Family);
    village.cloud.run(again);
    assert_eq!(said(village.cloud.judge(again)), "this place is there already");
    let settle =
        |ctx: &mut Context<'_>| people::settle(ctx, &anna.acts(), anna.person, empty, PlaceKind::Owner);
    assert_eq!(said(village.cloud.judge(settle)), no);
}

#[test]
fn a_household_is_not_invited_without_end() {
    let mut village = Village::new();
    let (house, mut host) = (village.houses[0], village.anna.acts());
    let mut depth = 1;
    let refused = loop {
        let invitee = Invitee::New(person("Съёмщик", ""));
        let invited =
            village.cloud.attempt(|ctx| people::invite(ctx, &host, house, &invitee, PlaceKind::Tenant));
        match invited {
            Ok((person, _)) => host = Actor::Person(person),
            Err(denied) => break denied.to_string(),
        }
        depth += 1;
        assert!(depth <= rights::MAX_DEPTH);
    };
    assert_eq!(refused, "house: too-many");
    let plate = |ctx: &mut Context<'_>| dwellers::vehicles::add(ctx, &host, house, "А123ВС77", "");
    let car = village.cloud.run(plate);
    let life = village.cloud.view(|view| rights::life(view, car)).unwrap();
    assert_eq!(life, rights::Life::Alive, "the last who was invited has what a tenant has");
}

#[test]
fn a_house_has_so_many_people_and_no_more() {
    let mut village = Village::new();
    let (house, anna) = (village.houses[0], village.anna.acts());
    let invitee = Invitee::New(person("Гость", ""));
    let mut invited = Vec::new();
    let refused = loop {
        let guest = |ctx: &mut Context<'_>| people::invite(ctx, &anna, house, &invitee, PlaceKind::Staff);
        match village.cloud.attempt(guest) {
            Ok((_, place)) => invited.push(place),
            Err(denied) => break denied.to_string(),
        }
        village.cloud.now.ms += 2 * 3_600_000;
    };
    // Анна, Борис and Нина live there.
    assert_eq!((refused.as_str(), invited.len()), ("house: too-many", people::MAX_OF_A_HOUSE - 3));
    village.cloud.run(|ctx| rights::revoke(ctx, &anna, invited[0], ""));
    village.cloud.run(|ctx| people::invite(ctx, &anna, house, &invitee, PlaceKind::Staff));
}

#[test]
fn a_house_invites_so_many_a_day_whoever_of_them_is_still_there() {
    let mut village = Village::new();
    let (house, anna) = (village.houses[0], village.anna.acts());
    let invitee = Invitee::New(person("Гость", ""));
    let guest = |ctx: &mut Context<'_>| people::invite(ctx, &anna, house, &invitee, PlaceKind::Staff);
    village.cloud.now.ms += 48 * 3_600_000;
    for _ in 0..people::MAX_INVITED_A_DAY {
        let (_, place) = village.cloud.run(guest);
        village.cloud.run(|ctx| rights::revoke(ctx, &anna, place, ""));
    }
    assert_eq!(said(village.cloud.judge(guest)), "house: too-many");
    village.cloud.now.ms += 25 * 3_600_000;
    village.cloud.run(guest);
}

#[test]
fn an_invitation_does_not_outrun_the_end_of_the_hosts_place() {
    let mut village = Village::new();
    let (house, galina, timur) = (village.houses[1], village.galina, village.timur);
    let invitee = Invitee::New(person("Гость", ""));
    let invited = village
        .cloud
        .judge(|ctx| people::invite(ctx, &timur.acts(), house, &invitee, PlaceKind::Staff))
        .unwrap();
    village.cloud.run(|ctx| rights::revoke(ctx, &galina.acts(), timur.grant, "Съехал"));
    assert!(matches!(village.cloud.commit(&invited.2), Err(Refusal::Taken { .. })));
}

#[test]
fn roles_are_given_and_the_last_administrator_stays() {
    let mut village = Village::new();
    let (olga, anna) = (village.olga, village.anna);
    let grant = |village: &mut Village, who: &Actor, whom: RecordId, role: Role| {
        village.cloud.attempt(|ctx| people::grant_role(ctx, who, whom, role))
    };
    let no = "this actor may not do that";
    assert_eq!(said(grant(&mut village, &anna.acts(), anna.person, Role::Administrator)), no);
    assert_eq!(said(grant(&mut village, &olga.acts(), anna.person, Role::Resident)), "role: not-a-role");
    let last = "role: last-administrator";
    let revoke = |village: &mut Village, who: &Actor, role: RecordId| {
        village.cloud.judge(|ctx| rights::revoke(ctx, who, role, ""))
    };
    assert_eq!(said(revoke(&mut village, &olga.acts(), olga.grant)), last);
    assert_eq!(said(revoke(&mut village, &Actor::Operator, olga.grant)), "done");
    let whom = rights::Whom::Person(olga.person);
    let ban = |ctx: &mut Context<'_>| rights::ban(ctx, &olga.acts(), &whom, "Сама себя", None);
    assert_eq!(said(village.cloud.judge(ban)), last);

    grant(&mut village, &olga.acts(), anna.person, Role::Administrator).unwrap();
    let again = grant(&mut village, &olga.acts(), anna.person, Role::Administrator);
    assert_eq!(said(again), "this role is there already");
    assert_eq!(said(revoke(&mut village, &olga.acts(), olga.grant)), "done");
    assert_eq!(said(village.cloud.judge(ban)), "done");
}

#[test]
fn the_last_two_administrators_cannot_leave_at_once() {
    for (first, then) in [(0, 1), (1, 0), (2, 1), (1, 2)] {
        let mut village = Village::new();
        let (olga, anna, cloud) = (village.olga, village.anna, &mut village.cloud);
        let grant =
            |ctx: &mut Context<'_>| people::grant_role(ctx, &olga.acts(), anna.person, Role::Administrator);
        let annas = cloud.run(grant);
        let whom = rights::Whom::Person(olga.person);
        let leaving = [
            cloud.judge(|ctx| rights::revoke(ctx, &olga.acts(), olga.grant, "")).unwrap(),
            cloud.judge(|ctx| rights::revoke(ctx, &anna.acts(), annas, "")).unwrap(),
            cloud.judge(|ctx| rights::ban(ctx, &anna.acts(), &whom, "Ссора", None)).unwrap().1,
        ];
        cloud.commit(&leaving[first]).unwrap();
        let refused = matches!(cloud.commit(&leaving[then]), Err(Refusal::Taken { .. }));
        assert!(refused, "{first} before {then}");
    }
}

#[test]
fn a_house_code_is_typed_by_people_and_ends_with_the_next() {
    let mut village = Village::new();
    let (olga, house) = (village.olga.acts(), village.houses[2]);
    let issue =
        |village: &mut Village| village.cloud.run(|ctx| people::issue_code(ctx, &olga, house, &CODE_KEY));
    let applicant = Applicant { person: person("Зоя", "+79161234567"), kind: PlaceKind::Owner };
    let apply = |village: &mut Village, key: &[u8; 32], code: &str| {
        said(village.cloud.judge(|ctx| people::apply_with_code(ctx, key, code, &applicant)))
    };
    let at_once = |village: &mut Village| {
        let mut issue = || village.cloud.judge(|ctx| people::issue_code(ctx, &olga, house, &CODE_KEY));
        let (one, other) = (issue().unwrap().1, issue().unwrap().1);
        village.cloud.commit(&one).unwrap();
        assert!(village.cloud.commit(&other).is_err(), "one living code");
    };
    at_once(&mut village);
    let code = issue(&mut village);
    assert!(code.len() == 8 && !code.contains(['0', 'O', '1', 'I', 'L']), "{code}");
    let cyrillic: String =
        code.chars().map(|c| if c == 'A' { 'а' } else { c.to_ascii_lowercase() }).collect();
    for typed in [code.clone(), cyrillic, format!(" {}-{} ", &code[..4], &code[4..])] {
        assert_eq!(apply(&mut village, &CODE_KEY, &typed), "done", "{typed:?}");
    }
    for typed in ["", "22222222", &code[..7]] {
        assert_eq!(apply(&mut village, &CODE_KEY, typed), "there is no such code", "{typed:?}");
    }
    assert_eq!(apply(&mut village, &[8; 32], &code), "there is no such code", "another key");
    let next = issue(&mut village);
    assert_eq!(apply(&mut village, &CODE_KEY, &code), "there is no such code", "an older code");
    assert_eq!(apply(&mut village, &CODE_KEY, &next), "done");
    at_once(&mut village);
}

#[test]
fn one_telephone_waits_once_and_a_house_is_not_flooded() {
    let mut village = Village::new();
    let [twelve, fourteen, _] = village.houses;
    let olga = village.olga.acts();
    let apply = |village: &mut Village, house: RecordId, phone: &str| {
        let applicant = Applicant { person: person("Зоя", phone), kind: PlaceKind::Family };
        village.cloud.judge(|ctx| people::apply_with_photo(ctx, house, PHOTO, &applicant))
    };
    let phone = "+79161234567";
    let (one, other) =
        (apply(&mut village, twelve, phone).unwrap(), apply(&mut village, twelve, phone).unwrap());
    village.cloud.commit(&one.1).unwrap();
    assert!(matches!(village.cloud.commit(&other.1), Err(Refusal::Taken { .. })), "at once");
    assert_eq!(said(apply(&mut village, twelve, "8 916 123-45-67")), "this application is there already");
    assert_eq!(said(apply(&mut village, fourteen, phone)), "done", "another house");
    village.cloud.run(|ctx| people::refuse(ctx, &olga, one.0, "Не наш дом"));
    assert_eq!(said(apply(&mut village, twelve, phone)), "done", "after the decision");

    for _ in 0..people::MAX_OPEN_APPLICATIONS {
        let writes = apply(&mut village, fourteen, "").unwrap().1;
        village.cloud.commit(&writes).unwrap();
    }
    assert_eq!(said(apply(&mut village, fourteen, "")), "house: too-many");
    let open = village.cloud.view(people::open_applications).unwrap();
    assert_eq!(open.len(), people::MAX_OPEN_APPLICATIONS);

    let bad = Applicant { person: person("Зоя", ""), kind: PlaceKind::Family };
    let mut photo =
        |photo: &str| said(village.cloud.judge(|ctx| people::apply_with_photo(ctx, twelve, photo, &bad)));
    assert_eq!(photo("../../etc/passwd"), "photo: not-a-picture");
    assert_eq!(photo(PHOTO), "done");
}

#[test]
fn an_application_is_decided_once() {
    let mut village = Village::new();
    let (olga, anna, house) = (village.olga.acts(), village.anna, village.houses[2]);
    let applicant = Applicant { person: person("Зоя", "+79161234567"), kind: PlaceKind::Owner };
    let asked = village.cloud.run(|ctx| people::apply_with_photo(ctx, house, PHOTO, &applicant));
    let accept = |ctx: &mut Context<'_>| people::accept(ctx, &olga, asked, Becoming::default());
    let refuse = |ctx: &mut Context<'_>| people::refuse(ctx, &olga, asked, "Не узнали");

    let by_anna = village.cloud.judge(|ctx| people::accept(ctx, &anna.acts(), asked, Becoming::default()));
    assert_eq!(said(by_anna), "this actor may not do that");
    let silent = village.cloud.judge(|ctx| people::refuse(ctx, &olga, asked, " "));
    assert_eq!(said(silent), "reason: empty");

    let refusal = village.cloud.judge(refuse).unwrap();
    let zoya = village.cloud.run(accept);
    assert!(matches!(village.cloud.commit(&refusal), Err(Refusal::Taken { .. })), "at once");
    assert_eq!(said(village.cloud.judge(refuse)), "this application has ended");
    assert_eq!(said(village.cloud.judge(accept)), "this application has ended");

    let now = village.cloud.now;
    let held = village.cloud.view(|view| held(view, now, zoya)).unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].capacity, held[0].house), (Capacity::Owner, Some(house)));
    let verdict = village.cloud.view(|view| people::verdict(view, asked)).unwrap().unwrap().value;
    assert_eq!((verdict.accepted, verdict.by), (Some(zoya), olga.person()));

    let second = Applicant { person: person("Анна", "+79160000012"), ..applicant };
    let asked = village.cloud.run(|ctx| people::apply_with_photo(ctx, house, PHOTO, &second));
    let as_anna = Becoming { known: Some(anna.person), ..Becoming::default() };
    let known = village.cloud.run(|ctx| people::accept(ctx, &olga, asked, as_anna));
    assert_eq!(known, anna.person, "who is known already gets another place, not another self");
}

#[test]
fn who_has_the_place_is_accepted_into_it_unless_it_ends_at_that_moment() {
    let mut village = Village::new();
    let (olga, anna, house) = (village.olga.acts(), village.anna, village.houses[0]);
    let applicant = Applicant { person: person("Аня", ""), kind: PlaceKind::Owner };
    let asked = village.cloud.run(|ctx| people::apply_with_photo(ctx, house, PHOTO, &applicant));
    let as_anna = Becoming { known: Some(anna.person), ..Becoming::default() };
    let held_by =
        |village: &Village, person| village.cloud.view(|view| held(view, village.cloud.now, person));
    let before = held_by(&village, anna.person).unwrap();
    let (_, writes) = village.cloud.judge(|ctx| people::accept(ctx, &olga, asked, as_anna)).unwrap();
    village.cloud.run(|ctx| rights::revoke(ctx, &olga, before[0].grant, ""));
    assert!(matches!(village.cloud.commit(&writes), Err(Refusal::Taken { .. })), "into nothing");
    // Judged anew they get it again, once.
    for _ in 0..2 {
        let asked = village.cloud.run(|ctx| people::apply_with_photo(ctx, house, PHOTO, &applicant));
        village.cloud.run(|ctx| people::accept(ctx, &olga, asked, as_anna));
        let after = held_by(&village, anna.person).unwrap();
        assert_eq!((after.len(), after[0].house), (before.len(), Some(house)));
        let verdict = village.cloud.view(|view| people::verdict(view, asked)).unwrap().unwrap().value;
        assert_eq!(verdict.place, Some(after[0].grant));
    }
}

#[test]
fn labels_stand_as_people_count() {
    let labels = [
        "01",
        "1",
        "2",
        "10",
        "12",
        "12/1",
        "12/10",
        "12А",
        "12 Б",
        "100",
        "Берёзовая 2",
        "Берёзовая 10",
        "Весенняя 1",
        "Лесная 4",
        "Ясная 1",
    ];
    let mut village = Village::new();
    let olga = village.olga.acts();
    for label in labels.iter().rev() {
        // Some are there already.
        let _ = village.cloud.attempt(|ctx| people::add_house(ctx, &olga, label, ""));
    }
    let houses = village.cloud.view(people::houses).unwrap();
    let found: Vec<_> = houses.iter().map(|house| house.value.label.as_str()).collect();
    let stood: Vec<_> = found.into_iter().filter(|label| labels.contains(label)).collect();
    assert_eq!(stood, labels);
    let all = labels.map(people::order_of_label);
    assert!(all.is_sorted_by(|one, next| one < next), "no two in one place");
    let (long, longer) = ("9".repeat(60), "9".repeat(61));
    assert!(people::order_of_label(&long) < people::order_of_label(&longer));
}
