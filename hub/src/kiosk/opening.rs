//! Opening for somebody, as all routes do that let somebody in.
//!
//! What they show is judged first, and where it may not open the guard is told, with the decision, and nothing
//! happens; a guard who insists opens on their own word. The guard's word alone is never judged.

use dwellers::Denied;
use dwellers::access::{self, Credential, Decision, Request, Verdict};
use dwellers_replica::RecordId;

use super::problem::Problem;
use super::session::Signed;
use super::table::Call;
use crate::gatehouse::{Command, GateState, Told, Visitor};
use dwellers::words::Judged;

/// Where somebody is to be let in, and what the journal is to tell.
pub(super) struct Way {
    /// The gate's key.
    pub gate: String,
    /// The lane's key; may be empty.
    pub lane: String,
    /// The arrival that this answers.
    pub about: Option<RecordId>,
    pub visitor: Visitor,
    pub note: String,
}

/// Opens and tells what was decided, or says why not.
pub(super) async fn open(
    call: &Call,
    guard: &Signed,
    way: Way,
    shown: Option<Credential>,
    insist: bool,
) -> Result<Judged, Problem> {
    let mut way = way;
    if let Some(credential) = shown {
        let decision = judge(call, &way, credential.clone()).await?;
        if decision.verdict == Verdict::Open {
            let told = pass(call, guard, &way, credential).await?;
            return answer(call, guard, told).await;
        }
        if !insist {
            return Err(refused(call, guard, decision).await);
        }
        // What is known of them stands in the journal also where it did not suffice.
        way.visitor.house = way.visitor.house.or(decision.house);
        for (said, known) in
            [(&mut way.visitor.plate, decision.plate), (&mut way.visitor.name, decision.name)]
        {
            if !known.is_empty() {
                *said = known;
            }
        }
    }
    let told = pass(call, guard, &way, Credential::Guard).await?;
    answer(call, guard, told).await
}

/// What would be decided. Nothing is written: a guard's mistake at the screen is no refusal of anybody.
async fn judge(call: &Call, way: &Way, credential: Credential) -> Result<Decision, Problem> {
    let GateState { id, gate, .. } = call.kiosk.gate(&way.gate)?;
    let request = Request { gate: id, lane: way.lane.clone(), credential };
    let now = call.kiosk.now();
    call.kiosk
        .view(move |view| {
            let facts = access::gather(view, &gate, &request)?;
            Ok::<_, Problem>(access::decide(&request, &facts, now))
        })
        .await
}

async fn pass(call: &Call, guard: &Signed, way: &Way, credential: Credential) -> Result<Told, Problem> {
    let Way { gate, lane, about, visitor, note } = way;
    let command = Command::Pass {
        gate: gate.clone(),
        lane: lane.clone(),
        credential,
        guard: guard.name.clone(),
        about: *about,
        note: note.clone(),
        visitor: visitor.clone(),
    };
    call.kiosk.command(command).await
}

async fn answer(call: &Call, guard: &Signed, told: Told) -> Result<Judged, Problem> {
    let (decision, name) = (told.decision.unwrap_or_default(), guard.name.clone());
    // Somebody else may have been faster since it was judged.
    if decision.verdict != Verdict::Open {
        return Err(refused(call, guard, decision).await);
    }
    call.read(move |words| Ok(words.judged(Some(told.entry), &decision, &name)?)).await
}

async fn refused(call: &Call, guard: &Signed, decision: Decision) -> Problem {
    let name = guard.name.clone();
    match call.read(move |words| Ok(words.judged(None, &decision, &name)?)).await {
        Ok(judged) => Problem::decided(judged),
        Err(problem) => problem,
    }
}

impl super::Kiosk {
    /// A gate by its key.
    pub(super) fn gate(&self, key: &str) -> Result<GateState, Problem> {
        let state = self.state();
        state.gates.iter().find(|gate| gate.gate.key == key).cloned().ok_or(Problem::not_found())
    }

    /// A gate by its key, which has this lane; without a lane, the gate as a whole.
    pub(super) fn gate_with_lane(&self, key: &str, lane: &str) -> Result<GateState, Problem> {
        let gate = self.gate(key)?;
        if !lane.is_empty() && !gate.gate.lanes.iter().any(|known| known.key == lane) {
            return Err(Denied::NotFound("lane").into());
        }
        Ok(gate)
    }
}
