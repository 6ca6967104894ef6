//! Tests of the rule for dependencies, on this tree and on trees that break it.

use book_tests::architecture::{arrows_up, circles};
use book_tests::fixture::Fixture;
use book_tests::{assert_none, assert_one};
use manuscript::layout::Tree;

#[test]
fn packages_depend_on_lower_floors_only() {
    assert_none(arrows_up(Tree::here().root()).unwrap());
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    assert_none(circles(Tree::here().root()).unwrap());
}

fn package(book: &Fixture, folder: &str, rest: &str) {
    let manifest = format!("[package]\nname = \"it\"\n{rest}");
    book.write(&format!("{folder}/Cargo.toml"), &manifest);
    book.write(
        &format!("{folder}/src/lib.rs"),
        "mod one;\nmod two;\npub use two::Two;\n",
    );
    book.write(&format!("{folder}/src/one.rs"), "use crate::two::Two;\n");
    book.write(&format!("{folder}/src/two.rs"), "pub struct Two;\n");
}

#[test]
fn a_package_that_depends_on_a_higher_floor_is_found() {
    let book = Fixture::empty();
    package(
        &book,
        "trace",
        "[dev-dependencies]\nruns = { path = \"../runs\" }\n",
    );

    let message = "it depends on `runs`, which is not on a lower floor";
    assert_one(
        &arrows_up(book.root()).unwrap(),
        "trace/Cargo.toml",
        1,
        message,
    );
}

#[test]
fn a_package_that_depends_on_its_own_floor_is_found() {
    let book = Fixture::empty();
    package(
        &book,
        "xtask",
        "[dependencies.sandbox]\npath = \"../sandbox\"\n",
    );

    let message = "it depends on `sandbox`, which is not on a lower floor";
    assert_one(
        &arrows_up(book.root()).unwrap(),
        "xtask/Cargo.toml",
        1,
        message,
    );
}

#[test]
fn a_package_without_a_floor_is_found() {
    let book = Fixture::empty();
    package(&book, "attic", "");

    assert_one(
        &arrows_up(book.root()).unwrap(),
        "attic/Cargo.toml",
        1,
        "on no floor",
    );
}

#[test]
fn a_package_that_depends_on_a_lower_floor_has_no_problem() {
    let book = Fixture::empty();
    package(
        &book,
        "runs",
        "[dependencies]\nchain = { path = \"../chain\" }\n",
    );

    assert_none(arrows_up(book.root()).unwrap());
    assert_none(circles(book.root()).unwrap());
}

#[test]
fn a_circle_of_two_modules_is_found() {
    let book = Fixture::empty();
    package(&book, "runs", "");
    book.write("runs/src/two.rs", "pub struct Two;\nuse super::one::One;\n");

    let message = "it imports `crate::two`, which imports `crate::one`";
    assert_one(
        &circles(book.root()).unwrap(),
        "runs/src/one.rs",
        1,
        message,
    );
}

#[test]
fn a_circle_through_a_re_export_is_found() {
    let book = Fixture::empty();
    package(&book, "runs", "");
    book.write("runs/src/one.rs", "pub struct One;\nuse crate::Two;\n");
    book.write("runs/src/two.rs", "pub struct Two(crate::one::One);\n");

    let message = "it imports `crate::two`, which imports `crate::one`";
    assert_one(
        &circles(book.root()).unwrap(),
        "runs/src/one.rs",
        1,
        message,
    );
}

#[test]
fn a_child_that_imports_from_a_parent_that_uses_it_is_found() {
    let book = Fixture::empty();
    package(&book, "runs", "");
    book.write(
        "runs/src/two.rs",
        "mod inner;\npub struct Two(inner::Inner);\npub const SIZE: u8 = 1;\n",
    );
    book.write(
        "runs/src/two/inner.rs",
        "use super::SIZE;\npub struct Inner;\n",
    );

    let message = "it imports `crate::two::inner`, which imports `crate::two`";
    assert_one(
        &circles(book.root()).unwrap(),
        "runs/src/two.rs",
        1,
        message,
    );
}

#[test]
fn a_circle_in_a_test_program_is_found() {
    let book = Fixture::empty();
    package(&book, "runs", "");
    book.write("runs/tests/it/main.rs", "mod one;\nmod two;\n");
    book.write("runs/tests/it/one.rs", "use super::two::Two;\n");
    book.write("runs/tests/it/two.rs", "use super::one::One;\n");

    let message = "it imports `crate::two`, which imports `crate::one`";
    assert_one(
        &circles(book.root()).unwrap(),
        "runs/tests/it/one.rs",
        1,
        message,
    );
}

#[test]
fn imports_of_unit_tests_do_not_count() {
    let book = Fixture::empty();
    package(&book, "runs", "");
    let tests = "pub struct Two;\n#[cfg(test)]\nmod tests {\n    use crate::one;\n}\n";
    book.write("runs/src/two.rs", tests);

    assert_none(circles(book.root()).unwrap());
}

#[test]
fn methods_of_a_contract_may_import_its_type_from_the_root() {
    let book = Fixture::empty();
    package(
        &book,
        "runs",
        "[lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n",
    );
    book.write(
        "runs/src/lib.rs",
        "mod one;\nmod two;\npub struct Contract(two::Two);\n",
    );
    book.write("runs/src/two.rs", "pub struct Two;\nuse crate::Contract;\n");

    assert_none(circles(book.root()).unwrap());
}

#[test]
fn a_module_that_is_visible_in_another_does_not_import_it() {
    let book = Fixture::empty();
    package(&book, "runs", "");
    book.write("runs/src/two.rs", "pub(in crate::one) struct Two;\n");

    assert_none(circles(book.root()).unwrap());
}
