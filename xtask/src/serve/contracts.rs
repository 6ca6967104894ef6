//! The contracts of the chapters and the field studies: the committed ones, and those that a reader edits.
//!
//! A saved change is built in the tree, as `cargo test` builds it. What is committed is built there too, as long as it is
//! there, and else in a copy. Both are written into a folder, from which `play` takes them. The same compiler and profile
//! build both, so that an unchanged contract makes no difference.
//!
//! * `sources`: what is committed, and what differs from it now;
//! * `build`: a build that can be ended.

mod build;
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use build::build;
use manuscript::files;
use manuscript::layout::Tree;
use serde_json::{Value, json};
use sources::{FOLDERS, Fingerprint, Source, Sources};
use tokio::sync::{Notify, watch};

use super::watch::Watch;
use crate::step::{self, Step};

/// The number of characters of cargo's output that a page shows at most.
const MAX_OUTPUT: usize = 20_000;

/// The state of a contract that a reader has edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// It is being built.
    Building,
    /// It waits for what is committed, which is built in a copy. The first time takes minutes.
    Waiting,
    /// It does not build. cargo says this.
    Failed(String),
    /// It is the same wasm as the committed one.
    Same,
    /// It can be played. The build took this many seconds.
    Built(u64),
}

/// The contracts that a reader has edited, by the paths of their crates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits {
    /// The number of changes so far.
    pub version: u64,
    /// The name and the state of each.
    pub contracts: BTreeMap<PathBuf, (String, Edit)>,
}

impl Edits {
    /// Returns them for a page.
    pub fn to_json(&self) -> Value {
        let contracts = self.contracts.iter().map(|(path, (name, edit))| {
            let (state, output, seconds) = match edit {
                Edit::Building => ("building", None, None),
                Edit::Waiting => ("waiting", None, None),
                Edit::Failed(output) => ("failed", Some(output), None),
                Edit::Same => ("same", None, None),
                Edit::Built(seconds) => ("built", None, Some(seconds)),
            };
            json!({ "path": path, "name": name, "state": state, "output": output, "seconds": seconds })
        });
        json!({ "version": self.version, "contracts": contracts.collect::<Value>() })
    }
}

/// A contract to build.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Job {
    /// The edited one, from sources with this fingerprint.
    Edited(Source, Fingerprint),
    /// The committed one.
    Committed(Source),
}

/// The contracts of a server.
pub struct Contracts {
    sources: Sources,
    /// The folder for the wasm.
    folder: PathBuf,
    /// The target folder for committed sources that the tree has no more.
    target: PathBuf,
    watched: Vec<PathBuf>,
    edits: watch::Sender<Edits>,
    /// The committed contracts that were built, or the reasons why not.
    committed: watch::Sender<BTreeMap<Source, Result<(), String>>>,
    /// The committed contracts for which a run waits.
    wanted: Mutex<BTreeSet<Source>>,
    is_wanted: Notify,
}

impl Contracts {
    /// Keeps the committed sources in a folder, in which the contracts will lie as well.
    pub fn new(tree: &Tree, folder: &Path) -> Result<Self> {
        let sources = Sources::keep(tree, &folder.join("committed"));
        Ok(Self {
            sources: sources.context("the committed sources cannot be kept")?,
            folder: folder.join("contracts"),
            target: tree.target().join("committed"),
            watched: FOLDERS.map(|name| tree.root().join(name)).to_vec(),
            edits: watch::Sender::new(Edits::default()),
            committed: watch::Sender::new(BTreeMap::new()),
            wanted: Mutex::new(BTreeSet::new()),
            is_wanted: Notify::new(),
        })
    }

    /// Returns the folder from which `play` takes the contracts.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns what a reader has edited, and what becomes of it.
    pub fn edits(&self) -> watch::Receiver<Edits> {
        self.edits.subscribe()
    }

    /// Waits until the committed contract of a chapter or study is in the folder.
    pub async fn committed(&self, name: &str) -> Result<()> {
        let source = self.sources.find(name);
        let source = source.with_context(|| format!("there is no chapter {name}"))?;
        let mut committed = self.committed.subscribe();
        if !matches!(committed.borrow().get(source), Some(Ok(()))) {
            self.committed.send_modify(|known| {
                known.remove(source);
            });
            lock(&self.wanted).insert(source.clone());
            self.is_wanted.notify_one();
        }
        let known = committed
            .wait_for(|known| known.contains_key(source))
            .await?;
        match known.get(source) {
            Some(Err(output)) => Err(anyhow!(
                "{} does not build:\n{output}",
                source.path.display()
            )),
            _ => Ok(()),
        }
    }

    /// Builds what a reader saves and what runs wait for, for ever. In between it builds the other committed contracts,
    /// so that the first edit of each is compared at once. Returns the reason why it cannot watch the sources.
    pub async fn follow(&self) -> anyhow::Error {
        let mut watch = match Watch::over(&self.watched) {
            Ok(watch) => watch,
            Err(error) => return error,
        };
        let mut done = BTreeMap::new();
        loop {
            let edited = self.sources.edited();
            self.forget_others(&edited, &mut done);
            let Some(job) = self.next_job(&edited, &done) else {
                tokio::select! {
                    Some(_) = watch.next() => {}
                    () = self.is_wanted.notified() => {}
                }
                continue;
            };
            let is_done = self.perform_while_current(&job, &mut watch).await;
            if let (true, Job::Edited(source, fingerprint)) = (is_done, job) {
                done.insert(source, fingerprint);
            }
        }
    }

    /// Performs a job, and returns `true`; or ends it, as soon as its sources have changed or a run waits for another one.
    async fn perform_while_current(&self, job: &Job, watch: &mut Watch) -> bool {
        let mut work = pin!(self.perform(job));
        loop {
            tokio::select! {
                () = &mut work => return true,
                Some(_) = watch.next() => if !self.is_current(job) { return false },
                () = self.is_wanted.notified() => if self.may_wait(job) { return false },
            }
        }
    }

    /// Removes the contracts whose sources are as they are committed again.
    fn forget_others(
        &self,
        edited: &[(Source, Fingerprint)],
        done: &mut BTreeMap<Source, Fingerprint>,
    ) {
        let is_edited = |path: &Path| edited.iter().any(|(source, _)| source.path == path);
        done.retain(|source, _| is_edited(&source.path));
        self.edits.send_if_modified(|edits| {
            let before = edits.contracts.len();
            edits.contracts.retain(|path, (name, _)| {
                let is_edited = is_edited(path);
                if !is_edited {
                    self.remove(name);
                }
                is_edited
            });
            let is_changed = edits.contracts.len() != before;
            edits.version += u64::from(is_changed);
            is_changed
        });
    }

    fn next_job(
        &self,
        edited: &[(Source, Fingerprint)],
        done: &BTreeMap<Source, Fingerprint>,
    ) -> Option<Job> {
        if let Some(source) = lock(&self.wanted).first() {
            return Some(Job::Committed(source.clone()));
        }
        let mut edited = edited.iter();
        let next = edited.find(|(source, fingerprint)| done.get(source) != Some(fingerprint));
        if let Some((source, fingerprint)) = next {
            return Some(Job::Edited(source.clone(), fingerprint.clone()));
        }
        let known = self.committed.borrow();
        let mut others = self
            .sources
            .all()
            .filter(|source| !known.contains_key(source));
        let other = others.find(|source| self.sources.is_committed(source));
        other.cloned().map(Job::Committed)
    }

    /// Returns `false` if the sources have changed since the job was taken.
    fn is_current(&self, job: &Job) -> bool {
        match job {
            Job::Edited(source, fingerprint) => self.sources.now(source) == *fingerprint,
            // What a run waits for is built to its end, in a copy if need be.
            Job::Committed(source) => {
                lock(&self.wanted).contains(source) || self.sources.is_committed(source)
            }
        }
    }

    /// Returns `true` for a contract for which no run waits.
    fn may_wait(&self, job: &Job) -> bool {
        matches!(job, Job::Committed(source) if !lock(&self.wanted).contains(source))
    }

    async fn perform(&self, job: &Job) {
        match job {
            Job::Committed(source) => self.build_committed(source).await,
            Job::Edited(source, _) => {
                self.set(source, Edit::Building);
                let edit = self.build_edited(source).await;
                self.set(source, edit);
            }
        }
    }

    async fn build_edited(&self, source: &Source) -> Edit {
        let path = source.path.display();
        let purpose = format!("{path} has changed, building its contract");
        let (step, started) = (Step::begin("contract", &purpose), Instant::now());
        let built = build(self.sources.folder(source), None).await;
        let seconds = started.elapsed().as_secs();
        let compared = match built {
            Ok(code) => self.compare(source, &code).await,
            Err(error) => Err(error.to_string()),
        };
        match compared {
            Ok(is_same) => {
                step.done();
                match is_same {
                    true => Edit::Same,
                    false => Edit::Built(seconds),
                }
            }
            Err(output) => {
                drop(step);
                step::tell(&output);
                self.remove(&source.name);
                Edit::Failed(output.chars().take(MAX_OUTPUT).collect())
            }
        }
    }

    /// Writes an edited contract, and returns `true` if the committed one is the same.
    async fn compare(&self, source: &Source, code: &[u8]) -> Result<bool, String> {
        if !matches!(self.committed.borrow().get(source), Some(Ok(()))) {
            self.set(source, Edit::Waiting);
            self.build_committed(source).await;
        }
        if let Some(Err(output)) = self.committed.borrow().get(source) {
            return Err(format!("what is committed does not build:\n{output}"));
        }
        let committed = fs::read(self.path("committed", &source.name));
        let committed = committed.map_err(|error| error.to_string())?;
        self.write("edited", source, code)?;
        Ok(committed == code)
    }

    async fn build_committed(&self, source: &Source) {
        let mut built = Err("it was not built".to_owned());
        // What is built in the tree counts only if the tree has had it until the end.
        if self.sources.is_committed(source) {
            built = self
                .build_into(source, self.sources.folder(source), None)
                .await;
        }
        if !self.sources.is_committed(source) {
            let target = Some(self.target.clone());
            let copy = self.sources.committed_folder(source);
            let path = source.path.display();
            let purpose = format!("building what is committed of {path}, to compare with");
            let step = Step::begin("contract", &purpose);
            built = self.build_into(source, copy, target).await;
            step.done();
        }
        lock(&self.wanted).remove(source);
        self.committed.send_modify(|known| {
            known.insert(source.clone(), built);
        });
    }

    async fn build_into(
        &self,
        source: &Source,
        folder: PathBuf,
        target: Option<PathBuf>,
    ) -> Result<(), String> {
        let code = build(folder, target)
            .await
            .map_err(|error| error.to_string())?;
        self.write("committed", source, &code)
    }

    /// Writes a contract in one step, so that a run reads it whole.
    fn write(&self, side: &str, source: &Source, code: &[u8]) -> Result<(), String> {
        let path = self.path(side, &source.name);
        let new = path.with_extension("new");
        files::write(&new, code).map_err(|error| error.to_string())?;
        fs::rename(&new, &path).map_err(|error| error.to_string())
    }

    fn remove(&self, name: &str) {
        // An error means that it is not there.
        let _ = fs::remove_file(self.path("edited", name));
    }

    fn path(&self, side: &str, name: &str) -> PathBuf {
        self.folder.join(side).join(name).with_extension("wasm")
    }

    fn set(&self, source: &Source, edit: Edit) {
        self.edits.send_modify(|edits| {
            edits.version += 1;
            let state = (source.name.clone(), edit);
            edits.contracts.insert(source.path.clone(), state);
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
