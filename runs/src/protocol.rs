//! The parameters of the protocol that have changed since older texts about it.

use near_parameters::{ActionCosts, ExtCosts, RuntimeConfig, RuntimeConfigStore};
use near_primitives::types::{Balance, ProtocolVersion};

use crate::claim::claim;
use crate::figure::Figure;
use crate::text::{self, tgas};

/// The version with which the table begins: that of most tutorials.
const FIRST: ProtocolVersion = 60;

/// The version of the chain of the runs.
const LAST: ProtocolVersion = 88;

/// A parameter: its name, and its value in a configuration.
type Parameter = (&'static str, fn(&RuntimeConfig) -> String);

const PARAMETERS: [Parameter; 8] = [
    ("the most gas of a transaction", |config| {
        tgas(config.wasm_config.limit_config.max_total_prepaid_gas)
    }),
    (
        "the share of a contract in the gas that its method burns",
        |config| {
            percent(
                *config.fees.burnt_gas_reward.numer(),
                *config.fees.burnt_gas_reward.denom(),
            )
        },
    ),
    (
        "how much dearer gas is bought than burnt, per block of delay",
        |config| {
            let ratio = config.fees.pessimistic_gas_price_inflation_ratio;
            percent(ratio.numer() - ratio.denom(), *ratio.denom())
        },
    ),
    (
        "the least price at which gas is bought, for each Tgas",
        |config| amount(config.min_gas_purchase_price.saturating_mul(10u128.pow(12))),
    ),
    ("the charge for a new account", |config| {
        amount(config.account_creation_charge)
    }),
    (
        "the gas to send and to execute a call, without its method",
        |config| {
            let fee = &config.fees.action_fees[ActionCosts::function_call_base];
            tgas(fee.send_fee(false).gas.saturating_add(fee.exec_fee().gas))
        },
    ),
    (
        "the gas for a node of the state that was not read before",
        |config| {
            tgas(
                config
                    .wasm_config
                    .ext_costs
                    .gas_cost(ExtCosts::touching_trie_node),
            )
        },
    ),
    (
        "the state that a receipt may read, in bytes",
        |config| match config
            .wasm_config
            .limit_config
            .per_receipt_storage_proof_size_limit
        {
            limit if limit >= u32::MAX as usize => "no limit".to_owned(),
            limit => text::count(limit),
        },
    ),
];

fn percent(numerator: i32, denominator: i32) -> String {
    format!("{} %", numerator * 100 / denominator)
}

fn amount(amount: Balance) -> String {
    match amount.is_zero() {
        true => "none".to_owned(),
        false => text::near(amount),
    }
}

/// Shows the parameters that have changed, with the first version of each value.
pub fn changes() -> Figure {
    let store = RuntimeConfigStore::new(None);
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (name, value) in PARAMETERS {
        let mut values: Vec<(ProtocolVersion, String)> = Vec::new();
        for version in FIRST..=LAST {
            let value = value(store.get_config(version));
            if values.last().is_none_or(|(_, last)| *last != value) {
                values.push((version, value));
            }
        }
        claims.push(claim(name, values.len() > 1));
        let values: Vec<_> = values
            .iter()
            .map(|(version, value)| match *version {
                FIRST => value.clone(),
                version => format!("since protocol {version}: {value}"),
            })
            .collect();
        let values: Vec<_> = values.iter().map(String::as_str).collect();
        lines.push_str(&text::case(name, &values));
    }
    Figure::table(lines, claims)
}
