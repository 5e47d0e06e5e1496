//! Codes as they are shown, said on the phone, and typed.

use dwellers_link::enrolment::Code;
use proptest::prelude::*;

#[test]
fn what_people_type_for_it() {
    let code = Code::draw([0x00, 0x44, 0x32, 0x14, 0xC7]);
    assert_eq!(code.to_string(), "0123-4567");
    for typed in ["01234567", "0123-4567", " o123 4567 ", "OI23-4567", "ol234567"] {
        assert_eq!(Code::parse(typed).as_ref(), Some(&code), "{typed}");
    }
    for wrong in ["", "0123-456", "0123-45678", "0123-456U", "0123_4567", "кода-нет0"] {
        assert_eq!(Code::parse(wrong), None, "{wrong}");
    }
    assert_eq!(code.bytes(), b"01234567");
}

proptest! {
    #[test]
    fn every_code_reads_as_itself(random: [u8; 5], other: [u8; 5]) {
        let code = Code::draw(random);
        prop_assert_eq!(Code::parse(&code.to_string().to_lowercase()), Some(code.clone()));
        prop_assert_eq!(Code::draw(other) == code, other == random, "no two draws have one code");
    }
}
