//! Logs: text for a terminal, JSON for the journal of the system.
//!
//! What a line may hold: what happened, where, ids, numbers. Never a PIN, a token, a key; a plate or a name only at
//! `debug`, which nobody leaves on.

use std::io;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{Log, LogFormat};

/// The variable that overrides the level of the configuration.
pub const VARIABLE: &str = "DWELLERS_LOG";

/// The filter does not read.
#[derive(Debug, thiserror::Error)]
#[error(
    "log level {0:?}: it is error, warn, info or debug, or a filter such as info,dwellers_hub::kiosk=debug"
)]
pub struct BadLevel(String);

/// A subscriber for these settings; `level` goes before theirs.
///
/// # Errors
/// Where the level makes no sense.
pub fn subscriber<W>(
    log: &Log,
    level: Option<&str>,
    is_terminal: bool,
    writer: W,
) -> Result<Box<dyn Subscriber + Send + Sync>, BadLevel>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let level = level.filter(|level| !level.is_empty()).unwrap_or(&log.level);
    let filter = EnvFilter::builder().parse(level).map_err(|_| BadLevel(level.to_owned()))?;
    let to_terminal = match log.format {
        LogFormat::Auto => is_terminal,
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    Ok(if to_terminal {
        Box::new(builder.with_ansi(is_terminal).finish())
    } else {
        Box::new(builder.json().flatten_event(true).with_current_span(false).finish())
    })
}

/// Sends everything that the process logs to the standard error.
///
/// # Errors
/// Where the level makes no sense.
pub fn start(log: &Log, level: Option<&str>, is_terminal: bool) -> Result<(), BadLevel> {
    let subscriber = subscriber(log, level, is_terminal, io::stderr)?;
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        tracing::debug!("logs were started before");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(format: LogFormat, level: Option<&str>, is_terminal: bool) -> String {
        let written = Written::default();
        let writer = written.clone();
        let log = Log { format, ..Log::default() };
        let subscriber = subscriber(&log, level, is_terminal, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(gate = "main", "opened");
            tracing::debug!(plate = "A123BC77", "read");
        });
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_form_follows_the_reader() {
        let json = lines(LogFormat::Auto, None, false);
        let line: serde_json::Value = serde_json::from_str(json.trim()).unwrap();
        assert_eq!(
            (line["message"].as_str(), line["gate"].as_str()),
            (Some("opened"), Some("main")),
            "{json}"
        );
        let text = lines(LogFormat::Auto, None, true);
        assert!(text.contains("opened") && !text.starts_with('{'), "{text}");
        assert!(lines(LogFormat::Json, None, true).starts_with('{'));
        assert!(!lines(LogFormat::Text, None, false).contains('\u{1b}'), "no colours in a file");
    }

    #[test]
    fn plates_are_for_debugging() {
        assert!(!lines(LogFormat::Text, None, false).contains("A123BC77"));
        assert!(!lines(LogFormat::Text, Some(""), false).contains("A123BC77"));
        assert!(lines(LogFormat::Text, Some("debug"), false).contains("A123BC77"));
        let bad = subscriber(&Log::default(), Some("a=b=c"), false, io::sink).err().unwrap().to_string();
        assert!(bad.starts_with("log level \"a=b=c\": it is error, warn"), "{bad}");
    }
}
