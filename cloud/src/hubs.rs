//! A community's hubs: how a device comes to be one, how another takes its place, and how it ceases to.
//!
//! An administrator asks for a code ([`dwellers_link::enrolment`]); who types it at the gatehouse sends it with the hub's
//! public key and replica id, and the replica is registered with that key. A community has one such code at a time.
//! Revoking a device fixes the last sequence that is taken of it ([`dwellers_replica::Replica::retire`]); its key never
//! connects again. A device in the place of another revokes that one and succeeds its replica: what the dead one counted,
//! it counts on ([`Registration::succeeds`]).
//!
//! What must never be here: a code in the clear; a socket.

use dwellers_link::device::PublicKey;
use dwellers_link::enrolment::{Code, LASTS_MS};
use dwellers_replica::builtin::{self, Registration};
use dwellers_replica::{
    CommitError, Entry, Index, Now, Query, ReadError, Record, RecordId, Refusal, ReplicaId, Role, Schema,
    Spec, StoreError, Writes,
};
use serde::{Deserialize, Serialize};

use crate::communities::{Communities, Community, CommunityError};
use crate::invitations::{By, Invitation, To};
use crate::registry::RegistryError;

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
    /// When it was last connected, as far as that was written down, in milliseconds since 1970; 0: never.
    pub seen_ms: u64,
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
    /// Its key or its replica is another device's: the folder is a copy of that one's, perhaps.
    #[error("this data folder is another hub's: a new hub begins with an empty one")]
    Known,
    /// It was revoked.
    #[error("this hub was revoked: a new one begins with an empty data folder")]
    Revoked,
    /// It is a hub of another community.
    #[error("this hub is another community's: a new one begins with an empty data folder")]
    Other,
    /// No such device.
    #[error("there is no hub «{0}» in this community")]
    Unknown(String),
    /// Another bears the name.
    #[error(
        "there is a hub «{0}» already: give this one another name, or let it take that one's place (--replace)"
    )]
    Taken(String),
    /// The name is empty, or too long.
    #[error("a hub's name has 1 to {MAX_LABEL} characters")]
    Label,
    /// The community cannot be had.
    #[error(transparent)]
    Community(#[from] Box<CommunityError>),
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

impl From<CommunityError> for HubError {
    fn from(why: CommunityError) -> HubError {
        HubError::Community(Box::new(why))
    }
}

impl From<RegistryError> for HubError {
    fn from(why: RegistryError) -> HubError {
        HubError::Community(Box::new(why.into()))
    }
}

/// The longest name of a hub, in characters.
const MAX_LABEL: usize = 60;

/// Makes the records of this module known.
pub fn declare(schema: Schema) -> Schema {
    schema.with::<Device>()
}

/// A device that asks to be a hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// Its key, which it has proved or will at its first connection.
    pub key: PublicKey,
    /// The replica that it is.
    pub replica: ReplicaId,
    /// Whose hub it is already, where it is one's.
    pub community: Option<RecordId>,
}

impl Communities {
    /// A code for a new hub of a community, in the place of any before. `label` is what the hub is to be called; with
    /// `replace` it takes the place of the one that is called so.
    ///
    /// # Errors
    /// There is no such community, or the label is taken (with `replace`: nobody's).
    pub fn invite_hub(
        &self,
        community: RecordId,
        label: &str,
        replace: bool,
        drawn: [u8; 5],
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<Code, HubError> {
        let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
        if label.is_empty() || label.chars().count() > MAX_LABEL {
            return Err(HubError::Label);
        }
        let devices = self.open(community, now)?.devices()?;
        let living = devices.iter().any(|device| device.value.label == label && device.value.revoked_ms == 0);
        let in_place_of = if replace {
            // One that was revoked (it was stolen) can be replaced later.
            let before = devices.iter().rfind(|device| device.value.label == label);
            Some(before.ok_or_else(|| HubError::Unknown(label.clone()))?.value.key.clone())
        } else if living {
            return Err(HubError::Taken(label));
        } else {
            None
        };
        let code = Code::draw(drawn);
        let to = To::Hub { label, in_place_of };
        let invitation = Invitation::new(community, to, By::Operator, LASTS_MS, now);
        self.registry().invite(code.bytes(), invitation, entropy, now)?;
        Ok(code)
    }

    /// Makes a device a hub of the community that its code is of. One that is a hub of it already, and did not hear so,
    /// stays the device that it is.
    ///
    /// # Errors
    /// The code is not right, the hub was revoked, or is another; then the code stays good and nothing is changed. Where
    /// the store fails the code may be used up: the administrator asks for another.
    pub fn enrol(
        &self,
        code: &Code,
        newcomer: &Newcomer,
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<(RecordId, Device), HubError> {
        let invitation = self.registry().invited(code.bytes(), now)?.ok_or(HubError::Code)?;
        let Invitation { community: id, to: To::Hub { label, in_place_of }, .. } = &invitation.value else {
            return Err(HubError::Code);
        };
        if newcomer.community.is_some_and(|own| own != *id) {
            return Err(HubError::Other);
        }
        let community = match self.open(*id, now) {
            // It was closed meanwhile.
            Err(CommunityError::Closed(_)) => return Err(HubError::Code),
            opened => opened?,
        };
        // Before the code is spent, and before the one whose place it takes ends.
        let known = community.judge(newcomer, in_place_of.as_deref())?;
        if !self.registry().redeem(&invitation, now)? {
            return Err(HubError::Code);
        }
        let device = match known {
            Some(known) => community.rename(&known, label, now)?,
            None => community.take_in(label, in_place_of.as_deref(), newcomer, entropy, now)?,
        };
        Ok((*id, device))
    }
}

impl Community {
    /// Whether somebody can be a hub here; the device that they are already, where they are one.
    fn judge(
        &self,
        newcomer: &Newcomer,
        in_place_of: Option<&str>,
    ) -> Result<Option<Entry<Device>>, HubError> {
        let key = newcomer.key.text();
        let device = self.device(newcomer.key)?;
        let (registered, retired) = self.registered(newcomer.replica)?;
        // A cloud that came out of a backup may know of the end of a replica, from other hubs, and not of its device's.
        let is_over = retired && registered.as_ref().is_some_and(|found| found.key == key);
        if is_over || device.as_ref().is_some_and(|device| device.value.revoked_ms > 0) {
            return Err(HubError::Revoked);
        }
        let is_own = match (&registered, &device) {
            (Some(found), _) => found.key == key,
            (None, Some(device)) => device.value.replica == Some(newcomer.replica),
            (None, None) => true,
        };
        // Who is a hub here takes nobody's place but its own.
        let takes_a_place = device.is_some() && in_place_of.is_some_and(|before| before != key);
        if is_own && !takes_a_place { Ok(device) } else { Err(HubError::Known) }
    }

    /// As what a replica is registered, and whether it was retired.
    fn registered(&self, replica: ReplicaId) -> Result<(Option<Registration>, bool), HubError> {
        Ok(self.store.view(|view| {
            let registered = view.of::<Registration>().get(replica)?.map(|found| found.value);
            Ok::<_, ReadError>((registered, builtin::retired(view, replica)?.is_some()))
        })??)
    }

    /// The replica that a device was before it became this one.
    ///
    /// # Errors
    /// What the store says.
    pub fn replaced(&self, key: PublicKey, replica: ReplicaId) -> Result<Option<ReplicaId>, HubError> {
        let is_its = |found: &Registration| found.key == key.text();
        let Some(before) = self.registered(replica)?.0.filter(is_its).and_then(|found| found.succeeds) else {
            return Ok(None);
        };
        Ok(self.registered(before)?.0.filter(is_its).map(|_| before))
    }

    /// Calls a device otherwise, unless another that is not revoked is called so.
    fn rename(&self, device: &Entry<Device>, label: &str, now: Now) -> Result<Device, HubError> {
        let is_taken = self
            .devices()?
            .iter()
            .any(|other| other.id != device.id && other.value.label == label && other.value.revoked_ms == 0);
        if is_taken || device.value.label == label {
            return Ok(device.value.clone());
        }
        let mut writes = Writes::new();
        writes.update(device, |record| label.clone_into(&mut record.label));
        self.store.commit(now, writes)?;
        Ok(Device { label: label.to_owned(), ..device.value.clone() })
    }

    /// A new device, in the place of another where it comes in one's.
    fn take_in(
        &self,
        label: &str,
        in_place_of: Option<&str>,
        newcomer: &Newcomer,
        entropy: fn() -> u128,
        now: Now,
    ) -> Result<Device, HubError> {
        let succeeds = match in_place_of {
            None => None,
            Some(before) => {
                // It ends before the new one begins: two never count for one.
                self.revoke_key(before, entropy, now)?;
                self.last_replica_of(before)?
            }
        };
        let key = newcomer.key.text();
        let device = Device {
            label: label.to_owned(),
            key: key.clone(),
            replica: Some(newcomer.replica),
            enrolled_ms: now.ms,
            revoked_ms: 0,
            seen_ms: 0,
        };
        // A cloud that came out of a backup may know the replica again, from other hubs, and not its device.
        let (registered, retired) = self.registered(newcomer.replica)?;
        let is_back = registered.is_some_and(|before| before.key == key) && !retired;
        let registration = Registration { role: Some(Role::Hub), key, succeeds };
        let mut writes = Writes::new();
        writes.absent::<Device>("key", [device.key.as_str().into()]);
        writes.create(RecordId::new(now.ms, entropy()), &device);
        if !is_back {
            writes.create(newcomer.replica, &registration);
        }
        match self.store.commit(now, writes) {
            Ok(_) => Ok(device),
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

    /// Writes down that a device was connected until now.
    ///
    /// # Errors
    /// What the store says.
    pub fn seen(&self, key: PublicKey, now: Now) -> Result<(), HubError> {
        if let Some(device) = self.device(key)? {
            let mut writes = Writes::new();
            writes.update(&device, |record| record.seen_ms = now.ms);
            self.store.commit(now, writes)?;
        }
        Ok(())
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
        self.revoke_key(&device.value.key, entropy, now)?;
        Ok(device.value)
    }

    /// Revokes the device of a key; one that was revoked stays so.
    fn revoke_key(&self, key: &str, entropy: fn() -> u128, now: Now) -> Result<(), HubError> {
        // First the key, then the stamps: what comes between is still cut off at the head as it is then.
        let device = match PublicKey::parse(key) {
            Some(key) => self.device(key)?,
            None => None,
        };
        if let Some(device) = device.filter(|device| device.value.revoked_ms == 0) {
            let mut writes = Writes::new();
            writes.update(&device, |record| record.revoked_ms = now.ms.max(1));
            self.store.commit(now, writes)?;
        }
        for replica in self.replicas_of(key)?.into_iter().map(|registered| registered.id) {
            if self.store.view(|view| builtin::retired(view, replica))??.is_none() {
                let id = RecordId::new(now.ms, entropy());
                self.store.with(move |store| store.retire(id, replica, now))??;
            }
        }
        Ok(())
    }

    /// The replica that a device took last: the one that no other of its own succeeds. What time their ids tell is what
    /// the device's clock said.
    fn last_replica_of(&self, key: &str) -> Result<Option<ReplicaId>, HubError> {
        let all = self.replicas_of(key)?;
        let is_last = |id: ReplicaId| !all.iter().any(|later| later.value.succeeds == Some(id));
        // Of a disk that was copied there may be two.
        Ok(all.iter().map(|registered| registered.id).filter(|id| is_last(*id)).max())
    }

    /// All replicas that a device was registered as: it takes a new one where its disk was restored.
    fn replicas_of(&self, key: &str) -> Result<Vec<Entry<Registration>>, HubError> {
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.store.view(|view| {
                let query = Query::on("key").equal(key).after(cursor.clone());
                view.of::<Registration>().find(&query)
            })??;
            found.extend(page.entries);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(found),
            }
        }
    }
}
