//! The ready-made invariants: each holds where it must, and finds its fault.

use chain::explore::{
    Explore, at_most_once, has_a_single_holder, is_empty, no_money_appears,
    takes_out_no_more_than_it_put_in, tokens_are_conserved,
};
use near_primitives::action::DeployContractAction;
use serde_json::json;

use super::*;

fn is_broken(explore: Explore) -> bool {
    explored(explore).counterexample.is_some()
}

fn bytes(values: &[Vec<u8>]) -> Vec<u8> {
    [number(values.len()), values.concat()].concat()
}

/// Returns a number as wasm writes it, with and without a sign: LEB128.
fn number(mut value: usize) -> Vec<u8> {
    let mut written = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        // Bit 6 of the last byte is the sign.
        if value == 0 && low < 0x40 {
            written.push(low);
            return written;
        }
        written.push(low | 0x80);
    }
}

fn text(value: &str) -> Vec<u8> {
    [number(value.len()), value.into()].concat()
}

fn section(id: u8, body: Vec<u8>) -> Vec<u8> {
    [vec![id], number(body.len()), body].concat()
}

/// Returns the code of a contract whose methods return these values.
fn contract(methods: &[(&str, &str)]) -> Vec<u8> {
    const I64: u8 = 0x7e;
    let returns_nothing = |parameters: &[u8]| {
        [
            vec![0x60],
            number(parameters.len()),
            parameters.to_vec(),
            vec![0],
        ]
        .concat()
    };
    let types = bytes(&[returns_nothing(&[I64, I64]), returns_nothing(&[])]);
    let import = [text("env"), text("value_return"), vec![0, 0]].concat();
    let functions: Vec<_> = methods.iter().map(|_| vec![1]).collect();
    let mut exports = vec![[text("memory"), vec![2, 0]].concat()];
    let (mut bodies, mut data) = (Vec::new(), String::new());
    for (index, (method, value)) in methods.iter().enumerate() {
        exports.push([text(method), vec![0], number(index + 1)].concat());
        let body = [
            vec![0, 0x42],
            number(value.len()),
            vec![0x42],
            number(data.len()),
            vec![0x10, 0, 0x0b],
        ]
        .concat();
        bodies.push([number(body.len()), body].concat());
        data += value;
    }
    let data = [vec![0, 0x41, 0, 0x0b], text(&data)].concat();
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, types),
        section(2, bytes(&[import])),
        section(3, bytes(&functions)),
        section(5, bytes(&[vec![0, 1]])),
        section(7, bytes(&exports)),
        section(10, bytes(&bodies)),
        section(11, bytes(&[data])),
    ]
    .concat()
}

/// Returns a chain whose account `d.near` has a contract with these methods.
fn chain_with(methods: &[(&str, &str)]) -> Chain {
    let mut chain = probes();
    deploy(&mut chain, D, &contract(methods));
    chain
}

fn deploys(methods: &[(&str, &str)]) -> Vec<Action> {
    let code = contract(methods);
    vec![Action::DeployContract(DeployContractAction { code })]
}

#[test]
fn money_that_moves_between_accounts_does_not_appear() {
    let pays = || Explore::new("pays", &probes()).transaction(ALICE, BOB, vec![transfer(near(1))]);
    let of = |ids: &[&str]| pays().always("no money appears", no_money_appears(ids));
    assert!(!is_broken(of(&[ALICE, BOB])));
    assert!(is_broken(of(&[BOB])));
}

#[test]
fn nobody_takes_out_more_than_what_a_contract_holds_for_him() {
    let gets = || Explore::new("gets", &probes()).transaction(ALICE, BOB, vec![transfer(near(1))]);
    let holds = |claim: u128| {
        gets().at_rest(
            "bob",
            takes_out_no_more_than_it_put_in(BOB, move |view| {
                let is_paid = view.balance(BOB) > near(100);
                Ok(if is_paid {
                    0
                } else {
                    near(claim).as_yoctonear()
                })
            }),
        )
    };
    assert!(!is_broken(holds(1)));
    assert!(is_broken(holds(0)));
}

#[test]
fn tokens_are_neither_minted_nor_held_twice() {
    let of = |supply: &'static str| [("ft_total_supply", supply), ("ft_balance_of", r#""6""#)];
    let start = chain_with(&of(r#""10""#));
    let held_by = |holders: &[&str]| {
        Explore::new("tokens", &start).always("conserved", tokens_are_conserved(D, holders))
    };
    assert!(!is_broken(held_by(&[ALICE])));
    assert!(is_broken(held_by(&[ALICE, BOB])));
    let minted = held_by(&[ALICE]).transaction(D, D, deploys(&of(r#""11""#)));
    assert!(is_broken(minted));
}

#[test]
fn a_token_has_one_of_its_holders() {
    let start = chain_with(&[("nft_token", r#"{"owner_id":"alice.near"}"#)]);
    let held_by = |holders: &[&str]| {
        Explore::new("nft", &start).always("holder", has_a_single_holder(D, "1", holders))
    };
    assert!(!is_broken(held_by(&[ALICE, BOB])));
    assert!(is_broken(held_by(&[BOB])));
    let burnt = held_by(&[ALICE]).transaction(D, D, deploys(&[("nft_token", "null")]));
    assert!(is_broken(burnt));
}

#[test]
fn nothing_is_left_where_a_view_is_empty() {
    for (value, expected) in [
        ("null", false),
        (r#""0""#, false),
        ("[]", false),
        ("{}", false),
        ("false", false),
        ("0", false),
        (r#""7""#, true),
        ("[1]", true),
        ("true", true),
    ] {
        let start = chain_with(&[("get_owed", value)]);
        let explore = Explore::new("owed", &start)
            .at_end("nothing is owed", is_empty(D, "get_owed", json!({})));
        assert_eq!(is_broken(explore), expected, "{value}");
    }
}

#[test]
fn a_missing_view_breaks_an_invariant() {
    let explore = Explore::new("owed", &probes())
        .at_end("nothing is owed", is_empty(D, "get_owed", json!({})));
    assert!(is_broken(explore));
}

#[test]
fn a_fact_that_comes_twice_is_found() {
    let logs = |text: &str| runs(json!([{"log": {"text": text}}]));
    let of = |first: &str, second: &str| {
        Explore::new("logs", &probes())
            .transaction(ALICE, A, logs(first))
            .transaction(BOB, B, logs(second))
            .remember(|outcome| outcome.outcome.logs.first().cloned())
            .always("it is paid at most once", at_most_once("paid"))
    };
    assert!(!is_broken(of("paid", "refused")));
    assert!(is_broken(of("paid", "paid")));
}
