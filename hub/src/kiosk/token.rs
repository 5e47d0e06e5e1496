//! Secrets that a browser carries: made of 256 random bits, known here by their hashes only.

use crate::clock;

/// What a secret is known by.
pub(super) type Key = [u8; 32];

/// A new secret, in hexadecimal digits, and its key.
pub(super) fn make() -> (String, Key) {
    let secret = blake3::Hash::from_bytes(clock::random()).to_hex().to_string();
    let key = key(&secret);
    (secret, key)
}

/// The key of a secret. Looking a hash up tells nothing about secrets that are nearly right.
pub(super) fn key(secret: &str) -> Key {
    *blake3::hash(secret.as_bytes()).as_bytes()
}
