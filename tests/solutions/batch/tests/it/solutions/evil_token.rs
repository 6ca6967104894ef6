//! A token that keeps its deposits and returns promises that fail.
//!
//! A caller that takes this for a failure of the token pays back a deposit that the token has kept.
//! The wasm is written by hand, because a new account has to behave like this in its first call.

/// The wasm: `new`, `storage_deposit` and `ft_transfer` return the promise of a call to `nobody`,
/// an account that does not exist. `storage_balance_of` returns that nobody is registered.
pub const WASM: &[&[u8]] = &[
    b"\0asm\x01\0\0\0",
    // Functions: eight numbers to one, one number to none, two to none, none to none.
    b"\x01\x19\x04`\x08~~~~~~~~\x01~`\x01~\0`\x02~~\0`\0\0",
    // Imported: `promise_create`, `promise_return`, `value_return`.
    b"\x02>\x03\x03env\x0epromise_create\0\0\x03env\x0epromise_return\0\x01\x03env\x0cvalue_return\0\x02",
    // Two functions, both without arguments.
    b"\x03\x03\x02\x03\x03",
    // A page of memory.
    b"\x05\x03\x01\0\x01",
    // Exported: three methods that are the first function, and `storage_balance_of`, the second.
    b"\x07<\x04\x03new\0\x03\x0fstorage_deposit\0\x03\x0bft_transfer\0\x03\x12storage_balance_of\0\x04",
    // The first returns the promise of a call to `nobody`. The second returns `null`.
    b"\x0a!\x02\x16\0B\x06B\0B\x06B\0B\0B\0B\x10B\x01\x10\0\x10\x01\x0b\x08\0B\x04B\x08\x10\x02\x0b",
    // What the memory holds: `nobody` and `null`.
    b"\x0b\x12\x01\0A\0\x0b\x0cnobody\0\0null",
];
