//! Tests of the rules for starters. `cargo book test` checks that copies of the chapters work.

use book_tests::fixture::Fixture;
use book_tests::{Problem, assert_none, assert_one, starters};
use manuscript::layout::Tree;

#[test]
fn every_chapter_is_complete() {
    assert_none(starters::incomplete(Tree::here().root()).unwrap());
}

#[test]
fn the_shared_files_of_the_chapters_are_the_same() {
    assert_none(starters::drifted(Tree::here().root()).unwrap());
}

#[test]
fn a_renamed_copy_does_not_contain_the_chapters_name() {
    assert_none(starters::named(Tree::here().root()).unwrap());
}

#[test]
fn the_chapters_use_the_same_versions() {
    assert_none(starters::locks(Tree::here().root()).unwrap());
}

#[test]
fn the_tree_and_the_chapters_have_the_same_versions_of_near() {
    assert_none(starters::of_near(Tree::here().root()).unwrap());
}

const BATCH: &str = "chapters/batch/Cargo.toml";

/// Checks that there is one problem, in this file.
#[track_caller]
fn found(problems: &[Problem], file: &str, message: &str) {
    assert_one(problems, file, 1, message);
}

#[test]
fn correct_chapters_have_no_problem() {
    let book = Fixture::chapters();

    assert_none(starters::incomplete(book.root()).unwrap());
    assert_none(starters::drifted(book.root()).unwrap());
    assert_none(starters::locks(book.root()).unwrap());
}

#[test]
fn a_chapter_without_a_readme_is_found() {
    let book = Fixture::chapters();
    book.remove("chapters/batch/README.md");

    let problems = starters::incomplete(book.root()).unwrap();

    found(
        &problems,
        "chapters/batch/README.md",
        "a starter needs this file",
    );
}

#[test]
fn a_chapter_that_inherits_from_a_workspace_is_found() {
    let book = Fixture::chapters();
    book.append(BATCH, "[dependencies]\nnear-sdk.workspace = true");

    found(
        &starters::incomplete(book.root()).unwrap(),
        BATCH,
        "`near-sdk` is inherited",
    );
}

#[test]
fn a_chapter_that_is_no_workspace_is_found() {
    let book = Fixture::chapters();
    book.replace(BATCH, "[workspace]", "");

    found(
        &starters::incomplete(book.root()).unwrap(),
        BATCH,
        "no workspace of its own",
    );
}

#[test]
fn a_chapter_with_a_path_out_of_its_folder_is_found() {
    let book = Fixture::chapters();
    book.append(
        BATCH,
        "[dependencies]\nhello = { path = \"../../contract/hello\" }",
    );

    found(
        &starters::incomplete(book.root()).unwrap(),
        BATCH,
        "leads out of the folder",
    );
}

#[test]
fn a_shared_file_that_differs_is_found() {
    let book = Fixture::chapters();
    book.write("chapters/batch/src/greeting.rs", "// good day\n");

    let problems = starters::drifted(book.root()).unwrap();

    found(
        &problems,
        "chapters/batch/src/greeting.rs",
        "this differs from chapters/setup/src/greeting.rs",
    );
}

#[test]
fn a_shared_file_that_a_later_chapter_lacks_is_found() {
    let book = Fixture::chapters();
    book.remove("chapters/batch/src/greeting.rs");

    let problems = starters::drifted(book.root()).unwrap();

    found(
        &problems,
        "chapters/batch/src/greeting.rs",
        "this is missing, and chapters/setup/src/greeting.rs exists: `cargo book sync`",
    );
}

#[test]
fn a_partner_whose_wasm_differs_is_found() {
    let book = Fixture::chapters();
    book.write("chapters/setup/tests/partners/hello.wasm", "old");
    book.write("chapters/batch/tests/partners/hello.wasm", "new");

    let problems = starters::drifted(book.root()).unwrap();

    found(
        &problems,
        "chapters/batch/tests/partners/hello.wasm",
        "`cargo book contracts` builds and copies it",
    );
}

#[test]
fn a_new_file_and_a_new_root_module_have_no_problem() {
    let book = Fixture::chapters();
    book.write("chapters/batch/src/batch.rs", "// batch\n");
    book.append("chapters/batch/src/lib.rs", "mod batch;");

    assert_none(starters::drifted(book.root()).unwrap());
}

#[test]
fn a_file_with_the_name_of_its_crate_is_found() {
    let book = Fixture::chapters();
    book.replace(BATCH, "starter", "batch-starter");
    book.append("chapters/batch/src/lib.rs", "// batch_starter.wasm");

    let problems = starters::named(book.root()).unwrap();

    assert_one(
        &problems,
        "chapters/batch/src/lib.rs",
        6,
        "`batch-starter` is the crate's name",
    );
}

#[test]
fn a_package_in_another_version_is_found() {
    let book = Fixture::chapters();
    book.replace("chapters/batch/Cargo.lock", "5.30.0", "5.29.0");

    let problems = starters::locks(book.root()).unwrap();

    found(
        &problems,
        "chapters/batch/Cargo.lock",
        "`near-sdk` is 5.29.0 here and 5.30.0 in chapters/setup/Cargo.lock",
    );
}

#[test]
fn a_package_in_an_additional_version_has_no_problem() {
    let book = Fixture::chapters();
    let more = "\n[[package]]\nname = \"near-sdk\"\nversion = \"4.0.0\"";
    book.append("chapters/batch/Cargo.lock", more);

    assert_none(starters::locks(book.root()).unwrap());
}

const LOCK: &str = "Cargo.lock";

#[test]
fn a_package_of_near_in_another_version_is_found() {
    let book = Fixture::chapters();
    book.remove("chapters/batch/Cargo.toml");
    let lock = "version = 4\n\n[[package]]\nname = \"near-sdk\"\nversion = \"5.29.0\"\n";
    book.write(LOCK, lock);

    let problems = starters::of_near(book.root()).unwrap();

    found(
        &problems,
        LOCK,
        "`near-sdk` is 5.29.0 here and 5.30.0 in chapters/setup/Cargo.lock",
    );
}

#[test]
fn a_package_that_is_not_nears_may_have_another_version() {
    let book = Fixture::chapters();
    let package = |version| format!("\n[[package]]\nname = \"rand\"\nversion = \"{version}\"");
    book.append("chapters/setup/Cargo.lock", &package("0.9.0"));
    book.write(LOCK, &package("0.8.0"));

    assert_none(starters::of_near(book.root()).unwrap());
}

#[test]
fn every_starter_says_how_to_go_on() {
    assert_none(starters::sections(Tree::here().root()).unwrap());
}

#[test]
fn what_the_readmes_name_exists() {
    assert_none(starters::stale(Tree::here().root()).unwrap());
}

const README: &str = "# It\n\n## Add a method\n\n## Add a partner\n\n## Your second release\n\n\
    ## Delete before you deploy\n";

fn chapter_with_readme(readme: &str) -> Fixture {
    let book = Fixture::empty();
    book.write("chapters/setup/Cargo.toml", "");
    book.write("chapters/setup/README.md", readme);
    book
}

#[test]
fn a_readme_without_a_section_is_found() {
    let book = chapter_with_readme(&README.replace("## Add a partner\n", ""));

    let message = "a starter needs a section `## Add a partner`";
    let problems = starters::sections(book.root()).unwrap();
    assert_one(&problems, "chapters/setup/README.md", 1, message);
}

#[test]
fn a_section_that_is_too_long_is_found() {
    let section = "## Add a method\n";
    let long = format!("{section}{}", "1. One more line.\n".repeat(9));
    let book = chapter_with_readme(&README.replace(section, &long));

    let message = "9 lines are more than 8: shorten `## Add a method`";
    let problems = starters::sections(book.root()).unwrap();
    assert_one(&problems, "chapters/setup/README.md", 3, message);
}

#[test]
fn a_test_types_the_commands_of_every_readme() {
    assert_none(starters::untyped(Tree::here().root()).unwrap());
}

#[test]
fn a_readme_whose_commands_no_test_types_is_found() {
    let book = chapter_with_readme(README);
    book.write("starters/bare/Cargo.toml", "");
    book.write(
        "tests/clients/tests/clients/readmes.rs",
        "Stage::of(\"chapters/setup\")",
    );

    let problems = starters::untyped(book.root()).unwrap();
    let message = "no test types these commands";
    assert_one(&problems, "starters/bare/README.md", 1, message);
}

/// Returns the problems of a chapter whose section about methods is this line.
fn stale(line: &str) -> Vec<Problem> {
    let section = "## Add a method\n";
    let book = chapter_with_readme(&README.replace(section, &format!("{section}{line}\n")));
    book.write("chapters/setup/src/greeting.rs", "pub fn greet() {}\n");
    book.write("contract/hello/src/lib.rs", "");
    starters::stale(book.root()).unwrap()
}

#[test]
fn files_and_names_that_exist_and_new_ones_have_no_problem() {
    assert_none(stale(
        "As `src/greeting.rs` and `contract/`: `pub fn greet`, `greet();`, the files `src/*.rs`, `cargo test greeting`",
    ));
    assert_none(stale(
        "Copy it to `src/old.rs` as `OldContract`, call it `<name>.wasm`, build it: `cargo build --release`",
    ));
}

const CHAPTERS_README: &str = "chapters/setup/README.md";

#[test]
fn a_file_that_a_readme_names_and_that_is_gone_is_found() {
    let problems = stale("As in `src/farewell.rs`");

    assert_one(
        &problems,
        CHAPTERS_README,
        4,
        "there is no `src/farewell.rs`",
    );
}

#[test]
fn a_name_that_a_readme_names_and_that_is_gone_is_found() {
    let problems = stale("Call `leave` first");

    assert_one(
        &problems,
        CHAPTERS_README,
        4,
        "no file of the starter contains `leave`",
    );
}

#[test]
fn a_test_command_that_runs_nothing_is_found() {
    let problems = stale("Test it: `cargo test --test it farewell`");

    assert_one(
        &problems,
        CHAPTERS_README,
        4,
        "no file of the starter is named farewell.rs",
    );
}
