//! Partners that do something else than in the recorded run.

use crate::inputs::Choice;
use crate::test_chain::{TestChain, delete, partner};

/// The behaviours of a partner.
pub const BEHAVIOURS: &[Choice] = &[
    ("works", "works"),
    ("fails", "panics"),
    ("returns-garbage", "returns bytes that are no JSON"),
    ("burns-all-gas", "burns all its gas"),
    ("is-gone", "has no account"),
];

/// The state of a rogue that has been told nothing. It replaces that of the partner, which a rogue cannot read.
const ROGUE_THAT_BEHAVES: &[u8] = &[0];

/// Lets a partner behave as one of [`BEHAVIOURS`] says. It then carries the rogue, or does not exist.
///
/// # Panics
/// There is no such behaviour.
pub fn behave(chain: &mut TestChain, account: &str, behaviour: &str) {
    let behaviour = match behaviour {
        "works" => return,
        "is-gone" => {
            let tx = chain.send(account, account, vec![delete("bob.near")]);
            chain.assert_succeeded(tx);
            chain.reset_balances();
            return;
        }
        "fails" => "panic",
        "returns-garbage" => "return_garbage",
        "burns-all-gas" => "burn_all_gas",
        other => panic!("a partner cannot behave as {other}"),
    };
    chain.deploy(account, partner("parallel", "rogue"));
    chain.write_state(account, ROGUE_THAT_BEHAVES);
    chain.behave(account, behaviour);
    chain.reset_balances();
}
