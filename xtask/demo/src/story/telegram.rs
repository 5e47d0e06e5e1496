//! The part of the story that plays in a resident's Telegram.

use anyhow::{Context, Result, ensure};
use dwellers_hub::engine::Position;
use serde_json::json;

use super::{Step, Story, is};
use crate::phone::Phone;
use crate::stage::{WICKET, until};

pub(super) const STEPS: &[Step] = &[
    ("a resident opens a link, and the bot knows who they are", Story::in_telegram),
    ("a taxi in one line: its pass opens, and Telegram shows who came", Story::by_one_line),
    ("a house is asked, and lets them in from Telegram", Story::asked_in_telegram),
    ("the wicket is opened by a button, and the message says what was seen", Story::opens_from_telegram),
];

impl Story {
    fn in_telegram(&mut self) -> Result<()> {
        let link = self.stage.telegram_link(self.stage.cast.owner_12)?;
        let (url, payload) = link.split_once("/?start=").context("a link to the double")?;
        let phone = Phone::of(url, "Анна", "ru")?;
        phone.starts(payload)?;
        phone.presses("Да, это я")?;
        phone.sees("Сосновка")?;
        // Whatever time it is where the story is told: what is not urgent would wait for the morning.
        phone.says("/settings")?;
        phone.presses("🌙 ")?;
        phone.presses("🔔 Выключить")?;
        phone.sees("Тихих часов нет")?;
        self.phone = Some(phone);
        Ok(())
    }

    fn by_one_line(&mut self) -> Result<()> {
        let plate = self.stage.cast.taxi.clone();
        self.phone()?.says(&format!("такси {plate}"))?;
        self.phone()?.presses("Выписать")?;
        self.phone()?.sees("Пропуск выписан")?;
        self.in_step()?;
        self.drive_in("taxi")?;
        self.told("decided", |entry| is(entry, &plate) && entry["reason"] == "pass")?;
        let came = self.phone()?.sees("🚗 Ваши гости")?;
        ensure!(!came["photo"].is_null(), "no picture: {came}");
        self.closed()
    }

    fn asked_in_telegram(&mut self) -> Result<()> {
        let plate = self.stage.cast.plumber.clone();
        let arrival = self.waits("plumber", &plate)?;
        let house = self.stage.cast.house_12.to_string();
        self.answer(&arrival, "ask", json!({ "house": house, "name": "Сантехник" }))?;
        self.phone()?.sees("🔔")?;
        self.phone()?.presses("Впустить")?;
        self.passes_through()?;
        self.told("decided", |entry| is(entry, &plate) && entry["reason"] == "allowed")?;
        self.phone()?.sees("Вы ответили")?;
        self.closed()
    }

    fn opens_from_telegram(&mut self) -> Result<()> {
        self.phone()?.says("🔓 Открыть")?;
        self.phone()?.presses(WICKET)?;
        self.phone()?.presses("Да, открыть")?;
        self.phone()?.sees(&format!("✅ {WICKET}"))?;
        until("a closed wicket", || Ok(self.stage.look("wicket")?.position == Position::Closed))
    }

    fn phone(&self) -> Result<&Phone> {
        self.phone.as_ref().context("nobody has Telegram in their hand")
    }
}
