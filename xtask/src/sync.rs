//! Brings the chapters and starters in step: copies each shared file from the first chapter that has it to the
//! later ones, gives each package the version that the chapters before have, and writes the listings and the appendix
//! anew.
//!
//! The copy of a later chapter may be the one that a maintainer edited. So if git says that a copy has changes that
//! are not committed, and its source has none, nothing is written until the command names the copy that counts.
//!
//! A file that was removed from the first chapter looks like a new file of the second. It has to be removed from
//! each of them.

mod git;
mod locks;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use git::Git;
use manuscript::appendix::appendix;
use manuscript::derived::Derived;
use manuscript::files;
use manuscript::layout::{self, Tree};
use manuscript::listings::{FOLDER, Fault, listings};
use manuscript::locks::LOCK;
use manuscript::shared::{Shared, is_partner, shared};
use similar::TextDiff;

/// The options of the command.
#[derive(Debug, Default, Args)]
pub struct Options {
    /// The chapter whose copies count: `batch`. Earlier chapters get them too.
    #[arg(long, value_name = "CHAPTER")]
    pub from: Option<String>,
    /// Change nothing, and fail if something would change.
    #[arg(long)]
    pub check: bool,
    /// The files to bring in step, by their path in a chapter: `src/greeting.rs`, `Cargo.lock`. Without them, all.
    pub files: Vec<PathBuf>,
}

/// Brings everything in step, reports each change, and returns whether there was one.
pub fn run(tree: &Tree, options: &Options, report: impl FnMut(&str)) -> Result<bool> {
    Sync::new(tree, options, report)?.run()
}

struct Sync<'a, R> {
    tree: &'a Tree,
    options: &'a Options,
    report: R,
    /// The chapters, and then the starters.
    crates: Vec<PathBuf>,
    /// The crate that the options name.
    from: Option<PathBuf>,
    git: Result<Git>,
}

/// A shared file that is to be copied.
struct Task {
    file: Shared,
    source: PathBuf,
    /// The crates to copy it to, by the content that they have.
    targets: BTreeMap<Option<Vec<u8>>, Vec<PathBuf>>,
}

impl<'a, R: FnMut(&str)> Sync<'a, R> {
    fn new(tree: &'a Tree, options: &'a Options, report: R) -> Result<Self> {
        let crates = [tree.chapters()?, tree.starters()?].concat();
        let find = |name: &String| {
            let found = crates.iter().find(|path| layout::name(path) == *name);
            found.cloned().with_context(|| {
                let names: Vec<_> = crates.iter().map(|path| layout::name(path)).collect();
                format!(
                    "there is no chapter `{name}`; there are {}",
                    names.join(", ")
                )
            })
        };
        Ok(Self {
            from: options.from.as_ref().map(find).transpose()?,
            git: Git::ask(tree),
            tree,
            options,
            report,
            crates,
        })
    }

    fn run(mut self) -> Result<bool> {
        let tasks = self.tasks()?;
        let followers = self.followers();
        if !self.options.check {
            let mut lost: Vec<_> = tasks.iter().flat_map(|task| self.lost(task)).collect();
            for (folder, leaders) in &followers {
                if !locks::plan(folder, leaders)?.moves.is_empty() {
                    lost.extend(self.warning(Path::new(LOCK), &leaders[0], folder));
                }
            }
            ensure!(
                lost.is_empty(),
                "nothing was written, since changes would be lost:\n{}",
                lost.join("\n")
            );
        }
        for task in &tasks {
            self.copy(task)?;
        }
        let mut is_changed = !tasks.is_empty();
        for (folder, leaders) in &followers {
            is_changed |= self.move_packages(folder, leaders)?;
        }
        is_changed |= self.write_listings()?;
        Ok(is_changed)
    }

    /// Returns the files to copy.
    fn tasks(&self) -> Result<Vec<Task>> {
        let shared = shared(self.tree)?;
        let wanted = &self.options.files;
        for path in wanted {
            let is_known = path == Path::new(LOCK) || shared.iter().any(|file| file.path == *path);
            ensure!(
                is_known,
                "`{}` is no file that chapters share: name it as in a chapter, `src/greeting.rs`",
                path.display()
            );
            if let Some(path) = self.from.as_ref().map(|from| from.join(path)) {
                ensure!(
                    path.is_file(),
                    "{} does not exist: name a chapter that has it",
                    self.tree.relative(&path).display()
                );
            }
        }
        let mut tasks = Vec::new();
        for file in shared {
            let from = self.from.as_deref();
            let named = from.filter(|from| file.copy(from).is_some());
            let source = named.unwrap_or(file.first()).to_owned();
            let is_ignored = |path: &Path| self.git.as_ref().is_ok_and(|git| git.is_ignored(path));
            if !(wanted.is_empty() || wanted.contains(&file.path))
                || is_partner(&file.path)
                || is_ignored(self.tree.relative(&source.join(&file.path)))
            {
                continue;
            }
            let mut targets: BTreeMap<_, Vec<_>> = BTreeMap::new();
            for target in file.unlike(&source) {
                let copy = file.copy(target).map(<[u8]>::to_vec);
                targets.entry(copy).or_default().push(target.to_owned());
            }
            if !targets.is_empty() {
                tasks.push(Task {
                    file,
                    source,
                    targets,
                });
            }
        }
        Ok(tasks)
    }

    /// Returns a warning for each change that a task would overwrite. Copies with the same content need one.
    fn lost(&self, task: &Task) -> Vec<String> {
        let overwritten = task.targets.iter().filter(|(copy, _)| copy.is_some());
        let warnings = overwritten.filter_map(|(_, targets)| {
            let mut targets = targets.iter();
            targets.find_map(|target| self.warning(&task.file.path, &task.source, target))
        });
        warnings.collect()
    }

    /// Returns the reason why the file of `target` must not be overwritten. There is none if the command names file
    /// and chapter, or if the source was edited as well: its changes are newer, or they were copied before.
    fn warning(&self, path: &Path, source: &Path, target: &Path) -> Option<String> {
        let is_named = self.from.as_deref() == Some(source) && !self.options.files.is_empty();
        let [from, to] = [source, target].map(|folder| self.tree.relative(folder).join(path));
        let reason = match &self.git {
            _ if is_named => return None,
            Ok(git) if git.is_edited(&to) && !git.is_edited(&from) => format!(
                "has changes that are not committed, and {} has none",
                from.display()
            ),
            Ok(_) => return None,
            Err(error) => format!(
                "differs from {}, and git does not say which was edited ({error:#})",
                from.display()
            ),
        };
        let [source, target] = [source, target].map(layout::name);
        Some(format!(
            "{} {reason}. Name the one that counts: `cargo book sync --from {target} {path}` or `cargo book sync \
             --from {source} {path}`",
            to.display(),
            path = path.display(),
        ))
    }

    /// Reports a task and, unless the command only checks, copies the file.
    fn copy(&mut self, task: &Task) -> Result<()> {
        let path = &task.file.path;
        let source = task.source.join(path);
        let new = task.file.copy(&task.source).unwrap_or_default();
        for (old, targets) in &task.targets {
            let targets: Vec<_> = targets.iter().map(|target| target.join(path)).collect();
            let shown = |path: &PathBuf| self.tree.relative(path).display().to_string();
            let names: Vec<_> = targets.iter().map(shown).collect();
            let heading = format!("{} → {}", shown(&source), names.join(", "));
            (self.report)(&difference(&heading, old.as_deref(), new));
            if self.options.check {
                continue;
            }
            self.keep(&targets)?;
            for target in &targets {
                files::write(target, new)?;
                fs::set_permissions(target, fs::metadata(&source)?.permissions())?;
            }
        }
        Ok(())
    }

    /// Lets git keep a content that is not committed and is overwritten. The targets have the same one.
    fn keep(&mut self, targets: &[PathBuf]) -> Result<()> {
        let Ok(git) = &self.git else {
            return Ok(());
        };
        let is_edited = |path: &&PathBuf| path.is_file() && git.is_edited(self.tree.relative(path));
        if let Some(edited) = targets.iter().find(is_edited) {
            let name = git.keep(edited)?;
            (self.report)(&format!(
                "That overwrites changes which were not committed; they are still there: git cat-file -p {name}"
            ));
        }
        Ok(())
    }

    /// Returns each crate whose lock file follows others, with the crates that it follows.
    fn followers(&self) -> Vec<(PathBuf, Vec<PathBuf>)> {
        let wanted = &self.options.files;
        if !wanted.is_empty() && !wanted.iter().any(|path| path == Path::new(LOCK)) {
            return Vec::new();
        }
        let mut order = self.crates.clone();
        order.retain(|folder| folder.join(LOCK).is_file());
        order.sort_by_key(|folder| self.from.as_ref() != Some(folder));
        let followers =
            (1..order.len()).map(|index| (order[index].clone(), order[..index].to_vec()));
        followers.collect()
    }

    /// Reports the packages of a crate that take another version, lets cargo change its lock file unless the command
    /// only checks, and returns whether there was one.
    fn move_packages(&mut self, folder: &Path, leaders: &[PathBuf]) -> Result<bool> {
        let lock = folder.join(LOCK);
        let lock = self.tree.relative(&lock).display();
        let moves = locks::plan(folder, leaders)?.moves;
        for package in &moves {
            (self.report)(&format!("{lock}: {package}"));
        }
        if !self.options.check {
            locks::follow(folder, leaders).with_context(|| lock.to_string())?;
        }
        if let Some((disagreement, other)) = locks::plan(folder, leaders)?.apart.first() {
            let described = disagreement.describe(self.tree.relative(other));
            bail!("{lock}: {described}: let the manifests ask for the same");
        }
        Ok(!moves.is_empty())
    }

    /// Writes the listings and the appendix, and returns whether a file has changed.
    fn write_listings(&mut self) -> Result<bool> {
        // A command that names files is about those alone.
        if !self.options.files.is_empty() {
            return Ok(false);
        }
        let listings = listings(self.tree)?;
        let faults: Vec<_> = listings.faults.iter().map(Fault::to_string).collect();
        let mut files = [appendix(self.tree)?, listings.files].concat();
        files.retain(Derived::is_stale);
        for file in &files {
            let path = self.tree.root().join(&file.path);
            let name = file.path.display().to_string();
            let old = file.text.as_deref().map(str::as_bytes);
            (self.report)(&match &file.wanted {
                // A new listing changes the numbers of all below it, and their differences say nothing.
                Some(new) if !file.path.starts_with(FOLDER) => {
                    difference(&name, old, new.as_bytes())
                }
                _ => name,
            });
            match &file.wanted {
                _ if self.options.check => {}
                Some(new) => files::write(&path, new)?,
                None => files::remove(&path)?,
            }
        }
        ensure!(faults.is_empty(), "{}", faults.join("\n"));
        Ok(!files.is_empty())
    }
}

/// Returns a unified diff below a heading, or the size of a file that is new or not text.
fn difference(heading: &str, old: Option<&[u8]>, new: &[u8]) -> String {
    let size = |content: &[u8]| match str::from_utf8(content) {
        Ok(text) => format!("{} lines", text.lines().count()),
        Err(_) => format!("{} bytes", content.len()),
    };
    let Some(old) = old else {
        return format!("{heading}: new, {}", size(new));
    };
    let (Ok(before), Ok(after)) = (str::from_utf8(old), str::from_utf8(new)) else {
        return format!("{heading}: {} instead of {}", size(new), size(old));
    };
    let diff = TextDiff::from_lines(before, after);
    let diff = diff.unified_diff().context_radius(2).to_string();
    format!("{heading}\n{}", diff.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests;
