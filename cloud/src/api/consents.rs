//! Consents: the text in its versions, what somebody agreed to and took back.

use dwellers::consents::{self, Channel, ConsentText, Given, Origin};
use dwellers::people::{Application, Permission, Person};
use dwellers::texts::Language;
use dwellers_replica::{Cursor, Direction, Entry, Open, Query, RecordId, Writes};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::call::{Act, Call, Look, Member, created, json};
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::accounts::Messenger;

/// Consents of one answer.
const PAGE: usize = 100;

pub(super) fn routes(to: &mut Table) {
    to.anyone::<__path_current, _, _>(current);
    to.may::<__path_texts, _, _>(&[Permission::ManageCommunity], texts);
    to.may::<__path_publish, _, _>(&[Permission::ManageCommunity], publish);
    to.may::<__path_list, _, _>(&[Permission::ManagePeople], list);
    to.may::<__path_enter, _, _>(&[Permission::ManagePeople], enter);
    to.may::<__path_enter_withdrawal, _, _>(&[Permission::ManagePeople], enter_withdrawal);
    to.person::<__path_mine, _, _>(mine);
    to.member::<__path_give, _, _>(give);
    to.person::<__path_withdraw, _, _>(withdraw);
}

/// The text that is agreed to today, in the caller's language.
#[derive(Serialize, ToSchema)]
pub(super) struct CurrentConsent {
    /// What an application or a consent names.
    id: RecordId,
    /// The how manyth version.
    number: u32,
    text: String,
    /// Milliseconds since 1970.
    published_ms: u64,
}

/// A version of the text.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = ConsentVersion)]
struct Version {
    id: RecordId,
    /// The how manyth.
    number: u32,
    /// In Russian.
    ru: String,
    /// In English.
    en: String,
    /// Who published it.
    by: Option<RecordId>,
    /// Their name.
    by_name: String,
    /// Milliseconds since 1970.
    published_ms: u64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConsentVersions)]
struct Versions {
    /// The newest first.
    versions: Vec<Version>,
}

/// The next version of the text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewConsentVersion)]
struct NewVersion {
    /// The number of the version in whose place it comes; 0 for the first. Another one by now: it is not published.
    after: u32,
    /// In Russian; lines may be several.
    ru: String,
    /// In English.
    en: String,
}

/// A consent that was given.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Consent)]
struct GivenDocument {
    id: RecordId,
    /// To which version.
    text: RecordId,
    /// The how manyth that is.
    number: u32,
    /// Where.
    channel: Open<Channel>,
    /// Milliseconds since 1970.
    at_ms: u64,
    /// When it was taken back; nothing: it stands.
    withdrawn_ms: Option<u64>,
}

/// What I agreed to.
#[derive(Serialize, ToSchema)]
struct MyConsents {
    /// The oldest first.
    consents: Vec<GivenDocument>,
    /// What is agreed to today.
    current: Option<CurrentConsent>,
    /// Whether I am asked to agree to it: I have not, or have taken it back.
    asked: bool,
    /// What follows where I take it back.
    if_withdrawn: String,
}

/// Agreeing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgreeToConsent)]
struct Agree {
    /// The version; it must be the current one.
    text: RecordId,
}

/// Agreeing on paper.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsentOnPaper)]
struct AgreeOnPaper {
    /// Who has signed it.
    person: RecordId,
    /// The version; it must be the current one.
    text: RecordId,
}

/// Taking back on paper.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WithdrawalOnPaper)]
struct WithdrawOnPaper {
    /// Who has signed it.
    person: RecordId,
}

/// It is taken back.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = ConsentWithdrawn)]
struct Withdrawn {
    /// Milliseconds since 1970.
    withdrawn_ms: u64,
    /// What follows.
    follows: String,
}

/// A consent, as administrators see it.
#[derive(Serialize, ToSchema)]
#[schema(as = ConsentEntry)]
struct ListedConsent {
    #[serde(flatten)]
    given: GivenDocument,
    /// Whose.
    person: Option<RecordId>,
    /// Their name, or the applicant's; empty where they were erased.
    person_name: String,
    /// With which application.
    application: Option<RecordId>,
    /// From which address it came; empty where that is not known.
    address: String,
    /// Who entered it, where it was on paper.
    by: Option<RecordId>,
    /// From which address it was taken back.
    withdrawn_address: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConsentEntries)]
struct Consents {
    /// The newest first.
    consents: Vec<ListedConsent>,
    /// Where the next page begins; nothing on the last.
    next: Option<String>,
}

/// Which consents.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// One person's.
    person: Option<RecordId>,
    /// `next` of the page before.
    after: Option<String>,
}

impl CurrentConsent {
    pub fn of(text: &Entry<ConsentText>, language: Language) -> CurrentConsent {
        let ConsentText { number, at_ms, .. } = text.value;
        let words = text.value.in_language(language).to_owned();
        CurrentConsent { id: text.id, number, text: words, published_ms: at_ms }
    }
}

/// What is agreed to today
#[utoipa::path(get, path = "/api/v1/communities/{community}/consent", tag = "consents",
    operation_id = "consents.current", params(("community" = RecordId, Path)),
    responses((status = 200, body = CurrentConsent)))]
async fn current(call: Call) -> Answer {
    let (community, language) = (super::community::of_path(&call).await?, call.language);
    let read = move || {
        let current = community.store.view(consents::current)??;
        current.map(|text| CurrentConsent::of(&text, language)).ok_or_else(Problem::not_found)
    };
    json(&call.api.blocking(read).await??)
}

/// All versions of the text
#[utoipa::path(get, path = "/api/v1/communities/{community}/consents/texts", tag = "consents",
    operation_id = "consents.texts", params(("community" = RecordId, Path)),
    responses((status = 200, body = Versions)))]
async fn texts(call: Call, member: Member) -> Answer {
    let read = member.read(&call, |look| {
        let query = Query::on("number").direction(Direction::Descending).limit(PAGE);
        let found = look.view.of::<ConsentText>().find(&query)?.entries;
        let versions = found.into_iter().map(|text| {
            let by_name = look.person(text.value.by)?;
            Ok::<_, Problem>(version(text.id, text.value, by_name))
        });
        Ok(Versions { versions: versions.collect::<Result<_, _>>()? })
    });
    json(&read.await?)
}

fn version(id: RecordId, text: ConsentText, by_name: String) -> Version {
    let ConsentText { number, ru, en, by, at_ms } = text;
    Version { id, number, ru, en, by, by_name, published_ms: at_ms }
}

/// Publish the next version: everybody is asked again
#[utoipa::path(post, path = "/api/v1/communities/{community}/consents/texts", tag = "consents",
    operation_id = "consents.publish", params(("community" = RecordId, Path)), request_body = NewVersion,
    responses((status = 201, body = Version)))]
async fn publish(call: Call, member: Member) -> Answer {
    let NewVersion { after, ru, en } = call.body()?;
    let published = member.write(&call, move |act| {
        let before = consents::current(act.ctx.view)?.map_or(0, |before| before.value.number);
        if before != after {
            return Err(Problem::precondition_failed());
        }
        let actor = act.actor();
        let (id, text, writes) = consents::publish(&mut act.ctx, &actor, &ru, &en)?;
        act.concerns_record(id);
        let by = act.ctx.view.of::<Person>().get(act.member.person)?;
        Ok((version(id, text, by.map(|by| by.value.name).unwrap_or_default()), writes))
    });
    created(&published.await?)
}

/// Who agreed, and who took it back
#[utoipa::path(get, path = "/api/v1/communities/{community}/consents", tag = "consents",
    operation_id = "consents.list", params(("community" = RecordId, Path), Which),
    responses((status = 200, body = Consents)))]
async fn list(call: Call, member: Member) -> Answer {
    let Which { person, after } = call.query()?;
    let after = after.map(|after| after.parse::<Cursor>()).transpose();
    let after = after.map_err(|_| Problem::invalid("after", "unknown"))?;
    let read = member.read(&call, move |look| {
        let query = match person {
            Some(person) => Query::on("person").equal(person.to_string()),
            None => Query::on("time"),
        };
        let query = query.direction(Direction::Descending).after(after).limit(PAGE);
        let page = look.view.of::<consents::Consent>().find(&query)?;
        let listed = page.entries.into_iter().map(|consent| listed(look, consent));
        Ok(Consents {
            consents: listed.collect::<Result<_, _>>()?,
            next: page.next.map(|next| next.to_string()),
        })
    });
    json(&read.await?)
}

fn listed(look: &Look<'_>, consent: Entry<consents::Consent>) -> Result<ListedConsent, Problem> {
    let origin = |id| Ok::<_, Problem>(look.view.of::<Origin>().get(id)?.map(|origin| origin.value.address));
    let given = consents::given(look.view, consent)?;
    let consents::Consent { person, application, by, .. } = given.consent.value;
    if let Some(person) = person {
        look.concerns_person(person);
    }
    let withdrawn_from = given.withdrawal.as_ref().map(|withdrawal| origin(withdrawal.id)).transpose()?;
    let person_name = match (person, application) {
        (None, Some(application)) => {
            let asked = look.view.of::<Application>().get(application)?;
            asked.map(|asked| asked.value.name).unwrap_or_default()
        }
        (person, _) => look.person(person)?,
    };
    Ok(ListedConsent {
        person,
        person_name,
        application,
        address: origin(given.consent.id)?.unwrap_or_default(),
        by,
        withdrawn_address: withdrawn_from.flatten().unwrap_or_default(),
        given: document(look, given)?,
    })
}

fn document(look: &Look<'_>, given: Given) -> Result<GivenDocument, Problem> {
    let consents::Consent { text, channel, at_ms, .. } = given.consent.value;
    let number = look.view.of::<ConsentText>().get(text)?.map_or(0, |text| text.value.number);
    let withdrawn_ms = given.withdrawal.map(|withdrawal| withdrawal.value.at_ms);
    Ok(GivenDocument { id: given.consent.id, text, number, channel, at_ms, withdrawn_ms })
}

/// Enter that somebody agreed on paper
#[utoipa::path(post, path = "/api/v1/communities/{community}/consents", tag = "consents",
    operation_id = "consents.enter", params(("community" = RecordId, Path)), request_body = AgreeOnPaper,
    responses((status = 201, body = GivenDocument)))]
async fn enter(call: Call, member: Member) -> Answer {
    let AgreeOnPaper { person, text } = call.body()?;
    let entered = member.write(&call, move |act| {
        act.concerns_person(person);
        agree(act, person, text, Channel::Paper, "")
    });
    created(&entered.await?)
}

/// Enter that somebody took it back on paper
#[utoipa::path(post, path = "/api/v1/communities/{community}/consents/withdrawals", tag = "consents",
    operation_id = "consents.enter_withdrawal", params(("community" = RecordId, Path)),
    request_body = WithdrawOnPaper, responses((status = 201, body = Withdrawn)))]
async fn enter_withdrawal(call: Call, member: Member) -> Answer {
    let WithdrawOnPaper { person } = call.body()?;
    let follows = call.api.texts(call.language).get("consent-withdrawn", &[]);
    let entered = member.write(&call, move |act| {
        act.concerns_person(person);
        take_back(act, person, Channel::Paper, "", &follows)
    });
    created(&entered.await?)
}

/// What I agreed to, and whether I am asked again
#[utoipa::path(get, path = "/api/v1/communities/{community}/me/consents", tag = "consents",
    operation_id = "consents.mine", params(("community" = RecordId, Path)),
    responses((status = 200, body = MyConsents)))]
async fn mine(call: Call, member: Member) -> Answer {
    let language = call.language;
    let read = member.read(&call, move |look| {
        let person = look.member.person;
        let given = consents::of_person(look.view, person)?.into_iter().map(|given| document(look, given));
        Ok(MyConsents {
            consents: given.collect::<Result<_, _>>()?,
            current: consents::current(look.view)?.map(|text| CurrentConsent::of(&text, language)),
            asked: consents::is_asked(look.view, person)?,
            if_withdrawn: look.texts.get("consent-if-withdrawn", &[]),
        })
    });
    json(&read.await?)
}

/// Agree to the current version
#[utoipa::path(post, path = "/api/v1/communities/{community}/me/consents", tag = "consents",
    operation_id = "consents.give", params(("community" = RecordId, Path)), request_body = Agree,
    responses((status = 201, body = GivenDocument)))]
async fn give(call: Call, member: Member) -> Answer {
    let (Agree { text }, address) = (call.body()?, address(&call));
    let (person, channel) = (member.person, channel(&call));
    let given = member.write(&call, move |act| agree(act, person, text, channel, &address));
    created(&given.await?)
}

/// Take back what I agreed to
#[utoipa::path(post, path = "/api/v1/communities/{community}/me/consents/withdrawal", tag = "consents",
    operation_id = "consents.withdraw", params(("community" = RecordId, Path)),
    responses((status = 201, body = Withdrawn)))]
async fn withdraw(call: Call, member: Member) -> Answer {
    let (address, follows) = (address(&call), call.api.texts(call.language).get("consent-withdrawn", &[]));
    let (person, channel) = (member.person, channel(&call));
    let withdrawn = member.write(&call, move |act| take_back(act, person, channel, &address, &follows));
    created(&withdrawn.await?)
}

fn agree(
    act: &mut Act<'_>,
    person: RecordId,
    text: RecordId,
    channel: Channel,
    address: &str,
) -> Result<(GivenDocument, Writes), Problem> {
    let actor = act.actor();
    let (id, mut writes) = consents::give(&mut act.ctx, &actor, person, text, channel)?;
    came_from(id, address, &mut writes);
    let number = act.ctx.view.of::<ConsentText>().get(text)?.map_or(0, |text| text.value.number);
    let (channel, at_ms) = (Open::Known(channel), act.ctx.now.ms);
    Ok((GivenDocument { id, text, number, channel, at_ms, withdrawn_ms: None }, writes))
}

fn take_back(
    act: &mut Act<'_>,
    person: RecordId,
    channel: Channel,
    address: &str,
    follows: &str,
) -> Result<(Withdrawn, Writes), Problem> {
    let actor = act.actor();
    let (withdrawals, mut writes) = consents::withdraw(&mut act.ctx, &actor, person, channel)?;
    for id in withdrawals {
        came_from(id, address, &mut writes);
    }
    Ok((Withdrawn { withdrawn_ms: act.ctx.now.ms, follows: follows.to_owned() }, writes))
}

/// Remembers from which address a consent or a withdrawal came.
pub(super) fn came_from(id: RecordId, address: &str, writes: &mut Writes) {
    if !address.is_empty() {
        writes.create(id, &Origin { address: address.to_owned() });
    }
}

/// By what somebody calls.
pub(super) fn channel(call: &Call) -> Channel {
    match call.from.as_ref().map(|from| from.messenger) {
        None => Channel::Web,
        Some(Messenger::Telegram) => Channel::Telegram,
    }
}

/// From where somebody calls.
pub(super) fn address(call: &Call) -> String {
    if let Some(from) = &call.from {
        return format!("{} {}", from.messenger.as_str(), from.user);
    }
    call.caller.address().map(|address| address.to_string()).unwrap_or_default()
}
