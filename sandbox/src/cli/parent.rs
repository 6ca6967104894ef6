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

/// Returns when the process that was the parent at the time of the call has ended. Never, where there
/// was none but the system itself.
#[cfg(unix)]
pub async fn gone() {
    const INIT: u32 = 1;
    let parent = parent_id();
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
    let pid = i32::try_from(process).ok().and_then(Pid::from_raw).ok_or_else(invalid)?;
    let handle = pidfd_open(pid, PidfdFlags::empty())?;
    // Before the handle was there, the process may have ended and another may have got its number.
    if parent_id() != process {
        return Ok(());
    }
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("parent".to_owned()).spawn(move || {
        let ended = poll(&mut [PollFd::new(&handle, PollFlags::IN)], None);
        // Nobody listens where the sandbox ends first.
        let _ = tell.send(ended);
    })?;
    match told.await {
        Ok(ended) => Ok(ended.map(|_| ())?),
        Err(_) => Err(invalid()),
    }
}

/// Elsewhere nobody tells: the process ends when it is told to.
#[cfg(not(unix))]
pub async fn gone() {
    std::future::pending().await
}
