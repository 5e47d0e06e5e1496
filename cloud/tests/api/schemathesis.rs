//! Requests by the thousand that nobody wrote, made of the description: no answer is a failure of the cloud, and none is
//! undocumented. `cargo xtask test` installs the program.

use std::fs;
use std::path::Path;
use std::process::Command;

use dwellers::people::{PlaceKind, Role};

use crate::town::Town;

/// Where the program is, from the folder of the tests' own files: `xtask` put it there.
const PROGRAM: &str = "../schemathesis/4.32.5/bin/st";

/// What would end the session that everything is asked with, or the person who asks; and what has no end itself.
const NOT_ASKED: &[&str] = &[
    "session.sign_out",
    "account.end_session",
    "account.end_other_sessions",
    "account.delete",
    "events.follow",
];

#[test]
fn nothing_fails_and_nothing_is_undocumented() {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(PROGRAM);
    assert!(program.exists(), "{} is not there: `cargo xtask test` installs it", program.display());
    let (town, village) = Town::founded();
    let house = village.house("12");
    let olga = village.officer("Ольга", Role::Administrator);
    village
        .run(|ctx| dwellers::people::settle(ctx, &dwellers::Actor::Operator, olga, house, PlaceKind::Owner));
    let browser = town.as_person(&village, olga);
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("schemathesis.toml");
    let (community, house) = (village.community.id, house);
    fs::write(
        &config,
        format!("[parameters]\n\"path.community\" = \"{community}\"\n\"path.house\" = \"{house}\"\n"),
    )
    .unwrap();
    let mut command = Command::new(program);
    command.arg("--config-file").arg(&config).args(["run", &format!("{}/api/v1/openapi.json", town.at)]);
    command.args(["--header", &format!("Cookie: {}", browser.cookie().unwrap())]);
    command.args(["--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", "25", "--seed", "1"]);
    // By itself: two of its threads trip over each other in Python's parser ("recursion depth mismatch").
    command.args(["--workers", "1", "--continue-on-failure", "--warnings", "off"]);
    for id in NOT_ASKED {
        command.args(["--exclude-operation-id", id]);
    }
    let answer = command.current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&answer.stdout);
    println!("{said}");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    browser.get("/api/v1/account").ok();
}

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,unsupported_method,allow_header_conformance";
