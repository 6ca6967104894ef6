//! The genesis: the parameters of a chain and its first state.

use std::collections::BTreeMap;

use near_chain_configs::GenesisConfig;
use near_parameters::RuntimeFeesConfig;
use near_primitives::account::Account;
use near_primitives::state_record::StateRecord;
use near_primitives::types::{AccountId, Balance, ProtocolVersion, StorageUsage};

use crate::block::{TIMESTAMP_LIMIT, TooHigh, TooLate};
use crate::records::{self, RecordError, kind, owner};
use crate::runtime::{access_key_usage, gas_key_nonce_usage};
use crate::state::{State, StateUpdate};

/// The protocol versions that this chain supports.
pub const SUPPORTED_PROTOCOL_VERSIONS: std::ops::RangeInclusive<ProtocolVersion> = 87..=88;

/// The start of a chain.
#[derive(Clone)]
pub struct Genesis {
    /// The parameters of the chain.
    pub config: GenesisConfig,
    /// The accounts, keys, contracts and their data.
    pub records: Vec<StateRecord>,
}

/// The error of a genesis that no chain can start from.
#[derive(Debug, thiserror::Error)]
pub enum GenesisError {
    /// An unsupported protocol version.
    #[error(
        "protocol_version {0} is not supported: use one from {min} to {max}",
        min = SUPPORTED_PROTOCOL_VERSIONS.start(),
        max = SUPPORTED_PROTOCOL_VERSIONS.end()
    )]
    ProtocolVersion(ProtocolVersion),
    /// An epoch without blocks.
    #[error("epoch_length is 0: it counts the blocks of an epoch and must be at least 1")]
    EpochLength,
    /// A gas limit of zero: no receipt would ever run.
    #[error("gas_limit is 0: it counts the gas of a block and must be at least 1")]
    GasLimit,
    /// A first height above [`crate::MAX_HEIGHT`].
    #[error("genesis_height is too great")]
    Height(#[from] TooHigh),
    /// A first time at or after [`crate::TIMESTAMP_LIMIT`].
    #[error("genesis_time is too late")]
    TooLate(#[from] TooLate),
    /// A first time before 1970.
    #[error("genesis_time is before 1970: blocks count the nanoseconds since then")]
    TooEarly,
    /// More than one shard.
    #[error("shard_layout has {0} shards: this chain has exactly one")]
    Shards(u64),
    /// A record that cannot be written.
    #[error("records[{index}]")]
    Record {
        /// The index in `records`.
        index: usize,
        /// The cause.
        source: RecordError,
    },
    /// A record that repeats another one.
    #[error("records[{index}] repeats an earlier {kind} of {account_id}: leave one of them")]
    Repeated {
        /// The index in `records`.
        index: usize,
        /// The kind of the record.
        kind: &'static str,
        /// The account.
        account_id: AccountId,
    },
    /// A genesis without validators.
    #[error("validators is empty: it must name the accounts with `locked` tokens and their stakes")]
    NoValidators,
    /// A stake that differs from the locked tokens of its account.
    #[error(
        "validators and records differ: {account_id} has a stake of {stake}, and {locked} `locked` \
         yoctoNEAR"
    )]
    Stake {
        /// The account.
        account_id: AccountId,
        /// The sum of its stakes in `validators`, in yoctoNEAR.
        stake: u128,
        /// The locked tokens of its record, in yoctoNEAR.
        locked: u128,
    },
    /// A supply that differs from the sum of the accounts.
    #[error("total_supply is {stated}, but the Account records hold {held} yoctoNEAR together")]
    TotalSupply {
        /// The supply that the genesis states, in yoctoNEAR.
        stated: u128,
        /// The sum of the accounts, in yoctoNEAR.
        held: u128,
    },
    /// A record for an account that does not exist.
    #[error("records[{index}] belongs to {account_id}, which has no Account record")]
    NoAccount {
        /// The index in `records`.
        index: usize,
        /// The missing account.
        account_id: AccountId,
    },
    /// An account whose code has another hash.
    #[error(transparent)]
    Code(#[from] RecordError),
}

impl Genesis {
    /// Checks the sums of a genesis as a real node does: the supply is the sum of the accounts, and the
    /// stakes of the validators are locked.
    ///
    /// # Errors
    /// The configuration and the records contradict each other.
    pub fn check_sums(&self) -> Result<(), GenesisError> {
        if self.config.validators.is_empty() {
            return Err(GenesisError::NoValidators);
        }
        self.check_stakes()?;
        let held = self
            .accounts()
            .flat_map(|(_, account)| [account.amount(), account.locked()])
            .fold(Balance::ZERO, Balance::saturating_add);
        if self.config.total_supply != held {
            return Err(GenesisError::TotalSupply {
                stated: self.config.total_supply.as_yoctonear(),
                held: held.as_yoctonear(),
            });
        }
        Ok(())
    }

    /// Returns the time of the first block, in nanoseconds since 1970.
    pub(crate) fn timestamp(&self) -> Result<u64, GenesisError> {
        let time = &self.config.genesis_time;
        if time.timestamp() < 0 {
            return Err(GenesisError::TooEarly);
        }
        time.timestamp_nanos_opt()
            .and_then(|nanos| u64::try_from(nanos).ok())
            .filter(|nanos| *nanos < TIMESTAMP_LIMIT)
            .ok_or_else(|| TooLate.into())
    }

    fn check_stakes(&self) -> Result<(), GenesisError> {
        let mut stakes: BTreeMap<&AccountId, (Balance, Balance)> = BTreeMap::new();
        for validator in &self.config.validators {
            let (stake, _) = stakes.entry(&validator.account_id).or_default();
            *stake = stake.saturating_add(validator.amount);
        }
        for (account_id, account) in self.accounts() {
            let (_, locked) = stakes.entry(account_id).or_default();
            *locked = locked.saturating_add(account.locked());
        }
        let differing = stakes
            .into_iter()
            .find(|(_, (stake, locked))| stake != locked);
        match differing {
            None => Ok(()),
            Some((account_id, (stake, locked))) => Err(GenesisError::Stake {
                account_id: account_id.clone(),
                stake: stake.as_yoctonear(),
                locked: locked.as_yoctonear(),
            }),
        }
    }

    fn accounts(&self) -> impl Iterator<Item = (&AccountId, &Account)> {
        self.records.iter().filter_map(|record| match record {
            StateRecord::Account {
                account_id,
                account,
            } => Some((account_id, account)),
            _ => None,
        })
    }

    /// Returns the state that the records describe. The storage usage of each account is computed from
    /// its records, as a real node does.
    pub(crate) fn state(&self, fees: &RuntimeFeesConfig) -> Result<State, GenesisError> {
        let mut state = StateUpdate::new(State::default());
        let mut usages: BTreeMap<&AccountId, StorageUsage> = BTreeMap::new();
        for (index, record) in self.records.iter().enumerate() {
            let (key, value) =
                records::entry(record).map_err(|source| GenesisError::Record { index, source })?;
            let exists = state.current().get(&key).is_some();
            state.set(&key, value);
            if let Some(account_id) = owner(record) {
                if exists {
                    return Err(repeated(index, record, account_id));
                }
                *usages.entry(account_id).or_default() += usage(fees, record);
            }
        }
        for (index, record) in self.records.iter().enumerate() {
            if let Some(account_id) = owner(record)
                && state.current().account(account_id).is_none()
            {
                let account_id = account_id.clone();
                return Err(GenesisError::NoAccount { index, account_id });
            }
        }
        records::check_code(state.current(), &self.records)?;
        for (account_id, usage) in usages {
            if let Some(mut account) = state.current().account(account_id) {
                account.set_storage_usage(usage);
                state.set_account(account_id, &account);
            }
        }
        Ok(state.into_state())
    }
}

fn repeated(index: usize, record: &StateRecord, account_id: &AccountId) -> GenesisError {
    GenesisError::Repeated {
        index,
        kind: kind(record),
        account_id: account_id.clone(),
    }
}

/// Returns the bytes that a record adds to the storage usage of its account.
fn usage(fees: &RuntimeFeesConfig, record: &StateRecord) -> StorageUsage {
    let storage = &fees.storage_usage_config;
    match record {
        StateRecord::Account { .. } => storage.num_bytes_account,
        StateRecord::AccessKey {
            public_key,
            access_key,
            ..
        } => access_key_usage(fees, public_key.clone(), access_key),
        StateRecord::GasKeyNonce { public_key, .. } => gas_key_nonce_usage(fees, public_key),
        StateRecord::Contract { code, .. } => code.len() as u64,
        StateRecord::Data {
            data_key, value, ..
        } => (data_key.len() + value.len()) as u64 + storage.num_extra_bytes_record,
        _ => 0,
    }
}
