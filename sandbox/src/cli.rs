//! The command line.
//!
//! An error is one line on stderr. The exit code is 2 for an invalid command line and 1 for all other errors.

mod arguments;
mod cache;
mod listen;
mod logs;
mod parent;
mod run;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use self::arguments::{Arguments, Command, Init};
use crate::home::{self, HomeError, InitOptions};

/// Runs the program with the arguments of its process.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<_> = arguments.into_iter().collect();
    // A client that finds the port open may end the parent, so the parent is determined first.
    let parent = parent::current();
    let listener = listen::early(&arguments);
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return print_clap_error(&error),
    };
    let result = match arguments.command {
        Command::Init(options) => init(&arguments.home, options).map_err(Into::into),
        Command::Run(options) => run::run(&arguments.home, options, parent, listener),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn init(home: &Path, options: Init) -> Result<(), HomeError> {
    let Init {
        chain_id,
        account_id,
        test_seed,
        ..
    } = options;
    let seed = test_seed.unwrap_or_else(|| account_id.to_string());
    let options = InitOptions {
        chain_id,
        account_id,
        seed,
    };
    if home::init(home, &options)?.is_empty() {
        eprintln!(
            "{}: all files exist already, nothing has changed",
            home.display()
        );
    }
    Ok(())
}

/// Prints help and version as they are, and an error in one line.
fn print_clap_error(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // A reader of the first lines only has closed the pipe: that is no error.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let problem = match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "error: a command is missing: init or run".to_owned()
        }
        _ => text
            .lines()
            .take_while(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
    };
    eprintln!("{problem}; --help tells what can be given");
    ExitCode::from(2)
}
