use xgateway_sandbox::{EXAMPLE_ACCOUNT_ID, SandboxCard};

use super::step::{Money, Step};

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
    /// Whether a case came as it must, in every respect.
    pub(super) fn is_met_by(&self, step: &Step) -> bool {
        let settled = (self.charges == 1).then(|| Money {
            amount: AMOUNT.to_owned(),
            currency: CURRENCY.to_owned(),
        });
        let is_called_back = match (self.callback, &step.callback) {
            (None, None) => true,
            (Some(status), Some(callback)) => {
                callback.verified
                    && callback.status == status
                    // It is about the transaction that the gateway told of.
                    && step.transaction_id.as_ref() == Some(&callback.transaction_id)
            }
            (None, Some(_)) | (Some(_), None) => false,
        };
        step.progress == self.progress
            && step.charges == self.charges
            && step.requests == self.requests
            && step.settled == settled
            && is_called_back
    }
}

#[cfg(test)]
mod tests {
    use super::super::step::Callback;
    use super::*;

    fn good() -> Step {
        let mut step = Step::new("frictionless", "order-1".to_owned());
        step.progress = vec!["deposited"];
        step.transaction_id = Some("transaction-1".to_owned());
        step.settled = Some(Money {
            amount: "25.00".to_owned(),
            currency: "EUR".to_owned(),
        });
        step.callback = Some(Callback {
            received: true,
            verified: true,
            status: "confirmed".to_owned(),
            transaction_id: "transaction-1".to_owned(),
        });
        step.charges = 1;
        step.requests = 1;
        step
    }

    #[track_caller]
    fn breaks(change: impl FnOnce(&mut Step)) {
        let mut step = good();
        change(&mut step);
        assert!(!Case::Frictionless.expected().is_met_by(&step));
    }

    #[test]
    fn whatever_differs_is_noticed() {
        assert!(Case::Frictionless.expected().is_met_by(&good()));
        breaks(|step| step.progress.push("failed"));
        breaks(|step| step.charges = 0);
        breaks(|step| step.charges = 2);
        breaks(|step| step.requests = 2);
        breaks(|step| step.settled = None);
        breaks(|step| step.settled.as_mut().unwrap().amount = "250.0".to_owned());
        breaks(|step| step.callback = None);
        breaks(|step| step.callback.as_mut().unwrap().verified = false);
        breaks(|step| step.callback.as_mut().unwrap().status = "failed".to_owned());
        breaks(|step| step.transaction_id = None);
        breaks(|step| step.transaction_id = Some("transaction-2".to_owned()));
    }

    #[test]
    fn a_charge_where_none_must_be_is_noticed() {
        let mut step = Step::new("refused_card", "order-1".to_owned());
        step.progress = vec!["refused"];
        step.requests = 1;
        assert!(Case::RefusedCard.expected().is_met_by(&step));
        step.charges = 1;
        assert!(!Case::RefusedCard.expected().is_met_by(&step));
    }
}
