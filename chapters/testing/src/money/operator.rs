// ANCHOR: all
//! The one who says what the contract cannot see: whom to believe, and what became of a call whose
//! callback has failed. Now that is the owner.

use crate::money::state::State;
use crate::operations::events::Event;
use crate::operations::ownership::require_owner;

// ANCHOR: require_operator
/// Panics unless the owner calls, with exactly one yoctoNEAR.
pub fn require_operator() {
    require_owner();
}
// ANCHOR_END: require_operator

/// Tells the world whom the contract believes from now on.
pub fn trust_changed(money: &State) {
    Event::TrustChanged {
        oracle: money.oracle.clone(),
        token: money.token.clone(),
    }
    .emit();
}
// ANCHOR_END: all
