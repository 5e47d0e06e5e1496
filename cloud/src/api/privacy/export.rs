//! All that is known of a person, as a document.
//!
//! What must never be here: what concerns another person more than this one.

use dwellers::cards::Card;
use dwellers::consents::{self, Channel, Consent};
use dwellers::journal::{self, Sight};
use dwellers::passes::{self, Pass};
use dwellers::people::{Application, PlaceKind, Role};
use dwellers::privacy::{self, Data};
use dwellers::rights::{Ban, Revocation};
use dwellers::vehicles::Vehicle;
use dwellers::words::Line;
use dwellers_replica::{Entry, Now, Open, RecordId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::Account;
use crate::api::audit::{self, DeedDocument};
use crate::api::call::Look;
use crate::api::notifications::{self, Notification};
use crate::api::problem::Problem;

/// Notifications of one export.
const MOST: usize = 10_000;

/// All that is known of a person.
#[derive(Serialize, ToSchema)]
#[schema(as = Export)]
pub(super) struct Export {
    /// When, in milliseconds since 1970.
    at_ms: u64,
    community: String,
    person: RecordId,
    name: String,
    phone: String,
    language: String,
    /// Of the account that asks; empty where it has none.
    email: String,
    /// Of the account that asks.
    account_made_ms: u64,
    places: Vec<ExportedGrant>,
    roles: Vec<ExportedGrant>,
    applications: Vec<ExportedApplication>,
    vehicles: Vec<ExportedVehicle>,
    cards: Vec<ExportedCard>,
    passes: Vec<ExportedPass>,
    /// Of me, my cars and my visitors; the newest ten thousand.
    journal: Vec<Line>,
    /// Questions that I answered.
    answers: Vec<ExportedAnswer>,
    bans: Vec<ExportedBan>,
    consents: Vec<ExportedConsent>,
    /// What I was told; the newest ten thousand.
    notifications: Vec<Notification>,
    /// What those in office did about me, and what I did in office.
    deeds: Vec<DeedDocument>,
}

/// A place or a role.
#[derive(Serialize, ToSchema)]
struct ExportedGrant {
    id: RecordId,
    /// `owner`, `family`, `tenant`, `staff`, `guard` or `administrator`; in words.
    text: String,
    /// The label of the house; empty for a role.
    house: String,
    /// When it was given, in milliseconds since 1970.
    made_ms: u64,
    /// When it ended, in milliseconds since 1970.
    ended_ms: Option<u64>,
    /// Why it ended; may be empty.
    reason: String,
}

#[derive(Serialize, ToSchema)]
struct ExportedApplication {
    id: RecordId,
    name: String,
    phone: String,
    house: String,
    at_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct ExportedVehicle {
    id: RecordId,
    plate: String,
    title: String,
    house: String,
    made_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct ExportedCard {
    id: RecordId,
    number: String,
    title: String,
    house: String,
    made_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct ExportedPass {
    id: RecordId,
    kind: Open<passes::Kind>,
    house: String,
    plate: String,
    name: String,
    note: String,
    made_ms: u64,
    from_ms: u64,
    until_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct ExportedAnswer {
    question: RecordId,
    house: String,
    /// Whom it was about; may be empty.
    name: String,
    plate: String,
    asked_ms: u64,
    allow: bool,
    answered_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct ExportedConsent {
    id: RecordId,
    /// To which version of the text.
    text: RecordId,
    channel: Open<Channel>,
    given_ms: u64,
    withdrawn_ms: Option<u64>,
}

#[derive(Serialize, ToSchema)]
struct ExportedBan {
    id: RecordId,
    reason: String,
    made_ms: u64,
    until_ms: Option<u64>,
}

/// All that a snapshot says of who looks at it.
pub(super) fn export(look: &Look<'_>, account: Option<Entry<Account>>, now: Now) -> Result<Export, Problem> {
    let data = privacy::data(look.view, look.member.person)?;
    let Data {
        person,
        applications,
        places,
        roles,
        vehicles,
        cards,
        passes,
        entries,
        questions,
        bans,
        deeds,
    } = data;
    let account = account.map(|account| account.value).unwrap_or_default();
    let known = person.map(|person| person.value).unwrap_or_default();
    let house = |id: RecordId| look.house(Some(id));
    let mut export = Export {
        at_ms: now.ms,
        community: look.community.name.clone(),
        person: look.member.person,
        name: known.name,
        phone: known.phone,
        language: known.language,
        email: account.email,
        account_made_ms: account.made_ms,
        places: Vec::new(),
        roles: Vec::new(),
        applications: Vec::new(),
        vehicles: Vec::new(),
        cards: Vec::new(),
        passes: Vec::new(),
        journal: Vec::new(),
        answers: Vec::new(),
        bans: Vec::new(),
        consents: Vec::new(),
        notifications: notifications::all(look, MOST)?,
        deeds: Vec::new(),
    };
    for (place, end) in places {
        let text = look.texts.say_open::<PlaceKind>(&place.value.kind);
        export.places.push(granted(place.id, text, house(place.value.house)?, end));
    }
    for (role, end) in roles {
        let text = look.texts.say_open::<Role>(&role.value.role);
        export.roles.push(granted(role.id, text, String::new(), end));
    }
    for Entry { id, value, .. } in applications {
        let Application { name, phone, house: of, at_ms, .. } = value;
        export.applications.push(ExportedApplication { id, name, phone, house: house(of)?, at_ms });
    }
    for Entry { id, value: Vehicle { plate, title, house: of, .. }, .. } in vehicles {
        let (plate, house, made_ms) = (look.plate(&plate), house(of)?, id.made_ms());
        export.vehicles.push(ExportedVehicle { id, plate, title, house, made_ms });
    }
    for Entry { id, value: Card { number, title, house: of, .. }, .. } in cards {
        export.cards.push(ExportedCard { id, number, title, house: house(of)?, made_ms: id.made_ms() });
    }
    for Entry { id, value: Pass { kind, house: of, plate, name, note, validity, .. }, .. } in passes {
        let (plate, house, made_ms) = (look.plate(&plate), house(of)?, id.made_ms());
        let (from_ms, until_ms) = (validity.from_ms, validity.until_ms);
        export.passes.push(ExportedPass { id, kind, house, plate, name, note, made_ms, from_ms, until_ms });
    }
    for entry in entries {
        // What guards write for each other is not theirs.
        export.journal.push(look.line(entry.id, &journal::shown(&entry.value, Sight::Own))?);
    }
    for (question, answer) in questions {
        let (asked, answer) = (question.value, answer.value);
        export.answers.push(ExportedAnswer {
            question: question.id,
            house: house(asked.house)?,
            name: asked.name,
            plate: look.plate(&asked.plate),
            asked_ms: asked.at_ms,
            allow: answer.allow,
            answered_ms: answer.at_ms,
        });
    }
    for Entry { id, value: Ban { reason, until_ms, .. }, .. } in bans {
        export.bans.push(ExportedBan { id, reason, made_ms: id.made_ms(), until_ms });
    }
    for consents::Given { consent, withdrawal } in consents::of_person(look.view, look.member.person)? {
        let Consent { text, channel, at_ms: given_ms, .. } = consent.value;
        let withdrawn_ms = withdrawal.map(|withdrawal| withdrawal.id.made_ms());
        export.consents.push(ExportedConsent { id: consent.id, text, channel, given_ms, withdrawn_ms });
    }
    let me = look.member.person;
    for mut deed in deeds {
        // Of what they did in office that they did it is theirs; to whom is not.
        if deed.value.by == me && deed.value.person != Some(me) {
            (deed.value.person, deed.value.house, deed.value.record) = (None, None, None);
        }
        export.deeds.push(audit::document(look, deed)?);
    }
    Ok(export)
}

fn granted(id: RecordId, text: String, house: String, end: Option<Revocation>) -> ExportedGrant {
    let (ended_ms, reason) = end.map_or((None, String::new()), |end| (Some(end.at_ms), end.reason));
    ExportedGrant { id, text, house, made_ms: id.made_ms(), ended_ms, reason }
}
