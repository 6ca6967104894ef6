//! What an answer must look like, whatever was asked.

use anyhow::{Context, ensure};
use near_jsonrpc_primitives::errors::RpcErrorKind;
use near_jsonrpc_primitives::message::{Message, from_slice};
use sandbox_clients::Answer;

/// The HTTP statuses that a node uses.
const STATUSES: [u16; 6] = [200, 400, 408, 413, 422, 500];

/// Methods whose type of error has no other variant for what the sandbox refuses: too long a jump, a
/// record that cannot be written, a proof that only validators could give.
const HAVE_NO_OTHER_ERROR: [&str; 2] = ["sandbox_", "light_client"];

/// An answer is a JSON-RPC response as the clients read it, and no error is the sandbox's own fault.
/// Returns whether it is a result.
pub fn check(request: &[u8], answer: &Answer) -> anyhow::Result<bool> {
    let shown = || {
        format!(
            "{}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        )
    };
    ensure!(STATUSES.contains(&answer.status), shown());
    let Ok(Message::Response(response)) = from_slice(&answer.body) else {
        anyhow::bail!(shown());
    };
    let Err(error) = response.result else {
        ensure!(answer.status == 200, shown());
        return Ok(true);
    };
    let kind = error.error_struct.with_context(shown)?;
    let is_internal = matches!(kind, RpcErrorKind::InternalError(_)) || answer.status == 500;
    let request = String::from_utf8_lossy(request);
    let is_refusal = HAVE_NO_OTHER_ERROR
        .iter()
        .any(|method| request.contains(method));
    ensure!(!is_internal || is_refusal, shown());
    Ok(false)
}
