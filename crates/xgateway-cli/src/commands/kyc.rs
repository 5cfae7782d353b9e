//! `xgateway kyc`.

use serde::Serialize;
use xgateway::api::types::{KycApplicationDetailsResponse, KycStatus};
use xgateway::core::id::CustomerId;
use xgateway::core::secret::PersonalText;

use super::onboard::Backoff;
use super::{account, session, view};
use crate::arguments::{GlobalArguments, WatchKycArguments};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Stopped};

const NO_PROFILE: &str =
    "the gateway has no profile of this customer; `xgateway onboard start` makes one";

/// What the gateway answers, and in clear what it says to the customer, to whom somebody must be able to pass it on.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    #[serde(flatten)]
    answer: &'a KycApplicationDetailsResponse,
    kyc_end_user_error_message: Option<&'a str>,
}

impl<'a> Shown<'a> {
    fn of(answer: &'a KycApplicationDetailsResponse) -> Self {
        let message = answer.kyc_end_user_error_message.as_ref();
        Self {
            answer,
            kyc_end_user_error_message: message.map(PersonalText::expose),
        }
    }
}

pub(super) fn status(
    customer: &str,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let customer_id = account::customer_id(customer)?;
    let settings = session::settings(global, console)?;
    let client = session::client(&settings, console)?;
    let answer = session::ask(async {
        let answer = client.kyc(&customer_id).await;
        answer.map_err(Failure::from)
    })?;
    if answer.data().status.is_none() {
        console.note(NO_PROFILE);
    }
    view::show("kyc", &Shown::of(answer.data()), console)
}

pub(super) fn watch(
    arguments: &WatchKycArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let customer_id = account::customer_id(&arguments.customer)?;
    let settings = session::settings(global, console)?;
    let client = session::client(&settings, console)?;
    let pause = Backoff::new(&arguments.times);
    let mut seen = None;
    let last = session::block_on(async {
        let stop = session::stop()?;
        tokio::select! {
            last = look_until_final(&client, &customer_id, pause, &mut seen, console) => last,
            // As if time were up.
            () = stop => Err(Failure::Stopped(Stopped::Watching)),
        }
    });
    let last = match (last, seen) {
        (Err(Failure::Stopped(_)), Some(seen)) => seen,
        (last, _) => last?,
    };
    let is_passed = last.status == Some(KycStatus::FullUser);
    view::show_as(is_passed, "kyc", &Shown::of(&last), console)?;
    match last.status {
        Some(KycStatus::FullUser) => Ok(()),
        Some(KycStatus::SoftKycFailed | KycStatus::HardKycFailed) => {
            Err(Failure::Reported(Exit::Refused))
        }
        _ => {
            console.note("KYC is not through: watch on");
            Err(Failure::Reported(Exit::Unknown))
        }
    }
}

async fn look_until_final(
    client: &xgateway::client::Client,
    customer_id: &CustomerId,
    pause: Backoff,
    seen: &mut Option<KycApplicationDetailsResponse>,
    console: &mut Console,
) -> Result<KycApplicationDetailsResponse, Failure> {
    for attempt in 0.. {
        let now = client
            .kyc(customer_id)
            .await
            .map_err(Failure::from)?
            .into_data();
        let is_new = seen.as_ref().is_none_or(|last| last.status != now.status);
        if is_new && !console.is_json() {
            match &now.status {
                Some(status) => console.note(view::printable(status.as_str())),
                None => console.note(format_args!(
                    "{NO_PROFILE}; waiting for it, Ctrl-C ends that"
                )),
            }
        }
        let finals = [
            KycStatus::FullUser,
            KycStatus::SoftKycFailed,
            KycStatus::HardKycFailed,
        ];
        let is_final = now.status.as_ref().is_some_and(|it| finals.contains(it));
        if is_final || attempt >= pause.pauses_max() {
            return Ok(now);
        }
        *seen = Some(now);
        pause.wait(attempt).await;
    }
    unreachable!("the last attempt returns")
}
