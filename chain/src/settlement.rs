//! What a receipt leaves behind (SPEC.md §2.7): gas that is burnt, refunds, the result for those who
//! wait for it, and its outcome.

use near_parameters::ActionCosts;
use near_primitives::errors::TxExecutionError;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{
    DataReceipt, DataReceiver, Receipt, ReceiptEnum, ReceiptV0, VersionedReceiptEnum,
};
use near_primitives::transaction::{
    ExecutionMetadata, ExecutionMetadataV4, ExecutionOutcome, ExecutionOutcomeWithId,
    ExecutionStatus,
};
use near_primitives::types::{Balance, Gas};
use near_primitives::utils::create_receipt_id_from_receipt_id;

use crate::actions::{Effects, ReceiptContext, Returned};
use crate::fees;
use crate::receipt::Run;
use crate::runtime::Runtime;

impl Runtime<'_> {
    pub(crate) fn settle(
        &mut self,
        context: &ReceiptContext,
        run: Run,
        created: bool,
        output_data_receivers: &[DataReceiver],
    ) -> Settled {
        let Run {
            mut effects,
            contracts,
            error,
        } = run;
        let mut tokens_burnt = effects.tokens_burnt;
        if !context.is_refund() {
            let money = self.settle_gas(context, &effects, error.is_some(), created);
            tokens_burnt = tokens_burnt.saturating_add(money.burnt);
            effects
                .new_receipts
                .extend(self.refunds(context, error.is_some(), money.refund));
        } else if error.is_some() {
            // A refund that nobody can take is lost.
            let lost = fees::deposits(context.actions).unwrap_or(Balance::ZERO);
            self.lost = self.lost.saturating_add(lost);
        }
        self.subsidized = self.subsidized.saturating_add(effects.subsidized);
        send_output(
            context,
            &mut effects,
            error.is_some(),
            output_data_receivers,
        );
        let ids = self.assign_ids(context, &mut effects.new_receipts);
        let status = match (error, effects.returned) {
            (Some(error), _) => ExecutionStatus::Failure(TxExecutionError::ActionError(error)),
            (None, Returned::Value(value)) => ExecutionStatus::SuccessValue(value),
            (None, Returned::Receipt(index)) => ExecutionStatus::SuccessReceiptId(ids[index]),
        };
        let outcome = ExecutionOutcome {
            logs: effects.logs,
            receipt_ids: effects
                .new_receipts
                .iter()
                .filter(|receipt| has_outcome(receipt))
                .map(|receipt| *receipt.receipt_id())
                .collect(),
            gas_burnt: effects.gas_burnt,
            compute_usage: Some(effects.compute),
            tokens_burnt,
            executor_id: context.account_id.clone(),
            status,
            metadata: ExecutionMetadata::V4(Box::new(ExecutionMetadataV4 {
                profile: effects.profile,
                contracts,
            })),
        };
        Settled {
            outcome: ExecutionOutcomeWithId {
                id: context.receipt_id,
                outcome,
            },
            new_receipts: effects.new_receipts,
        }
    }

    /// What of the gas that was bought is burnt, and what comes back.
    fn settle_gas(
        &self,
        context: &ReceiptContext,
        effects: &Effects,
        failed: bool,
        created: bool,
    ) -> Money {
        let config = self.env.config;
        let burn_price = context.gas_price.min(self.block.gas_price);
        let reserved = self.reserved_gas(context);
        let spent = if failed {
            effects.gas_burnt
        } else {
            effects.gas_used
        };
        let unspent = reserved.saturating_sub(spent);
        let penalty = config.fees.gas_penalty_for_gas_refund(unspent);
        let surplus = tokens(
            effects.gas_burnt,
            context.gas_price.saturating_sub(burn_price),
        );
        let charge = if created {
            self.creation_charge(burn_price).min(surplus)
        } else {
            Balance::ZERO
        };
        let refund = tokens(unspent.saturating_sub(penalty), context.gas_price)
            .saturating_add(surplus)
            .saturating_sub(charge);
        let burnt = tokens(effects.gas_burnt, burn_price)
            .saturating_add(tokens(penalty, context.gas_price))
            .saturating_add(charge);
        Money { burnt, refund }
    }

    fn reserved_gas(&self, context: &ReceiptContext) -> Gas {
        let config = self.env.config;
        let bought = "the gas of this receipt was bought with the same sum";
        let exec =
            fees::prepaid_exec_fee(config, context.actions, context.account_id).expect(bought);
        let send = fees::prepaid_send_fee(config, context.actions).expect(bought);
        fees::attached_gas(context.actions)
            .expect(bought)
            .saturating_add(fees::receipt_exec_fee(config).gas)
            .saturating_add(exec.gas)
            .saturating_add(send.gas)
    }

    /// What a new account costs beyond the gas of its action, yoctoNEAR.
    fn creation_charge(&self, burn_price: Balance) -> Balance {
        let action = ActionCosts::create_account;
        let gas = self.env.config.fees.fee(action).exec_fee().gas;
        self.env
            .config
            .account_creation_charge
            .saturating_sub(tokens(gas, burn_price))
    }

    fn refunds(&self, context: &ReceiptContext, failed: bool, gas: Balance) -> Vec<Receipt> {
        let mut refunds = Vec::new();
        let deposits = fees::deposits(context.actions).unwrap_or(Balance::ZERO);
        if failed && deposits > Balance::ZERO {
            refunds.push(Receipt::new_balance_refund(context.refund_to, deposits));
        }
        if gas > Balance::ZERO {
            let key = context.signer_public_key.clone();
            refunds.push(Receipt::new_gas_refund(context.signer_id, gas, key));
        }
        refunds
    }

    fn assign_ids(&self, context: &ReceiptContext, receipts: &mut [Receipt]) -> Vec<CryptoHash> {
        let height = self.block.height;
        let mut ids = Vec::with_capacity(receipts.len());
        for (index, receipt) in receipts.iter_mut().enumerate() {
            let id = create_receipt_id_from_receipt_id(&context.receipt_id, height, index);
            receipt.set_receipt_id(id);
            ids.push(id);
        }
        ids
    }
}

/// A receipt after its settlement.
pub(crate) struct Settled {
    pub outcome: ExecutionOutcomeWithId,
    pub new_receipts: Vec<Receipt>,
}

/// yoctoNEAR of a receipt's gas.
struct Money {
    burnt: Balance,
    refund: Balance,
}

/// The result goes to those who wait for it: by the receipt that was returned, or by data.
fn send_output(
    context: &ReceiptContext,
    effects: &mut Effects,
    failed: bool,
    receivers: &[DataReceiver],
) {
    if let (false, Returned::Receipt(index)) = (failed, &effects.returned) {
        let returned = &mut effects.new_receipts[*index];
        match returned.receipt_mut() {
            ReceiptEnum::Action(action_receipt) | ReceiptEnum::PromiseYield(action_receipt) => {
                action_receipt
                    .output_data_receivers
                    .extend_from_slice(receivers);
            }
            ReceiptEnum::ActionV2(action_receipt) | ReceiptEnum::PromiseYieldV2(action_receipt) => {
                action_receipt
                    .output_data_receivers
                    .extend_from_slice(receivers);
            }
            ReceiptEnum::Data(_)
            | ReceiptEnum::PromiseResume(_)
            | ReceiptEnum::GlobalContractDistribution(_) => {}
        }
        return;
    }
    let data = match (&effects.returned, failed) {
        (Returned::Value(value), false) => Some(value.clone()),
        _ => None,
    };
    effects
        .new_receipts
        .extend(receivers.iter().map(|receiver| {
            Receipt::V0(ReceiptV0 {
                predecessor_id: context.account_id.clone(),
                receiver_id: receiver.receiver_id.clone(),
                receipt_id: CryptoHash::default(),
                receipt: ReceiptEnum::Data(DataReceipt {
                    data_id: receiver.data_id,
                    data: data.clone(),
                }),
            })
        }));
}

/// Only receipts with actions end in an outcome.
fn has_outcome(receipt: &Receipt) -> bool {
    matches!(
        receipt.versioned_receipt(),
        VersionedReceiptEnum::Action(_) | VersionedReceiptEnum::PromiseYield(_)
    )
}

fn tokens(gas: Gas, price: Balance) -> Balance {
    price.saturating_mul(u128::from(gas.as_gas()))
}
