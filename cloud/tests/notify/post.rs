//! An outbox that runs, with a mail server, a push service and a community.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dwellers::people;
use dwellers::people::{PlaceKind, Role};
use dwellers::{Actor, Denied};
use dwellers_cloud::accounts::Session;
use dwellers_cloud::clock::{entropy, now, random};
use dwellers_cloud::communities::Communities;
use dwellers_cloud::config;
use dwellers_cloud::mail::Mailer;
use dwellers_cloud::notify::push::Push;
use dwellers_cloud::notify::{Message, Outbox, Settings, State, Subscription};
use dwellers_replica::{Entry, Open, Query, RecordId, Writes};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::service::Service;
use crate::smtp::Smtp;
use crate::town::Village;

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Post {
    pub(crate) communities: Arc<Communities>,
    pub(crate) village: Village,
    pub(crate) smtp: Smtp,
    pub(crate) service: Service,
    running: Option<(watch::Sender<bool>, JoinHandle<()>)>,
    runtime: Runtime,
    pub(crate) folder: TempDir,
}

/// Waits until it is so.
#[track_caller]
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "it does not come to that: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

impl Post {
    /// With an outbox that runs.
    pub(crate) fn start() -> Post {
        let mut post = Post::at_rest();
        post.begin();
        post
    }

    /// With one that does not run yet.
    pub(crate) fn at_rest() -> Post {
        let folder = tempfile::tempdir().unwrap();
        let communities = Communities::in_folder(&folder.path().join("data"), now(), entropy).unwrap();
        let village = village(&communities, "Pines");
        let (communities, runtime) = (Arc::new(communities), Runtime::new().unwrap());
        let (smtp, service) = (Smtp::start(), Service::start());
        Post { communities, village, smtp, service, running: None, runtime, folder }
    }

    /// Begins to tell.
    pub(crate) fn begin(&mut self) {
        let config = config::Mail { smtp: self.smtp.url(), from: "Pines <dwellers@mail.example>".to_owned() };
        let mailer = Mailer::new(&config).unwrap().with_patience(Duration::from_secs(1));
        let contact = "mailto:dwellers@mail.example".to_owned();
        let push = Push::in_folder(&self.folder.path().join("data"), contact, random).unwrap();
        let push = push.with_client(self.service.client());
        let address = "https://cloud.example".to_owned();
        let outbox = Outbox::new(self.communities.clone(), Some(mailer), push, None, address);
        let (stop, shutdown) = watch::channel(false);
        self.running = Some((stop, self.runtime.spawn(outbox.run(shutdown))));
    }

    /// Ceases to tell, as an orderly end does.
    pub(crate) fn end(&mut self) {
        if let Some((stop, running)) = self.running.take() {
            stop.send_replace(true);
            self.runtime.block_on(async { tokio::time::timeout(PATIENCE, running).await }).unwrap().unwrap();
        }
    }

    /// Somebody with an address, in a village, who is told at any hour.
    pub(crate) fn reachable(&self, village: &Village, person: RecordId, address: &str) {
        let (accounts, community) = (self.communities.accounts(), village.community.id);
        let account = accounts.make("en", entropy, now()).unwrap();
        accounts.set_email(account, address, true, now()).unwrap();
        accounts.join(account, community, person, entropy, now()).unwrap();
        self.wish(village, person, &Settings { quiet: None, ..Settings::default() });
    }

    pub(crate) fn wish(&self, village: &Village, person: RecordId, settings: &Settings) {
        let store = &village.community.store;
        let before = store.view(|view| view.of::<Settings>().get(person)).unwrap().unwrap();
        let mut writes = Writes::new();
        match before {
            Some(before) => writes.update(&before, |before| before.clone_from(settings)),
            None => writes.create(person, settings),
        };
        store.commit(now(), writes).unwrap();
    }

    /// An administrator with an address.
    pub(crate) fn administrator(&self, name: &str, address: &str) -> RecordId {
        let person = self.village.person(name);
        self.reachable(&self.village, person, address);
        self.village.run(|ctx| people::grant_role(ctx, &Actor::Operator, person, Role::Administrator));
        person
    }

    /// Somebody of a house, with an address.
    pub(crate) fn resident(&self, name: &str, house: RecordId, kind: PlaceKind, address: &str) -> RecordId {
        let person = self.village.person(name);
        self.reachable(&self.village, person, address);
        self.village.run(|ctx| people::settle(ctx, &Actor::Operator, person, house, kind));
        person
    }

    /// Gives a role: one message, which is not urgent.
    pub(crate) fn give_role(&self, person: RecordId, role: Role) -> RecordId {
        self.village.run(|ctx| people::grant_role(ctx, &Actor::Operator, person, role))
    }

    /// A session of a person, who has an account at least then.
    fn session(&self, person: RecordId) -> RecordId {
        let (accounts, community) = (self.communities.accounts(), self.village.community.id);
        let known = accounts.membership_of(community, person).unwrap();
        let account = known.map(|known| known.value.account).unwrap_or_else(|| {
            let account = accounts.make("en", entropy, now()).unwrap();
            accounts.join(account, community, person, entropy, now()).unwrap();
            account
        });
        let before = accounts.sessions(account).unwrap();
        let session = Session { account, ..Session::default() };
        accounts.begin(session, random(), entropy, now()).unwrap();
        let mut sessions = accounts.sessions(account).unwrap();
        sessions.retain(|session| before.iter().all(|known| known.id != session.id));
        sessions[0].id
    }

    /// A browser in which they are signed in, and told.
    pub(crate) fn browser(&self, person: RecordId) -> RecordId {
        let given = self.service.browser();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let subscription = Subscription {
            person,
            session: self.session(person),
            endpoint: text(&given["endpoint"]),
            p256dh: text(&given["keys"]["p256dh"]),
            auth: text(&given["keys"]["auth"]),
            agent: "test".to_owned(),
            made_ms: now().ms,
        };
        let (id, mut writes) = (Subscription::id(&subscription.endpoint), Writes::new());
        writes.create(id, &subscription);
        self.village.community.store.commit(now(), writes).unwrap();
        id
    }

    pub(crate) fn has_browser(&self, id: RecordId) -> bool {
        let found = self.village.community.store.view(|view| view.of::<Subscription>().get(id));
        found.unwrap().unwrap().is_some()
    }

    /// What a person was told, or will be, of this text.
    pub(crate) fn messages(&self, person: RecordId, text: &str) -> Vec<Entry<Message>> {
        messages(&self.village, person).into_iter().filter(|one| one.value.text.starts_with(text)).collect()
    }

    /// Waits until all messages of a text to a person stand so.
    #[track_caller]
    pub(crate) fn until(&self, person: RecordId, text: &str, state: State) -> Entry<Message> {
        let stands = |message: &Entry<Message>| message.value.state == Open::Known(state);
        until(&format!("{text} {state:?}"), || {
            let found = self.messages(person, text);
            !found.is_empty() && found.iter().all(stands)
        });
        self.messages(person, text).remove(0)
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.end();
        }
    }
}

/// All that a person was told, or will be.
pub(crate) fn messages(village: &Village, person: RecordId) -> Vec<Entry<Message>> {
    let query = Query::on("person").equal(person.to_string()).limit(1_000);
    village.community.store.view(|view| view.of::<Message>().find(&query)).unwrap().unwrap().entries
}

/// A community that was founded.
pub(crate) fn village(communities: &Communities, name: &str) -> Village {
    let community = communities.create(name, now(), entropy).unwrap();
    let settings = people::Community {
        name: name.to_owned(),
        time_zone: "Europe/Moscow".to_owned(),
        language: "en".to_owned(),
        currency: "RUB".to_owned(),
        country: "RU".to_owned(),
    };
    let village = Village { community };
    village.run(|ctx| Ok::<_, Denied>(((), people::found(ctx, &Actor::Operator, &settings)?)));
    village
}
