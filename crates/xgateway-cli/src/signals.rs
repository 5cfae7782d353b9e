//! How others tell us to stop: Ctrl-C, and SIGTERM where there are signals.

use std::future::Future;
use std::io;

/// What a shell says of a program that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// Ready when somebody wants us to stop. Whoever says so a second time does not want to wait: the program ends at once.
#[cfg(unix)]
pub(crate) fn stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tokio::spawn(async move {
            interrupt.recv().await;
            end_at_once();
        });
    })
}

/// Ready when somebody wants us to stop. Whoever says so a second time does not want to wait: the program ends at once.
#[cfg(not(unix))]
pub(crate) fn stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without signals there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                end_at_once();
            }
        });
    })
}

/// Ends the program, as the shell expects of one that was stopped.
#[expect(
    clippy::exit,
    reason = "somebody has asked twice, and what hangs cannot be waited for"
)]
pub(crate) fn end_at_once() -> ! {
    std::process::exit(INTERRUPTED)
}
