//! E-mail: what a mail server does, and what becomes of a message then.

use dwellers::people::Role;
use dwellers_cloud::notify::{Channel, Stage, State};
use dwellers_replica::Open;

use crate::post::{Post, until};
use crate::smtp::Manner;

const HERS: &str = "olga@pines.example";

#[test]
fn a_letter_says_what_happened_and_bears_the_message_s_id() {
    let post = Post::start();
    let olga = post.administrator("Olga", HERS);
    let told = post.until(olga, "told-role-given", State::Told);
    let letters = post.smtp.to(HERS);
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert_eq!(letter.subject, "Pines: Your rights");
    assert!(letter.text.starts_with("You have a new role: Administrator\n"), "{}", letter.text);
    let link = format!("https://cloud.example/communities/{}\n", post.village.community.id);
    assert!(letter.text.ends_with(&link), "{}", letter.text);
    assert_eq!(letter.id, format!("{}.{}@mail.example", told.id, post.village.community.id));
    assert_eq!(told.value.deliveries.len(), 1);
    assert_eq!(told.value.deliveries[0].channel, Open::Known(Channel::Email));
}

#[test]
fn who_is_not_known_there_is_not_asked_again() {
    let post = Post::start();
    post.smtp.manners(|_, _| Manner::Nobody);
    let olga = post.administrator("Olga", HERS);
    let failed = post.until(olga, "told-role-given", State::Failed);
    assert_eq!(failed.value.deliveries[0].tries, 1);
    assert!(failed.value.deliveries[0].why.contains("550"), "{:?}", failed.value.deliveries);
    assert_eq!(post.smtp.asked(HERS), 1);
}

#[test]
fn a_letter_that_is_refused_is_not_sent_again() {
    let post = Post::start();
    post.smtp.manners(|_, _| Manner::Refuse);
    let olga = post.administrator("Olga", HERS);
    post.until(olga, "told-role-given", State::Failed);
    assert_eq!((post.smtp.asked(HERS), post.smtp.count()), (1, 0));
}

#[test]
fn a_server_that_is_busy_or_silent_before_the_words_is_asked_again_later() {
    let post = Post::start();
    for (manner, role) in [
        (Manner::Busy, Role::Guard),
        (Manner::BusyAfter, Role::Administrator),
        (Manner::SilentBefore, Role::Guard),
    ] {
        post.smtp.manners(move |_, _| manner);
        let address = format!("{manner:?}@pines.example").to_lowercase();
        let person = post.village.person("Anna");
        post.reachable(&post.village, person, &address);
        post.give_role(person, role);
        let tried = || post.messages(person, "told-role-given").first().cloned();
        until("it is tried", || {
            tried().is_some_and(|tried| {
                tried.value.deliveries.first().is_some_and(|one| one.stage == Open::Known(Stage::Queued))
            })
        });
        let tried = tried().unwrap().value;
        let delivery = &tried.deliveries[0];
        assert_eq!((delivery.tries, delivery.unsure), (1, false), "{manner:?}");
        // The first pause is of ten seconds.
        assert_eq!(tried.due_ms - delivery.at_ms, 10_000, "{manner:?}");
        assert!(post.smtp.to(&address).is_empty());
    }
}

#[test]
fn what_nobody_knows_of_is_not_sent_again() {
    let post = Post::start();
    for manner in [Manner::Silent, Manner::HangUp] {
        post.smtp.manners(move |_, _| manner);
        let address = format!("{manner:?}@pines.example").to_lowercase();
        let person = post.administrator("Anna", &address);
        let unknown = post.until(person, "told-role-given", State::Unknown);
        assert_eq!(unknown.value.deliveries[0].stage, Open::Known(Stage::Unknown));
        assert_eq!((post.smtp.asked(&address), post.smtp.to(&address).len()), (1, 1), "{manner:?}");
    }
    // A connection that fell silent is not used for the next letter.
    post.smtp.manners(|_, _| Manner::Take);
    let person = post.administrator("Vera", "vera@pines.example");
    post.until(person, "told-role-given", State::Told);
    assert_eq!(post.smtp.to("vera@pines.example").len(), 1);
}

#[test]
fn an_address_that_is_not_proved_gets_nothing() {
    let post = Post::start();
    let accounts = post.communities.accounts();
    let person = post.village.person("Anna");
    let (now, entropy) = (dwellers_cloud::clock::now(), dwellers_cloud::clock::entropy);
    let account = accounts.make("en", entropy, now).unwrap();
    accounts.set_email(account, HERS, false, now).unwrap();
    accounts.join(account, post.village.community.id, person, entropy, now).unwrap();
    let wishes = dwellers_cloud::notify::Settings { quiet: None, ..Default::default() };
    post.wish(&post.village, person, &wishes);
    post.give_role(person, Role::Guard);
    until("it waits", || {
        post.messages(person, "told-role-given")
            .first()
            .is_some_and(|one| one.value.due_ms > one.value.made_ms)
    });
    let waiting = post.messages(person, "told-role-given").remove(0).value;
    assert_eq!(waiting.due_ms, waiting.made_ms + 60_000, "they may be joining just now");
    // It is proved: an end and a new beginning find it again when it is due.
    assert_eq!(post.smtp.asked(HERS), 0);
}
