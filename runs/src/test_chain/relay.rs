//! Meta-transactions (NEP-366): one account signs, another one sends and pays.

use embedded_sandbox::testing::signer;
use near_crypto::{InMemorySigner, KeyType, Signer};
use near_primitives::account::{AccessKey, AccessKeyPermission, FunctionCallPermission};
use near_primitives::action::delegate::{DelegateAction, NonDelegateAction, SignedDelegateAction};
use near_primitives::action::{Action, AddKeyAction};

use super::chain::{TestChain, TxHash, account};

/// The key that signs a delegate action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A full-access key.
    Full,
    /// A function-call key for the receiver.
    Functions,
}

impl TestChain {
    /// Signs an action of `sender` for `receiver`, and sends it from `relayer`.
    pub fn relay(
        &mut self,
        sender: &str,
        key: Key,
        receiver: &str,
        relayer: &str,
        action: Action,
    ) -> TxHash {
        let key = match key {
            Key::Full => signer(&account(sender)),
            Key::Functions => self.key_for_functions(sender, receiver),
        };
        let used = self
            .chain
            .head()
            .state
            .access_key(&account(sender), &key.public_key());
        let delegate_action = DelegateAction {
            sender_id: account(sender),
            receiver_id: account(receiver),
            actions: vec![
                NonDelegateAction::try_from(action).expect("the action is not a delegate action"),
            ],
            nonce: used.expect("the key is there").nonce + 1,
            max_block_height: self.chain.head().height + 100,
            public_key: key.public_key(),
        };
        let signed = SignedDelegateAction::sign(&key, delegate_action);
        self.send(relayer, sender, vec![signed.into()])
    }

    /// Returns a function-call key of an account for one contract. It is added if it does not exist.
    fn key_for_functions(&mut self, owner: &str, contract: &str) -> Signer {
        let key =
            InMemorySigner::from_seed(account(owner), KeyType::ED25519, "for functions, relayed");
        let state = &self.chain.head().state;
        if state
            .access_key(&account(owner), &key.public_key())
            .is_none()
        {
            let permission = AccessKeyPermission::FunctionCall(FunctionCallPermission {
                allowance: None,
                receiver_id: contract.to_owned(),
                method_names: Vec::new(),
            });
            let add = AddKeyAction {
                public_key: key.public_key(),
                access_key: AccessKey {
                    nonce: 0,
                    permission,
                },
            };
            let tx = self.send(owner, owner, vec![add.into()]);
            self.assert_succeeded(tx);
        }
        key
    }
}
