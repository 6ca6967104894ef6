//! The differences between two runs of a figure, with the contract as it is committed and as a reader has edited it:
//! those of its transactions, and those of its text.

use near_primitives::types::Gas;
use similar::{ChangeTag, TextDiff};
use trace::text::{signed_near, tgas, value};
use trace::{Receipt, Transaction, TransactionResult, action, balances};

/// Returns a sentence for each difference between the committed and the edited contract: results, receipts that fail
/// or succeed, logs, balances.
pub fn differences(committed: &[Transaction], edited: &[Transaction]) -> Vec<String> {
    let letters = |index: usize| match edited.len() {
        1 => String::new(),
        _ => char::from(b'A' + index as u8).to_string(),
    };
    let pairs = committed.iter().zip(edited).enumerate();
    let mut sentences: Vec<String> = pairs
        .flat_map(|(index, (before, now))| of_transaction(before, now, &letters(index)))
        .collect();
    if committed.len() != edited.len() {
        let (before, now) = (committed.len(), edited.len());
        sentences.push(format!(
            "The number of transactions is {now} instead of {before}."
        ));
    }
    sentences.extend(of_balances(committed, edited));
    sentences
}

/// Returns the difference between the gas that the transactions burn, if there is one.
pub fn gas(committed: &[Transaction], edited: &[Transaction]) -> Option<String> {
    of_gas(total(committed), total(edited))
}

fn of_transaction(before: &Transaction, now: &Transaction, letter: &str) -> Vec<String> {
    let mut sentences: Vec<_> = of_results(before, now, letter).into_iter().collect();
    let is_same = |(one, other): &(&Receipt, &Receipt)| title(one) == title(other);
    let pairs = before.receipts().iter().zip(now.receipts());
    // Behind the first receipt that is another one, the numbers say nothing.
    let pairs: Vec<_> = pairs.take_while(is_same).collect();
    sentences.extend(
        pairs
            .iter()
            .filter_map(|(before, now)| of_receipts(before, now, letter)),
    );
    let (was, is) = (before.receipts(), now.receipts());
    if was.len() != is.len() {
        let (was, is) = (was.len(), is.len());
        sentences.push(format!("The number of receipts is {is} instead of {was}."));
    } else if let Some(other) = is.get(pairs.len()) {
        let (was, is) = (title(&was[pairs.len()]), title(other));
        let number = other.number;
        sentences.push(format!(
            "Receipt {letter}{number} is {is} instead of {was}."
        ));
    }
    sentences
}

/// Returns the difference between the results of a transaction, if there is one.
fn of_results(before: &Transaction, now: &Transaction, letter: &str) -> Option<String> {
    use TransactionResult::{Failure, Pending, Value};

    if before.result == now.result {
        return None;
    }
    let name = match letter {
        "" => "The transaction".to_owned(),
        letter => format!("Transaction {letter}"),
    };
    let sentence = match (&before.result, &now.result) {
        (Value(was), Value(is)) => {
            format!("{name} returns {} instead of {}.", value(is), value(was))
        }
        (Failure(_), Failure(is)) => format!("{name} fails for another reason: {}", is.message),
        (_, Value(is)) => format!("{name} now succeeds and returns {}.", value(is)),
        (_, Failure(is)) => format!("{name} now fails: {}", is.message),
        (_, Pending) => format!("{name} does not end."),
    };
    Some(sentence)
}

/// Returns the difference between the ends of a receipt, if there is one.
fn of_receipts(before: &Receipt, now: &Receipt, letter: &str) -> Option<String> {
    let kind = match now.is_callback() {
        true => "The callback",
        false => "Receipt",
    };
    let name = format!("{kind} {letter}{} ({})", now.number, title(now));
    match (before.failure(), now.failure()) {
        (None, Some(failure)) => Some(format!("{name} now fails: {}", failure.message)),
        (Some(_), None) => Some(format!("{name} now succeeds.")),
        (Some(was), Some(is)) if was != is => {
            Some(format!("{name} fails for another reason: {}", is.message))
        }
        _ if before.logs != now.logs => Some(format!("{name} logs other lines.")),
        _ => None,
    }
}

/// Returns the account and the actions of a receipt.
fn title(receipt: &Receipt) -> String {
    let actions: Vec<_> = receipt.actions.iter().map(action::name).collect();
    format!("{} on {}", actions.join(", "), receipt.receiver)
}

fn of_balances(committed: &[Transaction], edited: &[Transaction]) -> Vec<String> {
    let (before, now) = (balances::changes(committed), balances::changes(edited));
    let mut accounts: Vec<_> = before.keys().chain(now.keys()).collect();
    accounts.sort();
    accounts.dedup();
    let pairs = accounts.into_iter().map(|account| {
        let of = |changes: &std::collections::BTreeMap<_, i128>| {
            changes.get(account).copied().unwrap_or_default()
        };
        (account, of(&before), of(&now))
    });
    pairs
        .filter(|(_, before, now)| before != now)
        .map(|(account, before, now)| {
            let (before, now) = (signed_near(before), signed_near(now));
            format!("The balance of {account} changes by {now} instead of {before}.")
        })
        .collect()
}

fn of_gas(before: Gas, now: Gas) -> Option<String> {
    let (difference, word) = match before < now {
        true => (now.saturating_sub(before), "more"),
        false => (before.saturating_sub(now), "less"),
    };
    if difference == Gas::ZERO {
        return None;
    }
    // A thousandth of a Tgas is the smallest number that pages show.
    if difference < Gas::from_gigagas(1) {
        return Some(format!("The run burns less than 0.001\u{a0}Tgas {word}."));
    }
    let (difference, before, now) = (tgas(difference), tgas(before), tgas(now));
    Some(format!(
        "The run burns {difference} {word}: {now} instead of {before}."
    ))
}

fn total(transactions: &[Transaction]) -> Gas {
    let burnt = transactions.iter().map(Transaction::total_gas_burnt);
    burnt.fold(Gas::ZERO, Gas::saturating_add)
}

/// Returns the lines in which two texts differ: after a `-` those with the committed contract, after a `+` those with the
/// edited one. The indentation that all of them have is left out.
pub fn lines(committed: &str, edited: &str) -> Vec<String> {
    let diff = TextDiff::from_lines(committed, edited);
    let changes = diff.iter_all_changes().filter_map(|change| {
        let mark = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => return None,
        };
        Some((mark, change.value().trim_end()))
    });
    let changes: Vec<_> = changes.collect();
    let indented = changes.iter().filter(|(_, line)| !line.is_empty());
    let indentation = indented.map(|(_, line)| line.len() - line.trim_start_matches(' ').len());
    let indentation = indentation.min().unwrap_or_default();
    let lines = changes.into_iter().map(|(mark, line)| {
        let line = line.get(indentation..).unwrap_or_default();
        format!("{mark} {line}").trim_end().to_owned()
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use near_primitives::types::Balance;
    use serde_json::{Value, json};

    use super::*;
    use crate::test_chain::{ONE_TOKEN, TestChain, call, paid, with_gas};

    /// Returns a call whose callback has this program, with a deposit that `app.near` keeps if it succeeds.
    fn run(callback: Value) -> Vec<Transaction> {
        let returns = json!([{ "return": { "text": "1" } }]);
        let run = |program| json!({ "run": { "program": program, "tgas": 20, "weight": 0 } });
        let program = json!([
            { "create": { "to": "one.near", "actions": [run(returns)] } },
            { "then": { "after": 0, "to": "app.near", "actions": [run(callback)] } },
            { "return_promise": { "of": 1 } },
        ]);
        let action = with_gas(call("run", json!({ "program": program })), 100);
        let mut chain = TestChain::probes();
        let action = paid(action, Balance::from_yoctonear(ONE_TOKEN));
        let tx = chain.send("alice.near", "app.near", vec![action]);
        vec![chain.transaction(tx)]
    }

    fn returns(text: &str) -> Value {
        json!([{ "return": { "text": text } }])
    }

    fn sentences(before: Value, now: Value) -> Vec<String> {
        let sentences = differences(&run(before), &run(now)).into_iter();
        sentences
            .map(|sentence| sentence.replace('\u{a0}', " "))
            .collect()
    }

    #[test]
    fn the_same_run_has_no_difference() {
        assert_eq!(sentences(returns("1"), returns("1")), Vec::<String>::new());
    }

    #[test]
    fn another_result_is_a_difference_with_both_values() {
        let found = sentences(returns("1"), returns("2"));

        assert_eq!(found, ["The transaction returns 2 instead of 1."]);
    }

    #[test]
    fn a_callback_that_fails_is_named() {
        let found = sentences(returns("1"), json!([{ "panic": { "text": "on purpose" } }]));

        assert!(
            found[0].starts_with("The transaction now fails: "),
            "{found:#?}"
        );
        assert!(
            found[1].starts_with("The callback 3 (run on app.near) now fails: "),
            "{found:#?}"
        );
    }

    #[test]
    fn a_further_receipt_is_counted() {
        let call = json!({ "run": { "program": returns("1"), "tgas": 5, "weight": 0 } });
        let further = json!([{ "create": { "to": "two.near", "actions": [call] } }]);

        let found = sentences(json!([]), further);

        assert!(
            found.contains(&"The number of receipts is 4 instead of 3.".to_owned()),
            "{found:#?}"
        );
    }

    #[test]
    fn money_that_goes_elsewhere_is_a_difference() {
        let pay = json!({ "transfer": { "yocto": ONE_TOKEN.to_string() } });
        let pays = json!([{ "create": { "to": "two.near", "actions": [pay] } }]);

        let found = sentences(json!([]), pays);

        let balance = "The balance of two.near changes by +1 NEAR instead of +0 NEAR.";
        assert!(found.contains(&balance.to_owned()), "{found:#?}");
    }

    #[test]
    fn the_lines_of_a_table_that_differ_are_marked() {
        let found = lines("calls\n1  true\n2  true\n", "calls\n1  true\n2  false\n");

        assert_eq!(found, ["- 2  true", "+ 2  false"]);
    }

    #[test]
    fn the_indentation_of_all_lines_that_differ_is_left_out() {
        let found = lines("call\n    a\n", "call\n    b\n\n      c\n");

        assert_eq!(found, ["- a", "+ b", "+", "+   c"]);
    }

    #[test]
    fn more_gas_is_a_difference_with_both_amounts() {
        let before = Gas::from_gigagas(12_000);

        let sentence = of_gas(before, Gas::from_gigagas(12_400)).unwrap();

        let words = "The run burns 0.400 Tgas more: 12.400 Tgas instead of 12 Tgas.";
        assert_eq!(sentence.replace('\u{a0}', " "), words);
    }

    #[test]
    fn a_little_less_gas_is_not_rounded_to_nothing() {
        let sentence = of_gas(Gas::from_gas(1_000), Gas::from_gas(999)).unwrap();

        assert!(
            sentence.contains("less than 0.001\u{a0}Tgas less"),
            "{sentence}"
        );
    }
}
