//! Life in «Сосновка», beyond the houses and cars that it begins with: who asks to join, who lives with whom, who is expected,
//! who is in office. It comes as it does in life: by what people do on the cloud.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use dwellers_replica::RecordId;
use serde::Serialize;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::drawing;
use crate::stage::Stage;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// Persons who keep the gate and have a telephone; what they sign in with at the gatehouse is another matter.
const GUARDS: [&str; 3] = ["Семён Кузьмин", "Пётр Дорохов", "Рашид Галиев"];

const CONSENT: (&str, &str) = (
    "Я согласен на обработку моих персональных данных товариществом «Сосновка»: имени, телефона, номеров машин моих и \
     моих гостей и записей о проездах.\nЦель: пропускать на территорию тех, кого здесь ждут, и знать, кто приезжал.\n\
     Записи о проездах хранятся столько дней, сколько указано в настройках посёлка, и затем уничтожаются.\nСогласие \
     можно отозвать в любой момент в настройках приложения или письмом в правление.",
    "I agree that the Sosnovka association processes my personal data: my name, my telephone number, the plates of my \
     cars and of my guests', and the record of who entered.\nPurpose: to let in those who are expected here, and to know \
     who came.\nThe record of entries is kept for as many days as the settlement's settings say, and is then destroyed.\n\
     I may withdraw this at any time in the settings of the app, or by a letter to the board.",
);

/// Somebody whom stories call by a word.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    /// Their person.
    pub id: RecordId,
    /// Their name.
    pub name: String,
    /// The label of their house; nothing for those in office.
    pub house: Option<String>,
}

/// Who is who, by the word that stories call them.
pub type Life = BTreeMap<&'static str, Known>;

/// Lets life begin, on a stage that runs.
///
/// # Errors
/// Where the cloud does not take something: a mistake in this file.
pub fn begin(stage: &Stage) -> Result<Life> {
    let (chair, resident) = (&stage.people.chair, &stage.people.resident);
    let (ru, en) = CONSENT;
    let text = chair.post("/consents/texts", &json!({ "after": 0, "ru": ru, "en": en }))?;
    for who in [chair, resident] {
        who.post("/me/consents", &json!({ "text": text["id"] }))?;
    }
    std::thread::scope(|scope| {
        // Photos are looked through before they are kept, which takes a while.
        let asking = scope.spawn(|| ask_to_join(stage, &text["id"]));
        let mut life = household(stage)?;
        life.insert("second", in_office(chair)?);
        life.insert("administrator", known(&chair.get("/me")?, "id", None)?);
        expected(stage)?;
        let ban = json!({
            "plate": "Х666ХХ50", "reason": "Дважды сбил шлагбаум и уехал", "until_ms": now_ms() + 90 * DAY_MS,
        });
        chair.post("/bans", &ban)?;
        asking.join().map_err(|_| anyhow!("those who ask to join have failed"))??;
        Ok(life)
    })
}

/// Two show what they see from their window, one has the code of their house.
fn ask_to_join(stage: &Stage, consent: &Value) -> Result<()> {
    let code = house_code(stage, 23)?;
    let wish = json!({
        "name": "Нина Павловна Рыбакова", "phone": "+79000000403", "language": "ru", "kind": "family",
        "consent": consent, "code": code,
    });
    stranger(stage, 3).post("/applications", &wish)?;
    apply(stage, 1, "Ксения Ларина", "owner", 14, "+79000000401")?;
    apply(stage, 2, "Артём Гусев", "tenant", 41, "+79000000402").map(drop)
}

/// A code by which people of a house join; the one before ends.
///
/// # Errors
/// Where there is no such house.
pub fn house_code(stage: &Stage, house: usize) -> Result<String> {
    let (id, _) = home(stage, house)?;
    let code = stage.people.chair.post(&format!("/houses/{id}/code"), &json!({}))?;
    Ok(code["code"].as_str().context("a code")?.to_owned())
}

/// Somebody asks to join by a photo: the `nth` stranger. Returns the application.
///
/// # Errors
/// Where the cloud does not take it.
pub fn apply(stage: &Stage, nth: u16, name: &str, kind: &str, house: usize, phone: &str) -> Result<Value> {
    let stranger = stranger(stage, nth);
    let consent = stranger.get("/card")?["consent"]["id"].clone();
    let photo = stranger.send_picture("/applications/photo", &drawing::view(nth.into())?)?;
    let wish = json!({
        "name": name, "phone": phone, "language": "ru", "kind": kind, "consent": consent,
        "photo": photo["token"], "house": house.to_string(),
    });
    stranger.post("/applications", &wish)
}

/// A house and its owner, by the number on its gate.
///
/// # Errors
/// Where there is no such house.
pub fn home(stage: &Stage, number: usize) -> Result<(RecordId, RecordId)> {
    let homes = &stage.cast.homes;
    let home = number.checked_sub(1).and_then(|index| homes.get(index));
    home.copied().with_context(|| format!("no house {number}; there are 1 to {}", homes.len()))
}

fn stranger(stage: &Stage, nth: u16) -> Browser {
    Browser::stranger(stage.cloud_at(), stage.people.community, nth)
}

/// The second administrator, and persons who keep the gate. Returns the former.
fn in_office(chair: &Browser) -> Result<Known> {
    let add = |name: &str, phone: String, role: &str| {
        let person = chair.post("/people", &json!({ "name": name, "phone": phone, "language": "ru" }))?;
        chair.post("/roles", &json!({ "person": person["id"], "role": role }))?;
        known(&person, "id", None)
    };
    for (nth, name) in GUARDS.iter().enumerate() {
        add(name, format!("+7900000001{nth}"), "guard")?;
    }
    add("Игорь Савельев", "+79000000002".to_owned(), "administrator")
}

/// Who lives in house 12, besides those whom it begins with: a daughter, a tenant, a gardener; and their cars.
fn household(stage: &Stage) -> Result<Life> {
    let (house, resident) = (stage.cast.house_12, &stage.people.resident);
    let people = format!("/houses/{house}/people");
    let lives = resident.get(&people)?;
    let lives = lives["people"].as_array().context("the people of house 12")?;
    let twelfth = || Some("12".to_owned());
    let mut life = Life::new();
    for (word, capacity) in [("resident", "owner"), ("family", "family")] {
        let found = lives.iter().find(|one| one["capacity"] == capacity);
        life.insert(
            word,
            known(found.with_context(|| format!("no {word} in house 12"))?, "person", twelfth())?,
        );
    }
    let surname = life["family"].name.split_whitespace().last().unwrap_or_default().to_owned();
    let invite = |kind: &str, name: &str, phone: &str| {
        resident.post(&people, &json!({ "kind": kind, "name": name, "phone": phone, "language": "ru" }))
    };
    invite("family", &format!("Алиса {surname}"), "+79000000301")?;
    invite("staff", "Фёдор Ильич Громов", "+79000000302")?;
    let tenant = invite("tenant", "Марина Кравцова", "+79000000303")?;
    let id = tenant["person"].as_str().context("a person")?.parse()?;
    life.insert("tenant", Known { id, name: "Марина Кравцова".to_owned(), house: twelfth() });
    let link = tenant["link"]["token"].as_str().context("a link for who is new")?;
    let tenant = Browser::by_link(stage.cloud_at(), stage.people.community, link)?;
    let cars = format!("/houses/{house}/vehicles");
    for (who, plate, title) in [
        (resident, "М512КН178", "синяя «Веста»"),
        (resident, "О208ЕР178", "прицеп с лодкой"),
        (&tenant, "Т318РА77", "голубая «Гранта»"),
    ] {
        who.post(&cars, &json!({ "plate": plate, "title": title }))?;
    }
    let mother = json!({ "kind": "guest", "name": "Мама", "from_ms": now_ms() + DAY_MS, "minutes": 720 });
    tenant.post(&format!("/houses/{house}/passes"), &mother)?;
    Ok(life)
}

/// Whom house 12 expects, and one whom it does not any more.
fn expected(stage: &Stage) -> Result<()> {
    let resident = &stage.people.resident;
    let passes = format!("/houses/{}/passes", stage.cast.house_12);
    let saturday = now_ms() + 3 * DAY_MS;
    for pass in [
        json!({ "kind": "guest", "plate": "К715МО198", "name": "Дядя Лёша", "minutes": 600 }),
        json!({ "kind": "guest", "name": "Настройщик пианино", "note": "с чехлом, пешком", "minutes": 480 }),
        json!({
            "kind": "recurring", "plate": "В046СЕ47", "name": "Уборка: Лариса", "minutes": 90 * 24 * 60,
            "weekly": { "days": [2, 5], "from_minute": 9 * 60, "until_minute": 14 * 60 },
        }),
        json!({
            "kind": "event", "name": "День рождения Алисы", "code": true, "entries": 12,
            "from_ms": saturday, "until_ms": saturday + 10 * HOUR_MS,
        }),
    ] {
        resident.post(&passes, &pass)?;
    }
    let not_any_more = resident.issue(stage.cast.house_12, "Н903ТК178")?;
    resident.cancel(not_any_more)
}

fn known(document: &Value, id: &str, house: Option<String>) -> Result<Known> {
    let id = document[id].as_str().context("an id")?.parse()?;
    let name = document["name"].as_str().context("a name")?.to_owned();
    Ok(Known { id, name, house })
}

/// By the clock of this machine, which cloud and hub go by as well.
fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
