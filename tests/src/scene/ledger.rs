//! Where the gas of a transaction went: what each receipt had, burnt, passed on and left over.
//!
//! Only calls are known here; the fees of other actions are not needed yet.

use embedded_sandbox::Chain;
use near_parameters::ActionCosts;
use near_primitives::action::Action;
use near_primitives::types::{Balance, Gas};

use super::receipts::{Executed, Receipts, RefundKind};
use super::text::{about_near, near, table, tgas};

pub(super) fn gas_ledger(chain: &Chain, receipts: &Receipts) -> String {
    let bought = bought(chain, &receipts.executed[&1]);
    let sent = receipts.outcome.outcome.gas_burnt;
    let mut rows = vec![
        ["", "has", "burns", "passes on", "leaves over"]
            .map(str::to_owned)
            .to_vec(),
        row("the transaction", sum([sent, bought]), sent, bought),
    ];
    let mut left_over = Gas::ZERO;
    for (number, executed) in &receipts.executed {
        let has = self::bought(chain, executed);
        let burns = executed.outcome.outcome.gas_burnt;
        let children = executed.children.iter();
        let passes_on = sum(children.map(|child| self::bought(chain, &receipts.executed[child])));
        left_over = sum([left_over, left(has, burns, passes_on)]);
        rows.push(row(&name(*number, executed), has, burns, passes_on));
    }
    rows.push(vec![
        "all together".to_owned(),
        tgas(sum([sent, bought])),
        tgas(receipts.gas_burnt()),
        String::new(),
        tgas(left_over),
    ]);
    format!("{}\n{}", table(&rows), price(chain, receipts, sent, bought))
}

fn name(number: usize, executed: &Executed) -> String {
    let receipt = executed.action_receipt();
    let calls = receipt
        .actions()
        .iter()
        .map(|action| call(action).method_name.clone());
    format!("{number}  {}", calls.collect::<Vec<_>>().join(", "))
}

fn row(name: &str, has: Gas, burns: Gas, passes_on: Gas) -> Vec<String> {
    let left = left(has, burns, passes_on);
    let cells = [has, burns, passes_on, left].map(tgas);
    [name.to_owned()].into_iter().chain(cells).collect()
}

/// What a receipt leaves over.
pub(super) fn left_over(chain: &Chain, receipts: &Receipts, executed: &Executed) -> Gas {
    let children = executed.children.iter();
    let passes_on = sum(children.map(|child| bought(chain, &receipts.executed[child])));
    let burns = executed.outcome.outcome.gas_burnt;
    left(bought(chain, executed), burns, passes_on)
}

fn left(has: Gas, burns: Gas, passes_on: Gas) -> Gas {
    has.checked_sub(sum([burns, passes_on]))
        .expect("a receipt spends what it has")
}

/// What alice paid at first, what came back and what is gone; they must fit together.
fn price(chain: &Chain, receipts: &Receipts, sent: Gas, bought: Gas) -> String {
    let block_price = chain.head().gas_price;
    let purchase_price = receipts.executed[&1].action_receipt().gas_price();
    let paid_first = times(block_price, sent).saturating_add(times(purchase_price, bought));
    let refunds = receipts
        .executed
        .values()
        .flat_map(|executed| &executed.refunds);
    let came_back = refunds
        .filter(|refund| refund.kind == RefundKind::Gas)
        .fold(Balance::ZERO, |sum, refund| {
            sum.saturating_add(refund.amount)
        });
    let gone = receipts.tokens_burnt();
    assert_eq!(
        paid_first,
        came_back.saturating_add(gone),
        "the ledger does not balance"
    );

    let signer = receipts.transaction.transaction.signer_id();
    let tera = Gas::from_teragas(1);
    table(&[
        vec![
            "1 Tgas is bought for".to_owned(),
            near(times(purchase_price, tera)),
        ],
        vec![
            "1 Tgas is burnt for".to_owned(),
            near(times(block_price, tera)),
        ],
        vec![
            format!("taken from {signer} in block 0"),
            about_near(paid_first),
        ],
        vec![
            "given back in gas refunds".to_owned(),
            about_near(came_back),
        ],
        vec!["burnt".to_owned(), about_near(gone)],
    ])
}

fn times(price: Balance, gas: Gas) -> Balance {
    price.saturating_mul(u128::from(gas.as_gas()))
}

/// The gas that was bought for a receipt: what is attached to its calls, and the fees for executing it.
fn bought(chain: &Chain, executed: &Executed) -> Gas {
    let fees = &chain.runtime_config().fees;
    let fee = |cost| fees.fee(cost).exec_fee().gas;
    let receipt = executed.action_receipt();
    let calls = receipt.actions().iter().map(|action| {
        let call = call(action);
        let bytes = (call.method_name.len() + call.args.len()) as u64;
        let per_byte = Gas::from_gas(fee(ActionCosts::function_call_byte).as_gas() * bytes);
        sum([call.gas, fee(ActionCosts::function_call_base), per_byte])
    });
    sum(calls.chain([fee(ActionCosts::new_action_receipt)]))
}

fn call(action: &Action) -> &near_primitives::action::FunctionCallAction {
    match action {
        Action::FunctionCall(call) => call,
        other => panic!("the ledger knows only calls, not {other:?}"),
    }
}

fn sum(gas: impl IntoIterator<Item = Gas>) -> Gas {
    gas.into_iter().fold(Gas::ZERO, Gas::saturating_add)
}
