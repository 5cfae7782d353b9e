//! A machine that sleeps while a call is under way. The clock of the runtime, which is virtual here, hears nothing of it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as _;
use xgateway_api::environment::Environment;
use xgateway_api::operations::CREATE_CARD_DEPOSIT;
use xgateway_client::retry::{RetryPolicy, StopReason};
use xgateway_client::{Client, Effect};
use xgateway_transport::{Body, Transport, TransportError, TransportErrorKind};

use crate::check;
use crate::fixture::{api_key, deposit};
use crate::scripted::Reply::{Lost, NotSent, Status};
use crate::scripted::Scripted;

const SECOND: Duration = Duration::from_secs(1);
const CREATED: &str = r#"{"data":{"threeDSURL":null,"message":"Done."},"success":true}"#;

/// The clock on the wall, by the hand of the test.
#[derive(Clone, Debug, Default)]
struct Wall(Arc<AtomicU64>);

impl Wall {
    fn pass(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    fn read(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::Relaxed))
    }
}

/// While the machine sleeps the clock of the runtime stands still: to the call no time has passed.
#[tokio::test(start_paused = true)]
async fn a_machine_that_slept_sends_nothing_whose_time_is_over() {
    for (slept, count) in [(0, 2), (7200, 1)] {
        let gateway = Scripted::new([NotSent, Status(201, CREATED)]);
        let wall = Wall::default();
        let (read, falls_asleep) = (wall.clone(), wall.clone());
        let client = gateway.client(|builder| {
            let builder = builder.wall_clock(move || read.read());
            builder.jitter(move || {
                falls_asleep.pass(slept); // In the wait before the second request.
                u32::MAX
            })
        });
        let result = client.create_card_deposit(&deposit()).await;
        assert_eq!(gateway.times().len(), count, "{slept}");
        assert_eq!(result.is_ok(), slept == 0);
        if let Err(error) = result {
            check(&error, 1, StopReason::NoTime, Effect::Nothing);
        }
        // The wait was paid for; nothing was after it.
        assert_eq!(client.retry_budget().left(), 9);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_goes_on_while_the_machine_sleeps() {
    let gateway = Scripted::new([Status(201, CREATED)]);
    let wall = Wall::default();
    let read = wall.clone();
    let client = gateway.client(|builder| builder.wall_clock(move || read.read()));
    let client = client.with_deadline(client.deadline(30 * SECOND));
    client.create_card_deposit(&deposit()).await.unwrap();
    wall.pass(31);
    wall.pass(1); // By so much a clock may be set.
    let error = client.create_card_deposit(&deposit()).await.unwrap_err();
    // It is not tried again either: nothing makes time go back.
    check(&error, 0, StopReason::NoTime, Effect::Nothing);
    assert_eq!(client.retry_budget().left(), 10);
    assert_eq!(gateway.times().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_key_ages_while_the_machine_sleeps() {
    let policy = RetryPolicy::default().assume_key_life(60 * SECOND);
    for (slept, count) in [(29, 2), (31, 1)] {
        let gateway = Scripted::new([Lost, Status(201, CREATED)]);
        let wall = Wall::default();
        let read = wall.clone();
        let client = gateway
            .client(|builder| {
                let builder = builder.retry_policy(policy);
                builder.wall_clock(move || read.read())
            })
            .with_key_first_sent(Duration::ZERO);
        wall.pass(slept);
        let _ = client.create_card_deposit(&deposit()).await;
        assert_eq!(gateway.times().len(), count, "{slept}");
    }
}

/// Sleeps for so long before it has a connection to send a body on, and loses the first answers.
#[derive(Debug)]
struct SlowToConnect {
    wall: Wall,
    seconds: u64,
    lost: AtomicU64,
}

#[async_trait]
impl Transport for SlowToConnect {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let is_lost = self
            .lost
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
        if is_lost.is_ok() {
            return Err(TransportError::unknown(TransportErrorKind::Io));
        }
        self.wall.pass(self.seconds);
        let mut body = request.into_body();
        match poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            Some(Err(_)) => Err(TransportError::unknown(TransportErrorKind::Body)),
            _ => Ok(Response::builder()
                .status(201)
                .body(CREATED.into())
                .unwrap()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_slept_while_it_connected_hands_no_deposit_over() {
    for (seconds, is_sent) in [(0, true), (29, true), (7200, false)] {
        let wall = Wall::default();
        let read = wall.clone();
        let lost = AtomicU64::new(0);
        let transport = SlowToConnect {
            wall,
            seconds,
            lost,
        };
        let client = Client::builder(Environment::Demo, api_key(), transport)
            .wall_clock(move || read.read())
            .build();
        let result = client.create_card_deposit(&deposit()).await;
        assert_eq!(result.is_ok(), is_sent, "{seconds}: {result:?}");
        if let Err(error) = result {
            check(&error, 1, StopReason::Final, Effect::Unknown);
        }
    }
}

/// The gateway may forget the key while there is no connection yet: then a second request would be a second deposit.
#[tokio::test(start_paused = true)]
async fn a_key_that_became_too_old_while_it_connected_is_not_sent_again() {
    let life = 60 * SECOND;
    for (seconds, is_sent) in [(29, true), (31, false)] {
        let wall = Wall::default();
        let read = wall.clone();
        let lost = AtomicU64::new(1);
        let transport = SlowToConnect {
            wall,
            seconds,
            lost,
        };
        let client = Client::builder(Environment::Demo, api_key(), transport)
            .wall_clock(move || read.read())
            .operation_timeout(&CREATE_CARD_DEPOSIT, 90 * SECOND)
            .retry_policy(RetryPolicy::default().assume_key_life(life))
            .jitter(|| 0)
            .build();
        let result = client.create_card_deposit(&deposit()).await;
        assert_eq!(result.is_ok(), is_sent, "{seconds}: {result:?}");
        if let Err(error) = result {
            check(&error, 2, StopReason::Final, Effect::Unknown);
        }
    }
}
