//! The runs that a reader changes on a page.
//!
//! `GET /play` answers when runs can be played: it waits for the set-up. `POST /play` plays a run: the body is a
//! request of `runs::service`, which the program `play` answers. It is started at the first request.
//!
//! `GET /play/edits?after=3` answers when the contracts that the reader edits have changed for the fourth time, or after
//! a while. `POST /play/edits` plays a figure with them, and compares it with that of the committed ones.
//!
//! Only pages of this server may ask, and only on this machine: the host and the origin are checked. The program
//! takes nothing but declared inputs within their bounds.

use std::collections::BTreeSet;
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Bytes};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use hyper::{Method, Request, Response, StatusCode};
use manuscript::layout::Tree;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{Mutex, Semaphore, watch};
use tokio::time::timeout;

use super::contracts::Contracts;

/// The path of the player.
pub const PATH: &str = "/play";

/// The path of the contracts that the reader edits.
pub const EDITS: &str = "/play/edits";

/// The number of bytes that a request has at most.
const MAX_REQUEST: usize = 4096;

/// The number of requests that wait at most, with the one that is played.
pub const MAX_WAITING: usize = 8;

/// The time that a run may take. The first one of a contract of `contract/` builds it, and an exploration of every order,
/// with both contracts, takes half a minute.
const MAX_TIME: Duration = Duration::from_secs(300);

/// The number of contracts that a run may ask for, one after the other.
const MAX_CONTRACTS: usize = 16;

/// The time for which `GET` waits, before the page asks again.
const WAITS_FOR: Duration = Duration::from_secs(25);

/// A player of runs.
pub struct Player {
    program: PathBuf,
    root: PathBuf,
    /// The values of `Host` with which the pages of this server ask.
    hosts: BTreeSet<String>,
    contracts: Arc<Contracts>,
    is_ready: watch::Sender<bool>,
    waiting: Semaphore,
    process: Mutex<Option<Process>>,
}

/// The running program.
struct Process {
    _child: Child,
    requests: ChildStdin,
    replies: Lines<BufReader<ChildStdout>>,
}

impl Player {
    /// Returns a player for pages that are served at an address. It plays nothing before it is [`Player::ready`].
    pub fn new(tree: &Tree, address: SocketAddr, contracts: Arc<Contracts>) -> Self {
        Self {
            program: tree.target().join("debug/play"),
            root: tree.root().to_owned(),
            hosts: hosts(address),
            contracts,
            is_ready: watch::Sender::new(false),
            waiting: Semaphore::new(MAX_WAITING),
            process: Mutex::new(None),
        }
    }

    /// Says that the program is built.
    pub fn ready(&self) {
        self.is_ready.send_replace(true);
    }

    /// Waits until the program is built.
    pub async fn until_ready(&self) {
        // The sender is this value, so it is there.
        let _ = self
            .is_ready
            .subscribe()
            .wait_for(|is_ready| *is_ready)
            .await;
    }

    /// Responds to a request for [`PATH`] or [`EDITS`].
    pub async fn respond<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body<Data = Bytes, Error: Error + Send + Sync + 'static>,
    {
        if !self.is_from_here(request.headers()) {
            return refusal(StatusCode::FORBIDDEN, "only a page of this server may play");
        }
        match (request.method(), request.uri().path()) {
            (&Method::GET, EDITS) => self.edits(request.uri().query()).await,
            (&Method::GET, _) => self.wait().await,
            (&Method::POST, EDITS) => self.play("compare", request).await,
            (&Method::POST, _) => self.play("play", request).await,
            _ => refusal(StatusCode::METHOD_NOT_ALLOWED, "use GET or POST"),
        }
    }

    /// Returns `true` for a request that a page of this server has made, or no page at all. A page of another site has
    /// its own origin, and a name that leads here by DNS is its own host.
    fn is_from_here(&self, headers: &HeaderMap) -> bool {
        let host = text(headers, HOST);
        let origin = match headers.contains_key(ORIGIN) {
            true => text(headers, ORIGIN).and_then(|origin| origin.strip_prefix("http://")),
            false => host,
        };
        let is_ours = |name: Option<&str>| name.is_some_and(|name| self.hosts.contains(name));
        is_ours(host) && is_ours(origin)
    }

    async fn wait(&self) -> Response<Full<Bytes>> {
        let is_ready = timeout(WAITS_FOR, self.until_ready()).await.is_ok();
        response(StatusCode::OK, json!({ "ready": is_ready }).to_string())
    }

    /// Waits for another version of the edited contracts than the one that the page knows.
    async fn edits(&self, query: Option<&str>) -> Response<Full<Bytes>> {
        let known = query.and_then(|query| query.strip_prefix("after="));
        let Some(known) = known.and_then(|known| known.parse::<u64>().ok()) else {
            return refusal(StatusCode::BAD_REQUEST, "say `after=` and a number");
        };
        let mut edits = self.contracts.edits();
        // A page that asks again gets what there is.
        let _ = timeout(WAITS_FOR, edits.wait_for(|edits| edits.version != known)).await;
        let edits = edits.borrow().to_json();
        response(StatusCode::OK, edits.to_string())
    }

    async fn play<B>(&self, verb: &str, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body<Data = Bytes, Error: Error + Send + Sync + 'static>,
    {
        // A form of another site cannot send JSON without asking first.
        if text(request.headers(), CONTENT_TYPE) != Some("application/json") {
            return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/json");
        }
        if !*self.is_ready.borrow() {
            return refusal(StatusCode::SERVICE_UNAVAILABLE, "the set-up is not done");
        }
        let Ok(_place) = self.waiting.try_acquire() else {
            return refusal(StatusCode::SERVICE_UNAVAILABLE, "too many runs at once");
        };
        let body = Limited::new(request.into_body(), MAX_REQUEST)
            .collect()
            .await;
        let Some(line) = body.ok().and_then(|body| line(&body.to_bytes())) else {
            let fault = format!("send JSON in one line of at most {MAX_REQUEST} bytes");
            return refusal(StatusCode::BAD_REQUEST, &fault);
        };
        match self.ask_with_contracts(&format!("{verb} {line}")).await {
            Ok(reply) if reply.starts_with("{\"error\"") => {
                response(StatusCode::UNPROCESSABLE_ENTITY, reply)
            }
            Ok(reply) => response(StatusCode::OK, reply),
            Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}")),
        }
    }

    /// Asks the program, and again as soon as a contract is there that it lacks.
    async fn ask_with_contracts(&self, line: &str) -> Result<String> {
        for _ in 0..MAX_CONTRACTS {
            let reply = self.ask(line).await?;
            match needed(&reply) {
                Some(name) => self.contracts.committed(&name).await?,
                None => return Ok(reply),
            }
        }
        Err(anyhow!("the run takes more than {MAX_CONTRACTS} contracts"))
    }

    /// Asks the program, and starts it if it does not run. A program that fails or takes too long is ended.
    async fn ask(&self, line: &str) -> Result<String> {
        let mut slot = self.process.lock().await;
        let mut process = match slot.take() {
            Some(process) => process,
            None => Process::start(&self.program, &self.root, self.contracts.folder())?,
        };
        let reply = timeout(MAX_TIME, process.ask(line)).await;
        let reply = reply.map_err(|_| anyhow!("the run takes too long"))??;
        *slot = Some(process);
        Ok(reply)
    }
}

impl Process {
    fn start(program: &Path, root: &Path, contracts: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .arg("serve")
            .arg(contracts)
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let requests = child.stdin.take().context("no standard input")?;
        let replies = child.stdout.take().context("no standard output")?;
        Ok(Self {
            _child: child,
            requests,
            replies: BufReader::new(replies).lines(),
        })
    }

    async fn ask(&mut self, line: &str) -> Result<String> {
        self.requests
            .write_all(format!("{line}\n").as_bytes())
            .await?;
        let reply = self.replies.next_line().await?;
        reply.context("the program has ended")
    }
}

/// Returns the values of `Host` for an address of this machine alone, or none for another one.
fn hosts(address: SocketAddr) -> BTreeSet<String> {
    if !address.ip().is_loopback() {
        return BTreeSet::new();
    }
    let port = address.port();
    [address.to_string(), format!("localhost:{port}")].into()
}

/// Returns the name of the contract that a reply asks for.
fn needed(reply: &str) -> Option<String> {
    // No other reply begins so, and some are long.
    let reply = reply
        .starts_with("{\"needs\"")
        .then(|| serde_json::from_str::<Value>(reply));
    let needs = reply?.ok()?.get("needs")?.as_str()?.to_owned();
    Some(needs)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Returns a body that is one line of text.
fn line(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    (!text.contains(['\n', '\r'])).then(|| text.to_owned())
}

fn refusal(status: StatusCode, reason: &str) -> Response<Full<Bytes>> {
    response(status, json!({ "error": reason }).to_string())
}

fn response(status: StatusCode, json: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(json.into()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
