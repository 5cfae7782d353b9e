//! What a sandbox says when it answers: where it is, and how it runs where that differs from the default.

use jiff::SignedDuration;
use serde::Serialize;
use xgateway::core::secret::scrub;
use xgateway_sandbox::{ClockMode, Config, Sandbox};

use super::seed::Seed;
use super::token;
use crate::arguments::ServeArguments;
use crate::console::Console;
use crate::failure::Failure;
use crate::style::{FAINT, STRONG, WARNING};

/// The first line on stdout. The keys protect nothing: they follow from the seed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Start<'a> {
    url: &'a str,
    api_key: &'a str,
    secret_key: &'a str,
    /// What both keys follow from, if it was drawn for this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    /// The accounts that deposits may name.
    accounts: Vec<&'a str>,
    /// The secret that the pages ask for, if it was made for this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    #[serde(flatten)]
    ways: Ways,
}

/// How it runs, where that differs from the default.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Ways {
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dials: Vec<String>,
    /// What differs of that which nobody has documented.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    undocumented: Vec<String>,
}

/// Tells it. `made` is a token that was made for this run.
pub(super) fn tell(
    sandbox: &Sandbox,
    config: &Config,
    arguments: &ServeArguments,
    (made, seed): (Option<&str>, &Seed),
    console: &mut Console,
) -> Result<(), Failure> {
    let url = sandbox.world(|world| world.public_url().to_owned());
    let (api_key, secret_key) = (config.api_key.expose(), config.secret_key.expose());
    let accounts = config.accounts.iter().map(|account| account.id.as_str());
    let accounts: Vec<_> = accounts.collect();
    let faults = sandbox.world(|world| world.fault_count());
    let ways = Ways::of(config, arguments, faults);
    if token::is_reachable(arguments) && !seed.is_drawn {
        console.note(format_args!(
            "{WARNING}warning:{WARNING:#} whoever reaches the sandbox and knows its seed has both keys, and the API asks for no \
             token: name a large --seed that nobody guesses"
        ));
    }
    if console.is_json() {
        return console.document(&Start {
            url: &url,
            api_key,
            secret_key,
            seed: seed.is_drawn.then_some(seed.number),
            accounts: accounts.clone(),
            access_token: made,
            ways,
        });
    }
    console.line(format_args!(
        "{STRONG}The sandbox answers at {url}{STRONG:#} {FAINT}(seed {}){FAINT:#}",
        config.seed
    ))?;
    console.line(format_args!("  API         {}", sandbox.base_url()))?;
    console.line(format_args!("  API key     {api_key}"))?;
    console.line(format_args!("  secret key  {secret_key}"))?;
    for account in accounts {
        console.line(format_args!("  account     {account}"))?;
    }
    if let Some(token) = made {
        console.line(format_args!("  token       {token}"))?;
    }
    console.line(format_args!("  inspector   {url}/inspector"))?;
    console.line(format_args!("  reference   {url}/docs"))?;
    console.line(format_args!("  events      {url}/_sandbox/events"))?;
    ways.tell(console)?;
    if arguments.listen.ip().is_unspecified() && arguments.public_url.is_none() {
        console.note(
            "Links lead to this machine only: tell with --public-url how others reach the sandbox.",
        );
    }
    console.note(format_args!(
        "{FAINT}Both keys are play keys. Ctrl-C ends it.{FAINT:#}"
    ));
    Ok(())
}

impl Ways {
    /// `faults` is how many there are, those of an earlier run included.
    fn of(config: &Config, arguments: &ServeArguments, faults: usize) -> Self {
        let data = arguments.data.as_deref();
        let kept = match faults.saturating_sub(arguments.fault.len()) {
            0 => None,
            kept => Some(format!("{kept} of an earlier run: see /_sandbox/faults")),
        };
        Self {
            clock: (config.clock != ClockMode::Real).then(|| config.clock.as_str()),
            data: data.map(|folder| scrub(&folder.to_string_lossy()).into_owned()),
            faults: arguments
                .fault
                .iter()
                .map(|text| scrub(text).into_owned())
                .chain(kept)
                .collect(),
            callback_url: config.callback_url.as_ref().map(|url| {
                // A query may hold the merchant's own token.
                let text = url.as_uri().to_string();
                text.split('?').next().unwrap_or_default().to_owned()
            }),
            dials: dials(config),
            undocumented: undocumented(config),
        }
    }

    fn tell(&self, console: &mut Console) -> Result<(), Failure> {
        match &self.callback_url {
            Some(url) => console.line(format_args!("  callbacks   to {url}"))?,
            None => console.line("  callbacks   nowhere: name a place with --callback-url")?,
        }
        if !self.dials.is_empty() {
            console.line(format_args!("  dials       {}", self.dials.join(", ")))?;
        }
        if !self.undocumented.is_empty() {
            console.line(format_args!(
                "  gateway     {}",
                self.undocumented.join(", ")
            ))?;
        }
        match self.clock {
            Some("manual") => console.line(
                "  clock       manual: it stands still but for `xgateway sandbox clock +6h`",
            )?,
            Some(mode) => console.line(format_args!(
                "  clock       {mode}: it jumps to what falls due when nothing is asked"
            ))?,
            None => {}
        }
        if let Some(folder) = &self.data {
            console.line(format_args!("  kept in     {folder}"))?;
        }
        for fault in &self.faults {
            console.line(format_args!("  fault       {fault}"))?;
        }
        Ok(())
    }
}

/// What differs from the defaults of that which nobody has documented, each by the name of its flag.
fn undocumented(config: &Config) -> Vec<String> {
    let usual = Config::new(config.seed);
    let said = |config: &Config| {
        let seconds = |life: SignedDuration| Some(life.as_secs().to_string());
        let word = |word: &str| Some(word.to_owned());
        let yes = |is_set: bool| is_set.then(String::new);
        let kyc = &config.kyc;
        [
            ("idempotency", word(config.idempotency.as_str())),
            (
                "idempotency-life-seconds",
                config.idempotency_life.and_then(seconds),
            ),
            ("refusals-take-orders", yes(config.refusals_take_orders)),
            ("invoice-life-seconds", seconds(config.invoice_life)),
            (
                "floating-invoice-life-seconds",
                seconds(config.floating_invoice_life),
            ),
            ("old-callbacks", yes(config.old_callbacks)),
            ("processing-callbacks", yes(config.processing_callbacks)),
            // What the merchant's own things are called stands in no log of a terminal.
            ("utr", yes(config.utr.is_some())),
            (
                "missing-documents-as-texts",
                yes(config.missing_documents_as_texts),
            ),
            ("pending-accounts", yes(config.pending_accounts)),
            ("application-id", yes(config.application_id.is_some())),
            ("no-linked-invoices", yes(config.no_linked_invoices)),
            ("channel-order-ids", yes(config.channel_order_ids)),
            ("channel-currency", word(config.channel_currency.as_str())),
            ("card-currency", word(config.card_currency.as_str())),
            ("mode", word(config.mode.as_str())),
            ("kyc-order", word(kyc.order.as_str())),
            ("kyc-threshold-eur", Some(kyc.threshold_eur.to_string())),
            ("kyc-free-payments", Some(kyc.free_payments.to_string())),
            ("kyc-payment-min", Some(kyc.payment_min.to_string())),
            ("kyc-payment-max", Some(kyc.payment_max.to_string())),
        ]
    };
    let pairs = said(config).into_iter().zip(said(&usual));
    pairs
        .filter(|(said, usual)| said != usual)
        .filter_map(|((name, value), _)| Some(format!("{name} {}", value?).trim_end().to_owned()))
        .collect()
}

/// Each dial that was turned, by its name as a setting.
fn dials(config: &Config) -> Vec<String> {
    let default = Config::new(config.seed);
    let values = |config: &Config| {
        let dials = config.callback_dials;
        [
            i64::from(dials.duplicate_percent),
            dials.delay_max.as_secs(),
            i64::from(dials.reorder_percent),
            i64::from(dials.loss_percent),
            dials.burst.as_secs(),
            i64::from(config.callback_retries),
            config.callback_backoff.as_secs(),
        ]
    };
    let names = [
        "callback_duplicate_percent",
        "callback_delay_seconds",
        "callback_reorder_percent",
        "callback_loss_percent",
        "callback_burst_seconds",
        "callback_retries",
        "callback_backoff_seconds",
    ];
    let turned = values(config).into_iter().zip(values(&default)).zip(names);
    turned
        .filter(|((value, default), _)| value != default)
        .map(|((value, _), name)| format!("{name} {value}"))
        .collect()
}
