//! The runs about money: its owner between a call and its callback, and attacks on it.

pub mod later;
pub mod least_gas;
pub mod orders;
mod overdraft;
pub mod rogue;
pub mod tokens;
pub mod vault;

use chain::testing::signer;
use near_primitives::account::AccessKey;
use near_primitives::action::{Action, AddKeyAction, CreateAccountAction, TransferAction};
use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::claim::claim;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::{self, BEHAVIOURS, Play};
use crate::test_chain::{
    Expectation, Money, TestChain, TxHash, account, call, delete, fails, gains, loses, paid,
    returns,
};
use crate::text;

/// The price of a premium message.
const PRICE: Balance = Balance::from_millinear(100);

const EVERYBODY: [&str; 5] = [
    "alice.near",
    "bob.near",
    "app.near",
    "guestbook.near",
    "rogue.near",
];

/// The accounts whose money the tables show: alice pays a guestbook, alice pays the rogue, the rogue is the
/// user, bob is the user.
const GUESTS: [&str; 3] = ["alice.near", "app.near", "guestbook.near"];
const ROGUES: [&str; 3] = ["alice.near", "app.near", "rogue.near"];
const ROGUE_ALONE: [&str; 2] = ["app.near", "rogue.near"];
const BOBS: [&str; 3] = ["alice.near", "bob.near", "app.near"];

/// Returns a chain with the contract of the chapter, and a guest that misbehaves.
fn new_chain() -> TestChain {
    TestChain::with_guests("responses", &[("rogue.near", "rogue")])
}

/// Returns a chain with the vulnerable contract, and the same guest.
fn vulnerable() -> TestChain {
    TestChain::with_contract("vulnerable")
}

fn call_back(method: &str, args: &Value) -> Value {
    json!({ "call_back": { "method": method, "args": args.to_string(), "deposit_yocto": "0" } })
}

/// Opens a safe that holds exactly this much, beside the cost of its storage.
fn fill_safe(chain: &mut TestChain, owner: &str, amount: Balance) {
    let deposit = amount.saturating_add(storage_of_safe(owner));
    let fill = paid(
        call("vault_deposit", json!({ "account_id": owner })),
        deposit,
    );
    let tx = chain.send("alice.near", "app.near", vec![fill]);
    chain.assert_succeeded(tx);
}

/// Opens a safe in the vulnerable vault, where storage costs nothing.
fn fill_vulnerable_safe(chain: &mut TestChain, owner: &str, amount: Balance) {
    let fill = paid(call("vault_deposit", json!({})), amount);
    let tx = chain.send(owner, "app.near", vec![fill]);
    chain.assert_succeeded(tx);
}

/// Returns the cost of a safe's storage: its key with the account's name, two amounts, the lock's 12 bytes
/// beside its amount, and the entry itself.
fn storage_of_safe(owner: &str) -> Balance {
    let bytes = "money.safes".len() + 4 + owner.len() + 2 * 16 + 12 + 40;
    Balance::from_yoctonear(bytes as u128 * 10u128.pow(19))
}

/// Returns the arguments of a call that leaves a message.
fn message(book: &str) -> Value {
    json!({ "guestbook": book, "text": "Hello" })
}

/// Returns the balance of a safe, and the locked part of it.
fn safe(chain: &TestChain, owner: &str) -> (Balance, Balance) {
    let safe = chain.view("app.near", "get_safe", json!({ "account_id": owner }));
    let locked = safe["lock"].get("amount").unwrap_or(&safe["locked"]);
    (amount(&safe["balance"]), amount(locked))
}

/// Returns a table of the safes of these accounts.
fn safes(chain: &TestChain, owners: &[&str]) -> String {
    let mut lines = String::new();
    for owner in owners {
        let (balance, locked) = safe(chain, owner);
        let locked = match locked.is_zero() {
            true => String::new(),
            false => format!(", of which {} is locked", text::near(locked)),
        };
        lines.push_str(&format!(
            "The safe of {owner} holds {}{locked}.\n",
            text::near(balance)
        ));
    }
    plain(&lines)
}

/// Returns the amount in the result of a view.
fn amount(value: &Value) -> Balance {
    let yocto = value.as_str().expect("an amount is a text");
    Balance::from_yoctonear(yocto.parse().expect("an amount is a number"))
}

fn owed_to(chain: &TestChain, owner: &str) -> Balance {
    let owed = chain.view("app.near", "get_owed", json!({ "account_id": owner }));
    amount(&owed)
}

fn owed(chain: &TestChain, owner: &str) -> String {
    let owed = text::near(owed_to(chain, owner));
    format!("app.near owes {owed} to {owner}")
}

/// Replaces no-break spaces with common ones.
fn plain(lines: &str) -> String {
    lines.replace('\u{a0}', " ")
}

fn with_money(chain: &TestChain, tx: TxHash, money: &Money, expected: Expectation) -> Figure {
    let table = money.table(chain, tx);
    chain.figure(tx, expected).with_money(&table)
}

fn blocks_with_money(
    chain: &TestChain,
    hashes: &[CryptoHash],
    money: &Money,
    expected: Expectation,
) -> Figure {
    let table = money.table_of_all(chain, hashes);
    chain.figure_of_blocks(hashes, expected).with_money(&table)
}

/// Submits two transactions of alice, the second one block after the first, and runs the chain until it is
/// idle.
fn two_by_alice(chain: &mut TestChain, method: &str, args: &Value) -> [CryptoHash; 2] {
    let mut submit = || {
        let hash = chain.submit("alice.near", "app.near", vec![call(method, args.clone())]);
        chain.produce_block();
        hash
    };
    let hashes = [submit(), submit()];
    chain.run_until_idle();
    hashes
}

// ---- Several at once ----

/// Shows three guestbooks: one signs, one panics, one does not exist.
pub fn books() -> Figure {
    let mut chain = new_chain();
    chain.behave("rogue.near", "panic");
    let money = chain.money(&EVERYBODY);
    let tx = sign_three(&mut chain, Balance::from_millinear(300));
    let expected = returns(signed(&[
        ("guestbook.near", true),
        ("rogue.near", false),
        ("nobody.near", false),
    ]))
    .fails_at("rogue.near", "add_message", "I panic")
    .fails_at("nobody.near", "add_message", "doesn't exist")
    .runs_in(4, "alice.near", "transfer 0.2 NEAR")
    .moves([loses("alice.near", PRICE), gains("guestbook.near", PRICE)]);
    with_money(&chain, tx, &money, expected).with_inputs(BOOKS.inputs)
}

/// Sends a message to three guestbooks, of which the last does not exist.
fn sign_three(chain: &mut TestChain, deposit: Balance) -> TxHash {
    let books = ["guestbook.near", "rogue.near", "nobody.near"];
    let args = json!({ "guestbooks": books, "text": "Hello" });
    chain.pay("sign_guestbooks", args, deposit)
}

/// Returns the result of `sign_guestbooks`.
fn signed(books: &[(&str, bool)]) -> Value {
    let books = books.iter();
    books
        .map(|(book, signed)| json!({ "guestbook": book, "signed": signed }))
        .collect()
}

/// Shows a rogue that keeps the money and returns a promise that fails.
pub fn keep_and_fail() -> Figure {
    let mut chain = vulnerable();
    chain.behave("rogue.near", call_back("no_such_method", &json!({})));
    let money = chain.money(&ROGUES);
    let args = json!({ "guestbook": "rogue.near", "text": "Hello" });
    let tx = chain.pay("vulnerable_sign", args, PRICE);
    let expected = returns(json!(false))
        .fails_at("app.near", "no_such_method", "MethodNotFound")
        .moves([loses("app.near", PRICE), gains("rogue.near", PRICE)]);
    with_money(&chain, tx, &money, expected)
}

/// Shows the same rogue, and a receipt whose result is a transfer of nothing.
pub fn with_empty_result() -> Figure {
    let mut chain = new_chain();
    chain.behave("rogue.near", call_back("no_such_method", &json!({})));
    let money = chain.money(&ROGUES);
    let args = json!({ "guestbooks": ["rogue.near"], "text": "Hello" });
    let tx = chain.pay("sign_guestbooks", args, PRICE);
    let expected = returns(signed(&[("rogue.near", true)]))
        .fails_at("app.near", "no_such_method", "MethodNotFound")
        .moves([loses("alice.near", PRICE), gains("rogue.near", PRICE)]);
    with_money(&chain, tx, &money, expected)
}

// ---- A payment that does not arrive ----

const CAROL: &str = "carol.alice.near";

/// Creates carol's account: alice funds it with 5 NEAR, and carol gets the key.
fn join(chain: &mut TestChain) {
    let add_key = AddKeyAction {
        public_key: signer(&account(CAROL)).public_key(),
        access_key: AccessKey::full_access(),
    };
    let transfer = TransferAction {
        deposit: Balance::from_near(5),
    };
    let actions = vec![
        Action::CreateAccount(CreateAccountAction {}),
        add_key.into(),
        Action::Transfer(transfer),
    ];
    let tx = chain.send("alice.near", CAROL, actions);
    chain.assert_succeeded(tx);
}

/// Submits carol's payment for two guestbooks, one of which fails, and the deletion of her account before the
/// refund.
fn carol_leaves(chain: &mut TestChain) -> [CryptoHash; 2] {
    carol_leaves_after(chain, 1)
}

/// Submits the same payment, and the deletion of her account some blocks later.
fn carol_leaves_after(chain: &mut TestChain, blocks: u64) -> [CryptoHash; 2] {
    join(chain);
    chain.behave("rogue.near", "panic");
    chain.reset_balances();
    let books = ["guestbook.near", "rogue.near"];
    let args = json!({ "guestbooks": books, "text": "Hello" });
    let sign = paid(call("sign_guestbooks", args), Balance::from_millinear(200));
    let signing = chain.submit(CAROL, "app.near", vec![sign]);
    for _ in 0..blocks {
        chain.produce_block();
    }
    let leaving = chain.submit(CAROL, CAROL, vec![delete("alice.near")]);
    chain.run_until_idle();
    [signing, leaving]
}

/// Shows a refund to carol, whose account is gone.
pub fn payer_gone() -> Figure {
    let mut chain = new_chain();
    let before = chain.balance("app.near");
    let hashes = carol_leaves(&mut chain);
    let gained = chain.balance("app.near").saturating_sub(before);
    let lines = format!("app.near has {} more than before", text::near(gained));
    let lines = plain(&format!("{lines}. {}.\n", owed(&chain, CAROL)));
    let expected = returns(signed(&[("guestbook.near", true), ("rogue.near", false)]))
        .then_returns_nothing()
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at(CAROL, "transfer 0.1 NEAR", "doesn't exist")
        .moves([
            loses(CAROL, Balance::from_millinear(200)),
            gains("app.near", PRICE),
            gains("guestbook.near", PRICE),
        ]);
    chain
        .figure_of_blocks(&hashes, expected)
        .with(
            &lines,
            claim(
                "the refund that did not arrive is owed",
                gained == PRICE && owed_to(&chain, CAROL) == PRICE,
            ),
        )
        .with_inputs(PAYER_GONE.inputs)
}

/// Shows that carol creates her account again, and claims her refund three times.
pub fn claims() -> Figure {
    let mut chain = new_chain();
    carol_leaves(&mut chain);
    chain.reset_balances();
    join(&mut chain);
    chain.reset_balances();
    let money = chain.money(&[CAROL, "app.near"]);

    let mut lines = String::new();
    let (mut hashes, mut claims) = (Vec::new(), Vec::new());
    let nothing = "is owed nothing";
    for (title, args, expected, left) in [
        (
            "carol claims it for nobody.near, which does not exist",
            json!({ "receiver_id": "nobody.near" }),
            returns(json!(false))
                .fails_at("nobody.near", "transfer 0.1 NEAR", "doesn't exist")
                .moves([
                    loses(CAROL, Balance::from_yoctonear(1)),
                    gains("app.near", Balance::from_yoctonear(1)),
                ]),
            PRICE,
        ),
        (
            "carol claims it for herself",
            json!({}),
            returns(json!(true)).moves([gains(CAROL, PRICE), loses("app.near", PRICE)]),
            Balance::ZERO,
        ),
        (
            "carol claims it once more",
            json!({}),
            fails(nothing)
                .fails_at("app.near", "withdraw_owed", nothing)
                .no_balance_moves(),
            Balance::ZERO,
        ),
    ] {
        let names_a_receiver = args != json!({});
        let claim_it = call("withdraw_owed", args);
        let claim_it = match names_a_receiver {
            true => paid(claim_it, Balance::from_yoctonear(1)),
            false => claim_it,
        };
        let tx = chain.send(CAROL, "app.near", vec![claim_it]);
        claims.push(chain.shows(&[tx], expected));
        let is_left = owed_to(&chain, CAROL) == left;
        claims.push(claim("the part that was not paid is owed", is_left));
        let result = format!("withdraw_owed {}", text::result(&chain.result(tx)));
        lines.push_str(&text::case(title, &[&result, &owed(&chain, CAROL)]));
        hashes.push(tx);
    }
    let table = money.table_of_all(&chain, &hashes);
    Figure::table(plain(&format!("{lines}\n{table}")), claims)
}

// ---- Open callbacks ----

/// Shows that bob calls a callback that is not private.
pub fn open_callback() -> Figure {
    let mut chain = vulnerable();
    // The balance that the storage of its code locks cannot be stolen.
    chain.set_balance("app.near", 20);
    let money = chain.money(&BOBS);
    let args = json!({ "payer": "bob.near", "deposit": Balance::from_near(5) });
    let tx = chain.send(
        "bob.near",
        "app.near",
        vec![call("vulnerable_sign_callback", args)],
    );
    let prize = Balance::from_near(5);
    let expected =
        returns(json!(false)).moves([gains("bob.near", prize), loses("app.near", prize)]);
    with_money(&chain, tx, &money, expected)
}

/// Shows that bob cannot call a callback that is private.
pub fn private_callback() -> Figure {
    let mut chain = new_chain();
    let args = json!({ "payer": "bob.near", "guestbooks": ["guestbook.near"], "price": PRICE });
    let tx = chain.send(
        "bob.near",
        "app.near",
        vec![call("sign_guestbooks_callback", args)],
    );
    let reason = "sign_guestbooks_callback is private";
    let expected = fails(reason)
        .fails_at("app.near", "sign_guestbooks_callback", reason)
        .no_balance_moves();
    let lines = text::case(
        "bob calls sign_guestbooks_callback",
        &[&text::result(&chain.result(tx))],
    );
    Figure::table(plain(&lines), [chain.shows(&[tx], expected)])
}

// ---- With other inputs ----

/// A message for three guestbooks, two of which may misbehave.
pub const BOOKS: Play = Play {
    figure: "money-books",
    inputs: &[
        Input::one_of("guestbook", "guestbook.near", BEHAVIOURS),
        Input::one_of(
            "rogue",
            "rogue.near",
            &[
                ("panics", "panics"),
                ("works", "works"),
                ("burns-all-gas", "burns all its gas"),
            ],
        ),
        Input::number("deposit", "Deposit", [2, 10], 3, "tenths of a NEAR"),
    ],
    run: |values| {
        let behaviour = match values.choice("rogue") {
            "works" => "well",
            "burns-all-gas" => "burn_all_gas",
            _ => "panic",
        };
        let mut chain = new_chain();
        chain.behave("rogue.near", json!(behaviour));
        play::behave(&mut chain, "guestbook.near", values.choice("guestbook"));
        let deposit = Balance::from_millinear(100 * u128::from(values.number("deposit")));
        let tx = sign_three(&mut chain, deposit);
        chain.rerun(tx)
    },
};

/// A refund to carol, who leaves some blocks after her payment.
pub const PAYER_GONE: Play = Play {
    figure: "money-payer-gone",
    inputs: &[Input::number(
        "wait",
        "carol leaves",
        [1, 6],
        1,
        "blocks later",
    )],
    run: |values| {
        let mut chain = new_chain();
        let hashes = carol_leaves_after(&mut chain, values.number("wait"));
        chain.rerun_of_blocks(&hashes)
    },
};
