//! The runs of chapter 5: a contract with an owner, its upgrades, and the errors that readers meet.

mod errors;
mod upgrade;
mod watch;

pub use errors::errors;
pub use upgrade::{
    by_owner, key_gone, under_way, under_way_fails, upgrade, upgrade_fails, upgrade_reasons,
    without_migration,
};
pub use watch::{events, health, meta_transaction, metadata, owner, pause, pause_refuses, stats};

use near_primitives::action::Action;
use near_primitives::types::Balance;
use serde_json::{Value, json};

use crate::scene::{Played, Scene, call, paid};

/// The contract of the chapter, which belongs to its own account.
fn stage() -> Scene {
    Scene::with_guests("testing", &[])
}

/// The contract of the chapter, which belongs to `owner`.
fn owned_by(owner: &str) -> Scene {
    let mut scene = stage();
    let proposal = owners("propose_owner", json!({ "account_id": owner }));
    succeed(&mut scene, "book.near", vec![proposal]);
    succeed(&mut scene, owner, vec![owners("accept_owner", json!({}))]);
    scene.everyone_holds_a_round_sum();
    scene
}

/// A call to a method that asks for one yoctoNEAR.
fn owners(method: &str, args: Value) -> Action {
    paid(call(method, args), Balance::from_yoctonear(1))
}

/// Sends actions to `book.near`, which must succeed.
fn succeed(scene: &mut Scene, from: &str, actions: Vec<Action>) -> Played {
    let played = scene.send(from, "book.near", actions);
    scene.assert_succeeded(&played);
    played
}
