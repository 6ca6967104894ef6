//! The first state of a chain, from the records of a genesis file.

use std::collections::BTreeMap;

use near_chain_configs::GenesisConfig;
use near_parameters::RuntimeFeesConfig;
use near_primitives::account::AccountContract;
use near_primitives::hash::hash;
use near_primitives::state_record::StateRecord;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, ProtocolVersion, StorageUsage};

use crate::chain::TooHigh;
use crate::state::{BlockState, State};

/// The protocol versions whose fee tables and rules this chain follows.
pub const SUPPORTED_PROTOCOL_VERSIONS: std::ops::RangeInclusive<ProtocolVersion> = 84..=88;

/// Where a chain starts.
#[derive(Clone)]
pub struct Genesis {
    /// The parameters of the chain.
    pub config: GenesisConfig,
    /// Accounts, keys, contracts and their data.
    pub records: Vec<StateRecord>,
}

/// Why a genesis makes no chain.
#[derive(Debug, thiserror::Error)]
pub enum GenesisError {
    /// The rules of this version are not known here.
    #[error(
        "protocol_version {0} is not supported: use one from {min} to {max}",
        min = SUPPORTED_PROTOCOL_VERSIONS.start(),
        max = SUPPORTED_PROTOCOL_VERSIONS.end()
    )]
    ProtocolVersion(ProtocolVersion),
    /// A length of zero would divide by zero.
    #[error("epoch_length is 0: it counts the blocks of an epoch and must be at least 1")]
    EpochLength,
    /// No receipt would ever run.
    #[error("gas_limit is 0: it counts the gas of a block and must be at least 1")]
    GasLimit,
    /// The first block would stand too high.
    #[error("genesis_height: {0}")]
    Height(#[from] TooHigh),
    /// More than one shard.
    #[error("shard_layout has {0} shards: this chain has exactly one")]
    Shards(u64),
    /// A record of a kind that cannot start a chain here.
    #[error("records[{index}] is a {kind}: only Account, AccessKey, Contract and Data are taken")]
    Record {
        /// Its place in `records`.
        index: usize,
        /// Its kind.
        kind: &'static str,
    },
    /// A record for an account that is not there.
    #[error("records[{index}] belongs to {account_id}, which has no Account record")]
    NoAccount {
        /// Its place in `records`.
        index: usize,
        /// The missing account.
        account_id: AccountId,
    },
    /// An account and its code do not belong together.
    #[error("{account_id}: the Contract record does not have the code_hash of the Account record")]
    CodeHash {
        /// The account.
        account_id: AccountId,
    },
}

impl Genesis {
    /// The state that the records describe. What storage an account uses is counted anew, as a real
    /// node does.
    pub(crate) fn state(&self, fees: &RuntimeFeesConfig) -> Result<State, GenesisError> {
        let mut state = BlockState::new(State::default());
        let mut usages: BTreeMap<&AccountId, StorageUsage> = BTreeMap::new();
        for (index, record) in self.records.iter().enumerate() {
            let (account_id, usage) = write(&mut state, fees, index, record)?;
            *usages.entry(account_id).or_default() += usage;
        }
        for (index, record) in self.records.iter().enumerate() {
            if let Some(account_id) = owner(record)
                && state.now().account(account_id).is_none()
            {
                let account_id = account_id.clone();
                return Err(GenesisError::NoAccount { index, account_id });
            }
        }
        for (account_id, usage) in usages {
            if let Some(mut account) = state.now().account(account_id) {
                check_code(&state, account_id, &account.contract())?;
                account.set_storage_usage(usage);
                state.set_account(account_id, &account);
            }
        }
        Ok(state.into_state())
    }
}

fn write<'a>(
    state: &mut BlockState,
    fees: &RuntimeFeesConfig,
    index: usize,
    record: &'a StateRecord,
) -> Result<(&'a AccountId, StorageUsage), GenesisError> {
    let storage = &fees.storage_usage_config;
    match record {
        StateRecord::Account {
            account_id,
            account,
        } => {
            state.set_account(account_id, account);
            Ok((account_id, storage.num_bytes_account))
        }
        StateRecord::AccessKey {
            account_id,
            public_key,
            access_key,
        } if access_key.gas_key_info().is_none() => {
            state.set_access_key(account_id, public_key.clone(), access_key);
            let length = borsh::object_length(access_key).unwrap_or_default();
            let usage = public_key.trie_id_len() + length;
            Ok((account_id, usage as u64 + storage.num_extra_bytes_record))
        }
        StateRecord::Contract { account_id, code } => {
            state.set(
                &TrieKey::ContractCode {
                    account_id: account_id.clone(),
                },
                code.as_slice(),
            );
            Ok((account_id, code.len() as u64))
        }
        StateRecord::Data {
            account_id,
            data_key,
            value,
        } => {
            let key = TrieKey::ContractData {
                account_id: account_id.clone(),
                key: data_key.to_vec(),
            };
            state.set(&key, value.as_slice());
            let usage = (data_key.len() + value.len()) as u64;
            Ok((account_id, usage + storage.num_extra_bytes_record))
        }
        other => Err(GenesisError::Record {
            index,
            kind: kind(other),
        }),
    }
}

fn check_code(
    state: &BlockState,
    account_id: &AccountId,
    contract: &AccountContract,
) -> Result<(), GenesisError> {
    let AccountContract::Local(expected) = contract else {
        return Ok(());
    };
    let code = state.now().get(&TrieKey::ContractCode {
        account_id: account_id.clone(),
    });
    if code.is_some_and(|code| hash(&code) == *expected) {
        return Ok(());
    }
    Err(GenesisError::CodeHash {
        account_id: account_id.clone(),
    })
}

/// The account that a record belongs to, of the kinds that are taken.
pub(crate) fn owner(record: &StateRecord) -> Option<&AccountId> {
    match record {
        StateRecord::Account { account_id, .. }
        | StateRecord::AccessKey { account_id, .. }
        | StateRecord::Contract { account_id, .. }
        | StateRecord::Data { account_id, .. } => Some(account_id),
        _ => None,
    }
}

/// What a record is called. A gas key is more than an access key, and is not taken as one.
pub(crate) fn kind(record: &StateRecord) -> &'static str {
    match record {
        StateRecord::AccessKey { access_key, .. } if access_key.gas_key_info().is_some() => {
            "gas key"
        }
        StateRecord::Account { .. } => "Account",
        StateRecord::Data { .. } => "Data",
        StateRecord::Contract { .. } => "Contract",
        StateRecord::AccessKey { .. } => "AccessKey",
        StateRecord::PostponedReceipt(_) => "PostponedReceipt",
        StateRecord::ReceivedData { .. } => "ReceivedData",
        StateRecord::DelayedReceipt(_) => "DelayedReceipt",
        StateRecord::GasKeyNonce { .. } => "GasKeyNonce",
    }
}
