//! Accounts while the cloud runs.

use std::time::Instant;

use dwellers_cloud::accounts::Session;
use dwellers_cloud::clock::{now, random};
use tokio::time::{Duration, sleep};

use crate::harness::{Cloud, PATIENCE};
use crate::{Place, at, entropy};

#[tokio::test]
async fn sessions_that_are_over_are_forgotten() {
    let place = Place::new();
    let (account, kept) = {
        let communities = place.communities();
        let accounts = communities.accounts();
        let account = accounts.make("ru", entropy, at(0)).unwrap();
        let session = Session { account, ..Session::default() };
        accounts.begin(session.clone(), random(), entropy, now()).unwrap();
        // Of long ago.
        accounts.begin(session, random(), entropy, at(0)).unwrap();
        (account, accounts.sessions(account).unwrap().remove(0).id)
    };
    let cloud = Cloud::start(&place).await;
    let start = Instant::now();
    loop {
        let sessions = cloud.communities.accounts().sessions(account).unwrap();
        if sessions.len() == 1 {
            assert_eq!(sessions[0].id, kept);
            break;
        }
        assert!(start.elapsed() < PATIENCE);
        sleep(Duration::from_millis(10)).await;
    }
    cloud.end().await;
}
