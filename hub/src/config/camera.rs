//! A camera in the configuration, and what recognition rests on.

use std::path::PathBuf;

use serde::Deserialize;

use super::gate::{Gate, check_key, check_name};
use super::problem::{Checker, Step};
use crate::camera::files::Play;
use crate::sight::Region;
use crate::sight::strength::{Sees, Terms};

/// Cameras of a hub at most: one core looks at them all.
const MAX_CAMERAS: usize = 8;
/// The narrowest part of a picture that is worth a look.
const LEAST_SHARE: f32 = 0.05;

/// Recognition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sight {
    /// Whether plates are read. Without, cameras only show.
    pub on: bool,
    /// A folder of other models than those of the program.
    pub models: Option<PathBuf>,
}

impl Default for Sight {
    fn default() -> Self {
        Sight { on: true, models: None }
    }
}

/// A camera: where its frames come from, and which lane it sees.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    /// Its name for programs.
    pub key: String,
    /// As people call it.
    pub name: String,
    /// The key of the gate.
    pub gate: String,
    /// The key of the gate's lane.
    pub lane: String,
    /// Which side of the cars it sees that come to the gate.
    #[serde(default)]
    pub sees: Sees,
    /// The lane's part of the picture: left, top, right and bottom, as shares of its width and height.
    #[serde(default = "whole")]
    pub region: [f32; 4],
    /// Frames a second.
    #[serde(default = "default_frame_rate")]
    pub frame_rate: u32,
    /// How probable it is at the least that a plate is read right, for it to open by itself.
    #[serde(default = "default_confidence")]
    pub confidence: f32,
    /// How wide a plate is at the least, in pixels, for it to open by itself.
    #[serde(default = "default_plate_px")]
    pub plate_px: u32,
    /// Where its frames come from.
    pub source: Source,
}

/// Where frames come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// Files of stills.
    Files {
        /// A folder, a file, a moving picture; see [`crate::camera::files`].
        path: PathBuf,
        /// How often they are played.
        #[serde(default)]
        play: Play,
    },
}

impl Source {
    /// The kinds there are, as the configuration writes them.
    pub const KINDS: &[&str] = &["files"];
}

fn whole() -> [f32; 4] {
    [0.0, 0.0, 1.0, 1.0]
}

fn default_frame_rate() -> u32 {
    10
}

fn default_confidence() -> f32 {
    0.97
}

fn default_plate_px() -> u32 {
    70
}

impl Camera {
    /// What its lane asks of a reading that opens by itself.
    pub fn terms(&self) -> Terms {
        Terms { confidence: self.confidence, width: self.plate_px as f32, sees: self.sees }
    }

    /// The lane's part of a picture of this size.
    pub fn region_of(&self, width: u32, height: u32) -> Region {
        let [left, top, right, bottom] = self.region;
        let at = |share: f32, side: u32| (share.clamp(0.0, 1.0) * side as f32).round() as u32;
        let (x, y) = (at(left, width), at(top, height));
        let (width, height) = (at(right, width).saturating_sub(x), at(bottom, height).saturating_sub(y));
        Region { x, y, width: width.max(1), height: height.max(1) }
    }

    fn check(&self, at: usize, gates: &[Gate], checker: &mut Checker<'_>) {
        let place = |key: &'static str| [Step::from("camera"), at.into(), key.into()];
        check_key(&self.key, &place("key"), checker);
        check_name(&self.name, &place("name"), checker);
        match gates.iter().find(|gate| gate.key == self.gate) {
            None => {
                let keys = super::list(gates.iter().map(|gate| gate.key.as_str()));
                checker.wrong(&place("gate"), &format!("there is no such gate; there is {keys}"));
            }
            Some(gate) if gate.lane(&self.lane).is_none() => {
                let keys = super::list(gate.lanes.iter().map(|lane| lane.key.as_str()));
                let what = format!("gate \"{}\" has no such lane; it has {keys}", gate.key);
                checker.wrong(&place("lane"), &what);
            }
            Some(_) => {}
        }
        let [left, top, right, bottom] = self.region;
        let is_share = |share: f32| (0.0..=1.0).contains(&share);
        let is_region = self.region.into_iter().all(is_share)
            && right - left >= LEAST_SHARE
            && bottom - top >= LEAST_SHARE;
        if !is_region {
            let what = "left, top, right and bottom as shares of the picture, such as [0.0, 0.3, 1.0, 1.0]";
            checker.wrong(&place("region"), what);
        }
        if !(1..=30).contains(&self.frame_rate) {
            checker.wrong(&place("frame_rate"), "1 to 30 frames a second");
        }
        // Less would open for one car in ten that is read wrong; more is never reached.
        if !(0.9..=0.9995).contains(&self.confidence) {
            checker.wrong(&place("confidence"), "0.9 to 0.9995: how sure a reading is that opens by itself");
        }
        if !(30..=1000).contains(&self.plate_px) {
            checker.wrong(
                &place("plate_px"),
                "30 to 1000: how many pixels wide a plate is that opens by itself",
            );
        }
        let Source::Files { path, .. } = &self.source;
        if path.as_os_str().is_empty() {
            let place = [Step::from("camera"), at.into(), "source".into(), "path".into()];
            checker.wrong(&place, "a folder of stills, or a file");
        }
    }
}

/// Checks all cameras.
pub(super) fn check(cameras: &[Camera], gates: &[Gate], checker: &mut Checker<'_>) {
    for (at, camera) in cameras.iter().enumerate() {
        camera.check(at, gates, checker);
        let place = [Step::from("camera"), at.into(), "key".into()];
        if cameras[..at].iter().any(|other| other.key == camera.key) {
            checker.wrong(&place, "another camera has this key: each has its own");
        }
        if at == MAX_CAMERAS {
            checker.wrong(&place[..2], &format!("at most {MAX_CAMERAS} cameras at a hub"));
        }
    }
}
