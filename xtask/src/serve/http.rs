//! The files of a folder over HTTP, with a script in each page that loads it again after a build; and the runs that a
//! reader changes.

use std::error::Error;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tower::{Layer, ServiceExt};
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeader;
use tower_livereload::LiveReloadLayer;

use super::player::{self, Player};

/// Serves the files of `folder` for ever. A path without a file gets `404.html`. The player serves the paths
/// [`player::PATH`] and [`player::EDITS`].
pub async fn serve(
    listener: TcpListener,
    folder: &Path,
    reload: &LiveReloadLayer,
    player: Arc<Player>,
) -> Result<()> {
    let not_found = ServeFile::new(folder.join("404.html"));
    let files = ServeDir::new(folder).not_found_service(not_found);
    // Two builds within a second have the same modification time, so nothing may be kept.
    let no_store = HeaderValue::from_static("no-store");
    let files = SetResponseHeader::overriding(files, CACHE_CONTROL, no_store);
    let pages = reload.layer(files);

    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        // A connection that ends before it is accepted is the client's affair.
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let (pages, player) = (pages.clone(), player.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let (pages, player) = (pages.clone(), player.clone());
            async move {
                match request.uri().path() {
                    player::PATH | player::EDITS => Ok(boxed(player.respond(request).await)),
                    _ => pages.oneshot(request).await.map(boxed),
                }
            }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}

type Reply = Response<UnsyncBoxBody<Bytes, Box<dyn Error + Send + Sync>>>;

/// Gives the responses of files and of the player one type.
fn boxed<B>(response: Response<B>) -> Reply
where
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    response.map(|body| body.map_err(Into::into).boxed_unsync())
}
