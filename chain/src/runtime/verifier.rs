//! The checks of a transaction (`SPEC.md` §1.1).

mod cost;

use near_crypto::PublicKey;
use near_parameters::RuntimeConfig;
use near_primitives::account::{AccessKey, AccessKeyPermission, Account, FunctionCallPermission};
use near_primitives::action::Action;
use near_primitives::errors::{DepositCostFailureReason, InvalidAccessKeyError, InvalidTxError};
use near_primitives::transaction::{
    NonceMode, SignedTransaction, Transaction, ValidatedTransaction,
};
use near_primitives::types::{AccountId, Balance, BlockHeight, Nonce, NonceIndex, ProtocolVersion};

use self::cost::{TransactionCost, transaction_cost};
use super::storage::check_storage_stake;
use super::validation::validate_actions;
use crate::state::State;

/// The cost of a valid transaction, and the signer's account and key once they have paid it.
pub(crate) struct VerificationResult {
    pub(super) cost: TransactionCost,
    pub(super) account: Account,
    pub(super) key: UsedKey,
}

/// What has authorized a transaction, as it becomes.
pub(super) enum UsedKey {
    AccessKey(AccessKey),
    /// A gas key (NEP-611), with the nonce that was used and its index.
    GasKey(AccessKey, NonceIndex, Nonce),
    /// The id of a universal account, which names the key. The account has no keys yet.
    AccountId,
}

/// Checks the form of a transaction: its actions, its size and its signature.
pub(crate) fn validate_transaction(
    config: &RuntimeConfig,
    protocol_version: ProtocolVersion,
    signed: &SignedTransaction,
) -> Result<(), InvalidTxError> {
    let transaction = &signed.transaction;
    let limits = &config.wasm_config.limit_config;
    validate_actions(
        limits,
        transaction.actions(),
        transaction.receiver_id(),
        protocol_version,
    )
    .map_err(InvalidTxError::ActionsValidation)?;
    ValidatedTransaction::new(config, signed.clone(), protocol_version)
        .map(|_| ())
        .map_err(|(error, _)| error)
}

/// Checks a transaction against the state and computes what the signer's account and key become.
///
/// `block_height` is `None` when the transaction is submitted: no block has taken it yet, so the checks
/// that need a height are left out.
pub(crate) fn verify_and_charge(
    config: &RuntimeConfig,
    state: &State,
    gas_price: Balance,
    block_height: Option<BlockHeight>,
    signed: &SignedTransaction,
) -> Result<VerificationResult, InvalidTxError> {
    let transaction = &signed.transaction;
    let cost =
        transaction_cost(config, gas_price, signed).map_err(|_| InvalidTxError::CostOverflow)?;
    let signer_id = transaction.signer_id();
    let account = signer(state, signer_id, block_height.is_some())?;
    let Some(access_key) = state.access_key(signer_id, transaction.public_key()) else {
        if account.bootstrap_nonce().is_some() && transaction.is_state_init_bootstrap() {
            return pay_for_bootstrap(config, block_height, transaction, cost, account);
        }
        return Err(InvalidTxError::InvalidAccessKeyError(
            InvalidAccessKeyError::AccessKeyNotFound {
                account_id: signer_id.clone(),
                public_key: Box::new(transaction.public_key().clone()),
            },
        ));
    };
    match (transaction.nonce().nonce_index(), access_key.gas_key_info()) {
        (None, None) => {
            pay_from_account(config, block_height, transaction, cost, account, access_key)
        }
        (None, Some(gas_key)) => Err(InvalidTxError::InvalidNonceIndex {
            tx_nonce_index: None,
            num_nonces: gas_key.num_nonces,
        }),
        (Some(index), gas_key) => {
            let Some(nonce) = state.gas_key_nonce(signer_id, transaction.public_key(), index)
            else {
                return Err(InvalidTxError::InvalidNonceIndex {
                    tx_nonce_index: Some(index),
                    num_nonces: gas_key.map_or(0, |key| key.num_nonces),
                });
            };
            check_nonce(transaction, transaction.nonce_mode(), nonce, block_height)?;
            pay_from_gas_key(config, transaction, cost, account, access_key, index)
        }
    }
}

/// Checks a transaction of an ordinary key: the account pays for everything.
fn pay_from_account(
    config: &RuntimeConfig,
    block_height: Option<BlockHeight>,
    transaction: &Transaction,
    cost: TransactionCost,
    mut account: Account,
    mut access_key: AccessKey,
) -> Result<VerificationResult, InvalidTxError> {
    let signer_id = transaction.signer_id();
    check_nonce(
        transaction,
        transaction.nonce_mode(),
        access_key.nonce,
        block_height,
    )?;
    charge_account(transaction, cost.total, &mut account)?;
    access_key.nonce = transaction.nonce().nonce();
    if let AccessKeyPermission::FunctionCall(permission) = &mut access_key.permission {
        charge_allowance(permission, signer_id, transaction.public_key(), cost.total)?;
    }
    check_remaining_balance(config, signer_id, &account)?;
    check_permission(&access_key, transaction)?;
    Ok(VerificationResult {
        cost,
        account,
        key: UsedKey::AccessKey(access_key),
    })
}

/// Checks a transaction that a universal account sends before it has a key: its id names the key, and the
/// transaction brings the state that the id commits to. Its nonce must be the next one.
fn pay_for_bootstrap(
    config: &RuntimeConfig,
    block_height: Option<BlockHeight>,
    transaction: &Transaction,
    cost: TransactionCost,
    mut account: Account,
) -> Result<VerificationResult, InvalidTxError> {
    let current = account.bootstrap_nonce().unwrap_or_default();
    check_nonce(transaction, NonceMode::Strict, current, block_height)?;
    charge_account(transaction, cost.total, &mut account)?;
    check_remaining_balance(config, transaction.signer_id(), &account)?;
    account
        .set_bootstrap_nonce(transaction.nonce().nonce())
        .expect("an account with a bootstrap nonce is not initialized");
    Ok(VerificationResult {
        cost,
        account,
        key: UsedKey::AccountId,
    })
}

fn charge_account(
    transaction: &Transaction,
    cost: Balance,
    account: &mut Account,
) -> Result<(), InvalidTxError> {
    let balance = account.amount();
    let left = balance
        .checked_sub(cost)
        .ok_or_else(|| InvalidTxError::NotEnoughBalance {
            signer_id: transaction.signer_id().clone(),
            balance,
            cost,
        })?;
    account.set_amount(left);
    Ok(())
}

fn check_remaining_balance(
    config: &RuntimeConfig,
    signer_id: &AccountId,
    account: &Account,
) -> Result<(), InvalidTxError> {
    check_storage_stake(&config.fees, account).map_err(|amount| {
        InvalidTxError::LackBalanceForState {
            signer_id: signer_id.clone(),
            amount,
        }
    })
}

/// Checks a transaction of a gas key (NEP-611): the key pays for the gas, the account for the deposits.
/// The nonce has been checked.
fn pay_from_gas_key(
    config: &RuntimeConfig,
    transaction: &Transaction,
    cost: TransactionCost,
    mut account: Account,
    mut access_key: AccessKey,
    index: NonceIndex,
) -> Result<VerificationResult, InvalidTxError> {
    let signer_id = transaction.signer_id();
    if let Some(gas_key) = access_key.gas_key_info_mut() {
        let balance = gas_key.balance;
        gas_key.balance = balance.checked_sub(cost.gas).ok_or_else(|| {
            InvalidTxError::NotEnoughGasKeyBalance {
                signer_id: signer_id.clone(),
                balance,
                cost: cost.gas,
            }
        })?;
    }
    check_permission(&access_key, transaction)?;
    let lacking = |balance, cost, reason| InvalidTxError::NotEnoughBalanceForDeposit {
        signer_id: signer_id.clone(),
        balance,
        cost,
        reason,
    };
    let balance = account.amount();
    let new_amount = balance.checked_sub(cost.deposits).ok_or_else(|| {
        let reason = DepositCostFailureReason::NotEnoughBalance;
        lacking(balance, cost.deposits, reason)
    })?;
    account.set_amount(new_amount);
    check_storage_stake(&config.fees, &account).map_err(|amount| {
        let reason = DepositCostFailureReason::LackBalanceForState;
        lacking(new_amount, amount, reason)
    })?;
    Ok(VerificationResult {
        cost,
        account,
        key: UsedKey::GasKey(access_key, index, transaction.nonce().nonce()),
    })
}

fn check_permission(
    access_key: &AccessKey,
    transaction: &Transaction,
) -> Result<(), InvalidTxError> {
    let Some(permission) = access_key.permission.function_call_permission() else {
        return Ok(());
    };
    let (receiver_id, actions) = (transaction.receiver_id(), transaction.actions());
    check_function_call_permission(permission, receiver_id, actions)
        .map_err(InvalidTxError::InvalidAccessKeyError)
}

/// Returns the account of the signer. The error for a missing one depends on whether a block has taken the
/// transaction.
fn signer(
    state: &State,
    signer_id: &AccountId,
    is_in_block: bool,
) -> Result<Account, InvalidTxError> {
    state.account(signer_id).ok_or_else(|| {
        if is_in_block {
            let signer_id = signer_id.to_string();
            InvalidTxError::InvalidSignerId { signer_id }
        } else {
            let signer_id = signer_id.clone();
            InvalidTxError::SignerDoesNotExist { signer_id }
        }
    })
}

/// Checks that the nonce of a transaction comes after that of the key. In a block, it must not be far ahead
/// of the height either: it would make the key unusable for long.
fn check_nonce(
    transaction: &Transaction,
    mode: NonceMode,
    ak_nonce: Nonce,
    block_height: Option<BlockHeight>,
) -> Result<(), InvalidTxError> {
    let tx_nonce = transaction.nonce().nonce();
    let fits = match mode {
        NonceMode::Monotonic => tx_nonce > ak_nonce,
        NonceMode::Strict => ak_nonce.checked_add(1) == Some(tx_nonce),
    };
    if !fits {
        return Err(InvalidTxError::InvalidNonce { tx_nonce, ak_nonce });
    }
    let Some(height) = block_height else {
        return Ok(());
    };
    let upper_bound = height.saturating_mul(AccessKey::ACCESS_KEY_NONCE_RANGE_MULTIPLIER);
    if tx_nonce >= upper_bound {
        return Err(InvalidTxError::NonceTooLarge {
            tx_nonce,
            upper_bound,
        });
    }
    Ok(())
}

fn charge_allowance(
    permission: &mut FunctionCallPermission,
    account_id: &AccountId,
    public_key: &PublicKey,
    cost: Balance,
) -> Result<(), InvalidTxError> {
    let Some(allowance) = permission.allowance else {
        return Ok(());
    };
    let left = allowance.checked_sub(cost).ok_or_else(|| {
        InvalidTxError::InvalidAccessKeyError(InvalidAccessKeyError::NotEnoughAllowance {
            account_id: account_id.clone(),
            public_key: Box::new(public_key.clone()),
            allowance,
            cost,
        })
    })?;
    permission.allowance = Some(left);
    Ok(())
}

/// Checks that a function-call key may send these actions.
pub(super) fn check_function_call_permission(
    permission: &FunctionCallPermission,
    receiver_id: &AccountId,
    actions: &[Action],
) -> Result<(), InvalidAccessKeyError> {
    let [Action::FunctionCall(call)] = actions else {
        return Err(InvalidAccessKeyError::RequiresFullAccess);
    };
    if call.deposit > Balance::ZERO {
        return Err(InvalidAccessKeyError::DepositWithFunctionCall);
    }
    if receiver_id.as_str() != permission.receiver_id {
        return Err(InvalidAccessKeyError::ReceiverMismatch {
            tx_receiver: receiver_id.clone(),
            ak_receiver: permission.receiver_id.clone(),
        });
    }
    if !permission.method_names.is_empty() && !permission.method_names.contains(&call.method_name) {
        return Err(InvalidAccessKeyError::MethodNameMismatch {
            method_name: call.method_name.clone(),
        });
    }
    Ok(())
}
