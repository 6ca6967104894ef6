//! A server of a folder on a local port, with a log of its responses.
//!
//! The browser could read the folder as files. But then there would be no log of its requests, and a missing
//! file would not be noticed.

use std::convert::Infallible;
use std::fs;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// A running server. It ends with the runtime that it was started on.
pub struct Server {
    address: SocketAddr,
    sent: Log,
}

/// A response that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The path of the request, from the folder.
    pub path: String,
    /// The size of the file, or nothing if it does not exist.
    pub bytes: Option<usize>,
}

type Log = Arc<Mutex<Vec<Sent>>>;

impl Server {
    /// Starts to serve a folder, on a free port.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start(folder: &Path) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let sent = Log::default();
        tokio::spawn(serve(listener, folder.to_owned(), Arc::clone(&sent)));
        Ok(Self { address, sent })
    }

    /// Returns the URL of a page.
    pub fn url(&self, page: &str) -> String {
        format!("http://{}/{page}", self.address)
    }

    /// Returns the responses since the last call.
    pub fn take_sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn serve(listener: TcpListener, folder: PathBuf, log: Log) {
    while let Ok((stream, _)) = listener.accept().await {
        let (folder, log) = (folder.clone(), Arc::clone(&log));
        let response = service_fn(move |request: Request<Incoming>| {
            let response = response(&folder, &log, request.uri().path());
            async { Ok::<_, Infallible>(response) }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), response);
        // A browser that closes a connection early is no error of the server.
        tokio::spawn(async { drop(connection.await) });
    }
}

fn response(folder: &Path, log: &Log, path: &str) -> Response<Full<Bytes>> {
    let path = path.trim_start_matches('/');
    let file = inside(path).and_then(|path| fs::read(folder.join(path)).ok());
    let sent = Sent {
        path: path.to_owned(),
        bytes: file.as_ref().map(Vec::len),
    };
    log.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(sent);
    let status = match file {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_FOUND,
    };
    let mut response = Response::new(Full::from(file.unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        kind(path).parse().expect("the content type is ASCII"),
    );
    // A file is sent again with each request: the size of every page is measured as that of the first one.
    headers.insert(CACHE_CONTROL, "no-store".parse().expect("it is ASCII"));
    response
}

/// Returns a path inside the folder, or nothing if it leads out of it.
fn inside(path: &str) -> Option<&Path> {
    let path = Path::new(path);
    let normal = |part| matches!(part, Component::Normal(_));
    path.components().all(normal).then_some(path)
}

fn kind(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|name| name.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_file_is_logged() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("one.html"), "<p>One").unwrap();
        let log = Log::default();

        response(folder.path(), &log, "/one.html");

        let sent = Sent {
            path: "one.html".to_owned(),
            bytes: Some(6),
        };
        assert_eq!(*log.lock().unwrap(), [sent]);
    }

    #[test]
    fn a_missing_file_is_logged_without_a_size() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::default();

        response(folder.path(), &log, "/two.html");

        assert_eq!(log.lock().unwrap()[0].bytes, None);
    }

    #[test]
    fn a_path_out_of_the_folder_is_not_served() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(folder.path().join("secret.txt"), "").unwrap();

        let response = response(&inner, &Log::default(), "/../secret.txt");

        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
}
