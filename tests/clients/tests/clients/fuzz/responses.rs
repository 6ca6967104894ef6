//! The rules for a response, whatever the request was.

use anyhow::{Context, ensure};
use near_jsonrpc_primitives::errors::RpcErrorKind;
use near_jsonrpc_primitives::message::{Message, from_slice};
use sandbox_clients::Response;

/// The HTTP statuses of a node.
const STATUSES: [u16; 6] = [200, 400, 408, 413, 422, 500];

/// The methods whose error type has no other variant for the refusals of the sandbox: a jump that is too long,
/// a record that cannot be written, a proof that only validators can give, a page outside of its prefix, the
/// settings of another program.
const HAVE_NO_OTHER_ERROR: [&str; 4] = ["sandbox_", "light_client", "view_state", "client_config"];

/// Checks that a response is JSON-RPC as the clients read it, and that no error is internal to the sandbox.
/// Returns true if the response has a result.
pub fn check(request: &[u8], response: &Response) -> anyhow::Result<bool> {
    let description = || {
        format!(
            "{}: {}",
            response.status,
            String::from_utf8_lossy(&response.body)
        )
    };
    ensure!(STATUSES.contains(&response.status), description());
    let Ok(Message::Response(message)) = from_slice(&response.body) else {
        anyhow::bail!(description());
    };
    let Err(error) = message.result else {
        ensure!(response.status == 200, description());
        return Ok(true);
    };
    let kind = error.error_struct.with_context(description)?;
    let is_internal = matches!(kind, RpcErrorKind::InternalError(_)) || response.status == 500;
    let request = String::from_utf8_lossy(request);
    let is_refusal = HAVE_NO_OTHER_ERROR
        .iter()
        .any(|method| request.contains(method));
    ensure!(!is_internal || is_refusal, description());
    Ok(false)
}
