//! Implicit accounts: accounts whose ids say what they are, and that a transfer creates (`SPEC.md` §2.4).

use near_crypto::PublicKey;
use near_primitives::account::id::AccountType;
use near_primitives::account::{AccessKey, AccessKeyPermission, Account, AccountContract};
use near_primitives::chains::{MAINNET, MOCKNET, TESTNET};
use near_primitives::hash::CryptoHash;
use near_primitives::types::{AccountId, Balance};

use super::access_keys::initial_nonce;
use crate::runtime::apply_state::ApplyState;
use crate::runtime::storage::access_key_usage;
use crate::state::StateUpdate;

/// The hashes of the wallet contract for Ethereum addresses (NEP-518), by chain:
/// `eth_wallet_global_contract_hash` in `runtime/near-wallet-contract/src/lib.rs`. The code is a global
/// contract, which somebody has to deploy: on a network it is there.
const MAINNET_WALLET: CryptoHash = CryptoHash([
    0x1d, 0xaa, 0x83, 0x5c, 0x46, 0x37, 0xf7, 0xae, 0x3d, 0x92, 0x40, 0x95, 0xba, 0x3f, 0x0b, 0xf2,
    0x82, 0x9b, 0xcf, 0xa1, 0x7b, 0x10, 0x68, 0xcd, 0x58, 0xbd, 0x85, 0x3d, 0xca, 0xd7, 0xce, 0xb5,
]);
const TESTNET_WALLET: CryptoHash = CryptoHash([
    0x23, 0x8f, 0xea, 0xc1, 0xf8, 0x6c, 0xc9, 0xf9, 0xf4, 0x00, 0x3e, 0x3f, 0x6d, 0x5a, 0xeb, 0xc0,
    0x4e, 0xae, 0xa9, 0xc3, 0x94, 0x03, 0x2b, 0xd2, 0x94, 0x70, 0xe9, 0x60, 0x9b, 0x67, 0xf6, 0xc5,
]);
const LOCALNET_WALLET: CryptoHash = CryptoHash([
    0xd2, 0x88, 0x4a, 0x90, 0x0d, 0x4f, 0xa3, 0x70, 0xe4, 0x8f, 0x1e, 0x3d, 0x48, 0x65, 0xd4, 0xdc,
    0x0d, 0xbd, 0x09, 0x3c, 0x89, 0xf0, 0xe7, 0xba, 0xef, 0x2e, 0xdd, 0xc1, 0x42, 0xc4, 0x9e, 0x8d,
]);

/// Creates an implicit account: a 64-hex one with the full-access key that its id spells, an Ethereum
/// address with the wallet contract, a deterministic or a universal one without anything.
pub(super) fn create(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    account_id: &AccountId,
    deposit: Balance,
) -> Account {
    let mut account = empty_account(apply_state);
    account.set_amount(deposit);
    match account_id.get_account_type() {
        AccountType::NearImplicitAccount => {
            add_own_key(apply_state, state, account_id, &mut account);
        }
        AccountType::EthImplicitAccount => {
            let contract = AccountContract::Global(wallet_contract(apply_state.chain_id));
            let usage = account.storage_usage() + contract.identifier_storage_usage();
            account = Account::new(deposit, Balance::ZERO, contract, usage);
        }
        AccountType::UniversalAccount => {
            let nonce = initial_nonce(apply_state.block_height);
            account = Account::new_uninitialized(deposit, account.storage_usage(), nonce);
        }
        AccountType::NearDeterministicAccount | AccountType::NamedAccount => {}
    }
    account
}

fn add_own_key(
    apply_state: &ApplyState,
    state: &mut StateUpdate,
    account_id: &AccountId,
    account: &mut Account,
) {
    let public_key = PublicKey::from_near_implicit_account(account_id)
        .expect("the id of a 64-hex account is an ed25519 key");
    let access_key = AccessKey {
        nonce: initial_nonce(apply_state.block_height),
        permission: AccessKeyPermission::FullAccess,
    };
    account.set_storage_usage(
        account.storage_usage()
            + access_key_usage(&apply_state.config.fees, &public_key, &access_key),
    );
    state.set_access_key(account_id, &public_key, &access_key);
}

/// Returns the hash of the wallet contract of a chain.
fn wallet_contract(chain_id: &str) -> CryptoHash {
    match chain_id {
        MAINNET | MOCKNET => MAINNET_WALLET,
        TESTNET => TESTNET_WALLET,
        _ => LOCALNET_WALLET,
    }
}

/// Creates an account without balance, keys and contract.
pub(super) fn empty_account(apply_state: &ApplyState) -> Account {
    let usage = apply_state
        .config
        .fees
        .storage_usage_config
        .num_bytes_account;
    Account::new(Balance::ZERO, Balance::ZERO, AccountContract::None, usage)
}
