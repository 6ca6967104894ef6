//! Exercise 1: several receivers, one after the other.

use near_sdk::{AccountId, Gas, Promise, PromiseOrValue, env, near, require};

use crate::enter::enter;
use crate::promise_results::call_succeeded;
use crate::proposal::Action;
use crate::{Contract, ContractExt};

// ANCHOR: plan
/// One call of a plan.
#[near(serializers = [borsh, json])]
#[derive(Clone)]
pub struct Step {
    pub receiver_id: AccountId,
    pub action: Action,
}

/// Calls that are made one after the other.
#[near(serializers = [borsh, json])]
#[derive(Clone, Default)]
pub struct Plan {
    /// The calls that have not succeeded yet, the next one first.
    pub left: Vec<Step>,
    /// True while one of them is under way.
    pub is_under_way: bool,
}

/// The gas of one callback of a plan: 15 Tgas. It reads and stores the plan, and sends the next
/// call.
pub const GAS_FOR_STEP: Gas = Gas::from_tgas(15);
// ANCHOR_END: plan

#[near]
impl Contract {
    // ANCHOR: code
    /// Begins a plan. It is a method of the policy, so a majority has approved it.
    #[private]
    pub fn start_plan(&mut self, steps: Vec<Step>) -> PromiseOrValue<bool> {
        enter("start_plan");
        let council = env::current_account_id();
        let is_outside = steps.iter().all(|step| step.receiver_id != council);
        require!(is_outside, "A plan would pass the policy by");
        require!(!self.plan.is_under_way, "Another plan is under way");

        self.plan.left = steps;
        self.go_on()
    }

    /// Goes on from the call that has failed. It is a method of the policy, too: the call may have
    /// been done.
    #[private]
    pub fn resume_plan(&mut self) -> PromiseOrValue<bool> {
        enter("resume_plan");
        require!(!self.plan.is_under_way, "The plan is under way");

        self.go_on()
    }

    /// Goes on after a success, and stops after a failure. Returns whether all calls have
    /// succeeded.
    #[private]
    pub fn plan_callback(&mut self) -> PromiseOrValue<bool> {
        enter("plan_callback");

        self.plan.is_under_way = false;
        if !call_succeeded() {
            return PromiseOrValue::Value(false);
        }
        self.plan.left.remove(0);
        self.next_step()
    }

    /// Returns the plan.
    pub fn get_plan(&self) -> &Plan {
        &self.plan
    }
    // ANCHOR_END: code
}

impl Contract {
    // ANCHOR: steps
    /// Sends the next call, if there is gas for all that are left: a callback without gas could not
    /// stop the plan.
    fn go_on(&mut self) -> PromiseOrValue<bool> {
        let needs = |sum: Gas, step: &Step| {
            let step = step.action.gas.saturating_add(GAS_FOR_STEP);
            sum.saturating_add(step)
        };
        let gas = self.plan.left.iter().fold(GAS_FOR_STEP, needs);
        require!(env::prepaid_gas() >= gas, format!("The plan needs {gas}"));
        self.next_step()
    }

    /// Sends the next call. Stops if the treasury does not hold its deposit any more.
    fn next_step(&mut self) -> PromiseOrValue<bool> {
        let Some(Step {
            receiver_id,
            action,
        }) = self.plan.left.first().cloned()
        else {
            return PromiseOrValue::Value(true);
        };
        if action.deposit > self.get_treasury() {
            return PromiseOrValue::Value(false);
        }
        self.plan.is_under_way = true;
        let call = Promise::new(receiver_id).function_call(
            action.method,
            action.args.0,
            action.deposit,
            action.gas,
        );
        let callback = Self::ext_self().with_static_gas(GAS_FOR_STEP);
        call.then(callback.plan_callback()).into()
    }
    // ANCHOR_END: steps
}
