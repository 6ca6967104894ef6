//! A small book, being served.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use manuscript::files;
use tempfile::TempDir;
use tokio::time::timeout;

use super::*;

/// The time after which a server that sends nothing has failed.
const LONG: Duration = Duration::from_secs(60);

/// The path of the stream on which an open page waits for a new build.
const EVENTS: &str = "/_tower-livereload/event-stream";

/// A book of one page.
fn book() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| files::write(&folder.path().join(path), text).unwrap();
    write("book.toml", "[build]\ncreate-missing = false\n");
    write("src/SUMMARY.md", "[Hello](hello.md)\n");
    write("src/hello.md", "The first build.\n");
    folder
}

/// A book of one page, being served.
struct Served {
    folder: TempDir,
    address: SocketAddr,
    player: Arc<Player>,
    _server: Runtime,
}

impl Served {
    fn start() -> Self {
        let folder = book();
        let tree = Tree::at(folder.path());
        let listener = listen("127.0.0.1", 0).unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::start(&tree).unwrap();
        let contracts = Contracts::new(&tree, server.folder()).unwrap();
        let player = Arc::new(Player::new(&tree, address, Arc::new(contracts)));
        let runtime = Runtime::new().unwrap();
        runtime.spawn(server.run(listener, player.clone()));
        Self {
            folder,
            address,
            player,
            _server: runtime,
        }
    }

    /// Puts a program in the place of `play`, and lets the server start it.
    fn with_program(script: &str) -> Self {
        let served = Self::start();
        let program = served.folder.path().join("target/debug/play");
        files::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        served.player.ready();
        served
    }

    /// Sends a request to the player, and returns the response.
    fn play(&self, head: &str, body: &str) -> String {
        let mut connection = TcpStream::connect(self.address).unwrap();
        connection.set_read_timeout(Some(LONG)).unwrap();
        let host = match head.contains("Host:") {
            true => String::new(),
            false => format!("Host: {}\r\n", self.address),
        };
        let length = body.len();
        let request =
            format!("{head}{host}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}");
        connection.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).unwrap();
        response
    }

    fn post(&self, body: &str) -> String {
        self.play(&format!("POST /play HTTP/1.1\r\n{JSON}"), body)
    }
}

/// The header without which the player takes no request.
const JSON: &str = "Content-Type: application/json\r\n";

/// A program that replies to each line with what follows its verb.
const ECHO: &str = "while read -r verb line; do printf '%s\\n' \"$line\"; done";

fn ask(address: SocketAddr, path: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(LONG)).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: book\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).unwrap();
    connection
}

fn get(address: SocketAddr, path: &str) -> String {
    let mut response = String::new();
    ask(address, path).read_to_string(&mut response).unwrap();
    response
}

/// Reads a stream until an event comes.
fn wait_for(event: &str, stream: &mut TcpStream) {
    let mut text = String::new();
    let mut bytes = [0; 1024];
    while !text.contains(event) {
        let read = stream.read(&mut bytes).unwrap();
        assert!(read > 0, "the stream ended: {text}");
        text.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
}

#[test]
fn a_page_is_served() {
    let served = Served::start();

    assert!(get(served.address, "/hello.html").contains("The first build."));
}

#[test]
fn a_page_has_the_script_that_loads_it_again() {
    let served = Served::start();

    assert!(get(served.address, "/hello.html").contains(EVENTS));
}

#[test]
fn a_path_that_leads_out_of_the_book_is_not_found() {
    let served = Served::start();

    assert!(get(served.address, "/../lock").starts_with("HTTP/1.1 404"));
}

#[test]
fn a_path_without_a_page_is_not_found() {
    let served = Served::start();

    assert!(get(served.address, "/nothing.html").starts_with("HTTP/1.1 404"));
}

#[test]
fn the_book_can_be_read_before_the_set_up_ends() {
    let folder = book();
    let tree = Tree::at(folder.path());
    let listener = listen("127.0.0.1", 0).unwrap();
    let address = listener.local_addr().unwrap();
    let (is_read, waits) = mpsc::channel();
    let set_up = move |_: &Player| waits.recv().unwrap();
    thread::spawn(move || serve(&tree, listener, false, set_up));

    let page = get(address, "/hello.html");

    is_read.send(()).unwrap();
    assert!(page.contains("The first build."));
}

#[test]
fn a_change_reaches_an_open_page() {
    let served = Served::start();
    let mut stream = ask(served.address, EVENTS);
    wait_for("init", &mut stream);

    let page = served.folder.path().join("src/hello.md");
    files::write(&page, "The second build.\n").unwrap();
    wait_for("reload", &mut stream);

    assert!(get(served.address, "/hello.html").contains("The second build."));
}

#[tokio::test]
async fn after_a_build_that_fails_the_last_one_stays() {
    let folder = book();
    let mut server = Server::start(&Tree::at(folder.path())).unwrap();
    let first = fs::canonicalize(server.current()).unwrap();
    let summary = folder.path().join("src/SUMMARY.md");
    files::write(&summary, "[Hello](hello.md)\n[Lost](lost.md)\n").unwrap();

    server.build_again(&summary).await;

    assert_eq!(fs::canonicalize(server.current()).unwrap(), first);
}

#[tokio::test]
async fn a_build_does_not_overwrite_the_last_one() {
    let folder = book();
    let mut server = Server::start(&Tree::at(folder.path())).unwrap();
    let first = fs::canonicalize(server.current()).unwrap();

    server.build_again(folder.path()).await;

    assert_ne!(fs::canonicalize(server.current()).unwrap(), first);
    assert!(first.join("hello.html").is_file());
}

/// A book of one page, with a listing whose code has changed since it was recorded.
fn book_with_listing() -> (TempDir, PathBuf) {
    let folder = book();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        files::write(&path, text).unwrap();
        path
    };
    let code = "// ANCHOR: hello\nfn hello() {}\n// ANCHOR_END: hello\n";
    let code = write("contract/hello/src/lib.rs", code);
    let mark = "<!-- listing contract/hello/src/lib.rs hello -->";
    let include = "{{#include listings/hello/hello-hello.md}}";
    write("src/hello.md", &format!("{mark}\n{include}\n"));
    write("src/listings/hello/hello-hello.md", "of yesterday\n");
    (folder, code)
}

#[tokio::test]
async fn a_listing_follows_its_code() {
    let (folder, code) = book_with_listing();
    let mut server = Server::start(&Tree::at(folder.path())).unwrap();

    server.build_again(&code).await;

    let page = files::read_text(&server.current().join("hello.html")).unwrap();
    assert!(page.contains("fn hello() {}"), "{page}");
}

#[tokio::test]
async fn a_listing_that_the_server_records_is_no_further_change() {
    let (folder, code) = book_with_listing();
    let mut server = Server::start(&Tree::at(folder.path())).unwrap();

    server.build_again(&code).await;

    let further = timeout(Duration::from_millis(500), server.next_change());
    assert_eq!(further.await.ok(), None);
}

#[test]
fn built_pages_do_not_have_the_script_of_the_server() {
    let folder = book();
    let server = Server::start(&Tree::at(folder.path())).unwrap();

    let page = files::read_text(&server.current().join("hello.html")).unwrap();

    assert!(!page.contains("_tower-livereload"));
}

#[test]
fn a_port_in_use_names_the_next_free_one() {
    let taken = listen("127.0.0.1", 0).unwrap();
    let port = taken.local_addr().unwrap().port();

    let error = listen("127.0.0.1", port).unwrap_err().to_string();

    let free = next_free("127.0.0.1", port).unwrap();
    let expected = format!("port {port} is in use; {free} is free: cargo book serve --port {free}");
    assert_eq!(error, expected);
}

// ---- The player ----

#[test]
fn a_run_is_played_by_the_program() {
    let served = Served::with_program(ECHO);

    let response = served.post(r#"{"html":"<div>"}"#);

    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert!(response.ends_with(r#"{"html":"<div>"}"#), "{response}");
}

#[test]
fn a_refusal_of_the_program_is_an_error_of_the_request() {
    let served = Served::with_program(ECHO);

    let response = served.post(r#"{"error":"there is no input `code`"}"#);

    assert!(response.starts_with("HTTP/1.1 422"), "{response}");
}

#[test]
fn a_page_waits_until_runs_can_be_played() {
    let served = Served::start();
    let address = served.address;
    let page = thread::spawn(move || {
        let mut response = String::new();
        let mut connection = TcpStream::connect(address).unwrap();
        connection.set_read_timeout(Some(LONG)).unwrap();
        let request = format!("GET /play HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        connection.read_to_string(&mut response).unwrap();
        response
    });

    served.player.ready();

    assert!(page.join().unwrap().ends_with(r#"{"ready":true}"#));
}

#[test]
fn before_the_set_up_is_done_nothing_is_played() {
    let served = Served::start();

    assert!(served.post("{}").starts_with("HTTP/1.1 503"));
}

#[test]
fn a_page_of_another_site_may_not_play() {
    let served = Served::with_program(ECHO);

    for request in ["POST /play", "POST /play/edits", "GET /play/edits?after=1"] {
        let origin = format!("{request} HTTP/1.1\r\n{JSON}Origin: http://attacker.example\r\n");
        assert!(
            served.play(&origin, "{}").starts_with("HTTP/1.1 403"),
            "{request}"
        );
    }
}

#[test]
fn a_run_is_compared_by_another_verb() {
    let served =
        Served::with_program("while read -r verb line; do printf '{\"%s\":1}\\n' $verb; done");

    let response = served.play(&format!("POST /play/edits HTTP/1.1\r\n{JSON}"), "{}");

    assert!(response.ends_with(r#"{"compare":1}"#), "{response}");
}

#[test]
fn a_contract_that_no_chapter_has_is_an_error_of_the_run() {
    let served = Served::with_program(ECHO);

    let response = served.post(r#"{"needs":"../../etc"}"#);

    assert!(response.starts_with("HTTP/1.1 500"), "{response}");
    assert!(response.contains("there is no chapter"), "{response}");
}

#[test]
fn a_page_that_knows_another_version_gets_the_edits_at_once() {
    let served = Served::start();

    let response = served.play("GET /play/edits?after=7 HTTP/1.1\r\n", "");

    assert!(response.contains(r#""version":0"#), "{response}");
}

#[test]
fn a_version_that_is_no_number_is_refused() {
    let served = Served::start();

    for query in ["", "?after=", "?after=-1", "?before=1"] {
        let response = served.play(&format!("GET /play/edits{query} HTTP/1.1\r\n"), "");
        assert!(response.starts_with("HTTP/1.1 400"), "{query}");
    }
}

#[test]
fn a_name_that_leads_here_by_dns_may_not_play() {
    let served = Served::with_program(ECHO);
    let port = served.address.port();
    let name = format!("attacker.example:{port}");
    let rebound = format!("POST /play HTTP/1.1\r\n{JSON}Host: {name}\r\nOrigin: http://{name}\r\n");

    assert!(served.play(&rebound, "{}").starts_with("HTTP/1.1 403"));
}

#[test]
fn a_form_of_another_site_may_not_play() {
    let served = Served::with_program(ECHO);
    let form = "POST /play HTTP/1.1\r\nContent-Type: text/plain\r\n";

    assert!(served.play(form, "{}").starts_with("HTTP/1.1 415"));
}

#[test]
fn on_an_address_that_others_reach_nothing_is_played() {
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::at(folder.path());
    let contracts = Arc::new(Contracts::new(&tree, folder.path()).unwrap());
    let player = Player::new(&tree, "192.0.2.1:3000".parse().unwrap(), contracts);
    player.ready();
    let request = hyper::Request::post("/play")
        .header("Host", "192.0.2.1:3000")
        .header("Content-Type", "application/json")
        .body(http_body_util::Full::<hyper::body::Bytes>::from("{}"))
        .unwrap();

    let response = Runtime::new().unwrap().block_on(player.respond(request));

    assert_eq!(response.status(), 403);
}

#[test]
fn a_request_of_more_than_one_line_or_too_many_bytes_is_refused() {
    let served = Served::with_program(ECHO);

    for body in ["{}\n{}", &"x".repeat(5_000)] {
        assert!(served.post(body).starts_with("HTTP/1.1 400"));
    }
}

#[test]
fn a_program_that_ends_is_started_again() {
    let served = Served::with_program("read -r line; printf '%s\\n' \"$line\"");

    assert!(served.post("{}").starts_with("HTTP/1.1 200"));
    let after_the_end = served.post("{}");
    let started_again = served.post("{}");

    assert!(after_the_end.starts_with("HTTP/1.1 500"), "{after_the_end}");
    assert!(started_again.starts_with("HTTP/1.1 200"), "{started_again}");
}

#[test]
fn a_request_beyond_those_that_may_wait_is_refused() {
    let served = Served::with_program("read -r first; read -r second");
    let address = served.address;
    let (responds, responses) = mpsc::channel();
    // One is played for ever, the others wait for it.
    for _ in 0..=player::MAX_WAITING {
        let responds = responds.clone();
        thread::spawn(move || {
            let mut connection = TcpStream::connect(address).unwrap();
            let request = format!(
                "POST /play HTTP/1.1\r\nHost: {address}\r\n{JSON}Content-Length: 2\r\n\r\n{{}}"
            );
            connection.write_all(request.as_bytes()).unwrap();
            let mut start = [0; 12];
            if connection.read_exact(&mut start).is_ok() {
                // The test has ended if nobody listens.
                let _ = responds.send(String::from_utf8_lossy(&start).into_owned());
            }
        });
    }

    assert_eq!(responses.recv_timeout(LONG).unwrap(), "HTTP/1.1 503");
}

#[test]
fn ten_thousand_requests_without_sense_leave_the_player_as_it_was() {
    let served = Served::with_program(ECHO);
    let mut connection = TcpStream::connect(served.address).unwrap();
    connection.set_read_timeout(Some(LONG)).unwrap();
    let host = served.address;
    let mut responses = [0_u8; 4096];
    for number in 0..10_000_u32 {
        let body = format!("\0{number}\n\u{fffd}").repeat(number as usize % 40);
        let kind = ["application/json", "text/html", "\u{fffd}"][number as usize % 3];
        let length = body.len();
        let request = format!(
            "POST /play HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        let is_sent = connection.write_all(request.as_bytes()).is_ok();
        // The server may close a connection whose request it does not read to the end.
        if !is_sent || !matches!(connection.read(&mut responses), Ok(read) if read > 0) {
            connection = TcpStream::connect(served.address).unwrap();
            connection.set_read_timeout(Some(LONG)).unwrap();
        }
    }

    assert!(served.post(r#"{"html":""}"#).starts_with("HTTP/1.1 200"));
}
