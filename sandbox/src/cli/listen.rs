//! Binding the port, which comes before all else.
//!
//! A client asks for the first answer within a millisecond of starting the process. Whoever finds a
//! listener waits in its queue until there is an answer; whoever finds none is refused, and comes back
//! half a second later. So the address is taken from the arguments as they are, before they have been
//! understood, which takes longer than that.

use std::ffi::OsString;
use std::io;
use std::net::TcpListener;

use super::Failure;

/// A listener on an address, or why there is none.
pub struct Early {
    address: String,
    listener: io::Result<TcpListener>,
}

/// Listens on what looks like the argument of `--rpc-addr`, `None` where nothing does.
pub fn early(arguments: &[OsString]) -> Option<Early> {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    let address = arguments.find_map(|argument| match argument.strip_prefix("--rpc-addr") {
        Some("") => Some(None),
        Some(rest) => Some(Some(rest.strip_prefix('=')?)),
        None => None,
    })?;
    let address = address.or_else(|| arguments.next())?.to_owned();
    let listener = listen(&address);
    Some(Early { address, listener })
}

/// The listener on `address`: the one that is there already, or a new one.
pub fn on(address: &str, early: Option<Early>) -> Result<TcpListener, Failure> {
    let listener = match early {
        Some(early) if early.address == address => early.listener,
        _ => listen(address),
    };
    listener.map_err(|source| Failure::Listen {
        address: address.to_owned(),
        source,
    })
}

fn listen(address: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}
