//! The tests of near-workspaces, from its package.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::Context;
use sandbox_clients::published;

/// The file that makes one program of all tests.
const PROGRAM: &str = "all.rs";

/// Writes the tests of near-workspaces, and the program. A file that is the same keeps its date, so a second run
/// compiles nothing.
pub fn lay_out(tests: &Path) -> anyhow::Result<()> {
    let published = published("near-workspaces")?.join("tests");
    copy(&published, tests)?;
    write(&tests.join(PROGRAM), program(&published)?.as_bytes())
}

/// Returns the source of the program. Each file of tests is a module of it.
fn program(tests: &Path) -> anyhow::Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(tests)? {
        let path = entry?.path();
        let is_module = path.extension().is_some_and(|extension| extension == "rs");
        let name = path.file_stem().and_then(OsStr::to_str);
        names.extend(name.filter(|_| is_module).map(str::to_owned));
    }
    names.sort();
    let modules = names.iter().map(|name| format!("mod {name};\n"));
    Ok(modules.collect())
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
