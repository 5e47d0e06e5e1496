//! `dwellers-telegram`: the double as a program, for people to try the bot without an account.
//!
//! What must never be here: what Telegram does.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use anyhow::Result;
use dwellers_telegram::Double;
use lexopt::{Arg, Parser, ValueExt};
use tokio::net::TcpListener;

const HELP: &str = "dwellers-telegram [--port PORT] [--username NAME]

Serves a Telegram of its own on this machine and prints, as one line of JSON, where it is and the bot's token. Its page
shows the chats of a few people with the bot. Ctrl-C ends it, and nothing is left behind.

  --port PORT       where it listens (8482); 0: a port that is free
  --username NAME   what the bot is called (dwellers_demo_bot)";

const PORT: u16 = 8482;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("telegram: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let (mut port, mut username) = (PORT, "dwellers_demo_bot".to_owned());
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("port") => port = parser.value()?.parse()?,
            Arg::Long("username") => username = parser.value()?.parse()?,
            Arg::Long("help") | Arg::Short('h') => {
                println!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    let telegram = Double::for_people(listener, &username);
    // Somebody to be at once; the page adds others.
    for (name, language) in [("Анна", "ru"), ("Олег", "ru"), ("Kate", "en")] {
        let _ = telegram.user(name, language);
    }
    println!(
        "{}",
        serde_json::json!({"url": telegram.url(), "token": telegram.token(), "username": telegram.username()})
    );
    tokio::signal::ctrl_c().await?;
    Ok(())
}
