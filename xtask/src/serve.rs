//! The book over HTTP, built again after each change.

mod contracts;
mod folder;
mod http;
mod player;
mod server;
mod watch;

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use contracts::Contracts;
use manuscript::layout::Tree;
use player::Player;
use server::Server;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::setup;
use crate::step;

/// The options of the command.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The port to listen on.
    #[arg(long, short, default_value_t = 3000)]
    port: u16,
    /// The host to listen on.
    #[arg(long, short = 'n', default_value = "127.0.0.1")]
    hostname: String,
    /// Open the book in the default browser.
    #[arg(long, short)]
    open: bool,
}

/// Builds the book and serves it until it is interrupted. Sets up meanwhile what the chapters need.
pub fn run(tree: &Tree, options: &Options) -> Result<()> {
    let listener = listen(&options.hostname, options.port)?;
    let chapters = tree.clone();
    serve(tree, listener, options.open, move |player| {
        set_up(&chapters, player)
    })
}

fn serve(
    tree: &Tree,
    listener: TcpListener,
    open: bool,
    set_up: impl FnOnce(&Player) + Send + 'static,
) -> Result<()> {
    let server = Server::start(tree)?;
    let runtime = Runtime::new()?;
    let served = runtime.block_on(async {
        let interruption = interruption()?;
        let address = listener.local_addr()?;
        let contracts = Arc::new(Contracts::new(tree, server.folder())?);
        let player = Arc::new(Player::new(tree, address, contracts.clone()));
        println!("the book is open at http://{address} (Ctrl-C ends it)");
        if open {
            open_in_browser(&format!("http://{address}"));
        }
        let played = player.clone();
        tokio::task::spawn_blocking(move || set_up(&played));
        let builder = player.clone();
        let follow = async {
            builder.until_ready().await;
            let failed = contracts.follow().await;
            step::tell(&format!(
                "contracts: saved changes are not noticed: {failed:#}"
            ));
            std::future::pending::<()>().await;
        };
        tokio::select! {
            served = server.run(listener, player) => served,
            () = follow => Ok(()),
            () = interruption => Ok(()),
        }
    });
    // A build or a set-up that is still running is not waited for.
    runtime.shutdown_background();
    served
}

/// Returns a future that is ready when the process is asked to end, by Ctrl-C or by a signal. Signals count from this
/// call on.
fn interruption() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

fn open_in_browser(url: &str) {
    if let Err(error) = open::that_detached(url) {
        let found = format!("none could be opened ({error}): open {url} in one");
        step::say("browser", &found);
    }
}

/// Sets up what the chapters need, and the player of their runs. The book stays open if that fails.
fn set_up(tree: &Tree, player: &Player) {
    let set_up = setup::run(tree).and_then(|_| setup::player(tree));
    match set_up {
        Ok(()) => {
            player.ready();
            step::say("chapters", "`cargo book test` can run them now");
        }
        Err(error) => step::tell(&format!(
            "error: {error:#}\nthe book is open all the same; its chapters cannot be tested without this"
        )),
    }
}

fn listen(hostname: &str, port: u16) -> Result<TcpListener> {
    let bound = bind(hostname, port);
    bound.map_err(|error| match next_free(hostname, port) {
        Some(free) if error.kind() == ErrorKind::AddrInUse => {
            anyhow::anyhow!("port {port} is in use; {free} is free: cargo book serve --port {free}")
        }
        _ => anyhow::Error::from(error).context(format!("cannot listen on {hostname}:{port}")),
    })
}

fn bind(hostname: &str, port: u16) -> io::Result<TcpListener> {
    let addresses: Vec<SocketAddr> = (hostname, port).to_socket_addrs()?.collect();
    let listener = TcpListener::bind(&addresses[..])?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn next_free(hostname: &str, port: u16) -> Option<u16> {
    (port.checked_add(1)?..=u16::MAX).find(|port| bind(hostname, *port).is_ok())
}

#[cfg(test)]
mod tests;
