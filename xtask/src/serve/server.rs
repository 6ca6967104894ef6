//! A server of the book: builds it, serves the last build, and builds again after each change.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use manuscript::derived::Derived;
use manuscript::layout::Tree;
use manuscript::listings::{FOLDER, listings};
use manuscript::{files, pages};
use tokio::task::spawn_blocking;
use tower_livereload::LiveReloadLayer;

use super::folder::Folder;
use super::http;
use super::player::Player;
use super::watch::Watch;
use crate::step::{self, Step};

/// The link in the folder of a server to its last build.
const CURRENT: &str = "current";

/// A server of the book.
pub struct Server {
    tree: Tree,
    folder: Folder,
    /// The number of builds.
    builds: usize,
    reload: LiveReloadLayer,
    watch: Watch,
}

impl Server {
    /// Builds the book for the first time. Every change from here on is noticed.
    pub fn start(tree: &Tree) -> Result<Self> {
        let watch = Watch::over(&pages::sources(tree)?)?;
        let step = Step::begin("book", "building the pages");
        let folder = Folder::create(tree.target()).context("no folder for the built pages")?;
        build(tree, folder.path(), 0)?;
        step.done();
        Ok(Self {
            tree: tree.clone(),
            folder,
            builds: 1,
            reload: LiveReloadLayer::new(),
            watch,
        })
    }

    /// Serves the book, and builds it again after each change.
    pub async fn run(mut self, listener: TcpListener, player: Arc<Player>) -> Result<()> {
        let (reload, current) = (self.reload.clone(), self.current());
        tokio::select! {
            served = http::serve(listener, &current, &reload, player) => served,
            () = self.build_after_changes() => Ok(()),
        }
    }

    /// Returns the folder of this server alone.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the path of the last build.
    pub fn current(&self) -> PathBuf {
        self.folder.path().join(CURRENT)
    }

    async fn build_after_changes(&mut self) {
        while let Some(changed) = self.next_change().await {
            self.build_again(&changed).await;
        }
    }

    /// Waits for the next change of what the pages are built from.
    pub async fn next_change(&mut self) -> Option<PathBuf> {
        self.watch.next().await
    }

    /// Builds the book again, and lets the open pages load the new build. After a build that fails the last one
    /// stays.
    pub async fn build_again(&mut self, changed: &Path) {
        let changed = self.tree.relative(changed).display();
        let purpose = format!("{changed} has changed, building the pages");
        let step = Step::begin("book", &purpose);
        match self.build_pages().await {
            Ok(()) => {
                step.done();
                self.builds += 1;
                self.reload.reloader().reload();
            }
            Err(error) => {
                drop(step);
                step::tell(&format!("{error:#}\nthe pages stay as they were"));
            }
        }
    }

    async fn build_pages(&mut self) -> Result<()> {
        let tree = self.tree.clone();
        if spawn_blocking(move || record_listings(&tree)).await?? {
            // The build reads them, so they are no further change.
            self.watch.until_quiet().await;
        }
        let (tree, folder, number) = (
            self.tree.clone(),
            self.folder.path().to_owned(),
            self.builds,
        );
        let built = spawn_blocking(move || build(&tree, &folder, number));
        built.await.context("mdBook did not end")?
    }
}

/// Records the listings again whose code or caption has changed, and returns `true` if there are any. `cargo book sync`
/// records new ones.
fn record_listings(tree: &Tree) -> Result<bool> {
    let files = listings(tree)?.files.into_iter();
    let recorded = files.filter(|file| file.path.starts_with(FOLDER) && file.text.is_some());
    let mut is_changed = false;
    for file in recorded.filter(Derived::is_stale) {
        if let Some(text) = &file.wanted {
            files::write(&tree.root().join(&file.path), text)?;
            is_changed = true;
        }
    }
    Ok(is_changed)
}

/// Builds the book into the one of two folders that the last build is not in, and points the link at it.
fn build(tree: &Tree, folder: &Path, number: usize) -> Result<()> {
    let name = (number % 2).to_string();
    pages::build_for_server(tree, &folder.join(&name))?;
    let new = folder.join("new");
    symlink(&name, &new)?;
    fs::rename(&new, folder.join(CURRENT))?;
    Ok(())
}
