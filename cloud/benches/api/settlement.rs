//! A settlement whose every house has somebody who is signed in.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use dwellers::gates::{self, Direction, Gate, Lane};
use dwellers::journal::{Entry, Kind};
use dwellers::people::{self, Person, PlaceKind};
use dwellers::{Actor, Context, Denied};
use dwellers_cloud::accounts::{Session, Way};
use dwellers_cloud::clock::{entropy, now, random};
use dwellers_cloud::communities::{Communities, Community};
use dwellers_link::talk::Event;
use dwellers_replica::sync::Event as Stored;
use dwellers_replica::{Open, RecordId, Shared, Writes};

use crate::Sizes;
use crate::hub::{AUTHORITY, Device, Line, woken};
use crate::program::Program;

/// Served by the program, with its gatehouse connected.
pub struct Settlement {
    pub program: Program,
    community: RecordId,
    /// The houses, each with the cookie of somebody who lives there.
    houses: Vec<(RecordId, String)>,
}

fn run<T>(store: &Shared, rule: impl FnOnce(&mut Context<'_>) -> Result<(T, Writes), Denied>) -> T {
    let (now, mut entropy) = (now(), entropy);
    let judged = store.view(|view| rule(&mut Context { view, now, entropy: &mut entropy }));
    let (made, writes) = judged.unwrap().unwrap();
    store.commit(now, writes).unwrap();
    made
}

impl Settlement {
    pub async fn found(folder: &Path, sizes: Sizes) -> Settlement {
        let data = folder.join("data");
        let communities = Communities::in_folder(&data, now(), entropy).unwrap();
        let community = communities.create("Сосновка", now(), entropy).unwrap();
        let settings = people::Community {
            name: "Сосновка".to_owned(),
            time_zone: "Europe/Moscow".to_owned(),
            language: "ru".to_owned(),
            currency: "RUB".to_owned(),
            country: "RU".to_owned(),
        };
        run(&community.store, |ctx| Ok(((), people::found(ctx, &Actor::Operator, &settings)?)));
        let houses: Vec<_> = (0..sizes.houses).map(|n| house(&communities, &community, n)).collect();
        let device = Device::enrol(&communities, community.id);
        let id = community.id;
        drop((community, communities));
        let program = Program::start(&data, AUTHORITY);
        let store = device.on_disk(&folder.join("hub.db"));
        fill(&store, &device, &houses, sizes.entries);
        let mut line = Line::open(&device, Ipv4Addr::LOCALHOST, program.at, AUTHORITY).await.unwrap();
        let (changed, listening) = woken(&store);
        let all = store.standing().unwrap().mark.arrival;
        let mut endpoint = store.clone();
        let mut shared = 0;
        while shared < all {
            for event in line.step(&mut endpoint, changed.notified()).await.unwrap() {
                if let Event::Store(Stored::Shared(arrival)) = event {
                    shared = arrival;
                }
            }
        }
        tokio::spawn(async move {
            let _listening = listening;
            while line.step(&mut endpoint, tokio::time::sleep(Duration::from_secs(1))).await.is_ok() {}
        });
        Settlement { program, community: id, houses }
    }

    /// Lua that goes round what the first screen asks for, as one resident after another.
    pub fn screen(&self) -> String {
        let paths = ["/gates", "/houses/HOUSE/passes", "/questions", "/houses/HOUSE/journal"];
        let paths: Vec<String> = paths.iter().map(|path| format!("'{path}'")).collect();
        format!(
            "{}\nlocal paths = {{{}}}\nlocal n = 0\nrequest = function()\n  n = n + 1\n  \
             local one = residents[math.floor(n / #paths) % #residents + 1]\n  \
             local path = paths[n % #paths + 1]:gsub('HOUSE', one[1])\n  \
             return wrk.format('GET', base .. path, {{['Cookie'] = one[2]}})\nend",
            self.residents(),
            paths.join(", ")
        )
    }

    /// Lua that issues passes, of one house after another.
    pub fn issue(&self) -> String {
        format!(
            "{}\nlocal n = 0\nrequest = function()\n  n = n + 1\n  local one = residents[n % #residents + 1]\n  \
             local body = string.format('{{\"kind\":\"taxi\",\"plate\":\"A%03dBC77\"}}', n % 999 + 1)\n  \
             return wrk.format('POST', base .. '/houses/' .. one[1] .. '/passes', \
             {{['Cookie'] = one[2], ['Content-Type'] = 'application/json'}}, body)\nend",
            self.residents()
        )
    }

    fn residents(&self) -> String {
        let lines = self.houses.iter().map(|(house, cookie)| format!("{{'{house}', '{cookie}'}}"));
        let residents: Vec<String> = lines.collect();
        format!(
            "local base = '/api/v1/communities/{}'\nlocal residents = {{{}}}",
            self.community,
            residents.join(",\n")
        )
    }
}

/// A house with an owner who is signed in.
fn house(communities: &Communities, community: &Community, n: usize) -> (RecordId, String) {
    let (store, operator, accounts) = (&community.store, Actor::Operator, communities.accounts());
    let house = run(store, |ctx| people::add_house(ctx, &operator, &n.to_string(), ""));
    let person = Person { name: format!("Житель {n}"), language: "ru".to_owned(), ..Person::default() };
    let person = run(store, |ctx| people::add_person(ctx, &operator, &person));
    run(store, |ctx| people::settle(ctx, &operator, person, house, PlaceKind::Owner));
    let account = accounts.make("ru", entropy, now()).unwrap();
    accounts.join(account, community.id, person, entropy, now()).unwrap();
    let session = Session { account, way: Open::Known(Way::Link), ..Session::default() };
    let secret = accounts.begin(session, random(), entropy, now()).unwrap();
    (house, format!("__Host-dwellers={secret}"))
}

/// A gate, and what it did.
fn fill(store: &Shared, device: &Device, houses: &[(RecordId, String)], entries: u64) {
    let lane = Lane { key: "in".to_owned(), direction: Direction::Entry, ..Lane::default() };
    let gate = Gate { key: "main".into(), name: "Въезд".into(), lanes: vec![lane], ..Gate::default() };
    let gate = [gate];
    run(store, |ctx| Ok(((), gates::upsert(ctx, &[], &gate)?)));
    let gate = store.view(gates::list).unwrap().unwrap()[0].id;
    let numbers: Vec<u64> = (1..=entries).collect();
    for some in numbers.chunks(20) {
        let mut writes = Writes::new();
        for number in some {
            let entry = Entry {
                hub: device.replica,
                number: *number,
                at_ms: now().ms,
                kind: Open::Known(Kind::Passed),
                gate: Some(gate),
                lane: "in".to_owned(),
                direction: Some(Direction::Entry),
                plate: "A123BC77".to_owned(),
                house: Some(houses[*number as usize % houses.len()].0),
                ..Entry::default()
            };
            writes.create(RecordId::new(now().ms, entropy()), &entry);
        }
        store.commit(now(), writes).unwrap();
    }
}
