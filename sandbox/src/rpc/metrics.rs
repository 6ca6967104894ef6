//! `GET /metrics`: the state of the node for Prometheus, under neard's names.

use std::fmt::Write;

use near_primitives::version::PROTOCOL_VERSION;

use super::node::Node;

/// Returns the metrics in Prometheus' text format.
pub fn text(node: &Node) -> String {
    let chain = node.block_producer.chain();
    let head = chain.head();
    let gauges = [
        (
            "near_block_height_head",
            "Height of the current head of the blockchain",
            head.height,
        ),
        (
            "near_current_protocol_version",
            "Current protocol version",
            chain.protocol_version().into(),
        ),
        (
            "near_node_protocol_version",
            "Max protocol version supported by the node",
            PROTOCOL_VERSION.into(),
        ),
    ];
    gauges
        .iter()
        .fold(String::new(), |mut text, (name, help, value)| {
            // Writing to a string does not fail.
            let _ = write!(
                text,
                "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"
            );
            text
        })
}
