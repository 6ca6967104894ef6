//! The owner of the contract, the owner's methods, and the events and views for monitoring.

use near_primitives::types::Balance;
use serde_json::json;

use super::{new_chain, owned_by, owners, succeed};
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{
    Expectation, Key, TestChain, call, fails, gains, loses, paid, returns, returns_nothing,
};
use crate::text;

/// Shows the metadata of the contract.
pub fn metadata() -> Figure {
    let metadata = new_chain().view("book.near", "contract_source_metadata", json!({}));
    let is_empty = metadata["link"].is_null() && metadata["build_info"].is_null();
    Figure::table(
        format!("{metadata:#}\n"),
        [claim("`link` and `build_info` are empty here", is_empty)],
    )
}

/// Shows a change of the owner in two steps.
pub fn owner() -> Figure {
    let mut chain = new_chain();
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (caller, method, args, refusal, owner) in [
        (
            "alice.near",
            "propose_owner",
            json!({ "account_id": "alice.near" }),
            Some("Only the owner may do this"),
            "book.near",
        ),
        (
            "book.near",
            "propose_owner",
            json!({ "account_id": "bob.near" }),
            None,
            "book.near",
        ),
        (
            "alice.near",
            "accept_owner",
            json!({}),
            Some("Nobody has proposed you"),
            "book.near",
        ),
        ("bob.near", "accept_owner", json!({}), None, "bob.near"),
        (
            "book.near",
            "pause",
            json!({}),
            Some("Only the owner may do this"),
            "bob.near",
        ),
    ] {
        let action = owners(method, args.clone());
        let tx = chain.send(caller, "book.near", vec![action]);
        let expected = match refusal {
            Some(reason) => refused(method, reason),
            None => done(caller),
        };
        claims.push(chain.shows(&[tx], expected));
        claims.push(claim(
            "the owner changes in two steps",
            chain.view("book.near", "get_owner", json!({})) == owner,
        ));
        let args = if args == json!({}) {
            String::new()
        } else {
            format!(" {args}")
        };
        let owner = chain.view("book.near", "get_owner", json!({}));
        let owner = format!("the owner is {}", owner.as_str().expect("an account"));
        let result = text::result(&chain.result(tx));
        lines.push_str(&text::case(
            &format!("{caller} calls {method}{args}"),
            &[&result, &owner],
        ));
    }
    Figure::table(lines, claims)
}

/// Shows meta-transactions: alice owns the contract and signs, bob sends. The predecessor is alice each time,
/// and the signer is bob.
pub fn meta_transaction() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (title, key, pause, is_paused, error) in [
        (
            "with a function-call key, without a deposit",
            Key::Functions,
            call("pause", json!({})),
            false,
            Some("Requires attached deposit of exactly 1 yoctoNEAR"),
        ),
        (
            "with a function-call key, and a yoctoNEAR",
            Key::Functions,
            owners("pause", json!({})),
            false,
            Some("deposit"),
        ),
        (
            "with the key of full access, and a yoctoNEAR",
            Key::Full,
            owners("pause", json!({})),
            true,
            None,
        ),
    ] {
        let mut chain = owned_by("alice.near");
        let tx = chain.relay("alice.near", key, "book.near", "bob.near", pause);
        // The transaction ends with the receipt that carries the delegate action. The action itself runs in
        // another receipt.
        let failure = chain.receipt_results(tx).into_iter().find_map(Result::err);
        let is_expected = match (&failure, error) {
            (Some(reason), Some(error)) => reason.contains(error),
            (None, None) => true,
            _ => false,
        };
        claims.push(claim(title, is_expected));
        let result = match failure {
            Some(reason) => format!("fails: {reason}"),
            None => "the contract is paused".to_owned(),
        };
        claims.push(claim(
            "a function-call key does not pause the contract",
            chain.view("book.near", "is_paused", json!({})) == is_paused,
        ));
        lines.push_str(&text::case(
            &format!("alice.near signs pause {title}"),
            &[&result],
        ));
    }
    Figure::table(lines, claims)
}

/// Returns the expectation that a method of the owner succeeds. The contract keeps the yoctoNEAR.
fn done(owner: &str) -> Expectation {
    match owner {
        "book.near" => returns_nothing().no_balance_moves(),
        _ => returns_nothing().moves([loses(owner, YOCTO), gains("book.near", YOCTO)]),
    }
}

/// Returns the expectation that a method fails in its first receipt, and its deposit is refunded.
fn refused(method: &str, reason: &str) -> Expectation {
    fails(reason)
        .fails_at("book.near", method, reason)
        .receipts(1)
        .no_balance_moves()
}

const YOCTO: Balance = Balance::from_yoctonear(1);

/// Shows that bob pauses the contract while alice's messages are on their way.
pub fn pause() -> Figure {
    let mut chain = owned_by("bob.near");
    let alice = chain.submit("alice.near", "book.near", vec![sign()]);
    let bob = chain.submit("bob.near", "book.near", vec![owners("pause", json!({}))]);
    chain.run_until_idle();
    let price = Balance::from_millinear(100);
    chain.figure_of_blocks(
        &[alice, bob],
        returns(json!(true))
            .then_returns_nothing()
            .runs_in(1, "book.near", "pause")
            .runs_in(3, "book.near", "sign_guestbook_callback")
            .runs_in(4, "alice.near", "transfer 0.9 NEAR")
            .moves([
                loses("alice.near", price),
                gains("guestbook.near", price),
                loses("bob.near", YOCTO),
                gains("book.near", YOCTO),
            ]),
    )
}

/// Shows that a paused contract refuses alice's call.
pub fn pause_refuses() -> Figure {
    let mut chain = owned_by("bob.near");
    succeed(&mut chain, "bob.near", vec![owners("pause", json!({}))]);
    let tx = chain.send("alice.near", "book.near", vec![sign()]);
    chain.figure(tx, refused("sign_guestbook", "The contract is paused"))
}

fn sign() -> near_primitives::action::Action {
    let texts = json!({ "texts": ["Good morning"] });
    paid(call("sign_guestbook", texts), Balance::from_near(1))
}

/// Shows the event of each method of the owner.
pub fn events() -> Figure {
    let mut chain = new_chain();
    let limits = json!({ "max_deposit": "0", "min_free_balance": "0" });
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (caller, method, args, event) in [
        (
            "book.near",
            "propose_owner",
            json!({ "account_id": "bob.near" }),
            "owner_proposed",
        ),
        ("bob.near", "accept_owner", json!({}), "owner_changed"),
        (
            "bob.near",
            "set_partners",
            json!({ "hello": "bob.near" }),
            "partners_changed",
        ),
        (
            "bob.near",
            "trust_oracle",
            json!({ "oracle": "alice.near" }),
            "trust_changed",
        ),
        (
            "bob.near",
            "set_limits",
            json!({ "limits": limits }),
            "limits_changed",
        ),
        ("bob.near", "pause", json!({}), "paused"),
        ("bob.near", "resume", json!({}), "resumed"),
    ] {
        let tx = succeed(&mut chain, caller, vec![owners(method, args)]);
        claims.push(chain.shows(&[tx], done(caller)));
        let logs = chain.logs(tx);
        let name = format!("\"event\":\"{event}\"");
        let is_logged = matches!(&logs[..], [log] if log.contains(&name));
        claims.push(claim("each of these changes is one event", is_logged));
        let logs: Vec<&str> = logs.iter().map(String::as_str).collect();
        lines.push_str(&text::case(method, &logs));
    }
    Figure::table(lines, claims)
}

/// Shows the statistics after calls that succeed, fail, and make their callback fail.
pub fn stats() -> Figure {
    let mut chain = new_chain();
    for greeting in ["Howdy".to_owned(), "x".repeat(20_000)] {
        let args = json!({ "new_greeting": greeting });
        let tx = chain.call("change_greeting", args);
        chain.assert_succeeded(tx);
    }
    for hello in ["hello.near", "nobody.near"] {
        let partners = owners("set_partners", json!({ "hello": hello }));
        succeed(&mut chain, "book.near", vec![partners]);
        chain.call("query_greeting", json!({}));
    }
    let stats = chain.view("book.near", "get_stats", json!({}));
    let totals = json!({ "calls": 4, "callbacks": 3, "succeeded": 2, "failed": 1 });
    let claims = [claim(
        "two calls to partners have failed, and the contract has counted one: a callback that panics takes \
         its count back with it",
        stats["totals"] == totals,
    )];
    let stats = json!({ "totals": stats["totals"], "liabilities": stats["liabilities"] });
    Figure::table(format!("{stats:#}\n"), claims)
}

/// Shows the health check, with problems and without.
pub fn health() -> Figure {
    let mut chain = new_chain();
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let mut check = |title: &str, chain: &TestChain, problems: &[&str]| {
        let health = chain.view("book.near", "health_check", json!({}));
        let expected = json!({ "healthy": problems.is_empty(), "problems": problems });
        claims.push(claim(
            "the health check names its problems",
            health == expected,
        ));
        lines.push_str(&text::case(title, &[&health.to_string()]));
    };
    check("as it was deployed", &chain, &[]);
    succeed(&mut chain, "book.near", vec![owners("pause", json!({}))]);
    check("paused", &chain, &["paused"]);
    let much = json!({ "max_deposit": "0", "min_free_balance": Balance::from_near(20) });
    let limits = owners("set_limits", json!({ "limits": much }));
    succeed(&mut chain, "book.near", vec![limits]);
    let both = ["paused", "low_balance"];
    check("paused, and to keep more than it has", &chain, &both);

    let mut chain = new_chain();
    chain.prepare("alice.near", "book.near", "query_greeting", json!({}));
    let safe = paid(call("vault_deposit", json!({})), Balance::from_near(50));
    succeed(&mut chain, "alice.near", vec![safe]);
    check("with 50 NEAR of alice's in the vault", &chain, &[]);
    chain.set_balance("book.near", 40);
    check("and 40 NEAR on the account", &chain, &["insolvent"]);
    Figure::table(lines, claims)
}
