//! Gates as people know them. What drives them is the hub's configuration; this record follows it.

use std::collections::BTreeSet;

use dwellers_replica::builtin;
use dwellers_replica::{
    Entry, Index, Now, Open, Query, ReadError, Record, RecordId, ReplicaId, Role as Side, Spec, View,
    Writers, Writes,
};
use serde::{Deserialize, Serialize};

use crate::command::{Actor, Context, Denied, filled, readable};
use crate::people::{self, Held, Permission};

const MAX_NAME: usize = 80;
const MAX_GATES: usize = 32;
const MAX_LANES: usize = 8;

/// What a gate is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = GateKind))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// For cars.
    #[default]
    Barrier,
    /// For people on foot.
    Wicket,
}

/// Which way a lane leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Into the settlement.
    #[default]
    Entry,
    /// Out of it.
    Exit,
}

/// A lane of a gate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Lane {
    /// Its name in the configuration.
    pub key: String,
    /// Which way it leads.
    pub direction: Direction,
    /// Whoever comes is let out.
    pub free: bool,
    /// A car that is inside already is shown to the guard when it comes to enter again.
    pub anti_passback: bool,
}

/// Who may open a gate by a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Buttons {
    /// Residents, guards and administrators.
    #[default]
    Residents,
    /// Guards and administrators.
    Staff,
}

/// A gate of a hub.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gate {
    /// Whose.
    pub hub: ReplicaId,
    /// Its name in that hub's configuration.
    pub key: String,
    /// As people call it.
    pub name: String,
    /// What it is.
    pub kind: Open<Kind>,
    /// Its lanes.
    pub lanes: Vec<Lane>,
    /// Who may open it by a button.
    pub buttons: Open<Buttons>,
}

impl Record for Gate {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Hub),
        owner: Some("hub"),
        indexes: &[Index { name: "key", on: &["hub", "key"] }],
        ..Spec::profile("gates")
    };
}

/// The gate's id among the records, for those who keep both.
pub type GateId = RecordId;

/// Brings the records in line with the gates of this hub's configuration, whose keys are its own; their `hub` is not
/// looked at. Gates of the ids `before` this one (before a restore, or of the hub in whose place it came) are taken
/// over, so that one gate has one record for ever. Only what differs is written; a gate that is configured no longer keeps its record, because the journal
/// names it. That nobody but a hub writes gates is the store's to refuse.
///
/// # Errors
/// Where a field makes no sense, or a key is there twice.
pub fn upsert(ctx: &mut Context<'_>, before: &[ReplicaId], configured: &[Gate]) -> Result<Writes, Denied> {
    let hub = ctx.view.replica()?;
    if configured.len() > MAX_GATES {
        return Err(Denied::invalid("gates", "too-many"));
    }
    let (mut keys, mut writes) = (BTreeSet::new(), Writes::new());
    for gate in configured {
        let gate = checked(gate, hub)?;
        if !keys.insert(gate.key.clone()) {
            return Err(Denied::Exists("gate"));
        }
        let mut known = find(ctx.view, hub, &gate.key)?;
        for earlier in before.iter().rev().filter(|earlier| **earlier != hub) {
            if known.is_none() {
                known = find(ctx.view, *earlier, &gate.key)?;
            }
        }
        match known {
            Some(known) if known.value == gate => {}
            Some(known) => {
                writes.update(&known, |known| *known = gate).unchanged(&known);
            }
            None => {
                let key = [hub.to_string().into(), gate.key.clone().into()];
                writes.create(ctx.new_id()?, &gate).absent::<Gate>("key", key);
            }
        }
    }
    Ok(writes)
}

/// The gate of a hub that has this key in its configuration.
///
/// # Errors
/// Where the record does not read, or the store fails.
pub fn find(view: View<'_>, hub: ReplicaId, key: &str) -> Result<Option<Entry<Gate>>, ReadError> {
    let query = Query::on("key").equal(hub.to_string()).equal(key).limit(1);
    Ok(view.of::<Gate>().find(&query)?.entries.into_iter().next())
}

/// All gates, by hub and key. Those of a hub that was revoked are none: nothing moves there, and where another took its
/// place that one has told of its own.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn list(view: View<'_>) -> Result<Vec<Entry<Gate>>, ReadError> {
    let (mut gates, mut revoked) = (readable::<Gate>(view, &Query::on("key"))?, BTreeSet::new());
    let hubs: BTreeSet<_> = gates.iter().map(|gate| gate.value.hub).collect();
    for hub in hubs {
        if builtin::retired(view, hub)?.is_some() {
            revoked.insert(hub);
        }
    }
    gates.retain(|gate| !revoked.contains(&gate.value.hub));
    Ok(gates)
}

/// The hubs that have gates.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn hubs(view: View<'_>) -> Result<BTreeSet<ReplicaId>, ReadError> {
    Ok(list(view)?.into_iter().map(|gate| gate.value.hub).collect())
}

impl Gate {
    /// What somebody must be allowed to press its button. What a newer program restricts otherwise, is for staff until
    /// this one knows better.
    pub fn needs(&self) -> Permission {
        match self.buttons.known() {
            Some(Buttons::Residents) => Permission::OpenGates,
            Some(Buttons::Staff) | None => Permission::OpenAnyGate,
        }
    }

    /// Whether those who hold this may press its button.
    pub fn opens_for(&self, held: &[Held]) -> bool {
        held.iter().any(|held| held.capacity.may(self.needs()))
    }
}

/// The gate and the lane whose button somebody presses: the lane of this key, or the first where none is named. Whether it
/// opens its hub says in the end.
///
/// # Errors
/// Where there is no such gate or lane, or the actor may not.
pub fn pressed(
    view: View<'_>,
    now: Now,
    actor: &Actor,
    gate: RecordId,
    lane: Option<&str>,
) -> Result<(Entry<Gate>, String), Denied> {
    let found = list(view)?.into_iter().find(|found| found.id == gate).ok_or(Denied::NotFound("gate"))?;
    if !people::may(view, now, actor, found.value.needs())? {
        return Err(Denied::NotAllowed);
    }
    let lane = match lane {
        None => found.value.lanes.first().map(|lane| lane.key.clone()).unwrap_or_default(),
        Some(key) => {
            let known = found.value.lanes.iter().any(|lane| lane.key == key);
            if known { key.to_owned() } else { return Err(Denied::NotFound("lane")) }
        }
    };
    Ok((found, lane))
}

fn checked(gate: &Gate, hub: ReplicaId) -> Result<Gate, Denied> {
    if gate.lanes.len() > MAX_LANES {
        return Err(Denied::invalid("lanes", "too-many"));
    }
    let mut lanes = BTreeSet::new();
    if !gate.lanes.iter().all(|lane| lanes.insert(&lane.key)) {
        return Err(Denied::invalid("lanes", "taken"));
    }
    let (key, name) = (filled("key", &gate.key, MAX_NAME)?, filled("name", &gate.name, MAX_NAME)?);
    Ok(Gate { hub, key, name, ..gate.clone() })
}
