//! Certificates from files. Every error names the file and says what would be right.
//!
//! Invariants: the provider is `ring`, named explicitly; the only protocol offered is HTTP/1.1; a certificate
//! that expired is served all the same, because a gatehouse with a wrong clock must still open and its people
//! can judge the warning.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls_pki_types::pem::{self, PemObject};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls;

/// Why a certificate cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file is missing or may not be read.
    #[error("{}: cannot be read ({source}); the service's user must be able to read it", file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no PEM, or damaged.
    #[error("{}: is not in the PEM format ({what})", file.display())]
    NotPem {
        /// Which file.
        file: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// No certificate among the file's sections.
    #[error(
        "{}: holds no certificate; the whole chain is needed, the server's own first, each as a section \
         \"BEGIN CERTIFICATE\"",
        file.display()
    )]
    NoCertificate {
        /// Which file.
        file: PathBuf,
    },
    /// No private key among the file's sections.
    #[error(
        "{}: holds no private key; one section \"BEGIN PRIVATE KEY\", \"BEGIN EC PRIVATE KEY\" or \
         \"BEGIN RSA PRIVATE KEY\" is needed, without a passphrase",
        file.display()
    )]
    NoKey {
        /// Which file.
        file: PathBuf,
    },
    /// The certificate was issued for another key.
    #[error(
        "{}: is not the key of the certificate in {}; give the key that the certificate was asked for with",
        key.display(),
        certificate.display()
    )]
    WrongKey {
        /// The file with the certificate.
        certificate: PathBuf,
        /// The file with the key.
        key: PathBuf,
    },
    /// What is in the files cannot be used.
    #[error("{} with {}: {what}", certificate.display(), key.display())]
    Unusable {
        /// The file with the certificate.
        certificate: PathBuf,
        /// The file with the key.
        key: PathBuf,
        /// What is wrong.
        what: String,
    },
}

/// A server's side of TLS 1.2 and 1.3, from PEM files with its chain of certificates and its private key.
///
/// # Errors
/// Where a file is missing, unreadable or empty of what it should hold, or the two do not belong together.
pub fn load(certificate: &Path, key: &Path) -> Result<Arc<rustls::ServerConfig>, TlsError> {
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refused(certificate, error, true))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate { file: certificate.to_owned() });
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| refused(key, error, false))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|versions| versions.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|error| {
            let (certificate, key) = (certificate.to_owned(), key.to_owned());
            match error {
                rustls::Error::InconsistentKeys(_) => TlsError::WrongKey { certificate, key },
                other => TlsError::Unusable { certificate, key, what: other.to_string() },
            }
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The error for a file. Bytes of the file are never repeated: it may be the key.
fn refused(file: &Path, error: pem::Error, wants_certificate: bool) -> TlsError {
    let file = file.to_owned();
    let what = match error {
        pem::Error::Io(source) => return TlsError::Unreadable { file, source },
        pem::Error::NoItemsFound if wants_certificate => return TlsError::NoCertificate { file },
        pem::Error::NoItemsFound => return TlsError::NoKey { file },
        pem::Error::MissingSectionEnd { .. } => "a section has no end".to_owned(),
        pem::Error::IllegalSectionStart { .. } => "a section's first line is damaged".to_owned(),
        pem::Error::Base64Decode(_) => "a section is not Base64".to_owned(),
        pem::Error::SectionTooLarge => "a section is too large".to_owned(),
        _ => "it cannot be parsed".to_owned(),
    };
    TlsError::NotPem { file, what }
}
