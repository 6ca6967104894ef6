use super::*;
use crate::files;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A server that says nothing for so long says nothing at all.
const LONG: Duration = Duration::from_secs(60);

/// A book of one page.
fn book() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| files::write(&folder.path().join(path), text).unwrap();
    write("book.toml", "[build]\ncreate-missing = false\n");
    write("src/SUMMARY.md", "[Hello](hello.md)\n");
    write("src/hello.md", "The first edition.\n");
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
        server.spawn(Shelf::first(&tree).unwrap().serve(listener));
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
    let mut answer = String::new();
    ask(address, path).read_to_string(&mut answer).unwrap();
    answer
}

/// Reads on until the stream says a number.
fn next_number(stream: &mut TcpStream) {
    let mut said = String::new();
    let mut bytes = [0; 1024];
    while !said.contains("data: ") {
        let read = stream.read(&mut bytes).unwrap();
        assert!(read > 0, "the stream ended: {said}");
        said.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
}

#[test]
fn a_page_is_served() {
    let served = Served::start();

    assert!(get(served.address, "/hello.html").contains("The first edition."));
}

#[test]
fn a_page_that_is_not_there_is_not_found() {
    let served = Served::start();

    assert!(get(served.address, "/nothing.html").starts_with("HTTP/1.1 404"));
}

#[test]
fn the_book_can_be_read_before_the_set_up_is_done() {
    let folder = book();
    let tree = Tree::at(folder.path());
    let listener = listen("127.0.0.1", 0).unwrap();
    let address = listener.local_addr().unwrap();
    let (is_read, waits) = mpsc::channel();
    let set_up = move || waits.recv().unwrap();
    thread::spawn(move || serve(&tree, listener, false, set_up));

    let page = get(address, "/hello.html");

    is_read.send(()).unwrap();
    assert!(page.contains("The first edition."));
}

#[test]
fn a_change_reaches_the_reader() {
    let served = Served::start();
    let mut stream = ask(served.address, http::EDITIONS);
    next_number(&mut stream);

    let page = served.folder.path().join("src/hello.md");
    files::write(&page, "The second edition.\n").unwrap();
    next_number(&mut stream);

    assert!(get(served.address, "/hello.html").contains("The second edition."));
}

#[tokio::test]
async fn an_edition_that_does_not_build_is_not_put_out() {
    let folder = book();
    let shelf = Shelf::first(&Tree::at(folder.path())).unwrap();
    let first = shelf.editions.borrow().clone();
    let summary = folder.path().join("src/SUMMARY.md");
    files::write(&summary, "[Hello](hello.md)\n[Lost](lost.md)\n").unwrap();

    shelf.renew_once(&summary).await;

    assert_eq!(*shelf.editions.borrow(), first);
}

#[tokio::test]
async fn an_edition_is_built_beside_the_one_that_is_read() {
    let folder = book();
    let shelf = Shelf::first(&Tree::at(folder.path())).unwrap();
    let first = shelf.editions.borrow().clone();

    shelf.renew_once(folder.path()).await;

    assert_ne!(shelf.editions.borrow().folder, first.folder);
}

#[test]
fn built_pages_have_no_script_of_the_server() {
    let folder = book();
    let edition = edition(&Tree::at(folder.path()), &folder.path().join("built"), 1).unwrap();

    let page = files::read_text(&edition.folder.join("hello.html")).unwrap();

    assert!(!page.contains(http::EDITIONS));
}

#[test]
fn a_port_in_use_names_the_next_free_one() {
    let taken = listen("127.0.0.1", 0).unwrap();
    let port = taken.local_addr().unwrap().port();

    let error = listen("127.0.0.1", port).unwrap_err().to_string();

    let free = next_free("127.0.0.1", port).unwrap();
    let said = format!("port {port} is in use; {free} is free: cargo book serve --port {free}");
    assert_eq!(error, said);
}
