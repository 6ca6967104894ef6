//! Receipts: which wait and which run (runtime-spec §2.1), what a run comes to (§2.2), and the
//! settlement of gas, deposits and results (§2.7).

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use near_parameters::ParameterCost;
use near_primitives::account::AccountContract;
use near_primitives::errors::{ActionError, ActionErrorKind, TxExecutionError};
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{
    DataReceipt, DataReceiver, PromiseYieldIndices, PromiseYieldTimeout, Receipt, ReceiptEnum,
    ReceiptV0, ReceivedData, VersionedActionReceipt, VersionedReceiptEnum,
};
use near_primitives::transaction::{
    ExecutionMetadata, ExecutionMetadataV4, ExecutionOutcome, ExecutionOutcomeWithId,
    ExecutionStatus,
};
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, Balance, Gas, PromiseYieldStatus};
use near_primitives::utils::create_receipt_id_from_receipt_id;
use near_vm_runner::logic::types::PromiseResult;

use crate::actions::{Actor, Effects, ReceiptContext, Returned, contract_of};
use crate::fees;
use crate::runtime::Runtime;
use crate::storage::missing_for_storage;

impl Runtime<'_> {
    /// Takes in a receipt, and runs after it those that it made and that may not wait.
    pub fn process(&mut self, receipt: &Receipt) {
        let mut instant = VecDeque::new();
        self.dispatch(receipt, &mut instant);
        while let Some(receipt) = instant.pop_front() {
            self.dispatch(&receipt, &mut instant);
        }
    }

    fn dispatch(&mut self, receipt: &Receipt, instant: &mut VecDeque<Arc<Receipt>>) {
        let receiver_id = receipt.receiver_id().clone();
        match receipt.versioned_receipt() {
            VersionedReceiptEnum::Action(action_receipt) => {
                if self.inputs_are_there(receipt, &action_receipt) {
                    self.apply(receipt, &action_receipt, instant);
                }
            }
            VersionedReceiptEnum::Data(data) => {
                if let Some(waiting) = self.receive(&receiver_id, &data) {
                    self.apply_stored(&waiting, instant);
                }
            }
            VersionedReceiptEnum::PromiseYield(action_receipt) => {
                let data_id = action_receipt.input_data_ids()[0];
                let key = TrieKey::PromiseYieldReceipt {
                    receiver_id,
                    data_id,
                };
                self.state.set_record(&key, receipt);
            }
            VersionedReceiptEnum::PromiseResume(data) => {
                if let Some(resumed) = self.resume(&receiver_id, &data) {
                    self.apply_stored(&resumed, instant);
                }
            }
            VersionedReceiptEnum::GlobalContractDistribution(distribution) => {
                self.store_global(&distribution);
            }
        }
    }

    /// Whether all inputs of a receipt have come; else it is stored until they have.
    fn inputs_are_there(
        &mut self,
        receipt: &Receipt,
        action_receipt: &VersionedActionReceipt,
    ) -> bool {
        let receiver_id = receipt.receiver_id();
        let mut missing = 0u32;
        for data_id in action_receipt.input_data_ids() {
            let (receiver_id, data_id) = (receiver_id.clone(), *data_id);
            let received = TrieKey::ReceivedData {
                receiver_id: receiver_id.clone(),
                data_id,
            };
            if self.state.now().get(&received).is_none() {
                missing += 1;
                let link = TrieKey::PostponedReceiptId {
                    receiver_id,
                    data_id,
                };
                self.state.set_record(&link, receipt.receipt_id());
            }
        }
        if missing > 0 {
            let (receiver_id, receipt_id) = (receiver_id.clone(), *receipt.receipt_id());
            let count = TrieKey::PendingDataCount {
                receiver_id: receiver_id.clone(),
                receipt_id,
            };
            self.state.set_record(&count, &missing);
            self.state.set_record(
                &TrieKey::PostponedReceipt {
                    receiver_id,
                    receipt_id,
                },
                receipt,
            );
        }
        missing == 0
    }

    /// Stores an input and returns the receipt that waited for nothing else.
    fn receive(&mut self, receiver_id: &AccountId, data: &DataReceipt) -> Option<Receipt> {
        let data_id = data.data_id;
        let receiver_id = receiver_id.clone();
        self.state.set_record(
            &TrieKey::ReceivedData {
                receiver_id: receiver_id.clone(),
                data_id,
            },
            &ReceivedData {
                data: data.data.clone(),
            },
        );
        let link = TrieKey::PostponedReceiptId {
            receiver_id: receiver_id.clone(),
            data_id,
        };
        let receipt_id = self.state.now().record::<CryptoHash>(&link)?;
        self.state.remove(&link);
        let count = TrieKey::PendingDataCount {
            receiver_id: receiver_id.clone(),
            receipt_id,
        };
        let pending = self.state.now().record::<u32>(&count)?;
        if pending > 1 {
            self.state.set_record(&count, &(pending - 1));
            return None;
        }
        let postponed = TrieKey::PostponedReceipt {
            receiver_id,
            receipt_id,
        };
        let receipt = self.state.now().record(&postponed)?;
        self.state.remove(&count);
        self.state.remove(&postponed);
        Some(receipt)
    }

    /// Gives a yield its payload and returns its receipt; none where it has run already, or where a
    /// time-out comes after the contract has resumed it.
    fn resume(&mut self, receiver_id: &AccountId, data: &DataReceipt) -> Option<Receipt> {
        let data_id = data.data_id;
        let receiver_id = receiver_id.clone();
        let status = TrieKey::PromiseYieldStatus {
            receiver_id: receiver_id.clone(),
            data_id,
        };
        let resumed = self.state.now().record(&status) == Some(PromiseYieldStatus::ResumeInitiated);
        if data.data.is_none() && resumed {
            return None;
        }
        let key = TrieKey::PromiseYieldReceipt {
            receiver_id: receiver_id.clone(),
            data_id,
        };
        let receipt = self.state.now().record(&key)?;
        self.state.remove(&key);
        self.state.remove(&status);
        let by_data_id = TrieKey::DataIdToYieldId {
            receiver_id: receiver_id.clone(),
            data_id,
        };
        if let Some(yield_id) = self.state.now().record(&by_data_id) {
            self.state.remove(&by_data_id);
            self.state.remove(&TrieKey::YieldIdToDataId {
                receiver_id: receiver_id.clone(),
                yield_id,
            });
        }
        self.state.set_record(
            &TrieKey::ReceivedData {
                receiver_id,
                data_id,
            },
            &ReceivedData {
                data: data.data.clone(),
            },
        );
        Some(receipt)
    }

    /// Sends a failure to each yield that has waited too long.
    pub fn expire_yields(&mut self) {
        let key = TrieKey::PromiseYieldIndices;
        let Some(mut indices) = self.state.now().record::<PromiseYieldIndices>(&key) else {
            return;
        };
        let first = indices.first_index;
        while indices.first_index < indices.next_available_index {
            let key = TrieKey::PromiseYieldTimeout {
                index: indices.first_index,
            };
            let Some(timeout) = self.state.now().record::<PromiseYieldTimeout>(&key) else {
                break;
            };
            if timeout.expires_at > self.block.height {
                break;
            }
            self.state.remove(&key);
            let position = (indices.first_index - first) as usize;
            self.time_out(timeout, position);
            indices.first_index += 1;
        }
        if indices.first_index > first {
            self.state.set_record(&key, &indices);
        }
    }

    fn time_out(&mut self, timeout: PromiseYieldTimeout, position: usize) {
        let PromiseYieldTimeout {
            account_id,
            data_id,
            ..
        } = timeout;
        let waiting = TrieKey::PromiseYieldReceipt {
            receiver_id: account_id.clone(),
            data_id,
        };
        if self.state.now().get(&waiting).is_none() {
            return;
        }
        let resume = self.emit(Receipt::V0(ReceiptV0 {
            predecessor_id: account_id.clone(),
            receiver_id: account_id,
            receipt_id: create_receipt_id_from_receipt_id(&data_id, self.block.height, position),
            receipt: ReceiptEnum::PromiseResume(DataReceipt {
                data_id,
                data: None,
            }),
        }));
        self.outgoing.push(resume);
    }

    fn apply_stored(&mut self, receipt: &Receipt, instant: &mut VecDeque<Arc<Receipt>>) {
        if let VersionedReceiptEnum::Action(action_receipt)
        | VersionedReceiptEnum::PromiseYield(action_receipt) = receipt.versioned_receipt()
        {
            self.apply(receipt, &action_receipt, instant);
        }
    }

    /// Runs an action receipt whose inputs are there.
    fn apply(
        &mut self,
        receipt: &Receipt,
        action_receipt: &VersionedActionReceipt,
        instant: &mut VecDeque<Arc<Receipt>>,
    ) {
        let context = ReceiptContext {
            receipt_id: *receipt.receipt_id(),
            predecessor_id: receipt.predecessor_id(),
            account_id: receipt.receiver_id(),
            signer_id: action_receipt.signer_id(),
            signer_public_key: action_receipt.signer_public_key(),
            refund_to: receipt.balance_refund_receiver(),
            gas_price: action_receipt.gas_price(),
            actions: action_receipt.actions(),
            promise_results: self.take_inputs(receipt.receiver_id(), action_receipt),
            output_data_receivers: action_receipt
                .output_data_receivers()
                .iter()
                .map(|receiver| receiver.receiver_id.clone())
                .collect(),
        };
        let checkpoint = self.state.checkpoint();
        let before = self.state.now().account(context.account_id);
        let existed = before.is_some();
        let mut actor = Actor {
            account: before,
            actor_id: context.predecessor_id.clone(),
        };
        let run = self.run_actions(&context, &mut actor);
        if run.error.is_some() {
            self.state.roll_back(checkpoint);
        } else if let Some(account) = &actor.account {
            self.state.set_account(context.account_id, account);
        }
        let created = !existed && actor.account.is_some() && run.error.is_none();
        let settled = self.settle(
            &context,
            run,
            created,
            action_receipt.output_data_receivers(),
        );
        self.record(settled.outcome);
        for new_receipt in settled.new_receipts {
            let is_instant = new_receipt.is_instant_receipt();
            let new_receipt = self.emit(new_receipt);
            if is_instant {
                instant.push_back(new_receipt);
            } else {
                self.outgoing.push(new_receipt);
            }
        }
    }

    /// The inputs, in the order in which the receipt names them. They are spent, come what may.
    fn take_inputs(
        &mut self,
        receiver_id: &AccountId,
        action_receipt: &VersionedActionReceipt,
    ) -> Arc<[PromiseResult]> {
        let mut results = Vec::with_capacity(action_receipt.input_data_ids().len());
        for data_id in action_receipt.input_data_ids() {
            let key = TrieKey::ReceivedData {
                receiver_id: receiver_id.clone(),
                data_id: *data_id,
            };
            let received = self.state.now().record::<ReceivedData>(&key);
            self.state.remove(&key);
            results.push(match received.and_then(|received| received.data) {
                Some(value) => PromiseResult::Successful(Rc::from(value)),
                None => PromiseResult::Failed,
            });
        }
        results.into()
    }

    fn run_actions(&mut self, context: &ReceiptContext, actor: &mut Actor) -> Run {
        let ParameterCost { gas, compute } = fees::receipt_exec_fee(self.env.config);
        let mut effects = Effects::new(gas, compute);
        let mut contracts = Vec::with_capacity(context.actions.len());
        let mut error = None;
        for index in 0..context.actions.len() {
            contracts.push(contract_of(actor.account.as_ref()));
            if let Err(kind) = self.run_charged(context, index, actor, &mut effects) {
                error = Some(ActionError {
                    index: Some(index as u64),
                    kind,
                });
                break;
            }
        }
        contracts.resize(context.actions.len(), AccountContract::None);
        if error.is_none() {
            error = self.check_storage(context, actor);
        }
        if error.is_some() {
            effects.discard();
        }
        Run {
            effects,
            contracts,
            error,
        }
    }

    /// One action, its fee, and the check of the receipts that it made.
    fn run_charged(
        &mut self,
        context: &ReceiptContext,
        index: usize,
        actor: &mut Actor,
        effects: &mut Effects,
    ) -> Result<(), ActionErrorKind> {
        let fee = fees::exec_fee(self.env.config, &context.actions[index], context.account_id)
            .expect("the gas of this receipt was bought with the same sum");
        effects.burn(fee.gas, fee.compute);
        let made_before = effects.new_receipts.len();
        self.run_action(context, index, actor, effects)?;
        effects.new_receipts[made_before..]
            .iter()
            .try_for_each(|receipt| self.rules().check_receipt(receipt))
            .map_err(ActionErrorKind::NewReceiptValidationError)
    }

    fn check_storage(&self, context: &ReceiptContext, actor: &Actor) -> Option<ActionError> {
        let account = actor.account.as_ref()?;
        let amount = missing_for_storage(&self.env.config.fees, account)?;
        let account_id = context.account_id.clone();
        Some(ActionError {
            index: None,
            kind: ActionErrorKind::LackBalanceForState { account_id, amount },
        })
    }

    fn settle(
        &mut self,
        context: &ReceiptContext,
        run: Run,
        created: bool,
        output_data_receivers: &[DataReceiver],
    ) -> Settled {
        let Run {
            mut effects,
            contracts,
            error,
        } = run;
        let mut tokens_burnt = effects.tokens_burnt;
        if !context.is_refund() {
            let money = self.settle_gas(context, &effects, error.is_some(), created);
            tokens_burnt = tokens_burnt.saturating_add(money.burnt);
            effects
                .new_receipts
                .extend(self.refunds(context, error.is_some(), money.refund));
        } else if error.is_some() {
            // A refund that nobody can take is lost.
            let lost = fees::deposits(context.actions).unwrap_or(Balance::ZERO);
            self.lost = self.lost.saturating_add(lost);
        }
        self.subsidized = self.subsidized.saturating_add(effects.subsidized);
        send_output(
            context,
            &mut effects,
            error.is_some(),
            output_data_receivers,
        );
        let ids = self.assign_ids(context, &mut effects.new_receipts);
        let status = match (error, effects.returned) {
            (Some(error), _) => ExecutionStatus::Failure(TxExecutionError::ActionError(error)),
            (None, Returned::Value(value)) => ExecutionStatus::SuccessValue(value),
            (None, Returned::Receipt(index)) => ExecutionStatus::SuccessReceiptId(ids[index]),
        };
        let outcome = ExecutionOutcome {
            logs: effects.logs,
            receipt_ids: effects
                .new_receipts
                .iter()
                .filter(|receipt| has_outcome(receipt))
                .map(|receipt| *receipt.receipt_id())
                .collect(),
            gas_burnt: effects.gas_burnt,
            compute_usage: Some(effects.compute),
            tokens_burnt,
            executor_id: context.account_id.clone(),
            status,
            metadata: ExecutionMetadata::V4(Box::new(ExecutionMetadataV4 {
                profile: effects.profile,
                contracts,
            })),
        };
        Settled {
            outcome: ExecutionOutcomeWithId {
                id: context.receipt_id,
                outcome,
            },
            new_receipts: effects.new_receipts,
        }
    }

    /// What of the gas that was bought is burnt, and what comes back.
    fn settle_gas(
        &self,
        context: &ReceiptContext,
        effects: &Effects,
        failed: bool,
        created: bool,
    ) -> Money {
        let config = self.env.config;
        let burn_price = context.gas_price.min(self.block.gas_price);
        let reserved = self.reserved_gas(context);
        let spent = if failed {
            effects.gas_burnt
        } else {
            effects.gas_used
        };
        let unspent = reserved.saturating_sub(spent);
        let penalty = config.fees.gas_penalty_for_gas_refund(unspent);
        let surplus = tokens(
            effects.gas_burnt,
            context.gas_price.saturating_sub(burn_price),
        );
        let charge = if created {
            self.creation_charge(burn_price).min(surplus)
        } else {
            Balance::ZERO
        };
        let refund = tokens(unspent.saturating_sub(penalty), context.gas_price)
            .saturating_add(surplus)
            .saturating_sub(charge);
        let burnt = tokens(effects.gas_burnt, burn_price)
            .saturating_add(tokens(penalty, context.gas_price))
            .saturating_add(charge);
        Money { burnt, refund }
    }

    fn reserved_gas(&self, context: &ReceiptContext) -> Gas {
        let config = self.env.config;
        let bought = "the gas of this receipt was bought with the same sum";
        let exec =
            fees::prepaid_exec_fee(config, context.actions, context.account_id).expect(bought);
        let send = fees::prepaid_send_fee(config, context.actions).expect(bought);
        fees::attached_gas(context.actions)
            .expect(bought)
            .saturating_add(fees::receipt_exec_fee(config).gas)
            .saturating_add(exec.gas)
            .saturating_add(send.gas)
    }

    /// What a new account costs beyond the gas of its action, yoctoNEAR.
    fn creation_charge(&self, burn_price: Balance) -> Balance {
        let action = near_parameters::ActionCosts::create_account;
        let gas = self.env.config.fees.fee(action).exec_fee().gas;
        self.env
            .config
            .account_creation_charge
            .saturating_sub(tokens(gas, burn_price))
    }

    fn refunds(&self, context: &ReceiptContext, failed: bool, gas: Balance) -> Vec<Receipt> {
        let mut refunds = Vec::new();
        let deposits = fees::deposits(context.actions).unwrap_or(Balance::ZERO);
        if failed && deposits > Balance::ZERO {
            refunds.push(Receipt::new_balance_refund(context.refund_to, deposits));
        }
        if gas > Balance::ZERO {
            let key = context.signer_public_key.clone();
            refunds.push(Receipt::new_gas_refund(context.signer_id, gas, key));
        }
        refunds
    }

    fn assign_ids(&self, context: &ReceiptContext, receipts: &mut [Receipt]) -> Vec<CryptoHash> {
        let height = self.block.height;
        let mut ids = Vec::with_capacity(receipts.len());
        for (index, receipt) in receipts.iter_mut().enumerate() {
            let id = create_receipt_id_from_receipt_id(&context.receipt_id, height, index);
            receipt.set_receipt_id(id);
            ids.push(id);
        }
        ids
    }
}

/// What the actions of a receipt came to.
struct Run {
    effects: Effects,
    /// The contract of the account before each action.
    contracts: Vec<AccountContract>,
    error: Option<ActionError>,
}

/// A receipt after its settlement.
struct Settled {
    outcome: ExecutionOutcomeWithId,
    new_receipts: Vec<Receipt>,
}

/// yoctoNEAR of a receipt's gas.
struct Money {
    burnt: Balance,
    refund: Balance,
}

/// The result goes to those who wait for it: by the receipt that was returned, or by data.
fn send_output(
    context: &ReceiptContext,
    effects: &mut Effects,
    failed: bool,
    receivers: &[DataReceiver],
) {
    if let (false, Returned::Receipt(index)) = (failed, &effects.returned) {
        let returned = &mut effects.new_receipts[*index];
        match returned.receipt_mut() {
            ReceiptEnum::Action(action_receipt) | ReceiptEnum::PromiseYield(action_receipt) => {
                action_receipt
                    .output_data_receivers
                    .extend_from_slice(receivers);
            }
            ReceiptEnum::ActionV2(action_receipt) | ReceiptEnum::PromiseYieldV2(action_receipt) => {
                action_receipt
                    .output_data_receivers
                    .extend_from_slice(receivers);
            }
            ReceiptEnum::Data(_)
            | ReceiptEnum::PromiseResume(_)
            | ReceiptEnum::GlobalContractDistribution(_) => {}
        }
        return;
    }
    let data = match (&effects.returned, failed) {
        (Returned::Value(value), false) => Some(value.clone()),
        _ => None,
    };
    effects
        .new_receipts
        .extend(receivers.iter().map(|receiver| {
            Receipt::V0(ReceiptV0 {
                predecessor_id: context.account_id.clone(),
                receiver_id: receiver.receiver_id.clone(),
                receipt_id: CryptoHash::default(),
                receipt: ReceiptEnum::Data(DataReceipt {
                    data_id: receiver.data_id,
                    data: data.clone(),
                }),
            })
        }));
}

/// Only receipts with actions end in an outcome.
pub(crate) fn has_outcome(receipt: &Receipt) -> bool {
    matches!(
        receipt.versioned_receipt(),
        VersionedReceiptEnum::Action(_) | VersionedReceiptEnum::PromiseYield(_)
    )
}

fn tokens(gas: Gas, price: Balance) -> Balance {
    price.saturating_mul(u128::from(gas.as_gas()))
}
