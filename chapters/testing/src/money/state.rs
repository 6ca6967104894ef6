// ANCHOR: all
//! The types of the stored state about money. The modules beside this one change it.

use near_sdk::store::LookupMap;
use near_sdk::{AccountId, BlockHeight, NearToken, YieldId, near};

// ANCHOR: state
/// The state about money. The money itself is the balance of this account, and a balance does not
/// say to whom it belongs.
#[near(serializers = [borsh])]
pub struct State {
    /// The part of the balance that belongs to others: see
    /// [`liabilities`](crate::money::liabilities).
    pub(crate) liabilities: NearToken,
    /// The debts that could not be paid, by account.
    pub(crate) owed: LookupMap<AccountId, NearToken>,
    /// The safes of the vault, by account.
    pub(crate) safes: LookupMap<AccountId, Safe>,
    /// The number of the last lock: see [`lock`](crate::money::lock).
    pub(crate) last_lock: u32,
    /// The messages that are paid for and not yet in their guestbook, by number.
    pub(crate) orders: LookupMap<u64, Order>,
    /// The number of the next order.
    pub(crate) next_order: u64,
    /// The questions that wait for an answer, by number.
    pub(crate) questions: LookupMap<u64, Question>,
    /// The number of the next question.
    pub(crate) next_question: u64,
    /// The account that may answer questions.
    pub(crate) oracle: Option<AccountId>,
    /// The token that messages can be paid with.
    pub(crate) token: Option<AccountId>,
}
// ANCHOR_END: state

impl Default for State {
    /// Returns an empty state. Each map has another key prefix, so that their keys never collide.
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
/// The money of one account in the vault. It takes up the same storage, whatever the amounts are.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Safe {
    /// The amount in the safe, with the locked part.
    pub balance: NearToken,
    /// The lock on a part of the balance, until a callback has run: see
    /// [`lock`](crate::money::lock).
    pub lock: Lock,
}
// ANCHOR_END: safe

// ANCHOR: lock
/// The lock of a safe. It takes up the same storage, open or not.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// The number of the call that holds the lock, or held it last. Only the callback of that call
    /// opens the lock. No number is used twice, neither by another safe nor by one that was closed
    /// and opened again.
    pub number: u32,
    /// The locked amount. The lock is open when it is zero.
    pub amount: NearToken,
    /// The height of the block in which the call was sent.
    pub since: BlockHeight,
}
// ANCHOR_END: lock

// ANCHOR: order
/// A message that is paid for and not yet in its guestbook.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The account that has paid, and gets back the rest.
    pub payer: AccountId,
    /// The whole payment: for the message, and for the storage of this order.
    pub deposit: NearToken,
    /// The account of the guestbook.
    pub guestbook: AccountId,
    /// The text of the message.
    pub text: String,
    /// The price of the message.
    pub price: NearToken,
    /// The number of attempts so far. Each callback gets the number of its attempt.
    pub attempts: u8,
    /// True between an attempt and its callback.
    pub in_flight: bool,
    /// The height of the block in which the last attempt was sent.
    pub since: BlockHeight,
}
// ANCHOR_END: order

// ANCHOR: question
/// A question that waits for its answer.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The account that has asked, and gets back the rest.
    pub asker: AccountId,
    /// The whole payment: for the answer, and for the storage of this question.
    pub deposit: NearToken,
    /// The account that may answer.
    pub oracle: AccountId,
    /// The payment for an answer.
    pub fee: NearToken,
    /// The height of the block in which it was asked.
    pub asked_at: BlockHeight,
    /// The text of the question.
    pub text: String,
    /// The yielded promise that waits for the answer.
    pub yield_id: YieldId,
}
// ANCHOR_END: question
// ANCHOR_END: all
