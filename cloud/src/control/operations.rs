//! What the command line can ask for, done: by the running cloud, or, where none runs, by the command itself.
//!
//! What must never be here: a rule; what a command line prints.

use std::fmt;
use std::sync::Arc;

use dwellers::alarms::{self, Alarm};
use dwellers::people::{self, Person};
use dwellers::texts::{Language, Texts};
use dwellers::{Actor, Context, Denied};
use dwellers_link::device::PublicKey;
use dwellers_replica::{Entry, RecordId, Writes};

use super::{
    AccountsStatus, AlarmStatus, Answer, BackedUp, CommunityStatus, HubStatus, Listed, Request, Status,
};
use crate::backup::{Backups, key, own};
use crate::clock::{entropy, now, random};
use crate::communities::{Communities, Community};
use crate::config::Http;
use crate::downlink::Downlink;
use crate::hubs::Device;
use crate::invitations::{By, Invitation, To};
use crate::registry::Listing;

/// How long an administrator's link is good.
const WEEK_MS: u64 = 7 * 24 * 3_600_000;

/// What operations work on. Clones are the same.
#[derive(Clone)]
pub struct Operations {
    /// The communities.
    pub communities: Arc<Communities>,
    /// Their backups.
    pub backups: Arc<Backups>,
    /// Where people and hubs come to.
    pub http: Http,
    /// The hubs that are connected; nothing where the cloud does not run.
    pub downlink: Option<Downlink>,
}

/// Why something was not done, in words for the one who asked.
type Refused = String;

impl Operations {
    /// Does what is asked. Blocks.
    pub fn perform(&self, request: Request) -> Answer {
        let done = match request {
            Request::CommunityCreate { name, time_zone, language, country, currency } => {
                self.create(&people::Community { name, time_zone, language, currency, country })
            }
            Request::AdminInvite { community, name, phone } => self.invite_admin(&community, &name, &phone),
            Request::AdminRecover { community, name } => self.recover_admin(&community, &name),
            Request::Status { community } => self.status(community.as_deref()),
            Request::AlarmSeen { community, alarm } => self.seen(&community, alarm),
            Request::CommunityList => self.list(),
            Request::CommunityOpen { community } => self.reopen(&community),
            Request::CommunityClose { community } => self.close(&community),
            Request::CommunityNewKey { community } => self.new_key(&community),
            Request::AccountsNewKey => {
                let secret = said(own::renew(self.communities.registry(), now()));
                secret.map(|secret| Answer::AccountsKey(secret.show().to_owned()))
            }
            Request::Backup { community, apart } => self.back_up(community.as_deref(), apart),
            Request::HubInvite { community, label, replace } => self.invite_hub(&community, &label, replace),
            Request::HubList { community } => {
                self.open(&community).and_then(|community| self.hubs(&community)).map(Answer::Hubs)
            }
            Request::HubRevoke { community, hub } => self.revoke(&community, &hub),
        };
        done.unwrap_or_else(Answer::Refused)
    }

    fn open(&self, community: &str) -> Result<Arc<Community>, Refused> {
        let id = said(self.communities.registry().find(community))?.id;
        said(self.communities.open(id, now()))
    }

    /// What a command of the rules decides, written.
    fn run<T>(
        community: &Community,
        rule: impl FnOnce(&mut Context<'_>) -> Result<(T, Writes), Denied>,
    ) -> Result<T, Refused> {
        let (now, mut entropy) = (now(), entropy);
        let judged = community.store.view(|view| rule(&mut Context { view, now, entropy: &mut entropy }));
        let (made, writes) = said(judged)?.map_err(|denied| Texts::new(Language::En).denied(&denied))?;
        said(community.store.commit(now, writes))?;
        Ok(made)
    }

    /// Its settings are looked at first: a community that is half made is nobody's.
    fn create(&self, settings: &people::Community) -> Result<Answer, Refused> {
        let checked = people::check_settings(settings);
        checked.map_err(|denied| Texts::new(Language::En).denied(&denied))?;
        let found = |made: &Community| {
            Operations::run(made, |ctx| Ok(((), people::found(ctx, &Actor::Operator, settings)?)))
        };
        let made = self.communities.create_with(&settings.name, now(), entropy, found)?;
        self.new_key(&made.id.to_string())
    }

    fn new_key(&self, community: &str) -> Result<Answer, Refused> {
        let registry = self.communities.registry();
        let secret = said(key::renew(registry, community, now()))?;
        let listing = said(registry.find(community))?;
        let community = Listed { id: listing.id, name: listing.value.name, closed: listing.value.closed };
        Ok(Answer::Key { community, secret: secret.show().to_owned() })
    }

    /// One that fails is no other's failure.
    fn back_up(&self, community: Option<&str>, apart: bool) -> Result<Answer, Refused> {
        let registry = self.communities.registry();
        let chosen = match community {
            Some(community) => vec![said(registry.find(community))?],
            None => {
                let all = said(registry.all())?;
                all.into_iter().filter(|listing| !listing.value.closed).collect()
            }
        };
        let make = |listing: Entry<Listing>| {
            let (backups, communities) = (&self.backups, &self.communities);
            let made = match apart {
                true => backups.make_apart(communities, listing.id, now(), &mut || ()),
                false => backups.make(communities, listing.id, None, now(), &mut || ()),
            };
            BackedUp { name: listing.value.name, made: said(made.map(|made| (made.path, made.bytes))) }
        };
        let mut made: Vec<_> = chosen.into_iter().map(make).collect();
        if community.is_none() && said(own::has_key(registry))? {
            let own = self.backups.make_own(&self.communities, now(), &mut || ());
            let own = said(own.map(|made| (made.path, made.bytes)));
            made.push(BackedUp { name: "accounts".to_owned(), made: own });
        }
        Ok(Answer::Backups(made))
    }

    fn list(&self) -> Result<Answer, Refused> {
        let all = said(self.communities.registry().all())?;
        let listed = all.into_iter().map(|listing| Listed {
            id: listing.id,
            name: listing.value.name,
            closed: listing.value.closed,
        });
        Ok(Answer::Communities(listed.collect()))
    }

    fn reopen(&self, community: &str) -> Result<Answer, Refused> {
        let name = said(self.communities.reopen(community, now()))?;
        Ok(Answer::Done(format!("{name} is served again")))
    }

    fn close(&self, community: &str) -> Result<Answer, Refused> {
        let id = said(self.communities.registry().find(community))?.id;
        let name = said(self.communities.close(community, now()))?;
        if let Some(downlink) = &self.downlink {
            downlink.cut_off(id);
        }
        Ok(Answer::Done(format!("{name} is closed; its data stay")))
    }

    fn revoke(&self, community: &str, hub: &str) -> Result<Answer, Refused> {
        let device = said(self.open(community)?.revoke_hub(hub, entropy, now()))?;
        Ok(Answer::Done(format!("{}: nothing that it writes from now on is taken", device.label)))
    }

    fn invite_hub(&self, community: &str, label: &str, replace: bool) -> Result<Answer, Refused> {
        let id = said(self.communities.registry().find(community))?.id;
        let code = said(self.communities.invite_hub(id, label, replace, random(), entropy, now()))?;
        let (address, only_here) = (self.http.address(), self.http.is_only_here());
        Ok(Answer::Code { address, code: code.to_string(), only_here })
    }

    /// An administrator, new or known, and a link to sign in with first. Where somebody has, it would be theirs.
    fn invite_admin(&self, community: &str, who: &str, phone: &str) -> Result<Answer, Refused> {
        let community = self.open(community)?;
        let operator = Actor::Operator;
        let person = match self.administrator(&community, who)? {
            Some(person) => person,
            None => {
                let language =
                    |ctx: &mut Context<'_>| Ok((people::community(ctx.view)?.value.language, Writes::new()));
                let language = Operations::run(&community, language)?;
                let person = Person { name: who.to_owned(), phone: phone.to_owned(), language };
                let id = Operations::run(&community, |ctx| people::add_person(ctx, &operator, &person))?;
                let administrator = people::Role::Administrator;
                Operations::run(&community, |ctx| people::grant_role(ctx, &operator, id, administrator))?;
                id
            }
        };
        if said(self.communities.accounts().membership_of(community.id, person))?.is_some() {
            return Err(format!(
                "«{who}» has signed in already: `dwellers-cloud admin recover` with {person} ends that and gives a link"
            ));
        }
        self.link(&community, To::Person(person))
    }

    /// Ends all sessions of an administrator's account, and all that signs in to it; a link to begin anew with.
    fn recover_admin(&self, community: &str, who: &str) -> Result<Answer, Refused> {
        let community = self.open(community)?;
        let person = self.administrator(&community, who)?;
        let person = person.ok_or_else(|| format!("there is no administrator «{who}» in this community"))?;
        let accounts = self.communities.accounts();
        let membership = said(accounts.membership_of(community.id, person))?
            .ok_or_else(|| format!("«{who}» has never signed in: `dwellers-cloud admin invite` is enough"))?;
        // First the link: nobody is left without either.
        let link = self.link(&community, To::AccountOf(person))?;
        said(accounts.recover(membership.value.account, now()))?;
        Ok(link)
    }

    /// The administrator whom the operator means, by their id, telephone or name. A name is what somebody calls themselves:
    /// where several have it, the operator says which.
    fn administrator(&self, community: &Community, who: &str) -> Result<Option<RecordId>, Refused> {
        let found = Operations::run(community, |ctx| Ok((administrators(ctx, who)?, Writes::new())))?;
        match &found[..] {
            [] => Ok(None),
            [(person, _)] => Ok(Some(*person)),
            several => {
                let listed =
                    several.iter().map(|(id, person)| format!("  {id}  {}  {}", person.name, person.phone));
                let listed = listed.collect::<Vec<_>>().join("\n");
                Err(format!("several administrators are called «{who}»: say which by the id\n{listed}"))
            }
        }
    }

    /// A link by which somebody signs in.
    fn link(&self, community: &Community, to: To) -> Result<Answer, Refused> {
        let token = format!("{:032x}", entropy());
        let registry = self.communities.registry();
        let invitation = Invitation::new(community.id, to, By::Operator, WEEK_MS, now());
        said(registry.invite(token.as_bytes(), invitation, entropy, now()))?;
        Ok(Answer::Invitation { link: format!("{}/join/{token}", self.http.address()) })
    }

    fn status(&self, community: Option<&str>) -> Result<Answer, Refused> {
        let registry = self.communities.registry();
        let listings = match community {
            Some(name) => vec![said(registry.find(name))?],
            None => said(registry.all())?,
        };
        let status = |listing: Entry<Listing>| {
            let Listing { name, closed, .. } = listing.value;
            let listed = Listed { id: listing.id, name, closed };
            let known = if closed { Ok((Vec::new(), Vec::new())) } else { self.examine(listing.id) };
            let ((hubs, alarms), trouble) = match known {
                Ok(known) => (known, None),
                Err(why) => ((Vec::new(), Vec::new()), Some(why)),
            };
            let backup = self.backups.standing(&self.communities, listing.id).unwrap_or_default();
            let backup_is_gone = backup.is_gone();
            let (backed_up_ms, backup_failure) = (backup.last_ms, backup.failure);
            CommunityStatus { listed, hubs, alarms, backed_up_ms, backup_is_gone, backup_failure, trouble }
        };
        let accounts = self.backups.standing(&self.communities, own::ID).unwrap_or_default();
        let accounts = AccountsStatus {
            has_key: said(own::has_key(registry))?,
            backed_up_ms: accounts.last_ms,
            backup_failure: accounts.failure,
        };
        Ok(Answer::Status(Box::new(Status {
            accounts,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            running: self.downlink.as_ref().map(|downlink| (downlink.uptime_ms(), downlink.count())),
            communities: listings.into_iter().map(status).collect(),
        })))
    }

    /// Its hubs and its alarms.
    fn examine(&self, id: RecordId) -> Result<(Vec<HubStatus>, Vec<AlarmStatus>), Refused> {
        let community = said(self.communities.open(id, now()))?;
        let mut hubs = self.hubs(&community)?;
        hubs.retain(|hub| hub.revoked_ms == 0);
        let texts = Texts::new(Language::En);
        let alarm = |alarm: Entry<Alarm>| AlarmStatus {
            id: alarm.id,
            text: texts.say_open(&alarm.value.kind),
            name: alarm.value.name,
            words: alarm.value.words,
            at_ms: alarm.value.at_ms,
        };
        let standing = said(said(community.store.view(alarms::standing))?)?;
        Ok((hubs, standing.into_iter().map(alarm).collect()))
    }

    fn seen(&self, community: &str, alarm: RecordId) -> Result<Answer, Refused> {
        let community = self.open(community)?;
        let seen = |ctx: &mut Context<'_>| Ok(((), alarms::acknowledge(ctx, &Actor::Operator, alarm)?));
        Operations::run(&community, seen)?;
        Ok(Answer::Done("seen: it stands no more".to_owned()))
    }

    fn hubs(&self, community: &Community) -> Result<Vec<HubStatus>, Refused> {
        let devices = said(community.devices())?;
        let status = |device: Device| {
            let key = PublicKey::parse(&device.key);
            let connection = self.downlink.as_ref().zip(key);
            HubStatus {
                fingerprint: key.map(|key| key.fingerprint()).unwrap_or_default(),
                connection: connection.and_then(|(downlink, key)| downlink.connection(community.id, key)),
                label: device.label,
                enrolled_ms: device.enrolled_ms,
                revoked_ms: device.revoked_ms,
                seen_ms: device.seen_ms,
            }
        };
        Ok(devices.into_iter().map(|device| status(device.value)).collect())
    }
}

/// The administrators of this id, telephone or name.
fn administrators(ctx: &Context<'_>, who: &str) -> Result<Vec<(RecordId, Person)>, Denied> {
    let (who, mut found) = (who.trim(), Vec::new());
    for (id, _) in people::administrators(ctx)? {
        let Some(person) = ctx.view.of::<Person>().get(id)?.map(|person| person.value) else { continue };
        let is_meant = person.name == who || person.phone == who || who.parse() == Ok(id);
        if is_meant && found.iter().all(|(known, _)| *known != id) {
            found.push((id, person));
        }
    }
    Ok(found)
}

fn said<T, E: fmt::Display>(result: Result<T, E>) -> Result<T, Refused> {
    result.map_err(|why| why.to_string())
}

impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operations").field("http", &self.http).finish_non_exhaustive()
    }
}
