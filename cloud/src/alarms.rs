//! Alarms of a community, written where they are noticed. What one is, and when it stands already, is
//! [`dwellers::alarms`]'s to say.
//!
//! Whoever notices something goes on with their work whatever becomes of the alarm: where it cannot be written it is in the
//! log at least.
//!
//! What must never be here: when something counts as wrong.

use dwellers::alarms::{self, About, Alarm, Kind};
use dwellers::{Context, Denied};
use dwellers_replica::{CommitError, Now, Query, Refusal, Writes};
use tracing::{error, warn};

use crate::clock;
use crate::communities::Community;

impl Community {
    /// Raises an alarm, where the same does not stand already. Blocks.
    pub fn raise(&self, about: About<'_>, words: &str, now: Now) {
        let raised = self.decide(now, |ctx| alarms::raise(ctx, about, words));
        if raised {
            warn!(community = %self.id, about = about.name, "alarm: {:?}: {words}", about.kind);
        }
    }

    /// Raises an alarm of what happens to its subject once; nothing where there was one of it ever. Blocks.
    pub fn raise_once(&self, about: About<'_>, words: &str, now: Now) {
        let raised = self.decide(now, |ctx| {
            let kind = serde_json::to_value(about.kind).unwrap_or_default();
            let query = Query::on("subject").equal(kind.as_str().unwrap_or_default()).equal(about.subject);
            if !ctx.view.of::<Alarm>().find(&query.limit(1))?.entries.is_empty() {
                return Ok(None);
            }
            alarms::raise(ctx, about, words)
        });
        if raised {
            warn!(community = %self.id, about = about.name, "alarm: {:?}: {words}", about.kind);
        }
    }

    /// Ends the alarm of a state that has ended, where one stands. Blocks.
    pub fn end_alarm(&self, kind: Kind, subject: &str, now: Now) {
        self.decide(now, |ctx| alarms::end(ctx, kind, subject));
    }

    fn decide(
        &self,
        now: Now,
        rule: impl FnOnce(&mut Context<'_>) -> Result<Option<Writes>, Denied>,
    ) -> bool {
        let mut entropy = clock::entropy;
        let judged = self.store.view(|view| rule(&mut Context { view, now, entropy: &mut entropy }));
        let writes = match judged {
            Ok(Ok(None)) => return false,
            Ok(Ok(Some(writes))) => writes,
            Ok(Err(why)) => {
                error!(community = %self.id, "an alarm is not judged: {why}");
                return false;
            }
            Err(why) => {
                error!(community = %self.id, "an alarm is not judged: {why}");
                return false;
            }
        };
        match self.store.commit(now, writes) {
            Ok(_) => true,
            // Another noticed it at the same moment.
            Err(CommitError::Refused(Refusal::Taken { .. })) => false,
            Err(why) => {
                error!(community = %self.id, "an alarm is not written: {why}");
                false
            }
        }
    }
}
