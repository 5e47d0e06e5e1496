//! What depends on the time.

use dwellers_replica::{Now, Open, RecordId};
use tempfile::TempDir;
use totp_rs::{Builder, Secret};

use super::{AccountError, Accounts, Messenger, MessengerUser, Purpose, Session, Way};
use crate::clock::{entropy, random};

const DAY_MS: u64 = 24 * 3_600_000;
const START_MS: u64 = 1_800_000_000_000;

fn at(ms: u64) -> Now {
    Now { ms: START_MS + ms, trusted: true }
}

fn opened() -> (TempDir, Accounts, RecordId) {
    let folder = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(&folder.path().join("accounts.db"), at(0), entropy).unwrap();
    let account = accounts.make("ru", entropy, at(0)).unwrap();
    (folder, accounts, account)
}

fn begin(accounts: &Accounts, account: RecordId, now: Now) -> String {
    let session = Session { account, way: Open::Known(Way::Password), ..Session::default() };
    accounts.begin(session, random(), entropy, now).unwrap()
}

#[test]
fn a_session_that_is_not_used_ends_after_sixty_days_and_every_one_after_a_year() {
    let (_folder, accounts, account) = opened();
    let is_signed =
        |secret: &str, days: u64, ms: u64| accounts.signed(secret, at(days * DAY_MS + ms)).unwrap().is_some();
    let unused = begin(&accounts, account, at(0));
    let used = begin(&accounts, account, at(0));
    for day in (50..=350).step_by(50) {
        assert!(is_signed(&used, day, 0), "day {day}");
    }
    assert!(!is_signed(&unused, 60, 0));
    assert!(is_signed(&used, 364, 0) && !is_signed(&used, 365, 0));
    // Of use within the hour nothing is written.
    let secret = begin(&accounts, account, at(0));
    assert!(is_signed(&secret, 0, 3_599_999));
    assert_eq!(accounts.signed(&secret, at(0)).unwrap().unwrap().session.value.seen_ms, START_MS);
    assert!(is_signed(&secret, 0, 3_600_000));
    assert_eq!(accounts.signed(&secret, at(0)).unwrap().unwrap().session.value.seen_ms, START_MS + 3_600_000);
}

#[test]
fn an_account_has_thirty_sessions_and_the_longest_unused_makes_room() {
    let (_folder, accounts, account) = opened();
    let secrets: Vec<_> = (0..31).map(|n| begin(&accounts, account, at(n))).collect();
    assert_eq!(accounts.sessions(account).unwrap().len(), 30);
    assert!(accounts.signed(&secrets[0], at(100)).unwrap().is_none());
    assert!(accounts.signed(&secrets[1], at(100)).unwrap().is_some());
}

#[test]
fn what_a_browser_says_it_is_is_kept_short() {
    let (_folder, accounts, account) = opened();
    let agent = format!("Fire\u{7}fox {}", "x".repeat(500));
    let session = Session { account, agent, ..Session::default() };
    accounts.begin(session, random(), entropy, at(0)).unwrap();
    let kept = accounts.sessions(account).unwrap().remove(0).value.agent;
    assert!(kept.starts_with("Firefox x") && kept.chars().count() == 200);
}

#[test]
fn what_is_over_is_forgotten() {
    let (_folder, accounts, account) = opened();
    // More than are forgotten at once.
    for _ in 0..10 {
        let other = accounts.make("ru", entropy, at(0)).unwrap();
        for _ in 0..25 {
            begin(&accounts, other, at(0));
        }
    }
    let kept = begin(&accounts, account, at(DAY_MS));
    accounts.set_email(account, "olga@example.org", true, at(0)).unwrap();
    accounts.link(account, Purpose::Reset, "olga@example.org", "over", entropy, at(0)).unwrap();
    accounts.link(account, Purpose::Prove, "olga@example.org", "good", entropy, at(60 * DAY_MS)).unwrap();
    assert_eq!(accounts.forget_ended(at(60 * DAY_MS)).unwrap(), 251);
    assert_eq!(accounts.forget_ended(at(60 * DAY_MS)).unwrap(), 0);
    assert!(accounts.signed(&kept, at(60 * DAY_MS)).unwrap().is_some());
    assert!(accounts.linked("good", Purpose::Prove, at(60 * DAY_MS)).unwrap().is_some());
}

#[test]
fn sessions_survive_a_restart_and_their_account_does_not_survive_its_end() {
    let (folder, accounts, account) = opened();
    let secret = begin(&accounts, account, at(0));
    drop(accounts);
    let accounts = Accounts::open(&folder.path().join("accounts.db"), at(0), entropy).unwrap();
    assert!(accounts.signed(&secret, at(1)).unwrap().is_some());
    accounts.delete(account, at(2)).unwrap();
    assert!(accounts.signed(&secret, at(3)).unwrap().is_none());
    // One that began at the same moment.
    let late = begin(&accounts, account, at(2));
    assert!(accounts.signed(&late, at(3)).unwrap().is_none());
    assert!(matches!(accounts.delete(account, at(3)), Err(AccountError::Unknown("account"))));
    // Nor is it anybody: the person would be nobody's for ever.
    let (community, person) = (RecordId::new(0, 7), RecordId::new(0, 8));
    let joined = accounts.join(account, community, person, entropy, at(3));
    assert!(matches!(joined, Err(AccountError::Unknown("account"))));
    assert!(accounts.membership_of(community, person).unwrap().is_none());
}

#[test]
fn a_code_is_good_for_its_time_and_once() {
    let (_folder, accounts, account) = opened();
    let secret = accounts.offer_second_factor(account, random(), at(0)).unwrap();
    let totp = Builder::new().with_secret(Secret::try_from_base32(&secret).unwrap()).build().unwrap();
    // Steps of half a minute; the start is at the beginning of one.
    let code = |step: u64| totp.generate(START_MS / 1000 + 30 * step).to_string();
    let drawn = || std::array::from_fn(|_| random());
    let confirm =
        |step: u64, now: Now| accounts.confirm_second_factor(account, &code(step), drawn(), now).unwrap();
    assert!(!accounts.use_code(account, &code(0), at(0)).unwrap(), "it is not on yet");
    assert!(confirm(5, at(0)).is_none());
    let codes = confirm(0, at(0)).unwrap();
    let uses = |code: &str, now: Now| accounts.use_code(account, code, now).unwrap();
    assert!(!uses(&code(0), at(0)), "it was used to turn it on");
    // A clock half a minute ahead, or behind, and no more.
    assert!(uses(&code(1), at(0)) && !uses(&code(1), at(0)));
    assert!(!uses(&code(12), at(10 * 30_000)) && !uses(&code(8), at(10 * 30_000)));
    assert!(uses(&code(9), at(10 * 30_000)) && uses(&code(10), at(10 * 30_000)));
    assert!(!uses(&code(9), at(10 * 30_000)), "one of before the last is over, too");
    for code in &codes {
        assert!(uses(code, at(0)) && !uses(code, at(0)));
    }
    assert_eq!(accounts.second_factor(account).unwrap().unwrap().value.recovery_left(), 0);
    for nothing in ["", "12345", "ааааааа", "aaaaaaaaaaaaaaaa"] {
        assert!(!uses(nothing, at(DAY_MS)), "{nothing}");
    }
}

#[test]
fn so_many_letters_of_one_kind_may_wait_to_be_opened() {
    let (_folder, accounts, account) = opened();
    accounts.set_email(account, "olga@example.org", true, at(0)).unwrap();
    let link = |purpose: Purpose, secret: &str, now: Now| {
        accounts.link(account, purpose, "olga@example.org", secret, entropy, now)
    };
    for n in 0..5 {
        link(Purpose::Reset, &n.to_string(), at(n)).unwrap();
    }
    assert!(matches!(link(Purpose::Reset, "more", at(10)), Err(AccountError::TooMany("links"))));
    link(Purpose::SignIn, "of another kind", at(10)).unwrap();
    link(Purpose::Reset, "later", at(3_600_000)).unwrap();
}

#[test]
fn who_begins_anew_has_nothing_left_to_sign_in_with() {
    let (_folder, accounts, account) = opened();
    accounts.set_email(account, "olga@example.org", true, at(0)).unwrap();
    accounts.set_password(account, "hash", None, at(0)).unwrap();
    accounts.offer_second_factor(account, random(), at(0)).unwrap();
    accounts.link(account, Purpose::SignIn, "olga@example.org", "letter", entropy, at(0)).unwrap();
    let secret = begin(&accounts, account, at(0));
    accounts.recover(account, at(1)).unwrap();
    let known = accounts.get(account).unwrap().unwrap().value;
    assert_eq!((known.password.as_str(), known.email_proved_ms), ("", 0));
    assert_eq!(known.email, "olga@example.org");
    assert!(accounts.second_factor(account).unwrap().is_none());
    assert!(accounts.signed(&secret, at(2)).unwrap().is_none());
    assert!(accounts.linked("letter", Purpose::SignIn, at(2)).unwrap().is_none());
}

#[test]
fn what_was_begun_before_the_end_comes_to_nothing_after_it() {
    let (_folder, accounts, account) = opened();
    type End<'a> = &'a dyn Fn();
    let set = || accounts.set_password(account, "hash", None, at(1)).unwrap();
    let recover = || accounts.recover(account, at(1)).unwrap();
    let end_all = || accounts.end_all(account, None, at(1)).unwrap();
    let reset = || {
        accounts.set_email(account, "olga@example.org", true, at(0)).unwrap();
        accounts.link(account, Purpose::Reset, "olga@example.org", "reset", entropy, at(0)).unwrap();
        let link = accounts.linked("reset", Purpose::Reset, at(0)).unwrap().unwrap();
        assert!(accounts.reset(&link, "hash", at(1)).unwrap());
    };
    let ends: [End<'_>; 4] = [&set, &recover, &end_all, &reset];
    for end in ends {
        // Somebody's password was right, and another changes theirs in a session that is good.
        let epoch = accounts.epoch(account).unwrap();
        let session = Session { account, epoch, ..Session::default() };
        let within =
            accounts.signed(&begin(&accounts, account, at(0)), at(0)).unwrap().unwrap().session.value;
        end();
        let begun = accounts.begin_judged(session, random(), entropy, at(2));
        assert!(matches!(begun, Err(AccountError::Changed)));
        let changed = accounts.set_password(account, "thief's", Some(&within), at(2));
        assert!(matches!(changed, Err(AccountError::Changed)));
    }
    // Whoever changes theirs stays signed in, and nobody else.
    let (here, there) = (begin(&accounts, account, at(3)), begin(&accounts, account, at(3)));
    let within = accounts.signed(&here, at(3)).unwrap().unwrap().session.value;
    accounts.set_password(account, "hash", Some(&within), at(3)).unwrap();
    assert!(accounts.signed(&here, at(3)).unwrap().is_some());
    assert!(accounts.signed(&there, at(3)).unwrap().is_none());
}

fn user(account: RecordId, user: i64) -> MessengerUser {
    let messenger = Open::Known(Messenger::Telegram);
    MessengerUser { messenger, user, account, ..MessengerUser::default() }
}

#[test]
fn a_user_of_a_messenger_is_one_account_and_an_account_one_user() {
    let (_folder, accounts, account) = opened();
    let who =
        |number| accounts.signed_in_messenger(Messenger::Telegram, number).unwrap().map(|who| who.account);
    accounts.connect(user(account, 7), at(0)).unwrap();
    assert_eq!(who(7), Some(account));
    // The same account from another telephone number.
    accounts.connect(user(account, 8), at(1)).unwrap();
    assert_eq!((who(7), who(8)), (None, Some(account)));
    // Whoever is nobody anywhere by their account may become another one; whoever is somebody may not.
    let other = accounts.make("ru", entropy, at(1)).unwrap();
    accounts.connect(user(other, 8), at(2)).unwrap();
    assert_eq!(who(8), Some(other));
    let (community, person) = (RecordId::new(1, 1), RecordId::new(1, 2));
    accounts.join(other, community, person, entropy, at(2)).unwrap();
    let taken = accounts.connect(user(account, 8), at(3));
    assert!(matches!(taken, Err(AccountError::Taken("messenger"))), "{taken:?}");
    assert_eq!(who(8), Some(other));
    accounts.disconnect(other, Messenger::Telegram, at(4)).unwrap();
    assert_eq!(who(8), None);
}

#[test]
fn a_link_to_a_messenger_works_once_for_fifteen_minutes_and_the_last_one_counts() {
    let (_folder, accounts, account) = opened();
    let use_link = |secret: &str, ms| accounts.use_messenger_link(secret, at(ms)).unwrap();
    accounts.link_messenger(account, "first", entropy, at(0)).unwrap();
    accounts.link_messenger(account, "second", entropy, at(1)).unwrap();
    assert_eq!((use_link("first", 2), use_link("second", 2)), (None, Some(account)));
    assert_eq!(use_link("second", 3), None);
    accounts.link_messenger(account, "third", entropy, at(4)).unwrap();
    assert_eq!(use_link("third", 4 + 15 * 60_000), None);
}

#[test]
fn who_ends_all_sessions_ends_messengers_and_links_to_them() {
    for end in ["all sessions", "recovery", "deletion"] {
        let (_folder, accounts, account) = opened();
        accounts.connect(user(account, 7), at(0)).unwrap();
        accounts.link_messenger(account, "link", entropy, at(0)).unwrap();
        match end {
            "all sessions" => accounts.end_all(account, None, at(1)).unwrap(),
            "recovery" => accounts.recover(account, at(1)).unwrap(),
            _ => accounts.delete(account, at(1)).unwrap(),
        }
        assert!(accounts.signed_in_messenger(Messenger::Telegram, 7).unwrap().is_none(), "{end}");
        assert_eq!(accounts.use_messenger_link("link", at(2)).unwrap(), None, "{end}");
    }
}

#[test]
fn whoever_ends_the_others_from_telegram_stays_in_by_it() {
    let (_folder, accounts, account) = opened();
    accounts.set_password(account, "hash", None, at(0)).unwrap();
    accounts.connect(user(account, 7), at(1)).unwrap();
    accounts.link_messenger(account, "link", entropy, at(1)).unwrap();
    let telegram = Open::Known(Way::Telegram);
    let session = Session { account, way: telegram, telegram_user: 7, ..Session::default() };
    let window = accounts.begin(session, random(), entropy, at(2)).unwrap();
    let browser = begin(&accounts, account, at(2));
    let within = |secret: &str| accounts.signed(secret, at(3)).unwrap().map(|signed| signed.session.value);
    let is_known = || accounts.signed_in_messenger(Messenger::Telegram, 7).unwrap().is_some();
    accounts.end_all(account, within(&window).as_ref(), at(3)).unwrap();
    assert!(within(&window).is_some() && within(&browser).is_none() && is_known());
    assert_eq!(accounts.use_messenger_link("link", at(4)).unwrap(), None);
    // From the chat itself, too.
    let chat = accounts.signed_in_messenger(Messenger::Telegram, 7).unwrap().unwrap().session.value;
    accounts.end_all(account, Some(&chat), at(5)).unwrap();
    assert!(within(&window).is_none() && is_known());
    // From a browser it may be a telephone that was lost.
    let browser = begin(&accounts, account, at(6));
    accounts.end_all(account, within(&browser).as_ref(), at(6)).unwrap();
    assert!(within(&browser).is_some() && !is_known());
}

#[test]
fn the_only_way_in_is_not_ended_by_whoever_stays() {
    let (_folder, accounts, account) = opened();
    accounts.connect(user(account, 7), at(1)).unwrap();
    let session = Session { account, way: Open::Known(Way::Link), ..Session::default() };
    let browser = accounts.begin(session, random(), entropy, at(2)).unwrap();
    let within = accounts.signed(&browser, at(3)).unwrap().unwrap().session.value;
    accounts.end_all(account, Some(&within), at(3)).unwrap();
    assert!(accounts.signed_in_messenger(Messenger::Telegram, 7).unwrap().is_some());
}

#[test]
fn a_new_password_ends_links_to_a_messenger() {
    let (_folder, accounts, account) = opened();
    accounts.link_messenger(account, "link", entropy, at(0)).unwrap();
    accounts.set_password(account, "hash", None, at(1)).unwrap();
    assert_eq!(accounts.use_messenger_link("link", at(2)).unwrap(), None);
}

#[test]
fn what_telegram_begins_again_and_again_makes_no_room_of_others() {
    let (_folder, accounts, account) = opened();
    accounts.connect(user(account, 7), at(0)).unwrap();
    let begin = |way, ms| {
        let session = Session { account, way: Open::Known(way), telegram_user: 7, ..Session::default() };
        accounts.begin(session, random(), entropy, at(ms)).unwrap()
    };
    let browser = begin(Way::Password, 1);
    let windows: Vec<_> = (2..42).map(|ms| begin(Way::Telegram, ms)).collect();
    let is_in = |secret: &str| accounts.signed(secret, at(50)).unwrap().is_some();
    assert!(is_in(&browser));
    assert_eq!(windows.iter().map(|window| is_in(window)).collect::<Vec<_>>(), {
        [vec![false; 35], vec![true; 5]].concat()
    });
}

#[test]
fn what_telegram_began_is_over_with_whoever_it_was() {
    let (_folder, accounts, account) = opened();
    let begun = || {
        let way = Open::Known(Way::Telegram);
        let session = Session { account, way, telegram_user: 7, ..Session::default() };
        accounts.begin(session, random(), entropy, at(10)).unwrap()
    };
    let is_in = |secret: &str| accounts.signed(secret, at(20)).unwrap().is_some();
    assert!(!is_in(&begun()), "nobody is known there");
    accounts.connect(user(account, 7), at(5)).unwrap();
    let window = begun();
    assert!(is_in(&window));
    // Judged before, begun after: it counts for nothing, also where the same one comes back.
    accounts.disconnect(account, Messenger::Telegram, at(11)).unwrap();
    let late = begun();
    accounts.connect(user(account, 7), at(12)).unwrap();
    assert_eq!([is_in(&window), is_in(&late)], [false; 2]);
}
