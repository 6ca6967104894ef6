//! A delegate action inside another, which only a client that writes bytes by hand can send.

use near_primitives::action::delegate::{DelegateAction, NonDelegateAction, SignedDelegateAction};
use near_primitives::action::{Action, DeployContractAction};
use near_primitives::serialize::to_base64;
use serde_json::json;

use crate::node::Sandbox;

/// No type has a delegate action inside another one. So the test replaces an action in the bytes of a
/// transaction.
#[test]
fn a_delegate_action_inside_another_cannot_be_read() {
    let mut sandbox = Sandbox::start();
    let root = sandbox.root();
    let placeholder = Action::DeployContract(DeployContractAction {
        code: b"here the other one goes".to_vec(),
    });
    let inner = NonDelegateAction::try_from(placeholder.clone()).expect("no delegate action");
    let delegate = SignedDelegateAction::sign(
        &root,
        DelegateAction {
            sender_id: root.get_account_id(),
            receiver_id: root.get_account_id(),
            actions: vec![inner],
            nonce: 1,
            max_block_height: 100,
            public_key: root.public_key(),
        },
    );
    let delegate = Action::from(delegate);
    let transaction = sandbox.sign(&root, &root.get_account_id(), vec![delegate.clone()]);
    let mut bytes = borsh::to_vec(&transaction).expect("a transaction can be serialised");
    let placeholder = borsh::to_vec(&placeholder).expect("an action can be serialised");
    let delegate = borsh::to_vec(&delegate).expect("an action can be serialised");
    let start = bytes
        .windows(placeholder.len())
        .position(|window| window == placeholder)
        .expect("the placeholder is in the transaction");
    bytes.splice(start..start + placeholder.len(), delegate);

    let (status, error) = sandbox.refusal("broadcast_tx_commit", json!([to_base64(&bytes)]));
    assert_eq!(status, 400);
    assert_eq!(
        error["cause"]["info"]["error_message"],
        "Failed to decode transaction: DelegateAction mustn't contain a nested one"
    );
}
