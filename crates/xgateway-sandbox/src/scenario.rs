//! Stories with a bad network, a bad bank or a bad day, that must end with no money doubled or lost.
//!
//! A scenario is a YAML file: see `docs/guides/sandbox.md` for the format. It plays the customer, the gateway and the
//! network; the merchant is whoever implements [`Merchant`].

mod file;
mod play;

pub use play::{Merchant, ScenarioOutcome, ScenarioReport};

use file::File;

/// A story to play.
///
/// ```
/// use xgateway_sandbox::Scenario;
///
/// let scenario = Scenario::named("lost_answer").expect("it is shipped");
/// assert!(scenario.summary().contains("answer"));
/// let error = Scenario::parse("name: x\nsumary: y\n").unwrap_err();
/// assert!(error.to_string().contains("unknown field `sumary`"));
/// assert!(error.to_string().contains("line 2"));
/// ```
#[derive(Clone, Debug)]
pub struct Scenario(File);

/// Why a text is no scenario, with the place.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ScenarioError(String);

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../scenarios/", $name, ".yaml")))),+]
    };
}

/// Those that come with the sandbox, by name.
const SHIPPED: &[(&str, &str)] = shipped![
    "callback_storm",
    "callbacks_lost",
    "double_click",
    "expired_invoice",
    "failed_then_confirmed",
    "gateway_down",
    "key_expiry",
    "key_rotation",
    "kyc_reversed",
    "lost_answer",
    "lost_request",
    "mangled_answers",
    "reordered_callbacks",
    "slow_bank",
    "tab_closed",
];

impl Scenario {
    /// The names of those that are shipped.
    pub fn shipped() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// The one of this name, if it is shipped.
    pub fn named(name: &str) -> Option<Self> {
        let (_, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
        Some(Self::parse(text).expect("a test reads all that are shipped"))
    }

    /// Reads a scenario.
    ///
    /// # Errors
    ///
    /// [`ScenarioError`], with line and column: also for a field that nobody knows.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let file: File =
            serde_yaml_ng::from_str(text).map_err(|error| ScenarioError(error.to_string()))?;
        file.check().map_err(ScenarioError)?;
        Ok(Self(file))
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What happens in it, in a sentence.
    pub fn summary(&self) -> &str {
        &self.0.summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_are_shipped_can_be_read_and_are_called_like_their_files() {
        for (name, text) in SHIPPED {
            let scenario = Scenario::parse(text).unwrap();
            assert_eq!(scenario.name(), *name);
            assert!(scenario.summary().ends_with('.'), "{name}");
        }
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")).unwrap();
        assert_eq!(files.count(), SHIPPED.len());
    }

    #[test]
    fn what_cannot_be_played_is_refused_with_its_place() {
        let head = "name: x\nsummary: y\n";
        for (text, said) in [
            ("steps:\n  - dance: 1\n", "unknown field `dance`"),
            (
                "steps:\n  - deposit: {order: a, card: nothing}\nexpect: [{order: a, paid: true}]\n",
                "steps[0]: there is no test card `nothing`",
            ),
            (
                "steps:\n  - {pass: 1, sweep: true}\nexpect: [{order: a, paid: true}]\n",
                "steps[0]: has not exactly one thing to do",
            ),
            (
                "steps:\n  - {}\nexpect: [{order: a, paid: true}]\n",
                "steps[0]: has not exactly one thing to do",
            ),
            (
                "steps:\n  - fault: {at: connect, do: drip}\n",
                "drip does not happen at connect",
            ),
            ("steps: []\nexpect: []\n", "expect: nothing is expected"),
            (
                "steps: []\nexpect: [{order: a}]\n",
                "missing field `paid` at line 4",
            ),
            (
                "steps: []\nexpect: [{paid: true}]\n",
                "expect[0]: names not exactly one order or payment",
            ),
            (
                "steps:\n  - bank_payment: {payment: p, customer: c, amount: much}\nexpect: [{payment: p, paid: true}]\n",
                "steps[0]: `much` is no amount",
            ),
            (
                "steps: []\nexpect: [{payment: p, paid: true}]\n",
                "expect[0]: no step makes the payment `p`",
            ),
        ] {
            let error = Scenario::parse(&format!("{head}{text}")).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
    }
}
