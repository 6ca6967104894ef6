//! The figures of the trade.

use near_primitives::types::Balance;
use serde_json::json;

use super::{
    GAS_FOR_ALL, YOCTO, alice_offers, back_in, fill, game, game_without_journal, give_gold,
    give_item, gold_of, lost, orders, owner, register, resume, statuses,
};
use crate::claim::{Claim, claim};
use crate::explored;
use crate::figure::Figure;
use crate::test_chain::{BalanceChange, TestChain, call, gains, loses, returns, returns_nothing};
use crate::text;

/// The accounts that may have gold.
const HOLDERS: [&str; 3] = ["alice.near", "bob.near", "app.near"];

/// Returns a table of who has what, and the journal.
pub(super) fn held(chain: &TestChain) -> String {
    let mut rows = vec![["", "sword", "gold"].map(str::to_owned).to_vec()];
    for name in HOLDERS {
        let has_sword = if owner(chain) == name { "1" } else { "0" };
        let row = [name, has_sword, &gold_of(chain, name).to_string()];
        rows.push(row.map(str::to_owned).to_vec());
    }
    let line = match &statuses(chain)[..] {
        [item, gold] => format!("The journal: the sword is {item}, the gold is {gold}.\n"),
        _ => "The journal: no open trade.\n".to_owned(),
    };
    format!("{}{line}", text::table(&rows))
}

/// Returns the same, with the claim that it is so.
pub(super) fn assets(
    chain: &TestChain,
    sword: &str,
    gold: [u128; 3],
    journal: &[&str],
) -> (String, Claim) {
    let is_so = owner(chain) == sword
        && HOLDERS.map(|name| gold_of(chain, name)) == gold
        && statuses(chain) == journal;
    let sentence = format!("{sword} has the sword, the gold is {gold:?}, the journal {journal:?}");
    (held(chain), claim(&sentence, is_so))
}

/// Shows a trade without a journal: the gold finds no room, and nobody knows of it.
pub fn forgotten() -> Figure {
    let mut chain = game_without_journal();
    for (from, to, action) in [
        (
            "alice.near",
            "items.near",
            give_item("sword", "\"5\"", GAS_FOR_ALL),
        ),
        ("bob.near", "gold.near", give_gold("sword")),
    ] {
        let tx = chain.send(from, to, vec![action]);
        chain.assert_succeeded(tx);
    }
    chain.reset_balances();
    let exchange = call("vulnerable_exchange", json!({ "token_id": "sword" }));
    let tx = chain.send("carol.near", "app.near", vec![exchange]);
    let expected = returns_nothing()
        .fails_at("gold.near", "ft_transfer", "alice.near is not registered")
        .moves([loses("app.near", YOCTO), gains("items.near", YOCTO)]);
    let entry = chain.view("app.near", "get_trade", json!({ "token_id": "sword" }));
    let stays = gold_of(&chain, "app.near") == 5 && owner(&chain) == "bob.near";
    let sentence =
        "bob.near has the sword. Five gold stay on app.near, and no entry says whose they are.";
    let claim = claim(sentence, stays && entry.is_null());
    chain
        .figure(tx, expected)
        .with_warning((sentence.to_owned(), claim))
}

/// Returns what the transfers in and out cost, where `app.near` has sent the sword and the gold these numbers of times.
pub(super) fn yoctos(swords: u128, gold: u128) -> Vec<BalanceChange> {
    let yocto = Balance::from_yoctonear;
    vec![
        loses("alice.near", YOCTO),
        loses("bob.near", YOCTO),
        loses("app.near", yocto(swords + gold)),
        gains("items.near", yocto(1 + swords)),
        gains("gold.near", yocto(1 + gold)),
    ]
}

/// Shows an offer that nobody takes.
pub fn home() -> Figure {
    let mut chain = game();
    let offered = alice_offers(&mut chain, GAS_FOR_ALL);
    for _ in 0..200 {
        chain.produce_block();
    }
    chain.run_until_idle();
    let expected = returns(json!(false))
        .runs_in(203, "app.near", "exchange_callback")
        .moves([loses("alice.near", YOCTO), gains("items.near", YOCTO)]);
    let (text, claim) = assets(&chain, "alice.near", [0, 10, 0], &[]);
    chain.figure(offered, expected).with(&text, claim)
}

/// Returns a chain after a trade whose gold found no room at alice's, and the figure of that.
fn after_no_room() -> (TestChain, Figure) {
    let mut chain = game();
    let offered = alice_offers(&mut chain, GAS_FOR_ALL);
    let filled = chain.send("bob.near", "gold.near", vec![fill("sword")]);
    let expected = returns(json!(true))
        .then_returns(json!("5"))
        .fails_at("gold.near", "ft_transfer", "alice.near is not registered")
        .moves(yoctos(1, 0));
    let (text, claim) = assets(&chain, "bob.near", [0, 5, 5], &["gone", "held"]);
    let figure = chain.figure_of_blocks(&[offered, filled], expected);
    (chain, figure.with(&text, claim))
}

/// Shows gold that finds no room.
pub fn no_room() -> Figure {
    after_no_room().1
}

/// Shows that carol resumes after somebody has paid for alice's room.
pub fn resumed() -> Figure {
    let (mut chain, _) = after_no_room();
    register(&mut chain, "alice.near");
    carol_resumes(&mut chain)
}

/// Shows that the gold follows when carol resumes.
fn carol_resumes(chain: &mut TestChain) -> Figure {
    let resumed = chain.send("carol.near", "app.near", vec![resume()]);
    let expected = returns_nothing().moves([loses("app.near", YOCTO), gains("gold.near", YOCTO)]);
    let (text, claim) = assets(chain, "bob.near", [5, 5, 0], &[]);
    chain.figure(resumed, expected).with(&text, claim)
}

/// Shows an exchange whose gas ends after the sword.
pub fn little_gas() -> Figure {
    let mut chain = game();
    register(&mut chain, "alice.near");
    let offered = alice_offers(&mut chain, 50);
    let filled = chain.send("bob.near", "gold.near", vec![fill("sword")]);
    let expected = returns(json!(true))
        .then_returns(json!("5"))
        .logs("Trade 0 has too little gas: resume it")
        .moves(yoctos(1, 0));
    let (text, claim) = assets(&chain, "bob.near", [0, 5, 5], &["gone", "held"]);
    let text = format!("{}\n{text}", chain.timeline(&[offered, filled]));
    Figure::table(text, [chain.shows(&[offered, filled], expected), claim])
}

/// Shows a sword that does not leave at first: the gold goes back, and then the sword.
pub fn back() -> Figure {
    let (chain, transactions) = orders::sword_that_does_not_leave();
    let expected = returns(json!(true))
        .then_returns(json!("5"))
        .fails_at("items.near", "nft_transfer", "MethodNotFound")
        .moves(yoctos(1, 1));
    let (text, claim) = assets(&chain, "alice.near", [0, 10, 0], &[]);
    let figure = chain.figure_of_blocks(&transactions, expected);
    figure.with(&text, claim)
}

/// Shows the callback of the sword, which is lost, and what the journal says.
pub fn lost_callback() -> Figure {
    let (chain, transactions) = lost::callback();
    let expected = returns(json!(true))
        .then_returns(json!("5"))
        .then_returns_nothing()
        .then_returns_nothing()
        .fails_at("app.near", "leg_callback", "MethodNotFound")
        .moves(yoctos(1, 0));
    let (text, claim) = assets(&chain, "bob.near", [0, 5, 5], &["sent", "held"]);
    let text = format!("{}\n{text}", chain.timeline(&transactions));
    Figure::table(text, [chain.shows(&transactions, expected), claim])
}

/// Shows that carol resumes: the items are asked, and the gold follows.
pub fn asked() -> Figure {
    let (mut chain, _) = lost::callback();
    carol_resumes(&mut chain)
}

/// Shows items that call `resume` in the transfer of the sword.
pub fn calls_back() -> Figure {
    let mut chain = back_in::game();
    back_in::call_back(&mut chain, "resume", json!({ "id": 0 }));
    let offered = alice_offers(&mut chain, GAS_FOR_ALL);
    let filled = chain.send("bob.near", "gold.near", vec![fill("sword")]);
    let expected = returns(json!(true))
        .then_returns(json!("5"))
        .logs("Trade 0 has too little gas: resume it")
        .moves(yoctos(1, 1));
    let (text, claim) = assets(&chain, "bob.near", [5, 5, 0], &[]);
    let figure = chain.figure_of_blocks(&[offered, filled], expected);
    figure.with(&text, claim)
}

/// Shows the numbers of the explorations.
pub fn explored() -> Figure {
    let reports = orders::reports().iter();
    explored::table("", reports.map(|(title, report)| (title, report)))
}
