//! Transactions that are correctly signed and unusual: amounts, names, keys, nonces and actions that nobody
//! would choose, and bytes that may not be a transaction at all.

use anyhow::Context;
use near_crypto::{KeyType, PublicKey, SecretKey};
use near_primitives::account::{
    AccessKey, AccessKeyPermission, FunctionCallPermission, GasKeyInfo,
};
use near_primitives::action::delegate::{DelegateAction, NonDelegateAction, SignedDelegateAction};
use near_primitives::action::{
    Action, AddKeyAction, CreateAccountAction, DeleteAccountAction, DeleteKeyAction,
    DeployContractAction, DeployGlobalContractAction, FunctionCallAction, GlobalContractDeployMode,
    GlobalContractIdentifier, StakeAction, TransferAction, TransferToGasKeyAction,
    UniversalStateInitAction, UseGlobalContractAction, WithdrawFromGasKeyAction,
};
use near_primitives::hash::CryptoHash;
use near_primitives::transaction::{
    NonceMode, Transaction, TransactionNonce, TransactionV0, TransactionV1,
};
use near_primitives::types::{AccountId, Balance, Gas, Nonce};
use near_primitives::universal_state_init::RawStateInit;
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use sandbox_clients::Key;

use super::bytes;

/// The signer, and everything else that a valid transaction needs.
pub struct Signing<'a> {
    /// The account.
    pub key: &'a Key,
    /// The current nonce.
    pub nonce: Nonce,
    /// A recent block.
    pub block_hash: CryptoHash,
    /// Keys to add, delete and stake with.
    pub keys: &'a [PublicKey],
    /// A contract, which is deployed as it is or mutated.
    pub wasm: &'a [u8],
}

/// Returns the bytes of a signed transaction.
pub fn transaction(random: &mut StdRng, signing: &Signing) -> anyhow::Result<Vec<u8>> {
    let mut unsigned = borsh::to_vec(&unsigned(random, signing)?)?;
    if random.gen_bool(0.2) {
        unsigned = bytes::mutated(random, unsigned);
    }
    let hash = CryptoHash::hash_bytes(&unsigned);
    let signature = signing.key.signer.sign(hash.as_ref());
    unsigned.extend(borsh::to_vec(&signature)?);
    Ok(unsigned)
}

fn unsigned(random: &mut StdRng, signing: &Signing) -> anyhow::Result<Transaction> {
    let number = match random.gen_range(0..20) {
        0 => 100,
        1 => 101,
        2 => 0,
        _ => random.gen_range(1..5),
    };
    let transaction = TransactionV0 {
        signer_id: signing.key.account(),
        public_key: signing.key.signer.public_key(),
        nonce: nonce(random, signing.nonce),
        receiver_id: receiver(random, signing)?,
        block_hash: match random.gen_range(0..20) {
            0 => CryptoHash::default(),
            _ => signing.block_hash,
        },
        actions: (0..number)
            .map(|_| action(random, signing))
            .collect::<anyhow::Result<_>>()?,
    };
    Ok(match random.gen_range(0..5) {
        0 => Transaction::V1(second_version(random, transaction)),
        _ => Transaction::V0(transaction),
    })
}

fn second_version(random: &mut StdRng, first: TransactionV0) -> TransactionV1 {
    TransactionV1 {
        signer_id: first.signer_id,
        public_key: first.public_key,
        nonce: match random.gen_range(0..4) {
            0 => TransactionNonce::from_nonce_and_index(first.nonce, random.r#gen()),
            _ => TransactionNonce::from_nonce(first.nonce),
        },
        receiver_id: first.receiver_id,
        block_hash: first.block_hash,
        actions: first.actions,
        nonce_mode: match random.gen_range(0..2) {
            0 => NonceMode::Strict,
            _ => NonceMode::Monotonic,
        },
    }
}

fn nonce(random: &mut StdRng, stands: Nonce) -> Nonce {
    match random.gen_range(0..12) {
        0 => 0,
        1 => stands,
        2 => u64::MAX,
        3 => stands.saturating_add(1_000_000_000_000),
        4 => stands.saturating_add(2),
        _ => stands.saturating_add(1),
    }
}

fn receiver(random: &mut StdRng, signing: &Signing) -> anyhow::Result<AccountId> {
    let own = signing.key.account();
    let below = format!("below.{own}");
    let others = [
        "near",
        "nobody",
        "system",
        "registrar",
        below.as_str(),
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0x0000000000000000000000000000000000000000",
        "0s0000000000000000000000000000000000000000",
    ];
    match others.choose(random) {
        Some(other) if random.gen_bool(0.5) => Ok(other.parse()?),
        _ => Ok(own),
    }
}

fn action(random: &mut StdRng, signing: &Signing) -> anyhow::Result<Action> {
    Ok(match random.gen_range(0..19) {
        0..3 => DeployContractAction {
            code: code(random, signing.wasm),
        }
        .into(),
        3..9 => call(random).into(),
        9 => TransferAction {
            deposit: amount(random),
        }
        .into(),
        10 => StakeAction {
            stake: amount(random),
            public_key: public_key(random, signing),
        }
        .into(),
        11 => AddKeyAction {
            public_key: public_key(random, signing),
            access_key: access_key(random, signing)?,
        }
        .into(),
        12 => DeleteKeyAction {
            public_key: public_key(random, signing),
        }
        .into(),
        13 => DeleteAccountAction {
            beneficiary_id: receiver(random, signing)?,
        }
        .into(),
        14 => delegate(random, signing)?.into(),
        15 => DeployGlobalContractAction {
            code: code(random, signing.wasm).into(),
            deploy_mode: match random.gen_range(0..2) {
                0 => GlobalContractDeployMode::CodeHash,
                _ => GlobalContractDeployMode::AccountId,
            },
        }
        .into(),
        16 => Action::UseGlobalContract(Box::new(UseGlobalContractAction {
            contract_identifier: match random.gen_range(0..2) {
                0 => GlobalContractIdentifier::CodeHash(CryptoHash::hash_bytes(signing.wasm)),
                _ => GlobalContractIdentifier::AccountId(receiver(random, signing)?),
            },
        })),
        17 => later(random, signing),
        _ => CreateAccountAction {}.into(),
    })
}

/// Returns an action that the sandbox does not support yet.
fn later(random: &mut StdRng, signing: &Signing) -> Action {
    match random.gen_range(0..3) {
        0 => TransferToGasKeyAction {
            public_key: public_key(random, signing),
            deposit: amount(random),
        }
        .into(),
        1 => WithdrawFromGasKeyAction {
            public_key: public_key(random, signing),
            amount: amount(random),
        }
        .into(),
        _ => Action::UniversalStateInit(Box::new(UniversalStateInitAction {
            state_init: RawStateInit(noise(random, 100)),
            deposit: amount(random),
        })),
    }
}

fn call(random: &mut StdRng) -> FunctionCallAction {
    let gas = [
        0,
        1,
        1_000_000_000_000,
        30_000_000_000_000,
        1_000_000_000_000_000,
        u64::MAX,
    ];
    FunctionCallAction {
        method_name: name(random),
        args: match random.gen_range(0..3) {
            0 => noise(random, 2_000),
            _ => Vec::new(),
        },
        gas: Gas::from_gas(*gas.choose(random).expect("there are some")),
        deposit: match random.gen_range(0..3) {
            0 => amount(random),
            _ => Balance::ZERO,
        },
    }
}

/// Returns a signed delegate action.
fn delegate(random: &mut StdRng, signing: &Signing) -> anyhow::Result<SignedDelegateAction> {
    let inner = TransferAction {
        deposit: amount(random),
    };
    let inner = NonDelegateAction::try_from(Action::from(inner));
    let inner = inner.ok().context("a transfer is not a delegate action")?;
    let delegate = DelegateAction {
        sender_id: receiver(random, signing)?,
        receiver_id: receiver(random, signing)?,
        actions: vec![inner; random.gen_range(0..4)],
        nonce: nonce(random, signing.nonce),
        max_block_height: random.r#gen(),
        public_key: match random.gen_range(0..2) {
            0 => public_key(random, signing),
            _ => signing.key.signer.public_key(),
        },
    };
    Ok(SignedDelegateAction::sign(&signing.key.signer, delegate))
}

fn access_key(random: &mut StdRng, signing: &Signing) -> anyhow::Result<AccessKey> {
    let permission = FunctionCallPermission {
        allowance: random.gen_bool(0.5).then(|| amount(random)),
        receiver_id: match random.gen_range(0..3) {
            0 => name(random),
            _ => receiver(random, signing)?.to_string(),
        },
        method_names: (0..random.gen_range(0..30)).map(|_| name(random)).collect(),
    };
    let gas_key = GasKeyInfo {
        balance: amount(random),
        num_nonces: random.r#gen(),
    };
    Ok(AccessKey {
        nonce: random.r#gen(),
        permission: match random.gen_range(0..8) {
            0..3 => AccessKeyPermission::FullAccess,
            3 => AccessKeyPermission::GasKeyFullAccess(gas_key),
            4 => AccessKeyPermission::GasKeyFunctionCall(gas_key, permission),
            _ => AccessKeyPermission::FunctionCall(permission),
        },
    })
}

fn public_key(random: &mut StdRng, signing: &Signing) -> PublicKey {
    signing.keys[random.gen_range(0..signing.keys.len())].clone()
}

/// Returns keys of all types. There are few, so a key that was added is used again.
pub fn keys() -> Vec<PublicKey> {
    [KeyType::ED25519, KeyType::SECP256K1, KeyType::MLDSA65]
        .iter()
        .flat_map(|key_type| ["a", "b"].map(|seed| SecretKey::from_seed(*key_type, seed)))
        .map(|key| key.public_key())
        .collect()
}

fn amount(random: &mut StdRng) -> Balance {
    Balance::from_yoctonear(match random.gen_range(0..8) {
        0 => 0,
        1 => u128::MAX,
        2 => u128::MAX / 2 + 1,
        3 => 10_u128.pow(25),
        4 => 10_u128.pow(24),
        5 => random.gen_range(0..10_u128.pow(26)),
        _ => 1,
    })
}

fn name(random: &mut StdRng) -> String {
    match random.gen_range(0..10) {
        0 => String::new(),
        1 => "m".repeat(random.gen_range(250..260)),
        2 => "\u{0}💥".to_owned(),
        _ => "greet".to_owned(),
    }
}

fn code(random: &mut StdRng, wasm: &[u8]) -> Vec<u8> {
    match random.gen_range(0..5) {
        0 => noise(random, 200),
        1 => [&b"\0asm\x01\0\0\0"[..], &noise(random, 50)].concat(),
        2 => wasm.to_vec(),
        _ => bytes::mutated(random, wasm.to_vec()),
    }
}

fn noise(random: &mut StdRng, longest: usize) -> Vec<u8> {
    let length = random.gen_range(0..longest);
    (0..length).map(|_| random.r#gen()).collect()
}
