//! One line a step: what happens and why.
//!
//! On a terminal the line lives while the step runs, with the time, and below it the last thing that
//! the program said; elsewhere it is printed once and nothing follows.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// The lines of all steps under way, so that none writes over another.
static ALIVE: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// A step under way.
pub struct Step {
    line: String,
    show: Show,
    started: Instant,
}

enum Show {
    Alive(ProgressBar),
    Printed,
    Silent,
}

impl Step {
    /// Starts a step and says so.
    pub fn begin(what: &str, why: &str) -> Self {
        let line = format!("{what}: {why}");
        let show = if stderr().is_terminal() {
            Show::Alive(spinner(&line))
        } else {
            tell(&line);
            Show::Printed
        };
        Self::new(line, show)
    }

    /// A step that says nothing, for callers that speak for themselves.
    pub fn silent() -> Self {
        Self::new(String::new(), Show::Silent)
    }

    fn new(line: String, show: Show) -> Self {
        Self {
            line,
            show,
            started: Instant::now(),
        }
    }

    /// Shows, on a terminal, the last thing that happened.
    pub fn progress(&self, last: &str) {
        if let Show::Alive(bar) = &self.show {
            bar.set_message(last.trim().to_owned());
        }
    }

    /// The step did what it was for.
    pub fn done(mut self) {
        let seconds = self.started.elapsed().as_secs();
        self.end(&format!("✓ {} ({seconds} s)", self.line));
    }

    fn end(&mut self, last_line: &str) {
        if let Show::Alive(bar) = std::mem::replace(&mut self.show, Show::Silent) {
            bar.finish_and_clear();
            tell(last_line);
        }
    }
}

/// A step that was not brought to its end did not succeed.
impl Drop for Step {
    fn drop(&mut self) {
        self.end(&format!("✗ {}", self.line));
    }
}

/// Says that a step has nothing to do, or what it found.
pub fn say(what: &str, found: &str) {
    let mark = if stderr().is_terminal() { "✓ " } else { "" };
    tell(&format!("{mark}{what}: {found}"));
}

/// Prints lines above those of the steps under way.
pub fn tell(lines: &str) {
    ALIVE.suspend(|| eprintln!("{lines}"));
}

fn spinner(line: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {prefix} ({elapsed})\n  {wide_msg:.dim}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ALIVE.add(ProgressBar::new_spinner().with_style(style));
    bar.set_prefix(line.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
