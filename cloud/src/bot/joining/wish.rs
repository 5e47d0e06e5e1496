//! A wish to join: what it holds, what it lacks, and how people write what it asks for.
//!
//! What must never be here: a word to anybody.

use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};

use super::super::talk::Press;

/// So many letters and digits a code has.
const CODE: usize = 8;

/// A wish to join, as far as it is known.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    pub(super) community: RecordId,
    pub(super) community_name: String,
    /// Whether they are a person there already, whose name is known.
    pub(super) is_known: bool,
    pub(super) proof: Option<Proof>,
    pub(super) code: Option<String>,
    /// By what the API knows the photo that was sent.
    pub(super) photo: Option<String>,
    pub(super) house: Option<String>,
    pub(super) name: Option<String>,
    /// Empty where they would not say.
    pub(super) phone: Option<String>,
    pub(super) kind: Option<String>,
    /// The version of the consent that they agreed to.
    pub(super) consent: Option<RecordId>,
}

/// What speaks for somebody.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Proof {
    Code,
    Photo,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lacks {
    Proof,
    Code,
    Photo,
    House,
    Name,
    Phone,
    Kind,
    Consent,
    Nothing,
}

impl Wish {
    /// What is to be asked next.
    pub(super) fn lacks(&self) -> Lacks {
        let by_photo = self.proof == Some(Proof::Photo);
        let lacks = [
            (self.proof.is_none(), Lacks::Proof),
            (!by_photo && self.code.is_none(), Lacks::Code),
            (by_photo && self.photo.is_none(), Lacks::Photo),
            (by_photo && self.house.is_none(), Lacks::House),
            (!self.is_known && self.name.is_none(), Lacks::Name),
            (!self.is_known && self.phone.is_none(), Lacks::Phone),
            (self.kind.is_none(), Lacks::Kind),
            (self.consent.is_none(), Lacks::Consent),
        ];
        lacks.into_iter().find(|(lacks, _)| *lacks).map_or(Lacks::Nothing, |(_, what)| what)
    }

    pub(super) fn path(&self, below: &str) -> String {
        format!("/communities/{}{below}", self.community)
    }

    pub(super) fn press(&self, verb: &str) -> Press {
        Press::of(verb, self.community)
    }
}

/// Whether a text can be the code of a house, however it is written. Some codes have no digit; then only one in Latin letters is
/// told from a Russian word.
pub(super) fn is_like_a_code(text: &str) -> bool {
    let letters = || text.chars().filter(|letter| letter.is_alphanumeric());
    let is_word =
        !letters().any(|letter| letter.is_ascii_digit()) && !letters().all(|letter| letter.is_ascii());
    letters().count() == CODE && !is_word
}

/// What is written on a house, as people write it: «дом 12» is 12 where there is no «дом 12».
pub(super) fn labels(text: &str) -> Vec<&str> {
    let text = text.trim().trim_end_matches(['.', ',']);
    let mut labels = vec![text];
    if let Some((first, rest)) = text.split_once([' ', '№'])
        && ["дом", "д.", "д", "участок", "уч.", "house", "plot", ""].contains(&first.to_lowercase().as_str())
        && !rest.trim().is_empty()
    {
        labels.push(rest.trim_start_matches([' ', '№']));
    }
    labels
}

/// A text in pieces that fit, each as far as a paragraph, a line or a word goes, but half full.
pub(super) fn pages(mut text: &str, room: usize) -> Vec<&str> {
    let mut pages = Vec::new();
    while let Some((most, _)) = text.char_indices().nth(room) {
        let fits = &text[..most];
        let ends = ["\n\n", "\n", " "].into_iter().filter_map(|end| fits.rfind(end));
        let end = ends.into_iter().find(|end| *end > fits.len() / 2).unwrap_or(most);
        pages.push(text[..end].trim_end());
        text = text[end..].trim_start();
    }
    pages.push(text);
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_it_may_be() {
        assert_eq!(pages("одно", 10), ["одно"]);
        assert_eq!(pages("одно два три", 9), ["одно два", "три"]);
        assert_eq!(pages("абвг\n\nд жз", 8), ["абвг", "д жз"]);
        assert_eq!(pages("а\n\nвгд ежз", 7), ["а\n\nвгд", "ежз"]);
        assert_eq!(pages("абвгдежз", 3), ["абв", "где", "жз"]);
        let long = "слово и ещё\n".repeat(700);
        assert!(pages(&long, 3_500).iter().all(|page| page.chars().count() <= 3_500));
    }

    #[test]
    fn a_house_is_named_as_people_write_it() {
        assert_eq!(labels(" 12 "), ["12"]);
        assert_eq!(labels("Дом 12."), ["Дом 12", "12"]);
        assert_eq!(labels("дом № 12"), ["дом № 12", "12"]);
        assert_eq!(labels("Лесная 5"), ["Лесная 5"]);
        assert_eq!(labels("№12"), ["№12", "12"]);
    }

    #[test]
    fn a_code_is_known_from_a_word() {
        assert!(is_like_a_code("AB2C-D3EF") && is_like_a_code(" ab2cd3ef ") && is_like_a_code("ZEPYTJCD"));
        assert!(!is_like_a_code("собственник") && !is_like_a_code("12") && !is_like_a_code("привет12 3"));
        assert!(!is_like_a_code("фотограф"));
    }
}
