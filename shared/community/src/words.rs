//! What records say to a person: labels for ids, plates as they are shown, reasons and entries as lines of text.
//!
//! Everything is read from the one snapshot that the document is made of, in the caller's language.
//!
//! What must never be here: whether whoever asks may be told.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use dwellers_replica::{Now, Open, ReadError, RecordId, View};
use serde::Serialize;

use crate::access::{Decision, Reason, Verdict};
use crate::gates::{Direction, Gate};
use crate::journal::{Entry, Kind};
use crate::passes::Pass;
use crate::people::{Community, House, Person};
use crate::plate::{self, Country};
use crate::texts::{Details, Texts};
use crate::visitor_log::{self, AT_THE_GATE_MS, VisitorLog};

/// One snapshot, and a language to tell it in.
pub struct Words<'a> {
    /// The snapshot.
    pub view: View<'a>,
    /// The language.
    pub texts: &'a Texts,
    /// When it is told.
    pub now: Now,
    /// The community; without a name before it was founded.
    pub community: Community,
    country: Country,
    owned: Vec<RecordId>,
    at_the_gate: bool,
    labels: RefCell<HashMap<RecordId, String>>,
    choices: RefCell<HashMap<RecordId, VisitorLog>>,
    gates: RefCell<HashMap<RecordId, String>>,
}

/// A decision, as a screen shows it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Judged {
    /// The journal's entry, where there is one.
    pub entry: Option<RecordId>,
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// Why, in words.
    pub text: String,
    /// The house concerned.
    pub house: Option<RecordId>,
    /// Its label; empty for none.
    pub house_label: String,
    /// Folded plate; empty for none.
    pub plate: String,
    /// The plate as people write it.
    pub plate_shown: String,
    /// The visitor's name; empty for none.
    pub name: String,
}

/// An entry of the journal, as a screen shows it. What proves it is left out: it tells people nothing.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Line {
    /// The record.
    pub id: RecordId,
    /// Its number in its hub's journal.
    pub number: u64,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Whether the clock was trusted.
    pub trusted: bool,
    /// What it tells.
    pub kind: Open<Kind>,
    /// The entry (or question) that it follows from.
    pub about: Option<RecordId>,
    /// Where.
    pub gate: Option<RecordId>,
    /// The gate's name; empty for none.
    pub gate_name: String,
    /// The lane's key; empty where none is meant.
    pub lane: String,
    /// Which way.
    pub direction: Option<Direction>,
    /// What was decided.
    pub verdict: Option<Open<Verdict>>,
    /// Why.
    pub reason: Option<Open<Reason>>,
    /// Folded plate; empty for none.
    pub plate: String,
    /// The plate as people write it.
    pub plate_shown: String,
    /// The visitor's name; empty for none.
    pub name: String,
    /// The house concerned.
    pub house: Option<RecordId>,
    /// Its label; empty for none.
    pub house_label: String,
    /// The person who acted or was let in.
    pub person: Option<RecordId>,
    /// The grant that it rests on.
    pub grant: Option<RecordId>,
    /// The guard on whose word it happened; empty for none.
    pub guard: String,
    /// The picture's blob hash; empty for none.
    pub crop: String,
    /// Words of the guard, or of the program for the guard.
    pub note: String,
    /// What happened, in words.
    pub text: String,
}

impl<'a> Words<'a> {
    /// Before a community was founded there are words too.
    ///
    /// # Errors
    /// The store fails.
    pub fn new(view: View<'a>, texts: &'a Texts, now: Now) -> Result<Self, ReadError> {
        let community = view.of::<Community>().get(Community::ID)?.map(|community| community.value);
        let community = community.unwrap_or_default();
        let country = Country::from_code(&community.country);
        let (labels, gates, choices) = (RefCell::default(), RefCell::default(), RefCell::default());
        Ok(Words {
            view,
            texts,
            now,
            community,
            country,
            owned: Vec::new(),
            at_the_gate: false,
            labels,
            gates,
            choices,
        })
    }

    /// The same for an owner of these houses, who may know more of them.
    #[must_use]
    pub fn for_owner(mut self, houses: Vec<RecordId>) -> Self {
        self.owned = houses;
        self
    }

    /// The same for who stands at the gate: they know who is on their way through, whatever a house wants.
    #[must_use]
    pub fn at_the_gate(self) -> Self {
        Words { at_the_gate: true, ..self }
    }

    /// The label of a house; empty for none.
    ///
    /// # Errors
    /// The store fails.
    pub fn house(&self, id: Option<RecordId>) -> Result<String, ReadError> {
        let Some(id) = id else { return Ok(String::new()) };
        if let Some(label) = self.labels.borrow().get(&id) {
            return Ok(label.clone());
        }
        let house = self.view.of::<House>().get(id)?;
        let label = house.map(|house| house.value.label).unwrap_or_default();
        self.labels.borrow_mut().insert(id, label.clone());
        Ok(label)
    }

    /// The name of a gate; empty for none.
    ///
    /// # Errors
    /// The store fails.
    pub fn gate(&self, id: Option<RecordId>) -> Result<String, ReadError> {
        let Some(id) = id else { return Ok(String::new()) };
        if let Some(name) = self.gates.borrow().get(&id) {
            return Ok(name.clone());
        }
        let gate = self.view.of::<Gate>().get(id)?;
        let name = gate.map(|gate| gate.value.name).unwrap_or_default();
        self.gates.borrow_mut().insert(id, name.clone());
        Ok(name)
    }

    /// The name of a person; empty for none.
    ///
    /// # Errors
    /// The store fails.
    pub fn person(&self, id: Option<RecordId>) -> Result<String, ReadError> {
        let Some(id) = id else { return Ok(String::new()) };
        let person = self.view.of::<Person>().get(id)?;
        Ok(person.map(|person| person.value.name).unwrap_or_default())
    }

    /// What somebody in office did, by its name in [`crate::audit::Deed`].
    pub fn deed(&self, action: &str) -> String {
        let key = format!("deed-{}", action.replace(['.', '_'], "-"));
        self.texts.find(&key).unwrap_or_else(|| self.texts.get("deed-other", &[("action", action.into())]))
    }

    /// A plate as people write it; empty for none.
    pub fn plate(&self, key: &str) -> String {
        if key.is_empty() { String::new() } else { plate::shown(key, self.country) }
    }

    /// A moment as people say it.
    pub fn moment(&self, at_ms: u64) -> String {
        self.texts.moment(at_ms, self.now.ms, &self.community.time_zone)
    }

    /// A reason in words, with what makes it clearer.
    ///
    /// # Errors
    /// The store fails.
    pub fn reason(
        &self,
        reason: Reason,
        house: Option<RecordId>,
        plate: &str,
        person: Option<RecordId>,
        guard: &str,
    ) -> Result<String, ReadError> {
        let (house, plate) = (self.house(house)?, self.plate(plate));
        let person = if reason == Reason::Button { self.person(person)? } else { String::new() };
        let details = Details { house: &house, plate: &plate, person: &person, guard, ..Details::default() };
        Ok(self.texts.reason(reason, &details))
    }

    /// A decision.
    ///
    /// # Errors
    /// The store fails.
    pub fn judged(
        &self,
        entry: Option<RecordId>,
        decision: &Decision,
        guard: &str,
    ) -> Result<Judged, ReadError> {
        let &Decision { verdict, reason, house, person, ref plate, ref name, .. } = decision;
        Ok(Judged {
            entry,
            verdict,
            reason,
            text: self.reason(reason, house, plate, person, guard)?,
            house,
            house_label: self.house(house)?,
            plate: plate.clone(),
            plate_shown: self.plate(plate),
            name: name.clone(),
        })
    }

    /// An entry of the journal. Who a visitor was stays untold where their house wants it so ([`crate::visitor_log`]).
    ///
    /// # Errors
    /// The store fails.
    pub fn line(&self, id: RecordId, entry: &Entry) -> Result<Line, ReadError> {
        let entry = &*self.seen(entry)?;
        let text = self.told(entry)?;
        let house_label = self.house(entry.house)?;
        let gate_name = self.gate(entry.gate)?;
        let plate_shown = self.plate(&entry.plate);
        let Entry { number, at_ms, trusted, kind, about, gate, lane, direction, verdict, reason, .. } =
            entry.clone();
        let Entry { plate, name, house, person, grant, guard, crop, note, .. } = entry.clone();
        Ok(Line {
            id,
            number,
            at_ms,
            trusted,
            kind,
            about,
            gate,
            gate_name,
            lane,
            direction,
            verdict,
            reason,
            plate,
            plate_shown,
            name,
            house,
            house_label,
            person,
            grant,
            guard,
            crop,
            note,
            text,
        })
    }

    /// An entry as whoever hears it may see it: without the visitor, where their house wants it so.
    ///
    /// # Errors
    /// The store fails.
    pub fn seen<'e>(&self, entry: &'e Entry) -> Result<Cow<'e, Entry>, ReadError> {
        let Some(house) = entry.house else { return Ok(Cow::Borrowed(entry)) };
        let is_through = self.now.ms >= entry.at_ms.saturating_add(AT_THE_GATE_MS);
        if self.at_the_gate && !is_through {
            return Ok(Cow::Borrowed(entry));
        }
        Ok(match !self.may_see_visitors(house)? && visitor_log::is_visit(self.view, entry)? {
            true => Cow::Owned(visitor_log::masked(entry)),
            false => Cow::Borrowed(entry),
        })
    }

    /// A pass as whoever hears it may see it: without the visitor, where it has ended and their house wants it so.
    ///
    /// # Errors
    /// The store fails.
    pub fn seen_pass<'p>(&self, pass: &'p Pass, has_ended: bool) -> Result<Cow<'p, Pass>, ReadError> {
        Ok(match has_ended && !self.may_see_visitors(pass.house)? {
            true => Cow::Owned(visitor_log::masked_pass(pass)),
            false => Cow::Borrowed(pass),
        })
    }

    /// Whether whoever hears it may know who came to a house.
    fn may_see_visitors(&self, house: RecordId) -> Result<bool, ReadError> {
        let known = self.choices.borrow().get(&house).copied();
        let choice = match known {
            Some(choice) => choice,
            None => {
                let house = self.view.of::<House>().get(house)?;
                house.map(|house| VisitorLog::of(&house.value)).unwrap_or_default()
            }
        };
        self.choices.borrow_mut().insert(house, choice);
        Ok(visitor_log::may_see(choice, self.owned.contains(&house)))
    }

    /// What happened, as a list of what is known: no sentence, whose order would be a language's own.
    fn told(&self, entry: &Entry) -> Result<String, ReadError> {
        let what = match (entry.kind.known(), &entry.verdict) {
            (Some(Kind::Decided), Some(verdict)) => self.texts.say_open(verdict),
            _ => self.texts.say_open(&entry.kind),
        };
        let why = match entry.reason.as_ref().map(Open::known) {
            Some(Some(reason)) => {
                self.reason(*reason, entry.house, &entry.plate, entry.person, &entry.guard)?
            }
            Some(None) => self.texts.get("unknown", &[]),
            None => String::new(),
        };
        let house = match self.house(entry.house)? {
            label if label.is_empty() => label,
            label => self.texts.get("house", &[("house", label.into())]),
        };
        let plate = self.plate(&entry.plate);
        let mut parts: Vec<&str> = Vec::new();
        for part in [&what, &why, &plate, &entry.name, &house, &entry.guard] {
            // A reason with its detail says it already, in the middle of a sentence perhaps.
            let small = part.to_lowercase();
            if !part.is_empty() && !parts.iter().any(|said| said.to_lowercase().contains(&small)) {
                parts.push(part);
            }
        }
        Ok(parts.join(" · "))
    }
}
