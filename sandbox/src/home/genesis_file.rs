//! `genesis.json`: the configuration of the chain, and its first state under `records`.

use std::error::Error;

use chain::Genesis;
use near_chain_configs::GenesisConfig;
use near_crypto::{KeyType, PublicKey};
use near_primitives::account::{AccessKey, Account, AccountContract};
use near_primitives::num_rational::Rational32;
use near_primitives::state_record::StateRecord;
use near_primitives::types::{AccountId, AccountInfo, Balance, Gas};
use near_primitives::version::PROTOCOL_VERSION;
use serde_json::{Value, json};

/// The storage usage of an account with one full-access key, in bytes.
const ACCOUNT_STORAGE: u64 = 182;

/// Returns the genesis of `neard init --fast`: the validator's account with 10^9 NEAR and a stake of 5·10^7
/// NEAR, and the account `near` with 10^9 NEAR if that is another one.
pub fn default_genesis(chain_id: &str, account_id: &AccountId, validator_key: &PublicKey) -> Value {
    let treasury: AccountId = "near".parse().expect("a valid account id");
    let treasury_key = PublicKey::from_seed(KeyType::ED25519, "near");
    let balance = Balance::from_near(1_000_000_000);
    let stake = Balance::from_near(50_000_000);

    let mut records = account(account_id, validator_key, balance, stake);
    if *account_id != treasury {
        records.extend(account(&treasury, &treasury_key, balance, Balance::ZERO));
    }
    let config = GenesisConfig {
        protocol_version: PROTOCOL_VERSION,
        chain_id: chain_id.to_owned(),
        genesis_height: 0,
        num_block_producer_seats: 50,
        epoch_length: 60,
        gas_limit: Gas::from_gas(1_000_000_000_000_000),
        min_gas_price: Balance::from_yoctonear(100_000_000),
        block_producer_kickout_threshold: 90,
        chunk_producer_kickout_threshold: 90,
        gas_price_adjustment_rate: Rational32::new(1, 100),
        validators: vec![AccountInfo {
            account_id: account_id.clone(),
            public_key: validator_key.clone(),
            amount: stake,
        }],
        // That of mainnet. The 100 blocks of `neard init --fast` are a fraction of a second here.
        transaction_validity_period: 86_400,
        protocol_reward_rate: Rational32::new(1, 10),
        max_inflation_rate: Rational32::new(1, 20),
        total_supply: near_chain_configs::get_initial_supply(&records),
        num_blocks_per_year: 31_536_000,
        protocol_treasury_account: treasury,
        fishermen_threshold: Balance::from_near(10),
        ..GenesisConfig::default()
    };
    let mut genesis = json!(config);
    genesis["records"] = json!(records);
    genesis
}

/// Parses a genesis and checks its sums.
pub fn parse(text: &str) -> Result<Genesis, Box<dyn Error + Send + Sync>> {
    let mut genesis: Value = serde_json::from_str(text)?;
    let fields = genesis.as_object_mut().ok_or("it is no JSON object")?;
    let records = match fields.remove("records") {
        Some(Value::Array(records)) => records,
        Some(_) => return Err("`records` is no array".into()),
        None => return Err("it has no `records`".into()),
    };
    let records = records
        .into_iter()
        .enumerate()
        .map(|(index, record)| {
            serde_json::from_value(record).map_err(|error| format!("record {index}: {error}"))
        })
        .collect::<Result<_, String>>()?;
    let config = serde_json::from_value(genesis)?;
    let genesis = Genesis { config, records };
    genesis.check_sums()?;
    Ok(genesis)
}

/// Returns the records of an account with one full-access key.
fn account(id: &AccountId, key: &PublicKey, amount: Balance, locked: Balance) -> Vec<StateRecord> {
    let account = Account::new(amount, locked, AccountContract::None, ACCOUNT_STORAGE);
    vec![
        StateRecord::Account {
            account_id: id.clone(),
            account,
        },
        StateRecord::access_key(id.clone(), key, AccessKey::full_access()),
    ]
}
