//! Chains: from a grant to the one that it was issued under, up to a root.
//!
//! Invariants: a link that is missing, too far away, of an unknown kind or in a place where it cannot stand ends the
//! life of everything below it; one revocation anywhere in the chain does so for ever.

use dwellers_replica::{Query, ReadError, RecordId, View};

use crate::cards::Card;
use crate::passes::Pass;
use crate::people::{Place, Role, RoleGrant};
use crate::rights::Revocation;
use crate::vehicles::Vehicle;

/// The most grants of a chain. A longer one is no right: nobody could oversee it, and it may be a circle.
pub const MAX_DEPTH: usize = 16;

/// Whether a grant counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Its whole chain does.
    Alive,
    /// It, or one that it stands under, was revoked.
    Revoked,
    /// Its chain does not reach a root.
    Orphaned,
}

/// A grant of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Grant {
    /// A person's place in a house.
    Place(Place),
    /// A person's role.
    Role(RoleGrant),
    /// A resident's car.
    Vehicle(Vehicle),
    /// A card or remote.
    Card(Card),
    /// A pass.
    Pass(Pass),
}

impl Grant {
    /// The grant that it was issued under.
    pub fn under(&self) -> Option<RecordId> {
        match self {
            Grant::Place(place) => place.under,
            Grant::Role(role) => role.under,
            Grant::Vehicle(vehicle) => vehicle.under,
            Grant::Card(card) => card.under,
            Grant::Pass(pass) => pass.under,
        }
    }

    /// The person it belongs to, or in whose name it was issued.
    pub fn person(&self) -> Option<RecordId> {
        match self {
            Grant::Place(place) => Some(place.person),
            Grant::Role(role) => Some(role.person),
            Grant::Vehicle(vehicle) => Some(vehicle.person),
            Grant::Card(card) => card.person,
            Grant::Pass(pass) => pass.person,
        }
    }

    /// The house it belongs to.
    pub fn house(&self) -> Option<RecordId> {
        match self {
            Grant::Place(place) => Some(place.house),
            Grant::Role(_) => None,
            Grant::Vehicle(vehicle) => Some(vehicle.house),
            Grant::Card(card) => Some(card.house),
            Grant::Pass(pass) => Some(pass.house),
        }
    }

    /// Whether this program knows what it grants.
    fn is_known(&self) -> bool {
        match self {
            Grant::Place(place) => place.kind.known().is_some(),
            // Being a resident follows from a place and is never granted by itself.
            Grant::Role(role) => matches!(role.role.known(), Some(Role::Guard | Role::Administrator)),
            Grant::Pass(pass) => pass.kind.known().is_some(),
            Grant::Vehicle(_) | Grant::Card(_) => true,
        }
    }

    /// Whether it may stand under `parent`: in a place of the same house, or nowhere where an administrator gives it.
    fn fits(&self, parent: Option<&Grant>) -> bool {
        match (self, parent) {
            (Grant::Place(_) | Grant::Role(_) | Grant::Card(_), None) => true,
            (Grant::Role(_), Some(_)) | (Grant::Vehicle(_) | Grant::Pass(_), None) => false,
            (_, Some(Grant::Place(place))) => self.house() == Some(place.house),
            (_, Some(_)) => false,
        }
    }
}

/// The grant of this id, whatever it is.
///
/// # Errors
/// Where it does not read, or the store fails.
pub fn find(view: View<'_>, id: RecordId) -> Result<Option<Grant>, ReadError> {
    if let Some(entry) = view.of::<Place>().get(id)? {
        return Ok(Some(Grant::Place(entry.value)));
    }
    if let Some(entry) = view.of::<Pass>().get(id)? {
        return Ok(Some(Grant::Pass(entry.value)));
    }
    if let Some(entry) = view.of::<Vehicle>().get(id)? {
        return Ok(Some(Grant::Vehicle(entry.value)));
    }
    if let Some(entry) = view.of::<Card>().get(id)? {
        return Ok(Some(Grant::Card(entry.value)));
    }
    Ok(view.of::<RoleGrant>().get(id)?.map(|entry| Grant::Role(entry.value)))
}

/// Whether a revocation names this very record: a grant or the code of a house.
///
/// # Errors
/// Where the store fails.
pub fn is_revoked(view: View<'_>, id: RecordId) -> Result<bool, ReadError> {
    let query = Query::on("grant").equal(id.to_string()).limit(1);
    let page = view.of::<Revocation>().find(&query)?;
    // One that does not read names this grant all the same.
    Ok(!page.entries.is_empty() || !page.unreadable.is_empty())
}

/// Whether a grant counts.
///
/// # Errors
/// Where a link of its chain does not read, or the store fails.
pub fn life(view: View<'_>, grant: RecordId) -> Result<Life, ReadError> {
    let Chain { links, reaches_root } = chain(view, grant)?;
    for (id, _) in &links {
        if is_revoked(view, *id)? {
            return Ok(Life::Revoked);
        }
    }
    let known = links.iter().all(|(_, link)| link.is_known());
    let parents = links.iter().skip(1).map(|(_, link)| Some(link)).chain([None]);
    let fitting = links.iter().zip(parents).all(|((_, link), parent)| link.fits(parent));
    Ok(if reaches_root && known && fitting { Life::Alive } else { Life::Orphaned })
}

/// Everybody whose right a grant is or rests on, the grant's own person first. A ban of any of them beats it.
///
/// # Errors
/// Where a link of its chain does not read, or the store fails.
pub fn chain_persons(view: View<'_>, grant: RecordId) -> Result<Vec<RecordId>, ReadError> {
    let mut persons = Vec::new();
    for person in chain(view, grant)?.links.iter().filter_map(|(_, link)| link.person()) {
        if !persons.contains(&person) {
            persons.push(person);
        }
    }
    Ok(persons)
}

/// The grant and those that it stands under, upwards.
pub(crate) fn lineage(view: View<'_>, grant: RecordId) -> Result<Vec<RecordId>, ReadError> {
    Ok(chain(view, grant)?.links.iter().map(|(id, _)| *id).collect())
}

struct Chain {
    /// From the grant upwards.
    links: Vec<(RecordId, Grant)>,
    reaches_root: bool,
}

fn chain(view: View<'_>, grant: RecordId) -> Result<Chain, ReadError> {
    let (mut links, mut next) = (Vec::new(), Some(grant));
    while let Some(id) = next {
        match find(view, id)? {
            Some(link) if links.len() < MAX_DEPTH => {
                next = link.under();
                links.push((id, link));
            }
            _ => return Ok(Chain { links, reaches_root: false }),
        }
    }
    Ok(Chain { links, reaches_root: true })
}
