//! near-vm-runner, which validators run, with a cache of compiled contracts.

use std::io;
use std::path::Path;
use std::sync::Arc;

use near_parameters::RuntimeConfig;
use near_primitives::hash::CryptoHash;
use near_vm_runner::logic::errors::{CompilationError, FunctionCallError, VMRunnerError};
use near_vm_runner::logic::{External, GasCounter, VMContext, VMOutcome};
use near_vm_runner::{
    Contract, ContractCode, ContractRuntimeCache, FilesystemContractRuntimeCache,
    MockContractRuntimeCache, NoContractRuntimeCache, noop_background_spawner,
};

/// The number of compiled contracts kept in memory.
const LOADED_CONTRACTS: usize = 64;
/// The size of the compiled contracts kept on disk, in bytes.
const DISK_CACHE_BYTES: u64 = 2 << 30;

/// The virtual machine and its cache of compiled contracts. Clones share the cache.
#[derive(Clone)]
pub struct Vm {
    cache: Arc<dyn ContractRuntimeCache>,
}

impl Vm {
    /// Creates a machine that keeps compiled contracts in `cache_dir`, which other processes can share,
    /// or only in memory.
    ///
    /// # Errors
    /// The folder cannot be created or opened.
    pub fn new(cache_dir: Option<&Path>) -> io::Result<Self> {
        let cache: Arc<dyn ContractRuntimeCache> = match cache_dir {
            None => Arc::new(MockContractRuntimeCache::default()),
            Some(dir) => Arc::new(FilesystemContractRuntimeCache::with_memory_cache(
                dir,
                None::<&str>,
                "contracts",
                LOADED_CONTRACTS,
                None,
                DISK_CACHE_BYTES,
                noop_background_spawner(),
            )?),
        };
        Ok(Self { cache })
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
        let outcome = match self.run_with(&*self.cache, config, &code, method, context, external) {
            // Other processes share the cache on disk, and disks fill up. The call goes on without it.
            Err(VMRunnerError::CacheError(error)) => {
                tracing::warn!(%error, "the cache of compiled contracts failed; compiling anew");
                self.run_with(
                    &NoContractRuntimeCache,
                    config,
                    &code,
                    method,
                    context,
                    external,
                )
            }
            outcome => outcome,
        };
        outcome.unwrap_or_else(|error| VMOutcome::nop_outcome(machine_error(error, context)))
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
