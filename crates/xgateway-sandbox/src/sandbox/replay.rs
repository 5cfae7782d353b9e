//! What is said when a test fails: the same seed and test meet the same world again.

use std::io::Write as _;
use std::sync::PoisonError;
use std::{io, thread};

use super::Shared;

/// Says it when the last handle goes while its thread fails. Fork or not, each world says it for itself.
impl Drop for Shared {
    fn drop(&mut self) {
        if !thread::panicking() {
            return;
        }
        let world = self.world.get_mut().unwrap_or_else(PoisonError::into_inner);
        let (seed, events) = (world.config().seed, world.events().last());
        let words = words(seed, events, thread::current().name());
        // Nothing is left to be done if stderr is gone.
        let _ = writeln!(io::stderr(), "{words}");
    }
}

fn words(seed: u64, events: u64, test: Option<&str>) -> String {
    let again = match test {
        // The test runner names a test's thread like the test.
        Some(test) if test != "main" => format!("; again: cargo test -- --exact '{test}'"),
        _ => String::new(),
    };
    format!("xgateway-sandbox: seed {seed}, {events} events{again}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_the_seed_and_the_test() {
        assert_eq!(
            words(7, 42, Some("shop::pays")),
            "xgateway-sandbox: seed 7, 42 events; again: cargo test -- --exact 'shop::pays'"
        );
        assert_eq!(
            words(7, 0, Some("main")),
            "xgateway-sandbox: seed 7, 0 events"
        );
        assert_eq!(words(7, 0, None), "xgateway-sandbox: seed 7, 0 events");
    }
}
