//! Houses and people out of a table.

use std::io::{Cursor, Write as _};

use dwellers::people::Role;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::town::{Browser, Town};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn upload(browser: &Browser, path: &str, kind: &str, bytes: &[u8]) -> crate::town::Answer {
    browser.send("POST", path, &[("content-type", kind)], bytes)
}

/// A workbook of one sheet.
fn workbook(sheet: &str) -> Vec<u8> {
    workbook_sharing(sheet, "<sst/>")
}

/// The same with texts that its cells share.
fn workbook_sharing(sheet: &str, texts: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        ("[Content_Types].xml", r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#.to_owned()),
        ("_rels/.rels", r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned()),
        ("xl/workbook.xml", r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>"#.to_owned()),
        ("xl/_rels/workbook.xml.rels", r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#.to_owned()),
        ("xl/SharedStrings.xml", format!(r#"<?xml version="1.0"?>{texts}"#)),
        ("xl/worksheets/sheet1.xml", format!(r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>"#)),
    ];
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn rows(document: &Value) -> Vec<Value> {
    document["rows"].as_array().unwrap().clone()
}

#[test]
fn a_table_is_looked_at_then_entered_once() {
    let (town, village) = Town::founded();
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let imports = village.path("/imports");
    // As Russian Excel writes it.
    let table = "Дом;Имя;Телефон;Роль в доме;Примечание;Номер машины\r\n\
                 12;Анна;8 916 000-00-12;владелец;злая собака;А123ВС77\r\n\
                 12;Борис;;семья;;\r\n\
                 13;Вера;12;;;\r\n\
                 14;;;;;\r\n\
                 15;Глеб;;;;Нива\r\n";
    let bytes = encoding_rs::WINDOWS_1251.encode(table).0;
    let preview = upload(&browser, &imports, "text/csv", &bytes);
    assert_eq!(preview.status, 201);
    let preview = preview.ok();
    let sums = |document: &Value| {
        ["wrong", "houses", "people", "places", "vehicles"].map(|name| document[name].as_u64().unwrap())
    };
    assert_eq!(sums(&preview), [2, 2, 2, 0, 1]);
    assert_eq!(preview["columns"][3], json!({ "title": "Роль в доме", "column": "kind" }));
    let wrong = &rows(&preview)[2];
    assert_eq!((&wrong["line"], &wrong["makes"]), (&json!(4), &json!([])));
    assert_eq!(
        (&wrong["problems"][0]["field"], &wrong["problems"][0]["why"]),
        (&json!("phone"), &json!("not-a-phone"))
    );
    let said = wrong["problems"][0]["text"].as_str().unwrap();
    assert!(said.starts_with("Phone: "), "{said}");
    // What stands there is said, too: nobody has to look for it in the table.
    let typed = |row: usize| {
        let problem = &rows(&preview)[row]["problems"][0];
        (problem["field"].clone(), problem["typed"].clone())
    };
    assert_eq!(typed(2), (json!("phone"), json!("12")));
    assert_eq!(typed(4), (json!("plate"), json!("Нива")));
    // Nothing was made yet; and in the other language it says the same.
    assert_eq!(browser.get(&village.path("/houses")).ok()["houses"], json!([]));
    let one = format!("{imports}/{}", preview["id"].as_str().unwrap());
    let russian = browser.ask("GET", &one, &[("accept-language", "ru")], None).ok();
    assert!(rows(&russian)[2]["problems"][0]["text"].as_str().unwrap().starts_with("Телефон: "));
    let report = browser.post(&format!("{one}/apply"), &json!({})).ok();
    assert_eq!(sums(&report), [2, 2, 2, 0, 1]);
    assert_eq!(rows(&report)[4]["problems"][0]["typed"], "Нива");
    assert_eq!(rows(&report)[0]["made"], json!(["house", "person", "vehicle"]));
    let again = browser.post(&format!("{one}/apply"), &json!({})).ok();
    assert_eq!(sums(&again), [2, 0, 0, 0, 0]);
    let once_more = upload(&browser, &imports, "text/csv", &bytes).ok();
    assert_eq!(sums(&once_more), [2, 0, 0, 0, 0]);
    let houses = browser.get(&village.path("/houses")).ok();
    let labels: Vec<_> =
        houses["houses"].as_array().unwrap().iter().map(|house| house["label"].clone()).collect();
    assert_eq!(labels, [json!("12"), json!("14")]);
    // Whose data it were is written down.
    let deeds = browser.get(&village.path("/audit?action=imports.apply")).ok();
    assert_eq!(deeds["deeds"].as_array().unwrap().len(), 2 + 2 * 2 + 2);
}

#[test]
fn a_workbook_is_read_and_no_bomb() {
    let (town, village) = Town::founded();
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let imports = village.path("/imports");
    let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let sheet = format!(
        r#"<row r="1">{}{}{}</row><row r="3"><c r="A3"><v>12</v></c>{}<c r="C3"><v>79160000012</v></c></row>"#,
        cell("A1", "Дом"),
        cell("B1", "Имя"),
        cell("C1", "Телефон"),
        cell("B3", "Анна")
    );
    let preview = upload(&browser, &imports, XLSX, &workbook(&sheet)).ok();
    let row = &rows(&preview)[0];
    assert_eq!(
        (&row["line"], &row["house"], &row["phone"]),
        (&json!(3), &json!("12"), &json!("+79160000012"))
    );
    // A cell at the end of the world takes no memory for the world.
    let far = format!(
        r#"<row r="1">{}</row><row r="1048576">{}</row>"#,
        cell("A1", "Дом"),
        cell("XFD1048576", "x")
    );
    assert_eq!(rows(&upload(&browser, &imports, XLSX, &workbook(&far)).ok()).len(), 0);
    let bomb = workbook(&"<row/>".repeat(12_000_000));
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    let why = upload(&browser, &imports, XLSX, &bomb).is(422, "invalid");
    assert_eq!((&why["field"], &why["why"]), (&json!("file"), &json!("too-large")));
}

#[test]
fn a_small_workbook_that_promises_much_takes_nothing() {
    let (town, village) = Town::founded();
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let imports = village.path("/imports");
    let cell = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
    let shared = |count: &str| {
        format!(r#"<x:sst count="1" uniqueCount="{count}"><x:si><x:t>Дом</x:t></x:si></x:sst>"#)
    };
    let table = |count: &str| workbook_sharing(cell, &shared(count));
    assert_eq!(upload(&browser, &imports, XLSX, &table("1")).ok()["columns"][0]["column"], "house");
    for count in ["200001", "00004000000000000", "99999999999999999999999"] {
        let why = upload(&browser, &imports, XLSX, &table(count)).is(422, "invalid");
        assert_eq!((&why["field"], &why["why"]), (&json!("file"), &json!("too-large")), "{count}");
    }
    // Nor where it is spelled in an alphabet that hides it.
    let hidden = shared("4000000000000").replace("Count", "\u{1b}(BCount");
    let why = upload(&browser, &imports, XLSX, &workbook_sharing(cell, &hidden)).is(422, "invalid");
    assert_eq!(why["why"], "not-a-table");
    // One cell after another in the same place.
    let again = r#"<c r="A1"><v>1</v></c>"#.repeat(180_001);
    let why = upload(&browser, &imports, XLSX, &workbook(&format!("<row>{again}</row>"))).is(422, "invalid");
    assert_eq!(why["why"], "too-large");
}

#[test]
fn what_is_no_table_or_nobodys_business_is_refused() {
    let (town, village) = Town::founded();
    let browser = town.as_person(&village, village.officer("Ольга", Role::Administrator));
    let imports = village.path("/imports");
    for (bytes, why) in [
        (&b"\x89PNG\r\n\x1a\n\0\0"[..], "not-a-table"),
        (b"PK\x03\x04", "not-a-table"),
        (b"", "no-columns"),
        ("Имя;Телефон\nАнна;".as_bytes(), "no-columns"),
    ] {
        assert_eq!(upload(&browser, &imports, "text/csv", bytes).is(422, "invalid")["why"], why);
    }
    upload(&browser, &imports, "image/png", b"x").is(415, "unsupported-media-type");
    let id =
        upload(&browser, &imports, "text/csv", "Дом\n1\n".as_bytes()).ok()["id"].as_str().unwrap().to_owned();
    let one = format!("{imports}/{id}");
    // It is its maker's, and of its community.
    let other = town.as_person(&village, village.officer("Пётр", Role::Administrator));
    other.get(&one).is(404, "not-found");
    other.post(&format!("{one}/apply"), &json!({})).is(404, "not-found");
    let guard = town.as_person(&village, village.officer("Семён", Role::Guard));
    upload(&guard, &imports, "text/csv", b"x").is(403, "not-allowed");
    browser.get(&format!("{imports}/x")).is(404, "not-found");
    // The next one takes its place.
    upload(&browser, &imports, "text/csv", "Дом\n2\n".as_bytes()).ok();
    browser.get(&one).is(404, "not-found");
}
