//! The dependencies between the rooms and inside them: a package depends on lower floors only, and no modules
//! import each other in a circle.
//!
//! * `modules`: the modules of a program or library, and their imports.

mod modules;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use modules::{Module, Program};
use toml::{Table, Value};

use crate::{Problem, hygiene, text};

/// The rooms of the tree by their floors, from the ground up. A package depends on packages of lower floors, and on
/// no other package of the tree.
pub const FLOORS: [&[&str]; 4] = [
    &[
        "chain",
        "chapters",
        "contract",
        "manuscript",
        "starters",
        "studies",
        "tools",
        "trace",
    ],
    &["runs", "sandbox", "xtask"],
    &["tests"],
    &["tests/clients"],
];

/// A package of the tree.
struct Package {
    /// Its folder, from the root of the book.
    folder: PathBuf,
    manifest: Table,
}

fn packages(root: &Path) -> Result<Vec<Package>> {
    let files = hygiene::files(root)?;
    let manifests = files.iter().filter(|path| path.ends_with("Cargo.toml"));
    let mut packages = Vec::new();
    for path in manifests {
        let manifest: Table = text::read(&root.join(path))?.parse()?;
        if manifest.contains_key("package") {
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            packages.push(Package { folder, manifest });
        }
    }
    Ok(packages)
}

impl Package {
    /// Returns the folders of the packages that it depends on, from the root of the book.
    fn depends_on(&self) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        collect_paths(&Value::Table(self.manifest.clone()), false, &mut paths);
        let folders = paths.iter().map(|path| self.folder.join(path));
        folders.map(|folder| text::plain(&folder)).collect()
    }

    fn is_contract(&self) -> bool {
        let kinds = self
            .manifest
            .get("lib")
            .and_then(|lib| lib.get("crate-type"));
        let kinds = kinds.and_then(Value::as_array);
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind.as_str() == Some("cdylib")))
    }
}

/// Collects each `path` of a table of dependencies.
fn collect_paths(value: &Value, in_dependencies: bool, paths: &mut Vec<String>) {
    let Value::Table(table) = value else { return };
    for (key, value) in table {
        match value {
            Value::String(path) if key == "path" && in_dependencies => paths.push(path.clone()),
            _ => collect_paths(
                value,
                in_dependencies || key.ends_with("dependencies"),
                paths,
            ),
        }
    }
}

/// Returns the floor of a folder: that of the longest room which holds it.
fn floor_of(folder: &Path) -> Option<usize> {
    let rooms = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, rooms)| rooms.iter().map(move |room| (room, floor)));
    let holding = rooms.filter(|(room, _)| folder.starts_with(room));
    holding
        .max_by_key(|(room, _)| room.len())
        .map(|(_, floor)| floor)
}

/// Finds packages that depend on their own floor or on a higher one, and packages on no floor.
pub fn arrows_up(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for package in packages(root)? {
        let manifest = package.folder.join("Cargo.toml");
        let Some(floor) = floor_of(&package.folder) else {
            let fault = "the package is on no floor: give its room one in `FLOORS`";
            problems.push(Problem::of(manifest, fault));
            continue;
        };
        for other in package.depends_on() {
            if floor_of(&other).is_none_or(|below| below >= floor) {
                let other = other.display();
                let fault =
                    format!("it depends on `{other}`, which is not on a lower floor of `FLOORS`");
                problems.push(Problem::of(&manifest, fault));
            }
        }
    }
    Ok(problems)
}

/// Finds modules that import each other in a circle, in each library and program of each package.
///
/// The type of a contract is in the root of its crate, and its modules implement its methods: imports of the root do not
/// count there.
pub fn circles(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for package in packages(root)? {
        for path in programs(&root.join(&package.folder))? {
            let program = Program::read(root, &path)?;
            let without_root = package.is_contract() && path.ends_with("src/lib.rs");
            problems.extend(circle(&program, without_root));
        }
    }
    Ok(problems)
}

/// Returns the roots of all libraries, programs, tests and benchmarks of a package.
fn programs(package: &Path) -> Result<Vec<PathBuf>> {
    let mut roots: Vec<_> = ["src/lib.rs", "src/main.rs"]
        .map(|path| package.join(path))
        .into();
    for folder in ["tests", "benches"] {
        for path in text::files(&package.join(folder))? {
            let is_main = path.ends_with("main.rs")
                && path.parent().and_then(Path::parent) == Some(&package.join(folder));
            let is_alone = text::is(&path, "rs") && path.parent() == Some(&package.join(folder));
            if is_main || is_alone {
                roots.push(path);
            }
        }
    }
    roots.retain(|path| path.is_file());
    Ok(roots)
}

/// Returns the first circle of a program.
fn circle(program: &Program, without_root: bool) -> Option<Problem> {
    let counts = |module: &Module| !(without_root && module.is_root());
    let imports: BTreeMap<&Module, BTreeSet<&Module>> = program
        .imports()
        .map(|(module, imported)| {
            (
                module,
                imported
                    .into_iter()
                    .filter(|module| counts(module))
                    .collect(),
            )
        })
        .collect();
    let reaches = |from: &Module, to: &Module| {
        let (mut known, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(module) = open.pop() {
            for next in imports.get(module).into_iter().flatten() {
                if known.insert(*next) {
                    open.push(next);
                }
            }
        }
        known.contains(to)
    };
    let (from, to) = imports
        .iter()
        .flat_map(|(from, to)| to.iter().map(move |to| (*from, *to)))
        .find(|(from, to)| reaches(to, from))?;
    let fault = format!(
        "it imports `{to}`, which imports `{from}` directly or indirectly: move what both need into a third module"
    );
    Some(Problem::of(program.file(from), fault))
}
