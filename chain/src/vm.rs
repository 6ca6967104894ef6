//! Running a contract: near-vm-runner, which validators run, with a cache of compiled code and the
//! mapping of its errors to those of the chain.

use std::io;
use std::path::Path;
use std::sync::Arc;

use near_parameters::RuntimeConfig;
use near_primitives::account::id::AccountId;
use near_primitives::errors::{
    CompilationError, FunctionCallError, MethodResolveError, PrepareError,
};
use near_primitives::hash::CryptoHash;
use near_primitives::profile_data_v3::ProfileDataV3;
use near_vm_runner::logic::errors::{
    CompilationError as VmCompilationError, FunctionCallError as VmError,
    MethodResolveError as VmMethodError, PrepareError as VmPrepareError, VMRunnerError,
};
use near_vm_runner::logic::{External, GasCounter, VMContext, VMOutcome};
use near_vm_runner::{
    Contract, ContractCode, ContractRuntimeCache, FilesystemContractRuntimeCache,
    MockContractRuntimeCache, NoContractRuntimeCache, noop_background_spawner,
};

/// Compiled contracts kept in memory at the same time.
const LOADED_CONTRACTS: usize = 64;
/// Bytes of compiled contracts kept on disk.
const DISK_CACHE_BYTES: u64 = 2 << 30;

/// The virtual machine and its cache of compiled contracts. Clones share the cache.
#[derive(Clone)]
pub struct Vm {
    cache: Arc<dyn ContractRuntimeCache>,
}

impl Vm {
    /// A machine that keeps compiled contracts in `cache_dir`, where other processes find them, or
    /// only in memory.
    ///
    /// # Errors
    /// The folder cannot be made or opened.
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
    /// What a contract does wrong is in [`VMOutcome::aborted`], and so is what the machine itself
    /// cannot do: a patched state may say that an account uses fewer bytes than its contract removes.
    pub(crate) fn run(
        &self,
        config: &RuntimeConfig,
        code: Option<(CryptoHash, Arc<[u8]>)>,
        method: &str,
        context: &VMContext,
        host: &mut (dyn External + Send),
    ) -> VMOutcome {
        let code = Code(code);
        let outcome = match self.run_with(&*self.cache, config, &code, method, context, host) {
            // The cache on disk belongs to other processes too, and disks fill up: do without it.
            Err(VMRunnerError::CacheError(error)) => {
                tracing::warn!(%error, "the cache of compiled contracts failed; compiling anew");
                self.run_with(
                    &NoContractRuntimeCache,
                    config,
                    &code,
                    method,
                    context,
                    host,
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
        host: &mut (dyn External + Send),
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
        near_vm_runner::run(prepared, host, context, config.fees.clone())
    }
}

/// An error of the machine as one of the call that met it.
fn machine_error(error: VMRunnerError, context: &VMContext) -> VmError {
    match error {
        VMRunnerError::ContractCodeNotPresent => {
            let account_id = context.current_account_id.as_str().into();
            VmError::CompilationError(VmCompilationError::CodeDoesNotExist { account_id })
        }
        error => VmError::LoadingError {
            msg: format!("the virtual machine cannot go on: {error}"),
        },
    }
}

/// The code of an account, as near-vm-runner asks for it.
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

/// The error of a machine as the chain records it (SPEC.md §2.6).
pub fn chain_error(error: VmError) -> FunctionCallError {
    match error {
        VmError::CompilationError(error) => {
            FunctionCallError::CompilationError(compilation_error(error))
        }
        VmError::MethodResolveError(error) => FunctionCallError::MethodResolveError(match error {
            VmMethodError::MethodEmptyName => MethodResolveError::MethodEmptyName,
            VmMethodError::MethodNotFound => MethodResolveError::MethodNotFound,
            VmMethodError::MethodInvalidSignature => MethodResolveError::MethodInvalidSignature,
        }),
        VmError::LinkError { msg } => {
            FunctionCallError::ExecutionError(format!("Link Error: {msg}"))
        }
        error @ (VmError::HostError(_) | VmError::WasmTrap(_) | VmError::LoadingError { .. }) => {
            FunctionCallError::ExecutionError(error.to_string())
        }
    }
}

fn compilation_error(error: VmCompilationError) -> CompilationError {
    match error {
        VmCompilationError::CodeDoesNotExist { account_id } => CompilationError::CodeDoesNotExist {
            account_id: account_id
                .parse::<AccountId>()
                .expect("the machine names the account that it was given"),
        },
        VmCompilationError::PrepareError(error) => {
            CompilationError::PrepareError(prepare_error(error))
        }
        VmCompilationError::WasmerCompileError { msg }
        | VmCompilationError::WasmtimeCompileError { msg } => {
            CompilationError::WasmerCompileError { msg }
        }
    }
}

fn prepare_error(error: VmPrepareError) -> PrepareError {
    match error {
        VmPrepareError::Serialization => PrepareError::Serialization,
        VmPrepareError::Deserialization => PrepareError::Deserialization,
        VmPrepareError::InternalMemoryDeclared => PrepareError::InternalMemoryDeclared,
        VmPrepareError::GasInstrumentation => PrepareError::GasInstrumentation,
        VmPrepareError::StackHeightInstrumentation => PrepareError::StackHeightInstrumentation,
        VmPrepareError::Instantiate => PrepareError::Instantiate,
        VmPrepareError::Memory => PrepareError::Memory,
        VmPrepareError::TooManyFunctions => PrepareError::TooManyFunctions,
        VmPrepareError::TooManyLocals => PrepareError::TooManyLocals,
        VmPrepareError::TooManyTables => PrepareError::TooManyTables,
        VmPrepareError::TooManyTableElements => PrepareError::TooManyTableElements,
        VmPrepareError::FunctionBodyTooLarge => PrepareError::FunctionBodyTooLarge,
        VmPrepareError::InstrumentedCodeTooLarge => PrepareError::InstrumentedCodeTooLarge,
        VmPrepareError::TooManyBlocksPerFunction => PrepareError::TooManyBlocksPerFunction,
        VmPrepareError::TooManyBlocksPerContract => PrepareError::TooManyBlocksPerContract,
        VmPrepareError::TooManyTypes => PrepareError::TooManyTypes,
        VmPrepareError::TooManyParamsPerFunction => PrepareError::TooManyParamsPerFunction,
        VmPrepareError::TooManyParamsPerContract => PrepareError::TooManyParamsPerContract,
        VmPrepareError::OperandStackTooLarge => PrepareError::OperandStackTooLarge,
        VmPrepareError::TooManyGlobals => PrepareError::TooManyGlobals,
    }
}

/// The gas profile in the type that outcomes carry.
pub(crate) fn chain_profile(profile: near_vm_runner::ProfileDataV3) -> ProfileDataV3 {
    ProfileDataV3 {
        actions_profile: profile.actions_profile,
        wasm_ext_profile: profile.wasm_ext_profile,
        wasm_gas: profile.wasm_gas,
    }
}
