//! The rules of the house hold; and each way to break them is found.

use book_tests::fixture::Fixture;
use book_tests::{assert_none, assert_one, house};
use manuscript::layout::Tree;
use std::path::Path;

#[test]
fn everything_may_be_used_under_both_licences() {
    assert_none(house::licences(Tree::here().root()).unwrap());
}

#[test]
fn no_file_tells_where_it_was_written_or_waits_to_be_finished() {
    assert_none(house::traces(Tree::here().root()).unwrap());
}

#[test]
fn every_package_comes_from_the_one_registry() {
    assert_none(house::registries(Tree::here().root()).unwrap());
}

#[test]
fn no_file_of_rust_is_too_long() {
    assert_none(house::long_files(Tree::here().root()).unwrap());
}

/// Two chapters with their licences.
fn house() -> Fixture {
    let book = Fixture::chapters();
    book.write("LICENSE-MIT", "");
    book.write("LICENSE-APACHE", "");
    book
}

#[test]
fn a_house_in_order_has_no_problem() {
    let book = house();

    assert_none(house::licences(book.root()).unwrap());
    assert_none(house::traces(book.root()).unwrap());
    assert_none(house::registries(book.root()).unwrap());
    assert_none(house::long_files(book.root()).unwrap());
}

#[test]
fn a_missing_licence_is_found() {
    let book = house();
    book.remove("LICENSE-MIT");

    assert_one(
        &house::licences(book.root()).unwrap(),
        "LICENSE-MIT",
        1,
        "the licence is missing",
    );
}

#[test]
fn a_crate_of_another_licence_is_found() {
    let book = house();
    book.replace("chapters/batch/Cargo.toml", house::LICENCE, "MIT");

    let problems = house::licences(book.root()).unwrap();

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
        let book = house();
        book.append("chapters/setup/README.md", &trace);

        assert_one(
            &house::traces(book.root()).unwrap(),
            "chapters/setup/README.md",
            2,
            "remove it",
        );
    }
}

#[test]
fn the_folder_of_the_book_is_a_trace() {
    let book = house();
    book.append(
        "chapters/setup/README.md",
        &book.root().display().to_string(),
    );

    let problems = house::traces(book.root()).unwrap();

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
        house::traces_in_bytes(Path::new("/"), Path::new("hello.wasm"), contract).unwrap();

    assert_one(&problems, "hello.wasm", 1, "a path of one machine");
}

#[test]
fn what_cargo_and_mdbook_made_is_not_looked_at() {
    let book = house();
    for made in [
        "target/debug/build.log",
        "target/html/one.html",
        ".git/config",
    ] {
        book.write(made, &book.root().display().to_string());
    }

    assert_none(house::traces(book.root()).unwrap());
}

#[test]
fn a_package_from_elsewhere_is_found() {
    let book = house();
    book.append(
        "chapters/setup/Cargo.lock",
        "source = \"sparse+https://mirror.example/\"",
    );

    let problems = house::registries(book.root()).unwrap();

    assert_one(
        &problems,
        "chapters/setup/Cargo.lock",
        6,
        "comes from elsewhere",
    );
}

#[test]
fn a_long_file_of_rust_is_found() {
    let book = house();
    book.write("chapters/setup/src/long.rs", &"\n".repeat(house::LINES + 1));

    let problems = house::long_files(book.root()).unwrap();

    assert_one(
        &problems,
        "chapters/setup/src/long.rs",
        house::LINES,
        "make a module of a part of them",
    );
}
