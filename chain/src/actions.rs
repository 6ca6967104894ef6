//! What each action does (SPEC.md §2.3 and §2.4). Function calls, delegate actions and global
//! contracts have modules of their own.

mod account;
mod call;
mod delegate;
mod global;
mod keys;
mod stake;

use near_crypto::PublicKey;
use near_primitives::account::id::AccountType;
use near_primitives::account::{AccessKey, Account, AccountContract};
use near_primitives::action::Action;
use near_primitives::errors::ActionErrorKind;
use near_primitives::hash::CryptoHash;
use near_primitives::profile_data_v3::ProfileDataV3;
use near_primitives::receipt::Receipt;
use near_primitives::types::{AccountId, Balance, Compute, Gas, Nonce};
use near_vm_runner::logic::types::PromiseResult;
use std::sync::Arc;

use crate::runtime::Runtime;
use crate::storage::access_key_usage;

/// The receipt whose actions run.
pub(crate) struct ReceiptContext<'a> {
    pub receipt_id: CryptoHash,
    pub predecessor_id: &'a AccountId,
    pub account_id: &'a AccountId,
    pub signer_id: &'a AccountId,
    pub signer_public_key: &'a PublicKey,
    /// Where deposits go back to when the receipt fails.
    pub refund_to: &'a AccountId,
    /// The price at which its gas was bought, which its children inherit.
    pub gas_price: Balance,
    pub actions: &'a [Action],
    pub promise_results: Arc<[PromiseResult]>,
    /// Who gets what the last action returns.
    pub output_data_receivers: Vec<AccountId>,
}

impl ReceiptContext<'_> {
    /// Whether the chain itself sent the receipt, as it does with refunds.
    pub fn is_refund(&self) -> bool {
        self.predecessor_id.is_system()
    }
}

/// The account that a receipt works on, while its actions run.
pub(crate) struct Actor {
    pub account: Option<Account>,
    /// Who may do what only the account itself may: the predecessor, or the account once the receipt
    /// has created it.
    pub actor_id: AccountId,
}

/// What an action, or all actions of a receipt so far, have come to.
pub(crate) struct Effects {
    pub gas_burnt: Gas,
    /// `gas_burnt`, and the gas that now belongs to receipts that were made.
    pub gas_used: Gas,
    pub compute: Compute,
    pub logs: Vec<String>,
    pub profile: ProfileDataV3,
    pub returned: Returned,
    pub new_receipts: Vec<Receipt>,
    /// Tokens burnt beside the gas.
    pub tokens_burnt: Balance,
    /// Tokens minted for the one yoctoNEAR that an empty account attaches.
    pub subsidized: Balance,
}

/// What the last action gives back.
pub(crate) enum Returned {
    Value(Vec<u8>),
    /// The value of a new receipt, by its place among them.
    Receipt(usize),
}

impl Effects {
    pub fn new(gas: Gas, compute: Compute) -> Self {
        Self {
            gas_burnt: gas,
            gas_used: gas,
            compute,
            logs: Vec::new(),
            profile: ProfileDataV3::default(),
            returned: Returned::Value(Vec::new()),
            new_receipts: Vec::new(),
            tokens_burnt: Balance::ZERO,
            subsidized: Balance::ZERO,
        }
    }

    /// Gas that is gone, whatever comes of the action.
    pub fn burn(&mut self, gas: Gas, compute: Compute) {
        self.gas_burnt = self.gas_burnt.saturating_add(gas);
        self.gas_used = self.gas_used.saturating_add(gas);
        self.compute += compute;
    }

    /// What a failed receipt does not keep: its receipts, and the tokens it would have burnt.
    pub fn discard(&mut self) {
        self.new_receipts.clear();
        self.tokens_burnt = Balance::ZERO;
        self.subsidized = Balance::ZERO;
        self.returned = Returned::Value(Vec::new());
    }
}

impl Runtime<'_> {
    /// Runs one action whose execution fee is already in `effects`.
    pub(crate) fn run_action(
        &mut self,
        receipt: &ReceiptContext,
        index: usize,
        actor: &mut Actor,
        effects: &mut Effects,
    ) -> Result<(), ActionErrorKind> {
        let action = &receipt.actions[index];
        check_existence(receipt, action, actor)?;
        check_permission(receipt, action, actor)?;
        effects.returned = Returned::Value(Vec::new());
        match action {
            Action::CreateAccount(_) => self.create_account(receipt, actor),
            Action::Transfer(transfer) => self.transfer(receipt, transfer.deposit, actor),
            Action::DeleteAccount(delete) => {
                self.delete_account(receipt, &delete.beneficiary_id, actor, effects)
            }
            Action::DeployContract(deploy) => {
                self.deploy(receipt.account_id, existing(actor), &deploy.code)
            }
            Action::FunctionCall(call) => self.function_call(receipt, index, call, actor, effects),
            Action::Stake(stake) => self.stake(receipt, stake.stake, existing(actor)),
            Action::AddKey(add_key) => self.add_key(receipt, add_key, existing(actor)),
            Action::DeleteKey(delete) => {
                self.delete_key(receipt, &delete.public_key, existing(actor))
            }
            Action::Delegate(signed) => self.delegate(receipt, signed, effects),
            Action::DeployGlobalContract(deploy) => {
                self.deploy_global(receipt, deploy, existing(actor), effects)
            }
            Action::UseGlobalContract(used) => {
                self.use_global(receipt, &used.contract_identifier, existing(actor))
            }
            Action::DeterministicStateInit(_)
            | Action::TransferToGasKey(_)
            | Action::WithdrawFromGasKey(_)
            | Action::DelegateV2(_)
            | Action::UniversalStateInit(_) => {
                unreachable!("`validation` refuses this action before a receipt can carry it")
            }
        }
    }

    /// The nonce that a new key starts from, so that no old transaction fits it. It fits into 64 bits
    /// far above [`crate::chain::MAX_HEIGHT`].
    fn first_nonce(&self) -> Nonce {
        (self.block.height - 1) * AccessKey::ACCESS_KEY_NONCE_RANGE_MULTIPLIER
    }

    fn key_usage(&self, public_key: &PublicKey, access_key: &AccessKey) -> u64 {
        access_key_usage(&self.env.config.fees, public_key, access_key)
    }
}

/// The account of an action that `check_existence` has let through.
fn existing(actor: &mut Actor) -> &mut Account {
    actor
        .account
        .as_mut()
        .expect("`check_existence` has seen the account")
}

fn check_existence(
    receipt: &ReceiptContext,
    action: &Action,
    actor: &Actor,
) -> Result<(), ActionErrorKind> {
    let account_id = receipt.account_id.clone();
    match (action, &actor.account) {
        (Action::CreateAccount(_), Some(_)) => {
            Err(ActionErrorKind::AccountAlreadyExists { account_id })
        }
        (Action::CreateAccount(_), None) if account_id.get_account_type().is_implicit() => {
            Err(ActionErrorKind::OnlyImplicitAccountCreationAllowed { account_id })
        }
        (Action::CreateAccount(_), None) => Ok(()),
        (Action::Transfer(_), None) if creates_implicit_account(receipt) => Ok(()),
        (_, None) => Err(ActionErrorKind::AccountDoesNotExist { account_id }),
        (_, Some(_)) => Ok(()),
    }
}

/// A transfer alone, from anyone but the chain itself, makes the account that a public key names.
fn creates_implicit_account(receipt: &ReceiptContext) -> bool {
    receipt.account_id.get_account_type() == AccountType::NearImplicitAccount
        && receipt.actions.len() == 1
        && !receipt.is_refund()
}

fn check_permission(
    receipt: &ReceiptContext,
    action: &Action,
    actor: &Actor,
) -> Result<(), ActionErrorKind> {
    let only_by_itself = matches!(
        action,
        Action::DeployContract(_)
            | Action::Stake(_)
            | Action::AddKey(_)
            | Action::DeleteKey(_)
            | Action::DeleteAccount(_)
            | Action::DeployGlobalContract(_)
            | Action::UseGlobalContract(_)
    );
    if only_by_itself && actor.actor_id != *receipt.account_id {
        return Err(ActionErrorKind::ActorNoPermission {
            account_id: receipt.account_id.clone(),
            actor_id: actor.actor_id.clone(),
        });
    }
    let is_staking = actor
        .account
        .as_ref()
        .is_some_and(|account| account.locked() > Balance::ZERO);
    if matches!(action, Action::DeleteAccount(_)) && is_staking {
        return Err(ActionErrorKind::DeleteAccountStaking {
            account_id: receipt.account_id.clone(),
        });
    }
    Ok(())
}

/// The contract of an account, none where there is no account.
pub(crate) fn contract_of(account: Option<&Account>) -> AccountContract {
    account.map_or(AccountContract::None, |account| {
        account.contract().into_owned()
    })
}
