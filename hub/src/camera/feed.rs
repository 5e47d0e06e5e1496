//! The thread of a camera: frames at their rate, the newest for whoever looks; a source that was lost is opened again.

use std::time::Duration;

use super::files::Files;
use super::{Lost, Shared};
use crate::config;

/// Between two tries to open a source that was lost.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Serves until it is over.
pub(super) fn serve(shared: &Shared, at: usize, camera: &config::Camera) {
    loop {
        let lost = match super::open(&camera.source) {
            Ok(source) => match play(shared, at, camera, source) {
                Ok(()) => return,
                Err(lost) => lost,
            },
            Err(lost) => lost,
        };
        shared.note(at, |state| {
            // Once, not with every try.
            if state.lost.is_none() {
                tracing::warn!(camera = camera.key, why = lost.0, "a camera is lost");
            }
            state.lost = Some(lost.0);
        });
        if shared.sleep(TRY_AGAIN) {
            return;
        }
    }
}

/// Plays until it is over, or the source is lost.
fn play(shared: &Shared, at: usize, camera: &config::Camera, mut source: Files) -> Result<(), Lost> {
    let period = Duration::from_secs(1) / camera.frame_rate.max(1);
    loop {
        let took = shared.clock.stopwatch();
        if let Some(frame) = source.next_frame()? {
            shared.put(at, frame);
        }
        if shared.sleep(period.saturating_sub(took.elapsed())) {
            return Ok(());
        }
    }
}
