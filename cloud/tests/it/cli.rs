//! `dwellers-cloud`, as the operator types it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use dwellers_cloud::config::{Backup, Blobs, Config, Http};

use super::Place;
use super::backup::names;

impl Place {
    pub(super) fn cloud(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
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
    let [made, "", .., "", secret] = made.lines().collect::<Vec<_>>()[..] else { panic!("{made}") };
    assert!(secret.starts_with("AGE-SECRET-KEY-1"), "the key of its backups, once");
    let (id, name) = made.split_once("  ").unwrap();
    assert_eq!((id.len(), name), (26, "Сосновка"));
    let (code, _, err) = place.cloud(&["community", "create", "СОСНОВКА"]);
    assert_eq!((code, err.as_str()), (Some(1), "there is a community «СОСНОВКА» already\n"));
    assert_eq!(place.cloud(&["community", "list"]).1, format!("{made}\n"));

    let (code, invited, _) = place.cloud(&["hub", "invite", "Сосновка", "Въезд"]);
    let typed = invited.lines().nth(1).unwrap();
    let shown = typed.strip_prefix("dwellers-hub enroll http://127.0.0.1:8080 ").unwrap();
    assert_eq!((code, shown.len(), &shown[4..5]), (Some(0), 9, "-"));
    assert_eq!(invited.lines().nth(2), Some("only from this machine: set http.authority"));
    assert_eq!(place.cloud(&["hub", "list", id]), (Some(0), String::new(), String::new()));
    let (code, _, err) = place.cloud(&["hub", "revoke", "Сосновка", "Въезд"]);
    assert_eq!((code, err.as_str()), (Some(1), "there is no hub «Въезд» in this community\n"));

    let (code, closed, _) = place.cloud(&["community", "close", "Сосновка"]);
    assert_eq!((code, closed.as_str()), (Some(0), "Сосновка is closed; its data stay\n"));
    assert_eq!(place.cloud(&["community", "list"]).1, format!("{id}  Сосновка  closed\n"));
    let (code, _, err) = place.cloud(&["hub", "list", "Сосновка"]);
    assert_eq!((code, err.as_str()), (Some(1), "the community «Сосновка» is closed\n"));
    assert_eq!(place.cloud(&["community", "open", "Сосновка"]).1, "Сосновка is served again\n");
    assert_eq!(place.cloud(&["hub", "list", "Сосновка"]).0, Some(0));
}

#[test]
fn links_for_administrators() {
    let place = Place::new();
    place.cloud(&["community", "create", "Сосновка"]);
    let (code, said, err) = place.cloud(&["admin", "invite", "Сосновка", "Ольга"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let link = said.strip_prefix("good for a week, once:\nhttp://127.0.0.1:8080/join/").unwrap();
    assert_eq!(link.trim_end().len(), 32);
    let (code, said, err) = place.cloud(&["admin", "recover", "Сосновка", "Ольга"]);
    assert_eq!((code, said.as_str()), (Some(1), ""));
    assert!(err.contains("has never signed in"), "{err}");
    let (_, help, _) = place.cloud(&["admin", "recover", "--help"]);
    assert!(help.contains("second factor and passkeys"), "{help}");
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
fn a_backup_is_made_and_restored_on_another_machine() {
    let place = Place::new();
    let made = place.cloud(&["community", "create", "Сосновка"]).1;
    let (id, first) = (made[..26].to_owned(), made.lines().last().unwrap().to_owned());
    let (code, made, _) = place.cloud(&["community", "new-key", "сосновка"]);
    let second = made.lines().last().unwrap().to_owned();
    assert!(code == Some(0) && second.starts_with("AGE-SECRET-KEY-1") && second != first, "{made}");
    let (code, said, _) = place.cloud(&["backup"]);
    assert!(
        code == Some(0) && said.starts_with("Сосновка: ") && said.ends_with(" bytes, read back\n"),
        "{said}"
    );
    let folder = place.folder.path().join("data/backups").join(&id);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    // One that somebody removed was made all the same.
    fs::remove_dir_all(&folder).unwrap();
    let said = place.cloud(&["status"]).1;
    assert!(said.contains("THE LAST BACKUP IS NOT THERE: ") && !said.contains("never"), "{said}");
    let file = place.folder.path().join("stick.age");
    let to = file.to_str().unwrap();
    assert_eq!(place.cloud(&["backup", "Сосновка", "--to", to]).0, Some(0));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(names(&folder), [""; 0], "it lies nowhere else, and nothing unfinished beside it");
    assert_eq!(names(place.folder.path()), ["cloud.toml", "data", "stick.age"]);
    let (code, said, err) = place.cloud(&["backup", "Сосновка", "--to", to]);
    assert!(code == Some(1) && said.is_empty() && err.contains("a backup never replaces one"), "{said}{err}");
    let nowhere = place.folder.path().join("none/stick.age");
    let (code, said, err) = place.cloud(&["backup", "Сосновка", "--to", nowhere.to_str().unwrap()]);
    assert!(
        code == Some(1) && said.contains("NO BACKUP: ") && err == "not all of it was backed up\n",
        "{said}{err}"
    );
    assert_eq!(names(&folder), [""; 0]);
    assert_eq!(place.cloud(&["backup", "--to", to]).0, Some(2), "of which community?");

    let new = Place::new();
    let key = new.folder.path().join("key.txt");
    let restore = |place: &Place, more: &[&str]| {
        place.cloud(&[&["restore", to, "--identity", key.to_str().unwrap()], more].concat())
    };
    fs::write(&key, &first).unwrap();
    let (code, _, err) = restore(&new, &[]);
    assert!(code == Some(1) && err.contains("this key does not open it"), "{err}");
    fs::write(&key, format!("# kept\n{second}\n")).unwrap();
    let (code, said, err) = restore(&new, &["--name", "Бор"]);
    assert!(code == Some(0) && said.starts_with(&format!("{id}  Бор: as it was at ")), "{said}{err}");
    assert_eq!(new.cloud(&["community", "list"]).1, format!("{id}  Бор\n"));
    let (code, _, err) = restore(&new, &[]);
    assert!(code == Some(1) && err.contains("with --replace it is moved aside"), "{err}");
    let (code, said, err) = restore(&new, &["--replace"]);
    assert!(code == Some(0) && said.contains("before-restore-"), "{said}{err}");

    let _communities = new.communities();
    let (code, _, err) = restore(&new, &["--replace"]);
    assert!(code == Some(1) && err.starts_with("the cloud is running: stop it first"), "{err}");
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
            let is_value =
                |rest: &&str| rest.starts_with('[') || (rest.contains(" = ") && !rest.contains(". "));
            let value = line.strip_prefix("# ").filter(is_value);
            format!("{}\n", value.unwrap_or(line))
        })
        .collect();
    let place = Place::new();
    let path = place.folder.path().join("all.toml");
    fs::write(&path, uncommented).unwrap();
    let all = Config::load(&path).unwrap();
    assert_eq!(all.blobs.community_gib, Blobs::default().community_gib);
    assert_eq!(all.blobs.s3.unwrap().region, "us-east-1");
    assert!(config.mail.is_none());
    let mail = all.mail.unwrap();
    assert_eq!(
        (mail.smtp.as_str(), &mail.from[..]),
        ("smtps://dwellers@mail.example", "Посёлок <dwellers@mail.example>")
    );
    assert!(config.telegram.is_none());
    let telegram = all.telegram.unwrap();
    assert_eq!((telegram.bot.as_str(), telegram.webhook), ("sosnovka_bot", false));
    assert_eq!(telegram.token_file.unwrap(), Path::new("/etc/dwellers/telegram.token"));
    let (all, all_backup) = (all.http, all.backup);
    assert_eq!((all.listen, all.authority.as_deref()), (Http::default().listen, Some("cloud.example:443")));
    assert_eq!(all.tls.unwrap().key, Path::new("/etc/dwellers/cloud.key"));
    assert_eq!((config.backup, all_backup), (Backup::default(), Backup::default()));
}
