//! Which rules hold where. The walls follow the design: stores at the bottom, edges at the rim, and between them
//! code that is given its data, its time and its chance.

/// The rim of hub and cloud: the only product files that may ask the wall clock or draw random numbers, each with
/// its reason. `shared/` has no rim and no entry here counts for it.
const EDGES: &[(&str, &str)] = &[
    ("hub/src/clock.rs", "the hub's clocks and random bits, handed to everything else as arguments"),
    ("cloud/src/clock.rs", "the cloud's clocks and random bits, handed to everything else as arguments"),
    ("hub/src/bin/barrier.rs", "the simulated barrier's clock starts with its process"),
    ("hub/src/sim/world.rs", "the simulator draws from a seed alone; no program contains it"),
];

/// Rust that ships, as opposed to tests, benches and tooling.
pub(crate) fn is_product(path: &str) -> bool {
    path.ends_with(".rs")
        && (path.starts_with("shared/")
            || ["hub/", "cloud/", "firmware/"].iter().any(|part| path.starts_with(part)))
        && path.contains("/src/")
        && !is_test(path)
}

/// Files whose whole content is for tests or measurements.
pub(crate) fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.contains("/benches/") || path.ends_with("/tests.rs")
}

/// The stores: the only product code that speaks SQL.
pub(crate) fn is_store(path: &str) -> bool {
    ["shared/replica/src/store/", "cloud/src/postgres/"].iter().any(|part| path.starts_with(part))
        || ["shared/replica/src/store.rs", "cloud/src/postgres.rs"].contains(&path)
}

/// Where time and randomness enter the product. The simulator draws from a seed alone; no program contains it.
pub(crate) fn is_edge(path: &str) -> bool {
    if path.starts_with("shared/") {
        return path.contains("/src/bin/") || path.starts_with("shared/replica/src/sim/");
    }
    EDGES.iter().any(|(edge, _reason)| *edge == path)
}

/// Written by a program and committed; nobody reads or edits it.
pub(crate) fn is_generated(text: &str) -> bool {
    text.lines().take(5).any(|line| line.contains("@generated"))
}

#[test]
fn the_walls_stand_where_the_design_draws_them() {
    for path in ["shared/replica/src/lib.rs", "hub/src/engine/mod.rs", "cloud/src/api/passes.rs"] {
        assert!(is_product(path) && !is_store(path) && !is_edge(path), "{path}");
    }
    for path in ["shared/replica/tests/it/main.rs", "shared/replica/src/sync/tests.rs", "xtask/src/main.rs"] {
        assert!(!is_product(path), "{path}");
    }
    assert!(is_store("shared/replica/src/store/sqlite.rs") && !is_store("shared/community/src/store/x.rs"));
    assert!(is_edge("shared/replica/src/bin/sim.rs"));
}

#[test]
fn an_edge_exists_and_has_a_reason() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (edge, reason) in EDGES {
        assert!(
            root.join(edge).is_file() && !reason.is_empty(),
            "{edge}: remove it from EDGES or say why it is one"
        );
    }
}
