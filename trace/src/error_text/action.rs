//! The errors of actions.

use near_primitives::action::GlobalContractIdentifier;
use near_primitives::errors::ActionErrorKind;

use super::access_key::access_key_error;
use super::balance::{lacks_for_storage, near, near_pair};
use super::function_call::function_call_error;
use super::validation::receipt_error;
use crate::text::public_key as key;

/// Describes the error of an action.
pub fn action_error(error: &ActionErrorKind) -> String {
    use ActionErrorKind as Kind;
    match error {
        Kind::AccountAlreadyExists { account_id } => {
            format!("Can't create a new account {account_id}, because it already exists")
        }
        Kind::AccountDoesNotExist { account_id } => {
            format!("Can't complete the action because account {account_id} doesn't exist")
        }
        Kind::CreateAccountOnlyByRegistrar {
            account_id,
            registrar_account_id,
            predecessor_id,
        } => format!(
            "A top-level account ID {account_id} can't be created by {predecessor_id}, short top-level account IDs can only be created by {registrar_account_id}"
        ),
        Kind::CreateAccountNotAllowed {
            account_id,
            predecessor_id,
        } => format!("A sub-account ID {account_id} can't be created by account {predecessor_id}"),
        Kind::ActorNoPermission {
            account_id,
            actor_id,
        } => format!(
            "Actor {actor_id} doesn't have permission to account {account_id} to complete the action"
        ),
        Kind::DeleteKeyDoesNotExist {
            account_id,
            public_key,
        } => format!(
            "Account {account_id} tries to remove an access key that doesn't exist: {}",
            key(public_key)
        ),
        Kind::AddKeyAlreadyExists {
            account_id,
            public_key,
        } => format!(
            "The public key {} is already used for an existing access key of {account_id}",
            key(public_key)
        ),
        Kind::DeleteAccountStaking { account_id } => {
            format!("Account {account_id} is staking and can not be deleted")
        }
        Kind::LackBalanceForState { account_id, amount } => {
            lacks_for_storage(account_id.as_str(), *amount)
        }
        Kind::TriesToUnstake { account_id } => {
            format!("Account {account_id} is not yet staked, but tries to unstake")
        }
        Kind::TriesToStake {
            account_id,
            stake,
            locked,
            balance,
        } => format!(
            "Account {account_id} tries to stake {}, but has staked {} and only has {}",
            near(*stake),
            near(*locked),
            near(*balance)
        ),
        Kind::InsufficientStake {
            account_id,
            stake,
            minimum_stake,
        } => {
            let [stake, minimum_stake] = near_pair(*stake, *minimum_stake);
            format!(
                "Account {account_id} tries to stake {stake} but minimum required stake is {minimum_stake}"
            )
        }
        Kind::FunctionCallError(error) => function_call_error(error),
        Kind::NewReceiptValidationError(error) => format!(
            "A new action receipt created during a FunctionCall is not valid: {}",
            receipt_error(error)
        ),
        Kind::OnlyImplicitAccountCreationAllowed { account_id } => format!(
            "CreateAccount action is called on {account_id}: an account of such a name is created by a transfer to it"
        ),
        Kind::DeleteAccountWithLargeState { account_id } => {
            format!(
                "The state of account {account_id} is too large and therefore cannot be deleted"
            )
        }
        Kind::DelegateActionInvalidSignature => {
            "DelegateAction is not signed with the given public key".to_owned()
        }
        Kind::DelegateActionSenderDoesNotMatchTxReceiver {
            sender_id,
            receiver_id,
        } => format!(
            "Transaction receiver {receiver_id} doesn't match DelegateAction sender {sender_id}"
        ),
        Kind::DelegateActionExpired => "DelegateAction has expired".to_owned(),
        Kind::DelegateActionAccessKeyError(error) => {
            format!("DelegateAction is refused: {}", access_key_error(error))
        }
        Kind::DelegateActionInvalidNonce {
            delegate_nonce,
            ak_nonce,
        } => format!(
            "DelegateAction nonce {delegate_nonce} must be larger than nonce of the used access key {ak_nonce}"
        ),
        Kind::DelegateActionNonceTooLarge {
            delegate_nonce,
            upper_bound,
        } => format!(
            "DelegateAction nonce {delegate_nonce} must be smaller than the access key nonce upper bound {upper_bound}"
        ),
        Kind::GlobalContractDoesNotExist { identifier } => {
            format!(
                "There is no global contract {}",
                global_contract(identifier)
            )
        }
        Kind::GasKeyDoesNotExist {
            account_id,
            public_key,
        } => format!(
            "Gas key {} does not exist for account {account_id}",
            key(public_key)
        ),
        Kind::InsufficientGasKeyBalance {
            account_id,
            public_key,
            balance,
            required,
        } => {
            let [balance, required] = near_pair(*balance, *required);
            format!(
                "Gas key {} for account {account_id} has insufficient balance: {balance} available, {required} required",
                key(public_key)
            )
        }
        Kind::GasKeyBalanceTooHigh {
            account_id,
            public_key: Some(public_key),
            balance,
        } => format!(
            "Gas key {} for account {account_id} has balance {} which is too high to burn on deletion",
            key(public_key),
            near(*balance)
        ),
        Kind::GasKeyBalanceTooHigh {
            account_id,
            public_key: None,
            balance,
        } => format!(
            "Account {account_id} has total gas key balance {} which is too high to burn on deletion",
            near(*balance)
        ),
        Kind::DelegateActionInvalidNonceIndex {
            nonce_index,
            num_nonces,
        } => format!(
            "DelegateAction nonce index {nonce_index} must be smaller than the gas key nonce count {num_nonces}"
        ),
        Kind::TotalPromiseInputSizeExceeded { size, limit } => format!(
            "The combined size of the receipt's promise inputs {size} exceeded the limit {limit}"
        ),
        Kind::ReceiptStorageProofSizeExceeded { limit } => {
            format!("Receipt exceeded the storage proof size limit of {limit} bytes")
        }
        Kind::MalformedUniversalStateInit => {
            "UniversalStateInit payload is not a valid state init".to_owned()
        }
        Kind::AccountNotInitialized { account_id } => {
            format!("Can't complete the action because account {account_id} is uninitialized")
        }
    }
}

fn global_contract(identifier: &GlobalContractIdentifier) -> String {
    match identifier {
        GlobalContractIdentifier::CodeHash(hash) => format!("with the code hash {hash}"),
        GlobalContractIdentifier::AccountId(account) => format!("of {account}"),
    }
}
