//! Schedules: the steps of a run in order, with names that hold in every order.

use std::fmt;
use std::str::FromStr;

use super::scenario::Delivery;

/// The name of a message: its position in the call tree.
///
/// Transactions count from 1, and the receipt of transaction 2 is `2`. What it creates is `2.1`, `2.2` and so on,
/// in the order of creation: calls, callbacks, refunds and answers. The time-out of the yield `2.1` is
/// `2.1~`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageName {
    transaction: usize,
    children: Vec<usize>,
    is_timeout: bool,
}

impl MessageName {
    /// Returns the name of the receipt of a transaction, which counts from 1.
    pub(super) fn of_transaction(transaction: usize) -> Self {
        Self {
            transaction,
            children: Vec::new(),
            is_timeout: false,
        }
    }

    /// Returns the name of what a receipt creates. `index` counts from 0.
    pub(super) fn child(&self, index: usize) -> Self {
        let mut child = self.clone();
        child.children.push(index + 1);
        child
    }

    /// Returns the name of the time-out of a yield.
    pub(super) fn timeout(&self) -> Self {
        Self {
            is_timeout: true,
            ..self.clone()
        }
    }

    /// Returns the number of the transaction to which the message belongs, counted from 1.
    pub fn transaction(&self) -> usize {
        self.transaction
    }
}

impl fmt::Display for MessageName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.transaction)?;
        for child in &self.children {
            write!(f, ".{child}")?;
        }
        f.write_str(if self.is_timeout { "~" } else { "" })
    }
}

impl FromStr for MessageName {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let (path, is_timeout) = match text.strip_suffix('~') {
            Some(path) => (path, true),
            None => (text, false),
        };
        let numbers: Option<Vec<usize>> = path
            .split('.')
            .map(|number| number.parse().ok().filter(|number| *number > 0))
            .collect();
        match numbers.as_deref() {
            Some([transaction, children @ ..]) => Ok(Self {
                transaction: *transaction,
                children: children.to_vec(),
                is_timeout,
            }),
            _ => Err(ScheduleError::Step(text.to_owned())),
        }
    }
}

/// The choice of how a receipt ends, where it may fail ([`Explore::may_fail`](super::Explore::may_fail)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// The receipt ends as its contract says.
    AsWritten,
    /// The receipt fails before it acts. Its deposit is refunded.
    Fails,
    /// The receipt acts, and then answers with a failure: it returns a promise that fails. Only a receipt whose last
    /// action is a function call can do that.
    ActsThenFails,
}

impl Ending {
    fn suffix(self) -> &'static str {
        match self {
            Self::AsWritten => "",
            Self::Fails => ":fails",
            Self::ActsThenFails => ":acts-then-fails",
        }
    }
}

/// One step of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StepName {
    /// A transaction is taken at its signer: `+1`.
    Send(usize),
    /// A message is delivered, and what becomes ready runs: `1.2`, `1.2:fails`.
    Deliver(MessageName, Ending),
    /// A yield expires, and its time-out is sent: `1.2:expires`.
    Expire(MessageName),
}

impl StepName {
    /// Returns the number of the transaction to which the step belongs, counted from 1.
    pub fn transaction(&self) -> usize {
        match self {
            Self::Send(transaction) => *transaction,
            Self::Deliver(name, _) | Self::Expire(name) => name.transaction(),
        }
    }
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Send(transaction) => write!(f, "+{transaction}"),
            Self::Deliver(name, ending) => write!(f, "{name}{}", ending.suffix()),
            Self::Expire(name) => write!(f, "{name}:expires"),
        }
    }
}

impl FromStr for StepName {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let wrong = || ScheduleError::Step(text.to_owned());
        if let Some(number) = text.strip_prefix('+') {
            let number = number.parse().ok().filter(|number| *number > 0);
            return number.map(Self::Send).ok_or_else(wrong);
        }
        let (name, suffix) = text.split_once(':').unwrap_or((text, ""));
        let name = name.parse().map_err(|_| wrong())?;
        match suffix {
            "" => Ok(Self::Deliver(name, Ending::AsWritten)),
            "fails" => Ok(Self::Deliver(name, Ending::Fails)),
            "acts-then-fails" => Ok(Self::Deliver(name, Ending::ActsThenFails)),
            "expires" => Ok(Self::Expire(name)),
            _ => Err(wrong()),
        }
    }
}

/// The steps of a run, in order. Its text can be kept and replayed:
///
/// ```
/// use chain::explore::Schedule;
///
/// # fn main() -> Result<(), chain::explore::ScheduleError> {
/// let text = "vault fifo rogue.near=calls-back: +1 1 1.1 1.1.1:fails";
/// let schedule: Schedule = text.parse()?;
/// assert_eq!(schedule.steps.len(), 4);
/// assert_eq!(schedule.to_string(), text);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The name of the scenario.
    pub scenario: String,
    /// The order in which messages may be delivered.
    pub delivery: Delivery,
    /// The behaviours of accounts, each with the account's id.
    pub behaviours: Vec<(String, String)>,
    /// The steps.
    pub steps: Vec<StepName>,
}

/// The error of a text that is no schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// The text has no colon between its head and its steps.
    #[error("a schedule is `scenario mode account=behaviour: step step`: the colon is missing")]
    NoSteps,
    /// The head has no mode, or one that does not exist.
    #[error("the mode of a schedule is `fifo` or `overtaking`")]
    Delivery,
    /// A behaviour without an account.
    #[error("`{0}` is no behaviour: write `account=behaviour`")]
    Behaviour(String),
    /// A word that is no step.
    #[error(
        "`{0}` is no step: write `+1` for a transaction, `1.2` for a message, `1.2:fails`, \
         `1.2:acts-then-fails` or `1.2:expires`"
    )]
    Step(String),
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.scenario, self.delivery)?;
        for (account_id, behaviour) in &self.behaviours {
            write!(f, " {account_id}={behaviour}")?;
        }
        f.write_str(":")?;
        self.steps.iter().try_for_each(|step| write!(f, " {step}"))
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        // A step may have a colon too, but none with a space behind it.
        let (head, steps) = match text.trim().strip_suffix(':') {
            Some(head) => (head, ""),
            None => text.split_once(": ").ok_or(ScheduleError::NoSteps)?,
        };
        let mut words = head.split_whitespace();
        let scenario = words.next().unwrap_or_default().to_owned();
        let delivery = match words.next() {
            Some("fifo") => Delivery::Fifo,
            Some("overtaking") => Delivery::Overtaking,
            _ => return Err(ScheduleError::Delivery),
        };
        let behaviours = words.map(|word| match word.split_once('=') {
            Some((account_id, name)) => Ok((account_id.to_owned(), name.to_owned())),
            None => Err(ScheduleError::Behaviour(word.to_owned())),
        });
        Ok(Self {
            scenario,
            delivery,
            behaviours: behaviours.collect::<Result<_, _>>()?,
            steps: steps
                .split_whitespace()
                .map(str::parse)
                .collect::<Result<_, _>>()?,
        })
    }
}
