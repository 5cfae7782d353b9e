use jiff::civil::Date;
use tokio::net::TcpListener;
use xgateway::ReqwestTransport;
use xgateway::api::deposit::CardDeposit;
use xgateway::api::environment::Environment;
use xgateway::api::json::ReadError;
use xgateway::api::policy::CardPolicy;
use xgateway::client::{Client, Error as ClientError};
use xgateway::core::issue::Issues;
use xgateway::flows::card::{CallbackHint, CardDepositFlow, Progress};
use xgateway::transport::SharedTransport;
use xgateway_sandbox::{CallbackUrl, Config, Sandbox};

use super::callbacks::Callbacks;
use super::cases::Case;
use super::ledger::Ledger;
use super::step::{Callback, Money, Step};
use super::tell;
use super::wire::Wire;
use crate::clock;
use crate::console::Console;
use crate::failure::Failure;
use crate::style::FAINT;

/// Everything that the cases need: a sandbox on a socket, a merchant's client, the network between them, and the
/// merchant's end of callbacks.
pub(super) struct Stage {
    seed: u64,
    today: Date,
    sandbox: Sandbox,
    client: Client,
    wire: Wire,
    callbacks: Callbacks,
}

impl Stage {
    pub(super) async fn set(seed: u64) -> Result<Self, Failure> {
        let [for_gateway, for_merchant, for_callbacks] =
            [listen().await?, listen().await?, listen().await?];
        let address = |listener: &TcpListener| {
            listener
                .local_addr()
                .map_err(|error| Failure::system("listen on this machine", error))
        };

        let mut config = Config::new(seed);
        let url = format!("http://{}/callback", address(&for_callbacks)?);
        let url = CallbackUrl::parse(&url)
            .map_err(|error| Failure::system("receive callbacks", error))?;
        config.callback_url = Some(url);
        let callbacks = Callbacks::listen(for_callbacks, config.secret_key.clone());

        let transport = ReqwestTransport::new()
            .map_err(|error| Failure::system("set up the HTTP client", error))?;
        let sandbox = Sandbox::new(config.clone())
            .with_callback_transport(SharedTransport::new(transport.clone()));
        let gateway = address(&for_gateway)?;
        // It ends with the process.
        tokio::spawn(sandbox.serve(for_gateway, std::future::pending()));

        let wire = Wire::default();
        let url = format!("http://{}/api", address(&for_merchant)?);
        wire.serve(for_merchant, gateway);
        let environment = Environment::sandbox(&url)
            .map_err(|error| Failure::system("reach the sandbox", error))?;
        Ok(Self {
            seed,
            today: clock::date(config.start),
            client: Client::new(environment, config.api_key, transport),
            sandbox,
            wire,
            callbacks,
        })
    }

    /// How many customers the sandbox has charged so far, by its own log.
    pub(super) fn charges(&self) -> usize {
        self.sandbox.world(|world| Ledger::of(world)).charges()
    }

    /// Plays a case, and holds what came of it against what must.
    pub(super) async fn play(
        &mut self,
        case: Case,
        console: &mut Console,
    ) -> Result<Step, Failure> {
        let order_id = order_id(self.seed, case);
        let mut step = Step::new(case.name(), order_id);
        let before = self.wire.deposits();

        let policy = CardPolicy::new(self.client.environment(), self.today);
        match CardDeposit::from_json(case.body(&step.order_id).as_bytes(), &policy) {
            Ok(deposit) => self.deposit(case, deposit, &mut step, console).await?,
            Err(error) => invalid(error, &mut step, console)?,
        }

        let ledger = self.sandbox.world(|world| Ledger::of(world));
        step.charges = ledger.charges_of(&step.order_id);
        step.invoice_id = ledger.invoice_of(&step.order_id).or(step.invoice_id);
        step.requests = self.wire.deposits() - before;
        step.outcome = step.progress.last().copied().unwrap_or("nothing");
        step.ok = case.expected().is_met_by(&step);
        Ok(step)
    }

    async fn deposit(
        &mut self,
        case: Case,
        deposit: CardDeposit,
        step: &mut Step,
        console: &mut Console,
    ) -> Result<(), Failure> {
        let order = format!("{} for order {}", deposit.amount(), step.order_id);
        said("merchant", &format!("sends {order}"), console)?;
        if case == Case::LostAnswer {
            self.wire.break_next();
        }
        let mut flow = CardDepositFlow::new(self.client.clone(), deposit);
        let mut progress = flow.start().await;
        step.note(&progress);

        match &progress {
            Progress::ThreeDsRequired { url } => {
                said("gateway", "takes it; the customer must pass 3DS", console)?;
                let page = self.sandbox.three_ds(url.as_str());
                page.visit();
                if case == Case::ThreeDsDeclined {
                    said("customer", "declines on the page of the bank", console)?;
                    page.decline();
                } else {
                    page.approve();
                    said("customer", "approves, and comes back to the shop", console)?;
                    said(
                        "merchant",
                        "takes that for a hint, and asks the gateway",
                        console,
                    )?;
                    progress = flow.customer_returned().await;
                    step.note(&progress);
                }
            }
            Progress::Unknown { .. } => {
                said("network", "breaks before the answer arrives", console)?;
                said(
                    "merchant",
                    "cannot know; sends nothing again, and asks by the order id",
                    console,
                )?;
                progress = flow.look().await;
                step.note(&progress);
            }
            Progress::Refused(refused) => {
                let reason = refused.error().map(reason).unwrap_or_default();
                said("gateway", &format!("refuses: {reason}"), console)?;
                step.codes = refused.error().map(codes).unwrap_or_default();
                return Ok(());
            }
            Progress::Deposited(_) => {
                said("gateway", "takes it; no 3DS is needed", console)?;
                said("merchant", "asks the gateway all the same", console)?;
            }
            Progress::InProgress(_)
            | Progress::Failed { .. }
            | Progress::NotCharged { .. }
            | Progress::Contradiction(_)
            // Not what any case expects; the verdict will tell.
            | _ => {}
        }
        settle(&progress, step, console)?;
        self.receive_callback(&mut flow, step, console).await
    }

    async fn receive_callback(
        &mut self,
        flow: &mut CardDepositFlow,
        step: &mut Step,
        console: &mut Console,
    ) -> Result<(), Failure> {
        let Some(received) = self.callbacks.next_of(&step.order_id).await else {
            return Ok(());
        };
        let status = received.callback.status.as_str();
        let hash = if received.is_verified {
            "right"
        } else {
            "WRONG"
        };
        said(
            "gateway",
            &format!("calls back: {status}; its hash is {hash}"),
            console,
        )?;
        step.callback = Some(Callback {
            received: true,
            verified: received.is_verified,
            status: status.to_owned(),
            transaction_id: received.callback.id.clone(),
        });
        // Whoever has the wrong hash is not listened to.
        if let (true, Ok(hint)) = (received.is_verified, CallbackHint::of(&received.callback)) {
            let is_news = step.settled.is_none();
            let does = if is_news {
                "takes that for a hint, and asks the gateway"
            } else {
                "knows already, and credits nobody twice"
            };
            said("merchant", does, console)?;
            let progress = flow.callback_hint(&hint).await;
            step.note(&progress);
            if is_news {
                settle(&progress, step, console)?;
            }
        }
        Ok(())
    }
}

/// What the gateway itself said in the end.
fn settle(progress: &Progress, step: &mut Step, console: &mut Console) -> Result<(), Failure> {
    match progress {
        Progress::Deposited(settled) => {
            step.invoice_id = Some(settled.invoice_id().to_string());
            step.transaction_id = Some(settled.transaction_id().to_string());
            step.settled = Some(Money {
                amount: settled.amount().value().to_string(),
                currency: settled.amount().currency().to_string(),
            });
            said("gateway", "says: confirmed. That counts", console)
        }
        Progress::Failed { transaction_id, .. } => {
            step.transaction_id = transaction_id.as_ref().map(ToString::to_string);
            said("gateway", "says: failed", console)
        }
        Progress::ThreeDsRequired { .. }
        | Progress::InProgress(_)
        | Progress::Refused(_)
        | Progress::Unknown { .. }
        | Progress::NotCharged { .. }
        | Progress::Contradiction(_)
        | _ => Ok(()),
    }
}

/// The order's id, with the seed in groups of three digits: a long row of them could be a card number, which policy
/// refuses.
fn order_id(seed: u64, case: Case) -> String {
    let digits = seed.to_string();
    let mut id = "demo-".to_owned();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            id.push('_');
        }
        id.push(digit);
    }
    format!("{id}-{}", case.name().replace('_', "-"))
}

fn invalid(error: ReadError, step: &mut Step, console: &mut Console) -> Result<(), Failure> {
    step.progress.push("invalid");
    if let ReadError::Invalid(issues) = error {
        let texts: Vec<_> = issues.iter().map(ToString::to_string).collect();
        said(
            "merchant",
            &format!("is told before anything is sent: {}", texts.join("; ")),
            console,
        )?;
        step.issues = Issues::new(issues.into_vec());
    }
    Ok(())
}

fn said(who: &str, what: &str, console: &mut Console) -> Result<(), Failure> {
    tell(console, || format!("   {FAINT}{who:<9}{FAINT:#} {what}"))
}

fn codes(error: &ClientError) -> Vec<String> {
    let ClientError::Refused(refused) = error else {
        return Vec::new();
    };
    refused.codes().map(ToString::to_string).collect()
}

/// The gateway's words: the sandbox's are ours, so they may be shown.
fn reason(error: &ClientError) -> String {
    let ClientError::Refused(refused) = error else {
        return error.to_string();
    };
    let errors = refused.refusal().errors().iter();
    let words: Vec<_> = errors.map(|error| error.message.as_str()).collect();
    words.join(" ")
}

async fn listen() -> Result<TcpListener, Failure> {
    TcpListener::bind(("127.0.0.1", 0))
        .await
        .map_err(|error| Failure::system("listen on this machine", error))
}
