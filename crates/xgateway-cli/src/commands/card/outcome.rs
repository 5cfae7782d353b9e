use xgateway::api::deposit::CardDeposit;
use xgateway::flows::card::{
    JournalledCards, JournalledError, Order, Progress, Resolved, Standing,
};

use super::answer::{Answer, unheard, valid};
use crate::clock;
use crate::commands::view::printable;
use crate::console::Console;
use crate::failure::Failure;
use crate::shell;
use crate::style::{GOOD, STRONG, WARNING};

/// Says that a request could be sent.
pub(super) fn dry_run(deposit: &CardDeposit, console: &mut Console) -> Result<(), Failure> {
    let order = Order::from(deposit);
    if console.is_json() {
        return console.document(&valid(&order));
    }
    console.line(format_args!(
        "{GOOD}valid{GOOD:#}: {} for order {}; nothing was sent",
        order.amount(),
        order.order_id()
    ))
}

/// Says what a deposit came to, and only then writes down that whoever reads us knows of the money.
///
/// `request` is how it stood when it had just been sent, if it has been looked after since.
pub(super) async fn tell(
    standing: Standing,
    request: Option<Progress>,
    cards: &JournalledCards,
    console: &mut Console,
) -> Result<(), Failure> {
    let settled = if let Progress::Deposited(settled) = &standing.progress {
        Some(settled.clone())
    } else {
        None
    };
    let order_id = standing.attempt.to_string();
    match show(standing, request, console) {
        Ok(()) => {}
        // Nobody was told, so that it must be told again.
        Err(failure) => return Err(failure.or_untold(Some(order_id))),
    }
    let Some(settled) = settled else {
        return Ok(());
    };
    match cards.credited(&settled, clock::now()).await {
        Ok(()) => Ok(()),
        // What was told is for a person to look at.
        Err(error @ JournalledError::ResolvedMeanwhile { .. }) => Err(error.into()),
        Err(_) => {
            console.note(format_args!(
                "{WARNING}warning{WARNING:#}: the journal could not be written: `xgateway card resume` will tell it again"
            ));
            Ok(())
        }
    }
}

/// Says what a deposit came to. What is no success is a failure.
fn show(
    standing: Standing,
    request: Option<Progress>,
    console: &mut Console,
) -> Result<(), Failure> {
    let answer = Answer::of(&standing);
    if console.is_json() && answer.is_success() && !answer.is_in_doubt() {
        return console.document(&answer.alone());
    }
    drop(answer);
    let order_id = standing.attempt.to_string();
    let is_unheard = unheard(&standing.progress).is_some();
    match standing.progress {
        progress if is_unheard => {
            let error = progress.into_unread();
            let unheard = || Failure::Interrupted {
                order_id: order_id.clone(),
            };
            Err(error.map_or_else(unheard, |error| Failure::Unfollowed {
                order_id: order_id.clone(),
                source: Box::new(error),
            }))
        }
        Progress::Deposited(settled) => {
            console.line(format_args!(
                "{GOOD}deposited{GOOD:#}: {} for order {order_id}",
                settled.amount(),
            ))?;
            console.line(format_args!("invoice      {}", settled.invoice_id()))?;
            console.line(format_args!("transaction  {}", settled.transaction_id()))
        }
        Progress::ThreeDsRequired { url } => {
            console.line(format_args!(
                "{STRONG}the customer must pass 3DS{STRONG:#}; nothing is charged before:"
            ))?;
            console.line(printable(url.as_str()))?;
            console.note(format_args!(
                "then: xgateway card resume {}",
                shell::last_argument(&order_id)
            ));
            Ok(())
        }
        Progress::InProgress(state) => {
            console.line(format_args!(
                "{STRONG}in progress{STRONG:#}: the gateway has order {order_id} and has not finished it"
            ))?;
            if let Some(url) = state.payment_url() {
                console.line(format_args!("page         {}", printable(url)))?;
            }
            console.note(format_args!(
                "look again: xgateway card resume {}",
                shell::last_argument(&order_id)
            ));
            Ok(())
        }
        Progress::Refused(refused) => Err(Failure::Refused(Box::new(refused))),
        Progress::Unknown { ticket } => Err(Failure::Unresolved {
            ticket: Box::new(ticket),
            request: match request {
                Some(Progress::Unknown { ticket }) => Some(Box::new(ticket)),
                Some(_) | None => None,
            },
        }),
        Progress::Failed { transaction_id, .. } => Err(Failure::Declined {
            order_id,
            transaction_id: transaction_id.map(String::from),
        }),
        Progress::NotCharged { error } => {
            Err(error.map_or_else(|| Failure::NotCharged { order_id }, Failure::from))
        }
        Progress::Contradiction(source) => Err(Failure::Contradiction { order_id, source }),
        Progress::Resolved(resolution) => match resolution.outcome() {
            Resolved::Charged => console.line(format_args!(
                "{GOOD}resolved{GOOD:#}: order {order_id} as charged, by {}: {}",
                printable(resolution.by()),
                printable(resolution.note())
            )),
            Resolved::NotCharged => Err(Failure::ResolvedAsNotCharged { order_id }),
        },
        // A way to stand that this version does not know: whoever wants to know more must look.
        _ => Err(Failure::Interrupted { order_id }),
    }
}
