use std::fmt::Write as _;
use std::time::Duration;

use xgateway_transport::SharedTransport;

use crate::Violation;
use crate::situation::Situation;

/// When the caller gives up. Long enough for an adapter's own limits to show
/// on a busy machine, if they are well below.
const PATIENCE: Duration = Duration::from_secs(2);

/// What comes before the table.
const PREFACE: &str = "\
# What each adapter says about a request that failed

Generated: `cargo run -p xgateway-conformance --example delivery-matrix > docs/reference/delivery.md`.
A test fails while it is out of date.

Each row was played to each adapter by a server on loopback that records what arrives. *Arrived* is what the server's
machine got of the request. The cells are the delivery and the kind of the error. `NotSent` is said only where nothing
arrived and nothing could have: whoever reads it may send the same deposit again. `Unknown` means to look first.

The adapters have the settings of their constructors, but for the limits of time of hyper, which are short here so
that they show. reqwest leaves limits of time to the caller, except for connecting. A call that the caller ends is
always `Unknown`.
";

/// A Markdown document with what adapters say in each situation in which a
/// request can fail, one column per name.
///
/// A call that does not end by itself is ended after 2 s. Needs a tokio
/// runtime with I/O and time enabled.
///
/// # Errors
///
/// [`Violation`] if a situation cannot be brought about.
pub async fn delivery_document(adapters: &[(&str, SharedTransport)]) -> Result<String, Violation> {
    let mut text = format!("{PREFACE}\n| what happens | arrived |");
    for (name, _) in adapters {
        let _ = write!(text, " {name} |");
    }
    text.push_str("\n|---|---|");
    text.push_str(&"---|".repeat(adapters.len()));
    text.push('\n');
    for situation in Situation::ALL {
        let mut arrived: Vec<&str> = Vec::new();
        let mut cells = String::new();
        for (_, transport) in adapters {
            let observed = situation.observe(transport, PATIENCE).await?;
            arrived.push(observed.arrived(situation));
            let _ = write!(cells, " {} |", observed.outcome);
        }
        arrived.dedup();
        let description = situation.description;
        let _ = writeln!(text, "| {description} | {} |{cells}", arrived.join(" or "));
    }
    Ok(text)
}
