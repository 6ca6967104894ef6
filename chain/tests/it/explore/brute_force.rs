//! The search over merged states against one that merges nothing, on random scenarios.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use chain::explore::{Delivery, Explore, View, ensure};
use chain::runtime::{ApplyResult, ApplyState, process_receipt, process_transaction};
use chain::{State, StateUpdate};
use near_primitives::receipt::Receipt;
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::Balance;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;
use crate::programs::{CHILDREN, Deed, PROBES, Play, SIGNERS, Step, written};

/// The greatest number of schedules of a scenario that is small enough.
const SMALL: u128 = 12;

fn ids() -> impl Iterator<Item = &'static str> {
    PROBES.into_iter().chain(SIGNERS).chain(CHILDREN)
}

fn keys() -> Vec<Vec<u8>> {
    ["", "a", "b", "aa", "ab", "ba", "bb"]
        .map(|key| key.as_bytes().to_vec())
        .into()
}

/// What can be seen of the accounts: balances, storage usage, code, and data.
type Seen = Vec<String>;

fn seen_in_view(view: &View) -> Seen {
    let lines = ids().map(|id| {
        let data = keys().into_iter().map(|key| view.data(id, &key));
        line(view.account(id), data.collect())
    });
    lines.collect()
}

fn seen_in_state(state: &State) -> Seen {
    let lines = ids().map(|id| {
        let id = account(id);
        let value = |key: Vec<u8>| {
            let mut data = state.data(&id, &key);
            data.find(|(found, _)| *found == key)
                .map(|(_, value)| value.to_vec())
        };
        line(state.account(&id), keys().into_iter().map(value).collect())
    });
    lines.collect()
}

fn line(account: Option<near_primitives::account::Account>, data: Vec<Option<Vec<u8>>>) -> String {
    format!("{account:?} {data:?}")
}

/// A violation that random programs reach now and then: two accounts have written the same value.
fn is_fault(seen: &Seen) -> bool {
    let written = |line: &&String| line.contains("Some([120])");
    seen.iter().filter(written).count() > 1
}

/// The messages under way, by their channels.
type Channels = BTreeMap<(String, String), VecDeque<Arc<Receipt>>>;

/// A search that merges nothing, and knows only the functions that process one transaction or one receipt.
struct BruteForce<'a> {
    apply_state: ApplyState<'a>,
    delivery: Delivery,
    transactions: Vec<SignedTransaction>,
    schedules: u128,
    ends: BTreeSet<Seen>,
    has_fault: bool,
}

impl BruteForce<'_> {
    fn explore(&mut self, state: &State, under_way: &Channels, sent: &[bool]) {
        self.has_fault |= is_fault(&seen_in_state(state));
        assert!(
            self.schedules <= SMALL,
            "merged states have fewer schedules"
        );
        let mut is_end = true;
        for (channel, queue) in under_way {
            let next = match self.delivery {
                Delivery::Fifo => 1,
                Delivery::Overtaking => queue.len(),
            };
            for index in 0..next.min(queue.len()) {
                is_end = false;
                let mut left = under_way.clone();
                let queue = left.get_mut(channel).expect("it is there");
                let receipt = queue.remove(index).expect("it is there");
                let mut update = StateUpdate::new(state.clone());
                let result = process_receipt(&self.apply_state, &mut update, &receipt);
                add(&mut left, result, false);
                self.explore(&update.into_state(), &left, sent);
            }
        }
        for (index, transaction) in self.transactions.clone().iter().enumerate() {
            let signer_id = transaction.transaction.signer_id();
            let earlier = &self.transactions[..index];
            let mut earlier = earlier.iter().zip(sent);
            let is_next =
                earlier.all(|(other, sent)| *sent || other.transaction.signer_id() != signer_id);
            if sent[index] || !is_next {
                continue;
            }
            is_end = false;
            let mut sent = sent.to_vec();
            sent[index] = true;
            let mut left = under_way.clone();
            let mut update = StateUpdate::new(state.clone());
            if let Ok(result) = process_transaction(&self.apply_state, &mut update, transaction) {
                let is_local = signer_id == transaction.transaction.receiver_id();
                add(&mut left, result, is_local);
            }
            self.explore(&update.into_state(), &left, &sent);
        }
        if is_end {
            self.schedules += 1;
            self.ends.insert(seen_in_state(state));
        }
    }
}

fn add(channels: &mut Channels, result: ApplyResult, is_local: bool) {
    for outgoing in result.outgoing_receipts {
        let origin = match is_local {
            true => "local".to_owned(),
            false => outgoing.sender_id.to_string(),
        };
        let channel = (origin, outgoing.receipt.receiver_id().to_string());
        channels
            .entry(channel)
            .or_default()
            .push_back(outgoing.receipt);
    }
}

/// Compares both searches. Returns `None` if the scenario is too large, and else true if it has a fault.
fn compare(chain: &Chain, plays: &[Play], delivery: Delivery) -> Option<bool> {
    let mut config = (**chain.runtime_config()).clone();
    config.min_gas_purchase_price = Balance::ZERO;
    let apply_state = ApplyState {
        config: &config,
        gas_price: Balance::ZERO,
        ..chain.next_apply_state()
    };
    let action = |play: &Play| {
        let deposit = Balance::from_yoctonear(play.deposit);
        vec![program(written(&play.program), play.tgas, deposit)]
    };
    let mut explore = Explore::new("random", chain).delivery(delivery);
    let mut transactions = Vec::new();
    let mut nonces: BTreeMap<&str, u64> = BTreeMap::new();
    for play in plays {
        explore = explore.transaction(play.signer, play.receiver, action(play));
        let signer = chain::testing::signer(&account(play.signer));
        let key = chain
            .head()
            .state
            .access_key(&account(play.signer), &signer.public_key());
        let first = key.expect("it has a key").nonce;
        let nonce = nonces.entry(play.signer).or_insert(first);
        *nonce += 1;
        transactions.push(chain.signed_with_nonce(
            &signer,
            &account(play.receiver),
            *nonce,
            action(play),
        ));
    }
    let ends = Rc::new(RefCell::new(BTreeSet::new()));
    let has_fault = Rc::new(RefCell::new(false));
    let (seen_ends, seen_fault) = (ends.clone(), has_fault.clone());
    let report = explore
        .always("it is seen", move |view| {
            let seen = seen_in_view(view);
            *seen_fault.borrow_mut() |= is_fault(&seen);
            if view.is_at_end() {
                seen_ends.borrow_mut().insert(seen);
            }
            ensure(true, String::new)
        })
        .at_most_states(SMALL as usize * 4)
        .run()
        .expect("the scenario can be explored");
    if report.schedules > SMALL || report.bound.is_some() {
        return None;
    }
    report.assert_complete();
    let mut brute_force = BruteForce {
        apply_state,
        delivery,
        transactions,
        schedules: 0,
        ends: BTreeSet::new(),
        has_fault: false,
    };
    let sent = vec![false; plays.len()];
    brute_force.explore(&chain.head().state, &Channels::new(), &sent);
    assert_eq!(report.schedules, brute_force.schedules, "{plays:#?}");
    assert_eq!(*ends.borrow(), brute_force.ends, "{plays:#?}");
    assert_eq!(*has_fault.borrow(), brute_force.has_fault, "{plays:#?}");
    Some(brute_force.has_fault)
}

/// Returns two or three transactions whose programs meet on few accounts and few keys.
fn plays() -> impl Strategy<Value = Vec<Play>> {
    let parts = (
        select(&SIGNERS),
        select(&PROBES[..2]),
        programs(),
        deposit(),
    );
    let play = parts.prop_map(|(signer, receiver, program, deposit)| Play {
        signer,
        receiver,
        program,
        tgas: 300,
        deposit,
    });
    vec(play, 2..4)
}

fn programs() -> impl Strategy<Value = Vec<Step>> {
    let plain = || {
        let write = (select(&["a", "b"]), select(&["x", "y"]));
        prop_oneof![
            4 => write.prop_map(|(key, value)| json!({"write": {"key": key, "value": value}})),
            1 => Just(json!({"remove": {"key": "a"}})),
            1 => Just(json!({"panic": {"text": "no"}})),
            1 => Just(json!("return_results")),
        ]
        .prop_map(Step::Plain)
    };
    vec(plain(), 1..3).prop_recursive(2, 8, 3, move |nested| {
        let target = || select(&PROBES[1..]).prop_map(str::to_owned);
        let run = (nested, deposit()).prop_map(|(program, deposit)| {
            vec![Deed::Run {
                program,
                tgas: 20,
                weight: 1,
                deposit,
            }]
        });
        let run = run.boxed();
        let create = (target(), run.clone()).prop_map(|(to, actions)| Step::Create { to, actions });
        let then = (any::<Index>(), target(), run).prop_map(|(after, to, actions)| Step::Then {
            after,
            to,
            actions,
        });
        vec(prop_oneof![2 => plain(), 3 => create, 1 => then], 1..4)
    })
}

/// Returns amounts in yoctoNEAR: mostly zero, and rarely more than any balance.
fn deposit() -> impl Strategy<Value = u128> {
    prop_oneof![8 => Just(0), 2 => Just(5), 1 => Just(10_u128.pow(30))]
}

#[test]
fn merged_states_have_the_schedules_the_ends_and_the_faults_of_a_search_that_merges_nothing() {
    let accounts: Vec<_> = PROBES
        .into_iter()
        .chain(SIGNERS)
        .map(|id| (id, near(1_000)))
        .collect();
    let mut chain = chain(&accounts);
    for probe in PROBES {
        deploy(&mut chain, probe, PROBE);
    }
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let config = Config::default();
    let scenarios = config.cases as usize;
    let mut runner = TestRunner::new_with_rng(config, random);
    let (mut compared, mut with_fault) = (0, 0);
    while compared < scenarios {
        let plays = plays()
            .new_tree(&mut runner)
            .expect("plays are never refused")
            .current();
        let delivery = match compared % 2 {
            0 => Delivery::Fifo,
            _ => Delivery::Overtaking,
        };
        if let Some(has_fault) = compare(&chain, &plays, delivery) {
            compared += 1;
            with_fault += usize::from(has_fault);
        }
    }
    assert!(with_fault > 0, "scenarios without a fault prove little");
}
