// ANCHOR: all
//! A contract that stores messages. A message with a deposit of 0.1 NEAR or more is premium.
//!
//! It has the interface of `guestbook.near-examples.testnet`.

use near_sdk::json_types::U64;
use near_sdk::store::Vector;
use near_sdk::{AccountId, NearToken, env, near};

// ANCHOR: state
/// The least deposit of a premium message: 0.1 NEAR.
pub const PREMIUM_PRICE: NearToken = NearToken::from_millinear(100);

/// The number of messages that `get_messages` returns when the caller gives no limit.
pub const DEFAULT_LIMIT: u64 = 10;

/// One message as it is stored, and as the views show it.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// True if the deposit was [`PREMIUM_PRICE`] or more.
    pub premium: bool,
    /// The account that called `add_message`: the predecessor, which may be a contract.
    pub sender: AccountId,
    /// The text.
    pub text: String,
}

/// The whole state: the messages, in the order of their arrival.
#[near(
    contract_state,
    contract_metadata(standard(standard = "nep330", version = "1.3.0"))
)]
pub struct Guestbook {
    messages: Vector<Message>,
}

impl Default for Guestbook {
    /// Returns an empty guestbook.
    fn default() -> Self {
        Self {
            messages: Vector::new(b"m"),
        }
    }
}
// ANCHOR_END: state

// ANCHOR: methods
#[near]
impl Guestbook {
    /// Adds a message. The guestbook keeps the deposit, which decides whether the message is premium.
    #[payable]
    pub fn add_message(&mut self, text: String) {
        self.messages.push(Message {
            premium: env::attached_deposit() >= PREMIUM_PRICE,
            sender: env::predecessor_account_id(),
            text,
        });
    }

    /// Returns up to `limit` messages, the oldest first, starting at `from_index`.
    ///
    /// `from_index` is 0 and `limit` is [`DEFAULT_LIMIT`] when the caller leaves them out.
    pub fn get_messages(&self, from_index: Option<U64>, limit: Option<U64>) -> Vec<&Message> {
        let from_index = from_index.map_or(0, |index| index.0);
        let limit = limit.map_or(DEFAULT_LIMIT, |limit| limit.0);

        self.messages
            .iter()
            .skip(as_length(from_index))
            .take(as_length(limit))
            .collect()
    }

    /// Returns the number of messages.
    pub fn total_messages(&self) -> u32 {
        self.messages.len()
    }
}
// ANCHOR_END: methods

/// Converts a number of a caller to a length. A number that does not fit into the 32 bits of wasm becomes the largest
/// length.
fn as_length(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::testing_env;

    use super::*;

    /// Sets the context of a call by `accounts(1)` with `deposit`.
    fn pay(deposit: NearToken) {
        testing_env!(
            VMContextBuilder::new()
                .predecessor_account_id(accounts(1))
                .attached_deposit(deposit)
                .build()
        );
    }

    fn guestbook_with(texts: &[&str]) -> Guestbook {
        let mut guestbook = Guestbook::default();
        for text in texts {
            guestbook.add_message(text.to_string());
        }
        guestbook
    }

    fn texts(messages: &[&Message]) -> Vec<String> {
        messages
            .iter()
            .map(|message| message.text.clone())
            .collect()
    }

    #[test]
    fn a_new_guestbook_is_empty() {
        let guestbook = Guestbook::default();

        assert_eq!(guestbook.total_messages(), 0);
        assert!(guestbook.get_messages(None, None).is_empty());
    }

    #[test]
    fn a_message_contains_its_sender() {
        pay(NearToken::from_near(0));
        let guestbook = guestbook_with(&["Good morning"]);

        assert_eq!(
            guestbook.get_messages(None, None),
            [&Message {
                premium: false,
                sender: accounts(1),
                text: "Good morning".to_string(),
            }]
        );
    }

    #[test]
    fn a_message_with_a_tenth_of_a_near_is_premium() {
        let mut guestbook = Guestbook::default();
        pay(PREMIUM_PRICE.saturating_sub(NearToken::from_yoctonear(1)));
        guestbook.add_message("almost".to_string());
        pay(PREMIUM_PRICE);
        guestbook.add_message("premium".to_string());

        let marks: Vec<bool> = guestbook
            .get_messages(None, None)
            .iter()
            .map(|message| message.premium)
            .collect();
        assert_eq!(marks, [false, true]);
    }

    #[test]
    fn without_a_limit_ten_messages_are_returned() {
        let many: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let guestbook = guestbook_with(&many);

        assert_eq!(guestbook.total_messages(), 12);
        assert_eq!(texts(&guestbook.get_messages(None, None)), many[..10]);
        assert_eq!(
            texts(&guestbook.get_messages(Some(U64(10)), None)),
            many[10..]
        );
        assert_eq!(
            texts(&guestbook.get_messages(Some(U64(3)), Some(U64(2)))),
            many[3..5]
        );
    }

    #[test]
    fn a_page_beyond_the_end_is_empty() {
        let guestbook = guestbook_with(&["only"]);

        assert!(guestbook.get_messages(Some(U64(1)), None).is_empty());
        assert!(
            guestbook
                .get_messages(Some(U64(u64::MAX)), Some(U64(u64::MAX)))
                .is_empty()
        );
    }
}
// ANCHOR_END: all
