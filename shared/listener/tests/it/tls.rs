//! TLS: the happy path, those who talk of something else, and certificates that cannot be served.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use dwellers_listener::{Count, Limits, Security, tls};
use rcgen::{CertificateParams, CertifiedKey, KeyPair};
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::{TlsConnector, rustls};

use crate::client::{Client, within};
use crate::house::{House, SHORT_MS, patient};

/// A certificate for `localhost`, on disk as an administrator would have it.
pub(crate) struct Pki {
    folder: tempfile::TempDir,
    issued: CertifiedKey<KeyPair>,
}

impl Pki {
    pub(crate) fn new() -> Self {
        let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let pki = Pki { folder: tempfile::tempdir().unwrap(), issued };
        pki.file("cert.pem", &pki.issued.cert.pem());
        pki.file("key.pem", &pki.issued.signing_key.serialize_pem());
        pki
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn server(&self) -> Arc<rustls::ServerConfig> {
        tls::load(&self.folder.path().join("cert.pem"), &self.folder.path().join("key.pem")).unwrap()
    }

    /// The client's half of a handshake.
    pub(crate) async fn connect(
        &self,
        socket: TcpStream,
        alpn: &[&[u8]],
    ) -> io::Result<Client<TlsStream<TcpStream>>> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.issued.cert.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
        let name = ServerName::try_from("localhost").unwrap();
        within(TlsConnector::from(Arc::new(config)).connect(name, socket)).await.map(Client)
    }
}

#[tokio::test]
async fn a_request_over_tls_is_answered_and_known_as_such() {
    let pki = Pki::new();
    let house = House::open(Security::Tls(pki.server()), patient()).await;
    for alpn in [&[b"h2".as_slice(), b"http/1.1"][..], &[b"http/1.1"], &[]] {
        let socket = Client::connect(house.addr).await.0;
        let from = socket.local_addr().unwrap();
        let mut client = pki.connect(socket, alpn).await.unwrap();
        let chosen = client.0.get_ref().1.alpn_protocol();
        assert_eq!(chosen, (!alpn.is_empty()).then_some(b"http/1.1".as_slice()));
        for _ in 0..2 {
            assert_eq!(String::from_utf8(client.get("/who").await.body).unwrap(), format!("{from} true"));
        }
    }
    house.has_open(0).await;
    assert_eq!(house.close().await.cut, 0);
}

#[tokio::test]
async fn an_idle_client_is_told_goodbye() {
    let pki = Pki::new();
    let house =
        House::open(Security::Tls(pki.server()), Limits { idle_timeout_ms: SHORT_MS, ..patient() }).await;
    let mut client = pki.connect(Client::connect(house.addr).await.0, &[]).await.unwrap();
    client.get("/hello").await;
    // rustls takes an end without the word for an attack, and says so.
    let mut rest = Vec::new();
    within(tokio::io::AsyncReadExt::read_to_end(&mut client.0, &mut rest)).await.unwrap();
    house.counts(Count::IdleClosed, 1).await;
}

#[tokio::test]
async fn who_does_not_speak_tls_is_closed_and_others_are_answered() {
    let pki = Pki::new();
    let limits = Limits { handshake_timeout_ms: SHORT_MS, ..patient() };
    let house = House::open(Security::Tls(pki.server()), limits).await;

    let mut silent = Client::connect(house.addr).await;
    silent.is_hung_up_on().await;
    house.counts(Count::HandshakeTimeout, 1).await;

    // The first bytes of a handshake, and then nothing.
    let mut half = Client::connect(house.addr).await;
    half.send(b"\x16\x03\x01\x02\x00\x01").await;
    half.rest().await;
    house.counts(Count::HandshakeTimeout, 2).await;

    let mut plain = Client::connect(house.addr).await;
    plain.send(b"GET /hello HTTP/1.1\r\nhost: test\r\n\r\n").await;
    assert!(!plain.rest().await.starts_with(b"HTTP"), "plain HTTP was answered on a port for TLS");
    house.counts(Count::HandshakeFailed, 1).await;

    let socket = Client::connect(house.addr).await.0;
    let error = pki.connect(socket, &[b"h2"]).await.err().expect("HTTP/2 is not offered");
    assert!(error.to_string().contains("NoApplicationProtocol"), "{error}");
    house.counts(Count::HandshakeFailed, 2).await;

    house.has_open(0).await;
    let mut good = pki.connect(Client::connect(house.addr).await.0, &[]).await.unwrap();
    assert_eq!(good.get("/hello").await.status, 200);
}

#[tokio::test]
async fn a_handshake_does_not_hold_up_a_shutdown() {
    let pki = Pki::new();
    let house = House::open(Security::Tls(pki.server()), patient()).await;
    let mut silent = Client::connect(house.addr).await;
    house.has_open(1).await;
    assert_eq!(house.close().await.cut, 0);
    silent.is_hung_up_on().await;
}

#[test]
fn what_is_wrong_with_a_certificate_is_said() {
    let pki = Pki::new();
    let (cert, key) = (pki.folder.path().join("cert.pem"), pki.folder.path().join("key.pem"));
    let check = |cert: &PathBuf, key: &PathBuf, file: &PathBuf, expected: &str| {
        let error = tls::load(cert, key).expect_err(expected).to_string();
        assert!(error.contains(file.to_str().unwrap()) && error.contains(expected), "{expected}: {error}");
    };
    let missing = pki.folder.path().join("missing.pem");
    check(&missing, &key, &missing, "cannot be read");
    check(&cert, &missing, &missing, "cannot be read");
    // The two exchanged.
    check(&key, &key, &key, "holds no certificate");
    check(&cert, &cert, &cert, "holds no private key");
    let other = pki.file("other.pem", &KeyPair::generate().unwrap().serialize_pem());
    check(&cert, &other, &other, "is not the key of the certificate");
    let text = fs::read_to_string(&cert).unwrap();
    let cut_off = pki.file("cut-off.pem", &text[..text.len() - 40]);
    check(&cut_off, &key, &cut_off, "not in the PEM format");
    let noise = pki.file("noise.pem", &text.replace(char::is_lowercase, "!"));
    check(&noise, &key, &noise, "not in the PEM format");
    let sealed = pki.file(
        "sealed.pem",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    );
    check(&cert, &sealed, &sealed, "without a passphrase");
    let hollow = pki.file("hollow.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    check(&hollow, &key, &hollow, "hollow.pem with");
}

#[test]
fn an_expired_certificate_is_served() {
    let pki = Pki::new();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(1999, 1, 1);
    params.not_after = rcgen::date_time_ymd(2000, 1, 1);
    let expired = params.self_signed(&pki.issued.signing_key).unwrap();
    let expired = pki.file("expired.pem", &expired.pem());
    tls::load(&expired, &pki.folder.path().join("key.pem")).unwrap();
}
