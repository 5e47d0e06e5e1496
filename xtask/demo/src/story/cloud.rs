//! The part of the story that plays between gatehouse and cloud: in step, cut off, in step again, and either of them rebuilt.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use dwellers_hub::engine::Position;
use dwellers_hub::store;
use dwellers_replica::{Options, RecordId, Replica, Sqlite};
use serde_json::{Value, json};

use super::{Step, Story, is};
use crate::browser::{Browser, Refused};
use crate::cloud::{self, COMMUNITY};
use crate::guard::Guard;
use crate::settlement::{CHAIR, GUARDS};
use crate::stage::{HUB, WICKET, until};

/// A command is held up for so long; after ten seconds it is too late.
const TOO_LATE: Duration = Duration::from_secs(11);

/// Who comes unannounced.
const DOCTOR: &str = "Врач скорой";

pub(super) const STEPS: &[Step] = &[
    ("hub and cloud hold the same", Story::in_step),
    ("a pass issued on the cloud opens, and the journal is there with its picture", Story::pass_of_the_cloud),
    ("a resident opens the wicket from afar, and what was seen comes back", Story::opens_from_afar),
    ("a command that was held up for eleven seconds moves nothing", Story::held_up),
    ("cut off: a pass issued before opens, one revoked before does not", Story::cut_off),
    ("cut off: nobody opens from afar, and the guard lets a visitor in", Story::alone),
    ("the link heals: nothing is missing, nothing out of order", Story::healed),
];

pub(super) const REBUILDING: &[Step] = &[
    ("a new Pi in the place of the dead one: it is ready, and the dead one's key is nobody's", Story::new_pi),
    (
        "the cloud burns down: out of last night's backup and its hub it has everything again",
        Story::new_cloud,
    ),
];

impl Story {
    /// Both sides have acknowledged everything, and hold the same.
    pub(super) fn in_step(&mut self) -> Result<()> {
        self.stage.until_in_step()?;
        until("the same on both sides", || Ok(self.digest_of_hub()? == self.digest_of_cloud()?))
    }

    fn pass_of_the_cloud(&mut self) -> Result<()> {
        // That was sent away in the morning.
        let plate = self.stage.cast.unknown.clone();
        self.issue(&plate)?;
        self.in_step()?;
        self.drive_in("unknown")?;
        let opened = self.told("decided", |entry| is(entry, &plate) && entry["reason"] == "pass")?;
        let chair = &self.stage.people.chair;
        until("its entry on the cloud, with its picture", || {
            let entries = chair.journal()?;
            let entry = entries.iter().find(|entry| entry["id"] == opened["id"]);
            entry.map_or(Ok(false), |entry| chair.has_picture(entry))
        })?;
        self.closed()
    }

    fn opens_from_afar(&mut self) -> Result<()> {
        let told = self.open_from_afar()?;
        ensure!(told["state"] == "opened", "{told}");
        until("a closed wicket", || Ok(self.stage.look("wicket")?.position == Position::Closed))
    }

    fn held_up(&mut self) -> Result<()> {
        let before = self.stage.history("wicket", 0)?.len();
        self.stage.line().hold(true);
        // It goes out while the line is held up, and waits there.
        let told = std::thread::scope(|scope| {
            let asked = scope.spawn(|| self.open_from_afar());
            let begun = Instant::now();
            let waited = until("a command that is too late", || Ok(begun.elapsed() >= TOO_LATE));
            self.stage.line().hold(false);
            let told = asked.join().map_err(|_| anyhow::anyhow!("the asker failed"))??;
            waited.map(|()| told)
        })?;
        ensure!(told["state"] == "refused" && told["why"] == "too_late", "{told}");
        ensure!(self.stage.history("wicket", 0)?.len() == before, "the wicket moved for a late command");
        Ok(())
    }

    fn cut_off(&mut self) -> Result<()> {
        let scenes = self.stage.scenes();
        let (kept, revoked) = (scenes.plate("two-line")?.to_owned(), scenes.plate("night")?.to_owned());
        self.issue(&kept)?;
        let pass = self.issue(&revoked)?;
        self.stage.people.resident.cancel(pass)?;
        self.in_step()?;
        self.stage.line().cut(true);
        self.stage.until_linked(false)?;
        self.drive_in("two-line")?;
        self.closed()?;
        let arrival = self.waits("night", &revoked)?;
        ensure!(arrival["reason"] == "revoked" && arrival["verdict"] == "refuse", "{arrival}");
        self.answer(&arrival, "refuse", json!({ "reason": "пропуск отозван" })).map(drop)
    }

    fn alone(&mut self) -> Result<()> {
        until("a cloud that knows that the hub is away", || match self.open_from_afar() {
            Err(why) if Refused::is(&why, "away") => Ok(true),
            // It believes in the connection for a while; the command goes nowhere, and nobody is told that it did.
            Ok(told) => {
                ensure!(told["state"] == "unknown", "{told}");
                Ok(false)
            }
            Err(_) => Ok(false),
        })?;
        let house = self.stage.cast.house_12.to_string();
        let visitor = json!({ "lane": "in", "name": DOCTOR, "house": house, "note": "без звонка" });
        self.guard.post("/api/gates/main/open", visitor)?;
        self.passes_through()?;
        self.told("decided", |entry| entry["name"] == DOCTOR).map(drop)
    }

    fn healed(&mut self) -> Result<()> {
        self.stage.line().cut(false);
        self.in_step()?;
        let entries = self.stage.people.chair.journal()?;
        ensure!(entries.iter().any(|entry| entry["name"] == DOCTOR), "the visitor is missing");
        // In the order in which they were written, without a gap.
        let numbers: Vec<_> = entries.iter().filter_map(|entry| entry["number"].as_u64()).collect();
        ensure!(numbers.windows(2).all(|two| two[0] == two[1] + 1), "out of order: {numbers:?}");
        Ok(())
    }

    fn new_pi(&mut self) -> Result<()> {
        self.in_step()?;
        self.stage.kill_hub()?;
        let begun = Instant::now();
        self.stage.new_hub()?;
        let invited = self.stage.operate_cloud(&["hub", "invite", "--replace", COMMUNITY, HUB])?;
        let typed = invited.lines().last().context("what to type")?;
        let typed: Vec<_> = typed.split_whitespace().skip(1).collect();
        self.stage.operate_hub(&typed, "")?;
        self.in_step()?;
        let [(name, pin), ..] = GUARDS;
        self.guard = Guard::new(&self.stage.kiosk());
        self.guard.sign_in(name, pin)?;
        self.drive_in("resident")?;
        println!(
            "          from the dead one to the first opening of the new one {:.1} s",
            begun.elapsed().as_secs_f64()
        );
        self.closed()?;
        // What the dead one counted, the new one counts on; and the pass that it used is used up.
        let used = self.stage.scenes().plate("two-line")?.to_owned();
        let second = self.waits("two-line", &used)?;
        ensure!(second["reason"] == "used_up", "{second}");
        self.answer(&second, "refuse", json!({ "reason": "по этому пропуску уже проехали" }))?;
        // Its right was taken away and is given again: a new pass, which the new one counts.
        let plate = self.stage.scenes().plate("night")?.to_owned();
        self.issue(&plate)?;
        self.in_step()?;
        self.drive_in("night")?;
        self.closed()?;
        let hubs = self.stage.operate_cloud(&["hub", "list", COMMUNITY])?;
        ensure!(hubs.lines().filter(|line| line.contains("revoked")).count() == 1, "{hubs}");
        Ok(())
    }

    fn new_cloud(&mut self) -> Result<()> {
        let (backup, key) = (self.stage.folder().join("last-night.age"), self.stage.folder().join("key.txt"));
        // The key is shown once, and kept elsewhere than on the cloud's machine.
        let shown = self.stage.operate_cloud(&["community", "new-key", COMMUNITY])?;
        let secret = shown.split_whitespace().find(|word| word.starts_with("AGE-SECRET-KEY-"));
        fs::write(&key, secret.context("a key")?)?;
        let path = backup.display().to_string();
        self.stage.operate_cloud(&["backup", COMMUNITY, "--to", &path])?;
        // This morning: a pass on the cloud, and something at the gate.
        let pass = self.issue("А001АА77")?;
        self.guard.post("/api/gates/wicket/open", json!({ "lane": "in", "note": "почтальон" }))?;
        self.in_step()?;
        let before = self.digest_of_cloud()?;
        self.stage.kill_cloud()?;
        fs::rename(self.stage.cloud_place().data, self.stage.folder().join("burnt"))?;
        let begun = Instant::now();
        self.stage.operate_cloud(&["restore", &path, "--identity", &key.display().to_string()])?;
        self.stage.start_cloud()?;
        self.in_step()?;
        println!("          from the ashes to the same on both sides {:.1} s", begun.elapsed().as_secs_f64());
        // All that was there is there again; the wicket may have gone on meanwhile, and the cloud is another replica.
        let after = self.digest_of_cloud()?;
        let goes_on = |line: &&str| line.starts_with("journal ") || line.starts_with("replicas ");
        let lost: Vec<_> =
            before.lines().filter(|line| !after.contains(line)).filter(|line| !goes_on(line)).collect();
        ensure!(lost.is_empty(), "{lost:?}");
        // Who signs in where burnt with it: the operator helps the administrator.
        let invited = self.stage.operate_cloud(&["admin", "invite", COMMUNITY, CHAIR])?;
        let link = invited.split_whitespace().find(|word| word.contains("/join/")).context("a link")?;
        let chair = Browser::by_link(self.stage.cloud_at(), self.stage.people.community, link)?;
        let journal = chair.journal()?;
        ensure!(journal.iter().any(|entry| entry["note"] == "почтальон"), "this morning is missing");
        chair.cancel(pass)?;
        self.stage.people.chair = chair;
        Ok(())
    }

    fn issue(&self, plate: &str) -> Result<RecordId> {
        self.stage.people.resident.issue(self.stage.cast.house_12, plate)
    }

    fn open_from_afar(&self) -> Result<Value> {
        self.stage.people.resident.open_from_afar(WICKET)
    }

    fn digest_of_cloud(&self) -> Result<String> {
        self.stage.digest_of_cloud()
    }

    /// As a copy of its store tells it.
    fn digest_of_hub(&self) -> Result<String> {
        let copy = self.stage.folder().join("copy-of-hub.db");
        let _ = fs::remove_file(&copy);
        self.stage.operate_hub(&["backup", &copy.display().to_string()], "")?;
        let replica = Replica::open(Sqlite::open(&copy, Options::default())?, store::schema())?;
        Ok(cloud::digest(&replica.digests()?))
    }
}
