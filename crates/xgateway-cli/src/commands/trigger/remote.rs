//! A sandbox that is served elsewhere: its API, its pages, and what lies around them.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};
use xgateway::api::environment::Environment;
use xgateway::transport::{Body, SharedTransport, Transport as _};
use xgateway_sandbox::{Config, ThreeDsOverHttp};

use crate::arguments::DEFAULT_SEED;
use crate::commands::to_sandbox;
use crate::failure::Failure;
use crate::settings::Settings;

pub(super) struct Remote {
    transport: SharedTransport,
    /// Of the API.
    base_url: String,
    api_key: String,
    /// By how many seconds the clock was moved.
    moved: AtomicI64,
}

/// What was answered.
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) json: Value,
}

impl Remote {
    pub(super) fn new(settings: &Settings) -> Result<Self, Failure> {
        let Environment::Sandbox(url) = &settings.environment else {
            return Err(Failure::usage(
                "only a sandbox can be told what happens",
                "start one with `xgateway sandbox`, and use --environment sandbox",
            ));
        };
        let api_key = settings
            .api_key
            .clone()
            .unwrap_or_else(|| Config::new(DEFAULT_SEED).api_key);
        Ok(Self {
            transport: to_sandbox::transport()?,
            base_url: url.as_str().to_owned(),
            api_key: api_key.expose().to_owned(),
            moved: AtomicI64::new(0),
        })
    }

    /// Asks for something of the gateway's.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Answered, Failure> {
        self.send("POST", format!("{}{path}", self.base_url), Some(body))
            .await
    }

    /// Corrects something of the gateway's.
    pub(super) async fn patch(&self, path: &str, body: &Value) -> Result<Answered, Failure> {
        self.send("PATCH", format!("{}{path}", self.base_url), Some(body))
            .await
    }

    /// Uploads a form, whose parts are divided by `boundary`.
    pub(super) async fn put_form(
        &self,
        path: &str,
        boundary: &str,
        form: String,
    ) -> Result<Answered, Failure> {
        let url = format!("{}{path}", self.base_url);
        let kind = format!("multipart/form-data; boundary={boundary}");
        self.send_as("PUT", url, &kind, form).await
    }

    /// Reads something of the gateway's, which must be there.
    pub(super) async fn get(&self, path: &str) -> Result<Value, Failure> {
        let url = format!("{}{path}", self.base_url);
        self.send("GET", url, None).await?.data()
    }

    /// Lets something happen around the gateway, such as `clock` or `deposits`.
    pub(super) async fn outside(&self, what: &str, body: &Value) -> Result<Value, Failure> {
        let site = self.base_url.trim_end_matches("/api");
        let url = format!("{site}/_sandbox/{what}");
        self.send("POST", url, Some(body)).await?.data()
    }

    /// Lets time pass until a moment that the sandbox has named, if it has.
    pub(super) async fn wait_until(&self, moment: &Value) -> Result<(), Failure> {
        let time = |value: &Value| {
            value
                .as_str()
                .and_then(|text| text.parse::<Timestamp>().ok())
        };
        let Some(moment) = time(moment) else {
            return Ok(());
        };
        let now = self.outside("clock", &json!({"seconds": 0})).await?;
        let Some(now) = time(&now) else {
            return Ok(());
        };
        let left = moment.duration_since(now).as_secs() + 1;
        self.wait(left.max(0)).await
    }

    /// Lets time pass.
    pub(super) async fn wait(&self, seconds: i64) -> Result<(), Failure> {
        self.outside("clock", &json!({"seconds": seconds})).await?;
        self.moved.fetch_add(seconds, Ordering::Relaxed);
        Ok(())
    }

    /// By how many seconds the clock was moved so far.
    pub(super) fn moved(&self) -> i64 {
        self.moved.load(Ordering::Relaxed)
    }

    pub(super) fn three_ds(&self, url: &str) -> ThreeDsOverHttp {
        ThreeDsOverHttp::new(self.transport.clone(), url)
    }

    async fn send(
        &self,
        method: &str,
        url: String,
        body: Option<&Value>,
    ) -> Result<Answered, Failure> {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send_as(method, url, "application/json", body).await
    }

    async fn send_as(
        &self,
        method: &str,
        url: String,
        content_type: &str,
        body: String,
    ) -> Result<Answered, Failure> {
        let request = http::Request::builder()
            .method(method)
            .uri(url)
            .header("x-api-key", &self.api_key)
            .header("content-type", content_type)
            .body(Body::from(body))
            .map_err(|error| Failure::system("make the request", error))?;
        let answer = self
            .transport
            .send(request)
            .await
            .map_err(|error| to_sandbox::unreached(&self.base_url, error))?;
        Ok(Answered {
            status: answer.status().as_u16(),
            json: serde_json::from_slice(answer.body()).unwrap_or_default(),
        })
    }
}

impl Answered {
    /// What a success holds.
    pub(super) fn data(self) -> Result<Value, Failure> {
        if (200..300).contains(&self.status) {
            return Ok(self.json["data"].clone());
        }
        Err(self.refused())
    }

    /// The refusal, in the sandbox's words.
    pub(super) fn refused(&self) -> Failure {
        let error = &self.json["errors"][0];
        let message = error["message"].as_str().unwrap_or("no reason was given");
        let path: Vec<_> = error["path"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let place = if path.is_empty() {
            String::new()
        } else {
            format!("{}: ", path.join("."))
        };
        Failure::OfSandbox {
            status: self.status,
            reason: format!("{place}{message}"),
        }
    }
}
