// ANCHOR: all
//! Answers from outside of the chain, with yield and resume.
//!
//! A yielded promise calls no account. It waits until this contract resumes it. An oracle that we
//! trust brings the answer in a transaction of its own. If it does not, the chain runs the callback
//! after 200 blocks, with a failure as the promise result.

use near_sdk::serde_json::json;
use near_sdk::{AccountId, Gas, GasWeight, NearToken, Promise, env, log, near, require};

use crate::batch::deposit::require_deposit;
use crate::call_result::CallResult;
use crate::enter::enter;
use crate::money::guestbooks::require_short;
use crate::money::operator::{require_operator, trust_changed};
use crate::money::overdue::require_overdue;
use crate::money::owed::{GAS_FOR_PAYMENT, pay_back};
use crate::money::state::Question;
use crate::money::storage::price_of_storage_since;
use crate::{Contract, ContractExt};

// ANCHOR: fee
/// The payment for an answer: 0.1 NEAR.
pub const ORACLE_FEE: NearToken = NearToken::from_millinear(100);

/// The longest answer, in bytes, as JSON with its quotes.
pub const MAX_ANSWER_BYTES: usize = 256;

/// The static gas of the callback of a question: 50 Tgas. It makes two payments: to the oracle and
/// to the asker.
pub const GAS_FOR_ANSWER: Gas = GAS_FOR_PAYMENT.saturating_mul(2);
// ANCHOR_END: fee

#[near]
impl Contract {
    /// Sets the oracle that answers the questions from now on.
    #[payable]
    pub fn trust_oracle(&mut self, oracle: AccountId) {
        require_operator();

        self.money.oracle = Some(oracle);
        trust_changed(&self.money);
    }

    /// Returns a question that waits for its answer.
    pub fn get_question(&self, id: u64) -> Option<&Question> {
        self.money.questions.get(&id)
    }

    // ANCHOR: ask
    /// Asks the oracle, which gets 0.1 NEAR for an answer. What is attached beyond that pays for
    /// the storage of the question, and is paid back at the end.
    ///
    /// The transaction returns the answer, or `null` when there is none after 200 blocks. Then the
    /// whole deposit is paid back.
    #[payable]
    pub fn ask_oracle(&mut self, text: String) -> Promise {
        enter("ask_oracle");
        require_short(&text);

        let Some(oracle) = self.money.oracle.clone() else {
            env::panic_str("There is no oracle");
        };
        let id = self.money.next_question;
        let (answer, yield_id) = Promise::new_yield(
            "ask_oracle_callback",
            json!({ "id": id }).to_string(),
            GAS_FOR_ANSWER,
            GasWeight(0),
        );

        let before = env::storage_usage();
        self.money.next_question += 1;
        self.money.questions.insert(
            id,
            Question {
                asker: env::predecessor_account_id(),
                deposit: env::attached_deposit(),
                oracle,
                fee: ORACLE_FEE,
                asked_at: env::block_height(),
                text,
                yield_id,
            },
        );
        self.money.questions.flush();
        let deposit = require_deposit(ORACLE_FEE.saturating_add(price_of_storage_since(before)));
        self.money.hold(deposit);

        log!("Question {id} waits for an answer");
        answer
    }
    // ANCHOR_END: ask

    // ANCHOR: answer
    /// Answers a question. Only its oracle may call this.
    ///
    /// No money moves here. The callback pays, and it runs exactly once.
    pub fn answer_question(&mut self, id: u64, answer: String) {
        enter("answer_question");

        let Some(question) = self.money.questions.get(&id) else {
            env::panic_str("There is no such question");
        };
        require!(
            question.oracle == env::predecessor_account_id(),
            "You are not the oracle"
        );
        let answer = json!(answer).to_string();
        require!(answer.len() <= MAX_ANSWER_BYTES, "The answer is too long");
        if question.yield_id.resume(answer).is_err() {
            env::panic_str("Nobody waits for the answer");
        }
    }
    // ANCHOR_END: answer

    // ANCHOR: callback
    /// Pays the oracle and returns the answer, or pays the whole deposit back when there is none.
    #[private]
    pub fn ask_oracle_callback(&mut self, id: u64) -> Option<String> {
        enter("ask_oracle_callback");

        let question = self.money.questions.remove(&id)?;
        self.money.release(question.deposit);
        match CallResult::<String>::read(0, MAX_ANSWER_BYTES) {
            CallResult::Value(answer) => {
                pay_back(question.oracle, question.fee).detach();
                let rest = question.deposit.saturating_sub(question.fee);
                pay_back(question.asker, rest).detach();
                Some(answer)
            }
            _ => {
                log!("Nobody has answered question {id}");
                pay_back(question.asker, question.deposit).detach();
                None
            }
        }
    }
    // ANCHOR_END: callback

    // ANCHOR: cancel
    /// Cancels a question whose callback is lost, and pays the whole deposit back. Only the asker
    /// may call this.
    ///
    /// If the callback runs later after all, it finds no question and pays nobody.
    pub fn cancel_question(&mut self, id: u64) -> Promise {
        enter("cancel_question");

        let Some(question) = self.money.questions.remove(&id) else {
            env::panic_str("There is no such question");
        };
        require!(
            question.asker == env::predecessor_account_id(),
            "The question is not yours"
        );
        require_overdue(question.asked_at);
        self.money.release(question.deposit);
        pay_back(question.asker, question.deposit)
    }
    // ANCHOR_END: cancel
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::{VMContextBuilder, accounts};
    use near_sdk::{BlockHeight, PromiseResult, RuntimeFeesConfig, test_vm_config, testing_env};

    use super::*;
    use crate::money::guestbooks::MAX_TEXT_BYTES;
    use crate::money::overdue::OVERDUE;
    use crate::money::test_utils::{call_by, transfers};

    const ONE_NEAR: NearToken = NearToken::from_near(1);

    /// Returns a contract whose oracle is `dan`.
    fn contract() -> Contract {
        call_by(0, NearToken::from_yoctonear(1));
        let mut contract = Contract::new(None, None, None);
        contract.trust_oracle(accounts(3));
        contract
    }

    /// Returns the same with a question of `accounts(asker)`.
    fn contract_with_question_of(asker: usize) -> Contract {
        let mut contract = contract();
        call_by(asker, ONE_NEAR);
        contract.ask_oracle("Will it rain?".to_string()).detach();
        contract
    }

    fn callback_after(contract: &mut Contract, result: PromiseResult) -> Option<String> {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(0))
                .build(),
            test_vm_config(),
            RuntimeFeesConfig::test(),
            Default::default(),
            vec![result]
        );
        contract.ask_oracle_callback(0)
    }

    #[test]
    fn a_question_is_stored_with_its_deposit() {
        let contract = contract_with_question_of(1);

        let question = contract.get_question(0).unwrap();
        assert_eq!(question.asker, accounts(1));
        assert_eq!(question.oracle, accounts(3));
        assert_eq!(question.deposit, ONE_NEAR);
        assert!(transfers().is_empty());
    }

    #[test]
    fn with_an_answer_the_oracle_is_paid_and_the_rest_is_paid_back() {
        let mut contract = contract_with_question_of(1);
        let answer = PromiseResult::Successful(br#""Yes""#.to_vec());

        assert_eq!(
            callback_after(&mut contract, answer),
            Some("Yes".to_string())
        );
        assert_eq!(
            transfers(),
            [
                (accounts(3), ORACLE_FEE),
                (accounts(1), NearToken::from_millinear(900)),
            ]
        );
        assert_eq!(contract.get_question(0), None);
    }

    #[test]
    fn without_an_answer_the_whole_deposit_is_paid_back() {
        let mut contract = contract_with_question_of(1);

        assert_eq!(callback_after(&mut contract, PromiseResult::Failed), None);
        assert_eq!(transfers(), [(accounts(1), ONE_NEAR)]);
        assert_eq!(contract.get_question(0), None);
    }

    /// Sets the context of a call by `accounts(asker)` in this block.
    fn call_in_block(asker: usize, height: BlockHeight) {
        testing_env!(
            VMContextBuilder::new()
                .current_account_id(accounts(0))
                .predecessor_account_id(accounts(asker))
                .block_height(height)
                .build()
        );
    }

    #[test]
    fn a_question_whose_callback_is_lost_can_be_cancelled() {
        let mut contract = contract_with_question_of(1);
        call_in_block(1, OVERDUE);
        contract.cancel_question(0).detach();

        assert_eq!(transfers(), [(accounts(1), ONE_NEAR)]);
        assert!(contract.get_liabilities().is_zero());
    }

    #[test]
    fn a_late_callback_pays_nobody() {
        let mut contract = contract_with_question_of(1);
        call_in_block(1, OVERDUE);
        contract.cancel_question(0).detach();

        let answer = PromiseResult::Successful(br#""Yes""#.to_vec());

        assert_eq!(callback_after(&mut contract, answer), None);
        assert!(transfers().is_empty());
    }

    #[test]
    #[should_panic(expected = "Wait until block 1000: the callback may still run")]
    fn a_question_whose_callback_may_still_run_cannot_be_cancelled() {
        let mut contract = contract_with_question_of(1);
        call_in_block(1, OVERDUE - 1);
        contract.cancel_question(0).detach();
    }

    #[test]
    #[should_panic(expected = "The question is not yours")]
    fn nobody_else_can_cancel_a_question() {
        let mut contract = contract_with_question_of(1);
        call_in_block(2, OVERDUE);
        contract.cancel_question(0).detach();
    }

    #[test]
    #[should_panic(expected = "Give a text of 1000 bytes at most")]
    fn a_question_that_is_too_long_is_refused() {
        let mut contract = contract();
        call_by(1, ONE_NEAR);
        contract.ask_oracle("x".repeat(MAX_TEXT_BYTES + 1)).detach();
    }

    #[test]
    fn the_oracle_resumes_the_promise() {
        // The mocked environment drops a yielded promise after the call, so the oracle itself has
        // to ask.
        let mut contract = contract_with_question_of(3);

        contract.answer_question(0, "Yes".to_string());
    }

    #[test]
    #[should_panic(expected = "You are not the oracle")]
    fn nobody_else_can_answer() {
        let mut contract = contract_with_question_of(1);
        contract.answer_question(0, "Yes".to_string());
    }

    #[test]
    #[should_panic(expected = "The answer is too long")]
    fn an_answer_that_is_too_long_is_refused() {
        let mut contract = contract_with_question_of(3);
        contract.answer_question(0, "x".repeat(MAX_ANSWER_BYTES - 1));
    }

    #[test]
    #[should_panic(expected = "Nobody waits for the answer")]
    fn an_answer_without_a_yielded_promise_is_refused() {
        let mut contract = contract_with_question_of(1);
        call_by(3, NearToken::default());
        contract.answer_question(0, "Yes".to_string());
    }

    #[test]
    #[should_panic(expected = "There is no such question")]
    fn a_second_answer_is_refused() {
        let mut contract = contract_with_question_of(1);
        callback_after(
            &mut contract,
            PromiseResult::Successful(br#""Yes""#.to_vec()),
        );
        call_by(3, NearToken::default());
        contract.answer_question(0, "No".to_string());
    }

    #[test]
    #[should_panic(expected = "There is no oracle")]
    fn without_an_oracle_a_question_is_refused() {
        call_by(1, ONE_NEAR);
        let mut contract = Contract::new(None, None, None);
        contract.ask_oracle("Will it rain?".to_string()).detach();
    }

    #[test]
    #[should_panic(expected = "Attach at least 0.10")]
    fn a_deposit_without_the_price_of_the_storage_is_refused() {
        let mut contract = contract();
        call_by(1, ORACLE_FEE);
        contract.ask_oracle("Will it rain?".to_string()).detach();
    }
}
// ANCHOR_END: all
