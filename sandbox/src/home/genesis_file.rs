//! `genesis.json`: the configuration of the chain, and under `records` the state it starts with.

use near_chain_configs::GenesisConfig;
use near_crypto::{KeyType, PublicKey};
use near_primitives::account::{AccessKey, Account, AccountContract};
use near_primitives::num_rational::Rational32;
use near_primitives::state_record::StateRecord;
use near_primitives::types::{AccountId, AccountInfo, Balance, Gas};
use near_primitives::version::PROTOCOL_VERSION;
use serde_json::{Value, json};

use super::InitOptions;
use chain::Genesis;

/// What an account with one full-access key takes.
const ACCOUNT_STORAGE: u64 = 182;

/// The genesis of `neard init --fast`: the validator's account with 10^9 NEAR and a stake of 5·10^7,
/// and `near` with 10^9 where that is another account.
pub fn default_genesis(options: &InitOptions, validator_key: &PublicKey) -> Value {
    let treasury: AccountId = "near".parse().expect("a valid account id");
    let treasury_key = PublicKey::from_seed(KeyType::ED25519, "near");
    let balance = Balance::from_near(1_000_000_000);
    let stake = Balance::from_near(50_000_000);

    let mut records = account(&options.account_id, validator_key, balance, stake);
    if options.account_id != treasury {
        records.extend(account(&treasury, &treasury_key, balance, Balance::ZERO));
    }
    let config = GenesisConfig {
        protocol_version: PROTOCOL_VERSION,
        chain_id: options.chain_id.clone(),
        genesis_height: 0,
        num_block_producer_seats: 50,
        epoch_length: 60,
        gas_limit: Gas::from_gas(1_000_000_000_000_000),
        min_gas_price: Balance::from_yoctonear(100_000_000),
        block_producer_kickout_threshold: 90,
        chunk_producer_kickout_threshold: 90,
        gas_price_adjustment_rate: Rational32::new(1, 100),
        validators: vec![AccountInfo {
            account_id: options.account_id.clone(),
            public_key: validator_key.clone(),
            amount: stake,
        }],
        transaction_validity_period: 100,
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

/// Reads a genesis; what is wrong with it is told in words.
pub fn parse(text: &str) -> Result<Genesis, String> {
    let mut genesis: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let fields = genesis.as_object_mut().ok_or("it is no JSON object")?;
    let records = match fields.remove("records") {
        Some(Value::Array(records)) => records,
        Some(_) => return Err("`records` is no array".to_owned()),
        None => return Err("it has no `records`".to_owned()),
    };
    let records = records
        .into_iter()
        .enumerate()
        .map(|(index, record)| {
            serde_json::from_value(record).map_err(|error| format!("record {index}: {error}"))
        })
        .collect::<Result<_, _>>()?;
    let config = serde_json::from_value(genesis).map_err(|error| error.to_string())?;
    let genesis = Genesis { config, records };
    genesis.check_sums().map_err(|error| error.to_string())?;
    Ok(genesis)
}

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
