//! Batches with deposits: messages, launches and sales, by two users at once.

use chain::explore::{Explore, Verdict, View, ensure, tokens_are_conserved};
use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::holdings::{keeps_nothing, pays_all_or_nothing};
use crate::test_chain::{ONE_TOKEN, TestChain, call, paid, partner, with_gas};

/// Returns the scenario in which alice and bob each send two premium messages in one batch, and attach 1 NEAR. The
/// guestbook may fail.
pub fn two_sign(chapter: &str) -> Explore {
    let texts = json!({ "texts": ["Good morning", "Good night"] });
    let sign = || paid(call("sign_guestbook", texts.clone()), Balance::from_near(1));
    let scenario = TestChain::with_guests(chapter, &[])
        .explore("two-batches")
        .may_fail("guestbook.near");
    of_both(scenario, sign, Balance::from_millinear(200))
}

/// Returns the scenario in which alice and bob each launch a token of the same name with 5 NEAR. The new account may fail.
/// The contract has a balance of its own, in NEAR.
pub fn two_launch(chapter: &str, own: u128) -> Explore {
    let deposit = Balance::from_near(5);
    let code = near_primitives::serialize::to_base64(&partner("batch", "token"));
    let args = json!({ "name": "silver", "total_supply": "1000", "code": code });
    let launch = || with_gas(paid(call("launch_token", args.clone()), deposit), 300);
    let mut chain = TestChain::with_guests(chapter, &[]);
    chain.set_balance("app.near", own);
    let scenario = chain
        .explore("two-launches")
        .may_fail("silver.app.near")
        .at_rest("the token has one deposit", move |view| {
            let balance = view.balance("silver.app.near");
            ensure(balance.is_zero() || balance == deposit, || {
                format!("silver.app.near has {balance}")
            })
        });
    of_both(scenario, launch, deposit)
}

/// Returns the scenario in which alice and bob each buy six of ten tokens, at 1 NEAR each. The token may fail.
pub fn two_buy() -> Explore {
    let args = json!({ "name": "gold", "amount": (6 * ONE_TOKEN).to_string() });
    let buy = || {
        vec![paid(
            call("buy_tokens", args.clone()),
            Balance::from_near(20),
        )]
    };
    TestChain::shop_of("app.near")
        .explore("two-sales")
        .transaction("alice.near", "app.near", buy())
        .transaction("bob.near", "app.near", buy())
        .may_fail("gold.app.near")
        .always(
            "no token is lost",
            tokens_are_conserved("gold.app.near", &["alice.near", "bob.near", "app.near"]),
        )
        .at_rest("each token that left was paid", each_token_was_paid)
}

fn of_both(scenario: Explore, action: impl Fn() -> Action, price: Balance) -> Explore {
    scenario
        .transaction("alice.near", "app.near", vec![action()])
        .transaction("bob.near", "app.near", vec![action()])
        .at_rest("app.near keeps nothing", keeps_nothing)
        .at_rest(
            "alice pays all or nothing",
            pays_all_or_nothing("alice.near", price),
        )
        .at_rest(
            "bob pays all or nothing",
            pays_all_or_nothing("bob.near", price),
        )
}

/// Checks that `app.near` has one yoctoNEAR more for each smallest unit of the token that it has less.
fn each_token_was_paid(view: &View) -> Verdict {
    let worth = |view: &View| {
        let args = json!({ "account_id": "app.near" });
        let tokens = view.amount("gold.app.near", "ft_balance_of", args)?;
        let balance = view.balance("app.near").as_yoctonear();
        Ok::<_, chain::explore::Violation>(tokens.saturating_add(balance))
    };
    let (before, after) = (worth(&view.at_start())?, worth(view)?);
    ensure(before == after, || {
        format!("it had {before} in tokens and yoctoNEAR, and has {after}")
    })
}
