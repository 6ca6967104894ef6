//! The commands that a README tells its reader to type, as a shell expands them.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// The tools, as functions that print their words instead. Between two words and after a command stand characters
/// that no README has.
const TOOLS: &str = "\
set -eu
print() { for word; do printf '%s\\037' \"$word\"; done; printf '\\036'; }
near() { print near \"$@\"; }
cargo() { print cargo \"$@\"; }
";

/// The shell blocks of a section, in pieces: before a variable that the reader sets to what he has seen, all commands
/// above it have run.
pub struct Script {
    pieces: Vec<Piece>,
}

/// A part of the script.
struct Piece {
    /// The variable that the reader sets first: a line `HASH=`.
    unset: Option<String>,
    lines: String,
}

impl Script {
    /// Returns the blocks of the section with this heading.
    pub fn of_section(readme: &str, heading: &str) -> Result<Self> {
        let section = readme.lines().skip_while(|line| *line != heading).skip(1);
        let mut pieces = vec![Piece {
            unset: None,
            lines: String::new(),
        }];
        let mut in_block = false;
        for line in section.take_while(|line| !line.starts_with("## ")) {
            match line.trim() {
                "```sh" => in_block = true,
                "```" => in_block = false,
                line if in_block => match line.strip_suffix('=') {
                    Some(name) => pieces.push(Piece {
                        unset: Some(name.to_owned()),
                        lines: String::new(),
                    }),
                    None => {
                        let piece = pieces.last_mut().context("there is a first piece")?;
                        piece.lines += line;
                        piece.lines.push('\n');
                    }
                },
                _ => {}
            }
        }
        Ok(Self { pieces })
    }

    /// Runs the script, and calls `on_command` with the words of each command. A variable that the reader must set
    /// gets the field of its name from what the command above it has returned.
    pub async fn run(
        &self,
        variables: &[(String, String)],
        mut on_command: impl AsyncFnMut(Vec<String>) -> Result<Value>,
    ) -> Result<()> {
        let (mut script, mut done, mut seen) = (TOOLS.to_owned(), 0, Value::Null);
        for piece in &self.pieces {
            if let Some(name) = &piece.unset {
                let value = seen[name.to_lowercase()].as_str();
                let value = value.with_context(|| format!("{seen} does not tell {name}"))?;
                script += &format!("{name}='{value}'\n");
            }
            script += &piece.lines;
            for command in expand(&script, variables)?.into_iter().skip(done) {
                seen = on_command(command).await?;
                done += 1;
            }
        }
        ensure!(done > 0, "the section has no command");
        Ok(())
    }
}

/// Returns the words of each command of a script.
fn expand(script: &str, variables: &[(String, String)]) -> Result<Vec<Vec<String>>> {
    let mut sh = Command::new("sh");
    let variables = variables.iter().map(|(name, value)| (name, value));
    let output = sh
        .arg("-c")
        .arg(script)
        .envs(variables)
        .stdin(Stdio::null())
        .output()?;
    ensure!(
        output.status.success(),
        "{script}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let output = String::from_utf8(output.stdout)?;
    let words = |command: &str| {
        command
            .split_terminator('\u{1f}')
            .map(str::to_owned)
            .collect()
    };
    Ok(output.split_terminator('\u{1e}').map(words).collect())
}

#[tokio::test]
async fn the_reader_sets_a_variable_to_what_he_has_seen() -> Result<()> {
    let readme =
        "## Deploy\n\n```sh\nnear one\nHASH=\nnear \"$HASH $ACCOUNT\"\n```\n\n## Licence\n";
    let script = Script::of_section(readme, "## Deploy")?;
    let variables = [("ACCOUNT".to_owned(), "app.near".to_owned())];
    let mut commands = Vec::new();

    let record = async |words: Vec<String>| {
        commands.push(words.join(" "));
        Ok(json!({ "hash": "5Ab" }))
    };
    script.run(&variables, record).await?;

    assert_eq!(commands, ["near one", "near 5Ab app.near"]);
    Ok(())
}
