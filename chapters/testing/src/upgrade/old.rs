// ANCHOR: all
//! The state as the release before this one kept it.
//!
//! It stays as it was, whatever becomes of [`crate::Contract`]: accounts that still have it are out
//! there. Borsh writes fields one after the other and no names, so their order and types are all that
//! counts.

use near_sdk::near;

use crate::partners::Partners;
use crate::{money, responses};

// ANCHOR: old
/// What chapter 4 stored.
///
/// The types of its fields have not changed since. When one of them does, its old form moves here too.
#[near(serializers = [borsh])]
pub struct OldContract {
    pub(crate) partners: Partners,
    pub(crate) responses: responses::state::State,
    pub(crate) money: money::state::State,
}
// ANCHOR_END: old
// ANCHOR_END: all
