//! What a story needs in which the bot speaks first: people who are known by their numbers alone, crowds of them, and a bot that
//! keeps to Telegram's pace.

use dwellers_cloud::bot::talk::{At, Speaker};
use dwellers_cloud::bot::telegram::Limits;
use dwellers_cloud::config::Telegram;

use super::{Hall, NAME, User};
use crate::town::Town;

impl Hall {
    /// The same where the messenger refuses what Telegram would, and the bot says no more than that.
    pub(crate) fn paced() -> Hall {
        let telegram = Telegram { bot: NAME.to_owned(), ..Telegram::default() };
        let town = Town::configured(|config| config.telegram = Some(telegram));
        let village = town.village("Сосновка");
        let hall = Hall::at_pace(town, village, Limits::TELEGRAM);
        hall.telegram.set_limits(true);
        hall
    }

    /// Somebody who was there before, by their number.
    pub(crate) fn known(&self, user: i64) -> User<'_> {
        self.again(Speaker { user, ..Speaker::default() })
    }
}

impl User<'_> {
    /// Has spoken with the bot before the story begins: it may write to them.
    pub(crate) fn has_met_the_bot(&self) {
        self.own.has_met_bot();
    }

    /// Keeps the bot out, and it does not hear of that.
    pub(crate) fn keeps_the_bot_out(&self) {
        self.own.has_blocked_bot();
    }

    /// Blocks the bot, and it hears of that.
    pub(crate) fn blocks_the_bot(&self) {
        self.own.blocks_bot();
    }

    /// Deletes a message for both.
    pub(crate) fn deletes(&self, at: At) {
        self.own.deletes(i32::try_from(at.message).unwrap());
    }
}
