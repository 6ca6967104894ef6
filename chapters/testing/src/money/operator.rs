// ANCHOR: all
//! The operator, who decides what the contract cannot know: which oracle and token to trust, and
//! the result of a call whose callback is lost. From chapter 5 on it is the owner.

use crate::money::state::State;
use crate::operations::events::Event;
use crate::operations::ownership::require_owner;

// ANCHOR: require_operator
/// Panics unless the caller is the owner, with exactly one yoctoNEAR.
pub fn require_operator() {
    require_owner();
}
// ANCHOR_END: require_operator

/// Reports the oracle and the token that the contract trusts from now on.
pub fn trust_changed(money: &State) {
    Event::TrustChanged {
        oracle: money.oracle.clone(),
        token: money.token.clone(),
    }
    .emit();
}
// ANCHOR_END: all
