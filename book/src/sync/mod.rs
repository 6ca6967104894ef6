//! Keeps the chapters in step: a shared file is copied from the first chapter that has it to the later ones, and
//! a package takes the version that the chapters before have.
//!
//! A maintainer may have edited the copy of a later chapter. So where git says that a copy has changes which are
//! not committed, and the copy to take has none, nothing is written until the command names the one that counts.
//!
//! The pages of the appendix, which show the chapters' files, are written anew with them: see [`appendix`].
//!
//! A file that was removed in the first chapter cannot be told from a new file of the second: it is to be removed
//! in each of them.

pub mod appendix;
mod git;
pub mod locks;
pub mod shared;
mod show;

pub use git::GitError;

use crate::child::ChildError;
use crate::files::{self, FileError};
use crate::tree::{self, Tree};
use git::Git;
use locks::LOCK;
use shared::{Shared, is_laid, shared};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The chapters could not be brought in step.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// There is no such chapter.
    #[error("there is no chapter `{chapter}`; there are {}", known.join(", "))]
    Chapter {
        /// What was asked for.
        chapter: String,
        /// What there is.
        known: Vec<String>,
    },
    /// No chapter shares such a file.
    #[error("`{}` is no file that chapters share: name it as in a chapter, `src/greeting.rs`", .0.display())]
    File(PathBuf),
    /// The chapter that was named lacks a file that was named.
    #[error("{} is not there: name a chapter that has it", .0.display())]
    Lacking(PathBuf),
    /// Changes that nobody has committed would be overwritten.
    #[error("nothing was written, since changes would be lost:\n{}", .0.join("\n"))]
    Edited(Vec<String>),
    /// A lock file is none.
    #[error("{}: {why}", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        why: toml::de::Error,
    },
    /// The manifests ask for versions that do not go together.
    #[error("{}: {told}: let the manifests ask for the same", path.display())]
    Apart {
        /// The lock file.
        path: PathBuf,
        /// What differs.
        told: String,
    },
    /// cargo moves packages to and fro.
    #[error("{}: cargo does not keep `{package}` where it was moved: look at what asks for it", path.display())]
    Circle {
        /// The lock file.
        path: PathBuf,
        /// A package that is to be moved.
        package: String,
    },
    /// A page of the appendix would show nothing.
    #[error("{}: what `cargo book sync lists` there has no file with `ANCHOR: all`: mend the folder or the module", page.display())]
    Mark {
        /// The page.
        page: PathBuf,
    },
    /// git or cargo failed.
    #[error(transparent)]
    Child(#[from] ChildError),
    /// A file could not be read or written.
    #[error(transparent)]
    Io(#[from] FileError),
}

/// What is asked for.
#[derive(Debug, Default)]
pub struct Options {
    /// The chapter whose copies count, instead of the first that has the file.
    pub from: Option<String>,
    /// The files to look at, by their path in a chapter; all, when there are none.
    pub files: Vec<PathBuf>,
    /// Change nothing.
    pub check: bool,
}

/// Brings the chapters in step, tells each change as soon as it is known, and returns whether there was one.
pub fn run(tree: &Tree, options: &Options, tell: impl FnMut(&str)) -> Result<bool, SyncError> {
    Sync::new(tree, options, tell)?.run()
}

struct Sync<'a, F> {
    tree: &'a Tree,
    options: &'a Options,
    tell: F,
    chapters: Vec<PathBuf>,
    /// The index of the chapter that was named.
    from: Option<usize>,
    git: Result<Git, GitError>,
}

/// A shared file that is to be copied.
struct Task {
    file: Shared,
    source: usize,
    targets: Vec<usize>,
}

impl Task {
    /// Returns the targets by what they have: what becomes of copies that are the same is the same.
    fn groups(&self) -> BTreeMap<Option<&[u8]>, Vec<usize>> {
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for target in &self.targets {
            let copy = self.file.copy(*target);
            groups.entry(copy).or_default().push(*target);
        }
        groups
    }
}

impl<'a, F: FnMut(&str)> Sync<'a, F> {
    fn new(tree: &'a Tree, options: &'a Options, tell: F) -> Result<Self, SyncError> {
        let chapters = tree.chapters()?;
        let index = |name: &String| {
            let index = chapters
                .iter()
                .position(|chapter| tree::name(chapter) == *name);
            index.ok_or_else(|| SyncError::Chapter {
                chapter: name.clone(),
                known: chapters.iter().map(|chapter| tree::name(chapter)).collect(),
            })
        };
        Ok(Self {
            from: options.from.as_ref().map(index).transpose()?,
            git: Git::ask(tree),
            tree,
            options,
            tell,
            chapters,
        })
    }

    fn run(mut self) -> Result<bool, SyncError> {
        let tasks = self.tasks()?;
        let order = self.order_of_locks();
        if !self.options.check {
            let mut lost: Vec<_> = tasks.iter().flat_map(|task| self.lost(task)).collect();
            lost.extend(self.lost_in_locks(&order)?);
            if !lost.is_empty() {
                return Err(SyncError::Edited(lost));
            }
        }
        for task in &tasks {
            self.copy(task)?;
        }
        let moved = self.move_packages(&order)?;
        let listed = self.list()?;
        Ok(moved || listed || !tasks.is_empty())
    }

    /// Returns what is to be copied.
    fn tasks(&self) -> Result<Vec<Task>, SyncError> {
        let files = shared(&self.chapters)?;
        let asked = &self.options.files;
        let is_known = |path: &&PathBuf| {
            *path == Path::new(LOCK) || files.iter().any(|file| file.path == **path)
        };
        if let Some(unknown) = asked.iter().find(|path| !is_known(path)) {
            return Err(SyncError::File(unknown.clone()));
        }
        if let Some(from) = self.from {
            let is_there = |path: &&PathBuf| self.chapters[from].join(path).is_file();
            if let Some(path) = asked.iter().find(|path| !is_there(path)) {
                return Err(SyncError::Lacking(self.path(from, path)));
            }
        }
        let tasks = files.into_iter().filter_map(|file| {
            let named = self.from.filter(|from| file.copy(*from).is_some());
            let source = named.unwrap_or(file.first);
            let targets = file.unlike(source);
            let is_meant = (asked.is_empty() || asked.contains(&file.path))
                && !is_laid(&file.path)
                && !self.is_ignored(&self.path(source, &file.path));
            (is_meant && !targets.is_empty()).then_some(Task {
                file,
                source,
                targets,
            })
        });
        Ok(tasks.collect())
    }

    /// Returns a file of a chapter by its path from the root of the tree.
    fn path(&self, chapter: usize, path: &Path) -> PathBuf {
        self.tree.relative(&self.chapters[chapter]).join(path)
    }

    fn is_ignored(&self, path: &Path) -> bool {
        self.git.as_ref().is_ok_and(|git| git.is_ignored(path))
    }

    /// Returns which changes a task would overwrite, with what to type instead. Copies that are the same need it
    /// once.
    fn lost(&self, task: &Task) -> Vec<String> {
        let groups = task.groups();
        let overwritten = groups.iter().filter(|(old, _)| old.is_some());
        overwritten
            .filter_map(|(_, targets)| {
                let mut targets = targets.iter();
                targets.find_map(|target| self.warning(&task.file.path, task.source, *target))
            })
            .collect()
    }

    /// Returns why `target` is not to be overwritten, unless that was asked for by name, or the source was edited
    /// as well: then its changes are newer, or they are the same and were copied before.
    fn warning(&self, path: &Path, source: usize, target: usize) -> Option<String> {
        let is_named = self.from == Some(source) && !self.options.files.is_empty();
        let [from, to] = [source, target].map(|chapter| self.path(chapter, path));
        let why = match &self.git {
            _ if is_named => return None,
            Ok(git) if git.is_edited(&to) && !git.is_edited(&from) => {
                format!(
                    "has changes that are not committed, and {} has none",
                    from.display()
                )
            }
            Ok(_) => return None,
            Err(why) => format!(
                "is not what {} is, and git does not say which was edited ({why})",
                from.display()
            ),
        };
        let [source, target] = [source, target].map(|chapter| tree::name(&self.chapters[chapter]));
        Some(format!(
            "{} {why}. Name the one that counts: `cargo book sync --from {target} {path}` or `cargo book sync \
             --from {source} {path}`",
            to.display(),
            path = path.display(),
        ))
    }

    /// Tells what is copied, and copies it.
    fn copy(&mut self, task: &Task) -> Result<(), SyncError> {
        let source = self.path(task.source, &task.file.path);
        let new = task.file.copy(task.source).unwrap_or_default();
        for (old, targets) in task.groups() {
            let targets: Vec<_> = targets
                .iter()
                .map(|target| self.path(*target, &task.file.path))
                .collect();
            (self.tell)(&show::difference(&source, new, &targets, old));
            if self.options.check {
                continue;
            }
            self.keep(&targets)?;
            for target in targets {
                self.write(&source, &target)?;
            }
        }
        Ok(())
    }

    /// Keeps what was not committed and is overwritten. The copies are all the same.
    fn keep(&mut self, targets: &[PathBuf]) -> Result<(), SyncError> {
        let Ok(git) = &self.git else {
            return Ok(());
        };
        let is_there =
            |path: &&PathBuf| git.is_edited(path) && self.tree.root().join(path).is_file();
        if let Some(edited) = targets.iter().find(is_there) {
            let name = git.keep(edited)?;
            (self.tell)(&format!(
                "That overwrites changes which were not committed; they are still there: git cat-file -p {name}"
            ));
        }
        Ok(())
    }

    fn write(&self, source: &Path, target: &Path) -> Result<(), SyncError> {
        let [source, target] = [source, target].map(|path| self.tree.root().join(path));
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(FileError::at(folder))?;
        }
        fs::copy(&source, &target).map_err(FileError::at(&target))?;
        Ok(())
    }

    /// Returns the chapters so that each follows those before it, as far as packages go.
    fn order_of_locks(&self) -> Vec<usize> {
        let asked = &self.options.files;
        if !asked.is_empty() && !asked.iter().any(|path| path == Path::new(LOCK)) {
            return Vec::new();
        }
        let has_lock = |chapter: &usize| self.chapters[*chapter].join(LOCK).is_file();
        let mut order: Vec<_> = (0..self.chapters.len()).filter(has_lock).collect();
        order.sort_by_key(|chapter| self.from != Some(*chapter));
        order
    }

    /// Writes the pages that list the chapters' files, and returns whether one has changed.
    fn list(&mut self) -> Result<bool, SyncError> {
        let mut changed = false;
        // A command that names files is about those alone.
        if !self.options.files.is_empty() {
            return Ok(changed);
        }
        for page in appendix::pages(self.tree)? {
            if page.text == page.wanted {
                continue;
            }
            changed = true;
            (self.tell)(&show::rewritten(&page.path, &page.text, &page.wanted));
            if !self.options.check {
                files::write(&self.tree.root().join(&page.path), &page.wanted)?;
            }
        }
        Ok(changed)
    }

    fn lock_plan(&self, order: &[usize], index: usize) -> Result<locks::Plan, SyncError> {
        locks::plan(&self.chapters[order[index]], &self.leaders(order, index))
    }

    fn leaders(&self, order: &[usize], index: usize) -> Vec<PathBuf> {
        let leaders = order[..index].iter();
        leaders
            .map(|chapter| self.chapters[*chapter].clone())
            .collect()
    }

    fn lost_in_locks(&self, order: &[usize]) -> Result<Vec<String>, SyncError> {
        let mut lost = Vec::new();
        for index in 1..order.len() {
            if !self.lock_plan(order, index)?.moves.is_empty() {
                lost.extend(self.warning(Path::new(LOCK), order[0], order[index]));
            }
        }
        Ok(lost)
    }

    /// Tells which packages move, lets cargo move them, and returns whether there was one.
    fn move_packages(&mut self, order: &[usize]) -> Result<bool, SyncError> {
        let mut moved = false;
        for index in 1..order.len() {
            let plan = self.lock_plan(order, index)?;
            let lock = self.path(order[index], Path::new(LOCK));
            for package in &plan.moves {
                moved = true;
                (self.tell)(&format!("{}: {package}", lock.display()));
            }
            let chapter = &self.chapters[order[index]];
            if !self.options.check {
                locks::follow(chapter, &self.leaders(order, index))?;
            }
            if let Some((disagreement, other)) = self.lock_plan(order, index)?.apart.first() {
                let told = disagreement.told(self.tree.relative(other));
                return Err(SyncError::Apart { path: lock, told });
            }
        }
        Ok(moved)
    }
}

#[cfg(test)]
mod tests;
