//! Tests that need the whole machine run one after the other.
//!
//! A sandbox answers a client that waits with a timeout after 10 seconds. Several of these tests at once can take longer.

use tokio::sync::{Mutex, MutexGuard};

static RUNNING: Mutex<()> = Mutex::const_new(());

/// Waits until no other heavy test runs. The test is alone until it drops the guard.
pub async fn alone() -> MutexGuard<'static, ()> {
    RUNNING.lock().await
}

/// Waits like [`alone`], in a test that is not async.
pub fn alone_blocking() -> MutexGuard<'static, ()> {
    RUNNING.blocking_lock()
}
