//! Stories with a bad network, a bad bank or a bad day, that must end with no money doubled or lost.
//!
//! A scenario is a YAML file: see `docs/guides/sandbox.md` for the format. It plays the customer, the gateway and the
//! network; the merchant is whoever implements [`Merchant`].

mod check;
mod file;
mod play;
mod report;
mod told;

pub use play::Merchant;
pub use report::{ScenarioOutcome, ScenarioReport, ScenarioStep, ScenarioVerdict};

use file::File;
use xgateway_core::secret::scrub;

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

/// Why a text is no scenario, with the place. What could be a card number is masked in it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ScenarioError(String);

impl ScenarioError {
    fn new(problem: impl AsRef<str>) -> Self {
        Self(scrub(problem.as_ref()).into_owned())
    }
}

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../scenarios/", $name, ".yaml")))),+]
    };
}

/// Those that come with the sandbox, by name.
const SHIPPED: &[(&str, &str)] = shipped![
    "callback_storm",
    "callbacks_lost",
    "decoding_proxy",
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
    /// [`ScenarioError`], with the place: also for a field that nobody knows, an order that no step deposits, and a text
    /// in which a card number could hide.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        check::size(text).map_err(ScenarioError::new)?;
        check::card_number(text).map_err(ScenarioError::new)?;
        let file: File =
            serde_yaml_ng::from_str(text).map_err(|error| ScenarioError::new(error.to_string()))?;
        file.check().map_err(ScenarioError::new)?;
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
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::Index;

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

    proptest! {
        /// What can be read can also be played, so only reading is tried.
        #[test]
        fn no_text_panics(
            which in any::<Index>(),
            changes in vec((any::<Index>(), 0..3_u8, "[\\PC\n]{0,6}"), 0..5),
            noise in "[\\PC\n:{}\\[\\]&*!|>'\"-]{0,80}",
        ) {
            let _ = Scenario::parse(&noise);
            let mut text: Vec<char> = SHIPPED[which.index(SHIPPED.len())].1.chars().collect();
            for (at, kind, new) in changes {
                let at = at.index(text.len());
                let end = text.len().min(at + usize::from(kind) * 7);
                text.splice(at..end, new.chars());
            }
            if let Ok(scenario) = Scenario::parse(&text.into_iter().collect::<String>()) {
                prop_assert!(!scenario.name().is_empty());
            }
        }

        #[test]
        fn no_fault_rule_panics(text in "[a-z_.:,=0-9%/ ]{0,60}|\\PC{0,40}") {
            let _ = crate::FaultRule::parse(&text);
        }
    }

    #[test]
    fn what_would_take_for_ever_to_read_is_not_read() {
        let deep = |mark: &str, count| mark.repeat(count);
        for text in [
            &deep("[", 60_000),
            &deep("{a: ", 15_000),
            &deep("- ", 30_000),
            &format!("steps:\n{}", deep("? ", 30_000)),
        ] {
            let error = Scenario::parse(text).unwrap_err().to_string();
            assert!(error.contains("too deep"), "{error}");
        }
        let error = Scenario::parse(&deep(" ", 70_000)).unwrap_err().to_string();
        assert!(error.contains("at most 65536 bytes"), "{error}");
    }

    #[test]
    fn what_cannot_be_played_is_refused_with_its_place() {
        let head = "name: x\nsummary: y\n";
        let deposit = "deposit: {order: a, card: three_ds}";
        let expect = "expect: [{order: a, paid: true}]";
        for (text, said) in [
            ("steps:\n  - dance: 1\n", "unknown field `dance`"),
            (
                &format!("steps:\n  - deposit: {{order: a, card: nothing}}\n{expect}"),
                "steps[0]: there is no test card `nothing`",
            ),
            (
                &format!("steps:\n  - deposit: {{order: '', card: three_ds}}\n{expect}"),
                "steps[0]: order: ",
            ),
            (
                &format!("steps:\n  - {{pass: 1, sweep: true}}\n{expect}"),
                "steps[0]: has not exactly one thing to do",
            ),
            (
                &format!("steps:\n  - {{}}\n{expect}"),
                "steps[0]: has not exactly one thing to do",
            ),
            (
                &format!("steps:\n  - {{sweep: false}}\n{expect}"),
                "steps[0]: sweep: is true, or the step is left out",
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
                &format!("steps: []\n{expect}"),
                "expect[0]: no step deposits the order `a`",
            ),
            (
                "steps:\n  - bank_payment: {payment: p, customer: c, amount: much}\nexpect: [{payment: p, paid: true}]\n",
                "steps[0]: `much` is no amount",
            ),
            (
                "steps:\n  - bank_payment: {payment: p, customer: c, amount: '1'}\nexpect: [{payment: p, paid: true}]\n",
                "steps[0]: no step before onboards the customer `c`",
            ),
            (
                "steps: []\nexpect: [{payment: p, paid: true}]\n",
                "expect[0]: no step makes the payment `p`",
            ),
            (
                &format!(
                    "steps:\n  - {deposit}\n  - press: {{order: b, button: approve}}\n{expect}"
                ),
                "steps[1]: no step before deposits the order `b`",
            ),
            (
                &format!("steps:\n  - look: a\n  - {deposit}\n{expect}"),
                "steps[0]: no step before deposits the order `a`",
            ),
            (
                &format!(
                    "steps:\n  - {deposit}\n  - bank: {{order: b, says: confirmed}}\n{expect}"
                ),
                "steps[1]: no step before deposits the order `b`",
            ),
            (
                &format!(
                    "steps:\n  - deposit: {{order: a, card: three_ds, times: 1000000000}}\n{expect}"
                ),
                "steps[0]: times: is a number from 1 to 1000",
            ),
            (
                &format!(
                    "steps:\n  - {deposit}\n  - press: {{order: a, button: visit, times: 0}}\n{expect}"
                ),
                "steps[1]: times: is a number from 1 to 1000",
            ),
            (
                &format!("world: {{loss_percent: 101}}\nsteps:\n  - {deposit}\n{expect}"),
                "world: loss_percent: is a number from 0 to 100",
            ),
        ] {
            let error = Scenario::parse(&format!("{head}{text}")).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
    }

    #[test]
    fn no_card_number_of_a_scenario_is_shown() {
        let head = "name: x\nsummary: y\n";
        for text in [
            "steps:\n  - deposit: {order: a, card: 4000000000000002}\nexpect: []\n",
            "steps:\n  - look: 4000 0000 0000 0002\nexpect: []\n",
            "4000000000000002: 1\n",
            // Written so that no line holds it.
            "steps:\n  - look: \"4000\\x30000\\x300000002\"\nexpect: []\n",
            "steps:\n  - fault: {at: connect, do: refuse, operation: \"4000\\x30000\\x300000002\"}\nexpect: []\n",
        ] {
            let error = Scenario::parse(&format!("{head}{text}")).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("0000002"), "{shown}");
            assert!(!shown.contains("0000 0002"), "{shown}");
        }
        let error = Scenario::parse(&format!("{head}# 4000000000000002\n")).unwrap_err();
        assert!(error.to_string().starts_with("line 3: "), "{error}");
    }
}
