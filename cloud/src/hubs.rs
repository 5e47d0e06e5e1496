//! A community's hubs: how a device comes to be one, and how it ceases to.
//!
//! An administrator asks for a code ([`dwellers_link::enrolment`]); who types it at the gatehouse sends it with the hub's
//! public key and replica id, and the replica is registered with that key. A community has one code at a time: a new one
//! takes the place of the one before. After five wrong tries it is void. Revoking a device fixes the last sequence that is
//! taken of it ([`dwellers_replica::Replica::retire`]); its key never connects again.
//!
//! What must never be here: a code in the clear; a socket.

use dwellers_link::device::PublicKey;
use dwellers_link::enrolment::{Code, LASTS_MS, TRIES};
use dwellers_replica::builtin::Registration;
use dwellers_replica::{
    CommitError, Entry, Index, Now, Query, ReadError, Record, RecordId, Refusal, ReplicaId, Role, Schema,
    Spec, StoreError, Writes,
};
use serde::{Deserialize, Serialize};

use crate::communities::Community;

/// The code of a community; its one record. Local: hubs have no use for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Invitation {
    /// The keyed hash, in hex; empty where the code was used or is void.
    pub hash: String,
    /// The key of the hash, in hex.
    pub key: String,
    /// Until when, in milliseconds since 1970.
    pub until_ms: u64,
    /// Wrong tries so far.
    pub tries: u32,
    /// What the hub is to be called.
    pub label: String,
}

impl Record for Invitation {
    const SPEC: Spec = Spec::local("invitations");
}

impl Invitation {
    const ID: RecordId = RecordId::new(0, 1);
}

/// A device that belongs, or belonged, to the community. Local.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// What people call it.
    pub label: String,
    /// Its public key, as [`PublicKey::text`] writes it: unique.
    pub key: String,
    /// The replica under which it was enrolled; it may have taken others since.
    pub replica: Option<ReplicaId>,
    /// When, in milliseconds since 1970.
    pub enrolled_ms: u64,
    /// When it was revoked; 0: it was not.
    pub revoked_ms: u64,
}

impl Record for Device {
    const SPEC: Spec = Spec { indexes: &[Index { name: "key", on: &["key"] }], ..Spec::local("devices") };
}

/// Why somebody is not enrolled, or a device not found.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// There is no such code (any more). Which of the reasons it is, is not said to who guesses.
    #[error("this code is not right, or no longer: ask an administrator for a new one")]
    Code,
    /// The key is a device's already.
    #[error("this hub was enrolled before; one that was revoked begins anew, with an empty data folder")]
    Known,
    /// No such device.
    #[error("there is no hub «{0}» in this community")]
    Unknown(String),
    /// Its store does not take it.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Its store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the records of this module known.
pub fn declare(schema: Schema) -> Schema {
    schema.with::<Invitation>().with::<Device>()
}

/// Chance, as it is needed here.
pub struct Drawn {
    /// The code's.
    pub code: [u8; 5],
    /// The key's of its hash.
    pub key: [u8; 32],
}

impl Community {
    /// A new code, in the place of any before; `label` is what the hub is to be called.
    ///
    /// # Errors
    /// What the store says.
    pub fn invite_hub(&self, label: &str, drawn: &Drawn, now: Now) -> Result<Code, HubError> {
        let code = Code::draw(drawn.code);
        let invitation = Invitation {
            hash: hex(&code.hash(&drawn.key)),
            key: hex(&drawn.key),
            until_ms: now.ms.saturating_add(LASTS_MS),
            tries: 0,
            label: label.trim().to_owned(),
        };
        let mut writes = Writes::new();
        match self.invitation()? {
            Some(before) => writes.update(&before, |record| *record = invitation),
            None => writes.create(Invitation::ID, &invitation),
        };
        self.store.commit(now, writes)?;
        Ok(code)
    }

    /// Makes the device of a key a hub of the community, as the replica that it says it is.
    ///
    /// # Errors
    /// The code is not right, or the key was enrolled before.
    pub fn enrol(
        &self,
        code: &Code,
        key: PublicKey,
        replica: ReplicaId,
        entropy: u128,
        now: Now,
    ) -> Result<Device, HubError> {
        let invitation = self.invitation()?.ok_or(HubError::Code)?;
        let Invitation { hash, key: keyed, until_ms, tries, label } = &invitation.value;
        if hash.is_empty() || now.ms >= *until_ms || *tries >= TRIES {
            return Err(HubError::Code);
        }
        let right = unhex(keyed).is_some_and(|keyed| hex(&code.hash(&keyed)) == *hash);
        if !right {
            let mut writes = Writes::new();
            writes.unchanged(&invitation).update(&invitation, |record| record.tries += 1);
            return match self.store.commit(now, writes) {
                // Of tries at the same moment each counts one: who lost the race is refused all the same.
                Ok(_) | Err(CommitError::Refused(Refusal::Changed { .. })) => Err(HubError::Code),
                Err(other) => Err(other.into()),
            };
        }
        let device = Device {
            label: label.clone(),
            key: key.text(),
            replica: Some(replica),
            enrolled_ms: now.ms,
            revoked_ms: 0,
        };
        let registration = Registration { role: Some(Role::Hub), key: key.text(), succeeds: None };
        let mut writes = Writes::new();
        // One use: whoever comes second finds the invitation changed.
        writes.unchanged(&invitation).update(&invitation, |record| record.hash.clear());
        writes.absent::<Device>("key", [device.key.as_str().into()]);
        writes.create(RecordId::new(now.ms, entropy), &device);
        writes.create(replica, &registration);
        match self.store.commit(now, writes) {
            Ok(_) => Ok(device),
            Err(CommitError::Refused(Refusal::Changed { .. })) => Err(HubError::Code),
            Err(CommitError::Refused(Refusal::Taken { .. } | Refusal::Exists { .. })) => Err(HubError::Known),
            Err(other) => Err(other.into()),
        }
    }

    /// The devices, those that were revoked among them, in the order of their enrolment.
    ///
    /// # Errors
    /// What the store says.
    pub fn devices(&self) -> Result<Vec<Entry<Device>>, HubError> {
        let mut devices = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.store.view(|view| {
                view.of::<Device>().find(&Query::on("key").after(cursor.clone()).limit(100))
            })??;
            devices.extend(page.entries);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        devices.sort_by_key(|device| device.id);
        Ok(devices)
    }

    /// The device of a key, revoked or not.
    ///
    /// # Errors
    /// What the store says.
    pub fn device(&self, key: PublicKey) -> Result<Option<Entry<Device>>, HubError> {
        let page = self
            .store
            .view(|view| view.of::<Device>().find(&Query::on("key").equal(key.text().as_str()).limit(1)))??;
        Ok(page.entries.into_iter().next())
    }

    /// Revokes a device, by its label or its key's fingerprint: no stamp of its replicas is taken beyond what is known
    /// here now.
    ///
    /// # Errors
    /// There is none, or the store does not take it.
    pub fn revoke_hub(&self, named: &str, entropy: fn() -> u128, now: Now) -> Result<Device, HubError> {
        let is_it = |device: &Entry<Device>| {
            let fingerprint = PublicKey::parse(&device.value.key).map(|key| key.fingerprint());
            device.value.revoked_ms == 0
                && (device.value.label == named.trim() || fingerprint.as_deref() == Some(named.trim()))
        };
        let device = self.devices()?.into_iter().find(is_it);
        let device = device.ok_or_else(|| HubError::Unknown(named.trim().to_owned()))?;
        // First the key, then the stamps: what comes between is still cut off at the head as it is then.
        let mut writes = Writes::new();
        writes.update(&device, |record| record.revoked_ms = now.ms.max(1));
        self.store.commit(now, writes)?;
        for replica in self.replicas_of(&device.value.key)? {
            let id = RecordId::new(now.ms, entropy());
            self.store.with(move |store| store.retire(id, replica, now))??;
        }
        Ok(device.value)
    }

    /// All replicas that a device was registered as: it takes a new one where its disk was restored.
    fn replicas_of(&self, key: &str) -> Result<Vec<ReplicaId>, HubError> {
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.store.view(|view| {
                let query = Query::on("key").equal(key).after(cursor.clone());
                view.of::<Registration>().find(&query)
            })??;
            found.extend(page.entries.iter().map(|entry| entry.id));
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(found),
            }
        }
    }

    fn invitation(&self) -> Result<Option<Entry<Invitation>>, HubError> {
        Ok(self.store.view(|view| view.of::<Invitation>().get(Invitation::ID))??)
    }
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let byte = |at: usize| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
    bytes?.try_into().ok()
}
