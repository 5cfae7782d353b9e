use clap::{Args, Subcommand, ValueEnum};

/// What is made to happen in a running sandbox.
#[derive(Subcommand)]
pub(crate) enum TriggerCommand {
    /// A card deposit, up to where you want it.
    Card(TriggerCardArguments),
    /// A payment to a customer's address.
    Deposit(TriggerDepositArguments),
    /// A customer's KYC, up to where you want it.
    Kyc(TriggerKycArguments),
    /// A withdrawal that fails for want of money.
    WithdrawFailure(TriggerWithdrawFailureArguments),
}

#[derive(Args)]
pub(crate) struct TriggerCardArguments {
    /// How it ends.
    #[arg(long, value_enum, default_value = "approved")]
    pub(crate) outcome: CardOutcome,
    /// Your id of the order [default: a new one].
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// Your id of the customer.
    #[arg(long, value_name = "ID", default_value = "customer-1")]
    pub(crate) customer: String,
    /// How much, in major units.
    #[arg(long, value_name = "AMOUNT", default_value = "25.00")]
    pub(crate) amount: String,
    /// EUR or USD.
    #[arg(long, value_name = "CODE", default_value = "EUR")]
    pub(crate) currency: String,
    /// Where the customer goes after 3DS.
    #[arg(long, value_name = "URL")]
    pub(crate) redirect_url: Option<String>,
}

/// How a card deposit ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum CardOutcome {
    /// The customer approves on the 3DS page.
    Approved,
    /// The customer declines there.
    Declined,
    /// The customer leaves the page; the invoice stays active.
    Abandoned,
    /// Nobody opens the page, and the clock moves until the invoice is canceled.
    Expired,
    /// The customer approves, and the bank declines.
    BankDeclined,
    /// The customer approves, and the bank works on it for a minute.
    Slow,
    /// No 3DS is needed.
    Frictionless,
    /// The bank refuses the card for want of money: 400.
    InsufficientFunds,
    /// The bank fails, nothing was paid: 500.
    PartnerFailure,
    /// The bank's answer is lost, although the customer has paid: 500.
    AnswerLost,
}

#[derive(Args)]
pub(crate) struct TriggerDepositArguments {
    /// How it ends.
    #[arg(long, value_enum, default_value = "confirmed")]
    pub(crate) outcome: DepositOutcome,
    /// Your id of the customer.
    #[arg(long, value_name = "ID", default_value = "customer-1")]
    pub(crate) customer: String,
    /// How much, in major units.
    #[arg(long, value_name = "AMOUNT", default_value = "0.5")]
    pub(crate) amount: String,
    /// The currency that is paid.
    #[arg(long, value_name = "CODE", default_value = "ETH")]
    pub(crate) currency: String,
}

/// How a payment to an address ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum DepositOutcome {
    /// The blockchain has seen it, no more.
    Processing,
    /// The blockchain confirms it: the clock moves until it does.
    Confirmed,
    /// The blockchain drops it.
    Failed,
    /// The same, and an hour later it is confirmed after all.
    FailedThenConfirmed,
}

#[derive(Args)]
pub(crate) struct TriggerKycArguments {
    /// How far it goes, and how it ends.
    #[arg(long, value_enum, default_value = "passed")]
    pub(crate) outcome: KycOutcome,
    /// Your id of the customer, who must be new [default: a new one].
    #[arg(long, value_name = "ID")]
    pub(crate) customer: Option<String>,
}

/// How far a customer's KYC goes, and how it ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum KycOutcome {
    /// There is a profile, no more: `CREATED`.
    Created,
    /// The customer was sent to the hosted pages: `KYC_NEEDED`.
    Needed,
    /// There is an applicant, and documents are missing: `PENDING_KYC_DATA`.
    NeedsData,
    /// A person looks at it for hours: `KYC_PENDING`.
    Pending,
    /// Everything is right: `FULL_USER`.
    Passed,
    /// Something can be corrected: `SOFT_KYC_FAILED`.
    SoftFailed,
    /// The same, and the customer corrects it: `FULL_USER`.
    Corrected,
    /// It is over: `HARD_KYC_FAILED`.
    HardFailed,
    /// It passed and was taken back a day later: `HARD_KYC_FAILED`.
    Reversed,
}

#[derive(Args)]
pub(crate) struct TriggerWithdrawFailureArguments {
    /// Your id of the withdrawal [default: a new one].
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// Your id of the customer who is paid.
    #[arg(long, value_name = "ID", default_value = "customer-1")]
    pub(crate) customer: String,
    /// How much, in major units.
    #[arg(long, value_name = "AMOUNT", default_value = "25.00")]
    pub(crate) amount: String,
    /// The currency that is paid.
    #[arg(long, value_name = "CODE", default_value = "EUR")]
    pub(crate) currency: String,
}
