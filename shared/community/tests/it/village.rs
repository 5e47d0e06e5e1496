//! «Сосновка»: a small settlement with a cloud and a hub, for the tests of all slices.
//!
//! On Monday 2026-06-15, at ten in the morning in Moscow. House 12 is Анна's; Борис is her family there, Нина her
//! nanny. In house 14 lives Галина, whose tenant is Тимур. House «Лесная 4» is empty. Ольга administers, Пётр is a
//! guard with an account; Семён signs in at the hub. The hub has a barrier with a lane in and one out, and a wicket.

use dwellers::gates::{self, Direction, Gate, Lane};
use dwellers::passes::{Issued, Request, Terms};
use dwellers::people::{self, Community, Invitee, Person, PlaceKind, Role};
use dwellers::{Actor, Context, Denied, cloud_schema, schema};
use dwellers_replica::builtin::Registration;
use dwellers_replica::delta::MAX_CHUNK_FIELDS;
use dwellers_replica::{
    CommitError, Memory, Now, Open, RecordId, Refusal, Replica, ReplicaId, Role as Side, Source, View, Writes,
};

/// 2026-06-15T10:00:00+03:00, a Monday.
pub const NOW_MS: u64 = 1_781_506_800_000;
pub const MINUTE_MS: u64 = 60_000;
pub const HOUR_MS: u64 = 60 * MINUTE_MS;
pub const DAY_MS: u64 = 24 * HOUR_MS;
/// The key of house codes.
pub const CODE_KEY: [u8; 32] = [7; 32];

const CLOUD: ReplicaId = RecordId::new(NOW_MS - DAY_MS, 0);

/// A replica with a clock and a source of chance.
pub struct Node {
    pub replica: Replica<Memory>,
    pub now: Now,
    chance: fastrand::Rng,
}

pub struct Village {
    pub cloud: Node,
    pub hub: Node,
    /// Houses 12, 14 and «Лесная 4».
    pub houses: [RecordId; 3],
    pub olga: Resident,
    pub pyotr: Resident,
    pub anna: Resident,
    pub boris: Resident,
    pub nina: Resident,
    pub galina: Resident,
    pub timur: Resident,
    pub barrier: RecordId,
    pub wicket: RecordId,
}

/// A person, and the place or role by which they are something.
#[derive(Clone, Copy, Debug)]
pub struct Resident {
    pub person: RecordId,
    pub grant: RecordId,
}

impl Resident {
    pub fn acts(&self) -> Actor {
        Actor::Person(self.person)
    }
}

/// The guard at the hub's touchscreen.
pub fn semyon() -> Actor {
    Actor::Guard { id: RecordId::new(NOW_MS, 77), name: "Семён".into() }
}

pub fn person(name: &str, phone: &str) -> Person {
    Person { name: name.into(), phone: phone.into(), language: "ru".into() }
}

/// A pass for a house, by name, without a plate or a code.
pub fn pass(house: RecordId, terms: Terms) -> Request {
    let (plate, name, note) = (String::new(), "Гость".into(), String::new());
    Request { house, terms, plate, name, code: false, note, decider: None }
}

/// For the rest of this hour and the next.
pub fn guest() -> Terms {
    Terms::Guest { from_ms: NOW_MS, until_ms: NOW_MS + 2 * HOUR_MS }
}

/// What a command returns: what it made, and what is to be committed.
pub trait Made {
    type Value;
    fn parts(self) -> (Self::Value, Writes);
}

impl Made for Writes {
    type Value = ();
    fn parts(self) -> ((), Writes) {
        ((), self)
    }
}

impl<T> Made for (T, Writes) {
    type Value = T;
    fn parts(self) -> (T, Writes) {
        self
    }
}

impl<T, U> Made for (T, U, Writes) {
    type Value = (T, U);
    fn parts(self) -> ((T, U), Writes) {
        ((self.0, self.1), self.2)
    }
}

impl Made for Issued {
    type Value = (RecordId, String);
    fn parts(self) -> ((RecordId, String), Writes) {
        ((self.id, self.code), self.writes)
    }
}

impl Node {
    fn new(id: ReplicaId, side: Side, seed: u64) -> Self {
        let now = Now { ms: NOW_MS, trusted: true };
        let known = match side {
            Side::Cloud => cloud_schema(),
            Side::Hub => schema(),
        };
        let replica = Replica::create(Memory::new(), known, id, side, "", now).unwrap();
        Node { replica, now, chance: fastrand::Rng::with_seed(seed) }
    }

    /// Runs a command; nothing is committed.
    pub fn judge<T>(
        &mut self,
        command: impl FnOnce(&mut Context<'_>) -> Result<T, Denied>,
    ) -> Result<T, Denied> {
        let Node { replica, now, chance } = self;
        let entropy = &mut || chance.u128(..);
        replica.view(|view| command(&mut Context { view, now: *now, entropy })).unwrap()
    }

    /// Runs a command and commits what it says.
    pub fn attempt<T: Made>(
        &mut self,
        command: impl FnOnce(&mut Context<'_>) -> Result<T, Denied>,
    ) -> Result<T::Value, Denied> {
        let (value, writes) = self.judge(command)?.parts();
        self.commit(&writes).unwrap();
        Ok(value)
    }

    /// The same, where it must not be denied.
    pub fn run<T: Made>(&mut self, command: impl FnOnce(&mut Context<'_>) -> Result<T, Denied>) -> T::Value {
        self.attempt(command).unwrap()
    }

    pub fn commit(&mut self, writes: &Writes) -> Result<(), Refusal> {
        match self.replica.commit(self.now, writes) {
            Ok(_) => Ok(()),
            Err(CommitError::Refused(refusal)) => Err(refusal),
            Err(CommitError::Store(error)) => panic!("{error}"),
        }
    }

    pub fn view<R>(&self, body: impl FnOnce(View<'_>) -> R) -> R {
        self.replica.view(body).unwrap()
    }

    /// The clock goes on.
    pub fn pass_time(&mut self, ms: u64) {
        self.now.ms += ms;
    }

    /// Takes everything that another one holds.
    pub fn catch_up(&mut self, from: &mut Node) {
        let standing = from.replica.standing().unwrap();
        let source = Source { replica: standing.replica, role: standing.role };
        for _ in 0..1_000 {
            let resumption = self.replica.resumption(source.replica).unwrap();
            let base = from.replica.resume(&resumption).unwrap().expect("no disk was restored");
            let chunk = from.replica.since(base, base.arrival, &resumption.vector, MAX_CHUNK_FIELDS).unwrap();
            self.replica.merge(source, self.now, &chunk).unwrap();
            if chunk.to.is_some() {
                return;
            }
        }
        panic!("a catch-up that does not end");
    }
}

/// What a denied command says; "done" for one that was not.
pub fn said<T>(result: Result<T, Denied>) -> String {
    result.map_or_else(|denied| denied.to_string(), |_| "done".into())
}

impl Village {
    pub fn new() -> Self {
        Village::with_seed(1)
    }

    pub fn with_seed(seed: u64) -> Self {
        let mut cloud = Node::new(CLOUD, Side::Cloud, seed);
        let operator = Actor::Operator;
        let settlement = Community {
            name: "Сосновка".into(),
            time_zone: "Europe/Moscow".into(),
            language: "ru".into(),
            currency: "RUB".into(),
            country: "RU".into(),
        };
        cloud.run(|ctx| people::found(ctx, &operator, &settlement));
        let houses = ["12", "14", "Лесная 4"]
            .map(|label| cloud.run(|ctx| people::add_house(ctx, &operator, label, "")));
        let newcomer = |cloud: &mut Node, name: &str, phone: &str| {
            cloud.run(|ctx| people::add_person(ctx, &operator, &person(name, phone)))
        };
        let role = |cloud: &mut Node, name: &str, role: Role| {
            let person = newcomer(cloud, name, "");
            Resident { person, grant: cloud.run(|ctx| people::grant_role(ctx, &operator, person, role)) }
        };
        let olga = role(&mut cloud, "Ольга", Role::Administrator);
        let pyotr = role(&mut cloud, "Пётр", Role::Guard);
        let owner = |cloud: &mut Node, name: &str, phone: &str, house: RecordId| {
            let person = newcomer(cloud, name, phone);
            let settle =
                |ctx: &mut Context<'_>| people::settle(ctx, &olga.acts(), person, house, PlaceKind::Owner);
            Resident { person, grant: cloud.run(settle) }
        };
        let anna = owner(&mut cloud, "Анна", "+79160000012", houses[0]);
        let galina = owner(&mut cloud, "Галина", "+79160000014", houses[1]);
        let guest_of = |cloud: &mut Node, host: Resident, house: RecordId, name: &str, kind: PlaceKind| {
            let invitee = Invitee::New(person(name, ""));
            let (person, grant) = cloud.run(|ctx| people::invite(ctx, &host.acts(), house, &invitee, kind));
            Resident { person, grant }
        };
        let boris = guest_of(&mut cloud, anna, houses[0], "Борис", PlaceKind::Family);
        let nina = guest_of(&mut cloud, anna, houses[0], "Нина", PlaceKind::Staff);
        let timur = guest_of(&mut cloud, galina, houses[1], "Тимур", PlaceKind::Tenant);

        let mut hub = another_hub(&mut cloud, 1);
        hub.run(|ctx| gates::upsert(ctx, &[], &configured()));
        cloud.catch_up(&mut hub);
        let gate = |key: &str| {
            let id = hub.replica.standing().unwrap().replica;
            hub.view(|view| gates::find(view, id, key)).unwrap().expect("it was just configured").id
        };
        let (barrier, wicket) = (gate("main"), gate("wicket"));
        Village { cloud, hub, houses, olga, pyotr, anna, boris, nina, galina, timur, barrier, wicket }
    }

    /// Cloud and hub tell one another everything.
    pub fn talk(&mut self) {
        self.hub.catch_up(&mut self.cloud);
        self.cloud.catch_up(&mut self.hub);
    }

    /// The hub's id.
    pub fn hub_id(&self) -> ReplicaId {
        self.hub.replica.standing().unwrap().replica
    }
}

/// A hub that knows what the cloud knows, and has no gates yet.
pub fn another_hub(cloud: &mut Node, n: u128) -> Node {
    let id = RecordId::new(NOW_MS - HOUR_MS, n);
    let registration = Registration { role: Some(Side::Hub), key: format!("key {n}"), succeeds: None };
    cloud.replica.register(id, &registration, cloud.now).unwrap();
    hub_of(cloud, id, 1_000 + n as u64)
}

/// The same, where the cloud has registered it.
pub fn hub_of(cloud: &mut Node, id: RecordId, seed: u64) -> Node {
    let mut hub = Node::new(id, Side::Hub, seed);
    hub.replica.introduce(CLOUD, Side::Cloud, hub.now).unwrap();
    hub.catch_up(cloud);
    hub
}

/// A gate as the hub has it.
pub fn gate_of(view: View<'_>, id: RecordId) -> Gate {
    view.of::<Gate>().get(id).unwrap().map(|gate| gate.value).unwrap_or_default()
}

/// Configures a hub; its barrier.
pub fn configured_at(hub: &mut Node) -> RecordId {
    hub.run(|ctx| gates::upsert(ctx, &[], &configured()));
    let id = hub.replica.standing().unwrap().replica;
    hub.view(|view| gates::find(view, id, "main")).unwrap().expect("it was just configured").id
}

/// The gates of the hub's configuration.
pub fn configured() -> Vec<Gate> {
    let lane = |key: &str, direction| Lane { key: key.into(), direction, ..Lane::default() };
    let lanes = vec![lane("in", Direction::Entry), lane("out", Direction::Exit)];
    let barrier =
        Gate { key: "main".into(), name: "Главный въезд".into(), lanes, ..Gate::default() };
    let wicket = Gate {
        key: "wicket".into(),
        name: "Калитка".into(),
        kind: Open::Known(gates::Kind::Wicket),
        ..Gate::default()
    };
    vec![barrier, wicket]
}
