use xgateway_sandbox::{EXAMPLE_ACCOUNT_ID, SandboxCard};

use super::step::{Callback, Money};

const AMOUNT: &str = "25.00";
const CURRENCY: &str = "EUR";

/// What is played.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Case {
    Frictionless,
    ThreeDsApproved,
    ThreeDsDeclined,
    InvalidInput,
    RefusedCard,
    LostAnswer,
}

/// What must come of a case.
pub(super) struct Expected {
    pub(super) progress: &'static [&'static str],
    pub(super) callback: Option<&'static str>,
    pub(super) charges: usize,
    pub(super) requests: usize,
}

impl Case {
    pub(super) const ALL: &'static [Self] = &[
        Self::Frictionless,
        Self::ThreeDsApproved,
        Self::ThreeDsDeclined,
        Self::InvalidInput,
        Self::RefusedCard,
        Self::LostAnswer,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Frictionless => "frictionless",
            Self::ThreeDsApproved => "three_ds_approved",
            Self::ThreeDsDeclined => "three_ds_declined",
            Self::InvalidInput => "invalid_input",
            Self::RefusedCard => "refused_card",
            Self::LostAnswer => "lost_answer",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Frictionless => "A card that needs no 3DS",
            Self::ThreeDsApproved => "The customer approves on the 3DS page",
            Self::ThreeDsDeclined => "The customer declines on the 3DS page",
            Self::InvalidInput => "An expiry year of five digits",
            Self::RefusedCard => "A card without money",
            Self::LostAnswer => "The connection breaks after the gateway has charged",
        }
    }

    pub(super) fn expected(self) -> Expected {
        let (progress, callback, charges, requests): (&'static [&'static str], _, _, _) = match self
        {
            Self::Frictionless => (&["deposited"], Some("confirmed"), 1, 1),
            Self::ThreeDsApproved => (&["three_ds_required", "deposited"], Some("confirmed"), 1, 1),
            Self::ThreeDsDeclined => (&["three_ds_required", "failed"], Some("failed"), 0, 1),
            Self::InvalidInput => (&["invalid"], None, 0, 0),
            Self::RefusedCard => (&["refused"], None, 0, 1),
            Self::LostAnswer => (&["unknown", "deposited"], Some("confirmed"), 1, 1),
        };
        Expected {
            progress,
            callback,
            charges,
            requests,
        }
    }

    /// The request that the merchant sends.
    pub(super) fn body(self, order_id: &str) -> String {
        let card = match self {
            Self::Frictionless | Self::InvalidInput | Self::LostAnswer => "frictionless",
            Self::ThreeDsApproved | Self::ThreeDsDeclined => "three_ds",
            Self::RefusedCard => "insufficient_funds",
        };
        let number = SandboxCard::named(card).map_or("", |card| card.number);
        let year = if self == Self::InvalidInput {
            "20288"
        } else {
            "2028"
        };
        format!(
            r#"{{"amount":{AMOUNT},"accountId":"{EXAMPLE_ACCOUNT_ID}","baseCurrency":"{CURRENCY}","customerId":"demo-customer",
"customerDateOfBirth":"2000-02-10","customerEmail":"john.doe@example.com","customerFirstName":"John",
"customerLastName":"Doe","customerPhone":"49 15123456789","userIp":"217.138.202.40",
"billingAddress":{{"addressLine1":"Hlavni mesto Praha 11 22","city":"Prague","countryCode":"CZ",
"postalCode":"15000","state":"Praha, Hlavni mesto"}},
"card":{{"cardNumber":"{number}","cardholderName":"John Doe","expiryMonth":"12","expiryYear":"{year}",
"cardSecurityCode":"444"}},"orderId":"{order_id}","redirectUrl":"https://shop.example/thanks"}}"#
        )
    }
}

impl Expected {
    /// Whether a callback is the one that must come, about the transaction that the gateway told of.
    pub(super) fn admits(&self, callback: Option<&Callback>, transaction_id: Option<&str>) -> bool {
        match (self.callback, callback) {
            (None, None) => true,
            (Some(status), Some(callback)) => {
                callback.verified
                    && callback.status == status
                    && transaction_id == Some(&*callback.transaction_id)
            }
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// What the gateway must say was paid.
    pub(super) fn settled(&self) -> Option<Money> {
        (self.charges == 1).then(|| Money {
            amount: AMOUNT.to_owned(),
            currency: CURRENCY.to_owned(),
        })
    }
}
