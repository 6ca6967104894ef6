//! Expectations of transactions: how each ends, which of their receipts fail, and whose balance moves.
//!
//! It begins with [`answers`], [`answers_nothing`] or [`fails`], once for each transaction, and ends with
//! [`Ending::moves`] or [`Ending::nobodys_balance_moves`]:
//!
//! ```text
//! answers(json!(false))
//!     .fails_at("guestbook.near", "add_message", "Exceeded the prepaid gas")
//!     .moves([loses("alice.near", price), gains("book.near", price)])
//! ```
//!
//! All of it is exact. A receipt that fails and is not named is a fault, and so is a balance that moves and
//! is not named, to one yoctoNEAR, of any account on the chain. Only what the signers paid for gas is left
//! out.

mod moves;
#[cfg(test)]
mod tests;

pub use moves::{Move, gains, loses};

use near_primitives::hash::CryptoHash;
use serde_json::Value;
use trace::{Receipt, Transaction, action};

use super::chain::{TestChain, TxHash};
use crate::claim::Claim;
use crate::text;

/// Everything that transactions have to show.
#[must_use]
#[derive(Debug)]
pub struct Expectation {
    ending: Ending,
    moves: Vec<Move>,
}

/// How transactions end. It is an [`Expectation`] when it says as well whose balance moves.
#[must_use]
#[derive(Debug)]
pub struct Ending {
    ends: Vec<End>,
    failures: Vec<Failing>,
    runs: Vec<Running>,
    logs: Vec<String>,
    receipts: Option<usize>,
}

#[derive(Debug)]
enum End {
    Answer(Value),
    Nothing,
    Failure(String),
}

/// A receipt that fails: on which account, with which action, and a part of the error.
#[derive(Debug)]
struct Failing {
    account: String,
    action: String,
    reason: String,
}

/// A receipt that runs in a block, which is counted from the first transaction's.
#[derive(Debug)]
struct Running {
    block: u64,
    account: String,
    action: String,
}

/// The transaction ends with this JSON.
pub fn answers(value: Value) -> Ending {
    Ending::new(End::Answer(value))
}

/// The transaction ends well, without a byte.
pub fn answers_nothing() -> Ending {
    Ending::new(End::Nothing)
}

/// The transaction fails, and its error has these words.
pub fn fails(reason: &str) -> Ending {
    Ending::new(End::Failure(reason.to_owned()))
}

impl Ending {
    fn new(end: End) -> Self {
        Self {
            ends: vec![end],
            failures: Vec::new(),
            runs: Vec::new(),
            logs: Vec::new(),
            receipts: None,
        }
    }

    /// The next transaction ends with this JSON.
    pub fn then_answers(mut self, value: Value) -> Self {
        self.ends.push(End::Answer(value));
        self
    }

    /// The next transaction ends well, without a byte.
    pub fn then_answers_nothing(mut self) -> Self {
        self.ends.push(End::Nothing);
        self
    }

    /// The next transaction fails, and its error has these words.
    pub fn then_fails(mut self, reason: &str) -> Self {
        self.ends.push(End::Failure(reason.to_owned()));
        self
    }

    /// The next receipt that fails, by transaction and then by the order of execution: on this account, with
    /// this action (of a call the method), and with these words in its error.
    pub fn fails_at(mut self, account: &str, action: &str, reason: &str) -> Self {
        self.failures.push(Failing {
            account: account.to_owned(),
            action: action.to_owned(),
            reason: reason.to_owned(),
        });
        self
    }

    /// A receipt with this action (of a call the method) runs on this account in this block, counted from
    /// the one with the first transaction.
    pub fn runs_in(mut self, block: u64, account: &str, action: &str) -> Self {
        self.runs.push(Running {
            block,
            account: account.to_owned(),
            action: action.to_owned(),
        });
        self
    }

    /// A receipt logs a line with these words.
    pub fn logs(mut self, words: &str) -> Self {
        self.logs.push(words.to_owned());
        self
    }

    /// So many receipts come of the transactions, without those that refund.
    pub fn receipts(mut self, number: usize) -> Self {
        self.receipts = Some(number);
        self
    }

    /// These balances move, and no other.
    pub fn moves(self, moves: impl IntoIterator<Item = Move>) -> Expectation {
        Expectation {
            ending: self,
            moves: moves.into_iter().collect(),
        }
    }

    /// Nobody gains anything, and nobody loses anything but gas.
    pub fn nobodys_balance_moves(self) -> Expectation {
        self.moves([])
    }

    /// The faults: whatever is not as it was to be.
    fn faults(&self, transactions: &[Transaction]) -> Vec<String> {
        let mut faults = self.faults_of_ends(transactions);
        faults.extend(self.faults_of_failures(transactions));
        let runs = self.runs.iter();
        faults.extend(runs.filter_map(|running| running.fault(transactions)));
        let receipts = || transactions.iter().flat_map(Transaction::receipts);
        let lines: Vec<_> = receipts().flat_map(|receipt| &receipt.logs).collect();
        let unsaid = self.logs.iter().filter(|words| {
            let mut lines = lines.iter();
            !lines.any(|line| line.contains(words.as_str()))
        });
        faults.extend(unsaid.map(|words| format!("this was to be logged: {words}")));
        let receipts = receipts().count();
        if let Some(number) = self.receipts.filter(|number| *number != receipts) {
            faults.push(format!("{number} receipts were to run, and {receipts} did"));
        }
        faults
    }

    fn faults_of_ends(&self, transactions: &[Transaction]) -> Vec<String> {
        if self.ends.len() != transactions.len() {
            let (ends, number) = (self.ends.len(), transactions.len());
            return vec![format!("{ends} ends are told of {number} transactions")];
        }
        let pairs = self.ends.iter().zip(transactions);
        let fault = |(end, transaction): (&End, &Transaction)| {
            let (signer, really) = (&transaction.signer, told(transaction));
            (!end.is_of(transaction)).then(|| {
                format!(
                    "the transaction of {signer} {}, and not: {really}",
                    end.expected()
                )
            })
        };
        pairs.filter_map(fault).collect()
    }

    /// The receipts that failed are those that were to fail, in the same order.
    fn faults_of_failures(&self, transactions: &[Transaction]) -> Option<String> {
        let receipts = transactions.iter().flat_map(Transaction::receipts);
        let failed: Vec<_> = receipts.filter(|receipt| !receipt.succeeded()).collect();
        let mut pairs = self.failures.iter().zip(&failed);
        let same = self.failures.len() == failed.len()
            && pairs.all(|(expected, receipt)| expected.is(receipt));
        let expected = self.failures.iter().map(Failing::told).collect();
        let really = failed.into_iter().map(failed_at).collect();
        (!same).then(|| {
            format!(
                "these receipts were to fail: {}\nand these did: {}",
                listed(expected),
                listed(really)
            )
        })
    }
}

impl End {
    fn expected(&self) -> String {
        match self {
            Self::Answer(value) => format!("was to answer {value}"),
            Self::Nothing => "was to answer nothing".to_owned(),
            Self::Failure(reason) => format!("was to fail: {reason}"),
        }
    }

    fn is_of(&self, transaction: &Transaction) -> bool {
        match (self, &transaction.result) {
            (Self::Answer(value), trace::TransactionResult::Value(bytes)) => {
                serde_json::from_slice::<Value>(bytes).is_ok_and(|answer| answer == *value)
            }
            (Self::Nothing, trace::TransactionResult::Value(bytes)) => bytes.is_empty(),
            (Self::Failure(reason), trace::TransactionResult::Failure(failure)) => {
                failure.message.contains(reason)
            }
            _ => false,
        }
    }
}

fn told(transaction: &Transaction) -> String {
    match &transaction.result {
        trace::TransactionResult::Value(bytes) => format!("it answers {}", text::value(bytes)),
        trace::TransactionResult::Failure(failure) => format!("it fails: {}", failure.message),
        trace::TransactionResult::Pending => "it has not ended".to_owned(),
    }
}

/// Receipts, each in a line of its own.
fn listed(receipts: Vec<String>) -> String {
    match receipts.len() {
        0 => "none".to_owned(),
        _ => receipts
            .iter()
            .map(|line| format!("\n    {line}"))
            .collect(),
    }
}

impl Failing {
    fn told(&self) -> String {
        format!("{} at {}: {}", self.action, self.account, self.reason)
    }

    fn is(&self, receipt: &Receipt) -> bool {
        let failure = receipt.result.as_ref().err();
        receipt.receiver == self.account.as_str()
            && failed_action(receipt) == self.action
            && failure.is_some_and(|failure| failure.message.contains(&self.reason))
    }
}

impl Running {
    fn fault(&self, transactions: &[Transaction]) -> Option<String> {
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
        (!runs).then(|| {
            format!(
                "{} was to run on {} in block {}",
                self.action, self.account, self.block
            )
        })
    }
}

/// The action with which a receipt failed, or all of them where it failed as a whole.
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

/// An action as [`trace`] names it, with common blanks.
fn name(action: &near_primitives::views::ActionView) -> String {
    action::name(action).replace('\u{a0}', " ")
}

fn failed_at(receipt: &Receipt) -> String {
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
    /// Claims that these transactions show what is expected of them. Where they do not, the reason has
    /// their trees.
    pub fn shows(&self, hashes: &[CryptoHash], expected: Expectation) -> Claim {
        let transactions: Vec<_> = hashes.iter().map(|hash| self.transaction(*hash)).collect();
        let mut faults = expected.ending.faults(&transactions);
        faults.extend(moves::fault(&expected.moves, &self.moved(&transactions)));
        let trees = || transactions.iter().map(trace::tree).collect::<Vec<_>>();
        let reason = || format!("{}\n\n{}", faults.join("\n"), trees().join("\n"));
        Claim::without((!faults.is_empty()).then(reason))
    }
}
