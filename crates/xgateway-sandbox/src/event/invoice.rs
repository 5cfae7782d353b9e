use std::borrow::Cow;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xgateway_core::money::Currency;

use super::{MerchantText, PageToken, RedirectUrl};
use crate::card::AfterApproval;

/// What an invoice is from its first moment on.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct InvoiceFacts {
    pub(crate) id: Uuid,
    pub(crate) account_id: MerchantText,
    pub(crate) customer_id: MerchantText,
    pub(crate) order_id: Option<MerchantText>,
    pub(crate) amount: Decimal,
    #[serde(with = "super::stored_currency")]
    pub(crate) currency: Currency,
    pub(crate) strategy: Strategy,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) page: Option<PageFacts>,
    pub(crate) card: CardFacts,
}

/// The 3DS page of an invoice.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct PageFacts {
    pub(crate) token: PageToken,
    /// It passes when it is visited.
    pub(crate) passes_by_itself: bool,
    pub(crate) after_approval: AfterApproval,
    pub(crate) redirect: Option<RedirectUrl>,
}

/// All that is kept of a card.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct CardFacts {
    /// Equal for equal cards.
    pub(crate) token: [u8; 8],
    pub(crate) last_four: Cow<'static, str>,
    /// Its name in the table of test cards.
    pub(crate) name: Cow<'static, str>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Strategy {
    Fixed,
    Floating,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InvoiceState {
    Active,
    Processing,
    Completed,
    Canceled,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TransactionState {
    /// How a withdrawal begins.
    Pending,
    Processing,
    Confirmed,
    Failed,
}

/// Why an invoice changed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    Paid,
    Declined,
    BankIsSlow,
    Expired,
    /// The customer got a newer invoice at a floating rate.
    Superseded,
    Simulated,
}

impl Strategy {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Floating => "floating",
        }
    }
}

impl InvoiceState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Canceled => "canceled",
        }
    }
}

impl TransactionState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
        }
    }
}

impl Why {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Declined => "declined",
            Self::BankIsSlow => "bank_is_slow",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
            Self::Simulated => "simulated",
        }
    }
}
