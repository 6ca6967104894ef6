//! The errors of function calls.

use near_primitives::errors::{
    CompilationError, FunctionCallError, HostError, MethodResolveError, PrepareError, WasmTrap,
};

/// Describes the error of a function call.
pub fn function_call_error(error: &FunctionCallError) -> String {
    match error {
        FunctionCallError::CompilationError(error) => compilation(error),
        FunctionCallError::LinkError { msg } => {
            format!("The contract can't be linked: {msg}")
        }
        FunctionCallError::MethodResolveError(error) => match error {
            MethodResolveError::MethodEmptyName => "The call names no method".to_owned(),
            MethodResolveError::MethodNotFound => {
                "The contract has no such method (MethodNotFound)".to_owned()
            }
            MethodResolveError::MethodInvalidSignature => {
                "The contract exports the method with arguments or results, and a method has none"
                    .to_owned()
            }
        },
        FunctionCallError::WasmTrap(trap) => format!("WebAssembly trap: {}", wasm_trap(trap)),
        FunctionCallError::WasmUnknownError => "Unknown error in WebAssembly".to_owned(),
        FunctionCallError::HostError(error) => host(error),
        FunctionCallError::_EVMError => "An error of the EVM".to_owned(),
        // This is already a text.
        FunctionCallError::ExecutionError(message) => message.clone(),
    }
}

/// Describes the error of loading or compiling the code of a contract.
fn compilation(error: &CompilationError) -> String {
    match error {
        CompilationError::CodeDoesNotExist { account_id } => {
            format!("Account {account_id} has no contract (CodeDoesNotExist)")
        }
        CompilationError::PrepareError(error) => {
            format!("The code of the contract is not valid: {}", prepare(error))
        }
        CompilationError::WasmerCompileError { msg } => {
            format!("The code of the contract can't be compiled: {msg}")
        }
    }
}

/// Describes the reason for which the code of a contract is not valid.
fn prepare(error: &PrepareError) -> &'static str {
    match error {
        PrepareError::Serialization => "it can't be written",
        PrepareError::Deserialization => "it can't be read",
        PrepareError::InternalMemoryDeclared => "it declares a memory of its own",
        PrepareError::GasInstrumentation => "its gas can't be metered",
        PrepareError::StackHeightInstrumentation => "its stack can't be metered",
        PrepareError::Instantiate => "it can't be instantiated",
        PrepareError::Memory => "its memory can't be created",
        PrepareError::TooManyFunctions => "it has too many functions",
        PrepareError::TooManyLocals => "it has too many locals",
        PrepareError::TooManyTables => "it has too many tables",
        PrepareError::TooManyTableElements => "it has too many table elements",
        PrepareError::FunctionBodyTooLarge => "one of its functions is too large",
        PrepareError::InstrumentedCodeTooLarge => "it is too large once it is metered",
        PrepareError::TooManyBlocksPerFunction => "one of its functions has too many blocks",
        PrepareError::TooManyBlocksPerContract => "it has too many blocks",
        PrepareError::TooManyTypes => "it has too many types",
        PrepareError::TooManyParamsPerFunction => "one of its functions has too many parameters",
        PrepareError::TooManyParamsPerContract => "it has too many parameters",
        PrepareError::OperandStackTooLarge => "one of its functions needs too large a stack",
        PrepareError::TooManyGlobals => "it has too many globals",
    }
}

/// Describes a WebAssembly trap.
fn wasm_trap(trap: &WasmTrap) -> &'static str {
    match trap {
        WasmTrap::Unreachable => "an `unreachable` opcode was executed",
        WasmTrap::IncorrectCallIndirectSignature => "an indirect call with a wrong signature",
        WasmTrap::MemoryOutOfBounds => "an access outside the memory",
        WasmTrap::CallIndirectOOB => "an indirect call outside the table",
        WasmTrap::IllegalArithmetic => "an arithmetic exception, as a division by zero",
        WasmTrap::MisalignedAtomicAccess => "a misaligned atomic access",
        WasmTrap::IndirectCallToNull => "an indirect call to nothing",
        WasmTrap::StackOverflow => "the stack overflowed",
        WasmTrap::GenericTrap => "the contract stopped",
    }
}

/// Describes the error of a host function. Only old blocks have this form. Newer ones have a text.
fn host(error: &HostError) -> String {
    match error {
        HostError::BadUTF16 => "A text is not valid UTF-16".to_owned(),
        HostError::BadUTF8 => "A text is not valid UTF-8".to_owned(),
        HostError::GasExceeded => "Exceeded the prepaid gas".to_owned(),
        HostError::GasLimitExceeded => {
            "Exceeded the maximum amount of gas allowed to burn per contract".to_owned()
        }
        HostError::BalanceExceeded => "Exceeded the account balance".to_owned(),
        HostError::EmptyMethodName => "Tried to call a method without a name".to_owned(),
        HostError::GuestPanic { panic_msg } => format!("Smart contract panicked: {panic_msg}"),
        HostError::IntegerOverflow => "Integer overflow".to_owned(),
        HostError::InvalidPromiseIndex { promise_idx } => {
            format!("There is no promise {promise_idx}")
        }
        HostError::CannotAppendActionToJointPromise => {
            "Actions can only be appended to a promise that is not joint".to_owned()
        }
        HostError::CannotReturnJointPromise => "A joint promise can't be returned".to_owned(),
        HostError::InvalidPromiseResultIndex { result_idx } => {
            format!("There is no promise result {result_idx}")
        }
        HostError::InvalidRegisterId { register_id } => {
            format!("There is no register {register_id}")
        }
        HostError::IteratorWasInvalidated { iterator_index } => {
            format!("Iterator {iterator_index} was invalidated by a change of the state")
        }
        HostError::MemoryAccessViolation => "Accessed memory outside the bounds".to_owned(),
        HostError::InvalidReceiptIndex { receipt_index } => {
            format!("There is no receipt {receipt_index}")
        }
        HostError::InvalidIteratorIndex { iterator_index } => {
            format!("There is no iterator {iterator_index}")
        }
        HostError::InvalidAccountId => "An account id is not valid".to_owned(),
        HostError::InvalidMethodName => "A method name is not valid".to_owned(),
        HostError::InvalidPublicKey => "A public key is not valid".to_owned(),
        HostError::ProhibitedInView { method_name } => {
            format!("{method_name} is not allowed in view calls")
        }
        HostError::NumberOfLogsExceeded { limit } => format!("More than {limit} logs"),
        HostError::KeyLengthExceeded { length, limit } => {
            format!("A storage key has {length} bytes; the limit is {limit}")
        }
        HostError::ValueLengthExceeded { length, limit } => {
            format!("A storage value has {length} bytes; the limit is {limit}")
        }
        HostError::TotalLogLengthExceeded { length, limit } => {
            format!("The logs have {length} bytes; the limit is {limit}")
        }
        HostError::NumberPromisesExceeded {
            number_of_promises,
            limit,
        } => format!("{number_of_promises} promises in a call; the limit is {limit}"),
        HostError::NumberInputDataDependenciesExceeded {
            number_of_input_data_dependencies,
            limit,
        } => format!(
            "A callback waits for {number_of_input_data_dependencies} results; the limit is {limit}"
        ),
        HostError::ReturnedValueLengthExceeded { length, limit } => {
            format!("The result has {length} bytes; the limit is {limit}")
        }
        HostError::ContractSizeExceeded { size, limit } => {
            format!("The code to deploy has {size} bytes; the limit is {limit}")
        }
        HostError::Deprecated { method_name } => {
            format!("The host function {method_name} is no longer there")
        }
        HostError::ECRecoverError { msg } => format!("ECDSA recovery: {msg}"),
        HostError::AltBn128InvalidInput { msg } => format!("Invalid input to alt_bn128: {msg}"),
        HostError::Ed25519VerifyInvalidInput { msg } => {
            format!("Invalid input to the ed25519 verification: {msg}")
        }
        HostError::P256VerifyInvalidInput { msg } => {
            format!("Invalid input to the P-256 verification: {msg}")
        }
        HostError::MlDsaVerifyInvalidInput { msg } => {
            format!("Invalid input to the ML-DSA verification: {msg}")
        }
    }
}
