// ANCHOR: all
//! The state of the previous release.
//!
//! It never changes, even when [`crate::Contract`] does: there are accounts that still store it.
//! Borsh writes the fields one after the other, without their names. So only their order and their
//! types matter.

use near_sdk::near;

use crate::partners::Partners;
use crate::{money, responses};

// ANCHOR: old
/// The state of chapter 4.
///
/// The types of its fields have not changed since then. When one changes, copy its old form into
/// this file.
#[near(serializers = [borsh])]
pub struct OldContract {
    pub(crate) partners: Partners,
    pub(crate) responses: responses::state::State,
    pub(crate) money: money::state::State,
}
// ANCHOR_END: old
// ANCHOR_END: all
