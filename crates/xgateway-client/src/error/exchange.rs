use std::error::Error;
use std::fmt;

use xgateway_api::call::RequestUrlError;
use xgateway_api::operation::Operation;
use xgateway_transport::{Delivery, TransportError};

use crate::{Attempts, Effect};

/// No request could be built.
#[derive(Debug)]
pub struct CallerError {
    operation: &'static Operation,
    source: RequestUrlError,
}

/// An exchange failed: there is no whole answer.
#[derive(Debug)]
pub struct ExchangeError {
    operation: &'static Operation,
    source: TransportError,
    pub(super) attempts: Attempts,
}

impl CallerError {
    pub(crate) fn new(operation: &'static Operation, source: RequestUrlError) -> Self {
        Self { operation, source }
    }

    /// The operation that was not carried out.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }
}

impl ExchangeError {
    pub(crate) fn new(operation: &'static Operation, source: TransportError) -> Self {
        Self {
            operation,
            source,
            attempts: Attempts::NONE,
        }
    }

    /// The operation that failed.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Whether the last request may have arrived. [`Error::effect`](super::Error::effect) counts those before as well.
    pub fn delivery(&self) -> Delivery {
        self.source.delivery()
    }

    /// What the transport says.
    pub fn transport(&self) -> &TransportError {
        &self.source
    }

    pub(super) fn effect(&self) -> Effect {
        match self.delivery() {
            Delivery::NotSent => Effect::Nothing,
            Delivery::Unknown => Effect::Unknown,
        }
    }
}

impl fmt::Display for CallerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no request could be built for {}", self.operation.name)
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.delivery() {
            Delivery::NotSent => "was not sent",
            Delivery::Unknown => "got no whole answer",
        };
        write!(f, "{} {outcome}{}", self.operation.name, self.attempts)
    }
}

impl Error for CallerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

impl Error for ExchangeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
