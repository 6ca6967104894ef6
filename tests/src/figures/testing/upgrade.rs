//! From chapter 4 to chapter 5 on one account: code and state together, or neither.

use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::{owned_by, owners, succeed};
use crate::figures::Figure;
use crate::scene::{Played, Scene, Snapshot, call, deploy, paid, partner, text, wasm_of, with_gas};

/// The smallest contract that has a method `migrate`. The tests of the chapter say what is in it.
const NEXT_RELEASE: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x0b\x01\x07migrate\0\0\x0a\x04\x01\x02\0\x0b";

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
    assert_eq!(after, before, "the partners stay");
    let owner = scene.view("book.near", "get_owner", json!({}));
    scene.figure(&played).with(&format!(
        "get_partners answers as before.\nget_owner answers {owner}.\n"
    ))
}

/// The same once more, when the state is new already.
pub fn upgrade_fails() -> Figure {
    let mut scene = last_release();
    succeed(&mut scene, "book.near", release(wasm_of("testing")));
    let before = scene.snapshot("book.near");
    let played = scene.send("book.near", "book.near", release(wasm_of("testing")));
    scene.figure(&played).with(&compared(&scene, &before))
}

/// Every reason that a release has to fail.
pub fn upgrade_reasons() -> String {
    let mut lines = String::new();
    for (what, chapter, code) in [
        ("a release is left out", "batch", wasm_of("testing")),
        (
            "the new code has no migrate",
            "responses",
            partner("testing", "hello"),
        ),
        (
            "the new code is no code",
            "responses",
            b"this is no wasm".to_vec(),
        ),
    ] {
        let mut scene = Scene::with_guests(chapter, &[]);
        let before = scene.snapshot("book.near");
        let played = scene.send("book.near", "book.near", release(code));
        let error = scene.first_error(&played);
        let after = compared(&scene, &before);
        lines.push_str(&text::case(what, &[&error, after.trim_end()]));
    }
    lines
}

fn compared(scene: &Scene, before: &Snapshot) -> String {
    let after = scene.snapshot("book.near");
    assert_eq!(&after, before, "the upgrade is undone");
    "book.near has the code and the storage that it had before.\n".to_owned()
}

/// New code on the old state.
pub fn without_migration() -> String {
    let mut scene = last_release();
    let mut lines = String::new();
    let mut tell = |what: &str, how: String| lines.push_str(&text::case(what, &[&how]));

    let deployment = vec![deploy(wasm_of("testing"))];
    let played = scene.send("book.near", "book.near", deployment);
    tell("book.near deploys", text::end(&scene.end(&played)));
    let played = scene.call("query_greeting", json!({}));
    tell(
        "alice.near calls query_greeting",
        text::end(&scene.end(&played)),
    );
    let error = scene.view_error("book.near", "get_partners", json!({}));
    tell("anybody views get_partners", text::end(&Err(error)));
    let played = scene.send("book.near", "book.near", vec![migrate()]);
    tell("book.near calls migrate", text::end(&scene.end(&played)));
    let played = scene.call("query_greeting", json!({}));
    tell(
        "alice.near calls query_greeting",
        text::end(&scene.end(&played)),
    );
    lines
}

/// The owner upgrades an account that has no keys.
pub fn by_owner() -> Figure {
    let mut scene = owned_by("alice.near");
    scene.remove_keys("book.near");
    let played = upgrade_by(&mut scene, "alice.near", NEXT_RELEASE);
    scene.assert_succeeded(&played);
    scene.figure(&played)
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
pub fn key_gone() -> String {
    let mut scene = owned_by("alice.near");
    scene.remove_keys("book.near");
    let refusal = scene.refusal("book.near", "book.near", release(NEXT_RELEASE.to_vec()));
    text::case("book.near deploys", &[&refusal])
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
    scene.figure_of_blocks(&[alice, book])
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
    scene
        .figure_of_blocks(&[alice, book])
        .with(&format!("{told}\n"))
}
