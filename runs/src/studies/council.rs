//! The runs of the council: calls that members approve, and that anybody executes.
//!
//! alice, bob and carol are the members. dave proposes, with a bond, and eve executes.

pub mod orders;
pub mod refusals;

use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::serialize::to_base64;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::claim::{Claim, claim};
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{
    TestChain, TxHash, call, fails, gains, loses, paid, partner, returns, wasm_of, with_gas,
};
use crate::testing::owners;
use crate::testing::upgrade::NEXT_RELEASE;

/// The bond of a proposal.
const BOND: Balance = Balance::from_near(2);

/// The deposit of the calls in the runs.
const PRICE: Balance = Balance::from_near(1);

/// The lifetime of a proposal, in blocks.
const LIFETIME: u64 = 10_000;

/// The accounts beside `app.near`, and their balances in NEAR. shop.near has the contract of chapter 5.
const OTHERS: [(&str, u128); 8] = [
    ("alice.near", 100),
    ("bob.near", 100),
    ("carol.near", 100),
    ("dave.near", 100),
    ("eve.near", 100),
    ("guestbook.near", 10),
    ("rogue.near", 10),
    ("shop.near", 10),
];

/// Returns a chain with a council of alice, bob and carol.
fn new_chain() -> TestChain {
    let mut chain = TestChain::study("council", &OTHERS);
    chain.deploy("guestbook.near", partner("council", "guestbook"));
    chain.deploy("rogue.near", partner("council", "rogue"));
    let members = json!({ "members": ["alice.near", "bob.near", "carol.near"] });
    chain.prepare("app.near", "app.near", "new", members);
    chain.reset_balances();
    chain
}

/// Returns an action of a proposal, with 10 Tgas.
fn action(method: &str, args: &Value, deposit: Balance) -> Value {
    action_of_bytes(method, args.to_string().as_bytes(), deposit, 10)
}

fn action_of_bytes(method: &str, args: &[u8], deposit: Balance, tgas: u64) -> Value {
    let gas = (tgas * 10u64.pow(12)).to_string();
    json!({ "method": method, "args": to_base64(args), "deposit": deposit, "gas": gas })
}

/// Returns the action that pays 1 NEAR for a message.
fn message() -> Value {
    action(
        "add_message",
        &json!({ "text": "The council was here" }),
        PRICE,
    )
}

/// Proposes actions as dave, with the bond of 2 NEAR.
fn propose(chain: &mut TestChain, receiver: &str, actions: &[Value], lifetime: u64) -> TxHash {
    let args = json!({ "receiver_id": receiver, "actions": actions, "lifetime": lifetime });
    chain.send(
        "dave.near",
        "app.near",
        vec![paid(call("propose", args), BOND)],
    )
}

fn vote(chain: &mut TestChain, member: &str, id: u64, attempt: u64, approve: bool) -> TxHash {
    let vote = vote_on(chain, id, attempt, approve);
    let tx = chain.send(member, "app.near", vec![vote]);
    chain.assert_succeeded(tx);
    tx
}

/// Returns a vote on the calls that a proposal has now.
fn vote_on(chain: &TestChain, id: u64, attempt: u64, approve: bool) -> Action {
    let proposal = chain.view("app.near", "get_proposal", json!({ "id": id }));
    let hash = &proposal["hash"];
    call(
        "vote",
        json!({ "id": id, "hash": hash, "attempt": attempt, "approve": approve }),
    )
}

/// Lets alice and bob approve the next attempt of a proposal.
fn approve(chain: &mut TestChain, id: u64, attempt: u64) {
    vote(chain, "alice.near", id, attempt, true);
    vote(chain, "bob.near", id, attempt, true);
}

/// Proposes and approves proposal 0.
fn approved(chain: &mut TestChain, receiver: &str, actions: &[Value]) {
    let tx = propose(chain, receiver, actions, LIFETIME);
    chain.assert_succeeded(tx);
    approve(chain, 0, 0);
    chain.reset_balances();
}

fn execute(chain: &mut TestChain, from: &str, id: u64) -> TxHash {
    chain.send(from, "app.near", vec![call("execute", json!({ "id": id }))])
}

/// Returns the behaviour of a target that keeps the deposit, and then returns a promise that fails.
fn acts_then_fails() -> Value {
    json!({ "call_back": { "method": "no_such_method", "args": "{}", "deposit_yocto": "0" } })
}

/// Returns the status of a proposal, or `null` if it has ended.
fn status(chain: &TestChain, id: u64) -> Value {
    let proposal = chain.view("app.near", "get_proposal", json!({ "id": id }));
    proposal["status"].clone()
}

// ---- Without a state for calls under way ----

/// Returns a chain with the vulnerable council, and an approved call that pays a target 1 NEAR.
fn vulnerable_council(target: &str) -> TestChain {
    let mut chain = TestChain::with_contract("vulnerable_council");
    let args = json!({ "text": "The council was here" }).to_string();
    let call = json!({ "receiver_id": target, "method": "add_message", "args": args,
        "deposit": PRICE, "executed": false });
    chain.prepare("app.near", "app.near", "approve", json!({ "call": call }));
    chain.behave("rogue.near", acts_then_fails());
    chain.reset_balances();
    chain
}

fn vulnerable_execute() -> Action {
    with_gas(call("vulnerable_execute", json!({ "id": 0 })), 50)
}

/// Shows that two executions in one block pay twice.
pub fn executed_twice() -> Figure {
    let mut chain = vulnerable_council("guestbook.near");
    let hashes = both_execute(&mut chain, vulnerable_execute(), 0);
    let twice = Balance::from_near(2);
    let expected = returns(json!(true))
        .then_returns(json!(true))
        .moves([loses("app.near", twice), gains("guestbook.near", twice)]);
    chain
        .figure_of_blocks(&hashes, expected)
        .with_inputs(EXECUTED_TWICE.inputs)
}

/// Submits a call of alice, and the same of bob some blocks later, and runs the chain until it is idle.
fn both_execute(chain: &mut TestChain, action: Action, blocks: u64) -> [CryptoHash; 2] {
    let alices = chain.submit("alice.near", "app.near", vec![action.clone()]);
    for _ in 0..blocks {
        chain.produce_block();
    }
    let bobs = chain.submit("bob.near", "app.near", vec![action]);
    chain.run_until_idle();
    [alices, bobs]
}

// ---- The council ----

/// Shows the execution of an approved proposal.
pub fn executes() -> Figure {
    let mut chain = new_chain();
    approved(&mut chain, "guestbook.near", &[message()]);
    let tx = execute(&mut chain, "eve.near", 0);
    let own = PRICE.saturating_add(BOND);
    let expected = returns(json!(true)).moves([
        gains("guestbook.near", PRICE),
        gains("dave.near", BOND),
        loses("app.near", own),
    ]);
    let has_ended = status(&chain, 0).is_null();
    chain
        .figure(tx, expected)
        .claims(claim("the proposal has ended", has_ended))
}

/// Shows that two executions in one block pay once.
pub fn one_block() -> Figure {
    let mut chain = new_chain();
    approved(&mut chain, "guestbook.near", &[message()]);
    let hashes = both_execute(&mut chain, call("execute", json!({ "id": 0 })), 0);
    let refused = "Proposal 0 is not approved";
    let own = PRICE.saturating_add(BOND);
    chain.figure_of_blocks(
        &hashes,
        returns(json!(true))
            .then_fails(refused)
            .fails_at("app.near", "execute", refused)
            .moves([
                gains("guestbook.near", PRICE),
                gains("dave.near", BOND),
                loses("app.near", own),
            ]),
    )
}

/// Shows that the council owns a contract, and upgrades it.
pub fn upgrades() -> Figure {
    let mut chain = new_chain();
    chain.deploy("shop.near", wasm_of("testing"));
    let partners =
        json!({ "hello": "alice.near", "counter": "bob.near", "guestbook": "guestbook.near" });
    chain.prepare("shop.near", "shop.near", "new", partners);
    let owner = owners("propose_owner", json!({ "account_id": "app.near" }));
    let tx = chain.send("shop.near", "shop.near", vec![owner]);
    chain.assert_succeeded(tx);
    let yocto = Balance::from_yoctonear(1);
    let accept = action("accept_owner", &json!({}), yocto);
    approved(&mut chain, "shop.near", &[accept]);
    let tx = execute(&mut chain, "eve.near", 0);
    chain.assert_succeeded(tx);
    let owner = chain.view("shop.near", "get_owner", json!({}));

    let upgrade = action_of_bytes("upgrade", NEXT_RELEASE, yocto, 60);
    let tx = propose(&mut chain, "shop.near", &[upgrade], LIFETIME);
    chain.assert_succeeded(tx);
    approve(&mut chain, 1, 0);
    chain.reset_balances();
    let tx = chain.send(
        "eve.near",
        "app.near",
        vec![with_gas(call("execute", json!({ "id": 1 })), 200)],
    );
    let code = chain.snapshot("shop.near").code;
    let own = BOND.saturating_add(yocto);
    chain
        .figure(
            tx,
            returns(json!(true))
                .runs_in(3, "shop.near", "migrate")
                .moves([
                    gains("shop.near", yocto),
                    gains("dave.near", BOND),
                    loses("app.near", own),
                ]),
        )
        .claims(claim("the council owns it", owner == "app.near"))
        .claims(claim(
            "it has the new code",
            code == CryptoHash::hash_bytes(NEXT_RELEASE),
        ))
}

// ---- Failures ----

/// Shows a target that fails, is repaired, and succeeds in the second attempt.
pub fn repaired() -> Figure {
    let mut chain = new_chain();
    chain.behave("rogue.near", "panic");
    approved(&mut chain, "rogue.near", &[message()]);
    let first = execute(&mut chain, "eve.near", 0);
    let failed = status(&chain, 0);
    chain.behave("rogue.near", "well");
    approve(&mut chain, 0, 1);
    let second = execute(&mut chain, "eve.near", 0);
    let own = PRICE.saturating_add(BOND);
    let hashes = [first, second];
    let trees = hashes.map(|tx| chain.tree(tx)).join("\n");
    let expected = returns(json!(false)).then_returns(json!(true)).fails_at(
        "rogue.near",
        "add_message",
        "I panic",
    );
    let expected = expected.moves([
        gains("rogue.near", PRICE),
        gains("dave.near", BOND),
        loses("app.near", own),
    ]);
    chain
        .figure_with(&hashes, trees, expected)
        .claims(claim("the first attempt has failed", failed == "Failed"))
        .claims(claim(
            "the second has ended it",
            status(&chain, 0).is_null(),
        ))
}

/// Shows a target that takes the deposit and then fails: the attempt has failed although it was done.
pub fn acts_and_fails() -> Figure {
    let (chain, hashes) = two_attempts(&acts_then_fails(), 100, 5);
    let refused = "Proposal 0 is not approved";
    let expected = returns(json!(false))
        .then_fails(refused)
        .fails_at("app.near", "no_such_method", "MethodNotFound")
        .fails_at("app.near", "execute", refused)
        .moves([gains("rogue.near", PRICE), loses("app.near", PRICE)]);
    chain
        .figure_of_blocks(&hashes, expected)
        .with_warning(failed_and_paid(&chain))
        .with_inputs(ACTS_AND_FAILS.inputs)
}

/// Executes a proposal at a target that behaves like this, with this gas in Tgas, and once more some blocks later.
fn two_attempts(behaviour: &Value, tgas: u64, blocks: u64) -> (TestChain, [TxHash; 2]) {
    let mut chain = new_chain();
    chain.behave("rogue.near", behaviour.clone());
    approved(&mut chain, "rogue.near", &[message()]);
    let execute = call("execute", json!({ "id": 0 }));
    let first = with_gas(execute.clone(), tgas);
    let first = chain.submit("eve.near", "app.near", vec![first]);
    for _ in 0..blocks {
        chain.produce_block();
    }
    let again = chain.send("eve.near", "app.near", vec![execute]);
    (chain, [first, again])
}

/// Returns the sentence that a failed attempt was paid, and its claim.
fn failed_and_paid(chain: &TestChain) -> (String, Claim) {
    let sentence = "The attempt counts as failed, and rogue.near has the 1 NEAR.";
    let has_the_price = chain.balance("rogue.near") >= Balance::from_near(11);
    let holds = status(chain, 0) == "Failed" && has_the_price;
    (sentence.to_owned(), claim(sentence, holds))
}

/// Shows that a retry of such an attempt pays again: in the vulnerable council at the wish of anybody.
pub fn executed_again() -> Figure {
    let mut chain = vulnerable_council("rogue.near");
    let mut execute = |from| chain.send(from, "app.near", vec![vulnerable_execute()]);
    let hashes = [execute("bob.near"), execute("bob.near")];
    let trees = hashes.map(|tx| chain.tree(tx)).join("\n");
    let twice = Balance::from_near(2);
    let expected = returns(json!(false))
        .then_returns(json!(true))
        .fails_at("app.near", "no_such_method", "MethodNotFound")
        .moves([loses("app.near", twice), gains("rogue.near", twice)]);
    chain.figure_with(&hashes, trees, expected)
}

/// Shows an executor who attaches too little gas, and one who attaches enough.
pub fn little_gas() -> Figure {
    let mut chain = new_chain();
    approved(&mut chain, "guestbook.near", &[message()]);
    let execute = |tgas| vec![with_gas(call("execute", json!({ "id": 0 })), tgas)];
    let little = chain.send("bob.near", "app.near", execute(30));
    let is_approved = status(&chain, 0) == "Approved";
    let enough = chain.send("eve.near", "app.near", execute(100));
    let own = PRICE.saturating_add(BOND);
    let hashes = [little, enough];
    let trees = hashes.map(|tx| chain.tree(tx)).join("\n");
    let expected = fails("Attach ")
        .then_returns(json!(true))
        .fails_at("app.near", "execute", "Attach ")
        .moves([
            gains("guestbook.near", PRICE),
            gains("dave.near", BOND),
            loses("app.near", own),
        ]);
    chain
        .figure_with(&hashes, trees, expected)
        .claims(claim("it was still approved", is_approved))
}

// ---- With other inputs ----

/// Two executions of the same call, some blocks apart, at a council with states or without.
pub const EXECUTED_TWICE: Play = Play {
    figure: "council-executed-twice",
    inputs: &[
        Input::one_of(
            "contract",
            "The council",
            &[
                ("vulnerable", "records a success in the callback"),
                ("state-first", "changes the state before the calls"),
            ],
        ),
        Input::number("wait", "B comes", [0, 6], 0, "blocks later"),
    ],
    run: |values| {
        let (mut chain, execute) = match values.choice("contract") {
            "state-first" => {
                let mut chain = new_chain();
                approved(&mut chain, "guestbook.near", &[message()]);
                (chain, call("execute", json!({ "id": 0 })))
            }
            _ => (vulnerable_council("guestbook.near"), vulnerable_execute()),
        };
        let hashes = both_execute(&mut chain, execute, values.number("wait"));
        chain.rerun_of_blocks(&hashes)
    },
};

/// Two executions of a proposal at a target that may fail, the first with another amount of gas.
pub const ACTS_AND_FAILS: Play = Play {
    figure: "council-acts-then-fails",
    inputs: &[
        Input::one_of(
            "target",
            "rogue.near",
            &[
                ("acts-then-fails", "acts, and then fails"),
                ("works", "takes the message"),
                ("fails", "panics"),
                ("burns-all-gas", "burns all its gas"),
            ],
        ),
        Input::number("gas", "Gas of A", [20, 300], 100, "Tgas"),
        Input::number("wait", "B comes", [0, 8], 5, "blocks later"),
    ],
    run: |values| {
        let behaviour = match values.choice("target") {
            "works" => json!("well"),
            "fails" => json!("panic"),
            "burns-all-gas" => json!("burn_all_gas"),
            _ => acts_then_fails(),
        };
        let (tgas, blocks) = (values.number("gas"), values.number("wait"));
        let (chain, hashes) = two_attempts(&behaviour, tgas, blocks);
        let figure = chain.rerun_of_blocks(&hashes);
        let warning = failed_and_paid(&chain);
        match warning.1.fault() {
            None => figure.with_warning(warning),
            Some(_) => figure,
        }
    },
};
