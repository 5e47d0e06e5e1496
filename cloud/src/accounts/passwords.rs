//! Passwords, and what they are known by.

use std::fmt;
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use serde::Deserialize;
use tokio::sync::Semaphore;

/// Memory in KiB and passes: OWASP's second setting for Argon2id (19 MiB, 2 passes, 1 lane).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// So many are checked at a time: each takes a processor, and its memory.
const AT_ONCE: usize = 2;
/// So many wait besides; whoever comes then is told to come back.
const WAITING: usize = 32;

/// A password that keeps to the rules. Shown nowhere.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Password(String);

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Its length (NIST SP 800-63B, 3.1.1.2).
    #[error("a password has 8 to 200 characters")]
    Length,
    /// One of those that everybody tries first.
    #[error("this password is among the first that anybody tries")]
    Guessable,
}

/// What everybody tries first, of eight characters or more, in lower case.
const GUESSABLE: &[&str] = &[
    "12345678",
    "123456789",
    "1234567890",
    "87654321",
    "password",
    "password1",
    "passw0rd",
    "qwertyui",
    "qwertyuiop",
    "qwerty123",
    "qwerty12345",
    "11111111",
    "00000000",
    "88888888",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "йцукенгш",
    "пароль123",
    "adminadmin",
    "iloveyou",
    "zaq12wsx",
    "abcd1234",
    "asdfghjk",
    "сосновка",
    "dwellers",
];

impl Password {
    /// Takes a password for an account.
    ///
    /// # Errors
    /// Where it does not keep to the rules.
    pub fn new(text: &str) -> Result<Password, BadPassword> {
        let count = text.chars().count();
        if !(8..=200).contains(&count) {
            return Err(BadPassword::Length);
        }
        let first = text.chars().next();
        let lower = text.to_lowercase();
        if GUESSABLE.contains(&lower.as_str()) || text.chars().all(|c| Some(c) == first) {
            return Err(BadPassword::Guessable);
        }
        Ok(Password(text.to_owned()))
    }
}

impl TryFrom<String> for Password {
    type Error = BadPassword;

    fn try_from(text: String) -> Result<Self, BadPassword> {
        Password::new(&text)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Where passwords are hashed and checked: a few at a time. Clones are the same.
#[derive(Clone, Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Those who wait for one.
    queue: Arc<Semaphore>,
    /// The hash of a password that nobody has.
    nobody: Arc<str>,
}

/// Too many ask at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked")]
pub struct Crowded;

impl Passwords {
    /// None are being checked. `salt` is drawn by chance.
    pub fn new(salt: [u8; 16]) -> Passwords {
        let nobody = hash(&blake3::hash(&salt).to_hex(), &salt);
        Passwords {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            nobody: nobody.into(),
        }
    }

    /// What a password is known by. `salt` is drawn by chance.
    ///
    /// # Errors
    /// Too many ask at once.
    pub async fn hash(&self, password: Password, salt: [u8; 16]) -> Result<String, Crowded> {
        self.turn(move || hash(&password.0, &salt)).await
    }

    /// Whether a password is the one. Where there is none (an empty hash), it takes as long.
    ///
    /// # Errors
    /// Too many ask at once.
    pub async fn is(&self, password: String, known_by: String) -> Result<bool, Crowded> {
        let nobody = self.nobody.clone();
        self.turn(move || match known_by.as_str() {
            "" => {
                check(&password, &nobody);
                false
            }
            known_by => check(&password, known_by),
        })
        .await
    }

    async fn turn<R: Send + 'static>(&self, work: impl FnOnce() -> R + Send + 'static) -> Result<R, Crowded> {
        let _waiting = self.queue.clone().try_acquire_owned().map_err(|_| Crowded)?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| Crowded)?;
        // The turn ends with the work, also where nobody waits for it any more.
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|_| Crowded)
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("the constants are within bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str, salt: &[u8]) -> String {
    let hash = argon2().hash_password_with_salt(password.as_bytes(), salt);
    hash.expect("a password of bounded length has a hash").to_string()
}

fn check(password: &str, known_by: &str) -> bool {
    PasswordHash::new(known_by).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_a_password() {
        for taken in ["correct horse", "тяжёлыйпароль", "x8_!kkkq"] {
            assert!(Password::new(taken).is_ok(), "{taken}");
        }
        for (text, why) in [
            ("short", BadPassword::Length),
            (&"long".repeat(51), BadPassword::Length),
            ("QWERTY123", BadPassword::Guessable),
            ("ЙЦУКЕНГШ", BadPassword::Guessable),
            ("ззззззззз", BadPassword::Guessable),
        ] {
            assert_eq!(Password::new(text).unwrap_err(), why, "{text}");
        }
        assert_eq!(format!("{:?}", Password::new("correct horse").unwrap()), "Password(…)");
    }

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_alone() {
        let passwords = Passwords::new([7; 16]);
        let password = Password::new("correct horse").unwrap();
        let (one, other) =
            (passwords.hash(password.clone(), [1; 16]).await, passwords.hash(password, [2; 16]).await);
        let (one, other) = (one.unwrap(), other.unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        assert!(passwords.is("correct horse".to_owned(), one.clone()).await.unwrap());
        assert!(!passwords.is("correct horsf".to_owned(), one).await.unwrap());
        // Nobody's: no password is right.
        assert!(!passwords.is(String::new(), String::new()).await.unwrap());
        assert!(!passwords.is("x".to_owned(), "damaged".to_owned()).await.unwrap());
    }
}
