//! The assets leave, one after the other, each with a callback that marks it in the journal.

use near_sdk::{Gas, PromiseError, env, log, near, require};

use crate::assets::{Asset, GAS_FOR_TRANSFER, Item, TokenId, items};
use crate::journal::{Entry, Place, Way};
use crate::promise_results::call_succeeded;
use crate::{Contract, ContractExt};

/// The least gas of a callback that marks a leg: 10 Tgas. It also gets what the calls before it leave.
pub const GAS_FOR_MARK: Gas = Gas::from_tgas(10);

/// The gas without which no leg is sent: the transfer, its callback, and 5 Tgas to send them and to write the journal.
pub const GAS_FOR_LEG: Gas = Gas::from_tgas(25);

/// The longest description of an item that we read, in bytes.
pub const MAX_ITEM_BYTES: usize = 10_000;

impl Contract {
    /// Returns a trade of the journal. Panics if there is none.
    pub(crate) fn entry(&mut self, id: u64) -> &mut Entry {
        let Some(entry) = self.journal.get_mut(&id) else {
            env::panic_str(&format!("There is no trade {id}"));
        };
        entry
    }

    // ANCHOR: send
    /// Sends a leg, after it has written into the journal that it does. If there is none and all have left, the trade
    /// ends.
    ///
    /// With too little gas nothing is sent. The journal says so, and anybody may resume.
    pub(crate) fn send(&mut self, id: u64, leg: Option<usize>) {
        let (items, gold) = (self.items.clone(), self.gold.clone());
        let entry = self.entry(id);
        let Some(leg) = leg else {
            if entry.has_ended() {
                self.close(id);
            }
            return;
        };
        if env::prepaid_gas().saturating_sub(env::used_gas()) < GAS_FOR_LEG {
            log!("Trade {id} has too little gas: resume it");
            return;
        }
        let way = entry.way;
        let asset = &mut entry.legs[leg];
        asset.place = Place::Sent(env::block_height());
        asset.attempt += 1;
        let receiver = match way {
            Way::Forward => asset.taker.clone(),
            Way::Back | Way::Waiting => asset.giver.clone(),
        };
        let callback = Self::ext_self()
            .with_static_gas(GAS_FOR_MARK)
            .leg_callback(id, leg, asset.attempt);
        let transfer = asset.asset.clone().send(&items, &gold, receiver);
        transfer.then(callback).detach();
    }
    // ANCHOR_END: send

    /// Removes a trade from the journal.
    pub(crate) fn close(&mut self, id: u64) {
        let Some(entry) = self.journal.remove(&id) else {
            return;
        };
        for leg in entry.legs {
            if let Asset::Item(token_id) = leg.asset
                && self.trade_of.get(&token_id) == Some(&id)
            {
                self.trade_of.remove(&token_id);
            }
        }
        log!("Trade {id} has ended");
    }

    // ANCHOR: left_before
    /// Notes that an item has come for trade `id`. If an older trade still has it, that one is wrong: the item has left,
    /// because it comes from outside now.
    ///
    /// Without this, the older trade could send the item of the new one.
    pub(crate) fn left_before(&mut self, token_id: &TokenId, id: u64) {
        let Some(older) = self.trade_of.insert(token_id.clone(), id) else {
            return;
        };
        let Some(entry) = self.journal.get_mut(&older) else {
            return;
        };
        entry.legs[0].place = Place::Gone;
        if !entry.is_filled() || entry.has_ended() {
            self.close(older);
        }
    }
    // ANCHOR_END: left_before
}

#[near]
impl Contract {
    // ANCHOR: callback
    /// Marks a leg: it has arrived, or it is here again. Then sends the next one.
    #[private]
    pub fn leg_callback(&mut self, id: u64, leg: usize, attempt: u32) {
        let arrived = call_succeeded();
        self.mark(id, leg, attempt, arrived);
    }
    // ANCHOR_END: callback

    // ANCHOR: resume
    /// Continues a trade that has stopped. Anybody may call this, because the journal says who gets what.
    ///
    /// It sends what is here. What was sent and has not been marked is not sent again.
    pub fn resume(&mut self, id: u64) {
        let entry = self.entry(id);
        if entry.way == Way::Waiting {
            require!(entry.is_filled(), "The trade waits for gold");
            // The callback of the yield is under way, or it has failed, and then the items have given the item back.
            require!(entry.yield_id.resume([]).is_err(), "The exchange begins");
            entry.legs[0].place = Place::Gone;
            entry.way = Way::Back;
        }
        if let Some(leg) = entry.lost_item() {
            self.ask(id, leg);
        }
        let next = self.entry(id).next(None);
        self.send(id, next);
    }
    // ANCHOR_END: resume

    // ANCHOR: ask_callback
    /// Marks an item whose callback was lost: if it still belongs to us, it has not left.
    #[private]
    pub fn ask_callback(
        &mut self,
        id: u64,
        leg: usize,
        attempt: u32,
        #[callback_result(max_bytes = MAX_ITEM_BYTES)] item: Result<Option<Item>, PromiseError>,
    ) {
        let Ok(item) = item else {
            log!("The items do not answer: resume trade {id} again");
            return;
        };
        let ours = item.is_some_and(|item| item.owner_id == env::current_account_id());
        self.mark(id, leg, attempt, !ours);
    }
    // ANCHOR_END: ask_callback
}

impl Contract {
    /// Records whether an attempt has arrived, and sends the next leg. An attempt that is not the latest, or is marked
    /// already, changes nothing.
    fn mark(&mut self, id: u64, leg: usize, attempt: u32, arrived: bool) {
        let Some(entry) = self.journal.get_mut(&id) else {
            return;
        };
        let state = &entry.legs[leg];
        if state.attempt != attempt {
            return;
        }
        let next = match state.place {
            Place::Sent(_) => entry.mark(leg, arrived),
            Place::Held | Place::Gone => entry.next(Some(leg)),
        };
        self.send(id, next);
    }

    // ANCHOR: ask
    /// Asks the items who owns the item of a leg.
    fn ask(&mut self, id: u64, leg: usize) {
        let items = self.items.clone();
        let state = &self.entry(id).legs[leg];
        let Asset::Item(token_id) = &state.asset else {
            return;
        };
        items::ext(items)
            .with_static_gas(GAS_FOR_TRANSFER)
            .with_unused_gas_weight(0)
            .nft_token(token_id.clone())
            .then(
                Self::ext_self()
                    .with_static_gas(GAS_FOR_MARK)
                    .ask_callback(id, leg, state.attempt),
            )
            .detach();
    }
    // ANCHOR_END: ask
}
