//! Plain JSON-RPC over HTTP, with persistent connections.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// The timeout of a request. The longest wait of the sandbox itself is 10 seconds.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A JSON-RPC client. Clones share their connections.
#[derive(Clone)]
pub struct Rpc {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
}

/// The response to a request.
#[derive(Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

impl Rpc {
    /// Returns a client of the node at `url`.
    pub fn new(url: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            url: url.to_owned(),
        }
    }

    /// Posts a body, which need not be valid.
    ///
    /// # Errors
    /// There is no complete response in time.
    pub async fn post(&self, body: impl Into<Bytes>) -> anyhow::Result<Response> {
        let request = Request::post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body.into()))?;
        tokio::time::timeout(TIMEOUT, self.exchange(request)).await?
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> anyhow::Result<Response> {
        let response = self.client.request(request).await?;
        Ok(Response {
            status: response.status().as_u16(),
            body: response.into_body().collect().await?.to_bytes(),
        })
    }

    /// Calls a method and returns its `result`. A node that has waited as long as its configuration allows is
    /// called again, as clients do.
    ///
    /// # Errors
    /// The response has an `error`, or the node has none in time.
    pub async fn call(&self, method: &str, params: Value) -> anyhow::Result<Value> {
        let end = Instant::now() + TIMEOUT;
        loop {
            let mut message = self.request(method, params.clone()).await?;
            if let Some(result) = message.get_mut("result") {
                return Ok(result.take());
            }
            let is_timeout = message["error"]["cause"]["name"] == "TIMEOUT_ERROR";
            ensure!(is_timeout && Instant::now() < end, "{method}: {message}");
        }
    }

    /// Calls a method and returns its `error`.
    ///
    /// # Errors
    /// The response has a `result`.
    pub async fn refusal(&self, method: &str, params: Value) -> anyhow::Result<Value> {
        let mut message = self.request(method, params).await?;
        match message.get_mut("error") {
            Some(error) => Ok(error.take()),
            None => bail!("{method}: {message}"),
        }
    }

    /// Returns the height of the latest block.
    ///
    /// # Errors
    /// The node does not return it.
    pub async fn height(&self) -> anyhow::Result<u64> {
        let status = self.call("status", json!(null)).await?;
        let height = status["sync_info"]["latest_block_height"].as_u64();
        height.context("the status has no height")
    }

    async fn request(&self, method: &str, params: Value) -> anyhow::Result<Value> {
        let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let response = self.post(request.to_string()).await?;
        let body = || String::from_utf8_lossy(&response.body).into_owned();
        serde_json::from_slice(&response.body).with_context(body)
    }
}
