//! The runs of the market: sales of non-fungible tokens, and bills that are wrong.
//!
//! bob sells a lamp for 10 NEAR. Its collection, `nft.near`, has two royalties: 10 % for the artist and 2.5 % for the
//! studio. alice buys, and carol buys too. `rogue.near` is a collection that misbehaves. `tokens` has the sales for fungible
//! tokens, and `orders` has every order.

pub mod orders;
pub mod sale;
pub mod tokens;

use chain::testing::signer;
use near_primitives::account::AccessKey;
use near_primitives::action::{Action, AddKeyAction, CreateAccountAction, TransferAction};
use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::claim::claim;
use crate::figure::Figure;
use crate::test_chain::{
    TestChain, account, call, contract_wasm, delete, fails, gains, loses, paid, partner, returns,
    returns_nothing, smallest, with_gas,
};
use crate::text;

/// The price of the lamp.
const PRICE: Balance = Balance::from_near(10);

/// The fee of the market: 2 % of the price.
const FEE: Balance = Balance::from_millinear(200);

/// The price without the fee, of which the collection makes a bill.
const BALANCE: Balance = Balance::from_millinear(9_800);

/// The parts of the artist, of the studio and of the seller.
const ARTISTS: Balance = Balance::from_millinear(980);
const STUDIOS: Balance = Balance::from_millinear(245);
const SELLERS: Balance = Balance::from_millinear(8_575);

const YOCTO: Balance = Balance::from_yoctonear(1);

/// The price of the storage of one listing.
const LISTING: Balance = Balance::from_millinear(3);

/// The account of the artist, which the studio can create again.
const ARTIST: &str = "artist.studio.near";

const ACCOUNTS: [(&str, u128); 9] = [
    ("alice.near", 100),
    ("bob.near", 100),
    ("carol.near", 100),
    ("studio.near", 100),
    (ARTIST, 10),
    ("nft.near", 10),
    ("rogue.near", 10),
    ("gold.near", 10),
    ("silver.near", 10),
];

const EVERYBODY: [&str; 8] = [
    "alice.near",
    "bob.near",
    "carol.near",
    "studio.near",
    ARTIST,
    "app.near",
    "nft.near",
    "rogue.near",
];

// ---- The chain ----

/// Returns a chain with the market, both collections, and the lamp, which bob offers.
fn market() -> TestChain {
    market_with(json!({ ARTIST: 1_000, "studio.near": 250 }))
}

/// Returns the same chain with other royalties, in basis points.
fn market_with(royalties: Value) -> TestChain {
    let mut chain = TestChain::study("market", &ACCOUNTS);
    let trusted = json!({ "trusted": ["nft.near", "rogue.near", "gold.near"] });
    chain.prepare("app.near", "app.near", "new", trusted);
    chain.deploy("nft.near", partner("market", "nft"));
    chain.deploy("rogue.near", partner("market", "rogue_nft"));
    let init = json!({ "owner_id": "nft.near", "royalties": royalties });
    chain.prepare("nft.near", "nft.near", "new", init);
    let mint = json!({ "token_id": "lamp", "receiver_id": "bob.near" });
    succeed(
        &mut chain,
        "nft.near",
        "nft.near",
        "nft_mint",
        mint,
        Balance::from_millinear(100),
    );
    add_storage(&mut chain, "bob.near", LISTING);
    approve(&mut chain, "bob.near", Some(PRICE));
    chain.reset_balances();
    chain
}

/// Returns a chain on which bob offers a lamp of the rogue for 1 NEAR, and the rogue behaves like this.
fn rogue_market(behaviour: Value) -> TestChain {
    let mut chain = market();
    add_storage(&mut chain, "bob.near", LISTING);
    offer_of_the_rogue(&mut chain, json!(PRICE), None, behaviour);
    chain
}

fn offer_of_the_rogue(
    chain: &mut TestChain,
    price: Value,
    currency: Option<&str>,
    behaviour: Value,
) {
    let offer =
        json!({ "market": "app.near", "token_id": "lamp", "price": price, "currency": currency });
    chain.prepare("bob.near", "rogue.near", "offer", offer);
    let behaviour = json!({ "behaviour": behaviour });
    chain.prepare("bob.near", "rogue.near", "behave", behaviour);
    chain.reset_balances();
}

/// Sends a call of the setup with a deposit.
fn succeed(
    chain: &mut TestChain,
    from: &str,
    to: &str,
    method: &str,
    args: Value,
    deposit: Balance,
) {
    let tx = chain.send(from, to, vec![paid(call(method, args), deposit)]);
    chain.assert_succeeded(tx);
}

fn add_storage(chain: &mut TestChain, seller: &str, price: Balance) {
    let method = "add_storage_deposit";
    succeed(chain, seller, "app.near", method, json!({}), price);
}

/// Returns the approval of the market to sell the lamp, with a price or without.
fn approval(price: Option<Balance>) -> Action {
    let msg = price.map(|price| json!({ "price": price }).to_string());
    let args = json!({ "token_id": "lamp", "account_id": "app.near", "msg": msg });
    paid(call("nft_approve", args), Balance::from_millinear(1))
}

fn approve(chain: &mut TestChain, owner: &str, price: Option<Balance>) {
    let tx = chain.send(owner, "nft.near", vec![approval(price)]);
    chain.assert_succeeded(tx);
}

/// Returns the transfer of the lamp by its owner.
fn transfer_to(receiver: &str) -> Action {
    let args = json!({ "receiver_id": receiver, "token_id": "lamp" });
    paid(call("nft_transfer", args), YOCTO)
}

/// Returns the purchase of the lamp of a collection.
fn purchase(collection: &str) -> Action {
    let args = json!({ "collection": collection, "token_id": "lamp" });
    paid(with_gas(call("buy", args), 300), PRICE)
}

/// Returns the owner of the lamp of a collection.
fn owner_of_lamp(chain: &TestChain, collection: &str) -> String {
    let token = chain.view(collection, "nft_token", json!({ "token_id": "lamp" }));
    token["owner_id"].as_str().unwrap_or_default().to_owned()
}

fn owed_to(chain: &TestChain, owner: &str) -> Balance {
    let owed = chain.view("app.near", "get_owed", json!({ "account_id": owner }));
    let yocto = owed.as_str().and_then(|yocto| yocto.parse().ok());
    Balance::from_yoctonear(yocto.expect("an amount is a number in a text"))
}

/// Returns the behaviour of a rogue whose bill is this text.
fn returns_bill(bill: &Value) -> Value {
    json!({ "return": bill.to_string() })
}

// ---- The bill ----

/// Shows a market that pays each bill: bob buys his own lamp, and the bill is more than the price.
pub fn believed() -> Figure {
    let mut chain = TestChain::study("market", &ACCOUNTS);
    chain.deploy("app.near", contract_wasm("vulnerable_market"));
    chain.deploy("rogue.near", partner("market", "rogue_nft"));
    let bill = json!({ "payout": { "bob.near": Balance::from_near(15) } });
    offer_of_the_rogue(&mut chain, json!(PRICE), None, returns_bill(&bill));
    let args = json!({ "collection": "rogue.near", "token_id": "lamp" });
    let buy = paid(with_gas(call("vulnerable_buy", args), 300), PRICE);
    let tx = chain.send("bob.near", "app.near", vec![buy]);
    let won = Balance::from_near(5);
    let expected = returns_nothing().moves([
        gains("bob.near", won),
        loses("app.near", won.saturating_add(YOCTO)),
        gains("rogue.near", YOCTO),
    ]);
    chain.figure(tx, expected).with_warning((
        "bob has paid 10 NEAR for his own lamp, and got 15. The other 5 belonged to the market."
            .to_owned(),
        claim(
            "bob still has the lamp",
            owner_of_lamp(&chain, "rogue.near") == "bob.near",
        ),
    ))
}

/// Returns the balances that a sale to alice changes.
fn sale_moves() -> Vec<crate::test_chain::BalanceChange> {
    vec![
        loses("alice.near", PRICE),
        gains("bob.near", SELLERS),
        gains(ARTIST, ARTISTS),
        gains("studio.near", STUDIOS),
        gains("app.near", FEE.saturating_sub(YOCTO)),
        gains("nft.near", YOCTO),
    ]
}

/// Shows who is paid for each bill that a collection may return.
pub fn bills() -> Figure {
    let header = ["the bill", "the artist is paid", "bob, the seller, is paid"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut claims = Vec::new();
    for (title, behaviour, artists) in bills_of_the_rogue() {
        let mut chain = rogue_market(behaviour);
        let before = [ARTIST, "bob.near"].map(|name| chain.balance(name));
        let tx = chain.send("alice.near", "app.near", vec![purchase("rogue.near")]);
        chain.assert_succeeded(tx);
        let after = [ARTIST, "bob.near"].map(|name| chain.balance(name));
        let paid = [0, 1].map(|index| after[index].saturating_sub(before[index]));
        let sentence = format!("{title}: the artist and the seller get the price without the fee");
        let expected = [artists, BALANCE.saturating_sub(artists)];
        claims.push(claim(&sentence, paid == expected));
        rows.push(
            [title.to_owned()]
                .into_iter()
                .chain(paid.map(text::near))
                .collect(),
        );
    }
    Figure::table(text::table(&rows).replace('\u{a0}', " "), claims)
}

/// Returns bills with their titles, and the amounts that the artist is paid.
fn bills_of_the_rogue() -> Vec<(&'static str, Value, Balance)> {
    let part = |percent: u128| BALANCE.saturating_div(100).saturating_mul(percent);
    let of = |parts: &[(String, Balance)]| {
        let payout: serde_json::Map<_, _> = parts
            .iter()
            .map(|(name, amount)| (name.clone(), json!(amount)))
            .collect();
        returns_bill(&json!({ "payout": payout }))
    };
    let artist = |percent| of(&[(ARTIST.to_owned(), part(percent))]);
    let receivers = |number: usize| {
        let others = (1..number).map(|index| (format!("r{index}.near"), Balance::ZERO));
        let all: Vec<_> = [(ARTIST.to_owned(), part(10))]
            .into_iter()
            .chain(others)
            .collect();
        of(&all)
    };
    let most = Balance::from_yoctonear(u128::MAX);
    vec![
        ("10 % for the artist, and no other", artist(10), part(10)),
        ("100 % for the artist", artist(100), part(100)),
        ("101 % for the artist", artist(101), Balance::ZERO),
        ("ten receivers", receivers(10), part(10)),
        ("eleven receivers", receivers(11), Balance::ZERO),
        (
            "a sum that overflows",
            of(&[(ARTIST.to_owned(), most), ("bob.near".to_owned(), most)]),
            Balance::ZERO,
        ),
        ("no JSON", json!({ "return": "ten percent" }), Balance::ZERO),
        ("another type", json!({ "return": "true" }), Balance::ZERO),
        ("no bill", json!({ "return": "" }), Balance::ZERO),
        (
            "a bill of twenty kilobytes",
            json!({ "return": format!("{{\"payout\":{{}}}}{}", " ".repeat(20_000)) }),
            Balance::ZERO,
        ),
    ]
}

// ---- The sale fails ----

/// Shows that alice and carol buy in one block, a lamp without royalties.
pub fn two_buyers() -> Figure {
    let mut chain = market_with(json!({}));
    let hashes = ["alice.near", "carol.near"]
        .map(|buyer| chain.submit(buyer, "app.near", vec![purchase("nft.near")]));
    chain.run_until_idle();
    let reason = "This token is not for sale";
    let expected = returns(json!(true))
        .then_fails(reason)
        .runs_in(1, "app.near", "buy")
        .fails_at("app.near", "buy", reason)
        .moves([
            loses("alice.near", PRICE),
            gains("bob.near", BALANCE),
            gains("app.near", FEE.saturating_sub(YOCTO)),
            gains("nft.near", YOCTO),
        ]);
    chain.figure_of_blocks(&hashes, expected)
}

/// Shows that the account of the artist is gone at the sale, and that the artist claims the money later.
pub fn artist_gone() -> Figure {
    let mut chain = market();
    let leave = chain.send(ARTIST, ARTIST, vec![delete("studio.near")]);
    chain.assert_succeeded(leave);
    chain.reset_balances();
    let sale = chain.send("alice.near", "app.near", vec![purchase("nft.near")]);
    let owed = owed_to(&chain, ARTIST);
    let kept = FEE.saturating_sub(YOCTO);
    let expected = returns(json!(true))
        .fails_at(ARTIST, "transfer 0.98 NEAR", "doesn't exist")
        .moves([
            loses("alice.near", PRICE),
            gains("bob.near", SELLERS),
            gains("studio.near", STUDIOS),
            gains("app.near", kept.saturating_add(ARTISTS)),
            gains("nft.near", YOCTO),
        ]);
    let figure = chain.figure(sale, expected).claims(claim(
        "the market owes the artist 0.98 NEAR",
        owed == ARTISTS,
    ));

    create_artist(&mut chain);
    let claiming = chain.send(ARTIST, "app.near", vec![call("withdraw_owed", json!({}))]);
    let claimed = returns(json!(true)).moves([gains(ARTIST, ARTISTS), loses("app.near", ARTISTS)]);
    let lines = "The studio creates the account again, and the artist calls withdraw_owed";
    let lines = text::case(lines, &[&text::result(&chain.result(claiming))]);
    figure.with(&lines, chain.shows(&[claiming], claimed))
}

/// Creates the artist's account again: the studio funds it with 5 NEAR.
fn create_artist(chain: &mut TestChain) {
    let add_key = AddKeyAction {
        public_key: signer(&account(ARTIST)).public_key(),
        access_key: AccessKey::full_access(),
    };
    let transfer = TransferAction {
        deposit: Balance::from_near(5),
    };
    let actions = vec![
        Action::CreateAccount(CreateAccountAction {}),
        add_key.into(),
        Action::Transfer(transfer),
    ];
    let tx = chain.send("studio.near", ARTIST, actions);
    chain.assert_succeeded(tx);
}

/// Shows a collection that transfers the lamp and then answers with a failure.
pub fn transfer_then_fail() -> Figure {
    let mut chain = rogue_market(json!("transfer_then_fail"));
    let tx = chain.send("alice.near", "app.near", vec![purchase("rogue.near")]);
    let expected = returns(json!(false))
        .fails_at("rogue.near", "no_such_method", "MethodNotFound")
        .moves([loses("app.near", YOCTO), gains("rogue.near", YOCTO)]);
    chain.figure(tx, expected).with_warning((
        "alice has the lamp and her 10 NEAR. bob has neither.".to_owned(),
        claim(
            "alice has the lamp",
            owner_of_lamp(&chain, "rogue.near") == "alice.near",
        ),
    ))
}

// ---- The gas ----

/// Shows the least gas of a sale: with two royalties, and with ten accounts that the payments create.
pub fn least_gas() -> Figure {
    let payout: serde_json::Map<_, _> = (0..10)
        .map(|index| (format!("{index:064x}"), json!(Balance::from_millinear(100))))
        .collect();
    let bill = returns_bill(&json!({ "payout": payout }));
    let mut rows = vec![["a sale that pays", "needs"].map(str::to_owned).to_vec()];
    let mut claims = Vec::new();
    for (title, chain, collection) in [
        ("the seller and two royalties", market(), "nft.near"),
        (
            "the seller and ten new accounts",
            rogue_market(bill),
            "rogue.near",
        ),
    ] {
        let needs = smallest(1, 300, |tgas| sells_with(&chain, collection, tgas));
        let mut more = (needs..=300).step_by(20);
        let is_enough = more.all(|tgas| sells_with(&chain, collection, tgas));
        claims.push(claim("each larger amount is enough", is_enough));
        rows.push(vec![title.to_owned(), format!("{needs} Tgas")]);
    }
    Figure::table(text::table(&rows), claims)
}

/// Returns true if alice buys the lamp with this gas. If not, she has lost nothing.
fn sells_with(chain: &TestChain, collection: &str, tgas: u64) -> bool {
    let mut chain = chain.clone();
    let tx = chain.send(
        "alice.near",
        "app.near",
        vec![with_gas(purchase(collection), tgas)],
    );
    if chain.succeeded(tx) {
        let failed = chain.receipt_results(tx).into_iter().find_map(Result::err);
        assert_eq!(
            failed, None,
            "with {tgas} Tgas the sale begins, and does not end"
        );
        return true;
    }
    let fault = chain.shows(
        &[tx],
        fails("gas")
            .fails_at("app.near", "buy", "gas")
            .no_balance_moves(),
    );
    assert_eq!(fault.fault(), None, "with {tgas} Tgas");
    false
}
