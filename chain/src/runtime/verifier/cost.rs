//! The cost of a transaction (`SPEC.md` §1.2).

use near_crypto::{KeyType, PublicKey};
use near_parameters::{ParameterCost, RuntimeConfig, SignatureKind};
use near_primitives::action::Action;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::{Balance, Gas};

use crate::runtime::fees::{self, CostOverflow};

/// The cost of a transaction and of its receipt.
pub(in crate::runtime) struct TransactionCost {
    /// The gas and compute burnt at conversion.
    pub burnt: ParameterCost,
    /// The price at which the gas of the receipt is bought, in yoctoNEAR.
    pub receipt_gas_price: Balance,
    /// The tokens burnt at conversion, in yoctoNEAR.
    pub burnt_amount: Balance,
    /// The price of all gas, in yoctoNEAR.
    pub gas: Balance,
    /// The sum of the deposits, in yoctoNEAR.
    pub deposits: Balance,
    /// The sum of both, in yoctoNEAR.
    pub total: Balance,
}

/// Returns the cost of a transaction at this price of gas.
pub(super) fn transaction_cost(
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
