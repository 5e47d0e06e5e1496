//! The line before the cloud: a forwarder of bytes, which can be cut and held up for the gatehouse. People come to the same
//! address, as they do in life: what the cloud tells them of itself is true; their connections are never cut.
//!
//! Invariants: what is held up arrives later, whole and in order; a line that is cut lets no hub through.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How often an idle connection looks whether it was cut.
const LOOK: Duration = Duration::from_millis(50);
/// How a hub's connection begins, to its link and to be enrolled.
const HUBS: [&[u8]; 2] = [b"GET /link ", b"POST /link"];

/// The line. It ends with its handle.
#[derive(Debug)]
pub struct Line {
    at: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    to: SocketAddr,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    cut: bool,
    /// What comes from the cloud waits.
    held: bool,
    ended: bool,
}

impl Line {
    /// From this address to the cloud at that one.
    ///
    /// # Errors
    /// Where it is taken.
    pub fn lay(at: SocketAddr, to: SocketAddr) -> io::Result<Line> {
        let listener = TcpListener::bind(at)?;
        let at = listener.local_addr()?;
        let shared = Arc::new(Shared { to, state: Mutex::default(), changed: Condvar::new() });
        let serving = Arc::clone(&shared);
        thread::spawn(move || serving.serve(&listener));
        Ok(Line { at, shared })
    }

    /// Where the cloud is found.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// Cuts it for hubs, or mends it.
    pub fn cut(&self, cut: bool) {
        self.shared.set(|state| state.cut = cut);
    }

    /// Whether it is cut.
    pub fn is_cut(&self) -> bool {
        self.shared.state().cut
    }

    /// Holds up what comes from the cloud for a hub, or lets it go.
    pub fn hold(&self, held: bool) {
        self.shared.set(|state| state.held = held);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.shared.set(|state| state.ended = true);
        // So that who waits for a connection looks.
        drop(TcpStream::connect(self.at));
    }
}

impl Shared {
    fn serve(self: &Arc<Self>, listener: &TcpListener) {
        for near in listener.incoming() {
            match near {
                _ if self.state().ended => return,
                Ok(near) => {
                    let shared = Arc::clone(self);
                    thread::spawn(move || shared.connect(near));
                }
                Err(_) => {}
            }
        }
    }

    fn connect(self: Arc<Self>, near: TcpStream) {
        let Some(is_hubs) = self.is_hubs(&near) else { return };
        // A cut line refuses nobody: nobody answers.
        if is_hubs && self.state().cut {
            return;
        }
        let Ok(far) = TcpStream::connect(self.to) else { return };
        // What is written is sent: nothing is gained by waiting for more of it.
        let _ = (near.set_nodelay(true), far.set_nodelay(true));
        let (Ok(near_too), Ok(far_too)) = (near.try_clone(), far.try_clone()) else { return };
        let shared = Arc::clone(&self);
        thread::spawn(move || shared.forward(far_too, near_too, is_hubs, true));
        self.forward(near, far, is_hubs, false);
    }

    /// Whether it is a hub that comes, by how it begins; nothing where nobody says anything.
    fn is_hubs(&self, near: &TcpStream) -> Option<bool> {
        let mut begins = [0; 10];
        near.set_read_timeout(Some(LOOK)).ok()?;
        while !self.state().ended {
            match near.peek(&mut begins) {
                Ok(0) => return None,
                Ok(length) if length == begins.len() => return Some(HUBS.contains(&&begins[..])),
                // The rest of it is on its way.
                Ok(_) => thread::sleep(LOOK),
                Err(error) if is_idle(&error) => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// Bytes one way, until somebody ends or it is cut.
    fn forward(&self, mut from: TcpStream, mut to: TcpStream, is_hubs: bool, is_down: bool) {
        let mut bytes = [0; 16 << 10];
        let _ = from.set_read_timeout(Some(LOOK));
        loop {
            let read = from.read(&mut bytes);
            let state = self.wait(|state| is_hubs && is_down && state.held && !state.cut && !state.ended);
            if (is_hubs && state.cut) || state.ended {
                break;
            }
            match read {
                Ok(0) => break,
                Ok(length) if to.write_all(&bytes[..length]).is_err() => break,
                Ok(_) => {}
                Err(error) if is_idle(&error) => {}
                Err(_) => break,
            }
        }
        // The other way as well.
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }

    fn wait(&self, is_so: impl Fn(&State) -> bool) -> State {
        let mut state = self.state();
        while is_so(&state) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        *state
    }

    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nothing was said for a while.
fn is_idle(error: &io::Error) -> bool {
    [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut].contains(&error.kind())
}
