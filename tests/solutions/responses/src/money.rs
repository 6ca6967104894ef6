//! Money that passes through this contract: whose it is at every moment, and how it gets there.
//!
//! Seven rules run through all modules:
//!
//! * State is changed before a call leaves. What the call did not do is undone in the callback.
//! * A callback that has money to settle does not fail. It has gas enough of its own, its input has
//!   bounds, and it reads no answers, only whether the receipt went through.
//! * A callback settles what its call was made with, and asks no configuration: that may have changed.
//! * Money that cannot be paid out is remembered by account, and can be claimed ([`owed`]).
//! * Money that waits has a way out, even when its callback is lost ([`overdue`]).
//! * The sum of what belongs to others is known at every moment ([`liabilities`]).
//! * Who makes this contract store something pays for the storage, and gets that back ([`storage`]).

use near_sdk::store::LookupMap;
use near_sdk::{AccountId, NearToken, near};

pub mod guestbooks;
pub mod liabilities;
pub mod lock;
pub mod many;
pub mod operator;
pub mod oracle;
pub mod order_from_safe;
pub mod orders;
pub mod overdue;
pub mod owed;
pub mod push;
pub mod storage;
pub mod tokens;
pub mod vault;

use oracle::Question;
use orders::Order;
use vault::Safe;

/// What this contract knows about money. The money itself is the balance of its account, and a balance
/// has no owner's name on it.
#[near(serializers = [borsh])]
pub struct State {
    /// How much of the balance belongs to others. See [`liabilities`].
    pub(crate) liabilities: NearToken,
    /// What could not be paid out, by the account that it belongs to.
    pub(crate) owed: LookupMap<AccountId, NearToken>,
    /// The vault, by the account that a safe belongs to.
    pub(crate) safes: LookupMap<AccountId, Safe>,
    /// The number of the last lock. See [`lock`].
    pub(crate) last_lock: u32,
    /// Messages that are paid for and not yet in their guestbook, by their number.
    pub(crate) orders: LookupMap<u64, Order>,
    /// The number of the next order.
    pub(crate) next_order: u64,
    /// Questions that wait for an answer, by their number.
    pub(crate) questions: LookupMap<u64, Question>,
    /// The number of the next question.
    pub(crate) next_question: u64,
    /// Who may answer questions.
    pub(crate) oracle: Option<AccountId>,
    /// The token that messages can be paid with.
    pub(crate) token: Option<AccountId>,
}

impl Default for State {
    /// Nobody owns anything yet. Each map begins its keys in another way, so that none meets another's.
    fn default() -> Self {
        Self {
            liabilities: NearToken::default(),
            owed: LookupMap::new("money.owed".as_bytes()),
            safes: LookupMap::new("money.safes".as_bytes()),
            last_lock: 0,
            orders: LookupMap::new("money.orders".as_bytes()),
            next_order: 0,
            questions: LookupMap::new("money.questions".as_bytes()),
            next_question: 0,
            oracle: None,
            token: None,
        }
    }
}
