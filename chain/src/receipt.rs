//! Receipts: which wait and which run (SPEC.md §2.1), and what a run comes to (§2.2).

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use near_parameters::ParameterCost;
use near_primitives::account::AccountContract;
use near_primitives::errors::{ActionError, ActionErrorKind};
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{
    DataReceipt, PromiseYieldIndices, PromiseYieldTimeout, Receipt, ReceiptEnum, ReceiptV0,
    ReceivedData, VersionedActionReceipt, VersionedReceiptEnum,
};
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{AccountId, Compute, PromiseYieldStatus};
use near_primitives::utils::create_receipt_id_from_receipt_id;
use near_vm_runner::logic::types::PromiseResult;

use crate::actions::{Actor, Effects, ReceiptContext, contract_of};
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

    /// Sends a failure to each yield that has waited too long, unless the block is full.
    pub fn expire_yields(&mut self, limit: Compute) {
        let key = TrieKey::PromiseYieldIndices;
        let Some(mut indices) = self.state.now().record::<PromiseYieldIndices>(&key) else {
            return;
        };
        let first = indices.first_index;
        let mut made = 0;
        while indices.first_index < indices.next_available_index && self.compute < limit {
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
            if self.time_out(timeout, made) {
                made += 1;
            }
            indices.first_index += 1;
        }
        if indices.first_index > first {
            self.state.set_record(&key, &indices);
        }
    }

    /// Fails the yield if it still waits, with the receipt that is the `index`th of its kind in this
    /// block, and says whether it did.
    fn time_out(&mut self, timeout: PromiseYieldTimeout, index: usize) -> bool {
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
            return false;
        }
        let resume = self.emit(Receipt::V0(ReceiptV0 {
            predecessor_id: account_id.clone(),
            receiver_id: account_id,
            receipt_id: create_receipt_id_from_receipt_id(&data_id, self.block.height, index),
            receipt: ReceiptEnum::PromiseResume(DataReceipt {
                data_id,
                data: None,
            }),
        }));
        self.outgoing.push(resume);
        true
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
}

/// What the actions of a receipt came to.
pub(crate) struct Run {
    pub effects: Effects,
    /// The contract of the account before each action.
    pub contracts: Vec<AccountContract>,
    pub error: Option<ActionError>,
}
