//! A chore made of steps: says what runs, how long it took and what could not run.

use std::time::{Duration, Instant};

use crate::console;
use crate::environment;
use crate::failure::Failure;

/// The steps so far.
pub(crate) struct Steps {
    missing_tool_fails: bool,
    done: Vec<(&'static str, Duration)>,
    not_run: Vec<(&'static str, String)>,
}

impl Steps {
    /// On a build server a step that cannot run is a failure; elsewhere it is listed at the end.
    pub(crate) fn new() -> Self {
        Self::with(environment::is_build_server())
    }

    fn with(missing_tool_fails: bool) -> Self {
        Self {
            missing_tool_fails,
            done: Vec::new(),
            not_run: Vec::new(),
        }
    }

    /// Runs one step.
    ///
    /// # Errors
    ///
    /// The step's own; [`Failure::NotRun`] only on a build server.
    pub(crate) fn run(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        console::heading(name);
        let start = now();
        let result = step();
        if let Err(Failure::NotRun { reason } | Failure::OutOfReach { reason }) = &result {
            console::problem(&format!("{name} NOT RUN: {reason}"));
        }
        self.note(name, now().duration_since(start), result)
    }

    /// Says what ran and what did not.
    pub(crate) fn finish(self, chore: &str) {
        console::heading(&format!("{chore}: time"));
        for line in self.summary(chore) {
            console::say(&line);
        }
    }

    fn note(
        &mut self,
        name: &'static str,
        time: Duration,
        result: Result<(), Failure>,
    ) -> Result<(), Failure> {
        match result {
            Ok(()) => self.done.push((name, time)),
            Err(Failure::OutOfReach { reason }) => self.not_run.push((name, reason)),
            Err(Failure::NotRun { reason }) if !self.missing_tool_fails => {
                self.not_run.push((name, reason));
            }
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    fn summary(&self, chore: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for (name, time) in &self.done {
            lines.push(format!("{:>6}s  {name}", time.as_secs()));
        }
        for (name, reason) in &self.not_run {
            lines.push(format!("NOT RUN  {name}: {reason}"));
        }
        let passed = self.done.len();
        lines.push(match self.not_run.len() {
            0 => format!("{chore}: all {passed} steps passed"),
            missing => format!("{chore}: {passed} steps passed, {missing} NOT RUN"),
        });
        lines
    }
}

/// Now, to tell people how long they waited.
#[expect(
    clippy::disallowed_methods,
    reason = "only printed: no behaviour depends on it"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing() -> Result<(), Failure> {
        Err(Failure::NotRun {
            reason: "no such tool".to_owned(),
        })
    }

    fn out_of_reach() -> Result<(), Failure> {
        Err(Failure::OutOfReach {
            reason: "no network".to_owned(),
        })
    }

    #[test]
    fn a_missing_tool_is_listed_on_a_desk() {
        let mut steps = Steps::with(false);
        steps
            .note("there", Duration::from_secs(12), Ok(()))
            .unwrap();
        steps.note("gone", Duration::ZERO, missing()).unwrap();
        assert_eq!(
            steps.summary("lint"),
            [
                "    12s  there",
                "NOT RUN  gone: no such tool",
                "lint: 1 steps passed, 1 NOT RUN",
            ]
        );
    }

    #[test]
    fn a_missing_tool_fails_on_a_build_server() {
        let mut steps = Steps::with(true);
        let failure = steps.note("gone", Duration::ZERO, missing()).unwrap_err();
        assert_eq!(failure.to_string(), "not run: no such tool");
        assert_eq!(failure.exit_code(), 3);
    }

    #[test]
    fn what_is_out_of_reach_is_listed_everywhere() {
        let mut steps = Steps::with(true);
        steps.note("far", Duration::ZERO, out_of_reach()).unwrap();
        assert_eq!(
            steps.summary("lint"),
            [
                "NOT RUN  far: no network",
                "lint: 0 steps passed, 1 NOT RUN",
            ]
        );
    }

    #[test]
    fn a_step_that_fails_stops_the_chore() {
        let mut steps = Steps::with(false);
        let failed = Err(Failure::Layers { count: 1 });
        assert!(steps.note("layers", Duration::ZERO, failed).is_err());
    }
}
