//! A transaction that has run: its receipts in the order in which they ran, and how they hang together.

use std::collections::{BTreeMap, BTreeSet};

use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::{
    ActionView, ExecutionOutcomeWithIdView, FinalExecutionStatus, ReceiptEnumView, ReceiptView,
};

use crate::action;
use crate::gas::{price, units};
use crate::order::{Moment, Order};
use crate::receipt::{Failure, Input, Receipt, Refund, RefundKind};
use crate::{Answer, TraceError};

/// A transaction, and all that came of it.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// Its hash.
    pub hash: CryptoHash,
    /// Who signed it, and pays for the gas.
    pub signer: AccountId,
    /// Whom it is for.
    pub receiver: AccountId,
    /// What was signed.
    pub actions: Vec<ActionView>,
    /// When it became a receipt.
    pub moment: Moment,
    /// What it burnt to become a receipt.
    pub gas_burnt: Gas,
    /// What was paid for that.
    pub tokens_burnt: Balance,
    /// What it ended with: the value or the failure at the end of the answers.
    pub end: Result<Vec<u8>, Failure>,
    /// The receipts in the order of execution, without refunds.
    receipts: Vec<Receipt>,
}

impl Transaction {
    /// Reads what a node answered to `EXPERIMENTAL_tx_status`.
    ///
    /// The answer names blocks by their hashes alone, so they are ordered by what made what, and counted
    /// without gaps. Who knows more gives it to [`Transaction::in_order`].
    ///
    /// # Errors
    /// The transaction is under way, or the answer does not hold together.
    pub fn of(answer: &Answer) -> Result<Self, TraceError> {
        Self::in_order(answer, &Order::derived(answer, &BTreeMap::new())?)
    }

    /// Reads the answer where the order of execution is known.
    ///
    /// # Errors
    /// As for [`Transaction::of`].
    pub fn in_order(answer: &Answer, order: &Order) -> Result<Self, TraceError> {
        let recorded = &answer.final_outcome;
        let outcome = &recorded.transaction_outcome.outcome;
        let end = match &recorded.status {
            FinalExecutionStatus::SuccessValue(value) => Ok(value.clone()),
            FinalExecutionStatus::Failure(error) => Err(Failure::of(error)),
            FinalExecutionStatus::NotStarted | FinalExecutionStatus::Started => {
                return Err(TraceError::UnderWay(recorded.transaction.hash));
            }
        };
        Ok(Self {
            hash: recorded.transaction.hash,
            signer: recorded.transaction.signer_id.clone(),
            receiver: recorded.transaction.receiver_id.clone(),
            actions: recorded.transaction.actions.clone(),
            moment: order.moment(&recorded.transaction_outcome.id)?,
            gas_burnt: outcome.gas_burnt,
            tokens_burnt: outcome.tokens_burnt,
            end,
            receipts: Reader::of(answer, order)?.receipts()?,
        })
    }

    /// The receipts in the order of execution, without refunds. The number of a receipt is its place
    /// here, counted from 1.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    /// The receipt of this number.
    ///
    /// # Panics
    /// There is none: numbers come from the receipts themselves.
    pub fn receipt(&self, number: usize) -> &Receipt {
        &self.receipts[number - 1]
    }

    /// The block of a moment, counted from the transaction's.
    pub fn block(&self, moment: Moment) -> u64 {
        moment.height.saturating_sub(self.moment.height)
    }

    /// Every refund, in the order of the receipts that made them.
    pub fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.receipts.iter().flat_map(|receipt| &receipt.refunds)
    }

    /// The gas that was burnt by the transaction and all its receipts.
    pub fn total_gas_burnt(&self) -> Gas {
        let receipts = self.receipts.iter().map(|receipt| receipt.gas_burnt);
        receipts.fold(self.gas_burnt, Gas::saturating_add)
    }

    /// What was burnt, in tokens, by the transaction and all its receipts.
    pub fn total_tokens_burnt(&self) -> Balance {
        let receipts = self.receipts.iter().map(|receipt| receipt.tokens_burnt);
        receipts.fold(self.tokens_burnt, Balance::saturating_add)
    }

    /// Whether an account came to be, which costs more than gas.
    pub fn creates_an_account(&self) -> bool {
        let creates = |action: &ActionView| matches!(action, ActionView::CreateAccount);
        self.receipts
            .iter()
            .any(|receipt| receipt.succeeded() && receipt.actions.iter().any(creates))
    }

    /// The receipts whose answers make up the end of the transaction: the first one, and those that
    /// answer in another's place.
    pub fn answering(&self) -> Vec<usize> {
        let mut numbers = Vec::new();
        let mut next = self.receipts.first().map(|receipt| receipt.number);
        while let Some(number) = next {
            numbers.push(number);
            next = self.receipt(number).answer_of;
        }
        numbers
    }

    /// The receipts that failed, and nobody took notice: no callback waited for their answers, and the
    /// transaction does not end with them.
    pub fn unnoticed_failures(&self) -> Vec<usize> {
        let answering = self.answering();
        let unnoticed = |receipt: &&Receipt| {
            !receipt.succeeded()
                && receipt.read_by.is_empty()
                && !answering.contains(&receipt.number)
        };
        let receipts = self.receipts.iter().filter(unnoticed);
        receipts.map(|receipt| receipt.number).collect()
    }
}

/// What is looked up while an answer is read.
struct Reader<'a> {
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
    fn of(answer: &'a Answer, order: &'a Order) -> Result<Self, TraceError> {
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
        let mut to_visit = transaction.outcome.receipt_ids.clone();
        while let Some(id) = to_visit.pop() {
            if !self.receipt(&id)?.predecessor_id.is_system()
                && found.insert((self.order.moment(&id)?, id))
            {
                to_visit.extend(&self.outcome(&id)?.outcome.receipt_ids);
            }
        }
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    fn receipts(&self) -> Result<Vec<Receipt>, TraceError> {
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
            logs: outcome.outcome.logs.clone(),
            gas_burnt: outcome.outcome.gas_burnt,
            gas_left_over: Gas::ZERO,
            gas_price: Balance::ZERO,
            tokens_burnt: outcome.outcome.tokens_burnt,
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
        read.refunds = self.refunds(outcome, &read)?;
        read.gas_left_over = read.left_over();
        Ok(read)
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
        for id in &outcome.outcome.receipt_ids {
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
    let mut refunded = Balance::ZERO;
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
                refunded = action::deposits(actions);
            }
        }
    }
    let transaction = &answer.final_outcome.transaction_outcome.outcome;
    let block_price = price(transaction.tokens_burnt, transaction.gas_burnt);
    let attached = action::attached_gas(&answer.final_outcome.transaction.actions);
    let paid = refunded.saturating_add(outcome.outcome.tokens_burnt);
    let fees_at = |price: &Balance| {
        units(paid, *price)
            .filter(|bought| *bought >= outcome.outcome.gas_burnt)?
            .checked_sub(attached)
    };
    let prices = [block_price, LEAST.max(block_price)];
    let known = prices.into_iter().filter(|price| fees_at(price).is_some());
    known.min_by_key(fees_at).unwrap_or(block_price)
}
