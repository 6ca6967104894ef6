//! Lock files of chapters that use packages of a registry in the same folder.

use serde_json::json;
use tempfile::TempDir;

use super::*;

const CONFIGURATION: &str = "[source.crates-io]\nreplace-with = \"folder\"\n\n\
    [source.folder]\nlocal-registry = \"registry\"\n";

/// Packages with their versions: `moon 1.0`, or requirements: `moon =1.0.2`.
type Packages<'a> = &'a [&'a str];

/// A registry with packages, and chapters beside it.
struct Registry(TempDir);

impl Registry {
    /// Returns a registry with packages. One can ask for others: `star 1.0.1: beam =1.0.1`.
    fn new(packages: Packages) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        files::write(&root.join(".cargo/config.toml"), CONFIGURATION).unwrap();
        for package in packages {
            let (package, asked) = package.split_once(": ").unwrap_or((package, ""));
            let (name, version) = package.split_once(' ').unwrap();
            let dependencies = asked.split_once(' ').map(|(name, requirement)| {
                json!({
                    "name": name, "req": requirement, "features": [], "optional": false,
                    "default_features": true, "target": null, "kind": "normal",
                })
            });
            let package = json!({
                "name": name, "vers": version, "deps": Vec::from_iter(dependencies),
                "cksum": "0".repeat(64), "features": {}, "yanked": false,
            });
            // The path of a package with a name of four letters.
            let (start, end) = name.split_at(2);
            let path = root.join(format!("registry/index/{start}/{end}/{name}"));
            let before = files::read_text(&path).unwrap_or_default();
            files::write(&path, format!("{before}{package}\n")).unwrap();
        }
        Self(folder)
    }

    /// Returns a chapter that asks for packages, with a lock file that has these versions of them.
    fn chapter(&self, name: &str, asked: Packages, locked: Packages) -> PathBuf {
        let chapter = self.0.path().join(name);
        let dependency = |package: &&str| {
            let (package, requirement) = package.split_once(' ').unwrap();
            format!("{package} = \"{requirement}\"\n")
        };
        let dependencies: String = asked.iter().map(dependency).collect();
        let package = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n");
        let manifest = format!("{package}\n[dependencies]\n{dependencies}");
        files::write(&chapter.join("Cargo.toml"), manifest).unwrap();
        files::write(&chapter.join("src/lib.rs"), "").unwrap();
        let cargo = |arguments: &[&str]| {
            process::run(process::cargo(&chapter).args(arguments)).unwrap();
        };
        cargo(&["generate-lockfile"]);
        for package in locked {
            let (package, version) = package.split_once(' ').unwrap();
            cargo(&["update", package, "--precise", version]);
        }
        chapter
    }
}

/// Returns the packages of a lock file with their versions.
fn locked(chapter: &Path) -> Vec<String> {
    let versions = versions(&chapter.join(LOCK)).unwrap();
    let of_registry = versions
        .iter()
        .filter(|(package, _)| !chapter.ends_with(package));
    let packages = of_registry.flat_map(|(package, versions)| {
        versions
            .iter()
            .map(move |version| format!("{package} {version}"))
    });
    packages.collect()
}

#[test]
fn a_package_takes_the_version_of_the_chapter_before() {
    let registry = Registry::new(&["moon 1.0.1", "moon 1.2.0"]);
    let setup = registry.chapter("setup", &["moon 1"], &["moon 1.0.1"]);
    let batch = registry.chapter("batch", &["moon 1"], &[]);

    follow(&batch, &[setup]).unwrap();

    assert_eq!(locked(&batch), ["moon 1.0.1"]);
}

#[test]
fn packages_that_ask_for_each_others_exact_version_move_together() {
    let star = ["star 1.0.1: beam =1.0.1", "star 1.0.2: beam =1.0.2"];
    let registry = Registry::new(&[star[0], star[1], "beam 1.0.1", "beam 1.0.2"]);
    let setup = registry.chapter("setup", &["star 1"], &[]);
    let batch = registry.chapter("batch", &["star 1"], &["star 1.0.1"]);

    follow(&batch, &[setup]).unwrap();

    assert_eq!(locked(&batch), ["beam 1.0.2", "star 1.0.2"]);
}

#[test]
fn a_package_that_only_one_chapter_has_keeps_its_version() {
    let registry = Registry::new(&["moon 1.0.1", "moon 1.2.0", "lamp 0.3.1", "lamp 0.3.2"]);
    let setup = registry.chapter("setup", &["moon 1"], &[]);
    let batch = registry.chapter(
        "batch",
        &["moon 1", "lamp 0.3"],
        &["moon 1.0.1", "lamp 0.3.1"],
    );

    follow(&batch, &[setup]).unwrap();

    assert_eq!(locked(&batch), ["lamp 0.3.1", "moon 1.2.0"]);
}

#[test]
fn the_first_chapter_that_has_a_package_decides_its_version() {
    let registry = Registry::new(&["moon 1.0.1", "moon 1.0.2"]);
    let setup = registry.chapter("setup", &["moon 1"], &[]);
    let batch = registry.chapter("batch", &["moon 1"], &["moon 1.0.1"]);
    let parallel = registry.chapter("parallel", &["moon 1"], &[]);

    let plan = plan(&parallel, &[setup, batch]).unwrap();

    assert_eq!(plan.moves, [], "it is batch that moves");
}

#[test]
fn a_lock_file_that_cannot_be_brought_in_step_is_unchanged() {
    let registry = Registry::new(&["lamp 1.0.1", "lamp 1.0.2", "moon 1.0.1", "moon 1.0.2"]);
    let older = ["lamp 1.0.1", "moon 1.0.1"];
    let setup = registry.chapter("setup", &["lamp 1", "moon 1"], &older);
    let batch = registry.chapter("batch", &["lamp 1", "moon =1.0.2"], &[]);

    let error = follow(&batch, &[setup]).unwrap_err().to_string();

    assert!(
        error.starts_with("cargo does not accept moon 1.0.2 → 1.0.1"),
        "{error}"
    );
    assert_eq!(locked(&batch), ["lamp 1.0.2", "moon 1.0.2"]);
}

#[test]
fn versions_that_are_not_compatible_are_no_move() {
    let registry = Registry::new(&["moon 0.1.9", "moon 0.2.0"]);
    let setup = registry.chapter("setup", &["moon 0.1"], &[]);
    let batch = registry.chapter("batch", &["moon 0.2"], &[]);

    let plan = plan(&batch, &[setup]).unwrap();

    assert_eq!((plan.moves.len(), plan.apart.len()), (0, 1));
}

#[test]
fn one_lock_file_may_have_more_versions_of_a_package() {
    let registry = Registry::new(&["moon 0.1.9", "moon 0.2.0", "star 1.0.0: moon 0.1"]);
    let setup = registry.chapter("setup", &["moon 0.2"], &[]);
    let batch = registry.chapter("batch", &["moon 0.2", "star 1"], &[]);

    let plan = plan(&batch, &[setup]).unwrap();

    assert_eq!((plan.moves.len(), plan.apart.len()), (0, 0));
}
