//! The secret that a sandbox asks for which other machines can reach.

use std::fmt::Write as _;
use std::path::Path;

use xgateway_sandbox::AccessToken;

use crate::arguments::ServeArguments;
use crate::failure::Failure;
use crate::settings;
use crate::small_file;

/// How many random bytes a token has that is made.
const BYTES: usize = 24;
/// How many characters one must have that other machines can try.
const CHARACTERS_MIN: usize = 12;

pub(super) struct Token {
    pub(super) opens: AccessToken,
    /// What to print, since nobody else knows it.
    pub(super) made: Option<String>,
}

/// The token in the file that was named, or in the environment. If other machines can reach the sandbox, one is made:
/// it takes card numbers from whoever reaches it.
pub(super) fn find(arguments: &ServeArguments) -> Result<Option<Token>, Failure> {
    if let Some(path) = &arguments.token_file {
        return of_file(path, is_reachable(arguments)).map(Some);
    }
    if let Some(text) = settings::sandbox_token() {
        if is_reachable(arguments) {
            must_be_long("XGATEWAY_SANDBOX_TOKEN", &text)?;
        }
        let told = AccessToken::parse(text).map_err(|error| {
            Failure::usage(
                format!("XGATEWAY_SANDBOX_TOKEN holds no token: {error}"),
                "set it to one word of visible ASCII",
            )
        })?;
        return Ok(Some(Token {
            opens: told,
            made: None,
        }));
    }
    if !is_reachable(arguments) {
        return Ok(None);
    }
    make().map(Some)
}

/// Whether other machines can reach the sandbox, directly or by a name that somebody gives it.
pub(super) fn is_reachable(arguments: &ServeArguments) -> bool {
    !arguments.listen.ip().is_loopback() || arguments.public_url.is_some()
}

/// The token in a file, without the line's end.
fn of_file(path: &Path, is_reachable: bool) -> Result<Token, Failure> {
    let text =
        small_file::text(path).map_err(|error| Failure::system("read the token's file", error))?;
    let opens = AccessToken::parse(text.trim()).map_err(|error| {
        Failure::usage(
            format!("the token's file holds none: {error}"),
            "write one word into it, such as the output of `head -c 24 /dev/urandom | base64`",
        )
    })?;
    if is_reachable {
        must_be_long("the token's file", text.trim())?;
    }
    Ok(Token { opens, made: None })
}

/// Whoever reaches the sandbox may try all that is short.
fn must_be_long(place: &str, token: &str) -> Result<(), Failure> {
    if token.len() < CHARACTERS_MIN {
        return Err(Failure::usage(
            format!(
                "{place} holds a token of less than {CHARACTERS_MIN} characters, which others could guess"
            ),
            "take the output of `head -c 24 /dev/urandom | base64`",
        ));
    }
    Ok(())
}

fn make() -> Result<Token, Failure> {
    let failed = |error| Failure::system("make a token", error);
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| failed(std::io::Error::from(error)))?;
    let mut text = String::with_capacity(2 * BYTES);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    let opens =
        AccessToken::parse(text.as_str()).map_err(|error| failed(std::io::Error::other(error)))?;
    Ok(Token {
        opens,
        made: Some(text),
    })
}
