//! The cost of the chain compared with the bare machine: `cargo bench --profile dev --workspace --bench chain`.
//!
//! Prints ratios and asserts nothing. The goals: the execution of a contract takes at most 1.5 times what
//! near-vm-runner takes for it alone; a call among 1,000,000 keys less than twice what it takes among 1,000; a write among deep prefixes less than
//! ten times one elsewhere;
//! the last of 10,000 transactions no longer than the first. Where the calls are short, a transaction takes
//! much more than they do: it is signed, checked, and takes some blocks.

#[path = "../tests/it/test_chain.rs"]
mod test_chain;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chain::testing::genesis;
use chain::{Chain, Clock, Genesis, Vm};
use near_primitives::action::Action;
use near_primitives::hash::CryptoHash;
use near_primitives::receipt::VersionedReceiptEnum;
use near_primitives::state_record::StateRecord;
use near_primitives::types::{Balance, Gas};
use near_vm_runner::logic::mocks::mock_external::MockedExternal;
use near_vm_runner::logic::types::PromiseResult;
use near_vm_runner::logic::{GasCounter, VMContext};
use near_vm_runner::{
    Contract, ContractCode, FilesystemContractRuntimeCache, noop_background_spawner,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use test_chain::*;

const ROUNDS: usize = 201;
const CALLER: &str = "caller.near";
const PARTNERS: [&str; 3] = ["p0.near", "p1.near", "p2.near"];

fn main() {
    let callback = json!([
        {"create": {"to": "p0.near", "actions": [return_seven()]}},
        {"then": {"after": 0, "to": CALLER, "actions": [read_results()]}},
        {"return_promise": {"of": 1}},
    ]);
    let parallel = json!([
        {"create": {"to": "p0.near", "actions": [return_seven()]}},
        {"create": {"to": "p1.near", "actions": [return_seven()]}},
        {"create": {"to": "p2.near", "actions": [return_seven()]}},
        {"and": {"of": [0, 1, 2]}},
        {"then": {"after": 3, "to": CALLER, "actions": [read_results()]}},
        {"return_promise": {"of": 4}},
    ]);
    let report = [
        compare("call, partner, callback", callback),
        compare("three calls in parallel, callback", parallel),
        compare(
            "one call that hashes 5,000 times",
            json!([{"burn": {"rounds": 5_000}}]),
        ),
        among_many_keys(),
        among_deep_prefixes(),
        ten_thousand_in_a_row(),
    ];
    print!("{}", report.concat());
}

fn return_seven() -> Value {
    json!({"run": {"program": [{"return": {"text": "7"}}], "tgas": 20}})
}

fn read_results() -> Value {
    json!({"run": {"program": ["return_results"], "tgas": 20}})
}

/// Returns a chain that keeps compiled contracts on disk and in memory, as the node does.
fn chain_of(genesis: Genesis) -> (Chain, TempDir) {
    let cache = tempfile::tempdir().expect("there is room for a folder");
    let vm = Vm::new(Some(cache.path())).expect("there is room for a cache");
    let chain = Chain::new(genesis, Clock::Manual, vm).expect("the genesis is sound");
    (chain, cache)
}

fn chain_with_contracts() -> (Chain, TempDir) {
    let accounts = [&["alice.near", CALLER], PARTNERS.as_slice()].concat();
    let accounts: Vec<_> = accounts.into_iter().map(account).collect();
    let (mut chain, cache) = chain_of(genesis(accounts.iter().map(|id| (id, near(1_000)))));
    for id in PARTNERS.into_iter().chain([CALLER]) {
        deploy(&mut chain, id, PROBE);
    }
    (chain, cache)
}

/// Compares a transaction on the chain with its calls on the bare machine.
fn compare(what: &str, statements: Value) -> String {
    let (mut chain, _cache) = chain_with_contracts();
    let mut hash = CryptoHash::default();
    let on_chain = median(|| {
        let actions = vec![program(statements.clone(), 300, Balance::ZERO)];
        let start = Instant::now();
        hash = run(&mut chain, "alice.near", CALLER, actions);
        start.elapsed()
    });
    let machine = Machine::new(&chain, &hash);
    let bare = median(|| machine.run());
    format!(
        "{what}:\n  {:.2} ms, {:.2} times the bare machine's {:.2} ms\n",
        milliseconds(on_chain),
        ratio(on_chain, bare),
        milliseconds(bare)
    )
}

/// The calls of one transaction, for near-vm-runner on a mock.
struct Machine {
    chain: Chain,
    calls: Vec<VMContext>,
    code: Code,
    compiled: FilesystemContractRuntimeCache,
    _folder: TempDir,
}

impl Machine {
    fn new(chain: &Chain, hash: &CryptoHash) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let receipts = tree(chain, hash).into_iter();
        let contexts = receipts.filter_map(|outcome| context(chain, &outcome.id));
        let machine = Self {
            chain: chain.clone(),
            calls: contexts.collect(),
            code: Code(Arc::new(ContractCode::new(PROBE.to_vec(), None))),
            compiled: FilesystemContractRuntimeCache::with_memory_cache(
                folder.path(),
                None::<&str>,
                "contracts",
                64,
                None,
                1 << 30,
                noop_background_spawner(),
            )
            .expect("there is room for a cache"),
            _folder: folder,
        };
        machine.run(); // compiles
        machine
    }

    fn run(&self) -> Duration {
        let config = self.chain.runtime_config();
        let start = Instant::now();
        for context in &self.calls {
            let wasm_config = config.wasm_config.clone();
            let gas_counter = GasCounter::new(
                wasm_config.ext_costs.clone(),
                wasm_config.limit_config.max_gas_burnt,
                wasm_config.regular_op_cost,
                context.prepaid_gas,
                false,
            );
            let cache = Some(&self.compiled as _);
            let prepared =
                near_vm_runner::prepare(&self.code, wasm_config, cache, gas_counter, "run");
            let mut host = MockedExternal::new();
            let outcome = near_vm_runner::run(prepared, &mut host, context, config.fees.clone());
            let outcome = outcome.expect("the machine runs");
            assert!(outcome.aborted.is_none(), "{:?}", outcome.aborted);
        }
        start.elapsed()
    }
}

fn context(chain: &Chain, receipt: &CryptoHash) -> Option<VMContext> {
    let receipt = chain.receipt(receipt)?;
    let VersionedReceiptEnum::Action(action_receipt) = receipt.versioned_receipt() else {
        return None;
    };
    let Action::FunctionCall(call) = &action_receipt.actions()[0] else {
        return None;
    };
    let account = chain.head().state.account(receipt.receiver_id())?;
    let inputs = action_receipt.input_data_ids().iter();
    let results = inputs.map(|_| PromiseResult::Successful(b"7".as_slice().into()));
    Some(VMContext {
        current_account_id: receipt.receiver_id().clone(),
        signer_account_id: action_receipt.signer_id().clone(),
        signer_account_pk: borsh::to_vec(action_receipt.signer_public_key()).ok()?,
        predecessor_account_id: receipt.predecessor_id().clone(),
        refund_to_account_id: receipt.predecessor_id().clone(),
        input: call.args.as_slice().into(),
        promise_results: results.collect(),
        block_height: chain.head().height,
        block_timestamp: chain.head().timestamp,
        epoch_height: chain.head().epoch_height,
        account_balance: account.amount(),
        account_locked_balance: account.locked(),
        storage_usage: account.storage_usage(),
        account_contract: account.contract().into_owned(),
        attached_deposit: call.deposit,
        prepaid_gas: call.gas,
        random_seed: Vec::new(),
        view_config: None,
        output_data_receivers: Vec::new(),
    })
}

struct Code(Arc<ContractCode>);

impl Contract for Code {
    fn hash(&self) -> CryptoHash {
        *self.0.hash()
    }

    fn get_code(&self) -> Option<Arc<ContractCode>> {
        Some(self.0.clone())
    }
}

fn among_many_keys() -> String {
    let (few, many) = (call_among(1_000), call_among(1_000_000));
    format!(
        "a call among 1,000,000 keys:\n  {:.2} ms, {:.2} times the {:.2} ms among 1,000 keys\n",
        milliseconds(many),
        ratio(many, few),
        milliseconds(few)
    )
}

/// Compares a write of a long key all of whose beginnings are keys too with one of a key that stands alone.
fn among_deep_prefixes() -> String {
    const LENGTH: usize = 2_000;
    let long = |letter: u8| vec![letter; LENGTH];
    let beginnings = (1..LENGTH).map(|length| long(b'a')[..length].to_vec());
    let caller = account(CALLER);
    let accounts = [
        (&caller, near(1_000_000)),
        (&account("alice.near"), near(1_000_000)),
    ];
    let mut genesis = genesis(accounts);
    genesis
        .records
        .extend(beginnings.map(|key| StateRecord::Data {
            account_id: caller.clone(),
            data_key: key.into(),
            value: b"value".to_vec().into(),
        }));
    let (mut chain, _cache) = chain_of(genesis);
    deploy(&mut chain, CALLER, PROBE);
    let mut write = |letter| {
        let key = String::from_utf8(long(letter)).expect("a letter is text");
        median(|| {
            let write = json!({"write": {"key": key, "value": "value"}});
            let actions = vec![program(json!([write]), 300, Balance::ZERO)];
            let start = Instant::now();
            run(&mut chain, "alice.near", CALLER, actions);
            start.elapsed()
        })
    };
    let (alone, deep) = (write(b'b'), write(b'a'));
    format!(
        "a write of a key of 2,000 bytes whose beginnings are keys:\n  {:.2} ms, {:.2} times the {:.2} ms of \
         one that stands alone\n",
        milliseconds(deep),
        ratio(deep, alone),
        milliseconds(alone)
    )
}

/// Measures a call that writes one of this many keys of its contract, and then another one.
fn call_among(keys: u64) -> Duration {
    let caller = account(CALLER);
    let accounts = [
        (&caller, near(1_000_000)),
        (&account("alice.near"), near(1_000_000)),
    ];
    let mut genesis = genesis(accounts);
    genesis
        .records
        .extend((0..keys).map(|number| StateRecord::Data {
            account_id: caller.clone(),
            data_key: key(number).into_bytes().into(),
            value: b"value".to_vec().into(),
        }));
    let (mut chain, _cache) = chain_of(genesis);
    deploy(&mut chain, CALLER, PROBE);
    let mut number = 0;
    median(|| {
        number += 1;
        let known = json!({"write": {"key": key(number * 37 % keys), "value": "other"}});
        let new = json!({"write": {"key": key(keys + number), "value": "new"}});
        let actions = vec![program(json!([known, new]), 100, Balance::ZERO)];
        let start = Instant::now();
        run(&mut chain, "alice.near", CALLER, actions);
        start.elapsed()
    })
}

/// Returns a key. The keys are spread over the trie.
fn key(number: u64) -> String {
    CryptoHash::hash_bytes(&number.to_le_bytes()).to_string()
}

fn ten_thousand_in_a_row() -> String {
    let (mut chain, _cache) = chain_with_contracts();
    let mut thousand = || {
        let start = Instant::now();
        for _ in 0..1_000 {
            let action = call(
                "run",
                br#"{"program":[]}"#,
                Gas::from_teragas(10),
                Balance::ZERO,
            );
            run(&mut chain, "alice.near", CALLER, vec![action]);
        }
        start.elapsed()
    };
    thousand(); // compiles, and warms up
    let second = thousand();
    for _ in 0..7 {
        thousand();
    }
    let before = resident_megabytes();
    let last = thousand();
    let mut report = format!(
        "10,000 transactions in a row:\n  the tenth thousand takes {:.2} times as long as the second\n",
        ratio(last, second)
    );
    if let (Some(before), Some(after)) = (before, resident_megabytes()) {
        report += &format!(
            "  it adds {} MB to what the process holds\n",
            after.saturating_sub(before)
        );
    }
    report
}

/// Returns the memory of the process, on Linux.
fn resident_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_000)
}

fn median(mut round: impl FnMut() -> Duration) -> Duration {
    let mut taken: Vec<_> = (0..ROUNDS).map(|_| round()).collect();
    taken.sort();
    taken[ROUNDS / 2]
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
