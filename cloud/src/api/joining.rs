//! Asking to join: by a house's code or a photo, and what becomes of it. Whoever asks need not have an account: they follow
//! their application by a secret.
//!
//! Invariants: tries are bounded for an address before anything is looked at; what a stranger is told says nothing of a house
//! that they do not name exactly; a photo is used once, by whoever sent it.

use std::sync::Arc;

use dwellers::command::Context;
use dwellers::consents;
use dwellers::people::{self, Applicant, Application, Person, Place, PlaceKind, Verdict};
use dwellers::texts::Texts;
use dwellers_replica::{CommitError, Entry, Open, RecordId, View, Writes};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::call::{Call, Member, created, done, json};
use super::consents::{address, came_from, channel};
use super::problem::Problem;
use super::table::{Answer, Table, Uploads};
use crate::accounts::Signed;
use crate::applications::{Photo, Ticket, hash};
use crate::clock;
use crate::communities::Community;
use crate::invitations::{By, Invitation, To};
use crate::pictures::MAX_BYTES;

/// A link by which somebody who was accepted signs in first.
const LINK_MS: u64 = 7 * 24 * 3_600_000;
/// An idempotency key of somebody without an account has as many characters: nobody else is to hit upon it.
const SHORTEST_KEY: usize = 16;
const LONGEST_KEY: usize = 100;
/// How often what was overtaken is judged anew.
const TRIES: usize = 5;

pub(super) fn routes(to: &mut Table) {
    let photos = Uploads { max_bytes: MAX_BYTES, kinds: &["image/jpeg", "image/png"] };
    to.anyone::<__path_send_photo, _, _>(send_photo).uploads(photos).first(|call| {
        // Strangers bring them: whether this one may is known before the body is read.
        Box::pin(async move {
            call.api.0.bounds.photos.from(call.caller.address())?;
            super::community::of_path(call).await.map(drop)
        })
    });
    to.anyone::<__path_find_house, _, _>(find_house);
    to.anyone::<__path_apply, _, _>(apply);
    to.account::<__path_mine, _, _>(mine);
    to.anyone::<__path_follow, _, _>(follow);
    to.anyone::<__path_withdraw, _, _>(withdraw);
    to.anyone::<__path_link, _, _>(link);
}

/// A photo that waits for its application.
#[derive(Serialize, ToSchema)]
struct SentPhoto {
    /// What the application names it by; good once, for an hour.
    token: String,
}

/// A photo, as it is sent.
#[derive(ToSchema)]
#[schema(as = PhotoBytes, value_type = String, format = Binary)]
pub(super) struct PhotoBytes(
    #[expect(dead_code, reason = "it describes bytes that are no document")] Vec<u8>,
);

/// A wish to join.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewApplication {
    /// As they want to be called. Whoever is of the community already is known by what is written there.
    #[serde(default)]
    name: String,
    /// For the administrator to call; may be empty.
    #[serde(default)]
    phone: String,
    /// `ru` or `en`.
    language: String,
    /// As what.
    kind: PlaceKind,
    /// The version of the consent that they agree to; it must be the current one.
    consent: RecordId,
    /// The code of the house.
    code: Option<String>,
    /// Without a code: the `token` of a photo.
    photo: Option<String>,
    /// Without a code: what stands on the gate of the house.
    #[serde(default)]
    house: String,
}

/// An application that was made.
#[derive(Serialize, ToSchema)]
#[schema(as = ApplicationReceipt)]
struct Applied {
    id: RecordId,
    /// By which it is followed without an account. It is shown once.
    secret: String,
}

/// What became of an application, for whoever made it.
#[derive(Serialize, ToSchema)]
struct MyApplication {
    id: RecordId,
    /// `waiting`, `accepted`, `refused` or `withdrawn`.
    state: &'static str,
    /// What that means, and what to do.
    text: String,
    /// Why, where it was refused.
    reason: String,
    /// As what they asked; once they are accepted: as what they were.
    kind: Open<PlaceKind>,
    /// The label of the house that they asked for; once they are accepted: of the one that they have a place in.
    house_label: String,
    /// When they asked, in milliseconds since 1970.
    at_ms: u64,
    /// When it was decided.
    decided_ms: Option<u64>,
    /// Whether a link to sign in first can be asked for.
    may_sign_in: bool,
}

#[derive(Serialize, ToSchema)]
struct MyApplications {
    /// The latest first.
    applications: Vec<MyApplication>,
}

/// What stands on the gate of a house.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Gate {
    /// The whole of it, however it is written.
    label: String,
}

/// A house that there is.
#[derive(Serialize, ToSchema)]
struct NamedHouse {
    /// As it stands on its gate.
    label: String,
}

/// A link to sign in.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct SignInLink {
    /// What stands behind `/join/` in the link. It works once; the one before ends.
    pub token: String,
    /// Milliseconds since 1970.
    pub until_ms: u64,
}

/// Send the photo of an application to be
#[utoipa::path(post, path = "/api/v1/communities/{community}/applications/photo", tag = "applications",
    operation_id = "applications.send_photo", params(("community" = RecordId, Path)),
    request_body(content((PhotoBytes = "image/jpeg"), (PhotoBytes = "image/png"))),
    responses((status = 201, body = SentPhoto)))]
async fn send_photo(mut call: Call) -> Answer {
    let community = super::community::of_path(&call).await?;
    let bytes = std::mem::take(&mut call.body);
    let token = call.api.0.photos.keep(&community, bytes, clock::random(), call.now()).await?;
    created(&SentPhoto { token })
}

/// Whether there is a house of this label, before one asks to join it
///
/// It says no more than that, and not of many: who lives where is nobody's business.
#[utoipa::path(get, path = "/api/v1/communities/{community}/applications/house", tag = "applications",
    operation_id = "applications.find_house", params(("community" = RecordId, Path), Gate),
    responses((status = 200, body = NamedHouse)))]
async fn find_house(call: Call) -> Answer {
    let Gate { label } = call.query()?;
    call.api.0.bounds.labels.from(call.caller.address())?;
    let community = super::community::of_path(&call).await?;
    let find = move || {
        let house = community.store.view(|view| people::find_house(view, &label))??;
        Ok::<_, Problem>(house.ok_or(dwellers::Denied::NotFound("house"))?.value.label)
    };
    json(&NamedHouse { label: call.api.blocking(find).await?? })
}

/// Ask to join
///
/// Whoever is signed in becomes, when they are accepted, that person; others follow their application by its `secret`. With an
/// `Idempotency-Key` of 16 characters or more, drawn by chance, whoever repeats the request has the same answer.
#[utoipa::path(post, path = "/api/v1/communities/{community}/applications", tag = "applications",
    operation_id = "applications.apply",
    params(("community" = RecordId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewApplication,
    responses((status = 201, body = Applied)))]
async fn apply(call: Call) -> Answer {
    let wish: NewApplication = call.body()?;
    call.api.0.bounds.applications.from(call.caller.address())?;
    let community = super::community::of_path(&call).await?;
    call.api.0.bounds.house_codes.one(&community.id)?;
    let key = call.api.house_code_key(community.id).await?;
    let (secret, ticket) = ticket_to_be(&call, community.id, &key).await?;
    let (from, channel) = (address(&call), channel(&call));
    let applied = commit(&call, community, move |ctx| {
        if let Some(before) = Ticket::of_hash(ctx.view, &ticket.hash)? {
            return Ok((before.id, Writes::new()));
        }
        let (id, mut writes) = asked(ctx, &key, &wish, ticket.person)?;
        let consent = consents::give_with_application(ctx, &mut writes, id, wish.consent, channel)?;
        came_from(consent, &from, &mut writes);
        writes.create(id, &ticket);
        Ok((id, writes))
    });
    created(&Applied { id: applied.await?, secret })
}

/// Who applies, and by what they follow it: the secret, and what is kept of it.
async fn ticket_to_be(call: &Call, community: RecordId, key: &[u8; 32]) -> Result<(String, Ticket), Problem> {
    let (account, secret) = (call.signed().await?.map(|signed| signed.account), secret(call, key)?);
    let person = match account {
        Some(account) => call.api.accounts(move |accounts| accounts.person_in(account, community)).await?,
        None => None,
    };
    let ticket = Ticket { hash: hash(&secret), account, person, joined: false, at_ms: call.now().ms };
    Ok((secret, ticket))
}

/// By what an application is followed: drawn by chance, or made of the request's idempotency key, so that whoever repeats a
/// request whose answer was lost has the same one. Nobody else makes it without the key of the registry.
fn secret(call: &Call, key: &[u8; 32]) -> Result<String, Problem> {
    let Some(idempotency) = call.caller.only("idempotency-key") else {
        return Ok(blake3::Hash::from_bytes(clock::random()).to_hex().to_string());
    };
    match idempotency.len() {
        0..SHORTEST_KEY => Err(Problem::invalid("idempotency-key", "too-short")),
        SHORTEST_KEY..=LONGEST_KEY => {
            // Those who come from a messenger have keys that can be guessed: theirs are their own.
            let from = call.from.as_ref().map(|from| format!("{} {}", from.messenger.as_str(), from.user));
            let from = from.unwrap_or_default();
            let request = [idempotency.as_bytes(), b"\n", from.as_bytes(), b"\n", &call.body].concat();
            Ok(blake3::keyed_hash(key, &request).to_hex().to_string())
        }
        _ => Err(Problem::invalid("idempotency-key", "too-long")),
    }
}

/// The application itself, by what speaks for it.
fn asked(
    ctx: &mut Context<'_>,
    key: &[u8; 32],
    wish: &NewApplication,
    person: Option<RecordId>,
) -> Result<(RecordId, Writes), Problem> {
    if consents::current(ctx.view)?.is_none() {
        return Err(Problem::moved_on("not-open"));
    }
    let known = person.map(|id| ctx.view.of::<Person>().get(id)).transpose()?.flatten();
    let NewApplication { name, phone, language, .. } = wish.clone();
    let person = known.map_or(Person { name, phone, language }, |known| known.value);
    let applicant = Applicant { person, kind: wish.kind };
    match (&wish.code, &wish.photo) {
        (Some(code), None) => Ok(people::apply_with_code(ctx, key, code, &applicant)?),
        (None, Some(token)) => {
            let photo = Photo::of_secret(ctx.view, token, ctx.now)?;
            let photo = photo.ok_or_else(|| Problem::invalid("photo", "send-again"))?;
            let house = people::find_house(ctx.view, &wish.house)?;
            let house = house.ok_or(dwellers::Denied::NotFound("house"))?.id;
            let (id, mut writes) = people::apply_with_photo(ctx, house, &photo.value.picture, &applicant)?;
            Photo::speaks_for(&photo, id, &mut writes, ctx.now);
            Ok((id, writes))
        }
        _ => Err(Problem::invalid("proof", "code-or-photo")),
    }
}

/// The applications of my account
#[utoipa::path(get, path = "/api/v1/communities/{community}/applications/mine", tag = "applications",
    operation_id = "applications.mine", params(("community" = RecordId, Path)),
    responses((status = 200, body = MyApplications)))]
async fn mine(call: Call, signed: Signed) -> Answer {
    let community = super::community::of_path(&call).await?;
    let (api, language) = (call.api.clone(), call.language);
    let read = move || {
        let tickets = community.store.view(|view| Ticket::of_account(view, signed.account))??;
        let shown = tickets.iter().filter_map(|ticket| {
            let shown = api.progress(&community, ticket, api.texts(language));
            shown.transpose()
        });
        Ok::<_, Problem>(MyApplications { applications: shown.collect::<Result<_, _>>()? })
    };
    json(&call.api.blocking(read).await??)
}

/// What became of an application
///
/// `key` is the secret that it was answered with, or, for the account that made it, its id.
#[utoipa::path(get, path = "/api/v1/communities/{community}/applications/mine/{key}", tag = "applications",
    operation_id = "applications.follow", params(("community" = RecordId, Path), ("key" = String, Path)),
    responses((status = 200, body = MyApplication)))]
async fn follow(call: Call) -> Answer {
    let (community, ticket) = ticket(&call).await?;
    let (api, language) = (call.api.clone(), call.language);
    let read = move || api.progress(&community, &ticket, api.texts(language));
    json(&call.api.blocking(read).await??.ok_or_else(Problem::not_found)?)
}

/// Withdraw an application
#[utoipa::path(delete, path = "/api/v1/communities/{community}/applications/mine/{key}", tag = "applications",
    operation_id = "applications.withdraw", params(("community" = RecordId, Path), ("key" = String, Path)),
    responses((status = 204, description = "It is withdrawn")))]
async fn withdraw(call: Call) -> Answer {
    let (community, ticket) = ticket(&call).await?;
    let id = ticket.id;
    commit(&call, community.clone(), move |ctx| Ok(((), people::withdraw(ctx, id)?))).await?;
    call.api.destroy_photo(&community, id).await;
    done()
}

/// A link to sign in first, for whoever was accepted
#[utoipa::path(post, path = "/api/v1/communities/{community}/applications/mine/{key}/link", tag = "applications",
    operation_id = "applications.link", params(("community" = RecordId, Path), ("key" = String, Path)),
    responses((status = 201, body = SignInLink)))]
async fn link(call: Call) -> Answer {
    let (community, ticket) = ticket(&call).await?;
    let (api, id) = (call.api.clone(), ticket.id);
    let issue = move || {
        let verdict = community.store.view(|view| people::verdict(view, id))??;
        let verdict = verdict.ok_or_else(Problem::not_found)?.value;
        let accepted = verdict.accepted.ok_or_else(Problem::not_found)?;
        api.first_time(&community, accepted, verdict.at_ms)?;
        api.invite(community.id, accepted, By::Decision)
    };
    created(&call.api.blocking(issue).await??)
}

/// The application that the path names, for whoever may follow it.
async fn ticket(call: &Call) -> Result<(Arc<Community>, Entry<Ticket>), Problem> {
    let community = super::community::of_path(call).await?;
    let (account, key) = (call.signed().await?.map(|signed| signed.account), call.word("key").to_owned());
    let store = community.store.clone();
    let find = move || {
        store.view(|view: View<'_>| {
            if let Ok(id) = key.parse::<RecordId>() {
                let found = view.of::<Ticket>().get(id)?;
                return Ok(found.filter(|ticket| account.is_some() && ticket.value.account == account));
            }
            Ticket::of_secret(view, &key)
        })
    };
    match call.api.blocking(find).await??? {
        Some(ticket) => Ok((community, ticket)),
        None => {
            // Whoever has the right one may look as often as they like.
            call.api.0.bounds.secrets.from(call.caller.address())?;
            Err(Problem::not_found())
        }
    }
}

/// Lets a rule write for somebody who is nobody there yet.
async fn commit<T: Send + 'static>(
    call: &Call,
    community: Arc<Community>,
    rule: impl Fn(&mut Context<'_>) -> Result<(T, Writes), Problem> + Send + 'static,
) -> Result<T, Problem> {
    let now = call.now();
    let write = move || {
        let mut tries = 0;
        loop {
            let mut entropy = clock::entropy;
            let judge = |view: View<'_>| rule(&mut Context { view, now, entropy: &mut entropy });
            let (made, writes) = community.store.view(judge)??;
            tries += 1;
            match community.store.commit(now, writes) {
                Ok(_) => return Ok(made),
                Err(CommitError::Refused(_)) if tries < TRIES => {}
                Err(why) => return Err(why.into()),
            }
        }
    };
    call.api.blocking(write).await?
}

impl Api {
    /// What became of an application. Blocks.
    fn progress(
        &self,
        community: &Community,
        ticket: &Entry<Ticket>,
        texts: &Texts,
    ) -> Result<Option<MyApplication>, Problem> {
        let found = community.store.view(|view| {
            let Some(application) = view.of::<Application>().get(ticket.id)? else { return Ok(None) };
            let (mut application, verdict) = (application.value, people::verdict(view, ticket.id)?);
            // Whoever decided may have put it right.
            let place = verdict.as_ref().and_then(|verdict| verdict.value.place);
            let place = place.map(|place| view.of::<Place>().get(place)).transpose()?.flatten();
            if let Some(Entry { value: Place { house, kind, .. }, .. }) = place {
                (application.house, application.kind) = (house, kind);
            }
            let house = view.of::<people::House>().get(application.house)?;
            let label = house.map(|house| house.value.label).unwrap_or_default();
            Ok::<_, Problem>(Some((application, label, verdict)))
        })??;
        let Some((Application { kind, at_ms, .. }, house_label, verdict)) = found else { return Ok(None) };
        let verdict = verdict.map(|verdict| verdict.value);
        let (state, key) = match &verdict {
            None => ("waiting", "application-waiting"),
            Some(Verdict { accepted: Some(_), .. }) => ("accepted", "application-accepted"),
            Some(Verdict { withdrawn: true, .. }) => ("withdrawn", "application-withdrawn"),
            Some(_) => ("refused", "application-refused"),
        };
        let may_sign_in = match verdict.as_ref().and_then(|verdict| verdict.accepted) {
            Some(person) => {
                self.join(community, ticket, person)?;
                let decided_ms = verdict.as_ref().map_or(0, |verdict| verdict.at_ms);
                self.first_time(community, person, decided_ms).is_ok()
            }
            None => false,
        };
        let decided_ms = verdict.as_ref().map(|verdict| verdict.at_ms);
        let reason = verdict.map(|verdict| verdict.reason).unwrap_or_default();
        let (id, text) = (ticket.id, texts.get(key, &[]));
        Ok(Some(MyApplication { id, state, text, reason, kind, house_label, at_ms, decided_ms, may_sign_in }))
    }

    /// The account that applied is the person from now on, once: also where the cloud fell between the decision and this.
    /// Blocks.
    pub(super) fn join(
        &self,
        community: &Community,
        ticket: &Entry<Ticket>,
        person: RecordId,
    ) -> Result<(), Problem> {
        let Some(account) = ticket.value.account.filter(|_| !ticket.value.joined) else { return Ok(()) };
        let (accounts, now) = (&self.0.accounts, clock::now());
        // One that was ended meanwhile is nobody: they sign in by a link.
        let is_free = accounts.get(account)?.is_some()
            && accounts.person_in(account, community.id)?.is_none()
            && !accounts.was_joined(community.id, person)?;
        if is_free && let Err(why) = accounts.join(account, community.id, person, clock::entropy, now) {
            // Somebody else was faster; they sign in by a link.
            tracing::warn!(community = %community.id, %person, "an applicant's account is not joined: {why}");
        }
        let mut writes = Writes::new();
        writes.unchanged(ticket).update(ticket, |ticket| ticket.joined = true);
        match community.store.commit(now, writes) {
            Ok(_) | Err(CommitError::Refused(_)) => Ok(()),
            Err(why) => Err(why.into()),
        }
    }

    /// Refuses where whoever follows an application is not to sign in by it any more: somebody was that person once, the
    /// decision is a week old, or the person has an office by now. Others give them a link then. Blocks.
    fn first_time(&self, community: &Community, person: RecordId, decided_ms: u64) -> Result<(), Problem> {
        if self.0.accounts.was_joined(community.id, person)? {
            return Err(Problem::moved_on("already-joined"));
        }
        let granted = community.store.view(|view| people::granted(view, person))??;
        let has_office = granted.iter().any(|granted| granted.house.is_none());
        match has_office || clock::now().ms >= decided_ms.saturating_add(LINK_MS) {
            true => Err(super::sign_in::ended()),
            false => Ok(()),
        }
    }

    /// A link by which a person signs in, once, within a week. Blocks.
    pub(super) fn invite(
        &self,
        community: RecordId,
        person: RecordId,
        by: By,
    ) -> Result<SignInLink, Problem> {
        let token = blake3::Hash::from_bytes(clock::random()).to_hex().to_string();
        let now = clock::now();
        let invitation = Invitation::new(community, To::Person(person), by, LINK_MS, now);
        self.0.communities.registry().invite(token.as_bytes(), invitation, clock::entropy, now)?;
        Ok(SignInLink { token, until_ms: now.ms + LINK_MS })
    }

    /// Those who are nobody there any more do not come by a link that they were given before.
    pub(super) async fn uninvite(&self, member: &Member, persons: Vec<RecordId>) -> Result<(), Problem> {
        let (communities, community) = (self.0.communities.clone(), member.community.id);
        let end = move || communities.registry().uninvite(community, &persons, clock::now());
        Ok(self.blocking(end).await??)
    }

    /// Destroys the photo of an application that was decided; what fails is left for the sweep.
    pub(super) async fn destroy_photo(&self, community: &Arc<Community>, application: RecordId) {
        if let Err(why) = self.0.photos.destroy(community, application).await {
            tracing::warn!(community = %community.id, %application, "a photo is not destroyed yet: {why}");
        }
    }
}
