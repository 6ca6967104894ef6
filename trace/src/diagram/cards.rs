//! Cards and arrows, with their text and without coordinates.

use near_primitives::types::{Balance, Gas};

use crate::text::wrapped_to;

/// The longest line of a card, in characters.
pub const WIDTH: usize = 28;

/// The greatest number of lines that an error or a value gets on a card. A screen reader gets the whole text.
const MAX_LINES: usize = 3;

/// The cards and the arrows of a diagram.
#[derive(Debug, Clone)]
pub struct Cards {
    /// The names of the lanes: each account, in the order of the first cards, or a number of accounts.
    pub lanes: Vec<String>,
    /// The rows: each block that has cards, or several blocks.
    pub rows: Vec<Blocks>,
    /// True if each card shows its gas.
    pub show_gas: bool,
    /// The cards in the order of execution.
    pub cards: Vec<Card>,
    /// The arrows.
    pub arrows: Vec<Arrow>,
    /// The sentences below the diagram: the result of each transaction, and its unhandled failures.
    pub summary: Vec<Sentence>,
    /// The change of each lane's balance by deposits, transfers and refunds of deposits, in yoctoNEAR. It is empty
    /// if none moved.
    pub changes: Vec<i128>,
}

/// The blocks of a row, counted from the first one.
#[derive(Debug, Clone)]
pub struct Blocks {
    /// The first block.
    pub first: u64,
    /// The last block.
    pub last: u64,
    /// The gas that is burnt in them.
    pub gas_burnt: Gas,
}

/// A card: a signed transaction, a receipt, or a refund.
#[derive(Debug, Clone)]
pub struct Card {
    /// The index of the lane.
    pub lane: usize,
    /// The index of the row.
    pub row: usize,
    /// The kind.
    pub kind: Kind,
    /// True if the receipt failed.
    pub failed: bool,
    /// The number of the receipt, with the letter of its transaction. Only receipts have one.
    pub number: String,
    /// The title.
    pub title: String,
    /// The notes below the title.
    pub notes: Vec<Note>,
    /// The description for a screen reader.
    pub description: String,
}

/// The kind of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A signed transaction.
    Signed,
    /// A receipt without inputs.
    Call,
    /// A receipt that waited for inputs.
    Callback,
    /// A refund of a deposit.
    Refund,
}

/// A sentence below a diagram.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// The mood.
    pub mood: Mood,
    /// The text.
    pub text: String,
}

/// The mood of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// A transaction succeeds.
    Success,
    /// A transaction fails.
    Failure,
    /// A failure has no consequence for the result.
    Warning,
    /// Anything else.
    Neutral,
}

impl Sentence {
    /// Creates a sentence.
    pub fn new(mood: Mood, text: String) -> Self {
        Self { mood, text }
    }
}

/// A note on a card.
#[derive(Debug, Clone)]
pub struct Note {
    /// The text.
    pub text: String,
    /// The style.
    pub style: Style,
}

/// The style of a text on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The title.
    Title,
    /// A note.
    Plain,
    /// An amount that moves.
    Money,
    /// An error.
    Error,
    /// An effect that was rolled back.
    Undone,
    /// The gas: attached, and burnt.
    Gas,
    /// The state that the receipt finds or leaves.
    State,
}

impl Style {
    /// Returns the class in a drawing and in a list.
    pub fn class(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Plain => "",
            Self::Money => "money",
            Self::Error => "error",
            Self::Undone => "undone",
            Self::Gas => "gas",
            Self::State => "state",
        }
    }
}

/// An arrow between two cards.
#[derive(Debug, Clone, Copy)]
pub struct Arrow {
    /// The index of the card at its start.
    pub from: usize,
    /// The index of the card at its head.
    pub to: usize,
    /// The kind.
    pub kind: ArrowKind,
    /// The amount that travels with it.
    pub amount: Balance,
}

/// The kind of an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArrowKind {
    /// A receipt is created.
    Creates,
    /// A receipt is created that waits for inputs.
    CreatesCallback,
    /// A result goes to a callback.
    Result,
    /// A deposit is refunded.
    Refund,
}

impl ArrowKind {
    /// The kinds in the order of the legend.
    pub const ALL: [Self; 4] = [
        Self::Creates,
        Self::CreatesCallback,
        Self::Result,
        Self::Refund,
    ];

    /// Returns the class of the line.
    pub fn class(self) -> &'static str {
        match self {
            Self::Creates => "sends",
            Self::CreatesCallback => "waits",
            Self::Result => "results",
            Self::Refund => "refunds",
        }
    }

    /// Returns the meaning of the line in the legend.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Creates => "a receipt",
            Self::CreatesCallback => "a receipt that waits",
            Self::Result => "a result",
            Self::Refund => "a refund",
        }
    }
}

impl Arrow {
    /// Returns the classes of the line. The more money travels with it, the wider it is.
    pub fn class(kind: ArrowKind, amount: Balance) -> String {
        const MILLINEAR: u128 = 10u128.pow(21);

        let weight = match amount.as_yoctonear() {
            0 => "",
            below if below < 10 * MILLINEAR => " money",
            below if below < 1_000 * MILLINEAR => " money more",
            _ => " money most",
        };
        format!("{}{weight}", kind.class())
    }
}

impl Cards {
    /// Returns the classes and the meanings of the lines that the drawing has.
    pub fn legend(&self) -> Vec<(String, &'static str)> {
        let has = |kind: &ArrowKind| self.arrows.iter().any(|arrow| arrow.kind == *kind);
        let kinds = ArrowKind::ALL.into_iter().filter(has);
        let mut legend: Vec<_> = kinds
            .map(|kind| (Arrow::class(kind, Balance::ZERO), kind.meaning()))
            .collect();
        let amounts = self.arrows.iter().map(|arrow| arrow.amount);
        if let Some(most) = amounts.max().filter(|most| !most.is_zero()) {
            legend.push((Arrow::class(ArrowKind::Creates, most), "with NEAR"));
        }
        legend
    }
}

impl Blocks {
    /// Returns the name: `block 3`, `blocks 3 to 57`.
    pub fn name(&self) -> String {
        match self.first == self.last {
            true => format!("block {}", self.first),
            false => format!("blocks {} to {}", self.first, self.last),
        }
    }

    /// Returns the name in little space: `block 3`, `3 to 57`.
    pub fn short_name(&self) -> String {
        let name = self.name();
        name.strip_prefix("blocks ").unwrap_or(&name).to_owned()
    }
}

impl Card {
    /// Creates a card that has only a title. Its lane and its row are set later.
    pub fn new(kind: Kind, title: &str) -> Self {
        Self {
            lane: 0,
            row: 0,
            kind,
            failed: false,
            number: String::new(),
            title: title.to_owned(),
            notes: Vec::new(),
            description: String::new(),
        }
    }

    /// Returns the classes of the card in a drawing and in a list.
    pub fn class(&self) -> &'static str {
        match (self.kind, self.failed) {
            (Kind::Signed, false) => "signed",
            (Kind::Signed, true) => "signed failed",
            (Kind::Call, false) => "call",
            (Kind::Call, true) => "call failed",
            (Kind::Callback, false) => "callback",
            (Kind::Callback, true) => "callback failed",
            (Kind::Refund, false) => "refund",
            (Kind::Refund, true) => "refund failed",
        }
    }

    /// Returns the word above the title, which says that the receipt failed, or that it is a callback.
    pub fn word(&self) -> Option<&'static str> {
        match (self.failed, self.kind) {
            (true, Kind::Callback) => Some("callback fails"),
            (true, Kind::Refund) => Some("lost"),
            (true, _) => Some("fails"),
            (false, Kind::Callback) => Some("callback"),
            (false, _) => None,
        }
    }

    /// Adds a note.
    pub fn add(&mut self, text: &str) {
        self.add_as(Style::Plain, text);
    }

    /// Adds a note in a style.
    pub fn add_as(&mut self, style: Style, text: &str) {
        let text = text.to_owned();
        self.notes.push(Note { text, style });
    }

    /// Returns the title with the number before it.
    pub fn heading(&self) -> String {
        match self.number.is_empty() {
            true => self.title.clone(),
            false => format!("{} {}", self.number, self.title),
        }
    }

    /// Returns the title and the notes as lines that fit on a card, with their styles.
    pub fn lines(&self) -> Vec<(Style, String)> {
        let title = wrapped_to(&self.heading(), WIDTH, usize::MAX).into_iter();
        let mut lines: Vec<_> = title.map(|line| (Style::Title, line)).collect();
        for note in &self.notes {
            let wrapped = wrapped_to(&note.text, WIDTH, MAX_LINES).into_iter();
            lines.extend(wrapped.map(|line| (note.style, line)));
        }
        lines
    }
}
