//! Tests of the rules for the sources of the contracts, on this book and on books that break them.

use std::path::Path;

use book_tests::fixture::Fixture;
use book_tests::{Problem, assert_none, assert_one, contracts};
use manuscript::layout::Tree;

#[test]
fn every_batch_with_a_deposit_ends_in_with_empty_result() {
    assert_none(contracts::closed(Tree::here().root()).unwrap());
}

#[test]
fn every_excused_batch_has_the_result_of_the_contract() {
    for (_, name) in contracts::OPEN {
        let problems = contracts::closed_but(Tree::here().root(), &[]).unwrap();

        let found = |problem: &Problem| problem.message.starts_with(name);
        assert!(
            problems.iter().any(found),
            "{name} has no open batch: remove its entry"
        );
    }
}

#[test]
fn every_contract_of_the_callers_choice_gets_static_gas_only() {
    assert_none(contracts::untrusted(Tree::here().root()).unwrap());
}

#[test]
fn no_callback_reads_the_configuration() {
    let root = Tree::here();
    let excused = &contracts::EXCUSED;
    assert_none(contracts::configuration(root.root(), excused).unwrap());
}

#[test]
fn every_excused_callback_reads_the_configuration() {
    for (index, (name, _)) in contracts::EXCUSED.iter().enumerate() {
        let mut others = contracts::EXCUSED.to_vec();
        others.remove(index);

        let problems = contracts::configuration(Tree::here().root(), &others).unwrap();

        let found = |problem: &Problem| problem.message.starts_with(name);
        assert!(
            problems.iter().any(found),
            "{name} does not read the configuration: remove its entry"
        );
    }
}

#[test]
fn no_chapter_exports_a_method_that_readers_must_not_copy() {
    assert_none(contracts::exported(Tree::here().root()).unwrap());
}

#[test]
fn every_callback_that_moves_money_is_called_with_forged_results() {
    assert_none(contracts::forged(Tree::here().root()).unwrap());
}

const SOURCE: &str = "chapters/parallel/src/money.rs";

/// Creates three chapters. The last has a method with this text, and `helpers` beside it.
fn with(method: &str, helpers: &str) -> Fixture {
    let book = Fixture::chapters();
    book.write("chapters/parallel/Cargo.toml", "");
    let source = format!("#[near]\nimpl Contract {{\n{method}\n}}\n{helpers}\n");
    book.write(SOURCE, &source);
    book
}

/// Creates a method with this body.
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
fn a_deposit_in_a_closed_batch_has_no_problem() {
    passes(contracts::closed, &body(DEPOSIT));
}

#[test]
fn a_deposit_in_an_open_batch_is_found() {
    let open = DEPOSIT.replace("with_empty_result(batch)", "batch");

    found(
        contracts::closed,
        &body(&open),
        4,
        "end the batch in `with_empty_result`",
    );
}

#[test]
fn a_deposit_in_a_returned_batch_is_found() {
    let returned = "guestbook::ext(book).with_attached_deposit(PRICE).add_message(text)";

    found(contracts::closed, &body(returned), 4, "pay sends a deposit");
}

#[test]
fn a_deposit_added_inside_with_empty_result_has_no_problem() {
    passes(
        contracts::closed,
        &body("with_empty_result(book::ext(book).with_attached_deposit(PRICE).add())"),
    );
}

#[test]
fn a_transfer_of_tokens_whose_used_amount_the_callback_reads_has_no_problem() {
    passes(
        contracts::closed,
        &body("token::ext(token).with_attached_deposit(YOCTO).ft_transfer_call(pool).then(done)"),
    );
}

#[test]
fn a_deposit_added_after_with_empty_result_is_found() {
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
fn a_deposit_added_in_a_loop_is_found() {
    let grows = "\
let mut batch = Promise::new(book);
for text in texts { batch = guestbook::ext_on(batch).with_attached_deposit(PRICE).add(text); }
with_empty_result(batch).then(callback)";
    let open = grows.replace("with_empty_result(batch)", "batch");

    passes(contracts::closed, &body(grows));
    found(contracts::closed, &body(&open), 5, "pay sends a deposit");
}

#[test]
fn a_transfer_among_other_actions_is_found() {
    let launch = "Promise::new(book).create_account().transfer(PRICE).then(callback)";

    found(contracts::closed, &body(launch), 4, "pay sends a deposit");
}

#[test]
fn a_plain_transfer_has_no_problem() {
    passes(
        contracts::closed,
        &body("Promise::new(book).transfer(PRICE).then(callback)"),
    );
}

#[test]
fn a_call_without_a_deposit_has_no_problem() {
    let call = "Promise::new(book).function_call(\"add\", args, NearToken::from_near(0), GAS)";

    passes(contracts::closed, &body(call));
}

#[test]
fn one_yoctonear_in_an_open_batch_has_no_problem() {
    let call = "nft::ext(nft).with_attached_deposit(ONE_YOCTO).nft_transfer().then(callback)";

    passes(contracts::closed, &body(call));
}

#[test]
fn a_deposit_to_the_contract_itself_has_no_problem() {
    let call = "\
Promise::new(env::current_account_id()).function_call(\"add\", args, PRICE, GAS).then(callback)";

    passes(contracts::closed, &body(call));
}

#[test]
fn an_open_batch_in_a_solution_is_found() {
    let book = body(DEPOSIT);
    let open = "fn pay() { book::ext(book).with_attached_deposit(PRICE).add().then(callback) }";
    book.write("tests/solutions/parallel/src/open.rs", open);

    let problems = contracts::closed(book.root()).unwrap();

    let file = "tests/solutions/parallel/src/open.rs";
    assert_one(&problems, file, 1, "pay sends a deposit");
}

// ---- Untrusted contracts ----

const UNTRUSTED: &str = "\
hello::ext(book).with_static_gas(GAS).with_unused_gas_weight(0).get_greeting().then(callback)";

#[test]
fn a_chosen_contract_with_static_gas_only_has_no_problem() {
    passes(contracts::untrusted, &body(UNTRUSTED));
}

#[test]
fn a_chosen_contract_with_the_default_weight_is_found() {
    let generous = UNTRUSTED.replace(".with_unused_gas_weight(0)", "");

    found(
        contracts::untrusted,
        &body(&generous),
        4,
        "a contract of the caller's choice",
    );
}

#[test]
fn a_chosen_contract_with_a_weight_is_found() {
    let generous = UNTRUSTED.replace("weight(0)", "weight(1)");

    found(
        contracts::untrusted,
        &body(&generous),
        4,
        "a contract of the caller's choice",
    );
}

#[test]
fn a_chosen_contract_without_static_gas_is_found() {
    let nothing = UNTRUSTED.replace(".with_static_gas(GAS)", "");

    found(
        contracts::untrusted,
        &body(&nothing),
        4,
        "a contract of the caller's choice",
    );
}

#[test]
fn an_action_with_a_weight_for_a_chosen_contract_is_found() {
    let weighted = "Promise::new(book).function_call_weight(m, a, d, GAS, GasWeight(1))";

    found(
        contracts::untrusted,
        &body(weighted),
        4,
        "a contract of the caller's choice",
    );
    passes(
        contracts::untrusted,
        &body(&weighted.replace("GasWeight(1)", "GasWeight(0)")),
    );
}

#[test]
fn a_partner_with_the_default_weight_has_no_problem() {
    passes(
        contracts::untrusted,
        &body("hello::ext(self.partners.hello.clone()).with_static_gas(GAS).get_greeting()"),
    );
    passes(
        contracts::untrusted,
        &body("let hello = self.partners.hello.clone();\nhello::ext(hello).get_greeting()"),
    );
}

// ---- Configuration ----

/// Creates a private method with this body, and a helper that reads the configuration.
fn callback(body: &str) -> Fixture {
    let callback = format!(
        "#[private]\npub fn undo(&mut self, counter: AccountId) {{ {body} }}\n\
         fn ask(&self) {{ counter::ext(self.partners.counter.clone()).get_num() }}"
    );
    with(&callback, "")
}

const NO_EXCUSE: Rule = |root| contracts::configuration(root, &[]);

#[test]
fn a_callback_that_gets_the_partner_as_an_argument_has_no_problem() {
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
fn an_excused_callback_may_read_the_configuration() {
    let book = callback("self.ask()");

    assert_none(
        contracts::configuration(book.root(), &[("undo", "it compensates nothing")]).unwrap(),
    );
}

#[test]
fn a_method_that_is_no_callback_may_read_the_configuration() {
    passes(NO_EXCUSE, &body("self.partners.counter"));
}

// ---- Exports ----

#[test]
fn an_exported_vulnerable_method_is_found() {
    let vulnerable = "pub fn vulnerable_withdraw(&mut self) {}";

    found(
        contracts::exported,
        &with(vulnerable, ""),
        3,
        "vulnerable_withdraw is a vulnerable example",
    );
}

#[test]
fn a_callback_that_anyone_can_call_is_found() {
    let callback = "pub fn count_callback(&mut self) {}";

    found(
        contracts::exported,
        &with(callback, ""),
        3,
        "count_callback can be called by anyone: write `#[private]` above it",
    );
}

#[test]
fn a_private_callback_has_no_problem() {
    let callback = "#[private]\npub fn count_callback(&mut self) {}";

    passes(contracts::exported, &with(callback, ""));
}

#[test]
fn an_exported_method_with_gas_as_an_argument_is_found() {
    let gas = "pub fn count(&mut self, gas: Option<Gas>) {}";

    found(
        contracts::exported,
        &with(gas, ""),
        3,
        "count lets its caller choose gas",
    );
}

#[test]
fn a_private_function_may_have_gas_as_an_argument() {
    let helper = "fn count(gas: Gas) {}\nimpl Contract { pub fn add(&self, gas: Gas) {} }";

    passes(
        contracts::exported,
        &with("fn count(&self, gas: Gas) {}", helper),
    );
}

#[test]
fn unit_tests_have_no_problem() {
    let tests = "#[cfg(test)]\nmod tests { fn pay() { book::ext(book).with_attached_deposit(PRICE).add(); } }";

    passes(contracts::closed, &with("", tests));
    passes(contracts::untrusted, &with("", tests));
}

// ---- Forged promise results ----

const PAYMENT: &str = "#[private]\npub fn pay_callback(&mut self, amount: NearToken) {}";

#[test]
fn a_callback_with_an_amount_that_no_scenario_forges_is_found() {
    found(
        contracts::forged,
        &with(PAYMENT, ""),
        4,
        "pay_callback is called with no forged promise result: add it to a scenario in runs/src/money/orders",
    );
}

#[test]
fn a_callback_that_a_scenario_forges_has_no_problem() {
    let book = with(PAYMENT, "");
    let run = r#"fn in_chapter() { explore(forgery("pay_callback")) }"#;
    book.write("runs/src/money/orders/forged.rs", run);

    passes(contracts::forged, &book);
}

#[test]
fn a_callback_that_moves_no_money_needs_no_forgery() {
    let callback = "#[private]\npub fn count_callback(&mut self) {}";

    passes(contracts::forged, &with(callback, ""));
}

#[test]
fn a_callback_of_a_study_that_is_only_called_without_a_result_is_found() {
    let book = with("", "");
    let sale = "#[near]\nimpl Contract {\n#[private]\npub fn buy_callback(&mut self) {}\n}\n";
    book.write("studies/market/Cargo.toml", "");
    book.write("studies/market/src/sale.rs", sale);
    let run = r#"fn rogue() { call_back("buy_callback") }"#;
    book.write("runs/src/studies/market/orders.rs", run);

    let problems = contracts::forged(book.root()).unwrap();

    let fault = "buy_callback is called with no forged promise result";
    assert_one(&problems, "studies/market/src/sale.rs", 4, fault);
}
