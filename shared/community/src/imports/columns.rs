//! What the columns of a table mean, as people call them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command::Denied;
use crate::people::PlaceKind;

/// Titles are looked for in so many of the first rows.
const TITLES_WITHIN: usize = 10;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ImportColumn))]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The house's label.
    House,
    /// A person's name.
    Name,
    /// Their telephone.
    Phone,
    /// As what they live there.
    Kind,
    /// For guards, about the house.
    Note,
    /// The plate of a car of theirs.
    Plate,
    /// What car it is.
    Title,
    /// None of a table: where a row stands in it.
    Line,
}

impl Column {
    /// What a title means.
    pub fn of(title: &str) -> Option<Column> {
        let title = title.to_lowercase().replace('ё', "е");
        let letters: String = title.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
        let title = letters.split_whitespace().collect::<Vec<_>>().join(" ");
        let column = match title.as_str() {
            "дом"
            | "номер дома"
            | "дома"
            | "участок"
            | "номер участка"
            | "дом участок"
            | "адрес"
            | "house"
            | "house number"
            | "plot"
            | "address" => Column::House,
            "имя"
            | "фио"
            | "ф и о"
            | "житель"
            | "собственник"
            | "владелец"
            | "имя фамилия"
            | "фамилия имя отчество"
            | "name"
            | "full name"
            | "person"
            | "resident" => Column::Name,
            "телефон"
            | "номер телефона"
            | "тел"
            | "мобильный"
            | "контактный телефон"
            | "phone"
            | "telephone"
            | "phone number"
            | "mobile" => Column::Phone,
            "роль в доме" | "роль" | "кто" | "статус" | "kind" | "role" | "role in the house" | "status" => {
                Column::Kind
            }
            "примечание" | "заметка" | "комментарий" | "note" | "notes" | "comment" => {
                Column::Note
            }
            "номер машины"
            | "номер авто"
            | "госномер"
            | "гос номер"
            | "номер автомобиля"
            | "plate"
            | "car plate"
            | "license plate"
            | "licence plate"
            | "number plate" => Column::Plate,
            "машина"
            | "марка"
            | "автомобиль"
            | "марка машины"
            | "марка автомобиля"
            | "car"
            | "vehicle"
            | "model" => Column::Title,
            _ => return None,
        };
        Some(column)
    }
}

/// As what somebody lives in a house, as people call it; nothing where nothing is said.
pub(super) fn kind(text: &str) -> Result<Option<PlaceKind>, ()> {
    Ok(Some(match text.trim().to_lowercase().as_str() {
        "" => return Ok(None),
        "владелец" | "владелица" | "собственник" | "собственница" | "хозяин" | "хозяйка" | "owner" => {
            PlaceKind::Owner
        }
        "семья"
        | "член семьи"
        | "родственник"
        | "родственница"
        | "супруг"
        | "супруга"
        | "муж"
        | "жена"
        | "сын"
        | "дочь"
        | "family"
        | "family member" => PlaceKind::Family,
        "арендатор" | "наниматель" | "жилец" | "снимает" | "tenant" => {
            PlaceKind::Tenant
        }
        "сотрудник"
        | "сотрудница"
        | "персонал"
        | "работник"
        | "работница"
        | "няня"
        | "садовник"
        | "staff" => PlaceKind::Staff,
        _ => return Err(()),
    }))
}

/// A table whose columns are known.
#[derive(Clone, Debug)]
pub struct Sheet {
    titles: Vec<(String, Option<Column>)>,
    rows: Vec<(u32, Vec<String>)>,
}

impl Sheet {
    /// Finds the titles of a table: rows with their lines, from 1.
    ///
    /// # Errors
    /// Where no column is one of houses.
    pub fn of(mut rows: Vec<(u32, Vec<String>)>) -> Result<Sheet, Denied> {
        let is_titles = |(_, cells): &(u32, Vec<String>)| {
            cells.iter().any(|cell| Column::of(cell) == Some(Column::House))
        };
        let at = rows.iter().take(TITLES_WITHIN).position(is_titles);
        let at = at.ok_or(Denied::invalid("file", "no-columns"))?;
        let rest = rows.split_off(at + 1);
        let (_, cells) = rows.pop().unwrap_or_default();
        let mut titles: Vec<(String, Option<Column>)> = Vec::new();
        for title in cells {
            // Of two columns of one kind the first counts.
            let column =
                Column::of(&title).filter(|column| !titles.iter().any(|(_, known)| known == &Some(*column)));
            titles.push((title, column));
        }
        let filled = |(_, cells): &(u32, Vec<String>)| cells.iter().any(|cell| !cell.trim().is_empty());
        Ok(Sheet { titles, rows: rest.into_iter().filter(filled).collect() })
    }

    /// The columns, by their titles; with nothing, what is not read.
    pub fn titles(&self) -> &[(String, Option<Column>)] {
        &self.titles
    }

    /// The cells of each row that are read.
    pub(super) fn rows(&self) -> impl Iterator<Item = BTreeMap<Column, String>> + '_ {
        self.rows.iter().map(|(line, cells)| {
            let known = self
                .titles
                .iter()
                .zip(cells)
                .filter_map(|((_, column), cell)| Some(((*column)?, cell.clone())));
            known.chain([(Column::Line, line.to_string())]).collect()
        })
    }
}
