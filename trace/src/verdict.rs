//! The verdict on a transaction: its end, the failures that nobody handles, the money that is lost, and who has paid
//! it.

use near_primitives::types::{AccountId, Balance};

use crate::receipt::{ChargeKind, Receipt, Refund, RefundKind};
use crate::text::{self, about_near, near, ranges, tgas};
use crate::transaction::{End, Transaction, Unhandled};

/// The most accounts that are named, and not counted.
const MANY: usize = 6;

/// Tells the end in a sentence.
pub fn end(transaction: &Transaction) -> String {
    let pending = transaction.pending().count();
    let end = match &transaction.end {
        End::Value(value) => format!(
            "The transaction succeeds and answers {}.",
            text::value(value)
        ),
        End::Failure(failure) => format!("The transaction fails: {}", failure.message),
        End::Pending => "The transaction is under way.".to_owned(),
    };
    match (pending, &transaction.end) {
        (0, _) => end,
        (1, _) => format!("{end} A receipt did not run yet: this is what has run so far."),
        _ => format!("{end} {pending} receipts did not run yet: this is what has run so far."),
    }
}

/// The failures that nobody handles: first the receipts, then the money that is lost. The name of a receipt has a
/// letter before its number where there are several transactions.
pub fn unhandled(transaction: &Transaction, letter: &str) -> Vec<String> {
    let failures = transaction.unhandled_failures();
    let receipts = failures.iter().filter_map(|failure| match failure {
        Unhandled::Receipt(receipt) => Some(receipt.number),
        Unhandled::Lost(_) => None,
    });
    let receipts: Vec<_> = receipts.collect();
    let mut lines = Vec::new();
    if !receipts.is_empty() {
        let name = match (letter, receipts.len()) {
            ("", 1) => "receipt ".to_owned(),
            ("", _) => "receipts ".to_owned(),
            (letter, 1) => format!("receipt {letter}"),
            (letter, _) => format!("receipts of {letter}: "),
        };
        lines.push(format!(
            "Nobody takes notice that {name}{} failed.",
            ranges(&receipts)
        ));
    }
    lines.extend(lost(transaction));
    lines
}

/// Tells the money that is lost; what went to the same account, together.
fn lost(transaction: &Transaction) -> Vec<String> {
    let receipts = transaction.receipts().iter();
    let refunds = receipts.flat_map(|receipt| {
        let lost = receipt.refunds.iter().filter(|refund| refund.is_lost);
        lost.map(move |refund| (receipt, refund))
    });
    let mut sums: Vec<(&Receipt, &Refund, Balance)> = Vec::new();
    for (receipt, refund) in refunds {
        let same = sums.iter_mut().find(|(_, other, _)| {
            refund.kind != RefundKind::Inheritance
                && (other.kind, &other.to) == (refund.kind, &refund.to)
        });
        match same {
            Some((_, _, sum)) => *sum = sum.saturating_add(refund.amount),
            None => sums.push((receipt, refund, refund.amount)),
        }
    }
    let told = sums.into_iter().map(|(receipt, refund, sum)| {
        let to = &refund.to;
        match refund.kind {
            RefundKind::Inheritance => format!(
                "{} are lost: {} was deleted, and there is no account {to} to inherit.",
                about_near(sum),
                receipt.receiver
            ),
            RefundKind::Deposit => format!(
                "{} of deposit are lost: they went back to {to}, and there is no such account.",
                near(sum)
            ),
            RefundKind::Gas => format!(
                "{} of gas are lost: they went back to {to}, and there is no such account.",
                about_near(sum)
            ),
        }
    });
    told.collect()
}

/// Tells who has paid what: the signer for gas and new accounts, and whoever deployed a global contract for its
/// bytes.
pub fn paid(transaction: &Transaction) -> Vec<String> {
    let lost = match transaction.lost_gas().is_zero() {
        true => "",
        false => ", lost refunds included",
    };
    let so_far = match transaction.pending().next() {
        None => "",
        Some(_) => " so far",
    };
    let signers = format!(
        "{} has paid {}{so_far} for {}{}{lost}.",
        transaction.signer,
        about_near(transaction.paid_for_gas()),
        tgas(transaction.total_gas_burnt()),
        for_accounts(transaction),
    );
    let receipts = transaction.receipts().iter();
    let deployed = receipts.filter(|receipt| !receipt.code_price().is_zero());
    let bytes = deployed.map(|receipt| {
        format!(
            "{} has paid {} for the bytes of a global contract.",
            receipt.receiver,
            about_near(receipt.code_price())
        )
    });
    [signers].into_iter().chain(bytes).collect()
}

fn for_accounts(transaction: &Transaction) -> String {
    let receipts = transaction.receipts().iter();
    let created: Vec<_> = receipts
        .filter_map(|receipt| Some((receipt, receipt.new_account()?)))
        .collect();
    let named = created
        .iter()
        .map(|(receipt, account)| match receipt.charge {
            Some(charge) if charge.kind == ChargeKind::NewAccount => {
                format!("{account} ({})", about_near(charge.amount))
            }
            _ => account.to_string(),
        });
    match created.len() {
        0 => String::new(),
        1 => format!(" and for the new account {}", named.collect::<String>()),
        many if many <= MANY => format!(
            " and for the new accounts {}",
            named.collect::<Vec<_>>().join(", ")
        ),
        many => format!(" and for {many} new accounts"),
    }
}

/// Accounts in a row, those in the middle left out where they are many.
pub fn accounts(accounts: &[&AccountId]) -> String {
    let names = |accounts: &[&AccountId]| {
        let names: Vec<_> = accounts.iter().map(|account| account.as_str()).collect();
        names.join(", ")
    };
    match accounts {
        [first @ .., last] if accounts.len() > MANY => format!(
            "{}, … {last} ({} accounts)",
            names(&first[..MANY / 2]),
            accounts.len()
        ),
        _ => names(accounts),
    }
}
