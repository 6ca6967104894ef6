//! `query`: each of its requests, and each of its errors.

use std::num::NonZeroU32;

use near_jsonrpc_client::methods::query::{RpcQueryError, RpcQueryRequest};
use near_jsonrpc_primitives::types::query::QueryResponseKind;
use near_primitives::action::{
    Action, DeployContractAction, DeployGlobalContractAction, GlobalContractDeployMode,
};
use near_primitives::types::{AccountId, Balance, BlockReference};
use near_primitives::views::QueryRequest;
use sandbox_clients::{Key, fixture_wasm};

use super::{TestNode, unknown_block, unknown_hash};

fn latest(request: QueryRequest) -> RpcQueryRequest {
    RpcQueryRequest {
        block_reference: BlockReference::latest(),
        request,
    }
}

fn nobody() -> anyhow::Result<AccountId> {
    Ok("nobody.test.near".parse()?)
}

fn view_account(account_id: AccountId) -> QueryRequest {
    QueryRequest::ViewAccount { account_id }
}

fn view_state(account_id: AccountId, include_proof: bool) -> QueryRequest {
    QueryRequest::ViewState {
        account_id,
        prefix: Vec::new().into(),
        after_key: None,
        limit: NonZeroU32::new(10),
        include_proof,
    }
}

fn call(account_id: AccountId, method_name: &str) -> QueryRequest {
    QueryRequest::CallFunction {
        account_id,
        method_name: method_name.to_owned(),
        args: Vec::new().into(),
    }
}

/// Returns a node whose root has the contract `greet`, as its own and as a global one.
async fn with_contract() -> anyhow::Result<TestNode> {
    let node = TestNode::start()?;
    let code = fixture_wasm("greet")?;
    let deploy_mode = GlobalContractDeployMode::AccountId;
    let global = DeployGlobalContractAction {
        code: code.clone().into(),
        deploy_mode,
    };
    let own = DeployContractAction { code };
    let actions: Vec<Action> = vec![own.into(), Action::DeployGlobalContract(global)];
    node.send(&node.root, actions).await?;
    Ok(node)
}

#[tokio::test]
async fn each_request_has_its_response() -> anyhow::Result<()> {
    let node = with_contract().await?;
    let root = node.root.account();
    let kind = async |request| anyhow::Ok(node.call(latest(request)).await?.kind);

    let account = kind(view_account(root.clone())).await?;
    assert!(matches!(account, QueryResponseKind::ViewAccount(_)));
    let account_id = root.clone();
    let code = kind(QueryRequest::ViewCode { account_id }).await?;
    let QueryResponseKind::ViewCode(code) = code else {
        anyhow::bail!("no code: {code:?}");
    };
    assert_eq!(code.code, fixture_wasm("greet")?);
    let account_id = root.clone();
    let global = kind(QueryRequest::ViewGlobalContractCodeByAccountId { account_id }).await?;
    assert!(matches!(global, QueryResponseKind::ViewCode(_)));
    let state = kind(view_state(root.clone(), false)).await?;
    assert!(matches!(state, QueryResponseKind::ViewState(_)));
    let key = kind(QueryRequest::ViewAccessKey {
        account_id: root.clone(),
        public_key: node.root.signer.public_key(),
    });
    assert!(matches!(key.await?, QueryResponseKind::AccessKey(_)));
    let keys = kind(QueryRequest::ViewAccessKeyList {
        account_id: root.clone(),
        after_key: None,
        limit: None,
    });
    assert!(matches!(keys.await?, QueryResponseKind::AccessKeyList(_)));
    let result = kind(call(root, "greet")).await?;
    let QueryResponseKind::CallResult(result) = result else {
        anyhow::bail!("no result of a call: {result:?}");
    };
    assert_eq!(result.result, b"there");
    Ok(())
}

#[tokio::test]
async fn a_query_in_an_unknown_block_has_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let request = view_account(node.root.account());

    let error = node
        .error(RpcQueryRequest {
            block_reference: unknown_block(),
            request,
        })
        .await?;

    assert!(matches!(error, RpcQueryError::UnknownBlock { .. }));
    Ok(())
}

#[tokio::test]
async fn each_query_of_an_unknown_account_has_its_error() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let account_id = nobody()?;

    for request in [
        view_account(account_id.clone()),
        view_state(account_id.clone(), false),
        QueryRequest::ViewCode {
            account_id: account_id.clone(),
        },
    ] {
        let error = node.error(latest(request)).await?;
        assert!(matches!(error, RpcQueryError::UnknownAccount { .. }));
    }
    Ok(())
}

#[tokio::test]
async fn code_and_keys_that_are_not_there_have_their_errors() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let account_id = node.root.account();
    let public_key = Key::of("another")?.signer.public_key();
    let error = async |request| node.error(latest(request)).await;

    let code = error(QueryRequest::ViewCode {
        account_id: account_id.clone(),
    });
    assert!(matches!(code.await?, RpcQueryError::NoContractCode { .. }));
    let key = error(QueryRequest::ViewAccessKey {
        account_id: account_id.clone(),
        public_key: public_key.clone(),
    });
    assert!(matches!(key.await?, RpcQueryError::UnknownAccessKey { .. }));
    let gas_key = error(QueryRequest::ViewGasKeyNonces {
        account_id: account_id.clone(),
        public_key,
    });
    assert!(matches!(
        gas_key.await?,
        RpcQueryError::UnknownGasKey { .. }
    ));
    for global in [
        QueryRequest::ViewGlobalContractCode {
            code_hash: unknown_hash(),
        },
        QueryRequest::ViewGlobalContractCodeByAccountId { account_id },
    ] {
        let global = error(global).await?;
        assert!(matches!(global, RpcQueryError::NoGlobalContractCode { .. }));
    }
    Ok(())
}

#[tokio::test]
async fn a_view_that_fails_has_the_error_of_the_contract() -> anyhow::Result<()> {
    let node = with_contract().await?;

    for (account_id, method, expected) in [
        (node.root.account(), "no_such_method", "MethodNotFound"),
        (
            node.create_account("empty", Balance::from_near(1))
                .await?
                .account(),
            "greet",
            "CodeDoesNotExist",
        ),
    ] {
        let error = node.error(latest(call(account_id, method))).await?;
        let RpcQueryError::ContractExecutionError { vm_error, .. } = error else {
            anyhow::bail!("another error: {error:?}");
        };
        assert!(vm_error.contains(expected), "{vm_error}");
    }
    Ok(())
}

#[tokio::test]
async fn a_proof_of_the_state_is_refused() -> anyhow::Result<()> {
    let node = TestNode::start()?;
    let request = latest(view_state(node.root.account(), true));

    let is_refused = node.is_refused(request).await?;

    assert!(is_refused);
    Ok(())
}
