//! What the demo says first to people.

use anyhow::Result;

use crate::cloud::COMMUNITY;
use crate::settlement::GUARDS;
use crate::stage::Stage;

/// Where to look, what to say, and how to look closer.
///
/// # Errors
/// Where the cloud gives no links.
pub fn text(stage: &Stage) -> Result<String> {
    let (resident, chair) = (stage.link(stage.cast.owner_12)?, stage.link(stage.cast.chair)?);
    let (telegram, bot) = (stage.telegram_link(stage.cast.owner_12)?, stage.telegram());
    let (cloud, kiosk, [(name, pin), ..]) = (stage.cloud_url(), stage.kiosk(), GUARDS);
    let (hub_program, cloud_program) = (stage.hub_program(), stage.cloud_program());
    let (hub_program, cloud_program) = (hub_program.display(), cloud_program.display());
    let (hub_config, cloud_config) = (stage.config(), stage.cloud_place().config);
    let (hub_config, cloud_config) = (hub_config.display(), cloud_config.display());
    Ok(format!(
        r#"«{COMMUNITY}» is running. Open in a browser (each in a window of its own; a link works once):

  resident        {resident}
                  the owner of house 12
  administrator   {chair}
                  leads on to {cloud}/admin/
  guard           {kiosk}/
                  {name}, PIN {pin}
  Telegram        {telegram}
                  the owner of house 12 talks to the bot; for strangers: {bot}

Say here what is to happen, a line each:

  comes resident      a car drives up and is read; `scenes` lists the others
  drives              it goes through the open barrier
  comes unknown       somebody whom nobody expects: look at the guard's screen
  asks 12             the guard asks house 12: look at the resident's page
  cut, heal           the link between hub and cloud
  link tenant         a sign-in link for somebody else; also: administrator, 27, a name
  telegram tenant     the same for the bot
  help                all words

By hand: the API is described at {cloud}/api/docs/index.html;
  {hub_program} status --config {hub_config}
  {cloud_program} --config {cloud_config} status

Ctrl-C or Ctrl-D ends it, and nothing is left behind.
"#
    ))
}
