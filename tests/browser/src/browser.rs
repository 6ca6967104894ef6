//! A window of headless Chromium without a network.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::wd::{Capabilities, TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::driver::{self, Driver};
use crate::measurements::ConsoleMessage;

/// The arguments of the browser.
///
/// Chromium has no sandbox of its own when root runs it. It talks to ChromeDriver through a pipe. When
/// ChromeDriver ends for any reason, the pipe closes and the browser ends too. ChromeDriver gives it a new
/// profile. Nothing moves, so that a page looks the same at any time.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--force-prefers-reduced-motion",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// The timeout for a page or a script.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// A running browser with one window.
pub struct Browser {
    client: Client,
    _driver: Driver,
}

impl Browser {
    /// Starts a browser.
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
        let timeouts = TimeoutConfiguration::new(Some(TIMEOUT), Some(TIMEOUT), None);
        client.update_timeouts(timeouts).await?;
        Ok(Self {
            client,
            _driver: driver,
        })
    }

    /// Returns the WebDriver client of the window.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sets the size of the window. A real window cannot be as narrow as a telephone, so the size is emulated.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": size });
        self.send_command(Extension("goog/cdp/execute", command))
            .await?;
        Ok(())
    }

    /// Opens a page, and waits until everything in it has loaded, with the fonts.
    ///
    /// # Errors
    /// The page does not load.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.client
            .goto(url)
            .await
            .with_context(|| format!("cannot open {url}"))?;
        let fonts = "document.fonts.ready.then(() => arguments[0]())";
        self.client.execute_async(fonts, Vec::new()).await?;
        Ok(())
    }

    /// Runs a script that calls its last argument with a measurement, or with the reason why it has none.
    ///
    /// # Errors
    /// The script has no measurement, or one of another type.
    pub async fn measure<T: DeserializeOwned>(&self, script: &str, about: Value) -> Result<T> {
        let response = self.client.execute_async(script, vec![about]).await?;
        let response: ScriptResult = serde_json::from_value(response)?;
        match response {
            ScriptResult::Measured(value) => Ok(serde_json::from_value(value)?),
            ScriptResult::Failed(why) => bail!("a script failed: {why}"),
        }
    }

    /// Returns the messages of pages and of the browser on the console since the last call.
    ///
    /// # Errors
    /// The browser does not return its log.
    pub async fn take_messages(&self) -> Result<Vec<ConsoleMessage>> {
        let messages = self
            .send_command(Extension("se/log", json!({ "type": "browser" })))
            .await?;
        Ok(serde_json::from_value(messages)?)
    }

    /// Closes the browser, and waits until its process has ended.
    ///
    /// # Errors
    /// It had ended before.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }

    async fn send_command(&self, command: Extension) -> Result<Value> {
        let name = command.0;
        let response = self.client.issue_cmd(command).await;
        response.with_context(|| format!("the browser does not support {name}"))
    }
}

/// The result of a script.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum ScriptResult {
    Measured(Value),
    Failed(String),
}

fn capabilities(chrome: &Path) -> Result<Capabilities> {
    let capabilities = json!({
        "goog:chromeOptions": { "binary": chrome, "args": FLAGS },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    Ok(serde_json::from_value(capabilities)?)
}

/// A command that only ChromeDriver has: its path in a session, and its argument.
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
