use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use xgateway_transport::Transport;

use crate::Violation;

/// The longest time that a duty may take. An adapter that hangs fails.
const TIME_MAX: Duration = Duration::from_secs(30);

type Checking<'a> = Pin<Box<dyn Future<Output = Result<(), Violation>> + Send + 'a>>;

/// A promise of an adapter, and the test of it.
#[derive(Clone, Copy)]
pub struct Duty {
    pub(crate) name: &'static str,
    pub(crate) check: for<'a> fn(&'a dyn Transport) -> Checking<'a>,
}

impl Duty {
    /// The name of the test.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Tests `transport`. Needs a tokio runtime with I/O and time enabled.
    ///
    /// # Errors
    ///
    /// [`Violation`] if `transport` broke the duty, or did not end in 30 s.
    pub async fn check(&self, transport: &dyn Transport) -> Result<(), Violation> {
        within_time((self.check)(transport)).await
    }
}

/// Runs one duty for a test of a macro.
///
/// # Errors
///
/// What `check` says, or that it did not end.
pub fn run<F>(check: impl FnOnce() -> F) -> Result<(), Violation>
where
    F: Future<Output = Result<(), Violation>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|err| Violation::new(format!("no runtime for the test: {err}")))?;
    // Some libraries must be set up inside the runtime, so `check` is called there.
    runtime.block_on(async { within_time(check()).await })
}

async fn within_time(check: impl Future<Output = Result<(), Violation>>) -> Result<(), Violation> {
    tokio::time::timeout(TIME_MAX, check)
        .await
        .unwrap_or_else(|_| Err(Violation::new(format!("did not end within {TIME_MAX:?}"))))
}

impl fmt::Debug for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Duty({})", self.name)
    }
}
