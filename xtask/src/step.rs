//! Progress: one line for each step.
//!
//! A terminal shows the time in the line while the step runs, and below it the last line of the program's output.
//! Elsewhere the line is printed once.

use std::io::{IsTerminal, stderr};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// The lines of all running steps, so that none overwrites another.
static RUNNING: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// A running step.
pub struct Step {
    line: String,
    show: Show,
    started: Instant,
}

enum Show {
    Running(ProgressBar),
    Printed,
    Silent,
}

impl Step {
    /// Starts a step and shows its name and its purpose.
    pub fn begin(name: &str, purpose: &str) -> Self {
        let line = format!("{name}: {purpose}");
        let show = if stderr().is_terminal() {
            Show::Running(spinner(&line))
        } else {
            tell(&line);
            Show::Printed
        };
        Self::new(line, show)
    }

    /// Returns a step that shows nothing.
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

    /// Shows the last line of a program's output, on a terminal.
    pub fn progress(&self, last: &str) {
        if let Show::Running(bar) = &self.show {
            bar.set_message(last.trim().to_owned());
        }
    }

    /// Ends the step with success.
    pub fn done(mut self) {
        let seconds = self.started.elapsed().as_secs();
        self.end(&format!("✓ {} ({seconds} s)", self.line));
    }

    fn end(&mut self, last_line: &str) {
        if let Show::Running(bar) = std::mem::replace(&mut self.show, Show::Silent) {
            bar.finish_and_clear();
            tell(last_line);
        }
    }
}

/// A step that is dropped before its end has failed.
impl Drop for Step {
    fn drop(&mut self) {
        self.end(&format!("✗ {}", self.line));
    }
}

/// Prints the result of a step that has nothing to do.
pub fn say(name: &str, result: &str) {
    let mark = if stderr().is_terminal() { "✓ " } else { "" };
    tell(&format!("{mark}{name}: {result}"));
}

/// Prints lines above those of the running steps.
pub fn tell(lines: &str) {
    suspend(|| eprintln!("{lines}"));
}

/// Calls `print` while no line of a running step is on the terminal, and no other print runs.
pub fn suspend(print: impl FnOnce()) {
    RUNNING.suspend(print);
}

fn spinner(line: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {prefix} ({elapsed})\n  {wide_msg:.dim}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = RUNNING.add(ProgressBar::new_spinner().with_style(style));
    bar.set_prefix(line.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
