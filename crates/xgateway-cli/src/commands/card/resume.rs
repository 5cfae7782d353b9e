//! `xgateway card resume`: finds out what became of deposits that a process left behind.

use std::collections::BTreeSet;
use std::ops::Not;
use std::time::Duration;

use serde::Serialize;
use xgateway::client::ErrorKind;
use xgateway::core::id::OrderId;
use xgateway::flows::card::{CallbackHint, JournalledCards, JournalledError, Progress, Standing};
use xgateway::store::{Attempt, IntentState};

use super::answer::Answer;
use super::order::{self, transaction_id};
use crate::arguments::{GlobalArguments, ResumeArguments};
use crate::clock;
use crate::commands::journal::{Named, OpenJournal};
use crate::commands::session;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{self, Failure, Stopped};
use crate::style::{ERROR, FAINT, HINT};

/// What was asked for.
struct Asked {
    /// The attempt that was named. All attempts at its order are looked at.
    attempt: Attempt,
    /// The transaction of which a callback told, at that attempt.
    hint: Option<CallbackHint>,
}

impl Asked {
    fn order(&self) -> &OrderId {
        self.attempt.order()
    }
}

/// What was found out about one attempt.
struct Found {
    attempt: Attempt,
    outcome: Result<Standing, JournalledError>,
    /// Whether it contradicts itself and has not ended: no look will end it, but a person.
    is_for_a_person: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    ok: bool,
    #[serde(flatten)]
    named: Named<'a>,
    orders: Vec<Row<'a>>,
    /// Whether the gateway was not heard so often that the rest was not asked about.
    #[serde(skip_serializing_if = "Not::not")]
    is_cut_short: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Row<'a> {
    Known(Answer<'a>),
    #[serde(rename_all = "camelCase")]
    Unreadable {
        outcome: &'static str,
        order_id: &'a str,
        attempt: u32,
        gateway_order_id: &'a str,
        reason: String,
    },
    /// What the journal holds of it makes no sense to this version.
    #[serde(rename_all = "camelCase")]
    Illegible {
        outcome: &'static str,
        gateway_order_id: &'a str,
        reason: &'static str,
    },
}

/// Why an order that the journal has cannot be looked at.
const ILLEGIBLE: &str =
    "a later version has written what the journal holds of it, or something has damaged it";

/// What to do where the gateway does not accept the key.
const LOCKED_OUT: &str =
    "check the API key, and that it belongs to this environment; then run it again";

impl<'a> Row<'a> {
    fn illegible(gateway_order_id: &'a String) -> Self {
        Self::Illegible {
            outcome: "unreadable",
            gateway_order_id,
            reason: ILLEGIBLE,
        }
    }

    fn of(found: &'a Found) -> Self {
        match &found.outcome {
            Ok(standing) => Self::Known(Answer::of(standing)),
            Err(error) => Self::Unreadable {
                outcome: if failure::is_elsewhere(error) {
                    "elsewhere"
                } else {
                    "unreadable"
                },
                order_id: found.attempt.order().as_str(),
                attempt: found.attempt.number().get(),
                gateway_order_id: found.attempt.gateway_order_id().as_str(),
                reason: error.to_string(),
            },
        }
    }
}

pub(in crate::commands) fn resume(
    arguments: &ResumeArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let settings = session::settings(global, console)?;
    let asked = arguments.order.as_deref().map(|order| {
        let attempt = order::attempt(order)?;
        let transaction = arguments.transaction.as_deref();
        let hint = transaction.map(|id| transaction_id(id).map(CallbackHint::new));
        Ok::<_, Failure>(Asked {
            attempt,
            hint: hint.transpose()?,
        })
    });
    let asked = asked.transpose()?;
    session::block_on(async {
        let mut existing = OpenJournal::open_existing(&settings).await?;
        let (named, journal) = existing.split();
        let Some(journal) = journal else {
            return match asked {
                Some(asked) => Err(named.knows_nothing_of(asked.order().as_str())),
                None => tell(&[], false, &[], named, console),
            };
        };
        let client = session::client(&settings, console)?;
        let (cards, store) = journal.cards(&settings, client, arguments.account).await?;
        let cards = cards
            .with_grace(Duration::from_secs(arguments.grace_seconds.into()))
            // Whoever asks wants to know of everything, the newest first.
            .with_call_time(Duration::ZERO);
        let look = async {
            match &asked {
                Some(asked) => Ok((one(&cards, asked, named).await?, false)),
                None => all(&cards).await,
            }
        };
        let stop = session::stop()?;
        let (found, is_cut_short) = tokio::select! {
            found = look => found?,
            () = stop => return Err(Failure::Stopped(Stopped::Resuming)),
        };
        let illegible = match &asked {
            Some(_) => Vec::new(),
            None => super::status::illegible(&store.journal()).await?,
        };
        match tell(&found, is_cut_short, &illegible, named, console) {
            // Nobody was told, so that it must be told again: all of it, since nobody knows what was not.
            Err(failure) if !found.is_empty() => {
                let order = asked.map(|asked| asked.order().to_string());
                return Err(failure.or_untold(order));
            }
            told => told?,
        }
        credit(&found, &cards).await?;
        store.close().await;
        // All has been said.
        let mut in_doubt = found.iter().filter(|found| found.is_in_doubt());
        if !illegible.is_empty() || in_doubt.clone().any(|found| !found.is_elsewhere()) {
            return Err(Failure::Reported(Exit::Unknown));
        }
        in_doubt
            .next()
            .map_or(Ok(()), |_| Err(Failure::Reported(Exit::Settings)))
    })
}

/// The newest attempt at an order, and what else of it matters: the gateway may confirm what it had declined.
async fn one(
    cards: &JournalledCards,
    asked: &Asked,
    named: Named<'_>,
) -> Result<Vec<Found>, Failure> {
    let order = asked.order();
    let attempts = cards.attempts(order).await;
    let attempts = attempts.map_err(|error| Failure::unread(order, error))?;
    if attempts.is_empty() {
        return Err(named.knows_nothing_of(order.as_str()));
    }
    let is_held = attempts.iter().any(|it| it.attempt == asked.attempt);
    if asked.hint.is_some() && !is_held {
        // It was sent by somebody, and not by whoever wrote this journal: nothing here tells whose payment it is.
        return Err(named.knows_nothing_of(asked.attempt.gateway_order_id().as_str()));
    }
    let mut found: Vec<Found> = Vec::new();
    for intent in attempts.into_iter().rev() {
        let outcome = match &asked.hint {
            Some(hint) if intent.attempt == asked.attempt => {
                cards
                    .callback_hint(&intent.attempt, hint, clock::now())
                    .await
            }
            Some(_) | None => cards.look(&intent.attempt, clock::now()).await,
        };
        let attempt = match &outcome {
            Ok(standing) => standing.attempt.clone(),
            Err(_) => intent.attempt,
        };
        let is_told = found.iter().any(|it| it.attempt == attempt);
        let matters = |standing| !Answer::of(standing).is_of_no_account();
        if !is_told && (found.is_empty() || outcome.as_ref().map_or(true, matters)) {
            found.push(Found::new(cards, attempt, outcome).await?);
        }
    }
    Ok(found)
}

/// All that is open, and whether not all were asked about.
async fn all(cards: &JournalledCards) -> Result<(Vec<Found>, bool), Failure> {
    let mut resuming = cards.resume_each(clock::now());
    let mut found = Vec::new();
    while let Some(resumed) = resuming.next().await {
        let resumed = resumed.map_err(JournalledError::Journal)?;
        let attempt = match &resumed.outcome {
            Ok(standing) => standing.attempt.clone(),
            Err(_) => resumed.attempt,
        };
        found.push(Found::new(cards, attempt, resumed.outcome).await?);
    }
    // Who reads the first lines only shall see the money.
    found.sort_by_key(|found| !found.is_deposited());
    Ok((found, resuming.is_cut_short()))
}

/// Writes down that whoever reads us knows of the money, now that it was told: of each, also if it failed with one.
async fn credit(found: &[Found], cards: &JournalledCards) -> Result<(), Failure> {
    let mut first = Ok(());
    for found in found {
        if let Ok(standing) = &found.outcome
            && let Progress::Deposited(settled) = &standing.progress
        {
            let credited = cards.credited(settled, clock::now()).await;
            first = first.and(credited);
        }
    }
    Ok(first?)
}

impl Found {
    async fn new(
        cards: &JournalledCards,
        attempt: Attempt,
        outcome: Result<Standing, JournalledError>,
    ) -> Result<Self, Failure> {
        let contradicts = outcome
            .as_ref()
            .is_ok_and(|standing| matches!(standing.progress, Progress::Contradiction(_)));
        // Of an order that was paid twice, one payment may have been credited before: that attempt has ended.
        let is_for_a_person = contradicts && {
            let intents = cards.attempts(attempt.order()).await;
            let intents = intents.map_err(JournalledError::Journal)?;
            intents
                .iter()
                .any(|intent| intent.attempt == attempt && intent.state == IntentState::Open)
        };
        Ok(Self {
            attempt,
            outcome,
            is_for_a_person,
        })
    }

    fn is_deposited(&self) -> bool {
        self.outcome
            .as_ref()
            .is_ok_and(|standing| matches!(standing.progress, Progress::Deposited(_)))
    }

    fn is_in_doubt(&self) -> bool {
        match &self.outcome {
            Ok(standing) => Answer::of(standing).is_in_doubt(),
            Err(_) => true,
        }
    }

    /// Whether it was sent elsewhere, so that asking here tells nothing, however often.
    fn is_elsewhere(&self) -> bool {
        self.outcome.as_ref().is_err_and(failure::is_elsewhere)
    }

    /// Whether the gateway did not let us in: no later look helps before that is mended.
    fn is_locked_out(&self) -> bool {
        let error = self.outcome.as_ref().ok();
        let error = error.and_then(|standing| standing.progress.unread());
        error.is_some_and(|error| error.kind() == ErrorKind::Authentication)
    }

    /// Whether this version cannot read what the journal holds of it, however often it looks.
    fn is_illegible(&self) -> bool {
        matches!(self.outcome, Err(JournalledError::NoCardDeposit { .. }))
    }
}

fn tell(
    found: &[Found],
    is_cut_short: bool,
    illegible: &[String],
    named: Named<'_>,
    console: &mut Console,
) -> Result<(), Failure> {
    if console.is_json() {
        return console.document(&Document {
            ok: illegible.is_empty() && !found.iter().any(Found::is_in_doubt),
            named,
            orders: found
                .iter()
                .map(Row::of)
                .chain(illegible.iter().map(Row::illegible))
                .collect(),
            is_cut_short,
        });
    }
    for found in found {
        match &found.outcome {
            Ok(standing) => console.line(Answer::of(standing).line())?,
            Err(error) => console.note(format_args!("{ERROR}error{ERROR:#}: {error}")),
        }
    }
    if is_cut_short {
        console.note(format_args!(
            "{ERROR}error{ERROR:#}: the gateway does not answer: whatever else is open was not asked about"
        ));
    }
    super::status::tell_illegible(illegible, console);
    if found.is_empty() && illegible.is_empty() {
        console.note(format_args!(
            "{FAINT}{}{FAINT:#}",
            named.holds_nothing_open()
        ));
    }
    for found in found.iter().filter(|found| found.is_for_a_person) {
        let order_id = found.attempt.gateway_order_id();
        console.note(format_args!(
            "{HINT}hint{HINT:#}: {}",
            failure::let_a_person_end(order_id.as_str())
        ));
    }
    // The same advice for all of a kind, once.
    let advice: BTreeSet<_> = found
        .iter()
        .filter(|found| found.is_elsewhere() || found.is_illegible())
        .filter_map(|found| found.outcome.as_ref().err())
        .map(JournalledError::advice)
        .chain(found.iter().any(Found::is_locked_out).then_some(LOCKED_OUT))
        .collect();
    for advice in advice {
        console.note(format_args!("{HINT}hint{HINT:#}: {advice}"));
    }
    let mut later = found.iter().filter(|found| {
        !found.is_for_a_person
            && !found.is_elsewhere()
            && !found.is_illegible()
            && !found.is_locked_out()
    });
    if later.any(Found::is_in_doubt) {
        console.note(format_args!(
            "{HINT}hint{HINT:#}: run it again later; a request that never arrived is known not to have once it is \
             older than --grace-seconds"
        ));
    }
    Ok(())
}
