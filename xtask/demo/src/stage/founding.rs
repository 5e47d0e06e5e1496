//! What is there before anything runs: a hub with its guards, a cloud that has enrolled it, the settlement on both, and their
//! configuration.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;
use dwellers_cloud::accounts::{Session, Way};
use dwellers_cloud::communities::Communities;
use dwellers_cloud::hubs::Newcomer;
use dwellers_hub::clock::{Clock, entropy, random};
use dwellers_hub::config::Config;
use dwellers_hub::guards::{Guards, Pin};
use dwellers_hub::store::DataFolder;
use dwellers_hub::uplink;
use dwellers_replica::{Open, Writes};

use super::{BARRIER, HUB, People, WICKET};
use crate::browser::Browser;
use crate::cloud::{COMMUNITY, Place};
use crate::line::Line;
use crate::scenes::Scenes;
use crate::settlement::{self, Cast, GUARDS};

/// A new hub with its guards, a cloud that has enrolled it, and the settlement on both.
pub(super) fn found(folder: &Path, scenes: &Scenes, line: &Line) -> Result<(Cast, People)> {
    let clock = Clock::start();
    clock.set_trust(dwellers_hub::clock::Trust::Word);
    let data = DataFolder::new(folder.join("data"), None);
    let opened = data.open(clock.now(), entropy)?;
    let guards = Guards::new(opened.store.clone(), opened.pepper, clock.tick());
    for (name, pin) in GUARDS {
        guards.add(name, &Pin::new(pin)?, clock.now(), entropy())?;
    }
    let gates: Vec<_> = Config::load(&folder.join("hub.toml"))?
        .gates
        .iter()
        .map(|gate| gate.record(opened.replica))
        .collect();
    let communities = Communities::in_folder(&Place::in_folder(folder).data, clock.now(), entropy)?;
    let community = communities.create(COMMUNITY, clock.now(), entropy)?;
    let code = communities.invite_hub(community.id, HUB, false, random(), entropy, clock.now())?;
    let (key, replica) = (data.make_device_key(entropy)?.public(), opened.replica);
    communities.enrol(&code, &Newcomer { key, replica, community: None }, entropy, clock.now())?;
    let url = format!("http://{}", line.at());
    let name = COMMUNITY.to_owned();
    // It is given all that the cloud has.
    let belongs = uplink::Cloud { url, community: community.id, name, learned_as: Some(replica) };
    let mut writes = Writes::new();
    writes.create(uplink::Cloud::ID, &belongs);
    opened.store.commit(clock.now(), writes)?;
    let cast = settlement::fill(&opened.store, replica, &gates, &community.store, scenes, clock.now(), 12)?;
    let sign_in = |person| {
        let (accounts, now) = (communities.accounts(), clock.now());
        let account = accounts.make("ru", entropy, now)?;
        accounts.join(account, community.id, person, entropy, now)?;
        let session = Session { account, way: Open::Known(Way::Link), ..Session::default() };
        let secret = accounts.begin(session, random(), entropy, now)?;
        Ok::<_, anyhow::Error>(Browser::new(line.at(), community.id, format!("dwellers={secret}")))
    };
    let people =
        People { community: community.id, resident: sign_in(cast.owner_12)?, chair: sign_in(cast.chair)? };
    Ok((cast, people))
}

pub(super) fn cloud_config(
    place: &Place,
    listen: SocketAddr,
    authority: SocketAddr,
    telegram: &str,
) -> String {
    let data = place.data.display();
    format!(
        r#"# The cloud of the demo.
[cloud]
data = "{data}"

[http]
listen = "{listen}"
# People and hubs find it at the other end of a line, which is cut for hubs alone.
authority = "{authority}"
{telegram}"#
    )
}

pub(super) fn hub_config(folder: &Path, kiosk: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        r#"# The hub of the demo.
[hub]
data = "{folder}/data"
run = "{folder}/run"
language = "ru"
time = "guard"

[kiosk]
listen = "{kiosk}"

[[gate]]
key = "main"
name = "{BARRIER}"
kind = "barrier"
closing = {{ pulse_after_ms = 1500 }}
sensors = ["position", "loop"]
fails = "closed"
travel_ms = 4000
passage_window_ms = 8000
driver = {{ kind = "sim", socket = "{folder}/main.sock" }}

[[gate.lane]]
key = "in"
direction = "entry"

[[gate.lane]]
key = "out"
direction = "exit"
free = true

[[gate]]
key = "wicket"
name = "{WICKET}"
kind = "wicket"
closing = "itself"
sensors = ["position"]
fails = "closed"
driver = {{ kind = "sim", socket = "{folder}/wicket.sock" }}

[[gate.lane]]
key = "in"
direction = "entry"

[[camera]]
key = "in"
name = "Въезд"
gate = "main"
lane = "in"
source = {{ kind = "files", path = "{folder}/lanes/in", play = "once" }}

# It sees cars that go out from behind.
[[camera]]
key = "out"
name = "Выезд"
gate = "main"
lane = "out"
sees = "rear"
source = {{ kind = "files", path = "{folder}/lanes/out", play = "once" }}
"#
    )
}
