//! The scenarios of chapters 2 and 5: batches with deposits, and the owner in between.

use near_primitives::types::Balance;

use super::scenario::Finds::{Loss, LossInCongestion};
use super::scenario::{Scenario, kebab};
use crate::money::orders::{batches, forged, owner};

pub(super) fn scenarios() -> Vec<Scenario> {
    let parts = [batches(), owner()];
    parts.into_iter().flatten().collect()
}

fn batches() -> Vec<Scenario> {
    let signs = "alice and bob each send two paid messages in a batch; the guestbook may fail";
    let launches =
        "alice and bob each launch a token with 5 NEAR, which may fail; app.near has 10 NEAR";
    vec![
        Scenario::new("two-batches", signs, || batches::two_sign("responses")),
        Scenario::new(
            "two-batches-without-debts",
            "the same with the contract of chapter 2, which records no debts",
            || batches::two_sign("batch"),
        ),
        Scenario::new("two-launches", launches, || {
            batches::two_launch("responses", 10)
        }),
        Scenario::new(
            "two-launches-in-chapter-5",
            "the same with the contract of chapter 5",
            || batches::two_launch("testing", 10),
        ),
        Scenario::new(
            "two-launches-without-debts",
            "the same with the contract of chapter 2, which records no debts",
            || batches::two_launch("batch", 10),
        )
        .finds(LossInCongestion("app.near keeps nothing")),
        Scenario::new(
            "two-launches-with-20-near",
            "the same, where app.near has 20 NEAR and advances both deposits",
            || batches::two_launch("batch", 20),
        ),
        Scenario::new(
            "two-sales",
            "alice and bob each buy six of ten tokens; the token may fail",
            batches::two_buy,
        ),
        Scenario::new(
            "forged-callback-in-chapter-2",
            "bob calls a callback of the contract of chapter 2, after a promise of his own",
            forged::in_chapter_2,
        ),
    ]
}

fn owner() -> Vec<Scenario> {
    let pauses = owner::METHODS.map(|method| {
        Scenario::new(
            format!("pause-during-{}", kebab(method)),
            format!("the owner pauses the contract while alice's {method} is under way"),
            || owner::bob_pauses(method),
        )
    });
    let upgrades = owner::METHODS.map(|method| {
        Scenario::new(
            format!("upgrade-during-{}", kebab(method)),
            format!("chapter 4 becomes chapter 5 while alice's {method} is under way"),
            || owner::app_upgrades(method, true),
        )
    });
    let own_upgrades = owner::METHODS.map(|method| {
        Scenario::new(
            format!("owners-upgrade-during-{}", kebab(method)),
            format!("the owner upgrades chapter 5 while alice's {method} is under way"),
            || owner::bob_upgrades(method),
        )
    });
    let others = [
        Scenario::new(
            "forged-callback-in-chapter-5",
            "the rogue calls a callback of the contract of chapter 5, after a promise of its own",
            || forged::in_chapter("testing"),
        ),
        Scenario::new(
            "upgrade-without-migration",
            "chapter 4 becomes chapter 5 without a migration during alice's vault_spend",
            || owner::app_upgrades("vault_spend", false),
        )
        .finds(Loss("app.near holds what it owes")),
        Scenario::new(
            "earnings-with-least-balance",
            "the owner withdraws all earnings during alice's sign_guestbook; 1 NEAR stays",
            || owner::bob_withdraws(Balance::from_near(1)),
        ),
        Scenario::new(
            "earnings-without-least-balance",
            "the same, where nothing has to stay",
            || owner::bob_withdraws(Balance::ZERO),
        )
        .finds(Loss("app.near can pay what it owes")),
        Scenario::new(
            "earnings-during-a-late-payment",
            "the owner withdraws 1 NEAR while alice closes a safe before a refund; the guestbook may fail",
            owner::bob_withdraws_from_a_late_payment,
        ),
    ];
    let all = pauses.into_iter().chain(upgrades).chain(own_upgrades);
    all.chain(others).collect()
}
