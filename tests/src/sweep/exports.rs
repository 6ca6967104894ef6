//! The methods of a contract, from its wasm.

use std::collections::BTreeSet;

use wasmparser::{BinaryReaderError, ExternalKind, Parser, Payload};

/// The names of all functions that a wasm exports.
///
/// # Errors
/// It is no wasm.
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
    fn functions_are_methods_and_memory_is_none() {
        let greet = include_bytes!("../../../chain/tests/fixtures/greet.wasm");

        let names = exports(greet).expect("it is a wasm");

        assert_eq!(names, BTreeSet::from(["greet".to_owned()]));
    }

    #[test]
    fn what_is_no_wasm_is_an_error() {
        assert!(exports(b"no wasm").is_err());
    }
}
