//! HTTP: `POST /` for JSON-RPC, `GET /status` and `GET /health` for whoever waits for the node.

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
use near_jsonrpc_primitives::message::Message;
use serde::Serialize;
use tokio::net::TcpListener;

use super::envelope::{self, Reply};
use super::{Node, node};

/// A body longer than this is parsed where it keeps no other request waiting.
const LARGE_BODY: usize = 1 << 20;

/// Serves until something goes wrong with the listener.
///
/// # Errors
/// The listener fails.
pub async fn serve(listener: TcpListener, node: Node) -> std::io::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Answers are written in one piece: waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router(node)).await
}

fn router(node: Node) -> Router {
    Router::new()
        .route("/", post(rpc))
        .route("/status", get(status))
        .route("/health", get(health))
        .with_state(Arc::new(node))
}

async fn rpc(State(node): State<Arc<Node>>, request: Request<Body>) -> Response {
    let limit = node.config.rpc.limits_config.json_payload_max_size;
    let Some(body) = read(request, limit).await else {
        let error = RpcError::parse_error(format!(
            "the request is longer than {limit} bytes, the limit set by \
             rpc.limits_config.json_payload_max_size in config.json"
        ));
        return json(StatusCode::PAYLOAD_TOO_LARGE, &Message::error(error));
    };
    let parsed = if body.len() > LARGE_BODY {
        tokio::task::spawn_blocking(move || envelope::parse(&body))
            .await
            .unwrap_or_else(|error| {
                Err(Box::new(Reply::refusal(RpcError::serialization_error(
                    error.to_string(),
                ))))
            })
    } else {
        envelope::parse(&body)
    };
    let reply = match parsed {
        Ok(request) => envelope::reply(&node, request).await,
        Err(refusal) => *refusal,
    };
    json(reply.status, &reply.message)
}

/// The body of a request, `None` where it is longer than `limit`. What is too long is read to its end
/// all the same, within reason: a client that is still writing would not see the answer.
async fn read(request: Request<Body>, limit: usize) -> Option<Bytes> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let body = request.into_body();
    if announced.is_some_and(|length| length > limit) {
        drain(body).await;
        return None;
    }
    to_bytes(body, limit).await.ok()
}

async fn drain(mut body: Body) {
    const PATIENCE: usize = 256 << 20;
    let mut read = 0_usize;
    while let Some(Ok(frame)) = body.frame().await {
        read = read.saturating_add(frame.data_ref().map_or(0, Bytes::len));
        if read > PATIENCE {
            return;
        }
    }
}

async fn status(State(node): State<Arc<Node>>) -> Response {
    get_answer(node::status(&node))
}

async fn health() -> Response {
    get_answer(node::health())
}

fn get_answer(answer: super::Answer) -> Response {
    match answer {
        Ok(result) => json(StatusCode::OK, &result),
        Err(error) => json(StatusCode::INTERNAL_SERVER_ERROR, &error),
    }
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => {
            let content_type = HeaderValue::from_static("application/json");
            (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
