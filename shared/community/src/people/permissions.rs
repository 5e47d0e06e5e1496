//! The one table of who may do what, and how a person's rights are looked up.
//!
//! Invariants: every right comes from a living grant of nobody banned; there is no second table.

use dwellers_replica::{Now, ReadError, RecordId, View};

use crate::command::{Actor, Context, Denied, naming};
use crate::people::{House, Person, Place, PlaceKind, Role, RoleGrant};
use crate::rights::{self, Life};

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    // In a house of one's own.
    /// Press the button of a gate for residents.
    OpenGates,
    /// Issue passes for the house.
    IssuePass,
    /// Answer the guard's question to the house.
    AnswerQuestion,
    /// Enter a car of the house.
    AddVehicle,
    /// Give others a place in the house.
    Invite,
    /// Take away what was granted in the house.
    RevokeInHouse,
    /// Choose what is kept of the house's visitors.
    ChooseVisitorLog,

    // At the gate.
    /// Press the button of any gate, and open for others.
    OpenAnyGate,
    /// See whom the houses expect.
    SeeExpected,
    /// Issue a pass in a house's name, on its telephone call.
    IssueForHouse,
    /// Ask a house.
    AskHouse,
    /// Take a house's answer by telephone.
    TakeAnswer,
    /// Cancel any pass.
    RevokePasses,

    // In the office.
    /// Found the community, change its name and settings.
    ManageCommunity,
    /// Add and rename houses, issue their codes.
    ManageHouses,
    /// Enter persons and give them houses.
    ManagePeople,
    /// Grant and revoke roles.
    ManageRoles,
    /// Accept or refuse those who ask to join.
    DecideApplications,
    /// Ban, and lift bans.
    Ban,
    /// Enter and remove cards and remotes.
    ManageCards,
    /// Revoke any grant but roles.
    RevokeAny,
}

/// In what capacity somebody acts: a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capacity {
    /// An owner of a house.
    Owner,
    /// A member of an owner's or tenant's family.
    Family,
    /// A tenant of a house.
    Tenant,
    /// Somebody who works in a house.
    Staff,
    /// A guard, be it a person of the community or one of a hub's own.
    Guard,
    /// An administrator.
    Administrator,
    /// Whoever commands the machine.
    Operator,
}

impl Capacity {
    /// All of them.
    pub const ALL: [Capacity; 7] = [
        Capacity::Owner,
        Capacity::Family,
        Capacity::Tenant,
        Capacity::Staff,
        Capacity::Guard,
        Capacity::Administrator,
        Capacity::Operator,
    ];

    /// The table.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Capacity::Owner => &[
                P::OpenGates,
                P::IssuePass,
                P::AnswerQuestion,
                P::AddVehicle,
                P::Invite,
                P::RevokeInHouse,
                P::ChooseVisitorLog,
            ],
            Capacity::Tenant => &[P::OpenGates, P::IssuePass, P::AnswerQuestion, P::AddVehicle, P::Invite],
            Capacity::Family => &[P::OpenGates, P::IssuePass, P::AnswerQuestion, P::AddVehicle],
            Capacity::Staff => &[P::OpenGates],
            Capacity::Guard => &[
                P::OpenGates,
                P::OpenAnyGate,
                P::SeeExpected,
                P::IssueForHouse,
                P::AskHouse,
                P::TakeAnswer,
                P::RevokePasses,
            ],
            Capacity::Administrator => &[
                P::OpenGates,
                P::OpenAnyGate,
                P::SeeExpected,
                P::RevokePasses,
                P::ManageCommunity,
                P::ManageHouses,
                P::ManagePeople,
                P::ManageRoles,
                P::DecideApplications,
                P::Ban,
                P::ManageCards,
                P::RevokeAny,
            ],
            // Sets a community up and helps one that has locked itself out; daily life is not the operator's.
            Capacity::Operator => &[P::ManageCommunity, P::ManageHouses, P::ManagePeople, P::ManageRoles],
        }
    }

    /// Whether the table says so.
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

impl From<PlaceKind> for Capacity {
    fn from(kind: PlaceKind) -> Self {
        match kind {
            PlaceKind::Owner => Capacity::Owner,
            PlaceKind::Family => Capacity::Family,
            PlaceKind::Tenant => Capacity::Tenant,
            PlaceKind::Staff => Capacity::Staff,
        }
    }
}

/// A place or role of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The place or role.
    pub grant: RecordId,
    /// What it makes of them.
    pub capacity: Capacity,
    /// In which house; `None` for the whole community.
    pub house: Option<RecordId>,
}

/// Since when somebody has been able to do this in a house, in milliseconds since 1970: what was there before they came is
/// none of theirs. Nothing where they are not.
pub fn able_since(held: &[Held], house: RecordId, permission: Permission) -> Option<u64> {
    let here = held.iter().filter(|held| held.house == Some(house) && held.capacity.may(permission));
    here.map(|held| held.grant.made_ms()).min()
}

/// What a person is, and where. Nothing, where they are banned.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn held(view: View<'_>, now: Now, person: RecordId) -> Result<Vec<Held>, ReadError> {
    let mut held = Vec::new();
    for granted in granted(view, person)? {
        if counts(view, now, granted.grant)? {
            held.push(granted);
        }
    }
    Ok(held)
}

/// What a person was ever made, and where: also by what was revoked since.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn granted(view: View<'_>, person: RecordId) -> Result<Vec<Held>, ReadError> {
    let mut granted = Vec::new();
    for place in naming::<Place>(view, "person", person)? {
        if let Some(kind) = place.value.kind.known() {
            let house = Some(place.value.house);
            granted.push(Held { grant: place.id, capacity: (*kind).into(), house });
        }
    }
    for role in naming::<RoleGrant>(view, "person", person)? {
        let capacity = match role.value.role.known() {
            Some(Role::Guard) => Capacity::Guard,
            Some(Role::Administrator) => Capacity::Administrator,
            Some(Role::Resident) | None => continue,
        };
        granted.push(Held { grant: role.id, capacity, house: None });
    }
    Ok(granted)
}

/// The living places of a house that may do something, with their persons: owners first, the oldest first.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn residents(
    view: View<'_>,
    now: Now,
    house: RecordId,
    permission: Permission,
) -> Result<Vec<(Held, RecordId)>, ReadError> {
    let mut residents = Vec::new();
    for place in naming::<Place>(view, "house", house)? {
        let capacity = place.value.kind.known().map(|kind| Capacity::from(*kind));
        if let Some(capacity) = capacity.filter(|capacity| capacity.may(permission))
            && counts(view, now, place.id)?
        {
            let held = Held { grant: place.id, capacity, house: Some(house) };
            residents.push((held, place.value.person));
        }
    }
    residents.sort_by_key(|(held, _)| (held.capacity != Capacity::Owner, held.grant));
    Ok(residents)
}

/// Whether an actor may do something, in some house or in the community.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn may(view: View<'_>, now: Now, actor: &Actor, permission: Permission) -> Result<bool, ReadError> {
    Ok(capacities(view, now, actor)?.iter().any(|(capacity, _)| capacity.may(permission)))
}

/// Whether an actor may do something in this house.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn may_in(
    view: View<'_>,
    now: Now,
    actor: &Actor,
    house: RecordId,
    permission: Permission,
) -> Result<bool, ReadError> {
    let here = |at: &Option<RecordId>| at.is_none_or(|at| at == house);
    let capacities = capacities(view, now, actor)?;
    Ok(capacities.iter().any(|(capacity, at)| here(at) && capacity.may(permission)))
}

fn capacities(
    view: View<'_>,
    now: Now,
    actor: &Actor,
) -> Result<Vec<(Capacity, Option<RecordId>)>, ReadError> {
    Ok(match actor {
        Actor::Person(person) => {
            held(view, now, *person)?.iter().map(|held| (held.capacity, held.house)).collect()
        }
        Actor::Guard { .. } => vec![(Capacity::Guard, None)],
        Actor::Operator => vec![(Capacity::Operator, None)],
    })
}

/// Whether a place or role lives and nobody in its chain is banned.
fn counts(view: View<'_>, now: Now, grant: RecordId) -> Result<bool, ReadError> {
    if rights::life(view, grant)? != Life::Alive {
        return Ok(false);
    }
    for person in rights::chain_persons(view, grant)? {
        if rights::is_banned(view, now, person)? {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Actor {
    /// The person, where it is one.
    pub fn person(&self) -> Option<RecordId> {
        match self {
            Actor::Person(person) => Some(*person),
            Actor::Guard { .. } | Actor::Operator => None,
        }
    }
}

impl Context<'_> {
    /// Refuses an actor who may not do this in the community.
    pub(crate) fn require(&self, actor: &Actor, permission: Permission) -> Result<(), Denied> {
        match may(self.view, self.now, actor, permission)? {
            true => Ok(()),
            false => Err(Denied::NotAllowed),
        }
    }

    /// The person and the place by which they may do this in a house. To strangers there is no such house.
    pub(crate) fn place_for(
        &self,
        actor: &Actor,
        house: RecordId,
        permission: Permission,
    ) -> Result<(RecordId, Held), Denied> {
        let Actor::Person(person) = actor else { return Err(Denied::NotAllowed) };
        let mut held = held(self.view, self.now, *person)?;
        held.retain(|held| held.house == Some(house));
        if held.is_empty() || self.view.of::<House>().get(house)?.is_none() {
            return Err(Denied::NotFound("house"));
        }
        let able = held.iter().filter(|held| held.capacity.may(permission));
        able.min_by_key(|held| held.capacity).map(|held| (*person, *held)).ok_or(Denied::NotAllowed)
    }

    /// What the journal calls a guard: the name they signed in with, or a person's.
    pub(crate) fn guard_name(&self, actor: &Actor) -> Result<String, Denied> {
        Ok(match actor {
            Actor::Guard { name, .. } => name.clone(),
            Actor::Person(person) => {
                let person = self.view.of::<Person>().get(*person)?;
                person.map(|person| person.value.name).unwrap_or_default()
            }
            Actor::Operator => String::new(),
        })
    }
}
