//! A transaction as a tree: the signed actions, and each receipt below the receipt that created it.
//!
//! The block of a receipt is to its left, counted from the block of the transaction. Similar siblings are shown once.
//! A receipt that is too deep to be readable starts at the left again, below the other receipts.

mod details;
mod lines;

use std::collections::VecDeque;

use lines::{Branch, FAILURE, Lines, PLAIN, TITLE};
use near_primitives::views::ActionView;

use crate::action;
use crate::groups::Groups;
use crate::receipt::{ActionStatus, Receipt};
use crate::summary;
use crate::text::{self, REPEATED, ranges, tgas};
use crate::transaction::{Transaction, TransactionResult};

/// Formats a transaction as a tree of plain text.
pub fn tree(transaction: &Transaction) -> String {
    format_tree(transaction, false)
}

/// Formats a transaction as a tree for a terminal: labels are dimmed, failures are red.
pub fn tree_in_colour(transaction: &Transaction) -> String {
    format_tree(transaction, true)
}

fn format_tree(transaction: &Transaction, in_colour: bool) -> String {
    let mut tree = Tree {
        transaction,
        groups: Groups::new(transaction),
        lines: Lines::new(in_colour),
        too_deep: VecDeque::new(),
    };
    tree.transaction();
    if !transaction.receipts().is_empty() {
        tree.group(&[1], &Branch::root(), "");
    }
    while let Some(group) = tree.too_deep.pop_front() {
        let parent = transaction.receipt(group[0]).parent.unwrap_or_default();
        let created_by = match group.len() {
            1 => format!(", made by receipt {parent}"),
            _ => format!(", the first one made by receipt {parent}"),
        };
        tree.group(&group, &Branch::root(), &created_by);
    }
    tree.lines.blank("");
    tree.summary();
    tree.lines.text
}

/// A tree while it is written.
struct Tree<'a> {
    transaction: &'a Transaction,
    groups: Groups,
    lines: Lines,
    /// The groups that are too deep, and are shown after the others.
    too_deep: VecDeque<Vec<usize>>,
}

impl Tree<'_> {
    /// Adds the transaction.
    fn transaction(&mut self) {
        let transaction = self.transaction;
        self.lines.transaction(&format!(
            "{} signs a transaction for {}",
            transaction.signer, transaction.receiver
        ));
        self.actions("", &transaction.actions, |_| ActionStatus::Succeeded);
        self.lines
            .labelled("", "burnt", &tgas(transaction.gas_burnt));
        if let Some(id) = &transaction.pending {
            self.lines
                .labelled("", "pending", &details::pending(&[*id]));
        }
    }

    /// Adds a group of similar receipts, and all their children.
    fn group(&mut self, group: &[usize], branch: &Branch, created_by: &str) {
        let transaction = self.transaction;
        let Some(first) = group.first().map(|number| transaction.receipt(*number)) else {
            return;
        };
        let children = self.groups.children(transaction, group);
        let title = match group {
            [number] => format!(
                "receipt {number}{created_by}: {} → {}",
                first.predecessor, first.receiver
            ),
            _ => format!(
                "receipts {} ({} alike{created_by}): {} → {}",
                ranges(group),
                group.len(),
                first.predecessor,
                details::receivers(transaction, group)
            ),
        };
        let block = transaction.block(first.position);
        self.lines.title(block, branch, &title);
        let before = branch.body(!children.is_empty());
        match group {
            [_] => self.body(first, &before),
            _ => self.group_body(group, &before),
        }
        if branch.is_deepest() && !children.is_empty() {
            let numbers: Vec<_> = children.iter().flatten().copied().collect();
            let reference = format!("further below: {}", details::receipts(&numbers));
            self.lines.child(&Branch::child(branch, true), &reference);
            self.too_deep.extend(children);
            return;
        }
        let last = children.len();
        for (index, group) in children.iter().enumerate() {
            let branch = Branch::child(branch, index + 1 == last);
            self.group(group, &branch, "");
        }
    }

    /// Adds the lines of one receipt.
    fn body(&mut self, receipt: &Receipt, before: &str) {
        let transaction = self.transaction;
        if receipt.is_callback() {
            self.lines
                .labelled(before, "waits", &details::waits(receipt));
        }
        if receipt.awaited_receipts().next().is_some() {
            let sees = details::sees(transaction, receipt);
            self.lines.labelled(before, "sees", &sees);
        }
        if receipt.actions.is_empty() {
            let carries = "a global contract to a shard";
            self.lines.labelled(before, "carries", carries);
        }
        let is_only = receipt.actions.len() == 1;
        self.actions(before, &receipt.actions, |index| match is_only {
            true => ActionStatus::Succeeded,
            false => receipt.action_status(index),
        });
        for (log, times) in details::counted(&receipt.logs) {
            self.lines
                .labelled(before, "log", &format!("{}{times}", text::log(log)));
        }
        let (label, result) = details::result(receipt);
        let style = if receipt.succeeded() { PLAIN } else { FAILURE };
        self.lines.styled(before, label, &result, style);
        if let Some(charge) = details::charge(receipt) {
            self.lines.labelled(before, "charge", &charge);
        }
        self.lines
            .labelled(before, "burnt", &tgas(receipt.gas_burnt));
        for refund in &receipt.refunds {
            let refund = details::refund(transaction, refund);
            self.lines.labelled(before, "refund", &refund);
        }
        if !receipt.pending.is_empty() {
            let pending = details::pending(&receipt.pending);
            self.lines.labelled(before, "pending", &pending);
        }
    }

    /// Adds the lines of a group: what is equal, and the range of what differs.
    fn group_body(&mut self, group: &[usize], before: &str) {
        let transaction = self.transaction;
        let receipts: Vec<_> = group
            .iter()
            .map(|number| transaction.receipt(*number))
            .collect();
        for (label, text) in details::group(transaction, &receipts) {
            let style = if label == details::FAILED {
                FAILURE
            } else {
                PLAIN
            };
            self.lines.styled(before, label, &text, style);
        }
    }

    /// Adds actions with their statuses, and with their indices if there are several.
    fn actions(
        &mut self,
        before: &str,
        actions: &[ActionView],
        status: impl Fn(usize) -> ActionStatus,
    ) {
        let described: Vec<_> = actions
            .iter()
            .enumerate()
            .map(|(index, action)| {
                let description = action::describe(action);
                (status(index), description, action::args(action))
            })
            .collect();
        let mut first = 0;
        for run in described.chunk_by(|one, next| one == next) {
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
                    self.action(before, &label, &described[index], &actions[index]);
                }
            }
            first = next;
        }
    }

    /// Adds one action.
    fn action(
        &mut self,
        before: &str,
        label: &str,
        (status, description, args): &(ActionStatus, String, Option<String>),
        action: &ActionView,
    ) {
        let (suffix, style) = match status {
            ActionStatus::Succeeded => ("", PLAIN),
            ActionStatus::RolledBack => (": is undone", PLAIN),
            ActionStatus::Failed => (": fails", FAILURE),
            ActionStatus::NotRun => (": does not run", PLAIN),
        };
        match description.split_once(' ') {
            Some((verb, rest)) if label.is_empty() => {
                self.lines
                    .styled(before, verb, &format!("{rest}{suffix}"), style);
            }
            _ => {
                let text = format!("{description}{suffix}");
                self.lines.styled(before, label, &text, style);
            }
        }
        if let Some(args) = args {
            self.lines.labelled(before, "", args);
        }
        for inner in action::delegated_actions(action) {
            let text = format!("· {}", action::describe(&inner));
            self.lines.labelled(before, "", &text);
            if let Some(args) = action::args(&inner) {
                self.lines.labelled(before, "", &args);
            }
        }
    }

    /// Adds the summary.
    fn summary(&mut self) {
        let transaction = self.transaction;
        let style = match transaction.result {
            TransactionResult::Failure(_) => FAILURE,
            TransactionResult::Value(_) | TransactionResult::Pending => TITLE,
        };
        self.lines.sentence(&summary::result(transaction), style);
        for failure in summary::unhandled_failures(transaction, "") {
            self.lines.sentence(&failure, FAILURE);
        }
        for paid in summary::paid(transaction) {
            self.lines.sentence(&paid, PLAIN);
        }
    }
}
