//! Expectations of transactions: their results, the receipts that fail, and the balances that change.
//!
//! An expectation begins with [`returns`], [`returns_nothing`] or [`fails`], has one result for each
//! transaction, and ends with [`ExpectationBuilder::moves`] or [`ExpectationBuilder::no_balance_moves`]:
//!
//! ```text
//! returns(json!(false))
//!     .fails_at("guestbook.near", "add_message", "Exceeded the prepaid gas")
//!     .moves([loses("alice.near", price), gains("app.near", price)])
//! ```
//!
//! All of it is exact. A receipt that fails and is not in the expectation is a fault, and so is a change of any
//! balance on the chain that is not in it, to one yoctoNEAR. Only the gas of the signers is left out.

mod fault;
mod moves;
#[cfg(test)]
mod tests;

use fault::Fault;
pub use moves::{BalanceChange, gains, loses};
use near_primitives::hash::CryptoHash;
use serde_json::Value;
use trace::{Receipt, Transaction, action};

use super::chain::TestChain;
use crate::claim::Claim;
use crate::text;

/// The full expectation of transactions.
#[must_use]
#[derive(Debug)]
pub struct Expectation {
    builder: ExpectationBuilder,
    moves: Vec<BalanceChange>,
}

/// An expectation without balances. [`Self::moves`] completes it to an [`Expectation`].
#[must_use]
#[derive(Debug)]
pub struct ExpectationBuilder {
    results: Vec<ExpectedResult>,
    failures: Vec<ExpectedFailure>,
    runs: Vec<ExpectedRun>,
    logs: Vec<String>,
    receipts: Option<usize>,
}

#[derive(Debug)]
enum ExpectedResult {
    Value(Value),
    Empty,
    Failure(String),
}

/// A receipt that fails: its account, its action, and a part of its error.
#[derive(Debug)]
struct ExpectedFailure {
    account: String,
    action: String,
    reason: String,
}

/// A receipt that runs in a block, counted from the first transaction's block.
#[derive(Debug)]
struct ExpectedRun {
    block: u64,
    account: String,
    action: String,
}

/// Expects that the transaction returns this JSON.
pub fn returns(value: Value) -> ExpectationBuilder {
    ExpectationBuilder::new(ExpectedResult::Value(value))
}

/// Expects that the transaction succeeds and returns no bytes.
pub fn returns_nothing() -> ExpectationBuilder {
    ExpectationBuilder::new(ExpectedResult::Empty)
}

/// Expects that the transaction fails with an error that contains `reason`.
pub fn fails(reason: &str) -> ExpectationBuilder {
    ExpectationBuilder::new(ExpectedResult::Failure(reason.to_owned()))
}

impl ExpectationBuilder {
    fn new(result: ExpectedResult) -> Self {
        Self {
            results: vec![result],
            failures: Vec::new(),
            runs: Vec::new(),
            logs: Vec::new(),
            receipts: None,
        }
    }

    /// Expects that the next transaction returns this JSON.
    pub fn then_returns(mut self, value: Value) -> Self {
        self.results.push(ExpectedResult::Value(value));
        self
    }

    /// Expects that the next transaction succeeds and returns no bytes.
    pub fn then_returns_nothing(mut self) -> Self {
        self.results.push(ExpectedResult::Empty);
        self
    }

    /// Expects that the next transaction fails with an error that contains `reason`.
    pub fn then_fails(mut self, reason: &str) -> Self {
        self.results
            .push(ExpectedResult::Failure(reason.to_owned()));
        self
    }

    /// Expects one more failed receipt, ordered by transaction and then by execution: on this account, with
    /// this action (for a call, the method), and with an error that contains `reason`.
    pub fn fails_at(mut self, account: &str, action: &str, reason: &str) -> Self {
        self.failures.push(ExpectedFailure {
            account: account.to_owned(),
            action: action.to_owned(),
            reason: reason.to_owned(),
        });
        self
    }

    /// Expects that a receipt with this action (for a call, the method) runs on this account in this block,
    /// counted from the first transaction's block.
    pub fn runs_in(mut self, block: u64, account: &str, action: &str) -> Self {
        self.runs.push(ExpectedRun {
            block,
            account: account.to_owned(),
            action: action.to_owned(),
        });
        self
    }

    /// Expects that a receipt logs a line that contains `words`.
    pub fn logs(mut self, words: &str) -> Self {
        self.logs.push(words.to_owned());
        self
    }

    /// Expects this number of receipts, without refunds.
    pub fn receipts(mut self, number: usize) -> Self {
        self.receipts = Some(number);
        self
    }

    /// Expects that these balances change, and no other.
    pub fn moves(self, moves: impl IntoIterator<Item = BalanceChange>) -> Expectation {
        Expectation {
            builder: self,
            moves: moves.into_iter().collect(),
        }
    }

    /// Expects that no balance changes, beside the gas.
    pub fn no_balance_moves(self) -> Expectation {
        self.moves([])
    }

    /// Returns the differences from the expectation.
    fn faults(&self, transactions: &[Transaction]) -> Vec<Fault> {
        let mut faults = self.faults_of_results(transactions);
        faults.extend(self.fault_of_failures(transactions));
        let runs = self.runs.iter();
        faults.extend(runs.filter_map(|running| running.fault(transactions)));
        let receipts = || transactions.iter().flat_map(Transaction::receipts);
        let lines: Vec<_> = receipts().flat_map(|receipt| &receipt.logs).collect();
        let missing = self.logs.iter().filter(|words| {
            let mut lines = lines.iter();
            !lines.any(|line| line.contains(words.as_str()))
        });
        faults.extend(missing.map(|words| Fault {
            says: format!("a receipt logs “{words}”"),
            reason: format!("this should be logged: {words}"),
        }));
        let receipts = receipts().count();
        let number = self.receipts.filter(|number| *number != receipts);
        faults.extend(number.map(|number| Fault {
            says: format!("the number of receipts is {number}"),
            reason: format!("{number} receipts should run, but {receipts} did"),
        }));
        faults
    }

    fn faults_of_results(&self, transactions: &[Transaction]) -> Vec<Fault> {
        if self.results.len() != transactions.len() {
            let (results, number) = (self.results.len(), transactions.len());
            return vec![Fault {
                says: format!("the number of transactions is {results}"),
                reason: format!("{results} results are expected of {number} transactions"),
            }];
        }
        let pairs = self.results.iter().zip(transactions);
        let fault = |(result, transaction): (&ExpectedResult, &Transaction)| {
            let (signer, really) = (&transaction.signer, description(transaction));
            let (says, should) = result.expected();
            (!result.is_of(transaction)).then(|| Fault {
                says: format!("the transaction of {signer} {says}"),
                reason: format!("the transaction of {signer} {should}, but {really}"),
            })
        };
        pairs.filter_map(fault).collect()
    }

    /// Compares the failed receipts with the expected ones, in order.
    fn fault_of_failures(&self, transactions: &[Transaction]) -> Option<Fault> {
        let receipts = transactions.iter().flat_map(Transaction::receipts);
        let failed: Vec<_> = receipts.filter(|receipt| !receipt.succeeded()).collect();
        let mut pairs = self.failures.iter().zip(&failed);
        let same = self.failures.len() == failed.len()
            && pairs.all(|(expected, receipt)| expected.is(receipt));
        let expected = self.failures.iter().map(ExpectedFailure::description);
        let expected: Vec<_> = expected.collect();
        let really: Vec<_> = failed.into_iter().map(failure_of).collect();
        let says = match expected.is_empty() {
            true => "no receipt fails".to_owned(),
            false => format!("these receipts fail, and no other: {}", expected.join("; ")),
        };
        (!same).then(|| Fault {
            says,
            reason: format!(
                "these receipts should fail: {}\nthese failed: {}",
                listed(&expected),
                listed(&really)
            ),
        })
    }
}

impl ExpectedResult {
    /// Returns it as a statement, and as what should be.
    fn expected(&self) -> (String, String) {
        match self {
            Self::Value(value) => (format!("returns {value}"), format!("should return {value}")),
            Self::Empty => (
                "returns nothing".to_owned(),
                "should return nothing".to_owned(),
            ),
            Self::Failure(reason) => (format!("fails: {reason}"), format!("should fail: {reason}")),
        }
    }

    fn is_of(&self, transaction: &Transaction) -> bool {
        match (self, &transaction.result) {
            (Self::Value(value), trace::TransactionResult::Value(bytes)) => {
                serde_json::from_slice::<Value>(bytes).is_ok_and(|json| json == *value)
            }
            (Self::Empty, trace::TransactionResult::Value(bytes)) => bytes.is_empty(),
            (Self::Failure(reason), trace::TransactionResult::Failure(failure)) => {
                failure.message.contains(reason)
            }
            _ => false,
        }
    }
}

fn description(transaction: &Transaction) -> String {
    match &transaction.result {
        trace::TransactionResult::Value(bytes) => format!("it returns {}", text::value(bytes)),
        trace::TransactionResult::Failure(failure) => format!("it fails: {}", failure.message),
        trace::TransactionResult::Pending => "it has not ended".to_owned(),
    }
}

/// Formats receipts, each on a line of its own.
fn listed(receipts: &[String]) -> String {
    match receipts.len() {
        0 => "none".to_owned(),
        _ => receipts
            .iter()
            .map(|line| format!("\n    {line}"))
            .collect(),
    }
}

impl ExpectedFailure {
    fn description(&self) -> String {
        format!("{} at {}: {}", self.action, self.account, self.reason)
    }

    fn is(&self, receipt: &Receipt) -> bool {
        let failure = receipt.result.as_ref().err();
        receipt.receiver == self.account.as_str()
            && failed_action(receipt) == self.action
            && failure.is_some_and(|failure| failure.message.contains(&self.reason))
    }
}

impl ExpectedRun {
    fn fault(&self, transactions: &[Transaction]) -> Option<Fault> {
        let first = transactions.first()?;
        let mut receipts = transactions.iter().flat_map(Transaction::receipts);
        let runs = receipts.any(|receipt| {
            receipt.receiver == self.account.as_str()
                && first.block(receipt.position) == self.block
                && receipt
                    .actions
                    .iter()
                    .any(|action| name(action) == self.action)
        });
        let Self {
            block,
            account,
            action,
        } = self;
        (!runs).then(|| Fault {
            says: format!("{action} runs on {account} in block {block}"),
            reason: format!("{action} should run on {account} in block {block}"),
        })
    }
}

/// Returns the action that failed in a receipt, or all actions if the receipt failed as a whole.
fn failed_action(receipt: &Receipt) -> String {
    let failure = receipt.result.as_ref().err();
    let failed = failure
        .and_then(|failure| failure.action)
        .and_then(|index| receipt.actions.get(index));
    match failed {
        Some(action) => name(action),
        None => receipt
            .actions
            .iter()
            .map(name)
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// Returns the name that [`trace`] has for an action, with common spaces.
fn name(action: &near_primitives::views::ActionView) -> String {
    action::name(action).replace('\u{a0}', " ")
}

fn failure_of(receipt: &Receipt) -> String {
    let reason = receipt
        .result
        .as_ref()
        .err()
        .map(|failure| &failure.message);
    format!(
        "{} at {}: {}",
        failed_action(receipt),
        receipt.receiver,
        reason.map_or("", String::as_str)
    )
}

impl TestChain {
    /// Claims that these transactions meet the expectation. The reason against it has their trees.
    pub fn shows(&self, hashes: &[CryptoHash], expected: Expectation) -> Claim {
        let transactions: Vec<_> = hashes.iter().map(|hash| self.transaction(*hash)).collect();
        let mut faults = expected.builder.faults(&transactions);
        faults.extend(moves::fault(
            &expected.moves,
            &self.balance_changes(&transactions),
        ));
        let (says, reasons): (_, Vec<_>) = faults
            .into_iter()
            .map(|fault| (fault.says, fault.reason))
            .unzip();
        let trees = || transactions.iter().map(trace::tree).collect::<Vec<_>>();
        Claim::of_several(says, || {
            format!("{}\n\n{}", reasons.join("\n"), trees().join("\n"))
        })
    }
}
