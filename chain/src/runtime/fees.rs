//! The fees for sending and executing actions (`SPEC.md` §1.2), from the tables of near-parameters.

use near_crypto::PublicKey;
use near_parameters::{
    ActionCosts, ParameterCost, RuntimeConfig, gas_key_add_key_exec_fee, gas_key_add_key_send_fee,
    gas_key_transfer_exec_fee, gas_key_transfer_send_fee, transfer_exec_fee, transfer_send_fee,
    universal_state_init_content_terms, universal_state_init_size_terms,
};
use near_primitives::action::Action;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::universal_state_init::state_init_counts;

/// A sum of gas or tokens that does not fit into its type. For a transaction it becomes
/// [`near_primitives::errors::InvalidTxError::CostOverflow`].
#[derive(Debug)]
pub(crate) struct CostOverflow;

type Cost = Result<ParameterCost, CostOverflow>;

/// Returns the fee for sending `actions` to `receiver_id`, without that of their receipt. `sir` is true if
/// the sender is the receiver.
pub(super) fn send_fee(
    config: &RuntimeConfig,
    sir: bool,
    actions: &[Action],
    receiver_id: &AccountId,
) -> Cost {
    sum(actions.iter().map(|action| match action {
        Action::Transfer(_) => Ok(transfer_send_fee(
            &config.fees,
            sir,
            config.wasm_config.eth_implicit_accounts,
            config.wasm_config.universal_accounts,
            receiver_id.get_account_type(),
        )),
        Action::Delegate(signed) => {
            let inner = &signed.delegate_action;
            add(
                config.fees.fee(ActionCosts::delegate).send_fee(sir),
                send_fee(config, sir, &inner.get_actions(), &inner.receiver_id)?,
            )
        }
        Action::AddKey(add_key) if add_key.access_key.gas_key_info().is_some() => add(
            table_fee(action, |cost| config.fees.fee(cost).send_fee(sir))?,
            gas_key_add_key_send_fee(&config.fees, sir),
        ),
        _ => match gas_key(action) {
            Some(key) => {
                Ok(gas_key_transfer_send_fee(&config.fees, sir, key.trie_id_len()).total())
            }
            None => table_fee(action, |cost| config.fees.fee(cost).send_fee(sir)),
        },
    }))
}

/// Returns the fee for executing one action at `receiver_id`, without the gas of a contract.
pub(super) fn exec_fee(config: &RuntimeConfig, action: &Action, receiver_id: &AccountId) -> Cost {
    let fees = &config.fees;
    let own = || table_fee(action, |cost| fees.fee(cost).exec_fee());
    match action {
        Action::Transfer(_) => Ok(transfer_exec_fee(
            fees,
            config.wasm_config.eth_implicit_accounts,
            config.wasm_config.universal_accounts,
            receiver_id.get_account_type(),
        )),
        Action::AddKey(add_key) => match add_key.access_key.gas_key_info() {
            None => own(),
            Some(gas_key) => {
                let key = add_key.public_key.trie_id_len();
                let nonces =
                    gas_key_add_key_exec_fee(fees, receiver_id.len(), key, gas_key.num_nonces);
                add(own()?, nonces.total())
            }
        },
        _ => match gas_key(action) {
            Some(key) => {
                let key = key.trie_id_len();
                Ok(gas_key_transfer_exec_fee(fees, receiver_id.len(), key).total())
            }
            None => own(),
        },
    }
}

/// Returns the gas key that an action pays into or withdraws from.
fn gas_key(action: &Action) -> Option<&PublicKey> {
    match action {
        Action::TransferToGasKey(transfer) => Some(&transfer.public_key),
        Action::WithdrawFromGasKey(withdrawal) => Some(&withdrawal.public_key),
        _ => None,
    }
}

/// Returns the execution fees that are bought with the actions. For a delegate action, they include those
/// of its inner actions and of the receipt that will carry them.
pub(super) fn prepaid_exec_fee(
    config: &RuntimeConfig,
    actions: &[Action],
    receiver_id: &AccountId,
) -> Cost {
    sum(actions.iter().map(|action| {
        let own = exec_fee(config, action, receiver_id)?;
        let Action::Delegate(signed) = action else {
            return Ok(own);
        };
        let inner = &signed.delegate_action;
        sum([
            Ok(own),
            Ok(receipt_exec_fee(config)),
            prepaid_exec_fee(config, &inner.get_actions(), &inner.receiver_id),
        ])
    }))
}

/// Returns the fees that delegate actions will pay for sending their inner actions.
pub(super) fn prepaid_send_fee(config: &RuntimeConfig, actions: &[Action]) -> Cost {
    sum(actions.iter().map(|action| {
        let Action::Delegate(signed) = action else {
            return Ok(ParameterCost::ZERO);
        };
        let inner = &signed.delegate_action;
        let sir = inner.sender_id == inner.receiver_id;
        send_fee(config, sir, &inner.get_actions(), &inner.receiver_id)
    }))
}

/// Returns the fee for executing a receipt, without its actions.
pub(super) fn receipt_exec_fee(config: &RuntimeConfig) -> ParameterCost {
    config.fees.fee(ActionCosts::new_action_receipt).exec_fee()
}

/// Returns the fee for sending a receipt, without its actions.
pub(super) fn receipt_send_fee(config: &RuntimeConfig, sir: bool) -> ParameterCost {
    config
        .fees
        .fee(ActionCosts::new_action_receipt)
        .send_fee(sir)
}

/// Returns the gas attached to all function calls, including those inside delegate actions.
pub(super) fn attached_gas(actions: &[Action]) -> Result<Gas, CostOverflow> {
    actions.iter().try_fold(Gas::ZERO, |total, action| {
        let gas = match action {
            Action::Delegate(signed) => attached_gas(&signed.delegate_action.get_actions())?,
            _ => action.get_prepaid_gas(),
        };
        total.checked_add(gas).ok_or(CostOverflow)
    })
}

/// Returns the deposits of all actions, including those inside delegate actions, in yoctoNEAR.
pub(crate) fn deposits(actions: &[Action]) -> Result<Balance, CostOverflow> {
    actions.iter().try_fold(Balance::ZERO, |total, action| {
        let deposit = match action {
            Action::Delegate(signed) => deposits(&signed.delegate_action.get_actions())?,
            _ => action.get_deposit_balance(),
        };
        total.checked_add(deposit).ok_or(CostOverflow)
    })
}

/// Returns the price of `gas` at `price` yoctoNEAR for a unit.
pub(super) fn gas_to_tokens(gas: Gas, price: Balance) -> Result<Balance, CostOverflow> {
    price
        .checked_mul(u128::from(gas.as_gas()))
        .ok_or(CostOverflow)
}

/// Returns the sum of costs, or the first overflow.
pub(super) fn sum(costs: impl IntoIterator<Item = Cost>) -> Cost {
    costs
        .into_iter()
        .try_fold(ParameterCost::ZERO, |total, cost| add(total, cost?))
}

fn add(a: ParameterCost, b: ParameterCost) -> Cost {
    a.checked_add(b).ok_or(CostOverflow)
}

fn times(cost: ParameterCost, count: u64) -> Cost {
    cost.checked_mul(count).ok_or(CostOverflow)
}

/// Returns the sum of an action's parameters, each at the price that `fee` gives.
fn table_fee(action: &Action, fee: impl Fn(ActionCosts) -> ParameterCost) -> Cost {
    sum(parameters(action)
        .into_iter()
        .map(|(cost, count)| times(fee(cost), count)))
}

/// Returns the parameters that an action pays, with their counts. Sending and executing use the same. What
/// a gas key pays beside them has functions of its own in near-parameters.
fn parameters(action: &Action) -> Vec<(ActionCosts, u64)> {
    use ActionCosts as C;
    match action {
        Action::CreateAccount(_) => vec![(C::create_account, 1)],
        Action::DeployContract(deploy) => vec![
            (C::deploy_contract_base, 1),
            (C::deploy_contract_byte, deploy.code.len() as u64),
        ],
        Action::FunctionCall(call) => vec![
            (C::function_call_base, 1),
            (
                C::function_call_byte,
                (call.method_name.len() + call.args.len()) as u64,
            ),
        ],
        Action::Stake(_) => vec![(C::stake, 1)],
        Action::AddKey(add_key) => match add_key.access_key.permission.function_call_permission() {
            Some(permission) => vec![
                (C::add_function_call_key_base, 1),
                (
                    C::add_function_call_key_byte,
                    permission
                        .method_names
                        .iter()
                        .map(|name| name.len() as u64 + 1)
                        .sum(),
                ),
            ],
            None => vec![(C::add_full_access_key, 1)],
        },
        Action::DeleteKey(_) => vec![(C::delete_key, 1)],
        Action::DeleteAccount(_) => vec![(C::delete_account, 1)],
        Action::Delegate(_) => vec![(C::delegate, 1)],
        Action::DeployGlobalContract(deploy) => vec![
            (C::deploy_global_contract_base, 1),
            (C::deploy_global_contract_byte, deploy.code.len() as u64),
        ],
        Action::UseGlobalContract(used) => vec![
            (C::use_global_contract_base, 1),
            (
                C::use_global_contract_byte,
                used.contract_identifier.len() as u64,
            ),
        ],
        Action::Transfer(_) => vec![(C::transfer, 1)],
        Action::DeterministicStateInit(action) => {
            let state_init = &action.state_init;
            vec![
                (C::deterministic_state_init_base, 1),
                (
                    C::deterministic_state_init_byte,
                    state_init.len_bytes() as u64,
                ),
                (
                    C::deterministic_state_init_entry,
                    state_init.data().len() as u64,
                ),
            ]
        }
        // `send_fee` and `exec_fee` price these.
        Action::TransferToGasKey(_) | Action::WithdrawFromGasKey(_) => vec![],
        Action::UniversalStateInit(action) => {
            let counts = state_init_counts(&action.state_init);
            let size = universal_state_init_size_terms(counts.num_bytes);
            [size, universal_state_init_content_terms(counts)].concat()
        }
        // `validation` refuses this action before anything is charged.
        Action::DelegateV2(_) => vec![],
    }
}
