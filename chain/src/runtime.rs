//! The execution of transactions and receipts, in nearcore's terms.
//!
//! The modules follow the order of execution:
//!
//! 1. `apply_block` applies everything that a block takes in, within the block's limit. First,
//!    `validator_accounts` returns stakes if an epoch has ended.
//! 2. `transactions` converts a transaction into a receipt. `validation` checks its form, `verifier`
//!    checks it against the state and charges the signer.
//! 3. `receipts` delivers one receipt. `postponed` keeps receipts that wait for data, `yields` those
//!    that wait for a resume.
//! 4. `action_receipt` applies a receipt whose inputs are there: `actions` runs its actions, `refunds`
//!    settles its gas and deposits, `output` sends its result to those who wait for it.
//! 5. `fees` and `storage` have the prices.
//!
//! [`process_transaction`] and [`process_receipt`] do one step each. They know no limit and no queue, so
//! a caller can deliver receipts in an order of its own.

mod action_receipt;
mod action_result;
mod actions;
mod apply_block;
mod apply_result;
mod apply_state;
mod fees;
mod output;
mod postponed;
mod receipt_context;
mod receipt_sink;
mod receipts;
mod refunds;
mod storage;
mod transactions;
mod validation;
mod validator_accounts;
mod verifier;
mod yields;

pub(crate) use self::apply_block::{BlockInput, BlockOutput, apply_block};
pub use self::apply_result::{ApplyResult, OutgoingReceipt};
pub use self::apply_state::ApplyState;
pub(crate) use self::fees::deposits;
pub(crate) use self::postponed::postponed_key;
pub use self::receipts::process_receipt;
pub use self::storage::ZERO_BALANCE_ACCOUNT_STORAGE_LIMIT;
pub(crate) use self::storage::{access_key_usage, gas_key_nonce_usage};
pub use self::transactions::process_transaction;
pub(crate) use self::verifier::{validate_transaction, verify_and_charge};
pub(crate) use self::yields::{forget_settled, pop_expired, timeout_receipt, yield_key};
