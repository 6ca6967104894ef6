//! Lock files of chapters that use packages of a registry in the same folder.

use super::*;
use tempfile::TempDir;

const CONFIGURATION: &str = "[source.crates-io]\nreplace-with = \"folder\"\n\n\
    [source.folder]\nlocal-registry = \"registry\"\n";

/// A package with its version and its dependencies.
type Entry<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// A registry with packages, and chapters beside it.
struct Registry {
    folder: TempDir,
}

impl Registry {
    fn new(packages: &[Entry]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        files::write(&root.join(".cargo/config.toml"), CONFIGURATION).unwrap();
        for (name, version, dependencies) in packages {
            let dependencies: Vec<_> = dependencies
                .iter()
                .map(|(name, requirement)| {
                    serde_json::json!({
                        "name": name, "req": requirement, "features": [], "optional": false,
                        "default_features": true, "target": null, "kind": "normal",
                    })
                })
                .collect();
            let package = serde_json::json!({
                "name": name, "vers": version, "deps": dependencies, "cksum": "0".repeat(64),
                "features": {}, "yanked": false,
            });
            // The path of a package with a name of four letters.
            let path = root.join(format!(
                "registry/index/{}/{}/{name}",
                &name[..2],
                &name[2..]
            ));
            let before = files::read_text(&path).unwrap_or_default();
            files::write(&path, format!("{before}{package}\n")).unwrap();
        }
        Self { folder }
    }

    /// Returns a chapter that depends on packages, with a lock file that has these versions of them.
    fn chapter(&self, name: &str, asked: &[(&str, &str)], locked: &[(&str, &str)]) -> PathBuf {
        let chapter = self.folder.path().join(name);
        let mut manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n"
        );
        for (package, requirement) in asked {
            manifest.push_str(&format!("{package} = \"{requirement}\"\n"));
        }
        files::write(&chapter.join("Cargo.toml"), manifest).unwrap();
        files::write(&chapter.join("src/lib.rs"), "").unwrap();
        cargo(&chapter, &["generate-lockfile"]);
        for (package, version) in locked {
            cargo(&chapter, &["update", package, "--precise", version]);
        }
        chapter
    }
}

fn cargo(chapter: &Path, arguments: &[&str]) {
    process::run(process::cargo(chapter).args(arguments)).unwrap();
}

/// Returns the versions of a package that a chapter has.
fn locked(chapter: &Path, package: &str) -> Vec<String> {
    let versions = versions(&chapter.join(LOCK)).unwrap();
    versions[package].iter().map(Version::to_string).collect()
}

#[test]
fn a_package_takes_the_version_of_the_chapter_before() {
    let registry = Registry::new(&[("moon", "1.0.1", &[]), ("moon", "1.2.0", &[])]);
    let setup = registry.chapter("setup", &[("moon", "1")], &[("moon", "1.0.1")]);
    let batch = registry.chapter("batch", &[("moon", "1")], &[]);

    follow(&batch, &[setup]).unwrap();

    assert_eq!(locked(&batch, "moon"), ["1.0.1"]);
}

#[test]
fn packages_that_ask_for_each_others_exact_version_move_together() {
    let registry = Registry::new(&[
        ("star", "1.0.1", &[("beam", "=1.0.1")]),
        ("star", "1.0.2", &[("beam", "=1.0.2")]),
        ("beam", "1.0.1", &[]),
        ("beam", "1.0.2", &[]),
    ]);
    let setup = registry.chapter("setup", &[("star", "1")], &[]);
    let batch = registry.chapter("batch", &[("star", "1")], &[("star", "1.0.1")]);

    follow(&batch, &[setup]).unwrap();

    assert_eq!(locked(&batch, "star"), ["1.0.2"]);
    assert_eq!(locked(&batch, "beam"), ["1.0.2"]);
}

#[test]
fn a_package_that_only_one_chapter_has_keeps_its_version() {
    let registry = Registry::new(&[
        ("moon", "1.0.1", &[]),
        ("moon", "1.2.0", &[]),
        ("lamp", "0.3.1", &[]),
        ("lamp", "0.3.2", &[]),
    ]);
    let setup = registry.chapter("setup", &[("moon", "1")], &[]);
    let both = [("moon", "1"), ("lamp", "0.3")];
    let batch = registry.chapter("batch", &both, &[("moon", "1.0.1"), ("lamp", "0.3.1")]);

    follow(&batch, &[setup]).unwrap();

    assert_eq!(locked(&batch, "lamp"), ["0.3.1"]);
}

#[test]
fn the_first_chapter_that_has_a_package_decides_its_version() {
    let registry = Registry::new(&[("moon", "1.0.1", &[]), ("moon", "1.0.2", &[])]);
    let setup = registry.chapter("setup", &[("moon", "1")], &[]);
    let batch = registry.chapter("batch", &[("moon", "1")], &[("moon", "1.0.1")]);
    let parallel = registry.chapter("parallel", &[("moon", "1")], &[]);

    let plan = plan(&parallel, &[setup, batch]).unwrap();

    assert_eq!(plan.moves, [], "it is batch that moves");
}

#[test]
fn a_lock_file_that_cannot_be_brought_in_step_is_unchanged() {
    let registry = Registry::new(&[
        ("lamp", "1.0.1", &[]),
        ("lamp", "1.0.2", &[]),
        ("moon", "1.0.1", &[]),
        ("moon", "1.0.2", &[]),
    ]);
    let older = [("lamp", "1.0.1"), ("moon", "1.0.1")];
    let setup = registry.chapter("setup", &[("lamp", "1"), ("moon", "1")], &older);
    let batch = registry.chapter("batch", &[("lamp", "1"), ("moon", "=1.0.2")], &[]);
    let before = files::read(&batch.join(LOCK)).unwrap();

    let error = follow(&batch, &[setup]).unwrap_err();

    assert!(error.to_string().contains("moon"), "{error}");
    assert_eq!(files::read(&batch.join(LOCK)).unwrap(), before);
}

#[test]
fn versions_that_are_not_compatible_are_no_move() {
    let registry = Registry::new(&[("moon", "0.1.9", &[]), ("moon", "0.2.0", &[])]);
    let setup = registry.chapter("setup", &[("moon", "0.1")], &[]);
    let batch = registry.chapter("batch", &[("moon", "0.2")], &[]);

    let plan = plan(&batch, &[setup]).unwrap();

    assert_eq!(plan.moves, []);
    assert_eq!(plan.apart.len(), 1);
}

#[test]
fn one_lock_file_may_have_more_versions_of_a_package() {
    let registry = Registry::new(&[
        ("moon", "0.1.9", &[]),
        ("moon", "0.2.0", &[]),
        ("star", "1.0.0", &[("moon", "0.1")]),
    ]);
    let setup = registry.chapter("setup", &[("moon", "0.2")], &[]);
    let batch = registry.chapter("batch", &[("moon", "0.2"), ("star", "1")], &[]);

    let plan = plan(&batch, &[setup]).unwrap();

    assert!(plan.moves.is_empty() && plan.apart.is_empty(), "{plan:?}");
}
