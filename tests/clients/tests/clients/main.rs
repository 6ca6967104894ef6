//! Tests of the embedded sandbox with its clients.

mod at_once;
mod fuzz;
mod heavy;
mod load;
mod methods;
mod near_api;
mod near_jsonrpc_client;
mod near_workspaces;
mod openapi;
mod oracle;
mod readmes;
mod trace;
