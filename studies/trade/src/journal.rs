// ANCHOR: all
//! The journal: for each trade, where each of its assets is.
//!
//! An entry is written *before* an asset is sent, and again in the callback of that one transfer.
//! So after any failure it says what has left, what is here, and what is under way. This module
//! only decides. [`legs`](crate::legs) sends.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, YieldId, log, near};

use crate::assets::{Asset, TokenId};

// ANCHOR: entry
/// A trade.
#[near(serializers = [borsh, json])]
pub struct Entry {
    /// The account that has brought the item.
    pub owner: AccountId,
    /// The assets, in the order in which they leave.
    pub legs: Vec<Leg>,
    /// The gold that is asked for, or that has come.
    pub want: U128,
    /// The direction.
    pub way: Way,
    /// The promise that waits for the gold.
    pub yield_id: YieldId,
}

/// An asset of a trade.
#[near(serializers = [borsh, json])]
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    pub asset: Asset,
    /// The account that has given the asset, and that gets it back if the trade fails.
    pub giver: AccountId,
    /// The account that gets the asset if the trade succeeds.
    pub taker: AccountId,
    pub status: Status,
}

/// The status of an asset.
#[near(serializers = [borsh, json])]
#[derive(Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is not minted yet, or its mint has not ended.
    New,
    /// Its mint has ended, and the items are asked whether it is here.
    Asked,
    /// It is here.
    Held,
    /// It was sent, and its callback has not run.
    Sent,
    /// It has left, or was never minted.
    Gone,
}

/// The direction of a trade.
#[near(serializers = [borsh, json])]
#[derive(Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The item waits for the gold.
    Waiting,
    /// The assets go to those who take them.
    Forward,
    /// The assets go back to those who have given them.
    Back,
}
// ANCHOR_END: entry

impl Leg {
    /// Returns the leg of an asset that has come.
    pub fn held(asset: Asset, giver: AccountId, taker: AccountId) -> Self {
        let status = Status::Held;
        Self {
            asset,
            giver,
            taker,
            status,
        }
    }

    /// Returns the leg of an item that the contract mints for itself before it sends it.
    pub fn new_item(token_id: TokenId, giver: AccountId, taker: AccountId) -> Self {
        let status = Status::New;
        Self {
            status,
            ..Self::held(Asset::Item(token_id), giver, taker)
        }
    }

    /// Returns true if this is an item that may still be minted.
    pub fn is_minting(&self) -> bool {
        matches!(self.status, Status::New | Status::Asked)
    }

    /// Returns true if this is the item of this name.
    pub fn is_item(&self, token_id: &str) -> bool {
        matches!(&self.asset, Asset::Item(item) if item == token_id)
    }
}

impl Entry {
    /// Returns true if the gold has come.
    pub fn is_filled(&self) -> bool {
        let mut legs = self.legs.iter();
        legs.any(|leg| matches!(leg.asset, Asset::Gold(_)))
    }

    /// Returns true if all assets have left.
    pub fn has_ended(&self) -> bool {
        self.way != Way::Waiting && self.legs.iter().all(|leg| leg.status == Status::Gone)
    }

    // ANCHOR: next
    /// Returns the leg to send after the leg `after`, or at first.
    ///
    /// The first leg leaves alone: while it has not arrived, the trade can still turn back. After
    /// that the others follow. On the way back the order is the reverse. A leg that fails stops no
    /// leg that comes after it.
    pub fn next(&self, after: Option<usize>) -> Option<usize> {
        let is_here = |leg: &usize| matches!(self.legs[*leg].status, Status::New | Status::Held);
        let number = self.legs.len();
        match self.way {
            Way::Waiting => None,
            Way::Forward if self.legs[0].status != Status::Gone => Some(0).filter(is_here),
            Way::Forward => (after.map_or(0, |leg| leg + 1)..number).find(is_here),
            Way::Back => (0..after.unwrap_or(number)).rev().find(is_here),
        }
    }

    /// Records whether a leg has arrived, and returns the leg to send next.
    ///
    /// If the first leg fails, nothing has left, and the trade turns back. If a later leg fails,
    /// there is no way back, because nobody can take the first one from its new owner. The failed
    /// leg stays here until somebody resumes.
    pub fn mark(&mut self, leg: usize, arrived: bool) -> Option<usize> {
        self.legs[leg].status = if arrived { Status::Gone } else { Status::Held };
        if !arrived && leg == 0 && self.way == Way::Forward {
            return self.go_back();
        }
        self.next(Some(leg))
    }
    // ANCHOR_END: next

    fn go_back(&mut self) -> Option<usize> {
        log!("The trade turns back");
        self.way = Way::Back;
        self.next(None)
    }

    /// Records that the items give the item back that has come, and that none is minted. Returns
    /// the leg to send home.
    pub fn turn_back(&mut self) -> Option<usize> {
        for leg in &mut self.legs {
            let was_here = !leg.is_minting();
            leg.status = Status::Gone;
            if was_here {
                break;
            }
        }
        self.way = Way::Back;
        self.next(None)
    }

    /// Returns the leg of the item and its name, if the items can be asked who owns it: its mint
    /// has ended, or it was sent and is not marked.
    ///
    /// Gold has no owner, and nobody can be asked: a balance does not say of which transfers it is
    /// the sum.
    pub fn unmarked_item(&self) -> Option<(usize, TokenId)> {
        let mut legs = self.legs.iter().enumerate();
        legs.find_map(|(index, leg)| match (&leg.asset, leg.status) {
            (Asset::Item(token_id), Status::Sent | Status::Asked) => {
                Some((index, token_id.clone()))
            }
            _ => None,
        })
    }

    // ANCHOR: answer
    /// Records what follows from the answer of the items, and returns the leg to send next.
    ///
    /// A new item was minted exactly if it belongs to us, because it was minted for us, and nobody
    /// else mints its name. Nobody else can have moved or burned it.
    ///
    /// An item that was sent and belongs to somebody else has arrived. From one that belongs to us
    /// nothing follows. It may have come back a moment ago, and its new owner be about to offer it.
    pub fn answer(&mut self, leg: usize, is_ours: bool) -> Option<usize> {
        match (self.legs[leg].status, is_ours) {
            (Status::Asked, true) => {
                self.legs[leg].status = Status::Held;
                self.next(None)
            }
            (Status::Asked, false) => {
                self.legs[leg].status = Status::Gone;
                self.go_back()
            }
            (Status::Sent, false) => self.mark(leg, true),
            _ => {
                log!("From the owner of the item nothing follows");
                None
            }
        }
    }
    // ANCHOR_END: answer
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;

    use super::*;
    use crate::tests::{crafting, filled};

    /// Returns the entry of a trade that goes this way, whose item and gold have these statuses.
    fn entry(way: Way, statuses: [Status; 2]) -> Entry {
        let mut entry = filled().journal.remove(&0).unwrap();
        entry.way = way;
        for (leg, status) in entry.legs.iter_mut().zip(statuses) {
            leg.status = status;
        }
        entry
    }

    /// Returns the entry of a crafting whose mint has ended.
    fn asked() -> Entry {
        let mut entry = crafting().journal.remove(&0).unwrap();
        entry.way = Way::Forward;
        entry.legs[0].status = Status::Asked;
        entry
    }

    #[test]
    fn the_gold_waits_until_the_item_has_arrived() {
        let mut entry = entry(Way::Forward, [Status::Held, Status::Held]);
        assert_eq!(entry.next(None), Some(0));

        entry.legs[0].status = Status::Sent;
        assert_eq!(entry.next(None), None);
        assert_eq!(entry.mark(0, true), Some(1));
        assert_eq!(entry.mark(1, true), None);
        assert!(entry.has_ended());
    }

    #[test]
    fn an_item_that_fails_turns_the_trade_and_all_goes_back_in_reverse() {
        let mut entry = entry(Way::Forward, [Status::Sent, Status::Held]);

        assert_eq!(entry.mark(0, false), Some(1));
        assert_eq!(entry.way, Way::Back);
        assert_eq!(entry.mark(1, true), Some(0));
        assert_eq!(entry.mark(0, true), None);
        assert!(entry.has_ended());
    }

    #[test]
    fn gold_that_fails_after_the_item_stays_and_does_not_turn_the_trade() {
        let mut entry = entry(Way::Forward, [Status::Gone, Status::Sent]);

        assert_eq!(entry.mark(1, false), None);
        assert_eq!(entry.way, Way::Forward);
        assert_eq!(entry.next(None), Some(1), "somebody resumes");
    }

    #[test]
    fn gold_that_cannot_go_back_does_not_keep_the_item_here() {
        let mut entry = entry(Way::Back, [Status::Held, Status::Sent]);

        assert_eq!(entry.mark(1, false), Some(0));
        assert_eq!(entry.mark(0, true), None);
        assert!(!entry.has_ended());
        assert_eq!(entry.next(None), Some(1), "somebody resumes");
    }

    #[test]
    fn a_mint_that_fails_turns_the_crafting_and_the_rest_goes_back_in_reverse() {
        let mut entry = asked();

        assert_eq!(entry.answer(0, false), Some(2));
        assert_eq!(entry.mark(2, true), Some(1));
        assert_eq!(entry.mark(1, true), None);
        assert!(entry.has_ended());
    }

    #[test]
    fn a_crafting_whose_item_the_items_give_back_has_only_gold_to_send() {
        let mut entry = crafting().journal.remove(&0).unwrap();

        assert_eq!(entry.turn_back(), Some(2));
        let statuses = entry.legs.iter().map(|leg| leg.status);
        let gone = statuses.filter(|status| *status == Status::Gone);
        assert_eq!(gone.count(), 2);
    }

    #[test]
    fn a_new_item_that_belongs_to_us_leaves_like_any_other() {
        let mut entry = asked();

        assert_eq!(entry.answer(0, true), Some(0));
        assert_eq!(entry.legs[0].status, Status::Held);
        assert_eq!(entry.mark(0, true), Some(1));
    }

    #[test]
    fn a_new_item_that_its_crafter_does_not_get_goes_to_the_smith() {
        let mut entry = asked();
        entry.answer(0, true);

        assert_eq!(entry.mark(0, false), Some(2));
        assert_eq!(entry.mark(2, true), Some(1));
        assert_eq!(entry.mark(1, true), Some(0));
        assert_eq!(entry.legs[0].giver, accounts(5));
    }

    #[test]
    fn an_item_that_was_sent_has_arrived_if_it_is_not_ours() {
        let sent = [Status::Sent, Status::Held];

        assert_eq!(entry(Way::Forward, sent).answer(0, false), Some(1));
        assert_eq!(entry(Way::Forward, sent).answer(0, true), None);
    }

    #[test]
    fn an_answer_about_an_item_that_is_here_changes_nothing() {
        for is_ours in [false, true] {
            let mut entry = entry(Way::Forward, [Status::Held, Status::Held]);

            assert_eq!(entry.answer(0, is_ours), None);
            assert_eq!(entry.legs[0].status, Status::Held);
        }
    }

    #[test]
    fn every_trade_ends_when_its_transfers_arrive() {
        use Status::{Gone, Held};

        for (way, statuses) in [
            (Way::Forward, [Held, Held]),
            (Way::Forward, [Gone, Held]),
            (Way::Back, [Held, Held]),
            (Way::Back, [Held, Gone]),
            (Way::Back, [Gone, Held]),
        ] {
            let mut entry = entry(way, statuses);
            let mut next = entry.next(None);
            while let Some(leg) = next {
                entry.legs[leg].status = Status::Sent;
                next = entry.mark(leg, true);
            }
            assert!(entry.has_ended(), "{way:?} {statuses:?}");
        }
    }

    #[test]
    fn an_item_that_was_sent_can_be_asked_for_and_gold_cannot() {
        for (statuses, unmarked) in [
            ([Status::Held, Status::Held], None),
            ([Status::Sent, Status::Held], Some((0, "sword".to_string()))),
            ([Status::Gone, Status::Sent], None),
        ] {
            assert_eq!(entry(Way::Forward, statuses).unmarked_item(), unmarked);
        }
    }
}
// ANCHOR_END: all
