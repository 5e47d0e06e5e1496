//! Index keys: JSON scalars as bytes whose order is the order of the values.
//!
//! Both stores compare keys as plain bytes, so that an index sorts alike in SQLite, in memory and wherever
//! the store goes next. The order is: null (also an array, an object), false, true,
//! integers, other numbers, strings by their UTF-8 bytes. A field that is indexed keeps to one kind of number.

use serde_json::Value;

const NULL: u8 = 0x10;
const FALSE: u8 = 0x20;
const TRUE: u8 = 0x21;
const INTEGER: u8 = 0x30;
const FLOAT: u8 = 0x38;
const TEXT: u8 = 0x40;

/// Appends one component to a key. No component is a prefix of another.
pub(crate) fn push(key: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Bool(false) => key.push(FALSE),
        Value::Bool(true) => key.push(TRUE),
        Value::Number(number) => {
            if let Some(integer) = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from)) {
                key.push(INTEGER);
                // Moving the whole range above zero keeps the order of negative numbers.
                let shifted = (integer + (1 << 63)) as u128;
                key.extend_from_slice(&shifted.to_be_bytes()[7..]);
            } else {
                key.push(FLOAT);
                // IEEE 754 sorts as sign and magnitude; flipping makes it sort as an unsigned number.
                let bits = number.as_f64().unwrap_or_default().to_bits();
                let sorted = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
                key.extend_from_slice(&sorted.to_be_bytes());
            }
        }
        Value::String(text) => {
            key.push(TEXT);
            for byte in text.bytes() {
                key.push(byte);
                if byte == 0 {
                    key.push(0xff);
                }
            }
            key.extend_from_slice(&[0, 0]);
        }
        Value::Null | Value::Array(_) | Value::Object(_) => key.push(NULL),
    }
}

/// The key of several components.
pub(crate) fn encode<'a>(values: impl IntoIterator<Item = &'a Value>) -> Vec<u8> {
    let mut key = Vec::with_capacity(32);
    for value in values {
        push(&mut key, value);
    }
    key
}

/// The smallest key above every key that starts with `prefix`; `None` where there is none.
pub(crate) fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bytes_sort_as_the_values_do() {
        let ascending = [
            json!(null),
            json!(false),
            json!(true),
            json!(i64::MIN),
            json!(-1),
            json!(0),
            json!(1),
            json!(u64::MAX),
            json!(-1e300),
            json!(-0.5),
            json!(0.5),
            json!(1e300),
            json!(""),
            json!("\0"),
            json!("\0a"),
            json!("A"),
            json!("AB"),
            json!("Б"),
        ];
        for pair in ascending.windows(2) {
            let (low, high) = (encode([&pair[0]]), encode([&pair[1]]));
            assert!(low < high, "{} < {}", pair[0], pair[1]);
            let tail = json!("zzz");
            assert!(encode([&pair[0], &tail]) < high || pair[0] == pair[1], "{} with a tail", pair[0]);
        }
        assert_eq!(encode([&json!([1])]), encode([&json!(null)]));
        assert_eq!(after_prefix(&[1, 0xff]), Some(vec![2]));
        assert_eq!(after_prefix(&[0xff]), None);
    }
}
