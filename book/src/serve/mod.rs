//! The book in a browser, built again when something changes.

mod http;
mod watch;

use crate::pages::{self, PagesError};
use crate::setup;
use crate::step::{self, Step};
use crate::tree::Tree;
use http::Edition;
use std::fs;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use tokio::sync::watch::Sender;
use watch::{Watch, WatchError};

/// The book could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Someone else has the port.
    #[error("port {port} is in use; {free} is free: cargo book serve --port {free}")]
    PortInUse {
        /// The port that was asked for.
        port: u16,
        /// The next one that is free.
        free: u16,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {why}")]
    Listen {
        /// The address.
        address: String,
        /// Why not.
        why: io::Error,
    },
    /// There is no place for the built pages.
    #[error("cannot keep the built pages: {0}")]
    Folder(io::Error),
    /// The book does not build.
    #[error(transparent)]
    Pages(#[from] PagesError),
    /// Changes cannot be seen.
    #[error(transparent)]
    Watch(#[from] WatchError),
    /// The server ended.
    #[error("the server ended: {0}")]
    Server(io::Error),
}

/// How the book is served.
#[derive(Debug, Clone)]
pub struct Options {
    /// The host to listen on.
    pub hostname: String,
    /// The port to listen on.
    pub port: u16,
    /// Whether to open a browser.
    pub open: bool,
}

/// Builds the book and serves it until it is interrupted. Meanwhile, what the chapters need is set up.
pub fn run(tree: &Tree, options: &Options) -> Result<(), ServeError> {
    let listener = listen(&options.hostname, options.port)?;
    let chapters = tree.clone();
    serve(tree, listener, options.open, move || set_up(&chapters))
}

fn serve(
    tree: &Tree,
    listener: TcpListener,
    open: bool,
    set_up: impl FnOnce() + Send + 'static,
) -> Result<(), ServeError> {
    let shelf = Shelf::first(tree)?;
    let runtime = tokio::runtime::Runtime::new().map_err(ServeError::Server)?;
    let served = runtime.block_on(async {
        let address = listener.local_addr().map_err(ServeError::Server)?;
        println!("the book is open at http://{address} (Ctrl-C ends it)");
        if open {
            open_in_browser(&format!("http://{address}"));
        }
        tokio::task::spawn_blocking(set_up);
        tokio::select! {
            served = shelf.serve(listener) => served,
            interrupted = tokio::signal::ctrl_c() => interrupted.map_err(ServeError::Server),
        }
    });
    // What is under way is not worth waiting for.
    runtime.shutdown_background();
    served
}

fn open_in_browser(url: &str) {
    if let Err(error) = open::that_detached(url) {
        let found = format!("none could be opened ({error}): open {url} in one");
        step::say("browser", &found);
    }
}

/// The book can be read before the chapters can be run, and where they cannot.
fn set_up(tree: &Tree) {
    match setup::run(tree) {
        Ok(_) => step::say("chapters", "`cargo book test` can run them now"),
        Err(error) => step::tell(&format!(
            "error: {error}\nthe book is open all the same; its chapters cannot be tested without this"
        )),
    }
}

fn listen(hostname: &str, port: u16) -> Result<TcpListener, ServeError> {
    bind(hostname, port).map_err(|why| match why.kind() {
        ErrorKind::AddrInUse => match next_free(hostname, port) {
            Some(free) => ServeError::PortInUse { port, free },
            None => cannot_listen(hostname, port, why),
        },
        _ => cannot_listen(hostname, port, why),
    })
}

fn cannot_listen(hostname: &str, port: u16, why: io::Error) -> ServeError {
    ServeError::Listen {
        address: format!("{hostname}:{port}"),
        why,
    }
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

/// The editions of the book: the one that is read, and the folder where the next one is built.
struct Shelf {
    tree: Tree,
    /// Its own, for two servers of one tree are not in step.
    folder: TempDir,
    editions: Sender<Edition>,
    watch: Watch,
}

impl Shelf {
    /// Builds the first edition. What changes from here on is seen.
    fn first(tree: &Tree) -> Result<Self, ServeError> {
        let watch = Watch::over(&pages::sources(tree)?)?;
        let step = Step::begin("book", "building the pages");
        // Pages of an earlier server that are still open see a number that is not theirs.
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let number = now.as_millis() as u64;
        let folder = folder_in(tree.target()).map_err(ServeError::Folder)?;
        let edition = edition(tree, folder.path(), number)?;
        step.done();
        Ok(Self {
            tree: tree.clone(),
            folder,
            editions: Sender::new(edition),
            watch,
        })
    }

    async fn serve(mut self, listener: TcpListener) -> Result<(), ServeError> {
        let listener = tokio::net::TcpListener::from_std(listener).map_err(ServeError::Server)?;
        let pages = http::router(self.editions.clone());
        tokio::select! {
            served = axum::serve(listener, pages) => served.map_err(ServeError::Server),
            () = self.renew() => Ok(()),
        }
    }

    /// Builds another edition whenever something changes.
    async fn renew(&mut self) {
        while let Some(changed) = self.watch.settled().await {
            self.renew_once(&changed).await;
        }
    }

    /// Builds another edition. One that fails is not put out.
    async fn renew_once(&self, changed: &Path) {
        let changed = self.tree.relative(changed).display();
        let step = Step::begin(
            "book",
            &format!("{changed} has changed, building the pages"),
        );
        let (tree, folder) = (self.tree.clone(), self.folder.path().to_owned());
        let number = self.editions.borrow().number + 1;
        match tokio::task::spawn_blocking(move || edition(&tree, &folder, number)).await {
            Ok(Ok(edition)) => {
                step.done();
                self.editions.send_replace(edition);
            }
            Ok(Err(error)) => {
                drop(step);
                step::tell(&format!("{error}\nthe pages stay as they were"));
            }
            Err(panicked_or_cancelled) => {
                drop(step);
                step::tell(&format!("mdBook broke off: {panicked_or_cancelled}"));
            }
        }
    }
}

fn folder_in(target: &Path) -> io::Result<TempDir> {
    fs::create_dir_all(target)?;
    tempfile::Builder::new().prefix("serve-").tempdir_in(target)
}

/// Builds an edition into the part of a folder that the last one is not in.
fn edition(tree: &Tree, folder: &Path, number: u64) -> Result<Edition, PagesError> {
    let folder = folder.join((number % 2).to_string());
    pages::build(tree, &folder)?;
    Ok(Edition { number, folder })
}

#[cfg(test)]
mod tests;
