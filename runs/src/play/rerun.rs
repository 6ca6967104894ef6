//! A figure's run, run again with other inputs.

use near_primitives::types::AccountId;
use trace::text::signed_near;
use trace::{Diagram, Transaction, balances};

use crate::claim::Claim;
use crate::figure::Figure;
use crate::test_chain::{TestChain, TxHash};

/// A run with inputs after its end: the chain after it, its transactions, and what the page shows of them.
pub struct Rerun {
    /// The chain at the end.
    pub chain: TestChain,
    transactions: Vec<TxHash>,
    figure: Figure,
}

impl Rerun {
    /// Shows a transaction as a tree.
    pub fn tree(chain: TestChain, tx: TxHash) -> Self {
        let text = chain.tree(tx);
        Self::new(chain, vec![tx], text)
    }

    /// Shows transactions block by block.
    pub fn blocks(chain: TestChain, transactions: Vec<TxHash>) -> Self {
        let text = chain.timeline(&transactions);
        Self::new(chain, transactions, text)
    }

    fn new(chain: TestChain, transactions: Vec<TxHash>, text: String) -> Self {
        let read = transactions.iter().map(|hash| chain.transaction(*hash));
        let figure = Figure::unchecked(read.collect(), text);
        Self {
            chain,
            transactions,
            figure,
        }
    }

    /// Shows the gas of each receipt.
    pub fn with_gas(mut self) -> Self {
        self.figure = self.figure.with_gas();
        self
    }

    /// Writes notes about the state on the cards of receipts, as [`Figure::with_notes`].
    pub fn with_notes(mut self, notes: Vec<(String, String)>) -> Self {
        self.figure = self.figure.with_notes(notes);
        self
    }

    /// Writes a sentence below the drawing.
    ///
    /// # Panics
    /// The claim does not hold.
    pub fn with_warning(mut self, warning: (String, Claim)) -> Self {
        self.figure = self.figure.with_warning(warning);
        self
    }

    /// Returns the transactions, as RPC reports them.
    pub fn transactions(&self) -> Vec<Transaction> {
        let hashes = self.transactions.iter();
        hashes.map(|hash| self.chain.transaction(*hash)).collect()
    }

    /// Returns the drawing as SVG, for a file of its own.
    pub fn svg(&self, name: &str) -> String {
        Diagram::new(name, &self.transactions()).to_standalone_svg()
    }

    /// Returns the accounts whose balances have changed, beside gas, and the changes in NEAR.
    pub fn changes(&self) -> Vec<(AccountId, String)> {
        let changes = balances::changes(&self.transactions()).into_iter();
        changes
            .map(|(account, change)| (account, signed_near(change)))
            .collect()
    }

    /// Returns the run as a figure that claims nothing.
    pub fn figure(&self) -> &Figure {
        &self.figure
    }
}
