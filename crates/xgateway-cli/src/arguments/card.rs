use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

#[derive(Subcommand)]
pub(crate) enum CardCommand {
    /// Take a card deposit.
    ///
    /// The request comes from a JSON file, from stdin (`-`), or from flags; a flag replaces the field of the file.
    /// Card data come from the file, from stdin, or are asked for on a terminal: there are no flags for them,
    /// because other users of this machine could read them there.
    Deposit(Box<DepositArguments>),
    /// Find out what became of deposits that were begun and not ended: after a crash, a lost answer, or when the customer
    /// is back.
    ///
    /// The gateway is asked about each, and nothing is sent. Ends with 0 once every one is known.
    Resume(ResumeArguments),
    /// Tell what the journal knows, without asking the gateway.
    Status(StatusArguments),
    /// End a deposit that contradicts itself, by the word of a person who has compared the gateway with the books.
    ///
    /// The gateway is asked once more first; what it proves is never overruled. Nothing is sent and nobody is credited or
    /// refunded by this: do that before. The journal keeps who said so, and how it was found out.
    Resolve(ResolveArguments),
}

/// Whose the journal is.
#[derive(Args, Clone, Copy)]
pub(crate) struct AccountArguments {
    /// Everything in the journal is of this account, also what was sent with another API key, such as the one before a
    /// change, or written by a version that did not say where it was sent.
    #[arg(long)]
    pub(crate) same_account: bool,
}

#[derive(Args)]
pub(crate) struct ResolveArguments {
    /// The order id as the gateway knows it: yours, or ORDER#2 for its second attempt.
    #[arg(value_name = "ORDER")]
    pub(crate) order: String,
    /// What became of the money. A deposit that is not charged may be tried again.
    #[arg(long = "as", value_name = "OUTCOME")]
    pub(crate) outcome: ResolvedAs,
    /// Who says so.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// How it was found out, in a line: the number of a case at the gateway's support, say. No card data.
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: String,
    /// In the place of what was said before, by mistake.
    #[arg(long)]
    pub(crate) again: bool,
    #[command(flatten)]
    pub(crate) account: AccountArguments,
}

/// What became of the money.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ResolvedAs {
    /// The customer was charged, and has got what was paid.
    Charged,
    /// The customer was not charged, or has got the money back.
    NotCharged,
}

#[derive(Args)]
pub(crate) struct ResumeArguments {
    /// Your own id of the order [default: all that are open].
    #[arg(value_name = "ORDER")]
    pub(crate) order: Option<String>,
    /// The transaction of which a callback told: it is asked about, too, also where the invoice does not list it.
    #[arg(long, value_name = "ID", requires = "order")]
    pub(crate) transaction: Option<String>,
    /// For how long after it was begun a request may still arrive. Only after that does it prove anything that the
    /// gateway has no invoice. Never less than --deposit-timeout-seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub(crate) grace_seconds: u32,
    #[command(flatten)]
    pub(crate) account: AccountArguments,
}

#[derive(Args)]
pub(crate) struct StatusArguments {
    /// Your own id of the order: all attempts at it [default: all that is open].
    #[arg(value_name = "ORDER")]
    pub(crate) order: Option<String>,
    /// What has ended, too: the newest first, with the transactions of what was paid.
    #[arg(long, conflicts_with = "order")]
    pub(crate) all: bool,
    /// The same of what has ended since then: a time such as 2026-11-27T06:00:00Z, a day, or so long ago, as 90m, 24h or 7d.
    #[arg(long, value_name = "TIME", conflicts_with_all = ["order", "all"])]
    pub(crate) since: Option<String>,
    /// At most so many that have ended.
    #[arg(long, value_name = "NUMBER", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) limit: u32,
}

#[derive(Args)]
pub(crate) struct DepositArguments {
    /// The request as JSON; `-` is stdin.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Check the request, and send nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Try an order that was declined again, as its next attempt. The gateway knows it as ORDER#2.
    #[arg(long)]
    pub(crate) retry: bool,
    /// Ask the gateway whether it has the order before anything is sent: as long as the journal may lack orders, since it
    /// was put back from a copy or made anew, say.
    #[arg(long)]
    pub(crate) ask_first: bool,
    /// Do not apply this rule of our policy. That there must be an order id cannot be relaxed.
    #[arg(long, value_name = "RULE")]
    pub(crate) relax: Vec<String>,
    /// Apply this rule of our policy, too, such as `adult`.
    #[arg(long, value_name = "RULE")]
    pub(crate) require: Vec<String>,
    /// The day for which our policy judges, as yyyy-mm-dd [default: today].
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,
    #[command(flatten)]
    pub(crate) account: AccountArguments,
    #[command(flatten)]
    pub(crate) fields: Fields,
}

/// The fields of a deposit but the card's.
#[derive(Args)]
#[command(next_help_heading = "Fields of the request")]
pub(crate) struct Fields {
    /// The amount, in major units: 25.00.
    #[arg(long)]
    amount: Option<String>,
    /// EUR or USD.
    #[arg(long)]
    currency: Option<String>,
    /// Your own id of this payment. It makes a lost answer harmless.
    #[arg(long, value_name = "ID")]
    order_id: Option<String>,
    /// Your account at the gateway.
    #[arg(long, value_name = "ID")]
    account_id: Option<String>,
    /// Your own id of the customer.
    #[arg(long, value_name = "ID")]
    customer_id: Option<String>,
    /// The customer's date of birth, as yyyy-mm-dd.
    #[arg(long, value_name = "DATE")]
    date_of_birth: Option<String>,
    /// The customer's e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// The customer's first name.
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,
    /// The customer's last name.
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,
    /// The customer's telephone number: country code, one space, the rest.
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// The IP address from which the customer pays.
    #[arg(long, value_name = "ADDRESS")]
    user_ip: Option<String>,
    /// Street and number of the card's address.
    #[arg(long, value_name = "TEXT")]
    address_line1: Option<String>,
    /// Suite or flat of the card's address.
    #[arg(long, value_name = "TEXT")]
    address_line2: Option<String>,
    /// City of the card's address.
    #[arg(long)]
    city: Option<String>,
    /// Country of the card's address, as two capital letters.
    #[arg(long, value_name = "CODE")]
    country_code: Option<String>,
    /// Postal code of the card's address.
    #[arg(long, value_name = "CODE")]
    postal_code: Option<String>,
    /// State or region of the card's address.
    #[arg(long)]
    state: Option<String>,
    /// fixed or floating.
    #[arg(long, value_name = "STRATEGY")]
    invoice_strategy: Option<String>,
    /// Where the customer goes after a 3DS check.
    #[arg(long, value_name = "URL")]
    redirect_url: Option<String>,
}

impl Fields {
    /// The amount, as it was written.
    pub(crate) fn amount(&self) -> Option<&str> {
        self.amount.as_deref()
    }

    /// The texts of the request itself, by the names in JSON.
    pub(crate) fn texts(&self) -> Vec<(&'static str, &str)> {
        given([
            ("accountId", &self.account_id),
            ("baseCurrency", &self.currency),
            ("customerId", &self.customer_id),
            ("customerDateOfBirth", &self.date_of_birth),
            ("customerEmail", &self.email),
            ("customerFirstName", &self.first_name),
            ("customerLastName", &self.last_name),
            ("customerPhone", &self.phone),
            ("userIp", &self.user_ip),
            ("invoiceStrategy", &self.invoice_strategy),
            ("orderId", &self.order_id),
            ("redirectUrl", &self.redirect_url),
        ])
    }

    /// The texts of the billing address, by the names in JSON.
    pub(crate) fn address(&self) -> Vec<(&'static str, &str)> {
        given([
            ("addressLine1", &self.address_line1),
            ("addressLine2", &self.address_line2),
            ("city", &self.city),
            ("countryCode", &self.country_code),
            ("postalCode", &self.postal_code),
            ("state", &self.state),
        ])
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.amount.is_none() && self.texts().is_empty() && self.address().is_empty()
    }
}

fn given<'a, const N: usize>(
    fields: [(&'static str, &'a Option<String>); N],
) -> Vec<(&'static str, &'a str)> {
    fields
        .into_iter()
        .filter_map(|(name, text)| Some((name, text.as_deref()?)))
        .collect()
}
