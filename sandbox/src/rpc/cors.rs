//! Cross-origin requests: which web pages may use the node, as `rpc.cors_allowed_origins` of `config.json`
//! says (nearcore `get_cors` of `chain/jsonrpc/src/lib.rs`).

use std::time::Duration;

use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderValue, Method};
use thiserror::Error;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// The time for which a browser remembers the permission of a listed origin.
const MAX_AGE: Duration = Duration::from_secs(3600);

/// The error of an origin in `config.json`.
#[derive(Debug, Error)]
#[error(
    "rpc.cors_allowed_origins of config.json has {0:?}, which is no origin; write origins like \
     \"http://localhost:8080\", or \"*\" alone for all"
)]
pub struct InvalidOrigin(String);

/// Returns the layer that answers pre-flight requests and adds the headers to all responses. The list `["*"]`
/// lets every page use the node.
///
/// # Errors
/// An origin cannot be the value of a header, or is `*` beside others.
pub fn cors_layer(allowed_origins: &[String]) -> Result<CorsLayer, InvalidOrigin> {
    if allowed_origins == ["*"] {
        return Ok(CorsLayer::permissive());
    }
    let origins: Result<Vec<_>, _> = allowed_origins.iter().map(|text| origin(text)).collect();
    Ok(CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins?))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([AUTHORIZATION, ACCEPT, CONTENT_TYPE])
        .max_age(MAX_AGE))
}

fn origin(text: &str) -> Result<HeaderValue, InvalidOrigin> {
    match HeaderValue::from_str(text) {
        Ok(value) if text != "*" => Ok(value),
        _ => Err(InvalidOrigin(text.to_owned())),
    }
}
