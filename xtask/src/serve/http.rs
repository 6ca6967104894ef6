//! The files of a folder over HTTP, with a script in each page that loads it again after a build.

use std::net::TcpListener;
use std::path::Path;

use anyhow::Result;
use hyper::header::{CACHE_CONTROL, HeaderValue};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tower::Layer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeader;
use tower_livereload::LiveReloadLayer;

/// Serves the files of `folder` for ever. A path without a file gets `404.html`.
pub async fn serve(listener: TcpListener, folder: &Path, reload: &LiveReloadLayer) -> Result<()> {
    let not_found = ServeFile::new(folder.join("404.html"));
    let files = ServeDir::new(folder).not_found_service(not_found);
    // Two builds within a second have the same modification time, so nothing may be kept.
    let no_store = HeaderValue::from_static("no-store");
    let files = SetResponseHeader::overriding(files, CACHE_CONTROL, no_store);
    let pages = TowerToHyperService::new(reload.layer(files));

    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        // A connection that ends before it is accepted is the client's affair.
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let connection =
            http1::Builder::new().serve_connection(TokioIo::new(stream), pages.clone());
        tokio::spawn(connection);
    }
}
