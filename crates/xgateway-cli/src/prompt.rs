//! Questions at the terminal.

use std::io::{self, Write as _};

use xgateway::core::secret::PersonalText;

use crate::failure::Failure;
use crate::signals;

/// Asks at the terminal, which shows nothing of what is typed.
///
/// Whoever presses Ctrl-C gets back a terminal that shows again what is typed.
pub(crate) fn hidden(question: &str) -> Result<PersonalText, Failure> {
    ask(question, |question| {
        rpassword::prompt_password(question).map(PersonalText::from)
    })
}

/// The same, but the terminal shows what is typed.
pub(crate) fn shown(question: &str) -> Result<PersonalText, Failure> {
    ask(question, |question| {
        io::stderr().write_all(question.as_bytes())?;
        // A text that grows leaves copies behind.
        let mut line = String::with_capacity(256);
        let bytes = io::stdin().read_line(&mut line)?;
        let line = PersonalText::from(line);
        if bytes == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(PersonalText::from(line.expose().trim()))
    })
}

fn ask(
    question: &str,
    read: impl FnOnce(String) -> io::Result<PersonalText> + Send + 'static,
) -> Result<PersonalText, Failure> {
    read_or_stop(question, read).map_err(|error| {
        let was_stopped = error.kind() == io::ErrorKind::Interrupted;
        let failure = Failure::System {
            action: "ask at the terminal".to_owned(),
            hint: was_stopped.then(|| "you stopped it".to_owned()),
            source: error.into(),
        };
        failure.before_sending()
    })
}

fn read_or_stop(
    question: &str,
    read: impl FnOnce(String) -> io::Result<PersonalText> + Send + 'static,
) -> io::Result<PersonalText> {
    let terminal = Terminal::keep();
    let question = question.to_owned();
    // On a thread of its own: who asks may be within a runtime, where no other one can be waited for.
    let answer = std::thread::scope(|scope| {
        let asking = scope.spawn(|| read_on_this_thread(question, read));
        asking.join()
    });
    let answer = answer.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    if answer.is_err() {
        terminal.restore();
    }
    answer
}

/// Must not be called within a runtime.
fn read_on_this_thread(
    question: String,
    read: impl FnOnce(String) -> io::Result<PersonalText> + Send + 'static,
) -> io::Result<PersonalText> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let answer = runtime.block_on(async {
        let stop = signals::stop()?;
        let asking = tokio::task::spawn_blocking(|| read(question));
        tokio::select! {
            answer = asking => answer.map_err(io::Error::other)?,
            // The thread may have seen it first, and has failed with the same.
            () = stop => Err(io::ErrorKind::Interrupted.into()),
        }
    });
    // The thread that reads still waits for a line, and nobody for it.
    runtime.shutdown_background();
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
