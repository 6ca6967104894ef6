//! The gas of a transaction: how much each receipt had, burnt, passed on, and did not spend.
//!
//! The ledger needs no table of fees. A receipt has the gas that it burns, the gas that its children have, and the
//! unspent gas, which is known from the refund.

use near_primitives::types::{Balance, Gas};
use serde::Serialize;

use crate::action::describe_briefly;
use crate::gas::{cost, price, sum};
use crate::receipt::{ChargeKind, Receipt};
use crate::text::{NO_BREAK_SPACE, about_near, near, table, tgas};
use crate::transaction::Transaction;

/// The gas of a transaction. Gas is in units, prices are in yoctoNEAR per unit, amounts in yoctoNEAR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// The account that signed the transaction, and pays for the gas.
    pub signer: String,
    /// The transaction, then each receipt in the order of execution.
    pub rows: Vec<Row>,
    /// The sum of the burnt gas.
    pub burnt: Gas,
    /// The sum of the unspent gas.
    pub unspent: Gas,
    /// The price at which the gas was bought.
    pub purchase_price: Balance,
    /// The price at which the gas of the transaction itself was burnt: the price of its block.
    pub block_price: Balance,
    /// The number of receipts that were not executed yet. The gas that was bought for them is not counted.
    pub pending: usize,
    /// The amount that was taken from the signer when the transaction was converted into a receipt.
    pub paid_first: Balance,
    /// The sum of the gas refunds that arrived.
    pub refunded: Balance,
    /// The sum of the gas refunds to an account that no longer exists.
    pub lost: Balance,
    /// The burnt tokens: for gas, for new accounts, and for the penalty on unspent gas in protocol versions that have
    /// one (NEP-536).
    pub spent: Balance,
    /// The amount that the signer paid in the end: the burnt tokens and the lost refunds.
    pub paid: Balance,
    /// The price of each new account. It is part of [`Self::spent`].
    pub new_accounts: Vec<Item>,
    /// The price of the bytes of each global contract. The account that deploys the contract pays it.
    pub global_contracts: Vec<Item>,
    /// The balances that were burnt with deleted gas keys. The account that deletes them loses them.
    pub gas_keys: Vec<Item>,
}

/// A price that is paid in addition to gas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The number of the receipt that was charged.
    pub receipt: usize,
    /// The new account, or the account that deployed the contract or deleted the gas keys.
    pub account: String,
    /// The amount.
    pub amount: Balance,
}

/// The gas of the transaction itself or of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The number of the receipt, or `None` for the transaction.
    pub receipt: Option<usize>,
    /// The description of the actions.
    pub actions: String,
    /// The gas that was bought: the gas attached to function calls, and the fees for execution.
    pub has: Gas,
    /// The burnt gas.
    pub burns: Gas,
    /// The gas that the children have.
    pub passes_on: Gas,
    /// The gas that was neither burnt nor passed on.
    pub unspent: Gas,
}

impl Ledger {
    /// Accounts for the gas of a transaction.
    pub fn new(transaction: &Transaction) -> Self {
        let receipts = transaction.receipts();
        // A child has a greater number than its parent, so its gas is known first.
        let mut had = vec![Gas::ZERO; receipts.len() + 1];
        for receipt in receipts.iter().rev() {
            let passed_on = sum(receipt.children.iter().map(|child| had[*child]));
            had[receipt.number] = sum([receipt.gas_burnt, receipt.gas_unspent, passed_on]);
        }
        let bought = had.get(1).copied().unwrap_or(Gas::ZERO);
        let mut rows = vec![Row {
            receipt: None,
            actions: describe_briefly(&transaction.actions),
            has: sum([transaction.gas_burnt, bought]),
            burns: transaction.gas_burnt,
            passes_on: bought,
            unspent: Gas::ZERO,
        }];
        rows.extend(receipts.iter().map(|receipt| Row::new(receipt, &had)));

        let refunded = transaction
            .receipts()
            .iter()
            .fold(Balance::ZERO, |sum, receipt| {
                sum.saturating_add(receipt.gas_refunded())
            });
        let lost = transaction.lost_gas_refunds();
        let paid = transaction.paid_for_gas();
        let block_price = price(transaction.tokens_burnt, transaction.gas_burnt);
        let purchase_price = receipts
            .first()
            .map_or(block_price, |first| first.gas_price);
        Self {
            signer: transaction.signer.to_string(),
            unspent: sum(rows.iter().map(|row| row.unspent)),
            burnt: transaction.total_gas_burnt(),
            purchase_price,
            block_price,
            pending: transaction.pending_receipts().count(),
            paid_first: transaction
                .tokens_burnt
                .saturating_add(cost(purchase_price, bought)),
            refunded: refunded.saturating_sub(lost),
            lost,
            spent: paid.saturating_sub(lost),
            paid,
            new_accounts: items(transaction, ChargeKind::NewAccount),
            global_contracts: items(transaction, ChargeKind::GlobalContract),
            gas_keys: items(transaction, ChargeKind::GasKeys),
            rows,
        }
    }

    /// Formats the rows as columns of text, with the prices below.
    pub fn to_text(&self) -> String {
        let titles = ["", "has", "burns", "passes on", "leaves over"];
        let mut rows = vec![titles.map(str::to_owned).to_vec()];
        rows.extend(self.rows.iter().map(Row::cells));
        rows.push(self.sums());
        format!("{}\n{}", table(&rows), table(&self.prices()))
    }

    /// Formats the rows as a table in Markdown, with the prices in a second one.
    pub fn to_markdown(&self) -> String {
        let mut lines = String::from(
            "| Receipt | Has | Burns | Passes on | Leaves over |\n|---|---:|---:|---:|---:|\n",
        );
        for cells in self.rows.iter().map(Row::cells).chain([self.sums()]) {
            lines.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        lines.push_str("\n| | |\n|---|---:|\n");
        for cells in self.prices() {
            lines.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        lines.replace(NO_BREAK_SPACE, " ")
    }

    /// Returns the cells of the last row.
    fn sums(&self) -> Vec<String> {
        vec![
            "all together".to_owned(),
            tgas(self.rows[0].has),
            tgas(self.burnt),
            String::new(),
            tgas(self.unspent),
        ]
    }

    /// Returns the rows of the second table.
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
        for Item {
            account, amount, ..
        } in &self.gas_keys
        {
            prices.push(vec![
                format!("burnt with gas keys of {account}"),
                about_near(*amount),
            ]);
        }
        prices
    }
}

/// Returns the charges of one kind.
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
    fn new(receipt: &Receipt, had: &[Gas]) -> Self {
        Self {
            receipt: Some(receipt.number),
            actions: describe_briefly(&receipt.actions),
            has: had[receipt.number],
            burns: receipt.gas_burnt,
            passes_on: sum(receipt.children.iter().map(|child| had[*child])),
            unspent: receipt.gas_unspent,
        }
    }

    fn cells(&self) -> Vec<String> {
        let name = match self.receipt {
            None => "the transaction".to_owned(),
            Some(number) => shortened(format!("{number}  {}", self.actions)),
        };
        let gas = [self.has, self.burns, self.passes_on, self.unspent];
        [name].into_iter().chain(gas.map(tgas)).collect()
    }
}

/// Cuts the name of a row, so that there is space for the other columns.
fn shortened(name: String) -> String {
    const LONGEST: usize = 80;

    match name.chars().count() {
        length if length > LONGEST => name.chars().take(LONGEST - 1).chain(['…']).collect(),
        _ => name,
    }
}
