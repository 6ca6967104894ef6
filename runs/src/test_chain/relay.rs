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
    /// The key with full access.
    Full,
    /// A key that may only call functions of the receiver.
    Functions,
}

impl TestChain {
    /// Lets `sender` sign an action for `receiver`, and `relayer` send it.
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
        let wish = DelegateAction {
            sender_id: account(sender),
            receiver_id: account(receiver),
            actions: vec![NonDelegateAction::try_from(action).expect("no delegate action")],
            nonce: used.expect("the key is there").nonce + 1,
            max_block_height: self.chain.head().height + 100,
            public_key: key.public_key(),
        };
        let signed = SignedDelegateAction::sign(&key, wish);
        self.send(relayer, sender, vec![signed.into()])
    }

    /// Returns a key of an account that may only call functions of one contract. It is added when it is not
    /// there yet.
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
