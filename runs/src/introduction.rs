//! Numbers of the first page, each a figure of its own.

use near_primitives::types::Balance;
use serde_json::json;

use crate::claim::claim;
use crate::figure::Figure;
use crate::money::vault;
use crate::test_chain::TestChain;
use crate::text;

/// Counts the blocks from the signature to the callback.
pub fn blocks() -> Figure {
    let mut chain = TestChain::setup();
    let tx = chain.call("query_greeting", json!({}));
    let blocks = chain.blocks(tx);
    Figure::table(
        format!("{blocks} blocks\n"),
        [claim("the callback runs in the third block", blocks == 3)],
    )
}

/// Shows the money that a race takes out of a safe.
pub fn paid() -> Figure {
    let overdraft = vault::overdraft_of_alice();
    let (_, claim) = overdraft.warning();
    Figure::table(amount(overdraft.paid()), [claim])
}

/// Shows the money that was in the safe.
pub fn owned() -> Figure {
    let owned = vault::overdraft_of_alice().owned();
    Figure::table(
        amount(owned),
        [claim("the safe is not empty", !owned.is_zero())],
    )
}

fn amount(amount: Balance) -> String {
    format!("{}\n", text::near(amount).replace('\u{a0}', " "))
}
