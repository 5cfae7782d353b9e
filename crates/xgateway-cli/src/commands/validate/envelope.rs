use std::io::{self, Write};

use serde::Serialize;
use xgateway::api::json::ReadError;
use xgateway::api::types::AppErrorCode;
use xgateway::core::issue::Issues;

/// What is to be said about one body.
pub(super) enum Verdict {
    Valid,
    Invalid(Issues),
    /// Nothing, or blanks alone, at this line.
    Empty {
        line: usize,
    },
    /// JSON behind a mark that does not belong there.
    Marked,
    /// No JSON, from this place on.
    Malformed {
        line: usize,
        column: usize,
    },
    /// No UTF-8, so no JSON either.
    NotText,
    /// More bytes than the gateway reads.
    TooLarge(usize),
    /// Broken in a way that this version does not know.
    Other,
}

impl Verdict {
    pub(super) fn is_valid(&self) -> bool {
        matches!(self, Self::Valid)
    }

    /// Counts lines as the whole input does.
    pub(super) fn at_line(self, at: usize) -> Self {
        match self {
            Self::Malformed { column, .. } => Self::Malformed { line: at, column },
            Self::Empty { .. } => Self::Empty { line: at },
            other @ (Self::Valid
            | Self::Invalid(_)
            | Self::Marked
            | Self::NotText
            | Self::TooLarge(_)
            | Self::Other) => other,
        }
    }

    /// Writes the gateway's envelope, on a line of its own.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Valid => out.write_all(b"{\"success\":true}\n"),
            Self::Invalid(issues) => write(out, issues),
            Self::Malformed { line, column } => {
                let place = format!("line {line}, column {column}");
                write_error(
                    out,
                    AppErrorCode::BadRequest,
                    format!("The request body is not valid JSON ({place})."),
                )
            }
            Self::Empty { line } => write_error(
                out,
                AppErrorCode::BadRequest,
                format!("The request body is empty (line {line})."),
            ),
            Self::Marked => write_error(
                out,
                AppErrorCode::BadRequest,
                "The request body begins with a byte order mark, and JSON does not.".to_owned(),
            ),
            Self::NotText => write_error(
                out,
                AppErrorCode::BadRequest,
                "The request body is not valid UTF-8.".to_owned(),
            ),
            Self::TooLarge(bytes_max) => write_error(
                out,
                AppErrorCode::ContentTooLarge,
                format!("The request body is larger than {bytes_max} bytes."),
            ),
            Self::Other => write_error(
                out,
                AppErrorCode::BadRequest,
                "The request body cannot be read.".to_owned(),
            ),
        }
    }
}

impl From<Result<(), ReadError>> for Verdict {
    fn from(result: Result<(), ReadError>) -> Self {
        match result {
            Ok(()) => Self::Valid,
            Err(ReadError::Invalid(issues)) => Self::Invalid(issues),
            Err(ReadError::Malformed { line, column }) => Self::Malformed { line, column },
            Err(_) => Self::Other,
        }
    }
}

#[derive(Serialize)]
struct Envelope<E> {
    errors: E,
    success: bool,
}

#[derive(Serialize)]
struct AppError {
    code: AppErrorCode,
    message: String,
}

fn write_error(out: &mut impl Write, code: AppErrorCode, message: String) -> io::Result<()> {
    write(out, &[AppError { code, message }])
}

fn write<E: Serialize>(out: &mut impl Write, errors: E) -> io::Result<()> {
    let envelope = Envelope {
        errors,
        success: false,
    };
    serde_json::to_writer(&mut *out, &envelope)?;
    out.write_all(b"\n")
}
