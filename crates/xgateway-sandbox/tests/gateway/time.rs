//! How the clock moves: by hand, as ours does, or by jumps.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::sleep;
use xgateway_sandbox::{ClockMode, Config, Sandbox};

use crate::support::{Gateway, order};

fn with(mode: ClockMode) -> Sandbox {
    let mut config = Config::new(1);
    config.clock = mode;
    Sandbox::new(config)
}

fn passed(sandbox: &Sandbox) -> SignedDuration {
    sandbox.world(|world| world.now().duration_since(world.config().start))
}

/// A slow bank, which answers after a minute, and a page that waits for a person for 15.
fn begin(sandbox: &Sandbox) {
    let mut gateway = Gateway::new();
    let slow = gateway.deposit(&order("slow", "three_ds_then_slow"));
    gateway.deposit(&order("open", "three_ds"));
    gateway.page(&slow.url().unwrap(), "/approve");
    let mode = sandbox.world(|world| world.config().clock);
    let fork = gateway.world.fork();
    sandbox.world(|world| {
        *world = fork;
        world.set_clock_mode(mode);
    });
}

fn standing(sandbox: &Sandbox, id: &str) -> String {
    let invoice = sandbox.world(|world| world.invoice(id));
    invoice.unwrap().status.to_string()
}

#[tokio::test(start_paused = true)]
async fn a_real_clock_follows_ours_and_makes_no_event_of_it() {
    let sandbox = with(ClockMode::Real);
    begin(&sandbox);
    let events = sandbox.world(|world| world.events().len());
    sleep(Duration::from_secs(59)).await;
    assert_eq!(passed(&sandbox), SignedDuration::from_secs(59));
    assert_eq!(standing(&sandbox, "slow"), "processing");
    assert_eq!(sandbox.world(|world| world.events().len()), events);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(standing(&sandbox, "slow"), "completed");
    sandbox.world(|world| world.advance(SignedDuration::from_hours(1)));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(passed(&sandbox), SignedDuration::from_secs(3661));
}

#[tokio::test(start_paused = true)]
async fn a_manual_clock_stands_still() {
    let sandbox = with(ClockMode::Manual);
    begin(&sandbox);
    sleep(Duration::from_hours(9)).await;
    assert_eq!(passed(&sandbox), SignedDuration::ZERO);
    assert_eq!(standing(&sandbox, "slow"), "processing");
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_waits_for_no_bank_and_expires_nobody() {
    let sandbox = with(ClockMode::Auto);
    begin(&sandbox);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = tokio::spawn(sandbox.serve(listener, std::future::pending()));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(passed(&sandbox), SignedDuration::from_mins(1));
    assert_eq!(standing(&sandbox, "slow"), "completed");
    assert_eq!(standing(&sandbox, "open"), "active");
    server.abort();
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_leaves_a_person_time_on_the_kyc_page() {
    let sandbox = with(ClockMode::Auto);
    let mut gateway = Gateway::new();
    for (tail, body) in [
        ("/user", json!({"lastName": "Roe"})),
        ("/kyc/initiate", json!({})),
    ] {
        let path = format!("/api/v2/customer/c/bank-transfer{tail}");
        assert_eq!(gateway.post(&path, &body).status, 201);
    }
    sandbox.world(|world| {
        *world = gateway.world.fork();
        world.set_clock_mode(ClockMode::Auto);
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = tokio::spawn(sandbox.serve(listener, std::future::pending()));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(passed(&sandbox), SignedDuration::ZERO);
    server.abort();
}

#[test]
fn the_clock_is_told_and_moved_over_http() {
    let mut gateway = Gateway::new();
    let told = r#"{"data":{"now":"2026-01-01T00:00:00.000Z","mode":"manual"},"success":true}"#;
    assert_eq!(gateway.get("/_sandbox/clock").text, told);
    let moved = gateway.post("/_sandbox/clock/advance", &json!({"seconds": 3600}));
    assert_eq!(moved.status, 200);
    assert!(
        gateway
            .get("/_sandbox/clock")
            .text
            .contains("01:00:00.000Z")
    );
    assert_eq!(gateway.get("/_sandbox/clock/advance").status, 405);
}

#[tokio::test(start_paused = true)]
async fn the_way_in_which_a_clock_moves_can_be_changed_while_it_is_served() {
    let sandbox = with(ClockMode::Manual);
    begin(&sandbox);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = tokio::spawn(sandbox.serve(listener, std::future::pending()));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(passed(&sandbox), SignedDuration::ZERO);
    sandbox.world(|world| world.set_clock_mode(ClockMode::Auto));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(standing(&sandbox, "slow"), "completed");
    assert_eq!(passed(&sandbox), SignedDuration::from_mins(1));

    sandbox.world(|world| world.set_clock_mode(ClockMode::Manual));
    begin(&sandbox);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(standing(&sandbox, "slow"), "processing");

    // What passed while the clock stood is not made up for.
    for _ in 0..2 {
        sandbox.world(|world| world.set_clock_mode(ClockMode::Real));
        sleep(Duration::from_secs(1)).await;
        sandbox.world(|world| world.set_clock_mode(ClockMode::Manual));
        sleep(Duration::from_secs(100)).await;
    }
    assert_eq!(passed(&sandbox), SignedDuration::from_secs(2));
    server.abort();
}
