//! Houses in which whoever speaks may issue passes, and the clocks on their walls.
//!
//! What must never be here: a pass.

use dwellers::people::Permission;
use serde::Deserialize;

use super::draft::{Home, Wall};
use crate::api::inside::Request;
use crate::bot::turn::{Stop, Turn};

/// What was heard within so much is of this moment.
const FRESH_MS: u64 = 20 * 60_000;

/// A house that somebody chooses from.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Which.
    pub home: Home,
    /// What people call it; with the community where there are several.
    pub label: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CommunityDocument {
    time_zone: String,
    country: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct HouseDocument {
    label: String,
}

impl Turn {
    /// The houses in which they may issue passes.
    pub(in crate::bot) fn homes(&self) -> Vec<Home> {
        let of = |person: &crate::bot::turn::Person| {
            let community = person.community;
            person.houses(Permission::IssuePass).into_iter().map(move |house| Home { community, house })
        };
        self.persons.iter().flat_map(of).collect()
    }

    /// The same, with what people call them.
    ///
    /// # Errors
    /// What the API refuses.
    pub(in crate::bot) async fn choices(&mut self) -> Result<Vec<Choice>, Stop> {
        let homes = self.homes();
        let is_one = homes.iter().all(|home| home.community == homes[0].community);
        let mut choices = Vec::with_capacity(homes.len());
        for home in homes {
            let Home { community, house } = home;
            let HouseDocument { label } =
                self.ask(Request::get(format!("/communities/{community}/houses/{house}"))).await?;
            let person = self.persons.iter().find(|person| person.community == community);
            let name = person.map_or("", |person| person.community_name.as_str());
            let words = [("house", label.as_str().into()), ("community", name.into())];
            let label = self.text(if is_one { "bot-pass-house" } else { "bot-pass-house-of" }, &words);
            choices.push(Choice { home, label });
        }
        Ok(choices)
    }

    /// The clock of a community.
    ///
    /// # Errors
    /// What the API refuses.
    pub(in crate::bot) async fn wall(&mut self, home: Home) -> Result<Wall, Stop> {
        let document = self.ask(Request::get(format!("/communities/{}", home.community)));
        let CommunityDocument { time_zone, country } = document.await?;
        // The same however often the turn is taken, so that what is asked of the API is the same; but not after an outage.
        let (heard_ms, now_ms) = (self.heard.at_ms, self.now.ms);
        let is_fresh = now_ms.abs_diff(heard_ms) < FRESH_MS;
        Ok(Wall::new(&time_zone, &country, if is_fresh { heard_ms } else { now_ms }))
    }

    /// When something is to hold, in words.
    pub(in crate::bot) fn window(&self, wanted: &super::draft::Wanted, wall: &Wall) -> String {
        let moment = |ms| self.texts().moment(ms, self.now.ms, &wall.name);
        let (from, until) = (moment(wanted.from_ms), moment(wanted.until_ms));
        let window = self.text("pass-valid", &[("from", from.into()), ("until", until.as_str().into())]);
        match &wanted.weekly {
            None => window,
            Some(weekly) => {
                let hours = self.texts().weekly(weekly);
                self.text("bot-pass-weekly-until", &[("hours", hours.into()), ("until", until.into())])
            }
        }
    }
}

/// Minutes after midnight, as people write them.
pub(super) fn hour(minute: u16) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}
