//! Who owns the contract, what the owner does, and what those who watch see of it.

use near_primitives::types::Balance;
use serde_json::json;

use super::{new_chain, owned_by, owners, succeed};
use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{
    Expectation, Key, TestChain, answers, answers_nothing, call, fails, gains, loses, paid,
};
use crate::text;

/// What the contract says about itself.
pub fn metadata() -> Figure {
    let metadata = new_chain().view("book.near", "contract_source_metadata", json!({}));
    let is_empty = metadata["link"].is_null() && metadata["build_info"].is_null();
    Figure::table(
        format!("{metadata:#}\n"),
        [claim("`link` and `build_info` are empty here", is_empty)],
    )
}

/// The owner changes in two steps, and nobody comes in between.
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
            "the right changes hands in two steps",
            chain.view("book.near", "get_owner", json!({})) == owner,
        ));
        let args = if args == json!({}) {
            String::new()
        } else {
            format!(" {args}")
        };
        let owner = chain.view("book.near", "get_owner", json!({}));
        let owner = format!("the owner is {}", owner.as_str().expect("an account"));
        let end = text::end(&chain.end(tx));
        lines.push_str(&text::case(
            &format!("{caller} calls {method}{args}"),
            &[&end, &owner],
        ));
    }
    Figure::table(lines, claims)
}

/// Alice owns the contract, and signs what bob sends. The predecessor is alice every time, and the signer bob.
pub fn meta_transaction() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (what, key, pause, is_paused, error) in [
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
        // The transaction ends with the receipt that carries the wish. What comes of it is another receipt.
        let failure = chain.ends(tx).into_iter().find_map(Result::err);
        let is_expected = match (&failure, error) {
            (Some(reason), Some(error)) => reason.contains(error),
            (None, None) => true,
            _ => false,
        };
        claims.push(claim(what, is_expected));
        let end = match failure {
            Some(reason) => format!("fails: {reason}"),
            None => "the contract is paused".to_owned(),
        };
        claims.push(claim(
            "a key that may only call functions does not pause the contract",
            chain.view("book.near", "is_paused", json!({})) == is_paused,
        ));
        lines.push_str(&text::case(
            &format!("alice.near signs pause {what}"),
            &[&end],
        ));
    }
    Figure::table(lines, claims)
}

/// A method of the owner is done. The yoctoNEAR stays with the contract.
fn done(owner: &str) -> Expectation {
    match owner {
        "book.near" => answers_nothing().nobodys_balance_moves(),
        _ => answers_nothing().moves([loses(owner, YOCTO), gains("book.near", YOCTO)]),
    }
}

/// A method is refused at once, and what was attached to it comes back.
fn refused(method: &str, reason: &str) -> Expectation {
    fails(reason)
        .fails_at("book.near", method, reason)
        .receipts(1)
        .nobodys_balance_moves()
}

const YOCTO: Balance = Balance::from_yoctonear(1);

/// Bob pauses the contract while alice's messages are on their way.
pub fn pause() -> Figure {
    let mut chain = owned_by("bob.near");
    let alice = chain.submit("alice.near", "book.near", vec![sign()]);
    let bob = chain.submit("bob.near", "book.near", vec![owners("pause", json!({}))]);
    chain.run_to_the_end();
    let price = Balance::from_millinear(100);
    chain.figure_of_blocks(
        &[alice, bob],
        answers(json!(true))
            .then_answers_nothing()
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

/// Alice comes too late.
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

/// The line of the log for each thing that the owner does.
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

/// What is counted when calls succeed, fail, and take their callback down.
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

/// The verdict, with and without a reason.
pub fn health() -> Figure {
    let mut chain = new_chain();
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let mut verdict = |what: &str, chain: &TestChain, problems: &[&str]| {
        let health = chain.view("book.near", "health_check", json!({}));
        let expected = json!({ "healthy": problems.is_empty(), "problems": problems });
        claims.push(claim("the verdict names its reasons", health == expected));
        lines.push_str(&text::case(what, &[&health.to_string()]));
    };
    verdict("as it was deployed", &chain, &[]);
    succeed(&mut chain, "book.near", vec![owners("pause", json!({}))]);
    verdict("paused", &chain, &["paused"]);
    let much = json!({ "max_deposit": "0", "min_free_balance": Balance::from_near(20) });
    let limits = owners("set_limits", json!({ "limits": much }));
    succeed(&mut chain, "book.near", vec![limits]);
    let both = ["paused", "low_balance"];
    verdict("paused, and to keep more than it has", &chain, &both);

    let mut chain = new_chain();
    chain.prepare("alice.near", "book.near", "query_greeting", json!({}));
    let safe = paid(call("vault_deposit", json!({})), Balance::from_near(50));
    succeed(&mut chain, "alice.near", vec![safe]);
    verdict("with 50 NEAR of alice's in the vault", &chain, &[]);
    chain.let_hold("book.near", 40);
    verdict("and 40 NEAR on the account", &chain, &["insolvent"]);
    Figure::table(lines, claims)
}
