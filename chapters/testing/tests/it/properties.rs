// ANCHOR: all
//! Properties that hold whatever the partners do: the money and the state of our contract stay
//! consistent.
//!
//! All cases run on one chain, one after the other. So each case begins with the state that the
//! cases before it have left, as on a real chain.

mod fixture;

use std::future::Future;

use anyhow::Context;
use fixture::{Behaviour, Call, Fixture};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};

/// The number of random cases. The variable `PROPTEST_CASES` sets another.
const CASES: u32 = 64;

// ANCHOR: every_combination
/// Checks each call with three partners of which each succeeds or fails: eight combinations.
#[tokio::test]
async fn whichever_partners_fail_money_and_state_stay_consistent() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;

    for failing in 0..8 {
        let behaviours = [0, 1, 2].map(|partner| match failing >> partner & 1 {
            0 => Behaviour::Well,
            _ => Behaviour::Panic,
        });
        fixture.partners_behave(&behaviours).await?;
        for call in Call::each() {
            let checked = fixture.check_call(&call).await;
            checked.with_context(|| format!("{call:?} with {behaviours:?}"))?;
        }
    }
    Ok(())
}
// ANCHOR_END: every_combination

// ANCHOR: property
/// Checks random calls with random behaviours of the partners.
#[test]
fn however_the_partners_misbehave_money_and_state_stay_consistent() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let fixture = runtime.block_on(Fixture::new()).expect("a chain");
    let cases = (
        [any_behaviour(), any_behaviour(), any_behaviour()],
        any_call(),
    );

    let checked = runner().run(&cases, |(behaviours, call)| {
        in_case(&runtime, async {
            fixture.partners_behave(&behaviours).await?;
            fixture.check_call(&call).await
        })
    });

    if let Err(TestError::Fail(why, case)) = &checked {
        panic!("{case:#?}\n{why}");
    }
    checked.expect("the cases run");
}
// ANCHOR_END: property

// ANCHOR: strategies
fn any_behaviour() -> impl Strategy<Value = Behaviour> {
    prop_oneof![
        3 => Just(Behaviour::Well),
        1 => Just(Behaviour::Panic),
        1 => Just(Behaviour::BurnAllGas),
        1 => Just(Behaviour::ReturnGarbage),
        1 => Just(Behaviour::ReturnOtherType),
        1 => Just(Behaviour::ReturnNothing),
        1 => (2..20_000u32).prop_map(Behaviour::ReturnBytes),
        2 => prop::sample::select(fixture::CALL_BACKS).prop_map(Behaviour::CallBack),
    ]
}

fn any_call() -> impl Strategy<Value = Call> {
    let steps = prop::collection::vec(
        prop::sample::select(vec!["increment", "decrement", "reset"]),
        0..20,
    );
    prop_oneof![
        Just(Call::QueryGreeting),
        "[a-z]{0,40}".prop_map(Call::ChangeGreeting),
        "[a-z]{0,40}".prop_map(Call::SetAndGetGreeting),
        steps.prop_map(Call::Count),
        (1..5usize, 0..600u32).prop_map(|(texts, deposit)| Call::SignGuestbook { texts, deposit }),
        Just(Call::Overview),
        Just(Call::Visit),
        Just(Call::SignGuestbooks),
        Just(Call::VaultSpend),
    ]
}
// ANCHOR_END: strategies

fn runner() -> TestRunner {
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    TestRunner::new(config)
}

/// Runs a case. An error makes the case fail, so that proptest shrinks it.
fn in_case(
    runtime: &tokio::runtime::Runtime,
    case: impl Future<Output = anyhow::Result<()>>,
) -> Result<(), TestCaseError> {
    runtime
        .block_on(case)
        .map_err(|error| TestCaseError::fail(format!("{error:#}")))
}
// ANCHOR_END: all
