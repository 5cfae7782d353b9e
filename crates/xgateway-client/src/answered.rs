use std::fmt;

use http::StatusCode;
use xgateway_api::operation::Operation;

use crate::error::UndecodableError;
use crate::{Attempts, Error};

/// What the gateway itself answered.
///
/// Only a [`Client`](crate::Client) makes one. Code that must not act on hearsay, such as a callback or what a
/// customer's browser brings, asks for this type.
#[derive(Clone)]
pub struct Answered<T> {
    data: T,
    status: StatusCode,
    attempts: Attempts,
}

impl<T> Answered<T> {
    pub(crate) fn new(status: StatusCode, data: T) -> Self {
        Self {
            data,
            status,
            attempts: Attempts::NONE,
        }
    }

    pub(crate) fn with_attempts(self, attempts: Attempts) -> Self {
        Self { attempts, ..self }
    }

    /// The same as a domain value; what is none cannot be understood.
    pub(crate) fn try_map<U, E: fmt::Display>(
        self,
        operation: &'static Operation,
        map: impl FnOnce(T) -> Result<U, E>,
    ) -> Result<Answered<U>, Error> {
        match map(self.data) {
            Ok(data) => Ok(Answered {
                data,
                status: self.status,
                attempts: self.attempts,
            }),
            Err(error) => Err(Error::Undecodable(UndecodableError::of_value(
                operation,
                self.status,
                &error,
                self.attempts,
            ))),
        }
    }

    /// What was asked for.
    pub fn data(&self) -> &T {
        &self.data
    }

    /// What was asked for. From here on nobody can tell where it came from.
    pub fn into_data(self) -> T {
        self.data
    }

    /// The HTTP status, a success.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// How many requests it took, and what came of those before.
    pub fn attempts(&self) -> &Attempts {
        &self.attempts
    }
}

/// Prints the status and the attempts only: the data may be about a person.
impl<T> fmt::Debug for Answered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answered")
            .field("status", &self.status)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
