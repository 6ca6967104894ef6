// ANCHOR: all
//! Money on a chain: the balances of all accounts before and after each call, to the last
//! yoctoNEAR.

mod callbacks;
mod guestbooks;
mod lock;
mod oracle;
mod orders;
mod owed;
mod reentrancy;
mod rogue;
mod tokens;
mod vault;

use near_workspaces::operations::{CallTransaction, Function};
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{Gas, KeyType, NearToken, SecretKey};
use near_workspaces::{Account, AccountId, Contract};
use serde_json::{Value, json};

use crate::common::{World, assert_fails_with, deploy, gas_cost, partner_wasm};

/// The price of a premium message: 0.1 NEAR.
const PRICE: NearToken = NearToken::from_millinear(100);
/// The deposit of a call by the operator.
const ONE_YOCTO: NearToken = NearToken::from_yoctonear(1);
/// A hundredth of a NEAR, and the same as a change of a balance in yoctoNEAR.
const CENT: NearToken = NearToken::from_millinear(10);
const CENT_YOCTO: i128 = 10i128.pow(22);

/// A chain with a contract that misbehaves, and with a second user.
struct Fixture {
    world: World,
    /// The contract `rogue.test.near`. It has a key too, so it can be a user.
    rogue: Contract,
    /// The second user: `bob.test.near`.
    bob: Account,
}

impl Fixture {
    async fn new() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let rogue = deploy(&world.worker, "rogue", &partner_wasm("rogue")?).await?;
        let bob = world
            .worker
            .create_root_account_subaccount("bob".parse()?, key_of_bob())
            .await?
            .into_result()?;
        Ok(Self { world, rogue, bob })
    }

    /// Changes the behaviour of the rogue.
    async fn behave(&self, behaviour: Value) -> anyhow::Result<()> {
        self.rogue
            .call("behave")
            .args_json(json!({ "behaviour": behaviour }))
            .transact()
            .await?
            .into_result()?;
        Ok(())
    }

    /// Calls our contract from its own account, with the yoctoNEAR that only a full-access key can
    /// attach.
    async fn operator_calls(
        &self,
        method: &str,
        args: Value,
    ) -> anyhow::Result<ExecutionFinalResult> {
        let app = self.world.app.as_account();
        call(app, &self.world, method, args)
            .deposit(ONE_YOCTO)
            .transact()
            .await
            .map_err(Into::into)
    }

    async fn view(&self, method: &str, args: Value) -> anyhow::Result<Value> {
        Ok(self.world.app.view(method).args_json(args).await?.json()?)
    }

    /// Returns the amount that our contract owes to an account.
    async fn owed(&self, owner: &AccountId) -> anyhow::Result<NearToken> {
        let owed = self
            .view("get_owed", json!({ "account_id": owner }))
            .await?;
        Ok(serde_json::from_value(owed)?)
    }
}

/// Returns a call to our contract with the maximum gas.
fn call(by: &Account, world: &World, method: &str, args: Value) -> CallTransaction {
    by.call(world.app.id(), method).args_json(args).max_gas()
}

/// Returns a call as part of a batch.
fn action(method: &str, args: Value) -> Function {
    Function::new(method)
        .args_json(args)
        .gas(Gas::from_tgas(200))
}

/// Returns bob's key, which is the same when his account is created again.
fn key_of_bob() -> SecretKey {
    SecretKey::from_seed(KeyType::ED25519, "bob")
}

// ANCHOR: money
/// The balances of all accounts.
struct Money(Vec<(AccountId, NearToken)>);

impl Fixture {
    async fn money(&self) -> anyhow::Result<Money> {
        let world = &self.world;
        let everybody = [
            world.alice.id(),
            self.bob.id(),
            world.app.id(),
            world.guestbook.id(),
            self.rogue.id(),
        ];
        // One block later the last gas refunds have arrived.
        world.worker.fast_forward(1).await?;
        let mut money = Vec::new();
        for account in everybody {
            let balance = world.worker.view_account(account).await?.balance;
            money.push((account.clone(), balance));
        }
        Ok(Money(money))
    }

    /// Returns the changes of all balances since then, in yoctoNEAR, without the gas of these
    /// transactions.
    ///
    /// Checks that no money was lost: the sum of the changes is zero.
    async fn changes(
        &self,
        before: &Money,
        outcomes: &[&ExecutionFinalResult],
    ) -> anyhow::Result<Vec<(String, i128)>> {
        let mut changes = Vec::new();
        for ((account, before), (_, after)) in before.0.iter().zip(self.money().await?.0) {
            let signed = outcomes
                .iter()
                .filter(|outcome| outcome.outcome().executor_id == *account);
            let gas: i128 = signed.map(|outcome| yocto(gas_cost(outcome))).sum();
            let change = yocto(after) + gas - yocto(*before);
            if change != 0 {
                let name = account.as_str().trim_end_matches(".test.near");
                changes.push((name.to_string(), change));
            }
        }
        let sum: i128 = changes.iter().map(|(_, change)| change).sum();
        assert_eq!(sum, 0, "money has appeared or vanished: {changes:?}");
        Ok(changes)
    }
}

fn yocto(amount: NearToken) -> i128 {
    i128::try_from(amount.as_yoctonear()).expect("nobody has that much")
}

/// Returns a change in hundredths of a NEAR.
fn cents(name: &str, cents: i128) -> (String, i128) {
    (name.to_string(), cents * CENT_YOCTO)
}
// ANCHOR_END: money

#[tokio::test]
async fn nobody_else_can_call_the_callbacks() -> anyhow::Result<()> {
    let world = World::new().await?;

    for method in [
        "pay_callback",
        "sign_guestbooks_callback",
        "vault_spend_callback",
        "vault_withdraw_callback",
        "vault_spend_locked_callback",
        "order_message_callback",
        "ask_oracle_callback",
        "ft_on_transfer_callback",
    ] {
        let outcome = world.call(method).transact().await?;
        assert_fails_with(&outcome, &format!("Method {method} is private"));
    }
    Ok(())
}

#[tokio::test]
async fn nobody_else_is_the_operator() -> anyhow::Result<()> {
    let world = World::new().await?;

    for (method, args) in operator_methods() {
        let call = world.call(method).args_json(args).deposit(ONE_YOCTO);
        assert_fails_with(&call.transact().await?, "may do this");
    }
    Ok(())
}

#[tokio::test]
async fn the_operator_needs_a_yoctonear() -> anyhow::Result<()> {
    let world = World::new().await?;

    for (method, args) in operator_methods() {
        let call = world.app.call(method).args_json(args).max_gas();
        assert_fails_with(
            &call.transact().await?,
            "Requires attached deposit of exactly 1 yoctoNEAR",
        );
    }
    Ok(())
}

fn operator_methods() -> [(&'static str, Value); 4] {
    [
        (
            "vault_resolve",
            json!({ "owner": "bob.test.near", "lock": 1, "spent": false }),
        ),
        (
            "resolve_order",
            json!({ "id": 0, "attempt": 1, "signed": false }),
        ),
        ("trust_oracle", json!({ "oracle": "bob.test.near" })),
        ("accept_token", json!({ "token": "bob.test.near" })),
    ]
}
// ANCHOR_END: all
