//! The chain as a running contract sees it: near-vm-runner's [`External`] over [`StateUpdate`].
//!
//! Promises of the contract are collected here. They become receipts when the call succeeds.

use std::sync::Arc;

use near_crypto::PublicKey;
use near_primitives::account::{AccessKey, AccessKeyPermission};
use near_primitives::action::{
    Action, CreateAccountAction, DeleteAccountAction, DeleteKeyAction, DeployContractAction,
    DeployGlobalContractAction, FunctionCallAction, GlobalContractDeployMode, StakeAction,
    TransferAction, TransferToGasKeyAction, UniversalStateInitAction, UseGlobalContractAction,
};
use near_primitives::hash::{CryptoHash, YieldId};
use near_primitives::receipt::DataReceiver;
use near_primitives::trie_key::TrieKey;
use near_primitives::types::{
    AccountId, Balance, BlockHeight, Gas, GasWeight, Nonce, NonceIndex, PromiseYieldStatus,
};
use near_primitives::universal_state_init::{
    DecodeMode, RawStateInit, StateInitError, UniversalStateInit, UniversalStateInitCounts,
    state_init_send_counts,
};
use near_primitives::utils::create_receipt_id_from_action_hash;
use near_vm_runner::logic::types::{
    ActionIndex, GlobalContractDeployMode as VmDeployMode,
    GlobalContractIdentifier as VmContractIdentifier, ReceiptIndex,
};
use near_vm_runner::logic::{External, HostError, StorageAccessTracker, VMLogicError, ValuePtr};

use super::promises::{PromiseOutput, Promises, contract_identifier, function_call_permission};
use crate::epochs::EpochInfo;
use crate::state::StateUpdate;

type Result<T> = std::result::Result<T, VMLogicError>;

/// The chain as one function call sees it.
pub(crate) struct RuntimeExt<'a> {
    state: &'a mut StateUpdate,
    account_id: &'a AccountId,
    action_hash: CryptoHash,
    block_height: BlockHeight,
    chain_id: &'a str,
    epoch_info: &'a EpochInfo,
    /// The greatest storage proof of the receipt, in bytes. A view has none.
    proof_limit: Option<usize>,
    data_id_count: u64,
    promises: Promises,
}

impl<'a> RuntimeExt<'a> {
    /// Creates the view that a call on `account_id` gets.
    pub fn new(
        state: &'a mut StateUpdate,
        account_id: &'a AccountId,
        action_hash: CryptoHash,
        block_height: BlockHeight,
        chain_id: &'a str,
        epoch_info: &'a EpochInfo,
    ) -> Self {
        Self {
            state,
            account_id,
            action_hash,
            block_height,
            chain_id,
            epoch_info,
            proof_limit: None,
            data_id_count: 0,
            promises: Promises::default(),
        }
    }

    /// Records the storage proof, up to `limit` bytes.
    pub fn with_proof_limit(mut self, limit: usize) -> Self {
        self.proof_limit = Some(limit);
        self
    }

    /// Returns the promises of the call, after it has distributed `unused_gas` to the weighted calls.
    pub fn into_promise_output(self, unused_gas: Gas) -> PromiseOutput {
        self.promises.into_output(unused_gas)
    }

    fn data_key(&self, key: &[u8]) -> TrieKey {
        TrieKey::ContractData {
            account_id: self.account_id.clone(),
            key: key.to_vec(),
        }
    }

    /// Records that a key is looked up. Returns the state if it is to record the value, too.
    fn record_path(&self, key: &TrieKey, is_missing: bool) -> Option<&StateUpdate> {
        let is_read = self.proof_limit.is_some() && self.state.record_path(key, is_missing);
        is_read.then_some(&*self.state)
    }

    fn yield_status_key(&self, data_id: CryptoHash) -> TrieKey {
        TrieKey::PromiseYieldStatus {
            receiver_id: self.account_id.clone(),
            data_id,
        }
    }
}

/// A value of the contract's storage.
struct StoredValue<'a> {
    value: Arc<[u8]>,
    /// The state that records the value when it is read.
    recorder: Option<&'a StateUpdate>,
}

impl ValuePtr for StoredValue<'_> {
    fn len(&self) -> u32 {
        self.value.len() as u32
    }

    fn deref(&self, _: &mut dyn StorageAccessTracker) -> Result<Vec<u8>> {
        if let Some(state) = self.recorder {
            state.record_value(&self.value);
        }
        Ok(self.value.to_vec())
    }
}

impl External for RuntimeExt<'_> {
    fn storage_set(
        &mut self,
        access_tracker: &mut dyn StorageAccessTracker,
        key: &[u8],
        value: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        let key = self.data_key(key);
        let evicted = self.state.current().get(&key);
        let recorder = self.record_path(&key, evicted.is_none());
        if let Some(old) = &evicted {
            access_tracker.deref_write_evicted_value_bytes(old.len() as u64)?;
            recorder.inspect(|state| state.record_value(old));
        }
        access_tracker.trie_node_touched(self.state.nodes_touched_by_write(&key))?;
        self.state.set(&key, value);
        Ok(evicted.map(|old| old.to_vec()))
    }

    fn storage_get<'b>(
        &'b self,
        _: &mut dyn StorageAccessTracker,
        key: &[u8],
    ) -> Result<Option<Box<dyn ValuePtr + 'b>>> {
        let key = self.data_key(key);
        let value = self.state.current().get(&key);
        let recorder = self.record_path(&key, value.is_none());
        Ok(value.map(|value| Box::new(StoredValue { value, recorder }) as Box<dyn ValuePtr>))
    }

    fn storage_remove(
        &mut self,
        access_tracker: &mut dyn StorageAccessTracker,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        let key = self.data_key(key);
        let removed = self.state.current().get(&key);
        let recorder = self.record_path(&key, removed.is_none());
        if let Some(old) = &removed {
            access_tracker.deref_removed_value_bytes(old.len() as u64)?;
            recorder.inspect(|state| state.record_value(old));
        }
        if self.proof_limit.is_some() {
            self.state.record_removal();
        }
        access_tracker.trie_node_touched(self.state.nodes_touched_by_write(&key))?;
        self.state.remove(&key);
        Ok(removed.map(|old| old.to_vec()))
    }

    fn storage_has_key(&mut self, _: &mut dyn StorageAccessTracker, key: &[u8]) -> Result<bool> {
        let key = self.data_key(key);
        let exists = self.state.current().get(&key).is_some();
        self.record_path(&key, !exists);
        Ok(exists)
    }

    fn generate_data_id(&mut self) -> CryptoHash {
        let data_id = create_receipt_id_from_action_hash(
            &self.action_hash,
            self.block_height,
            self.data_id_count,
        );
        self.data_id_count += 1;
        data_id
    }

    fn get_recorded_storage_size(&self) -> usize {
        self.proof_limit
            .map_or(0, |limit| self.state.receipt_proof_size(limit))
    }

    // The recorded size is that of the receipt alone.
    fn storage_proof_size_before_receipt(&self) -> usize {
        0
    }

    fn validator_stake(&self, account_id: &AccountId) -> Result<Option<Balance>> {
        Ok(self.epoch_info.validator_stake(account_id))
    }

    fn validator_total_stake(&self) -> Result<Balance> {
        Ok(self.epoch_info.validator_total_stake())
    }

    fn chain_id(&self) -> String {
        self.chain_id.to_owned()
    }

    fn create_action_receipt(
        &mut self,
        receipt_indices: Vec<ReceiptIndex>,
        receiver_id: AccountId,
    ) -> Result<ReceiptIndex> {
        let mut input_data_ids = Vec::with_capacity(receipt_indices.len());
        for dependency in receipt_indices {
            let data_id = self.generate_data_id();
            let receiver = DataReceiver {
                data_id,
                receiver_id: receiver_id.clone(),
            };
            self.promises.add_output_receiver(dependency, receiver);
            input_data_ids.push(data_id);
        }
        Ok(self.promises.create(receiver_id, input_data_ids, false))
    }

    fn create_promise_yield_receipt(
        &mut self,
        receiver_id: AccountId,
    ) -> Result<(ReceiptIndex, CryptoHash)> {
        let data_id = self.generate_data_id();
        let index = self.promises.create(receiver_id, vec![data_id], true);
        self.state.set_record(
            &self.yield_status_key(data_id),
            &PromiseYieldStatus::Yielded,
        );
        Ok((index, data_id))
    }

    fn create_promise_yield_receipt_with_id(
        &mut self,
        receiver_id: AccountId,
        user_yield_id: YieldId,
    ) -> Result<Option<(ReceiptIndex, CryptoHash)>> {
        let by_yield_id = TrieKey::YieldIdToDataId {
            receiver_id: self.account_id.clone(),
            yield_id: user_yield_id,
        };
        if self.state.current().get(&by_yield_id).is_some() {
            return Ok(None);
        }
        let (index, data_id) = self.create_promise_yield_receipt(receiver_id)?;
        self.state.set_record(&by_yield_id, &data_id);
        let by_data_id = TrieKey::DataIdToYieldId {
            receiver_id: self.account_id.clone(),
            data_id,
        };
        self.state.set_record(&by_data_id, &user_yield_id);
        Ok(Some((index, data_id)))
    }

    fn submit_promise_resume_data(&mut self, data_id: CryptoHash, data: Vec<u8>) -> Result<bool> {
        let status_key = self.yield_status_key(data_id);
        let status = self
            .state
            .current()
            .record::<PromiseYieldStatus>(&status_key);
        if status.is_none() {
            return Ok(false);
        }
        self.state
            .set_record(&status_key, &PromiseYieldStatus::ResumeInitiated);
        self.promises.resume(data_id, data);
        Ok(true)
    }

    fn submit_promise_resume_data_with_yield_id(
        &mut self,
        user_yield_id: YieldId,
        data: Vec<u8>,
    ) -> Result<bool> {
        let key = TrieKey::YieldIdToDataId {
            receiver_id: self.account_id.clone(),
            yield_id: user_yield_id,
        };
        match self.state.current().record::<CryptoHash>(&key) {
            Some(data_id) => self.submit_promise_resume_data(data_id, data),
            None => Ok(false),
        }
    }

    fn append_action_create_account(&mut self, receipt_index: ReceiptIndex) {
        self.promises.append(receipt_index, CreateAccountAction {});
    }

    fn append_action_deploy_contract(&mut self, receipt_index: ReceiptIndex, code: Vec<u8>) {
        self.promises
            .append(receipt_index, DeployContractAction { code });
    }

    fn append_action_deploy_global_contract(
        &mut self,
        receipt_index: ReceiptIndex,
        code: Vec<u8>,
        mode: VmDeployMode,
    ) {
        let deploy_mode = match mode {
            VmDeployMode::CodeHash => GlobalContractDeployMode::CodeHash,
            VmDeployMode::AccountId => GlobalContractDeployMode::AccountId,
        };
        let action = DeployGlobalContractAction {
            code: code.into(),
            deploy_mode,
        };
        self.promises
            .append(receipt_index, Action::DeployGlobalContract(action));
    }

    fn append_action_use_global_contract(
        &mut self,
        receipt_index: ReceiptIndex,
        contract_id: VmContractIdentifier,
    ) {
        let contract_identifier = contract_identifier(contract_id);
        let action = UseGlobalContractAction {
            contract_identifier,
        };
        self.promises
            .append(receipt_index, Action::UseGlobalContract(Box::new(action)));
    }

    fn append_action_deterministic_state_init(
        &mut self,
        receipt_index: ReceiptIndex,
        contract_id: VmContractIdentifier,
        amount: Balance,
    ) -> ActionIndex {
        let code = contract_identifier(contract_id);
        self.promises
            .append_deterministic_state_init(receipt_index, code, amount)
    }

    fn set_deterministic_state_init_data_entry(
        &mut self,
        receipt_index: ReceiptIndex,
        action_index: ActionIndex,
        key: Vec<u8>,
        value: Vec<u8>,
    ) -> Result<()> {
        self.promises
            .add_state_init_entry(receipt_index, action_index, key, value)
    }

    fn check_state_init(
        &self,
        state_init: &RawStateInit,
    ) -> std::result::Result<(), StateInitError> {
        UniversalStateInit::from_raw_strict(state_init).map(|_| ())
    }

    fn state_init_send_counts(
        &self,
        state_init: &RawStateInit,
        mode: DecodeMode,
    ) -> UniversalStateInitCounts {
        state_init_send_counts(state_init, mode)
    }

    fn append_action_universal_state_init(
        &mut self,
        receipt_index: ReceiptIndex,
        state_init: RawStateInit,
        amount: Balance,
    ) {
        let action = UniversalStateInitAction {
            state_init,
            deposit: amount,
        };
        self.promises
            .append(receipt_index, Action::UniversalStateInit(Box::new(action)));
    }

    fn append_action_function_call_weight(
        &mut self,
        receipt_index: ReceiptIndex,
        method_name: Vec<u8>,
        args: Vec<u8>,
        attached_deposit: Balance,
        prepaid_gas: Gas,
        gas_weight: GasWeight,
    ) -> Result<()> {
        let method_name =
            String::from_utf8(method_name).map_err(|_| HostError::InvalidMethodName)?;
        let call = FunctionCallAction {
            method_name,
            args,
            gas: prepaid_gas,
            deposit: attached_deposit,
        };
        self.promises
            .append_function_call(receipt_index, call, gas_weight);
        Ok(())
    }

    fn append_action_transfer(&mut self, receipt_index: ReceiptIndex, deposit: Balance) {
        self.promises
            .append(receipt_index, TransferAction { deposit });
    }

    fn append_action_transfer_to_gas_key(
        &mut self,
        receipt_index: ReceiptIndex,
        public_key: PublicKey,
        deposit: Balance,
    ) {
        let action = TransferToGasKeyAction {
            public_key,
            deposit,
        };
        self.promises
            .append(receipt_index, Action::TransferToGasKey(Box::new(action)));
    }

    fn append_action_add_gas_key_with_full_access(
        &mut self,
        receipt_index: ReceiptIndex,
        public_key: PublicKey,
        num_nonces: NonceIndex,
    ) {
        let access_key = AccessKey::gas_key_full_access(num_nonces);
        self.promises
            .append_add_key(receipt_index, public_key, access_key);
    }

    fn append_action_add_gas_key_with_function_call(
        &mut self,
        receipt_index: ReceiptIndex,
        public_key: PublicKey,
        num_nonces: NonceIndex,
        allowance: Option<Balance>,
        receiver_id: AccountId,
        method_names: Vec<Vec<u8>>,
    ) -> Result<()> {
        let permission = function_call_permission(allowance, receiver_id, method_names)?;
        let access_key = AccessKey::gas_key_function_call(num_nonces, permission);
        self.promises
            .append_add_key(receipt_index, public_key, access_key);
        Ok(())
    }

    fn append_action_stake(
        &mut self,
        receipt_index: ReceiptIndex,
        stake: Balance,
        public_key: PublicKey,
    ) {
        self.promises
            .append(receipt_index, StakeAction { stake, public_key });
    }

    fn append_action_add_key_with_full_access(
        &mut self,
        receipt_index: ReceiptIndex,
        public_key: PublicKey,
        nonce: Nonce,
    ) {
        let access_key = AccessKey {
            nonce,
            permission: AccessKeyPermission::FullAccess,
        };
        self.promises
            .append_add_key(receipt_index, public_key, access_key);
    }

    fn append_action_add_key_with_function_call(
        &mut self,
        receipt_index: ReceiptIndex,
        public_key: PublicKey,
        nonce: Nonce,
        allowance: Option<Balance>,
        receiver_id: AccountId,
        method_names: Vec<Vec<u8>>,
    ) -> Result<()> {
        let permission = function_call_permission(allowance, receiver_id, method_names)?;
        let access_key = AccessKey {
            nonce,
            permission: AccessKeyPermission::FunctionCall(permission),
        };
        self.promises
            .append_add_key(receipt_index, public_key, access_key);
        Ok(())
    }

    fn append_action_delete_key(&mut self, receipt_index: ReceiptIndex, public_key: PublicKey) {
        self.promises
            .append(receipt_index, DeleteKeyAction { public_key });
    }

    fn append_action_delete_account(
        &mut self,
        receipt_index: ReceiptIndex,
        beneficiary_id: AccountId,
    ) {
        self.promises
            .append(receipt_index, DeleteAccountAction { beneficiary_id });
    }

    fn get_receipt_receiver(&self, receipt_index: ReceiptIndex) -> &AccountId {
        self.promises.receiver(receipt_index)
    }

    fn set_refund_to(&mut self, receipt_index: ReceiptIndex, refund_to: AccountId) {
        self.promises.set_refund_to(receipt_index, refund_to);
    }

    fn post_quantum_keys_enabled(&self) -> bool {
        true
    }
}
