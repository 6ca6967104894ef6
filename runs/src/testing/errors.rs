//! The errors that a developer meets first, each from a run.

use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::{new_chain, owners, succeed};
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{NamedError, TestChain, call, deploy, paid, partner, wasm_of, with_gas};
use crate::text;

/// Shows all errors, each with its cause.
pub fn errors() -> Figure {
    let cases = [
        refused_by_the_chain(),
        before_the_method_begins(),
        while_the_method_runs(),
        at_the_partner(),
        in_views(),
    ];
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (title, words, error) in cases.into_iter().flatten() {
        let sentence = format!("{title}: the error says {words}");
        let says = error.text.contains(words) || error.name == words;
        claims.push(claim(&sentence, says));
        let parts = [&error.name[..], &error.text];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        lines.push_str(&text::case(title, &parts));
    }
    Figure::table(lines, claims)
}

/// The cause of an error, a part of the error, and the error.
type Case = (&'static str, &'static str, NamedError);

/// Returns the error of alice's call to `app.near`.
fn of_call(chain: &mut TestChain, action: Action) -> NamedError {
    of_transaction(chain, "alice.near", "app.near", vec![action])
}

fn of_transaction(chain: &mut TestChain, from: &str, to: &str, actions: Vec<Action>) -> NamedError {
    let tx = chain.send(from, to, actions);
    chain.named_error(tx)
}

/// Returns the errors of transactions that the chain refuses: they create no receipt.
fn refused_by_the_chain() -> Vec<Case> {
    let mut chain = new_chain();
    let ask = || call("query_greeting", json!({}));
    let poor = paid(ask(), Balance::from_near(1_000));
    let much_gas = with_gas(ask(), 1_001);
    let no_gas = with_gas(ask(), 0);
    vec![
        (
            "the key is not one of the account",
            "doesn't have access key",
            chain.refusal_of_another_key("alice.near", "app.near", ask()),
        ),
        (
            "two transactions with the same nonce",
            "must be larger than nonce",
            chain.refusal_of_a_nonce("alice.near", "app.near", [ask(), with_gas(ask(), 50)]),
        ),
        (
            "the signer has too little money",
            "does not have enough balance",
            chain.refusal("alice.near", "app.near", vec![poor]),
        ),
        (
            "more gas than a transaction may have",
            "exceeds the limit 1000",
            chain.refusal("alice.near", "app.near", vec![much_gas]),
        ),
        (
            "no gas for a call",
            "has to be a positive number",
            chain.refusal("alice.near", "app.near", vec![no_gas]),
        ),
        (
            "a deposit, signed with a function-call key",
            "deposit with a function call action",
            chain.refusal_of_function_call_key("app.near", owners("pause", json!({}))),
        ),
    ]
}

/// Returns the errors before the first line of the method runs.
fn before_the_method_begins() -> Vec<Case> {
    let ask = || call("query_greeting", json!({}));
    let mut chain = new_chain();
    let mut fresh = TestChain::without_init("testing");
    let mut unmigrated = TestChain::with_guests("responses", &[]);
    succeed(
        &mut unmigrated,
        "app.near",
        vec![deploy(wasm_of("testing"))],
    );
    vec![
        (
            "the account does not exist",
            "doesn't exist",
            of_transaction(&mut chain, "alice.near", "nobody.near", vec![ask()]),
        ),
        (
            "the account has no contract",
            "CodeDoesNotExist",
            of_transaction(&mut chain, "alice.near", "bob.near", vec![ask()]),
        ),
        (
            "the contract has no such method",
            "MethodNotFound",
            of_call(&mut chain, call("query_greting", json!({}))),
        ),
        (
            "nobody has called new",
            "The contract is not initialized",
            of_call(&mut fresh, ask()),
        ),
        (
            "new is called again",
            "already been initialized",
            of_transaction(
                &mut chain,
                "app.near",
                "app.near",
                vec![call("new", json!({}))],
            ),
        ),
        (
            "new code without migration",
            "Cannot deserialize the contract state",
            of_call(&mut unmigrated, ask()),
        ),
        (
            "a private method, called by somebody else",
            "is private",
            of_call(&mut chain, call("query_greeting_callback", json!({}))),
        ),
        (
            "a deposit for a method that takes none",
            "doesn't accept deposit",
            of_call(&mut chain, paid(ask(), Balance::from_near(1))),
        ),
        (
            "an argument is missing",
            "missing field `new_greeting`",
            of_call(&mut chain, call("change_greeting", json!({}))),
        ),
        (
            "an argument of another type",
            "invalid type: integer `42`",
            of_call(
                &mut chain,
                call("change_greeting", json!({ "new_greeting": 42 })),
            ),
        ),
    ]
}

/// Returns the errors of the method itself.
fn while_the_method_runs() -> Vec<Case> {
    let mut chain = new_chain();
    let little = with_gas(call("query_greeting", json!({})), 9);
    let many_steps = with_gas(
        call("count", json!({ "steps": vec!["increment"; 100] })),
        1_000,
    );
    let texts = json!({ "texts": ["Good morning"] });
    let cheap = paid(call("sign_guestbook", texts), Balance::from_millinear(99));
    let pause = owners("pause", json!({}));
    vec![
        (
            "too little gas for the method and its promises",
            "Exceeded the prepaid gas",
            of_call(&mut chain, little),
        ),
        (
            "too many actions in one receipt",
            "number of actions 101 exceeds the limit 100",
            of_call(&mut chain, many_steps),
        ),
        (
            "a deposit below the price",
            "Attach at least 0.1 NEAR",
            of_call(&mut chain, cheap),
        ),
        (
            "a promise with more money than the account has",
            "Exceeded the account balance",
            spends_too_much(),
        ),
        (
            "a method of the owner",
            "Only the owner may do this",
            of_call(&mut chain, pause),
        ),
        (
            "a method of the owner, without a deposit",
            "exactly 1 yoctoNEAR",
            of_transaction(
                &mut chain,
                "app.near",
                "app.near",
                vec![call("pause", json!({}))],
            ),
        ),
        (
            "the contract is paused",
            "The contract is paused",
            while_paused(),
        ),
    ]
}

/// Returns the error of a contract that attaches more than its balance: the rogue, when it calls us back.
fn spends_too_much() -> NamedError {
    let mut chain = TestChain::with_partners_at(
        "testing",
        ["rogue.near", "counter.near", "guestbook.near"],
        &[("rogue.near", "rogue")],
    );
    let back = json!({
        "method": "get_partners",
        "args": "{}",
        "deposit_yocto": Balance::from_near(1_000),
    });
    chain.behave("rogue.near", json!({ "call_back": back }));
    let tx = chain.call("change_greeting", json!({ "new_greeting": "Howdy" }));
    chain.named_error(tx)
}

fn while_paused() -> NamedError {
    let mut chain = new_chain();
    succeed(&mut chain, "app.near", vec![owners("pause", json!({}))]);
    of_call(&mut chain, call("query_greeting", json!({})))
}

/// Returns the errors of later receipts, when our method has succeeded.
fn at_the_partner() -> Vec<Case> {
    let mut absent = TestChain::with_partners_at(
        "testing",
        ["nobody.near", "counter.near", "guestbook.near"],
        &[],
    );
    let mut chain = new_chain();
    let launch = |name: &str, deposit| {
        let code = near_primitives::serialize::to_base64(&partner("testing", "token"));
        let args = json!({ "name": name, "total_supply": "1000", "code": code });
        with_gas(paid(call("launch_token", args), deposit), 300)
    };
    let enough = Balance::from_near(5);
    let mut shop = new_chain();
    let tx = shop.send(
        "alice.near",
        "app.near",
        vec![launch("silver", enough), launch("silver", enough)],
    );
    let taken = shop.named_error(tx);
    let long = json!({ "texts": ["x".repeat(300_000)] });
    let long = paid(call("sign_guestbook", long), Balance::from_near(1));
    let tx = chain.send("alice.near", "app.near", vec![long]);
    let out_of_gas = chain.named_error(tx);
    let greeting = json!({ "new_greeting": "x".repeat(20_000) });
    let tx = chain.call("change_greeting", greeting);
    let long_log = chain.named_error(tx);
    vec![
        (
            "the call before the callback failed",
            "promise result failed",
            of_call(&mut absent, call("query_greeting", json!({}))),
        ),
        (
            "the partner ran out of gas",
            "Exceeded the prepaid gas",
            out_of_gas,
        ),
        (
            "the partner wrote too long a log",
            "length of a log message",
            long_log,
        ),
        (
            "the new account is there already",
            "because it already exists",
            taken,
        ),
        (
            "an account holds too little for what it stores",
            "enough balance to cover storage",
            too_little_for_storage(),
        ),
    ]
}

/// Returns the error of a deployment on an account that cannot pay for the storage.
fn too_little_for_storage() -> NamedError {
    let mut chain = new_chain();
    chain.transfer_all_but("bob.near", Balance::from_millinear(500));
    of_transaction(
        &mut chain,
        "bob.near",
        "bob.near",
        vec![deploy(partner("testing", "hello"))],
    )
}

/// Returns the errors of views.
fn in_views() -> Vec<Case> {
    let chain = new_chain();
    vec![
        (
            "a view of an account that does not exist",
            "does not exist while viewing",
            NamedError::without_name(chain.view_error("nobody.near", "get_partners", json!({}))),
        ),
        (
            "a view that the contract has not",
            "MethodNotFound",
            NamedError::without_name(chain.view_error("app.near", "get_friends", json!({}))),
        ),
        (
            "a method that makes promises, called as a view",
            "ProhibitedInView",
            NamedError::without_name(chain.view_error("app.near", "query_greeting", json!({}))),
        ),
    ]
}
