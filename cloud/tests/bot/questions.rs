//! What guards ask houses, answered in a messenger.

use std::io::Cursor;

use dwellers::journal::Entry;
use dwellers::people::{Place, PlaceKind};
use dwellers::questions::{self, Answer, Ask, Question};
use dwellers_cloud::bot::talk::{Press, Speaker};
use dwellers_cloud::clock::now;
use dwellers_cloud::notify::Kind;
use dwellers_replica::{RecordId, Writes};
use image::{DynamicImage, ImageFormat};

use crate::hall::Hall;
use crate::hub::Hub;

struct Asked {
    hall: Hall,
    hub: Hub,
    house: RecordId,
    anna: Speaker,
    boris: Speaker,
}

impl Asked {
    fn new() -> Asked {
        let hall = Hall::open();
        let hub = Hub::connected(&hall.town, &hall.village);
        let house = hall.village.house("12");
        let (anna, _) = hall.village.resident("Анна", house, PlaceKind::Owner);
        let (boris, place) = hall.village.resident("Борис", house, PlaceKind::Family);
        hub.learns::<Place>(place);
        for person in [anna, boris] {
            hall.tells_nothing_of(&[Kind::Question], person);
        }
        let [anna, boris] = [("Анна", anna, "ru"), ("Boris", boris, "en")]
            .map(|(name, person, language)| hall.person(name, person, language).from);
        Asked { hall, hub, house, anna, boris }
    }

    /// One whose time was over at once.
    fn asks_too_late(&self) -> RecordId {
        let (hub, gate, at_ms) = (self.hub.replica, self.hub.gate("main"), now().ms);
        let question = self.hub.store.new_id(now(), 9).unwrap();
        let asked = Question { hub, house: self.house, gate, at_ms, timeout_ms: 1, ..Question::default() };
        let mut writes = Writes::new();
        writes.create(question, &asked);
        self.hub.store.commit(now(), writes).unwrap();
        self.hub.has::<Question>(question);
        question
    }
}

#[test]
fn a_house_sees_who_waits_and_the_first_answer_counts() {
    let mut at = Asked::new();
    at.hall.again(at.anna.clone()).says("/questions");
    at.hall.again(at.anna.clone()).hears("Сейчас никто не ждёт вашего ответа");
    let question = at.hub.asks(at.house, "Курьер", 60_000);
    let boris_sees = {
        let [anna, boris] = [&at.anna, &at.boris].map(|from| at.hall.again(from.clone()));
        anna.says("/questions");
        let shown = anna.hears("К вам Курьер, ждут: Главный въезд");
        assert!(shown.text().contains("Дом 12. Ответа ждут ещё"), "{}", shown.text());
        assert_eq!(shown.labels(), ["✅ Впустить", "⛔️ Не впускать"]);
        boris.says("/questions");
        boris.hears("Курьер is here for you")
    };
    at.hub.disconnect();
    at.hall.restart();
    at.hub.connect();
    let [anna, boris] = [&at.anna, &at.boris].map(|from| at.hall.again(from.clone()));
    anna.presses("Впустить");
    assert_eq!(anna.answer(), "Спасибо, охрана увидела ваш ответ");
    let answered = anna.hears("✅ Вы ответили: впустить.");
    assert!(answered.labels().is_empty() && answered.text().contains("Курьер"), "{}", answered.text());
    let answer = at.hall.village.community.store.view(|view| questions::asked(view, question));
    at.hub.learns::<Answer>(answer.unwrap().unwrap().answer.unwrap().id);
    // Whoever comes second is told who was first.
    boris.presses("Do not");
    let late = boris.hears("✅ Already answered “let them in”: Анна.");
    assert_eq!((late.at, late.labels().len()), (boris_sees.at, 0));
    assert_eq!(boris.answer(), "✅ Already answered “let them in”: Анна.");
    boris.says("/questions");
    boris.hears("Nobody waits for your answer now");
}

#[test]
fn what_is_too_late_is_told() {
    let at = Asked::new();
    let question = at.asks_too_late();
    let anna = at.hall.again(at.anna.clone());
    anna.starts("");
    let under = anna.hears("Здравствуйте").at;
    anna.presses_at(under, &Press::on("qd", at.hall.village.community.id, question));
    let told = anna.hears("⌛️ Ответ опоздал, охрана решила сама.");
    assert_eq!(told.at, under);
    assert_eq!(anna.answer(), "Спасибо! Ответ опоздал, охрана решила сама");
}

#[test]
fn a_picture_of_who_waits_is_shown_and_stays() {
    let at = Asked::new();
    let mut picture = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(64, 32).write_to(&mut picture, ImageFormat::Jpeg).unwrap();
    let crop = at.hub.picture(picture.get_ref());
    let (house, gate) = (Some(at.house), Some(at.hub.gate("main")));
    let arrival = at.hub.told(Entry { gate, house, crop, ..Entry::default() });
    let guard = dwellers::Actor::Guard { id: RecordId::new(1, 77), name: "Семён".to_owned() };
    let ask = Ask {
        house: at.house,
        gate: at.hub.gate("main"),
        about: Some(arrival),
        plate: "А123ВС77".to_owned(),
        name: String::new(),
        timeout_ms: 60_000,
    };
    let question = at.hub.run(|ctx| questions::ask(ctx, &guard, &ask));
    at.hub.has::<Question>(question);
    let anna = at.hall.again(at.anna.clone());
    anna.says("/questions");
    let shown = anna.hears("К вам машина А 123 ВС 77");
    assert!(shown.screen.picture.is_some_and(|picture| picture.starts_with(b"\xff\xd8")));
    anna.presses("Не впускать");
    let answered = anna.hears("⛔️ Вы ответили: не впускать.");
    assert_eq!(answered.at, shown.at);
    assert!(answered.screen.picture.is_some());
}

#[test]
fn nobody_answers_for_another_house() {
    let at = Asked::new();
    let question = at.hub.asks(at.house, "Курьер", 60_000);
    let galina = at.hall.resident("Галина", "14");
    galina.says("/questions");
    galina.hears("Сейчас никто не ждёт вашего ответа");
    galina.starts("");
    let under = galina.hears("Здравствуйте").at;
    galina.presses_at(under, &Press::on("qa", at.hall.village.community.id, question));
    assert_eq!(galina.answer(), "Такого вопроса нет");
    // A stranger is nobody there.
    let stranger = at.hall.stranger("Игорь", "ru");
    stranger.starts("");
    let under = stranger.hears("Здравствуйте").at;
    stranger.presses_at(under, &Press::on("qa", at.hall.village.community.id, question));
    assert_eq!(stranger.answer(), "Вы больше не в этом посёлке.");
}
