//! The runs that a reader changes on a page.
//!
//! `GET /play` answers when runs can be played: it waits for the set-up. `POST /play` plays a run: the body is a
//! request of `runs::play::service`, which the program `play` answers. It is started at the first request.
//!
//! Only pages of this server may ask, and only on this machine: the host and the origin are checked. The program
//! takes nothing but declared inputs within their bounds.

use std::collections::BTreeSet;
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Bytes};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use hyper::{Method, Request, Response, StatusCode};
use manuscript::layout::Tree;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{Mutex, Semaphore, watch};

/// The path of the player.
pub const PATH: &str = "/play";

/// The number of bytes that a request has at most.
const MAX_REQUEST: usize = 4096;

/// The number of requests that wait at most, with the one that is played.
pub const MAX_WAITING: usize = 8;

/// The time that a run may take. The first one of a contract builds it.
const MAX_TIME: Duration = Duration::from_secs(300);

/// The time for which `GET` waits for the set-up, before the page asks again.
const WAITS_FOR: Duration = Duration::from_secs(25);

/// A player of runs.
pub struct Player {
    program: PathBuf,
    root: PathBuf,
    /// The values of `Host` with which the pages of this server ask.
    hosts: BTreeSet<String>,
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
    pub fn new(tree: &Tree, address: SocketAddr) -> Self {
        Self {
            program: tree.target().join("debug/play"),
            root: tree.root().to_owned(),
            hosts: hosts(address),
            is_ready: watch::Sender::new(false),
            waiting: Semaphore::new(MAX_WAITING),
            process: Mutex::new(None),
        }
    }

    /// Says that the program is built.
    pub fn ready(&self) {
        self.is_ready.send_replace(true);
    }

    /// Responds to a request for [`PATH`].
    pub async fn respond<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body<Data = Bytes, Error: Error + Send + Sync + 'static>,
    {
        if !self.is_from_here(request.headers()) {
            return refusal(StatusCode::FORBIDDEN, "only a page of this server may play");
        }
        match *request.method() {
            Method::GET => self.wait().await,
            Method::POST => self.play(request).await,
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
        let mut is_ready = self.is_ready.subscribe();
        let ready = is_ready.wait_for(|is_ready| *is_ready);
        let is_ready = tokio::time::timeout(WAITS_FOR, ready).await.is_ok();
        response(StatusCode::OK, json!({ "ready": is_ready }).to_string())
    }

    async fn play<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
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
        match self.ask(&line).await {
            Ok(reply) if reply.starts_with("{\"error\"") => {
                response(StatusCode::UNPROCESSABLE_ENTITY, reply)
            }
            Ok(reply) => response(StatusCode::OK, reply),
            Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}")),
        }
    }

    /// Asks the program, and starts it if it does not run. A program that fails or takes too long is ended.
    async fn ask(&self, line: &str) -> Result<String> {
        let mut slot = self.process.lock().await;
        let mut process = match slot.take() {
            Some(process) => process,
            None => Process::start(&self.program, &self.root)?,
        };
        let reply = tokio::time::timeout(MAX_TIME, process.ask(line)).await;
        let reply = reply.map_err(|_| anyhow!("the run takes too long"))??;
        *slot = Some(process);
        Ok(reply)
    }
}

impl Process {
    fn start(program: &Path, root: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .arg("serve")
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
