//! «Сосновка»: sixty houses with their people, cars, expected guests and one ban, as a cloud would hold them.
//!
//! Everything is made by the commands that administrators and residents use, in the cloud's store, and reaches the hub as
//! it will when both run: by merging. The same seed gives the same settlement.

use anyhow::{Context as _, Result, anyhow};
use dwellers::gates::{self, Gate};
use dwellers::passes::{self, Request, Terms, Weekly};
use dwellers::people::{self, Community, Invitee, Person, PlaceKind, Role};
use dwellers::rights::{self, Whom};
use dwellers::{Actor, Context, Denied, vehicles};
use dwellers_replica::delta::FULL_CHUNK_FIELDS;
use dwellers_replica::{Mark, Now, RecordId, ReplicaId, Role as Side, Shared, Source, Vector, View, Writes};

use crate::scenes::Scenes;

/// Houses of the settlement.
const HOUSES: u64 = 60;
const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// The guards that can sign in: name and PIN. Nobody uses such PINs where there is something to guard.
pub const GUARDS: [(&str, &str); 3] = [("Семён", "2580"), ("Пётр", "7410"), ("Рашид", "3690")];

/// The administrator.
pub const CHAIR: &str = "Ольга Белова";

/// Who is who in the story that the demo tells.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The houses with their owners, from house 1 on.
    pub homes: Vec<(RecordId, RecordId)>,
    /// House 12, whose people are at home.
    pub house_12: RecordId,
    /// Its owner.
    pub owner_12: RecordId,
    /// The administrator, called [`CHAIR`].
    pub chair: RecordId,
    /// A car of house 12.
    pub resident: String,
    /// A car of house 27, whose plate is dirty.
    pub neighbour: String,
    /// A guest with a pass for one entry, to house 12.
    pub guest: String,
    /// A car with a pass for one entry, behind which another slips through.
    pub courier: String,
    /// A banned car that belongs to a resident all the same.
    pub banned: String,
    /// A car that nobody knows.
    pub unknown: String,
    /// A taxi that house 12 will call for.
    pub taxi: String,
    /// A car that nobody knows, with a plumber whom house 12 lets in.
    pub plumber: String,
    /// A pass by name, for two entries.
    pub named_pass: RecordId,
    /// The digits of a pass by code.
    pub code: String,
}

/// The cloud's store, with a clock and a source of chance.
struct Cloud {
    store: Shared,
    now: Now,
    chance: fastrand::Rng,
}

impl Cloud {
    fn run<T>(&mut self, command: impl FnOnce(&mut Context<'_>) -> Result<(T, Writes), Denied>) -> Result<T> {
        let Cloud { store, now, chance } = self;
        let entropy = &mut || chance.u128(..);
        let (made, writes) = store
            .view(|view| command(&mut Context { view, now: *now, entropy }))?
            .map_err(|denied| anyhow!("{denied}"))?;
        store.commit(*now, writes)?;
        Ok(made)
    }

    fn person(&mut self, name: String, phone: String) -> Person {
        Person { name, phone, language: "ru".into() }
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.chance.usize(..from.len())]
    }

    /// A plate of the region, not given twice: the number counts up.
    fn plate(&mut self, number: u64) -> String {
        const LETTERS: [char; 12] = ['А', 'В', 'Е', 'К', 'М', 'Н', 'О', 'Р', 'С', 'Т', 'У', 'Х'];
        let letter = |chance: &mut fastrand::Rng| LETTERS[chance.usize(..LETTERS.len())];
        let (first, second, third) =
            (letter(&mut self.chance), letter(&mut self.chance), letter(&mut self.chance));
        let region = self.pick(&["50", "77", "150", "199", "750", "777"]);
        format!("{first}{:03}{second}{third}{region}", 1 + number % 999)
    }
}

const MEN: [&str; 10] =
    ["Андрей", "Борис", "Виктор", "Дмитрий", "Евгений", "Игорь", "Николай", "Олег", "Сергей", "Юрий"];
const WOMEN: [&str; 10] =
    ["Анна", "Вера", "Галина", "Дарья", "Елена", "Ирина", "Мария", "Наталья", "Ольга", "Татьяна"];
const FAMILIES: [&str; 15] = [
    "Орлов",
    "Соколов",
    "Зайцев",
    "Лебедев",
    "Морозов",
    "Волков",
    "Павлов",
    "Фёдоров",
    "Егоров",
    "Козлов",
    "Новиков",
    "Виноградов",
    "Медведев",
    "Тарасов",
    "Белов",
];
const CARS: [&str; 8] = [
    "белая «Нива»",
    "серый «Форестер»",
    "синий «Логан»",
    "чёрная «Камри»",
    "красный «Рио»",
    "«Газель»",
    "серебристая «Октавия»",
    "зелёный «Дастер»",
];

/// Founds the settlement in the cloud, which has enrolled the hub, and fills the hub with it.
///
/// # Errors
/// Where a command is denied or a store fails: a mistake in this file.
pub fn fill(
    hub: &Shared,
    hub_id: ReplicaId,
    gates: &[Gate],
    cloud: &Shared,
    scenes: &Scenes,
    now: Now,
    seed: u64,
) -> Result<Cast> {
    let mut cloud = Cloud { store: cloud.clone(), now, chance: fastrand::Rng::with_seed(seed) };
    configure(hub, gates, &mut cloud)?;
    let cast = found(&mut cloud, hub_id, scenes).context("the settlement cannot be founded")?;
    hand_over(&mut cloud, hub)?;
    Ok(cast)
}

/// The cloud learns what gates the hub has, because passes are counted by a hub with gates.
fn configure(hub: &Shared, gates: &[Gate], cloud: &mut Cloud) -> Result<()> {
    let Cloud { store, now, chance } = cloud;
    let entropy = &mut || chance.u128(..);
    let upsert = |view: View<'_>| gates::upsert(&mut Context { view, now: *now, entropy }, &[], gates);
    let writes = hub.view(upsert)?.map_err(|denied| anyhow!("{denied}"))?;
    hub.commit(*now, writes)?;
    let source = Source { replica: hub.standing()?.replica, role: Side::Hub };
    let chunk = hub.since(Mark::default(), 0, &Vector::new(), FULL_CHUNK_FIELDS)?;
    store.merge(source, *now, chunk)?;
    Ok(())
}

/// The hub learns everything, as from a real cloud.
fn hand_over(cloud: &mut Cloud, hub: &Shared) -> Result<()> {
    let (source, now) = (Source { replica: cloud.store.standing()?.replica, role: Side::Cloud }, cloud.now);
    hub.with(move |replica| replica.introduce(source.replica, source.role, now))??;
    let mut base = Mark::default();
    loop {
        let chunk = cloud.store.since(base, base.arrival, &Vector::new(), FULL_CHUNK_FIELDS)?;
        let done = chunk.to.is_some();
        base = chunk.mark;
        hub.merge(source, now, chunk)?;
        if done {
            return Ok(());
        }
    }
}

fn found(cloud: &mut Cloud, hub: ReplicaId, scenes: &Scenes) -> Result<Cast> {
    let operator = Actor::Operator;
    let community = Community {
        name: "Сосновка".into(),
        time_zone: "Europe/Moscow".into(),
        language: "ru".into(),
        currency: "RUB".into(),
        country: "RU".into(),
    };
    cloud.run(|ctx| Ok(((), people::found(ctx, &operator, &community)?)))?;
    let chair = cloud.person(CHAIR.into(), "+79000000001".into());
    let chair = cloud.run(|ctx| people::add_person(ctx, &operator, &chair))?;
    cloud.run(|ctx| people::grant_role(ctx, &operator, chair, Role::Administrator))?;
    let (chair_id, chair) = (chair, Actor::Person(chair));

    let mut homes = Vec::new();
    for number in 1..=HOUSES {
        homes.push(home(cloud, &chair, hub, number)?);
    }
    let [twelfth, neighbour, scandalous] = [12, 27, 33].map(|number: usize| homes[number - 1].clone());
    let plate = |scene: &str| Ok::<_, anyhow::Error>(scenes.plate(scene)?.to_owned());
    let (resident, dirty, banned) = (plate("resident")?, plate("neighbour-dirty")?, plate("banned")?);
    for (home, plate) in [(&twelfth, &resident), (&neighbour, &dirty), (&scandalous, &banned)] {
        cloud.run(|ctx| vehicles::add(ctx, &home.owner, home.house, plate, "белый «Логан»"))?;
    }
    let whom = Whom::Plate(banned.clone());
    cloud.run(|ctx| rights::ban(ctx, &chair, &whom, "вывалил мусор у пруда", None))?;

    let request = |terms, plate: &str, name: &str, code| Request {
        house: twelfth.house,
        terms,
        plate: plate.to_owned(),
        name: name.to_owned(),
        code,
        note: String::new(),
        decider: Some(hub),
    };
    let (from_ms, until_ms) = (cloud.now.ms, cloud.now.ms + 12 * HOUR_MS);
    let mut issue = |request: &Request| {
        cloud.run(|ctx| {
            let issued = passes::issue(ctx, &twelfth.owner, request)?;
            Ok(((issued.id, issued.code), issued.writes))
        })
    };
    let (guest, courier) = (plate("guest")?, plate("courier")?);
    issue(&request(Terms::Guest { from_ms, until_ms }, &guest, "Тётя Зина", false))?;
    issue(&request(Terms::Courier { minutes: None }, &courier, "Курьер с мебелью", false))?;
    let party = Terms::Event { from_ms, until_ms, entries: 2 };
    let (named_pass, _) = issue(&request(party, "", "Бригада Ивана: септик", false))?;
    let (_, code) = issue(&request(Terms::Guest { from_ms, until_ms }, "", "Врач", true))?;
    let weekly = Weekly { days: vec![1, 2, 3, 4, 5], from_minute: 8 * 60, until_minute: 20 * 60 };
    let nanny = Terms::Recurring { from_ms, until_ms: from_ms + 180 * DAY_MS, weekly };
    issue(&request(nanny, "У555УУ150", "Няня Валентина", false))?;
    let owned = |home: &Home| Ok::<_, anyhow::Error>((home.house, home.owner.person().context("an owner")?));
    Ok(Cast {
        homes: homes.iter().map(owned).collect::<Result<_>>()?,
        house_12: twelfth.house,
        owner_12: twelfth.owner.person().context("an owner")?,
        chair: chair_id,
        resident,
        neighbour: dirty,
        guest,
        courier,
        banned,
        unknown: plate("unknown")?,
        taxi: plate("taxi")?,
        plumber: plate("plumber")?,
        named_pass,
        code,
    })
}

#[derive(Clone)]
struct Home {
    house: RecordId,
    owner: Actor,
}

/// A house with an owner, most of them with a family, some with a tenant; one or two cars; guests now and then.
fn home(cloud: &mut Cloud, chair: &Actor, hub: ReplicaId, number: u64) -> Result<Home> {
    let house = cloud.run(|ctx| people::add_house(ctx, chair, &number.to_string(), ""))?;
    let family = FAMILIES[(number as usize * 7) % FAMILIES.len()];
    let phone = |nth: u64| format!("+7900000{:04}", 1000 * nth + number);
    let name = format!("{} {family}", cloud.pick(&MEN));
    let owner = cloud.person(name, phone(1));
    let owner = cloud.run(|ctx| people::add_person(ctx, chair, &owner))?;
    cloud.run(|ctx| people::settle(ctx, chair, owner, house, PlaceKind::Owner))?;
    let owner = Actor::Person(owner);
    if !number.is_multiple_of(5) {
        let name = format!("{} {family}а", cloud.pick(&WOMEN));
        let wife = Invitee::New(cloud.person(name, phone(2)));
        cloud.run(|ctx| {
            let (person, _, writes) = people::invite(ctx, &owner, house, &wife, PlaceKind::Family)?;
            Ok((person, writes))
        })?;
    }
    for nth in 0..1 + number % 2 {
        let plate = cloud.plate(number * 13 + nth * 499);
        let title = cloud.pick(&CARS);
        cloud.run(|ctx| vehicles::add(ctx, &owner, house, &plate, title))?;
    }
    if number.is_multiple_of(6) {
        let plate = cloud.plate(number * 31 + 7);
        let taxi = Terms::Taxi { minutes: Some(180) };
        let request = Request {
            house,
            terms: taxi,
            plate,
            name: String::new(),
            code: false,
            note: String::new(),
            decider: Some(hub),
        };
        cloud.run(|ctx| Ok(((), passes::issue(ctx, &owner, &request)?.writes)))?;
    }
    Ok(Home { house, owner })
}
