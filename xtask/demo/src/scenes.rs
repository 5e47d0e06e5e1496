//! Cars that drive up to the gate of «Сосновка», as stills made for this demo: who is who by their plates, and the lanes
//! whose cameras they are played to.
//!
//! A lane's camera plays what a link names. Another scene takes its place in one step, as another car comes.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use dwellers_hub::sight::Picture;
use serde::Deserialize;

/// A lane before which nobody stands.
pub const EMPTY: &str = "empty";

/// The scenes there are.
#[derive(Clone, Debug)]
pub struct Scenes {
    folder: PathBuf,
    cars: BTreeMap<String, Car>,
}

/// The car of a scene.
#[derive(Clone, Debug)]
pub struct Car {
    /// Its plate.
    pub plate: String,
    /// The lane that it takes: `in` or `out`.
    pub lane: String,
    /// Who it is.
    pub note: String,
}

/// What `scenes.toml` says, as far as it is needed.
#[derive(Deserialize)]
struct List {
    scene: Vec<Scene>,
}

#[derive(Deserialize)]
struct Scene {
    name: String,
    text: String,
    heading: String,
    note: String,
}

impl Scenes {
    /// Those of this demo.
    ///
    /// # Errors
    /// Where they are not there.
    pub fn load() -> Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes");
        let list = folder.join("scenes.toml");
        let list = fs::read_to_string(&list).with_context(|| list.display().to_string())?;
        let List { scene } = toml::from_str(&list).context("scenes.toml")?;
        let car = |Scene { name, text: plate, heading: lane, note }| (name, Car { plate, lane, note });
        Ok(Scenes { folder, cars: scene.into_iter().map(car).collect() })
    }

    /// The plate of a scene's car.
    ///
    /// # Errors
    /// Where there is no such scene.
    pub fn plate(&self, scene: &str) -> Result<&str> {
        Ok(&self.car(scene)?.plate)
    }

    /// The car of a scene.
    ///
    /// # Errors
    /// Where there is no such scene.
    pub fn car(&self, scene: &str) -> Result<&Car> {
        let known = || self.cars.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        self.cars.get(scene).with_context(|| format!("no scene {scene}; there are {}", known()))
    }

    /// All of them, by their names.
    pub fn cars(&self) -> &BTreeMap<String, Car> {
        &self.cars
    }
}

/// The lanes that cameras see, each a link in one folder.
#[derive(Debug)]
pub struct Lanes {
    folder: PathBuf,
    scenes: Scenes,
}

impl Lanes {
    /// Empty lanes, in a folder that is made.
    ///
    /// # Errors
    /// Where it cannot be.
    pub fn make(folder: &Path, scenes: Scenes, lanes: &[&str]) -> Result<Self> {
        let empty = folder.join(EMPTY);
        fs::create_dir_all(&empty)?;
        let (width, height) = (960, 540);
        let asphalt = Picture::of_gray(width, height, vec![96; (width * height) as usize]);
        let still = asphalt.and_then(|asphalt| asphalt.to_jpeg(80)).context("an empty lane")?;
        fs::write(empty.join("0001.jpg"), still)?;
        let made = Lanes { folder: folder.to_owned(), scenes };
        lanes.iter().try_for_each(|lane| made.play(lane, EMPTY))?;
        Ok(made)
    }

    /// Where the scenes lie.
    pub fn scenes(&self) -> &Path {
        &self.scenes.folder
    }

    /// Which scenes there are.
    pub fn known(&self) -> &Scenes {
        &self.scenes
    }

    /// What the camera of a lane plays.
    pub fn link(&self, lane: &str) -> PathBuf {
        self.folder.join(lane)
    }

    /// Whether nobody is before the camera of a lane.
    ///
    /// # Errors
    /// Where there is no such lane.
    pub fn is_empty(&self, lane: &str) -> Result<bool> {
        Ok(fs::read_link(self.link(lane))? == self.folder.join(EMPTY))
    }

    /// Lets a scene take the place of what is before a camera.
    ///
    /// # Errors
    /// Where there is no such scene, or the folder cannot be written.
    pub fn play(&self, lane: &str, scene: &str) -> Result<()> {
        let stills = if scene == EMPTY { self.folder.join(EMPTY) } else { self.scenes.folder.join(scene) };
        self.link_to(lane, &stills)
    }

    /// The same, so many times as slowly: each still is there so many times.
    ///
    /// # Errors
    /// As [`Lanes::play`].
    pub fn play_slowly(&self, lane: &str, scene: &str, times: usize) -> Result<()> {
        if times == 1 {
            return self.play(lane, scene);
        }
        let slow = self.folder.join(format!("{scene}-{times}"));
        if !slow.exists() {
            fs::create_dir(&slow)?;
            for still in fs::read_dir(self.scenes.folder.join(scene))? {
                let still = still?.path();
                let name = still.file_stem().context("a still has a name")?.to_string_lossy();
                for nth in 0..times {
                    fs::copy(&still, slow.join(format!("{name}-{nth}.jpg")))?;
                }
            }
        }
        self.link_to(lane, &slow)
    }

    /// Lets a car stand before a camera that did not see it come: the last still of its scene, and no other.
    ///
    /// # Errors
    /// As [`Lanes::play`].
    pub fn stand(&self, lane: &str, scene: &str) -> Result<()> {
        let stills = fs::read_dir(self.scenes.folder.join(scene))?.map(|still| Ok(still?.path()));
        let last = stills.collect::<Result<Vec<_>>>()?.into_iter().max().context("a still")?;
        self.link_to(lane, &last)
    }

    fn link_to(&self, lane: &str, stills: &Path) -> Result<()> {
        ensure!(stills.exists(), "there is no scene {}", stills.display());
        let next = self.folder.join(format!("{lane}.next"));
        symlink(stills, &next)?;
        Ok(fs::rename(next, self.link(lane))?)
    }
}
