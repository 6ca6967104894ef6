//! The changes of a block, found by a comparison of its state with its parent's.
//!
//! Only the last value of a key is known, not those between. The cause is known only if a single
//! transaction or receipt of the block can have made the change, or the return of stakes. Otherwise it is `not_writable_to_disk`,
//! nearcore's cause for changes that are recorded under no other.

use borsh::BorshDeserialize;
use near_crypto::PublicKeyHandle;
use near_primitives::account::{AccessKey, Account};
use near_primitives::hash::CryptoHash;
use near_primitives::trie_key::col;
use near_primitives::trie_key::trie_key_parsers as parse;
use near_primitives::types::{AccountId, Nonce};
use near_primitives::views::{
    StateChangeCauseView, StateChangeKindView, StateChangeValueView, StateChangeWithCauseView,
    StateChangesRequestView,
};

use crate::block::Block;
use crate::chain::Chain;
use crate::state::State;

/// Returns the state before `block`: that of its parent, an empty one for the first block, `None` if the
/// parent is no longer kept.
pub fn previous_state(chain: &Chain, block: &Block) -> Option<State> {
    match block.prev_height {
        None => Some(State::default()),
        Some(_) => chain
            .block_by_hash(&block.prev_hash)
            .map(|previous| previous.state.clone()),
    }
}

/// Returns the changes that `request` asks for.
pub fn changes(
    chain: &Chain,
    block: &Block,
    previous: &State,
    request: &StateChangesRequestView,
) -> Vec<StateChangeWithCauseView> {
    let causes = Causes::of(chain, block);
    all_changes(block, previous)
        .filter(|change| is_requested(change, request))
        .map(|value| StateChangeWithCauseView {
            cause: causes.cause(&value),
            value,
        })
        .collect()
}

/// Returns the accounts that a block has changed, with the kinds of change.
pub fn changed_kinds(block: &Block, previous: &State) -> Vec<StateChangeKindView> {
    let mut kinds: Vec<_> = all_changes(block, previous)
        .map(|change| kind(&change))
        .collect();
    // Keys are in order: by their kind, and then by the account.
    kinds.dedup();
    kinds
}

fn all_changes<'a>(
    block: &'a Block,
    previous: &'a State,
) -> impl Iterator<Item = StateChangeValueView> + 'a {
    block
        .state
        .changes_since(previous)
        .filter_map(|(key, value)| change(key, value.map(|v| &v[..])))
}

/// Returns the change of a raw key, `None` if RPC does not show keys of this kind.
fn change(key: &[u8], value: Option<&[u8]>) -> Option<StateChangeValueView> {
    match *key.first()? {
        col::ACCOUNT => {
            let account_id = parse::parse_account_id_from_account_key(key).ok()?;
            Some(match value {
                Some(value) => StateChangeValueView::AccountUpdate {
                    account_id,
                    account: Account::try_from_slice(value).ok()?.into(),
                },
                None => StateChangeValueView::AccountDeletion { account_id },
            })
        }
        col::ACCESS_KEY => {
            let account_id = parse::parse_account_id_from_access_key_key(key).ok()?;
            let public_key = parse::parse_key_handle_from_access_key_key(key, &account_id).ok()?;
            let index =
                parse::parse_nonce_index_from_gas_key_key(key, &account_id, &public_key).ok()?;
            if let Some(index) = index {
                // A nonce goes only with its key, whose deletion tells it.
                return Some(StateChangeValueView::GasKeyNonceUpdate {
                    account_id,
                    public_key,
                    index,
                    nonce: Nonce::try_from_slice(value?).ok()?,
                });
            }
            Some(match value {
                Some(value) => StateChangeValueView::AccessKeyUpdate {
                    account_id,
                    public_key,
                    access_key: AccessKey::try_from_slice(value).ok()?.into(),
                },
                None => StateChangeValueView::AccessKeyDeletion {
                    account_id,
                    public_key,
                },
            })
        }
        col::CONTRACT_DATA => {
            let account_id = parse::parse_account_id_from_contract_data_key(key).ok()?;
            let data_key = parse::parse_data_key_from_contract_data_key(key, &account_id).ok()?;
            let key = data_key.to_vec().into();
            Some(match value {
                Some(value) => StateChangeValueView::DataUpdate {
                    account_id,
                    key,
                    value: value.to_vec().into(),
                },
                None => StateChangeValueView::DataDeletion { account_id, key },
            })
        }
        col::CONTRACT_CODE => {
            let account_id = parse::parse_account_id_from_contract_code_key(key).ok()?;
            Some(match value {
                Some(code) => StateChangeValueView::ContractCodeUpdate {
                    account_id,
                    code: code.to_vec(),
                },
                None => StateChangeValueView::ContractCodeDeletion { account_id },
            })
        }
        _ => None,
    }
}

fn is_requested(change: &StateChangeValueView, request: &StateChangesRequestView) -> bool {
    use StateChangeKindView as Kind;
    use StateChangesRequestView as Request;
    let kind = kind(change);
    match (request, &kind) {
        (Request::AccountChanges { account_ids }, Kind::AccountTouched { account_id })
        | (Request::AllAccessKeyChanges { account_ids }, Kind::AccessKeyTouched { account_id })
        | (
            Request::ContractCodeChanges { account_ids },
            Kind::ContractCodeTouched { account_id },
        ) => account_ids.contains(account_id),
        (Request::SingleAccessKeyChanges { keys }, Kind::AccessKeyTouched { account_id }) => {
            keys.iter().any(|wanted| {
                wanted.account_id == *account_id
                    && public_key(change) == Some(&PublicKeyHandle::from(&wanted.public_key))
            })
        }
        (
            Request::DataChanges {
                account_ids,
                key_prefix,
            },
            Kind::DataTouched { account_id },
        ) => account_ids.contains(account_id) && has_prefix(change, key_prefix.as_ref()),
        _ => false,
    }
}

fn kind(change: &StateChangeValueView) -> StateChangeKindView {
    use StateChangeValueView as Value;
    let account_id = change.account_id().clone();
    match change {
        Value::AccountUpdate { .. } | Value::AccountDeletion { .. } => {
            StateChangeKindView::AccountTouched { account_id }
        }
        Value::AccessKeyUpdate { .. }
        | Value::AccessKeyDeletion { .. }
        | Value::GasKeyNonceUpdate { .. } => StateChangeKindView::AccessKeyTouched { account_id },
        Value::DataUpdate { .. } | Value::DataDeletion { .. } => {
            StateChangeKindView::DataTouched { account_id }
        }
        Value::ContractCodeUpdate { .. } | Value::ContractCodeDeletion { .. } => {
            StateChangeKindView::ContractCodeTouched { account_id }
        }
    }
}

fn public_key(change: &StateChangeValueView) -> Option<&PublicKeyHandle> {
    match change {
        StateChangeValueView::AccessKeyUpdate { public_key, .. }
        | StateChangeValueView::AccessKeyDeletion { public_key, .. }
        | StateChangeValueView::GasKeyNonceUpdate { public_key, .. } => Some(public_key),
        _ => None,
    }
}

fn has_prefix(change: &StateChangeValueView, prefix: &[u8]) -> bool {
    match change {
        StateChangeValueView::DataUpdate { key, .. }
        | StateChangeValueView::DataDeletion { key, .. } => key.starts_with(prefix),
        _ => false,
    }
}

/// What has changed the state in a block: its transactions and receipts, with their accounts, and the return
/// of stakes.
struct Causes {
    is_genesis: bool,
    transactions: Vec<(AccountId, CryptoHash)>,
    receipts: Vec<(AccountId, CryptoHash)>,
    /// The accounts that got a stake back.
    updated_validators: Vec<AccountId>,
}

impl Causes {
    /// Returns those of `block`.
    fn of(chain: &Chain, block: &Block) -> Self {
        let (transactions, receipts) = block
            .outcomes
            .iter()
            .filter_map(|id| chain.outcome(id))
            .map(|outcome| (outcome.outcome.executor_id.clone(), outcome.id))
            .partition(|(_, id)| chain.transaction(id).is_some());
        Self {
            is_genesis: block.prev_height.is_none(),
            transactions,
            receipts,
            updated_validators: block.updated_validators.clone(),
        }
    }

    /// Returns the cause of a change, if only one can have made it.
    fn cause(&self, change: &StateChangeValueView) -> StateChangeCauseView {
        use StateChangeCauseView as Cause;
        if self.is_genesis {
            return Cause::InitialState;
        }
        // A transaction touches its signer's account and key, the return of a stake an account.
        let (transactions, updated_validators) = match kind(change) {
            StateChangeKindView::AccountTouched { .. } => {
                (&self.transactions[..], &self.updated_validators[..])
            }
            StateChangeKindView::AccessKeyTouched { .. } => (&self.transactions[..], &[][..]),
            StateChangeKindView::DataTouched { .. }
            | StateChangeKindView::ContractCodeTouched { .. } => (&[][..], &[][..]),
        };
        let receipts = self.receipts.iter().map(|(account_id, id)| {
            let receipt_hash = *id;
            (account_id, Cause::ReceiptProcessing { receipt_hash })
        });
        let transactions = transactions.iter().map(|(account_id, id)| {
            let tx_hash = *id;
            (account_id, Cause::TransactionProcessing { tx_hash })
        });
        let updates = updated_validators
            .iter()
            .map(|account_id| (account_id, Cause::ValidatorAccountsUpdate));
        let mut causes = receipts
            .chain(transactions)
            .chain(updates)
            .filter(|(account_id, _)| *account_id == change.account_id());
        match (causes.next(), causes.next()) {
            (Some((_, cause)), None) => cause,
            _ => Cause::NotWritableToDisk,
        }
    }
}
