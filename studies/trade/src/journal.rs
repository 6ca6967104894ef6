// ANCHOR: all
//! The journal: for each trade, where each of its assets is.
//!
//! An entry is written *before* an asset is sent, and again in the callback of that one transfer. So after any failure
//! it says what has left, what is here, and what is under way. This module only decides. [`legs`](crate::legs) sends.

use near_sdk::json_types::U128;
use near_sdk::{AccountId, YieldId, env, log, near};

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
    /// It is here, or is not minted yet.
    Held,
    /// It was sent, and its callback has not run.
    Sent,
    /// The mint has ended, and the items are asked whether the new item is there.
    Asked,
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

    /// Returns true if this is a new item whose mint has not ended.
    pub fn is_minting(&self) -> bool {
        matches!(self.asset, Asset::New(_)) && self.status == Status::Sent
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
    /// The first leg leaves alone: while it has not arrived, the trade can still turn back. After that the others
    /// follow. On the way back the order is the reverse. A leg that fails stops no leg that comes after it.
    pub fn next(&self, after: Option<usize>) -> Option<usize> {
        let is_held = |leg: &usize| self.legs[*leg].status == Status::Held;
        let number = self.legs.len();
        match self.way {
            Way::Waiting => None,
            Way::Forward if self.legs[0].status != Status::Gone => Some(0).filter(is_held),
            Way::Forward => (after.map_or(0, |leg| leg + 1)..number).find(is_held),
            Way::Back => (0..after.unwrap_or(number)).rev().find(is_held),
        }
    }

    /// Records whether a leg has arrived, and returns the leg to send next.
    ///
    /// If the first leg fails, nothing has left, and the trade turns back. A new item that was not minted is nowhere.
    /// If a later leg fails, there is no way back, because nobody can take the first one from its new owner. The failed
    /// leg stays here until somebody resumes.
    pub fn mark(&mut self, leg: usize, arrived: bool) -> Option<usize> {
        let is_gone = arrived || matches!(self.legs[leg].asset, Asset::New(_));
        self.legs[leg].status = if is_gone { Status::Gone } else { Status::Held };
        if !arrived && leg == 0 && self.way == Way::Forward {
            log!("The trade turns back");
            self.way = Way::Back;
            return self.next(None);
        }
        self.next(Some(leg))
    }
    // ANCHOR_END: next

    /// Records that the items give the first item back and that none is minted, and returns the leg to send home.
    pub fn turn_back(&mut self) -> Option<usize> {
        for leg in &mut self.legs {
            leg.status = Status::Gone;
            if matches!(leg.asset, Asset::Item(_)) {
                break;
            }
        }
        self.way = Way::Back;
        self.next(None)
    }

    /// Returns the leg of the item and its name, if it was sent and is not marked. The items can be asked who owns it.
    ///
    /// Gold has no owner, and nobody can be asked: a balance does not say of which transfers it is the sum.
    pub fn unmarked_item(&self) -> Option<(usize, TokenId)> {
        let mut legs = self.legs.iter().enumerate();
        legs.find_map(|(index, leg)| match (&leg.asset, leg.status) {
            (Asset::Item(token_id) | Asset::New(token_id), Status::Sent | Status::Asked) => {
                Some((index, token_id.clone()))
            }
            _ => None,
        })
    }

    // ANCHOR: proof
    /// Returns whether the item of a leg has arrived, if its owner proves that.
    ///
    /// A new item that has an owner was minted, because only this trade has its name. If it has none, it will have none,
    /// provided that its mint had ended before the items were asked.
    ///
    /// An item that belongs to somebody else has arrived. From one that belongs to us nothing follows. It may have come
    /// back a moment ago, and its new owner be about to offer it.
    pub fn proof(
        &self,
        leg: usize,
        owner: Option<AccountId>,
        mint_had_ended: bool,
    ) -> Option<bool> {
        match (&self.legs[leg].asset, owner) {
            (Asset::New(_), None) => mint_had_ended.then_some(false),
            (Asset::Item(_), Some(owner)) if owner == env::current_account_id() => None,
            _ => Some(true),
        }
    }
    // ANCHOR_END: proof
}

#[cfg(test)]
mod tests {
    use near_sdk::test_utils::accounts;

    use super::*;
    use crate::tests::{called_by, crafting, filled};

    /// Returns the entry of a trade that goes this way, whose item and gold have these statuses.
    fn entry(way: Way, statuses: [Status; 2]) -> Entry {
        let mut entry = filled().journal.remove(&0).unwrap();
        entry.way = way;
        for (leg, status) in entry.legs.iter_mut().zip(statuses) {
            leg.status = status;
        }
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
        let mut entry = crafting().journal.remove(&0).unwrap();
        entry.way = Way::Forward;
        entry.legs[0].status = Status::Asked;

        assert_eq!(entry.mark(0, false), Some(2));
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
    fn the_owner_of_a_new_item_proves_a_mint_and_no_owner_only_after_its_end() {
        let entry = crafting().journal.remove(&0).unwrap();

        for mint_had_ended in [false, true] {
            let minted = entry.proof(0, Some(accounts(3)), mint_had_ended);
            assert_eq!(minted, Some(true));
        }
        assert_eq!(entry.proof(0, None, true), Some(false));
        assert_eq!(entry.proof(0, None, false), None);
    }

    #[test]
    fn an_item_has_arrived_unless_it_is_ours() {
        let entry = filled().journal.remove(&0).unwrap();
        called_by(0);

        assert_eq!(entry.proof(0, Some(accounts(0)), false), None);
        assert_eq!(entry.proof(0, Some(accounts(4)), false), Some(true));
        assert_eq!(entry.proof(0, None, false), Some(true), "it was burned");
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
