// ANCHOR: all
//! What holds whatever the partners do: the money and the state of our contract stay whole.
//!
//! All cases are played on one chain, one after the other. So what one leaves behind is there when the
//! next begins, as it would be in real life.

#[path = "../common/mod.rs"]
#[allow(dead_code)] // What is shared has more than these tests need.
mod common;

mod fixture;

use std::future::Future;

use anyhow::Context;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};

use fixture::{Behaviour, Call, Fixture};

/// How many cases proptest makes up. `PROPTEST_CASES` asks for another number.
const CASES: u32 = 64;

// ANCHOR: every_combination
/// Three partners that each do their work or do not: eight combinations, and every call in each.
#[tokio::test]
async fn whichever_partners_fail_money_and_state_stay_whole() -> anyhow::Result<()> {
    let fixture = Fixture::new().await?;

    for failing in 0..8 {
        let behaviours = [0, 1, 2].map(|partner| match failing >> partner & 1 {
            0 => Behaviour::Well,
            _ => Behaviour::Panic,
        });
        fixture.partners_behave(&behaviours).await?;
        for call in Call::each() {
            let played = fixture.play(&call).await;
            played.with_context(|| format!("{call:?} with {behaviours:?}"))?;
        }
    }
    Ok(())
}
// ANCHOR_END: every_combination

// ANCHOR: property
/// Partners that misbehave in every way that we know, in cases that nobody has thought of.
#[test]
fn however_the_partners_misbehave_money_and_state_stay_whole() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let fixture = runtime.block_on(Fixture::new()).expect("a chain");
    let cases = (
        [any_behaviour(), any_behaviour(), any_behaviour()],
        any_call(),
    );

    let played = runner().run(&cases, |(behaviours, call)| {
        in_case(&runtime, async {
            fixture.partners_behave(&behaviours).await?;
            fixture.play(&call).await
        })
    });

    if let Err(TestError::Fail(why, case)) = &played {
        panic!("{case:#?}\n{why}");
    }
    played.expect("the cases are played");
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

/// Plays a case. An error in it is a case that proptest is to make smaller.
fn in_case(
    runtime: &tokio::runtime::Runtime,
    case: impl Future<Output = anyhow::Result<()>>,
) -> Result<(), TestCaseError> {
    runtime
        .block_on(case)
        .map_err(|error| TestCaseError::fail(format!("{error:#}")))
}
// ANCHOR_END: all
