//! Valid and invalid command lines.

use std::net::TcpListener;
use std::path::Path;

use near_primitives::version::PROTOCOL_VERSION;

use super::assert_refused;
use crate::node::{command, init, output};

#[test]
fn version_and_help_are_printed() {
    let version = output(command(Path::new("."), &["--version"]));
    let line = String::from_utf8(version.stdout).unwrap();
    assert!(version.status.success());
    assert!(
        line.contains(&format!("(protocol {PROTOCOL_VERSION})")),
        "{line}"
    );

    let help = output(command(Path::new("."), &["--help"]));
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.status.success() && text.contains("init") && text.contains("run"),
        "{text}"
    );
}

#[test]
fn a_reader_may_close_the_pipe_during_the_help() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut help = command(Path::new("."), &["--help"]);

    let output = help.stdout(writer).output().unwrap();

    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_wrong_command_line_is_refused() {
    let home = Path::new("/nowhere");
    let refused = |arguments: &[&str], words: &[&str]| {
        assert_refused(&output(command(home, arguments)), 2, words);
    };
    refused(&[], &["a command is missing"]);
    refused(&["walk"], &["walk"]);
    refused(&["run", "--fast"], &["--fast"]);
    refused(&["init", "--account-id", "Not An Id"], &["Not An Id"]);
    refused(&["run", "--network-addr", "nowhere"], &["nowhere"]);
}

#[test]
fn an_address_that_cannot_be_used_is_refused() {
    let home = init();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = output(command(home.path(), &["run", "--rpc-addr", &address]));
    assert_refused(&refused, 1, &[&address, "in use", "--rpc-addr"]);

    let refused = output(command(home.path(), &["run", "--rpc-addr", "nonsense"]));
    assert_refused(&refused, 1, &["nonsense"]);
}
