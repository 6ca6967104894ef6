//! Tests of the embedded sandbox with its clients.

mod fuzz;
mod heavy;
mod load;
mod methods;
mod near_api;
mod near_workspaces;
mod openapi;
mod oracle;
mod trace;
