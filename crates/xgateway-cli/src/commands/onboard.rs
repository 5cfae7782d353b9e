//! `xgateway onboard`: a customer's onboarding over several runs of the process.

mod backoff;
mod input;
mod outcome;
mod show;
mod state_file;

pub(super) use backoff::Backoff;

use std::time::Duration;

use xgateway::api::types::BankCurrency;
use xgateway::client::Client;
use xgateway::core::document::missing_documents;
use xgateway::core::id::CustomerId;
use xgateway::flows::onboarding::{
    Dossier, Machine, OnboardingError, OnboardingFlow, Patience, Plan, Progress, Sequence, State,
};

use self::input::Input;
use self::state_file::StateFile;
use super::{account, session};
use crate::arguments::{
    AccountCurrency, GlobalArguments, GoOnArguments, OnboardCommand, StartArguments, StateArgument,
};
use crate::console::Console;
use crate::failure::Failure;

pub(super) fn execute(
    command: &OnboardCommand,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    match command {
        OnboardCommand::Start(arguments) => start(arguments, global, console),
        OnboardCommand::Status(arguments) => status(arguments, global, console),
        OnboardCommand::Correct(arguments) => correct(arguments, global, console),
        OnboardCommand::Resume(arguments) => resume(arguments, global, console),
    }
}

fn start(
    arguments: &StartArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let customer_id = account::customer_id(&arguments.customer)?;
    let input = Input::read(&arguments.common)?;
    missing_documents(&input.documents).map_err(Failure::Invalid)?;
    input.must_be_whole()?;
    let pages = input.pages();
    console.hide(input.personal());
    let dossier = input.dossier(customer_id.clone());
    let plan = Plan {
        customer_id,
        sequence: if arguments.account_first {
            Sequence::AccountFirst
        } else {
            Sequence::KycFirst
        },
        currency: match arguments.currency {
            AccountCurrency::Eur => BankCurrency::Eur,
            AccountCurrency::Gbp => BankCurrency::Gbp,
            AccountCurrency::Usd => BankCurrency::Usd,
        },
        pages,
    };
    let client = client(global, console)?;
    session::block_on(async {
        dossier.check(&plan.pages).await.map_err(Failure::Invalid)?;
        let flow = OnboardingFlow::new(client, plan, dossier)?;
        let file = StateFile::create(&arguments.common.state.state, &flow.snapshot())?;
        run(flow, file, &arguments.common, console).await
    })
}

fn resume(
    arguments: &GoOnArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let input = Input::read(arguments)?;
    console.hide(input.personal());
    let client = client(global, console)?;
    session::block_on(async {
        let (file, snapshot) = StateFile::take_up(&arguments.state.state)?;
        let flow = take_up(&snapshot, client, |id| input.dossier(id), console)?;
        run(flow, file, arguments, console).await
    })
}

fn correct(
    arguments: &GoOnArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let input = Input::read(arguments)?;
    console.hide(input.personal());
    let pages = input.pages();
    if pages.is_empty() && input.correction.is_none() {
        return Err(Failure::usage(
            "there is nothing to correct with",
            "give documents, or --data with a `correction`",
        ));
    }
    let client = client(global, console)?;
    session::block_on(async {
        let (file, snapshot) = StateFile::take_up(&arguments.state.state)?;
        let mut flow = take_up(&snapshot, client, Dossier::new, console)?;
        let dossier = input.dossier(flow.machine().plan().customer_id.clone());
        dossier.check(&pages).await.map_err(Failure::Invalid)?;
        if flow.machine().state() != State::Failed {
            return Err(Failure::usage(
                format!(
                    "KYC asks for no correction: it is {}",
                    flow.machine().state()
                ),
                if flow.machine().state() == State::Rejected {
                    "it failed for good, and nothing can be corrected any more"
                } else {
                    "`xgateway onboard resume` goes on"
                },
            ));
        }
        flow.correct(dossier, pages)?;
        run(flow, file, arguments, console).await
    })
}

fn status(
    arguments: &StateArgument,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let client = client(global, console)?;
    session::ask(async {
        let snapshot = state_file::read(&arguments.state)?;
        let flow = take_up(&snapshot, client.clone(), Dossier::new, console)?;
        let answer = client.kyc(&flow.machine().plan().customer_id).await;
        let answer = answer.map_err(Failure::from)?;
        outcome::status(flow.machine(), answer.data(), console)
    })
}

fn client(global: &GlobalArguments, console: &mut Console) -> Result<Client, Failure> {
    let settings = session::settings(global, console)?;
    session::client(&settings, console)
}

fn take_up(
    snapshot: &str,
    client: Client,
    dossier: impl FnOnce(CustomerId) -> Dossier,
    console: &mut Console,
) -> Result<OnboardingFlow, Failure> {
    let machine = Machine::from_json(snapshot).map_err(OnboardingError::from)?;
    let dossier = dossier(machine.plan().customer_id.clone());
    if machine.environment().is_none() {
        let here = client.environment().base_url();
        console.note(format_args!(
            "the state file does not say where it was begun: it is taken to be {here}"
        ));
    }
    Ok(OnboardingFlow::resume(client, snapshot, dossier)?)
}

/// Goes on until somebody must act or time is up.
async fn run(
    flow: OnboardingFlow,
    mut file: StateFile,
    arguments: &GoOnArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let pause = Backoff::new(&arguments.times);
    let patience = Patience {
        grace: Duration::from_secs(arguments.grace_seconds),
        pauses_max: pause.pauses_max(),
    };
    let mut flow = flow.observed_by(show::observer(console));
    let stop = session::stop()?;
    tokio::pin!(stop);
    loop {
        let progress = tokio::select! {
            biased;
            // Like any other end of the process: what was sent is in the state file.
            () = &mut stop => return outcome::stopped(flow.machine(), console),
            progress = flow.run(&mut file, &pause, patience) => progress?,
        };
        if !matches!(progress, Progress::Reversed(_)) {
            return outcome::tell(flow.machine(), progress, console);
        }
        console.note("KYC was passed and is no more");
    }
}
