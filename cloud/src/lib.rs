//! The relay: many communities, each in a store of its own, and the other end of their hubs' links.
//!
//! | module | what it holds |
//! |---|---|
//! | [`clock`] | the edge where time and chance enter |
//! | [`config`] | the one file that describes this installation |
//! | [`registry`] | which communities there are |
//! | [`communities`] | their stores, opened when somebody comes and closed when nobody does |
//! | `rounds` | all of them in turn: whose store changed, or where something is due |
//! | [`hubs`] | how a hub comes to belong to a community, and how it ceases to |
//! | [`invitations`] | secrets that somebody was given in the name of a community |
//! | [`backup`] | their backups, and communities out of backups |
//! | [`blobs`], [`pictures`] | files of a community by their hashes, and what of people's pictures is let in |
//! | [`accounts`] | who signs in, and which persons they are |
//! | [`applications`] | what only the cloud knows of those who ask to join |
//! | [`chats`] | the closed chat of a community in a messenger |
//! | [`api`] | the HTTP API |
//! | `pages` | the pages of residents and administrators |
//! | [`mail`] | e-mail |
//! | [`bot`] | the bot in messengers |
//! | [`notify`] | the outbox: who is told what, and on which channel |
//! | `letters` | letters on paper, with codes |
//! | `tables` | tables that people bring |
//! | `tries` | how often somebody may try what could be guessed |
//! | [`serve`] | the running cloud: one port for everybody |
//! | [`downlink`], [`enrol`] | the other end of the hubs' links, and the door by which they come in first |
//! | `alarms`, [`watch`] | what is wrong, and who looks for it |
//! | [`retention`] | what is kept no longer than it may be |
//! | [`cli`], [`control`] | the command line, and how it speaks to the running cloud |
//!
//! What must never be here: a command to a gate that is stored, queued or repeated; one community's data where another's
//! request is served.

pub mod accounts;
mod alarms;
pub mod api;
pub mod applications;
pub mod backup;
pub mod blobs;
pub mod bot;
pub mod chats;
pub mod cli;
pub mod clock;
pub mod communities;
pub mod config;
pub mod control;
pub mod downlink;
pub mod enrol;
pub mod hubs;
pub mod invitations;
mod letters;
pub mod mail;
pub mod notify;
mod pages;
pub mod pictures;
pub mod registry;
pub mod retention;
mod rounds;
pub mod serve;
mod tables;
mod tries;
pub mod watch;
