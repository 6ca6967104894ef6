//! HTTP: `POST /` for JSON-RPC, `GET` for clients that wait for the node (`/status`, `/health`) or watch it
//! (`/network_info`, `/metrics`), and the headers that let web pages use all of them.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use http_body_util::BodyExt;
use near_jsonrpc_primitives::errors::RpcError;
use tokio::net::TcpListener;

use super::envelope::{self, Reply};
use super::node::Node;
use super::response::{Json, MethodResult};
use super::{metrics, node_info};

/// The length in bytes above which a body is parsed on a thread of its own, where it delays no other request.
const LARGE_BODY: usize = 1 << 20;
/// The number of bytes of a body above the limit that are read and discarded.
const MAX_DISCARDED_BODY: usize = 256 << 20;

/// Serves until the listener fails.
///
/// # Errors
/// The listener has failed.
pub async fn serve(listener: TcpListener, node: Node) -> std::io::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Each response is written in one piece, so waiting for more data would only delay it.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router(node)).await
}

fn router(node: Node) -> Router {
    let cors = node.cors.clone();
    Router::new()
        .route("/", post(rpc))
        .route("/status", get(status))
        .route("/health", get(health))
        .route("/network_info", get(network_info))
        .route("/metrics", get(metrics))
        .layer(cors)
        .with_state(Arc::new(node))
}

async fn rpc(State(node): State<Arc<Node>>, request: Request<Body>) -> Response {
    let limit = node.config.rpc.limits_config.json_payload_max_size;
    let Some(body) = read_body(request, limit).await else {
        let error = RpcError::parse_error(format!(
            "the request is longer than {limit} bytes, the limit set by \
             rpc.limits_config.json_payload_max_size in config.json"
        ));
        return json(StatusCode::PAYLOAD_TOO_LARGE, Reply::error(error).message);
    };
    let parsed = if body.len() > LARGE_BODY {
        tokio::task::spawn_blocking(move || envelope::parse(&body))
            .await
            .unwrap_or_else(|error| {
                Err(Box::new(Reply::error(RpcError::serialization_error(
                    error.to_string(),
                ))))
            })
    } else {
        envelope::parse(&body)
    };
    let reply = match parsed {
        Ok(request) => envelope::reply(&node, request).await,
        Err(reply) => *reply,
    };
    json(reply.status, reply.message)
}

/// Reads the body of a request, `None` if it is longer than `limit`. The rest of a long body is read and
/// discarded, up to [`MAX_DISCARDED_BODY`]: a client that is still writing would not see the response.
async fn read_body(request: Request<Body>, limit: usize) -> Option<Bytes> {
    let content_length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let body = request.into_body();
    if content_length.is_some_and(|length| length > limit) {
        discard(body).await;
        return None;
    }
    to_bytes(body, limit).await.ok()
}

/// Reads a body to its end and discards it.
async fn discard(mut body: Body) {
    let mut read = 0_usize;
    while let Some(Ok(frame)) = body.frame().await {
        read = read.saturating_add(frame.data_ref().map_or(0, Bytes::len));
        if read > MAX_DISCARDED_BODY {
            return;
        }
    }
}

async fn status(State(node): State<Arc<Node>>) -> Response {
    get_response(node_info::status(&node))
}

async fn health() -> Response {
    get_response(node_info::health())
}

async fn network_info() -> Response {
    get_response(node_info::network_info())
}

async fn metrics(State(node): State<Arc<Node>>) -> String {
    metrics::text(&node)
}

fn get_response(result: MethodResult) -> Response {
    match result {
        Ok(result) => json(StatusCode::OK, result),
        Err(error) => json(StatusCode::INTERNAL_SERVER_ERROR, Json::of(&error)),
    }
}

fn json(status: StatusCode, Json(body): Json) -> Response {
    let content_type = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}
