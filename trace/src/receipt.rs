//! A receipt that has run: what it was, what it made, and what became of it.

use near_primitives::errors::TxExecutionError;
use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::{ActionView, ExecutionStatusView};

use crate::order::Moment;
use crate::{TraceError, action, gas};

/// A receipt that has run. Other receipts are named by their numbers.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Its id.
    pub id: CryptoHash,
    /// Its place in the order of execution, counted from 1.
    pub number: usize,
    /// Who sent it.
    pub predecessor: AccountId,
    /// On whose account it ran.
    pub receiver: AccountId,
    /// What it did there. Nothing where it only carries a global contract to a shard.
    pub actions: Vec<ActionView>,
    /// When it ran.
    pub moment: Moment,
    /// The receipt that made it. The first one was made by the transaction.
    pub parent: Option<usize>,
    /// The receipts that it made, without refunds.
    pub children: Vec<usize>,
    /// What it waited for, in the order in which the contract sees it.
    pub inputs: Vec<Input>,
    /// The receipts that waited for its answer.
    pub read_by: Vec<usize>,
    /// What it ended with. No bytes where the answer is another receipt's.
    pub answer: Result<Vec<u8>, Failure>,
    /// The receipt whose answer is its answer.
    pub answer_of: Option<usize>,
    /// What it logged. Logs stay when the receipt fails.
    pub logs: Vec<String>,
    /// What it burnt, with the fee for executing it.
    pub gas_burnt: Gas,
    /// What was bought for it, and neither burnt nor passed on.
    pub gas_left_over: Gas,
    /// For how much a unit of its gas was bought, in yoctoNEAR.
    pub gas_price: Balance,
    /// What was paid for the burnt gas, in yoctoNEAR.
    pub tokens_burnt: Balance,
    /// What went back.
    pub refunds: Vec<Refund>,
}

/// What a receipt waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// The answer of a receipt.
    Answer(usize),
    /// That the contract resumes it, or that its time is out (NEP-519).
    Resumed,
}

/// Why a receipt or a transaction failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The place of the action that failed, counted from 0.
    pub action: Option<usize>,
    /// The error, as near-primitives words it.
    pub message: String,
}

/// What the chain itself pays out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Of what.
    pub kind: RefundKind,
    /// How much.
    pub amount: Balance,
    /// To whom.
    pub to: AccountId,
    /// When it arrives.
    pub moment: Moment,
    /// Whether there was nobody any more to take it.
    pub is_lost: bool,
}

/// Of what the chain pays something out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundKind {
    /// The deposits of a receipt that failed.
    Deposit,
    /// Gas that was not burnt, and gas that was bought at more than the block's price.
    Gas,
    /// What an account held that was deleted, to its beneficiary.
    Inheritance,
}

/// What became of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It counts.
    Done,
    /// It ran, and was undone when a later action failed.
    Undone,
    /// It failed.
    Failed,
    /// An action before it failed.
    NotRun,
}

/// What an outcome says of the answer.
pub(crate) struct Answered {
    pub(crate) value: Result<Vec<u8>, Failure>,
    /// The id of the receipt that answers in its place.
    pub(crate) receipt: Option<CryptoHash>,
}

impl Receipt {
    pub(crate) fn answer_of(
        status: &ExecutionStatusView,
        id: &CryptoHash,
    ) -> Result<Answered, TraceError> {
        let (value, receipt) = match status {
            ExecutionStatusView::SuccessValue(value) => (Ok(value.clone()), None),
            ExecutionStatusView::SuccessReceiptId(id) => (Ok(Vec::new()), Some(*id)),
            ExecutionStatusView::Failure(error) => (Err(Failure::of(error)), None),
            ExecutionStatusView::Unknown => return Err(TraceError::NoOutcome(*id)),
        };
        Ok(Answered { value, receipt })
    }

    /// Whether all of it counts.
    pub fn succeeded(&self) -> bool {
        self.answer.is_ok()
    }

    /// What became of the action in this place.
    pub fn fate(&self, place: usize) -> Fate {
        match &self.answer {
            Ok(_) => Fate::Done,
            Err(Failure { action: None, .. }) => Fate::Undone,
            Err(Failure {
                action: Some(failed),
                ..
            }) => match place.cmp(failed) {
                std::cmp::Ordering::Less => Fate::Undone,
                std::cmp::Ordering::Equal => Fate::Failed,
                std::cmp::Ordering::Greater => Fate::NotRun,
            },
        }
    }

    /// Whether it waited for answers.
    pub fn is_callback(&self) -> bool {
        !self.inputs.is_empty()
    }

    /// Whether it waited for the contract to resume it, and not for a receipt.
    pub fn was_yielded(&self) -> bool {
        self.inputs.contains(&Input::Resumed)
    }

    /// The receipts whose answers it waited for, in the order in which it sees them.
    pub fn senders(&self) -> impl Iterator<Item = usize> {
        self.inputs.iter().filter_map(|input| match input {
            Input::Answer(number) => Some(*number),
            Input::Resumed => None,
        })
    }

    /// All deposits of its actions together.
    pub fn deposit(&self) -> Balance {
        action::deposits(&self.actions)
    }

    /// The gas that is attached to its calls.
    pub fn gas_attached(&self) -> Gas {
        action::attached_gas(&self.actions)
    }

    /// The refund of its deposits, if they came back.
    pub fn deposit_refund(&self) -> Option<&Refund> {
        let mut refunds = self.refunds.iter();
        refunds.find(|refund| refund.kind == RefundKind::Deposit)
    }

    /// What was paid for gas and neither burnt in tokens nor passed on came back in the gas refund; at the
    /// price of the purchase, both together are the gas that it did not pass on.
    pub(crate) fn left_over(&self) -> Gas {
        let refunds = self.refunds.iter();
        let of_gas = refunds.filter(|refund| refund.kind == RefundKind::Gas);
        let paid = of_gas.fold(self.tokens_burnt, |sum, refund| {
            sum.saturating_add(refund.amount)
        });
        let bought = gas::units(paid, self.gas_price).unwrap_or(self.gas_burnt);
        bought.saturating_sub(self.gas_burnt)
    }
}

impl Failure {
    pub(crate) fn of(error: &TxExecutionError) -> Self {
        let action = match error {
            TxExecutionError::ActionError(error) => error.index,
            TxExecutionError::InvalidTxError(_) => None,
        };
        Self {
            action: action.and_then(|index| usize::try_from(index).ok()),
            message: error.to_string(),
        }
    }
}
