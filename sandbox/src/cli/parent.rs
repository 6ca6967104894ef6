//! The end of the parent process: a test run that was killed leaves no sandbox behind.
//!
//! The launcher replaces itself by the sandbox, so the parent is the test runner. On Linux, a file
//! descriptor of the process reports its end. (Linux can also send a signal, but that comes when the
//! *thread* ends that has started the child, and test runners use short-lived threads.) On other
//! systems, the parent is checked once a second.

#[cfg(unix)]
use std::os::unix::process::parent_id;
#[cfg(unix)]
use std::time::Duration;

/// Returns the parent of this process. It must be called at once: a process whose parent has ended gets
/// another parent.
#[cfg(unix)]
pub fn current() -> u32 {
    parent_id()
}

/// Returns when `parent` has ended, and never if the parent is the init process.
#[cfg(unix)]
pub async fn gone(parent: u32) {
    const INIT: u32 = 1;
    if parent == INIT {
        return std::future::pending().await;
    }
    #[cfg(target_os = "linux")]
    if ended(parent).await.is_ok() {
        return;
    }
    while parent_id() == parent {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Waits for the end of a process, on a thread that sleeps until then.
#[cfg(target_os = "linux")]
async fn ended(process: u32) -> std::io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    let invalid = || std::io::Error::from(std::io::ErrorKind::InvalidInput);
    let pid = i32::try_from(process)
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(invalid)?;
    let handle = pidfd_open(pid, PidfdFlags::empty())?;
    // The process may have ended before the handle existed, and another one may have its number.
    if parent_id() != process {
        return Ok(());
    }
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("parent".to_owned())
        .spawn(move || {
            let ended = poll(&mut [PollFd::new(&handle, PollFlags::IN)], None);
            // The receiver is gone if the sandbox ends first.
            let _ = sender.send(ended);
        })?;
    match receiver.await {
        Ok(ended) => Ok(ended.map(|_| ())?),
        Err(_) => Err(invalid()),
    }
}

/// Returns no parent: other systems do not report one.
#[cfg(not(unix))]
pub fn current() -> u32 {
    0
}

/// Never returns: on other systems the process ends by a signal.
#[cfg(not(unix))]
pub async fn gone(_parent: u32) {
    std::future::pending().await
}
