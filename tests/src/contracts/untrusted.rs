//! The rule that a contract which the caller chooses gets static gas, and no weight.
//!
//! Such a contract is not trusted. With the default weight it may burn all the gas that the caller has
//! attached.

use std::path::Path;

use anyhow::Result;

use super::source::{Body, Chain, Function, dense, functions, starters_and_solutions};
use crate::Problem;

/// Finds calls to contracts of the caller's choice that get more than static gas.
pub fn untrusted(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for folder in starters_and_solutions(root)? {
        for function in functions(root, &folder)? {
            problems.extend(generous_calls(&function));
        }
    }
    Ok(problems)
}

fn generous_calls(function: &Function) -> Vec<Problem> {
    let body = Body::of(function);
    let generous = body
        .chains
        .iter()
        .filter(|chain| goes_to_untrusted(&body, chain) && shares_gas(chain));
    generous
        .map(|chain| {
            let fault = format!(
                "{} calls a contract of the caller's choice: give it `.with_static_gas(…)` and \
                 `.with_unused_gas_weight(0)`",
                function.name
            );
            Problem::at(&function.file, chain.line, fault)
        })
        .collect()
}

/// Returns true if the chain begins with an account that comes neither from the configuration nor from the
/// chain.
fn goes_to_untrusted(body: &Body, chain: &Chain) -> bool {
    let begins = ["::ext", "::ext_on", "Promise::new"];
    let Some(account) = begins.iter().find_map(|path| chain.begins_with(path)) else {
        return false;
    };
    let names = body.names_behind(account);
    !names.contains("partners") && !names.contains("current_account_id")
}

fn shares_gas(chain: &Chain) -> bool {
    if chain.begins_with("Promise::new").is_some() {
        // This is the only action with a weight.
        let weighted = chain.arguments_of("function_call_weight");
        return weighted.is_some_and(|arguments| {
            arguments
                .last()
                .is_none_or(|weight| dense(weight) != "GasWeight(0)")
        });
    }
    let weight = chain.arguments_of("with_unused_gas_weight");
    let has_weight =
        weight.is_none_or(|arguments| arguments.first().map(dense) != Some("0".into()));
    has_weight || chain.arguments_of("with_static_gas").is_none()
}
