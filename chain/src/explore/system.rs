//! The accounts, the messages between them, and the steps that lead from one state to the next.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use near_primitives::hash::CryptoHash;
use near_primitives::receipt::{Receipt, VersionedReceiptEnum};
use near_primitives::transaction::SignedTransaction;
use near_primitives::types::{AccountId, Balance, BlockHeight};
use near_primitives::utils::create_receipt_id_from_receipt_id;
use serde_json::Value;

use super::error::ExploreError;
use super::failure;
use super::messages::{MessageId, Messages, Origin};
use super::node::{AccountIndex, Effect, Node, Step};
use super::scenario::{Allowed, Delivery, Scenario, Time};
use super::schedule::{Ending, MessageName, StepName};
use super::shards::{ShardId, Shards, split};
use super::view_calls::{ViewCall, Views};
use crate::clock::{BLOCK_TIME, nanos};
use crate::patch;
use crate::runtime::{
    ApplyResult, ApplyState, OutgoingReceipt, forget_settled, pop_expired, process_receipt,
    process_transaction, timeout_receipt,
};
use crate::state::{State, StateUpdate};

/// Everything that was seen of a scenario, and the machine that runs it.
pub(super) struct System<'a> {
    pub scenario: &'a Scenario,
    apply_state: ApplyState<'a>,
    account_ids: Vec<AccountId>,
    indices: HashMap<AccountId, AccountIndex>,
    shards: Shards,
    pub messages: Messages,
    /// A step has the same effect wherever its account has the same state, so it runs once.
    effects: HashMap<(Step, ShardId, u64), Rc<Effect>>,
    fact_texts: Vec<String>,
    views: Views,
    /// The nodes before any step, one for each choice of behaviours.
    pub starts: Vec<Rc<Node>>,
}

impl<'a> System<'a> {
    /// Begins with the chain of the scenario.
    pub fn new(scenario: &'a Scenario) -> Result<Self, ExploreError> {
        let mut apply_state = scenario.chain.next_apply_state();
        apply_state.gas_price = Balance::ZERO;
        let split = split(&scenario.chain.head().state);
        let mut system = Self {
            scenario,
            apply_state,
            account_ids: Vec::new(),
            indices: HashMap::new(),
            shards: Shards::new(split.missing),
            messages: Messages::default(),
            effects: HashMap::new(),
            fact_texts: Vec::new(),
            views: Views::default(),
            starts: Vec::new(),
        };
        let mut shards = Vec::new();
        for (account_id, state) in split.accounts {
            system.index(&account_id);
            shards.push(system.shards.number(ShardId::MISSING, state));
        }
        for (start, choice) in scenario.behaviour_choices().iter().enumerate() {
            let mut node = Node {
                start,
                shards: shards.clone(),
                under_way: Vec::new(),
                sent: vec![false; scenario.transactions.len()],
                facts: Vec::new(),
                time: 0,
            };
            system.behave(&mut node, choice)?;
            system.starts.push(Rc::new(node));
        }
        Ok(system)
    }

    /// Gives the accounts of a start their behaviours.
    fn behave(&mut self, node: &mut Node, choice: &[usize]) -> Result<(), ExploreError> {
        for ((account_id, behaviours), index) in self.scenario.behaviours.iter().zip(choice) {
            let failed = |source| ExploreError::Behaviour {
                account_id: account_id.clone(),
                source,
            };
            let account = self.index(account_id);
            let before = node.shard(account);
            let records = &behaviours[*index].records;
            patch::check(self.shards.state(before), records).map_err(failed)?;
            let mut state = StateUpdate::new(self.shards.state(before).clone());
            for record in records {
                patch::write(&mut state, record).map_err(failed)?;
            }
            let after = self.shards.number(before, state.into_state());
            node.set_shard(account, after);
        }
        Ok(())
    }

    /// Returns the number of an account, and gives it one if it is new.
    fn index(&mut self, account_id: &AccountId) -> AccountIndex {
        if let Some(index) = self.indices.get(account_id) {
            return *index;
        }
        let index = self.account_ids.len();
        self.account_ids.push(account_id.clone());
        self.indices.insert(account_id.clone(), index);
        index
    }

    /// Returns the state of an account in a node, `None` if the account is not known.
    pub fn state(&self, node: &Node, account_id: &str) -> Option<&State> {
        let index = self.position(account_id)?;
        Some(self.shards.state(node.shard(index)))
    }

    /// Returns the number of an account, `None` if the account is not known.
    fn position(&self, account_id: &str) -> Option<AccountIndex> {
        let mut known = self.account_ids.iter();
        known.position(|known| known.as_str() == account_id)
    }

    /// Returns the receipts that are under way in a node, and those that wait for their inputs.
    pub fn receipts_under_way(&self, node: &Node) -> Vec<Arc<Receipt>> {
        let messages = node.under_way.iter();
        let mut receipts: Vec<_> = messages
            .map(|id| self.messages.get(*id).receipt.clone())
            .collect();
        for shard in &node.shards {
            receipts.extend(self.shards.state(*shard).waiting_receipts().map(Arc::new));
        }
        receipts
    }

    /// Returns the texts of the facts in a node.
    pub fn facts(&self, node: &Node) -> Vec<&str> {
        let facts = node.facts.iter();
        facts.map(|fact| self.fact_texts[*fact].as_str()).collect()
    }

    /// Returns true if nothing is under way in a node, and no yield waits.
    pub fn is_at_rest(&self, node: &Node) -> bool {
        let mut shards = node.shards.iter();
        node.under_way.is_empty()
            && shards.all(|shard| {
                self.shards
                    .state(*shard)
                    .waiting_receipts()
                    .next()
                    .is_none()
            })
    }

    /// Makes a view call in a node, and returns its value in JSON.
    ///
    /// # Errors
    /// [`ViewCall::run`] has them.
    pub fn view(&self, node: &Node, call: &ViewCall) -> Result<Value, String> {
        let index = self.position(call.account_id);
        let shard = index.map_or(ShardId::MISSING, |index| node.shard(index));
        self.views.value(shard, node.time, call, || {
            let chain = &self.scenario.chain;
            let apply_state = self.apply_state_at(node.time);
            let mut block = (**chain.head()).clone();
            block.state = self.shards.state(shard).clone();
            block.height = apply_state.block_height;
            block.timestamp = apply_state.block_timestamp;
            call.run(chain, &block)
        })
    }

    /// Returns the parameters of a step.
    fn apply_state_at(&self, time: u64) -> ApplyState<'a> {
        let mut apply_state = self.apply_state.clone();
        if time > 0 {
            let later = nanos(BLOCK_TIME).saturating_mul(time);
            apply_state.block_height += time;
            apply_state.block_timestamp = apply_state.block_timestamp.saturating_add(later);
            apply_state.random_seed =
                CryptoHash::hash_borsh((apply_state.random_seed, apply_state.block_height));
        }
        apply_state
    }

    /// Returns the steps that are possible in a node: messages first, the oldest in front.
    pub fn steps(&mut self, node: &Node, allowed: &Allowed) -> Result<Vec<Step>, ExploreError> {
        let mut steps = Vec::new();
        for message in self.deliverable(node) {
            let as_written = Step::Deliver(message, Ending::AsWritten);
            steps.push(as_written);
            let receiver_id = self.messages.get(message).receipt.receiver_id();
            if allowed.may_fail.contains(receiver_id) {
                let choices = self.effect(node, as_written)?.choices.iter();
                steps.extend(choices.map(|ending| Step::Deliver(message, *ending)));
            }
        }
        steps.extend(self.next_transactions(node, allowed));
        for account in 0..node.shards.len() {
            if self.first_timeout(node.shards[account]).is_some() {
                steps.push(Step::Expire(account));
            }
        }
        Ok(steps)
    }

    /// Returns the messages that may be delivered next, by their numbers.
    fn deliverable(&self, node: &Node) -> BTreeSet<MessageId> {
        let mut channel = None;
        let messages = node.under_way.iter().copied();
        let may_be_next = messages.filter(|id| {
            let own = Some(self.messages.get(*id).channel);
            let is_first = own != channel;
            channel = own;
            is_first || self.scenario.delivery == Delivery::Overtaking
        });
        may_be_next.collect()
    }

    /// Returns the transactions that may be sent next: of each key the one with the least nonce.
    fn next_transactions(&self, node: &Node, allowed: &Allowed) -> Vec<Step> {
        let key = |transaction: &SignedTransaction| {
            let transaction = &transaction.transaction;
            let index = transaction.nonce().nonce_index();
            (
                transaction.signer_id().clone(),
                transaction.public_key().clone(),
                index,
            )
        };
        let mut steps = Vec::new();
        let mut keys = Vec::new();
        for (index, transaction) in self.scenario.transactions.iter().enumerate() {
            let key = key(transaction);
            if node.sent[index] || !allowed.transactions[index] || keys.contains(&key) {
                continue;
            }
            keys.push(key);
            steps.push(Step::Send(index));
        }
        steps
    }

    /// Returns the id of the yield of an account that expires next.
    fn first_timeout(&self, shard: ShardId) -> Option<CryptoHash> {
        let state = self.shards.state(shard);
        state.has_pending_yield().then_some(())?;
        let mut scratch = StateUpdate::new(state.clone());
        let timeout = pop_expired(&mut scratch, BlockHeight::MAX)?;
        let data_id = timeout.data_id;
        let yields = state.waiting_receipts();
        let mut yields = yields.filter(|receipt| waits_for(receipt, &data_id));
        yields.next().map(|receipt| *receipt.receipt_id())
    }

    /// Returns the name of a step in a node.
    pub fn name(&self, node: &Node, step: Step) -> StepName {
        match step {
            Step::Send(index) => StepName::Send(index + 1),
            Step::Deliver(message, ending) => {
                StepName::Deliver(self.messages.get(message).name.clone(), ending)
            }
            Step::Expire(account) => {
                let waiting = self.first_timeout(node.shards[account]);
                let name = waiting.and_then(|id| self.messages.name_of(&id));
                StepName::Expire(name.expect("the yield has got its name").clone())
            }
        }
    }

    /// Returns the node after a step, and the effect of the step.
    pub fn apply(&mut self, node: &Node, step: Step) -> Result<(Node, Rc<Effect>), ExploreError> {
        let effect = self.effect(node, step)?;
        let mut next = node.clone();
        match step {
            Step::Send(index) => next.sent[index] = true,
            Step::Deliver(message, _) => next.under_way.retain(|id| *id != message),
            Step::Expire(_) => {}
        }
        next.set_shard(effect.account, effect.after);
        self.messages.add(&mut next.under_way, &effect.messages);
        if self.scenario.delivery == Delivery::Overtaking {
            next.under_way.sort();
        }
        next.facts.extend(&effect.facts);
        next.facts.sort();
        if let Time::Rising(blocks) = self.scenario.time {
            next.time += blocks;
        }
        Ok((next, effect))
    }

    /// Returns the effect of a step, which runs if it is seen for the first time.
    fn effect(&mut self, node: &Node, step: Step) -> Result<Rc<Effect>, ExploreError> {
        let account = match step {
            Step::Send(index) => {
                let transaction = &self.scenario.transactions[index].transaction;
                self.index(&transaction.signer_id().clone())
            }
            Step::Deliver(message, _) => {
                let receiver_id = self.messages.get(message).receipt.receiver_id().clone();
                self.index(&receiver_id)
            }
            Step::Expire(account) => account,
        };
        let before = node.shard(account);
        let key = (step, before, node.time);
        if let Some(known) = self.effects.get(&key) {
            return Ok(known.clone());
        }
        let effect = Rc::new(self.run(step, account, before, node.time)?);
        self.effects.insert(key, effect.clone());
        Ok(effect)
    }

    fn run(
        &mut self,
        step: Step,
        account: AccountIndex,
        before: ShardId,
        time: u64,
    ) -> Result<Effect, ExploreError> {
        let apply_state = self.apply_state_at(time);
        let mut state = StateUpdate::new(self.shards.state(before).clone());
        let (mut choices, mut refused): (&'static [Ending], _) = (&[], None);
        let mut result = ApplyResult::default();
        let mut origin = Origin::Account(self.account_ids[account].clone());
        match step {
            Step::Send(index) => {
                let transaction = &self.scenario.transactions[index];
                match process_transaction(&apply_state, &mut state, transaction) {
                    Ok(applied) => result = applied,
                    Err(error) => refused = Some(error),
                }
                for receipt in &result.new_receipts {
                    let name = MessageName::of_transaction(index + 1);
                    self.messages.name(*receipt.receipt_id(), name);
                }
                let transaction = &transaction.transaction;
                if transaction.signer_id() == transaction.receiver_id() {
                    origin = Origin::Local;
                }
            }
            Step::Deliver(message, ending) => {
                let delivered = self.messages.get(message).receipt.clone();
                result = self.deliver(&apply_state, &mut state, &delivered, ending, before)?;
                if ending == Ending::AsWritten {
                    choices = failure::choices(self.shards.state(before), &delivered, &result);
                }
            }
            Step::Expire(_) => result = self.expire(&apply_state, &mut state, before),
        }
        forget_settled(&mut state);
        let after = self.shards.number(before, state.into_state());
        let outgoing = result.outgoing_receipts.iter();
        let messages =
            outgoing.map(|outgoing| self.messages.number(origin.clone(), &outgoing.receipt));
        Ok(Effect {
            account,
            before,
            after,
            messages: messages.collect(),
            facts: self.facts_of(&result),
            result,
            refused,
            choices,
        })
    }

    fn deliver(
        &mut self,
        apply_state: &ApplyState,
        state: &mut StateUpdate,
        delivered: &Receipt,
        ending: Ending,
        before: ShardId,
    ) -> Result<ApplyResult, ExploreError> {
        let mut result = process_receipt(apply_state, state, delivered);
        if ending != Ending::AsWritten
            && let Some(executed) = result.outcomes.first().map(|outcome| outcome.id)
        {
            *state = StateUpdate::new(self.shards.state(before).clone());
            let prepared = failure::prepare(state, delivered, &executed, ending);
            result = process_receipt(apply_state, state, &prepared);
        }
        let is_distribution = |receipt: &Arc<Receipt>| {
            let receipt = receipt.versioned_receipt();
            matches!(receipt, VersionedReceiptEnum::GlobalContractDistribution(_))
        };
        if result.new_receipts.iter().any(is_distribution) {
            return Err(ExploreError::GlobalContract);
        }
        let height = apply_state.block_height;
        if ending == Ending::ActsThenFails {
            let children = self.name_children(&result, height);
            let state = self.shards.state(before);
            failure::return_failing_promise(state, delivered, height, children, &mut result);
        }
        self.name_children(&result, height);
        Ok(result)
    }

    /// Names what the receipts of a step have created. Returns the number of what the first of them has.
    fn name_children(&mut self, result: &ApplyResult, height: BlockHeight) -> usize {
        let mut counts = vec![0; result.outcomes.len()];
        for receipt in &result.new_receipts {
            let id = receipt.receipt_id();
            for (outcome, count) in result.outcomes.iter().zip(&mut counts) {
                if *id != create_receipt_id_from_receipt_id(&outcome.id, height, *count) {
                    continue;
                }
                if let Some(parent) = self.messages.name_of(&outcome.id) {
                    let name = parent.child(*count);
                    self.messages.name(*id, name);
                }
                *count += 1;
                break;
            }
        }
        counts.first().copied().unwrap_or_default()
    }

    /// Removes the first time-out of an account that can still expire, and sends it.
    fn expire(
        &mut self,
        apply_state: &ApplyState,
        state: &mut StateUpdate,
        before: ShardId,
    ) -> ApplyResult {
        let waiting = self.first_timeout(before);
        let mut result = ApplyResult::default();
        let (Some(waiting), Some(timeout)) = (waiting, pop_expired(state, BlockHeight::MAX)) else {
            return result;
        };
        let receipt = timeout_receipt(state.current(), apply_state.block_height, &timeout, 0);
        if let (Some(receipt), Some(name)) = (receipt, self.messages.name_of(&waiting)) {
            let name = name.timeout();
            self.messages.name(*receipt.receipt_id(), name);
            let receipt = Arc::new(receipt);
            result.new_receipts.push(receipt.clone());
            result.outgoing_receipts.push(OutgoingReceipt {
                sender_id: timeout.account_id,
                receipt,
            });
        }
        result
    }

    /// Returns the facts that the outcomes of a step add.
    fn facts_of(&mut self, result: &ApplyResult) -> Vec<usize> {
        let scenario = self.scenario;
        let mut facts = Vec::new();
        for outcome in &result.outcomes {
            for text in scenario.facts.iter().filter_map(|fact| fact(outcome)) {
                let known = self.fact_texts.iter().position(|known| *known == text);
                facts.push(known.unwrap_or(self.fact_texts.len()));
                if known.is_none() {
                    self.fact_texts.push(text);
                }
            }
        }
        facts
    }

    /// Returns the changes that a step has made to the state of its account.
    pub fn changes<'b>(
        &'b self,
        effect: &Effect,
    ) -> impl Iterator<Item = (&'b [u8], Option<&'b Arc<[u8]>>)> {
        let before = self.shards.state(effect.before);
        self.shards.state(effect.after).changes_since(before)
    }

    /// Returns the number of steps that ran in the machine. Any other step had run before.
    pub fn executions(&self) -> usize {
        self.effects.len()
    }
}

fn waits_for(receipt: &Receipt, data_id: &CryptoHash) -> bool {
    match receipt.versioned_receipt() {
        VersionedReceiptEnum::PromiseYield(waiting) => waiting.input_data_ids().contains(data_id),
        _ => false,
    }
}
