//! The checks of a transaction (`SPEC.md` §1.1) and its cost (§1.2).

use near_crypto::{KeyType, PublicKey};
use near_parameters::{ParameterCost, RuntimeConfig, SignatureKind};
use near_primitives::account::{AccessKey, AccessKeyPermission, Account, FunctionCallPermission};
use near_primitives::action::Action;
use near_primitives::errors::{DepositCostFailureReason, InvalidAccessKeyError, InvalidTxError};
use near_primitives::transaction::{
    NonceMode, SignedTransaction, Transaction, ValidatedTransaction,
};
use near_primitives::types::{
    AccountId, Balance, BlockHeight, Gas, Nonce, NonceIndex, ProtocolVersion,
};

use super::fees::{self, CostOverflow};
use super::storage::check_storage_stake;
use super::validation::validate_actions;
use crate::state::State;

/// The cost of a transaction and of its receipt.
pub(super) struct TransactionCost {
    /// The gas and compute burnt at conversion.
    pub burnt: ParameterCost,
    /// The price at which the gas of the receipt is bought, in yoctoNEAR.
    pub receipt_gas_price: Balance,
    /// The tokens burnt at conversion, in yoctoNEAR.
    pub burnt_amount: Balance,
    /// The price of all gas, in yoctoNEAR.
    gas: Balance,
    /// The sum of the deposits, in yoctoNEAR.
    deposits: Balance,
    /// The sum of both, in yoctoNEAR.
    total: Balance,
}

/// The cost of a valid transaction, and the signer's account and key once they have paid it.
pub(crate) struct VerificationResult {
    pub(super) cost: TransactionCost,
    pub(super) account: Account,
    pub(super) access_key: AccessKey,
    /// The nonce of a gas key that the transaction has used, with its index.
    pub(super) gas_key_nonce: Option<(NonceIndex, Nonce)>,
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
    let (account, access_key) = signer_and_access_key(state, transaction, block_height.is_some())?;
    match (transaction.nonce().nonce_index(), access_key.gas_key_info()) {
        (None, None) => {
            pay_from_account(config, block_height, transaction, cost, account, access_key)
        }
        (None, Some(gas_key)) => Err(InvalidTxError::InvalidNonceIndex {
            tx_nonce_index: None,
            num_nonces: gas_key.num_nonces,
        }),
        (Some(index), _) => {
            let signer_id = transaction.signer_id();
            let current = state.gas_key_nonce(signer_id, transaction.public_key(), index);
            let nonce = (index, current);
            pay_from_gas_key(
                config,
                block_height,
                transaction,
                cost,
                account,
                access_key,
                nonce,
            )
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
    check_nonce(transaction, access_key.nonce, block_height)?;
    let new_amount = account.amount().checked_sub(cost.total).ok_or_else(|| {
        InvalidTxError::NotEnoughBalance {
            signer_id: signer_id.clone(),
            balance: account.amount(),
            cost: cost.total,
        }
    })?;
    account.set_amount(new_amount);
    access_key.nonce = transaction.nonce().nonce();
    if let AccessKeyPermission::FunctionCall(permission) = &mut access_key.permission {
        charge_allowance(permission, signer_id, transaction.public_key(), cost.total)?;
    }
    check_storage_stake(&config.fees, &account).map_err(|amount| {
        InvalidTxError::LackBalanceForState {
            signer_id: signer_id.clone(),
            amount,
        }
    })?;
    check_permission(&access_key, transaction)?;
    Ok(VerificationResult {
        cost,
        account,
        access_key,
        gas_key_nonce: None,
    })
}

/// Checks a transaction of a gas key (NEP-611): the key pays for the gas, the account for the deposits.
/// `nonce` has the index that the transaction names and the nonce there, if there is one.
fn pay_from_gas_key(
    config: &RuntimeConfig,
    block_height: Option<BlockHeight>,
    transaction: &Transaction,
    cost: TransactionCost,
    mut account: Account,
    mut access_key: AccessKey,
    nonce: (NonceIndex, Option<Nonce>),
) -> Result<VerificationResult, InvalidTxError> {
    let signer_id = transaction.signer_id();
    let (index, Some(current_nonce)) = nonce else {
        return Err(InvalidTxError::InvalidNonceIndex {
            tx_nonce_index: Some(nonce.0),
            num_nonces: access_key.gas_key_info().map_or(0, |key| key.num_nonces),
        });
    };
    check_nonce(transaction, current_nonce, block_height)?;
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
        access_key,
        gas_key_nonce: Some((index, transaction.nonce().nonce())),
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

/// Returns the account and the key of the signer. The error for a missing account depends on whether a
/// block has taken the transaction.
fn signer_and_access_key(
    state: &State,
    transaction: &Transaction,
    is_in_block: bool,
) -> Result<(Account, AccessKey), InvalidTxError> {
    let signer_id = transaction.signer_id();
    let account = state.account(signer_id).ok_or_else(|| {
        if is_in_block {
            let signer_id = signer_id.to_string();
            InvalidTxError::InvalidSignerId { signer_id }
        } else {
            let signer_id = signer_id.clone();
            InvalidTxError::SignerDoesNotExist { signer_id }
        }
    })?;
    let access_key = state
        .access_key(signer_id, transaction.public_key())
        .ok_or_else(|| {
            InvalidTxError::InvalidAccessKeyError(InvalidAccessKeyError::AccessKeyNotFound {
                account_id: signer_id.clone(),
                public_key: Box::new(transaction.public_key().clone()),
            })
        })?;
    Ok((account, access_key))
}

/// Returns the cost of a transaction at this price of gas.
fn transaction_cost(
    config: &RuntimeConfig,
    gas_price: Balance,
    signed: &SignedTransaction,
) -> Result<TransactionCost, CostOverflow> {
    let transaction = &signed.transaction;
    let (actions, receiver_id) = (transaction.actions(), transaction.receiver_id());
    let sir = transaction.signer_id() == receiver_id;
    let burnt = fees::sum([
        Ok(fees::receipt_send_fee(config, sir)),
        fees::send_fee(config, sir, actions, receiver_id),
        Ok(signature_cost(config, transaction.public_key())),
        fees::sum(
            actions
                .iter()
                .map(|action| Ok(delegate_signature_cost(config, action))),
        ),
    ])?;
    let executed = fees::sum([
        Ok(fees::receipt_exec_fee(config)),
        fees::prepaid_exec_fee(config, actions, receiver_id),
        fees::prepaid_send_fee(config, actions),
    ])?;
    let bought: Gas = fees::attached_gas(actions)?
        .checked_add(executed.gas)
        .ok_or(CostOverflow)?;
    let receipt_gas_price = gas_price.max(config.min_gas_purchase_price);
    let burnt_amount = fees::gas_to_tokens(burnt.gas, gas_price)?;
    let gas = burnt_amount
        .checked_add(fees::gas_to_tokens(bought, receipt_gas_price)?)
        .ok_or(CostOverflow)?;
    let deposits = fees::deposits(actions)?;
    Ok(TransactionCost {
        burnt,
        receipt_gas_price,
        burnt_amount,
        gas,
        deposits,
        total: gas.checked_add(deposits).ok_or(CostOverflow)?,
    })
}

fn delegate_signature_cost(config: &RuntimeConfig, action: &Action) -> ParameterCost {
    match action {
        Action::Delegate(signed) => signature_cost(config, &signed.delegate_action.public_key),
        _ => ParameterCost::ZERO,
    }
}

fn signature_cost(config: &RuntimeConfig, public_key: &PublicKey) -> ParameterCost {
    let kind = match public_key.key_type() {
        KeyType::ED25519 => SignatureKind::Ed25519,
        KeyType::SECP256K1 => SignatureKind::Secp256k1,
        KeyType::MLDSA65 => SignatureKind::MlDsa65,
    };
    config.fees.signature_verification_costs[kind]
}

/// Checks that the nonce of a transaction comes after that of the key. In a block, it must not be far ahead
/// of the height either: it would make the key unusable for long.
fn check_nonce(
    transaction: &Transaction,
    ak_nonce: Nonce,
    block_height: Option<BlockHeight>,
) -> Result<(), InvalidTxError> {
    let tx_nonce = transaction.nonce().nonce();
    let fits = match transaction.nonce_mode() {
        NonceMode::Monotonic => tx_nonce > ak_nonce,
        NonceMode::Strict => ak_nonce.checked_add(1) == Some(tx_nonce),
    };
    if !fits {
        return Err(InvalidTxError::InvalidNonce { tx_nonce, ak_nonce });
    }
    let upper_bound = block_height.map_or(Nonce::MAX, |height| {
        height.saturating_mul(AccessKey::ACCESS_KEY_NONCE_RANGE_MULTIPLIER)
    });
    if tx_nonce >= upper_bound && block_height.is_some() {
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
