//! A command of near-cli-rs or cargo-near, read word by word as they read it.
//!
//! Rules: near-cli-rs 0.30.1 and cargo-near 0.22.0, whose own parsers have read the commands of the book.

use anyhow::{Context, Result, bail, ensure};
use near_workspaces::types::{Gas, NearToken};

/// What a command asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// `near contract call-function as-read-only`
    View { contract: String, call: Call },
    /// `near contract call-function as-transaction`
    Transaction {
        contract: String,
        call: Call,
        attached: Attached,
        signer: String,
    },
    /// `cargo near deploy build-non-reproducible-wasm`
    Deployment {
        account: String,
        init: Call,
        attached: Attached,
    },
}

/// A method with its arguments.
#[derive(Debug, PartialEq, Eq)]
pub struct Call {
    pub method: String,
    pub arguments: Arguments,
}

/// The arguments, or where they are.
#[derive(Debug, PartialEq, Eq)]
pub enum Arguments {
    Json(serde_json::Value),
    File(String),
}

/// The gas and the deposit of a call.
#[derive(Debug, PartialEq, Eq)]
pub struct Attached {
    pub gas: Gas,
    pub deposit: NearToken,
}

/// The words that are not read yet.
struct Words<'a>(std::slice::Iter<'a, String>);

impl Command {
    /// Reads a command to its last word.
    pub fn read(words: &[String]) -> Result<Self> {
        let mut left = Words(words.iter());
        let command = left.command().with_context(|| words.join(" "))?;
        ensure!(left.0.len() == 0, "{}: too long", words.join(" "));
        Ok(command)
    }
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Result<&'a str> {
        self.0
            .next()
            .map(String::as_str)
            .context("a word is missing")
    }

    /// Returns the word after these.
    fn after(&mut self, expected: &[&str]) -> Result<&'a str> {
        for expected in expected {
            self.expect(expected)?;
        }
        self.next()
    }

    fn expect(&mut self, expected: &str) -> Result<()> {
        let word = self.next()?;
        ensure!(
            word == expected,
            "`{word}` stands where `{expected}` belongs"
        );
        Ok(())
    }

    fn command(&mut self) -> Result<Command> {
        if self.next()? == "cargo" {
            return self.deployment();
        }
        match self.after(&["contract", "call-function"])? {
            "as-read-only" => self.view(),
            "as-transaction" => self.transaction(),
            other => bail!("a function is not called `{other}`"),
        }
    }

    fn deployment(&mut self) -> Result<Command> {
        let account = self.after(&["near", "deploy", "build-non-reproducible-wasm"])?;
        self.expect("with-init-call")?;
        let (init, attached) = (self.call()?, self.attached()?);
        self.network()?;
        self.signature()?;
        Ok(Command::Deployment {
            account: account.to_owned(),
            init,
            attached,
        })
    }

    fn view(&mut self) -> Result<Command> {
        let contract = self.next()?.to_owned();
        let call = self.call()?;
        self.network()?;
        self.expect("now")?;
        Ok(Command::View { contract, call })
    }

    fn transaction(&mut self) -> Result<Command> {
        let contract = self.next()?.to_owned();
        let (call, attached) = (self.call()?, self.attached()?);
        let signer = self.after(&["sign-as"])?.to_owned();
        self.network()?;
        self.signature()?;
        Ok(Command::Transaction {
            contract,
            call,
            attached,
            signer,
        })
    }

    fn call(&mut self) -> Result<Call> {
        let method = self.next()?.to_owned();
        let arguments = match (self.next()?, self.next()?) {
            ("json-args", json) => Arguments::Json(serde_json::from_str(json).context("no JSON")?),
            ("file-args", path) => Arguments::File(path.to_owned()),
            (kind, _) => bail!("`{kind}` is no kind of arguments that a README uses"),
        };
        Ok(Call { method, arguments })
    }

    fn attached(&mut self) -> Result<Attached> {
        let gas = self.after(&["prepaid-gas"])?;
        let gas = gas
            .parse()
            .map_err(|_| anyhow::anyhow!("`{gas}` is no gas"))?;
        let deposit = self.after(&["attached-deposit"])?;
        let deposit = deposit
            .parse()
            .map_err(|_| anyhow::anyhow!("`{deposit}` is no deposit"))?;
        Ok(Attached { gas, deposit })
    }

    fn network(&mut self) -> Result<()> {
        let network = self.after(&["network-config"])?;
        ensure!(
            ["testnet", "mainnet"].contains(&network),
            "`{network}` is no network"
        );
        Ok(())
    }

    fn signature(&mut self) -> Result<()> {
        self.expect("sign-with-keychain")?;
        self.expect("send")
    }
}

#[test]
fn a_command_with_a_word_too_many_is_refused() {
    let words = "near contract call-function as-read-only app.near get json-args {} network-config testnet now now";
    let words: Vec<_> = words.split(' ').map(str::to_owned).collect();

    let error = Command::read(&words).expect_err("it has one word too many");

    assert!(error.to_string().ends_with("now now: too long"), "{error}");
}

#[test]
fn a_command_without_a_network_is_refused() {
    let words = "near contract call-function as-read-only app.near get json-args {} now";
    let words: Vec<_> = words.split(' ').map(str::to_owned).collect();

    let error = Command::read(&words).expect_err("it names no network");

    assert!(
        format!("{error:#}").contains("`now` stands where `network-config` belongs"),
        "{error:#}"
    );
}
