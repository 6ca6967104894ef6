//! The promises of a function call, and the distribution of its unused gas to them (NEP-264).

use near_crypto::PublicKey;
use near_primitives::account::{AccessKey, FunctionCallPermission};
use near_primitives::action::{
    Action, AddKeyAction, DeterministicStateInitAction, FunctionCallAction,
    GlobalContractIdentifier,
};
use near_primitives::deterministic_account_id::{
    DeterministicAccountStateInit, DeterministicAccountStateInitV1,
};
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::DataReceiver;
use near_primitives::types::{AccountId, Balance, Gas, GasWeight};
use near_vm_runner::logic::types::{
    ActionIndex, GlobalContractIdentifier as VmContractIdentifier, ReceiptIndex,
};
use near_vm_runner::logic::{HostError, VMLogicError};

/// A promise of a function call, which becomes a receipt when the call succeeds.
pub(crate) struct NewPromise {
    pub receiver_id: AccountId,
    pub refund_to: Option<AccountId>,
    pub output_data_receivers: Vec<DataReceiver>,
    pub input_data_ids: Vec<CryptoHash>,
    pub actions: Vec<Action>,
    pub is_yield: bool,
}

/// The promises of a function call that has run.
pub(crate) struct PromiseOutput {
    pub promises: Vec<NewPromise>,
    /// The payloads for resumed yields, with their data ids.
    pub resumes: Vec<(CryptoHash, Vec<u8>)>,
    /// The gas given to weighted calls. It counts as used.
    pub distributed_gas: Gas,
}

/// A promised function call with a gas weight.
struct WeightedCall {
    /// The index of its promise.
    promise: usize,
    /// The index of the action in that promise.
    action: usize,
    weight: u64,
}

/// The promises of a function call that runs.
#[derive(Default)]
pub(super) struct Promises {
    promises: Vec<NewPromise>,
    resumes: Vec<(CryptoHash, Vec<u8>)>,
    weighted_calls: Vec<WeightedCall>,
}

impl Promises {
    /// Creates a promise without actions and returns its index.
    pub fn create(
        &mut self,
        receiver_id: AccountId,
        input_data_ids: Vec<CryptoHash>,
        is_yield: bool,
    ) -> ReceiptIndex {
        self.promises.push(NewPromise {
            receiver_id,
            refund_to: None,
            output_data_receivers: Vec::new(),
            input_data_ids,
            actions: Vec::new(),
            is_yield,
        });
        (self.promises.len() - 1) as ReceiptIndex
    }

    /// Returns the account that a promise goes to.
    pub fn receiver(&self, promise: ReceiptIndex) -> &AccountId {
        &self.promises[promise as usize].receiver_id
    }

    /// Sends the output of a promise to one more receiver.
    pub fn add_output_receiver(&mut self, promise: ReceiptIndex, receiver: DataReceiver) {
        let promise = &mut self.promises[promise as usize];
        promise.output_data_receivers.push(receiver);
    }

    /// Sets the account that gets the deposits of a promise back if it fails.
    pub fn set_refund_to(&mut self, promise: ReceiptIndex, refund_to: AccountId) {
        self.promises[promise as usize].refund_to = Some(refund_to);
    }

    /// Adds the payload of a yield.
    pub fn resume(&mut self, data_id: CryptoHash, data: Vec<u8>) {
        self.resumes.push((data_id, data));
    }

    /// Appends an action to a promise and returns its index there.
    pub fn append(&mut self, promise: ReceiptIndex, action: impl Into<Action>) -> usize {
        let actions = &mut self.promises[promise as usize].actions;
        actions.push(action.into());
        actions.len() - 1
    }

    /// Appends an `AddKey` action to a promise.
    pub fn append_add_key(
        &mut self,
        promise: ReceiptIndex,
        public_key: PublicKey,
        access_key: AccessKey,
    ) {
        let action = AddKeyAction {
            public_key,
            access_key,
        };
        self.append(promise, action);
    }

    /// Appends a function call that gets its share of the unused gas.
    pub fn append_function_call(
        &mut self,
        promise: ReceiptIndex,
        call: FunctionCallAction,
        GasWeight(weight): GasWeight,
    ) {
        let action = self.append(promise, call);
        if weight > 0 {
            self.weighted_calls.push(WeightedCall {
                promise: promise as usize,
                action,
                weight,
            });
        }
    }

    /// Appends the initialisation of a deterministic account, without data.
    pub fn append_deterministic_state_init(
        &mut self,
        promise: ReceiptIndex,
        code: GlobalContractIdentifier,
        deposit: Balance,
    ) -> ActionIndex {
        let state_init = DeterministicAccountStateInit::V1(DeterministicAccountStateInitV1 {
            code,
            data: Default::default(),
        });
        let action = DeterministicStateInitAction {
            state_init,
            deposit,
        };
        let action = Action::DeterministicStateInit(Box::new(action));
        self.append(promise, action) as ActionIndex
    }

    /// Adds an entry to the data of a deterministic account.
    ///
    /// # Errors
    /// The action is of another kind, or the key is there already.
    pub fn add_state_init_entry(
        &mut self,
        receipt_index: ReceiptIndex,
        action_index: ActionIndex,
        key: Vec<u8>,
        value: Vec<u8>,
    ) -> Result<(), VMLogicError> {
        let actions = &mut self.promises[receipt_index as usize].actions;
        let Some(Action::DeterministicStateInit(action)) = actions.get_mut(action_index as usize)
        else {
            return Err(HostError::InvalidActionIndex {
                receipt_index,
                action_index,
            }
            .into());
        };
        match action.state_init.data_mut().insert(key, value) {
            None => Ok(()),
            Some(_) => Err(HostError::DataEntryAlreadyExists.into()),
        }
    }

    /// Ends the call, and distributes its unused gas to the weighted calls in proportion to their
    /// weights. The last call gets the remainder of the division.
    pub fn into_output(self, unused_gas: Gas) -> PromiseOutput {
        let Self {
            mut promises,
            resumes,
            weighted_calls,
        } = self;
        let distributed_gas = distribute_gas(unused_gas, &weighted_calls, &mut promises);
        PromiseOutput {
            promises,
            resumes,
            distributed_gas,
        }
    }
}

/// Converts the identifier of a global contract.
pub(super) fn contract_identifier(identifier: VmContractIdentifier) -> GlobalContractIdentifier {
    match identifier {
        VmContractIdentifier::CodeHash(hash) => GlobalContractIdentifier::CodeHash(hash),
        VmContractIdentifier::AccountId(owner) => GlobalContractIdentifier::AccountId(owner),
    }
}

/// Creates the permission of a function-call key.
///
/// # Errors
/// A method name is not UTF-8.
pub(super) fn function_call_permission(
    allowance: Option<Balance>,
    receiver_id: AccountId,
    method_names: Vec<Vec<u8>>,
) -> Result<FunctionCallPermission, VMLogicError> {
    let method_names = method_names
        .into_iter()
        .map(|name| String::from_utf8(name).map_err(|_| HostError::InvalidMethodName.into()))
        .collect::<Result<_, VMLogicError>>()?;
    Ok(FunctionCallPermission {
        allowance,
        receiver_id: receiver_id.into(),
        method_names,
    })
}

/// Returns the gas that was distributed.
fn distribute_gas(unused: Gas, calls: &[WeightedCall], promises: &mut [NewPromise]) -> Gas {
    let Some((last, others)) = calls.split_last() else {
        return Gas::ZERO;
    };
    let total_weight: u128 = calls.iter().map(|call| u128::from(call.weight)).sum();
    let mut left = unused;
    for call in others {
        let share = u128::from(unused.as_gas()) * u128::from(call.weight) / total_weight;
        let share = Gas::from_gas(u64::try_from(share).unwrap_or(u64::MAX));
        left = left.saturating_sub(share);
        add_gas(share, call, promises);
    }
    add_gas(left, last, promises);
    unused
}

fn add_gas(share: Gas, call: &WeightedCall, promises: &mut [NewPromise]) {
    if let Action::FunctionCall(function_call) = &mut promises[call.promise].actions[call.action] {
        function_call.gas = function_call.gas.saturating_add(share);
    }
}
