//! Tests of two upgrades: from chapter 4 to chapter 5, and to a next release, which is written here as the
//! README of chapter 5 explains. The owner, the pause, the limits and all money stay.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use manuscript::layout::Tree;
use manuscript::templates::copy::{files_of, lay};
use manuscript::templates::name::Rename;
use manuscript::wasm::build_wasm;
use near_primitives::action::Action;
use near_primitives::types::Balance;
use runs::test_chain::{TestChain, TxHash, call, deploy, paid, wasm_of, with_gas};
use serde_json::{Value, json};

const ONE_YOCTO: Balance = Balance::from_yoctonear(1);

/// The changes of the next release: a file, a text of chapter 5, and its replacement.
const CHANGES: [(&str, &str, &str); 5] = [
    (
        "src/upgrade/version.rs",
        "Self = Self(1);",
        "Self = Self(2);",
    ),
    (
        "src/lib.rs",
        "    pub(crate) counting_since: BlockHeight,\n}",
        "    pub(crate) counting_since: BlockHeight,\n    pub(crate) motto: String,\n}",
    ),
    (
        "src/lib.rs",
        "            counting_since: env::block_height(),\n",
        "            counting_since: env::block_height(),\n            motto: String::new(),\n",
    ),
    (
        "src/upgrade/old.rs",
        "    pub(crate) money: money::state::State,\n}",
        "    pub(crate) money: money::state::State,\n    pub(crate) counting_since: u64,\n}",
    ),
    (
        "src/upgrade/migrate.rs",
        "            counting_since: env::block_height(),\n",
        "            counting_since: old.counting_since,\n            motto: \"second\".to_string(),\n",
    ),
];

/// The release after chapter 5. Its state has one more field.
static NEXT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let tree = Tree::here();
    let chapter = tree.chapter("testing");
    let folder = tree.target().join("next-release");
    let rename = Rename {
        from: "cross-contract-testing".to_owned(),
        to: "next-release".to_owned(),
    };
    let mut files = files_of(&chapter).expect("the chapter can be listed");
    for (path, ..) in CHANGES {
        files.remove(Path::new(path));
    }
    lay(&files, Some(&rename), &folder).expect("the release can be written");
    for path in CHANGES.map(|(path, ..)| path) {
        write_changed(&chapter, &folder, path);
    }
    let built = build_wasm(&folder).expect("the next release builds");
    built.contracts[0].code.clone()
});

/// Writes a file of the chapter with its changes. A file that is the same keeps its date.
fn write_changed(chapter: &Path, folder: &Path, path: &str) {
    let mut text = fs::read_to_string(chapter.join(path)).expect("the file can be read");
    for (_, from, to) in CHANGES.iter().filter(|(changed, ..)| *changed == path) {
        assert!(text.contains(from), "{path} has no `{from}`");
        text = text.replacen(from, to, 1);
    }
    let target: PathBuf = folder.join(path);
    if fs::read_to_string(&target).ok() != Some(text.clone()) {
        fs::write(&target, text).expect("the file can be written");
    }
}

fn view(chain: &TestChain, method: &str) -> Value {
    chain.view("app.near", method, json!({}))
}

fn owners(method: &str, args: Value) -> Action {
    paid(call(method, args), ONE_YOCTO)
}

fn succeed(chain: &mut TestChain, from: &str, action: Action) {
    let tx = chain.send(from, "app.near", vec![action]);
    chain.assert_succeeded(tx);
}

fn upgrade(chain: &mut TestChain, owner: &str, code: &[u8]) -> TxHash {
    let Action::FunctionCall(mut upgrade) = with_gas(owners("upgrade", json!({})), 300) else {
        panic!("not a call");
    };
    upgrade.args = code.to_vec();
    chain.send(owner, "app.near", vec![Action::FunctionCall(upgrade)])
}

fn safe_of_alice(chain: &TestChain) -> Value {
    chain.view(
        "app.near",
        "get_safe",
        json!({ "account_id": "alice.near" }),
    )
}

fn limits() -> Value {
    let (deposit, balance) = (Balance::from_near(7), Balance::from_near(2));
    json!({ "max_deposit": deposit, "min_free_balance": balance })
}

/// Returns chapter 5 on an account that ran chapter 4 before. Alice has money in the vault and owns the
/// contract, which is paused and has limits of its own.
fn chapter_five() -> TestChain {
    let mut chain = TestChain::with_guests("responses", &[]);
    let deposit = paid(call("vault_deposit", json!({})), Balance::from_near(5));
    succeed(&mut chain, "alice.near", deposit);
    let safe = safe_of_alice(&chain);
    let release = vec![
        deploy(wasm_of("testing")),
        with_gas(call("migrate", json!({})), 20),
        with_gas(call("check_upgrade", json!({})), 20),
    ];
    let tx = chain.send("app.near", "app.near", release);
    chain.assert_succeeded(tx);
    assert_eq!(safe_of_alice(&chain), safe);
    assert_eq!(view(&chain, "get_owner"), "app.near");

    let account = json!({ "account_id": "alice.near" });
    succeed(&mut chain, "app.near", owners("propose_owner", account));
    succeed(&mut chain, "alice.near", owners("accept_owner", json!({})));
    let set = owners("set_limits", json!({ "limits": limits() }));
    succeed(&mut chain, "alice.near", set);
    succeed(&mut chain, "alice.near", owners("pause", json!({})));
    chain
}

#[test]
fn the_next_release_keeps_the_owner_the_pause_the_limits_and_all_money() {
    let mut chain = chapter_five();
    let safe = safe_of_alice(&chain);

    let tx = upgrade(&mut chain, "alice.near", &NEXT);

    chain.assert_succeeded(tx);
    assert_eq!(view(&chain, "get_owner"), "alice.near");
    assert_eq!(view(&chain, "is_paused"), true);
    assert_eq!(view(&chain, "get_limits"), limits());
    assert_eq!(safe_of_alice(&chain), safe);
    let logs = chain.logs(tx).join("\n");
    assert!(logs.contains(r#""event":"migrated","data":{"from":1,"to":2}"#));
}

#[test]
fn a_release_that_cannot_read_the_state_is_undone_and_the_next_one_succeeds() {
    let mut chain = chapter_five();
    let tx = upgrade(&mut chain, "alice.near", &NEXT);
    chain.assert_succeeded(tx);
    let before = chain.snapshot("app.near");

    // Chapter 5 does not know version 2.
    let back = upgrade(&mut chain, "alice.near", &wasm_of("testing"));
    assert!(chain.first_error(back).contains("knows versions up to 1"));
    assert_eq!(chain.snapshot("app.near"), before);

    let again = upgrade(&mut chain, "alice.near", &NEXT);
    chain.assert_succeeded(again);
}

#[test]
fn the_storage_of_longer_code_is_not_paid_with_the_money_of_others() {
    let mut chain = chapter_five();
    let code = chain.code("app.near").len() as u128 * 10u128.pow(19);
    let (code, held) = (
        Balance::from_yoctonear(code),
        view(&chain, "get_liabilities"),
    );
    let held: u128 = held
        .as_str()
        .and_then(|yocto| yocto.parse().ok())
        .expect("an amount");
    let needed = code.saturating_add(Balance::from_yoctonear(held));
    // The remaining balance pays for the state, and not for the new code beside the old.
    chain.transfer_all_but("app.near", needed.saturating_add(Balance::from_near(1)));
    let mut longer = NEXT.clone();
    longer.extend(custom_section(200_000));
    let before = chain.snapshot("app.near");

    let tx = upgrade(&mut chain, "alice.near", &longer);

    let error = chain.first_error(tx);
    assert!(
        error.contains("The account holds less than it owes to others"),
        "{error}"
    );
    assert_eq!(chain.snapshot("app.near"), before);
}

/// Returns a custom section of wasm with about this many bytes.
fn custom_section(bytes: u32) -> Vec<u8> {
    let name = b"\x04long";
    let mut size = bytes + name.len() as u32;
    let mut section = vec![0];
    while size >= 0x80 {
        section.push((size & 0x7f) as u8 | 0x80);
        size >>= 7;
    }
    section.push(size as u8);
    section.extend(name);
    section.resize(section.len() + bytes as usize, 0);
    section
}
