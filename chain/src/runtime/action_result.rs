//! The result of the actions of a receipt.

use near_parameters::ParameterCost;
use near_primitives::account::AccountContract;
use near_primitives::errors::ActionError;
use near_primitives::profile_data_v3::ProfileDataV3;
use near_primitives::receipt::Receipt;
use near_primitives::types::validator_stake::ValidatorStake;
use near_primitives::types::{Balance, Compute, Gas};
use near_vm_runner::logic::types::ReturnData;

/// The result of the actions of a receipt that have run so far.
pub(super) struct ActionResult {
    pub gas_burnt: Gas,
    /// The gas burnt, and the gas that now belongs to new receipts.
    pub gas_used: Gas,
    pub compute_usage: Compute,
    pub logs: Vec<String>,
    pub profile: ProfileDataV3,
    /// The value that the last action has returned, or the error that ended the receipt.
    pub result: Result<ReturnData, ActionError>,
    pub new_receipts: Vec<Receipt>,
    /// The stakes that the account has proposed.
    pub validator_proposals: Vec<ValidatorStake>,
    /// The tokens burnt beside the gas, in yoctoNEAR.
    pub tokens_burnt: Balance,
    /// The tokens minted for the 1 yoctoNEAR that an account without balance attaches, in yoctoNEAR.
    pub subsidized_amount: Balance,
    /// The contract of the account before each action, `None` for actions that did not run.
    pub contracts: Vec<AccountContract>,
}

impl ActionResult {
    /// Creates the result of a receipt that has paid its own execution fee.
    pub fn new(fee: ParameterCost) -> Self {
        Self {
            gas_burnt: fee.gas,
            gas_used: fee.gas,
            compute_usage: fee.compute,
            logs: Vec::new(),
            profile: ProfileDataV3::default(),
            result: Ok(ReturnData::None),
            new_receipts: Vec::new(),
            validator_proposals: Vec::new(),
            tokens_burnt: Balance::ZERO,
            subsidized_amount: Balance::ZERO,
            contracts: Vec::new(),
        }
    }

    /// Adds gas and compute that stay burnt when the receipt fails.
    pub fn burn(&mut self, gas: Gas, compute: Compute) {
        self.gas_burnt = self.gas_burnt.saturating_add(gas);
        self.gas_used = self.gas_used.saturating_add(gas);
        self.compute_usage += compute;
    }

    /// Ends the receipt with an error. Its new receipts, its proposals and the tokens that it burnt are void;
    /// its gas, logs and profile stay.
    pub fn fail(&mut self, error: ActionError) {
        self.result = Err(error);
        self.new_receipts.clear();
        self.validator_proposals.clear();
        self.tokens_burnt = Balance::ZERO;
        self.subsidized_amount = Balance::ZERO;
    }
}
