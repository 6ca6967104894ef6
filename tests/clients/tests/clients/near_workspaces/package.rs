//! A package with near-workspaces' tests that can be built in this tree.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::Context;
use sandbox_clients::published;

/// The manifest of the package.
const MANIFEST: &[u8] = include_bytes!("../../../near-workspaces/Cargo.toml");

/// The lock file of the tree. It has the same versions as those of the chapters, so shared dependencies are compiled
/// once. cargo removes the packages that the tests do not need.
const LOCK: &[u8] = include_bytes!("../../../../../Cargo.lock");

/// The file that makes one program of all tests.
const PROGRAM: &str = "it.rs";

/// Returns the source of the program. Each file of tests is a module of it.
fn program(tests: &Path) -> anyhow::Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(tests)? {
        let path = entry?.path();
        let is_module =
            path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with(PROGRAM);
        let name = path.file_stem().and_then(OsStr::to_str);
        names.extend(name.filter(|_| is_module).map(str::to_owned));
    }
    names.sort();
    let modules = names.iter().map(|name| format!("mod {name};\n"));
    Ok(format!(
        "#![recursion_limit = \"256\"]\n\n{}",
        modules.collect::<String>()
    ))
}

/// Writes a package with the tests of near-workspaces. A file that is the same keeps its date, so a second run
/// compiles nothing.
pub fn lay_out(to: &Path) -> anyhow::Result<()> {
    let tests = to.join("tests");
    copy(&published("near-workspaces")?.join("tests"), &tests)?;
    write(&tests.join(PROGRAM), program(&tests)?.as_bytes())?;
    write(&to.join("Cargo.toml"), MANIFEST)?;
    write(&to.join("Cargo.lock"), LOCK)
}

/// Writes a file unless it has this content already.
pub fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|current| current == content) {
        return Ok(());
    }
    let folder = path.parent().context("the path has no folder")?;
    fs::create_dir_all(folder)?;
    fs::write(path, content).with_context(|| path.display().to_string())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            write(&target, &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}
