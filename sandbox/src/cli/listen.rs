//! The RPC port, which is opened before anything else.
//!
//! A client sends its first request within a millisecond of the start. If the port is open, the request
//! waits until the node responds. If not, the request fails and the client tries again after half a
//! second. So the address is taken from the raw arguments, because parsing them takes longer.

use std::ffi::OsString;
use std::io;
use std::net::TcpListener;

use anyhow::Context;

/// An address, and the listener on it or the error of listening.
pub struct EarlyListener {
    address: String,
    listener: io::Result<TcpListener>,
}

/// Listens on the address that follows `--rpc-addr`, `None` if there is none.
pub fn early(arguments: &[OsString]) -> Option<EarlyListener> {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    let address = arguments.find_map(|argument| match argument.strip_prefix("--rpc-addr") {
        Some("") => Some(None),
        Some(rest) => Some(Some(rest.strip_prefix('=')?)),
        None => None,
    })?;
    let address = address.or_else(|| arguments.next())?.to_owned();
    let listener = listen(&address);
    Some(EarlyListener { address, listener })
}

/// Returns a listener on `address`: the early one if it has this address, otherwise a new one.
pub fn on(address: &str, early: Option<EarlyListener>) -> anyhow::Result<TcpListener> {
    let listener = match early {
        Some(early) if early.address == address => early.listener,
        _ => listen(address),
    };
    listener.with_context(|| {
        format!("cannot listen on {address}; choose another address with --rpc-addr")
    })
}

fn listen(address: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}
