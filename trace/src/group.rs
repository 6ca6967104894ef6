//! Receipts that are alike, so that a hundred of them are told as one.

use std::collections::BTreeMap;

use near_primitives::types::AccountId;

use crate::action;
use crate::receipt::{Input, Receipt, RefundKind};
use crate::transaction::Transaction;

/// The least number of siblings that are alike and told together.
const FEWEST: usize = 5;

/// The receipts of a transaction that are alike: they run in the same block, do and make the same, and end alike. A
/// receipt that failed is alike only to those that failed with the same error. What may differ is where they run,
/// and every number, value and text.
pub struct Groups {
    /// The kind of each receipt, by its index.
    kinds: Vec<usize>,
}

/// The properties that receipts must have in common to be alike.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind<'a> {
    height: u64,
    predecessor: &'a AccountId,
    actions: Vec<String>,
    failure: Option<&'a str>,
    /// The inputs: of an answer, true where it is no failure.
    inputs: Vec<Option<bool>>,
    logs: usize,
    answers_itself: bool,
    pending: usize,
    is_charged: bool,
    refunds: Vec<(u8, &'a AccountId, u64, bool)>,
    /// The kinds of what it made.
    children: Vec<usize>,
}

impl Groups {
    pub fn of(transaction: &Transaction) -> Self {
        let receipts = transaction.receipts();
        let mut known: BTreeMap<Kind, usize> = BTreeMap::new();
        let mut kinds = vec![0; receipts.len()];
        // What is made later has a greater number, so children are known before their parents.
        for receipt in receipts.iter().rev() {
            let kind = Kind::of(transaction, receipt, &kinds);
            let new = known.len();
            kinds[receipt.number - 1] = *known.entry(kind).or_insert(new);
        }
        Self { kinds }
    }

    /// Siblings in the order of the first of each group. Where only a few are alike, each is a group of its own.
    pub fn of_siblings(&self, siblings: &[usize]) -> Vec<Vec<usize>> {
        let mut alike: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for number in siblings {
            alike
                .entry(self.kinds[number - 1])
                .or_default()
                .push(*number);
        }
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for group in alike.into_values() {
            match group.len() {
                few if few < FEWEST => groups.extend(group.into_iter().map(|number| vec![number])),
                _ => groups.push(group),
            }
        }
        groups.sort_unstable();
        groups
    }

    /// Returns the children of receipts that are alike, those that are alike together.
    pub fn below(&self, transaction: &Transaction, group: &[usize]) -> Vec<Vec<usize>> {
        let Some(first) = group.first().map(|number| transaction.receipt(*number)) else {
            return Vec::new();
        };
        let index = |child: &usize| first.children.iter().position(|other| other == child);
        let of_first = self.of_siblings(&first.children).into_iter();
        of_first
            .map(|children| {
                let indices: Vec<_> = children.iter().filter_map(index).collect();
                let members = group.iter().map(|number| transaction.receipt(*number));
                let mut all: Vec<usize> = members
                    .flat_map(|member| {
                        indices
                            .iter()
                            .filter_map(|index| member.children.get(*index))
                    })
                    .copied()
                    .collect();
                all.sort_unstable();
                all
            })
            .collect()
    }
}

impl<'a> Kind<'a> {
    fn of(transaction: &'a Transaction, receipt: &'a Receipt, kinds: &[usize]) -> Self {
        let inputs = receipt.inputs.iter().map(|input| match input {
            Input::Answer(sender) => Some(transaction.receipt(*sender).succeeded()),
            Input::Resumed => None,
        });
        let refunds = receipt.refunds.iter().map(|refund| {
            let kind = match refund.kind {
                RefundKind::Deposit => 0,
                RefundKind::Gas => 1,
                RefundKind::Inheritance => 2,
            };
            (kind, &refund.to, refund.moment.height, refund.is_lost)
        });
        Self {
            height: receipt.moment.height,
            predecessor: &receipt.predecessor,
            actions: receipt.actions.iter().map(action::verb).collect(),
            failure: receipt
                .answer
                .as_ref()
                .err()
                .map(|failure| failure.message.as_str()),
            inputs: inputs.collect(),
            logs: receipt.logs.len(),
            answers_itself: receipt.answer_of.is_none() && receipt.awaited.is_none(),
            pending: receipt.pending.len(),
            is_charged: receipt.charge.is_some(),
            refunds: refunds.collect(),
            children: receipt
                .children
                .iter()
                .map(|child| kinds[child - 1])
                .collect(),
        }
    }
}
