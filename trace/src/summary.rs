//! The summary of a transaction: its result, its unhandled failures, its lost refunds, and its price.

use near_primitives::types::{AccountId, Balance};

use crate::receipt::{Charge, ChargeKind, Receipt, Refund, RefundKind};
use crate::text::{self, about_near, near, ranges, tgas};
use crate::transaction::{Transaction, TransactionResult, UnhandledFailure};

/// The greatest number of accounts that are all named.
const MANY: usize = 6;

/// Describes the result in a sentence.
pub fn result(transaction: &Transaction) -> String {
    let pending = transaction.pending_receipts().count();
    let result = match &transaction.result {
        TransactionResult::Value(value) => format!(
            "The transaction succeeds and returns {}.",
            text::value(value)
        ),
        TransactionResult::Failure(failure) => {
            format!("The transaction fails: {}", failure.message)
        }
        TransactionResult::Pending => "The transaction is under way.".to_owned(),
    };
    match pending {
        0 => result,
        1 => format!("{result} A receipt did not run yet: this is what has run so far."),
        _ => format!("{result} {pending} receipts did not run yet: this is what has run so far."),
    }
}

/// Describes the unhandled failures: first the receipts, then the lost refunds. The letter of a transaction stands
/// before the numbers of its receipts. It is empty for a single transaction.
pub fn unhandled_failures(transaction: &Transaction, letter: &str) -> Vec<String> {
    let failures = transaction.unhandled_failures();
    let receipts = failures.iter().filter_map(|failure| match failure {
        UnhandledFailure::Receipt(receipt) => Some(receipt.number),
        UnhandledFailure::LostRefund(_) => None,
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
            "No callback handles the failure of {name}{}.",
            ranges(&receipts)
        ));
    }
    lines.extend(lost_refunds(transaction));
    lines
}

/// Describes the lost refunds, with the sum of those of one kind to one account.
fn lost_refunds(transaction: &Transaction) -> Vec<String> {
    let receipts = transaction.receipts().iter();
    let refunds = receipts.flat_map(|receipt| {
        let lost = receipt.refunds.iter().filter(|refund| refund.is_lost);
        lost.map(move |refund| (receipt, refund))
    });
    let mut sums: Vec<(&Receipt, &Refund, Balance)> = Vec::new();
    for (receipt, refund) in refunds {
        let same = sums.iter_mut().find(|(_, other, _)| {
            refund.kind != RefundKind::Beneficiary
                && (other.kind, &other.to) == (refund.kind, &refund.to)
        });
        match same {
            Some((_, _, sum)) => *sum = sum.saturating_add(refund.amount),
            None => sums.push((receipt, refund, refund.amount)),
        }
    }
    let descriptions = sums.into_iter().map(|(receipt, refund, sum)| {
        let to = &refund.to;
        match refund.kind {
            RefundKind::Beneficiary => format!(
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
    descriptions.collect()
}

/// Describes the payments: of the signer for gas and new accounts, of each account that deployed a global contract for
/// its bytes, and of each that deleted gas keys.
pub fn paid(transaction: &Transaction) -> Vec<String> {
    let lost = match transaction.lost_gas_refunds().is_zero() {
        true => "",
        false => ", lost refunds included",
    };
    let so_far = match transaction.pending_receipts().next() {
        None => "",
        Some(_) => " so far",
    };
    let of_signer = format!(
        "{} has paid {}{so_far} for {}{}{lost}.",
        transaction.signer,
        about_near(transaction.paid_for_gas()),
        tgas(transaction.total_gas_burnt()),
        for_new_accounts(transaction),
    );
    let receipts = transaction.receipts().iter();
    let of_receivers = receipts.filter_map(|receipt| {
        let Charge { kind, amount } = receipt.charge?;
        let (receiver, amount) = (&receipt.receiver, about_near(amount));
        match kind {
            ChargeKind::NewAccount => None,
            ChargeKind::GlobalContract => Some(format!(
                "{receiver} has paid {amount} for the bytes of a global contract."
            )),
            ChargeKind::GasKeys => Some(format!(
                "{amount} of {receiver} are burnt with its deleted gas keys."
            )),
        }
    });
    [of_signer].into_iter().chain(of_receivers).collect()
}

/// Describes the new accounts for which the signer paid.
fn for_new_accounts(transaction: &Transaction) -> String {
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

/// Lists accounts. If there are many, those in the middle are left out.
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
