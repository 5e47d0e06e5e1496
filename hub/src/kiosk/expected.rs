//! Whom the houses expect.

use dwellers::passes::{self, Expected, Kind, Pass};
use dwellers_replica::{Open, ReadError, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::session::Signed;
use super::table::{Answer, Call, Table, json};
use dwellers::words::Words;

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_list, _, _>(list);
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// What is looked for; empty for all.
    #[serde(default)]
    #[param(required = false)]
    pub search: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ExpectedPasses)]
struct Passes {
    passes: Vec<Shown>,
}

/// A pass, as the guard sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = ExpectedPass)]
pub(super) struct Shown {
    id: RecordId,
    kind: Open<Kind>,
    kind_text: String,
    house: RecordId,
    house_label: String,
    /// Folded; may be empty.
    plate: String,
    /// As people write it.
    plate_shown: String,
    name: String,
    /// What the visitor says or types; empty for none.
    code: String,
    /// From when on it holds, in milliseconds since 1970: now, or later today.
    from_ms: u64,
    /// In milliseconds since 1970.
    until_ms: u64,
    /// When it holds, in words.
    window_text: String,
    /// `null`: as many as fall into its time.
    entries_left: Option<u32>,
    note: String,
    /// The guard who issued it; empty where a resident did.
    guard: String,
    /// Whether it holds at this moment.
    holds: bool,
}

/// Whom the houses expect, by a part of plate, name or house
#[utoipa::path(get, path = "/api/expected", tag = "passes", operation_id = "passes.list_expected",
    params(Search), responses((status = 200, body = Passes)))]
async fn list(call: Call, guard: Signed) -> Answer {
    let Search { search } = call.query()?;
    let passes = call.read(move |words| {
        let expected = passes::expected(words.view, words.now, &guard.actor(), &search)?;
        let shown = expected.into_iter().map(|expected| Shown::new(words, expected));
        Ok(shown.collect::<Result<Vec<_>, _>>()?)
    });
    json(&Passes { passes: passes.await? })
}

impl Shown {
    pub fn new(words: &Words<'_>, expected: Expected) -> Result<Self, ReadError> {
        let Expected { pass, house: house_label, from_ms, used } = expected;
        let (id, pass) = (pass.id, pass.value);
        let window_text = window(words, &pass);
        let Pass { kind, house, plate, name, code, validity, entries, note, guard, .. } = pass;
        Ok(Shown {
            id,
            kind_text: words.texts.say_open(&kind),
            kind,
            house,
            house_label,
            plate_shown: words.plate(&plate),
            plate,
            name,
            code,
            from_ms,
            until_ms: validity.until_ms,
            window_text,
            entries_left: entries.map(|entries| entries.saturating_sub(used)),
            note,
            guard,
            holds: from_ms <= words.now.ms,
        })
    }
}

fn window(words: &Words<'_>, pass: &Pass) -> String {
    match &pass.validity.weekly {
        Some(weekly) => words.texts.weekly(weekly),
        None => {
            let (from, until) = (words.moment(pass.validity.from_ms), words.moment(pass.validity.until_ms));
            words.texts.get("pass-valid", &[("from", from.into()), ("until", until.into())])
        }
    }
}
