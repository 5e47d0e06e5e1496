//! Grants, revocations and bans in whatever order, on two replicas that hear of one another now and then.

use std::collections::BTreeSet;

use dwellers::people::{self, Invitee, PlaceKind};
use dwellers::rights::{self, Grant, Life, Whom};
use dwellers::{Actor, Context, passes, vehicles};
use dwellers_replica::RecordId;
use proptest::prelude::*;

use super::life;
use crate::fixed;
use crate::village::{Village, guest, pass, person, semyon};

/// Something that happens in a settlement. The numbers choose among what there is.
#[derive(Clone, Debug)]
enum Happening {
    Invite(usize),
    AddCar(usize),
    IssuePass(usize),
    Revoke(usize),
    RevokeAtTheHub(usize),
    Ban(usize),
    Lift(usize),
    Talk,
}

fn happening() -> impl Strategy<Value = Happening> {
    let some = 0..1_000_usize;
    prop_oneof![
        3 => some.clone().prop_map(Happening::Invite),
        3 => some.clone().prop_map(Happening::AddCar),
        3 => some.clone().prop_map(Happening::IssuePass),
        3 => some.clone().prop_map(Happening::Revoke),
        2 => some.clone().prop_map(Happening::RevokeAtTheHub),
        1 => some.clone().prop_map(Happening::Ban),
        1 => some.prop_map(Happening::Lift),
        2 => Just(Happening::Talk),
    ]
}

/// The village, with what the test itself knows of it: who stands under whom, what was revoked where.
struct Watched {
    village: Village,
    /// Grant, what it stands under, whose it is.
    grants: Vec<(RecordId, Option<RecordId>, RecordId)>,
    people: Vec<RecordId>,
    bans: Vec<RecordId>,
    revoked_in_cloud: BTreeSet<RecordId>,
    revoked_at_hub: BTreeSet<RecordId>,
}

impl Watched {
    fn new() -> Self {
        let village = Village::new();
        let Village { anna, boris, nina, galina, timur, .. } = village;
        let grants = vec![
            (anna.grant, None, anna.person),
            (boris.grant, Some(anna.grant), boris.person),
            (nina.grant, Some(anna.grant), nina.person),
            (galina.grant, None, galina.person),
            (timur.grant, Some(galina.grant), timur.person),
        ];
        let people = grants.iter().map(|(_, _, person)| *person).collect();
        let (bans, none) = (Vec::new(), BTreeSet::new());
        let mut watched =
            Watched { village, grants, people, bans, revoked_in_cloud: none.clone(), revoked_at_hub: none };
        watched.village.talk();
        watched
    }

    fn happen(&mut self, happening: &Happening) {
        let olga = self.village.olga.acts();
        let house = |watched: &Self, grant: RecordId| {
            let find = |view: dwellers_replica::View<'_>| rights::find(view, grant);
            watched.village.cloud.view(find).unwrap().and_then(|grant| grant.house()).unwrap()
        };
        let pick = |n: usize| self.grants[n % self.grants.len()];
        match *happening {
            Happening::Invite(n) => {
                let (grant, _, host) = pick(n);
                let (house, invitee) = (house(self, grant), Invitee::New(person("Гость", "")));
                let kind = [PlaceKind::Family, PlaceKind::Tenant, PlaceKind::Staff][n % 3];
                let host = Actor::Person(host);
                let invite = |ctx: &mut Context<'_>| people::invite(ctx, &host, house, &invitee, kind);
                if let Ok((person, place)) = self.village.cloud.attempt(invite) {
                    self.people.push(person);
                    self.remember(place, person);
                }
            }
            Happening::AddCar(n) => {
                let (grant, _, owner) = pick(n);
                let (house, plate) = (house(self, grant), format!("А{:03}ВС77", n % 999 + 1));
                let whose = Actor::Person(owner);
                let add = |ctx: &mut Context<'_>| vehicles::add(ctx, &whose, house, &plate, "");
                if let Ok(car) = self.village.cloud.attempt(add) {
                    self.remember(car, owner);
                }
            }
            Happening::IssuePass(n) => {
                let (grant, _, issuer) = pick(n);
                let (request, actor) = (pass(house(self, grant), guest()), Actor::Person(issuer));
                let issued = self.village.cloud.attempt(|ctx| passes::issue(ctx, &actor, &request));
                if let Ok((pass, _)) = issued {
                    self.remember(pass, issuer);
                }
            }
            Happening::Revoke(n) => {
                let grant = pick(n).0;
                if self.village.cloud.attempt(|ctx| rights::revoke(ctx, &olga, grant, "")).is_ok() {
                    self.revoked_in_cloud.insert(grant);
                }
            }
            Happening::RevokeAtTheHub(n) => {
                let grant = pick(n).0;
                if self.village.hub.attempt(|ctx| rights::revoke(ctx, &semyon(), grant, "")).is_ok() {
                    self.revoked_at_hub.insert(grant);
                }
            }
            Happening::Ban(n) => {
                let whom = Whom::Person(self.people[n % self.people.len()]);
                self.bans.push(self.village.cloud.run(|ctx| rights::ban(ctx, &olga, &whom, "Шум", None)));
            }
            Happening::Lift(n) if !self.bans.is_empty() => {
                let ban = self.bans[n % self.bans.len()];
                let _ = self.village.cloud.attempt(|ctx| rights::lift(ctx, &olga, ban, ""));
            }
            Happening::Lift(_) => {}
            Happening::Talk => {
                self.village.talk();
                let all = &self.revoked_in_cloud | &self.revoked_at_hub;
                (self.revoked_in_cloud, self.revoked_at_hub) = (all.clone(), all);
            }
        }
    }

    /// What it stands under is read once, when it is made: later the test knows by itself.
    fn remember(&mut self, grant: RecordId, person: RecordId) {
        let found = self.village.cloud.view(|view| rights::find(view, grant)).unwrap();
        let under = found.as_ref().and_then(Grant::under);
        assert!(under.is_some(), "whatever a resident issues stands under their place");
        self.grants.push((grant, under, person));
    }

    fn is_revoked(&self, grant: RecordId, revoked: &BTreeSet<RecordId>) -> bool {
        let under = self.grants.iter().find(|(id, ..)| *id == grant).and_then(|(_, under, _)| *under);
        revoked.contains(&grant) || under.is_some_and(|under| self.is_revoked(under, revoked))
    }

    fn check(&self) {
        let sides =
            [(&self.village.cloud, &self.revoked_in_cloud), (&self.village.hub, &self.revoked_at_hub)];
        for (node, revoked) in sides {
            for (grant, _, person) in &self.grants {
                let life = life(node, *grant);
                if self.is_revoked(*grant, revoked) {
                    assert_eq!(
                        life,
                        if node.view(|view| rights::find(view, *grant)).unwrap().is_some() {
                            Life::Revoked
                        } else {
                            // The hub has not heard of it yet.
                            Life::Orphaned
                        }
                    );
                }
                let banned = node.view(|view| rights::is_banned(view, node.now, *person)).unwrap();
                let held = node.view(|view| people::held(view, node.now, *person)).unwrap();
                assert!(!banned || held.is_empty(), "nobody banned may do anything");
                assert!(held.iter().all(|held| !self.is_revoked(held.grant, revoked)));
            }
        }
        // Nothing dies of itself either.
        for (grant, ..) in &self.grants {
            let revoked = self.is_revoked(*grant, &self.revoked_in_cloud);
            assert_eq!(life(&self.village.cloud, *grant) == Life::Alive, !revoked);
        }
    }
}

proptest! {
    #![proptest_config(fixed(64))]

    #[test]
    fn nothing_under_a_revoked_grant_lives_whatever_the_order(
        happenings in prop::collection::vec(happening(), 1..40),
    ) {
        let mut watched = Watched::new();
        for happening in &happenings {
            watched.happen(happening);
            watched.check();
        }
        watched.happen(&Happening::Talk);
        watched.check();
        let Village { cloud, hub, .. } = &watched.village;
        prop_assert_eq!(cloud.replica.digests().unwrap(), hub.replica.digests().unwrap());
    }
}
