//! `dwellers-cloud`, as the operator types it.

use std::fs;
use std::path::Path;
use std::process::Command;

use dwellers_cloud::config::{Blobs, Config, Http};

use super::Place;

impl Place {
    fn cloud(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let config = self.folder.path().join("cloud.toml");
        fs::write(&config, "[cloud]\ndata = \"data\"\n").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_dwellers-cloud"));
        let output = command.arg("--config").arg(&config).args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }
}

#[test]
fn communities_and_their_hubs() {
    let place = Place::new();
    let (code, made, err) = place.cloud(&["community", "create", "Сосновка"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let (id, name) = made.trim().split_once("  ").unwrap();
    assert_eq!((id.len(), name), (26, "Сосновка"));
    let (code, _, err) = place.cloud(&["community", "create", "СОСНОВКА"]);
    assert_eq!((code, err.as_str()), (Some(1), "there is a community «СОСНОВКА» already\n"));
    assert_eq!(place.cloud(&["community", "list"]).1, made);

    let (code, invited, _) = place.cloud(&["hub", "invite", "Сосновка", "Въезд"]);
    let typed = invited.lines().nth(1).unwrap();
    let shown = typed.strip_prefix("dwellers-hub enroll http://127.0.0.1:8080 ").unwrap();
    assert_eq!((code, shown.len(), &shown[4..5]), (Some(0), 9, "-"));
    assert_eq!(place.cloud(&["hub", "list", id]), (Some(0), String::new(), String::new()));
    let (code, _, err) = place.cloud(&["hub", "revoke", "Сосновка", "Въезд"]);
    assert_eq!((code, err.as_str()), (Some(1), "there is no hub «Въезд» in this community\n"));

    let (code, closed, _) = place.cloud(&["community", "close", "Сосновка"]);
    assert_eq!((code, closed.as_str()), (Some(0), "Сосновка is closed; its data stay\n"));
    assert_eq!(place.cloud(&["community", "list"]).1, format!("{id}  Сосновка  closed\n"));
    let (code, _, err) = place.cloud(&["hub", "list", "Сосновка"]);
    assert_eq!((code, err.as_str()), (Some(1), "the community «Сосновка» is closed\n"));
}

#[test]
fn who_has_the_stores_is_said() {
    let place = Place::new();
    let _communities = place.communities();
    let (code, _, err) = place.cloud(&["community", "list"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("does not run") && err.contains("another process"), "{err}");
}

#[test]
fn what_is_not_understood() {
    let place = Place::new();
    assert_eq!(place.cloud(&["community"]).0, Some(2));
    fs::write(place.folder.path().join("bad.toml"), "[cloud]\ndata = \"data\"\ndate = 1\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dwellers-cloud"));
    let output =
        command.arg("-c").arg(place.folder.path().join("bad.toml")).args(["community", "list"]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("date") && said.contains("bad.toml"), "{said}");
}

#[test]
fn the_example_is_right_and_its_comments_are_the_defaults() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../systemd/cloud.toml");
    let config = Config::load(Path::new(example)).unwrap();
    assert_eq!(config.cloud.data, Path::new("/var/lib/dwellers-cloud"));
    assert_eq!(config.http, Http::default());
    assert_eq!(config.blobs, Blobs::default());
    let text = fs::read_to_string(example).unwrap();
    let uncommented: String = text
        .lines()
        .map(|line| {
            let value = line.strip_prefix("# ").filter(|rest| rest.contains(" = ") && !rest.contains(". "));
            format!("{}\n", value.unwrap_or(line))
        })
        .collect();
    let place = Place::new();
    let path = place.folder.path().join("all.toml");
    fs::write(&path, uncommented).unwrap();
    let all = Config::load(&path).unwrap();
    assert_eq!(all.blobs.community_gib, Blobs::default().community_gib);
    assert_eq!(all.blobs.s3.unwrap().region, "us-east-1");
    let all = all.http;
    assert_eq!((all.listen, all.authority.as_deref()), (Http::default().listen, Some("cloud.example:443")));
    assert_eq!(all.tls.unwrap().key, Path::new("/etc/dwellers/cloud.key"));
}
