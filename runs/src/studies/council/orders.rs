//! Every order of executions, votes and expiries, while the target may fail in each way.

use chain::explore::{Explore, Time, Verdict, View, Violation, ensure};
use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::json;

use super::{
    BOND, LIFETIME, PRICE, action, approve, approved, message, new_chain, propose, vote_on,
    vulnerable_council, vulnerable_execute,
};
use crate::claim::claim;
use crate::explored::{in_both_modes, table};
use crate::figure::Figure;
use crate::test_chain::{Forgery, TestChain, call};

/// The properties, in words.
const ONCE: &str = "the approved calls run at most once";
const BOND_ONCE: &str = "the bond is in one place";
const NO_BOND: &str = "no bond pays for a call";
const TREASURY: &str = "nothing else leaves app.near";

/// More than the price of the storage of all votes, in yoctoNEAR.
const VOTES: u128 = 10u128.pow(22);

fn execute() -> Vec<Action> {
    vec![call("execute", json!({ "id": 0 }))]
}

// ANCHOR: executors
/// Returns the scenario in which two accounts execute an approved proposal whose target may fail,
/// carol's vote on the first attempt is late, and bob is for a second one.
pub fn executors() -> Explore {
    let mut chain = new_chain();
    approved(&mut chain, "guestbook.near", &[message()]);
    properties(chain.explore("council-executors"))
        .transaction("alice.near", "app.near", execute())
        .transaction("eve.near", "app.near", execute())
        .transaction("carol.near", "app.near", vec![vote_on(&chain, 0, 0, true)])
        .transaction("bob.near", "app.near", vec![vote_on(&chain, 0, 1, true)])
        .may_fail("guestbook.near")
}
// ANCHOR_END: executors

/// Returns the scenario in which the rogue calls a callback of the council, after a promise of its
/// own, while eve executes.
pub fn forged() -> Explore {
    let mut chain = new_chain();
    approved(&mut chain, "guestbook.near", &[message()]);
    let callbacks = [
        ("execute_callback", json!({ "id": 0, "attempt": 0 })),
        ("bond_callback", json!({ "bond": BOND })),
        (
            "pay_callback",
            json!({ "owner": "rogue.near", "amount": PRICE }),
        ),
    ];
    let callbacks = callbacks.map(|(method, args)| Forgery {
        method,
        args,
        success: "true",
    });
    properties(chain.explore_forgeries("council-forged", "rogue.near", &callbacks))
        .transaction("eve.near", "app.near", execute())
        .at_rest("a proposal ends when its calls have run", |view| {
            let proposal = view.call("app.near", "get_proposal", json!({ "id": 0 }))?;
            let messages = messages(view)?;
            ensure(proposal.is_null() == (messages == 1), || {
                format!("they have run {messages} times: {proposal}")
            })
        })
        .at_rest("the treasury pays for the calls alone", |view| {
            let treasury = |view: &View| view.amount("app.near", "get_treasury", json!({}));
            let spent = messages(view)? * PRICE.as_yoctonear();
            let (before, after) = (treasury(&view.at_start())?, treasury(view)?);
            // The storage of the votes is free again.
            let expected = before - spent..before - spent + VOTES;
            ensure(expected.contains(&after), || {
                format!("it was {before}, is {after}, and {spent} were spent")
            })
        })
}

/// Returns the scenario in which two accounts execute an approved call of the vulnerable council.
pub fn vulnerable() -> Explore {
    vulnerable_council("guestbook.near")
        .explore("council-vulnerable")
        .transaction("alice.near", "app.near", vec![vulnerable_execute()])
        .transaction("bob.near", "app.near", vec![vulnerable_execute()])
        .may_fail("guestbook.near")
        .at_rest(ONCE, runs_once)
}

/// Returns the scenario in which the members disagree while eve executes.
pub fn voters() -> Explore {
    let mut chain = new_chain();
    let tx = propose(&mut chain, "guestbook.near", &[message()], LIFETIME);
    chain.assert_succeeded(tx);
    chain.reset_balances();
    properties(chain.explore("council-voters"))
        .transaction("alice.near", "app.near", vec![vote_on(&chain, 0, 0, true)])
        .transaction("bob.near", "app.near", vec![vote_on(&chain, 0, 0, true)])
        .transaction("carol.near", "app.near", vec![vote_on(&chain, 0, 0, false)])
        .transaction("alice.near", "app.near", vec![vote_on(&chain, 0, 0, false)])
        .transaction("eve.near", "app.near", execute())
        .may_fail("guestbook.near")
}

/// Returns the scenario in which eve executes a proposal and carol lets it expire, from some steps
/// before the deadline to some steps after it. dave may be gone.
pub fn expiry() -> Explore {
    let mut chain = new_chain();
    approved(&mut chain, "guestbook.near", &[message()]);
    chain.wait_until(deadline(&chain, 0) - 3);
    properties(chain.explore("council-expiry"))
        .transaction("eve.near", "app.near", execute())
        .transaction("carol.near", "app.near", expire())
        .may_fail("guestbook.near")
        .may_fail("dave.near")
        .time(Time::Rising(1))
}

/// Returns the scenario in which carol lets one proposal expire, dave may be gone, and eve executes
/// another one, whose deposit is more than the treasury, and less than the treasury with the bond.
pub fn refund() -> Explore {
    let mut chain = new_chain();
    let treasury = chain.view("app.near", "get_treasury", json!({}));
    let treasury = treasury.as_str().and_then(|yocto| yocto.parse().ok());
    let treasury = Balance::from_yoctonear(treasury.expect("an amount"));
    let deposit = treasury.saturating_add(Balance::from_near(1));
    let text = json!({ "text": "The council was here" });
    let tx = propose(&mut chain, "guestbook.near", &[message()], LIFETIME);
    chain.assert_succeeded(tx);
    let too_much = action("add_message", &text, deposit);
    let tx = propose(&mut chain, "guestbook.near", &[too_much], 2 * LIFETIME);
    chain.assert_succeeded(tx);
    approve(&mut chain, 1, 0);
    chain.wait_until(deadline(&chain, 0));
    let execute = vec![call("execute", json!({ "id": 1 }))];
    chain
        .explore("council-refund")
        .transaction("carol.near", "app.near", expire())
        .transaction("eve.near", "app.near", execute)
        .may_fail("dave.near")
        .at_rest(NO_BOND, runs_never)
}

fn expire() -> Vec<Action> {
    vec![call("expire", json!({ "id": 0 }))]
}

fn deadline(chain: &TestChain, id: u64) -> u64 {
    let proposal = chain.view("app.near", "get_proposal", json!({ "id": id }));
    proposal["deadline"].as_u64().expect("a height")
}

/// Adds the properties of the council: at rest, whatever has happened.
fn properties(scenario: Explore) -> Explore {
    scenario
        .remember(|outcome| {
            let is_rejected = |log: &String| log.contains("Proposal 0 is rejected");
            let is_rejected = outcome.outcome.logs.iter().any(is_rejected);
            is_rejected.then(|| "rejected".to_owned())
        })
        .at_rest(ONCE, runs_once)
        .at_rest(BOND_ONCE, bond_once)
        .at_rest(TREASURY, treasury)
}

/// Checks that the approved calls have run at most once.
fn runs_once(view: &View) -> Verdict {
    let messages = messages(view)?;
    ensure(messages <= 1, || format!("they have run {messages} times"))
}

/// Checks that the calls have not run.
fn runs_never(view: &View) -> Verdict {
    let messages = messages(view)?;
    ensure(messages == 0, || format!("they have run {messages} times"))
}

fn messages(view: &View) -> Result<u128, Violation> {
    view.amount("guestbook.near", "total_messages", json!({}))
}

/// Checks that the whole bond is in one place: in the proposal, with dave, in a debt to dave, or in
/// the treasury of a council that has rejected the proposal.
fn bond_once(view: &View) -> Verdict {
    let proposal = view.call("app.near", "get_proposal", json!({ "id": 0 }))?;
    let held = proposal["bond"].as_str().and_then(|bond| bond.parse().ok());
    let held: u128 = held.unwrap_or_default();
    let owed = view.amount("app.near", "get_owed", json!({ "account_id": "dave.near" }))?;
    let (paid, is_kept) = (paid_back(view), view.facts().contains(&"rejected"));
    let expected = if is_kept { 0 } else { BOND.as_yoctonear() };
    let whole = [held, owed, paid].contains(&expected) && held + owed + paid == expected;
    ensure(whole, || {
        format!("{held} are held, {owed} are owed, {paid} are paid back, kept: {is_kept}")
    })
}

fn paid_back(view: &View) -> u128 {
    let before = view.at_start().balance("dave.near");
    let paid = view.balance("dave.near").saturating_sub(before);
    paid.as_yoctonear()
}

/// Checks that app.near has lost the price of the messages, and the bond that was paid back.
fn treasury(view: &View) -> Verdict {
    let spent = Balance::from_yoctonear(messages(view)? * PRICE.as_yoctonear() + paid_back(view));
    let before = view.at_start().balance("app.near");
    let after = view.balance("app.near");
    ensure(before.saturating_sub(spent) == after, || {
        format!("it had {before}, has {after}, and should have spent {spent}")
    })
}

/// A title and a scenario.
type Row = (&'static str, fn() -> Explore);

/// The scenarios, with their titles.
const SCENARIOS: [Row; 4] = [
    ("two executors, a late vote, a vote to retry", executors),
    ("votes for and against, and an executor", voters),
    ("an executor, and an end by the deadline", expiry),
    ("a bond that comes back, and an executor", refund),
];

/// Shows the report about the vulnerable council.
pub fn theft_report() -> Figure {
    let report = vulnerable().run().expect("it can be explored");
    let found = report.counterexample.as_ref();
    let needs_no_failure = found.is_some_and(|found| !found.schedule.to_string().contains("fails"));
    Figure::table(
        report.to_string(),
        [claim("it is a theft without a failure", needs_no_failure)],
    )
}

/// Shows in how many orders the properties hold, in both modes.
pub fn orders() -> Figure {
    let reports = SCENARIOS
        .iter()
        .flat_map(|(title, scenario)| in_both_modes(scenario).map(|report| (title, report)));
    table("", reports)
}
