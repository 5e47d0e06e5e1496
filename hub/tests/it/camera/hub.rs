//! A whole hub with a camera: only what reads plates differs, which reads simpler ones.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use dwellers_hub::camera::OpenEye;
use dwellers_hub::control::{Answer, Request};
use dwellers_hub::sight::{Colours, Picture};
use serde_json::{Value, json};

use super::{Lane, PLATES, eye, eyes, still};
use crate::harness::{Making, Screen, TestHub};
use crate::place::Place;
use crate::process::eventually;

/// A hub with a camera at the lane `in`, and the settlement.
fn hub(eye: OpenEye) -> (TestHub, Lane, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let lane = Lane::new(folder.path());
    let hub = TestHub::make(Making { cameras: lane.config(), eye: Some(eye), ..Making::default() });
    hub.settle();
    (hub, lane, folder)
}

fn camera(screen: &Screen) -> Value {
    screen.get("/api/cameras").expect(200)["cameras"][0].clone()
}

#[test]
fn a_car_is_seen_read_and_let_in() {
    let (hub, lane, _folder) = hub(eyes());
    let screen = hub.signed_in("Семён");
    lane.play("resident");
    screen.lines("commanded", 1);
    let decided = screen.lines("decided", 1)[0].clone();
    assert_eq!((&decided["verdict"], &decided["reason"]), (&json!("open"), &json!("vehicle")));
    assert_eq!((&decided["plate_shown"], &decided["lane"]), (&json!("А 123 ВС 77"), &json!("in")));
    let hash = decided["crop"].as_str().unwrap().to_owned();
    let crop = eventually("the crop is kept", || hub.crop(&hash));
    assert!(crop.len() <= 30_000);
    let crop = Picture::decode(&crop, Colours::LeftOut).unwrap();
    let bright = crop.gray().iter().filter(|level| **level > 170).count();
    assert!(bright * 20 > crop.gray().len(), "the plate is in it");
    // It stands at the gate, and goes.
    hub.recorder.pass();
    screen.lines("passed", 1);
    lane.play("empty");
    lane.play("stranger");
    let waiting = screen.waiting();
    assert_eq!((&waiting["plate"], &waiting["reason"]), (&json!("E001KX77"), &json!("unknown")));
    assert_eq!(hub.recorder.openings(), 1);
    // Counted after the gate was told.
    for line in [
        "dwellers_reads_total{camera=\"in\",strength=\"strong\"} 2",
        "dwellers_camera_frames_total{camera=\"in\"}",
    ] {
        eventually(line, || hub.service.metrics_text().contains(line).then_some(()));
    }
}

#[test]
fn a_car_that_only_stands_there_is_a_tap() {
    let (hub, lane, _folder) = hub(eyes());
    let screen = hub.signed_in("Семён");
    lane.play("standing");
    let waiting = screen.waiting();
    assert_eq!((&waiting["plate"], &waiting["reason"]), (&json!("A123BC77"), &json!("weak_reading")));
    assert_eq!(waiting["candidates"][0]["verdict"], "open");
    assert_eq!(waiting["crop"].as_str().unwrap().len(), 64);
    assert_eq!(hub.recorder.pulses(), []);
}

fn alarm(screen: &Screen, code: &str) -> Option<Value> {
    let state = screen.get("/api/state").expect(200);
    let alarms = state["alarms"].as_array().unwrap().clone();
    alarms.into_iter().find(|alarm| alarm["code"] == code)
}

#[test]
fn the_guard_sees_what_a_camera_sees() {
    let (hub, lane, folder) = hub(eyes());
    let stranger = hub.screen();
    stranger.get("/api/cameras").refused(401, "no-session");
    stranger.get("/api/cameras/in/frame").refused(401, "no-session");
    let mut screen = hub.signed_in("Семён");
    let shown = eventually("a frame", || {
        Some(screen.get("/api/cameras/in/frame")).filter(|shown| shown.status == 200)
    });
    assert_eq!((shown.header("content-type"), shown.header("cache-control")), ("image/jpeg", "no-store"));
    assert!(!shown.text.contains("Exif"));
    assert!(shown.header("age").parse::<u64>().unwrap() <= 5, "{}", shown.header("age"));
    for key in ["out", "..%2f", "IN"] {
        screen.get(&format!("/api/cameras/{key}/frame")).refused(404, "not-found");
    }
    let about = eventually("it is live", || Some(camera(&screen)).filter(|camera| camera["live"] == true));
    assert_eq!(
        (&about["key"], &about["name"], &about["gate"], &about["lane"]),
        (&json!("in"), &json!("Въезд"), &json!("main"), &json!("in"))
    );
    assert_eq!(screen.get("/api/health").expect(200)["cameras"][0]["live"], true);
    let Answer::Status(status) = hub.service.operations.perform(Request::Status) else { panic!() };
    assert!(status.running.unwrap().cameras[0].frame_ms_ago.is_some());

    // It is unplugged: everybody is told, and no gate minds.
    fs::rename(lane.path(), folder.path().join("unplugged")).unwrap();
    let lost = eventually("it is lost", || Some(camera(&screen)).filter(|camera| camera["live"] == false));
    assert!(lost["trouble"].as_str().unwrap().contains("No such file"), "{lost}");
    let health = screen.get("/api/health").expect(200);
    assert_eq!((&health["ok"], &health["cameras"][0]["live"]), (&json!(true), &json!(false)));
    let state = screen.get("/api/state").expect(200);
    assert_eq!((&state["cameras"][0]["key"], &state["cameras"][0]["live"]), (&json!("in"), &json!(false)));
    let alarm = |screen: &Screen| alarm(screen, "camera-lost");
    let told = alarm(&screen).unwrap();
    assert_eq!(
        (&told["text"], &told["gate"]),
        (&json!("Въезд: нет изображения, машины ждут вас"), &json!("main"))
    );
    screen.language = "en";
    assert_eq!(alarm(&screen).unwrap()["text"], "Въезд: no picture, cars wait for you");
    screen.post("/api/gates/main/open", &json!({"lane": "in"})).expect(201);
    eventually("the guard's word opens", || (hub.recorder.openings() == 1).then_some(()));
    // What it saw last is not what is there now.
    eventually("nothing is shown", || (screen.get("/api/cameras/in/frame").status == 404).then_some(()));

    // And back.
    fs::rename(folder.path().join("unplugged"), lane.path()).unwrap();
    eventually("it is live again", || (camera(&screen)["live"] == true).then_some(()));
    assert!(alarm(&screen).is_none());
    lane.play("resident");
    eventually("a car is read", || (hub.recorder.openings() == 2).then_some(()));
}

#[test]
fn what_fails_in_sight_begins_anew_and_harms_no_gate() {
    let made = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&made);
    let fails: OpenEye = Arc::new(move || match counted.fetch_add(1, Ordering::Relaxed) {
        0 => Ok(Box::new(|_, _| panic!("a picture that nobody thought of"))),
        _ => Ok(eye()),
    });
    let (hub, lane, _folder) = hub(fails);
    let screen = hub.signed_in("Семён");
    let blind = eventually("it is blind", || Some(camera(&screen)).filter(|camera| camera["live"] == false));
    assert!(blind["trouble"].as_str().unwrap().contains("it panicked"), "{blind}");
    screen.post("/api/gates/main/open", &json!({"lane": "in"})).expect(201);
    eventually("the guard's word opens", || (hub.recorder.openings() == 1).then_some(()));
    eventually("it sees again", || (camera(&screen)["live"] == true).then_some(()));
    lane.play("resident");
    eventually("a car is read", || (hub.recorder.openings() == 2).then_some(()));
    assert_eq!(made.load(Ordering::Relaxed), 2);
}

#[test]
fn what_looks_and_hangs_is_told_and_stops_nobody() {
    let hangs = Arc::new(Mutex::new(()));
    let (held, waits) = (hangs.lock().unwrap(), Arc::clone(&hangs));
    let open: OpenEye = Arc::new(move || {
        let waits = Arc::clone(&waits);
        Ok(Box::new(move |_, _| {
            drop(waits.lock());
            Ok(Vec::new())
        }))
    });
    let (hub, _lane, _folder) = hub(open);
    let mut screen = hub.signed_in("Семён");
    let told = eventually("it is told", || alarm(&screen, "camera-blind"));
    assert_eq!(
        (&told["text"], &told["gate"]),
        (&json!("Въезд: номера не читаются, машины ждут вас"), &json!("main"))
    );
    screen.language = "en";
    let text = alarm(&screen, "camera-blind").unwrap()["text"].clone();
    assert_eq!(text, "Въезд: plates are not read, cars wait for you");
    assert!(alarm(&screen, "camera-lost").is_none(), "there is a picture");
    let camera = camera(&screen);
    assert_eq!((&camera["shows"], &camera["trouble"]), (&json!(true), &json!("nothing looks at its frames")));
    assert_eq!(screen.get("/api/cameras/in/frame").status, 200);
    // The hub ends all the same.
    drop(hub);
    drop(held);
}

#[test]
fn whoever_was_in_view_is_gone_where_frames_are_damaged() {
    let looks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&looks);
    let open: OpenEye = Arc::new(move || {
        let (mut eye, counted) = (eye(), Arc::clone(&counted));
        Ok(Box::new(move |picture, region| {
            let found = eye(picture, region)?;
            counted.fetch_add(found.len(), Ordering::Relaxed);
            Ok(found)
        }))
    });
    let (hub, lane, _folder) = hub(open);
    let far: Vec<Vec<u8>> = (0..20).map(|at| still(Some(PLATES[0]), 44, 40 + 5 * at)).collect();
    lane.shoot("far", &far);
    lane.shoot("damaged", &[b"\xff\xd8\xff and no more".to_vec()]);
    lane.play("far");
    let said = |line: &str| hub.service.metrics_text().contains(line).then_some(());
    eventually("it is in view", || (looks.load(Ordering::Relaxed) >= 4).then_some(()));
    lane.play("damaged");
    // Too far away for anything but a line in the journal, which comes when it is gone.
    eventually("it is gone", || said("dwellers_reads_total{camera=\"in\",strength=\"refused\"} 1"));
    assert!(said("dwellers_camera_damaged_frames_total{camera=\"in\"} 1").is_some());
}

#[test]
fn damaged_frames_are_skipped_and_told() {
    let (hub, lane, _folder) = hub(eyes());
    let screen = hub.signed_in("Семён");
    lane.shoot("damaged", &[b"\xff\xd8\xff and no more".to_vec(), b"nothing".to_vec()]);
    lane.play("damaged");
    let told = eventually("it is told", || Some(camera(&screen)).filter(|camera| camera["live"] == false));
    assert!(told["frame_ms_ago"].is_u64(), "frames come: {told}");
    lane.play("resident");
    screen.lines("commanded", 1);
    assert_eq!(camera(&screen)["live"], true);
    assert!(hub.service.metrics_text().contains("dwellers_camera_damaged_frames_total{camera=\"in\"}"));
}

#[test]
fn without_recognition_a_camera_only_shows() {
    let folder = tempfile::tempdir().unwrap();
    let lane = Lane::new(folder.path());
    let never: OpenEye = Arc::new(|| panic!("no model is loaded"));
    let cameras = format!("[sight]\non = false\n{}", lane.config());
    let hub = TestHub::make(Making { cameras, eye: Some(never), ..Making::default() });
    let screen = hub.signed_in("Семён");
    eventually("it is live", || (camera(&screen)["live"] == true).then_some(()));
    assert_eq!(screen.get("/api/cameras/in/frame").status, 200);
}

#[test]
fn the_doctor_knows_a_recording() {
    let place = Place::new();
    let config = fs::read_to_string(place.path("hub.toml")).unwrap();
    fs::create_dir(place.path("stills")).unwrap();
    fs::write(place.path("stills/1.jpg"), still(None, 0, 0)).unwrap();
    let look = |path: &str, play: &str| {
        let camera = format!(
            "sight.on = false\n{config}[[camera]]\nkey = \"in\"\nname = \"Въезд\"\ngate = \"main\"\nlane = \"in\"\n\
             source = {{ kind = \"files\", path = \"{path}\"{play} }}\n"
        );
        fs::write(place.path("hub.toml"), camera).unwrap();
        let found = place.hub(&["doctor"]).out;
        found.lines().filter(|line| line.contains("camera \"in\"")).map(str::to_owned).collect::<Vec<_>>()
    };
    let seen = "ok    camera \"in\": its first frame has 640 × 360 pixels";
    assert_eq!(look("stills/1.jpg", ""), [seen]);
    let recording = look("stills", "");
    assert!(
        recording.len() == 2 && recording[1].starts_with("look  camera \"in\": a recording"),
        "{recording:?}"
    );
    let looping = look("stills/1.jpg", ", play = \"loop\"");
    assert!(looping.len() == 2 && looping[1].contains("is for demonstrations"), "{looping:?}");
    fs::remove_file(place.path("stills/1.jpg")).unwrap();
    assert!(Command::new("mkfifo").arg(place.path("stills/1.jpg")).status().unwrap().success());
    assert_eq!(look("stills/1.jpg", "").len(), 1, "it ends");
}

impl TestHub {
    /// A picture, by its hash, once it is kept.
    fn crop(&self, hash: &str) -> Option<Vec<u8>> {
        fs::read(self.service.config.hub.data.join("crops").join(hash)).ok()
    }
}
