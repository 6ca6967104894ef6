//! A small book, being served.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use manuscript::files;
use tempfile::TempDir;

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
    _server: Runtime,
}

impl Served {
    fn start() -> Self {
        let folder = book();
        let tree = Tree::at(folder.path());
        let listener = listen("127.0.0.1", 0).unwrap();
        let address = listener.local_addr().unwrap();
        let server = Runtime::new().unwrap();
        server.spawn(Server::start(&tree).unwrap().run(listener));
        Self {
            folder,
            address,
            _server: server,
        }
    }
}

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
    let set_up = move || waits.recv().unwrap();
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

#[tokio::test]
async fn a_listing_follows_its_code() {
    let folder = book();
    let write = |path: &str, text: &str| files::write(&folder.path().join(path), text).unwrap();
    let code = "contract/hello/src/lib.rs";
    write(
        code,
        "// ANCHOR: hello\nfn hello() {}\n// ANCHOR_END: hello\n",
    );
    let mark = "<!-- listing contract/hello/src/lib.rs hello -->";
    let include = "{{#include listings/hello/hello-hello.md}}";
    write("src/hello.md", &format!("{mark}\n{include}\n"));
    write("src/listings/hello/hello-hello.md", "of yesterday\n");
    let mut server = Server::start(&Tree::at(folder.path())).unwrap();

    server.build_again(&folder.path().join(code)).await;

    let page = files::read_text(&server.current().join("hello.html")).unwrap();
    assert!(page.contains("fn hello() {}"), "{page}");
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
