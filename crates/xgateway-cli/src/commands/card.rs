//! `xgateway card deposit`: one card deposit, from the request to as far as it comes without the customer.

mod outcome;
mod request;

use std::time::Duration;

use tokio::time::sleep;
use xgateway::api::deposit::CardDeposit;
use xgateway::api::json::ReadError;
use xgateway::api::policy::{CardPolicy, Rule};
use xgateway::api::types::Gateway8Request;
use xgateway::core::secret::PersonalText;
use xgateway::flows::card::{CardDepositFlow, Progress};

use super::session;
use crate::arguments::{DepositArguments, GlobalArguments};
use crate::clock;
use crate::console::Console;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::signals;

/// How often the gateway is asked before a person is told to ask again.
const READS_MAX: u32 = 4;

pub(super) fn deposit(
    arguments: &DepositArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let settings = session::settings(global, console)?;
    let policy = policy(arguments, &settings)?;
    let body = request::read(arguments, console)?;
    let deposit =
        CardDeposit::from_json(body.expose().as_bytes(), &policy).map_err(|error| match error {
            ReadError::Invalid(issues) => Failure::Invalid(issues),
            ReadError::Malformed { line, column } => Failure::Malformed { line, column },
            _ => Failure::usage("the request cannot be read", "see `xgateway spec`"),
        })?;
    drop(body);
    if arguments.dry_run {
        return outcome::dry_run(&deposit, console);
    }

    let client = session::client(&settings, console)?;
    let order_id = deposit.order_id().clone();
    console.hide(personal(deposit.request()));
    let mut flow = CardDepositFlow::new(client, deposit);
    let progress = session::block_on(async {
        // Who stops us must still be told that there is something to look for.
        let stop = signals::stop().map_err(|error| Failure::system("wait for signals", error))?;
        tokio::select! {
            progress = play(&mut flow) => Ok(progress),
            () = stop => Err(Failure::Interrupted {
                order_id: order_id.to_string(),
            }),
        }
    })?;
    outcome::show(progress, flow.order(), console)
}

/// Sends the deposit, once, and looks what became of it as long as that depends on nobody but the gateway.
async fn play(flow: &mut CardDepositFlow) -> Progress {
    let mut progress = flow.start().await;
    for attempt in 0..READS_MAX {
        if !matches!(progress, Progress::Unknown { .. } | Progress::InProgress(_)) {
            break;
        }
        sleep(Duration::from_millis(250 << attempt)).await;
        progress = flow.read().await;
    }
    progress
}

/// What the gateway's words must not repeat.
fn personal(request: &Gateway8Request) -> Vec<PersonalText> {
    let address = &request.billing_address;
    let texts = [
        Some(&request.customer_date_of_birth),
        Some(&request.customer_email),
        Some(&request.customer_first_name),
        Some(&request.customer_last_name),
        Some(&request.customer_phone),
        Some(&request.user_ip),
        Some(&address.address_line1),
        address.address_line2.as_ref(),
        Some(&address.city),
        Some(&address.postal_code),
        Some(&address.state),
        Some(&request.card.cardholder_name),
    ];
    texts.into_iter().flatten().cloned().collect()
}

fn policy(arguments: &DepositArguments, settings: &Settings) -> Result<CardPolicy, Failure> {
    let date = arguments.date.unwrap_or_else(clock::today);
    let mut policy = CardPolicy::new(&settings.environment, date);
    for name in &arguments.relax {
        policy = policy.relax(rule(name)?);
    }
    for name in &arguments.require {
        policy = policy.require(rule(name)?);
    }
    Ok(policy)
}

fn rule(name: &str) -> Result<Rule, Failure> {
    Rule::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        Failure::usage(
            "our policy has no such rule",
            format!("its rules are {}", names.join(", ")),
        )
    })
}
