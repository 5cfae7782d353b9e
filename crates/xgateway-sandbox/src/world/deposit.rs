//! `POST /v2/gateway8`: an invoice, activated at once with a card.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::Response;
use jiff::Timestamp;
use jiff::tz::Offset;
use rust_decimal::Decimal;
use uuid::Uuid;
use xgateway_api::json::{self, ReadError, View};
use xgateway_api::rules::GATEWAY8_REQUEST;
use xgateway_api::types::InvoiceStrategy;
use xgateway_core::card::Expiry;
use xgateway_core::money::Currency;
use xgateway_core::rules::{Document, Kind, Schema, Value};

use super::World;
use super::idempotency::Repetition;
use crate::answer::{CARD_INVALID, Refusal};
use crate::card::{AfterApproval, Behaviour, SandboxCard};
use crate::config::Mode;
use crate::event::{
    BodyDigest, EventKind, InvoiceFacts, InvoiceState, MerchantText, OrderAnswer, OrderRefusal,
    PageFacts, PageToken, RedirectUrl, Strategy, TransactionState, Why,
};
use crate::money;
use crate::random::Purpose;

/// What becomes of a deposit that is not refused.
#[derive(Clone, Copy)]
enum Course {
    Page {
        passes_by_itself: bool,
        after_approval: AfterApproval,
    },
    Paid,
    PaidButAnswerLost,
    BankFails,
}

/// What the gateway looks at of a request that has passed the rules.
struct Wish<'a> {
    amount: &'a str,
    account_id: &'a str,
    currency: &'a str,
    customer_id: &'a str,
    order_id: Option<&'a str>,
    redirect_url: Option<&'a str>,
    strategy: Strategy,
    card_number: &'a str,
    /// Month and year.
    expiry: (&'a str, &'a str),
}

/// Where the fields of a [`Wish`] stand in the rules, by name: looked up once, not for every request.
struct Places {
    amount: usize,
    account_id: usize,
    currency: usize,
    customer_id: usize,
    order_id: usize,
    redirect_url: usize,
    strategy: usize,
    card: usize,
    card_number: usize,
    month: usize,
    year: usize,
}

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let root = |name| place(&GATEWAY8_REQUEST, name);
    let card = root("card");
    let Kind::Object(of_card) = &GATEWAY8_REQUEST.fields[card].kind else {
        unreachable!("a card has fields");
    };
    Places {
        amount: root("amount"),
        account_id: root("accountId"),
        currency: root("baseCurrency"),
        customer_id: root("customerId"),
        order_id: root("orderId"),
        redirect_url: root("redirectUrl"),
        strategy: root("invoiceStrategy"),
        card,
        card_number: place(of_card, "cardNumber"),
        month: place(of_card, "expiryMonth"),
        year: place(of_card, "expiryYear"),
    }
});

fn place(schema: &Schema, name: &str) -> usize {
    let place = schema.fields.iter().position(|field| field.name == name);
    place.expect("the rules of a deposit have it")
}

fn text_of(value: Value<'_>) -> Option<&str> {
    let Value::Text(text) = value else {
        return None;
    };
    Some(text)
}

impl<'a> Wish<'a> {
    fn of(request: &'a View<'_>) -> Self {
        let places = &*PLACES;
        let schema = request.schema();
        let root = |index: usize| request.value(index, &schema.fields[index]);
        let text = |index| text_of(root(index));
        let of_card = |index: usize| {
            let kind = &schema.fields[places.card].kind;
            let (Value::Object(card), Kind::Object(schema)) = (root(places.card), kind) else {
                return "";
            };
            text_of(card.value(index, &schema.fields[index])).unwrap_or_default()
        };
        let is_floating = text(places.strategy) == Some(InvoiceStrategy::Floating.as_str());
        Self {
            amount: if let Value::Number(number) = root(places.amount) {
                number
            } else {
                ""
            },
            account_id: text(places.account_id).unwrap_or_default(),
            currency: text(places.currency).unwrap_or_default(),
            customer_id: text(places.customer_id).unwrap_or_default(),
            order_id: text(places.order_id),
            redirect_url: text(places.redirect_url),
            strategy: if is_floating {
                Strategy::Floating
            } else {
                Strategy::Fixed
            },
            card_number: of_card(places.card_number),
            expiry: (of_card(places.month), of_card(places.year)),
        }
    }
}

impl World {
    pub(super) fn deposit(&mut self, body: &[u8]) -> Result<Response<Bytes>, Refusal> {
        let view = json::view(&GATEWAY8_REQUEST, body).map_err(Refusal::from)?;
        self.keep_view(&view, body);
        let request = Wish::of(&view);
        let order_id = request.order_id.map(MerchantText::from);
        if let Some(subject) = &order_id {
            self.is_about(subject.clone());
        }
        for id in [request.order_id.unwrap_or_default(), request.customer_id] {
            self.check_id(id)?;
        }
        self.check_kept(request.redirect_url.unwrap_or_default())?;
        let order = order_id.clone().map(|id| (id, self.digest(&view)));
        let mut bank_recovered = false;
        if let Some((order_id, digest)) = &order {
            match self.repetition(order_id.as_str(), *digest)? {
                Repetition::First => {}
                Repetition::Again => bank_recovered = true,
                Repetition::Answered(answer) => return Ok(answer),
                Repetition::Refused(why) => return Err(self.refused_again(why, &request)),
            }
        }
        let taken = if self.config.refusals_take_orders {
            order.clone()
        } else {
            None
        };
        let done = self.make(&request, (order_id, order), bank_recovered);
        // A bank that fails has been remembered.
        if let (Err(refusal), Some(_)) = (&done, &taken)
            && let Some(why) = OrderRefusal::of(refusal)
        {
            self.remember(taken, OrderAnswer::Refused(why));
        }
        done
    }

    fn make(
        &mut self,
        request: &Wish<'_>,
        (order_id, order): (Option<MerchantText>, Option<(MerchantText, BodyDigest)>),
        bank_recovered: bool,
    ) -> Result<Response<Bytes>, Refusal> {
        let amount = self.check_account(request)?;
        let card = card_of(request, self.state.now)?;
        let course = match self.asked.bank_fails {
            Some(true) => Course::PaidButAnswerLost,
            Some(false) => Course::BankFails,
            None => self.course(card, bank_recovered)?,
        };
        if let Course::BankFails = course {
            return Err(self.bank_fails(order_id, order, None));
        }
        let invoice = self.open(request, amount, order_id.clone(), card, course)?;
        match course {
            Course::Page { .. } => {}
            Course::Paid => self.settle(invoice, TransactionState::Confirmed, Why::Paid),
            Course::PaidButAnswerLost | Course::BankFails => {
                self.settle(invoice, TransactionState::Confirmed, Why::Paid);
                return Err(self.bank_fails(order_id, order, Some(invoice)));
            }
        }
        self.remember(order, OrderAnswer::Created(invoice));
        Ok(self.created(self.state.invoice(invoice)))
    }

    /// What the same request was refused with before.
    fn refused_again(&self, why: OrderRefusal, request: &Wish<'_>) -> Refusal {
        match why {
            OrderRefusal::Account => Refusal::UnknownAccount,
            OrderRefusal::Currency => Refusal::CurrencyNotConfigured,
            OrderRefusal::Amount => Refusal::AmountOutsideLimits,
            OrderRefusal::TooManyActive => Refusal::TooManyActive,
            OrderRefusal::Card => {
                let card = card_of(request, self.state.now);
                let course = card.and_then(|card| self.course(card, false));
                course.err().unwrap_or(Refusal::Card(CARD_INVALID))
            }
        }
    }

    /// The amount, if the account takes it.
    fn check_account(&self, request: &Wish<'_>) -> Result<Decimal, Refusal> {
        let account = self
            .config
            .account(request.account_id)
            .ok_or(Refusal::UnknownAccount)?;
        let currency = Currency::from(request.currency);
        if !account.currencies.contains(&currency) {
            return Err(Refusal::CurrencyNotConfigured);
        }
        money::from_json_number(request.amount)
            .filter(|amount| account.admits(*amount))
            .ok_or(Refusal::AmountOutsideLimits)
    }

    /// The id of an account, which all payments to it share if nobody pays to others in between.
    fn account_text(&mut self, id: &str) -> MerchantText {
        let known = self.paid_to.take().filter(|known| known.as_str() == id);
        let text = known.unwrap_or_else(|| id.into());
        self.paid_to = Some(text.clone());
        text
    }

    fn course(&self, card: &SandboxCard, bank_recovered: bool) -> Result<Course, Refusal> {
        Ok(match card.behaviour {
            Behaviour::ThreeDs(after_approval) => Course::Page {
                passes_by_itself: false,
                after_approval,
            },
            Behaviour::NotEnrolled if self.config.mode == Mode::Demo => Course::Page {
                passes_by_itself: true,
                after_approval: AfterApproval::Confirmed,
            },
            Behaviour::NotEnrolled | Behaviour::Frictionless => Course::Paid,
            Behaviour::Refused(message) => return Err(Refusal::Card(message)),
            Behaviour::PartnerFailure if bank_recovered => Course::Paid,
            Behaviour::PartnerFailure => Course::BankFails,
            Behaviour::AnswerLost => Course::PaidButAnswerLost,
        })
    }

    fn open(
        &mut self,
        request: &Wish<'_>,
        amount: Decimal,
        order_id: Option<MerchantText>,
        card: &SandboxCard,
        course: Course,
    ) -> Result<Uuid, Refusal> {
        let strategy = request.strategy;
        let life = match strategy {
            Strategy::Floating => {
                let earlier: Vec<_> = self.state.active(request.customer_id, strategy).collect();
                for invoice in earlier {
                    self.change_invoice(invoice, InvoiceState::Canceled, Why::Superseded);
                }
                self.config.floating_invoice_life
            }
            Strategy::Fixed => {
                let count = self.state.active(request.customer_id, strategy).count();
                if count >= self.config.fixed_active_max {
                    return Err(Refusal::TooManyActive);
                }
                self.config.invoice_life
            }
        };
        let id = self.new_invoice_id(order_id.as_ref());
        let page = match course {
            Course::Page {
                passes_by_itself,
                after_approval,
            } => Some(PageFacts {
                token: PageToken(self.random.uuid(Purpose::Page, id.as_bytes(), 0)),
                passes_by_itself,
                after_approval,
                redirect: request.redirect_url.map(|url| RedirectUrl(url.into())),
            }),
            Course::Paid | Course::PaidButAnswerLost | Course::BankFails => None,
        };
        let now = self.state.now;
        let facts = InvoiceFacts {
            id,
            account_id: self.account_text(request.account_id),
            customer_id: MerchantText::from(request.customer_id),
            order_id,
            amount,
            currency: Currency::from(request.currency),
            strategy,
            created_at: now,
            expires_at: now.saturating_add(life).unwrap_or(Timestamp::MAX),
            page,
            card: self.cards.facts(card, &self.random),
        };
        self.record(EventKind::InvoiceOpened(Arc::new(facts)));
        self.forget_old_invoices();
        Ok(id)
    }

    fn new_invoice_id(&self, order_id: Option<&MerchantText>) -> Uuid {
        match order_id {
            Some(order_id) => {
                let text = order_id.as_str();
                let ordinal = self.state.next_ordinal(text);
                self.random
                    .uuid(Purpose::InvoiceOfOrder, text.as_bytes(), ordinal)
            }
            None => self
                .random
                .uuid(Purpose::InvoiceWithoutOrder, b"", self.state.without_order),
        }
    }

    fn bank_fails(
        &mut self,
        order_id: Option<MerchantText>,
        order: Option<(MerchantText, BodyDigest)>,
        invoice: Option<Uuid>,
    ) -> Refusal {
        self.record(EventKind::PartnerFailed {
            order_id,
            invoice,
            by_fault: self.asked.bank_fails.is_some(),
        });
        self.remember(order, OrderAnswer::Failed(invoice));
        Refusal::Internal
    }

    fn remember(&mut self, order: Option<(MerchantText, BodyDigest)>, answer: OrderAnswer) {
        if let Some((order_id, digest)) = order {
            self.record(EventKind::OrderAnswered {
                order_id,
                digest,
                answer,
            });
        }
    }
}

/// A card that is known and not past its expiry. The gateway says the same of both.
fn card_of(request: &Wish<'_>, now: Timestamp) -> Result<&'static SandboxCard, Refusal> {
    let today = Offset::UTC.to_datetime(now).date();
    let (month, year) = request.expiry;
    let is_good = Expiry::parse(month, year).is_ok_and(|expiry| !expiry.is_past(today));
    SandboxCard::written(request.card_number)
        .filter(|_| is_good)
        .ok_or(Refusal::Card(CARD_INVALID))
}

impl OrderRefusal {
    /// Why a deposit was refused, if its body follows the rules.
    fn of(refusal: &Refusal) -> Option<Self> {
        let known = [
            (Self::Account, matches!(refusal, Refusal::UnknownAccount)),
            (
                Self::Currency,
                matches!(refusal, Refusal::CurrencyNotConfigured),
            ),
            (
                Self::Amount,
                matches!(refusal, Refusal::AmountOutsideLimits),
            ),
            (Self::Card, matches!(refusal, Refusal::Card(_))),
            (
                Self::TooManyActive,
                matches!(refusal, Refusal::TooManyActive),
            ),
        ];
        let mut known = known.into_iter();
        known.find_map(|(why, is_it)| is_it.then_some(why))
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Invalid(issues) => Self::Invalid(issues),
            ReadError::Malformed { .. } | _ => Self::MalformedJson,
        }
    }
}
