//! Consents: the text that people agree to before the community keeps anything about them, who agreed to which version of
//! it, and who has taken that back.
//!
//! All of it are facts: nobody alters what somebody agreed to, and a cloud that was restored has from its gatehouses what is
//! newer than its backup. From which address it came stays in the cloud ([`Origin`]).
//!
//! Invariants: a version is never changed, the next one takes its place; only the current one is agreed to; a consent stays
//! when it is withdrawn, the withdrawal is another fact.
//!
//! What must never be here: a consent that nobody gave; what becomes of the data of who withdraws.

use dwellers_replica::{
    Direction, Entry, Index, Open, Query, ReadError, Record, RecordId, Role as Side, Spec, View, Writers,
    Writes,
};
use serde::{Deserialize, Serialize};

use crate::command::{Actor, Context, Denied, naming};
use crate::people::{Permission, Person};
use crate::texts::Language;

/// The longest text of a language, in characters: both fit into a request.
pub const MAX_TEXT: usize = 8_000;

/// A version of the text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsentText {
    /// The how manyth, from 1: two that are published at once cannot both be.
    pub number: u32,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
    /// The administrator who published it.
    pub by: Option<RecordId>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for ConsentText {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        lasting: true,
        indexes: &[Index { name: "number", on: &["number"] }],
        ..Spec::fact("consent_texts")
    };
}

impl ConsentText {
    /// What somebody reads.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Ru => &self.ru,
            Language::En => &self.en,
        }
    }
}

/// Where somebody said it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ConsentChannel))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// On the web.
    #[default]
    Web,
    /// In Telegram.
    Telegram,
    /// On paper; an administrator has it.
    Paper,
}

/// Somebody agreed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Consent {
    /// To which version.
    pub text: RecordId,
    /// Who, where they are a person of the community.
    pub person: Option<RecordId>,
    /// With which application, where they asked to join.
    pub application: Option<RecordId>,
    /// Where.
    pub channel: Open<Channel>,
    /// Who entered it, where it was not themselves.
    pub by: Option<RecordId>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Consent {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        lasting: true,
        indexes: &[
            Index { name: "person", on: &["person", "at_ms"] },
            Index { name: "application", on: &["application"] },
            Index { name: "time", on: &["at_ms"] },
        ],
        ..Spec::fact("consents")
    };
}

/// Somebody took a consent back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Withdrawal {
    /// Which.
    pub consent: RecordId,
    /// Where.
    pub channel: Open<Channel>,
    /// Who entered it, where it was not themselves.
    pub by: Option<RecordId>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Withdrawal {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        lasting: true,
        indexes: &[Index { name: "consent", on: &["consent"] }],
        ..Spec::fact("consent_withdrawals")
    };
}

/// From which address a consent or a withdrawal came; its id is that one's. It stays in the cloud: a gatehouse needs no
/// addresses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// As the cloud saw it; empty where it is not known.
    pub address: String,
}

impl Record for Origin {
    const SPEC: Spec = Spec::local("consent_origins");
}

/// A consent, and whether it still stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The consent.
    pub consent: Entry<Consent>,
    /// That it was taken back.
    pub withdrawal: Option<Entry<Withdrawal>>,
}

/// Publishes the next version. Returns it.
///
/// # Errors
/// Where the actor may not, or there is nothing in one of the languages.
pub fn publish(
    ctx: &mut Context<'_>,
    actor: &Actor,
    ru: &str,
    en: &str,
) -> Result<(RecordId, ConsentText, Writes), Denied> {
    ctx.require(actor, Permission::ManageCommunity)?;
    let number = current(ctx.view)?.map_or(1, |before| before.value.number + 1);
    let (ru, en) = (passage("ru", ru)?, passage("en", en)?);
    let text = ConsentText { number, ru, en, by: actor.person(), at_ms: ctx.now.ms };
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    writes.create(id, &text).absent::<ConsentText>("number", [number.into()]);
    Ok((id, text, writes))
}

/// The version that is agreed to today; nothing where none was published.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn current(view: View<'_>) -> Result<Option<Entry<ConsentText>>, ReadError> {
    let latest = Query::on("number").direction(Direction::Descending).limit(1);
    Ok(view.of::<ConsentText>().find(&latest)?.entries.into_iter().next())
}

/// A person agrees: themselves, or on paper, which an administrator enters.
///
/// # Errors
/// Where the actor may not, there is no such person, it is not the current version, or they have agreed to it.
pub fn give(
    ctx: &mut Context<'_>,
    actor: &Actor,
    person: RecordId,
    text: RecordId,
    channel: Channel,
) -> Result<(RecordId, Writes), Denied> {
    let by = for_whom(ctx, actor, person, channel)?;
    is_current(ctx.view, text)?;
    if standing(ctx.view, person)?.iter().any(|given| given.consent.value.text == text) {
        return Err(Denied::Exists("consent"));
    }
    let (person, channel, at_ms) = (Some(person), Open::Known(channel), ctx.now.ms);
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    writes.create(id, &Consent { text, person, application: None, channel, by, at_ms });
    Ok((id, writes))
}

/// Whoever asks to join agrees: written along with their application.
///
/// # Errors
/// Where it is not the current version.
pub fn give_with_application(
    ctx: &mut Context<'_>,
    writes: &mut Writes,
    application: RecordId,
    text: RecordId,
    channel: Channel,
) -> Result<RecordId, Denied> {
    is_current(ctx.view, text)?;
    let (application, channel, at_ms) = (Some(application), Open::Known(channel), ctx.now.ms);
    let id = ctx.new_id()?;
    writes.create(id, &Consent { text, person: None, application, channel, by: None, at_ms });
    Ok(id)
}

/// What the applicant agreed to is the person's whom they have become.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn carry_over(
    ctx: &mut Context<'_>,
    writes: &mut Writes,
    application: RecordId,
    person: RecordId,
) -> Result<(), Denied> {
    for given in naming::<Consent>(ctx.view, "application", application)? {
        if given.value.person.is_none() {
            let id = ctx.new_id()?;
            writes.create(id, &Consent { person: Some(person), ..given.value });
            if let Some(origin) = ctx.view.of::<Origin>().get(given.id)? {
                // An address is kept once: with what leads to a person, who may want it forgotten.
                writes.create(id, &origin.value).remove::<Origin>(given.id);
            }
        }
    }
    Ok(())
}

/// Takes back all that a person has agreed to: themselves, or on paper, which an administrator enters. Returns the
/// withdrawals.
///
/// # Errors
/// Where the actor may not, there is no such person, or no consent of theirs stands.
pub fn withdraw(
    ctx: &mut Context<'_>,
    actor: &Actor,
    person: RecordId,
    channel: Channel,
) -> Result<(Vec<RecordId>, Writes), Denied> {
    let by = for_whom(ctx, actor, person, channel)?;
    let (mut withdrawals, mut writes) = (Vec::new(), Writes::new());
    for Given { consent, .. } in standing(ctx.view, person)? {
        let id = ctx.new_id()?;
        let (channel, at_ms) = (Open::Known(channel), ctx.now.ms);
        writes.create(id, &Withdrawal { consent: consent.id, channel, by, at_ms });
        writes.absent::<Withdrawal>("consent", [consent.id.to_string().into()]);
        withdrawals.push(id);
    }
    if withdrawals.is_empty() { Err(Denied::Ended("consent")) } else { Ok((withdrawals, writes)) }
}

/// All that a person ever agreed to, the oldest first.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn of_person(view: View<'_>, person: RecordId) -> Result<Vec<Given>, ReadError> {
    naming::<Consent>(view, "person", person)?.into_iter().map(|consent| given(view, consent)).collect()
}

/// From where a person agreed and took it back is forgotten; that they did is not. For who is erased.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn forget(view: View<'_>, person: RecordId, writes: &mut Writes) -> Result<(), ReadError> {
    for Given { consent, withdrawal } in of_person(view, person)? {
        for id in [Some(consent.id), withdrawal.map(|withdrawal| withdrawal.id)].into_iter().flatten() {
            if view.of::<Origin>().get(id)?.is_some() {
                writes.remove::<Origin>(id);
            }
        }
    }
    Ok(())
}

/// A consent with its withdrawal, where there is one.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn given(view: View<'_>, consent: Entry<Consent>) -> Result<Given, ReadError> {
    let withdrawal = naming::<Withdrawal>(view, "consent", consent.id)?.into_iter().next();
    Ok(Given { consent, withdrawal })
}

/// Whether a person is to be asked: there is a version that they have not agreed to, or have no more.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn is_asked(view: View<'_>, person: RecordId) -> Result<bool, ReadError> {
    let Some(current) = current(view)? else { return Ok(false) };
    Ok(!standing(view, person)?.iter().any(|given| given.consent.value.text == current.id))
}

fn standing(view: View<'_>, person: RecordId) -> Result<Vec<Given>, ReadError> {
    let mut all = of_person(view, person)?;
    all.retain(|given| given.withdrawal.is_none());
    Ok(all)
}

/// Who enters it for a person; nobody where they do it themselves.
fn for_whom(
    ctx: &Context<'_>,
    actor: &Actor,
    person: RecordId,
    channel: Channel,
) -> Result<Option<RecordId>, Denied> {
    if actor.person() == Some(person) && channel != Channel::Paper {
        return Ok(None);
    }
    ctx.require(actor, Permission::ManagePeople)?;
    ctx.view.of::<Person>().get(person)?.ok_or(Denied::NotFound("person"))?;
    match channel {
        Channel::Paper => Ok(actor.person()),
        Channel::Web | Channel::Telegram => Err(Denied::NotAllowed),
    }
}

fn is_current(view: View<'_>, text: RecordId) -> Result<(), Denied> {
    match current(view)? {
        None => Err(Denied::NotFound("consent")),
        Some(current) if current.id == text => Ok(()),
        Some(_) => Err(Denied::invalid("consent", "not-current")),
    }
}

/// A text of several lines.
fn passage(field: &'static str, text: &str) -> Result<String, Denied> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.is_empty() {
        return Err(Denied::invalid(field, "empty"));
    }
    if text.chars().count() > MAX_TEXT {
        return Err(Denied::invalid(field, "too-long"));
    }
    match text.chars().any(|c| c.is_control() && c != '\n') {
        true => Err(Denied::invalid(field, "unprintable")),
        false => Ok(text),
    }
}
