//! The parameters of execution: those of the chain, and those of the block.

use std::sync::Arc;

use near_parameters::RuntimeConfig;
use near_primitives::hash::CryptoHash;
use near_primitives::types::{Balance, BlockHeight, EpochHeight, ProtocolVersion};

use crate::epochs::EpochInfo;
use crate::vm::Vm;

/// The parameters that transactions and receipts are applied with.
#[derive(Clone)]
pub struct ApplyState<'a> {
    /// The fees and limits of the protocol.
    pub config: &'a RuntimeConfig,
    /// The machine that runs contracts.
    pub vm: &'a Vm,
    /// The id of the chain.
    pub chain_id: &'a str,
    /// The validators of the block's epoch.
    pub epoch_info: Arc<EpochInfo>,
    /// The least stake that an account may propose, in yoctoNEAR.
    pub minimum_stake: Balance,
    /// The protocol version that errors name.
    pub current_protocol_version: ProtocolVersion,
    /// The height of the block.
    pub block_height: BlockHeight,
    /// The time of the block, in nanoseconds since 1970.
    pub block_timestamp: u64,
    /// The height of the block's epoch.
    pub epoch_height: EpochHeight,
    /// The price of a unit of gas in this block, in yoctoNEAR.
    pub gas_price: Balance,
    /// The randomness of the block.
    pub random_seed: CryptoHash,
}
