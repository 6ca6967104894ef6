//! The conversion of a [`TxStatus`] into receipts.

use std::collections::{BTreeMap, BTreeSet};

use near_primitives::hash::CryptoHash;
use near_primitives::types::{Balance, Gas};
use near_primitives::views::{
    ExecutionOutcomeWithIdView, ExecutionStatusView, ReceiptEnumView, ReceiptView,
};

use super::charge::charge;
use super::local_receipt::local_receipt;
use crate::action;
use crate::error::TraceError;
use crate::gas::price;
use crate::order::Order;
use crate::receipt::{Charge, Failure, Input, Receipt, Refund, RefundKind};
use crate::tx_status::TxStatus;

/// The lookup tables for reading a [`TxStatus`].
pub(super) struct Reader<'a> {
    status: &'a TxStatus,
    order: &'a Order,
    outcomes: BTreeMap<CryptoHash, &'a ExecutionOutcomeWithIdView>,
    receipts: BTreeMap<CryptoHash, ReceiptView>,
    /// The numbers of the receipts, without refunds.
    numbers: BTreeMap<CryptoHash, usize>,
    /// The number of the receipt that sends each data id. If a call returned a promise, the receipt of the promise
    /// sends the data.
    senders: BTreeMap<CryptoHash, usize>,
}

/// The result of a receipt, and the id of the receipt from which its result comes.
type ReceiptResult = (Result<Vec<u8>, Failure>, Option<CryptoHash>);

impl<'a> Reader<'a> {
    /// Builds the lookup tables.
    pub(super) fn new(status: &'a TxStatus, order: &'a Order) -> Result<Self, TraceError> {
        let outcomes = status.final_outcome.receipts_outcome.iter();
        let mut receipts: BTreeMap<_, _> = status
            .receipts
            .iter()
            .map(|receipt| (receipt.receipt_id, receipt.clone()))
            .collect();
        if let Some(local) = local_receipt(status) {
            receipts.entry(local.receipt_id).or_insert(local);
        }
        let mut reader = Self {
            status,
            order,
            outcomes: outcomes.map(|outcome| (outcome.id, outcome)).collect(),
            receipts,
            numbers: BTreeMap::new(),
            senders: BTreeMap::new(),
        };
        for (index, id) in reader.in_order_of_execution()?.into_iter().enumerate() {
            let number = index + 1;
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

    /// Returns the executed receipts of the transaction in the order of execution, without refunds.
    fn in_order_of_execution(&self) -> Result<Vec<CryptoHash>, TraceError> {
        let transaction = &self.status.final_outcome.transaction_outcome;
        let mut found = BTreeSet::new();
        let mut to_visit: Vec<_> = self.executed(transaction).collect();
        while let Some(id) = to_visit.pop() {
            if !self.receipt(&id)?.predecessor_id.is_system()
                && found.insert((self.order.position(&id)?, id))
            {
                to_visit.extend(self.executed(self.outcome(&id)?));
            }
        }
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    /// Reads all receipts, in the order of execution.
    pub(super) fn receipts(&self) -> Result<Vec<Receipt>, TraceError> {
        let mut numbered: Vec<_> = self.numbers.iter().collect();
        numbered.sort_unstable_by_key(|(_, number)| **number);
        let read = numbered.iter().map(|(id, number)| self.read(id, **number));
        let mut receipts = read.collect::<Result<Vec<_>, _>>()?;
        if !receipts.iter().all(is_in_order) {
            return Err(TraceError::OutOfOrder);
        }
        for index in 0..receipts.len() {
            let number = receipts[index].number;
            for child in receipts[index].children.clone() {
                receipts[child - 1].parent = Some(number);
            }
            for awaited in receipts[index].awaited_receipts().collect::<Vec<_>>() {
                receipts[awaited - 1].awaited_by.push(number);
            }
        }
        Ok(receipts)
    }

    /// Reads one receipt. Its parent and the callbacks that wait for it are not known yet.
    fn read(&self, id: &CryptoHash, number: usize) -> Result<Receipt, TraceError> {
        let receipt = self.receipt(id)?;
        let outcome = self.outcome(id)?;
        let (result, returned) = result(outcome)?;
        let mut read = Receipt {
            id: *id,
            number,
            predecessor: receipt.predecessor_id.clone(),
            receiver: receipt.receiver_id.clone(),
            actions: Vec::new(),
            position: self.order.position(id)?,
            parent: None,
            children: self.children(outcome),
            inputs: Vec::new(),
            awaited_by: Vec::new(),
            result,
            result_from: returned.and_then(|id| self.numbers.get(&id).copied()),
            pending_result_from: returned.filter(|id| !self.outcomes.contains_key(id)),
            pending: self.pending(outcome).collect(),
            logs: outcome.outcome.logs.clone(),
            gas_burnt: outcome.outcome.gas_burnt,
            gas_unspent: Gas::ZERO,
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
        read.gas_unspent = read.computed_gas_unspent();
        Ok(read)
    }

    /// Returns the receipts that an outcome created and that were executed, refunds included.
    fn executed(&self, outcome: &ExecutionOutcomeWithIdView) -> impl Iterator<Item = CryptoHash> {
        let ids = outcome.outcome.receipt_ids.iter().copied();
        ids.filter(|id| self.outcomes.contains_key(id))
    }

    /// Returns the receipts that an outcome created and that were not executed yet, refunds included.
    pub(super) fn pending(
        &self,
        outcome: &ExecutionOutcomeWithIdView,
    ) -> impl Iterator<Item = CryptoHash> {
        let ids = outcome.outcome.receipt_ids.iter().copied();
        ids.filter(|id| !self.outcomes.contains_key(id))
    }

    /// Returns the numbers of the receipts that an outcome created, without refunds.
    fn children(&self, outcome: &ExecutionOutcomeWithIdView) -> Vec<usize> {
        let ids = outcome.outcome.receipt_ids.iter();
        let mut children: Vec<_> = ids.filter_map(|id| self.numbers.get(id).copied()).collect();
        children.sort_unstable();
        children
    }

    /// Returns the input with this data id.
    fn input(&self, data_id: &CryptoHash, is_yield: bool) -> Result<Input, TraceError> {
        match self.senders.get(data_id) {
            _ if is_yield => Ok(Input::YieldResume),
            Some(number) => Ok(Input::PromiseResult(*number)),
            None => Err(TraceError::MissingDataSender(*data_id)),
        }
    }

    /// Reads the refunds that a receipt caused.
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
            let (refunded, _) = result(self.outcome(id)?)?;
            refunds.push(Refund {
                // The signer of a gas refund is the account that paid for the gas, the signer of all others is `system`
                // (`Receipt::new_gas_refund` and `Receipt::new_balance_refund` in near-primitives).
                kind: match (signer_id.is_system(), parent.succeeded()) {
                    (false, _) => RefundKind::Gas,
                    (true, false) => RefundKind::Deposit,
                    (true, true) => RefundKind::Beneficiary,
                },
                amount: action::total_deposit(actions),
                to: receipt.receiver_id.clone(),
                position: self.order.position(id)?,
                is_lost: refunded.is_err(),
            });
        }
        Ok(refunds)
    }

    /// Returns the charge of a receipt. The gas price of its block is not known: the price at which the transaction
    /// was burnt stands for it.
    fn charge(
        &self,
        receipt: &ReceiptView,
        outcome: &ExecutionOutcomeWithIdView,
    ) -> Option<Charge> {
        let transaction = &self.status.final_outcome.transaction_outcome.outcome;
        let block_price = price(transaction.tokens_burnt, transaction.gas_burnt);
        charge(receipt, outcome, block_price)
    }

    fn receipt(&self, id: &CryptoHash) -> Result<&ReceiptView, TraceError> {
        self.receipts.get(id).ok_or(TraceError::MissingReceipt(*id))
    }

    fn outcome(&self, id: &CryptoHash) -> Result<&'a ExecutionOutcomeWithIdView, TraceError> {
        self.outcomes
            .get(id)
            .copied()
            .ok_or(TraceError::MissingOutcome(*id))
    }
}

/// Returns the result of an outcome, and the receipt of the promise that the call returned.
fn result(outcome: &ExecutionOutcomeWithIdView) -> Result<ReceiptResult, TraceError> {
    match &outcome.outcome.status {
        ExecutionStatusView::SuccessValue(value) => Ok((Ok(value.clone()), None)),
        ExecutionStatusView::SuccessReceiptId(id) => Ok((Ok(Vec::new()), Some(*id))),
        ExecutionStatusView::Failure(error) => Ok((Err(error.into()), None)),
        ExecutionStatusView::Unknown => Err(TraceError::MissingOutcome(outcome.id)),
    }
}

/// Returns true if a receipt ran after the receipts for which it waited, and before the receipts that it created.
fn is_in_order(receipt: &Receipt) -> bool {
    let mut later = receipt.children.iter().chain(&receipt.result_from);
    later.all(|other| *other > receipt.number)
        && receipt
            .awaited_receipts()
            .all(|other| other < receipt.number)
}
