//! A proof is good for one key, one connection and one place.

use dwellers_link::device::{DeviceKey, Nonce, PublicKey};

#[test]
fn a_proof_is_for_this_key_this_connection_and_this_cloud() {
    let (hub, other) = (DeviceKey::new([1; 32]), DeviceKey::new([2; 32]));
    let (authority, nonce) = ("cloud.example:443", Nonce([3; 32]));
    let proof = hub.prove(authority, nonce);
    assert!(hub.public().proved(&proof, authority, nonce));
    assert!(!other.public().proved(&proof, authority, nonce));
    assert!(!hub.public().proved(&proof, authority, Nonce([4; 32])), "another connection");
    assert!(!hub.public().proved(&proof, "cloud.example:44", nonce), "another cloud");
    assert_eq!(DeviceKey::new(hub.seed()).public(), hub.public());
}

#[test]
fn keys_that_sign_everything_prove_nothing() {
    // The neutral point (RFC 8032, small order): with it a signature of zeros would fit.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let weak = PublicKey::parse(&data_encoding::BASE64URL_NOPAD.encode(&neutral)).unwrap();
    let nonce = Nonce([0; 32]);
    for key in [[1; 32], [2; 32]] {
        assert!(!weak.proved(&DeviceKey::new(key).prove("a", nonce), "a", nonce));
    }
}

#[test]
fn people_and_records_write_it_so() {
    let key = DeviceKey::new([7; 32]).public();
    assert_eq!(PublicKey::parse(&key.text()), Some(key));
    for wrong in ["", "AA", "not base64!", &format!("{}A", key.text())] {
        assert_eq!(PublicKey::parse(wrong), None, "{wrong}");
    }
    let groups: Vec<_> = key.fingerprint().split('-').map(str::len).collect();
    assert_eq!(groups, [4, 4, 4, 4]);
    assert_ne!(key.fingerprint(), DeviceKey::new([8; 32]).public().fingerprint());
    // Neither the secret nor the whole key is in what is printed.
    let printed = format!("{:?}", DeviceKey::new([7; 32]));
    assert_eq!(printed, format!("DeviceKey({})", key.fingerprint()));
}
