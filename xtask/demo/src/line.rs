//! The line between the gatehouse and the cloud, which can be cut and held up: a forwarder of bytes.
//!
//! Invariants: what is held up arrives later, whole and in order; a line that is cut lets nobody through.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How often an idle connection looks whether it was cut.
const LOOK: Duration = Duration::from_millis(50);

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
    /// To the cloud at this address.
    ///
    /// # Errors
    /// Where no port is free.
    pub fn lay(to: SocketAddr) -> io::Result<Line> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let at = listener.local_addr()?;
        let shared = Arc::new(Shared { to, state: Mutex::default(), changed: Condvar::new() });
        let serving = Arc::clone(&shared);
        thread::spawn(move || serving.serve(&listener));
        Ok(Line { at, shared })
    }

    /// Where the gatehouse finds the cloud.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// Cuts it, or mends it.
    pub fn cut(&self, cut: bool) {
        self.shared.set(|state| state.cut = cut);
    }

    /// Holds up what comes from the cloud, or lets it go.
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
            let State { cut, ended, .. } = *self.state();
            match near {
                _ if ended => return,
                Ok(near) if !cut => {
                    let shared = Arc::clone(self);
                    thread::spawn(move || shared.connect(near));
                }
                // A cut line refuses nobody: nobody answers.
                _ => {}
            }
        }
    }

    fn connect(self: Arc<Self>, near: TcpStream) {
        let Ok(far) = TcpStream::connect(self.to) else { return };
        let (Ok(near_too), Ok(far_too)) = (near.try_clone(), far.try_clone()) else { return };
        let shared = Arc::clone(&self);
        thread::spawn(move || shared.forward(far_too, near_too, true));
        self.forward(near, far, false);
    }

    /// Bytes one way, until somebody ends or it is cut.
    fn forward(&self, mut from: TcpStream, mut to: TcpStream, is_down: bool) {
        let mut bytes = [0; 16 << 10];
        let _ = from.set_read_timeout(Some(LOOK));
        loop {
            let read = from.read(&mut bytes);
            let state = self.wait(|state| is_down && state.held && !state.cut && !state.ended);
            if state.cut || state.ended {
                break;
            }
            match read {
                Ok(0) => break,
                Ok(length) if to.write_all(&bytes[..length]).is_err() => break,
                Ok(_) => {}
                Err(error)
                    if [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut].contains(&error.kind()) => {}
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
