//! A transaction as a tree: what alice signed, and below it each receipt with what it did.
//!
//! To the left stands the block, counted from the transaction's. A receipt hangs below the one that
//! made it; its number is its place in the order of execution.

use near_primitives::action::Action;

use super::receipts::{Executed, Receipts, Refund, RefundKind};
use super::text::{self, WIDTH, about_near, near, tgas};

/// The column in which the tree begins.
const INDENT: usize = 10;

/// The width of `answer   `, the name of a line below a receipt.
const LABEL: usize = 9;

pub(super) fn tree(receipts: &Receipts) -> String {
    let mut lines = Lines::default();
    let transaction = &receipts.transaction.transaction;
    let title = format!(
        "{} signs a transaction for {}",
        transaction.signer_id(),
        transaction.receiver_id()
    );
    lines.put(Some(0), "", "", &title);
    for (place, action) in transaction.actions().iter().enumerate() {
        lines.action("", transaction.actions().len(), place, action, None);
    }
    lines.labelled("", "burnt", &tgas(receipts.outcome.outcome.gas_burnt));
    lines.receipt(receipts, 1, &Branch::root());
    lines.blank("");
    lines.put(None, "", "", &end(receipts));
    lines.text
}

fn end(receipts: &Receipts) -> String {
    let signer = receipts.transaction.transaction.signer_id();
    let end = match receipts.end() {
        Ok(value) => format!(
            "The transaction succeeds and answers {}.",
            text::value(&value)
        ),
        Err(error) => format!("The transaction fails: {error}"),
    };
    let cost = format!(
        "{signer} has paid {} for {}{}",
        about_near(receipts.tokens_burnt()),
        tgas(receipts.gas_burnt()),
        if receipts.creates_an_account() {
            " and for a new account"
        } else {
            ""
        },
    );
    format!("{end}\n{cost}.")
}

/// Where a receipt hangs: what stands before its first line, and before the others.
struct Branch {
    first: String,
    rest: String,
}

impl Branch {
    fn root() -> Self {
        Self {
            first: String::new(),
            rest: String::new(),
        }
    }

    fn below(parent: &Branch, is_last: bool) -> Self {
        let (first, rest) = if is_last {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        Self {
            first: format!("{}{first}", parent.rest),
            rest: format!("{}{rest}", parent.rest),
        }
    }
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn receipt(&mut self, receipts: &Receipts, number: usize, branch: &Branch) {
        let executed = &receipts.executed[&number];
        let children = executed.children.len();
        let above = branch.first.replace(['├', '└'], "│").replace("─ ", "");
        self.blank(&above);
        let rest = format!(
            "{}{}",
            branch.rest,
            if children > 0 { "│  " } else { "   " }
        );
        self.title(receipts, number, executed, branch);
        self.body(executed, &rest);
        for (place, child) in executed.children.iter().enumerate() {
            let is_last = place + 1 == children;
            self.receipt(receipts, *child, &Branch::below(branch, is_last));
        }
    }

    fn title(&mut self, receipts: &Receipts, number: usize, executed: &Executed, branch: &Branch) {
        let receipt = executed.receipt;
        let title = format!(
            "receipt {number}: {} → {}",
            receipt.predecessor_id(),
            receipt.receiver_id()
        );
        let block = receipts.block(executed.outcome);
        self.put(Some(block), &branch.first, &branch.rest, &title);
    }

    fn body(&mut self, executed: &Executed, before: &str) {
        if !executed.waits_for.is_empty() {
            let numbers: Vec<_> = executed.waits_for.iter().map(usize::to_string).collect();
            let answers = match &numbers[..] {
                [number] => format!("for the answer of receipt {number}"),
                _ => format!("for the answers of receipts {}", numbers.join(", ")),
            };
            self.labelled(before, "waits", &answers);
        }
        if executed.was_yielded {
            self.labelled(before, "waits", "to be resumed");
        }
        let receipt = executed.action_receipt();
        let actions = receipt.actions();
        for (place, action) in actions.iter().enumerate() {
            self.action(before, actions.len(), place, action, fate(executed, place));
        }
        for log in &executed.outcome.outcome.logs {
            self.labelled(before, "log", &text::log(log));
        }
        match (executed.answer_of, executed.answer()) {
            (Some(number), _) => {
                self.labelled(before, "answer", &format!("that of receipt {number}"))
            }
            (None, Ok(value)) => self.labelled(before, "answer", &text::value(&value)),
            (None, Err(error)) => self.labelled(before, "failed", &error),
        }
        self.labelled(before, "burnt", &tgas(executed.outcome.outcome.gas_burnt));
        for refund in &executed.refunds {
            self.labelled(before, "refund", &told(refund));
        }
    }

    /// An action, by its place when there are several, and what became of it.
    fn action(
        &mut self,
        before: &str,
        actions: usize,
        place: usize,
        action: &Action,
        fate: Option<&str>,
    ) {
        let told = text::action(action);
        let fate = fate.map(|fate| format!(": {fate}")).unwrap_or_default();
        match told.split_once(' ') {
            Some((verb, rest)) if actions == 1 => {
                self.labelled(before, verb, &format!("{rest}{fate}"));
            }
            _ => self.labelled(before, &format!("#{place}"), &format!("{told}{fate}")),
        }
        if let Some(args) = text::args(action) {
            self.labelled(before, "", &args);
        }
    }

    fn labelled(&mut self, before: &str, label: &str, text: &str) {
        let first = format!("{before}{label:LABEL$}");
        let rest = format!("{before}{:LABEL$}", "");
        self.put(None, &first, &rest, text);
    }

    fn put(&mut self, block: Option<u64>, first: &str, rest: &str, text: &str) {
        let width = WIDTH - INDENT - first.chars().count();
        let block = block
            .map(|block| format!("block {block}"))
            .unwrap_or_default();
        let lines = text.lines().flat_map(|line| text::wrapped(line, width));
        for (place, line) in lines.enumerate() {
            let (block, before) = if place == 0 {
                (block.as_str(), first)
            } else {
                ("", rest)
            };
            self.line(&format!("{block:INDENT$}{before}{line}"));
        }
    }

    fn blank(&mut self, before: &str) {
        self.line(&format!("{:INDENT$}{before}", ""));
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

/// What became of an action in a receipt that failed.
fn fate(executed: &Executed, place: usize) -> Option<&'static str> {
    if executed.succeeded() || executed.action_receipt().actions().len() == 1 {
        return None;
    }
    Some(match executed.failed_action() {
        Some(failed) if place == failed => "fails",
        Some(failed) if place > failed => "does not run",
        _ => "is undone",
    })
}

fn told(refund: &Refund) -> String {
    let what = match refund.kind {
        RefundKind::Deposit => format!("{} of deposit", near(refund.amount)),
        RefundKind::Gas => format!("{} of gas", about_near(refund.amount)),
    };
    let lost = if refund.is_lost {
        ", which is gone: it is lost"
    } else {
        ""
    };
    format!("{what}, to {} in block {}{lost}", refund.to, refund.block)
}
