//! The upgrade from chapter 4 to chapter 5 on one account: code and state together, or neither.

use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use serde_json::json;

use super::{owned_by, owners, succeed};
use crate::claim::{Claim, claim};
use crate::figure::Figure;
use crate::test_chain::{
    Expectation, Snapshot, TestChain, TxHash, call, deploy, fails, gains, loses, paid, partner,
    returns, returns_nothing, wasm_of, with_gas,
};
use crate::text;

/// The smallest contract that has the methods `migrate` and `check_upgrade`. The tests of the chapter describe
/// its content.
pub(crate) const NEXT_RELEASE: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x1b\x02\x07migrate\0\0\
    \x0dcheck_upgrade\0\0\x0a\x04\x01\x02\0\x0b";

/// Returns a chain on which `app.near` runs the contract of chapter 4.
fn last_release() -> TestChain {
    TestChain::with_guests("responses", &[])
}

/// Returns the two actions of an upgrade.
fn release(code: Vec<u8>) -> Vec<Action> {
    vec![deploy(code), migrate()]
}

fn migrate() -> Action {
    with_gas(call("migrate", json!({})), 10)
}

/// Shows an upgrade with its migration.
pub fn upgrade() -> Figure {
    let mut chain = last_release();
    let before = chain.view("app.near", "get_partners", json!({}));
    let tx = succeed(&mut chain, "app.near", release(wasm_of("testing")));
    let after = chain.view("app.near", "get_partners", json!({}));
    let owner = chain.view("app.near", "get_owner", json!({}));
    let expected = returns_nothing().no_balance_moves();
    chain.figure(tx, expected).with(
        &format!("get_partners returns the same as before.\nget_owner returns {owner}.\n"),
        claim(
            "the partners are unchanged, and there is an owner",
            after == before && owner == "app.near",
        ),
    )
}

/// Shows an upgrade to code without a migration.
pub fn upgrade_fails() -> Figure {
    let mut chain = last_release();
    let before = chain.snapshot("app.near");
    let code = partner("testing", "hello");
    let tx = chain.send("app.near", "app.near", release(code));
    let expected = undone("migrate", "MethodNotFound");
    let figure = chain.figure(tx, expected);
    figure.with(UNTOUCHED, untouched(&chain, &before))
}

/// Returns the expectation that the second action fails and the deployment is undone with it.
fn undone(action: &str, reason: &str) -> Expectation {
    fails(reason)
        .fails_at("app.near", action, reason)
        .receipts(1)
        .no_balance_moves()
}

/// Shows each reason for which a release can fail.
pub fn upgrade_reasons() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (title, chapter, code, reason) in [
        (
            "a release is left out",
            "batch",
            wasm_of("testing"),
            "not that of the release before",
        ),
        (
            "the new code has no migrate",
            "responses",
            partner("testing", "hello"),
            "MethodNotFound",
        ),
        (
            "the new code is no code",
            "responses",
            b"this is no wasm".to_vec(),
            "The code of the contract is not valid",
        ),
    ] {
        let mut chain = TestChain::with_guests(chapter, &[]);
        let before = chain.snapshot("app.near");
        let tx = chain.send("app.near", "app.near", release(code));
        let error = chain.first_error(tx);
        claims.push(chain.shows(&[tx], undone("migrate", reason)));
        claims.push(untouched(&chain, &before));
        lines.push_str(&text::case(title, &[&error, UNTOUCHED.trim_end()]));
    }
    Figure::table(lines, claims)
}

const UNTOUCHED: &str = "app.near has the code and the storage that it had before.\n";

fn untouched(chain: &TestChain, before: &Snapshot) -> Claim {
    let is_untouched = chain.snapshot("app.near") == *before;
    claim(
        "a failed upgrade changes neither code nor state",
        is_untouched,
    )
}

/// Shows new code on the old state.
pub fn without_migration() -> Figure {
    let mut chain = last_release();
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let unreadable = "Cannot deserialize the contract state";
    let fails_at = |method| {
        let expected = fails(unreadable).fails_at("app.near", method, unreadable);
        expected.no_balance_moves()
    };
    let goes_well = || returns_nothing().no_balance_moves();
    let mut tell = |title: &str, how: String| lines.push_str(&text::case(title, &[&how]));

    let deployment = vec![deploy(wasm_of("testing"))];
    let tx = chain.send("app.near", "app.near", deployment);
    claims.push(chain.shows(&[tx], goes_well()));
    tell("app.near deploys", text::result(&chain.result(tx)));
    let tx = chain.call("query_greeting", json!({}));
    claims.push(chain.shows(&[tx], fails_at("query_greeting")));
    tell(
        "alice.near calls query_greeting",
        text::result(&chain.result(tx)),
    );
    let error = chain.view_error("app.near", "get_partners", json!({}));
    claims.push(claim("every view fails", error.contains(unreadable)));
    tell("anybody views get_partners", text::result(&Err(error)));
    let tx = chain.send("app.near", "app.near", vec![migrate()]);
    claims.push(chain.shows(&[tx], goes_well()));
    tell("app.near calls migrate", text::result(&chain.result(tx)));
    let tx = chain.call("query_greeting", json!({}));
    let answered = returns(json!("Hello")).no_balance_moves();
    claims.push(chain.shows(&[tx], answered));
    tell(
        "alice.near calls query_greeting",
        text::result(&chain.result(tx)),
    );
    Figure::table(lines, claims)
}

/// Shows that the owner upgrades an account without keys.
pub fn by_owner() -> Figure {
    let mut chain = owned_by("alice.near");
    chain.remove_keys("app.near");
    let tx = upgrade_by(&mut chain, "alice.near", NEXT_RELEASE);
    let yocto = Balance::from_yoctonear(1);
    let code = chain.snapshot("app.near").code;
    chain
        .figure(
            tx,
            returns_nothing()
                .receipts(2)
                .runs_in(2, "app.near", "migrate")
                .moves([loses("alice.near", yocto), gains("app.near", yocto)]),
        )
        .claims(claim(
            "the account has the new code",
            code == CryptoHash::hash_bytes(NEXT_RELEASE),
        ))
}

fn upgrade_by(chain: &mut TestChain, owner: &str, code: &[u8]) -> TxHash {
    chain.send(owner, "app.near", vec![upgrade_to(code)])
}

/// Returns the owner's upgrade to this code, which is the whole input of the call.
pub(crate) fn upgrade_to(code: &[u8]) -> Action {
    let upgrade = owners("upgrade", json!({}));
    let Action::FunctionCall(mut upgrade) = upgrade else {
        panic!("not a call");
    };
    upgrade.args = code.to_vec();
    Action::FunctionCall(upgrade)
}

/// Shows that an account without keys cannot send a transaction.
pub fn key_gone() -> Figure {
    let mut chain = owned_by("alice.near");
    chain.remove_keys("app.near");
    let refusal = chain.refusal("app.near", "app.near", release(NEXT_RELEASE.to_vec()));
    let has_no_key = refusal.text.contains("doesn't have access key");
    Figure::table(
        text::case("app.near deploys", &[&refusal.text]),
        [claim(
            "the chain refuses a transaction of an account without a key",
            has_no_key,
        )],
    )
}

/// Shows an upgrade between alice's call and its callback.
pub fn under_way() -> Figure {
    let mut chain = last_release();
    let texts = json!({ "texts": ["Good morning"] });
    let sign = paid(call("sign_guestbook", texts), Balance::from_near(1));
    let alice = chain.submit("alice.near", "app.near", vec![sign]);
    chain.produce_block();
    chain.produce_block();
    let book = chain.submit("app.near", "app.near", release(wasm_of("testing")));
    chain.run_until_idle();
    let price = Balance::from_millinear(100);
    chain.figure_of_blocks(
        &[alice, book],
        returns(json!(true))
            .then_returns_nothing()
            .runs_in(2, "app.near", "migrate")
            .runs_in(3, "app.near", "sign_guestbook_callback")
            .moves([loses("alice.near", price), gains("guestbook.near", price)]),
    )
}

/// Shows the same upgrade without a migration: the callback cannot refund anybody.
pub fn under_way_fails() -> Figure {
    let mut chain = last_release();
    let accounts = ["alice.near", "guestbook.near"];
    let before = accounts.map(|name| chain.balance(name));
    let texts = json!({ "texts": ["Good morning"] });
    let sign = paid(call("sign_guestbook", texts), Balance::from_near(1));
    let alice = chain.submit("alice.near", "app.near", vec![sign]);
    chain.produce_block();
    chain.produce_block();
    let deployment = vec![deploy(wasm_of("testing"))];
    let book = chain.submit("app.near", "app.near", deployment);
    chain.run_until_idle();

    let after = accounts.map(|name| chain.balance(name));
    let gas = chain.tokens_burnt(alice);
    let paid = before[0].saturating_sub(after[0]).saturating_sub(gas);
    let sentence = format!(
        "alice.near has paid {} beside gas, and guestbook.near has {} more than before.",
        text::near(paid),
        text::near(after[1].saturating_sub(before[1])),
    );
    let sentence = text::wrapped(&sentence, text::WIDTH).join("\n");
    let (price, reason) = (
        Balance::from_millinear(100),
        "Cannot deserialize the contract state",
    );
    let change = Balance::from_millinear(900);
    let expected = fails(reason)
        .then_returns_nothing()
        .fails_at("app.near", "sign_guestbook_callback", reason)
        .moves([
            loses("alice.near", Balance::from_near(1)),
            gains("guestbook.near", price),
            gains("app.near", change),
        ]);
    chain.figure_of_blocks(&[alice, book], expected).with(
        &format!("{sentence}\n"),
        claim(
            "her change stays with the contract",
            paid == Balance::from_near(1),
        ),
    )
}
