//! The community itself.

use dwellers_replica::{Entry, View, Writes};
use jiff::tz::TimeZone;

use super::iso;
use crate::command::{Actor, Context, Denied, filled};
use crate::people::{Community, Permission};
use crate::plate::{Country, Plate};

const MAX_NAME: usize = 80;

/// The community of this store.
///
/// # Errors
/// [`Denied::NotFound`] before it was founded.
pub fn community(view: View<'_>) -> Result<Entry<Community>, Denied> {
    view.of::<Community>().get(Community::ID)?.ok_or(Denied::NotFound("community"))
}

/// The community's time zone, in which windows of passes are.
///
/// # Errors
/// Where there is no community yet, or this program does not know its time zone.
pub fn zone(view: View<'_>) -> Result<TimeZone, Denied> {
    let community = community(view)?;
    TimeZone::get(&community.value.time_zone).map_err(|_| Denied::invalid("time_zone", "not-a-time-zone"))
}

/// Founds the community of an empty store.
///
/// # Errors
/// Where the actor may not, a field makes no sense, or there is one already.
pub fn found(ctx: &mut Context<'_>, actor: &Actor, community: &Community) -> Result<Writes, Denied> {
    if *actor != Actor::Operator {
        return Err(Denied::NotAllowed);
    }
    if ctx.view.of::<Community>().get(Community::ID)?.is_some() {
        return Err(Denied::Exists("community"));
    }
    let mut writes = Writes::new();
    writes.create(Community::ID, &checked(community)?);
    Ok(writes)
}

/// Whether these settings make sense, before there is a community.
///
/// # Errors
/// Which field does not.
pub fn check_settings(community: &Community) -> Result<(), Denied> {
    checked(community).map(drop)
}

/// Changes the community's name or settings.
///
/// # Errors
/// Where the actor may not, or a field makes no sense.
pub fn update(ctx: &mut Context<'_>, actor: &Actor, community: &Community) -> Result<Writes, Denied> {
    ctx.require(actor, Permission::ManageCommunity)?;
    let before = self::community(ctx.view)?;
    let after = checked(community)?;
    let mut writes = Writes::new();
    writes.update(&before, |now| *now = after).unchanged(&before);
    Ok(writes)
}

/// The key of a plate that a person of this community typed.
pub(crate) fn typed_plate(view: View<'_>, text: &str) -> Result<String, Denied> {
    let home = Country::from_code(&community(view)?.value.country);
    let plate = Plate::parse(text, home).map_err(|error| Denied::invalid("plate", error.why()))?;
    Ok(plate.key().to_owned())
}

fn checked(community: &Community) -> Result<Community, Denied> {
    let name = filled("name", &community.name, MAX_NAME)?;
    let zone = TimeZone::get(&community.time_zone).ok();
    let zone = zone.as_ref().and_then(TimeZone::iana_name);
    let time_zone = zone.ok_or(Denied::invalid("time_zone", "not-a-time-zone"))?.to_owned();
    let language = language(&community.language)?;
    if !iso::is_currency(&community.currency) {
        return Err(Denied::invalid("currency", "not-a-currency"));
    }
    if !iso::is_country(&community.country) {
        return Err(Denied::invalid("country", "not-a-country"));
    }
    let (currency, country) = (community.currency.clone(), community.country.clone());
    Ok(Community { name, time_zone, language, currency, country })
}

/// A language in which there are texts.
pub(super) fn language(code: &str) -> Result<String, Denied> {
    match code {
        "ru" | "en" => Ok(code.to_owned()),
        _ => Err(Denied::invalid("language", "not-a-language")),
    }
}
