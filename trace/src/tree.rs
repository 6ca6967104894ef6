//! A transaction as a tree: what was signed, and below it each receipt with what it did.
//!
//! To the left stands the block, counted from the transaction's. A receipt hangs below the one that
//! made it; its number is its index in the order of execution, counted from 1. Siblings that are alike are told as one. What hangs
//! too deep to be read begins anew at the left, below the rest.

mod lines;
mod words;

use std::collections::VecDeque;

use near_primitives::views::ActionView;

use crate::action;
use crate::group::Groups;
use crate::receipt::{Fate, Receipt};
use crate::text::{self, ranges, tgas};
use crate::transaction::{End, Transaction};
use crate::verdict;
use lines::{Branch, FAILURE, Lines, PLAIN, TITLE};

/// The tree as plain text.
pub fn tree(transaction: &Transaction) -> String {
    told(transaction, false)
}

/// The tree for a terminal: names stand back, failures stand out.
pub fn tree_in_colour(transaction: &Transaction) -> String {
    told(transaction, true)
}

fn told(transaction: &Transaction, in_colour: bool) -> String {
    let mut tree = Tree {
        transaction,
        groups: Groups::of(transaction),
        lines: Lines::new(in_colour),
        too_deep: VecDeque::new(),
    };
    tree.signed();
    if !transaction.receipts().is_empty() {
        tree.group(&[1], &Branch::root(), "");
    }
    while let Some(group) = tree.too_deep.pop_front() {
        let parent = transaction.receipt(group[0]).parent.unwrap_or_default();
        let made_by = match group.len() {
            1 => format!(", made by receipt {parent}"),
            _ => format!(", the first one made by receipt {parent}"),
        };
        tree.group(&group, &Branch::root(), &made_by);
    }
    tree.lines.blank("");
    tree.end();
    tree.lines.text
}

struct Tree<'a> {
    transaction: &'a Transaction,
    groups: Groups,
    lines: Lines,
    /// The receipts that hang too deep, and are told when the rest is.
    too_deep: VecDeque<Vec<usize>>,
}

/// Actions in a row that read the same, from this number on, are told as one.
const REPEATED: usize = 5;

impl Tree<'_> {
    fn signed(&mut self) {
        let transaction = self.transaction;
        self.lines.signed(&format!(
            "{} signs a transaction for {}",
            transaction.signer, transaction.receiver
        ));
        self.actions("", &transaction.actions, |_| Fate::Done);
        self.lines
            .labelled("", "burnt", &tgas(transaction.gas_burnt));
        if let Some(id) = &transaction.pending {
            self.lines.labelled("", "pending", &words::pending(&[*id]));
        }
    }

    /// Receipts that are alike, with all that they made.
    fn group(&mut self, group: &[usize], branch: &Branch, made_by: &str) {
        let transaction = self.transaction;
        let Some(first) = group.first().map(|number| transaction.receipt(*number)) else {
            return;
        };
        let below = self.groups.below(transaction, group);
        let title = match group {
            [number] => format!(
                "receipt {number}{made_by}: {} → {}",
                first.predecessor, first.receiver
            ),
            _ => format!(
                "receipts {} ({} alike{made_by}): {} → {}",
                ranges(group),
                group.len(),
                first.predecessor,
                words::receivers(transaction, group)
            ),
        };
        let block = transaction.block(first.moment);
        self.lines.title(block, branch, &title);
        let before = branch.body(!below.is_empty());
        match group {
            [_] => self.body(first, &before),
            _ => self.common_body(group, &before),
        }
        if branch.is_deepest() && !below.is_empty() {
            let numbers: Vec<_> = below.iter().flatten().copied().collect();
            let told = format!("further below: {}", words::receipts(&numbers));
            self.lines.hanging(&Branch::below(branch, true), &told);
            self.too_deep.extend(below);
            return;
        }
        let last = below.len();
        for (index, group) in below.iter().enumerate() {
            let branch = Branch::below(branch, index + 1 == last);
            self.group(group, &branch, "");
        }
    }

    fn body(&mut self, receipt: &Receipt, before: &str) {
        let transaction = self.transaction;
        if receipt.is_callback() {
            self.lines.labelled(before, "waits", &words::waits(receipt));
        }
        if receipt.senders().next().is_some() {
            let sees = words::sees(transaction, receipt);
            self.lines.labelled(before, "sees", &sees);
        }
        if receipt.actions.is_empty() {
            let carries = "a global contract to a shard";
            self.lines.labelled(before, "carries", carries);
        }
        let is_only = receipt.actions.len() == 1;
        self.actions(before, &receipt.actions, |index| match is_only {
            true => Fate::Done,
            false => receipt.fate(index),
        });
        for (log, times) in words::counted(&receipt.logs) {
            self.lines
                .labelled(before, "log", &format!("{}{times}", text::log(log)));
        }
        let (label, answer) = words::answer(receipt);
        let style = if receipt.succeeded() { PLAIN } else { FAILURE };
        self.lines.styled(before, label, &answer, style);
        if let Some(charge) = words::charge(receipt) {
            self.lines.labelled(before, "charge", &charge);
        }
        self.lines
            .labelled(before, "burnt", &tgas(receipt.gas_burnt));
        for refund in &receipt.refunds {
            let refunded = words::refunded(transaction, refund);
            self.lines.labelled(before, "refund", &refunded);
        }
        if !receipt.pending.is_empty() {
            let pending = words::pending(&receipt.pending);
            self.lines.labelled(before, "pending", &pending);
        }
    }

    /// Tells what receipts that are alike have in common, and the range of what differs.
    fn common_body(&mut self, group: &[usize], before: &str) {
        let transaction = self.transaction;
        let receipts: Vec<_> = group
            .iter()
            .map(|number| transaction.receipt(*number))
            .collect();
        for (label, text) in words::common(transaction, &receipts) {
            let style = if label == words::FAILED {
                FAILURE
            } else {
                PLAIN
            };
            self.lines.styled(before, label, &text, style);
        }
    }

    /// Actions by their indices when there are several, and what became of each.
    fn actions(&mut self, before: &str, actions: &[ActionView], fate: impl Fn(usize) -> Fate) {
        let told: Vec<_> = actions
            .iter()
            .enumerate()
            .map(|(index, action)| (fate(index), action::told(action), action::args(action)))
            .collect();
        let mut first = 0;
        for run in told.chunk_by(|one, next| one == next) {
            let next = first + run.len();
            if run.len() >= REPEATED {
                let label = format!("#{first}–{}", next - 1);
                self.action(before, &label, &run[0], &actions[first]);
            } else {
                for index in first..next {
                    let label = match actions.len() {
                        1 => String::new(),
                        _ => format!("#{index}"),
                    };
                    self.action(before, &label, &told[index], &actions[index]);
                }
            }
            first = next;
        }
    }

    fn action(
        &mut self,
        before: &str,
        label: &str,
        (fate, told, args): &(Fate, String, Option<String>),
        action: &ActionView,
    ) {
        let (fate, style) = match fate {
            Fate::Done => ("", PLAIN),
            Fate::Undone => (": is undone", PLAIN),
            Fate::Failed => (": fails", FAILURE),
            Fate::NotRun => (": does not run", PLAIN),
        };
        match told.split_once(' ') {
            Some((verb, rest)) if label.is_empty() => {
                self.lines
                    .styled(before, verb, &format!("{rest}{fate}"), style);
            }
            _ => {
                let told = format!("{told}{fate}");
                self.lines.styled(before, label, &told, style);
            }
        }
        if let Some(args) = args {
            self.lines.labelled(before, "", args);
        }
        for inner in action::delegated(action) {
            let told = format!("· {}", action::told(&inner));
            self.lines.labelled(before, "", &told);
            if let Some(args) = action::args(&inner) {
                self.lines.labelled(before, "", &args);
            }
        }
    }

    fn end(&mut self) {
        let transaction = self.transaction;
        let style = match transaction.end {
            End::Failure(_) => FAILURE,
            End::Value(_) | End::Pending => TITLE,
        };
        self.lines.sentence(&verdict::end(transaction), style);
        for failure in verdict::unhandled(transaction, "") {
            self.lines.sentence(&failure, FAILURE);
        }
        for paid in verdict::paid(transaction) {
            self.lines.sentence(&paid, PLAIN);
        }
    }
}
