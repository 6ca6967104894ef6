//! The built pages over HTTP, and a stream that says when there are newer ones.
//!
//! The pages are those of `mdbook build`; the script that listens to the stream is put into them
//! on their way to the browser.

use axum::Router;
use axum::extract::{Path as FromPath, State};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::Stream;
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::path::{Component, Path, PathBuf};
use tokio::sync::watch::{Receiver, Sender};

/// A build of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Grows from one to the next.
    pub number: u64,
    /// Where its files are.
    pub folder: PathBuf,
}

/// The path of the stream. No page of mdBook's has such a name.
pub const EDITIONS: &str = "/__editions";

/// What a page of an edition listens with: it wants to be the page of the newest one.
fn script(number: u64) -> String {
    format!(
        r#"<script>
new EventSource("{EDITIONS}").onmessage = ({{ data }}) => {{
    if (data !== "{number}") location.reload();
}};
</script>
"#
    )
}

/// Everything that the server answers.
pub fn router(editions: Sender<Edition>) -> Router {
    Router::new()
        .route(EDITIONS, get(stream))
        .route("/", get(front_page))
        .route("/{*path}", get(page))
        .with_state(editions)
}

async fn stream(
    State(editions): State<Sender<Edition>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(numbers(editions.subscribe())).keep_alive(KeepAlive::default())
}

/// The number of the edition that is out, and of each that comes.
fn numbers(mut editions: Receiver<Edition>) -> impl Stream<Item = Result<Event, Infallible>> {
    editions.mark_changed();
    unfold(editions, |mut editions| async {
        editions.changed().await.ok()?;
        let number = editions.borrow_and_update().number;
        Some((Ok(Event::default().data(number.to_string())), editions))
    })
}

async fn front_page(editions: State<Sender<Edition>>) -> Response {
    page(editions, FromPath("index.html".to_owned())).await
}

async fn page(
    State(editions): State<Sender<Edition>>,
    FromPath(path): FromPath<String>,
) -> Response {
    let edition = editions.borrow().clone();
    if let Some(found) = answer(&edition, &path, StatusCode::OK).await {
        return found;
    }
    let not_found = answer(&edition, "404.html", StatusCode::NOT_FOUND).await;
    not_found.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

async fn answer(edition: &Edition, path: &str, status: StatusCode) -> Option<Response> {
    let path = Path::new(path);
    let stays_inside = |part: Component| matches!(part, Component::Normal(_));
    if !path.components().all(stays_inside) {
        return None;
    }
    let bytes = tokio::fs::read(edition.folder.join(path)).await.ok()?;
    let kind = kind(path);
    let body = if kind == HTML {
        listening(&String::from_utf8_lossy(&bytes), edition.number).into_bytes()
    } else {
        bytes
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Some((status, headers, body).into_response())
}

/// The page with the script in it.
fn listening(page: &str, number: u64) -> String {
    let (before, after) = page.split_at(page.rfind("</body>").unwrap_or(page.len()));
    format!("{before}{}{after}", script(number))
}

const HTML: &str = "text/html; charset=utf-8";

fn kind(path: &Path) -> &'static str {
    match path
        .extension()
        .and_then(|kind| kind.to_str())
        .unwrap_or_default()
    {
        "html" => HTML,
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "csv" => "text/csv; charset=utf-8",
        "md" | "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_listens_before_its_body_ends() {
        let page = listening("<html><body>Hello</body></html>", 7);

        assert_eq!(
            page,
            format!("<html><body>Hello{}</body></html>", script(7))
        );
    }

    #[test]
    fn what_is_no_whole_page_listens_at_its_end() {
        assert_eq!(listening("Hello", 7), format!("Hello{}", script(7)));
    }

    #[test]
    fn a_page_knows_which_edition_it_is_of() {
        assert!(listening("Hello", 7).contains(r#"data !== "7""#));
    }

    #[tokio::test]
    async fn a_path_that_leads_out_of_the_book_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "").unwrap();
        let edition = Edition {
            number: 7,
            folder: folder.path().join("book"),
        };

        assert!(
            answer(&edition, "../secret", StatusCode::OK)
                .await
                .is_none()
        );
    }
}
