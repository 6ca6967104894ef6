//! The first state of a chain, from the records of a genesis file.

use std::collections::BTreeMap;

use near_chain_configs::GenesisConfig;
use near_parameters::RuntimeFeesConfig;
use near_primitives::account::Account;
use near_primitives::state_record::StateRecord;
use near_primitives::types::{AccountId, Balance, ProtocolVersion, StorageUsage};

use crate::chain::TooHigh;
use crate::records::{self, RecordError, kind, owner};
use crate::state::{BlockState, State};
use crate::storage::access_key_usage;

/// The protocol versions whose fee tables and rules this chain follows.
pub const SUPPORTED_PROTOCOL_VERSIONS: std::ops::RangeInclusive<ProtocolVersion> = 87..=88;

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
    /// A record that cannot start a chain here.
    #[error("records[{index}]: {problem}")]
    Record {
        /// Its place in `records`.
        index: usize,
        /// What is wrong with it.
        problem: RecordError,
    },
    /// A record in the place of another.
    #[error("records[{index}] repeats an earlier {kind} of {account_id}: leave one of them")]
    Twice {
        /// Its place in `records`.
        index: usize,
        /// Its kind.
        kind: &'static str,
        /// The account.
        account_id: AccountId,
    },
    /// Nobody makes the blocks.
    #[error("validators is empty: it must name the accounts with `locked` tokens and their stakes")]
    NoValidators,
    /// A stake that is not what its account has locked.
    #[error(
        "validators and records differ: {account_id} has a stake of {stake}, and {locked} `locked` \
         yoctoNEAR"
    )]
    Stake {
        /// The account.
        account_id: AccountId,
        /// What all its entries in `validators` say.
        stake: u128,
        /// What its record says.
        locked: u128,
    },
    /// The supply is not what the accounts hold.
    #[error("total_supply is {said}, but the Account records hold {held} yoctoNEAR together")]
    TotalSupply {
        /// What the genesis says.
        said: u128,
        /// What the records say.
        held: u128,
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
    #[error(transparent)]
    Code(#[from] RecordError),
}

impl Genesis {
    /// Checks what a real node asks of a genesis beside its records: that the supply is the sum of the
    /// accounts, and that the stakes of the validators are locked.
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
                said: self.config.total_supply.as_yoctonear(),
                held: held.as_yoctonear(),
            });
        }
        Ok(())
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

    /// The state that the records describe. What storage an account uses is counted anew, as a real
    /// node does.
    pub(crate) fn state(&self, fees: &RuntimeFeesConfig) -> Result<State, GenesisError> {
        let mut state = BlockState::new(State::default());
        let mut usages: BTreeMap<&AccountId, StorageUsage> = BTreeMap::new();
        for (index, record) in self.records.iter().enumerate() {
            let (key, value) = records::entry(record)
                .map_err(|problem| GenesisError::Record { index, problem })?;
            let known = state.now().get(&key).is_some();
            state.set(&key, value);
            if let Some(account_id) = owner(record) {
                if known {
                    return Err(twice(index, record, account_id));
                }
                *usages.entry(account_id).or_default() += usage(fees, record);
            }
        }
        for (index, record) in self.records.iter().enumerate() {
            if let Some(account_id) = owner(record)
                && state.now().account(account_id).is_none()
            {
                let account_id = account_id.clone();
                return Err(GenesisError::NoAccount { index, account_id });
            }
        }
        records::check_code(state.now(), &self.records)?;
        for (account_id, usage) in usages {
            if let Some(mut account) = state.now().account(account_id) {
                account.set_storage_usage(usage);
                state.set_account(account_id, &account);
            }
        }
        Ok(state.into_state())
    }
}

fn twice(index: usize, record: &StateRecord, account_id: &AccountId) -> GenesisError {
    GenesisError::Twice {
        index,
        kind: kind(record),
        account_id: account_id.clone(),
    }
}

/// The bytes that an account pays for a record.
fn usage(fees: &RuntimeFeesConfig, record: &StateRecord) -> StorageUsage {
    let storage = &fees.storage_usage_config;
    match record {
        StateRecord::Account { .. } => storage.num_bytes_account,
        StateRecord::AccessKey {
            public_key,
            access_key,
            ..
        } => access_key_usage(fees, public_key.clone(), access_key),
        StateRecord::Contract { code, .. } => code.len() as u64,
        StateRecord::Data {
            data_key, value, ..
        } => (data_key.len() + value.len()) as u64 + storage.num_extra_bytes_record,
        _ => 0,
    }
}
