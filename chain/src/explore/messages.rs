//! Messages under way, their names and their channels. Each distinct message is kept once.

use std::collections::HashMap;
use std::sync::Arc;

use near_primitives::hash::CryptoHash;
use near_primitives::receipt::Receipt;
use near_primitives::types::AccountId;

use super::schedule::MessageName;

/// The number of a message. Equal messages have equal numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct MessageId(usize);

/// The way that a message takes (`SPEC.md` §10): from where it was made to its receiver. The predecessor does not
/// tell the origin: that of a refund is `system`.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Channel {
    origin: Origin,
    receiver_id: AccountId,
}

/// The origin of a message.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    /// The account on which a receipt or a transaction ran.
    Account(AccountId),
    /// A transaction that an account has sent to itself. Its receipt does not wait behind what the account's
    /// receipts send to the account.
    Local,
}

/// The number of a channel.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ChannelId(usize);

/// A receipt under way.
pub(super) struct Message {
    pub name: MessageName,
    pub channel: ChannelId,
    pub receipt: Arc<Receipt>,
}

/// The distinct messages that were seen.
#[derive(Default)]
pub(super) struct Messages {
    messages: Vec<Message>,
    known: HashMap<(ChannelId, Vec<u8>), MessageId>,
    channels: HashMap<Channel, ChannelId>,
    /// The name of each receipt that was created. An id is a hash of the position in the call tree.
    names: HashMap<CryptoHash, MessageName>,
}

impl Messages {
    /// Gives a receipt its name.
    pub fn name(&mut self, receipt_id: CryptoHash, name: MessageName) {
        self.names.insert(receipt_id, name);
    }

    /// Returns the name of a receipt that was created.
    pub fn name_of(&self, receipt_id: &CryptoHash) -> Option<&MessageName> {
        self.names.get(receipt_id)
    }

    /// Returns the message with this number.
    pub fn get(&self, id: MessageId) -> &Message {
        &self.messages[id.0]
    }

    /// Returns the number of a receipt that has a name.
    pub fn number(&mut self, origin: Origin, receipt: &Arc<Receipt>) -> MessageId {
        let channel = Channel {
            origin,
            receiver_id: receipt.receiver_id().clone(),
        };
        let next = ChannelId(self.channels.len());
        let channel = *self.channels.entry(channel).or_insert(next);
        let bytes = borsh::to_vec(&**receipt).expect("a receipt in memory can be serialised");
        let next = MessageId(self.messages.len());
        let id = *self.known.entry((channel, bytes)).or_insert(next);
        if id == next {
            let name = self.names.get(receipt.receipt_id());
            self.messages.push(Message {
                name: name.expect("the receipt has got its name").clone(),
                channel,
                receipt: receipt.clone(),
            });
        }
        id
    }

    /// Adds messages to those under way, behind the earlier ones of their channels.
    pub fn add(&self, under_way: &mut Vec<MessageId>, new: &[MessageId]) {
        under_way.extend(new);
        under_way.sort_by_key(|id| self.get(*id).channel);
    }
}
