//! The figures that the tests and benchmarks record for the page on the sandbox.

use std::path::PathBuf;

use anyhow::{Context, bail};

/// Compares a figure with its file, or writes it if `BLESS=1` is set.
///
/// # Errors
/// The file has another content, or cannot be read or written.
pub fn recorded(name: &str, text: &str) -> anyhow::Result<()> {
    if is_blessing() {
        return write(name, text);
    }
    let path = path(name);
    let on_page = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    if on_page != text {
        bail!(
            "src/figures/{name}.txt is stale. If the run is right: cargo book bless\nthe run records:\n{text}"
        );
    }
    Ok(())
}

/// Writes a figure that depends on the machine, if `BLESS=1` is set.
///
/// # Errors
/// The file cannot be written.
pub fn measured(name: &str, text: &str) -> anyhow::Result<()> {
    if is_blessing() {
        write(name, text)
    } else {
        Ok(())
    }
}

fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// Writes a file unless it has this content already, because a new date would rebuild the book.
fn write(name: &str, text: &str) -> anyhow::Result<()> {
    let path = path(name);
    if std::fs::read_to_string(&path).is_ok_and(|before| before == text) {
        return Ok(());
    }
    std::fs::write(&path, text).with_context(|| path.display().to_string())
}

fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../src/figures");
    folder.join(name).with_extension("txt")
}
