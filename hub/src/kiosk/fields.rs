//! What a guard types, before it goes into the journal.

use dwellers::people::House;
use dwellers::{Denied, plate};
use dwellers_replica::RecordId;

use super::problem::Problem;
use super::table::Call;

/// The longest name, note and reason: what a screen can show.
const MAX_CHARS: usize = 200;
/// The longest plate, as the rules have it.
const MAX_PLATE_CHARS: usize = 16;

/// A line of words.
pub(super) fn said(field: &'static str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.chars().count() > MAX_CHARS {
        return Err(Problem::invalid(field, "too-long"));
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::invalid(field, "unprintable"));
    }
    Ok(text.to_owned())
}

/// A plate as it stands in records; it need not be one that this program can parse.
pub(super) fn folded(text: &str) -> Result<String, Problem> {
    let plate = plate::fold(text);
    if plate.chars().count() > MAX_PLATE_CHARS {
        return Err(Problem::invalid("plate", "too-long"));
    }
    Ok(plate)
}

impl Call {
    /// That there is such a house, where one is named.
    pub(super) async fn expect_house(&self, house: Option<RecordId>) -> Result<(), Problem> {
        let Some(house) = house else { return Ok(()) };
        let look = move |view: dwellers_replica::View<'_>| view.of::<House>().get(house);
        match self.kiosk.view(look).await? {
            Some(_) => Ok(()),
            None => Err(Denied::NotFound("house").into()),
        }
    }
}
