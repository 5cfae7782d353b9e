//! Questions whose answers are not shown.

use std::io;

use xgateway::core::secret::PersonalText;

use crate::failure::Failure;
use crate::signals;

/// Asks at the terminal, which shows nothing of what is typed.
///
/// Must not be called within a runtime. Whoever presses Ctrl-C gets back a terminal that shows again what is typed.
pub(crate) fn hidden(question: &str) -> Result<PersonalText, Failure> {
    ask(question).map_err(|error| {
        let was_stopped = error.kind() == io::ErrorKind::Interrupted;
        let hint = was_stopped.then(|| "you stopped it; nothing was sent".to_owned());
        Failure::System {
            action: "ask at the terminal".to_owned(),
            hint,
            source: error.into(),
        }
    })
}

fn ask(question: &str) -> io::Result<PersonalText> {
    let terminal = Terminal::keep();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let question = question.to_owned();
    let answer = runtime.block_on(async {
        let stop = signals::stop()?;
        let asking = tokio::task::spawn_blocking(|| {
            rpassword::prompt_password(question).map(PersonalText::from)
        });
        tokio::select! {
            answer = asking => answer.map_err(io::Error::other)?,
            // The thread may have seen it first, and has failed with the same.
            () = stop => Err(io::ErrorKind::Interrupted.into()),
        }
    });
    // The thread that reads still waits for a line, and nobody for it.
    runtime.shutdown_background();
    if answer.is_err() {
        terminal.restore();
    }
    answer
}

/// How the terminal was before the question.
#[cfg(unix)]
struct Terminal(Option<(std::fs::File, rustix::termios::Termios)>);

#[cfg(unix)]
impl Terminal {
    fn keep() -> Self {
        let terminal = std::fs::File::open("/dev/tty").ok();
        Self(terminal.and_then(|terminal| {
            let mode = rustix::termios::tcgetattr(&terminal).ok()?;
            Some((terminal, mode))
        }))
    }

    fn restore(self) {
        if let Some((terminal, mode)) = self.0 {
            let now = rustix::termios::OptionalActions::Now;
            // A terminal that is gone shows nothing anyway.
            let _ = rustix::termios::tcsetattr(&terminal, now, &mode);
            anstream::eprintln!();
        }
    }
}

#[cfg(not(unix))]
struct Terminal;

#[cfg(not(unix))]
impl Terminal {
    fn keep() -> Self {
        Self
    }

    fn restore(self) {}
}
