//! The accounts of a sweep, and the situations in which a method is called.

use std::fmt;

use near_primitives::types::Balance;
use serde_json::Value;

/// The account with the contract.
pub const BOOK: &str = "book.near";

/// Somebody who has nothing to do with the money.
pub const STRANGER: &str = "bob.near";

/// The oracle: an implicit account, because it costs most to pay one.
pub const ORACLE: &str = "0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1";

/// A partner that does what it is told, with a short name.
pub const PARTNER: &str = "rogue.near";

/// The same with the longest name there is.
pub const LONG_PARTNER: &str = "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr.near";

/// A token that the contract sells, and takes.
pub const TOKEN: &str = "gold.book.near";

/// The account on which a token is launched.
pub const LAUNCHED: &str = "new.book.near";

/// Accounts that do not exist.
pub const NOBODY: [&str; 2] = [
    "nobody.near",
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn.near",
];

/// Kinds of users: what it costs to send money to one, and to name one, differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum User {
    /// An account with a short name.
    Short,
    /// An account with a name of 64 characters, the longest there is.
    Long,
    /// An implicit account: its name is a public key, in 64 hexadecimal digits.
    Implicit,
}

impl User {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Short, Self::Long, Self::Implicit];

    /// The name of the account.
    pub fn account(self) -> &'static str {
        match self {
            Self::Short => "carol.near",
            Self::Long => "ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.near",
            Self::Implicit => "ca401ca401ca401ca401ca401ca401ca401ca401ca401ca401ca401ca401ca40",
        }
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Short => "short name",
            Self::Long => "64 characters",
            Self::Implicit => "implicit account",
        })
    }
}

/// The length of what a method is given to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// As little as it takes.
    Shortest,
    /// As much as it takes.
    Longest,
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shortest => "shortest input",
            Self::Longest => "longest input",
        })
    }
}

/// The end of the calls to other accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Partner {
    /// They go through: the partner has the money.
    Takes,
    /// They fail, or nobody ever answers: the money comes back.
    Refuses,
}

impl fmt::Display for Partner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Takes => "partner takes it",
            Self::Refuses => "partner refuses",
        })
    }
}

/// One of the situations in which a method is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Situation {
    /// Whose money it is.
    pub user: User,
    /// The length of what the method has to read.
    pub input: Input,
    /// The end of the calls to others.
    pub partner: Partner,
}

impl Situation {
    /// The one for the shortest input, or the other for the longest.
    pub fn pick<T>(&self, shortest: T, longest: T) -> T {
        match self.input {
            Input::Shortest => shortest,
            Input::Longest => longest,
        }
    }

    /// A partner with a short or with a long name.
    pub fn partner_account(&self) -> &'static str {
        self.pick(PARTNER, LONG_PARTNER)
    }

    /// A call of the user to the contract, without a deposit.
    pub fn call(&self, method: &str, args: Value) -> Call {
        self.pay(method, args, Balance::ZERO)
    }

    /// A call of the user to the contract, with a deposit.
    pub fn pay(&self, method: &str, args: Value, deposit: Balance) -> Call {
        Call {
            from: self.user.account(),
            to: BOOK,
            method: method.to_owned(),
            args,
            deposit,
        }
    }
}

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, {}", self.user, self.input, self.partner)
    }
}

/// A call, whose gas is still to be chosen.
#[derive(Clone, Debug)]
pub struct Call {
    /// The signer.
    pub from: &'static str,
    /// The contract.
    pub to: &'static str,
    /// The method.
    pub method: String,
    /// Its arguments.
    pub args: Value,
    /// The deposit.
    pub deposit: Balance,
}

/// An amount in a view's answer.
pub fn amount(value: &Value) -> Balance {
    let yocto = value.as_str().expect("an amount is a text");
    Balance::from_yoctonear(yocto.parse().expect("an amount is a number"))
}
