//! PINs, their hashes, and the pepper that makes a stolen store worth nothing.
//!
//! A PIN of four digits falls to anybody who has its hash and an afternoon. Hence the pepper: 32 random bytes that
//! go into each hash and lie outside the store, so that a copy of the store or of a backup alone tells nothing.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use serde::{Deserialize, Serialize};

/// Memory in KiB and passes: OWASP's second setting for Argon2id (19 MiB, 2 passes, 1 lane). One at a time, so that
/// a Pi with 512 MB does not notice.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// A PIN that keeps to the rules. Shown nowhere; written only to the hub's own control socket.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pin(String);

/// Why a PIN is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPin {
    /// Its length, or what stands in it.
    #[error("a PIN has 4 to 8 digits and nothing else")]
    NotDigits,
    /// One of those that everybody tries first.
    #[error(
        "this PIN is among the first that anybody tries: no repeated digits (0000, 1212), no rows (1234)"
    )]
    Guessable,
}

impl Pin {
    /// Takes a PIN for a guard.
    ///
    /// # Errors
    /// Where it does not keep to the rules.
    pub fn new(text: &str) -> Result<Self, BadPin> {
        let digits = text.as_bytes();
        if !(4..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(BadPin::NotDigits);
        }
        let steps = |by: u8| digits.windows(2).all(|pair| (pair[0] - b'0' + by) % 10 == pair[1] - b'0');
        let repeats = digits.windows(3).all(|three| three[0] == three[2]);
        if repeats || steps(1) || steps(9) {
            return Err(BadPin::Guessable);
        }
        Ok(Pin(text.to_owned()))
    }

    /// Whether these are the same digits.
    pub fn is(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl TryFrom<String> for Pin {
    type Error = BadPin;

    fn try_from(text: String) -> Result<Self, BadPin> {
        Pin::new(&text)
    }
}

impl From<Pin> for String {
    fn from(pin: Pin) -> Self {
        pin.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// The key of all PINs of a hub. Shown nowhere.
#[derive(Clone)]
pub struct Pepper([u8; 32]);

impl Pepper {
    /// How many bytes it has.
    pub const BYTES: usize = 32;

    /// The pepper of these bytes.
    pub const fn new(bytes: [u8; Self::BYTES]) -> Self {
        Pepper(bytes)
    }

    /// A name that tells peppers apart and says nothing about them.
    pub fn name(&self) -> String {
        let name = blake3::derive_key("dwellers-hub 2026 name of a pepper", &self.0);
        name[..4].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The hash of a PIN as a PHC string, with `salt`.
    pub(super) fn hash(&self, pin: &Pin, salt: u128) -> String {
        let hash = self.argon2().hash_password_with_salt(pin.0.as_bytes(), &salt.to_ne_bytes());
        hash.expect("a PIN, a salt of 16 bytes and these parameters are within Argon2's limits").to_string()
    }

    /// Whether it is the PIN. Where there is no hash, it is not, after the same time.
    pub(super) fn verify(&self, pin: &str, hash: Option<&str>) -> bool {
        // Bounded, as the text comes from anybody; a PIN is shorter.
        let pin = &pin.as_bytes()[..pin.len().min(64)];
        match hash.and_then(|hash| PasswordHash::new(hash).ok()) {
            Some(hash) => self.argon2().verify_password(pin, &hash).is_ok(),
            None => {
                // The result is not the point, the time is.
                let _ = self.argon2().hash_password_with_salt(pin, &[0; 16]);
                false
            }
        }
    }

    fn argon2(&self) -> Argon2<'_> {
        let params =
            Params::new(MEMORY_KIB, PASSES, 1, None).expect("these parameters are within its limits");
        Argon2::new_with_secret(&self.0, Algorithm::Argon2id, Version::V0x13, params)
            .expect("32 bytes are within the limit of a secret")
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pepper({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_a_pin() {
        let check = |pin: &str, expected: Result<(), BadPin>| {
            assert_eq!(Pin::new(pin).map(drop), expected, "{pin}");
        };
        for pin in ["2580", "4071", "90210", "12345679", "1224", "0011"] {
            check(pin, Ok(()));
        }
        for pin in ["", "123", "123456789", "12a4", " 2580", "２５８０", "25.0", "-258"] {
            check(pin, Err(BadPin::NotDigits));
        }
        for pin in ["0000", "77777777", "1234", "4321", "7890", "0987", "12345678", "1212", "909090"] {
            check(pin, Err(BadPin::Guessable));
        }
    }

    #[test]
    fn a_hash_is_of_its_pin_its_salt_and_its_pepper() {
        let (pepper, other) = (Pepper::new([7; 32]), Pepper::new([8; 32]));
        let pin = Pin::new("2580").unwrap();
        let hash = pepper.hash(&pin, 1);
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(pepper.verify("2580", Some(&hash)));
        assert!(!pepper.verify("2581", Some(&hash)));
        assert!(!other.verify("2580", Some(&hash)), "a store without its pepper tells nothing");
        assert!(!pepper.verify("2580", None));
        assert_ne!(hash, pepper.hash(&pin, 2));
        assert_ne!(pepper.name(), other.name());
    }

    #[test]
    fn nothing_shows_them() {
        assert_eq!(format!("{:?}", Pin::new("2580").unwrap()), "Pin(…)");
        assert!(!format!("{:?}", Pepper::new([0xAB; 32])).to_lowercase().contains("abab"));
    }
}
