// ANCHOR: all
//! The bill of a sale: the accounts that a collection wants to be paid, and the amount for each
//! (NEP-199).
//!
//! The collection is another contract, so its bill is read as the result of any other call: with a
//! bound, and without a panic. A panic would keep the money of the buyer, because the token has
//! been transferred already.

use std::collections::BTreeMap;

use near_sdk::json_types::U128;
use near_sdk::{AccountId, PromiseError, env, near, serde_json};

/// The largest number of accounts that one sale pays: 10, the least that NEP-199 permits.
pub const MAX_LEN_PAYOUT: u32 = 10;

/// The longest bill that we read, in bytes. Ten of the longest accounts with the largest amounts
/// take 1,102.
pub const MAX_PAYOUT_BYTES: usize = 2_000;

/// The payments of one sale, by receiver. Amounts are in yoctoNEAR, or in the smallest unit of a
/// fungible token.
pub type Payments = BTreeMap<AccountId, U128>;

/// The bill, as `nft_transfer_payout` returns it.
#[near(serializers = [json])]
pub struct Payout {
    /// The amount for each account.
    pub payout: Payments,
}

// ANCHOR: payments
/// Returns, in the callback of `nft_transfer_payout`, the payments of a sale. They are `balance`
/// together. Returns `None` if the call has failed, so that the buyer gets all back.
///
/// The seller gets everything if the bill is none: the token is gone, and NEP-199 names this
/// fallback.
pub fn payments(seller: &AccountId, balance: U128) -> Option<Payments> {
    let bill: Option<Payout> = match env::promise_result_checked(0, MAX_PAYOUT_BYTES) {
        Err(PromiseError::Failed) => return None,
        Err(_) => None,
        Ok(bytes) => serde_json::from_slice(&bytes).ok(),
    };
    let checked = bill.and_then(|bill| bill.checked(seller, balance));
    Some(checked.unwrap_or_else(|| Payments::from([(seller.clone(), balance)])))
}

impl Payout {
    /// Returns the payments of this bill, with the rest for the seller. Returns `None` if it is too
    /// long, or if it is more than `balance`.
    fn checked(mut self, seller: &AccountId, balance: U128) -> Option<Payments> {
        if self.payout.len() > MAX_LEN_PAYOUT as usize {
            return None;
        }
        let mut amounts = self.payout.values();
        let rest = amounts.try_fold(balance.0, |rest, amount| rest.checked_sub(amount.0))?;
        let sellers = self.payout.entry(seller.clone()).or_insert(U128(0));
        sellers.0 = sellers.0.saturating_add(rest);
        self.payout.retain(|_, amount| amount.0 > 0);
        Some(self.payout)
    }
}
// ANCHOR_END: payments

#[cfg(test)]
mod tests {
    use near_sdk::serde_json::{Value, json};
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;

    /// Returns the payments of a sale of `alice` for 100 yoctoNEAR, after this result.
    fn payments_after(result: PromiseResult) -> Option<Vec<(String, u128)>> {
        testing_env!(
            VMContextBuilder::new().build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
        let payments = payments(&accounts(0), U128(100))?.into_iter();
        let pair = |(receiver, amount): (AccountId, U128)| (receiver.to_string(), amount.0);
        Some(payments.map(pair).collect())
    }

    fn payments_of(bill: &str) -> Vec<(String, u128)> {
        let result = PromiseResult::Successful(bill.as_bytes().to_vec());
        payments_after(result).expect("the call has succeeded")
    }

    fn pays(receiver: &str, amount: u128) -> (String, u128) {
        (receiver.to_string(), amount)
    }

    /// Returns a bill with `number` accounts, each of which gets `amount`.
    fn bill_of(number: usize, amount: u128) -> String {
        let payout: Value = (0..number)
            .map(|index| (format!("artist{index:02}.near"), json!(amount.to_string())))
            .collect::<near_sdk::serde_json::Map<_, _>>()
            .into();
        json!({ "payout": payout }).to_string()
    }

    #[test]
    fn a_failed_call_is_no_sale() {
        assert_eq!(payments_after(PromiseResult::Failed), None);
    }

    #[test]
    fn each_account_of_the_bill_gets_its_amount() {
        let bill = r#"{"payout":{"alice":"75","artist.near":"25"}}"#;

        assert_eq!(
            payments_of(bill),
            [pays("alice", 75), pays("artist.near", 25)]
        );
    }

    #[test]
    fn the_seller_gets_the_rest() {
        let bill = r#"{"payout":{"artist.near":"25","bob":"0"}}"#;

        assert_eq!(
            payments_of(bill),
            [pays("alice", 75), pays("artist.near", 25)]
        );
    }

    #[test]
    fn the_seller_gets_everything_if_there_is_no_valid_bill() {
        let largest = u128::MAX;
        for bill in [
            "",
            "true",
            "{}",
            r#"{"payout":{"alice":100}}"#,
            r#"{"payout":{"No Account!":"1"}}"#,
            r#"{"payout":{"artist.near":"101"}}"#,
            &format!(r#"{{"payout":{{"a1.near":"{largest}","a2.near":"{largest}"}}}}"#),
            &bill_of(11, 1),
            &" ".repeat(MAX_PAYOUT_BYTES + 1),
        ] {
            assert_eq!(payments_of(bill), [pays("alice", 100)], "{bill}");
        }
    }

    #[test]
    fn ten_accounts_and_the_seller_are_paid() {
        let payments = payments_of(&bill_of(10, 9));

        assert_eq!(payments.len(), 11);
        assert_eq!(payments[0], pays("alice", 10));
    }

    #[test]
    fn the_longest_bill_is_not_too_long() {
        let payout: near_sdk::serde_json::Map<_, _> = (0..10)
            .map(|index| (format!("{index:064}"), json!(u128::MAX.to_string())))
            .collect();
        let bill = json!({ "payout": payout }).to_string();

        assert_eq!(bill.len(), 1_102);
    }
}
// ANCHOR_END: all
