//! The methods about the node, its blocks, and the changes of its state.

use serde_json::{Value, json};

use super::row::{Row, Subject, merged, nothing, row};

pub fn node_rows(subject: &Subject) -> Vec<Row> {
    let without_parameters = [
        "status",
        "health",
        "network_info",
        "genesis_config",
        "EXPERIMENTAL_genesis_config",
        "client_config",
    ]
    .map(|method| {
        let ignored = [json!({}), json!([1, 2, 3]), json!({"a": 1}), json!("a")];
        let [null, omitted, empty] = nothing();
        let [map, list, fields, text] = ignored;
        row(method, [null, omitted, empty, map, list, fields, text], [])
    });
    let (height, hash) = (subject.block.header.height, subject.block.header.hash);
    let mut rows = Vec::from(without_parameters);
    rows.extend([
        row(
            "validators",
            [json!([null]), json!("latest"), json!({"latest": null})],
            nothing(),
        ),
        row(
            "validators",
            [
                json!([height]),
                json!([hash]),
                json!({"block_id": height}),
                json!({"block_id": hash}),
            ],
            [json!({}), json!([height, hash]), json!(height)],
        ),
        row(
            "EXPERIMENTAL_validators_ordered",
            [
                json!({"block_id": null}),
                json!({}),
                json!([null]),
                json!([height]),
                json!({"block_id": hash}),
            ],
            nothing(),
        ),
        row(
            "EXPERIMENTAL_protocol_config",
            [
                json!({"finality": "final"}),
                json!({"block_id": height}),
                json!({"block_id": hash}),
                json!({"sync_checkpoint": "earliest_available"}),
            ],
            [json!(null), json!("omitted"), json!([]), json!([height])],
        ),
        row(
            "EXPERIMENTAL_split_storage_info",
            [json!({}), json!([])],
            [json!(null), json!("omitted"), json!([1])],
        ),
    ]);
    for method in ["maintenance_windows", "EXPERIMENTAL_maintenance_windows"] {
        let account = &subject.account;
        rows.push(row(
            method,
            [json!({"account_id": account}), json!([account])],
            nothing(),
        ));
    }
    rows
}

pub fn block_rows(subject: &Subject) -> Vec<Row> {
    let header = &subject.block.header;
    let (height, hash) = (header.height, header.hash);
    let chunk = subject.block.chunks[0].chunk_hash;
    let mut rows = vec![
        row(
            "block",
            [
                json!([height]),
                json!([hash]),
                json!({"block_id": height}),
                json!({"block_id": hash}),
                json!({"finality": "final"}),
                json!({"finality": "near-final"}),
                json!({"finality": "optimistic"}),
            ],
            [
                json!(null),
                json!("omitted"),
                json!([]),
                json!({}),
                json!([null]),
                json!([height, 0]),
            ],
        ),
        row(
            "gas_price",
            [
                json!([null]),
                json!([height]),
                json!([hash]),
                json!({"block_id": null}),
                json!({"block_id": height}),
                json!({}),
            ],
            nothing(),
        ),
    ];
    for method in ["chunk", "EXPERIMENTAL_congestion_level"] {
        rows.push(row(
            method,
            [
                json!([[height, 0]]),
                json!([[hash, 0]]),
                json!([chunk]),
                json!({"block_id": height, "shard_id": 0}),
                json!({"block_id": hash, "shard_id": 0}),
                json!({"chunk_id": chunk}),
            ],
            [
                json!(null),
                json!("omitted"),
                json!([]),
                json!([height, 0]),
                json!([[height]]),
                json!([height]),
                json!({"block_id": height}),
            ],
        ));
    }
    rows
}

pub fn change_rows(subject: &Subject) -> Vec<Row> {
    let (height, hash) = (subject.block.header.height, subject.block.header.hash);
    let by = |reference: Value| {
        let wanted = json!({"changes_type": "account_changes", "account_ids": [subject.account]});
        merged(reference, wanted)
    };
    let mut rows = Vec::new();
    for method in ["changes", "EXPERIMENTAL_changes"] {
        let shapes = [
            by(json!({"block_id": height})),
            by(json!({"block_id": hash})),
            by(json!({"finality": "final"})),
        ];
        rows.push(row(method, shapes, nothing()));
    }
    for method in ["block_effects", "EXPERIMENTAL_changes_in_block"] {
        let shapes = [
            json!({"block_id": height}),
            json!({"block_id": hash}),
            json!({"finality": "final"}),
        ];
        rows.push(row(method, shapes, nothing()));
    }
    rows
}
