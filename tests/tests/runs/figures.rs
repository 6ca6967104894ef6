//! The figures of the pages, recorded anew: one test for each, with the statement of the figure as its name.
//!
//! `cargo book bless`, or BLESS=1, writes the files instead of comparing them. The runs are in `runs::figures`; here are
//! those that list facts about the tree.

use book_tests::{changes, recorded, release, versions};
use runs::figure::{self, Figure, Listing};
use runs::figures;

macro_rules! tests {
    ($($test:ident: $name:literal from $run:path;)*) => {
        $(
            #[test]
            fn $test() {
                recorded::check($name, stringify!($test), record($name));
            }
        )*

        /// The names of the figures of runs.
        pub const RUNS: &[&str] = &[$($name),*];
    };
}

macro_rules! lists {
    ($($test:ident: $name:literal from $run:path;)*) => {
        $(
            #[test]
            fn $test() {
                recorded::check($name, stringify!($test), $run());
            }
        )*

        const LISTS: &[&str] = &[$($name),*];
    };
}

runs::figures!(tests);

lists! {
    the_first_page_counts_the_figures: "introduction-recordings" from recordings;
    the_files_that_change_from_chapter_one_to_chapter_two: "batch-files" from changes::batch_files;
    the_changes_from_chapter_one_to_chapter_two: "batch-changes" from changes::batch;
    the_files_that_change_from_chapter_two_to_chapter_three: "parallel-files" from changes::parallel_files;
    the_changes_from_chapter_two_to_chapter_three: "parallel-changes" from changes::parallel;
    the_files_that_change_from_chapter_three_to_chapter_four: "responses-files" from changes::responses_files;
    the_changes_from_chapter_three_to_chapter_four: "responses-changes" from changes::responses;
    the_files_that_change_from_chapter_four_to_chapter_five: "testing-files" from changes::testing_files;
    the_changes_from_chapter_four_to_chapter_five: "testing-changes" from changes::testing;
    the_versions_of_the_sandbox: "sandbox-versions" from versions::versions;
}

/// Records the figure of a run.
pub fn record(name: &str) -> Figure {
    let (_, run) = figures::run_of(name).unwrap_or_else(|| panic!("there is no figure {name}"));
    run()
}

/// Counts the figures, for the first page.
fn recordings() -> Listing {
    Listing(format!("{} recordings\n", RUNS.len() + LISTS.len()))
}

#[test]
fn every_figure_comes_from_a_run() {
    let known = |name: &str, extension: &str| {
        figure::EXTENSIONS.contains(&extension)
            && (RUNS.contains(&name)
                || LISTS.contains(&name)
                || name == recorded::RECORDED_WITH
                || recorded::RECORDED_ELSEWHERE.contains(&name))
    };
    let strays: Vec<_> = recorded::on_disk()
        .into_iter()
        .filter(|(name, extension)| !known(name, extension))
        .collect();
    if recorded::is_blessing() {
        strays
            .iter()
            .for_each(|(name, extension)| recorded::remove(name, extension));
    } else {
        assert!(
            strays.is_empty(),
            "no run records {strays:?}: remove them with cargo book bless"
        );
    }
}

#[test]
fn the_compiler_of_the_figures_is_recorded() {
    if recorded::is_blessing() {
        recorded::write_compiler();
    }
    assert!(
        recorded::on_disk()
            .iter()
            .any(|(name, _)| name == recorded::RECORDED_WITH)
    );
}

#[test]
fn the_old_release_is_the_build_of_chapter_four() {
    release::check();
}
