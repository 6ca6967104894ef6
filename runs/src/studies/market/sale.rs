//! A sale with two royalties, and the same with other inputs.

use serde_json::json;

use super::{ARTIST, EVERYBODY, market, market_with, owner_of_lamp, purchase, sale_moves};
use crate::claim::claim;
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{delete, returns, with_gas};

/// Shows a sale with two royalties.
pub fn sale() -> Figure {
    let mut chain = market();
    let money = chain.money(&EVERYBODY);
    let tx = chain.send("alice.near", "app.near", vec![purchase("nft.near")]);
    let table = money.table(&chain, tx);
    let expected = returns(json!(true)).moves(sale_moves());
    chain
        .figure(tx, expected)
        .claims(claim(
            "alice has the lamp",
            owner_of_lamp(&chain, "nft.near") == "alice.near",
        ))
        .with_money(&table)
        .with_inputs(SALE.inputs)
}

/// A sale with another royalty, after an account has been deleted, and with another amount of gas.
pub const SALE: Play = Play {
    figure: "market-sale",
    inputs: &[
        Input::number("royalty", "The artist's part", [1, 90], 10, "%"),
        Input::one_of(
            "gone",
            "Deleted before",
            &[
                ("nobody", "no account"),
                ("artist.studio.near", "artist.studio.near"),
                ("studio.near", "studio.near"),
                ("bob.near", "bob.near, the seller"),
            ],
        ),
        Input::gas([100, 300], 300),
    ],
    run: |values| {
        let mut chain = market_with(json!({
            ARTIST: 100 * values.number("royalty"),
            "studio.near": 250,
        }));
        match values.choice("gone") {
            "nobody" => {}
            name => {
                let deleted = chain.send(name, name, vec![delete("carol.near")]);
                chain.assert_succeeded(deleted);
                chain.reset_balances();
            }
        }
        let purchase = with_gas(purchase("nft.near"), values.number("gas"));
        let tx = chain.send("alice.near", "app.near", vec![purchase]);
        chain.rerun(tx)
    },
};
