// ANCHOR: all
//! The types that this contract stores about money. The modules beside this one change them.

use near_sdk::store::LookupMap;
use near_sdk::{AccountId, BlockHeight, NearToken, YieldId, near};

// ANCHOR: state
/// What this contract knows about money. The money itself is the balance of its account, and a balance
/// has no owner's name on it.
#[near(serializers = [borsh])]
pub struct State {
    /// How much of the balance belongs to others. See [`liabilities`](crate::money::liabilities).
    pub(crate) liabilities: NearToken,
    /// What could not be paid out, by the account that it belongs to.
    pub(crate) owed: LookupMap<AccountId, NearToken>,
    /// The vault, by the account that a safe belongs to.
    pub(crate) safes: LookupMap<AccountId, Safe>,
    /// The number of the last lock. See [`lock`](crate::money::lock).
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
// ANCHOR_END: state

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

// ANCHOR: safe
/// What one account has in the vault. It takes up the same storage whatever the amounts are.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Safe {
    /// All that it holds.
    pub balance: NearToken,
    /// Keeps a part of it until a call has come back. See [`lock`](crate::money::lock).
    pub lock: Lock,
}
// ANCHOR_END: safe

// ANCHOR: lock
/// The lock of a safe. It takes up the same storage whether it is open or not.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// The number of the call that holds the lock, or held it last. Only the callback of that call opens
    /// it. No two safes have the same, and neither has one that was closed and opened again.
    pub number: u32,
    /// What is locked. The lock is open when that is nothing.
    pub amount: NearToken,
    /// The block in which the call left.
    pub since: BlockHeight,
}
// ANCHOR_END: lock

// ANCHOR: order
/// A message that is paid for, and not yet in its guestbook.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Who has paid, and gets back what is left.
    pub payer: AccountId,
    /// All that was paid: for the message, and for the storage of this order.
    pub deposit: NearToken,
    /// The guestbook.
    pub guestbook: AccountId,
    /// The message.
    pub text: String,
    /// What the message costs.
    pub price: NearToken,
    /// How often it was tried. A callback belongs to the try with its number.
    pub attempts: u8,
    /// Whether a try is on its way.
    pub in_flight: bool,
    /// The block in which the last try left.
    pub since: BlockHeight,
}
// ANCHOR_END: order

// ANCHOR: question
/// A question that waits for its answer.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Who asks, and gets back what is left.
    pub asker: AccountId,
    /// All that was paid: for the answer, and for the storage of this question.
    pub deposit: NearToken,
    /// Who may answer.
    pub oracle: AccountId,
    /// What an answer is paid with.
    pub fee: NearToken,
    /// The block in which it was asked.
    pub asked_at: BlockHeight,
    /// What is asked.
    pub text: String,
    /// The promise that waits.
    pub yield_id: YieldId,
}
// ANCHOR_END: question
// ANCHOR_END: all
