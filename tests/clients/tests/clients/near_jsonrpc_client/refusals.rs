//! The errors of transactions that are not valid.

use near_crypto::{InMemorySigner, KeyType};
use near_jsonrpc_client::methods::broadcast_tx_commit;
use near_jsonrpc_primitives::types::transactions::RpcTransactionError;
use near_primitives::account::{AccessKey, AccessKeyPermission, FunctionCallPermission};
use near_primitives::action::{Action, AddKeyAction};
use near_primitives::errors::{InvalidAccessKeyError, InvalidTxError};
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::Balance;
use sandbox_clients::{Key, sign};

use super::transactions::{call, transfer};
use super::{TestNode, unknown_hash};

/// Returns a key for the account of another one.
fn key_of(owner: &Key, seed: &str) -> Key {
    let signer = InMemorySigner::from_seed(owner.account(), KeyType::ED25519, seed);
    Key { signer }
}

/// Returns the reason for which the node refuses a transaction.
async fn refusal(
    node: &TestNode,
    signed_transaction: SignedTransaction,
) -> anyhow::Result<InvalidTxError> {
    let request = broadcast_tx_commit::RpcBroadcastTxCommitRequest { signed_transaction };
    match node.error(request).await? {
        RpcTransactionError::InvalidTransaction { context } => Ok(context),
        other => anyhow::bail!("another error: {other:?}"),
    }
}

#[tokio::test]
async fn a_transaction_with_a_wrong_nonce_hash_or_signature_has_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let (root, account) = (&node.root, node.root.account());
    let (nonce, block_hash) = root.nonce(&node.node.rpc()).await?;
    let signed = |nonce, block_hash| sign(root, nonce, &account, Vec::new(), block_hash);
    let mut wrongly_signed = signed(nonce + 1, block_hash);
    wrongly_signed.signature = signed(nonce + 2, block_hash).signature;

    let stale = refusal(&node, signed(nonce, block_hash)).await?;
    let expired = refusal(&node, signed(nonce + 1, unknown_hash())).await?;
    let wrongly_signed = refusal(&node, wrongly_signed).await?;

    assert!(matches!(stale, InvalidTxError::InvalidNonce { .. }));
    assert!(matches!(expired, InvalidTxError::Expired));
    assert!(matches!(wrongly_signed, InvalidTxError::InvalidSignature));
    Ok(())
}

#[tokio::test]
async fn a_transaction_that_cannot_be_paid_has_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let poor = node.create_account("poor", Balance::from_near(1)).await?;
    let pay = async |deposit| {
        let signed = node
            .sign(&poor, &node.root.account(), transfer(deposit))
            .await?;
        refusal(&node, signed).await
    };

    let too_much = pay(Balance::from_near(2)).await?;
    let overflow = pay(Balance::from_yoctonear(u128::MAX)).await?;

    assert!(matches!(too_much, InvalidTxError::NotEnoughBalance { .. }));
    assert!(matches!(overflow, InvalidTxError::CostOverflow));
    Ok(())
}

#[tokio::test]
async fn a_transaction_of_an_unknown_account_or_key_has_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let (nonce, block_hash) = node.root.nonce(&node.node.rpc()).await?;
    let nobody = Key::of("nobody.test.near")?;
    let alice = node.create_account("alice", Balance::from_near(1)).await?;
    let another = key_of(&alice, "another");
    let signed = |key: &Key| sign(key, nonce + 1, &key.account(), Vec::new(), block_hash);

    let account = refusal(&node, signed(&nobody)).await?;
    let key = refusal(&node, signed(&another)).await?;

    assert!(matches!(account, InvalidTxError::SignerDoesNotExist { .. }));
    assert!(matches!(
        key,
        InvalidTxError::InvalidAccessKeyError(InvalidAccessKeyError::AccessKeyNotFound { .. })
    ));
    Ok(())
}

#[tokio::test]
async fn an_action_that_is_not_valid_has_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let root = &node.root;
    let signed = node
        .sign(root, &root.account(), vec![call(&"m".repeat(257))])
        .await?;

    let error = refusal(&node, signed).await?;

    assert!(matches!(error, InvalidTxError::ActionsValidation(_)));
    Ok(())
}

/// Returns the action that adds a key which may call one method of its own account.
fn visit_only(key: &Key, allowance: Option<Balance>) -> Action {
    let permission = AccessKeyPermission::FunctionCall(FunctionCallPermission {
        allowance,
        receiver_id: key.account().to_string(),
        method_names: vec!["visit".to_owned()],
    });
    let add = AddKeyAction {
        public_key: key.signer.public_key(),
        access_key: AccessKey {
            nonce: 0,
            permission,
        },
    };
    add.into()
}

#[tokio::test]
async fn a_function_call_key_is_refused_for_each_reason() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let alice = node.create_account("alice", Balance::from_near(1)).await?;
    let (limited, poor) = (key_of(&alice, "limited"), key_of(&alice, "poor"));
    let keys = [(&limited, None), (&poor, Some(Balance::from_yoctonear(1)))];
    let add = keys.map(|(key, allowance)| visit_only(key, allowance));
    node.send(&alice, add.into()).await?;
    let reason = async |key, receiver, actions| {
        let signed = node.sign(key, receiver, actions).await?;
        match refusal(&node, signed).await? {
            InvalidTxError::InvalidAccessKeyError(error) => Ok(error),
            other => anyhow::bail!("another error: {other:?}"),
        }
    };
    let (alice, root) = (alice.account(), node.root.account());

    let allowance = reason(&poor, &alice, vec![call("visit")]).await?;
    let method = reason(&limited, &alice, vec![call("leave")]).await?;
    let receiver = reason(&limited, &root, vec![call("visit")]).await?;
    let action = reason(&limited, &alice, transfer(Balance::from_yoctonear(1))).await?;

    assert!(matches!(
        allowance,
        InvalidAccessKeyError::NotEnoughAllowance { .. }
    ));
    assert!(matches!(
        method,
        InvalidAccessKeyError::MethodNameMismatch { .. }
    ));
    assert!(matches!(
        receiver,
        InvalidAccessKeyError::ReceiverMismatch { .. }
    ));
    assert!(matches!(action, InvalidAccessKeyError::RequiresFullAccess));
    Ok(())
}
