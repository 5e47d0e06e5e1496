//! All that a community's records say of a person.

use dwellers_replica::{Entry as Read, ReadError, RecordId, View};

use super::{applications, belongings, entries, questions, sightings};
use crate::audit::{self, Deed};
use crate::cards::Card;
use crate::command::naming;
use crate::journal::Entry;
use crate::passes::Pass;
use crate::people::{Application, Person, Place, RoleGrant};
use crate::questions::{Answer, Question};
use crate::rights::{Ban, Revocation};
use crate::vehicles::Vehicle;

/// The most records of a kind; the newest.
const MOST: usize = 10_000;

/// What is known of a person. Nothing is left out that concerns nobody else.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// The person; `None` where there is none.
    pub person: Option<Read<Person>>,
    /// The requests to join that they were made of.
    pub applications: Vec<Read<Application>>,
    /// Places in houses, with the revocations of those that have ended.
    pub places: Vec<(Read<Place>, Option<Revocation>)>,
    /// Roles, with the revocations of those that have ended.
    pub roles: Vec<(Read<RoleGrant>, Option<Revocation>)>,
    /// Cars.
    pub vehicles: Vec<Read<Vehicle>>,
    /// Cards and remotes.
    pub cards: Vec<Read<Card>>,
    /// Passes that they issued.
    pub passes: Vec<Read<Pass>>,
    /// Entries of the journal about them, their cars and their visitors; the newest ten thousand.
    pub entries: Vec<Read<Entry>>,
    /// Questions that they answered.
    pub questions: Vec<(Read<Question>, Read<Answer>)>,
    /// Bans on them.
    pub bans: Vec<Read<Ban>>,
    /// What those in office did about them, or did themselves; the newest ten thousand.
    pub deeds: Vec<Read<Deed>>,
}

/// All that is known of a person.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn data(view: View<'_>, person: RecordId) -> Result<Data, ReadError> {
    let belongings = belongings(view, person)?;
    let mut entries = entries(view, person, &belongings)?;
    entries.extend(sightings(view, person, &belongings)?);
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    entries.dedup_by_key(|entry| entry.id);
    entries.truncate(MOST);
    let mut places = Vec::new();
    for place in naming::<Place>(view, "person", person)? {
        let end = end(view, place.id)?;
        places.push((place, end));
    }
    let mut roles = Vec::new();
    for role in naming::<RoleGrant>(view, "person", person)? {
        let end = end(view, role.id)?;
        roles.push((role, end));
    }
    let whose = audit::Whose { person, houses: Vec::new(), everybody: false, own: true };
    Ok(Data {
        person: view.of::<Person>().get(person)?,
        applications: applications(view, person, None)?,
        places,
        roles,
        entries,
        questions: questions(view, person)?,
        bans: naming(view, "person", person)?,
        deeds: audit::concerning(view, &whose, None, MOST)?,
        vehicles: belongings.vehicles,
        cards: belongings.cards,
        passes: belongings.passes,
    })
}

fn end(view: View<'_>, grant: RecordId) -> Result<Option<Revocation>, ReadError> {
    Ok(naming::<Revocation>(view, "grant", grant)?.into_iter().next().map(|end| end.value))
}
