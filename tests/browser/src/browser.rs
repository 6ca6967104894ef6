//! A window of headless Chromium, in which nothing but this machine can be reached.

use crate::driver::{self, Driver};
use crate::seen::Said;
use anyhow::{Context, Result, bail};
use fantoccini::wd::{Capabilities, TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use url::{ParseError, Url};

/// How the browser is started.
///
/// As root it has no sandbox of its own. It talks to ChromeDriver through a pipe: when ChromeDriver ends,
/// however that is, the pipe does, and the browser with it. ChromeDriver gives it a new profile.
const FLAGS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// How long a page, a script or a reader may wait, before something is wrong.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running browser with one window.
pub struct Browser {
    client: Client,
    _driver: Driver,
}

impl Browser {
    /// Starts one.
    ///
    /// # Errors
    /// There is no browser, or it does not start.
    pub async fn start() -> Result<Self> {
        let capabilities = capabilities(&driver::chrome()?)?;
        let driver = Driver::start()?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url())
            .await
            .context("the browser does not start")?;
        let patience = TimeoutConfiguration::new(Some(PATIENCE), Some(PATIENCE), None);
        client.update_timeouts(patience).await?;
        Ok(Self {
            client,
            _driver: driver,
        })
    }

    /// The window, as WebDriver knows it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Gives the window a size. A real window cannot be as narrow as a telephone.
    ///
    /// # Errors
    /// The browser cannot.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": size });
        self.ask(Extension("goog/cdp/execute", command)).await?;
        Ok(())
    }

    /// Opens a page, and waits until it has loaded all that it asks for, fonts included.
    ///
    /// # Errors
    /// It does not load.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.client
            .goto(url)
            .await
            .with_context(|| format!("cannot open {url}"))?;
        let fonts = "document.fonts.ready.then(() => arguments[0]())";
        self.client.execute_async(fonts, Vec::new()).await?;
        Ok(())
    }

    /// Runs a script that calls its last argument with what it saw, or with why it saw nothing.
    ///
    /// # Errors
    /// It saw nothing, or something unexpected.
    pub async fn look<T: DeserializeOwned>(&self, script: &str, about: Value) -> Result<T> {
        let answer = self.client.execute_async(script, vec![about]).await?;
        let answer: Answer = serde_json::from_value(answer)?;
        match answer {
            Answer::Seen(seen) => Ok(serde_json::from_value(seen)?),
            Answer::Failed(why) => bail!("a script failed: {why}"),
        }
    }

    /// What pages have said on the console since this was last asked, and what the browser said about them.
    ///
    /// # Errors
    /// The browser does not tell.
    pub async fn take_said(&self) -> Result<Vec<Said>> {
        let said = self
            .ask(Extension("se/log", json!({ "type": "browser" })))
            .await?;
        Ok(serde_json::from_value(said)?)
    }

    /// Ends the browser, and waits until it has ended.
    ///
    /// # Errors
    /// It ended before.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }

    async fn ask(&self, command: Extension) -> Result<Value> {
        let name = command.0;
        let answer = self.client.issue_cmd(command).await;
        answer.with_context(|| format!("the browser does not know {name}"))
    }
}

/// What a script calls back with.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Seen(Value),
    Failed(String),
}

fn capabilities(chrome: &Path) -> Result<Capabilities> {
    let capabilities = json!({
        "goog:chromeOptions": { "binary": chrome, "args": FLAGS },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    Ok(serde_json::from_value(capabilities)?)
}

/// A command of ChromeDriver's own: what it is called in a session, and what it gets.
#[derive(Debug)]
struct Extension(&'static str, Value);

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.0
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}
