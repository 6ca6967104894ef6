//! The methods that move money, and their calls: one entry for each.
//!
//! An entry has the user's call ([`Case::call`]), the preparations before it ([`Case::prepare`]), the actions
//! of others after it ([`Case::after`]), and the accounts that are paid when it succeeds ([`Case::pays`]).
//! Callbacks have no entry: they run in the course of the calls.

use std::fmt;
use std::sync::LazyLock;

use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::setting::{partners_behave, prepare};
use super::situation::{
    ANYONE, APP, Call, LAUNCHED, LONG_PARTNER, NOBODY, ORACLE, PARTNER, Partner, Situation, TOKEN,
};
use super::ways_out::LONG_ENOUGH;
use crate::test_chain::{ONE_TOKEN, TestChain, call, deploy, paid, partner, with_gas};
use crate::text;

/// The length of the longest message that the contract accepts, in bytes.
const LONGEST_ORDER: usize = 1_000;

/// The length of the longest question that the contract accepts, in bytes.
const LONGEST_QUESTION: usize = 1_000;

/// The length of the longest reply to a question, in bytes without the quotes.
const LONGEST_ANSWER: usize = 254;

/// The length of a long message for a guestbook, and the largest number of messages in one call.
const LONG_MESSAGE: usize = 1_000;
const MANY: usize = 10;

/// The price of a premium message.
const PRICE: Balance = Balance::from_millinear(100);

/// A deposit above the price of everything, so that there is always a refund.
const PLENTY: Balance = Balance::from_near(3);

/// A method, and its call in each situation.
pub struct Case {
    /// The name of the method.
    pub method: &'static str,
    /// The difference from the method's other cases, if it has several.
    pub note: &'static str,
    /// The call whose gas is swept.
    pub call: fn(&Situation) -> Call,
    /// Prepares the chain.
    pub prepare: fn(&mut TestChain, &Situation),
    /// Runs the actions of others after the call.
    pub after: fn(&mut TestChain, &Situation),
    /// Returns the money that the contract has earned.
    pub earned: fn(&TestChain) -> Balance,
    /// The accounts that are paid where the partner takes the money.
    pub pays: &'static [&'static str],
    /// The results that calls to others can have. A method that calls nobody has only one.
    pub partners: &'static [Partner],
    /// True if tokens change hands. They count like NEAR, one for one.
    pub moves_tokens: bool,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.method, self.note)
    }
}

/// A case in which the partner may take the money or refuse it.
const CALLS_OUT: Case = Case {
    method: "",
    note: "",
    call: |situation| situation.call("", json!({})),
    prepare: |_, _| {},
    after: |_, _| {},
    earned: |_| Balance::ZERO,
    pays: &[PARTNER, LONG_PARTNER],
    partners: &[Partner::Takes, Partner::Refuses],
    moves_tokens: false,
};

/// A case in which the contract deals with its user alone.
pub(super) const ALONE: Case = Case {
    pays: &[],
    partners: &[Partner::Takes],
    ..CALLS_OUT
};

/// Returns all cases.
pub fn cases() -> Vec<Case> {
    [
        batches(),
        messages(),
        orders(),
        questions(),
        vault(),
        others(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn batches() -> Vec<Case> {
    vec![
        Case {
            method: "sign_guestbook",
            call: |s| {
                let texts = s.pick(texts(1, 1), texts(MANY, LONG_MESSAGE));
                s.pay("sign_guestbook", json!({ "texts": texts }), PLENTY)
            },
            ..CALLS_OUT
        },
        Case {
            method: "launch_token",
            // A launch on an account that exists fails.
            call: |s| {
                let name = takes(s, "new", "gold");
                let code = s.pick(SMALLEST_TOKEN.clone(), TOKEN_CODE.clone());
                let args = json!({ "name": name, "total_supply": "1", "code": code });
                s.pay("launch_token", args, PLENTY)
            },
            pays: &[LAUNCHED],
            ..CALLS_OUT
        },
        Case {
            method: "buy_tokens",
            // There is no token of that name.
            call: |s| {
                let amount = s.pick(1, ONE_TOKEN).to_string();
                let args = json!({ "name": takes(s, "gold", "none"), "amount": amount });
                s.pay("buy_tokens", args, PLENTY)
            },
            pays: &[TOKEN],
            moves_tokens: true,
            ..CALLS_OUT
        },
    ]
}

fn messages() -> Vec<Case> {
    vec![
        Case {
            method: "sign_guestbooks",
            call: |s| {
                let books = vec![s.partner_account(); s.pick(1, MANY)];
                let price = PRICE.saturating_mul(books.len() as u128);
                let text = "x".repeat(s.pick(1, LONG_MESSAGE));
                s.pay(
                    "sign_guestbooks",
                    json!({ "guestbooks": books, "text": text }),
                    price,
                )
            },
            ..CALLS_OUT
        },
        Case {
            method: "ft_on_transfer",
            note: ", by the token",
            call: |s| Call {
                to: TOKEN,
                ..s.pay("ft_transfer_call", tokens_for_texts(s), ONE_YOCTO)
            },
            prepare: five_tokens,
            earned: |chain| {
                let messages = chain.view("guestbook.near", "total_messages", json!({}));
                let messages = messages.as_u64().expect("a number of messages");
                Balance::from_yoctonear(u128::from(messages) * ONE_TOKEN)
            },
            pays: &[TOKEN],
            moves_tokens: true,
            ..CALLS_OUT
        },
    ]
}

fn orders() -> Vec<Case> {
    vec![
        Case {
            method: "order_message",
            call: order,
            ..CALLS_OUT
        },
        Case {
            method: "retry_order",
            note: ", by anyone",
            call: by_anyone,
            prepare: |chain, s| tried(chain, s, 1),
            ..CALLS_OUT
        },
        Case {
            method: "retry_order",
            note: ", by anyone, the last time",
            call: by_anyone,
            prepare: |chain, s| tried(chain, s, 2),
            ..CALLS_OUT
        },
        Case {
            method: "cancel_order",
            call: |s| s.call("cancel_order", json!({ "id": 0 })),
            prepare: |chain, s| tried(chain, s, 1),
            ..ALONE
        },
    ]
}

fn questions() -> Vec<Case> {
    vec![
        Case {
            method: "ask_oracle",
            call: ask,
            after: |chain, s| {
                if s.partner == Partner::Takes {
                    let reply = reply(s);
                    let action = call(&reply.method, reply.args);
                    chain.send(ORACLE, APP, vec![action]);
                }
            },
            pays: &[ORACLE],
            ..CALLS_OUT
        },
        Case {
            method: "cancel_question",
            call: |s| s.call("cancel_question", json!({ "id": 0 })),
            prepare: |chain, s| lose_the_callback(chain, &ask(s)),
            ..ALONE
        },
        Case {
            method: "answer_question",
            call: reply,
            prepare: |chain, s| prepare(chain, &ask(s)),
            pays: &[ORACLE],
            ..ALONE
        },
    ]
}

fn vault() -> Vec<Case> {
    vec![
        Case {
            method: "vault_deposit",
            call: deposit,
            ..ALONE
        },
        Case {
            method: "vault_spend",
            call: |s| s.call("vault_spend", message(s)),
            prepare: safe,
            ..CALLS_OUT
        },
        Case {
            method: "vault_spend_locked",
            call: |s| s.call("vault_spend_locked", message(s)),
            prepare: safe,
            ..CALLS_OUT
        },
        Case {
            method: "vault_withdraw",
            call: |s| s.call("vault_withdraw", json!({ "amount": PRICE })),
            prepare: safe,
            ..ALONE
        },
        Case {
            method: "vault_close",
            call: |s| s.call("vault_close", json!({})),
            prepare: safe,
            ..ALONE
        },
    ]
}

fn others() -> Vec<Case> {
    vec![
        Case {
            method: "withdraw_owed",
            // A transfer to an account that does not exist is refunded.
            call: |s| {
                let nobody = s.pick(NOBODY[0], NOBODY[1]);
                let receiver = takes(s, s.user.account(), nobody);
                s.pay(
                    "withdraw_owed",
                    json!({ "receiver_id": receiver }),
                    ONE_YOCTO,
                )
            },
            prepare: owed,
            ..CALLS_OUT
        },
        Case {
            method: "watch",
            call: watch,
            ..ALONE
        },
        Case {
            method: "unwatch",
            call: |s| s.call("unwatch", watched(s)),
            prepare: |chain, s| prepare(chain, &watch(s)),
            ..ALONE
        },
    ]
}

// ---- Arguments ----

const ONE_YOCTO: Balance = Balance::from_yoctonear(1);

/// The smallest contract that can be launched: its method `new` does nothing.
static SMALLEST_TOKEN: LazyLock<String> = LazyLock::new(|| {
    base64(b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x07\x01\x03new\0\0\x0a\x04\x01\x02\0\x0b")
});

/// The token of the batch chapter, in base64.
static TOKEN_CODE: LazyLock<String> = LazyLock::new(|| base64(&partner("batch", "token")));

fn base64(bytes: &[u8]) -> String {
    near_primitives::serialize::to_base64(bytes)
}

/// Returns the first value if the partner takes the money, the second if it refuses.
fn takes<T>(situation: &Situation, takes: T, refuses: T) -> T {
    match situation.partner {
        Partner::Takes => takes,
        Partner::Refuses => refuses,
    }
}

fn texts(number: usize, length: usize) -> Vec<String> {
    vec!["x".repeat(length); number]
}

fn message(situation: &Situation) -> Value {
    let text = "x".repeat(situation.pick(1, LONGEST_ORDER));
    json!({ "guestbook": situation.partner_account(), "text": text })
}

fn order(situation: &Situation) -> Call {
    situation.pay("order_message", message(situation), PLENTY)
}

fn by_anyone(situation: &Situation) -> Call {
    Call {
        from: ANYONE,
        ..situation.call("retry_order", json!({ "id": 0 }))
    }
}

pub(super) fn ask(situation: &Situation) -> Call {
    let text = "x".repeat(situation.pick(1, LONGEST_QUESTION));
    situation.pay("ask_oracle", json!({ "text": text }), PLENTY)
}

fn reply(situation: &Situation) -> Call {
    let reply = "x".repeat(situation.pick(1, LONGEST_ANSWER));
    Call {
        from: ORACLE,
        ..situation.call("answer_question", json!({ "id": 0, "answer": reply }))
    }
}

fn deposit(situation: &Situation) -> Call {
    let named = json!({ "account_id": situation.user.account() });
    situation.pay("vault_deposit", situation.pick(json!({}), named), PLENTY)
}

fn watched(situation: &Situation) -> Value {
    json!({ "account_id": situation.pick(NOBODY[0], NOBODY[1]) })
}

fn watch(situation: &Situation) -> Call {
    situation.pay("watch", watched(situation), PLENTY)
}

fn tokens_for_texts(situation: &Situation) -> Value {
    let book = takes(situation, "guestbook.near", situation.partner_account());
    let (number, length) = situation.pick((1, 1), (5, LONG_MESSAGE));
    let wanted = json!({ "guestbook": book, "texts": texts(number, length) });
    json!({
        "receiver_id": APP,
        "amount": (5 * ONE_TOKEN).to_string(),
        "msg": wanted.to_string(),
    })
}

// ---- Preparations ----

/// Gives the user five tokens.
fn five_tokens(chain: &mut TestChain, situation: &Situation) {
    let user = situation.user.account();
    let room = Call {
        to: TOKEN,
        ..situation.pay("storage_deposit", json!({}), Balance::from_millinear(2))
    };
    prepare(chain, &room);
    let tokens = Call {
        from: APP,
        to: TOKEN,
        method: "ft_transfer".to_owned(),
        args: json!({ "receiver_id": user, "amount": (5 * ONE_TOKEN).to_string() }),
        deposit: ONE_YOCTO,
    };
    prepare(chain, &tokens);
}

/// Creates an order of the user, with this many failed attempts.
pub(super) fn tried(chain: &mut TestChain, situation: &Situation, attempts: usize) {
    partners_behave(chain, "panic");
    prepare(chain, &order(situation));
    for _ in 1..attempts {
        prepare(chain, &by_anyone(situation));
    }
    partners_behave(chain, takes(situation, "well", "panic"));
}

/// Runs a call whose callback is lost, because the contract has code without it in that block. Then the right
/// code is deployed again, and enough time passes that the callback is overdue.
fn lose_the_callback(chain: &mut TestChain, planned: &Call) {
    let code = chain.code(APP);
    let action = paid(call(&planned.method, planned.args.clone()), planned.deposit);
    chain.submit(planned.from, APP, vec![with_gas(action, 300)]);
    chain.produce_block();
    chain.produce_block();
    chain.send(APP, APP, vec![deploy(partner("testing", "hello"))]);
    chain.skip_blocks(LONG_ENOUGH);
    chain.send(APP, APP, vec![deploy(code)]);
}

/// Opens a safe of the user.
pub(super) fn safe(chain: &mut TestChain, situation: &Situation) {
    prepare(chain, &deposit(situation));
}

/// Makes the contract owe the user the price of a message: it came back after the safe was closed.
pub(super) fn owed(chain: &mut TestChain, situation: &Situation) {
    safe(chain, situation);
    partners_behave(chain, "panic");
    let user = situation.user.account();
    let args = json!({ "guestbook": PARTNER, "text": "x" });
    chain.submit(user, APP, vec![call("vault_spend", args)]);
    chain.produce_block();
    chain.submit(user, APP, vec![call("vault_close", json!({}))]);
    chain.run_until_idle();
    let owed = chain.view(APP, "get_owed", json!({ "account_id": user }));
    assert_eq!(owed, json!(PRICE), "{}", text::near(PRICE));
}
