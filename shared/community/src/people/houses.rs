//! Houses, and the codes by which their people join.

use dwellers_replica::{Entry, Query, ReadError, RecordId, View, Writes};

use crate::command::{Actor, Context, Denied, filled, line, naming, readable};
use crate::people::{House, HouseCode, Permission};
use crate::rights::{self, Revocation};

const MAX_LABEL: usize = 40;
const MAX_NOTE: usize = 500;

/// What two labels have in common that people would call the same: case, spaces, `ё` and look-alike letters of the
/// other alphabet make no difference.
pub fn key_of_label(label: &str) -> String {
    let letters = label.to_uppercase();
    letters.chars().filter(|c| !c.is_whitespace()).map(latin).collect()
}

fn latin(letter: char) -> char {
    match letter {
        'А' => 'A',
        'В' => 'B',
        'Е' | 'Ё' => 'E',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' => 'O',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'У' => 'Y',
        'Х' => 'X',
        '–' | '—' | '‑' => '-',
        '\\' => '/',
        other => other,
    }
}

/// Where a label stands among others: what is a number in it counts as one (1, 2, 10, 12А), and letters lie as in their
/// alphabet. No two houses stand in the same place.
pub fn order_of_label(label: &str) -> impl Ord + use<> {
    let mut parts = Vec::new();
    for letter in label.to_uppercase().chars().filter(|c| !c.is_whitespace()) {
        match (letter.to_digit(10), parts.last_mut()) {
            (Some(digit), Some(Part::Number(number))) => {
                *number = number.saturating_mul(10).saturating_add(digit.into());
            }
            (Some(digit), _) => parts.push(Part::Number(digit.into())),
            (None, _) => parts.push(Part::Letter(if letter == 'Ё' { 'Е' } else { letter })),
        }
    }
    // `01` is another house than `1`.
    (parts, key_of_label(label))
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u128),
    Letter(char),
}

/// All houses, in the order of their labels. A community has hundreds: what pages them reads them all.
///
/// # Errors
/// Where the store fails.
pub fn houses(view: View<'_>) -> Result<Vec<Entry<House>>, ReadError> {
    let mut all = readable::<House>(view, &Query::on("key"))?;
    all.sort_by_cached_key(|house| order_of_label(&house.value.label));
    Ok(all)
}

/// Adds a house.
///
/// # Errors
/// Where the actor may not, a field makes no sense, or a house has that label.
pub fn add_house(
    ctx: &mut Context<'_>,
    actor: &Actor,
    label: &str,
    note: &str,
) -> Result<(RecordId, Writes), Denied> {
    ctx.require(actor, Permission::ManageHouses)?;
    let house = house(ctx.view, label, note)?;
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    writes.create(id, &house).absent::<House>("key", [house.key.into()]);
    Ok((id, writes))
}

/// Gives a house another label and note.
///
/// # Errors
/// Where the actor may not, a field makes no sense, or another house has that label.
pub fn rename_house(
    ctx: &mut Context<'_>,
    actor: &Actor,
    house: RecordId,
    label: &str,
    note: &str,
) -> Result<Writes, Denied> {
    ctx.require(actor, Permission::ManageHouses)?;
    let before = ctx.view.of::<House>().get(house)?.ok_or(Denied::NotFound("house"))?;
    let mut writes = Writes::new();
    let after = if key_of_label(label) == before.value.key {
        House {
            label: filled("label", label, MAX_LABEL)?,
            note: line("note", note, MAX_NOTE)?,
            ..before.value.clone()
        }
    } else {
        let House { label, key, note, .. } = self::house(ctx.view, label, note)?;
        let after = House { label, key, note, ..before.value.clone() };
        writes.absent::<House>("key", [after.key.clone().into()]);
        after
    };
    writes.update(&before, |house| *house = after).unchanged(&before);
    Ok(writes)
}

/// The house of a label, as somebody typed it.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn find_house(view: View<'_>, label: &str) -> Result<Option<Entry<House>>, ReadError> {
    let query = Query::on("key").equal(key_of_label(label)).limit(1);
    Ok(view.of::<House>().find(&query)?.entries.into_iter().next())
}

/// A house under a label that no other one has.
fn house(view: View<'_>, label: &str, note: &str) -> Result<House, Denied> {
    let label = filled("label", label, MAX_LABEL)?;
    let (key, note) = (key_of_label(&label), line("note", note, MAX_NOTE)?);
    match find_house(view, &label)? {
        None => Ok(House { label, key, note, ..House::default() }),
        Some(_) => Err(Denied::Exists("house")),
    }
}

/// Digits and letters that are not taken for one another when a code is read out or copied by hand: no 0, O, 1, I, L.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH: usize = 8;

/// Issues a house a new code, which is returned and stored nowhere; the older one ends. `key` is kept outside the
/// store, so that who has copied the store cannot find codes by trying.
///
/// # Errors
/// Where the actor may not, or there is no such house.
pub fn issue_code(
    ctx: &mut Context<'_>,
    actor: &Actor,
    house: RecordId,
    key: &[u8; 32],
) -> Result<(String, Writes), Denied> {
    ctx.require(actor, Permission::ManageHouses)?;
    ctx.view.of::<House>().get(house)?.ok_or(Denied::NotFound("house"))?;
    let mut writes = Writes::new();
    let mut nth = 1;
    for older in naming::<HouseCode>(ctx.view, "house", house)? {
        nth = nth.max(older.value.nth + 1);
        if !rights::is_revoked(ctx.view, older.id)? {
            let (by, at_ms) = (actor.person(), ctx.now.ms);
            let end = Revocation { grant: older.id, by, at_ms, ..Revocation::default() };
            writes.create(ctx.new_id()?, &end).absent::<Revocation>("grant", [older.id.to_string().into()]);
        }
    }
    let mut entropy = (ctx.entropy)();
    let code: String = std::iter::repeat_with(|| {
        let letter = ALPHABET[(entropy % ALPHABET.len() as u128) as usize];
        entropy /= ALPHABET.len() as u128;
        char::from(letter)
    })
    .take(CODE_LENGTH)
    .collect();
    let record = HouseCode { house, hash: hash(key, &code), nth };
    let id = ctx.new_id()?;
    writes.create(id, &record).absent::<HouseCode>("house", [house.to_string().into(), nth.into()]);
    Ok((code, writes))
}

/// The code that somebody typed, in either alphabet and with or without spaces and dashes: its record and house.
pub(super) fn find_code(
    view: View<'_>,
    key: &[u8; 32],
    code: &str,
) -> Result<Option<(RecordId, RecordId)>, Denied> {
    let code = key_of_label(code).replace('-', "");
    if code.chars().count() != CODE_LENGTH {
        return Ok(None);
    }
    let query = Query::on("hash").equal(hash(key, &code));
    for entry in view.of::<HouseCode>().find(&query)?.entries {
        if !rights::is_revoked(view, entry.id)? {
            return Ok(Some((entry.id, entry.value.house)));
        }
    }
    Ok(None)
}

fn hash(key: &[u8; 32], code: &str) -> String {
    blake3::keyed_hash(key, code.as_bytes()).to_hex().to_string()
}
