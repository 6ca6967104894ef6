//! A transaction's way into a block: the checks (SPEC.md §1.1), what it costs (§1.2), and the
//! receipt that it becomes.

use std::sync::Arc;

use near_crypto::{KeyType, PublicKey};
use near_parameters::{ParameterCost, RuntimeConfig, SignatureKind};
use near_primitives::account::{AccessKey, AccessKeyPermission, Account, FunctionCallPermission};
use near_primitives::action::Action;
use near_primitives::errors::{InvalidAccessKeyError, InvalidTxError};
use near_primitives::receipt::Receipt;
use near_primitives::transaction::{
    ExecutionMetadata, ExecutionOutcome, ExecutionOutcomeWithId, ExecutionStatus, NonceMode,
    SignedTransaction, ValidatedTransaction,
};
use near_primitives::types::{AccountId, Balance, BlockHeight, Gas, Nonce};
use near_primitives::utils::create_receipt_id_from_transaction;

use crate::fees::{self, CostOverflow};
use crate::runtime::{Environment, Runtime};
use crate::state::State;
use crate::storage::missing_for_storage;
use crate::validation::Rules;

/// What a transaction pays before its receipt runs.
struct TransactionCost {
    /// Burnt at conversion.
    burnt: ParameterCost,
    /// The price at which the gas of the receipt is bought, yoctoNEAR.
    receipt_gas_price: Balance,
    /// `burnt`, in yoctoNEAR at the block's price.
    burnt_tokens: Balance,
    /// All that leaves the signer's account, deposits included.
    total: Balance,
}

/// The signer's side of a transaction that may go into a block.
pub(crate) struct Charged {
    cost: TransactionCost,
    account: Account,
    access_key: AccessKey,
}

/// Checks that need only the transaction itself.
pub(crate) fn check_form(
    env: Environment,
    transaction: &SignedTransaction,
) -> Result<(), InvalidTxError> {
    let rules = Rules {
        limits: &env.config.wasm_config.limit_config,
        protocol_version: env.protocol_version,
    };
    rules
        .check_actions(
            transaction.transaction.actions(),
            transaction.transaction.receiver_id(),
        )
        .map_err(InvalidTxError::ActionsValidation)?;
    ValidatedTransaction::new(env.config, transaction.clone(), env.protocol_version)
        .map(|_| ())
        .map_err(|(error, _)| error)
}

/// Checks against the state, and what the signer's account and key would be afterwards. Some checks
/// need the height of the block that takes the transaction, and are left out while there is none.
pub(crate) fn check_and_charge(
    env: Environment,
    state: &State,
    gas_price: Balance,
    height: Option<BlockHeight>,
    signed: &SignedTransaction,
) -> Result<Charged, InvalidTxError> {
    let transaction = &signed.transaction;
    let cost = cost(env.config, gas_price, signed).map_err(|_| InvalidTxError::CostOverflow)?;
    let signer_id = transaction.signer_id();
    let mut account = state.account(signer_id).ok_or_else(|| match height {
        None => InvalidTxError::SignerDoesNotExist {
            signer_id: signer_id.clone(),
        },
        Some(_) => InvalidTxError::InvalidSignerId {
            signer_id: signer_id.to_string(),
        },
    })?;
    let mut access_key = state
        .access_key(signer_id, transaction.public_key())
        .ok_or_else(|| {
            InvalidTxError::InvalidAccessKeyError(InvalidAccessKeyError::AccessKeyNotFound {
                account_id: signer_id.clone(),
                public_key: Box::new(transaction.public_key().clone()),
            })
        })?;
    if let Some(index) = transaction.nonce().nonce_index() {
        // Only a gas key has nonces to choose from, and there are none here.
        return Err(InvalidTxError::InvalidNonceIndex {
            tx_nonce_index: Some(index),
            num_nonces: 0,
        });
    }
    let nonce = transaction.nonce().nonce();
    check_nonce(nonce, transaction.nonce_mode(), access_key.nonce)?;
    height.map_or(Ok(()), |height| check_nonce_bound(nonce, height))?;
    let left = account.amount().checked_sub(cost.total).ok_or_else(|| {
        InvalidTxError::NotEnoughBalance {
            signer_id: signer_id.clone(),
            balance: account.amount(),
            cost: cost.total,
        }
    })?;
    account.set_amount(left);
    access_key.nonce = nonce;
    if let AccessKeyPermission::FunctionCall(permission) = &mut access_key.permission {
        charge_allowance(permission, signer_id, transaction.public_key(), cost.total)?;
    }
    if let Some(amount) = missing_for_storage(&env.config.fees, &account) {
        return Err(InvalidTxError::LackBalanceForState {
            signer_id: signer_id.clone(),
            amount,
        });
    }
    if let AccessKeyPermission::FunctionCall(permission) = &access_key.permission {
        check_permission(permission, transaction.receiver_id(), transaction.actions())
            .map_err(InvalidTxError::InvalidAccessKeyError)?;
    }
    Ok(Charged {
        cost,
        account,
        access_key,
    })
}

impl Runtime<'_> {
    /// Turns a transaction into a receipt, which is returned, or records why it could not be.
    pub fn convert(&mut self, signed: &SignedTransaction) -> Option<Arc<Receipt>> {
        let gas_price = self.block.gas_price;
        let height = Some(self.block.height);
        match check_and_charge(self.env, self.state.now(), gas_price, height, signed) {
            Err(error) => {
                self.record(ExecutionOutcomeWithId::failed(signed, error));
                None
            }
            Ok(charged) => Some(self.settle_transaction(signed, charged)),
        }
    }

    fn settle_transaction(&mut self, signed: &SignedTransaction, charged: Charged) -> Arc<Receipt> {
        let transaction = &signed.transaction;
        let signer_id = transaction.signer_id();
        self.state.set_account(signer_id, &charged.account);
        self.state
            .set_access_key(signer_id, transaction.public_key(), &charged.access_key);
        let receipt_id = create_receipt_id_from_transaction(signed.hash(), self.block.height);
        self.record(ExecutionOutcomeWithId {
            id: *signed.hash(),
            outcome: ExecutionOutcome {
                logs: Vec::new(),
                receipt_ids: vec![receipt_id],
                gas_burnt: charged.cost.burnt.gas,
                compute_usage: Some(charged.cost.burnt.compute),
                tokens_burnt: charged.cost.burnt_tokens,
                executor_id: signer_id.clone(),
                status: ExecutionStatus::SuccessReceiptId(receipt_id),
                metadata: ExecutionMetadata::V1,
            },
        });
        self.emit(Receipt::from_tx(
            receipt_id,
            signer_id.clone(),
            transaction.receiver_id().clone(),
            transaction.public_key().clone(),
            charged.cost.receipt_gas_price,
            transaction.actions().to_vec(),
        ))
    }
}

fn cost(
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
    let burnt_tokens = fees::gas_to_tokens(burnt.gas, gas_price)?;
    let total = burnt_tokens
        .checked_add(fees::gas_to_tokens(bought, receipt_gas_price)?)
        .and_then(|total| total.checked_add(fees::deposits(actions).ok()?))
        .ok_or(CostOverflow)?;
    Ok(TransactionCost {
        burnt,
        receipt_gas_price,
        burnt_tokens,
        total,
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

fn check_nonce(tx_nonce: Nonce, mode: NonceMode, ak_nonce: Nonce) -> Result<(), InvalidTxError> {
    let fits = match mode {
        NonceMode::Monotonic => tx_nonce > ak_nonce,
        NonceMode::Strict => ak_nonce.checked_add(1) == Some(tx_nonce),
    };
    if fits {
        Ok(())
    } else {
        Err(InvalidTxError::InvalidNonce { tx_nonce, ak_nonce })
    }
}

/// A nonce far ahead would make the key unusable for long; the height is the measure.
fn check_nonce_bound(tx_nonce: Nonce, height: BlockHeight) -> Result<(), InvalidTxError> {
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

/// Whether a function-call key may send these actions.
pub(crate) fn check_permission(
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
