//! The runs of the page about the forms of a call: the gas of each, the results that each callback form reads, and a
//! promise that waits under a name.

use near_primitives::types::Gas;
use serde_json::{Value, json};

use crate::claim::{Claim, claim};
use crate::figure::Figure;
use crate::inputs::Input;
use crate::play::Play;
use crate::test_chain::{TestChain, TxHash, call, returns};
use crate::text::{self, tgas};

/// The forms of a call, in the order in which `call_in_each_form` uses them.
const FORMS: [&str; 4] = [
    "ext(…).get_num()",
    "ext(…).with_static_gas(10 Tgas).get_num()",
    "function_call(…, 10 Tgas)",
    "function_call_weight(…, 10 Tgas, GasWeight(2))",
];

/// Shows the gas that a call gets in each form.
pub fn gas() -> Figure {
    let mut chain = TestChain::with_contract("experiments");
    let tx = chain.call("call_in_each_form", json!({ "counter": "counter.near" }));
    chain.assert_succeeded(tx);
    let calls = chain.calls(tx);
    let attached: Vec<Gas> = calls[1..].iter().map(|call| call.attached).collect();
    let rows = FORMS.iter().zip(&attached);
    let rows: Vec<_> = rows
        .map(|(form, gas)| vec![(*form).to_owned(), tgas(*gas)])
        .collect();
    let ten = Gas::from_teragas(10);
    let share =
        |index: usize| attached[index].saturating_sub(if index == 0 { Gas::ZERO } else { ten });
    Figure::table(
        text::table(&rows),
        [
            claim(
                "function_call gets exactly what it names",
                attached[2] == ten,
            ),
            claim(
                "without static gas a call has its share alone, the same as that of the weight 1",
                share(0).as_gas().abs_diff(share(1).as_gas()) <= 1,
            ),
            claim(
                "the weight 2 has twice the share",
                share(3).as_gas().abs_diff(2 * share(0).as_gas()) <= 4,
            ),
        ],
    )
}

/// Shows what each form of a callback makes of each result.
pub fn results() -> Figure {
    let rogue = |behaviour: Value| (Some(behaviour), "rogue.near");
    let cases = [
        (
            "the counter returns 0",
            (None, "counter.near"),
            [
                "the number 0",
                "the numbers [0]",
                "the number 0",
                "the number 0",
            ],
        ),
        (
            "the account does not exist",
            (None, "nobody.near"),
            ["", "", "no number", "no number"],
        ),
        (
            "the value is of another type",
            rogue(json!("return_other_type")),
            ["", "", "", "not a number"],
        ),
        (
            "the value has 100 bytes",
            rogue(json!({ "return_bytes": 100 })),
            ["", "", "no number", "no number"],
        ),
    ];
    let (mut lines, mut claims) = (String::new(), Vec::new());
    for (title, (behaviour, account), expected) in cases {
        let mut results = Vec::new();
        for (form, expected) in ["unwrap", "vec", "result", "checked"]
            .into_iter()
            .zip(expected)
        {
            let (result, claim) = read(account, behaviour.as_ref(), form, expected);
            results.push(format!("{form:<9}{result}"));
            claims.push(claim);
        }
        let results: Vec<_> = results.iter().map(String::as_str).collect();
        lines.push_str(&text::case(title, &results));
    }
    Figure::table(lines, claims)
}

/// Returns the result of a transaction in which a callback reads a number in this form, and the claim that it returns
/// this text, or fails if the text is empty.
fn read(account: &str, behaviour: Option<&Value>, form: &str, expected: &str) -> (String, Claim) {
    let mut chain = TestChain::with_contract("experiments");
    if let Some(behaviour) = behaviour {
        chain.behave("rogue.near", behaviour.clone());
    }
    let tx = chain.call("read_number", json!({ "counter": account, "form": form }));
    let result = chain.result(tx);
    let holds = match &result {
        Ok(bytes) => !expected.is_empty() && String::from_utf8_lossy(bytes).contains(expected),
        Err(_) => expected.is_empty(),
    };
    (
        text::result(&result),
        claim(&format!("{form} of {account}: {expected}"), holds),
    )
}

/// Shows a promise that waits under a name, and the second that may not.
pub fn yields() -> Figure {
    let (chain, hashes) = wait_and_wake(2);
    let reason = "Another call waits under this name";
    chain
        .figure_of_blocks(
            &hashes,
            returns(json!("Coffee"))
                .then_fails(reason)
                .then_returns(json!(true))
                .fails_at("app.near", "wait", reason)
                .no_balance_moves(),
        )
        .with_inputs(YIELDS.inputs)
}

/// Submits a call that waits, a second one that may not, and some blocks later the word that wakes the first.
fn wait_and_wake(blocks: u64) -> (TestChain, Vec<TxHash>) {
    let mut chain = TestChain::with_contract("experiments");
    let name = json!({ "name": "breakfast" });
    let alice = chain.submit("alice.near", "app.near", vec![call("wait", name.clone())]);
    chain.produce_block();
    let bob = chain.submit("bob.near", "app.near", vec![call("wait", name)]);
    for _ in 0..blocks {
        chain.produce_block();
    }
    let wake = call("wake", json!({ "name": "breakfast", "word": "Coffee" }));
    let wake = chain.submit("bob.near", "app.near", vec![wake]);
    chain.run_to_the_last_yield();
    (chain, vec![alice, bob, wake])
}

/// The word of bob, some blocks after his own call.
pub const YIELDS: Play = Play {
    figure: "calls-yield",
    inputs: &[Input::number(
        "wait",
        "bob wakes it after",
        [0, 250],
        2,
        "blocks",
    )],
    run: |values| {
        let (chain, hashes) = wait_and_wake(values.number("wait"));
        chain.rerun_of_blocks(&hashes)
    },
};
