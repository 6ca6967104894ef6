//! Conversions from the types of near-vm-runner to those of near-primitives (`SPEC.md` §2.6).

use near_primitives::account::id::AccountId;
use near_primitives::errors::{
    CompilationError, FunctionCallError, MethodResolveError, PrepareError,
};
use near_primitives::profile_data_v3::ProfileDataV3;
use near_vm_runner::logic::errors::{
    CompilationError as VmCompilationError, FunctionCallError as VmError,
    MethodResolveError as VmMethodError, PrepareError as VmPrepareError,
};

/// Converts an error of the virtual machine into the error that outcomes carry.
pub fn function_call_error(error: VmError) -> FunctionCallError {
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
                .expect("the machine reports the account that it was given"),
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

/// Converts a gas profile into the type that outcomes carry.
pub(crate) fn gas_profile(profile: near_vm_runner::ProfileDataV3) -> ProfileDataV3 {
    ProfileDataV3 {
        actions_profile: profile.actions_profile,
        wasm_ext_profile: profile.wasm_ext_profile,
        wasm_gas: profile.wasm_gas,
    }
}
