//! Tests of the embedded sandbox with its clients.

mod at_once;
mod fuzz;
mod heavy;
mod load;
mod near_api;
mod near_jsonrpc_client;
mod near_workspaces;
mod oracle;
mod trace;
