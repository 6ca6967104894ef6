//! The conversion of a transaction into a receipt (`SPEC.md` §1).

use near_primitives::errors::InvalidTxError;
use near_primitives::receipt::Receipt;
use near_primitives::transaction::{
    ExecutionMetadata, ExecutionOutcome, ExecutionOutcomeWithId, ExecutionStatus, SignedTransaction,
};
use near_primitives::trie_key::TrieKey;
use near_primitives::utils::create_receipt_id_from_transaction;

use super::apply_result::ApplyResult;
use super::apply_state::ApplyState;
use super::verifier::{UsedKey, VerificationResult, verify_and_charge};
use crate::state::StateUpdate;

/// Charges the signer of a transaction and creates its receipt, which is outgoing also when it is local.
///
/// # Errors
/// The state does not allow the transaction, which changes nothing and has no outcome. The producer of a chunk
/// leaves it out (nearcore: `prepare_transactions` in `chain/chain/src/runtime/mod.rs`).
pub fn process_transaction(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    signed: &SignedTransaction,
) -> Result<ApplyResult, InvalidTxError> {
    let verified = verify_and_charge(
        apply_state.config,
        state.current(),
        apply_state.gas_price,
        Some(apply_state.block_height),
        signed,
    )?;
    let mut result = ApplyResult::default();
    convert(apply_state, state, &mut result, signed, verified);
    Ok(result)
}

fn convert(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    result: &mut ApplyResult,
    signed: &SignedTransaction,
    verified: VerificationResult,
) {
    let VerificationResult { cost, account, key } = verified;
    let transaction = &signed.transaction;
    let (signer_id, public_key) = (transaction.signer_id(), transaction.public_key());
    state.set_account(signer_id, &account);
    match key {
        UsedKey::AccessKey(access_key) => state.set_access_key(signer_id, public_key, &access_key),
        UsedKey::GasKey(access_key, index, nonce) => {
            state.set_access_key(signer_id, public_key, &access_key);
            let key = TrieKey::gas_key_nonce(signer_id.clone(), public_key, index);
            state.set_record(&key, &nonce);
        }
        UsedKey::AccountId => {}
    }
    let receipt_id = create_receipt_id_from_transaction(signed.hash(), apply_state.block_height);
    result.add_outcome(ExecutionOutcomeWithId {
        id: *signed.hash(),
        outcome: ExecutionOutcome {
            logs: Vec::new(),
            receipt_ids: vec![receipt_id],
            gas_burnt: cost.burnt.gas,
            compute_usage: Some(cost.burnt.compute),
            tokens_burnt: cost.burnt_amount,
            executor_id: signer_id.clone(),
            status: ExecutionStatus::SuccessReceiptId(receipt_id),
            metadata: ExecutionMetadata::V1,
        },
    });
    let receipt = Receipt::from_tx(
        receipt_id,
        signer_id.clone(),
        transaction.receiver_id().clone(),
        public_key.clone(),
        cost.receipt_gas_price,
        transaction.actions().to_vec(),
    );
    result.add_outgoing(signer_id.clone(), receipt);
}
