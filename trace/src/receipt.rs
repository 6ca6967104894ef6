//! A receipt that has run: what it was, what it made, and what became of it.

use near_primitives::errors::TxExecutionError;
use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::{ActionView, ExecutionStatusView};

use crate::order::Moment;
use crate::{TraceError, action, errors, gas};

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
    /// The receipts that it made and that did not run yet, refunds among them. Nodes tell nothing but their ids.
    pub pending: Vec<CryptoHash>,
    /// The one of them whose answer will be its answer.
    pub(crate) awaited: Option<CryptoHash>,
    /// What it logged. Logs stay when the receipt fails.
    pub logs: Vec<String>,
    /// What it burnt, with the fee for executing it.
    pub gas_burnt: Gas,
    /// What was bought for it, and neither burnt nor passed on.
    pub gas_left_over: Gas,
    /// For how much a unit of its gas was bought, in yoctoNEAR.
    pub gas_price: Balance,
    /// The tokens that were paid for the burnt gas and the charge, in yoctoNEAR.
    pub tokens_burnt: Balance,
    /// The price that was paid beside gas.
    pub charge: Option<Charge>,
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

/// A price that is paid beside gas, and never comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// The thing that is paid for.
    pub kind: ChargeKind,
    /// The amount. It is rounded where the price of gas changed while the transaction ran.
    pub amount: Balance,
}

/// The things that are paid for beside gas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeKind {
    /// The receiver, an account that was not there before. The signer pays it with the gas.
    NewAccount,
    /// The bytes of a global contract. The receiver pays them.
    GlobalContract,
}

/// Why a receipt or a transaction failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The place of the action that failed, counted from 0.
    pub action: Option<usize>,
    /// The error in words.
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
    /// True where there was nobody to take it, and it is burnt.
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
        let paid = self.tokens_burnt.saturating_sub(self.code_price());
        let bought = gas::units(paid.saturating_add(self.gas_refunded()), self.gas_price);
        bought
            .unwrap_or(self.gas_burnt)
            .saturating_sub(self.gas_burnt)
    }

    /// Returns the sum of the gas refunds.
    pub(crate) fn gas_refunded(&self) -> Balance {
        let refunds = self.refunds.iter();
        let of_gas = refunds.filter(|refund| refund.kind == RefundKind::Gas);
        of_gas.fold(Balance::ZERO, |sum, refund| {
            sum.saturating_add(refund.amount)
        })
    }

    /// Returns the price of the bytes of a global contract, which is no gas.
    pub(crate) fn code_price(&self) -> Balance {
        match self.charge {
            Some(Charge {
                kind: ChargeKind::GlobalContract,
                amount,
            }) => amount,
            _ => Balance::ZERO,
        }
    }

    /// The account that it created, where that is known.
    pub fn new_account(&self) -> Option<&AccountId> {
        let is_charged = matches!(
            self.charge,
            Some(Charge {
                kind: ChargeKind::NewAccount,
                ..
            })
        );
        let is = |wanted: fn(&ActionView) -> bool| self.actions.iter().any(wanted);
        let creates = self.succeeded()
            && is(|action| matches!(action, ActionView::CreateAccount))
            && !is(|action| matches!(action, ActionView::DeleteAccount { .. }));
        (is_charged || creates).then_some(&self.receiver)
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
            message: errors::told(error),
        }
    }
}
