//! The rule that a batch with a deposit ends in `with_empty_result`.
//!
//! The result of a batch is that of its last action. A contract can keep the deposit and return a promise that
//! fails. A callback that reads this as a failure refunds the deposit from our own balance. One yoctoNEAR, which
//! standards ask for as a proof, is no loss.

use std::path::Path;

use anyhow::Result;
use syn::Expr;

use super::source::{Body, Chain, Function, dense, functions, starters_and_solutions};
use crate::Problem;

/// The actions that a plain transfer does not have.
const OTHER_ACTIONS: [&str; 9] = [
    "create_account",
    "deploy_contract",
    "function_call",
    "function_call_weight",
    "add_full_access_key",
    "add_access_key_allowance",
    "delete_key",
    "stake",
    "use_global_contract",
];

/// The functions whose batch has the result of the contract, and their files. The council pays nothing back when its calls
/// fail: its members decide on one more attempt. The same is true for a plan of the council. The escrow does not read the
/// result of a mint: it asks who owns the new item.
pub const OPEN: [(&str, &str); 3] = [
    ("studies/council/src/execute.rs", "calls"),
    ("tests/solutions/council/src/plan.rs", "next_step"),
    ("studies/trade/src/crafting.rs", "mint"),
];

/// Finds batches to other contracts that carry a deposit and use the result of the contract as the status of
/// the batch, except in the functions of [`OPEN`].
///
/// A plain transfer has a result of its own, and so has a call of the contract to itself.
pub fn closed(root: &Path) -> Result<Vec<Problem>> {
    closed_but(root, &OPEN)
}

/// Finds the same, except in other functions.
pub fn closed_but(root: &Path, excused: &[(&str, &str)]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for folder in starters_and_solutions(root)? {
        for function in functions(root, &folder)? {
            let is_this = |(file, name): &(&str, &str)| {
                function.file == Path::new(file) && function.name == *name
            };
            if !excused.iter().any(is_this) {
                problems.extend(open_batches(&function));
            }
        }
    }
    Ok(problems)
}

fn open_batches(function: &Function) -> Vec<Problem> {
    let body = Body::of(function);
    let closed = body.names_behind_all(body.closed.clone());
    let open = body.chains.iter().filter(|chain| {
        let goes_to_closed = !chain.goes_to.is_disjoint(&closed);
        let is_status = !is_detached(chain) && !returns_the_used_amount(chain);
        carries_deposit(chain) && is_status && !chain.is_closed && !goes_to_closed
    });
    open.map(|chain| {
        let fault = format!(
            "{} sends a deposit and uses the contract's result as its status: end the batch in `with_empty_result`",
            function.name
        );
        Problem::at(&function.file, chain.line, fault)
    })
    .collect()
}

fn is_detached(chain: &Chain) -> bool {
    chain.arguments_of("detach").is_some() && chain.arguments_of("then").is_none()
}

/// Returns true for a call whose callback needs its value: the tokens that the receiver has used (NEP-141).
fn returns_the_used_amount(chain: &Chain) -> bool {
    chain.arguments_of("ft_transfer_call").is_some()
}

fn carries_deposit(chain: &Chain) -> bool {
    let is_to_itself = chain
        .begins_with("Promise::new")
        .is_some_and(|account| dense(account).ends_with("current_account_id()"))
        || dense(&chain.root).contains("ext_self");
    if is_to_itself {
        return false;
    }
    let is_batch = chain.begins_with("Promise::new").is_none()
        || OTHER_ACTIONS
            .iter()
            .any(|action| chain.arguments_of(action).is_some());
    chain.calls.iter().any(|(method, arguments)| {
        let deposit = match method.as_str() {
            "with_attached_deposit" => arguments.first(),
            "function_call" | "function_call_weight" => arguments.get(2),
            "transfer" if is_batch => arguments.first(),
            _ => None,
        };
        deposit.is_some_and(|deposit| !is_no_loss(deposit))
    })
}

/// Returns true for no deposit, and for the constant of one yoctoNEAR.
fn is_no_loss(deposit: &Expr) -> bool {
    let deposit = dense(deposit);
    ["NearToken::default()", "ONE_YOCTO"].contains(&deposit.as_str())
        || (deposit.starts_with("NearToken::from_") && deposit.ends_with("(0)"))
}
