//! The JSON-RPC of a node, over HTTP.
//!
//! `server` is HTTP, `envelope` JSON-RPC 2.0, `methods` the table of methods. The other modules have the
//! methods. Requests, results and errors are the types of near-jsonrpc-primitives, which clients parse.

mod blocks;
mod changes;
mod cors;
mod envelope;
mod light_client;
mod methods;
mod metrics;
mod node;
mod node_info;
mod params;
mod query;
mod receipt_to_tx;
mod response;
mod sandbox;
mod server;
mod transactions;
mod view;

pub use self::cors::cors_layer;
pub use self::node::Node;
pub use self::response::VIEW_THREADS;
pub use self::server::serve;
