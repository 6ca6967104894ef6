//! Numbers and contexts for the unit tests.

use near_sdk::json_types::U128;
use near_sdk::test_utils::VMContextBuilder;
use near_sdk::{
    AccountId, NearToken, PromiseOrValue, PromiseResult, RuntimeFeesConfig, VMContext,
    test_vm_config, testing_env,
};

use crate::Contract;
use crate::liquidity::ACCOUNT_PRICE;

/// The numbers at which arithmetic errs: the ends of a `u128`, of half of one, and what is beside
/// them.
pub const EDGES: [u128; 11] = [
    0,
    1,
    2,
    9_999,
    10_000,
    u64::MAX as u128,
    u64::MAX as u128 + 1,
    u128::MAX / 10_000,
    u128::MAX >> 1,
    u128::MAX - 1,
    u128::MAX,
];

/// The order that adds tokens at any price.
pub const ADD: &str = r#"{"add":{"min_shares":"0","min_in":["0","0"]}}"#;

/// A sequence of numbers of every length, the same in each run (xorshift64).
pub struct Numbers(u64);

impl Default for Numbers {
    fn default() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }
}

impl Numbers {
    pub fn next(&mut self) -> u128 {
        let [high, low, length] = [(); 3].map(|()| u128::from(self.word()));
        (high << 64 | low) >> (length % 128)
    }

    /// Returns a number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.word() as usize % end
    }

    fn word(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

pub fn id(name: &str) -> AccountId {
    name.parse().unwrap()
}

/// Sets the context of a call to our contract.
pub fn called_by(name: &str) {
    testing_env!(context(name));
}

/// Sets the context of a call to our contract with one yoctoNEAR.
pub fn signed_by(name: &str) {
    let mut context = context(name);
    context.attached_deposit = NearToken::from_yoctonear(1);
    testing_env!(context);
}

/// Sets the context of a callback that sees this promise result.
pub fn after(result: PromiseResult) {
    testing_env!(
        context("app.near"),
        test_vm_config(),
        RuntimeFeesConfig::test(),
        Default::default(),
        vec![result]
    );
}

pub fn success() -> PromiseResult {
    PromiseResult::Successful(Vec::new())
}

fn context(predecessor: &str) -> VMContext {
    VMContextBuilder::new()
        .current_account_id(id("app.near"))
        .predecessor_account_id(id(predecessor))
        .block_height(1_000)
        .block_timestamp(1_000)
        .build()
}

/// Calls `ft_on_transfer` as a token. Panics if it returns a promise.
pub fn unused(contract: &mut Contract, token: &str, sender: &str, amount: u128, msg: &str) -> u128 {
    called_by(token);
    match contract.ft_on_transfer(id(sender), U128(amount), msg.to_owned()) {
        PromiseOrValue::Value(unused) => unused.0,
        PromiseOrValue::Promise(_) => panic!("it returns a promise"),
    }
}

/// Opens an account.
pub fn register(contract: &mut Contract, owner: &str) {
    let mut context = context(owner);
    context.attached_deposit = ACCOUNT_PRICE;
    testing_env!(context);
    contract.register();
}

/// Returns a contract that owes and holds nothing.
pub fn empty() -> Contract {
    called_by("app.near");
    Contract::new([id("gold.near"), id("silver.near")])
}

/// Returns a contract with 10,000 gold and 10,000 silver, all of carol.
pub fn pool() -> Contract {
    let mut contract = empty();
    register(&mut contract, "carol.near");
    for token in ["gold.near", "silver.near"] {
        assert_eq!(unused(&mut contract, token, "carol.near", 10_000, ADD), 0);
    }
    contract
}
