//! Transactions that came early: one with a lower nonce of their key is still on its way.
//!
//! Clients that send many transactions at once number them in order, but the requests arrive in any order.
//! Between two blocks of a network there is about a second, and a chunk producer takes the transactions of a
//! key in the order of their nonces. Here a block comes at once, and would make a transaction that was
//! overtaken invalid: its nonce is no longer above the key's. So a transaction with a gap below its nonce waits
//! until the gap is filled or no more transactions of the key arrive. The more of them wait, the more likely it
//! is that another one is on its way, and the longer they wait.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use near_crypto::PublicKey;
use near_primitives::hash::CryptoHash;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::{AccountId, Nonce};

/// The longest time for which a transaction waits while no gap of its key is filled. It is half of the time for
/// which its client waits.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The time after which no more transactions of a key are expected, for each that waits.
const QUIET_TIME: Duration = Duration::from_millis(500);

/// The key that a transaction is signed with, and its account.
pub type SignerKey = (AccountId, PublicKey);

/// Returns the key that a transaction is signed with.
pub fn signer_key(transaction: &SignedTransaction) -> SignerKey {
    let transaction = &transaction.transaction;
    (
        transaction.signer_id().clone(),
        transaction.public_key().clone(),
    )
}

/// The transactions that wait for lower nonces of their keys.
#[derive(Default)]
pub struct EarlyTransactions {
    keys: HashMap<SignerKey, EarlyOfKey>,
    hashes: HashSet<CryptoHash>,
}

/// The transactions of one key. There is at least one.
struct EarlyOfKey {
    by_nonce: BTreeMap<Nonce, Vec<Early>>,
    /// The last time at which one has come or gone.
    last_change: Instant,
    /// The last time at which a gap was filled, or the first transaction came.
    last_filled: Instant,
}

struct Early {
    transaction: SignedTransaction,
    arrival: Instant,
}

impl EarlyTransactions {
    /// Adds a transaction.
    pub fn add(&mut self, transaction: SignedTransaction, arrival: Instant) {
        self.hashes.insert(transaction.get_hash());
        let of_key = self
            .keys
            .entry(signer_key(&transaction))
            .or_insert_with(|| EarlyOfKey {
                by_nonce: BTreeMap::new(),
                last_change: arrival,
                last_filled: arrival,
            });
        of_key.last_change = arrival;
        let nonce = transaction.transaction.nonce().nonce();
        let early = Early {
            transaction,
            arrival,
        };
        of_key.by_nonce.entry(nonce).or_default().push(early);
    }

    /// Returns `true` if a transaction waits here.
    pub fn contains(&self, hash: &CryptoHash) -> bool {
        self.hashes.contains(hash)
    }

    /// Takes the transactions of a key that have no gap above `nonce`, in order.
    pub fn take_after(&mut self, key: &SignerKey, mut nonce: Nonce) -> Vec<SignedTransaction> {
        let Some(of_key) = self.keys.get_mut(key) else {
            return Vec::new();
        };
        let mut taken = Vec::new();
        while let Some(lowest) = of_key.by_nonce.first_entry()
            && *lowest.key() <= nonce.saturating_add(1)
        {
            nonce = nonce.max(*lowest.key());
            taken.extend(lowest.remove());
        }
        if of_key.by_nonce.is_empty() {
            self.keys.remove(key);
        } else if !taken.is_empty() {
            of_key.last_change = Instant::now();
            of_key.last_filled = of_key.last_change;
        }
        self.transactions(taken)
    }

    /// Takes the transactions that have waited long enough: all of a key if it has been quiet, otherwise those
    /// with the lowest nonce.
    pub fn take_due(&mut self, now: Instant) -> Vec<SignedTransaction> {
        let mut taken = Vec::new();
        self.keys.retain(|_, of_key| {
            if of_key.quiet() <= now {
                taken.extend(std::mem::take(&mut of_key.by_nonce).into_values().flatten());
            } else if of_key.due() <= now
                && let Some((_, lowest)) = of_key.by_nonce.pop_first()
            {
                taken.extend(lowest);
            }
            !of_key.by_nonce.is_empty()
        });
        self.transactions(taken)
    }

    /// Returns the time at which the first of them has waited long enough.
    pub fn due(&self) -> Option<Instant> {
        self.keys.values().map(EarlyOfKey::due).min()
    }

    fn transactions(&mut self, taken: Vec<Early>) -> Vec<SignedTransaction> {
        let taken = taken.into_iter().map(|early| early.transaction);
        taken
            .inspect(|transaction| {
                self.hashes.remove(&transaction.get_hash());
            })
            .collect()
    }
}

impl EarlyOfKey {
    /// Returns the time after which no more transactions are expected.
    fn quiet(&self) -> Instant {
        let waiting = u32::try_from(self.by_nonce.len()).unwrap_or(u32::MAX);
        self.last_change + QUIET_TIME.saturating_mul(waiting).min(LONGEST_WAIT)
    }

    /// Returns the time at which the gap below the lowest nonce is given up.
    fn due(&self) -> Instant {
        let lowest = self.by_nonce.first_key_value();
        let arrivals = lowest.into_iter().flat_map(|(_, early)| early);
        arrivals
            .map(|early| early.arrival.max(self.last_filled) + LONGEST_WAIT)
            .min()
            .map_or(self.quiet(), |longest| longest.min(self.quiet()))
    }
}
