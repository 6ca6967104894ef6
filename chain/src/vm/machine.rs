//! near-vm-runner, which validators run, with a cache of compiled contracts.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use near_parameters::RuntimeConfig;
use near_primitives::hash::CryptoHash;
use near_vm_runner::logic::errors::{
    CacheError, CompilationError, FunctionCallError, VMRunnerError,
};
use near_vm_runner::logic::{External, GasCounter, VMContext, VMOutcome};
use near_vm_runner::{
    Contract, ContractCode, ContractRuntimeCache, MockContractRuntimeCache, NoContractRuntimeCache,
    precompile_contract,
};

use super::cache::CheckedCache;

/// The virtual machine and its cache of compiled contracts. Clones share the cache.
#[derive(Clone)]
pub struct Vm {
    cache: Cache,
}

#[derive(Clone)]
enum Cache {
    /// The compiled contracts are kept in memory only.
    Memory(MockContractRuntimeCache),
    Disk {
        contracts: CheckedCache,
        /// The contracts that were checked or compiled since the start, each by the hash of its code and of
        /// the parameters that it was compiled with.
        ready: Arc<Mutex<HashSet<(CryptoHash, u64)>>>,
    },
}

impl Vm {
    /// Creates a machine that keeps compiled contracts in `cache_dir`, which other processes can share,
    /// or only in memory.
    ///
    /// # Errors
    /// The folder cannot be created or opened.
    pub fn new(cache_dir: Option<&Path>) -> io::Result<Self> {
        let cache = match cache_dir {
            None => Cache::Memory(MockContractRuntimeCache::default()),
            Some(dir) => Cache::Disk {
                contracts: CheckedCache::open(dir)?,
                ready: Arc::default(),
            },
        };
        Ok(Self { cache })
    }

    /// Compiles `code`, unless it is compiled already. A call that needs it meanwhile waits for it.
    pub(crate) fn compile(&self, config: &RuntimeConfig, code: Vec<u8>) {
        let hash = CryptoHash::hash_bytes(&code);
        let code = Code(Some((hash, code.into())));
        let _: &dyn ContractRuntimeCache = self.cache_with(config, &code);
    }

    /// Runs `method` of `code`.
    ///
    /// Errors of the contract are in [`VMOutcome::aborted`]. So are errors of the machine itself
    /// (`SPEC.md` §2.6): in a patched state, an account may use fewer bytes than its contract removes.
    pub(crate) fn run(
        &self,
        config: &RuntimeConfig,
        code: Option<(CryptoHash, Arc<[u8]>)>,
        method: &str,
        context: &VMContext,
        external: &mut (dyn External + Send),
    ) -> VMOutcome {
        let code = Code(code);
        let cache = self.cache_with(config, &code);
        let outcome = match self.run_with(cache, config, &code, method, context, external) {
            // Other processes share the cache on disk, and disks fill up. The call goes on without it.
            Err(VMRunnerError::CacheError(error)) => {
                warn_of(&error);
                let none = &NoContractRuntimeCache;
                self.run_with(none, config, &code, method, context, external)
            }
            outcome => outcome,
        };
        outcome.unwrap_or_else(|error| VMOutcome::nop_outcome(machine_error(error, context)))
    }

    /// Returns a cache in which `code` is compiled and undamaged, or one without any contract if the folder
    /// cannot be used.
    fn cache_with(&self, config: &RuntimeConfig, code: &Code) -> &dyn ContractRuntimeCache {
        let (contracts, ready) = match &self.cache {
            Cache::Memory(cache) => return cache,
            Cache::Disk { contracts, ready } => (contracts, ready),
        };
        let key = (code.hash(), config.wasm_config.non_crypto_hash());
        if !locked(ready).contains(&key)
            && let Some(code) = code.get_code()
        {
            // The error of a contract that cannot be compiled is in the cache.
            let compiled = precompile_contract(&code, config.wasm_config.clone(), Some(contracts));
            if let Err(error) = compiled {
                warn_of(&error);
                return &NoContractRuntimeCache;
            }
            locked(ready).insert(key);
        }
        contracts.unchecked()
    }

    fn run_with(
        &self,
        cache: &dyn ContractRuntimeCache,
        config: &RuntimeConfig,
        code: &Code,
        method: &str,
        context: &VMContext,
        external: &mut (dyn External + Send),
    ) -> Result<VMOutcome, VMRunnerError> {
        let wasm_config = config.wasm_config.clone();
        let limit = &wasm_config.limit_config;
        let gas_counter = GasCounter::new(
            wasm_config.ext_costs.clone(),
            context
                .view_config
                .as_ref()
                .map_or(limit.max_gas_burnt, |view| view.max_gas_burnt),
            wasm_config.regular_op_cost,
            context.prepaid_gas,
            context.is_view(),
        );
        let prepared = near_vm_runner::prepare(code, wasm_config, Some(cache), gas_counter, method);
        near_vm_runner::run(prepared, external, context, config.fees.clone())
    }
}

fn warn_of(error: &CacheError) {
    tracing::warn!(%error, "the cache of compiled contracts failed; compiling anew");
}

/// Locks a set that is complete between any two of its changes, so that a panic elsewhere does not matter.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Converts an error of the machine into an error of the call.
fn machine_error(error: VMRunnerError, context: &VMContext) -> FunctionCallError {
    match error {
        VMRunnerError::ContractCodeNotPresent => {
            let account_id = context.current_account_id.as_str().into();
            FunctionCallError::CompilationError(CompilationError::CodeDoesNotExist { account_id })
        }
        error => FunctionCallError::LoadingError {
            msg: format!("the virtual machine cannot go on: {error}"),
        },
    }
}

/// The code of an account, in the form that near-vm-runner reads.
struct Code(Option<(CryptoHash, Arc<[u8]>)>);

impl Contract for Code {
    fn hash(&self) -> CryptoHash {
        self.0
            .as_ref()
            .map_or_else(CryptoHash::default, |(hash, _)| *hash)
    }

    fn get_code(&self) -> Option<Arc<ContractCode>> {
        let (hash, code) = self.0.as_ref()?;
        Some(Arc::new(ContractCode::new(code.to_vec(), Some(*hash))))
    }
}
