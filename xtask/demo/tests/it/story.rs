//! What `cargo xtask demo --check` plays, is a test.

use dwellers_demo::stage::{Ports, Stage};
use dwellers_demo::story;

#[test]
fn the_story_of_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::found(folder.path(), Ports::default()).unwrap();
    stage.start().unwrap();
    if let Err(error) = story::play(stage) {
        panic!("{error:?}");
    }
}
