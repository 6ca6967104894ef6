//! The runs about money: whose it is between a call and its callback, and how others get at it.

pub mod later;
pub mod least_gas;
pub mod rogue;
pub mod tokens;
pub mod vault;

use chain::testing::signer;
use near_primitives::account::AccessKey;
use near_primitives::action::{Action, AddKeyAction, CreateAccountAction, TransferAction};
use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::figures::Figure;
use crate::figures::claim::claim;
use crate::scene::{
    Expectation, Money, Played, Scene, account, answers, call, delete, fails, gains, loses, paid,
    text,
};

/// What a premium message costs.
const PRICE: Balance = Balance::from_millinear(100);

const EVERYBODY: [&str; 5] = [
    "alice.near",
    "bob.near",
    "book.near",
    "guestbook.near",
    "rogue.near",
];

/// Who takes part when alice pays a guestbook, when she pays the rogue, when the rogue is a user, and
/// when bob is one.
const GUESTS: [&str; 3] = ["alice.near", "book.near", "guestbook.near"];
const ROGUES: [&str; 3] = ["alice.near", "book.near", "rogue.near"];
const ROGUE_ALONE: [&str; 2] = ["book.near", "rogue.near"];
const BOBS: [&str; 3] = ["alice.near", "bob.near", "book.near"];

/// The contract of the chapter, with a guest that misbehaves.
fn stage() -> Scene {
    Scene::with_guests("responses", &[("rogue.near", "rogue")])
}

/// The contract with the mistakes, and the same guest.
fn vulnerable() -> Scene {
    Scene::shown("vulnerable")
}

fn behave(scene: &mut Scene, behaviour: Value) {
    let args = json!({ "behaviour": behaviour });
    scene.prepare("bob.near", "rogue.near", "behave", args);
    scene.everyone_holds_a_round_sum();
}

fn call_back(method: &str, args: &Value) -> Value {
    json!({ "call_back": { "method": method, "args": args.to_string(), "deposit_yocto": "0" } })
}

/// Gives an account a safe that holds exactly this much, beside what its storage costs.
fn fill_safe(scene: &mut Scene, owner: &str, amount: Balance) {
    let deposit = amount.saturating_add(storage_of_safe(owner));
    let fill = paid(
        call("vault_deposit", json!({ "account_id": owner })),
        deposit,
    );
    let played = scene.send("alice.near", "book.near", vec![fill]);
    scene.assert_succeeded(&played);
}

/// Gives an account a safe in the vulnerable vault, whose storage costs nothing.
fn fill_vulnerable_safe(scene: &mut Scene, owner: &str, amount: Balance) {
    let fill = paid(call("vault_deposit", json!({})), amount);
    let played = scene.send(owner, "book.near", vec![fill]);
    scene.assert_succeeded(&played);
}

/// What the storage of a safe costs: its key with the length of the name, two amounts, the 12 bytes of a lock
/// beside its amount, and the entry itself.
fn storage_of_safe(owner: &str) -> Balance {
    let bytes = "money.safes".len() + 4 + owner.len() + 2 * 16 + 12 + 40;
    Balance::from_yoctonear(bytes as u128 * 10u128.pow(19))
}

/// What a call needs that leaves a message.
fn message(book: &str) -> Value {
    json!({ "book": book, "text": "Hello" })
}

/// The balance of a safe, and how much of that is locked.
fn safe(scene: &Scene, owner: &str) -> (Balance, Balance) {
    let safe = scene.view("book.near", "get_safe", json!({ "account_id": owner }));
    let locked = safe["lock"].get("amount").unwrap_or(&safe["locked"]);
    (amount(&safe["balance"]), amount(locked))
}

/// What the safes of these accounts hold.
fn safes(scene: &Scene, owners: &[&str]) -> String {
    let mut lines = String::new();
    for owner in owners {
        let (balance, locked) = safe(scene, owner);
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

/// An amount in a view's answer.
fn amount(value: &Value) -> Balance {
    let yocto = value.as_str().expect("an amount is a text");
    Balance::from_yoctonear(yocto.parse().expect("an amount is a number"))
}

fn owed_to(scene: &Scene, owner: &str) -> Balance {
    let owed = scene.view("book.near", "get_owed", json!({ "account_id": owner }));
    amount(&owed)
}

fn owed(scene: &Scene, owner: &str) -> String {
    let owed = text::near(owed_to(scene, owner));
    format!("book.near owes {owed} to {owner}")
}

/// Lines of our own, with common blanks.
fn plain(lines: &str) -> String {
    lines.replace('\u{a0}', " ")
}

fn with_money(scene: &Scene, played: &Played, money: &Money, expected: Expectation) -> Figure {
    let table = money.table(scene, played);
    scene.figure(played, expected).with_money(&table)
}

fn blocks_with_money(
    scene: &Scene,
    hashes: &[CryptoHash],
    money: &Money,
    expected: Expectation,
) -> Figure {
    let table = money.table_of_all(scene, hashes);
    scene.figure_of_blocks(hashes, expected).with_money(&table)
}

/// Two transactions of alice, the second a block after the first, and the chain runs to the end.
fn two_by_alice(scene: &mut Scene, method: &str, args: &Value) -> [CryptoHash; 2] {
    let mut submit = || {
        let hash = scene.submit("alice.near", "book.near", vec![call(method, args.clone())]);
        scene.next_block();
        hash
    };
    let hashes = [submit(), submit()];
    scene.run_to_the_end();
    hashes
}

// ---- Several at once ----

/// Three books: one signs, one panics, one does not exist.
pub fn books() -> Figure {
    let mut scene = stage();
    behave(&mut scene, json!("panic"));
    let money = scene.money(&EVERYBODY);
    let books = ["guestbook.near", "rogue.near", "nobody.near"];
    let args = json!({ "books": books, "text": "Hello" });
    let played = scene.pay("sign_books", args, Balance::from_millinear(300));
    let expected = answers(signed(&[
        ("guestbook.near", true),
        ("rogue.near", false),
        ("nobody.near", false),
    ]))
    .fails_at("rogue.near", "add_message", "I panic")
    .fails_at("nobody.near", "add_message", "doesn't exist")
    .runs_in(4, "alice.near", "transfer 0.2 NEAR")
    .moves([loses("alice.near", PRICE), gains("guestbook.near", PRICE)]);
    with_money(&scene, &played, &money, expected)
}

/// The answer of `sign_books`.
fn signed(books: &[(&str, bool)]) -> Value {
    let books = books.iter();
    books
        .map(|(book, signed)| json!({ "book": book, "signed": signed }))
        .collect()
}

/// The rogue keeps the money, and its answer is a promise that fails.
pub fn keep_and_fail() -> Figure {
    let mut scene = vulnerable();
    behave(&mut scene, call_back("no_such_method", &json!({})));
    let money = scene.money(&ROGUES);
    let args = json!({ "book": "rogue.near", "text": "Hello" });
    let played = scene.pay("vulnerable_sign", args, PRICE);
    let expected = answers(json!(false))
        .fails_at("book.near", "no_such_method", "MethodNotFound")
        .moves([loses("book.near", PRICE), gains("rogue.near", PRICE)]);
    with_money(&scene, &played, &money, expected)
}

/// The same rogue, and a receipt that ends with a transfer of nothing.
pub fn without_answer() -> Figure {
    let mut scene = stage();
    behave(&mut scene, call_back("no_such_method", &json!({})));
    let money = scene.money(&ROGUES);
    let args = json!({ "books": ["rogue.near"], "text": "Hello" });
    let played = scene.pay("sign_books", args, PRICE);
    let expected = answers(signed(&[("rogue.near", true)]))
        .fails_at("book.near", "no_such_method", "MethodNotFound")
        .moves([loses("alice.near", PRICE), gains("rogue.near", PRICE)]);
    with_money(&scene, &played, &money, expected)
}

// ---- A payment that does not arrive ----

const CAROL: &str = "carol.alice.near";

/// Alice makes carol's account, and gives carol the key and 5 NEAR.
fn join(scene: &mut Scene) {
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
    let played = scene.send("alice.near", CAROL, actions);
    scene.assert_succeeded(&played);
}

/// Carol pays for two books, one of which fails, and is gone when the rest comes back.
fn carol_leaves(scene: &mut Scene) -> [CryptoHash; 2] {
    join(scene);
    behave(scene, json!("panic"));
    let books = ["guestbook.near", "rogue.near"];
    let args = json!({ "books": books, "text": "Hello" });
    let sign = paid(call("sign_books", args), Balance::from_millinear(200));
    let signing = scene.submit(CAROL, "book.near", vec![sign]);
    scene.next_block();
    let leaving = scene.submit(CAROL, CAROL, vec![delete("alice.near")]);
    scene.run_to_the_end();
    [signing, leaving]
}

/// Carol's money finds nobody.
pub fn payer_gone() -> Figure {
    let mut scene = stage();
    let before = scene.balance("book.near");
    let hashes = carol_leaves(&mut scene);
    let kept = scene.balance("book.near").saturating_sub(before);
    let told = format!("book.near has {} more than before", text::near(kept));
    let told = plain(&format!("{told}. {}.\n", owed(&scene, CAROL)));
    let expected = answers(signed(&[("guestbook.near", true), ("rogue.near", false)]))
        .then_answers_nothing()
        .fails_at("rogue.near", "add_message", "I panic")
        .fails_at(CAROL, "transfer 0.1 NEAR", "doesn't exist")
        .moves([
            loses(CAROL, Balance::from_millinear(200)),
            gains("book.near", PRICE),
            gains("guestbook.near", PRICE),
        ]);
    scene.figure_of_blocks(&hashes, expected).with(
        &told,
        claim(
            "what did not arrive is owed",
            kept == PRICE && owed_to(&scene, CAROL) == PRICE,
        ),
    )
}

/// Carol comes back, and claims what is hers three times.
pub fn claims() -> Figure {
    let mut scene = stage();
    carol_leaves(&mut scene);
    scene.everyone_holds_a_round_sum();
    join(&mut scene);
    scene.everyone_holds_a_round_sum();
    let money = scene.money(&[CAROL, "book.near"]);

    let mut told = String::new();
    let (mut hashes, mut claims) = (Vec::new(), Vec::new());
    let nothing = "is owed nothing";
    for (what, args, expected, left) in [
        (
            "carol claims it for nobody.near, which does not exist",
            json!({ "receiver_id": "nobody.near" }),
            answers(json!(false))
                .fails_at("nobody.near", "transfer 0.1 NEAR", "doesn't exist")
                .moves([
                    loses(CAROL, Balance::from_yoctonear(1)),
                    gains("book.near", Balance::from_yoctonear(1)),
                ]),
            PRICE,
        ),
        (
            "carol claims it for herself",
            json!({}),
            answers(json!(true)).moves([gains(CAROL, PRICE), loses("book.near", PRICE)]),
            Balance::ZERO,
        ),
        (
            "carol claims it once more",
            json!({}),
            fails(nothing)
                .fails_at("book.near", "withdraw_owed", nothing)
                .nobodys_balance_moves(),
            Balance::ZERO,
        ),
    ] {
        let names_a_receiver = args != json!({});
        let claim_it = call("withdraw_owed", args);
        let claim_it = match names_a_receiver {
            true => paid(claim_it, Balance::from_yoctonear(1)),
            false => claim_it,
        };
        let played = scene.send(CAROL, "book.near", vec![claim_it]);
        claims.push(scene.shows(&[played.hash], expected));
        let is_left = owed_to(&scene, CAROL) == left;
        claims.push(claim("what was not paid is owed", is_left));
        let end = format!("withdraw_owed {}", text::end(&scene.end(&played)));
        told.push_str(&text::case(what, &[&end, &owed(&scene, CAROL)]));
        hashes.push(played.hash);
    }
    let table = money.table_of_all(&scene, &hashes);
    Figure::table(plain(&format!("{told}\n{table}")), claims)
}

// ---- Open callbacks ----

/// Bob plays a callback that is not private.
pub fn open_callback() -> Figure {
    let mut scene = vulnerable();
    // What it must hold for its code is not there to be stolen.
    scene.let_hold("book.near", 20);
    let money = scene.money(&BOBS);
    let args = json!({ "payer": "bob.near", "deposit": Balance::from_near(5) });
    let played = scene.send(
        "bob.near",
        "book.near",
        vec![call("vulnerable_sign_callback", args)],
    );
    let prize = Balance::from_near(5);
    let expected =
        answers(json!(false)).moves([gains("bob.near", prize), loses("book.near", prize)]);
    with_money(&scene, &played, &money, expected)
}

/// Bob tries the same with one that is.
pub fn private_callback() -> Figure {
    let mut scene = stage();
    let args = json!({ "payer": "bob.near", "books": ["guestbook.near"], "price": PRICE });
    let played = scene.send(
        "bob.near",
        "book.near",
        vec![call("sign_books_callback", args)],
    );
    let reason = "sign_books_callback is private";
    let expected = fails(reason)
        .fails_at("book.near", "sign_books_callback", reason)
        .nobodys_balance_moves();
    let told = text::case(
        "bob calls sign_books_callback",
        &[&text::end(&scene.end(&played))],
    );
    Figure::table(plain(&told), [scene.shows(&[played.hash], expected)])
}
