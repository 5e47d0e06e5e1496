//! What Telegram says of whoever opens the Mini App: the raw `initData` string that its page is given.
//!
//! Telegram signs it with the bot's token, so whoever knows the token could say it, too. It may lie in a browser's history or
//! in a log, so it is good for a few minutes, once.
//!
//! Invariants: nothing is read of what is not signed; of two fields of a name neither counts, and no value breaks its line: the
//! text that is signed can be read in one way alone; what was used once is used up, also after a restart.

use std::fmt;

use dwellers_replica::{
    CommitError, Entry, Index, Now, Query, Record, RecordId, Refusal, Schema, Spec, Writes,
};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use url::form_urlencoded;

use super::messengers::MessengerUser;
use super::{AccountError, Accounts};

/// How long it is good.
const LASTS_MS: u64 = 5 * 60_000;
/// So far may Telegram's clock be ahead of ours.
const AHEAD_MS: u64 = 60_000;
/// Telegram's own are shorter than a tenth.
const LONGEST: usize = 16 * 1024;

/// By which it is known that Telegram says something: made of the bot's token.
#[derive(Clone)]
pub struct InitDataKey(Hmac<Sha256>);

/// What Telegram says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitData {
    /// The number of whoever opened the Mini App.
    pub user: i64,
    /// What it is known by: its signature.
    id: RecordId,
    /// Until when it is good.
    until_ms: u64,
}

/// Why it counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadInitData {
    /// Telegram does not say this to this bot.
    Forged,
    /// It says it of another time.
    Old,
}

impl fmt::Debug for InitDataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It is as good as the token.
        f.write_str("InitDataKey")
    }
}

impl InitDataKey {
    /// Of the bot's token.
    pub fn new(token: &str) -> InitDataKey {
        let key = hmac(b"WebAppData").chain_update(token).finalize().into_bytes();
        InitDataKey(hmac(&key))
    }

    /// Reads what Telegram says, where it is Telegram who says it, and just now.
    ///
    /// # Errors
    /// It is somebody else, or it was another time.
    pub fn read(&self, init_data: &str, now: Now) -> Result<InitData, BadInitData> {
        let Signed { fields, hash } = Signed::of(init_data).ok_or(BadInitData::Forged)?;
        let signed = self.0.clone().chain_update(lines(&fields));
        // It takes the same time wherever it differs.
        signed.verify_slice(&hash).map_err(|_| BadInitData::Forged)?;
        let field =
            |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let said_s: u64 = field("auth_date").and_then(|date| date.parse().ok()).ok_or(BadInitData::Forged)?;
        let user: Option<User> = field("user").and_then(|user| serde_json::from_str(user).ok());
        let User { id: user } = user.ok_or(BadInitData::Forged)?;
        let said_ms = said_s.saturating_mul(1_000);
        let until_ms = said_ms.saturating_add(LASTS_MS);
        if now.ms >= until_ms || said_ms > now.ms.saturating_add(AHEAD_MS) {
            return Err(BadInitData::Old);
        }
        let mut half = [0; 16];
        half.copy_from_slice(&blake3::hash(&hash).as_bytes()[..16]);
        Ok(InitData { user, id: RecordId::new(0, u128::from_be_bytes(half)), until_ms })
    }
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// The text that is signed.
fn lines(fields: &[(String, String)]) -> String {
    let lines: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    lines.join("\n")
}

/// Fields with a signature: whose is still to be seen.
struct Signed {
    /// By their names.
    fields: Vec<(String, String)>,
    hash: Vec<u8>,
}

impl Signed {
    fn of(init_data: &str) -> Option<Signed> {
        if init_data.len() > LONGEST {
            return None;
        }
        let pairs = form_urlencoded::parse(init_data.as_bytes());
        let mut fields: Vec<(String, String)> =
            pairs.map(|(a, b)| (a.into_owned(), b.into_owned())).collect();
        fields.sort_unstable();
        let is_plain =
            |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let reads = |(name, value): &(String, String)| is_plain(name) && !value.contains('\n');
        let twice = fields.windows(2).any(|two| two[0].0 == two[1].0);
        if twice || !fields.iter().all(reads) {
            return None;
        }
        let hash = fields.iter().position(|(name, _)| name == "hash")?;
        let (_, hash) = fields.remove(hash);
        Some(Signed { fields, hash: bytes(&hash)? })
    }
}

/// Hexadecimal digits.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|two| two[0] << 4 | two[1]).collect())
}

/// As Telegram names somebody.
#[derive(Deserialize)]
struct User {
    id: i64,
}

/// What was used: it is not used again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Used {
    until_ms: u64,
}

impl Record for Used {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "until", on: &["until_ms"] }], ..Spec::local("used_init_data") };
}

pub(super) fn declare(schema: Schema) -> Schema {
    schema.with::<Used>()
}

impl Accounts {
    /// Whether it was used already.
    ///
    /// # Errors
    /// What the store says.
    pub fn is_used(&self, init_data: &InitData) -> Result<bool, AccountError> {
        Ok(self.store.view(|view| view.of::<Used>().get(init_data.id))??.is_some())
    }

    /// Uses it up, for whom it names as they are known. False: somebody did before, or they are somebody else by now.
    ///
    /// # Errors
    /// What the store says.
    pub fn use_init_data(
        &self,
        init_data: &InitData,
        user: &Entry<MessengerUser>,
        now: Now,
    ) -> Result<bool, AccountError> {
        let mut writes = Writes::new();
        writes.create(init_data.id, &Used { until_ms: init_data.until_ms }).unchanged(user);
        match self.store.commit(now, writes) {
            Ok(_) => Ok(true),
            Err(CommitError::Refused(Refusal::Exists { .. } | Refusal::Changed { .. })) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    /// Forgets what is too old by now to be used again. Returns how much.
    pub(super) fn forget_used(&self, at_once: usize, now: Now) -> Result<usize, AccountError> {
        let over = Query::on("until").below(now.ms + 1).limit(at_once);
        let mut forgotten = 0;
        loop {
            let used = self.store.view(|view| view.of::<Used>().find(&over))??.entries;
            if used.is_empty() {
                return Ok(forgotten);
            }
            forgotten += used.len();
            let mut writes = Writes::new();
            for Entry { id, .. } in used {
                writes.remove::<Used>(id);
            }
            self.store.commit(now, writes)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOKEN: &str = "7342037359:AAHI25ES9xCOMPokpYoz-p8XVrZUdygo2J4";
    const AT_S: u64 = 1_780_000_000;

    fn at(seconds: i64) -> Now {
        let ms = (i64::try_from(AT_S).unwrap() + seconds) * 1_000;
        Now { ms: u64::try_from(ms).unwrap(), trusted: true }
    }

    /// Signs fields as Telegram does.
    fn sign(fields: &[(&str, &str)]) -> String {
        let mut fields: Vec<_> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        fields.sort_unstable();
        let hash = InitDataKey::new(TOKEN).0.chain_update(lines(&fields)).finalize().into_bytes();
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .append_pair("hash", &hash)
            .finish()
    }

    fn said(user: &str) -> String {
        let date = AT_S.to_string();
        let fields =
            [("user", user), ("query_id", "AAE"), ("auth_date", date.as_str()), ("signature", "x_-")];
        sign(&fields)
    }

    fn read(init_data: &str, seconds: i64) -> Result<i64, BadInitData> {
        InitDataKey::new(TOKEN).read(init_data, at(seconds)).map(|said| said.user)
    }

    const ANNA: &str =
        r#"{"id":4000000001,"first_name":"Анна 🌲","last_name":"O'Нил & Ко","language_code":"ru"}"#;

    #[test]
    fn what_telegram_signed_is_read() {
        assert_eq!(read(&said(ANNA), 0), Ok(4_000_000_001));
        // Made with another program: Python's hmac, hashlib and urllib.
        let other = include_str!("../../tests/data/init_data.txt").trim();
        assert_eq!(read(other, 0), Ok(279_058_397));
        // Of another bot.
        assert_eq!(InitDataKey::new("1:x").read(other, at(0)), Err(BadInitData::Forged));
    }

    #[test]
    fn it_is_good_for_five_minutes() {
        let said = said(ANNA);
        assert_eq!([read(&said, 299), read(&said, -60)], [Ok(4_000_000_001); 2]);
        assert_eq!([read(&said, 300), read(&said, -61)], [Err(BadInitData::Old); 2]);
    }

    #[test]
    fn what_is_missing_twice_or_senseless_counts_for_nothing() {
        let date = AT_S.to_string();
        let (user, date) = (("user", ANNA), ("auth_date", date.as_str()));
        let check = |fields: &[(&str, &str)]| {
            assert_eq!(read(&sign(fields), 0), Err(BadInitData::Forged), "{fields:?}");
        };
        check(&[]);
        check(&[user]);
        check(&[date]);
        check(&[user, ("auth_date", "")]);
        check(&[user, ("auth_date", "-1")]);
        check(&[date, ("user", "{}")]);
        check(&[date, ("user", "4000000001")]);
        check(&[date, ("user", r#"{"id":"4000000001"}"#)]);
        check(&[user, date, date]);
        check(&[user, date, ("", "x")]);
        check(&[user, date, ("start_param", "a\nb")]);
        for senseless in ["", "hash", "hash=", "hash=0", "hash=zz", "&&&", "\u{0}"] {
            assert_eq!(read(senseless, 0), Err(BadInitData::Forged), "{senseless}");
        }
        assert_eq!(read(&"x".repeat(LONGEST + 1), 0), Err(BadInitData::Forged));
        // A second signature, be it the right one.
        let signed = said(ANNA);
        let hash = signed.rsplit_once('&').unwrap().1;
        assert_eq!(read(&format!("{signed}&{hash}"), 0), Err(BadInitData::Forged));
    }

    #[test]
    fn the_key_shows_nothing() {
        assert_eq!(format!("{:?}", InitDataKey::new(TOKEN)), "InitDataKey");
    }

    proptest! {
        #[test]
        fn any_other_byte_is_refused(user in ".{0,40}", place in any::<prop::sample::Index>(), byte in 0x20u8..0x7f) {
            let user = serde_json::json!({ "id": 7, "first_name": user }).to_string();
            let said = said(&user);
            prop_assert_eq!(read(&said, 0), Ok(7));
            let mut other = said.clone().into_bytes();
            let place = place.index(other.len());
            other[place] = byte;
            let other = String::from_utf8(other).unwrap();
            let fields = |text: &str| Signed::of(text).map(|signed| (signed.fields, signed.hash));
            // Another way to write the same (`%7b`, a capital digit) says the same.
            if fields(&other) != fields(&said) {
                prop_assert_eq!(read(&other, 0), Err(BadInitData::Forged));
            }
        }

        #[test]
        fn the_order_says_nothing(order in Just(vec![0, 1, 2, 3, 4]).prop_shuffle()) {
            let said = said(ANNA);
            let parts: Vec<&str> = said.split('&').collect();
            let other: Vec<&str> = order.iter().map(|place| parts[*place]).collect();
            let key = InitDataKey::new(TOKEN);
            // It is the same, so that it is used once however it is written.
            prop_assert_eq!(key.read(&other.join("&"), at(0)), key.read(&said, at(0)));
        }

        #[test]
        fn nothing_that_is_not_signed_is_read(text in any::<String>()) {
            prop_assert_eq!(read(&text, 0), Err(BadInitData::Forged));
        }
    }
}
