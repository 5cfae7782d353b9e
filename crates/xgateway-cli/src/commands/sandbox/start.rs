//! What a sandbox says when it answers: where it is, and how it runs where that differs from the default.

use serde::Serialize;
use xgateway::core::secret::scrub;
use xgateway_sandbox::{ClockMode, Config, KycOrder, Sandbox};

use super::seed::Seed;
use super::token;
use crate::arguments::{
    CardTold, ChannelTold, Idempotency, OpenArguments, Resembled, ServeArguments,
};
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
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    kyc_first: bool,
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
            kyc_first: config.kyc.order == KycOrder::KycFirst,
            callback_url: config.callback_url.as_ref().map(|url| {
                // A query may hold the merchant's own token.
                let text = url.as_uri().to_string();
                text.split('?').next().unwrap_or_default().to_owned()
            }),
            dials: dials(config),
            undocumented: undocumented(&arguments.open),
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
        if self.kyc_first {
            console.line("  KYC         first: only who has passed it may have a bank account")?;
        }
        Ok(())
    }
}

/// Each by the name of its flag.
fn undocumented(open: &OpenArguments) -> Vec<String> {
    let model = match open.idempotency {
        Idempotency::Replay => None,
        Idempotency::Finish => Some("idempotency finish"),
        Idempotency::Reject => Some("idempotency reject"),
    };
    let numbers = [
        ("idempotency-life-seconds", open.idempotency_life_seconds),
        ("invoice-life-seconds", open.invoice_life_seconds),
    ];
    let numbers = numbers
        .into_iter()
        .filter_map(|(name, number)| Some(format!("{name} {}", number?)));
    let words = [
        model,
        open.old_callbacks.then_some("old-callbacks"),
        open.missing_documents_as_texts
            .then_some("missing-documents-as-texts"),
        open.pending_accounts.then_some("pending-accounts"),
        open.application_id.as_ref().map(|_| "application-id"),
        open.no_linked_invoices.then_some("no-linked-invoices"),
        open.channel_order_ids.then_some("channel-order-ids"),
        match open.channel_currency {
            ChannelTold::Code => None,
            ChannelTold::Symbol => Some("channel-currency symbol"),
            ChannelTold::Reference => Some("channel-currency reference"),
        },
        match open.card_currency {
            CardTold::Invoice => None,
            CardTold::Moved => Some("card-currency moved"),
        },
        (open.mode == Resembled::Live).then_some("mode live"),
    ];
    let words = words.into_iter().flatten().map(str::to_owned);
    words.chain(numbers).collect()
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
