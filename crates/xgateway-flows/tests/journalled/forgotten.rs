//! An order that the gateway took, and of which it then says that there is none.

use jiff::SignedDuration;
use xgateway_flows::card::{Contradiction, Progress};
use xgateway_sandbox::{Config, Sandbox};
use xgateway_store::IntentState;

use crate::shop::{Shop, attempt};

#[tokio::test]
async fn is_never_called_not_charged() {
    let mut shop = Shop::new();
    let _ = shop.deposit("three_ds").await.unwrap();
    // Another world, which knows nothing of it.
    shop.sandbox = Sandbox::new(Config::new(1));
    let order = attempt("order-1");
    let look = async |shop: &Shop| {
        shop.process()
            .look(&order, shop.now)
            .await
            .unwrap()
            .progress
    };
    for hours in [0, 2, 21] {
        shop.pass(SignedDuration::from_hours(hours));
        let progress = look(&shop).await;
        assert!(matches!(progress, Progress::InProgress(_)), "{progress:?}");
    }
    shop.pass(SignedDuration::from_hours(1));
    for _ in 0..2 {
        let progress = look(&shop).await;
        assert!(
            matches!(progress, Progress::Contradiction(Contradiction::Gone)),
            "{progress:?}"
        );
        assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
    }
}
