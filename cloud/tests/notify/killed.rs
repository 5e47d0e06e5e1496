//! The program is killed in the middle of ten thousand deliveries, again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dwellers::Actor;
use dwellers::alarms::{Alarm, Kind};
use dwellers::people::{self, Role};
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::communities::{Communities, Community};
use dwellers_cloud::notify::{Message, Settings, State};
use dwellers_replica::{Open, Query, RecordId, Writes};

use crate::post::village;
use crate::smtp::Smtp;

const COMMUNITIES: usize = 4;
const PEOPLE: usize = 25;
const ALARMS: usize = 100;
const KILLS: usize = 6;
/// What a community asks its channels about at once, at most.
const AT_ONCE: usize = 16;
const PATIENCE: Duration = Duration::from_secs(300);

/// `dwellers-cloud serve`, with a mail server.
fn serve(data: &Path, smtp: &Smtp) -> Child {
    let beside = data.parent().unwrap();
    let (config, log) = (beside.join("serve.toml"), fs::File::create(beside.join("serve.log")).unwrap());
    let text = format!(
        "[cloud]\ndata = \"{}\"\n\n[http]\nlisten = \"127.0.0.1:0\"\n\n[backup]\non = false\n\n[mail]\nsmtp = \"{}\"\nfrom = \"Pines <dwellers@mail.example>\"\n",
        data.display(),
        smtp.url().replace(":secret", "")
    );
    fs::write(&config, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dwellers-cloud"));
    command.arg("--config").arg(&config).arg("serve").env("DWELLERS_SMTP_PASSWORD", "secret");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("listening at "), "it says {line:?}");
    child
}

/// Ten thousand things to tell: in four communities each of 25 administrators of each of a hundred alarms.
fn prepare(data: &Path) -> Vec<RecordId> {
    let communities = Communities::in_folder(data, now(), entropy).unwrap();
    (0..COMMUNITIES).map(|nth| prepare_one(&communities, nth)).collect()
}

fn prepare_one(communities: &Communities, of: usize) -> RecordId {
    let village = village(communities, &format!("Village {of}"));
    let accounts = communities.accounts();
    for nth in 0..PEOPLE {
        let person = village.person(&format!("Person {nth}"));
        let account = accounts.make("en", entropy, now()).unwrap();
        accounts.set_email(account, &format!("{nth}.{of}@pines.example"), true, now()).unwrap();
        accounts.join(account, village.community.id, person, entropy, now()).unwrap();
        let mut writes = Writes::new();
        // Of the role nothing is said: ten thousand are enough.
        let off = vec![Open::Known(dwellers_cloud::notify::Kind::Right)];
        writes.create(person, &Settings { quiet: None, off, ..Settings::default() });
        village.community.store.commit(now(), writes).unwrap();
        village.run(|ctx| people::grant_role(ctx, &Actor::Operator, person, Role::Administrator));
    }
    for alarms in (0..ALARMS).collect::<Vec<_>>().chunks(50) {
        let mut writes = Writes::new();
        for nth in alarms {
            let (subject, kind) = (format!("hub {nth}"), Open::Known(Kind::Intruder));
            let alarm =
                Alarm { kind, subject: subject.clone(), name: subject, at_ms: now().ms, ..Alarm::default() };
            writes.create(RecordId::new(now().ms, entropy()), &alarm);
        }
        village.community.store.commit(now(), writes).unwrap();
    }
    village.community.id
}

/// All messages by their states.
fn states(data: &Path, all: &[RecordId]) -> BTreeMap<String, BTreeSet<String>> {
    let begun = Instant::now();
    // Who was killed holds the lock for a moment.
    let communities = loop {
        match Communities::in_folder(data, now(), entropy) {
            Err(why) if why.is_locked() && begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            opened => break opened.unwrap(),
        }
    };
    let mut states = BTreeMap::<String, BTreeSet<String>>::new();
    for id in all {
        collect(&communities.open(*id, now()).unwrap(), &mut states);
    }
    states
}

fn collect(community: &Community, states: &mut BTreeMap<String, BTreeSet<String>>) {
    let mut after = None;
    loop {
        let query = Query::on("time").after(after).limit(Query::MAX_LIMIT);
        let page = community.store.view(|view| view.of::<Message>().find(&query)).unwrap().unwrap();
        for message in page.entries {
            let state = format!("{:?}", message.value.state.known().unwrap());
            let id = format!("{}.{}@mail.example", message.id, community.id);
            states.entry(state).or_default().insert(id);
        }
        after = page.next;
        if after.is_none() {
            return;
        }
    }
}

#[test]
fn killed_in_the_middle_of_ten_thousand_each_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (smtp, communities) = (Smtp::start(), prepare(&data));
    let all = COMMUNITIES * PEOPLE * ALARMS;
    let begun = Instant::now();
    for kill in 1..=KILLS {
        let mut program = serve(&data, &smtp);
        let enough = all * kill / (KILLS + 2);
        while smtp.count() < enough {
            assert!(begun.elapsed() < PATIENCE, "{} of {enough} were told", smtp.count());
            std::thread::sleep(Duration::from_millis(1));
        }
        // SIGKILL: nothing is tidied up.
        program.kill().unwrap();
        program.wait().unwrap();
    }
    let mut program = serve(&data, &smtp);
    // What nobody knows of never comes.
    let mut quiet = (smtp.count(), Instant::now());
    while quiet.1.elapsed() < Duration::from_secs(3) {
        assert!(begun.elapsed() < PATIENCE, "{} of {all} were told", smtp.count());
        std::thread::sleep(Duration::from_millis(50));
        if smtp.count() != quiet.0 {
            quiet = (smtp.count(), Instant::now());
        }
    }
    let took = begun.elapsed();
    program.kill().unwrap();
    program.wait().unwrap();
    let states = states(&data, &communities);
    let counted: usize = states.values().map(BTreeSet::len).sum();
    assert_eq!(counted, all, "each cause and person once");
    let empty = BTreeSet::new();
    let told = states.get(&format!("{:?}", State::Told)).unwrap_or(&empty);
    let unknown = states.get(&format!("{:?}", State::Unknown)).unwrap_or(&empty);
    assert_eq!(told.len() + unknown.len(), all, "{:?}", states.keys());
    // On the server: nothing twice, all that is said to be told, and of the rest some.
    let mut letters = BTreeMap::<String, usize>::new();
    for letter in smtp.letters() {
        *letters.entry(letter.id).or_default() += 1;
    }
    assert!(letters.values().all(|count| *count == 1), "something was sent twice");
    assert!(told.iter().all(|id| letters.contains_key(id)), "something was never sent");
    assert!(letters.keys().all(|id| told.contains(id) || unknown.contains(id)));
    assert!(unknown.len() <= KILLS * COMMUNITIES * AT_ONCE, "{} are unknown", unknown.len());
    let taken = unknown.iter().filter(|id| letters.contains_key(*id)).count();
    eprintln!(
        "{all} messages, {KILLS} kills: {} told, {} unknown, of which the server had taken {taken}; {:.0} a second",
        told.len(),
        unknown.len(),
        all as f64 / took.as_secs_f64()
    );
}
