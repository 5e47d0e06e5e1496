//! The models that ship, on rendered pictures: what they say is read exactly.

use std::fs;
use std::path::Path;

use dwellers_hub::sight::{Colours, Effort, Picture, Sight};

/// Written by `hub/training`: a scene for each kind of plate.
fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pictures"))
}

#[test]
fn the_models_that_ship_read_pictures() {
    let table = fs::read_to_string(folder().join("plates.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert!(rows.len() >= 10, "{table}");
    let mut sight = Sight::load(None).unwrap();
    for row in rows {
        let [file, text, country] = row[..] else { panic!("{row:?}") };
        let picture = Picture::decode(&fs::read(folder().join(file)).unwrap(), Colours::LeftOut).unwrap();
        let seen = sight.look(&picture, None, Effort::Glance).unwrap();
        let readings: Vec<_> = seen.iter().filter_map(|sighting| sighting.reading.as_ref()).collect();
        let best = readings
            .iter()
            .max_by(|a, b| a.confidence.total_cmp(&b.confidence))
            .unwrap_or_else(|| panic!("{file}: nothing is read"));
        assert_eq!((best.text.as_str(), best.country.code()), (text, country), "{file}");
        assert!(best.confidence >= 0.5, "{file}: {}", best.confidence);
        for other in readings.iter().filter(|other| other.text != text) {
            assert!(other.confidence < 0.5, "{file}: also {}", other.text);
        }
    }
}
