//! A transaction as a tree: what was signed, and below it each receipt with what it did.
//!
//! To the left stands the block, counted from the transaction's. A receipt hangs below the one that
//! made it; its number is its place in the order of execution.

use anstyle::{AnsiColor, Style};
use near_primitives::views::ActionView;

use crate::action;
use crate::receipt::{Fate, Input, Receipt, Refund, RefundKind};
use crate::text::{self, WIDTH, about_near, near, tgas};
use crate::transaction::Transaction;

/// The column in which the tree begins.
const INDENT: usize = 10;

/// The width of `answer   `, the name of a line below a receipt.
const LABEL: usize = 9;

/// The tree as plain text.
pub fn tree(transaction: &Transaction) -> String {
    told(transaction, false)
}

/// The tree for a terminal: names stand back, failures stand out.
pub fn tree_in_colour(transaction: &Transaction) -> String {
    told(transaction, true)
}

fn told(transaction: &Transaction, in_colour: bool) -> String {
    let mut lines = Lines {
        text: String::new(),
        in_colour,
    };
    let title = format!(
        "{} signs a transaction for {}",
        transaction.signer, transaction.receiver
    );
    lines.put(Some(0), &Branch::root(), "", &title, TITLE);
    let actions = &transaction.actions;
    for (place, action) in actions.iter().enumerate() {
        lines.action("", actions.len(), place, action, Fate::Done);
    }
    lines.labelled("", "burnt", &tgas(transaction.gas_burnt));
    if !transaction.receipts().is_empty() {
        lines.receipt(transaction, 1, &Branch::root());
    }
    lines.blank("");
    lines.end(transaction);
    lines.text
}

const PLAIN: Style = Style::new();
const TITLE: Style = Style::new().bold();
const ASIDE: Style = Style::new().dimmed();
const FAILURE: Style = AnsiColor::Red.on_default().bold();

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

struct Lines {
    text: String,
    in_colour: bool,
}

impl Lines {
    fn receipt(&mut self, transaction: &Transaction, number: usize, branch: &Branch) {
        let receipt = transaction.receipt(number);
        let children = receipt.children.len();
        let above = branch.first.replace(['├', '└'], "│").replace("─ ", "");
        self.blank(&above);
        let rest = format!(
            "{}{}",
            branch.rest,
            if children > 0 { "│  " } else { "   " }
        );
        let title = format!(
            "receipt {number}: {} → {}",
            receipt.predecessor, receipt.receiver
        );
        let block = transaction.block(receipt.moment);
        self.put(Some(block), branch, "", &title, TITLE);
        self.body(transaction, receipt, &rest);
        for (place, child) in receipt.children.iter().enumerate() {
            let is_last = place + 1 == children;
            self.receipt(transaction, *child, &Branch::below(branch, is_last));
        }
    }

    fn body(&mut self, transaction: &Transaction, receipt: &Receipt, before: &str) {
        if receipt.is_callback() {
            self.labelled(before, "waits", &waits(receipt));
        }
        if receipt.senders().next().is_some() {
            self.labelled(before, "sees", &sees(transaction, receipt));
        }
        let actions = receipt.actions.len();
        if actions == 0 {
            self.labelled(before, "carries", "a global contract to a shard");
        }
        for (place, action) in receipt.actions.iter().enumerate() {
            let fate = match actions {
                1 => Fate::Done,
                _ => receipt.fate(place),
            };
            self.action(before, actions, place, action, fate);
        }
        for log in &receipt.logs {
            self.labelled(before, "log", &text::log(log));
        }
        match (receipt.answer_of, &receipt.answer) {
            (Some(number), _) => {
                self.labelled(before, "answer", &format!("that of receipt {number}"));
            }
            (None, Ok(value)) => self.labelled(before, "answer", &text::value(value)),
            (None, Err(failure)) => {
                self.styled(before, "failed", &failure.message, FAILURE);
            }
        }
        self.labelled(before, "burnt", &tgas(receipt.gas_burnt));
        for refund in &receipt.refunds {
            self.labelled(before, "refund", &refunded(transaction, refund));
        }
    }

    /// An action, by its place when there are several, and what became of it.
    fn action(
        &mut self,
        before: &str,
        actions: usize,
        place: usize,
        action: &ActionView,
        fate: Fate,
    ) {
        let told = action::told(action);
        let (fate, style) = match fate {
            Fate::Done => ("", PLAIN),
            Fate::Undone => (": is undone", PLAIN),
            Fate::Failed => (": fails", FAILURE),
            Fate::NotRun => (": does not run", PLAIN),
        };
        match told.split_once(' ') {
            Some((verb, rest)) if actions == 1 => {
                self.styled(before, verb, &format!("{rest}{fate}"), style);
            }
            _ => self.styled(
                before,
                &format!("#{place}"),
                &format!("{told}{fate}"),
                style,
            ),
        }
        if let Some(args) = action::args(action) {
            self.labelled(before, "", &args);
        }
    }

    fn end(&mut self, transaction: &Transaction) {
        let (end, style) = match &transaction.end {
            Ok(value) => (
                format!(
                    "The transaction succeeds and answers {}.",
                    text::value(value)
                ),
                TITLE,
            ),
            Err(failure) => (
                format!("The transaction fails: {}", failure.message),
                FAILURE,
            ),
        };
        self.put(None, &Branch::root(), "", &end, style);
        let unnoticed = transaction.unnoticed_failures();
        if !unnoticed.is_empty() {
            let unnoticed = format!("Nobody takes notice that {} failed.", listed(&unnoticed));
            self.put(None, &Branch::root(), "", &unnoticed, FAILURE);
        }
        let for_an_account = match transaction.creates_an_account() {
            true => " and for a new account",
            false => "",
        };
        let cost = format!(
            "{} has paid {} for {}{for_an_account}.",
            transaction.signer,
            about_near(transaction.total_tokens_burnt()),
            tgas(transaction.total_gas_burnt()),
        );
        self.put(None, &Branch::root(), "", &cost, PLAIN);
    }

    fn labelled(&mut self, before: &str, label: &str, text: &str) {
        self.styled(before, label, text, PLAIN);
    }

    fn styled(&mut self, before: &str, label: &str, text: &str, style: Style) {
        let branch = Branch {
            first: before.to_owned(),
            rest: before.to_owned(),
        };
        self.put(None, &branch, &format!("{label:LABEL$}"), text, style);
    }

    fn put(&mut self, block: Option<u64>, branch: &Branch, label: &str, text: &str, style: Style) {
        let indent = branch.first.chars().count() + label.chars().count();
        let width = WIDTH - INDENT - indent;
        let block = block
            .map(|block| format!("block {block}"))
            .unwrap_or_default();
        let lines = text.lines().flat_map(|line| text::wrapped(line, width));
        for (place, line) in lines.enumerate() {
            let (block, before, label) = match place {
                0 => (block.as_str(), &branch.first, label.to_owned()),
                _ => ("", &branch.rest, " ".repeat(label.chars().count())),
            };
            let aside = self.painted(&format!("{block:INDENT$}{before}{label}"), ASIDE);
            let line = self.painted(&line, style);
            self.line(&format!("{aside}{line}"));
        }
    }

    fn blank(&mut self, before: &str) {
        let line = format!("{:INDENT$}{before}", "");
        let line = self.painted(line.trim_end(), ASIDE);
        self.line(&line);
    }

    fn painted(&self, text: &str, style: Style) -> String {
        match self.in_colour && style != PLAIN && !text.is_empty() {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

fn waits(receipt: &Receipt) -> String {
    let numbers: Vec<_> = receipt.senders().collect();
    match numbers[..] {
        [] => "to be resumed".to_owned(),
        [number] => format!("for the answer of receipt {number}"),
        _ => format!(
            "for the answers of receipts {}",
            numbers
                .iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

/// What the contract gets to see of the answers, in the order in which it sees them.
fn sees(transaction: &Transaction, receipt: &Receipt) -> String {
    let seen = receipt.inputs.iter().map(|input| match input {
        Input::Answer(number) => match &transaction.receipt(*number).answer {
            Ok(value) => text::value(value),
            Err(_) => "a failure".to_owned(),
        },
        Input::Resumed => "what resumed it".to_owned(),
    });
    seen.collect::<Vec<_>>().join(", ")
}

fn listed(numbers: &[usize]) -> String {
    match numbers {
        [number] => format!("receipt {number}"),
        _ => {
            let numbers: Vec<_> = numbers.iter().map(usize::to_string).collect();
            format!("receipts {}", numbers.join(", "))
        }
    }
}

fn refunded(transaction: &Transaction, refund: &Refund) -> String {
    let what = match refund.kind {
        RefundKind::Deposit => format!("{} of deposit", near(refund.amount)),
        RefundKind::Gas => format!("{} of gas", about_near(refund.amount)),
        RefundKind::Inheritance => format!("{} of the account", about_near(refund.amount)),
    };
    let lost = if refund.is_lost {
        ", which is gone: it is lost"
    } else {
        ""
    };
    let block = transaction.block(refund.moment);
    format!("{what}, to {} in block {block}{lost}", refund.to)
}
