//! The settlement of a receipt's gas and deposits (`SPEC.md` §2.7).

use near_parameters::{ActionCosts, RuntimeConfig};
use near_primitives::receipt::Receipt;
use near_primitives::types::{Balance, Gas};

use super::action_result::ActionResult;
use super::apply_state::ApplyState;
use super::fees;
use super::receipt_context::ReceiptContext;

/// Adds the tokens of the burnt gas to the result, and the receipts that refund the rest. Refunds
/// themselves are not settled.
pub(super) fn settle(
    apply_state: &ApplyState,
    context: &ReceiptContext,
    result: &mut ActionResult,
    is_created: bool,
) {
    if context.is_refund() {
        return;
    }
    let gas = settle_gas(apply_state, context, result, is_created);
    result.tokens_burnt = result.tokens_burnt.saturating_add(gas.burnt);
    let deposits = total_deposit(context);
    if result.result.is_err() && deposits > Balance::ZERO {
        let refund = Receipt::new_balance_refund(context.refund_to, deposits);
        result.new_receipts.push(refund);
    }
    if gas.refund > Balance::ZERO {
        let key = context.signer_public_key.clone();
        let refund = Receipt::new_gas_refund(context.signer_id, gas.refund, key);
        result.new_receipts.push(refund);
    }
}

/// Returns the tokens of a refund that has failed: nobody gets them.
pub(super) fn lost_tokens(context: &ReceiptContext, result: &ActionResult) -> Balance {
    if context.is_refund() && result.result.is_err() {
        total_deposit(context)
    } else {
        Balance::ZERO
    }
}

/// The tokens of a receipt's gas, in yoctoNEAR.
struct GasTokens {
    burnt: Balance,
    refund: Balance,
}

fn settle_gas(
    apply_state: &ApplyState,
    context: &ReceiptContext,
    result: &ActionResult,
    is_created: bool,
) -> GasTokens {
    let config = apply_state.config;
    let burn_price = context.gas_price.min(apply_state.gas_price);
    let spent = if result.result.is_ok() {
        result.gas_used
    } else {
        result.gas_burnt
    };
    let unspent = reserved_gas(config, context).saturating_sub(spent);
    let penalty = config.fees.gas_penalty_for_gas_refund(unspent);
    let surplus = tokens(
        result.gas_burnt,
        context.gas_price.saturating_sub(burn_price),
    );
    let charge = if is_created {
        creation_charge(config, burn_price).min(surplus)
    } else {
        Balance::ZERO
    };
    let refund = tokens(unspent.saturating_sub(penalty), context.gas_price)
        .saturating_add(surplus)
        .saturating_sub(charge);
    let burnt = tokens(result.gas_burnt, burn_price)
        .saturating_add(tokens(penalty, context.gas_price))
        .saturating_add(charge);
    GasTokens { burnt, refund }
}

/// Returns the gas that was bought with the receipt.
fn reserved_gas(config: &RuntimeConfig, context: &ReceiptContext) -> Gas {
    let bought = "the gas of this receipt was bought with the same sum";
    let exec = fees::prepaid_exec_fee(config, context.actions, context.account_id).expect(bought);
    let send = fees::prepaid_send_fee(config, context.actions).expect(bought);
    fees::attached_gas(context.actions)
        .expect(bought)
        .saturating_add(fees::receipt_exec_fee(config).gas)
        .saturating_add(exec.gas)
        .saturating_add(send.gas)
}

/// Returns the price of a new account beyond the gas of its action, in yoctoNEAR.
fn creation_charge(config: &RuntimeConfig, burn_price: Balance) -> Balance {
    let gas = config.fees.fee(ActionCosts::create_account).exec_fee().gas;
    config
        .account_creation_charge
        .saturating_sub(tokens(gas, burn_price))
}

fn total_deposit(context: &ReceiptContext) -> Balance {
    fees::deposits(context.actions).unwrap_or(Balance::ZERO)
}

fn tokens(gas: Gas, price: Balance) -> Balance {
    price.saturating_mul(u128::from(gas.as_gas()))
}
