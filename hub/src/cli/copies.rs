//! `dwellers-hub copies`: the cloud's backups that lie here. Nothing of it needs a running hub.
//!
//! What must never be here: a way to open one.

use std::path::PathBuf;

use clap::Subcommand;

use crate::store::DataFolder;
use crate::uplink::copies;

pub(super) const HELP: &str = "\
Where the cloud is gone for good, a copy makes it anew, with the key that its operator kept:
  dwellers-hub copies export newest /media/usb/cloud.age
  dwellers-cloud restore /media/usb/cloud.age --identity key.txt       on the cloud's new machine";

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Copies {
    /// Which there are
    List,
    /// Copy one to a file, compared with its hash
    Export {
        /// `newest`, or the time of one as the list shows it
        which: String,
        /// Where to; must not be there yet
        file: PathBuf,
    },
}

impl Copies {
    pub(super) fn perform(self, data: &DataFolder) -> anyhow::Result<()> {
        let held = copies::Copies::of(data);
        match self {
            Copies::List => {
                for one in held.list()? {
                    println!("{}  {} bytes", one.time, one.bytes);
                }
            }
            Copies::Export { which, file } => {
                let time = (!which.eq_ignore_ascii_case("newest")).then_some(which.as_str());
                let one = held.export(time, &file)?;
                println!("{}: the cloud's backup of {}, {} bytes", file.display(), one.time, one.bytes);
            }
        }
        Ok(())
    }
}
