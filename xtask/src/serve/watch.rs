//! Notices changes in the sources of the book.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use manuscript::layout;
use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// The pause that ends a change. An editor writes a file in several steps, a `git checkout` writes many files.
const QUIET: Duration = Duration::from_millis(100);

/// A watch over the sources of the book.
pub struct Watch {
    changes: UnboundedReceiver<PathBuf>,
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Watches the files and folders that exist.
    pub fn over(sources: &[PathBuf]) -> Result<Self> {
        let (sender, changes) = unbounded_channel();
        let watched: Vec<_> = sources.to_vec();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            if let Some(path) = changed(&event, &watched) {
                // The receiver is gone only when the server ends.
                let _ = sender.send(path);
            }
        })
        .context("cannot watch the sources of the book")?;
        for source in sources.iter().filter(|source| source.exists()) {
            // An editor may replace a file when it saves it, so its folder is watched.
            let (path, mode) = match source.parent() {
                Some(folder) if source.is_file() => (folder, RecursiveMode::NonRecursive),
                _ => (source.as_path(), RecursiveMode::Recursive),
            };
            watcher
                .watch(path, mode)
                .with_context(|| format!("cannot watch {}", path.display()))?;
        }
        Ok(Self {
            changes,
            _watcher: watcher,
        })
    }

    /// Waits for the end of the next change, and returns the path that changed first.
    pub async fn next(&mut self) -> Option<PathBuf> {
        let first = self.changes.recv().await?;
        self.until_quiet().await;
        Some(first)
    }

    /// Takes the changes until there is none for a while.
    pub async fn until_quiet(&mut self) {
        while let Ok(Some(_)) = timeout(QUIET, self.changes.recv()).await {}
    }
}

/// Returns the source that an event has changed. Reading a file is no change, and what cargo builds in a chapter is
/// no source.
fn changed(event: &Event, sources: &[PathBuf]) -> Option<PathBuf> {
    let is_change = match event.kind {
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    };
    let is_source = |path: &&PathBuf| sources.iter().any(|source| lies_in(path, source));
    event
        .paths
        .iter()
        .filter(|_| is_change)
        .find(is_source)
        .cloned()
}

fn lies_in(path: &Path, source: &Path) -> bool {
    path.strip_prefix(source).is_ok_and(|inside| {
        let mut parts = inside.iter();
        !parts.any(|part| part == "target" || layout::is_hidden(part))
    })
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind};

    use super::*;

    fn event(kind: EventKind, path: &str) -> Option<PathBuf> {
        let sources = [PathBuf::from("/book/src"), PathBuf::from("/book/book.toml")];
        changed(&Event::new(kind).add_path(PathBuf::from(path)), &sources)
    }

    #[test]
    fn a_new_page_is_a_change() {
        let page = event(EventKind::Create(CreateKind::File), "/book/src/1-setup.md");

        assert_eq!(page, Some(PathBuf::from("/book/src/1-setup.md")));
    }

    #[test]
    fn reading_a_page_is_no_change() {
        assert_eq!(
            event(EventKind::Access(AccessKind::Read), "/book/src/1-setup.md"),
            None
        );
    }

    #[test]
    fn a_file_beside_a_watched_file_is_no_change() {
        assert_eq!(
            event(EventKind::Create(CreateKind::File), "/book/Cargo.lock"),
            None
        );
    }

    #[test]
    fn a_file_that_cargo_builds_is_no_change() {
        let built = "/book/src/target/debug/batch";

        assert_eq!(event(EventKind::Create(CreateKind::File), built), None);
    }

    #[test]
    fn an_editors_hidden_file_is_no_change() {
        let swap = "/book/src/.1-setup.md.swp";

        assert_eq!(event(EventKind::Create(CreateKind::File), swap), None);
    }
}
