//! The numbers of the first page.

use serde_json::json;

use crate::claim::claim;
use crate::figure::Figure;
use crate::money::vault;
use crate::test_chain::TestChain;
use crate::text;

/// Lists, each in a line: the blocks of a call with a callback, the money that a race takes out of a safe, the money
/// that was in the safe, and the number of recordings.
pub fn numbers(recordings: usize) -> Figure {
    let mut chain = TestChain::setup();
    let tx = chain.call("query_greeting", json!({}));
    let blocks = chain.blocks(tx);
    let (owned, paid) = vault::paid_by_a_race();
    let amounts = [paid, owned].map(|amount| text::near(amount).replace('\u{a0}', " "));
    Figure::table(
        format!(
            "{blocks} blocks\n{}\n{recordings} recordings\n",
            amounts.join("\n")
        ),
        [
            claim(
                "the callback runs three blocks after the signature",
                blocks == 3,
            ),
            claim("a safe pays more than it holds", paid > owned),
        ],
    )
}
