//! The scenarios of chapter 4: the vault, payments, orders, questions and tokens.

use super::scenario::Finds::{Loss, NothingInFifo};
use super::scenario::{Scenario, kebab};
use crate::money::orders::{
    HOLDS, alice_signs, alice_spends, forged, overdue, payments, questions, retries, rogue_spends,
    safes, tokens,
};

pub(super) fn scenarios() -> Vec<Scenario> {
    let parts = [
        vulnerable(),
        vault(),
        of_a_safe(),
        payments(),
        orders(),
        questions(),
        forged(),
    ];
    parts.into_iter().flatten().collect()
}

fn vulnerable() -> Vec<Scenario> {
    vec![
        Scenario::new(
            "vulnerable-spend",
            "alice spends twice from the vulnerable vault; the guestbook may fail",
            || alice_spends("vulnerable_spend"),
        )
        .finds(Loss(HOLDS)),
        Scenario::new(
            "vulnerable-spend-rogue",
            "the rogue spends from the vulnerable vault, and is the guestbook",
            || rogue_spends("vulnerable_spend", 1, 0),
        )
        .finds(Loss(HOLDS)),
        Scenario::new(
            "vulnerable-sign",
            "alice pays the guestbook through a method that believes its result; it may fail",
            alice_signs,
        )
        .finds(Loss(HOLDS)),
    ]
}

fn vault() -> Vec<Scenario> {
    let vaults = [
        ("vault_spend", "debits first"),
        ("vault_spend_locked", "locks"),
    ];
    let of_vault = |(method, guard): (&'static str, &str)| {
        let name = kebab(method);
        [
            Scenario::new(
                &name,
                format!("alice spends twice from the vault that {guard}; the guestbook may fail"),
                || alice_spends(method),
            ),
            Scenario::new(
                format!("{name}-rogue"),
                format!("the rogue spends twice from the vault that {guard}, and is the guestbook"),
                || rogue_spends(method, 2, 0),
            ),
            Scenario::new(
                format!("{name}-rogue-and-alice"),
                "the rogue spends once, and alice twice from the guestbook",
                || rogue_spends(method, 1, 2),
            )
            .finds(NothingInFifo),
        ]
    };
    vaults.into_iter().flat_map(of_vault).collect()
}

fn of_a_safe() -> Vec<Scenario> {
    let pairs = safes::METHODS
        .iter()
        .flat_map(|first| safes::METHODS.iter().map(move |second| (*first, *second)));
    let mut scenarios: Vec<_> = pairs
        .map(|(first, second)| {
            Scenario::new(
                format!("{}-then-{}", kebab(first), kebab(second)),
                format!(
                    "alice calls {first} and {second}; the guestbook and payments to her may fail"
                ),
                || safes::alice_calls(first, second),
            )
        })
        .collect();
    scenarios.push(Scenario::new(
        "close-with-little-money",
        "alice spends and closes her safe, and app.near has 0.1005 NEAR of its own; both may fail",
        safes::alice_closes_with_little_money,
    ));
    scenarios.push(Scenario::new(
        "lost-callback-of-a-safe",
        "the operator opens an overdue lock twice, and alice locks again; payments to her may fail",
        overdue::a_lock,
    ));
    scenarios.push(Scenario::new(
        "late-callback-of-a-safe",
        "the operator opens an overdue lock, alice locks again, and the first callback runs after all",
        overdue::a_late_lock,
    )
    .finds(NothingInFifo));
    scenarios.push(Scenario::new(
        "early-end-of-a-lock",
        "the operator opens alice's lock while her call is under way",
        overdue::a_lock_too_early,
    ));
    scenarios
}

fn payments() -> Vec<Scenario> {
    let mut scenarios = vec![
        Scenario::new(
            "pay-two-guestbooks",
            "alice and bob each pay a guestbook, which may fail",
            payments::two_sign,
        ),
        Scenario::new(
            "pay-and-leave",
            "carol pays two guestbooks, one of which panics, and deletes her account",
            payments::carol_signs_and_leaves,
        ),
        Scenario::new(
            "claim-twice",
            "carol claims a debt for herself and for bob; payments to both may fail",
            payments::carol_claims_twice,
        ),
    ];
    scenarios.extend(payments::PAIRS.map(|pair| {
        let [first, second] = pair;
        Scenario::new(
            format!("{first}-then-{second}"),
            format!(
                "alice, who watches hello, calls {first} and {second}; payments to her may fail"
            ),
            move || payments::alice_watches(pair),
        )
    }));
    scenarios
}

fn orders() -> Vec<Scenario> {
    let mut scenarios: Vec<_> = retries::PAIRS
        .map(|pair| {
            let [(one, first), (other, second)] = pair;
            let [one, other] = [one, other].map(|name| name.trim_end_matches(".near"));
            Scenario::new(
                format!("{}-and-{}", kebab(first), kebab(second)),
                format!(
                    "{one} calls {first}, {other} {second}, at an order of alice; she may fail"
                ),
                move || retries::at_an_order(pair),
            )
        })
        .into();
    scenarios.push(Scenario::new(
        "order-of-the-rogue",
        "the rogue has paid for the order and is its guestbook; it and bob retry it",
        retries::at_an_order_of_the_rogue,
    ));
    scenarios.push(Scenario::new(
        "lost-callback-of-an-order",
        "the operator resolves an overdue attempt twice, bob retries, alice cancels; both may fail",
        overdue::an_order,
    ));
    scenarios.push(Scenario::new(
        "lost-callback-of-an-overdue-order",
        "the operator resolves an overdue attempt twice, and bob retries; the rogue may fail",
        overdue::an_overdue_order,
    ));
    scenarios.push(Scenario::new(
        "late-callback-of-an-order",
        "the operator settles alice's order before its callback; the rogue panics",
        overdue::a_late_order,
    ));
    scenarios.push(Scenario::new(
        "early-end-of-an-order",
        "the operator settles alice's order while its attempt is under way",
        overdue::an_order_too_early,
    ));
    scenarios
}

fn questions() -> Vec<Scenario> {
    let mut scenarios: Vec<_> = [
        (0, "question-unanswered", "nobody answers"),
        (1, "question-answered", "bob answers"),
        (2, "question-answered-twice", "bob answers twice"),
    ]
    .map(|(times, name, answers)| {
        Scenario::new(
            name,
            format!("alice asks, and {answers}; it may time out, and payments to both may fail"),
            move || questions::bob_answers(times),
        )
    })
    .into();
    scenarios.push(Scenario::new(
        "lost-callback-of-a-question",
        "alice cancels an overdue question twice, bob answers it; payments to both may fail",
        overdue::a_question,
    ));
    scenarios.push(Scenario::new(
        "early-end-of-a-question",
        "alice cancels her question while it waits for bob, who answers it",
        overdue::a_question_too_early,
    ));
    scenarios.push(Scenario::new(
        "pay-with-tokens",
        "alice pays two messages with tokens, and sends tokens to bob; the guestbook may fail",
        tokens::alice_pays_with_tokens,
    ));
    scenarios
}

fn forged() -> Vec<Scenario> {
    vec![
        Scenario::new(
            "forged-callback",
            "the rogue calls a callback of the contract, after a promise of its own",
            || forged::in_chapter("responses"),
        ),
        Scenario::new(
            "forged-callback-of-a-lock",
            "the same callback as that of alice's lock; the guestbook may fail",
            forged::of_a_lock,
        ),
        Scenario::new(
            "forged-callback-of-an-order",
            "the same with the callback of alice's order; the guestbook may fail",
            forged::of_an_order,
        ),
        Scenario::new(
            "forged-callback-of-a-question",
            "the same with the callback of alice's question, which bob answers",
            forged::of_a_question,
        ),
    ]
}
