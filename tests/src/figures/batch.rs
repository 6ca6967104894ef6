//! The runs of chapter 2: several actions in one receipt, all or nothing, and what becomes of the money.

use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::figures::Figure;
use crate::scene::{Money, ONE_TOKEN, Played, Scene, call, delete, paid, partner, text, with_gas};

// ---- Side by side ----

/// Alice asks and bob counts, at the same time.
pub fn parallel() -> Figure {
    let mut scene = Scene::batch();
    let query = call("query_greeting", json!({}));
    let count = call("count", json!({ "steps": ["increment"] }));
    let alice = scene.submit("alice.near", "book.near", vec![query]);
    let bob = scene.submit("bob.near", "book.near", vec![count]);
    scene.run_to_the_end();
    scene.figure_of_blocks(&[alice, bob])
}

// ---- Two calls in one receipt ----

/// Alice has the greeting changed and read.
pub fn set_and_get() -> Figure {
    let mut scene = Scene::batch();
    let played = scene.call("set_and_get_greeting", json!({ "new_greeting": "Howdy" }));
    scene.figure(&played)
}

/// The same two actions in either order, sent by alice herself.
pub fn last_answer() -> String {
    let set = || with_gas(call("set_greeting", json!({ "greeting": "Howdy" })), 10);
    let get = || with_gas(call("get_greeting", json!({})), 10);
    let mut rows = vec![
        ["actions", "answer of the receipt"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for (order, actions) in [
        ("set_greeting, get_greeting", vec![set(), get()]),
        ("get_greeting, set_greeting", vec![get(), set()]),
    ] {
        let mut scene = Scene::batch();
        let played = scene.send("alice.near", "hello.near", actions);
        let answer = scene.end(&played).expect("both actions succeed");
        rows.push(vec![order.to_owned(), text::value(&answer)]);
    }
    text::table(&rows)
}

/// Both actions succeed, and the callback fails.
pub fn callback_fails() -> Figure {
    let mut scene = Scene::batch();
    let played = scene.call(
        "set_and_get_greeting",
        json!({ "new_greeting": "x".repeat(2_000) }),
    );
    scene.figure(&played).with(&greeting(&scene))
}

fn greeting(scene: &Scene) -> String {
    let greeting = scene.view("hello.near", "get_greeting", json!({}));
    let greeting = text::value(greeting.to_string().as_bytes());
    format!("hello.near now answers get_greeting with {greeting}.\n")
}

// ---- As many as the caller likes ----

/// Three steps and the question.
pub fn count() -> Figure {
    let mut scene = Scene::batch();
    let played = scene.call(
        "count",
        json!({ "steps": ["increment", "increment", "decrement"] }),
    );
    scene.figure(&played)
}

/// The step that fails stands first, in the middle, and last.
pub fn count_fails() -> String {
    let mut rows = vec![
        ["steps", "error at the counter", "before", "after"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for steps in [
        &["increment", "decrement", "reset"][..],
        &["decrement", "increment", "increment", "reset"],
        &["decrement", "increment", "increment"],
    ] {
        let mut scene = counter_at_127();
        let played = scene.call("count", json!({ "steps": steps }));
        let error = scene.first_error(&played);
        let place = error
            .split(": ")
            .next()
            .expect("an error begins with the action")
            .to_owned();
        let after = number(&scene).to_string();
        rows.push(vec![steps.join(", "), place, "127".to_owned(), after]);
    }
    text::table(&rows)
}

/// The second of them in full.
pub fn count_fails_in_the_middle() -> Figure {
    let mut scene = counter_at_127();
    let steps = ["decrement", "increment", "increment", "reset"];
    let played = scene.call("count", json!({ "steps": steps }));
    let number = number(&scene);
    scene.figure(&played).with(&format!(
        "counter.near now answers get_num with {number}.\n"
    ))
}

/// A receipt with one action too many.
pub fn count_too_many() -> Figure {
    let mut scene = Scene::batch();
    let count = with_gas(
        call("count", json!({ "steps": vec!["increment"; 100] })),
        1_000,
    );
    let played = scene.send("alice.near", "book.near", vec![count]);
    scene.figure(&played)
}

fn counter_at_127() -> Scene {
    let mut scene = Scene::batch();
    for _ in 0..127 {
        scene.prepare("bob.near", "counter.near", "increment", json!({}));
    }
    scene
}

fn number(scene: &Scene) -> Value {
    scene.view("counter.near", "get_num", json!({}))
}

// ---- What leaves, and what does not ----

/// The first action makes two promises, the second fails.
pub fn never_leave() -> Figure {
    let mut scene = Scene::batch();
    let actions = vec![
        with_gas(
            call("change_greeting", json!({ "new_greeting": "Howdy" })),
            50,
        ),
        with_gas(call("no_such_method", json!({})), 10),
    ];
    let played = scene.send("alice.near", "book.near", actions);
    scene.figure(&played).with(&greeting(&scene))
}

/// Alice's own batch fails, and its deposit with it.
pub fn deposit_to_the_sender() -> Figure {
    let mut scene = Scene::batch();
    let message = with_gas(call("add_message", json!({ "text": "Good morning" })), 10);
    let actions = vec![
        paid(message, Balance::from_near(1)),
        with_gas(call("no_such_method", json!({})), 10),
    ];
    let played = scene.send("alice.near", "guestbook.near", actions);
    scene.figure(&played)
}

// ---- Messages with a deposit ----

const SIGNERS: [&str; 3] = ["alice.near", "book.near", "guestbook.near"];

/// Two messages, and more money than they cost.
pub fn sign() -> Figure {
    let mut scene = Scene::batch();
    let money = scene.money(&SIGNERS);
    let texts = json!({ "texts": ["Good morning", "Good night"] });
    let played = scene.pay("sign_guestbook", texts, Balance::from_near(1));
    with_money(&scene, &played, &money)
}

/// The second message is too long for its gas.
pub fn sign_fails() -> Figure {
    let mut scene = Scene::batch();
    let money = scene.money(&SIGNERS);
    let texts = json!({ "texts": ["Good morning", "x".repeat(300_000), "Good night"] });
    let played = scene.pay("sign_guestbook", texts, Balance::from_near(1));
    with_money(&scene, &played, &money)
}

/// The same, block by block.
pub fn sign_fails_blocks() -> String {
    let mut scene = Scene::batch();
    let texts = json!({ "texts": ["Good morning", "x".repeat(300_000), "Good night"] });
    let played = scene.pay("sign_guestbook", texts, Balance::from_near(1));
    scene.timeline(&[played.hash])
}

/// Less money than the messages cost.
pub fn sign_poor() -> Figure {
    let mut scene = Scene::batch();
    let texts = json!({ "texts": ["Good morning", "Good night"] });
    let played = scene.pay("sign_guestbook", texts, Balance::from_millinear(199));
    scene.figure(&played)
}

/// Bob pays, and is gone when the rest comes back.
pub fn payer_gone() -> Figure {
    let mut scene = Scene::batch();
    let before = scene.balance("book.near");
    let texts = json!({ "texts": ["Good morning"] });
    let sign = paid(call("sign_guestbook", texts), Balance::from_near(1));
    let signing = scene.submit("bob.near", "book.near", vec![sign]);
    scene.next_block();
    let leaving = scene.submit("bob.near", "bob.near", vec![delete("alice.near")]);
    scene.run_to_the_end();

    let kept = scene.balance("book.near").saturating_sub(before);
    let end = scene.end(&Played { hash: signing });
    let told = format!(
        "The first transaction of bob.near {}, and book.near has {} more than before.",
        text::end(&end),
        text::near(kept),
    );
    let told = text::wrapped(&told, text::WIDTH).join("\n");
    scene
        .figure_of_blocks(&[signing, leaving])
        .with(&format!("{told}\n"))
}

fn with_money(scene: &Scene, played: &Played, money: &Money) -> Figure {
    scene.figure(played).with(&money.table(scene, played))
}

// ---- A new account ----

const LAUNCHERS: [&str; 3] = ["alice.near", "book.near", "silver.book.near"];

/// A token comes to be.
pub fn launch() -> Figure {
    launch_of(1_000, &partner("batch", "token"))
}

/// The token's `new` fails.
pub fn launch_fails() -> Figure {
    launch_of(0, &partner("batch", "token"))
}

fn launch_of(supply: u128, code: &[u8]) -> Figure {
    let mut scene = Scene::batch();
    let money = scene.money(&LAUNCHERS);
    let played = launch_in(&mut scene, "silver", supply, code, Balance::from_near(5));
    let existence = format!("silver.book.near {}.\n", existence(&scene));
    with_money(&scene, &played, &money).with(&existence)
}

/// The same error in three cases: what fails is always the last action.
pub fn launch_errors() -> String {
    let mut lines = String::new();
    for (what, supply, code) in [
        ("a supply of zero", 0, partner("batch", "token")),
        ("the wasm of hello", 1_000, partner("batch", "hello")),
        ("no wasm at all", 1_000, b"this is no wasm".to_vec()),
    ] {
        let mut scene = Scene::batch();
        let played = launch_in(&mut scene, "silver", supply, &code, Balance::from_near(5));
        let error = scene.first_error(&played);
        let alice = format!("launch_token {}", text::end(&scene.end(&played)));
        let account = format!("silver.book.near {}", existence(&scene));
        lines.push_str(&text::case(what, &[&error, &alice, &account]));
    }
    lines
}

fn existence(scene: &Scene) -> &'static str {
    if scene.exists("silver.book.near") {
        "exists"
    } else {
        "does not exist"
    }
}

/// There is such an account already.
pub fn launch_taken() -> Figure {
    let mut scene = Scene::shop_of("book.near");
    let code = partner("batch", "token");
    let played = launch_in(&mut scene, "gold", 1_000, &code, Balance::from_near(5));
    scene.figure(&played)
}

/// The deposit does not pay for the storage.
pub fn launch_poor() -> Figure {
    let mut scene = Scene::batch();
    let code = partner("batch", "token");
    let played = launch_in(&mut scene, "silver", 1_000, &code, Balance::from_near(1));
    scene.figure(&played)
}

fn launch_in(scene: &mut Scene, name: &str, supply: u128, code: &[u8], deposit: Balance) -> Played {
    let args = json!({
        "name": name,
        "total_supply": supply.to_string(),
        "code": near_primitives::serialize::to_base64(code),
    });
    let launch = with_gas(paid(call("launch_token", args), deposit), 300);
    scene.send("alice.near", "book.near", vec![launch])
}

// ---- A sale ----

const TRADERS: [&str; 3] = ["alice.near", "book.near", "gold.book.near"];

/// Alice buys three tokens.
pub fn sale() -> Figure {
    let mut scene = Scene::shop_of("book.near");
    let money = scene.money(&TRADERS);
    let played = buy(&mut scene, "gold", 3);
    with_money(&scene, &played, &money).with(&tokens(&scene))
}

/// Alice buys again, and has room already.
pub fn sale_known_buyer() -> Figure {
    let mut scene = shop_that_knows_alice();
    let money = scene.money(&TRADERS);
    let played = buy(&mut scene, "gold", 3);
    with_money(&scene, &played, &money).with(&tokens(&scene))
}

/// Alice wants more tokens than there are.
pub fn sale_sold_out() -> Figure {
    let mut scene = Scene::shop_of("book.near");
    let money = scene.money(&TRADERS);
    let played = buy(&mut scene, "gold", 11);
    with_money(&scene, &played, &money).with(&tokens(&scene))
}

/// The same from a buyer with room: the token has promised to send money back, and never does.
pub fn sale_undone_refund() -> Figure {
    let mut scene = shop_that_knows_alice();
    let money = scene.money(&TRADERS);
    let played = buy(&mut scene, "gold", 11);
    with_money(&scene, &played, &money)
}

/// What else can go wrong, and what alice gets back each time.
pub fn sale_errors() -> String {
    let mut lines = String::new();
    for (what, owner, name) in [
        (
            "the shop has no tokens, and no room for any",
            "bob.near",
            "gold",
        ),
        ("there is no such token", "book.near", "silver"),
    ] {
        let mut scene = Scene::shop_of(owner);
        let money = scene.money(&TRADERS);
        let played = buy(&mut scene, name, 3);
        let error = scene.first_error(&played);
        let alice = format!("buy_tokens {}", text::end(&scene.end(&played)));
        let table = money.table(&scene, &played);
        lines.push_str(&text::case(what, &[&error, &alice]));
        for line in table.lines() {
            lines.push_str(&format!("    {line}\n"));
        }
    }
    lines
}

/// The deposit is less than the price.
pub fn sale_poor() -> Figure {
    let mut scene = Scene::shop_of("book.near");
    let played = buy(&mut scene, "gold", 20);
    scene.figure(&played)
}

/// Alice sends tokens with a key that may only call functions.
pub fn function_call_key() -> String {
    let mut scene = Scene::shop_of("book.near");
    let args = json!({ "receiver_id": "bob.near", "amount": "1" });
    let transfer = paid(call("ft_transfer", args), Balance::from_yoctonear(1));
    let refusal = scene.refusal_of_function_call_key("gold.book.near", transfer);
    text::case(
        "ft_transfer with 1 yoctoNEAR, signed with a function-call key",
        &[&refusal],
    )
}

/// What other tutorials call.
pub fn ft_approve() -> Figure {
    let mut scene = Scene::shop_of("book.near");
    let args = json!({ "spender_id": "book.near", "amount": "1" });
    let played = scene.send(
        "alice.near",
        "gold.book.near",
        vec![call("ft_approve", args)],
    );
    scene.figure(&played)
}

fn shop_that_knows_alice() -> Scene {
    let mut scene = Scene::shop_of("book.near");
    let room = paid(
        call("storage_deposit", json!({ "account_id": "alice.near" })),
        Balance::from_yoctonear(125 * 10u128.pow(19)),
    );
    let played = scene.send("alice.near", "gold.book.near", vec![room]);
    scene.assert_succeeded(&played);
    scene.everyone_holds_a_round_sum();
    scene
}

fn buy(scene: &mut Scene, name: &str, tokens: u128) -> Played {
    let args = json!({ "name": name, "amount": (tokens * ONE_TOKEN).to_string() });
    scene.pay("buy_tokens", args, Balance::from_near(20))
}

fn tokens(scene: &Scene) -> String {
    let mut lines = String::new();
    for name in ["alice.near", "book.near"] {
        let args = json!({ "account_id": name });
        let balance = scene.view("gold.book.near", "ft_balance_of", args.clone());
        let balance: u128 = balance.as_str().expect("a text").parse().expect("a number");
        let room = scene.view("gold.book.near", "storage_balance_of", args);
        let room = if room.is_null() { "no room" } else { "room" };
        lines.push_str(&format!(
            "{name} has {room} at gold.book.near, and {} tokens.\n",
            balance / ONE_TOKEN
        ));
    }
    lines
}
