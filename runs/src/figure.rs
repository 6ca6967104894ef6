//! Figures: the recordings of runs that the pages show.
//!
//! A [`Figure`] is a text, `name.txt`. A figure of transactions also has a ledger of the gas, `name.gas.txt`, and
//! a [`Run`], which a page includes: the drawing, the outcome, and the texts behind a click. A figure of a
//! number that grows has a [`Plot`], `name.svg`, and its data, `name.csv`.
//!
//! A figure states what it shows, so no recording can contradict its page. A figure of transactions takes an
//! [`Expectation`], a table or a plot takes the [`Claim`]s of its page. Only a [`Listing`] claims nothing. A run with the
//! inputs of a reader shows what happens, and claims that no token appears or is lost. A figure with a claim that does not
//! hold has no files; the run of a contract that a reader edits shows it, and names the claim.

use near_primitives::hash::CryptoHash;
use near_primitives::views::ActionView;
use trace::{Ledger, Run, Transaction};

use crate::claim::{Claim, assert_claims, claim};
use crate::inputs::{self, Input};
use crate::plot::Plot;
use crate::test_chain::{Expectation, TestChain, TxHash};

/// The extensions of a figure's files.
pub const EXTENSIONS: [&str; 5] = ["txt", "md", "gas.txt", "svg", "csv"];

/// The prefix of the methods that lose money, in `contract/vulnerable`.
const VULNERABLE: &str = "vulnerable_";

/// The recording of a run, with the claims of its page. Its [`Figure::files`] are there only if they hold.
pub struct Figure {
    /// The expectation of the transactions that the diagram shows.
    expected: Option<Claim>,
    /// The claims about all else.
    claims: Vec<Claim>,
    /// The content of `name.txt`.
    text: String,
    /// The transactions that the diagram shows.
    transactions: Vec<Transaction>,
    /// True if the diagram shows the gas of each receipt.
    has_gas: bool,
    /// The numbers of receipts, with the notes about the state on their cards.
    notes: Vec<(String, String)>,
    /// The warnings below the diagram.
    warnings: Vec<String>,
    /// The chart of a number that grows.
    plot: Option<Plot>,
    /// The inputs that a reader may change.
    inputs: &'static [Input],
}

/// A figure that lists facts, and about which its page claims nothing: versions, for example.
pub struct Listing(pub String);

impl From<Listing> for Figure {
    fn from(Listing(text): Listing) -> Self {
        Self::of_text(text)
    }
}

impl Figure {
    fn of_text(text: String) -> Self {
        Self {
            expected: None,
            claims: Vec::new(),
            text,
            transactions: Vec::new(),
            has_gas: false,
            notes: Vec::new(),
            warnings: Vec::new(),
            plot: None,
            inputs: &[],
        }
    }

    /// Returns a text about transactions as a figure, with their diagram.
    pub fn of_transactions(
        chain: &TestChain,
        hashes: &[CryptoHash],
        text: String,
        expected: Expectation,
    ) -> Self {
        Self {
            expected: Some(chain.shows(hashes, expected)),
            ..Self::drawn(chain, hashes, text)
        }
    }

    fn drawn(chain: &TestChain, hashes: &[CryptoHash], text: String) -> Self {
        let transactions = hashes.iter().map(|hash| chain.transaction(*hash));
        Self {
            transactions: transactions.collect(),
            ..Self::of_text(text)
        }
    }

    /// Returns a table, or another text about several runs, as a figure.
    ///
    /// # Panics
    /// There is no claim.
    pub fn table(text: String, claims: impl IntoIterator<Item = Claim>) -> Self {
        let claims: Vec<_> = claims.into_iter().collect();
        assert!(!claims.is_empty(), "the figure has no claim:\n{text}");
        Self {
            claims,
            ..Self::of_text(text)
        }
    }

    /// Returns a table with its chart as a figure.
    ///
    /// # Panics
    /// There is no claim.
    pub fn plotted(table: String, plot: Plot, claims: impl IntoIterator<Item = Claim>) -> Self {
        Self {
            plot: Some(plot),
            ..Self::table(table, claims)
        }
    }

    /// Appends a text, about which the page claims something.
    pub fn with(self, text: &str, claim: Claim) -> Self {
        self.append(text).claims(claim)
    }

    /// Adds a claim.
    pub fn claims(mut self, claim: Claim) -> Self {
        self.claims.push(claim);
        self
    }

    /// Appends a table of [`Money`](crate::test_chain::Money). The figure's expectation has checked its content
    /// already.
    pub fn with_money(self, table: &str) -> Self {
        self.append(table)
    }

    /// Shows the gas of each receipt in the diagram.
    pub fn with_gas(self) -> Self {
        Self {
            has_gas: true,
            ..self
        }
    }

    /// Declares the inputs that a reader may change.
    pub fn with_inputs(self, inputs: &'static [Input]) -> Self {
        Self { inputs, ..self }
    }

    /// Writes notes about the state on the cards of receipts. A receipt is named as on its card: `3`, or `B3` if there
    /// are several transactions. A run reads the state of its chain for a note.
    pub fn with_notes(self, notes: Vec<(String, String)>) -> Self {
        Self { notes, ..self }
    }

    /// Writes a sentence below the diagram, if its claim holds: money that is lost although no receipt fails, for
    /// example.
    pub fn with_warning(mut self, (sentence, claim): (String, Claim)) -> Self {
        if claim.fault().is_none() {
            self.warnings.push(sentence);
        }
        self.claims(claim)
    }

    /// Appends a text, about which the page claims nothing.
    pub(crate) fn append(mut self, text: &str) -> Self {
        self.text.push('\n');
        self.text.push_str(text);
        self
    }

    /// Returns the receipts, the logs and the results.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the transactions, as RPC reports them.
    pub fn transactions(&self) -> &[Transaction] {
        &self.transactions
    }

    /// Returns the ledger of the gas of each transaction.
    pub fn gas(&self) -> String {
        let ledgers = self.transactions.iter().map(Ledger::new);
        let ledgers: Vec<_> = ledgers.map(|ledger| ledger.to_text()).collect();
        ledgers.join("\n")
    }

    /// Returns what the page says and what does not hold, a sentence each. What the transactions of the diagram were
    /// expected to do is not among them: the diagram shows what they did.
    pub fn refuted(&self) -> impl Iterator<Item = &str> {
        let claims = self.claims.iter().flat_map(Claim::refuted);
        claims.map(String::as_str)
    }

    /// Returns the figure, if what its page says holds.
    ///
    /// # Panics
    /// A claim does not hold, or a note names no receipt.
    pub fn checked(self) -> Self {
        self.assert_claims();
        self
    }

    fn assert_claims(&self) {
        assert_claims(&self.text, self.expected.iter().chain(&self.claims));
        let run = self.drawing("", "");
        let notes = run.matches("class=\"note state\"").count();
        assert_eq!(notes, self.notes.len(), "a note names no receipt: {run}");
    }

    /// Returns the extensions and the contents of the figure's files. The title says what a run shows.
    ///
    /// # Panics
    /// A claim does not hold, or a note names no receipt.
    pub fn files(&self, name: &str, title: &str) -> Vec<(&'static str, String)> {
        self.assert_claims();
        let mut files = vec![("txt", self.text.clone())];
        if !self.transactions.is_empty() {
            files.push(("md", self.run(name, title)));
            files.push(("gas.txt", self.gas()));
        }
        if let Some(plot) = &self.plot {
            files.push(("svg", plot.to_svg(name)));
            files.push(("csv", plot.to_csv()));
        }
        files
    }

    /// Returns the run of the transactions for a page, with the texts behind a click.
    fn run(&self, name: &str, title: &str) -> String {
        let details = ["txt", "gas.txt"].map(|extension| {
            format!(
                "\n<span class=\"filename\">Recorded: src/figures/{name}.{extension}</span>\n\n\
                 ```text\n{{{{#include {name}.{extension}}}}}\n```\n"
            )
        });
        let inputs = match self.inputs {
            [] => String::new(),
            inputs => format!(
                "<script type=\"application/json\" class=\"run-inputs\">{}</script>\n",
                inputs::to_json(inputs)
            ),
        };
        format!(
            "{}{inputs}<details class=\"run-details\"><summary>Every detail: receipts, logs, gas</summary>\n{}\n</details>\n</div>\n",
            self.drawing(name, title),
            details.concat()
        )
    }

    /// Returns the drawing of the transactions, with their outcome and the balances, in an element that is still open.
    pub fn drawing(&self, name: &str, title: &str) -> String {
        let run = Run::new(name, title, &self.transactions)
            .with_notes(&self.notes)
            .with_warnings(&self.warnings);
        let run = match self.has_gas {
            true => run.with_gas(),
            false => run,
        };
        let run = match self.transactions.iter().any(calls_vulnerable_method) {
            true => run.vulnerable(),
            false => run,
        };
        run.to_html()
    }
}

/// Returns true if a receipt of the transaction calls a method that loses money.
fn calls_vulnerable_method(transaction: &Transaction) -> bool {
    let actions = transaction
        .receipts()
        .iter()
        .flat_map(|receipt| &receipt.actions);
    actions.into_iter().any(|action| {
        matches!(action, ActionView::FunctionCall { method_name, .. } if method_name.starts_with(VULNERABLE))
    })
}

impl TestChain {
    /// Returns the tree of a transaction as a figure.
    pub fn figure(&self, tx: TxHash, expected: Expectation) -> Figure {
        self.figure_with(&[tx], self.tree(tx), expected)
    }

    /// Returns the timeline of transactions as a figure.
    pub fn figure_of_blocks(&self, hashes: &[CryptoHash], expected: Expectation) -> Figure {
        self.figure_with(hashes, self.timeline(hashes), expected)
    }

    /// Returns a text about transactions as a figure.
    pub fn figure_with(
        &self,
        hashes: &[CryptoHash],
        text: String,
        expected: Expectation,
    ) -> Figure {
        Figure::of_transactions(self, hashes, text, expected)
    }

    /// Returns the tree of a transaction whose inputs a reader has changed, as a figure. It claims that no token
    /// appears or is lost.
    pub fn rerun(&self, tx: TxHash) -> Figure {
        self.rerun_with(&[tx], self.tree(tx))
    }

    /// Returns the timeline of transactions whose inputs a reader has changed, as [`TestChain::rerun`].
    pub fn rerun_of_blocks(&self, hashes: &[CryptoHash]) -> Figure {
        self.rerun_with(hashes, self.timeline(hashes))
    }

    fn rerun_with(&self, hashes: &[CryptoHash], text: String) -> Figure {
        let appeared = self.appeared_since(hashes[0]);
        let sentence =
            format!("no token appears or is lost, but {appeared} yoctoNEAR are too many");
        Figure::drawn(self, hashes, text).claims(claim(&sentence, appeared == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::{Scale, Series, Unit};

    fn contradicted() -> Figure {
        let text = "nothing is well\n".to_owned();
        let claims = [claim("it is a table", true), claim("all is well", false)];
        Figure::table(text, claims)
    }

    #[test]
    #[should_panic(expected = "this does not hold: all is well")]
    fn a_figure_with_a_false_claim_has_no_files() {
        contradicted().files("name", "");
    }

    #[test]
    #[should_panic(expected = "this does not hold: all is well")]
    fn a_figure_with_a_false_claim_is_not_checked() {
        contradicted().checked();
    }

    #[test]
    fn a_false_claim_is_refuted_and_leaves_the_figure() {
        let figure = contradicted();

        assert_eq!(figure.refuted().collect::<Vec<_>>(), ["all is well"]);
        assert_eq!(figure.text(), "nothing is well\n");
    }

    #[test]
    #[should_panic(expected = "the figure has no claim")]
    fn a_table_without_a_claim_panics() {
        Figure::table("a table\n".to_owned(), []);
    }

    #[test]
    #[should_panic(expected = "this does not hold: the guestbook has the message")]
    fn the_claim_of_an_appended_text_is_checked() {
        let figure = Figure::from(Listing("a list\n".to_owned()));
        let has_message = claim("the guestbook has the message", false);

        figure.with("no message\n", has_message).checked();
    }

    #[test]
    fn a_warning_that_does_not_hold_is_refuted_and_not_written() {
        let figure = Figure::from(Listing("a list\n".to_owned()));
        let is_lost = claim("a token is lost", false);

        let figure = figure.with_warning(("A token is lost!".to_owned(), is_lost));

        assert_eq!(figure.refuted().collect::<Vec<_>>(), ["a token is lost"]);
        assert!(figure.warnings.is_empty());
    }

    #[test]
    fn a_plot_has_a_chart_and_its_data() {
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

        let files = Figure::plotted("1 2\n".to_owned(), plot, [claim("it grows", true)])
            .files("name", "A number grows");

        let extensions: Vec<_> = files.iter().map(|(extension, _)| *extension).collect();
        assert_eq!(extensions, ["txt", "svg", "csv"]);
    }
}
