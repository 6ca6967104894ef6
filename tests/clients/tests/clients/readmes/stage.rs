//! A sandbox with the accounts that a README names, and with the contracts that are there before its first command.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::{Context, Result, ensure};
use manuscript::layout::Tree;
use manuscript::wasm::build_wasm;
use near_workspaces::network::Sandbox;
use near_workspaces::operations::Function;
use near_workspaces::types::NearToken;
use near_workspaces::{Account, AccountDetailsPatch, AccountId, Worker};
use serde_json::Value;

use super::command::{Arguments, Attached, Call, Command};
use super::script::Script;

/// The root of the tree.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The stage of a starter.
pub struct Stage {
    readme: String,
    wasm: Vec<u8>,
    worker: Worker<Sandbox>,
    /// The variables of `.env.example`, and the accounts that they name.
    accounts: BTreeMap<String, Account>,
}

impl Stage {
    /// Builds a starter's contract, and creates an account for each variable of its `.env.example`.
    pub async fn of(starter: &str) -> Result<Self> {
        let folder = Tree::at(ROOT).root().join(starter);
        let built = tokio::task::spawn_blocking({
            let folder = folder.clone();
            move || build_wasm(&folder)
        });
        let [wasm] = &built.await??.contracts[..] else {
            anyhow::bail!("{starter} is not one contract");
        };
        let worker = near_workspaces::sandbox().await?;
        let mut accounts = BTreeMap::new();
        let environment = std::fs::read_to_string(folder.join(".env.example"))?;
        let mut by_example = BTreeMap::new();
        for (name, example) in environment.lines().filter_map(exported) {
            // Two variables with the same example are the same account.
            let account = match by_example.entry(example) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(worker.dev_create_account().await?),
            };
            accounts.insert(name.to_owned(), account.clone());
        }
        Ok(Self {
            readme: std::fs::read_to_string(folder.join("README.md"))?,
            wasm: wasm.code.clone(),
            worker,
            accounts,
        })
    }

    /// Types the commands of a section.
    pub async fn type_section(&self, heading: &str) -> Result<()> {
        let accounts = self.accounts.iter();
        let variables: Vec<_> = accounts
            .map(|(name, account)| (name.clone(), account.id().to_string()))
            .collect();
        let on_command = async |words: Vec<String>| self.execute(Command::read(&words)?).await;
        Script::of_section(&self.readme, heading)?
            .run(&variables, on_command)
            .await
    }

    /// Deploys a contract to the account of a variable.
    pub async fn deploy(&self, variable: &str, wasm: &[u8]) -> Result<()> {
        self.account(variable)?.deploy(wasm).await?.into_result()?;
        Ok(())
    }

    /// Puts a contract where the defaults of the chapters look for it: on an account of testnet.
    pub async fn put_on_testnet(&self, name: &str, wasm: &[u8]) -> Result<()> {
        let account = format!("{name}.near-examples.testnet").parse()?;
        let details = AccountDetailsPatch::default().balance(NearToken::from_near(10));
        let patch = self.worker.patch(&account).account(details).code(wasm);
        Ok(patch.transact().await?)
    }

    /// Calls a method of the account of a variable, as another.
    pub async fn call(
        &self,
        signer: &str,
        variable: &str,
        method: &str,
        args: Value,
        deposit: NearToken,
    ) -> Result<()> {
        let call = self
            .account(signer)?
            .call(self.account(variable)?.id(), method);
        let call = call.args_json(args).deposit(deposit).max_gas();
        call.transact().await?.into_result()?;
        Ok(())
    }

    /// Returns what a view of the account of a variable returns.
    pub async fn view(&self, variable: &str, method: &str, args: Value) -> Result<Value> {
        let view = self.worker.view(self.account(variable)?.id(), method);
        Ok(view.args_json(args).await?.json()?)
    }

    /// Returns the id of the account of a variable.
    pub fn id(&self, variable: &str) -> Result<&AccountId> {
        Ok(self.account(variable)?.id())
    }

    fn account(&self, variable: &str) -> Result<&Account> {
        let account = self.accounts.get(variable);
        account.with_context(|| format!("`.env.example` has no {variable}"))
    }

    /// Executes a command. Every receipt of a transaction must succeed. Returns what a view returns.
    async fn execute(&self, command: Command) -> Result<Value> {
        let sent = match command {
            Command::View { contract, call } => {
                let arguments = self.bytes(&call.arguments)?;
                let view = self.worker.view(&contract.parse()?, &call.method);
                return Ok(view.args(arguments).await?.json()?);
            }
            Command::Transaction {
                contract,
                call,
                attached,
                signer,
            } => {
                let contract = contract.parse()?;
                let transaction = self.of_id(&signer)?.batch(&contract);
                transaction
                    .call(self.function(&call, &attached)?)
                    .transact()
                    .await?
            }
            Command::Deployment {
                account,
                init,
                attached,
            } => {
                let account = self.of_id(&account)?;
                let transaction = account.batch(account.id()).deploy(&self.wasm);
                transaction
                    .call(self.function(&init, &attached)?)
                    .transact()
                    .await?
            }
        };
        ensure!(sent.failures().is_empty(), "{:#?}", sent.failures());
        sent.into_result()?;
        Ok(Value::Null)
    }

    fn of_id(&self, id: &str) -> Result<&Account> {
        let account = self.accounts.values().find(|account| account.id() == id);
        account.with_context(|| format!("nobody has the key of {id}"))
    }

    fn function(&self, call: &Call, attached: &Attached) -> Result<Function> {
        let function = Function::new(&call.method).args(self.bytes(&call.arguments)?);
        Ok(function.gas(attached.gas).deposit(attached.deposit))
    }

    /// Returns the arguments as bytes. The only file that a command sends is the contract.
    fn bytes(&self, arguments: &Arguments) -> Result<Vec<u8>> {
        match arguments {
            Arguments::Json(json) => Ok(serde_json::to_vec(json)?),
            Arguments::File(path) => {
                ensure!(path.ends_with(".wasm"), "{path} is no contract");
                Ok(self.wasm.clone())
            }
        }
    }
}

/// Returns the name of a variable that a line sets, and its example.
fn exported(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("export ")?.split_once('=')
}
