//! The receipt that runs, and the account that it runs on.

use std::sync::Arc;

use near_crypto::PublicKey;
use near_primitives::account::{Account, AccountContract};
use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::DataReceiver;
use near_primitives::types::{AccountId, Balance};
use near_vm_runner::logic::types::PromiseResult;

/// The receipt whose actions run.
pub(super) struct ReceiptContext<'a> {
    pub receipt_id: CryptoHash,
    pub predecessor_id: &'a AccountId,
    pub account_id: &'a AccountId,
    pub signer_id: &'a AccountId,
    pub signer_public_key: &'a PublicKey,
    /// The account that gets the deposits back if the receipt fails.
    pub refund_to: &'a AccountId,
    /// The price at which the gas of the receipt was bought, in yoctoNEAR. Its children inherit it.
    pub gas_price: Balance,
    pub actions: &'a [Action],
    pub promise_results: Arc<[PromiseResult]>,
    /// The receivers of the value that the last action returns.
    pub output_data_receivers: &'a [DataReceiver],
}

impl ReceiptContext<'_> {
    /// Returns `true` if the receipt comes from the protocol itself, as refunds do.
    pub fn is_refund(&self) -> bool {
        self.predecessor_id.is_system()
    }
}

/// The account that a receipt runs on.
pub(super) struct Actor {
    pub account: Option<Account>,
    /// The account in whose name the actions run: the predecessor, or the account itself once the
    /// receipt has created it.
    pub actor_id: AccountId,
}

impl Actor {
    /// Returns the account of an action whose existence check has passed.
    pub fn existing(&mut self) -> &mut Account {
        self.account
            .as_mut()
            .expect("`check_account_existence` has found the account")
    }

    /// Returns the contract of the account, `None` if there is no account.
    pub fn contract(&self) -> AccountContract {
        let contract = self.account.as_ref().map(Account::contract);
        contract.map_or(AccountContract::None, |contract| contract.into_owned())
    }
}
