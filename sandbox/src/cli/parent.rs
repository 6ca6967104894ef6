//! Noticing that the parent process is gone, so that a test run that was killed leaves no sandbox
//! behind.
//!
//! The launcher replaces itself by the sandbox, so the parent is the test runner. Linux tells of its
//! end through a file descriptor that stands for the process. (The signal that Linux could send
//! instead comes when the *thread* ends that started the child, and test runners start theirs from
//! short-lived ones.) Elsewhere, one looks once a second.

#[cfg(unix)]
use std::os::unix::process::parent_id;
#[cfg(unix)]
use std::time::Duration;

/// The parent of this process. To be asked for at once: who has lost its parent is given another.
#[cfg(unix)]
pub fn current() -> u32 {
    parent_id()
}

/// Returns when `parent` has ended. Never, where that is the system itself.
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

/// Waits for the end of a process, in a thread that sleeps until then.
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
    // Before the handle was there, the process may have ended and another may have got its number.
    if parent_id() != process {
        return Ok(());
    }
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("parent".to_owned())
        .spawn(move || {
            let ended = poll(&mut [PollFd::new(&handle, PollFlags::IN)], None);
            // Nobody listens where the sandbox ends first.
            let _ = tell.send(ended);
        })?;
    match told.await {
        Ok(ended) => Ok(ended.map(|_| ())?),
        Err(_) => Err(invalid()),
    }
}

/// Elsewhere nobody tells who it is.
#[cfg(not(unix))]
pub fn current() -> u32 {
    0
}

/// Elsewhere the process ends when it is told to.
#[cfg(not(unix))]
pub async fn gone(_parent: u32) {
    std::future::pending().await
}
