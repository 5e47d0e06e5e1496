//! Persons.

use dwellers_replica::{RecordId, View, Writes};

use super::community::{community, language};
use crate::command::{Actor, Context, Denied, filled};
use crate::people::{Capacity, Permission, Person, granted};

const MAX_NAME: usize = 80;

/// Enters a person, who is nobody anywhere yet.
///
/// # Errors
/// Where the actor may not, or a field makes no sense.
pub fn add_person(
    ctx: &mut Context<'_>,
    actor: &Actor,
    person: &Person,
) -> Result<(RecordId, Writes), Denied> {
    ctx.require(actor, Permission::ManagePeople)?;
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    writes.create(id, &checked(ctx.view, person)?);
    Ok((id, writes))
}

/// Changes a person's name, telephone or language: one's own, or as an administrator. Nobody but themselves changes those of
/// who was ever an administrator: the operator helps them by that name.
///
/// # Errors
/// Where the actor may not, there is no such person, or a field makes no sense.
pub fn edit_person(
    ctx: &mut Context<'_>,
    actor: &Actor,
    id: RecordId,
    person: &Person,
) -> Result<Writes, Denied> {
    if actor.person() != Some(id) {
        ctx.require(actor, Permission::ManagePeople)?;
        let granted = granted(ctx.view, id)?;
        if *actor != Actor::Operator && granted.iter().any(|one| one.capacity == Capacity::Administrator) {
            return Err(Denied::NotAllowed);
        }
    }
    let before = ctx.view.of::<Person>().get(id)?.ok_or(Denied::NotFound("person"))?;
    let after = checked(ctx.view, person)?;
    let mut writes = Writes::new();
    writes.update(&before, |person| *person = after).unchanged(&before);
    Ok(writes)
}

/// A person as they are kept: the name trimmed, the telephone in E.164.
pub(crate) fn checked(view: View<'_>, person: &Person) -> Result<Person, Denied> {
    let country = community(view)?.value.country;
    Ok(Person {
        name: filled("name", &person.name, MAX_NAME)?,
        phone: phone(&person.phone, &country)?,
        language: language(&person.language)?,
    })
}

/// A telephone number as people write it, in E.164: a plus and at most 15 digits. Empty stays empty.
fn phone(text: &str, country: &str) -> Result<String, Denied> {
    let spacing = |c: &char| !c.is_whitespace() && !"-–().".contains(*c);
    let dense: String = text.chars().filter(spacing).collect();
    let digits = match dense.strip_prefix('+') {
        _ if dense.is_empty() => return Ok(dense),
        Some(digits) => digits.to_owned(),
        // Dialled within the country: the trunk prefix 8 stands for its code 7.
        None if ["RU", "KZ"].contains(&country) && dense.len() == 11 && dense.starts_with('8') => {
            format!("7{}", &dense[1..])
        }
        None => return Err(Denied::invalid("phone", "not-a-phone")),
    };
    let plausible = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    match plausible && digits.bytes().all(|digit| digit.is_ascii_digit()) {
        true => Ok(format!("+{digits}")),
        false => Err(Denied::invalid("phone", "not-a-phone")),
    }
}
