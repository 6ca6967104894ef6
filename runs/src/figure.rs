//! Figures: the recordings of runs that the pages show.
//!
//! A [`Figure`] is a text, `name.txt`. A figure of transactions is also drawn, `name.svg`, and accounts for their
//! gas, `name.gas.txt`. A figure of a growing number is drawn as a [`Plot`], `name.svg`, and has its data,
//! `name.csv`.
//!
//! A figure states what it shows, so that no recording can say the opposite of its page. A figure of
//! transactions takes an [`Expectation`], a table or a plot takes the [`Claim`]s of its page. Only a
//! [`Listing`] claims nothing.

use near_primitives::hash::CryptoHash;
use trace::{Diagram, Ledger, Transaction};

use crate::claim::{Claim, hold};
use crate::plot::Plot;
use crate::test_chain::{Expectation, TestChain, TxHash};

/// How the names of a figure's files end.
pub const ENDINGS: [&str; 4] = ["txt", "svg", "gas.txt", "csv"];

/// The recording of a run, and of what it had to show.
pub struct Figure {
    /// What it says.
    text: String,
    /// The transactions that it tells of.
    transactions: Vec<Transaction>,
    /// How a number grows, in a figure that tells of no transaction alone.
    plot: Option<Plot>,
}

/// A figure that lists facts, of which its page says nothing that could be wrong: versions, say.
pub struct Listing(pub String);

impl From<Listing> for Figure {
    fn from(Listing(text): Listing) -> Self {
        Self::of_text(text)
    }
}

impl Figure {
    fn of_text(text: String) -> Self {
        Self {
            text,
            transactions: Vec::new(),
            plot: None,
        }
    }

    /// A text about transactions, which are drawn as well.
    ///
    /// # Panics
    /// They do not show what is expected of them.
    pub fn of_transactions(
        chain: &TestChain,
        hashes: &[CryptoHash],
        text: String,
        expected: Expectation,
    ) -> Self {
        hold(&text, [chain.shows(hashes, expected)]);
        let transactions = hashes.iter().map(|hash| chain.transaction(*hash));
        Self {
            transactions: transactions.collect(),
            ..Self::of_text(text)
        }
    }

    /// A table, or another text of several runs.
    ///
    /// # Panics
    /// A claim does not hold, or there is none.
    pub fn table(text: String, claims: impl IntoIterator<Item = Claim>) -> Self {
        hold(&text, claims);
        Self::of_text(text)
    }

    /// A table that is drawn as well.
    ///
    /// # Panics
    /// As for [`Figure::table`].
    pub fn plotted(table: String, plot: Plot, claims: impl IntoIterator<Item = Claim>) -> Self {
        Self {
            plot: Some(plot),
            ..Self::table(table, claims)
        }
    }

    /// The figure with more text below it, of which something is claimed.
    ///
    /// # Panics
    /// The claim does not hold.
    pub fn with(self, text: &str, claim: Claim) -> Self {
        hold(text, [claim]);
        self.above(text)
    }

    /// The figure, of which one thing more is claimed.
    ///
    /// # Panics
    /// The claim does not hold.
    pub fn claims(self, claim: Claim) -> Self {
        hold(&self.text, [claim]);
        self
    }

    /// The figure with a table of [`chain::Money`] below it. The expectation knows all that it says.
    pub fn with_money(self, table: &str) -> Self {
        self.above(table)
    }

    fn above(mut self, text: &str) -> Self {
        self.text.push('\n');
        self.text.push_str(text);
        self
    }

    /// The files of the figure: the endings of their names, and what is in them.
    pub fn files(&self, name: &str) -> Vec<(&'static str, String)> {
        let mut files = vec![("txt", self.text.clone())];
        if !self.transactions.is_empty() {
            let ledgers = self.transactions.iter().map(Ledger::new);
            let ledgers: Vec<_> = ledgers.map(|ledger| ledger.to_text()).collect();
            files.push(("svg", Diagram::new(name, &self.transactions).to_svg()));
            files.push(("gas.txt", ledgers.join("\n")));
        }
        if let Some(plot) = &self.plot {
            files.push(("svg", plot.to_svg(name)));
            files.push(("csv", plot.to_csv()));
        }
        files
    }
}

impl TestChain {
    /// The tree of a transaction as a figure.
    pub fn figure(&self, tx: TxHash, expected: Expectation) -> Figure {
        self.figure_with(&[tx], self.tree(tx), expected)
    }

    /// The timeline of transactions as a figure.
    pub fn figure_of_blocks(&self, hashes: &[CryptoHash], expected: Expectation) -> Figure {
        self.figure_with(hashes, self.timeline(hashes), expected)
    }

    /// A text about transactions as a figure.
    pub fn figure_with(
        &self,
        hashes: &[CryptoHash],
        text: String,
        expected: Expectation,
    ) -> Figure {
        Figure::of_transactions(self, hashes, text, expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::claim;
    use crate::plot::{Scale, Series, Unit};

    #[test]
    #[should_panic(expected = "this does not hold: all is well")]
    fn a_figure_of_which_something_else_is_claimed_is_none() {
        let text = "nothing is well\n".to_owned();

        Figure::table(
            text,
            [claim("it is a table", true), claim("all is well", false)],
        );
    }

    #[test]
    #[should_panic(expected = "nothing is claimed of the figure")]
    fn a_table_of_which_nothing_is_claimed_is_none() {
        Figure::table("a table\n".to_owned(), []);
    }

    #[test]
    #[should_panic(expected = "this does not hold: the book has the message")]
    fn what_stands_below_a_figure_is_held_to_its_claim() {
        let figure = Figure::from(Listing("a list\n".to_owned()));

        figure.with("no message\n", claim("the book has the message", false));
    }

    #[test]
    fn a_plot_is_drawn_and_has_its_data_beside_it() {
        let calls = Scale {
            title: "calls",
            unit: Unit::Count("call", "calls"),
        };
        let points = vec![(1, 2), (2, 3)];
        let plot = Plot {
            title: "Calls by calls",
            across: calls,
            up: calls,
            series: vec![Series { name: "it", points }],
        };

        let files =
            Figure::plotted("1 2\n".to_owned(), plot, [claim("it grows", true)]).files("name");

        let endings: Vec<_> = files.iter().map(|(ending, _)| *ending).collect();
        assert_eq!(endings, ["txt", "svg", "csv"]);
    }
}
