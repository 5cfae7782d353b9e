//! The gateway's answers: what was asked for, or a refusal. Decoding a refusal never fails.

mod issues;
mod literal;
pub(crate) mod readable;
mod refusal;

pub use refusal::{Refusal, RefusalError};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use xgateway_core::secret::{PersonalText, scrub};

use crate::call::{Call, Upload};
use crate::operation::Operation;

/// The most that is kept of an answer that cannot be decoded, in characters.
pub const KEPT_CHARS_MAX: usize = 2048;

/// Why an answer does not hold what was asked for.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The gateway refused, and said why.
    #[error("{0}")]
    Refused(Refusal),
    /// The answer is a success that this version cannot read. The gateway has acted.
    #[error("the answer with status {status} cannot be read")]
    Undecodable {
        /// The HTTP status.
        status: u16,
        /// What the decoder missed. It may repeat a value of the answer.
        reason: PersonalText,
        /// The body, scrubbed and cut. It may hold personal data.
        body: PersonalText,
        /// Whether it says `success: true`, as only the gateway does.
        is_success: bool,
    },
}

/// Decodes the answer to `C`.
///
/// # Errors
///
/// [`AnswerError::Refused`] for any status that is no success, whatever its body holds; [`AnswerError::Undecodable`]
/// for a success whose body does not hold what was asked for.
pub fn decode<C: Call + ?Sized>(status: u16, body: &[u8]) -> Result<C::Answer, AnswerError> {
    decode_of(C::OPERATION, status, body)
}

/// Decodes the answer to the upload `U`.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_upload<U: Upload + ?Sized>(
    status: u16,
    body: &[u8],
) -> Result<U::Answer, AnswerError> {
    decode_of(U::OPERATION, status, body)
}

fn decode_of<T: DeserializeOwned>(
    operation: &Operation,
    status: u16,
    body: &[u8],
) -> Result<T, AnswerError> {
    /// An answer that holds what was asked for.
    #[derive(Deserialize)]
    struct Usual<T> {
        #[serde(default)]
        success: Option<bool>,
        data: T,
    }

    /// Any answer.
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(default)]
        success: Option<bool>,
        #[serde(borrow, default)]
        data: Option<&'a RawValue>,
    }

    if !(200..300).contains(&status) {
        return Err(AnswerError::Refused(Refusal::decode(status, body)));
    }
    // In one pass what nearly every answer is. All others take the long way, which knows why.
    if let Ok(text) = str::from_utf8(body)
        && let Ok(usual) = serde_json::from_str::<Usual<T>>(text)
        && usual.success != Some(false)
    {
        return Ok(usual.data);
    }
    let undecodable = |error: &serde_json::Error, is_success| AnswerError::Undecodable {
        status,
        reason: PersonalText::new(scrub(&error.to_string())),
        body: keep(body),
        is_success,
    };
    let envelope: Envelope<'_> = match serde_json::from_slice(body) {
        Ok(envelope) => envelope,
        // An empty body is how a 204 says that all is well.
        Err(_) if body.is_empty() => Envelope {
            success: None,
            data: None,
        },
        Err(error) => return Err(undecodable(&error, false)),
    };
    if envelope.success == Some(false) {
        return Err(AnswerError::Refused(Refusal::decode(status, body)));
    }
    // Where nothing is promised, nothing can be missing: some successes bring a sentence along.
    let data = match envelope.data {
        Some(data) if operation.has_data() => data.get(),
        _ => "null",
    };
    let is_success = envelope.success == Some(true);
    serde_json::from_str(data).or_else(|error| {
        // The decimals of some documents are numbers.
        let quoted = literal::quoted(data).and_then(|data| serde_json::from_str(&data).ok());
        quoted.ok_or_else(|| undecodable(&error, is_success))
    })
}

/// As much of a body as may be kept: scrubbed of what could be a card number, and cut.
pub(crate) fn keep(body: &[u8]) -> PersonalText {
    let text = String::from_utf8_lossy(body);
    let clean = scrub(&text);
    PersonalText::new(match clean.char_indices().nth(KEPT_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.into_owned(),
    })
}
