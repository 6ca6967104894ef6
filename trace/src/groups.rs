//! Similar receipts, which a tree and a drawing show once for all of them.

use std::collections::BTreeMap;

use near_primitives::types::AccountId;

use crate::action;
use crate::receipt::{Input, Receipt, RefundKind};
use crate::transaction::Transaction;

/// The number of similar siblings from which they form a group.
const MIN_GROUP: usize = 5;

/// The groups of similar receipts of a transaction. Similar receipts run in the same block, have the same kinds of
/// actions, children, and refunds, and succeed, or fail with the same error. Receivers, numbers, values, and texts may
/// differ.
pub struct Groups {
    /// The kind of each receipt, by its index in the transaction.
    kinds: Vec<usize>,
}

/// The properties that similar receipts have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind<'a> {
    height: u64,
    predecessor: &'a AccountId,
    actions: Vec<String>,
    failure: Option<&'a str>,
    /// The inputs: of a promise result, true if it is successful.
    inputs: Vec<Option<bool>>,
    logs: usize,
    has_own_result: bool,
    pending: usize,
    is_charged: bool,
    refunds: Vec<(u8, &'a AccountId, u64, bool)>,
    /// The kinds of the children.
    children: Vec<usize>,
}

impl Groups {
    /// Finds the kinds of all receipts.
    pub fn new(transaction: &Transaction) -> Self {
        let receipts = transaction.receipts();
        let mut known: BTreeMap<Kind, usize> = BTreeMap::new();
        let mut kinds = vec![0; receipts.len()];
        // A child has a greater number than its parent, so its kind is known first.
        for receipt in receipts.iter().rev() {
            let kind = Kind::new(transaction, receipt, &kinds);
            let new = known.len();
            kinds[receipt.number - 1] = *known.entry(kind).or_insert(new);
        }
        Self { kinds }
    }

    /// Groups siblings, in the order of the first one of each group. Fewer than [`MIN_GROUP`] similar siblings are groups
    /// of one.
    fn siblings(&self, siblings: &[usize]) -> Vec<Vec<usize>> {
        let mut by_kind: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for number in siblings {
            by_kind
                .entry(self.kinds[number - 1])
                .or_default()
                .push(*number);
        }
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for group in by_kind.into_values() {
            match group.len() {
                length if length < MIN_GROUP => {
                    groups.extend(group.into_iter().map(|number| vec![number]))
                }
                _ => groups.push(group),
            }
        }
        groups.sort_unstable();
        groups
    }

    /// Returns the number of the first receipt of each receipt's group, by the index of the receipt.
    pub fn firsts(&self, transaction: &Transaction) -> Vec<usize> {
        let mut firsts: Vec<usize> = (1..=transaction.receipts().len()).collect();
        let mut groups: Vec<Vec<usize>> = firsts
            .first()
            .map(|first| vec![*first])
            .into_iter()
            .collect();
        while let Some(group) = groups.pop() {
            for number in &group {
                firsts[number - 1] = group[0];
            }
            groups.extend(self.children(transaction, &group));
        }
        firsts
    }

    /// Groups the children of the receipts in a group.
    pub fn children(&self, transaction: &Transaction, group: &[usize]) -> Vec<Vec<usize>> {
        let Some(first) = group.first().map(|number| transaction.receipt(*number)) else {
            return Vec::new();
        };
        let index = |child: &usize| first.children.iter().position(|other| other == child);
        let of_first = self.siblings(&first.children).into_iter();
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
    fn new(transaction: &'a Transaction, receipt: &'a Receipt, kinds: &[usize]) -> Self {
        let inputs = receipt.inputs.iter().map(|input| match input {
            Input::PromiseResult(number) => Some(transaction.receipt(*number).succeeded()),
            Input::YieldResume => None,
        });
        let refunds = receipt.refunds.iter().map(|refund| {
            let kind = match refund.kind {
                RefundKind::Deposit => 0,
                RefundKind::Gas => 1,
                RefundKind::Beneficiary => 2,
            };
            (kind, &refund.to, refund.position.height, refund.is_lost)
        });
        Self {
            height: receipt.position.height,
            predecessor: &receipt.predecessor,
            actions: receipt.actions.iter().map(action::kind).collect(),
            failure: receipt.failure().map(|failure| failure.message.as_str()),
            inputs: inputs.collect(),
            logs: receipt.logs.len(),
            has_own_result: receipt.result_from.is_none() && receipt.pending_result_from.is_none(),
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
