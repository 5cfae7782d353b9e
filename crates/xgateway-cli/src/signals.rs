//! How others tell us to stop: Ctrl-C, and SIGTERM where there are signals.
//!
//! From the first call of [`stop`] on, a thread of its own listens until the process ends: whoever asked at the terminal
//! before, and what is then done, are stopped alike, and a main thread that hangs keeps nobody from saying it twice.

use std::future::Future;
use std::io;
use std::sync::OnceLock;

use tokio::runtime::Runtime;
use tokio::sync::watch;

/// What a shell says of a program that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// Whether somebody wants us to stop.
static STOPPED: OnceLock<watch::Receiver<bool>> = OnceLock::new();

/// Ready when somebody wants us to stop, or has wanted it since this was first called. Whoever says so a second time does
/// not want to wait: the program ends at once.
pub(crate) fn stop() -> io::Result<impl Future<Output = ()>> {
    let mut stopped = if let Some(stopped) = STOPPED.get() {
        stopped.clone()
    } else {
        // Two at once would listen both, and either tells.
        let stopped = listen()?;
        STOPPED.get_or_init(|| stopped).clone()
    };
    Ok(async move {
        if stopped.wait_for(|is_stopped| *is_stopped).await.is_err() {
            // Nobody listens any more, so that nothing comes.
            std::future::pending::<()>().await;
        }
    })
}

fn listen() -> io::Result<watch::Receiver<bool>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let mut signals = Signals::new(&runtime)?;
    let (stopping, stopped) = watch::channel(false);
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            runtime.block_on(async {
                signals.first().await;
                stopping.send_replace(true);
                signals.interrupt().await;
                end_at_once();
            });
        })?;
    Ok(stopped)
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new(runtime: &Runtime) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        let _guard = runtime.enter();
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn first(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    async fn interrupt(&mut self) {
        self.interrupt.recv().await;
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new(_: &Runtime) -> io::Result<Self> {
        Ok(Self)
    }

    async fn first(&mut self) {
        self.interrupt().await;
    }

    async fn interrupt(&mut self) {
        // Without signals there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Ends the program, as the shell expects of one that was stopped.
#[expect(
    clippy::exit,
    reason = "somebody has asked twice, and what hangs cannot be waited for"
)]
pub(crate) fn end_at_once() -> ! {
    std::process::exit(INTERRUPTED)
}
