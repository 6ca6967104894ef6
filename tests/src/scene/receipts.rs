//! A transaction that has run: its receipts in the order in which they ran, and how they hang together.

use std::collections::BTreeMap;
use std::sync::Arc;

use embedded_sandbox::{Chain, Outcome};
use near_primitives::action::Action;
use near_primitives::errors::TxExecutionError;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{Receipt, VersionedActionReceipt, VersionedReceiptEnum};
use near_primitives::transaction::{ExecutionStatus, SignedTransaction};
use near_primitives::types::{AccountId, Balance, Gas};

/// A transaction that has run to its end.
pub struct Played {
    /// Its hash.
    pub hash: CryptoHash,
}

impl Played {
    pub(super) fn of(chain: &Chain, hash: CryptoHash) -> Self {
        assert!(
            chain.outcome(&hash).is_some(),
            "the transaction has not run"
        );
        Self { hash }
    }
}

/// A transaction and all that came of it.
pub struct Receipts<'a> {
    /// What alice signed.
    pub transaction: &'a SignedTransaction,
    /// What became of it: one receipt.
    pub outcome: &'a Outcome,
    /// The receipts by number, which is their place in the order of execution. Without refunds.
    pub executed: BTreeMap<usize, Executed<'a>>,
}

/// A receipt that has run.
pub struct Executed<'a> {
    /// The receipt.
    pub receipt: &'a Receipt,
    /// What became of it.
    pub outcome: &'a Outcome,
    /// The numbers of the receipts that it made.
    pub children: Vec<usize>,
    /// The numbers of the receipts whose answers it waited for, in the order in which it sees them.
    pub waits_for: Vec<usize>,
    /// Whether it waited for the contract to resume it, and not for a receipt.
    pub was_yielded: bool,
    /// The number of the receipt whose answer is its answer.
    pub answer_of: Option<usize>,
    /// The refunds that it made.
    pub refunds: Vec<Refund<'a>>,
}

/// A refund.
pub struct Refund<'a> {
    /// What comes back.
    pub kind: RefundKind,
    /// How much.
    pub amount: Balance,
    /// To whom.
    pub to: &'a AccountId,
    /// The block in which it arrives, counted from the transaction's.
    pub block: u64,
    /// What became of it.
    pub outcome: &'a Outcome,
    /// Whether there was nobody any more to take it.
    pub is_lost: bool,
}

/// What comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundKind {
    /// The deposits of a receipt that failed.
    Deposit,
    /// Gas that was not burnt, and gas that was bought at more than the block's price.
    Gas,
}

impl<'a> Receipts<'a> {
    /// Follows a transaction to its last receipt.
    pub(super) fn of(chain: &'a Chain, played: &Played) -> Self {
        let outcome = found(chain, &played.hash);
        let ids = in_order_of_execution(chain, outcome);
        let numbers: BTreeMap<CryptoHash, usize> = ids
            .iter()
            .enumerate()
            .map(|(index, id)| (*id, index + 1))
            .collect();
        let senders = senders_of_data(chain, &numbers);
        let first_block = outcome.block_height;
        let executed = numbers.iter().map(|(id, number)| {
            (
                *number,
                Executed::of(chain, id, &numbers, &senders, first_block),
            )
        });
        Self {
            transaction: chain
                .transaction(&played.hash)
                .expect("a known transaction"),
            outcome,
            executed: executed.collect(),
        }
    }

    /// The number of the block that a receipt ran in, counted from the transaction's.
    pub fn block(&self, outcome: &Outcome) -> u64 {
        outcome.block_height - self.outcome.block_height
    }

    /// What the transaction ends with: the first value or error at the end of the answers.
    pub fn end(&self) -> Result<Vec<u8>, String> {
        let mut receipt = &self.executed[&1];
        while let Some(next) = receipt.answer_of {
            receipt = &self.executed[&next];
        }
        receipt.answer()
    }

    /// Who signed the transaction, and pays for the gas.
    pub fn signer(&self) -> &AccountId {
        self.transaction.transaction.signer_id()
    }

    /// What was burnt, in tokens, by the transaction and all its receipts.
    pub fn tokens_burnt(&self) -> Balance {
        let receipts = self.executed.values().map(|receipt| receipt.outcome);
        receipts
            .chain([self.outcome])
            .fold(Balance::ZERO, |sum, outcome| {
                sum.saturating_add(outcome.outcome.tokens_burnt)
            })
    }

    /// Whether an account came to be, which costs more than gas.
    pub fn creates_an_account(&self) -> bool {
        self.executed.values().any(|executed| {
            let receipt = executed.action_receipt();
            let creates = |action: &Action| matches!(action, Action::CreateAccount(_));
            executed.succeeded() && receipt.actions().iter().any(creates)
        })
    }

    /// The gas that was burnt by the transaction and all its receipts.
    pub fn gas_burnt(&self) -> Gas {
        let receipts = self.executed.values().map(|receipt| receipt.outcome);
        receipts
            .chain([self.outcome])
            .fold(Gas::ZERO, |sum, outcome| {
                sum.saturating_add(outcome.outcome.gas_burnt)
            })
    }
}

impl<'a> Executed<'a> {
    fn of(
        chain: &'a Chain,
        id: &CryptoHash,
        numbers: &BTreeMap<CryptoHash, usize>,
        senders: &BTreeMap<CryptoHash, usize>,
        first_block: u64,
    ) -> Self {
        let receipt = kept(chain, id);
        let outcome = found(chain, id);
        let children = outcome.outcome.receipt_ids.iter();
        let mut numbered: Vec<_> = children
            .clone()
            .filter_map(|child| numbers.get(child).copied())
            .collect();
        numbered.sort_unstable();
        let refunds = children.filter(|child| kept(chain, child).predecessor_id().is_system());
        let refunds = refunds.map(|child| Refund::of(chain, child, outcome, receipt, first_block));
        let actions = action_receipt(receipt);
        let was_yielded = matches!(
            receipt.versioned_receipt(),
            VersionedReceiptEnum::PromiseYield(_)
        );
        let waits_for = match was_yielded {
            true => Vec::new(),
            false => actions
                .input_data_ids()
                .iter()
                .map(|id| senders[id])
                .collect(),
        };
        Self {
            receipt,
            outcome,
            children: numbered,
            waits_for,
            was_yielded,
            answer_of: match &outcome.outcome.status {
                ExecutionStatus::SuccessReceiptId(id) => Some(numbers[id]),
                _ => None,
            },
            refunds: refunds.collect(),
        }
    }

    /// The actions, and who waits for the answer.
    pub fn action_receipt(&self) -> VersionedActionReceipt<'a> {
        action_receipt(self.receipt)
    }

    /// What the receipt itself answered; nothing where the answer is another receipt's.
    pub fn answer(&self) -> Result<Vec<u8>, String> {
        match &self.outcome.outcome.status {
            ExecutionStatus::SuccessValue(value) => Ok(value.clone()),
            ExecutionStatus::SuccessReceiptId(_) => Ok(Vec::new()),
            ExecutionStatus::Failure(error) => Err(error.to_string()),
            ExecutionStatus::Unknown => Err("it has not run".to_owned()),
        }
    }

    /// The place of the action that failed.
    pub fn failed_action(&self) -> Option<usize> {
        match &self.outcome.outcome.status {
            ExecutionStatus::Failure(TxExecutionError::ActionError(error)) => {
                Some(usize::try_from(error.index?).expect("a receipt has few actions"))
            }
            _ => None,
        }
    }

    /// Whether all of it counts.
    pub fn succeeded(&self) -> bool {
        !matches!(self.outcome.outcome.status, ExecutionStatus::Failure(_))
    }
}

impl<'a> Refund<'a> {
    /// A receipt that failed sends its deposits back first, when it had any, and then the gas.
    fn of(
        chain: &'a Chain,
        id: &CryptoHash,
        parent: &Outcome,
        parent_receipt: &Receipt,
        first_block: u64,
    ) -> Self {
        let receipt = kept(chain, id);
        let is_first = parent.outcome.receipt_ids.first() == Some(id);
        let failed = matches!(parent.outcome.status, ExecutionStatus::Failure(_));
        let had_deposits = !deposits(&action_receipt(parent_receipt)).is_zero();
        Self {
            kind: if failed && had_deposits && is_first {
                RefundKind::Deposit
            } else {
                RefundKind::Gas
            },
            amount: deposits(&action_receipt(receipt)),
            to: receipt.receiver_id(),
            block: found(chain, id).block_height - first_block,
            outcome: found(chain, id),
            is_lost: matches!(found(chain, id).outcome.status, ExecutionStatus::Failure(_)),
        }
    }
}

/// All deposits of a receipt together.
pub fn deposits(receipt: &VersionedActionReceipt) -> Balance {
    receipt.actions().iter().fold(Balance::ZERO, |sum, action| {
        sum.saturating_add(action.get_deposit_balance())
    })
}

/// The receipts below a transaction, without refunds.
fn in_order_of_execution(chain: &Chain, transaction: &Outcome) -> Vec<CryptoHash> {
    let mut found_so_far = Vec::new();
    let mut to_visit = transaction.outcome.receipt_ids.clone();
    while let Some(id) = to_visit.pop() {
        if kept(chain, &id).predecessor_id().is_system() {
            continue;
        }
        to_visit.extend(&found(chain, &id).outcome.receipt_ids);
        found_so_far.push(id);
    }
    found_so_far.sort_by_key(|id| {
        let height = found(chain, id).block_height;
        let block = chain.block_at(height).expect("a block that is kept");
        (height, block.outcomes.iter().position(|other| other == id))
    });
    found_so_far
}

/// Which receipt sends which answer. Where one hands its answer over to another, the later one sends.
fn senders_of_data(
    chain: &Chain,
    numbers: &BTreeMap<CryptoHash, usize>,
) -> BTreeMap<CryptoHash, usize> {
    let mut numbered: Vec<_> = numbers.iter().collect();
    numbered.sort_by_key(|(_, number)| **number);
    let mut senders = BTreeMap::new();
    for (id, number) in numbered {
        for receiver in action_receipt(kept(chain, id)).output_data_receivers() {
            senders.insert(receiver.data_id, *number);
        }
    }
    senders
}

fn action_receipt(receipt: &Receipt) -> VersionedActionReceipt<'_> {
    match receipt.versioned_receipt() {
        VersionedReceiptEnum::Action(action_receipt)
        | VersionedReceiptEnum::PromiseYield(action_receipt) => action_receipt,
        _ => panic!("no scene has receipts of this kind"),
    }
}

fn found<'a>(chain: &'a Chain, id: &CryptoHash) -> &'a Arc<Outcome> {
    chain.outcome(id).expect("everything has run")
}

fn kept<'a>(chain: &'a Chain, id: &CryptoHash) -> &'a Arc<Receipt> {
    chain.receipt(id).expect("the chain keeps receipts")
}
