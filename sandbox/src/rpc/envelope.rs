//! JSON-RPC 2.0: from the bytes of a request to a method, and from its answer to a message with the
//! HTTP status that a node gives it.

use axum::http::StatusCode;
use near_jsonrpc_primitives::errors::{RpcError, RpcErrorKind};
use near_jsonrpc_primitives::message::{Message, Request};
use near_primitives::types::BlockHeight;
use serde_json::Value;
use serde_json::error::Category;

use super::{Node, methods};

/// A message and its HTTP status.
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The message.
    pub message: Message,
}

impl Reply {
    /// The answer to what is no request.
    pub fn refusal(error: RpcError) -> Self {
        Self {
            status: status(&error, false),
            message: Message::error(error),
        }
    }
}

/// Reads a request.
pub fn parse(body: &[u8]) -> Result<Request, Box<Reply>> {
    serde_json::from_slice(body).map_err(|error| {
        let problem = match error.classify() {
            Category::Data => format!("JSON RPC Request format was expected: {error}"),
            Category::Io | Category::Syntax | Category::Eof => error.to_string(),
        };
        Box::new(Reply::refusal(RpcError::parse_error(problem)))
    })
}

/// Answers a request.
pub async fn reply(node: &Node, request: Request) -> Reply {
    let Request {
        method, params, id, ..
    } = request;
    tracing::debug!(%method, "request");
    let height = asked_height(&params);
    match methods::call(node, &method, params).await {
        Ok(result) => Reply {
            status: StatusCode::OK,
            message: Message::response(id, Ok(result)),
        },
        Err(error) => {
            tracing::debug!(%method, ?error, "refused");
            let head = node.miner.chain().head().height;
            // A block asked for by a height that the chain has left behind can never be there, so
            // asking again is of no use.
            let is_past = height.is_some_and(|height| height < head);
            let status = status(&error, is_past);
            Reply {
                status,
                message: Message::response(id, Err(error)),
            }
        }
    }
}

/// The HTTP status of an error.
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

/// The height of the block that a request is about, where it says so.
fn asked_height(params: &Value) -> Option<BlockHeight> {
    params["block_id"].as_u64().or_else(|| params[0].as_u64())
}
