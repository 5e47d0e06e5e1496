//! A hub's device key: Ed25519 (RFC 8032), made on the device and never sent.
//!
//! The hub proves that it holds the key by signing what the cloud drew for this connection together with where the hub
//! thinks it is connected to, so that a false cloud cannot pass the signature on to the true one.

use std::fmt;

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// What is signed begins with this: a signature for one purpose is none for another.
const PURPOSE: &[u8] = b"dwellers link 1";

/// The secret half, and with it the device.
pub struct DeviceKey(SigningKey);

/// The half that everybody may know.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PublicKey([u8; 32]);

/// Drawn by the cloud for one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nonce(pub [u8; 32]);

/// That the holder of a key is at this end of this connection, now.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof(#[serde(with = "signature")] [u8; 64]);

impl DeviceKey {
    /// Of 32 random bytes.
    pub fn new(seed: [u8; 32]) -> DeviceKey {
        DeviceKey(SigningKey::from_bytes(&seed))
    }

    /// The bytes that it was made of, to be kept where only the hub can read them.
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Proves it on the connection to `authority` (host and port as the hub was told them) for which `nonce` was drawn.
    pub fn prove(&self, authority: &str, nonce: Nonce) -> Proof {
        Proof(self.0.sign(&signed(authority, nonce)).to_bytes())
    }
}

/// Without the secret: what is printed ends up in logs.
impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey({})", self.public())
    }
}

impl PublicKey {
    /// Whether a proof is this key's, for this connection. Weak keys, whose signatures anybody can make, have none.
    pub fn proved(&self, proof: &Proof, authority: &str, nonce: Nonce) -> bool {
        VerifyingKey::from_bytes(&self.0)
            .and_then(|key| key.verify_strict(&signed(authority, nonce), &Signature::from_bytes(&proof.0)))
            .is_ok()
    }

    /// As it is written in records and configuration: base64url without padding.
    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// Of [`PublicKey::text`].
    pub fn parse(text: &str) -> Option<PublicKey> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        Some(PublicKey(bytes.try_into().ok()?))
    }

    /// What people compare on both sides: 80 bits of the key's BLAKE3 hash, `ABCD-EFGH-IJKL-MNOP`. Who wants another key
    /// with the same has to try 2^80.
    pub fn fingerprint(&self) -> String {
        let text = BASE32_NOPAD.encode(&blake3::hash(&self.0).as_bytes()[..10]);
        let groups = text.as_bytes().chunks(4).map(|group| group.escape_ascii().to_string());
        groups.collect::<Vec<_>>().join("-")
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fingerprint())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proof")
    }
}

/// Each part with its length before it, so that none can be taken for the end of another.
fn signed(authority: &str, nonce: Nonce) -> Vec<u8> {
    let mut bytes = PURPOSE.to_vec();
    for part in [authority.as_bytes(), &nonce.0] {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part);
    }
    bytes
}

/// serde has arrays up to 32 only.
mod signature {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8; 64], to: S) -> Result<S::Ok, S::Error> {
        let (left, right): ([u8; 32], [u8; 32]) =
            (bytes[..32].try_into().expect("half"), bytes[32..].try_into().expect("half"));
        (left, right).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 64], D::Error> {
        let (left, right) = <([u8; 32], [u8; 32])>::deserialize(from)?;
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&left);
        bytes[32..].copy_from_slice(&right);
        Ok(bytes)
    }
}
