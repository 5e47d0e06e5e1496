//! A push service, and the browsers behind it: over real TLS, decrypting as a browser would (RFC 8291) and checking who sends
//! (RFC 8292).

use std::collections::{BTreeMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dwellers_cloud::clock::random;
use dwellers_cloud::notify::push;
use rcgen::CertifiedKey;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::{TlsAcceptor, rustls};
use web_push_native::jwt_simple::algorithms::{ECDSAP256PublicKeyLike, ES256PublicKey};
use web_push_native::jwt_simple::prelude::{NoCustomClaims, VerificationOptions};
use web_push_native::{Auth, p256};

/// What it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Answer(u16),
    /// With `Retry-After`, in seconds.
    Later(u16, u64),
    /// Takes it and says nothing.
    Silent,
    /// Sends elsewhere.
    Redirect(String),
}

/// What a browser got.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    /// Which of the browsers.
    pub(crate) browser: usize,
    pub(crate) headers: BTreeMap<String, String>,
    /// What it shows.
    pub(crate) shown: Value,
}

type Manners = dyn Fn(usize, usize) -> Manner + Send + Sync;

struct Browser {
    secret: p256::SecretKey,
    auth: [u8; 16],
}

pub(crate) struct Service {
    at: SocketAddr,
    certificate: reqwest::Certificate,
    inner: Arc<Inner>,
    _runtime: Runtime,
}

#[derive(Default)]
struct Inner {
    browsers: Mutex<Vec<Browser>>,
    got: Mutex<Vec<Got>>,
    manners: Mutex<Option<Arc<Manners>>>,
    asked: Mutex<Vec<usize>>,
}

/// The name that it has in the world.
const NAME: &str = "push.example.org";

impl Service {
    pub(crate) fn start() -> Service {
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![cert.der().clone()],
                rustls::pki_types::PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap(),
            )
            .unwrap();
        let certificate = reqwest::Certificate::from_der(cert.der()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let at = listener.local_addr().unwrap();
        let inner = Arc::new(Inner::default());
        let (acceptor, serving) = (TlsAcceptor::from(Arc::new(config)), inner.clone());
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, serving) = (acceptor.clone(), serving.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serving.serve(stream).await;
                    }
                });
            }
        });
        Service { at, certificate, inner, _runtime: runtime }
    }

    /// A client that finds it, and trusts it; careful for the rest.
    pub(crate) fn client(&self) -> reqwest::Client {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let careful = push::careful().tls_certs_only([self.certificate.clone()]);
        careful.dns_resolver(Arc::new(Here(self.at))).timeout(Duration::from_secs(2)).build().unwrap()
    }

    /// A new browser's subscription, as it gives it.
    pub(crate) fn browser(&self) -> Value {
        let browser = Browser { secret: secret(), auth: random() };
        let key =
            p256::elliptic_curve::sec1::ToEncodedPoint::to_encoded_point(&browser.secret.public_key(), false);
        let keys = json!({
            "p256dh": URL_SAFE_NO_PAD.encode(key.as_bytes()),
            "auth": URL_SAFE_NO_PAD.encode(browser.auth),
        });
        let mut browsers = self.inner.browsers.lock().unwrap();
        browsers.push(browser);
        let endpoint = format!("https://{NAME}/to/{}", browsers.len() - 1);
        json!({ "endpoint": endpoint, "expirationTime": null, "keys": keys })
    }

    /// How it treats the how many-th message to a browser, both from 0.
    pub(crate) fn manners(&self, manners: impl Fn(usize, usize) -> Manner + Send + Sync + 'static) {
        *self.inner.manners.lock().unwrap() = Some(Arc::new(manners));
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.inner.got.lock().unwrap().clone()
    }

    pub(crate) fn asked(&self) -> usize {
        self.inner.asked.lock().unwrap().len()
    }

    /// The tags of what browsers show: what has the tag of another takes its place.
    pub(crate) fn tags(&self) -> HashSet<(usize, String)> {
        self.got()
            .into_iter()
            .map(|got| (got.browser, got.shown["tag"].as_str().unwrap().to_owned()))
            .collect()
    }
}

fn secret() -> p256::SecretKey {
    loop {
        if let Ok(secret) = p256::SecretKey::from_slice(&random::<32>()) {
            return secret;
        }
    }
}

/// Every name is here.
struct Here(SocketAddr);

impl Resolve for Here {
    fn resolve(&self, _: Name) -> Resolving {
        let at = self.0;
        Box::pin(async move { Ok(Box::new(std::iter::once(at)) as Addrs) })
    }
}

impl Inner {
    async fn serve(&self, mut stream: tokio_rustls::server::TlsStream<tokio::net::TcpStream>) {
        while let Some((path, headers, body)) = request(&mut stream).await {
            let browser: usize = path.rsplit('/').next().unwrap().parse().unwrap();
            let nth = {
                let mut asked = self.asked.lock().unwrap();
                asked.push(browser);
                asked.iter().filter(|one| **one == browser).count() - 1
            };
            let manners = self.manners.lock().unwrap().clone();
            let manner = manners.map_or(Manner::Answer(201), |manners| manners(browser, nth));
            if matches!(manner, Manner::Silent | Manner::Answer(200..300)) {
                let got = self.read(browser, headers, &body);
                self.got.lock().unwrap().push(got);
            }
            let head = match manner {
                Manner::Answer(status) => format!("{status} x"),
                Manner::Later(status, seconds) => format!("{status} x\r\nretry-after: {seconds}"),
                Manner::Redirect(to) => format!("307 x\r\nlocation: {to}"),
                Manner::Silent => {
                    // Until the other end has enough of it.
                    let _ = stream.read(&mut [0; 1]).await;
                    return;
                }
            };
            let answer = format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n");
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    /// As the browser does: only what is encrypted for it and signed by whom it subscribed to.
    fn read(&self, browser: usize, headers: BTreeMap<String, String>, body: &[u8]) -> Got {
        let browsers = self.browsers.lock().unwrap();
        let Browser { secret, auth } = &browsers[browser];
        assert_eq!(headers["content-encoding"], "aes128gcm");
        assert!(body.len() <= 4_096);
        let plain = web_push_native::decrypt(body.to_vec(), secret, &Auth::from(*auth)).unwrap();
        let signed = headers["authorization"].strip_prefix("vapid t=").unwrap();
        let (token, key) = signed.split_once(", k=").unwrap();
        let key = ES256PublicKey::from_bytes(&URL_SAFE_NO_PAD.decode(key).unwrap()).unwrap();
        let options = VerificationOptions {
            allowed_audiences: Some([format!("https://{NAME}")].into()),
            ..VerificationOptions::default()
        };
        let claims = key.verify_token::<NoCustomClaims>(token, Some(options)).unwrap();
        let (issued, expires) = (claims.issued_at.unwrap(), claims.expires_at.unwrap());
        assert!((expires - issued).as_secs() <= 24 * 3_600, "services refuse longer ones");
        let contact = claims.subject.unwrap();
        assert!(contact.starts_with("mailto:") || contact.starts_with("https:"), "{contact}");
        Got { browser, headers, shown: serde_json::from_slice(&plain).unwrap() }
    }
}

async fn request(
    stream: &mut (impl AsyncReadExt + Unpin),
) -> Option<(String, BTreeMap<String, String>, Vec<u8>)> {
    let mut read = Vec::new();
    let end = loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        let mut some = [0; 1_024];
        match stream.read(&mut some).await {
            Ok(count) if count > 0 => read.extend_from_slice(&some[..count]),
            _ => return None,
        }
    };
    let head = String::from_utf8(read[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut body = read[end + 4..].to_vec();
    let length: usize = headers["content-length"].parse().unwrap();
    let mut rest = vec![0; length - body.len()];
    stream.read_exact(&mut rest).await.ok()?;
    body.extend(rest);
    Some((path, headers, body))
}
