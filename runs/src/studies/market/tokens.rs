//! Sales for fungible tokens: bob asks 10,000 gold for the lamp, and alice sends them with `ft_transfer_call`.

use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use super::{
    ARTIST, YOCTO, add_storage, approve, market, market_with, offer_of_the_rogue, owner_of_lamp,
    returns_bill, succeed, transfer_to,
};
use crate::claim::{Claim, claim};
use crate::figure::Figure;
use crate::test_chain::{
    TestChain, TxHash, call, gains, loses, paid, partner, returns, smallest, with_gas,
};
use crate::text;

/// The price of the lamp, in gold.
pub(super) const PRICE: u128 = 10_000;

/// The fee of the market: 2 % of the price.
pub(super) const FEE: u128 = 200;

/// The parts of the artist, of the studio and of the seller, in gold.
pub(super) const ARTISTS: u128 = 980;
pub(super) const STUDIOS: u128 = 245;
pub(super) const SELLERS: u128 = 8_575;

/// The gold that each buyer begins with.
const WEALTH: u128 = 20_000;

/// The price of the storage of a listing in tokens.
pub(super) const LISTING: Balance = Balance::from_millinear(25);

/// The price of an account at a token: 125 bytes.
const ROOM: Balance = Balance::from_micronear(1_250);

/// The accounts whose gold the figures show.
const EVERYBODY: [&str; 5] = ["alice.near", "bob.near", ARTIST, "studio.near", "app.near"];

// ---- The chain ----

/// Returns the market with the gold, which alice and carol have. bob asks gold for the lamp. The artist has no account at
/// the gold.
pub(super) fn market_for_gold() -> TestChain {
    sells_for_gold(market())
}

fn sells_for_gold(mut chain: TestChain) -> TestChain {
    deploy_token(&mut chain, "gold.near");
    for user in ["bob.near", "studio.near"] {
        register(&mut chain, "gold.near", user);
    }
    add_storage(&mut chain, "bob.near", LISTING);
    let tx = chain.send("bob.near", "nft.near", vec![approval(PRICE)]);
    chain.assert_succeeded(tx);
    chain.reset_balances();
    chain
}

/// Deploys a token that the market, alice and carol have an account at.
fn deploy_token(chain: &mut TestChain, token: &str) {
    chain.deploy(token, partner("market", "token"));
    let init = json!({ "owner_id": "carol.near", "total_supply": (2 * WEALTH).to_string() });
    chain.prepare(token, token, "new", init);
    register(chain, token, "app.near");
    register(chain, token, "alice.near");
    let alices = json!({ "receiver_id": "alice.near", "amount": WEALTH.to_string() });
    succeed(chain, "carol.near", token, "ft_transfer", alices, YOCTO);
}

/// Returns the market with a lamp of the rogue, for which bob asks gold, and the rogue behaves like this.
fn rogue_market(behaviour: Value) -> TestChain {
    let mut chain = market_for_gold();
    add_storage(&mut chain, "bob.near", LISTING);
    rogue_asks_gold(&mut chain, behaviour);
    chain
}

pub(super) fn rogue_asks_gold(chain: &mut TestChain, behaviour: Value) {
    offer_of_the_rogue(
        chain,
        json!(PRICE.to_string()),
        Some("gold.near"),
        behaviour,
    );
}

pub(super) fn register(chain: &mut TestChain, token: &str, user: &str) {
    let tx = chain.send("carol.near", token, vec![room(user)]);
    chain.assert_succeeded(tx);
}

/// Returns the call that registers an account with a token (NEP-145).
fn room(user: &str) -> Action {
    paid(call("storage_deposit", json!({ "account_id": user })), ROOM)
}

/// Returns the approval of the market to sell the lamp for gold.
pub(super) fn approval(price: u128) -> Action {
    let msg = json!({ "price": price.to_string(), "currency": "gold.near" }).to_string();
    let args = json!({ "token_id": "lamp", "account_id": "app.near", "msg": msg });
    paid(call("nft_approve", args), Balance::from_millinear(1))
}

/// Returns the transfer of tokens that pays for the lamp of a collection.
pub(super) fn purchase(collection: &str) -> Action {
    transfer_call(
        PRICE,
        &json!({ "collection": collection, "token_id": "lamp" }).to_string(),
    )
}

fn transfer_call(amount: u128, msg: &str) -> Action {
    let args = json!({ "receiver_id": "app.near", "amount": amount.to_string(), "msg": msg });
    with_gas(paid(call("ft_transfer_call", args), YOCTO), 300)
}

/// Returns the claim of a debt in gold.
pub(super) fn withdrawal() -> Action {
    call("withdraw_owed_tokens", json!({ "currency": "gold.near" }))
}

// ---- The gold ----

fn gold_of(chain: &TestChain, account_id: &str) -> u128 {
    amount(&chain.view(
        "gold.near",
        "ft_balance_of",
        json!({ "account_id": account_id }),
    ))
}

fn owed_to(chain: &TestChain, account_id: &str) -> u128 {
    let args = json!({ "currency": "gold.near", "account_id": account_id });
    amount(&chain.view("app.near", "get_owed_tokens", args))
}

fn amount(value: &Value) -> u128 {
    let amount = value.as_str().and_then(|text| text.parse().ok());
    amount.expect("an amount is a number in a text")
}

/// The gold of everybody before a run.
struct Gold([u128; 5]);

impl Gold {
    fn of(chain: &TestChain) -> Self {
        Self(EVERYBODY.map(|name| gold_of(chain, name)))
    }

    fn table(&self, chain: &TestChain) -> String {
        let mut rows = vec![["", "gold before", "after"].map(str::to_owned).to_vec()];
        for (name, (before, after)) in EVERYBODY.iter().zip(self.0.iter().zip(Self::of(chain).0)) {
            rows.push(vec![
                (*name).to_owned(),
                before.to_string(),
                after.to_string(),
            ]);
        }
        text::table(&rows)
    }

    /// Claims how much gold each account has gained or lost.
    fn moved(&self, chain: &TestChain, sentence: &str, moves: [i128; 5]) -> Claim {
        let after = Self::of(chain).0;
        let moved = [0, 1, 2, 3, 4].map(|index| after[index] as i128 - self.0[index] as i128);
        claim(sentence, moved == moves)
    }
}

// ---- The figures ----

/// Shows that bob has transferred the lamp to carol, who has approved the market without a price: the token sends the gold
/// back.
pub fn moved() -> Figure {
    let mut chain = market_for_gold();
    let tx = chain.send("bob.near", "nft.near", vec![transfer_to("carol.near")]);
    chain.assert_succeeded(tx);
    approve(&mut chain, "carol.near", None);
    chain.reset_balances();
    let gold = Gold::of(&chain);
    let tx = chain.send("alice.near", "gold.near", vec![purchase("nft.near")]);
    let reason = "The actual approval_id Some(3) is different from the given approval_id Some(2)";
    let expected = returns(json!("0"))
        .fails_at("nft.near", "nft_transfer_payout", reason)
        .runs_in(5, "gold.near", "ft_resolve_transfer")
        .moves([loses("alice.near", YOCTO), gains("gold.near", YOCTO)]);
    let unmoved = gold.moved(&chain, "alice has all her gold", [0; 5]);
    chain.figure(tx, expected).claims(unmoved).claims(claim(
        "carol has the lamp",
        owner_of_lamp(&chain, "nft.near") == "carol.near",
    ))
}

/// Shows that the artist, who has the only royalty, has no account at the gold, and claims the part later.
pub fn owed() -> Figure {
    let mut chain = sells_for_gold(market_with(json!({ ARTIST: 1_000 })));
    let gold = Gold::of(&chain);
    let sale = chain.send("alice.near", "gold.near", vec![purchase("nft.near")]);
    // The market attaches one to the call of the collection, and one to each payment. alice has attached one, too.
    let two = Balance::from_yoctonear(2);
    let not_registered = format!("The account {ARTIST} is not registered");
    let expected = returns(json!("10000"))
        .fails_at("gold.near", "ft_transfer", &not_registered)
        .moves([
            loses("alice.near", YOCTO),
            gains("nft.near", YOCTO),
            loses("app.near", two),
            gains("gold.near", two),
        ]);
    let moves = [-10_000, 8_820, 0, 0, 1_180];
    let stays = gold.moved(
        &chain,
        "the part of the artist stays with the market",
        moves,
    );
    let is_owed = claim(
        "the market owes the artist 980 gold",
        owed_to(&chain, ARTIST) == ARTISTS,
    );
    let figure = chain
        .figure(sale, expected)
        .with(&gold.table(&chain), stays);
    let figure = figure.claims(is_owed).claims(claim(
        "alice has the lamp",
        owner_of_lamp(&chain, "nft.near") == "alice.near",
    ));

    let [early, late] = [false, true].map(|is_registered| {
        if is_registered {
            register(&mut chain, "gold.near", ARTIST);
        }
        chain.reset_balances();
        chain.send(ARTIST, "app.near", vec![withdrawal()])
    });
    let title = "The artist calls withdraw_owed_tokens, before and after storage_deposit";
    let results = [early, late].map(|tx| text::result(&chain.result(tx)));
    let lines = text::case(title, &[&results[0], &results[1]]);
    let claimed = returns(json!(true)).moves([loses("app.near", YOCTO), gains("gold.near", YOCTO)]);
    figure
        .with(&lines, chain.shows(&[late], claimed))
        .claims(claim(
            "the artist has 980 gold, and is owed nothing",
            (gold_of(&chain, ARTIST), owed_to(&chain, ARTIST)) == (ARTISTS, 0),
        ))
}

/// Shows transfers that buy nothing, each with its first error, after which everybody has their tokens.
pub fn refused() -> Figure {
    let mut start = market_for_gold();
    deploy_token(&mut start, "silver.near");
    add_storage(&mut start, "bob.near", super::LISTING);
    offer_of_the_rogue(&mut start, json!(super::PRICE), None, json!("well"));
    let bobs = json!({ "receiver_id": "bob.near", "amount": PRICE.to_string() });
    succeed(
        &mut start,
        "carol.near",
        "gold.near",
        "ft_transfer",
        bobs,
        YOCTO,
    );

    let header = ["the transfer", "the first error"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut claims = Vec::new();
    for (title, from, to, action, error) in transfers_that_buy_nothing() {
        let mut chain = start.clone();
        let before = (Gold::of(&chain).0, silver_of_alice(&chain));
        let tx = chain.send(from, to, vec![action]);
        let found = chain.first_error(tx);
        let after = (Gold::of(&chain).0, silver_of_alice(&chain));
        claims.push(claim(&format!("{title}: {found}"), found.contains(error)));
        claims.push(claim(
            &format!("{title}: no token has moved"),
            after == before,
        ));
        let words = found.rsplit("panicked: ").next().unwrap_or_default();
        rows.push(vec![title.to_owned(), words.to_owned()]);
    }
    Figure::table(text::table(&rows), claims)
}

fn silver_of_alice(chain: &TestChain) -> u128 {
    amount(&chain.view(
        "silver.near",
        "ft_balance_of",
        json!({ "account_id": "alice.near" }),
    ))
}

/// A transfer: its title, the sender, the receiver, the call, and the error.
type Transfer = (
    &'static str,
    &'static str,
    &'static str,
    Action,
    &'static str,
);

fn transfers_that_buy_nothing() -> [Transfer; 8] {
    let lamp = |collection| json!({ "collection": collection, "token_id": "lamp" }).to_string();
    let on_transfer =
        json!({ "sender_id": "alice.near", "amount": "10000", "msg": lamp("nft.near") });
    [
        (
            "one gold too little",
            "alice.near",
            "gold.near",
            transfer_call(9_999, &lamp("nft.near")),
            "The price is 10000 of gold.near",
        ),
        (
            "one gold too much",
            "alice.near",
            "gold.near",
            transfer_call(10_001, &lamp("nft.near")),
            "The price is 10000 of gold.near",
        ),
        (
            "the price is in NEAR",
            "alice.near",
            "gold.near",
            transfer_call(10_000, &lamp("rogue.near")),
            "The price is 10 NEAR",
        ),
        (
            "no message",
            "alice.near",
            "gold.near",
            transfer_call(10_000, ""),
            "Say the collection and the token_id",
        ),
        (
            "a collection that nobody trusts",
            "alice.near",
            "gold.near",
            transfer_call(10_000, &lamp("alice.near")),
            "We do not trust alice.near",
        ),
        (
            "silver",
            "alice.near",
            "silver.near",
            transfer_call(10_000, &lamp("nft.near")),
            "We do not trust silver.near",
        ),
        (
            "no token at all",
            "alice.near",
            "app.near",
            with_gas(call("ft_on_transfer", on_transfer), 300),
            "We do not trust alice.near",
        ),
        (
            "the seller buys",
            "bob.near",
            "gold.near",
            transfer_call(10_000, &lamp("nft.near")),
            "Current and next owner must differ",
        ),
    ]
}

// ---- The gas ----

/// Shows the least gas of a sale for gold: with two royalties, and with ten other accounts.
pub fn least_gas() -> Figure {
    let receivers: Vec<_> = (0..10).map(|index| format!("{index:064x}")).collect();
    let payout: serde_json::Map<_, _> = receivers
        .iter()
        .map(|name| (name.clone(), json!("100")))
        .collect();
    let mut rogue = rogue_market(returns_bill(&json!({ "payout": payout })));
    let mut honest = market_for_gold();
    register(&mut honest, "gold.near", ARTIST);
    for name in &receivers {
        register(&mut rogue, "gold.near", name);
    }
    let header = ["a sale for gold that pays", "needs"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut claims = Vec::new();
    for (title, chain, collection) in [
        ("the seller and two royalties", honest, "nft.near"),
        ("the seller and ten accounts", rogue, "rogue.near"),
    ] {
        let needs = smallest(1, 300, |tgas| sells_with(&chain, collection, tgas));
        let mut more = (needs..=300).step_by(20);
        let is_enough = more.all(|tgas| sells_with(&chain, collection, tgas));
        claims.push(claim("each larger amount is enough", is_enough));
        rows.push(vec![title.to_owned(), format!("{needs} Tgas")]);
    }
    Figure::table(text::table(&rows), claims)
}

/// Returns true if alice buys the lamp with this gas, and all are paid. If not, nobody has lost gold.
fn sells_with(chain: &TestChain, collection: &str, tgas: u64) -> bool {
    let mut chain = chain.clone();
    let gold = Gold::of(&chain);
    let action = with_gas(purchase(collection), tgas);
    let tx = chain.send("alice.near", "gold.near", vec![action]);
    let failed = chain.receipt_results(tx).into_iter().find_map(Result::err);
    if is_sold(&chain, tx) {
        assert_eq!(
            failed, None,
            "with {tgas} Tgas the sale begins, and does not end"
        );
        return true;
    }
    let error = failed.expect("something has failed");
    assert!(error.contains("gas"), "with {tgas} Tgas: {error}");
    assert_eq!(owner_of_lamp(&chain, collection), "bob.near", "{tgas} Tgas");
    assert_eq!(Gold::of(&chain).0, gold.0, "with {tgas} Tgas");
    false
}

fn is_sold(chain: &TestChain, tx: TxHash) -> bool {
    let result = chain.result(tx);
    result.is_ok_and(|used| used == br#""10000""#)
}
