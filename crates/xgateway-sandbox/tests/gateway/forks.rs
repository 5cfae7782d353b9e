//! Worlds that begin where another one is.

use jiff::SignedDuration;
use xgateway_sandbox::{ClockMode, Config, Sandbox, World};

use crate::support::{Gateway, order};

fn log(world: &World) -> String {
    serde_json::to_string(world.events()).unwrap()
}

#[test]
fn what_happens_in_a_fork_does_not_show_in_the_other() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("before", "three_ds"));
    let before = log(&gateway.world);
    let mut fork = gateway.fork();
    fork.deposit(&order("only-there", "frictionless"));
    fork.world.advance(SignedDuration::from_hours(1));
    assert_eq!(log(&gateway.world), before);
    assert_eq!(gateway.standing("before"), "active []");
    assert_eq!(fork.standing("before"), "canceled []");
    assert!(gateway.callbacks().is_empty());
    // Both go on alike where they are asked the same.
    let mut other = gateway.fork();
    for world in [&mut gateway, &mut other] {
        world.deposit(&order("after", "frictionless"));
    }
    assert_eq!(log(&gateway.world), log(&other.world));
}

#[test]
fn what_was_restored_has_not_happened() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("kept", "frictionless"));
    let snapshot = gateway.world.snapshot();
    let before = log(&gateway.world);
    gateway.deposit(&order("undone", "frictionless"));
    gateway.callbacks();
    gateway.world.restore(&snapshot).unwrap();
    assert_eq!(log(&gateway.world), before);
    assert!(gateway.world.invoice("undone").is_none());
    assert_eq!(gateway.callbacks(), ["confirmed 10"]);
    assert_eq!(log(&snapshot.to_world()), before);
}

#[test]
fn going_back_leaves_where_and_how_the_world_is_served() {
    let mut gateway = Gateway::new();
    let snapshot = gateway.world.snapshot();
    gateway.world.set_public_url("http://127.0.0.1:4010");
    gateway.world.set_clock_mode(ClockMode::Auto);
    gateway.world.restore(&snapshot).unwrap();
    assert_eq!(gateway.world.public_url(), "http://127.0.0.1:4010");
    assert_eq!(gateway.world.config().clock, ClockMode::Auto);
}

#[test]
fn a_world_on_disk_does_not_go_back_and_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(directory.path(), Config::new(1)).unwrap();
    let refused = sandbox.world(|world| {
        let snapshot = world.snapshot();
        world.advance(SignedDuration::from_secs(1));
        world.restore(&snapshot)
    });
    assert!(refused.is_err());
    sandbox.world(|world| world.advance(SignedDuration::from_secs(1)));
    drop(sandbox);
    let again = Sandbox::open(directory.path(), Config::new(1)).unwrap();
    assert_eq!(again.world(|world| world.events().len()), 2);
}

#[test]
fn a_thousand_worlds_live_side_by_side() {
    let sandboxes: Vec<_> = (0..1000)
        .map(|seed| Sandbox::new(Config::new(seed)))
        .collect();
    for sandbox in &sandboxes {
        sandbox.world(|world| {
            assert!(world.events().is_empty());
            world.advance(SignedDuration::from_secs(1));
        });
    }
    let clocks = sandboxes
        .iter()
        .filter(|sandbox| sandbox.world(|world| world.events().len() == 1));
    assert_eq!(clocks.count(), 1000);
}
