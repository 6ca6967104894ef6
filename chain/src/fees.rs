//! What the actions of a receipt cost to send and to execute (SPEC.md §1.2), from the fee tables
//! of near-parameters.

use near_parameters::{
    ActionCosts, ParameterCost, RuntimeConfig, transfer_exec_fee, transfer_send_fee,
};
use near_primitives::account::AccessKeyPermission;
use near_primitives::action::Action;
use near_primitives::types::{AccountId, Balance, Gas};

/// The sum does not fit; [`near_primitives::errors::InvalidTxError::CostOverflow`] in a transaction.
#[derive(Debug)]
pub(crate) struct CostOverflow;

type Cost = Result<ParameterCost, CostOverflow>;

/// What it costs to send `actions` to `receiver_id`, without the receipt that carries them.
/// `sir`: sender is receiver.
pub(crate) fn send_fee(
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
        _ => sum(parts(action)
            .into_iter()
            .map(|(cost, count)| times(config.fees.fee(cost).send_fee(sir), count))),
    }))
}

/// What it costs to execute one action at `receiver_id`; the code of a contract costs extra.
pub(crate) fn exec_fee(config: &RuntimeConfig, action: &Action, receiver_id: &AccountId) -> Cost {
    match action {
        Action::Transfer(_) => Ok(transfer_exec_fee(
            &config.fees,
            config.wasm_config.eth_implicit_accounts,
            config.wasm_config.universal_accounts,
            receiver_id.get_account_type(),
        )),
        _ => sum(parts(action)
            .into_iter()
            .map(|(cost, count)| times(config.fees.fee(cost).exec_fee(), count))),
    }
}

/// The execution fees that are bought with the actions. A delegate action brings those of its inner
/// actions and of the receipt that will carry them.
pub(crate) fn prepaid_exec_fee(
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

/// The fees that delegate actions will pay, at execution, to send what is in them.
pub(crate) fn prepaid_send_fee(config: &RuntimeConfig, actions: &[Action]) -> Cost {
    sum(actions.iter().map(|action| {
        let Action::Delegate(signed) = action else {
            return Ok(ParameterCost::ZERO);
        };
        let inner = &signed.delegate_action;
        let sir = inner.sender_id == inner.receiver_id;
        send_fee(config, sir, &inner.get_actions(), &inner.receiver_id)
    }))
}

/// The execution fee of the receipt itself.
pub(crate) fn receipt_exec_fee(config: &RuntimeConfig) -> ParameterCost {
    config.fees.fee(ActionCosts::new_action_receipt).exec_fee()
}

/// The sending fee of the receipt itself.
pub(crate) fn receipt_send_fee(config: &RuntimeConfig, sir: bool) -> ParameterCost {
    config
        .fees
        .fee(ActionCosts::new_action_receipt)
        .send_fee(sir)
}

/// Gas attached to all function calls, those inside delegate actions included.
pub(crate) fn attached_gas(actions: &[Action]) -> Result<Gas, CostOverflow> {
    actions.iter().try_fold(Gas::ZERO, |total, action| {
        let gas = match action {
            Action::Delegate(signed) => attached_gas(&signed.delegate_action.get_actions())?,
            _ => action.get_prepaid_gas(),
        };
        total.checked_add(gas).ok_or(CostOverflow)
    })
}

/// Deposits of all actions, those inside delegate actions included.
pub(crate) fn deposits(actions: &[Action]) -> Result<Balance, CostOverflow> {
    actions.iter().try_fold(Balance::ZERO, |total, action| {
        let deposit = match action {
            Action::Delegate(signed) => deposits(&signed.delegate_action.get_actions())?,
            _ => action.get_deposit_balance(),
        };
        total.checked_add(deposit).ok_or(CostOverflow)
    })
}

/// `gas` at `price` yoctoNEAR each.
pub(crate) fn gas_to_tokens(gas: Gas, price: Balance) -> Result<Balance, CostOverflow> {
    price
        .checked_mul(u128::from(gas.as_gas()))
        .ok_or(CostOverflow)
}

/// The sum of costs; the first overflow ends it.
pub(crate) fn sum(costs: impl IntoIterator<Item = Cost>) -> Cost {
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

/// Which parameters an action pays and how often, where sending and executing follow one rule.
fn parts(action: &Action) -> Vec<(ActionCosts, u64)> {
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
        Action::AddKey(add_key) => match &add_key.access_key.permission {
            AccessKeyPermission::FunctionCall(permission) => vec![
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
            _ => vec![(C::add_full_access_key, 1)],
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
        // Refused before anything is charged: `validation::unsupported`.
        Action::DeterministicStateInit(_)
        | Action::TransferToGasKey(_)
        | Action::WithdrawFromGasKey(_)
        | Action::DelegateV2(_)
        | Action::UniversalStateInit(_) => vec![],
    }
}
