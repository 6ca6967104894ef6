//! The chain of the pool: two tokens, a pool that carol has filled, and those who trade there.

use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::claim::{Claim, claim};
use crate::test_chain::{TestChain, call, contract_wasm, paid, partner, with_gas};
use crate::text::{self, table};

/// One yoctoNEAR, which every transfer of tokens needs.
pub(super) const YOCTO: Balance = Balance::from_yoctonear(1);

/// The tokens of the pool, in the order of its sides.
pub(super) const TOKENS: [&str; 2] = ["gold.near", "silver.near"];

/// The accounts beside the pool, with their NEAR at genesis.
const ACCOUNTS: [(&str, u128); 7] = [
    ("alice.near", 100),
    ("bob.near", 100),
    ("carol.near", 100),
    ("mallory.near", 100),
    ("gold.near", 10),
    ("silver.near", 10),
    ("rogue.near", 10),
];

/// The price of an account at a token: 125 bytes.
const ROOM: Balance = Balance::from_yoctonear(125 * 10u128.pow(19));

/// The price of an account at the pool: 164 bytes.
const ACCOUNT: Balance = Balance::from_yoctonear(164 * 10u128.pow(19));

/// The order that adds tokens at any price.
pub(super) const ADD: &str = r#"{"add":{"min_shares":"0","min_in":["0","0"]}}"#;

/// The chain, with a pool of 10,000 gold and 10,000 silver. Alice has 20,000 gold and no room for silver, as
/// mallory. Bob has 20,000 of both.
#[derive(Clone)]
pub(super) struct Market {
    pub chain: TestChain,
}

impl Market {
    /// Returns the pool of the study.
    pub fn new() -> Self {
        let mut chain = with_tokens();
        chain.prepare("app.near", "app.near", "new", json!({ "tokens": TOKENS }));
        let register = paid(call("register", json!({})), ACCOUNT);
        for user in ["bob.near", "carol.near"] {
            let tx = chain.send(user, "app.near", vec![register.clone()]);
            chain.assert_succeeded(tx);
        }
        Self::filled(chain, ADD)
    }

    /// Returns the vulnerable pool.
    pub fn vulnerable() -> Self {
        let mut chain = with_tokens();
        chain.deploy("app.near", contract_wasm("vulnerable_swap"));
        chain.prepare("app.near", "app.near", "new", json!({ "tokens": TOKENS }));
        Self::filled(chain, "add")
    }

    fn filled(mut chain: TestChain, add: &str) -> Self {
        for token in TOKENS {
            let tx = chain.send("carol.near", token, transfer_call("app.near", 10_000, add));
            chain.assert_succeeded(tx);
        }
        chain.reset_balances();
        Self { chain }
    }

    /// Returns the gold and the silver of an account.
    pub fn holdings(&self, name: &str) -> [u128; 2] {
        let args = json!({ "account_id": name });
        TOKENS.map(|token| amount(&self.chain.view(token, "ft_balance_of", args.clone())))
    }

    /// Returns notes about what each trader has at the end: of silver on the payout, and of gold on the last callback.
    pub fn notes_of_swaps(&self, hashes: &[CryptoHash]) -> Vec<(String, String)> {
        let mut notes = Vec::new();
        for (letter, hash) in ('A'..).zip(hashes) {
            let transaction = self.chain.transaction(*hash);
            let trader = transaction.signer.as_str();
            let [gold, silver] = self.holdings(trader).map(count);
            for receipt in transaction.receipts() {
                let note = match receipt.receiver.as_str() {
                    "silver.near" => format!("{trader} has {silver} silver"),
                    "gold.near" if receipt.is_callback() => format!("{trader} has {gold} gold"),
                    _ => continue,
                };
                notes.push((format!("{letter}{}", receipt.number), note));
            }
        }
        notes
    }

    /// Returns the least and the most of each token that the pool believes to have.
    pub fn reserves(&self) -> [[u128; 2]; 2] {
        let reserves = self.chain.view("app.near", "get_reserves", json!({}));
        [0, 1].map(|side| match &reserves[side] {
            Value::Array(bounds) => [amount(&bounds[0]), amount(&bounds[1])],
            single => [amount(single); 2],
        })
    }

    /// Sends a swap of gold, and returns notes about the reserves after the pool's two receipts, 2 and 4. A swap that is
    /// refused changes none.
    pub fn run_with_notes(
        &mut self,
        from: &str,
        actions: Vec<Action>,
    ) -> (CryptoHash, Vec<(String, String)>) {
        let mut changes = vec![self.reserves()];
        let tx = self.chain.submit(from, "gold.near", actions);
        // The transaction, the token, the pool, the other token, and the pool again.
        for _ in 0..5 {
            self.chain.produce_block();
            let now = self.reserves();
            if changes.last() != Some(&now) {
                changes.push(now);
            }
        }
        self.chain.run_until_idle();
        let receipts = ["2", "4"].map(str::to_owned).into_iter();
        let notes = receipts.zip(changes.into_iter().skip(1).map(note));
        (tx, notes.collect())
    }
}

/// Returns a sentence about the reserves.
fn note([gold, silver]: [[u128; 2]; 2]) -> String {
    let bounds = |[least, most]: [u128; 2]| match least == most {
        true => count(least),
        false => format!("{} to {}", count(least), count(most)),
    };
    format!("{} gold, {} silver", bounds(gold), bounds(silver))
}

/// Returns the study with its tokens and those who hold some.
fn with_tokens() -> TestChain {
    let mut chain = TestChain::study("swap", &ACCOUNTS);
    for token in TOKENS {
        chain.deploy(token, partner("swap", "token"));
        let init = json!({ "owner_id": "carol.near", "total_supply": "1000000" });
        chain.prepare(token, token, "new", init);
        add_room(&mut chain, token, "app.near");
    }
    let users = [("gold.near", "alice.near"), ("gold.near", "mallory.near")];
    let bobs = TOKENS.map(|token| (token, "bob.near"));
    let given = users.into_iter().chain(bobs).map(|(token, user)| {
        let args = json!({ "receiver_id": user, "amount": "20000" });
        let transfer = paid(call("ft_transfer", args), YOCTO);
        chain.submit("carol.near", token, vec![room(user), transfer])
    });
    let given: Vec<_> = given.collect();
    chain.run_until_idle();
    for tx in given {
        chain.assert_succeeded(tx);
    }
    chain
}

/// Registers an account with a token. Carol pays.
pub(super) fn add_room(chain: &mut TestChain, token: &str, user: &str) {
    let tx = chain.send("carol.near", token, vec![room(user)]);
    chain.assert_succeeded(tx);
    chain.reset_balances();
}

/// Returns the call that registers an account with a token.
pub(super) fn room(user: &str) -> Action {
    paid(call("storage_deposit", json!({ "account_id": user })), ROOM)
}

/// Returns the call that sends tokens with a message.
pub(super) fn transfer_call(receiver: &str, amount: u128, msg: &str) -> Vec<Action> {
    let args = json!({ "receiver_id": receiver, "amount": amount.to_string(), "msg": msg });
    let transfer = paid(call("ft_transfer_call", args), YOCTO);
    vec![with_gas(transfer, 100)]
}

/// Returns the call that swaps tokens.
pub(super) fn swap(pool: &str, amount: u128, min_out: u128) -> Vec<Action> {
    let deadline = "1900000000000000000";
    let order = json!({ "swap": { "min_out": min_out.to_string(), "deadline": deadline } });
    transfer_call(pool, amount, &order.to_string())
}

/// Returns the call that removes shares at any price.
pub(super) fn remove(shares: u128) -> Vec<Action> {
    let args = json!({ "shares": shares.to_string(), "min_out": ["0", "0"] });
    vec![paid(call("remove", args), YOCTO)]
}

/// Formats a number of tokens.
pub(super) fn count(number: u128) -> String {
    text::count(usize::try_from(number).expect("the pool is small"))
}

fn amount(value: &Value) -> u128 {
    let text = value.as_str().expect("an amount is a text");
    text.parse().expect("an amount is a number")
}

/// The tokens of some accounts before a run.
pub(super) struct Holdings<const N: usize> {
    before: [(&'static str, [u128; 2]); N],
}

impl<const N: usize> Holdings<N> {
    pub fn of(market: &Market, names: &[&'static str; N]) -> Self {
        Self {
            before: names.map(|name| (name, market.holdings(name))),
        }
    }

    /// Returns a table of the tokens before and now.
    pub fn table(&self, market: &Market) -> String {
        let header = ["", "gold before", "after", "silver before", "after"];
        let mut rows = vec![header.map(str::to_owned).to_vec()];
        for (name, [gold, silver]) in self.before {
            let [gold_after, silver_after] = market.holdings(name);
            let mut row = vec![name.to_owned()];
            row.extend([gold, gold_after, silver, silver_after].map(count));
            rows.push(row);
        }
        table(&rows)
    }

    /// Claims how much gold and silver each account has gained or lost.
    pub fn moved(&self, market: &Market, sentence: &str, moves: [[i128; 2]; N]) -> Claim {
        let moved = self.before.map(|(name, before)| {
            let after = market.holdings(name);
            [0, 1].map(|side| after[side] as i128 - before[side] as i128)
        });
        claim(sentence, moved == moves)
    }
}
