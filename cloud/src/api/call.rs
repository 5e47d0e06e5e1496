//! A request as a handler sees it, and the two ways into a community's store: looking and acting.
//!
//! Invariants: what was judged on a snapshot that somebody else overtook is judged anew, a few times; a request with an
//! idempotency key is acted on once, whatever becomes of its answer; what somebody in office does or looks at is written
//! down in the same transaction, or before it is shown.

use std::cell::RefCell;
use std::ops::Deref;
use std::sync::Arc;

use dwellers::Actor;
use dwellers::audit::{self, Deed};
use dwellers::command::Context;
use dwellers::people::{self, Capacity, Held, Permission};
use dwellers::texts::Language;
use dwellers::words::Words;
use dwellers_listener::caller::Caller;
use dwellers_replica::{CommitError, Entry, Now, RecordId, Refusal, Stamp, View, Writes};
use http::{HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use warp::Reply;

use super::Api;
use super::inside::From;
use super::problem::Problem;
use super::replay::Replay;
use super::table::{Answer, Who};
use crate::accounts::{AccountError, Accounts, Messenger, Signed};
use crate::clock;
use crate::communities::Community;

/// How often what was overtaken is judged anew.
const TRIES: usize = 5;
/// So many that a look concerns are written down one by one; more are everybody.
const MANY: usize = 50;

/// A request: the door has let it in.
pub(super) struct Call {
    pub api: Api,
    pub caller: Caller,
    /// Who calls from a messenger; nothing for a browser, or another program.
    pub from: Option<From>,
    pub language: Language,
    pub method: Method,
    /// The operation's id: what the audit calls it.
    pub operation: String,
    /// What stands in the places of the path's `{…}`.
    parameters: Vec<(String, String)>,
    path: String,
    query: String,
    pub body: Vec<u8>,
}

/// Who asks, in the community that the path names.
#[derive(Clone)]
pub(super) struct Member {
    pub signed: Signed,
    pub community: Arc<Community>,
    pub person: RecordId,
    /// What they are, and where; nothing for who was somebody once.
    pub held: Vec<Held>,
    /// The route is for those in office alone.
    office: bool,
}

/// By what it can be said who is signed in.
pub(super) enum SignedBy {
    /// The secret of a session, where there is one.
    Cookie(Option<String>),
    /// Somebody's number in a messenger.
    Messenger(Messenger, i64),
}

impl SignedBy {
    /// Who is signed in, if anybody is. Blocks.
    pub fn signed(&self, accounts: &Accounts, now: Now) -> Result<Option<Signed>, AccountError> {
        match self {
            SignedBy::Cookie(Some(secret)) => accounts.signed(secret, now),
            SignedBy::Cookie(None) => Ok(None),
            SignedBy::Messenger(messenger, user) => accounts.signed_in_messenger(*messenger, *user),
        }
    }
}

impl Call {
    pub fn new(api: Api, caller: Caller, language: Language, method: Method, query: String) -> Call {
        let (parameters, path, operation, body) = (Vec::new(), String::new(), String::new(), Vec::new());
        Call { api, caller, from: None, language, method, operation, parameters, path, query, body }
    }

    /// Its row was found.
    pub fn found(&mut self, operation: &str, path: &str, parameters: &[(&str, &str)]) {
        (self.operation, self.path) = (operation.to_owned(), path.to_owned());
        let owned = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.parameters = owned.collect();
    }

    /// What is asked for: the path, and the query.
    pub fn target(&self) -> String {
        format!("{}?{}", self.path, self.query)
    }

    /// What the path names.
    pub fn word(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The record that the path names.
    pub fn id(&self, name: &str) -> Result<RecordId, Problem> {
        self.word(name).parse().map_err(|_| Problem::not_found())
    }

    /// What is asked for behind the `?`.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_urlencoded::from_str(&self.query).map_err(|error| Problem::syntax(&error))
    }

    /// The body; none at all is an empty object.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let body: &[u8] = if self.body.is_empty() { b"{}" } else { &self.body };
        serde_json::from_slice(body).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => Problem::syntax(&error),
            _ => Problem::new(StatusCode::BAD_REQUEST, "not-json"),
        })
    }

    /// When it is, by the cloud's clock.
    pub fn now(&self) -> Now {
        clock::now()
    }

    /// By what it can be said who is signed in where this comes from.
    pub fn signed_by(&self) -> SignedBy {
        match &self.from {
            Some(from) => SignedBy::Messenger(from.messenger, from.user),
            None => SignedBy::Cookie(self.caller.cookie(self.api.session_cookie()).map(str::to_owned)),
        }
    }

    /// Who is signed in where this comes from, if anybody is.
    pub async fn signed(&self) -> Result<Option<Signed>, Problem> {
        let (by, now) = (self.signed_by(), self.now());
        self.api.accounts(move |accounts| by.signed(accounts, now)).await
    }

    /// Who calls, as far as a route of this kind needs to know.
    pub async fn known(&self, who: Who) -> Result<(Option<Signed>, Option<Member>), Problem> {
        let (api, now) = (self.api.clone(), self.now());
        let by = self.signed_by();
        let community = self.parameters.iter().find(|(name, _)| name == "community");
        let community = community.map(|(_, value)| value.clone());
        let address = self.caller.address();
        let known = move || {
            let signed = by.signed(&api.0.accounts, now)?;
            match &signed {
                Some(signed) => api.0.bounds.sessions.one(&signed.session.id)?,
                None => api.0.bounds.strangers.from(address)?,
            }
            if who == Who::Anyone {
                return Ok((signed, None));
            }
            let signed = signed.ok_or_else(Problem::no_session)?;
            if who == Who::Account {
                return Ok((Some(signed), None));
            }
            let id: RecordId = community.unwrap_or_default().parse().map_err(|_| Problem::not_found())?;
            let person = api.0.accounts.person_in(signed.account, id)?.ok_or_else(Problem::not_found)?;
            let community = api.0.communities.open(id, now)?;
            let held = community.store.view(|view| people::held(view, now, person))??;
            if held.is_empty() && who != Who::Person {
                return Err(Problem::not_found());
            }
            let office = match who {
                Who::May(permissions) => {
                    let able = |held: &Held| permissions.iter().any(|one| held.capacity.may(*one));
                    if !held.iter().any(able) {
                        return Err(Problem::not_allowed());
                    }
                    permissions.iter().all(|permission| is_office(*permission))
                }
                _ => false,
            };
            Ok((Some(signed.clone()), Some(Member { signed, community, person, held, office })))
        };
        self.api.blocking(known).await?
    }

    /// What `If-Match` says: the version that the caller means to change.
    pub fn if_match(&self) -> Option<String> {
        self.caller.only(header::IF_MATCH).filter(|tag| *tag != "*").map(str::to_owned)
    }

    /// `If-None-Match` names this version: nothing new.
    pub fn has_already(&self, tag: &str) -> bool {
        let known = self.caller.header(header::IF_NONE_MATCH).unwrap_or_default();
        known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
    }
}

/// Whether only those in office may: no place in a house gives it.
fn is_office(permission: Permission) -> bool {
    let places = [Capacity::Owner, Capacity::Family, Capacity::Tenant, Capacity::Staff];
    !places.iter().any(|capacity| capacity.may(permission))
}

/// Whom it concerns what somebody in office does.
#[derive(Default)]
struct Concerns {
    persons: Vec<RecordId>,
    houses: Vec<RecordId>,
    record: Option<RecordId>,
    everybody: bool,
}

impl Member {
    /// As the rules know them.
    pub fn actor(&self) -> Actor {
        Actor::Person(self.person)
    }

    /// Whether they live or work in this house.
    pub fn is_of(&self, house: RecordId) -> bool {
        self.held.iter().any(|held| held.house == Some(house))
    }

    /// The houses in which they live or work, each once.
    pub fn houses(&self) -> Vec<RecordId> {
        let mut houses: Vec<_> = self.held.iter().filter_map(|held| held.house).collect();
        houses.sort_unstable();
        houses.dedup();
        houses
    }

    /// Whether they may do something, in a house or in the community.
    pub fn may(&self, permission: Permission) -> bool {
        self.held.iter().any(|held| held.capacity.may(permission))
    }

    /// The houses that are theirs.
    pub fn owned(&self) -> Vec<RecordId> {
        let own = self.held.iter().filter(|held| held.capacity == Capacity::Owner);
        own.filter_map(|held| held.house).collect()
    }

    /// Whether they are in office: a guard or an administrator.
    pub fn is_in_office(&self) -> bool {
        self.held.iter().any(|held| held.house.is_none())
    }

    /// What is to be written down of what they did or looked at.
    fn deeds(&self, action: &str, concerns: Concerns, looked: bool, now: Now) -> Vec<Deed> {
        let Concerns { persons, houses, record, everybody } = concerns;
        let count = persons.len() + houses.len();
        let everybody = everybody || count > MANY;
        let concerns_nobody = count == 0 && record.is_none() && !everybody;
        if !self.is_in_office() || (concerns_nobody && !self.office) {
            return Vec::new();
        }
        let (by, action, at_ms) = (self.person, action.to_owned(), now.ms);
        let deed = Deed { by, action, looked, record, everybody, at_ms, ..Deed::default() };
        let of_person = |person: RecordId| Deed { person: Some(person), ..deed.clone() };
        let of_house = |house: RecordId| Deed { house: Some(house), ..deed.clone() };
        match count {
            1..=MANY if !everybody => {
                persons.into_iter().map(of_person).chain(houses.into_iter().map(of_house)).collect()
            }
            _ => vec![deed],
        }
    }

    /// Reads from one snapshot, to tell it in the caller's language.
    pub async fn read<R: Send + 'static>(
        &self,
        call: &Call,
        body: impl FnOnce(&Look<'_>) -> Result<R, Problem> + Send + 'static,
    ) -> Result<R, Problem> {
        let (member, now) = (self.clone(), call.now());
        let (api, language) = (call.api.clone(), call.language);
        let read = move || {
            member.community.store.view(|view| {
                let words = Words::new(view, api.texts(language), now)?.for_owner(member.owned());
                let look = Look { words, member: &member, concerns: RefCell::default() };
                let read = body(&look)?;
                Ok::<_, Problem>((read, look.concerns.into_inner()))
            })?
        };
        let (read, concerns) = call.api.blocking(read).await??;
        self.looked(call, concerns, now).await?;
        Ok(read)
    }

    /// Writes down whose data somebody in office has looked at.
    async fn looked(&self, call: &Call, concerns: Concerns, now: Now) -> Result<(), Problem> {
        let looks = self.deeds(&call.operation, concerns, true, now);
        if looks.is_empty() {
            return Ok(());
        }
        let store = self.community.store.clone();
        let write = move || {
            let known = |look: &Deed| {
                let id = audit::look_id(look, now);
                Ok::<_, Problem>((id, store.view(|view| view.of::<Deed>().get(id))??.is_some()))
            };
            let mut tries = 0;
            loop {
                let (mut writes, mut any) = (Writes::new(), false);
                for look in &looks {
                    let (id, is_known) = known(look)?;
                    if !is_known {
                        writes.create(id, look);
                        any = true;
                    }
                }
                tries += 1;
                match any.then(|| store.commit(now, writes)) {
                    None | Some(Ok(_)) => return Ok(()),
                    // One of them was written at the same moment, and with it none of the others.
                    Some(Err(CommitError::Refused(Refusal::Exists { .. }))) if tries < TRIES => {}
                    Some(Err(why)) => return Err(why.into()),
                }
            }
        };
        call.api.blocking(write).await?
    }

    /// Lets a rule write: what it returns is committed, and its answer kept under the request's idempotency key.
    pub async fn write<T: Serialize + DeserializeOwned + Send + 'static>(
        &self,
        call: &Call,
        rule: impl Fn(&mut Act<'_>) -> Result<(T, Writes), Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.commit(call, Replay::of(call, self.person)?, rule).await
    }

    /// The same where the answer is shown once: it is kept nowhere.
    pub async fn write_secret<T: Serialize + DeserializeOwned + Send + 'static>(
        &self,
        call: &Call,
        rule: impl Fn(&mut Act<'_>) -> Result<(T, Writes), Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.commit(call, None, rule).await
    }

    async fn commit<T: Serialize + DeserializeOwned + Send + 'static>(
        &self,
        call: &Call,
        replay: Option<Replay>,
        rule: impl Fn(&mut Act<'_>) -> Result<(T, Writes), Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (member, now, operation) = (self.clone(), call.now(), call.operation.clone());
        let write = move || {
            let mut tries = 0;
            loop {
                if let Some(replay) = &replay
                    && let Some(answer) = member.community.store.view(|view| replay.answer(view))??
                {
                    return Ok(answer);
                }
                let judge = |view: View<'_>| member.judge(view, now, &operation, replay.as_ref(), &rule);
                let (answer, writes) = member.community.store.view(judge)??;
                tries += 1;
                match member.community.store.commit(now, writes) {
                    Ok(_) => return Ok(answer),
                    Err(CommitError::Refused(_)) if tries < TRIES => {}
                    Err(why) => return Err(why.into()),
                }
            }
        };
        call.api.blocking(write).await?
    }

    /// What a rule says on a snapshot, with all that is written along with it.
    fn judge<T: Serialize>(
        &self,
        view: View<'_>,
        now: Now,
        operation: &str,
        replay: Option<&Replay>,
        rule: &impl Fn(&mut Act<'_>) -> Result<(T, Writes), Problem>,
    ) -> Result<(T, Writes), Problem> {
        let mut entropy = clock::entropy;
        let ctx = Context { view, now, entropy: &mut entropy };
        let mut act = Act { ctx, member: self, concerns: Concerns::default() };
        let (answer, mut writes) = rule(&mut act)?;
        for deed in self.deeds(operation, act.concerns, false, now) {
            writes.create(view.new_id(now, clock::entropy())?, &deed);
        }
        if let Some(replay) = replay {
            replay.keep(&answer, &mut writes, now)?;
        }
        Ok((answer, writes))
    }
}

/// A snapshot that somebody looks at.
pub(super) struct Look<'a> {
    words: Words<'a>,
    pub member: &'a Member,
    concerns: RefCell<Concerns>,
}

impl<'a> Deref for Look<'a> {
    type Target = Words<'a>;

    fn deref(&self) -> &Words<'a> {
        &self.words
    }
}

/// A snapshot that somebody acts on.
pub(super) struct Act<'a> {
    pub ctx: Context<'a>,
    pub member: &'a Member,
    concerns: Concerns,
}

impl Concerns {
    /// One's own data are nobody else's concern.
    fn person(&mut self, member: &Member, person: RecordId) {
        if person != member.person && !self.persons.contains(&person) {
            self.persons.push(person);
        }
    }

    fn house(&mut self, member: &Member, house: RecordId) {
        if !member.is_of(house) && !self.houses.contains(&house) {
            self.houses.push(house);
        }
    }
}

impl Look<'_> {
    /// Whose data are shown.
    pub fn concerns_person(&self, person: RecordId) {
        self.concerns.borrow_mut().person(self.member, person);
    }

    /// The data of everybody are shown.
    pub fn concerns_everybody(&self) {
        self.concerns.borrow_mut().everybody = true;
    }

    /// The data of which house are shown.
    pub fn concerns_house(&self, house: RecordId) {
        self.concerns.borrow_mut().house(self.member, house);
    }
}

impl Act<'_> {
    /// As the rules know who acts.
    pub fn actor(&self) -> Actor {
        self.member.actor()
    }

    /// Whom it concerns.
    pub fn concerns_person(&mut self, person: RecordId) {
        self.concerns.person(self.member, person);
    }

    /// Which house it concerns.
    pub fn concerns_house(&mut self, house: RecordId) {
        self.concerns.house(self.member, house);
    }

    /// It concerns everybody.
    pub fn concerns_everybody(&mut self) {
        self.concerns.everybody = true;
    }

    /// Which record it concerns, where it is neither.
    pub fn concerns_record(&mut self, record: RecordId) {
        self.concerns.record = Some(record);
    }

    /// Refuses where the caller meant to change another version of it than there is.
    pub fn as_known<T>(&self, if_match: Option<&str>, entry: &Entry<T>) -> Result<(), Problem> {
        match if_match {
            Some(tag) if tag != etag(entry) => Err(Problem::precondition_failed()),
            _ => Ok(()),
        }
    }
}

/// The version of a record, as `ETag` and `If-Match` name it.
pub(super) fn etag<T>(entry: &Entry<T>) -> String {
    let Stamp { time, replica, sequence } = entry.stamp;
    let hash = blake3::hash(format!("{time:?} {replica} {sequence}").as_bytes()).to_hex();
    format!("\"{}\"", &hash[..16])
}

/// A document with its version.
pub(super) fn tagged<T: Serialize>(call: &Call, tag: &str, document: &T) -> Answer {
    let mut response = match call.has_already(tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => warp::reply::json(document).into_response(),
    };
    let tag = HeaderValue::from_str(tag).expect("a tag is made of letters and digits");
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

/// A document.
pub(super) fn json<T: Serialize>(document: &T) -> Answer {
    Ok(warp::reply::json(document).into_response())
}

/// A document about something new.
pub(super) fn created<T: Serialize>(document: &T) -> Answer {
    Ok(warp::reply::with_status(warp::reply::json(document), StatusCode::CREATED).into_response())
}

/// Nothing to say.
pub(super) fn done() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}
