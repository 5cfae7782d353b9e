//! What a history consists of, before anything goes wrong.

use xgateway_sandbox::{CardCurrency, ChannelCurrency, IdempotencyModel, KycOrder, Mode};

use crate::sim::{Event, Millis, Weather};
use crate::tape::Tape;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;

/// When it is over, everything gets through again. By then the gateway has more than one attempt left at each callback.
const STORM: Millis = 12 * MINUTE;

/// How long the weather is bad when it turns bad again.
pub(crate) const LATE_STORM: Millis = 5 * MINUTE;

/// Drawn at the beginning.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) idempotency: IdempotencyModel,
    /// How long the gateway remembers an order id as a key.
    pub(crate) key_life: Option<Millis>,
    /// Which environment the gateway resembles.
    pub(crate) mode: Mode,
    /// Whether payments to addresses name an order that nobody has sent.
    pub(crate) has_channel_orders: bool,
    /// How the gateway tells what its documents tell in two ways, or not at all.
    pub(crate) told: Told,
    /// Whether the gateway tries a callback once only. What only a callback tells a person then finds in the back office.
    pub(crate) gives_up_early: bool,
    /// Whether two processes of the merchant's work over one database.
    pub(crate) has_two_processes: bool,
    pub(crate) retries: Retries,
    pub(crate) weather: Weather,
    pub(crate) storm_until: Millis,
    /// How often the weather turns bad again after hours in which nothing happened, right before what the gateway does then.
    pub(crate) late_storms: usize,
    pub(crate) orders: Vec<OrderPlan>,
    pub(crate) savers: Vec<SaverPlan>,
    pub(crate) payments: Vec<PaymentPlan>,
    /// Whether the gateway wants KYC before an account.
    pub(crate) kyc_order: KycOrder,
    pub(crate) newcomers: Vec<NewcomerPlan>,
    keys: Option<KeysPlan>,
    merchant_jumps: Vec<(Millis, i64)>,
    gateway_jump: Option<(Millis, u32)>,
}

/// How the gateway tells what its documents tell in two ways.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub(crate) card_currency: CardCurrency,
    pub(crate) channel_currency: ChannelCurrency,
    pub(crate) has_linked_invoices: bool,
    pub(crate) are_callbacks_old: bool,
    pub(crate) are_documents_texts: bool,
}

/// What the merchant's client tries again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Retries {
    /// What is certain to do no harm.
    Usual,
    Never,
    /// Deposits after a doubt, too, because the merchant knows how long the gateway remembers an order id.
    AssumeKeys,
}

/// A customer pays by card.
#[derive(Clone, Debug)]
pub(crate) struct OrderPlan {
    pub(crate) id: String,
    pub(crate) customer: &'static str,
    /// No two orders have the same.
    pub(crate) cents: u32,
    /// The name of a test card.
    pub(crate) card: &'static str,
    /// When the customer orders; without a time, never.
    pub(crate) at: Option<Millis>,
    pub(crate) customer_does: ThreeDs,
    pub(crate) after: Millis,
    /// What the customer tries if the first card is not taken or declined.
    pub(crate) second_card: Option<&'static str>,
    /// Whether the bank confirms after all what the customer declined, also if another card has paid by then.
    pub(crate) turns: bool,
    /// How long after the form it is submitted once more.
    submits_again_after: Option<Millis>,
    /// How long after the form the customer is gone.
    gone_after: Option<Millis>,
}

/// What a customer does on the 3DS page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ThreeDs {
    Approve,
    Decline,
    Leave,
    Nothing,
}

/// A customer with a lasting address.
#[derive(Clone, Debug)]
pub(crate) struct SaverPlan {
    pub(crate) id: String,
    pub(crate) currency: &'static str,
    pub(crate) at: Millis,
}

/// A payment to a lasting address.
#[derive(Clone, Debug)]
pub(crate) struct PaymentPlan {
    pub(crate) saver: usize,
    pub(crate) amount: String,
    /// In the words of the sandbox.
    pub(crate) outcome: &'static str,
    /// After the address is known.
    pub(crate) after: Millis,
}

/// A customer who is onboarded for payments by bank.
#[derive(Clone, Debug)]
pub(crate) struct NewcomerPlan {
    pub(crate) id: String,
    /// When the customer comes; without a time, never.
    pub(crate) at: Option<Millis>,
    pub(crate) is_account_first: bool,
    pub(crate) fate: Fate,
    /// How long after a failure the customer corrects what is wrong; without a time, never.
    pub(crate) corrects_after: Option<Millis>,
}

/// What the KYC vendor thinks of a customer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fate {
    Passes,
    /// The date of birth is wrong, and can be corrected.
    WrongBirth,
    /// A document cannot be read, and can be replaced.
    BadDocument,
    /// A person looks first.
    Reviewed,
    Rejected,
    /// Passes, and is rejected a day later.
    Reversed,
}

/// The gateway's keys are replaced. The merchant learns of both in two steps, around that.
#[derive(Clone, Copy, Debug)]
struct KeysPlan {
    at: Millis,
    secret_known: Millis,
    api_key_known: Millis,
}

impl Plan {
    pub(crate) fn draw(tape: &mut Tape) -> Self {
        let idempotency = [
            IdempotencyModel::Replay,
            IdempotencyModel::Finish,
            IdempotencyModel::Reject,
        ][tape.choose(&[1; 3])];
        // Half of it is longer than any request is under way: else the network's own duplicates would be new deposits.
        let key_life = tape.happens(40).then_some(3 * MINUTE);
        let mode = [Mode::Demo, Mode::Live][usize::from(tape.happens(30))];
        let retries =
            [Retries::Usual, Retries::Never, Retries::AssumeKeys][tape.choose(&[3, 1, 3])];
        let weather = Weather {
            network_percent: [0, 5, 15, 40][tape.choose(&[1, 2, 3, 2])],
            callback_percent: [0, 10, 30, 60][tape.choose(&[1, 2, 3, 2])],
            store_percent: [0, 2, 10][tape.choose(&[2, 2, 1])],
            crash_permille: [0, 5, 20, 80][tape.choose(&[1, 2, 3, 2])],
            slow_percent: [0, 5, 25][tape.choose(&[2, 2, 1])],
        };
        // All of everything is drawn, and then some taken: with fewer of them the rest of the tape means the same.
        let orders = (0..3).map(|number| OrderPlan::draw(tape, number));
        let orders: Vec<_> = orders.collect();
        let saver_count = tape.choose(&[1, 3, 1]);
        let savers = (0..2).map(|number| SaverPlan::draw(tape, number));
        let mut savers: Vec<_> = savers.collect();
        savers.truncate(saver_count);
        let payments = (0..4).map(|number| PaymentPlan::draw(tape, number));
        let mut payments: Vec<_> = payments.collect();
        payments.retain(|payment| payment.saver < saver_count);
        let keys = KeysPlan::draw(tape);
        let jump_count = tape.choose(&[6, 2, 1]);
        let merchant_jumps = (0..2).map(|_| {
            let at = moment(tape);
            // The last is longer than the grace of the flow: what is under way may be called not taken, and be sent again.
            let by = [-10, -1, 20, 90][tape.choose(&[1; 4])];
            (at, by * 60 * 1000)
        });
        let mut merchant_jumps: Vec<_> = merchant_jumps.collect();
        merchant_jumps.truncate(jump_count);
        let gateway_jump = tape.happens(15);
        // Or the gateway would forget an order id while its request is still under way: then nobody could help.
        let seconds = if key_life.is_some() { 5 } else { 600 };
        let gateway_jump = Some((moment(tape), seconds)).filter(|_| gateway_jump);
        let kyc_order = [KycOrder::AccountFirst, KycOrder::KycFirst][tape.choose(&[2, 1])];
        let newcomers = (0..2).map(|number| NewcomerPlan::draw(tape, number, kyc_order));
        let newcomers: Vec<_> = newcomers.collect();
        let late_storms = tape.choose(&[2, 2, 1]);
        let has_channel_orders = tape.happens(50);
        let told = Told::draw(tape);
        let gives_up_early = tape.happens(15);
        let has_two_processes = tape.happens(25);
        Self {
            idempotency,
            key_life,
            mode,
            has_channel_orders,
            told,
            gives_up_early,
            has_two_processes,
            retries,
            weather,
            storm_until: STORM,
            late_storms,
            orders,
            savers,
            payments,
            kyc_order,
            newcomers,
            keys,
            merchant_jumps,
            gateway_jump,
        }
    }

    /// What is to happen without anybody's doing.
    pub(crate) fn events(&self) -> Vec<(Millis, Event)> {
        let mut events = vec![(0, Event::Start(0))];
        if self.has_two_processes {
            events.push((0, Event::Start(1)));
        }
        let orders = self.orders.iter().enumerate();
        for (number, order) in orders {
            let Some(at) = order.at else { continue };
            events.push((at, Event::Order(number)));
            let again = order.submits_again_after;
            events.extend(again.map(|after| (at + after, Event::OrderTwice(number))));
            let gone = order.gone_after;
            events.extend(gone.map(|after| (at + after, Event::Gone(number))));
        }
        let savers = self.savers.iter().enumerate();
        events.extend(savers.map(|(number, saver)| (saver.at, Event::AddressWanted(number))));
        let newcomers = self.newcomers.iter().enumerate();
        for (number, newcomer) in newcomers {
            let wanted = newcomer.at.map(|at| (at, Event::OnboardingWanted(number)));
            events.extend(wanted);
        }
        if let Some(keys) = self.keys {
            let deploy = |time: Millis| Event::Deploy {
                knows_secret: time >= keys.secret_known,
                knows_api_key: time >= keys.api_key_known,
            };
            events.push((keys.secret_known, deploy(keys.secret_known)));
            events.push((keys.api_key_known, deploy(keys.api_key_known)));
            events.push((keys.at, Event::Rotate));
        }
        let jumps = self.merchant_jumps.iter();
        events.extend(jumps.map(|(at, by)| (*at, Event::MerchantClock(*by))));
        events.extend(
            self.gateway_jump
                .map(|(at, by)| (at, Event::GatewayClock(by))),
        );
        events
    }
}

impl Told {
    fn draw(tape: &mut Tape) -> Self {
        Self {
            card_currency: [CardCurrency::Invoice, CardCurrency::Moved][tape.choose(&[3, 1])],
            channel_currency: [
                ChannelCurrency::Code,
                ChannelCurrency::Symbol,
                ChannelCurrency::Reference,
            ][tape.choose(&[3, 1, 1])],
            has_linked_invoices: !tape.happens(25),
            are_callbacks_old: tape.happens(25),
            are_documents_texts: tape.happens(25),
        }
    }
}

/// Some time in the storm.
fn moment(tape: &mut Tape) -> Millis {
    Millis::from(tape.below(300)) * 2 * SECOND
}

impl OrderPlan {
    fn draw(tape: &mut Tape, number: usize) -> Self {
        let cards = [
            "frictionless",
            "three_ds",
            "not_enrolled",
            "three_ds_then_declined",
            "three_ds_then_slow",
            "insufficient_funds",
            "partner_failure",
            "answer_lost",
        ];
        let index = u32::try_from(number).unwrap_or(0);
        // Each without the others, so that a story can do without any.
        let comes = tape.happens(48);
        Self {
            id: format!("order-{}", number + 1),
            customer: ["shopper-1", "shopper-2"][tape.choose(&[3, 1])],
            cents: 2_001 + index,
            card: cards[tape.choose(&[4, 6, 1, 1, 2, 1, 1, 2])],
            at: Some(Millis::from(tape.below(200)) * SECOND).filter(|_| comes),
            customer_does: [
                ThreeDs::Approve,
                ThreeDs::Decline,
                ThreeDs::Leave,
                ThreeDs::Nothing,
            ][tape.choose(&[8, 2, 1, 1])],
            after: [5 * SECOND, 60 * SECOND, 5 * MINUTE, 20 * MINUTE][tape.choose(&[6, 3, 2, 1])],
            second_card: [
                None,
                Some("frictionless"),
                Some("three_ds"),
                Some("lost_card"),
            ][tape.choose(&[3, 3, 2, 1])],
            submits_again_after: [None, Some(1), Some(2 * SECOND), Some(4 * MINUTE)]
                [tape.choose(&[8, 1, 1, 1])],
            gone_after: [None, Some(1), Some(2), Some(SECOND), Some(20 * SECOND)]
                [tape.choose(&[8, 1, 1, 1, 1])],
            turns: tape.happens(40),
        }
    }
}

impl SaverPlan {
    fn draw(tape: &mut Tape, number: usize) -> Self {
        Self {
            id: format!("saver-{}", number + 1),
            currency: ["tUSDT", "eUSDC", "BTC"][tape.choose(&[3, 2, 1])],
            at: Millis::from(tape.below(120)) * SECOND,
        }
    }
}

impl PaymentPlan {
    fn draw(tape: &mut Tape, number: usize) -> Self {
        let outcomes = ["confirmed", "failed", "failed_then_confirmed"];
        Self {
            // The first stands for a payment that nobody makes.
            saver: [usize::MAX, 0, 1][tape.choose(&[3, 3, 2])],
            amount: format!("{}.5", number + 1),
            outcome: outcomes[tape.choose(&[5, 3, 2])],
            after: Millis::from(tape.below(200)) * SECOND,
        }
    }
}

impl NewcomerPlan {
    fn draw(tape: &mut Tape, number: usize, order: KycOrder) -> Self {
        let fates = [
            Fate::Passes,
            Fate::WrongBirth,
            Fate::BadDocument,
            Fate::Reviewed,
            Fate::Rejected,
            Fate::Reversed,
        ];
        // An onboarding takes ten times as many requests as an order.
        let comes = tape.happens(12);
        // Early, so that also what comes last of it falls into the storm.
        let at = Millis::from(tape.below(20)) * SECOND;
        let is_account_first = tape.happens(50);
        Self {
            id: format!("newcomer-{}", number + 1),
            at: comes.then_some(at),
            // Where KYC comes first the other sequence leads nowhere.
            is_account_first: is_account_first && order == KycOrder::AccountFirst,
            fate: fates[tape.choose(&[4, 5, 2, 1, 1, 1])],
            corrects_after: [Some(5 * SECOND), Some(2 * MINUTE), None][tape.choose(&[5, 1, 1])],
        }
    }
}

impl KeysPlan {
    fn draw(tape: &mut Tape) -> Option<Self> {
        let happens = tape.happens(20);
        let mut some = || moment(tape) / 2;
        let keys = Self {
            at: some(),
            secret_known: some(),
            api_key_known: some(),
        };
        happens.then_some(keys)
    }
}
