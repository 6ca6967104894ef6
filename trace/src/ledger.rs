//! Where the gas of a transaction went: what each receipt had, burnt, passed on and left over.
//!
//! The fees are not known here, and need not be. A receipt has what it burns, what its children have, and
//! what it leaves over; that came back as a refund.

use near_primitives::types::{Balance, Gas};
use serde::Serialize;

use crate::action::names;
use crate::gas::{cost, price, sum};
use crate::receipt::{Receipt, RefundKind};
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
    /// What was taken from the signer at first.
    pub paid_first: Balance,
    /// What came back in gas refunds.
    pub refunded: Balance,
    /// What was sent back in gas refunds to an account that was no longer there.
    pub lost: Balance,
    /// What is gone: gas, what a new account costs beside it, and a penalty on gas that was left over where
    /// the protocol has one (NEP-536).
    pub spent: Balance,
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

        let refunds = |is_lost| {
            transaction
                .refunds()
                .filter(|refund| refund.kind == RefundKind::Gas && refund.is_lost == is_lost)
                .fold(Balance::ZERO, |sum, refund| {
                    sum.saturating_add(refund.amount)
                })
        };
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
            paid_first: transaction
                .tokens_burnt
                .saturating_add(cost(purchase_price, bought)),
            refunded: refunds(false),
            lost: refunds(true),
            spent: transaction.total_tokens_burnt(),
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
        let mut prices = vec![
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
        ];
        if !self.lost.is_zero() {
            prices.push(vec![
                "lost in refunds to an account that is gone".to_owned(),
                about_near(self.lost),
            ]);
        }
        prices
    }
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
            Some(number) => format!("{number}  {}", self.actions),
        };
        let gas = [self.has, self.burns, self.passes_on, self.leaves_over];
        [name].into_iter().chain(gas.map(tgas)).collect()
    }
}
