//! What the commands ask of a sandbox that is served: its own paths, below `/_sandbox`.

use http::{Method, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use xgateway::api::environment::Environment;
use xgateway::transport::{Body, SharedTransport, Transport as _};

use crate::arguments::GlobalArguments;
use crate::commands::{session, to_sandbox};
use crate::console::Console;
use crate::failure::Failure;

/// What stands before the path of an operation.
const API_PREFIX: &str = "/api";

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

/// A sandbox somewhere.
pub(super) struct Control {
    url: String,
    transport: SharedTransport,
}

impl Control {
    /// That of the settings.
    pub(super) fn new(global: &GlobalArguments, console: &mut Console) -> Result<Self, Failure> {
        let settings = session::settings(global, console)?;
        let Environment::Sandbox(url) = &settings.environment else {
            return Err(Failure::usage(
                "only a sandbox has a clock that can be moved",
                "use --environment sandbox, or leave it out",
            ));
        };
        let url = url.as_str().trim_end_matches('/');
        let url = url.strip_suffix(API_PREFIX).unwrap_or(url).to_owned();
        Ok(Self::of(url, to_sandbox::transport()?))
    }

    /// The one that is at `url`.
    pub(super) fn of(url: String, transport: SharedTransport) -> Self {
        Self { url, transport }
    }

    /// Asks, and reads what is told.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<T, Failure> {
        let failed = |source| Failure::System {
            action: format!("be served by what answers at {}", self.url),
            hint: Some(to_sandbox::NONE_THERE.to_owned()),
            source,
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .map_err(|error| failed(error.into()))?;
        let answer = self
            .transport
            .send(request)
            .await
            .map_err(|error| to_sandbox::unreached(&self.url, error))?;
        if !answer.status().is_success() {
            let status = answer.status().as_u16();
            if status == 401 {
                return Err(Failure::OfSandbox {
                    status,
                    reason: "it takes this from nobody without its token".to_owned(),
                });
            }
            return Err(failed(format!("it answered with status {status}").into()));
        }
        let envelope: Envelope<T> =
            serde_json::from_slice(answer.body()).map_err(|error| failed(error.into()))?;
        Ok(envelope.data)
    }
}
