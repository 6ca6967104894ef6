//! The rules over the sources of the contracts hold; and each way to break them is found.

use book::tree::Tree;
use book_tests::fixture::Fixture;
use book_tests::{Problem, assert_none, assert_one, contracts};
use std::path::Path;

#[test]
fn every_batch_with_a_deposit_answers_for_itself() {
    assert_none(contracts::closed(Tree::here().root()).unwrap());
}

#[test]
fn every_stranger_gets_static_gas_and_no_more() {
    assert_none(contracts::strangers(Tree::here().root()).unwrap());
}

#[test]
fn no_callback_reads_the_configuration() {
    let root = Tree::here();
    let excused = &contracts::EXCUSED;
    assert_none(contracts::configuration(root.root(), excused).unwrap());
}

#[test]
fn every_callback_that_is_excused_reads_the_configuration() {
    for (index, (name, _)) in contracts::EXCUSED.iter().enumerate() {
        let mut others = contracts::EXCUSED.to_vec();
        others.remove(index);

        let problems = contracts::configuration(Tree::here().root(), &others).unwrap();

        let found = |problem: &Problem| problem.message.starts_with(name);
        assert!(problems.iter().any(found), "{name} needs no excuse");
    }
}

#[test]
fn no_chapter_exports_what_readers_must_not_copy() {
    assert_none(contracts::exported(Tree::here().root()).unwrap());
}

const SOURCE: &str = "chapters/parallel/src/money.rs";

/// Three chapters. The last has a method of this text, and `helpers` beside it.
fn with(method: &str, helpers: &str) -> Fixture {
    let book = Fixture::chapters();
    book.write("chapters/parallel/Cargo.toml", "");
    let source = format!("#[near]\nimpl Contract {{\n{method}\n}}\n{helpers}\n");
    book.write(SOURCE, &source);
    book
}

/// A method with this body.
fn body(body: &str) -> Fixture {
    with(
        &format!("pub fn pay(&mut self, book: AccountId) {{\n{body}\n}}"),
        "",
    )
}

type Rule = fn(&Path) -> anyhow::Result<Vec<Problem>>;

#[track_caller]
fn passes(rule: Rule, book: &Fixture) {
    assert_none(rule(book.root()).unwrap());
}

#[track_caller]
fn found(rule: Rule, book: &Fixture, line: usize, message: &str) {
    assert_one(&rule(book.root()).unwrap(), SOURCE, line, message);
}

// ---- Batches with a deposit ----

const DEPOSIT: &str = "\
let batch = guestbook::ext(book).with_attached_deposit(PRICE).add_message(text);
with_empty_result(batch).then(Self::ext_self().pay_callback())";

#[test]
fn a_deposit_in_a_batch_that_is_closed_is_in_order() {
    passes(contracts::closed, &body(DEPOSIT));
}

#[test]
fn a_deposit_in_a_batch_that_is_open_is_found() {
    let open = DEPOSIT.replace("with_empty_result(batch)", "batch");

    found(
        contracts::closed,
        &body(&open),
        4,
        "end the batch in `with_empty_result`",
    );
}

#[test]
fn a_deposit_in_a_batch_that_is_returned_is_found() {
    let returned = "guestbook::ext(book).with_attached_deposit(PRICE).add_message(text)";

    found(contracts::closed, &body(returned), 4, "pay sends a deposit");
}

#[test]
fn a_deposit_that_is_closed_where_it_is_made_is_in_order() {
    passes(
        contracts::closed,
        &body("with_empty_result(book::ext(book).with_attached_deposit(PRICE).add())"),
    );
}

#[test]
fn actions_are_added_to_a_batch_before_it_is_closed() {
    let added = DEPOSIT.replace(
        "with_empty_result(batch)",
        "let batch = token::ext_on(batch).add();\nwith_empty_result(batch)",
    );
    let after = DEPOSIT.replace(
        "with_empty_result(batch)",
        "with_empty_result(batch).function_call(\"add\", args, PRICE, GAS)",
    );

    passes(contracts::closed, &body(&added));
    found(contracts::closed, &body(&after), 5, "pay sends a deposit");
}

#[test]
fn a_batch_that_grows_in_a_loop_is_followed() {
    let grows = "\
let mut batch = Promise::new(book);
for text in texts { batch = guestbook::ext_on(batch).with_attached_deposit(PRICE).add(text); }
with_empty_result(batch).then(callback)";
    let open = grows.replace("with_empty_result(batch)", "batch");

    passes(contracts::closed, &body(grows));
    found(contracts::closed, &body(&open), 5, "pay sends a deposit");
}

#[test]
fn a_transfer_among_other_actions_is_a_deposit() {
    let launch = "Promise::new(book).create_account().transfer(PRICE).then(callback)";

    found(contracts::closed, &body(launch), 4, "pay sends a deposit");
}

#[test]
fn a_lone_transfer_answers_for_itself() {
    passes(
        contracts::closed,
        &body("Promise::new(book).transfer(PRICE).then(callback)"),
    );
}

#[test]
fn a_call_without_money_needs_no_end() {
    let call = "Promise::new(book).function_call(\"add\", args, NearToken::from_near(0), GAS)";

    passes(contracts::closed, &body(call));
}

#[test]
fn the_contract_does_not_cheat_itself() {
    let call = "\
Promise::new(env::current_account_id()).function_call(\"add\", args, PRICE, GAS).then(callback)";

    passes(contracts::closed, &body(call));
}

#[test]
fn solutions_close_their_batches_too() {
    let book = body(DEPOSIT);
    let open = "fn pay() { book::ext(book).with_attached_deposit(PRICE).add().then(callback) }";
    book.write("tests/solutions/parallel/src/open.rs", open);

    let problems = contracts::closed(book.root()).unwrap();

    let file = "tests/solutions/parallel/src/open.rs";
    assert_one(&problems, file, 1, "pay sends a deposit");
}

// ---- Strangers ----

const STRANGER: &str = "\
hello::ext(book).with_static_gas(GAS).with_unused_gas_weight(0).get_greeting().then(callback)";

#[test]
fn a_stranger_with_static_gas_alone_is_in_order() {
    passes(contracts::strangers, &body(STRANGER));
}

#[test]
fn a_stranger_with_the_default_weight_is_found() {
    let generous = STRANGER.replace(".with_unused_gas_weight(0)", "");

    found(
        contracts::strangers,
        &body(&generous),
        4,
        "a contract of the caller's choice",
    );
}

#[test]
fn a_stranger_with_a_weight_is_found() {
    let generous = STRANGER.replace("weight(0)", "weight(1)");

    found(
        contracts::strangers,
        &body(&generous),
        4,
        "a contract of the caller's choice",
    );
}

#[test]
fn a_stranger_without_static_gas_is_found() {
    let nothing = STRANGER.replace(".with_static_gas(GAS)", "");

    found(
        contracts::strangers,
        &body(&nothing),
        4,
        "a contract of the caller's choice",
    );
}

#[test]
fn an_action_of_a_stranger_with_a_weight_is_found() {
    let weighted = "Promise::new(book).function_call_weight(m, a, d, GAS, GasWeight(1))";

    found(
        contracts::strangers,
        &body(weighted),
        4,
        "a contract of the caller's choice",
    );
    passes(
        contracts::strangers,
        &body(&weighted.replace("GasWeight(1)", "GasWeight(0)")),
    );
}

#[test]
fn a_partner_may_have_what_is_left_over() {
    passes(
        contracts::strangers,
        &body("hello::ext(self.partners.hello.clone()).with_static_gas(GAS).get_greeting()"),
    );
    passes(
        contracts::strangers,
        &body("let hello = self.partners.hello.clone();\nhello::ext(hello).get_greeting()"),
    );
}

// ---- Configuration ----

/// A private method with this body, and a helper that reads the configuration.
fn callback(body: &str) -> Fixture {
    let callback = format!(
        "#[private]\npub fn undo(&mut self, counter: AccountId) {{ {body} }}\n\
         fn ask(&self) {{ counter::ext(self.partners.counter.clone()).get_num() }}"
    );
    with(&callback, "")
}

const NO_EXCUSE: Rule = |root| contracts::configuration(root, &[]);

#[test]
fn a_callback_that_is_told_whom_to_call_is_in_order() {
    passes(NO_EXCUSE, &callback("counter::ext(counter).decrement()"));
}

#[test]
fn a_callback_that_reads_the_configuration_is_found() {
    for read in [
        "self.partners.counter",
        "self.money.oracle",
        "self.money.token",
    ] {
        found(NO_EXCUSE, &callback(read), 4, "undo reads a configuration");
    }
}

#[test]
fn a_callback_whose_helper_reads_the_configuration_is_found() {
    found(
        NO_EXCUSE,
        &callback("self.ask()"),
        4,
        "undo reads a configuration",
    );
}

#[test]
fn a_callback_that_is_excused_may_read_the_configuration() {
    let book = callback("self.ask()");

    assert_none(contracts::configuration(book.root(), &[("undo", "it undoes nothing")]).unwrap());
}

#[test]
fn a_method_reads_the_configuration() {
    passes(NO_EXCUSE, &body("self.partners.counter"));
}

// ---- Exports ----

#[test]
fn an_exported_method_that_is_there_to_be_robbed_is_found() {
    let vulnerable = "pub fn vulnerable_withdraw(&mut self) {}";

    found(
        contracts::exported,
        &with(vulnerable, ""),
        3,
        "vulnerable_withdraw is there",
    );
}

#[test]
fn an_exported_method_that_takes_gas_is_found() {
    let gas = "pub fn count(&mut self, gas: Option<Gas>) {}";

    found(
        contracts::exported,
        &with(gas, ""),
        3,
        "count lets its caller choose gas",
    );
}

#[test]
fn what_is_not_exported_may_take_gas() {
    let helper = "fn count(gas: Gas) {}\nimpl Contract { pub fn add(&self, gas: Gas) {} }";

    passes(
        contracts::exported,
        &with("fn count(&self, gas: Gas) {}", helper),
    );
}

#[test]
fn tests_are_free_to_do_as_they_like() {
    let tests = "#[cfg(test)]\nmod tests { fn pay() { book::ext(book).with_attached_deposit(PRICE).add(); } }";

    passes(contracts::closed, &with("", tests));
    passes(contracts::strangers, &with("", tests));
}
