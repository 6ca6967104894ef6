// ANCHOR: all
//! A list of methods with their gas, and the comparison of two such lists.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Context;
use near_workspaces::types::Gas;

// ANCHOR: bounds
/// The bounds of a call's gas, in percent of its budget. Another compiler and a few more lines of
/// code stay within them. Beyond them somebody has to decide.
const DEARER: u64 = 110;
const CHEAPER: u64 = 80;
// ANCHOR_END: bounds

/// Methods and their gas, in Ggas.
#[derive(Debug, Default, PartialEq)]
pub struct Budget(BTreeMap<String, u64>);

impl Budget {
    /// Records the gas that a call has burnt.
    pub fn record(&mut self, method: &str, gas: Gas) {
        self.0.insert(method.to_string(), gas.as_ggas());
    }

    pub fn read(path: &str) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
        Self::parse(&text)
    }

    /// Replaces the entries in the file, and keeps the comments above and below them.
    pub fn write(&self, path: &str) -> anyhow::Result<()> {
        let before = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
        let after = self.between_comments_of(&before);
        fs::write(path, after).with_context(|| format!("cannot write {path}"))
    }

    /// Parses lines of the form `method = gas`, between comments.
    fn parse(text: &str) -> anyhow::Result<Self> {
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let entries = lines.map(|line| {
            let (method, gas) = line
                .split_once(" = ")
                .with_context(|| format!("`{line}` is not `method = gas`"))?;
            let gas = gas
                .parse()
                .with_context(|| format!("`{gas}` is no number"))?;
            Ok((method.to_string(), gas))
        });
        Ok(Self(entries.collect::<anyhow::Result<_>>()?))
    }

    fn between_comments_of(&self, before: &str) -> String {
        let is_comment = |line: &&str| line.starts_with('#');
        let above = before.lines().take_while(is_comment).map(str::to_string);
        let entries = self
            .0
            .iter()
            .map(|(method, gas)| format!("{method} = {gas}"));
        let rest = before.lines().skip_while(is_comment);
        let below = rest.filter(is_comment).map(str::to_string);
        let lines = above.chain(entries).chain(below);
        lines.map(|line| line + "\n").collect()
    }

    // ANCHOR: faults
    /// Returns the differences between the budget and `measured` as a table, or an empty text when
    /// there are none.
    pub fn faults(&self, measured: &Self) -> String {
        let methods = self.0.keys().chain(measured.0.keys());
        let mut table = String::new();
        for method in methods.collect::<std::collections::BTreeSet<_>>() {
            let (budget, now) = (self.0.get(method), measured.0.get(method));
            let fault = match (budget, now) {
                (Some(budget), Some(now)) if now * 100 > budget * DEARER => {
                    "dearer: make it cheaper, or raise its budget"
                }
                (Some(budget), Some(now)) if now * 100 < budget * CHEAPER => {
                    "cheaper: lower its budget"
                }
                (Some(_), Some(_)) => continue,
                (None, _) => "has no budget: give it one",
                (_, None) => "is not measured: measure it, or remove its budget",
            };
            let text = |gas: Option<&u64>| gas.map_or("-".to_string(), u64::to_string);
            let (budget, now) = (text(budget), text(now));
            table.push_str(&format!("{method:24} {budget:>7} → {now:>7}  {fault}\n"));
        }
        table
    }
    // ANCHOR_END: faults
}

fn budget(entries: &[(&str, u64)]) -> Budget {
    let entries = entries.iter().map(|(name, gas)| (name.to_string(), *gas));
    Budget(entries.collect())
}

#[test]
fn a_budget_that_was_written_can_be_read() {
    let budget = budget(&[("count", 9_100), ("query_greeting", 4_550)]);

    let written = budget.between_comments_of("# above\ncount = 1\n# below\n");

    assert_eq!(
        written,
        "# above\ncount = 9100\nquery_greeting = 4550\n# below\n"
    );
    assert_eq!(Budget::parse(&written).unwrap(), budget);
}

#[test]
fn an_invalid_line_is_an_error() {
    for line in ["count", "count = much"] {
        assert!(Budget::parse(line).is_err(), "{line}");
    }
}

#[test]
fn a_call_within_its_bounds_has_no_fault() {
    let budget_of = budget(&[("count", 1_000)]);

    for gas in [800, 1_000, 1_100] {
        assert_eq!(budget_of.faults(&budget(&[("count", gas)])), "");
    }
}

// ANCHOR: test_faults
#[test]
fn each_kind_of_fault_is_in_the_table() {
    let allowed = budget(&[("count", 1_000), ("greet", 1_000), ("sign", 1_000)]);
    let measured = budget(&[("count", 1_101), ("greet", 799), ("wave", 500)]);

    let faults = allowed.faults(&measured);

    assert_eq!(
        faults.lines().collect::<Vec<_>>(),
        [
            "count                       1000 →    1101  dearer: make it cheaper, or raise its budget",
            "greet                       1000 →     799  cheaper: lower its budget",
            "sign                        1000 →       -  is not measured: measure it, or remove its budget",
            "wave                           - →     500  has no budget: give it one",
        ]
    );
}
// ANCHOR_END: test_faults
// ANCHOR_END: all
