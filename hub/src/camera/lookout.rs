//! The one thread that looks, at the latest frames of all cameras in turn.
//!
//! It runs at a lower priority than anything that moves a gate. Where it fails (a model that does not load, a panic in
//! what reads pictures), that is told, and after a pause it begins anew, with a new eye and no car in view.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::watch::{Told, Watch};
use super::{Eye, Frame, OpenEye, Shared, crop};
use crate::config;
use crate::reads::{Intake, Refused};
use crate::sight::Colours;

/// How much nicer than the gates' loop: beside it, a fifth of a core is left to this thread where both want all of it.
const NICER: i32 = 7;
/// Between a failure and the next try.
const PAUSE: Duration = Duration::from_secs(2);
/// How long it waits for a frame before it looks at what time alone brings about.
const PATIENCE: Duration = Duration::from_millis(500);

/// Looks until it is over.
pub(super) fn serve(shared: &Shared, cameras: &[config::Camera], open: &OpenEye, intake: &Intake) {
    if let Err(error) = rustix::process::nice(NICER) {
        tracing::warn!(%error, "recognition runs at the priority of the gates");
    }
    loop {
        let looked = catch_unwind(AssertUnwindSafe(|| look(shared, cameras, open, intake)));
        let why = match looked {
            Ok(Ok(())) => return,
            Ok(Err(error)) => format!("{error:#}"),
            Err(_) => "it panicked".to_owned(),
        };
        tracing::error!(why, "recognition has failed; it begins anew");
        shared.lock().blind = Some(format!("recognition fails: {why}"));
        if shared.sleep(PAUSE) {
            return;
        }
    }
}

/// A camera under watch.
struct Post<'a> {
    at: usize,
    key: &'a str,
    watch: Watch<Frame>,
    last: Option<Arc<Frame>>,
    /// Whether that is no picture.
    damaged: bool,
}

fn look(shared: &Shared, cameras: &[config::Camera], open: &OpenEye, intake: &Intake) -> anyhow::Result<()> {
    let mut eye = open()?;
    let cameras = cameras.iter().enumerate();
    let post = cameras.map(|(at, camera)| Post {
        at,
        key: &camera.key,
        watch: Watch::new(camera.clone()),
        last: None,
        damaged: false,
    });
    let mut posts: Vec<Post<'_>> = post.collect();
    shared.lock().blind = None;
    while let Some(fresh) = shared.fresh(PATIENCE) {
        for post in &mut posts {
            match fresh.get(&post.at) {
                Some(frame) => post.take(shared, frame, &mut eye, intake)?,
                None => {
                    let now = shared.clock.tick();
                    let gone = post.watch.waits(now);
                    post.tell(shared, gone, intake);
                }
            }
            let now = shared.clock.tick();
            shared.note(post.at, |camera| camera.attended = Some(now));
        }
    }
    Ok(())
}

impl Post<'_> {
    fn take(
        &mut self,
        shared: &Shared,
        frame: &Arc<Frame>,
        eye: &mut Eye,
        intake: &Intake,
    ) -> anyhow::Result<()> {
        let now = shared.clock.tick();
        let same =
            self.last.replace(Arc::clone(frame)).is_some_and(|last| Arc::ptr_eq(&last.bytes, &frame.bytes));
        let gone = match (same, self.damaged) {
            (true, true) => self.watch.waits(now),
            (true, false) if !self.watch.misses_any() => {
                self.watch.stands(now);
                Vec::new()
            }
            _ => self.see(shared, frame, eye)?,
        };
        self.tell(shared, gone, intake);
        let due = self.watch.due(now);
        self.tell(shared, due, intake);
        Ok(())
    }

    /// Looks at a frame, where it is worth it; gives back what is to be told of cars that went.
    fn see(
        &mut self,
        shared: &Shared,
        frame: &Arc<Frame>,
        eye: &mut Eye,
    ) -> anyhow::Result<Vec<Told<Frame>>> {
        let took = shared.clock.stopwatch();
        let now = frame.came;
        let picture = match shared.picture(frame, Colours::LeftOut) {
            Ok(picture) => picture,
            Err(error) => {
                self.damaged(shared, Some(error.to_string()));
                // What was in view is not seen any more, and ends in time.
                return Ok(self.watch.waits(now));
            }
        };
        self.damaged(shared, None);
        if !self.watch.asks(&picture, now) {
            return Ok(Vec::new());
        }
        let sightings = eye(&picture, self.watch.region(&picture))?;
        let gone = self.watch.saw(sightings, &picture, frame, now);
        shared.metrics.looked(self.key, took.elapsed(), self.watch.count());
        Ok(gone)
    }

    fn damaged(&mut self, shared: &Shared, why: Option<String>) {
        self.damaged = why.is_some();
        if why.is_some() {
            shared.metrics.damaged(self.key);
        }
        shared.note(self.at, |camera| {
            if let (Some(why), None) = (&why, &camera.damaged) {
                tracing::warn!(camera = self.key, why, "a frame cannot be read");
            }
            camera.damaged = why;
        });
    }

    /// Offers what is to be told to its gate. What the gate has no room for stays due while its car is in view.
    fn tell(&mut self, shared: &Shared, told: Vec<Told<Frame>>, intake: &Intake) {
        for told in told {
            let now = shared.clock.tick();
            let taken_ms =
                told.best.as_ref().map_or_else(|| shared.clock.now().ms, |(frame, _)| frame.taken_ms);
            let read = self.watch.read(&told, picture_of(shared, &told), taken_ms);
            let (strength, heading) = (read.strength, read.heading);
            match intake.offer(read) {
                Ok(()) => {
                    tracing::info!(camera = self.key, ?strength, ?heading, "a plate was read");
                    shared.metrics.read(self.key, strength);
                    self.watch.told(&told, now);
                }
                Err(refused @ (Refused::Busy | Refused::Stopped)) => {
                    tracing::debug!(camera = self.key, %refused, "a read is not taken");
                }
                Err(refused) => {
                    // Its form is wrong, and would be again.
                    tracing::warn!(camera = self.key, %refused, "a read is not taken");
                    self.watch.told(&told, now);
                }
            }
        }
    }
}

/// The best picture of a plate, cut out.
fn picture_of(shared: &Shared, told: &Told<Frame>) -> Option<Vec<u8>> {
    let (frame, quad) = told.best.as_ref()?;
    let picture = shared.picture(frame, Colours::Kept).ok()?;
    crop::crop(&picture, quad)
}
