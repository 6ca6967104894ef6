//! Who owns the contract, what the owner does, and what those who watch see of it.

use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::{owned_by, owners, stage, succeed};
use crate::figures::Figure;
use crate::scene::{Scene, call, paid, text};

/// What the contract says about itself.
pub fn metadata() -> String {
    let metadata = stage().view("book.near", "contract_source_metadata", json!({}));
    format!("{metadata:#}\n")
}

/// The owner changes in two steps, and nobody comes in between.
pub fn owner() -> String {
    let mut scene = stage();
    let mut lines = String::new();
    for (caller, method, args) in [
        (
            "alice.near",
            "propose_owner",
            json!({ "account_id": "alice.near" }),
        ),
        (
            "book.near",
            "propose_owner",
            json!({ "account_id": "bob.near" }),
        ),
        ("alice.near", "accept_owner", json!({})),
        ("bob.near", "accept_owner", json!({})),
        ("book.near", "pause", json!({})),
    ] {
        let action = owners(method, args.clone());
        let played = scene.send(caller, "book.near", vec![action]);
        let args = if args == json!({}) {
            String::new()
        } else {
            format!(" {args}")
        };
        let owner = scene.view("book.near", "get_owner", json!({}));
        let owner = format!("the owner is {}", owner.as_str().expect("an account"));
        let end = text::end(&scene.end(&played));
        lines.push_str(&text::case(
            &format!("{caller} calls {method}{args}"),
            &[&end, &owner],
        ));
    }
    lines
}

/// Bob pauses the contract while alice's messages are on their way.
pub fn pause() -> Figure {
    let mut scene = owned_by("bob.near");
    let alice = scene.submit("alice.near", "book.near", vec![sign()]);
    let bob = scene.submit("bob.near", "book.near", vec![owners("pause", json!({}))]);
    scene.run_to_the_end();
    scene.figure_of_blocks(&[alice, bob])
}

/// Alice comes too late.
pub fn pause_refuses() -> Figure {
    let mut scene = owned_by("bob.near");
    succeed(&mut scene, "bob.near", vec![owners("pause", json!({}))]);
    let played = scene.send("alice.near", "book.near", vec![sign()]);
    scene.figure(&played)
}

fn sign() -> near_primitives::action::Action {
    let texts = json!({ "texts": ["Good morning"] });
    paid(call("sign_guestbook", texts), Balance::from_near(1))
}

/// The line of the log for each thing that the owner does.
pub fn events() -> String {
    let mut scene = stage();
    let limits = json!({ "max_deposit": "0", "min_free_balance": "0" });
    let mut lines = String::new();
    for (caller, method, args) in [
        (
            "book.near",
            "propose_owner",
            json!({ "account_id": "bob.near" }),
        ),
        ("bob.near", "accept_owner", json!({})),
        ("bob.near", "set_partners", json!({ "hello": "bob.near" })),
        ("bob.near", "set_trusted", json!({ "oracle": "alice.near" })),
        ("bob.near", "set_limits", json!({ "limits": limits })),
        ("bob.near", "pause", json!({})),
        ("bob.near", "resume", json!({})),
    ] {
        let played = succeed(&mut scene, caller, vec![owners(method, args)]);
        let logs = scene.logs(&played);
        let logs: Vec<&str> = logs.iter().map(String::as_str).collect();
        lines.push_str(&text::case(method, &logs));
    }
    lines
}

/// What is counted when calls succeed, fail, and take their callback down.
pub fn stats() -> String {
    let mut scene = stage();
    for greeting in ["Howdy".to_owned(), "x".repeat(20_000)] {
        let args = json!({ "new_greeting": greeting });
        let played = scene.call("change_greeting", args);
        scene.assert_succeeded(&played);
    }
    for hello in ["hello.near", "nobody.near"] {
        let partners = owners("set_partners", json!({ "hello": hello }));
        succeed(&mut scene, "book.near", vec![partners]);
        scene.call("query_greeting", json!({}));
    }
    told(&scene.view("book.near", "get_stats", json!({})))
}

fn told(stats: &Value) -> String {
    let mut rows = vec![["method", "runs", "answered", "failed"].map(str::to_owned)];
    let methods = stats["methods"].as_object().expect("methods by name");
    for (name, work) in methods {
        let number = |what: &str| work[what].to_string();
        rows.push([
            name.clone(),
            number("runs"),
            number("answered"),
            number("failed"),
        ]);
    }
    let sum = |what: &str| stats[what].to_string();
    rows.push([
        "all together".to_owned(),
        String::new(),
        sum("answered"),
        sum("failed"),
    ]);
    let rows: Vec<_> = rows.into_iter().map(Vec::from).collect();
    text::table(&rows)
}

/// The verdict, with and without a reason.
pub fn health() -> String {
    let mut scene = stage();
    let mut lines = verdict("as it was deployed", &scene);
    succeed(&mut scene, "book.near", vec![owners("pause", json!({}))]);
    lines.push_str(&verdict("paused", &scene));
    let much = json!({ "max_deposit": "0", "min_free_balance": Balance::from_near(20) });
    let limits = owners("set_limits", json!({ "limits": much }));
    succeed(&mut scene, "book.near", vec![limits]);
    lines.push_str(&verdict("paused, and to keep more than it has", &scene));
    lines
}

fn verdict(what: &str, scene: &Scene) -> String {
    let health = scene.view("book.near", "health_check", json!({}));
    text::case(what, &[&health.to_string()])
}
