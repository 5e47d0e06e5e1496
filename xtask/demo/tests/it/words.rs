//! What browser stories rely on: the demo as they start it, driven by words, and gone without a trace.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use dwellers_demo::browser::Browser;
use dwellers_demo::guard::Guard;
use dwellers_demo::stage::until;
use dwellers_replica::RecordId;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// How long an answer, or the end, may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A demo that runs. It ends with its handle.
struct Demo {
    child: Child,
    says: Option<ChildStdin>,
    answers: Receiver<String>,
    ready: Value,
}

impl Demo {
    /// In a folder of temporary files of its own.
    fn start(folder: &Path) -> Demo {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dwellers-demo"))
            .args(["--json", "--port", "0"])
            .env("TMPDIR", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (says, stdout) = (child.stdin.take(), child.stdout.take().unwrap());
        let (told, answers) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = told.send(line);
            }
        });
        let mut demo = Demo { child, says, answers, ready: Value::Null };
        demo.ready = demo.answer();
        assert_eq!(demo.ready["word"], "ready", "{}", demo.ready);
        demo
    }

    fn answer(&self) -> Value {
        serde_json::from_str(&self.answers.recv_timeout(PATIENCE).unwrap()).unwrap()
    }

    /// What it answers to a word, whatever that is.
    fn hear(&mut self, word: &str) -> Value {
        writeln!(self.says.as_mut().unwrap(), "{word}").unwrap();
        self.answer()
    }

    /// What it answers to a word that is done.
    fn say(&mut self, word: &str) -> Value {
        let answer = self.hear(word);
        assert_eq!(answer["ok"], true, "{word}: {answer}");
        answer
    }

    fn community(&self) -> RecordId {
        self.ready["community"].as_str().unwrap().parse().unwrap()
    }

    fn at(&self, what: &str) -> SocketAddr {
        let (_, port) = self.ready[what].as_str().unwrap().rsplit_once(':').unwrap();
        ([127, 0, 0, 1], port.parse().unwrap()).into()
    }

    /// Somebody signs in by a link of this demo.
    fn sign_in(&mut self, who: &str) -> Browser {
        let link = self.say(&format!("link {who}"))["link"].as_str().unwrap().to_owned();
        assert!(link.starts_with(self.ready["cloud"].as_str().unwrap()), "{link}");
        Browser::by_link(self.at("cloud"), self.community(), &link).unwrap()
    }

    /// It ends within its time, with success, and nothing listens any more.
    fn ends(&mut self) {
        let begun = Instant::now();
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None => assert!(begun.elapsed() < PATIENCE, "it does not end"),
            }
            thread::sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "{status}");
        for what in ["cloud", "kiosk"] {
            assert!(TcpStream::connect(self.at(what)).is_err(), "{what} is left behind");
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // A test that failed lets it clean up, too.
        self.says.take();
        let begun = Instant::now();
        while self.child.try_wait().is_ok_and(|status| status.is_none()) && begun.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_empty(folder: &Path) -> bool {
    folder.read_dir().unwrap().next().is_none()
}

#[test]
fn stories_drive_it_by_words() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = Demo::start(folder.path());
    assert!(!is_empty(folder.path()));
    let help = demo.say("help");
    assert!(help["words"].as_array().unwrap().iter().any(|word| word["usage"] == "comes SCENE"), "{help}");

    // Links sign in as whom they say, once, and nobody is signed out by another one.
    let resident = demo.sign_in("resident");
    let me = |who: &Browser| who.get("/me").unwrap()["id"].clone();
    assert_eq!(me(&resident), demo.ready["people"]["resident"]["id"]);
    let again = demo.sign_in("resident");
    assert_eq!(me(&again), me(&resident));
    let tenant = demo.sign_in("tenant");
    assert_eq!(me(&tenant), demo.ready["people"]["tenant"]["id"]);
    let chair = demo.sign_in("Ольга Белова");
    assert_eq!(me(&chair), demo.ready["people"]["administrator"]["id"]);

    // Life: somebody asks to join, with a photo or a code, before and now.
    let waiting = |chair: &Browser| {
        let all = chair.get("/applications").unwrap()["applications"].as_array().unwrap().clone();
        (all.len(), all.iter().filter(|one| one["has_photo"] == true).count())
    };
    assert_eq!(waiting(&chair), (3, 2));
    let asked = demo.say("apply Ксения Иванова 15");
    assert_eq!((asked["name"].as_str(), asked["house"].as_u64()), (Some("Ксения Иванова"), Some(15)));
    assert_eq!(waiting(&chair), (4, 3));
    let code = demo.say("code 12");
    let address = format!("/join/{}?code={}", demo.community(), code["code"].as_str().unwrap());
    assert!(code["address"].as_str().unwrap().ends_with(&address), "{code}");

    // A car is read and goes through; another waits, its house is asked, and it is sent away.
    let came = demo.say("comes resident");
    assert_eq!(came["plate"], demo.ready["scenes"]["resident"]["plate"]);
    assert_eq!(
        (came["verdict"].as_str(), came["reason"].as_str()),
        (Some("open"), Some("vehicle")),
        "{came}"
    );
    demo.say("drives main");
    let guard = Guard::new(demo.ready["kiosk"].as_str().unwrap());
    let who = &demo.ready["guards"][0];
    guard.sign_in(who["name"].as_str().unwrap(), who["pin"].as_str().unwrap()).unwrap();
    let journal = guard.journal().unwrap();
    assert!(journal.iter().any(|entry| entry["kind"] == "passed"), "nobody went through");
    demo.say("expects guest");
    demo.say("comes guest");
    demo.say("drives");
    assert_eq!(demo.say("comes unknown")["reason"], "unknown");
    let question = demo.say("asks 12")["question"].clone();
    until("the question, on the resident's screen", || {
        let questions = resident.get("/questions")?;
        Ok(questions["questions"].as_array().is_some_and(|all| all.iter().any(|one| one["id"] == question)))
    })
    .unwrap();
    demo.say("refuses не наш");
    assert!(guard.waiting().unwrap().is_empty(), "it still waits");

    assert_eq!(demo.say("opens wicket")["state"], "opened");

    // The link is cut and mended, and people reach the cloud all the time.
    let is_here = |who: &Browser| who.get("/gates").unwrap()["gates"][0]["is_here"].clone();
    demo.say("cut");
    until("a hub that is away", || Ok(is_here(&resident) == false)).unwrap();
    demo.say("heal");
    until("a hub that is there", || Ok(is_here(&resident) == true)).unwrap();
    demo.say("restart hub");
    demo.say("restart cloud");
    assert_eq!(me(&resident), demo.ready["people"]["resident"]["id"]);

    // What is not understood, or not done, is an answer as well, and the demo goes on.
    for (word, why) in [
        ("dance", "help"),
        ("comes nobody", "no scene"),
        ("link Никто", "nobody"),
        ("code 61", "no house"),
        ("apply Иванова", "which house"),
        ("start hub", "it runs"),
        ("drives moat", "which gate"),
        ("opens moat", "which gate"),
    ] {
        let answer = demo.hear(word);
        assert_eq!(answer["ok"], false, "{word}: {answer}");
        assert!(answer["error"].as_str().unwrap().contains(why), "{word}: {answer}");
    }
    demo.say("addresses");

    // It ends with its input.
    demo.says.take();
    demo.ends();
    assert!(is_empty(folder.path()), "a folder is left behind");
}

#[test]
fn it_ends_when_it_is_told_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = Demo::start(folder.path());
    let id = Pid::from_child(&demo.child);
    kill_process(id, Signal::TERM).unwrap();
    demo.ends();
    assert!(is_empty(folder.path()), "a folder is left behind");
}
