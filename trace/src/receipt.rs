//! A receipt that was executed.

use std::cmp::Ordering;

use near_primitives::errors::TxExecutionError;
use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance, Gas};
use near_primitives::views::ActionView;

use crate::order::Position;
use crate::{action, error_text, gas};

/// A receipt that was executed. It refers to other receipts by their numbers.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The receipt id.
    pub id: CryptoHash,
    /// The number in the order of execution, counted from 1.
    pub number: usize,
    /// The account that sent the receipt.
    pub predecessor: AccountId,
    /// The account on which the receipt ran.
    pub receiver: AccountId,
    /// The actions. There are none if the receipt distributes a global contract to a shard.
    pub actions: Vec<ActionView>,
    /// The block, and the index in it.
    pub position: Position,
    /// The receipt that created this one. The transaction created the first one.
    pub parent: Option<usize>,
    /// The receipts that this one created, without refunds.
    pub children: Vec<usize>,
    /// The inputs for which the receipt waited, in the order of their promise result indices.
    pub inputs: Vec<Input>,
    /// The callbacks that waited for the result of this receipt.
    pub awaited_by: Vec<usize>,
    /// The returned value, or the failure. It is empty if [`Self::result_from`] names another receipt.
    pub result: Result<Vec<u8>, Failure>,
    /// The receipt whose result is the result of this one, because the call returned a promise.
    pub result_from: Option<usize>,
    /// The receipts that this one created and that were not executed yet, refunds included. RPC gives only their ids.
    pub pending: Vec<CryptoHash>,
    /// The pending receipt whose result will be the result of this one.
    pub(crate) pending_result_from: Option<CryptoHash>,
    /// The log lines. They remain when the receipt fails.
    pub logs: Vec<String>,
    /// The burnt gas, including the fee for executing the receipt.
    pub gas_burnt: Gas,
    /// The gas that was bought for the receipt, and neither burnt nor passed on to other receipts.
    pub gas_unspent: Gas,
    /// The price at which the gas was bought, in yoctoNEAR per unit of gas.
    pub gas_price: Balance,
    /// The tokens that were burnt for gas and for the charge.
    pub tokens_burnt: Balance,
    /// The price that was paid in addition to gas.
    pub charge: Option<Charge>,
    /// The refunds that the receipt caused.
    pub refunds: Vec<Refund>,
}

/// An input for which a receipt waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// The result of the receipt with this number.
    PromiseResult(usize),
    /// The data with which the contract resumes a yielded promise, or its timeout (NEP-519).
    YieldResume,
}

/// A price that is paid in addition to gas, and never refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// The reason for the charge.
    pub kind: ChargeKind,
    /// The amount. It is approximate if the gas price changed while the transaction ran.
    pub amount: Balance,
}

/// The reason for a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeKind {
    /// The receiver is a new account. The signer pays, together with the gas.
    NewAccount,
    /// The receiver deployed a global contract, and pays for its bytes.
    GlobalContract,
    /// The receiver deleted gas keys, or itself with its gas keys. Their balance is burnt.
    GasKeys,
}

/// The failure of a receipt or a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The index of the action that failed, counted from 0.
    pub action: Option<usize>,
    /// The error as text.
    pub message: String,
}

/// A payment from the protocol itself (predecessor `system`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The reason for the refund.
    pub kind: RefundKind,
    /// The amount.
    pub amount: Balance,
    /// The account that gets the refund.
    pub to: AccountId,
    /// The block in which the refund arrives, and the index in it.
    pub position: Position,
    /// True if the account does not exist, so that the amount is burnt.
    pub is_lost: bool,
}

/// The reason for a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundKind {
    /// A receipt failed, and its deposits go back.
    Deposit,
    /// Gas was not burnt, or was bought at a higher price than the block's.
    Gas,
    /// An account was deleted, and its balance goes to the beneficiary.
    Beneficiary,
}

/// The status of one action of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionStatus {
    /// The action and the whole receipt succeeded.
    Succeeded,
    /// The action ran, and was rolled back when the receipt failed.
    RolledBack,
    /// The action failed.
    Failed,
    /// The action did not run, because an earlier one failed.
    NotRun,
}

impl Receipt {
    /// Returns true if all actions succeeded.
    pub fn succeeded(&self) -> bool {
        self.result.is_ok()
    }

    /// Returns the failure of the receipt.
    pub fn failure(&self) -> Option<&Failure> {
        self.result.as_ref().err()
    }

    /// Returns the status of the action with this index.
    pub fn action_status(&self, index: usize) -> ActionStatus {
        match &self.result {
            Ok(_) => ActionStatus::Succeeded,
            Err(Failure { action: None, .. }) => ActionStatus::RolledBack,
            Err(Failure {
                action: Some(failed),
                ..
            }) => match index.cmp(failed) {
                Ordering::Less => ActionStatus::RolledBack,
                Ordering::Equal => ActionStatus::Failed,
                Ordering::Greater => ActionStatus::NotRun,
            },
        }
    }

    /// Returns true if the receipt waited for inputs.
    pub fn is_callback(&self) -> bool {
        !self.inputs.is_empty()
    }

    /// Returns true if the receipt is the callback of a yielded promise (NEP-519).
    pub fn is_yield(&self) -> bool {
        self.inputs.contains(&Input::YieldResume)
    }

    /// Returns the receipts for whose results this one waited, in the order of their promise result indices.
    pub fn awaited_receipts(&self) -> impl Iterator<Item = usize> {
        self.inputs.iter().filter_map(|input| match input {
            Input::PromiseResult(number) => Some(*number),
            Input::YieldResume => None,
        })
    }

    /// Returns the sum of the deposits of all actions.
    pub fn deposit(&self) -> Balance {
        action::total_deposit(&self.actions)
    }

    /// Returns the gas that is attached to the function calls.
    pub fn gas_attached(&self) -> Gas {
        action::attached_gas(&self.actions)
    }

    /// Returns the refund of the deposits.
    pub fn deposit_refund(&self) -> Option<&Refund> {
        let mut refunds = self.refunds.iter();
        refunds.find(|refund| refund.kind == RefundKind::Deposit)
    }

    /// Computes the unspent gas. The tokens that were burnt for gas and the tokens in the gas refund paid, at the
    /// purchase price, for all gas that the receipt did not pass on.
    pub(crate) fn computed_gas_unspent(&self) -> Gas {
        let paid = self.tokens_burnt.saturating_sub(self.charge_to_receiver());
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

    /// Returns the charge that the receiver pays, and not the signer. It is not part of the price of the gas.
    pub(crate) fn charge_to_receiver(&self) -> Balance {
        match self.charge {
            Some(Charge {
                kind: ChargeKind::GlobalContract | ChargeKind::GasKeys,
                amount,
            }) => amount,
            _ => Balance::ZERO,
        }
    }

    /// Returns the account that the receipt created, as far as RPC shows it.
    pub fn new_account(&self) -> Option<&AccountId> {
        let is_charged = matches!(
            self.charge,
            Some(Charge {
                kind: ChargeKind::NewAccount,
                ..
            })
        );
        let has = |wanted: fn(&ActionView) -> bool| self.actions.iter().any(wanted);
        let creates = self.succeeded()
            && has(|action| matches!(action, ActionView::CreateAccount))
            && !has(|action| matches!(action, ActionView::DeleteAccount { .. }));
        (is_charged || creates).then_some(&self.receiver)
    }
}

impl From<&TxExecutionError> for Failure {
    fn from(error: &TxExecutionError) -> Self {
        let action = match error {
            TxExecutionError::ActionError(error) => error.index,
            TxExecutionError::InvalidTxError(_) => None,
        };
        Self {
            action: action.and_then(|index| usize::try_from(index).ok()),
            message: error_text::tx_execution_error(error),
        }
    }
}
