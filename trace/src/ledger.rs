//! Where the gas of a transaction went: what each receipt had, burnt, passed on and left over.
//!
//! The fees are not known here, and need not be. A receipt has what it burns, what its children have, and
//! what it leaves over; that came back as a refund.

use near_primitives::types::{Balance, Gas};
use serde::Serialize;

use crate::action::names;
use crate::gas::{cost, price, sum};
use crate::receipt::{ChargeKind, Receipt};
use crate::text::{about_near, near, table, tgas};
use crate::transaction::Transaction;

/// The gas of a transaction, accounted for. Gas in units, prices and amounts in yoctoNEAR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// Who paid.
    pub signer: String,
    /// The transaction, and then each receipt in the order of execution.
    pub rows: Vec<Row>,
    /// What was burnt in all of them.
    pub burnt: Gas,
    /// What was left over in all of them.
    pub left_over: Gas,
    /// What a unit was bought for.
    pub purchase_price: Balance,
    /// What a unit of the transaction was burnt for.
    pub block_price: Balance,
    /// The number of receipts that did not run yet. The gas that was bought for them is not counted.
    pub pending: usize,
    /// What was taken from the signer at first.
    pub paid_first: Balance,
    /// What came back in gas refunds.
    pub refunded: Balance,
    /// What was sent back in gas refunds to an account that was no longer there.
    pub lost: Balance,
    /// What is gone: gas, what a new account costs beside it, and a penalty on gas that was left over where
    /// the protocol has one (NEP-536).
    pub spent: Balance,
    /// The signer's payment in the end: the tokens that are gone, and those that were lost on the way back.
    pub paid: Balance,
    /// The price of each new account, beside gas. It is part of what is gone.
    pub new_accounts: Vec<Item>,
    /// The price of the bytes of each global contract. It is no gas, and the signer's only where the signer
    /// has deployed.
    pub global_contracts: Vec<Item>,
}

/// A price that is paid beside gas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The number of the receipt in which it was paid.
    pub receipt: usize,
    /// The new account, or the one that deployed.
    pub account: String,
    /// The amount.
    pub amount: Balance,
}

/// What became of the gas of the transaction, or of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The number of the receipt; nothing for the transaction.
    pub receipt: Option<usize>,
    /// The methods, or what else the actions do.
    pub actions: String,
    /// What was bought for it: what is attached to its calls, and the fees for executing it.
    pub has: Gas,
    /// What it burnt.
    pub burns: Gas,
    /// What the receipts have that it made.
    pub passes_on: Gas,
    /// What came back.
    pub leaves_over: Gas,
}

impl Ledger {
    /// Accounts for a transaction.
    pub fn of(transaction: &Transaction) -> Self {
        let receipts = transaction.receipts();
        // What is made later has a greater number, so children are known before their parents.
        let mut had = vec![Gas::ZERO; receipts.len() + 1];
        for receipt in receipts.iter().rev() {
            let passed_on = sum(receipt.children.iter().map(|child| had[*child]));
            had[receipt.number] = sum([receipt.gas_burnt, receipt.gas_left_over, passed_on]);
        }
        let bought = had.get(1).copied().unwrap_or(Gas::ZERO);
        let mut rows = vec![Row {
            receipt: None,
            actions: names(&transaction.actions),
            has: sum([transaction.gas_burnt, bought]),
            burns: transaction.gas_burnt,
            passes_on: bought,
            leaves_over: Gas::ZERO,
        }];
        rows.extend(receipts.iter().map(|receipt| Row::of(receipt, &had)));

        let refunded = transaction
            .receipts()
            .iter()
            .fold(Balance::ZERO, |sum, receipt| {
                sum.saturating_add(receipt.gas_refunded())
            });
        let lost = transaction.lost_gas();
        let paid = transaction.paid_for_gas();
        let block_price = price(transaction.tokens_burnt, transaction.gas_burnt);
        let purchase_price = receipts
            .first()
            .map_or(block_price, |first| first.gas_price);
        Self {
            signer: transaction.signer.to_string(),
            left_over: sum(rows.iter().map(|row| row.leaves_over)),
            burnt: transaction.total_gas_burnt(),
            purchase_price,
            block_price,
            pending: transaction.pending().count(),
            paid_first: transaction
                .tokens_burnt
                .saturating_add(cost(purchase_price, bought)),
            refunded: refunded.saturating_sub(lost),
            lost,
            spent: paid.saturating_sub(lost),
            paid,
            new_accounts: items(transaction, ChargeKind::NewAccount),
            global_contracts: items(transaction, ChargeKind::GlobalContract),
            rows,
        }
    }

    /// The rows as text, the prices below.
    pub fn to_text(&self) -> String {
        let titles = ["", "has", "burns", "passes on", "leaves over"];
        let mut rows = vec![titles.map(str::to_owned).to_vec()];
        rows.extend(self.rows.iter().map(Row::cells));
        rows.push(vec![
            "all together".to_owned(),
            tgas(self.rows[0].has),
            tgas(self.burnt),
            String::new(),
            tgas(self.left_over),
        ]);
        format!("{}\n{}", table(&rows), table(&self.prices()))
    }

    /// The same as Markdown.
    pub fn to_markdown(&self) -> String {
        let mut lines = String::from(
            "| Receipt | Has | Burns | Passes on | Leaves over |\n|---|---:|---:|---:|---:|\n",
        );
        let together = vec![
            "all together".to_owned(),
            tgas(self.rows[0].has),
            tgas(self.burnt),
            String::new(),
            tgas(self.left_over),
        ];
        for cells in self.rows.iter().map(Row::cells).chain([together]) {
            lines.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        lines.push_str("\n| | |\n|---|---:|\n");
        for cells in self.prices() {
            lines.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        lines.replace(crate::text::JOINT, " ")
    }

    fn prices(&self) -> Vec<Vec<String>> {
        let tera = Gas::from_teragas(1);
        let mut prices = Vec::new();
        if self.pending > 0 {
            prices.push(vec![
                "receipts that did not run yet, and are not counted".to_owned(),
                self.pending.to_string(),
            ]);
        }
        prices.extend([
            vec![
                "1 Tgas is bought for".to_owned(),
                near(cost(self.purchase_price, tera)),
            ],
            vec![
                "1 Tgas is burnt for".to_owned(),
                near(cost(self.block_price, tera)),
            ],
            vec![
                format!("taken from {} in block 0", self.signer),
                about_near(self.paid_first),
            ],
            vec![
                "given back in gas refunds".to_owned(),
                about_near(self.refunded),
            ],
            vec!["burnt".to_owned(), about_near(self.spent)],
        ]);
        for Item {
            account, amount, ..
        } in &self.new_accounts
        {
            prices.push(vec![
                format!("of it for the new account {account}"),
                about_near(*amount),
            ]);
        }
        if !self.lost.is_zero() {
            prices.push(vec![
                "lost in refunds to an account that is gone".to_owned(),
                about_near(self.lost),
            ]);
            prices.push(vec![
                format!("paid by {} in the end", self.signer),
                about_near(self.paid),
            ]);
        }
        for Item {
            account, amount, ..
        } in &self.global_contracts
        {
            prices.push(vec![
                format!("paid by {account} for the bytes of a global contract"),
                about_near(*amount),
            ]);
        }
        prices
    }
}

fn items(transaction: &Transaction, kind: ChargeKind) -> Vec<Item> {
    let charges = transaction.receipts().iter();
    let charges = charges.filter_map(|receipt| {
        let charge = receipt.charge.filter(|charge| charge.kind == kind)?;
        Some(Item {
            receipt: receipt.number,
            account: receipt.receiver.to_string(),
            amount: charge.amount,
        })
    });
    charges.collect()
}

impl Row {
    fn of(receipt: &Receipt, had: &[Gas]) -> Self {
        Self {
            receipt: Some(receipt.number),
            actions: names(&receipt.actions),
            has: had[receipt.number],
            burns: receipt.gas_burnt,
            passes_on: sum(receipt.children.iter().map(|child| had[*child])),
            leaves_over: receipt.gas_left_over,
        }
    }

    fn cells(&self) -> Vec<String> {
        let name = match self.receipt {
            None => "the transaction".to_owned(),
            Some(number) => shortened(format!("{number}  {}", self.actions)),
        };
        let gas = [self.has, self.burns, self.passes_on, self.leaves_over];
        [name].into_iter().chain(gas.map(tgas)).collect()
    }
}

/// The name of a row that leaves room for its columns.
fn shortened(name: String) -> String {
    const LONGEST: usize = 80;

    match name.chars().count() {
        length if length > LONGEST => name.chars().take(LONGEST - 1).chain(['…']).collect(),
        _ => name,
    }
}
