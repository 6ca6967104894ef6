//! A transaction that has run, or is under way: its receipts in the order in which they ran, and how they hang
//! together.

mod reader;

use std::collections::BTreeMap;

use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::{ActionView, FinalExecutionStatus};

use crate::order::{Moment, Order};
use crate::receipt::{Failure, Receipt, Refund, RefundKind};
use crate::{Answer, TraceError};
use reader::Reader;

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
    pub end: End,
    /// Its first receipt, where that did not run yet.
    pub(crate) pending: Option<CryptoHash>,
    /// The receipts in the order of execution, without refunds.
    receipts: Vec<Receipt>,
}

/// The end of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It succeeded, with a value.
    Value(Vec<u8>),
    /// It failed.
    Failure(Failure),
    /// A receipt whose answer is the transaction's did not run yet.
    Pending,
}

impl End {
    /// Returns true where the transaction succeeded.
    pub fn is_ok(&self) -> bool {
        matches!(self, Self::Value(_))
    }
}

/// A failure that nobody handles.
#[derive(Debug, Clone, Copy)]
pub enum Unhandled<'a> {
    /// A receipt failed, no callback waited for its answer, and the transaction does not end with it.
    Receipt(&'a Receipt),
    /// Money went to an account that is not there, and is burnt.
    Lost(&'a Refund),
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

    /// Reads the answer as far as the transaction has come: some of its receipts may still have to run.
    ///
    /// # Errors
    /// The transaction itself did not run yet, or the answer does not hold together.
    pub fn so_far(answer: &Answer, order: &Order) -> Result<Self, TraceError> {
        let recorded = &answer.final_outcome;
        let outcome = &recorded.transaction_outcome.outcome;
        let end = match &recorded.status {
            FinalExecutionStatus::SuccessValue(value) => End::Value(value.clone()),
            FinalExecutionStatus::Failure(error) => End::Failure(Failure::of(error)),
            FinalExecutionStatus::NotStarted => {
                return Err(TraceError::UnderWay(recorded.transaction.hash));
            }
            FinalExecutionStatus::Started => End::Pending,
        };
        let reader = Reader::of(answer, order)?;
        Ok(Self {
            hash: recorded.transaction.hash,
            signer: recorded.transaction.signer_id.clone(),
            receiver: recorded.transaction.receiver_id.clone(),
            actions: recorded.transaction.actions.clone(),
            moment: order.moment(&recorded.transaction_outcome.id)?,
            gas_burnt: outcome.gas_burnt,
            tokens_burnt: outcome.tokens_burnt,
            end,
            pending: reader.pending(&recorded.transaction_outcome).next(),
            receipts: reader.receipts()?,
        })
    }

    /// Reads the answer where the order of execution is known.
    ///
    /// # Errors
    /// As for [`Transaction::of`].
    pub fn in_order(answer: &Answer, order: &Order) -> Result<Self, TraceError> {
        let transaction = Self::so_far(answer, order)?;
        if transaction.end == End::Pending {
            return Err(TraceError::UnderWay(transaction.hash));
        }
        if let Some(id) = transaction.pending().next() {
            return Err(TraceError::NoOutcome(*id));
        }
        Ok(transaction)
    }

    /// The receipts that did not run yet, among them refunds.
    pub fn pending(&self) -> impl Iterator<Item = &CryptoHash> {
        let made = self.receipts.iter().flat_map(|receipt| &receipt.pending);
        self.pending.iter().chain(made)
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

    /// Returns the price of the bytes of global contracts, which is part of what was burnt.
    pub fn code_price(&self) -> Balance {
        let receipts = self.receipts.iter();
        total(receipts.map(Receipt::code_price))
    }

    /// Returns the signer's payment for gas and new accounts, which never comes back: what was burnt for it, and
    /// what was sent back when there was nobody to take it.
    pub fn paid_for_gas(&self) -> Balance {
        let burnt = self.total_tokens_burnt().saturating_sub(self.code_price());
        burnt.saturating_add(self.lost_gas())
    }

    /// The gas refunds that nobody was there to take.
    pub(crate) fn lost_gas(&self) -> Balance {
        let of_gas = self.lost().filter(|refund| refund.kind == RefundKind::Gas);
        total(of_gas.map(|refund| refund.amount))
    }

    /// Returns the payments that there was nobody to take: they are burnt.
    pub fn lost(&self) -> impl Iterator<Item = &Refund> {
        self.refunds().filter(|refund| refund.is_lost)
    }

    /// The accounts that were not there before, as far as that is known.
    pub fn new_accounts(&self) -> Vec<&AccountId> {
        let receipts = self.receipts.iter();
        receipts.filter_map(Receipt::new_account).collect()
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

    /// The failures that nobody handles: receipts that failed while no callback waited for their answers and the
    /// transaction does not end with them, and money that is lost.
    pub fn unhandled_failures(&self) -> Vec<Unhandled<'_>> {
        let answering = self.answering();
        let is_unhandled = |receipt: &&Receipt| {
            !receipt.succeeded()
                && receipt.read_by.is_empty()
                && !answering.contains(&receipt.number)
        };
        let receipts = self.receipts.iter().filter(is_unhandled);
        receipts
            .map(Unhandled::Receipt)
            .chain(self.lost().map(Unhandled::Lost))
            .collect()
    }
}

fn total(amounts: impl Iterator<Item = Balance>) -> Balance {
    amounts.fold(Balance::ZERO, Balance::saturating_add)
}
