//! The release that chapter `testing` upgrades: the contract of chapter `responses`, as wasm in its folder
//! `tests/releases`.
//!
//! Beside it is `last.toml` with the hash of its sources. So no test has to build it to know that it is
//! current.

use std::path::{Path, PathBuf};

use manuscript::files::{self, sha256};
use manuscript::layout::Tree;
use manuscript::wasm::build_wasm;
use toml::Table;

use crate::recorded::is_blessing;

/// The files that a contract is built from.
const SOURCES: [&str; 4] = ["src", ".cargo", "Cargo.toml", "Cargo.lock"];

const HEADER: &str = "\
# The release that was live before this one: the contract of the chapter before. `cargo book bless` in
# the book's tree writes it. In a copy of this folder, lay the code there that your account has now.

";

/// Compares the release with its sources, or builds it anew.
///
/// # Panics
/// The release differs from the build of chapter `responses`.
pub fn check() {
    let tree = Tree::here();
    let folder = tree.root().join("chapters/testing/tests/releases");
    let (wasm, manifest) = (folder.join("last.wasm"), folder.join("last.toml"));
    let source = source(&tree.root().join("chapters/responses"));
    let is_right = recorded(&manifest).is_some_and(|(code, built_from)| {
        built_from == source && files::read(&wasm).is_ok_and(|wasm| sha256(wasm) == code)
    });
    if is_right {
        return;
    }
    assert!(
        is_blessing(),
        "chapters/testing/tests/releases/last.wasm is not what chapters/responses builds: \
         cargo book bless"
    );
    write(&tree, &wasm, &manifest, &source);
}

/// Returns the SHA-256 of the wasm and of its sources.
fn recorded(manifest: &Path) -> Option<(String, String)> {
    let manifest: Table = files::read_text(manifest).ok()?.parse().ok()?;
    let value = |key: &str| Some(manifest.get(key)?.as_str()?.to_owned());
    Some((value("wasm")?, value("source")?))
}

fn source(chapter: &Path) -> String {
    let mut sources = String::new();
    for name in SOURCES {
        let path = chapter.join(name);
        let files = match path.is_dir() {
            true => files::written(&path).expect("the chapter can be listed"),
            false => vec![path],
        };
        for path in files {
            let content = files::read(&path).expect("the file can be read");
            let name: PathBuf = path.strip_prefix(chapter).expect("in the chapter").into();
            sources.push_str(&format!("{} {}\n", name.display(), sha256(content)));
        }
    }
    sha256(sources)
}

fn write(tree: &Tree, wasm: &Path, manifest: &Path, source: &str) {
    let built = build_wasm(&tree.root().join("chapters/responses"));
    let built =
        built.unwrap_or_else(|error| panic!("chapter responses: {:#}", anyhow::Error::from(error)));
    let [contract] = &built.contracts[..] else {
        panic!("chapter responses is not one contract");
    };
    let text = format!(
        "{HEADER}wasm = \"{}\"\nsource = \"{source}\"\nrustc = \"{}\"\n",
        sha256(&contract.code),
        built.rustc
    );
    files::write(wasm, &contract.code).expect("the wasm can be written");
    files::write(manifest, text).expect("its manifest can be written");
}
