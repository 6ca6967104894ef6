//! The actions of a receipt (`SPEC.md` §2.3 and §2.4).

mod access_keys;
mod account;
mod balance;
mod contract;
mod delegate;
mod deterministic_account;
mod function_call;
mod gas_keys;
mod global_contract;
mod implicit_account;
mod stake;
mod state_init;
mod universal_account;

use near_primitives::account::id::AccountType;
use near_primitives::action::Action;
use near_primitives::errors::ActionErrorKind;
use near_primitives::types::Balance;
use near_vm_runner::logic::types::ReturnData;

pub(super) use self::global_contract::apply_global_contract_distribution;
use super::action_result::ActionResult;
use super::apply_state::ApplyState;
use super::receipt_context::{Actor, ReceiptContext};
use crate::state::StateUpdate;

/// Runs one action. The caller has burnt its execution fee.
pub(super) fn apply_action(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    receipt: &ReceiptContext,
    index: usize,
    actor: &mut Actor,
    result: &mut ActionResult,
) -> Result<(), ActionErrorKind> {
    let action = &receipt.actions[index];
    check_account_existence(receipt, action, actor)?;
    check_actor_permissions(receipt, action, actor)?;
    result.result = Ok(ReturnData::None);
    match action {
        Action::CreateAccount(_) => account::create(apply_state, receipt, actor),
        Action::Transfer(transfer) => {
            account::transfer(apply_state, state, receipt, transfer.deposit, actor)
        }
        Action::DeleteAccount(delete) => account::delete(
            apply_state,
            state,
            receipt,
            &delete.beneficiary_id,
            actor,
            result,
        ),
        Action::DeployContract(deploy) => {
            contract::deploy(state, receipt.account_id, actor.existing(), &deploy.code);
            Ok(())
        }
        Action::FunctionCall(call) => function_call::call(
            apply_state,
            state,
            receipt,
            index,
            call,
            actor.existing(),
            result,
        ),
        Action::Stake(stake) => stake::stake(
            receipt.account_id,
            stake,
            apply_state.minimum_stake,
            actor.existing(),
            result,
        ),
        Action::AddKey(add_key) => {
            access_keys::add(apply_state, state, receipt, add_key, actor.existing())
        }
        Action::DeleteKey(delete) => access_keys::delete(
            apply_state,
            state,
            receipt.account_id,
            &delete.public_key,
            actor.existing(),
            result,
        ),
        Action::Delegate(signed) => delegate::apply(apply_state, state, receipt, signed, result),
        Action::DeployGlobalContract(deploy) => global_contract::deploy(
            apply_state,
            state,
            receipt,
            deploy,
            actor.existing(),
            result,
        ),
        Action::UseGlobalContract(used) => global_contract::select(
            state,
            receipt.account_id,
            &used.contract_identifier,
            actor.existing(),
        ),
        Action::DeterministicStateInit(action) => {
            deterministic_account::init(apply_state, state, receipt, action, actor, result)
        }
        Action::TransferToGasKey(transfer) => gas_keys::transfer(state, receipt, transfer),
        Action::WithdrawFromGasKey(withdrawal) => {
            gas_keys::withdraw(state, receipt, withdrawal, actor.existing())
        }
        Action::UniversalStateInit(action) => {
            universal_account::init(apply_state, state, receipt, action, actor, result)
        }
        Action::DelegateV2(_) => {
            unreachable!("`validation` refuses this action before a receipt can carry it")
        }
    }
}

/// Checks that the account exists if the action needs it, and does not if the action creates it.
fn check_account_existence(
    receipt: &ReceiptContext,
    action: &Action,
    actor: &Actor,
) -> Result<(), ActionErrorKind> {
    let account_id = receipt.account_id.clone();
    match (action, &actor.account) {
        (Action::DeterministicStateInit(_) | Action::UniversalStateInit(_), _) => Ok(()),
        (Action::CreateAccount(_), Some(_)) => {
            Err(ActionErrorKind::AccountAlreadyExists { account_id })
        }
        (Action::CreateAccount(_), None) if account_id.get_account_type().is_implicit() => {
            Err(ActionErrorKind::OnlyImplicitAccountCreationAllowed { account_id })
        }
        (Action::CreateAccount(_), None) => Ok(()),
        (Action::Transfer(_), Some(_)) => Ok(()),
        (Action::Transfer(_), None) if creates_implicit_account(receipt) => Ok(()),
        (_, None) => Err(ActionErrorKind::AccountDoesNotExist { account_id }),
        (_, Some(account)) if !account.is_initialized() => {
            Err(ActionErrorKind::AccountNotInitialized { account_id })
        }
        (_, Some(_)) => Ok(()),
    }
}

/// Returns `true` if a transfer of this receipt may create the account that its id spells: it is no refund,
/// and the only action. Beside a universal account, which no other action can seize, there may be more.
fn creates_implicit_account(receipt: &ReceiptContext) -> bool {
    let is_only_action = receipt.actions.len() == 1;
    let may_create = match receipt.account_id.get_account_type() {
        AccountType::NamedAccount => false,
        AccountType::NearImplicitAccount
        | AccountType::EthImplicitAccount
        | AccountType::NearDeterministicAccount => is_only_action,
        AccountType::UniversalAccount => true,
    };
    may_create && !receipt.is_refund()
}

/// Checks that the actor may run the action on this account.
fn check_actor_permissions(
    receipt: &ReceiptContext,
    action: &Action,
    actor: &Actor,
) -> Result<(), ActionErrorKind> {
    let only_by_itself = matches!(
        action,
        Action::DeployContract(_)
            | Action::Stake(_)
            | Action::AddKey(_)
            | Action::DeleteKey(_)
            | Action::DeleteAccount(_)
            | Action::DeployGlobalContract(_)
            | Action::UseGlobalContract(_)
            | Action::WithdrawFromGasKey(_)
    );
    if only_by_itself && actor.actor_id != *receipt.account_id {
        return Err(ActionErrorKind::ActorNoPermission {
            account_id: receipt.account_id.clone(),
            actor_id: actor.actor_id.clone(),
        });
    }
    let is_staking = actor
        .account
        .as_ref()
        .is_some_and(|account| account.locked() > Balance::ZERO);
    if matches!(action, Action::DeleteAccount(_)) && is_staking {
        return Err(ActionErrorKind::DeleteAccountStaking {
            account_id: receipt.account_id.clone(),
        });
    }
    Ok(())
}
