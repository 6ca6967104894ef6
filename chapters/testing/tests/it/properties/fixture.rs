// ANCHOR: all
//! Our contract with three rogues as partners, and the properties after each call.

use anyhow::{Context, ensure};
use near_workspaces::result::ExecutionFinalResult;
use near_workspaces::types::{Gas, NearToken};
use near_workspaces::{AccountId, Contract};
use serde_json::{Value, json};

use crate::common::{World, deploy, gas_cost, partner_wasm};

/// The price of a premium message: 0.1 NEAR.
const PREMIUM_PRICE: NearToken = NearToken::from_millinear(100);

// ANCHOR: behaviour
/// The behaviour of a partner.
#[derive(Clone, Debug)]
pub enum Behaviour {
    Well,
    Panic,
    BurnAllGas,
    ReturnGarbage,
    ReturnOtherType,
    ReturnNothing,
    /// It returns a text of this many bytes.
    ReturnBytes(u32),
    /// It calls our contract back before it returns, with 0.2 NEAR.
    CallBack((&'static str, &'static str)),
}

/// The methods and arguments of calls back: methods for everyone, methods of the owner, and private
/// ones.
pub const CALL_BACKS: &[(&str, &str)] = &[
    ("query_greeting", "{}"),
    ("sign_guestbook", r#"{"texts":["from a rogue"]}"#),
    ("count", r#"{"steps":["increment"]}"#),
    (
        "sign_guestbook_callback",
        r#"{"payer":"rogue.test.near","deposit":"9000000000000000000000000","price":"0"}"#,
    ),
    ("vault_withdraw", r#"{"amount":"1"}"#),
    ("set_partners", r#"{"hello":"rogue.test.near"}"#),
    ("accept_owner", "{}"),
    ("pause", "{}"),
    ("migrate", "{}"),
    ("new", "{}"),
];
// ANCHOR_END: behaviour

impl Behaviour {
    fn json(&self) -> Value {
        match self {
            Self::Well => json!("well"),
            Self::Panic => json!("panic"),
            Self::BurnAllGas => json!("burn_all_gas"),
            Self::ReturnGarbage => json!("return_garbage"),
            Self::ReturnOtherType => json!("return_other_type"),
            Self::ReturnNothing => json!("return_nothing"),
            Self::ReturnBytes(bytes) => json!({ "return_bytes": bytes }),
            Self::CallBack((method, args)) => json!({ "call_back": {
                "method": method,
                "args": args,
                "deposit_yocto": NearToken::from_millinear(200),
            } }),
        }
    }
}

/// The calls of alice.
#[derive(Clone, Debug)]
pub enum Call {
    QueryGreeting,
    ChangeGreeting(String),
    SetAndGetGreeting(String),
    Count(Vec<&'static str>),
    /// This many texts, with this deposit in thousandths of a NEAR.
    SignGuestbook {
        texts: usize,
        deposit: u32,
    },
    /// Calls to all three partners in parallel.
    Overview,
    Visit,
    /// A message to each of the three, for 0.3 NEAR.
    SignGuestbooks,
    /// A message to the guestbook, paid from the safe of alice.
    VaultSpend,
}

impl Call {
    /// Returns one call of each kind, with arguments that a partner accepts.
    pub fn each() -> [Self; 9] {
        [
            Self::QueryGreeting,
            Self::ChangeGreeting("Howdy".to_string()),
            Self::SetAndGetGreeting("Howdy".to_string()),
            Self::Count(vec!["increment", "decrement"]),
            Self::SignGuestbook {
                texts: 2,
                deposit: 1_000,
            },
            Self::Overview,
            Self::Visit,
            Self::SignGuestbooks,
            Self::VaultSpend,
        ]
    }

    /// Returns the method, the arguments and the deposit.
    fn parts(&self, guestbooks: &[&AccountId; 3]) -> (&'static str, Value, NearToken) {
        let nothing = NearToken::from_near(0);
        match self {
            Self::QueryGreeting => ("query_greeting", json!({}), nothing),
            Self::ChangeGreeting(text) => {
                ("change_greeting", json!({ "new_greeting": text }), nothing)
            }
            Self::SetAndGetGreeting(text) => (
                "set_and_get_greeting",
                json!({ "new_greeting": text }),
                nothing,
            ),
            Self::Count(steps) => ("count", json!({ "steps": steps }), nothing),
            Self::SignGuestbook { texts, deposit } => (
                "sign_guestbook",
                json!({ "texts": vec!["Good morning"; *texts] }),
                NearToken::from_millinear((*deposit).into()),
            ),
            Self::Overview => ("overview", json!({}), nothing),
            Self::Visit => ("visit", json!({ "text": "Good morning" }), nothing),
            Self::SignGuestbooks => (
                "sign_guestbooks",
                json!({ "guestbooks": guestbooks, "text": "Good morning" }),
                PREMIUM_PRICE.saturating_mul(3),
            ),
            Self::VaultSpend => (
                "vault_spend",
                json!({ "guestbook": guestbooks[2], "text": "Good morning" }),
                nothing,
            ),
        }
    }

    /// Returns the price of the call without gas, from its outcome: that of the messages that were
    /// accepted.
    fn price(&self, outcome: &ExecutionFinalResult) -> NearToken {
        let value = outcome.clone().json::<Value>().unwrap_or_default();
        let bought = match self {
            Self::SignGuestbook { texts, .. } if value == true => *texts,
            Self::VaultSpend if value == true => 1,
            Self::SignGuestbooks => signed(&value),
            _ => 0,
        };
        PREMIUM_PRICE.saturating_mul(bought as u128)
    }
}

/// Returns the number of guestbooks that have accepted the message.
fn signed(value: &Value) -> usize {
    let guestbooks = value.as_array().map(Vec::as_slice).unwrap_or_default();
    guestbooks
        .iter()
        .filter(|guestbook| guestbook["signed"] == true)
        .count()
}

/// A chain with our contract, alice, and a rogue as each partner.
pub struct Fixture {
    world: World,
    rogues: [Contract; 3],
}

// ANCHOR: snapshot
/// The values that no call may change, and the balances that it may change only by its price.
#[derive(Debug, PartialEq)]
struct Snapshot {
    /// The bytes of our contract's state. The record of the guard counts, so it is left out.
    state: Vec<u8>,
    /// The liabilities that our contract reports. All of them are to alice.
    liabilities: NearToken,
    /// The balance of alice's safe, and the debt to her.
    held_for_alice: NearToken,
    paused: Value,
    /// The money of alice: her balance, and what our contract holds for her.
    alice: NearToken,
    /// The balance of our account without the money of alice.
    ours: NearToken,
    rogues: NearToken,
}
// ANCHOR_END: snapshot

impl Fixture {
    pub async fn new() -> anyhow::Result<Self> {
        let world = World::without_init().await?;
        let rogue = partner_wasm("rogue")?;
        let rogues = [
            deploy(&world.worker, "rogue", &rogue).await?,
            deploy(&world.worker, "villain", &rogue).await?,
            deploy(&world.worker, "crook", &rogue).await?,
        ];
        let [hello, counter, guestbook] = rogues.each_ref().map(Contract::id);
        let new = world.app.call("new");
        new.args_json(json!({ "hello": hello, "counter": counter, "guestbook": guestbook }))
            .transact()
            .await?
            .into_result()?;
        let deposit = world.call("vault_deposit").args_json(json!({}));
        let deposit = deposit.deposit(NearToken::from_near(50));
        deposit.transact().await?.into_result()?;
        Ok(Self { world, rogues })
    }

    /// Changes the behaviours of hello, counter and guestbook.
    pub async fn partners_behave(&self, behaviours: &[Behaviour; 3]) -> anyhow::Result<()> {
        for (rogue, behaviour) in self.rogues.iter().zip(behaviours) {
            rogue
                .call("behave")
                .args_json(json!({ "behaviour": behaviour.json() }))
                .transact()
                .await?
                .into_result()?;
        }
        Ok(())
    }

    // ANCHOR: check_call
    /// Makes a call as alice, and checks the properties after it.
    pub async fn check_call(&self, call: &Call) -> anyhow::Result<()> {
        let before = self.snapshot().await?;
        let guestbooks = self.rogues.each_ref().map(Contract::id);
        let (method, args, deposit) = call.parts(&guestbooks);

        let outcome = self
            .world
            .alice
            .call(self.world.app.id(), method)
            .args_json(args)
            .deposit(deposit)
            .gas(Gas::from_tgas(100))
            .transact()
            .await?;

        let after = self.snapshot().await?;
        let gas = gas_cost(&outcome);
        let (said, held) = (after.liabilities, after.held_for_alice);
        ensure!(said == held, "it says {said} and holds {held} for others");
        let is_same = after.state == before.state || after.liabilities != before.liabilities;
        ensure!(is_same, "the state has changed");
        ensure!(after.paused == before.paused, "the contract is paused");
        let (had, have) = (before.ours, after.ours);
        ensure!(have == had, "we had {had:?} and have {have:?}");
        let paid = before.alice.saturating_sub(after.alice);
        let bill = call.price(&outcome).saturating_add(gas);
        ensure!(paid == bill, "alice has paid {paid} and not {bill}");
        let lost = before.money().saturating_sub(after.money());
        ensure!(lost == gas, "{lost} are gone, and gas was {gas}");
        Ok(())
    }
    // ANCHOR_END: check_call

    async fn snapshot(&self) -> anyhow::Result<Snapshot> {
        let world = &self.world;
        let mut storage = world.app.view_state().await?;
        let mut rogues = NearToken::from_near(0);
        for rogue in &self.rogues {
            rogues = rogues.saturating_add(self.balance(rogue.id()).await?);
        }
        let alices = self.held_for_alice().await?;
        Ok(Snapshot {
            state: storage
                .remove(b"STATE".as_slice())
                .context("there is a state")?,
            liabilities: world.app.view("get_liabilities").await?.json()?,
            held_for_alice: alices,
            paused: world.app.view("is_paused").await?.json()?,
            alice: self.balance(world.alice.id()).await?.saturating_add(alices),
            ours: self.balance(world.app.id()).await?.saturating_sub(alices),
            rogues,
        })
    }

    /// Returns the amount that our contract holds for alice.
    async fn held_for_alice(&self) -> anyhow::Result<NearToken> {
        let about_alice = json!({ "account_id": self.world.alice.id() });
        let safe = self.world.app.view("get_safe").args_json(&about_alice);
        let safe: Value = safe.await?.json()?;
        let safe: NearToken = serde_json::from_value(safe["balance"].clone())?;
        let owed = self.world.app.view("get_owed").args_json(&about_alice);
        Ok(safe.saturating_add(owed.await?.json()?))
    }

    async fn balance(&self, account: &AccountId) -> anyhow::Result<NearToken> {
        self.world.balance(account).await
    }
}

impl Snapshot {
    /// Returns the sum of all money.
    fn money(&self) -> NearToken {
        self.alice
            .saturating_add(self.ours)
            .saturating_add(self.rogues)
    }
}
// ANCHOR_END: all
