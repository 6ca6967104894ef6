//! Reads along with `cargo test`: which target runs, what it reports, how to run it again.

use serde::{Deserialize, Serialize};

/// What the tests of one target came to.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Which source cargo names: `tests/batch/main.rs`, `unittests src/lib.rs`. Empty for examples in
    /// documentation.
    pub source: String,
    /// How many passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
    /// How many were left out.
    pub ignored: usize,
    /// The names of those that failed.
    pub failures: Vec<String>,
    /// What `cargo test` takes to run this target again. cargo says it when the target fails.
    pub again: Option<String>,
}

/// A reader of `cargo test`'s output.
#[derive(Default)]
pub struct Transcript {
    line: Vec<u8>,
    targets: Vec<Target>,
    target: Target,
    lists_failures: bool,
}

impl Transcript {
    /// Reads on. A line may come in pieces.
    pub fn read(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                b'\n' | b'\r' => self.end_line(),
                byte => self.line.push(*byte),
            }
        }
    }

    /// What all targets came to.
    pub fn finish(mut self) -> Vec<Target> {
        self.end_line();
        self.end_target();
        self.targets
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = console::strip_ansi_codes(&line);
        if is_title(&line) {
            self.end_target();
            self.target.source = between(&line, "Running ", " (")
                .unwrap_or_default()
                .to_owned();
        } else if let Some(result) = line.strip_prefix("test result: ") {
            self.target.passed = count(result, "passed");
            self.target.failed = count(result, "failed");
            self.target.ignored = count(result, "ignored");
            self.lists_failures = false;
        } else if line == "failures:" {
            // This heads two lists: what the failing tests wrote, and then their names.
            self.target.failures.clear();
            self.lists_failures = true;
        } else if let Some(again) = between(&line, "to rerun pass `", "`") {
            self.target.again = Some(again.to_owned());
        } else if let Some(name) = line.strip_prefix("    ")
            && self.lists_failures
        {
            self.target.failures.push(name.to_owned());
        }
    }

    fn end_target(&mut self) {
        let target = std::mem::take(&mut self.target);
        self.lists_failures = false;
        if target != Target::default() {
            self.targets.push(target);
        }
    }
}

/// Whether cargo says with this line that another target runs now.
fn is_title(line: &str) -> bool {
    let title = line.trim_start();
    title.len() < line.len()
        && (title.starts_with("Doc-tests ")
            || (title.starts_with("Running ") && title.ends_with(')')))
}

fn count(result: &str, of: &str) -> usize {
    let number = |part: &str| {
        part.trim()
            .strip_suffix(of)?
            .trim()
            .rsplit(' ')
            .next()?
            .parse()
            .ok()
    };
    result.split(';').find_map(number).unwrap_or(0)
}

fn between<'a>(line: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(before)?;
    rest.split_once(after).map(|(between, _)| between)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILING: &str = "
     Running unittests src/lib.rs (target/debug/deps/batch-1a2b)

running 1 test
test tests::adds ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running tests/batch.rs (target/debug/deps/batch-3c4d)

running 3 tests
test slow ... ignored
test deposits_return ... FAILED
test sets_and_gets ... ok

failures:

---- deposits_return stdout ----
    Finished `dev` profile

failures:
    deposits_return

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.50s

error: test failed, to rerun pass `--test batch`
";

    fn read(output: &str) -> Vec<Target> {
        let mut transcript = Transcript::default();
        transcript.read(output.as_bytes());
        transcript.finish()
    }

    #[test]
    fn each_target_is_counted_for_itself() {
        let targets = read(FAILING);

        let passed: Vec<_> = targets.iter().map(|target| target.passed).collect();
        assert_eq!(passed, [1, 1]);
    }

    #[test]
    fn a_target_is_known_by_its_source() {
        let sources = read(FAILING).into_iter().map(|target| target.source);

        let sources: Vec<_> = sources.collect();
        assert_eq!(sources, ["unittests src/lib.rs", "tests/batch.rs"]);
    }

    #[test]
    fn tests_that_were_left_out_are_counted() {
        assert_eq!(read(FAILING)[1].ignored, 1);
    }

    #[test]
    fn a_failing_test_is_known_by_its_name() {
        assert_eq!(read(FAILING)[1].failures, ["deposits_return"]);
    }

    #[test]
    fn a_failing_target_is_known_by_what_cargo_calls_it() {
        assert_eq!(read(FAILING)[1].again.as_deref(), Some("--test batch"));
    }

    #[test]
    fn colours_do_not_hide_a_result() {
        let result = "test result: \x1b[32mok\x1b(B\x1b[m. 7 passed; 0 failed; 0 ignored\n";

        assert_eq!(read(result)[0].passed, 7);
    }

    #[test]
    fn a_line_that_comes_in_pieces_is_one_line() {
        let mut transcript = Transcript::default();
        transcript.read(b"test result: ok. 1");
        transcript.read(b"2 passed; 0 failed; 0 ignored\n");

        assert_eq!(transcript.finish()[0].passed, 12);
    }

    #[test]
    fn a_target_that_ends_without_a_result_is_still_named() {
        let crash = "     Running tests/batch.rs (target/debug/deps/batch-3c4d)\n\
                     error: test failed, to rerun pass `--test batch`\n";

        assert_eq!(read(crash)[0].again.as_deref(), Some("--test batch"));
    }

    #[test]
    fn an_error_of_the_compiler_is_no_target() {
        assert_eq!(read("error: could not compile `batch` (lib)\n"), []);
    }
}
