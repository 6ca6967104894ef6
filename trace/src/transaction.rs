//! A transaction with all its receipts, in the order of execution.

mod charge;
mod local_receipt;
mod reader;

use std::collections::BTreeMap;

use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::{ActionView, FinalExecutionStatus};
use reader::Reader;

use crate::error::TraceError;
use crate::order::{Order, Position};
use crate::receipt::{Failure, Receipt, Refund, RefundKind};
use crate::tx_status::TxStatus;

/// A transaction with all its receipts.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// The transaction hash.
    pub hash: CryptoHash,
    /// The account that signed the transaction, and pays for the gas.
    pub signer: AccountId,
    /// The account on which the first receipt runs.
    pub receiver: AccountId,
    /// The signed actions.
    pub actions: Vec<ActionView>,
    /// The block that converted the transaction into a receipt, and the index in it.
    pub position: Position,
    /// The gas that was burnt for converting the transaction into a receipt.
    pub gas_burnt: Gas,
    /// The tokens that were burnt for [`Self::gas_burnt`].
    pub tokens_burnt: Balance,
    /// The value or the failure with which the transaction ended.
    pub result: TransactionResult,
    /// The first receipt, if it was not executed yet.
    pub(crate) pending: Option<CryptoHash>,
    /// The receipts in the order of execution, without refunds.
    receipts: Vec<Receipt>,
}

/// The result of a transaction: the result of the last receipt in [`Transaction::result_chain`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransactionResult {
    /// The transaction succeeded and returned this value.
    Value(Vec<u8>),
    /// The transaction failed.
    Failure(Failure),
    /// The receipt that decides the result was not executed yet.
    Pending,
}

impl TransactionResult {
    /// Returns true if the transaction succeeded.
    pub fn is_ok(&self) -> bool {
        matches!(self, Self::Value(_))
    }
}

/// A failure that no callback can handle, and that the result of the transaction does not show.
#[derive(Debug, Clone, Copy)]
pub enum UnhandledFailure<'a> {
    /// A receipt failed. No callback waited for it, and it does not decide the result of the transaction.
    Receipt(&'a Receipt),
    /// A refund went to an account that does not exist, and was burnt.
    LostRefund(&'a Refund),
}

impl Transaction {
    /// Reads a final transaction. The order of execution is derived, with blocks numbered from 0 without gaps.
    ///
    /// # Errors
    /// The transaction is not final, or the status is incomplete.
    pub fn new(status: &TxStatus) -> Result<Self, TraceError> {
        Self::with_order(status, &Order::derive(status, &BTreeMap::new())?)
    }

    /// Reads a final transaction whose order of execution is known.
    ///
    /// # Errors
    /// The transaction is not final, or the status is incomplete.
    pub fn with_order(status: &TxStatus, order: &Order) -> Result<Self, TraceError> {
        let transaction = Self::partial(status, order)?;
        if transaction.result == TransactionResult::Pending {
            return Err(TraceError::NotFinal(transaction.hash));
        }
        if let Some(id) = transaction.pending_receipts().next() {
            return Err(TraceError::MissingOutcome(*id));
        }
        Ok(transaction)
    }

    /// Reads a transaction of which some receipts may not be executed yet.
    ///
    /// # Errors
    /// The transaction was not converted into a receipt yet, or the status is incomplete.
    pub fn partial(status: &TxStatus, order: &Order) -> Result<Self, TraceError> {
        let final_outcome = &status.final_outcome;
        let outcome = &final_outcome.transaction_outcome.outcome;
        let result = match &final_outcome.status {
            FinalExecutionStatus::SuccessValue(value) => TransactionResult::Value(value.clone()),
            FinalExecutionStatus::Failure(error) => TransactionResult::Failure(error.into()),
            FinalExecutionStatus::NotStarted => {
                return Err(TraceError::NotFinal(final_outcome.transaction.hash));
            }
            FinalExecutionStatus::Started => TransactionResult::Pending,
        };
        let reader = Reader::new(status, order)?;
        Ok(Self {
            hash: final_outcome.transaction.hash,
            signer: final_outcome.transaction.signer_id.clone(),
            receiver: final_outcome.transaction.receiver_id.clone(),
            actions: final_outcome.transaction.actions.clone(),
            position: order.position(&final_outcome.transaction_outcome.id)?,
            gas_burnt: outcome.gas_burnt,
            tokens_burnt: outcome.tokens_burnt,
            result,
            pending: reader.pending(&final_outcome.transaction_outcome).next(),
            receipts: reader.receipts()?,
        })
    }

    /// Returns the receipts that were not executed yet, refunds included.
    pub fn pending_receipts(&self) -> impl Iterator<Item = &CryptoHash> {
        let created = self.receipts.iter().flat_map(|receipt| &receipt.pending);
        self.pending.iter().chain(created)
    }

    /// Returns the receipts in the order of execution, without refunds. The number of a receipt is its index here
    /// plus 1.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    /// Returns the receipt with this number.
    ///
    /// # Panics
    /// There is no receipt with this number. The numbers in a [`Receipt`] always exist.
    pub fn receipt(&self, number: usize) -> &Receipt {
        &self.receipts[number - 1]
    }

    /// Returns the block of a position, counted from the block of the transaction.
    pub fn block(&self, position: Position) -> u64 {
        position.height.saturating_sub(self.position.height)
    }

    /// Returns all refunds, in the order of the receipts that caused them.
    pub fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.receipts.iter().flat_map(|receipt| &receipt.refunds)
    }

    /// Returns the gas that the transaction and all its receipts burnt.
    pub fn total_gas_burnt(&self) -> Gas {
        let receipts = self.receipts.iter().map(|receipt| receipt.gas_burnt);
        receipts.fold(self.gas_burnt, Gas::saturating_add)
    }

    /// Returns the tokens that the transaction and all its receipts burnt.
    pub fn total_tokens_burnt(&self) -> Balance {
        let receipts = self.receipts.iter().map(|receipt| receipt.tokens_burnt);
        receipts.fold(self.tokens_burnt, Balance::saturating_add)
    }

    /// Returns the charges that receivers paid: for the bytes of global contracts, and the balances of deleted gas keys.
    /// They are part of [`Self::total_tokens_burnt`].
    pub fn charges_to_receivers(&self) -> Balance {
        let receipts = self.receipts.iter();
        total(receipts.map(Receipt::charge_to_receiver))
    }

    /// Returns the tokens that the signer paid for gas and new accounts, including lost gas refunds.
    pub fn paid_for_gas(&self) -> Balance {
        let burnt = self.total_tokens_burnt();
        let burnt = burnt.saturating_sub(self.charges_to_receivers());
        burnt.saturating_add(self.lost_gas_refunds())
    }

    /// Returns the sum of the gas refunds that were lost.
    pub(crate) fn lost_gas_refunds(&self) -> Balance {
        let lost = self.lost_refunds();
        let of_gas = lost.filter(|refund| refund.kind == RefundKind::Gas);
        total(of_gas.map(|refund| refund.amount))
    }

    /// Returns the refunds that were burnt, because their receivers do not exist.
    pub fn lost_refunds(&self) -> impl Iterator<Item = &Refund> {
        self.refunds().filter(|refund| refund.is_lost)
    }

    /// Returns the accounts that the transaction created, as far as RPC shows them.
    pub fn new_accounts(&self) -> Vec<&AccountId> {
        let receipts = self.receipts.iter();
        receipts.filter_map(Receipt::new_account).collect()
    }

    /// Returns the receipts that decide the result of the transaction: the first one, then the one from which it has
    /// its result, and so on.
    pub fn result_chain(&self) -> Vec<usize> {
        let mut numbers = Vec::new();
        let mut next = self.receipts.first().map(|receipt| receipt.number);
        while let Some(number) = next {
            numbers.push(number);
            next = self.receipt(number).result_from;
        }
        numbers
    }

    /// Returns the failures that no callback can handle, and that the result of the transaction does not show.
    pub fn unhandled_failures(&self) -> Vec<UnhandledFailure<'_>> {
        let result_chain = self.result_chain();
        let is_unhandled = |receipt: &&Receipt| {
            !receipt.succeeded()
                && receipt.awaited_by.is_empty()
                && !result_chain.contains(&receipt.number)
        };
        let receipts = self.receipts.iter().filter(is_unhandled);
        receipts
            .map(UnhandledFailure::Receipt)
            .chain(self.lost_refunds().map(UnhandledFailure::LostRefund))
            .collect()
    }
}

fn total(amounts: impl Iterator<Item = Balance>) -> Balance {
    amounts.fold(Balance::ZERO, Balance::saturating_add)
}
