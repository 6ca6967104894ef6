//! Reads a transaction from what a node answers.

use std::collections::{BTreeMap, BTreeSet};

use near_primitives::hash::CryptoHash;
use near_primitives::types::{Balance, Gas};
use near_primitives::views::{
    ActionView, ExecutionOutcomeWithIdView, ExecutionStatusView, ReceiptEnumView, ReceiptView,
};

use crate::action;
use crate::gas::{cost, price, units};
use crate::order::Order;
use crate::receipt::{Charge, ChargeKind, Input, Receipt, Refund, RefundKind};
use crate::{Answer, TraceError};

/// What is looked up while an answer is read.
pub(super) struct Reader<'a> {
    answer: &'a Answer,
    order: &'a Order,
    outcomes: BTreeMap<CryptoHash, &'a ExecutionOutcomeWithIdView>,
    receipts: BTreeMap<CryptoHash, ReceiptView>,
    /// The numbers of the receipts that are no refunds.
    numbers: BTreeMap<CryptoHash, usize>,
    /// Which receipt sends which answer. Where one hands its answer over to another, the later one sends.
    senders: BTreeMap<CryptoHash, usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn of(answer: &'a Answer, order: &'a Order) -> Result<Self, TraceError> {
        let outcomes = answer.final_outcome.receipts_outcome.iter();
        let mut receipts: BTreeMap<_, _> = answer
            .receipts
            .iter()
            .map(|receipt| (receipt.receipt_id, receipt.clone()))
            .collect();
        if let Some(local) = local_receipt(answer) {
            receipts.entry(local.receipt_id).or_insert(local);
        }
        let mut reader = Self {
            answer,
            order,
            outcomes: outcomes.map(|outcome| (outcome.id, outcome)).collect(),
            receipts,
            numbers: BTreeMap::new(),
            senders: BTreeMap::new(),
        };
        for (place, id) in reader.in_order_of_execution()?.into_iter().enumerate() {
            let number = place + 1;
            reader.numbers.insert(id, number);
            let Some(receipt) = reader.receipts.get(&id) else {
                continue;
            };
            if let ReceiptEnumView::Action {
                output_data_receivers,
                ..
            } = &receipt.receipt
            {
                let sent = output_data_receivers.iter().map(|to| (to.data_id, number));
                reader.senders.extend(sent);
            }
        }
        Ok(reader)
    }

    /// The receipts below the transaction, without refunds.
    fn in_order_of_execution(&self) -> Result<Vec<CryptoHash>, TraceError> {
        let transaction = &self.answer.final_outcome.transaction_outcome;
        let mut found = BTreeSet::new();
        let mut to_visit: Vec<_> = self.executed(transaction).collect();
        while let Some(id) = to_visit.pop() {
            if !self.receipt(&id)?.predecessor_id.is_system()
                && found.insert((self.order.moment(&id)?, id))
            {
                to_visit.extend(self.executed(self.outcome(&id)?));
            }
        }
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    pub(super) fn receipts(&self) -> Result<Vec<Receipt>, TraceError> {
        let mut numbered: Vec<_> = self.numbers.iter().collect();
        numbered.sort_unstable_by_key(|(_, number)| **number);
        let read = numbered.iter().map(|(id, number)| self.read(id, **number));
        let mut receipts = read.collect::<Result<Vec<_>, _>>()?;
        if !receipts.iter().all(is_in_order) {
            return Err(TraceError::OutOfOrder);
        }
        for place in 0..receipts.len() {
            let number = receipts[place].number;
            for child in receipts[place].children.clone() {
                receipts[child - 1].parent = Some(number);
            }
            let waited_for: Vec<_> = receipts[place].senders().collect();
            for sender in waited_for {
                receipts[sender - 1].read_by.push(number);
            }
        }
        Ok(receipts)
    }

    fn read(&self, id: &CryptoHash, number: usize) -> Result<Receipt, TraceError> {
        let receipt = self.receipt(id)?;
        let outcome = self.outcome(id)?;
        let answer = Receipt::answer_of(&outcome.outcome.status, id)?;
        let mut read = Receipt {
            id: *id,
            number,
            predecessor: receipt.predecessor_id.clone(),
            receiver: receipt.receiver_id.clone(),
            actions: Vec::new(),
            moment: self.order.moment(id)?,
            parent: None,
            children: self.children(outcome),
            inputs: Vec::new(),
            read_by: Vec::new(),
            answer: answer.value,
            answer_of: answer.receipt.and_then(|id| self.numbers.get(&id).copied()),
            awaited: answer.receipt.filter(|id| !self.outcomes.contains_key(id)),
            pending: self.pending(outcome).collect(),
            logs: outcome.outcome.logs.clone(),
            gas_burnt: outcome.outcome.gas_burnt,
            gas_left_over: Gas::ZERO,
            gas_price: Balance::ZERO,
            tokens_burnt: outcome.outcome.tokens_burnt,
            charge: None,
            refunds: Vec::new(),
        };
        if let ReceiptEnumView::Action {
            actions,
            input_data_ids,
            is_promise_yield,
            gas_price,
            ..
        } = &receipt.receipt
        {
            read.actions.clone_from(actions);
            read.gas_price = *gas_price;
            let inputs = input_data_ids.iter();
            read.inputs = inputs
                .map(|id| self.input(id, *is_promise_yield))
                .collect::<Result<_, _>>()?;
        }
        read.charge = self.charge(receipt, outcome);
        read.refunds = self.refunds(outcome, &read)?;
        read.gas_left_over = read.left_over();
        Ok(read)
    }

    /// The receipts that an outcome made and that have run, refunds among them.
    fn executed(&self, outcome: &ExecutionOutcomeWithIdView) -> impl Iterator<Item = CryptoHash> {
        let ids = outcome.outcome.receipt_ids.iter().copied();
        ids.filter(|id| self.outcomes.contains_key(id))
    }

    /// Those that did not run yet.
    pub(super) fn pending(
        &self,
        outcome: &ExecutionOutcomeWithIdView,
    ) -> impl Iterator<Item = CryptoHash> {
        let ids = outcome.outcome.receipt_ids.iter().copied();
        ids.filter(|id| !self.outcomes.contains_key(id))
    }

    fn children(&self, outcome: &ExecutionOutcomeWithIdView) -> Vec<usize> {
        let ids = outcome.outcome.receipt_ids.iter();
        let mut children: Vec<_> = ids.filter_map(|id| self.numbers.get(id).copied()).collect();
        children.sort_unstable();
        children
    }

    fn input(&self, data_id: &CryptoHash, is_yield: bool) -> Result<Input, TraceError> {
        match self.senders.get(data_id) {
            _ if is_yield => Ok(Input::Resumed),
            Some(number) => Ok(Input::Answer(*number)),
            None => Err(TraceError::NoSender(*data_id)),
        }
    }

    fn refunds(
        &self,
        outcome: &ExecutionOutcomeWithIdView,
        parent: &Receipt,
    ) -> Result<Vec<Refund>, TraceError> {
        let mut refunds = Vec::new();
        for id in &self.executed(outcome).collect::<Vec<_>>() {
            let receipt = self.receipt(id)?;
            if !receipt.predecessor_id.is_system() {
                continue;
            }
            let ReceiptEnumView::Action {
                actions, signer_id, ..
            } = &receipt.receipt
            else {
                continue;
            };
            let came = self.outcome(id)?;
            refunds.push(Refund {
                // A refund of gas is signed by whoever paid for it, all others by the chain itself
                // (`Receipt::new_gas_refund` and `new_balance_refund` of near-primitives).
                kind: match (signer_id.is_system(), parent.succeeded()) {
                    (false, _) => RefundKind::Gas,
                    (true, false) => RefundKind::Deposit,
                    (true, true) => RefundKind::Inheritance,
                },
                amount: action::deposits(actions),
                to: receipt.receiver_id.clone(),
                moment: self.order.moment(id)?,
                is_lost: Receipt::answer_of(&came.outcome.status, id)?.value.is_err(),
            });
        }
        Ok(refunds)
    }

    /// Returns the price that was paid beside gas: the rest of the tokens that were burnt. The price of gas
    /// is taken for the one at which the transaction itself was burnt, or for that of the purchase where it is lower.
    fn charge(
        &self,
        receipt: &ReceiptView,
        outcome: &ExecutionOutcomeWithIdView,
    ) -> Option<Charge> {
        let transaction = &self.answer.final_outcome.transaction_outcome.outcome;
        let block_price = price(transaction.tokens_burnt, transaction.gas_burnt);
        charge(receipt, outcome, block_price)
    }

    fn receipt(&self, id: &CryptoHash) -> Result<&ReceiptView, TraceError> {
        self.receipts.get(id).ok_or(TraceError::NoReceipt(*id))
    }

    fn outcome(&self, id: &CryptoHash) -> Result<&'a ExecutionOutcomeWithIdView, TraceError> {
        self.outcomes
            .get(id)
            .copied()
            .ok_or(TraceError::NoOutcome(*id))
    }
}

/// Whether a receipt ran after what it waited for, and before what it made.
fn is_in_order(receipt: &Receipt) -> bool {
    let mut later = receipt.children.iter().chain(&receipt.answer_of);
    later.all(|other| *other > receipt.number)
        && receipt.senders().all(|other| other < receipt.number)
}

/// Returns the price that was paid beside gas. A unit of gas was burnt for the lower one of the receipt's price and
/// the block's.
///
/// A new account is charged for only where metadata has the version 4: before, tokens were burnt for gas that was
/// left over as well (NEP-536), and the two cannot be told from each other.
fn charge(
    receipt: &ReceiptView,
    outcome: &ExecutionOutcomeWithIdView,
    block_price: Balance,
) -> Option<Charge> {
    const CHARGES_FOR_ACCOUNTS: u32 = 4;

    let ReceiptEnumView::Action {
        actions, gas_price, ..
    } = &receipt.receipt
    else {
        return None;
    };
    let outcome = &outcome.outcome;
    if matches!(outcome.status, ExecutionStatusView::Failure(_)) {
        return None;
    }
    let kind = if actions.iter().any(action::deploys_globally) {
        ChargeKind::GlobalContract
    } else if outcome.metadata.version >= CHARGES_FOR_ACCOUNTS && may_create(receipt, actions) {
        ChargeKind::NewAccount
    } else {
        return None;
    };
    let price = block_price.min(*gas_price);
    let amount = outcome
        .tokens_burnt
        .saturating_sub(cost(price, outcome.gas_burnt));
    (!amount.is_zero()).then_some(Charge { kind, amount })
}

/// Returns true where actions may create the account on which they run. A transfer does so where the name of the
/// account is made of a key or a state, and nothing else is in the receipt.
fn may_create(receipt: &ReceiptView, actions: &[ActionView]) -> bool {
    match actions {
        [ActionView::Transfer { .. }] => receipt.receiver_id.get_account_type().is_implicit(),
        _ => actions.iter().any(|action| {
            matches!(
                action,
                ActionView::CreateAccount
                    | ActionView::DeterministicStateInit { .. }
                    | ActionView::UniversalStateInit { .. }
            )
        }),
    }
}

/// The first receipt where the signer is the receiver: a node makes it out of the transaction, and does
/// not keep it.
fn local_receipt(answer: &Answer) -> Option<ReceiptView> {
    let outcome = &answer.final_outcome;
    let signed = &outcome.transaction;
    let [id] = outcome.transaction_outcome.outcome.receipt_ids[..] else {
        return None;
    };
    Some(ReceiptView {
        predecessor_id: signed.signer_id.clone(),
        receiver_id: signed.receiver_id.clone(),
        receipt_id: id,
        receipt: ReceiptEnumView::Action {
            signer_id: signed.signer_id.clone(),
            signer_public_key: signed.public_key.clone(),
            gas_price: price_of_local_receipt(answer, &id),
            output_data_receivers: Vec::new(),
            input_data_ids: Vec::new(),
            actions: signed.actions.clone(),
            is_promise_yield: false,
            refund_to: None,
        },
        _priority: 0,
    })
}

/// For how much the gas of a local receipt was bought, which no node tells.
///
/// Its children would tell, for they inherit the price. Without children it is the price of the block, or
/// the least price at which gas is sold (`min_gas_purchase_price` in near-parameters, 10^9 yoctoNEAR a
/// unit). Of these, it is the one at which the gas that was paid for comes closest to the gas that was
/// attached, for the rest are fees.
fn price_of_local_receipt(answer: &Answer, id: &CryptoHash) -> Balance {
    const LEAST: Balance = Balance::from_yoctonear(1_000_000_000);

    let outcomes = &answer.final_outcome.receipts_outcome;
    let Some(outcome) = outcomes.iter().find(|outcome| outcome.id == *id) else {
        return Balance::ZERO;
    };
    let made = |receipt: &&ReceiptView| outcome.outcome.receipt_ids.contains(&receipt.receipt_id);
    let mut paid = outcome.outcome.tokens_burnt;
    for child in answer.receipts.iter().filter(made) {
        if let ReceiptEnumView::Action {
            gas_price,
            actions,
            signer_id,
            ..
        } = &child.receipt
        {
            if !child.predecessor_id.is_system() {
                return *gas_price;
            }
            if !signer_id.is_system() {
                paid = paid.saturating_add(action::deposits(actions));
            }
        }
    }
    let transaction = &answer.final_outcome.transaction_outcome.outcome;
    let block_price = price(transaction.tokens_burnt, transaction.gas_burnt);
    let attached = action::attached_gas(&answer.final_outcome.transaction.actions);
    let fees_at = |price: &Balance| {
        units(paid, *price)
            .filter(|bought| *bought >= outcome.outcome.gas_burnt)?
            .checked_sub(attached)
    };
    let prices = [block_price, LEAST.max(block_price)];
    let known = prices.into_iter().filter(|price| fees_at(price).is_some());
    known.min_by_key(fees_at).unwrap_or(block_price)
}
