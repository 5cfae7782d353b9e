//! `xgateway card deposit`: one card deposit, from the request to as far as it comes without the customer.

use std::mem;
use std::time::Duration;

use tokio::time::sleep;
use xgateway::api::deposit::CardDeposit;
use xgateway::api::json::ReadError;
use xgateway::api::policy::{CardPolicy, Rule};
use xgateway::api::types::Gateway8Request;
use xgateway::core::id::OrderId;
use xgateway::core::secret::PersonalText;
use xgateway::flows::card::{JournalledCards, JournalledError, Progress, Standing};
use xgateway::store::{Attempt, IntentState, Outcome, StoreError};

use super::{outcome, request};
use crate::arguments::{DepositArguments, GlobalArguments};
use crate::clock;
use crate::commands::journal::{Existing, Named, OpenJournal};
use crate::commands::session;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::signals;
use crate::style::WARNING;

/// How often the gateway is asked before a person is told to ask again.
const READS_MAX: u32 = 4;

pub(in crate::commands) fn deposit(
    arguments: &DepositArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let settings = session::settings(global, console)?;
    let policy = policy(arguments, &settings)?;
    let body = request::read(arguments, console).map_err(Failure::before_sending)?;
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
    session::block_on(async {
        // What is tried again stands in a journal already: none is made for it.
        let mut existing = if arguments.retry {
            let existing = OpenJournal::open_existing(&settings).await;
            Some(existing.map_err(Failure::before_sending)?)
        } else {
            None
        };
        let (retry_in, journal) = match existing.as_mut().map(Existing::split) {
            Some((named, None)) => return Err(named.knows_nothing_of(order_id.as_str())),
            Some((named, Some(journal))) => (Some(named), journal),
            None => {
                let journal = OpenJournal::open(&settings).await;
                (None, journal.map_err(Failure::before_sending)?)
            }
        };
        let cards = journal.cards(&settings, client, arguments.account).await;
        let (cards, store) = cards.map_err(Failure::before_sending)?;
        let cards = if arguments.ask_first {
            cards.asking_first()
        } else {
            cards
        };
        // Who stops us must still be told that there is something to look for.
        let stop = session::stop()?;
        tokio::pin!(stop);
        let played = tokio::select! {
            played = play(&cards, deposit, retry_in) => played?,
            () = &mut stop => return Err(Failure::Interrupted {
                order_id: order_id.to_string(),
            }),
        };
        let told = async {
            let told = outcome::tell(played.standing, played.request, &cards, console).await;
            store.close().await;
            told
        };
        tokio::select! {
            told = told => told?,
            // It may have been told by now; what is not written down is told by a resume.
            () = stop => signals::end_at_once(),
        }
        match played.not_kept {
            Some(source) => {
                console.note(format_args!(
                    "{WARNING}warning{WARNING:#}: the journal could not be written: {source}"
                ));
                Err(Failure::Reported(Exit::Unknown))
            }
            None => Ok(()),
        }
    })
}

/// What came of a deposit.
struct Played {
    standing: Standing,
    /// How it stood before the first look.
    request: Option<Progress>,
    /// Why that could not be written down.
    not_kept: Option<StoreError>,
}

/// Sends the deposit, once, and looks what became of it as long as that depends on nobody but the gateway.
/// `retry_in` is the journal that must know the order if it is tried again.
async fn play(
    cards: &JournalledCards,
    deposit: CardDeposit,
    retry_in: Option<Named<'_>>,
) -> Result<Played, Failure> {
    let declined = match retry_in {
        Some(named) => declined(cards, deposit.order_id(), named).await?,
        None => None,
    };
    let sent = match &declined {
        Some(declined) => cards.retry(deposit, declined, clock::now()).await,
        None => cards.deposit(deposit, clock::now()).await,
    };
    let mut not_kept = None;
    let mut standing = match sent {
        // The customer's page would be lost; and what is under way is looked at again below.
        Err(JournalledError::NotFollowed {
            standing: Some(standing),
            ..
        }) if standing.progress.is_open() => *standing,
        Err(JournalledError::NotKept { standing, source })
            if matches!(standing.progress, Progress::ThreeDsRequired { .. }) =>
        {
            not_kept = Some(source);
            *standing
        }
        sent => sent?,
    };
    let mut request = None;
    for attempt in 0..READS_MAX {
        let progress = &standing.progress;
        if !matches!(progress, Progress::Unknown { .. } | Progress::InProgress(_)) {
            break;
        }
        sleep(Duration::from_millis(250 << attempt)).await;
        let looked = cards.look(&standing.attempt, clock::now()).await;
        // Whatever it is that failed now: it was sent.
        let looked = looked.map_err(|error| Failure::Unfollowed {
            order_id: standing.attempt.to_string(),
            source: Box::new(error),
        })?;
        let before = mem::replace(&mut standing, looked).progress;
        request.get_or_insert(before);
    }
    Ok(Played {
        standing,
        request,
        not_kept,
    })
}

/// The attempt after which the next one comes; none if the gateway has not got the first.
async fn declined(
    cards: &JournalledCards,
    order: &OrderId,
    named: Named<'_>,
) -> Result<Option<Attempt>, Failure> {
    let attempts = cards.attempts(order).await;
    let attempts = attempts.map_err(|error| Failure::unread(order, error))?;
    // A mistyped id, or another journal: nothing says that what is tried again was declined.
    let last = attempts
        .last()
        .ok_or_else(|| named.knows_nothing_of(order.as_str()))?;
    // What the gateway has not got may be sent again under the same id.
    if last.state == IntentState::Finished(Outcome::NotTaken) {
        return Ok(last.attempt.previous());
    }
    Ok(Some(last.attempt.clone()))
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
    let mut personal: Vec<_> = texts.into_iter().flatten().cloned().collect();
    let card = &request.card;
    let secrets = [
        // As it was typed: what knows a card number by its form knows the usual ones.
        card.card_number.expose(),
        card.card_security_code.expose(),
        card.expiry_year.expose(),
    ];
    personal.extend(secrets.into_iter().map(PersonalText::new));
    personal
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
