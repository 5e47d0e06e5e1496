//! A cloud that serves, with communities and their people, and browsers that speak to it.

use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use dwellers::people::{self, Person, PlaceKind, Role};
use dwellers::{Actor, Context, Denied, rights};
use dwellers_cloud::accounts::{Session, Way};
use dwellers_cloud::bot::Bot;
use dwellers_cloud::bot::line::Errands;
use dwellers_cloud::clock::{entropy, now, random};
use dwellers_cloud::communities::{Communities, Community};
use dwellers_cloud::config::{self, Config, Http};
use dwellers_cloud::serve::Serving;
use dwellers_replica::{Now, Open, RecordId, Writes};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::post_office::PostOffice;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A cloud that serves, until it is dropped.
pub(crate) struct Town {
    pub(crate) at: String,
    pub(crate) communities: Arc<Communities>,
    /// The folder of its stores, with the operator's socket.
    pub(crate) data: PathBuf,
    config: Config,
    stop: watch::Sender<bool>,
    served: Option<JoinHandle<()>>,
    /// The bot, and what it says, for whoever plays its messenger.
    pub(crate) bot: Option<Bot>,
    pub(crate) errands: Option<Errands>,
    /// Whether the cloud's own adapter speaks for the bot.
    adapts: bool,
    _folder: TempDir,
}

impl Town {
    /// With no community yet.
    pub(crate) fn start() -> Town {
        Town::configured(|_| ())
    }

    /// With a community that was founded, and letters.
    pub(crate) fn with_mail(office: &PostOffice) -> (Town, Village) {
        let town = Town::configured(|config| config.mail = Some(office.config()));
        let village = town.village("Сосновка");
        (town, village)
    }

    /// The same where something is configured otherwise.
    pub(crate) fn configured(configure: impl FnOnce(&mut Config)) -> Town {
        Town::begun(configure, false)
    }

    /// The same where the cloud itself speaks to the messenger that is configured.
    #[allow(dead_code, reason = "the bot's tests alone have a messenger")]
    pub(crate) fn adapted(configure: impl FnOnce(&mut Config)) -> Town {
        Town::begun(configure, true)
    }

    fn begun(configure: impl FnOnce(&mut Config), adapts: bool) -> Town {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let communities = Arc::new(Communities::in_folder(&data, now(), entropy).unwrap());
        let http = Http { listen: "127.0.0.1:0".parse().unwrap(), ..Http::default() };
        let backup = config::Backup { on: false, ..config::Backup::default() };
        let mut config = Config {
            cloud: config::Cloud { data: data.clone() },
            http,
            blobs: config::Blobs::default(),
            backup,
            mail: None,
            telegram: None,
        };
        configure(&mut config);
        let (stop, served) = (watch::Sender::new(false), None);
        let at = String::new();
        let (bot, errands) = (None, None);
        let mut town =
            Town { at, communities, data, config, stop, served, bot, errands, adapts, _folder: folder };
        town.begin();
        town
    }

    /// Begins to serve.
    pub(crate) fn begin(&mut self) {
        self.stop = watch::Sender::new(false);
        let (runtime, shutdown) = (Runtime::new().unwrap(), self.stop.subscribe());
        let serving = Serving::bind(&self.config, self.communities.clone(), shutdown);
        let mut serving = runtime.block_on(serving).unwrap();
        if !self.adapts {
            let (bot, errands) = serving.messenger();
            (self.bot, self.errands) = (Some(bot), errands);
        }
        self.config.http.listen = serving.at();
        self.at = format!("http://{}", serving.at());
        self.served = Some(thread::spawn(move || runtime.block_on(serving.run())));
    }

    /// Ends what serves.
    pub(crate) fn end(&mut self) {
        self.stop.send_replace(true);
        (self.bot, self.errands) = (None, None);
        if let Some(served) = self.served.take() {
            // A panic there has been told.
            let _ = served.join();
        }
    }

    /// Ends what serves, and begins it anew over the same stores and at the same address.
    pub(crate) fn restart(&mut self) {
        self.restart_after(|| ());
    }

    /// The same, with something that happens while nothing serves.
    pub(crate) fn restart_after(&mut self, meanwhile: impl FnOnce()) {
        self.end();
        meanwhile();
        self.begin();
    }

    /// With a community that was founded.
    pub(crate) fn founded() -> (Town, Village) {
        let town = Town::start();
        let village = town.village("Сосновка");
        (town, village)
    }

    /// Another community.
    pub(crate) fn village(&self, name: &str) -> Village {
        let community = self.communities.create(name, now(), entropy).unwrap();
        let settings = people::Community {
            name: name.to_owned(),
            time_zone: "Europe/Moscow".to_owned(),
            language: "ru".to_owned(),
            currency: "RUB".to_owned(),
            country: "RU".to_owned(),
        };
        let village = Village { community };
        village.run(|ctx| Ok(((), people::found(ctx, &Actor::Operator, &settings)?)));
        village
    }

    /// A browser in which nobody is signed in.
    pub(crate) fn stranger(&self) -> Browser {
        Browser { at: self.at.clone(), cookie: None }
    }

    /// A browser of an account that is nobody anywhere.
    pub(crate) fn nobody(&self) -> (Browser, RecordId) {
        let account = self.communities.accounts().make("ru", entropy, now()).unwrap();
        (self.browser(account), account)
    }

    /// A browser in which a person is signed in.
    pub(crate) fn as_person(&self, village: &Village, person: RecordId) -> Browser {
        let (accounts, community) = (self.communities.accounts(), village.community.id);
        let account = match accounts.membership_of(community, person).unwrap() {
            Some(known) => known.value.account,
            None => {
                let account = accounts.make("ru", entropy, now()).unwrap();
                accounts.join(account, community, person, entropy, now()).unwrap();
                account
            }
        };
        self.browser(account)
    }

    fn browser(&self, account: RecordId) -> Browser {
        self.signed_in(account, Way::Link, now())
    }

    /// A browser in which an account was signed in then.
    pub(crate) fn signed_in(&self, account: RecordId, way: Way, at: Now) -> Browser {
        let session = Session { account, way: Open::Known(way), ..Session::default() };
        let secret = self.communities.accounts().begin(session, random(), entropy, at).unwrap();
        Browser { cookie: Some(format!("dwellers={secret}")), ..self.stranger() }
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.end();
    }
}

/// A community.
pub(crate) struct Village {
    pub(crate) community: Arc<Community>,
}

impl Village {
    /// `/api/v1/communities/ID` and what is below it.
    pub(crate) fn path(&self, below: &str) -> String {
        format!("/api/v1/communities/{}{below}", self.community.id)
    }

    /// Does what a rule says.
    pub(crate) fn run<T>(&self, rule: impl FnOnce(&mut Context<'_>) -> Result<(T, Writes), Denied>) -> T {
        let (now, mut entropy) = (now(), entropy);
        let judged =
            self.community.store.view(|view| rule(&mut Context { view, now, entropy: &mut entropy }));
        let (made, writes) = judged.unwrap().unwrap();
        self.community.store.commit(now, writes).unwrap();
        made
    }

    pub(crate) fn house(&self, label: &str) -> RecordId {
        self.run(|ctx| people::add_house(ctx, &Actor::Operator, label, ""))
    }

    pub(crate) fn person(&self, name: &str) -> RecordId {
        let person = Person { name: name.to_owned(), language: "ru".to_owned(), ..Person::default() };
        self.run(|ctx| people::add_person(ctx, &Actor::Operator, &person))
    }

    /// Somebody with a place; returns the person and the place.
    pub(crate) fn resident(&self, name: &str, house: RecordId, kind: PlaceKind) -> (RecordId, RecordId) {
        let person = self.person(name);
        (person, self.run(|ctx| people::settle(ctx, &Actor::Operator, person, house, kind)))
    }

    /// Somebody with a role.
    pub(crate) fn officer(&self, name: &str, role: Role) -> RecordId {
        let person = self.person(name);
        self.run(|ctx| people::grant_role(ctx, &Actor::Operator, person, role));
        person
    }

    /// Takes a place away, as an administrator does.
    pub(crate) fn revoke(&self, administrator: RecordId, grant: RecordId) {
        self.run(|ctx| Ok(((), rights::revoke(ctx, &Actor::Person(administrator), grant, "съехал")?)));
    }
}

/// A browser, or another program with a cookie.
#[derive(Clone)]
pub(crate) struct Browser {
    at: String,
    cookie: Option<String>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|why| panic!("{why}: {self:?}"))
    }

    /// The document, where it was done.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        let shown = || String::from_utf8_lossy(&self.bytes).into_owned();
        assert!((200..300).contains(&self.status), "{} {}", self.status, shown());
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }

    /// Refused, for this reason.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, code: &str) -> Value {
        let shown = String::from_utf8_lossy(&self.bytes).into_owned();
        assert_eq!(self.status, status, "{shown}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{shown}");
        let body = self.json();
        assert_eq!((&body["code"], &body["status"]), (&json!(code), &json!(status)), "{shown}");
        body
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a cookie that is set.
    pub(crate) fn cookie(&self) -> Option<String> {
        let line = self.headers.get("set-cookie")?.to_str().ok()?;
        Some(line.split(';').next()?.to_owned())
    }
}

impl Browser {
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &[], Some(body))
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Answer {
        self.ask("PUT", path, &[], Some(body))
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Answer {
        self.ask("PATCH", path, &[], Some(body))
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, &[], None)
    }

    /// Asks with headers besides; a body is JSON.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let bytes = body.map(Value::to_string).unwrap_or_default();
        let json = [("content-type", "application/json")];
        let kind: &[(&str, &str)] = if body.is_some() { &json } else { &[] };
        self.send(method, path, &[headers, kind].concat(), bytes.as_bytes())
    }

    /// Sends bytes of any kind.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.at));
        if !headers.iter().any(|(name, _)| *name == "accept-language") {
            request = request.header("accept-language", "en");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        // A new one each time: it would keep cookies of its own.
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .build()
            .into();
        let mut answer = agent.run(request.body(body).unwrap()).unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.body_mut().read_to_vec().unwrap();
        Answer { status, headers, bytes }
    }

    /// Asks, and reads no more of the answer than its first line.
    pub(crate) fn begins(&self, path: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(self.at.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let cookie = self.cookie.clone().unwrap_or_default();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n").unwrap();
        let (mut reader, mut line) = (BufReader::with_capacity(64, stream), String::new());
        reader.read_line(&mut line).unwrap();
        assert!(line.contains(" 200 "), "{line}");
        reader
    }

    /// What it shows of its session.
    pub(crate) fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// The same browser with the cookie that an answer sets.
    pub(crate) fn keep(&self, answer: &Answer) -> Browser {
        Browser { cookie: answer.cookie(), ..self.clone() }
    }
}
