//! Tests of the rules for all files, on this book and on books that break them.

use std::path::Path;

use book_tests::fixture::Fixture;
use book_tests::{assert_none, assert_one, hygiene};
use manuscript::layout::Tree;

#[test]
fn every_crate_has_both_licences() {
    assert_none(hygiene::licences(Tree::here().root()).unwrap());
}

#[test]
fn no_file_has_traces_of_one_machine_or_unfinished_work() {
    assert_none(hygiene::traces(Tree::here().root()).unwrap());
}

#[test]
fn every_package_comes_from_the_registry() {
    assert_none(hygiene::registries(Tree::here().root()).unwrap());
}

#[test]
fn no_file_of_rust_is_too_long() {
    assert_none(hygiene::long_files(Tree::here().root()).unwrap());
}

/// Creates two chapters with their licences.
fn hygiene() -> Fixture {
    let book = Fixture::chapters();
    book.write("LICENSE-MIT", "");
    book.write("LICENSE-APACHE", "");
    book
}

#[test]
fn correct_files_have_no_problem() {
    let book = hygiene();

    assert_none(hygiene::licences(book.root()).unwrap());
    assert_none(hygiene::traces(book.root()).unwrap());
    assert_none(hygiene::registries(book.root()).unwrap());
    assert_none(hygiene::long_files(book.root()).unwrap());
}

#[test]
fn a_missing_licence_is_found() {
    let book = hygiene();
    book.remove("LICENSE-MIT");

    assert_one(
        &hygiene::licences(book.root()).unwrap(),
        "LICENSE-MIT",
        1,
        "the licence is missing",
    );
}

#[test]
fn a_crate_with_another_licence_is_found() {
    let book = hygiene();
    book.replace("chapters/batch/Cargo.toml", hygiene::LICENCE, "MIT");

    let problems = hygiene::licences(book.root()).unwrap();

    assert_one(
        &problems,
        "chapters/batch/Cargo.toml",
        1,
        "does not name its licence",
    );
}

#[test]
fn traces_are_found() {
    let home = ["", "root", "book"].join("/");
    let host = ["index", "crates", "io"].join(".");
    let folder = ["registry", "src", "mirror-0123456789abcdef"].join("/");
    let loose_end = ["TO", "DO"].concat();
    for trace in [home, host, folder, loose_end] {
        let book = hygiene();
        book.append("chapters/setup/README.md", &trace);

        assert_one(
            &hygiene::traces(book.root()).unwrap(),
            "chapters/setup/README.md",
            2,
            "remove it",
        );
    }
}

#[test]
fn the_folder_of_the_book_is_a_trace() {
    let book = hygiene();
    book.append(
        "chapters/setup/README.md",
        &book.root().display().to_string(),
    );

    let problems = hygiene::traces(book.root()).unwrap();

    assert_one(
        &problems,
        "chapters/setup/README.md",
        2,
        "a path of this machine",
    );
}

#[test]
fn a_path_in_a_contract_is_found() {
    let contract = b"\0asm\x01\0\0\0panicked at /home/ann/hello/src/lib.rs:7\0";

    let problems =
        hygiene::traces_in_bytes(Path::new("/"), Path::new("hello.wasm"), contract).unwrap();

    assert_one(&problems, "hello.wasm", 1, "a path of one machine");
}

#[test]
fn the_output_of_cargo_and_mdbook_is_skipped() {
    let book = hygiene();
    for path in [
        "target/debug/build.log",
        "target/html/one.html",
        ".git/config",
    ] {
        book.write(path, &book.root().display().to_string());
    }

    assert_none(hygiene::traces(book.root()).unwrap());
}

#[test]
fn a_package_from_another_registry_is_found() {
    let book = hygiene();
    book.append(
        "chapters/setup/Cargo.lock",
        "source = \"sparse+https://mirror.example/\"",
    );

    let problems = hygiene::registries(book.root()).unwrap();

    assert_one(
        &problems,
        "chapters/setup/Cargo.lock",
        6,
        "from another source",
    );
}

#[test]
fn a_long_file_of_rust_is_found() {
    let book = hygiene();
    book.write(
        "chapters/setup/src/long.rs",
        &"\n".repeat(hygiene::LINES + 1),
    );

    let problems = hygiene::long_files(book.root()).unwrap();

    assert_one(
        &problems,
        "chapters/setup/src/long.rs",
        hygiene::LINES,
        "move a part of them into a module",
    );
}
