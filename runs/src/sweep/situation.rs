//! The accounts of a sweep, and the situations in which a method is called.

use std::fmt;

use near_primitives::types::Balance;
use serde_json::Value;

/// The account with the contract.
pub const APP: &str = "app.near";

/// An account that has nothing to do with the money.
pub const ANYONE: &str = "bob.near";

/// The oracle: an implicit account, because a transfer to it costs most.
pub const ORACLE: &str = "0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1e0ac1";

/// A partner with a short name, whose behaviour can be set.
pub const PARTNER: &str = "rogue.near";

/// The same partner with the longest name that is possible.
pub const LONG_PARTNER: &str = "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr.near";

/// A token that the contract sells, and accepts.
pub const TOKEN: &str = "gold.app.near";

/// The account on which a token is launched.
pub const LAUNCHED: &str = "new.app.near";

/// Accounts that do not exist.
pub const NOBODY: [&str; 2] = [
    "nobody.near",
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn.near",
];

/// The kinds of users. A transfer to each costs another amount of gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum User {
    /// An account with a short name.
    Short,
    /// An account with a name of 64 characters, the longest that is possible.
    Long,
    /// An implicit account: its name is a public key, in 64 hexadecimal digits.
    Implicit,
}

impl User {
    /// All kinds of users.
    pub const ALL: [Self; 3] = [Self::Short, Self::Long, Self::Implicit];

    /// Returns the name of the account.
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

/// The length of a method's arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// The shortest arguments that it accepts.
    Shortest,
    /// The longest arguments that it accepts.
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

/// The result of the calls to other accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Partner {
    /// They succeed: the partner has the money.
    Takes,
    /// They fail, or get no reply: the money comes back.
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

/// A situation in which a method is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Situation {
    /// The owner of the money.
    pub user: User,
    /// The length of the arguments.
    pub input: Input,
    /// The result of the calls to others.
    pub partner: Partner,
}

impl Situation {
    /// Returns the first value for the shortest input, the second for the longest.
    pub fn pick<T>(&self, shortest: T, longest: T) -> T {
        match self.input {
            Input::Shortest => shortest,
            Input::Longest => longest,
        }
    }

    /// Returns a partner with a short or with a long name.
    pub fn partner_account(&self) -> &'static str {
        self.pick(PARTNER, LONG_PARTNER)
    }

    /// Returns a call of the user to the contract, without a deposit.
    pub fn call(&self, method: &str, args: Value) -> Call {
        self.pay(method, args, Balance::ZERO)
    }

    /// Returns a call of the user to the contract, with a deposit.
    pub fn pay(&self, method: &str, args: Value, deposit: Balance) -> Call {
        Call {
            from: self.user.account(),
            to: APP,
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

/// A call whose gas is not chosen yet.
#[derive(Clone, Debug)]
pub struct Call {
    /// The account that signs.
    pub from: &'static str,
    /// The account that is called.
    pub to: &'static str,
    /// The name of the method.
    pub method: String,
    /// The arguments of the method, in JSON.
    pub args: Value,
    /// The attached deposit.
    pub deposit: Balance,
}

/// Returns the amount in the result of a view.
pub fn amount(value: &Value) -> Balance {
    let yocto = value.as_str().expect("an amount is a text");
    Balance::from_yoctonear(yocto.parse().expect("an amount is a number"))
}
