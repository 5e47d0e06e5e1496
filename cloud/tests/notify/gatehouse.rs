//! A gatehouse whose records the cloud takes over, as over the link.

use std::path::Path;

use dwellers::gates::Gate;
use dwellers_cloud::clock::{entropy, now};
use dwellers_replica::builtin::Registration;
use dwellers_replica::sync::Endpoint;
use dwellers_replica::{Options, Record, RecordId, Replica, ReplicaId, Role, Shared, Sqlite, Writes};

use crate::town::Village;

pub(crate) struct Gatehouse {
    store: Shared,
    pub(crate) hub: ReplicaId,
    pub(crate) gate: RecordId,
}

impl Gatehouse {
    pub(crate) fn new(folder: &Path) -> Gatehouse {
        let hub = ReplicaId::new(now().ms, entropy());
        let sqlite = Sqlite::open(folder.join("hub.db"), Options::default()).unwrap();
        let made = Replica::create(sqlite, dwellers::schema(), hub, Role::Hub, "", now()).unwrap();
        let store = Shared::start(made).unwrap();
        let mut house = Gatehouse { store, hub, gate: RecordId::MIN };
        let gate = Gate { hub, key: "main".to_owned(), name: "Main gate".to_owned(), ..Gate::default() };
        house.gate = house.write(&gate);
        house
    }

    pub(crate) fn write<T: Record>(&self, value: &T) -> RecordId {
        let id = self.store.new_id(now(), entropy()).unwrap();
        let mut writes = Writes::new();
        writes.create(id, value);
        self.store.commit(now(), writes).unwrap();
        id
    }

    /// The cloud takes what it has not.
    pub(crate) fn tell(&self, village: &Village) {
        let (mut hub, mut cloud) = (self.store.clone(), village.community.store.clone());
        let is_known = cloud.view(|view| view.of::<Registration>().get(self.hub)).unwrap().unwrap();
        if is_known.is_none() {
            let device = Registration { role: Some(Role::Hub), key: "key".to_owned(), succeeds: None };
            let mut writes = Writes::new();
            writes.create(self.hub, &device);
            cloud.commit(now(), writes).unwrap();
        }
        let source = cloud.admit(&hub.hello().unwrap(), "key", now()).unwrap();
        loop {
            let known = Endpoint::resumption(&mut cloud, self.hub).unwrap();
            let base = Endpoint::resume(&mut hub, &known).unwrap().unwrap();
            let chunk = Endpoint::since(&mut hub, base, base.arrival, &known.vector, 1_700).unwrap();
            let done = chunk.to.is_some();
            Endpoint::merge(&mut cloud, source, now(), chunk).unwrap();
            if done {
                return;
            }
        }
    }
}
