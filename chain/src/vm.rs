//! Contracts: the virtual machine that runs them, and the parts of the chain that they can reach.

mod cache;
mod conversions;
mod external;
mod machine;
mod promises;

pub use self::conversions::function_call_error;
pub(crate) use self::conversions::gas_profile;
pub(crate) use self::external::RuntimeExt;
pub use self::machine::Vm;
pub(crate) use self::promises::{NewPromise, PromiseOutput};
