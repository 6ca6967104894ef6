//! Returns a public key as it came: near-workspaces and near-sdk must write it the same way.

use near_sdk::{PublicKey, near};

/// No state.
#[near(contract_state)]
#[derive(Default)]
pub struct Contract {}

#[near]
impl Contract {
    /// In JSON.
    pub fn pass_pk_back_and_forth(&self, pk: PublicKey) -> PublicKey {
        pk
    }

    /// In borsh.
    #[result_serializer(borsh)]
    pub fn pass_borsh_pk_back_and_forth(&self, #[serializer(borsh)] pk: PublicKey) -> PublicKey {
        pk
    }
}
