//! Transactions: each way to send one, and to read its status.

use std::fs;

use near_jsonrpc_client::errors::{JsonRpcServerError, JsonRpcServerResponseStatusError};
use near_jsonrpc_client::methods::{
    EXPERIMENTAL_tx_status, broadcast_tx_async, broadcast_tx_commit, send_tx, tx, tx_status,
};
use near_jsonrpc_primitives::types::transactions::{RpcTransactionError, TransactionInfo};
use near_primitives::action::{Action, DeployContractAction, FunctionCallAction, TransferAction};
use near_primitives::hash::CryptoHash;
use near_primitives::types::{Balance, Gas};
use near_primitives::views::{
    FinalExecutionOutcomeViewEnum, FinalExecutionStatus, TxExecutionStatus,
};
use sandbox_clients::{Key, Node, fixture_wasm};
use serde_json::{Value, json};

use super::{TestNode, unknown_hash};

const LEVELS: [TxExecutionStatus; 6] = [
    TxExecutionStatus::None,
    TxExecutionStatus::Included,
    TxExecutionStatus::ExecutedOptimistic,
    TxExecutionStatus::IncludedFinal,
    TxExecutionStatus::Executed,
    TxExecutionStatus::Final,
];

/// Returns a transfer.
pub fn transfer(deposit: Balance) -> Vec<Action> {
    vec![TransferAction { deposit }.into()]
}

/// Returns a call without arguments.
pub fn call(method_name: &str) -> Action {
    let (args, deposit) = (Vec::new(), Balance::ZERO);
    let call = FunctionCallAction {
        method_name: method_name.to_owned(),
        args,
        gas: Gas::from_teragas(30),
        deposit,
    };
    call.into()
}

fn id(node: &TestNode, tx_hash: CryptoHash) -> TransactionInfo {
    TransactionInfo::TransactionId {
        tx_hash,
        sender_account_id: node.root.account(),
    }
}

#[tokio::test]
async fn a_transaction_is_sent_with_each_level() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    for (index, wait_until) in LEVELS.into_iter().enumerate() {
        let alice = Key::of("test.near")?.account();
        let signed_transaction = node
            .sign(&node.root, &alice, transfer(Balance::from_yoctonear(1)))
            .await?;
        let tx_hash = signed_transaction.get_hash();

        let sent = node
            .call(send_tx::RpcSendTransactionRequest {
                signed_transaction,
                wait_until,
            })
            .await?;
        let status = node
            .call(tx::RpcTransactionStatusRequest {
                transaction_info: id(&node, tx_hash),
                wait_until: TxExecutionStatus::Final,
            })
            .await?;

        let reached = LEVELS
            .iter()
            .position(|level| *level == sent.final_execution_status);
        assert!(reached >= Some(index), "{reached:?} of {index}");
        assert_eq!(status.final_execution_status, TxExecutionStatus::Final);
    }
    Ok(())
}

#[tokio::test]
async fn a_transaction_that_is_broadcast_is_executed_later() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let root = &node.root;
    let signed_transaction = node.sign(root, &root.account(), Vec::new()).await?;
    let info = TransactionInfo::Transaction {
        signed_tx: signed_transaction.clone(),
    };

    let hash = node
        .call(broadcast_tx_async::RpcBroadcastTxAsyncRequest { signed_transaction })
        .await?;
    let status = node
        .call(tx_status::RpcTransactionStatusRequest {
            transaction_info: info,
            wait_until: TxExecutionStatus::Final,
        })
        .await?;

    let Some(FinalExecutionOutcomeViewEnum::FinalExecutionOutcomeWithReceipt(outcome)) =
        status.final_execution_outcome
    else {
        anyhow::bail!("no outcome with receipts");
    };
    assert_eq!(outcome.final_outcome.transaction.hash, hash);
    Ok(())
}

#[tokio::test]
#[expect(deprecated, reason = "many clients know the method by its first name")]
async fn the_status_of_a_transaction_has_its_receipts() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let alice = node.create_account("alice", Balance::from_near(1)).await?;
    let signed_transaction = node
        .sign(
            &node.root,
            &alice.account(),
            transfer(Balance::from_near(1)),
        )
        .await?;
    let request = broadcast_tx_commit::RpcBroadcastTxCommitRequest { signed_transaction };
    let outcome = node.call(request).await?;

    let status = node
        .call(EXPERIMENTAL_tx_status::RpcTransactionStatusRequest {
            transaction_info: id(&node, outcome.transaction.hash),
            wait_until: TxExecutionStatus::Final,
        })
        .await?;

    let Some(FinalExecutionOutcomeViewEnum::FinalExecutionOutcomeWithReceipt(with_receipts)) =
        status.final_execution_outcome
    else {
        anyhow::bail!("no outcome with receipts");
    };
    assert_eq!(
        outcome.status,
        FinalExecutionStatus::SuccessValue(Vec::new())
    );
    assert_eq!(with_receipts.final_outcome, outcome);
    assert_eq!(with_receipts.receipts[0].receiver_id, alice.account());
    Ok(())
}

#[tokio::test]
async fn an_unknown_transaction_has_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let (transaction_info, wait_until) = (id(&node, unknown_hash()), TxExecutionStatus::None);

    let error = node
        .error(tx::RpcTransactionStatusRequest {
            transaction_info: transaction_info.clone(),
            wait_until: wait_until.clone(),
        })
        .await?;
    let with_receipts = node
        .error(tx_status::RpcTransactionStatusRequest {
            transaction_info,
            wait_until,
        })
        .await?;

    for error in [error, with_receipts] {
        assert!(matches!(
            error,
            RpcTransactionError::UnknownTransaction { requested_transaction_hash }
                if requested_transaction_hash == unknown_hash()
        ));
    }
    Ok(())
}

/// Returns a node that waits for a transaction for 300 milliseconds, not for ten seconds.
fn impatient() -> anyhow::Result<TestNode> {
    let home = Node::init()?;
    let path = home.path().join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path)?)?;
    config["rpc"]["polling_config"]["polling_timeout"] = json!({ "secs": 0, "nanos": 300_000_000 });
    fs::write(&path, config.to_string())?;
    TestNode::of(Node::run(home)?)
}

/// The client sees only the HTTP status of a timeout, and leaves out its cause.
#[tokio::test]
async fn a_transaction_that_takes_too_long_has_the_error_of_a_timeout() -> anyhow::Result<()> {
    let node = impatient()?;
    let code = fixture_wasm("yields")?;
    let actions = vec![DeployContractAction { code }.into(), call("wait")];
    let root = &node.root;
    let signed_transaction = node.sign(root, &root.account(), actions).await?;

    let error = node
        .failure(send_tx::RpcSendTransactionRequest {
            signed_transaction,
            wait_until: TxExecutionStatus::Final,
        })
        .await?;

    assert!(matches!(
        error,
        JsonRpcServerError::ResponseStatusError(JsonRpcServerResponseStatusError::TimeoutError)
    ));
    Ok(())
}
