//! HTTP around JSON-RPC: what web pages need, and the pages of a node.

use serde_json::json;

use super::with_config;
use crate::node::{Exchange, Sandbox, init};
use crate::process::{assert_refused, change, run};

const ORIGIN: &str = "http://localhost:8080";

fn pre_flight(sandbox: &mut Sandbox, origin: &str) -> Exchange {
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
    ];
    sandbox.client.exchange("OPTIONS", "/", &headers, &[])
}

#[test]
fn every_web_page_may_use_the_node_by_default() {
    let mut sandbox = Sandbox::start();
    let allowed = pre_flight(&mut sandbox, ORIGIN);
    assert_eq!(allowed.status, 200);
    for header in ["origin", "methods", "headers"] {
        let name = format!("access-control-allow-{header}");
        assert_eq!(allowed.header(&name), Some("*"), "{name}");
    }
    let request = json!({"jsonrpc": "2.0", "id": "1", "method": "status"}).to_string();
    for (method, path, body) in [("POST", "/", request.as_str()), ("GET", "/status", "")] {
        let headers = [("Origin", ORIGIN)];
        let sent = sandbox
            .client
            .exchange(method, path, &headers, body.as_bytes());
        assert_eq!(sent.header("access-control-allow-origin"), Some("*"));
    }
    // A page must also see why a request is refused.
    let refused = sandbox
        .client
        .exchange("POST", "/", &[("Origin", ORIGIN)], b"{");
    assert_eq!(refused.status, 400);
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
}

#[test]
fn the_configuration_lists_the_web_pages_that_may_use_the_node() {
    let other = "http://other.example";
    let mut sandbox = with_config(|config| {
        config["rpc"]["cors_allowed_origins"] = json!(["http://first.example", ORIGIN]);
    });
    let allowed = pre_flight(&mut sandbox, ORIGIN);
    assert_eq!(allowed.header("access-control-allow-origin"), Some(ORIGIN));
    assert_eq!(allowed.header("access-control-max-age"), Some("3600"));
    let refused = pre_flight(&mut sandbox, other);
    assert_eq!(refused.header("access-control-allow-origin"), None);
}

#[test]
fn a_list_of_origins_has_neither_a_star_nor_line_breaks() {
    for wrong in [json!(["*", ORIGIN]), json!(["http://a\nb"])] {
        let home = init();
        change(&home.path().join("config.json"), |config| {
            config["rpc"]["cors_allowed_origins"] = wrong;
        });
        let refused = run(home.path());
        assert_refused(&refused, 1, &["cors_allowed_origins", "no origin"]);
    }
}

#[test]
fn the_node_has_the_pages_of_a_node() {
    let mut sandbox = Sandbox::start();
    for path in ["/status", "/health", "/network_info", "/metrics"] {
        assert_eq!(sandbox.client.status("GET", path), 200, "{path}");
    }
    let metrics = sandbox.client.exchange("GET", "/metrics", &[], &[]);
    let text = String::from_utf8(metrics.body).unwrap();
    let head = text
        .lines()
        .find(|line| line.starts_with("near_block_height_head "));
    assert!(head.is_some(), "{text}");
}

#[test]
fn a_head_request_has_no_body() {
    let mut sandbox = Sandbox::start();
    for path in ["/status", "/health"] {
        let head = sandbox.client.exchange("HEAD", path, &[], &[]);
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
    }
}
