//! The tests of the public interface and of the command.

mod command;
mod error_text;
mod model;
mod payments;
mod readability;
mod run;
mod synthetic;
