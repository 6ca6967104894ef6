//! The methods of a contract, from its wasm.

use std::collections::BTreeSet;

use wasmparser::{BinaryReaderError, ExternalKind, Parser, Payload};

/// Returns the names of all functions that a wasm exports.
///
/// # Errors
/// The code is not valid wasm.
pub fn exports(code: &[u8]) -> Result<BTreeSet<String>, BinaryReaderError> {
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(code) {
        let Payload::ExportSection(section) = payload? else {
            continue;
        };
        for export in section {
            let export = export?;
            if export.kind == ExternalKind::Func {
                names.insert(export.name.to_owned());
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exported_functions_are_methods_and_exported_memory_is_not() {
        let greet = include_bytes!("../../../sandbox/tests/fixtures/greet.wasm");

        let names = exports(greet).expect("the wasm is valid");

        assert_eq!(names, BTreeSet::from(["greet".to_owned()]));
    }

    #[test]
    fn invalid_wasm_is_an_error() {
        assert!(exports(b"no wasm").is_err());
    }
}
