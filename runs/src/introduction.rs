//! The numbers of the first page.

use serde_json::json;

use crate::claim::claim;
use crate::figure::Figure;
use crate::money::vault;
use crate::test_chain::TestChain;
use crate::text;

/// Lists the blocks of a call with a callback, the money that a race takes out of a safe, the money that was in the
/// safe, and the number of recordings. The first page includes each by its anchor.
pub fn numbers(recordings: usize) -> Figure {
    let mut chain = TestChain::setup();
    let tx = chain.call("query_greeting", json!({}));
    let blocks = chain.blocks(tx);
    let (owned, paid) = vault::paid_by_a_race();
    let amount = |amount| text::near(amount).replace('\u{a0}', " ");
    let numbers = [
        ("blocks", format!("{blocks} blocks")),
        ("paid", amount(paid)),
        ("owned", amount(owned)),
        ("recordings", format!("{recordings} recordings")),
    ];
    let lines =
        numbers.map(|(name, number)| format!("ANCHOR: {name}\n{number}\nANCHOR_END: {name}\n"));
    Figure::table(
        lines.concat(),
        [
            claim(
                "the callback runs three blocks after the signature",
                blocks == 3,
            ),
            claim("a safe pays more than it holds", paid > owned),
        ],
    )
}
