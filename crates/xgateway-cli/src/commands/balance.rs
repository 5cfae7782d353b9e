//! `xgateway balance`.

use xgateway::api::types::{AccountPublicResponse, GetBalance, GetBalances};

use super::{session, view};
use crate::arguments::{BalanceArguments, GlobalArguments};
use crate::commands::view::printable;
use crate::console::Console;
use crate::failure::Failure;
use crate::style::{FAINT, STRONG};

pub(super) fn execute(
    arguments: &BalanceArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let settings = session::settings(global, console)?;
    let client = session::client(&settings, console)?;
    if let Some(id) = &arguments.account {
        let call = GetBalance {
            account_id: id.clone(),
        };
        let answer = session::ask(async { client.send(&call).await.map_err(Failure::from) })?;
        return view::show("account", answer.data(), console);
    }
    let answer = session::ask(async { client.send(&GetBalances).await.map_err(Failure::from) })?;
    if console.is_json() {
        return view::show("accounts", answer.data(), console);
    }
    for account in answer.data() {
        show(account, console)?;
    }
    Ok(())
}

/// An account in a line.
fn show(account: &AccountPublicResponse, console: &mut Console) -> Result<(), Failure> {
    let code = printable(account.currency.as_str());
    let id = printable(&account.account_id);
    let label = account.account_label.as_deref();
    let label = label.map(|label| format!(" {}", printable(label)));
    console.line(format_args!(
        "{STRONG}{:>24} {code:<7}{STRONG:#} {FAINT}{id}{FAINT:#}{}",
        account.balance.as_str(),
        label.unwrap_or_default()
    ))
}
