//! The two ceremonies of passkeys (WebAuthn): one is added, one signs in. Each begins with a challenge that we draw and ends
//! with what a device made of it.
//!
//! Invariants: a challenge is good for five minutes, once; there are no more of them than there is memory for. They do not
//! outlive the program: then the ceremony is begun anew.
//!
//! What must never be here: whose a passkey is ([`super::Accounts`] knows).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use dwellers_replica::{Now, RecordId};
use serde_json::{Value, json};
use url::Url;
use webauthn_rs::prelude::{
    AuthenticationResult, CredentialID, DiscoverableAuthentication, Passkey as Key, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::config::Http;

/// How long a challenge is good.
const LASTS_MS: u64 = 5 * 60_000;
/// The most that are open at a time.
const MOST: usize = 10_000;

/// Those that are under way.
pub struct Ceremonies {
    webauthn: Webauthn,
    open: Mutex<HashMap<RecordId, Open>>,
}

struct Open {
    state: State,
    until_ms: u64,
}

enum State {
    Adding(PasskeyRegistration),
    SigningIn(DiscoverableAuthentication),
}

/// Why a ceremony comes to nothing.
#[derive(Debug, thiserror::Error)]
pub enum CeremonyError {
    /// It was not begun, was ended before, or too long ago.
    #[error("there is no such challenge any more")]
    Ended,
    /// As many as there may be are open.
    #[error("too many challenges are open")]
    TooMany,
    /// The counter of the passkey has not gone on: there may be a copy of it.
    #[error("the counter of this passkey has not gone on")]
    Copied,
    /// What the device says is not what was asked, or not signed with that key.
    #[error("this is no proof: {0}")]
    Wrong(WebauthnError),
}

impl From<WebauthnError> for CeremonyError {
    fn from(why: WebauthnError) -> Self {
        match why {
            WebauthnError::CredentialPossibleCompromise => CeremonyError::Copied,
            other => CeremonyError::Wrong(other),
        }
    }
}

impl Ceremonies {
    /// Where people come to this cloud. Nothing where they come by a number: a passkey belongs to a name. On the machine
    /// itself that is `localhost`.
    pub fn new(http: &Http) -> Option<Ceremonies> {
        let url = http.address().parse::<Url>().ok()?;
        let number = url.host_str()?.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        let origin = match number {
            Some(number) if number.is_loopback() || number.is_unspecified() => {
                let mut here = url.clone();
                here.set_host(Some("localhost")).ok()?;
                here
            }
            Some(_) => return None,
            None => url,
        };
        let name = origin.host_str()?.to_owned();
        let webauthn = WebauthnBuilder::new(&name, &origin).ok()?.rp_name("Dwellers").build().ok()?;
        Some(Ceremonies { webauthn, open: Mutex::default() })
    }

    /// Begins to add a passkey in a session, in the place of what was begun there before. Returns what
    /// `navigator.credentials.create` takes (`PublicKeyCredentialCreationOptionsJSON`). `known` are those that the account
    /// has: no device takes a second one.
    ///
    /// # Errors
    /// Too many are open.
    pub fn begin_to_add(
        &self,
        session: RecordId,
        account: RecordId,
        name: &str,
        known: Vec<CredentialID>,
        now: Now,
    ) -> Result<Value, CeremonyError> {
        let id = Uuid::from_bytes(account.to_bytes());
        let (options, state) = self.webauthn.start_passkey_registration(id, name, name, Some(known))?;
        self.keep(session, State::Adding(state), now)?;
        let mut options = json!(options.public_key);
        // The device must find it without being told whom it is for: nobody types a name.
        options["authenticatorSelection"]["residentKey"] = "required".into();
        options["authenticatorSelection"]["requireResidentKey"] = true.into();
        Ok(options)
    }

    /// What a device answers to that.
    ///
    /// # Errors
    /// It is no answer to what was begun in this session.
    pub fn add(
        &self,
        session: RecordId,
        answer: &RegisterPublicKeyCredential,
        now: Now,
    ) -> Result<Key, CeremonyError> {
        match self.take(session, now) {
            Some(State::Adding(state)) => Ok(self.webauthn.finish_passkey_registration(answer, &state)?),
            _ => Err(CeremonyError::Ended),
        }
    }

    /// Begins to sign somebody in; `id` is drawn by chance. Returns what `navigator.credentials.get` takes
    /// (`PublicKeyCredentialRequestOptionsJSON`).
    ///
    /// # Errors
    /// Too many are open.
    pub fn begin_to_sign_in(&self, id: RecordId, now: Now) -> Result<Value, CeremonyError> {
        let (options, state) = self.webauthn.start_discoverable_authentication()?;
        self.keep(id, State::SigningIn(state), now)?;
        Ok(json!(options.public_key))
    }

    /// By what name a device answers to that, and for which account. Nothing of it is proved yet.
    ///
    /// # Errors
    /// It names none.
    pub fn named<'a>(&self, answer: &'a PublicKeyCredential) -> Result<(RecordId, &'a [u8]), CeremonyError> {
        let (account, credential) = self.webauthn.identify_discoverable_authentication(answer)?;
        Ok((RecordId::from_bytes(*account.as_bytes()), credential))
    }

    /// Whether it was signed with this key. The challenge is used up.
    ///
    /// # Errors
    /// It was not.
    pub fn sign_in(
        &self,
        id: RecordId,
        answer: &PublicKeyCredential,
        key: Option<&Key>,
        now: Now,
    ) -> Result<AuthenticationResult, CeremonyError> {
        let Some(State::SigningIn(state)) = self.take(id, now) else { return Err(CeremonyError::Ended) };
        let key = key.ok_or(CeremonyError::Wrong(WebauthnError::CredentialNotFound))?;
        Ok(self.webauthn.finish_discoverable_authentication_v2(answer, state, key)?)
    }

    fn keep(&self, id: RecordId, state: State, now: Now) -> Result<(), CeremonyError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MOST {
            open.retain(|_, one| now.ms < one.until_ms);
        }
        if open.len() >= MOST && !open.contains_key(&id) {
            return Err(CeremonyError::TooMany);
        }
        open.insert(id, Open { state, until_ms: now.ms.saturating_add(LASTS_MS) });
        Ok(())
    }

    fn take(&self, id: RecordId, now: Now) -> Option<State> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&id).filter(|one| now.ms < one.until_ms).map(|one| one.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Now {
        Now { ms, trusted: true }
    }

    #[test]
    fn a_passkey_belongs_to_a_name() {
        let of = |authority: Option<&str>, listen: &str| {
            let authority = authority.map(str::to_owned);
            Ceremonies::new(&Http { listen: listen.parse().unwrap(), authority, tls: None })
                .map(|made| made.webauthn.get_allowed_origins()[0].to_string())
        };
        assert_eq!(of(Some("cloud.example:443"), "0.0.0.0:80").unwrap(), "https://cloud.example/");
        assert_eq!(of(Some("cloud.example:8443"), "0.0.0.0:80").unwrap(), "https://cloud.example:8443/");
        assert_eq!(of(None, "127.0.0.1:8080").unwrap(), "http://localhost:8080/");
        assert_eq!(of(None, "[::1]:8080").unwrap(), "http://localhost:8080/");
        assert_eq!(of(Some("192.0.2.1:443"), "0.0.0.0:80"), None);
        assert_eq!(of(Some("[2001:db8::1]:443"), "0.0.0.0:80"), None);
    }

    #[test]
    fn a_challenge_is_good_for_five_minutes_and_there_are_so_many() {
        let here = Http { listen: "127.0.0.1:8080".parse().unwrap(), authority: None, tls: None };
        let ceremonies = Ceremonies::new(&here).unwrap();
        let id = |n: usize| RecordId::new(0, n as u128);
        for n in 0..MOST {
            ceremonies.begin_to_sign_in(id(n), at(0)).unwrap();
        }
        let more = |ms| ceremonies.begin_to_sign_in(id(MOST), at(ms));
        assert!(matches!(more(LASTS_MS - 1), Err(CeremonyError::TooMany)));
        assert!(ceremonies.take(id(0), at(LASTS_MS - 1)).is_some());
        assert!(ceremonies.take(id(0), at(LASTS_MS - 1)).is_none(), "once");
        assert!(ceremonies.take(id(1), at(LASTS_MS)).is_none(), "it was good for five minutes");
        more(LASTS_MS).unwrap();
        more(LASTS_MS).unwrap();
        assert_eq!(ceremonies.open.lock().unwrap().len(), MOST - 1);
    }
}
