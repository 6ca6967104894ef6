//! JSON-RPC 2.0: from the bytes of a request to a method, and from its result to a message and its HTTP
//! status.

use axum::http::StatusCode;
use near_jsonrpc_primitives::errors::{RpcError, RpcErrorKind};
use near_jsonrpc_primitives::message::{Message, Request};
use near_primitives::types::BlockHeight;
use serde_json::Value;
use serde_json::error::Category;

use super::methods;
use super::node::Node;
use super::response::Json;

/// A message and its HTTP status.
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The message.
    pub message: Json,
}

impl Reply {
    /// Returns the reply to something that is not a request.
    pub fn error(error: RpcError) -> Self {
        Self {
            status: status(&error, false),
            message: Json::of(&Message::error(error)),
        }
    }
}

/// Parses a request.
pub fn parse(body: &[u8]) -> Result<Request, Box<Reply>> {
    serde_json::from_slice(body).map_err(|error| {
        let problem = match error.classify() {
            // nearcore's `JsonRpcHandler::process` refuses every message but a single request.
            Category::Data if body.trim_ascii_start().starts_with(b"[") => {
                "JSON RPC Request format was expected, not a batch: send each request by itself"
                    .to_owned()
            }
            Category::Data => format!("JSON RPC Request format was expected: {error}"),
            Category::Io | Category::Syntax | Category::Eof => error.to_string(),
        };
        Box::new(Reply::error(RpcError::parse_error(problem)))
    })
}

/// Calls the method of a request, and returns the reply.
pub async fn reply(node: &Node, request: Request) -> Reply {
    let Request {
        method, params, id, ..
    } = request;
    tracing::debug!(%method, "request");
    let height = requested_height(&params);
    match methods::call(node, &method, params).await {
        Ok(result) => Reply {
            status: StatusCode::OK,
            message: success(&result, &id),
        },
        Err(error) => {
            tracing::debug!(%method, ?error, "refused");
            let head = node.block_producer.chain().head().height;
            // A block that is missing below the head will never exist, so a client need not try again.
            let is_past = height.is_some_and(|height| height < head);
            let status = status(&error, is_past);
            Reply {
                status,
                message: Json::of(&Message::response(id, Err(error))),
            }
        }
    }
}

/// Returns the message with a result, as `near_jsonrpc_primitives::message::Response` serializes it.
fn success(Json(result): &Json, id: &Value) -> Json {
    let id = id.to_string();
    Json(
        [
            br#"{"jsonrpc":"2.0","result":"#,
            result.as_slice(),
            br#","id":"#,
            id.as_bytes(),
            b"}",
        ]
        .concat(),
    )
}

/// Returns the HTTP status of an error.
fn status(error: &RpcError, is_past: bool) -> StatusCode {
    match &error.error_struct {
        Some(RpcErrorKind::RequestValidationError(_)) => StatusCode::BAD_REQUEST,
        Some(RpcErrorKind::InternalError(_)) => StatusCode::INTERNAL_SERVER_ERROR,
        Some(RpcErrorKind::HandlerError(cause)) => match cause["name"].as_str() {
            Some("TIMEOUT_ERROR") => StatusCode::REQUEST_TIMEOUT,
            Some("UNKNOWN_BLOCK") if is_past => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::OK,
        },
        None => StatusCode::OK,
    }
}

/// Returns the height of the block that a request names.
fn requested_height(params: &Value) -> Option<BlockHeight> {
    params["block_id"].as_u64().or_else(|| params[0].as_u64())
}
