//! A contract that returns a public key: near-workspaces and near-sdk must serialise it the same way.

use near_sdk::{PublicKey, near};

/// The contract, without state.
#[near(contract_state)]
#[derive(Default)]
pub struct Contract {}

#[near]
impl Contract {
    /// Returns a key in JSON.
    pub fn pass_pk_back_and_forth(&self, pk: PublicKey) -> PublicKey {
        pk
    }

    /// Returns a key in borsh.
    #[result_serializer(borsh)]
    pub fn pass_borsh_pk_back_and_forth(&self, #[serializer(borsh)] pk: PublicKey) -> PublicKey {
        pk
    }
}
