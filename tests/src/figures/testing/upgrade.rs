//! From chapter 4 to chapter 5 on one account: code and state together, or neither.

use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::types::Balance;
use serde_json::json;

use super::{owned_by, owners, succeed};
use crate::figures::Figure;
use crate::figures::claim::{Claim, claim};
use crate::scene::{
    Expectation, Played, Scene, Snapshot, answers, answers_nothing, call, deploy, fails, gains,
    loses, paid, partner, text, wasm_of, with_gas,
};

/// The smallest contract that has the methods `migrate` and `check_upgrade`. The tests of the chapter say what
/// is in it.
const NEXT_RELEASE: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x1b\x02\x07migrate\0\0\
    \x0dcheck_upgrade\0\0\x0a\x04\x01\x02\0\x0b";

/// `book.near` runs the contract of the chapter before.
fn last_release() -> Scene {
    Scene::with_guests("responses", &[])
}

/// The two actions of an upgrade.
fn release(code: Vec<u8>) -> Vec<Action> {
    vec![deploy(code), migrate()]
}

fn migrate() -> Action {
    with_gas(call("migrate", json!({})), 10)
}

/// New code, and the state made fit for it.
pub fn upgrade() -> Figure {
    let mut scene = last_release();
    let before = scene.view("book.near", "get_partners", json!({}));
    let played = succeed(&mut scene, "book.near", release(wasm_of("testing")));
    let after = scene.view("book.near", "get_partners", json!({}));
    let owner = scene.view("book.near", "get_owner", json!({}));
    let expected = answers_nothing().nobodys_balance_moves();
    scene.figure(&played, expected).with(
        &format!("get_partners answers as before.\nget_owner answers {owner}.\n"),
        claim(
            "the partners stay, and there is an owner",
            after == before && owner == "book.near",
        ),
    )
}

/// The wrong code: it has no migration.
pub fn upgrade_fails() -> Figure {
    let mut scene = last_release();
    let before = scene.snapshot("book.near");
    let code = partner("testing", "hello");
    let played = scene.send("book.near", "book.near", release(code));
    let expected = undone("migrate", "MethodNotFound");
    let figure = scene.figure(&played, expected);
    figure.with(UNTOUCHED, untouched(&scene, &before))
}

/// An upgrade fails with its second action, and the deployment is undone with it.
fn undone(action: &str, reason: &str) -> Expectation {
    fails(reason)
        .fails_at("book.near", action, reason)
        .receipts(1)
        .nobodys_balance_moves()
}

/// Every reason that a release has to fail.
pub fn upgrade_reasons() -> Figure {
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (what, chapter, code, reason) in [
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
        let mut scene = Scene::with_guests(chapter, &[]);
        let before = scene.snapshot("book.near");
        let played = scene.send("book.near", "book.near", release(code));
        let error = scene.first_error(&played);
        claims.push(scene.shows(&[played.hash], undone("migrate", reason)));
        claims.push(untouched(&scene, &before));
        lines.push_str(&text::case(what, &[&error, UNTOUCHED.trim_end()]));
    }
    Figure::table(lines, claims)
}

const UNTOUCHED: &str = "book.near has the code and the storage that it had before.\n";

fn untouched(scene: &Scene, before: &Snapshot) -> Claim {
    let is_untouched = scene.snapshot("book.near") == *before;
    claim(
        "a failed upgrade changes neither code nor state",
        is_untouched,
    )
}

/// New code on the old state.
pub fn without_migration() -> Figure {
    let mut scene = last_release();
    let (mut lines, mut claims) = (String::new(), Vec::new());
    let unreadable = "Cannot deserialize the contract state";
    let fails_at = |method| {
        let expected = fails(unreadable).fails_at("book.near", method, unreadable);
        expected.nobodys_balance_moves()
    };
    let goes_well = || answers_nothing().nobodys_balance_moves();
    let mut tell = |what: &str, how: String| lines.push_str(&text::case(what, &[&how]));

    let deployment = vec![deploy(wasm_of("testing"))];
    let played = scene.send("book.near", "book.near", deployment);
    claims.push(scene.shows(&[played.hash], goes_well()));
    tell("book.near deploys", text::end(&scene.end(&played)));
    let played = scene.call("query_greeting", json!({}));
    claims.push(scene.shows(&[played.hash], fails_at("query_greeting")));
    tell(
        "alice.near calls query_greeting",
        text::end(&scene.end(&played)),
    );
    let error = scene.view_error("book.near", "get_partners", json!({}));
    claims.push(claim("every view fails", error.contains(unreadable)));
    tell("anybody views get_partners", text::end(&Err(error)));
    let played = scene.send("book.near", "book.near", vec![migrate()]);
    claims.push(scene.shows(&[played.hash], goes_well()));
    tell("book.near calls migrate", text::end(&scene.end(&played)));
    let played = scene.call("query_greeting", json!({}));
    let answered = answers(json!("Hello")).nobodys_balance_moves();
    claims.push(scene.shows(&[played.hash], answered));
    tell(
        "alice.near calls query_greeting",
        text::end(&scene.end(&played)),
    );
    Figure::table(lines, claims)
}

/// The owner upgrades an account that has no keys.
pub fn by_owner() -> Figure {
    let mut scene = owned_by("alice.near");
    scene.remove_keys("book.near");
    let played = upgrade_by(&mut scene, "alice.near", NEXT_RELEASE);
    let yocto = Balance::from_yoctonear(1);
    let code = scene.snapshot("book.near").code;
    scene
        .figure(
            &played,
            answers_nothing()
                .receipts(2)
                .runs_in(2, "book.near", "migrate")
                .moves([loses("alice.near", yocto), gains("book.near", yocto)]),
        )
        .claims(claim(
            "the account has the new code",
            code == CryptoHash::hash_bytes(NEXT_RELEASE),
        ))
}

fn upgrade_by(scene: &mut Scene, owner: &str, code: &[u8]) -> Played {
    let upgrade = owners("upgrade", json!({}));
    let Action::FunctionCall(mut upgrade) = upgrade else {
        panic!("not a call");
    };
    upgrade.args = code.to_vec();
    scene.send(owner, "book.near", vec![Action::FunctionCall(upgrade)])
}

/// Whoever held the key, when it is gone.
pub fn key_gone() -> Figure {
    let mut scene = owned_by("alice.near");
    scene.remove_keys("book.near");
    let refusal = scene.refusal("book.near", "book.near", release(NEXT_RELEASE.to_vec()));
    let has_no_key = refusal.contains("doesn't have access key");
    Figure::table(
        text::case("book.near deploys", &[&refusal]),
        [claim(
            "without a key, the chain takes no transaction of that account",
            has_no_key,
        )],
    )
}

/// The upgrade comes between alice's call and its callback.
pub fn under_way() -> Figure {
    let mut scene = last_release();
    let texts = json!({ "texts": ["Good morning"] });
    let sign = paid(call("sign_guestbook", texts), Balance::from_near(1));
    let alice = scene.submit("alice.near", "book.near", vec![sign]);
    scene.next_block();
    scene.next_block();
    let book = scene.submit("book.near", "book.near", release(wasm_of("testing")));
    scene.run_to_the_end();
    let price = Balance::from_millinear(100);
    scene.figure_of_blocks(
        &[alice, book],
        answers(json!(true))
            .then_answers_nothing()
            .runs_in(2, "book.near", "migrate")
            .runs_in(3, "book.near", "sign_guestbook_callback")
            .moves([loses("alice.near", price), gains("guestbook.near", price)]),
    )
}

/// The same without a migration: the callback cannot pay anybody back.
pub fn under_way_fails() -> Figure {
    let mut scene = last_release();
    let accounts = ["alice.near", "guestbook.near"];
    let before = accounts.map(|name| scene.balance(name));
    let texts = json!({ "texts": ["Good morning"] });
    let sign = paid(call("sign_guestbook", texts), Balance::from_near(1));
    let alice = scene.submit("alice.near", "book.near", vec![sign]);
    scene.next_block();
    scene.next_block();
    let deployment = vec![deploy(wasm_of("testing"))];
    let book = scene.submit("book.near", "book.near", deployment);
    scene.run_to_the_end();

    let after = accounts.map(|name| scene.balance(name));
    let gas = scene.burnt(&Played { hash: alice });
    let paid = before[0].saturating_sub(after[0]).saturating_sub(gas);
    let told = format!(
        "alice.near has paid {} beside gas, and guestbook.near has {} more than before.",
        text::near(paid),
        text::near(after[1].saturating_sub(before[1])),
    );
    let told = text::wrapped(&told, text::WIDTH).join("\n");
    let (price, reason) = (
        Balance::from_millinear(100),
        "Cannot deserialize the contract state",
    );
    let change = Balance::from_millinear(900);
    let expected = fails(reason)
        .then_answers_nothing()
        .fails_at("book.near", "sign_guestbook_callback", reason)
        .moves([
            loses("alice.near", Balance::from_near(1)),
            gains("guestbook.near", price),
            gains("book.near", change),
        ]);
    scene.figure_of_blocks(&[alice, book], expected).with(
        &format!("{told}\n"),
        claim(
            "her change stays with the contract",
            paid == Balance::from_near(1),
        ),
    )
}
